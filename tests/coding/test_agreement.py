from __future__ import annotations

import time

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.coding import Codebook, agreement, value_shares
from framing.coding.alpha import alpha_from_coincidences, coincidences
from framing.coding.codebook import Frame
from framing.resampling import bootstrap_weights
from framing.study import StudyData

NAN = np.nan
# The worked example of K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), as the package
# krippendorff carries it in its own tests: 3 coders, 15 units, missing data; nominal .691.
CODES = np.array(
    [
        [NAN, NAN, NAN, NAN, NAN, 3, 4, 1, 2, 1, 1, 3, 3, NAN, 3],
        [1, NAN, 2, 1, 3, 3, 4, 3, NAN, NAN, NAN, NAN, NAN, NAN, NAN],
        [NAN, NAN, 2, 1, 3, 4, 4, NAN, 2, 1, 1, 3, 3, NAN, 4],
    ]
)


def alpha(codes: np.ndarray, values: list[float], *, ordinal: bool) -> float:
    """Alpha of a coders-by-units table, through the same two steps that the library takes."""
    counts = np.stack([(codes == v).sum(axis=0) for v in values], axis=1).astype(float)
    return float(alpha_from_coincidences(coincidences(counts).sum(axis=0), ordinal=ordinal))


def test_published_example() -> None:
    assert alpha(CODES, [1, 2, 3, 4], ordinal=False) == pytest.approx(0.691, abs=5e-4)


@pytest.mark.parametrize("ordinal", [False, True])
def test_random_tables_agree_with_the_package_krippendorff(ordinal: bool) -> None:
    rng = np.random.default_rng(11)
    compared = 0
    for _ in range(300):
        codes = rng.integers(0, 4, size=(rng.integers(2, 5), rng.integers(3, 30))).astype(float)
        codes[rng.random(codes.shape) < 0.25] = np.nan
        pairable = codes[:, (~np.isnan(codes)).sum(axis=0) > 1]
        if len(set(pairable[~np.isnan(pairable)])) < 2:
            continue
        level = "ordinal" if ordinal else "nominal"
        expected = krippendorff.alpha(codes, level_of_measurement=level, value_domain=[0, 1, 2, 3])
        assert alpha(codes, [0, 1, 2, 3], ordinal=ordinal) == pytest.approx(expected, abs=1e-9)
        compared += 1
    assert compared > 250


@given(st.integers(0, 2**32 - 1), st.booleans())
def test_alpha_does_not_depend_on_the_order_of_coders_or_units(seed: int, ordinal: bool) -> None:
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 3, size=(3, 12)).astype(float)
    codes[:, 0] = [0, 1, 2]
    mixed = rng.permuted(codes, axis=0)[:, rng.permutation(12)]
    assert alpha(mixed, [0, 1, 2], ordinal=ordinal) == pytest.approx(alpha(codes, [0, 1, 2], ordinal=ordinal))


def test_the_study_agreement_is_what_its_readme_says(data: StudyData) -> None:
    assert data.codings is not None
    result = agreement(data.codings, data.codebook, rng=1, replicates=200)
    table = result.table.set_index("variable")["alpha"].round(3)
    expected = {"tone": 0.962, "voice": 0.955, "tone_meta": 0.989, "tone_scale": 0.949}
    assert table[list(expected)].to_dict() == expected
    assert table[list(data.codebook.frame_ids)].tolist() == [0.965, 0.961, 0.934, 0.936]
    assert result.n_units == 133
    assert result.caveats, "five articles are few"


def test_interval_holds_the_estimate_and_repeats_with_its_seed(data: StudyData) -> None:
    assert data.codings is not None
    one, two, other = (agreement(data.codings, data.codebook, rng=seed, replicates=300) for seed in (4, 4, 5))
    pd.testing.assert_frame_equal(one.table, two.table)
    assert not one.table.equals(other.table)
    assert (one.table["low"] <= one.table["alpha"] + 1e-12).all()
    assert (one.table["alpha"] <= one.table["high"] + 1e-12).all()
    assert one.seed == 4


BOOK = Codebook(
    name="b", version="1", language="ar", unit="", context=0, frames=(Frame("storm", "", "", "", (), ()),), tone=(),
    tone_question="", tone_rules=(), target_tone=(), target_question="", parties=(), voice={}, voice_rule="",
    decisions=(),
)  # fmt: skip


