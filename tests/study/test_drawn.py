"""A study that hands in gold drawn from a larger corpus, beside a machine's labels of it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pypdf import PdfReader

from framing.coding import read_codebook
from framing.comparison import draw_sample
from framing.errors import InputError
from framing.study import StudyResults, load_study, run_study
from framing.study.comparison import compare_drawn
from tests.conftest import ROOT

FOOTBALL = ROOT / "tests" / "football"
TRUTH = {"sahra-sport": 0.2, "nadi-news": 0.6}
"""Prevalence of purse in the larger corpus, by outlet."""


def larger_corpus() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return machine labels of 60 articles per outlet, and the truth; the machine overlooks half of purse in one."""
    rng = np.random.default_rng(5)
    rows = []
    for outlet, rate in TRUTH.items():
        for article in range(60):
            for unit in range(8):
                purse, home = rng.random() < rate, rng.random() < 0.3
                missed = rng.random() < (0.5 if outlet == "nadi-news" else 0.05)
                rows.append((f"{outlet}{article}", unit, outlet, purse, home, purse and not missed))
    table = pd.DataFrame(rows, columns=["doc_id", "unit", "outlet", "purse", "home", "said"])
    machine = table[["doc_id", "unit", "outlet"]].assign(
        frame_purse=np.where(table["said"], 0.9, 0.1), has_purse=table["said"].astype(int),
        frame_homecoming=np.where(table["home"], 0.8, 0.2), has_homecoming=table["home"].astype(int),
    )  # fmt: skip
    return machine, table


def sheet_of(machine: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Draw whole articles and fill a coding sheet, in which frames are ids joined by a semicolon."""
    frames = {"purse": "has_purse", "homecoming": "has_homecoming"}
    drawn = draw_sample(machine.astype(dict.fromkeys(frames.values(), bool)), frames, 40, rng=3, by="articles").table
    sheet = truth.merge(drawn[["doc_id", "probability"]], on="doc_id")
    said = sheet.apply(lambda r: ";".join(n for n, k in (("purse", "purse"), ("homecoming", "home")) if r[k]), axis=1)
    return sheet[["doc_id", "unit", "outlet", "probability"]].assign(coder="A", frames=said)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drawn") / "football"
    shutil.copytree(FOOTBALL, folder)
    machine, truth = larger_corpus()
    machine.to_csv(folder / "predicted.csv", index=False)
    sheet_of(machine, truth).to_csv(folder / "sheet.csv", index=False)
    text = (folder / "study.toml").read_text(encoding="utf-8")
    named = '[coding]\npredicted = "predicted.csv"\ndrawn = "sheet.csv"'
    (folder / "study.toml").write_text(text.replace("[coding]", named), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def results(folder: Path) -> StudyResults:
    return run_study(folder / "study.toml", folder / "results")


def test_the_corrected_estimate_is_near_the_truth_where_machine_labels_are_not(results: StudyResults) -> None:
    table = results.findings.comparison["corrected_frames"].to_frame()  # type: ignore[union-attr]
    own = table[table["variable"] == "purse"].set_index(["estimator", "outlet"])
    truth = larger_corpus()[1].groupby("outlet")["purse"].mean()
    for outlet, share in truth.items():
        row = own.loc["corrected", outlet]
        assert row["low"] <= share <= row["high"]
        assert abs(row["value"] - share) < 0.08
    assert abs(own.loc["naive", "nadi-news"]["value"] - truth["nadi-news"]) > 0.2


def test_numbers_report_and_figures_show_it(results: StudyResults) -> None:
    found: Any = json.loads((results.folder / "numbers.json").read_text(encoding="utf-8"))["comparison"]["corrected"]
    assert found["estimator"] == "corrected"
    assert (found["n_units"], found["n_articles"], found["n_coded_units"]) == (960, 120, 320)
    assert {"corrected.png", "corrected_column.svg"} <= {f.name for f in (results.folder / "figures").iterdir()}
    for name in ("corrected_frames", "differences_frames"):
        assert len(pd.read_csv(results.folder / "tables" / f"{name}.csv"))
    text = " ".join(" ".join(p.extract_text() for p in PdfReader(results.folder / "report.pdf").pages).split())
    assert "The larger corpus" in text
    assert "Of a larger corpus (120 articles, 960 units) 320 units were drawn with known probabilities" in text
    assert "Purse is higher in nadi-news than in sahra-sport" in text
    page = (results.folder / "report.html").read_text(encoding="utf-8")
    assert 'data-figure="corrected"' in page
    (data,) = [
        t for t in json.loads(page.split('id="data">')[1].split("</script>")[0])["tables"] if t["id"] == "larger"
    ]
    assert {row["estimator"] for row in data["rows"]} == {
        "gold",
        "naive: labels of the machine",
        "machine corrected by drawn gold",
    }


def test_a_sheet_gives_what_columns_of_frames_give(folder: Path, tmp_path: Path) -> None:
    study = load_study(folder / "study.toml")
    book = read_codebook(study.codebook)
    sheet = pd.read_csv(folder / "sheet.csv", keep_default_na=False)
    spelt = sheet.drop(columns=["frames", "coder"]).assign(
        has_purse=sheet["frames"].str.contains("purse").astype(int),
        has_homecoming=sheet["frames"].str.contains("homecoming").astype(int),
    )
    spelt.to_csv(tmp_path / "spelt.csv", index=False)
    first = compare_drawn(study, book)["corrected_frames"].table
    pd.testing.assert_frame_equal(
        first, compare_drawn(replace(study, drawn=tmp_path / "spelt.csv"), book)["corrected_frames"].table
    )
    sheet.loc[0, ["coder", "frames"]] = ""
    sheet.loc[1, "frames"] = "?"
    sheet.to_csv(tmp_path / "partly.csv", index=False)
    partly = compare_drawn(replace(study, drawn=tmp_path / "partly.csv"), book)["corrected_frames"].table
    assert partly["n_coded_units"].min() == first["n_coded_units"].min() - 2, "what was not answered is not 'none'"
    sheet.loc[2, "frames"] = "purse;puurse"
    sheet.to_csv(tmp_path / "wrong.csv", index=False)
    with pytest.raises(InputError, match="'puurse' is no frame of the machine labels") as raised:
        compare_drawn(replace(study, drawn=tmp_path / "wrong.csv"), book)
    assert raised.value.row == 4


def test_drawn_gold_needs_its_machine_labels(folder: Path, tmp_path: Path) -> None:
    for key, other in (("drawn", "predicted"), ("predicted", "drawn")):
        copy = tmp_path / key
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("results"))
        lines = (copy / "study.toml").read_text(encoding="utf-8").splitlines()
        text = "\n".join(line for line in lines if not line.startswith(f"{other} ="))
        (copy / "study.toml").write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=f"coding.{key} without coding.{other}"):
            load_study(copy / "study.toml")
