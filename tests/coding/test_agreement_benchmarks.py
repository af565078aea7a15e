"""Agreement on public data, against what others published of it."""

from __future__ import annotations

import os
from pathlib import Path

import krippendorff
import numpy as np
import pandas as pd
import pytest

from framing.coding import Codebook, agreement_by_pair
from framing.coding.alpha import ac1_from_parts, ac1_parts, alpha_from_coincidences, coincidences

FOLDER = os.environ.get("FRAMING_BENCHMARKS", "")
BIAS = (
    "Biased against Palestine", "Biased against Israel", "Biased against both Palestine and Israel",
    "Biased against others", "Unbiased", "Not Applicable", "Unclear",
)  # fmt: skip
PROPAGANDA = ("Propaganda", "Not Propaganda", "Not Applicable", "Unclear")

pytestmark = pytest.mark.skipif(
    not FOLDER or not Path(FOLDER).is_dir(), reason="FRAMING_BENCHMARKS names no folder of public benchmark data"
)


def book_of(values: tuple[str, ...]) -> Codebook:
    """A codebook with one variable of unordered values."""
    return Codebook(
        name="b", version="1", language="ar", unit="", context=0, frames=(), tone=(), tone_question="", tone_rules=(),
        target_tone=(), target_question="", parties=(), voice=dict.fromkeys(values, ""), voice_rule="", decisions=(),
    )  # fmt: skip


@pytest.mark.parametrize(("column", "values", "published"), [("Bais", BIAS, 0.663), ("Propaganda", PROPAGANDA, 0.822)])
def test_kappa_of_the_two_coders_of_biasfignews(column: str, values: tuple[str, ...], published: float) -> None:
    pytest.importorskip("openpyxl", reason="the files are spreadsheets, and openpyxl is not installed")
    key = ["Batch", "Source Language", "ID"]
    files = [pd.read_excel(Path(FOLDER) / f"biasfignews/IAA-{number}.xlsx") for number in (1, 2)]
    arabic = [file[file["Source Language"] == "Arabic"] for file in files]
    codings = pd.concat(
        own.assign(doc_id=own[key].astype(str).agg("-".join, axis=1), unit=0, coder=coder, voice=own[column])
        for coder, own in zip("AB", arabic, strict=True)
    )
    row = agreement_by_pair(codings, book_of(values), rng=1, replicates=200).table.iloc[0]
    assert row["n_units"] == 240
    assert row["kappa"] == pytest.approx(published, abs=5e-4)
    assert row["low"] < row["alpha"] < row["high"]
    wide = np.stack([pd.Categorical(own[column], values).codes for own in arabic]).astype(float)
    expected = krippendorff.alpha(wide, level_of_measurement="nominal")
    assert row["alpha"] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("first", "n_values", "most"), [(5, 7, 50), (13, 4, 19)])
def test_alpha_of_the_votes_of_fignews(first: int, n_values: int, most: int) -> None:
    """Two and more coders over 15,000 rows, of whom only the numbers of votes are known."""
    votes = pd.read_csv(Path(FOLDER) / "fignews2024/all_clean_flat.tsv", sep="\t", quoting=3)
    counts = votes.iloc[:, first : first + n_values].to_numpy(dtype=float)
    assert counts.sum(axis=1).max() == most
    found = float(alpha_from_coincidences(coincidences(counts).sum(axis=0), "nominal"))
    expected = krippendorff.alpha(value_counts=counts.astype(int), level_of_measurement="nominal")
    assert found == pytest.approx(expected, abs=1e-9)
    assert -1 < float(ac1_from_parts(ac1_parts(counts).sum(axis=0))) < 1