def table(values: dict[str, list[bool]], articles: list[str]) -> pd.DataFrame:
    rows = [
        {"doc_id": doc_id, "unit": unit, "coder": coder, "has_storm": value}
        for coder, column in values.items()
        for unit, (doc_id, value) in enumerate(zip(articles, column, strict=True))
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"A": [False, False], "B": [False, False]}, "only one value was used, so disagreement could not occur"),
        ({"A": [True, False]}, "no unit has two codes"),
    ],
)
def test_degenerate_codings_give_a_reason_and_no_warning(values: dict[str, list[bool]], reason: str) -> None:
    row = agreement(table(values, ["a", "b"]), BOOK, rng=1, replicates=50).table.iloc[0]
    assert np.isnan(row["alpha"])
    assert row["reason"] == reason


def test_perfect_agreement_is_one() -> None:
    row = agreement(table({"A": [True, False], "B": [True, False]}, ["a", "b"]), BOOK, rng=1, replicates=50).table.iloc[
        0
    ]
    assert row["alpha"] == 1.0
    assert row["prevalence"] == 0.5


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_coder_counted_twice_raises_agreement(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = {c: list(rng.random(20) < 0.5) for c in "AB"}
    values["A"][:2], values["B"][:2] = [True, False], [False, True]
    articles = ["a", "b"] * 10
    once = agreement(table(values, articles), BOOK, rng=1, replicates=2).table["alpha"][0]
    twice = agreement(table({**values, "C": values["A"]}, articles), BOOK, rng=1, replicates=2).table["alpha"][0]
    assert twice > once


def test_value_shares_sum_to_one(data: StudyData) -> None:
    assert data.codings is not None
    shares = value_shares(data.codings, data.codebook)
    assert shares.groupby("variable")["share"].sum().to_numpy() == pytest.approx(1.0)


def test_interval_covers_at_its_nominal_rate() -> None:
    """40 articles of 6 units with an article effect, two coders who err independently; true alpha by simulation."""

    def draw(rng: np.random.Generator, articles: int) -> pd.DataFrame:
        rate = np.repeat(rng.beta(2, 3, articles), 6)
        truth = rng.random(len(rate)) < rate
        values = {c: list(truth ^ (rng.random(len(rate)) < 0.1)) for c in "AB"}
        return table(values, [str(i // 6) for i in range(len(rate))])

    rng = np.random.default_rng(3)
    true = agreement(draw(rng, 4000), BOOK, rng=1, replicates=2).table["alpha"][0]
    hits = 0
    for seed in range(200):
        row = agreement(draw(rng, 40), BOOK, rng=seed, replicates=300).table.iloc[0]
        hits += row["low"] <= true <= row["high"]
    assert 0.89 <= hits / 200 <= 0.99


@pytest.mark.parametrize("articles", [1000, 20000])
def test_twenty_thousand_units_and_two_thousand_replicates_take_seconds(articles: int) -> None:
    rng = np.random.default_rng(12)
    true = np.repeat(rng.random(20000) < 0.3, 3)
    codes = np.where(rng.random(60000) < 0.85, true, rng.random(60000) < 0.3)
    table = pd.DataFrame(
        {"unit": np.repeat(np.arange(20000), 3), "coder": np.tile(["A", "B", "C"], 20000), "has_storm": codes}
    )
    table["doc_id"] = (table["unit"] % articles).astype(str)
    start = time.process_time()
    row = agreement(table, BOOK, rng=1, replicates=2000).table.iloc[0]
    assert time.process_time() - start < 5
    wide = codes.reshape(20000, 3).T.astype(float)
    assert row["alpha"] == pytest.approx(krippendorff.alpha(wide, level_of_measurement="nominal"), abs=1e-9)
    assert row["low"] < row["alpha"] < row["high"]
    assert row["n_units"] == 20000


def test_many_clusters_are_drawn_as_few_are() -> None:
    """Multinomial either way: rows sum to the number of clusters, counts have mean 1 and variance 1 - 1/n."""
    weights = bootstrap_weights(1500, 400, np.random.default_rng(3))
    assert (weights.sum(axis=1) == 1500).all()
    assert weights.mean() == 1
    assert weights.var() == pytest.approx(1 - 1 / 1500, abs=0.01)
    assert np.corrcoef(weights[:, 0], weights[:, 1])[0, 1] == pytest.approx(0, abs=0.15)
