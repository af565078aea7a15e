from __future__ import annotations

import time

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.coding import Codebook, agreement, agreement_of_sets, value_shares
from framing.coding.codebook import Frame
from framing.errors import InputError
from framing.resampling import bootstrap_weights
from framing.study import StudyData


def test_the_study_agreement_is_what_its_readme_says(data: StudyData) -> None:
    assert data.codings is not None
    result = agreement(data.codings, data.codebook, rng=1, replicates=200)
    table = result.table.set_index("variable")["alpha"].round(3)
    expected = {"tone": 0.962, "voice": 0.955, "tone_meta": 0.989, "tone_scale": 0.949}
    assert table[list(expected)].to_dict() == expected
    assert table[list(data.codebook.frame_ids)].tolist() == [0.965, 0.961, 0.934, 0.936]
    assert set(result.table["verdict"]) == {"reliable"}
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


def test_sets_of_frames_have_an_alpha_of_their_own(data: StudyData) -> None:
    assert data.codings is not None
    table = agreement_of_sets(data.codings, data.codebook, rng=1, replicates=200).table.set_index("metric")
    frames = ["has_" + frame for frame in data.codebook.frame_ids]
    given = data.codings.assign(code=data.codings.groupby(frames).ngroup())
    wide = given.pivot(index=["doc_id", "unit"], columns="coder", values="code").T.to_numpy(dtype=float)
    expected = krippendorff.alpha(wide, level_of_measurement="nominal")
    assert table.loc["nominal", "alpha"] == pytest.approx(expected, abs=1e-9)
    assert (table["low"] <= table["alpha"]).all()
    assert (table["alpha"] <= table["high"]).all()
    assert table["n_sets"].tolist() == [given["code"].nunique()] * 3


def test_a_missing_answer_counts_as_no_answer(data: StudyData) -> None:
    """Without the code, or with <NA> in its place: the same agreement, not that of a frame which is absent."""
    assert data.codings is not None
    column = "has_" + data.codebook.frame_ids[0]
    hidden = np.random.default_rng(2).random(len(data.codings)) < 0.2
    missing = data.codings.assign(**{column: data.codings[column].astype("boolean").mask(hidden)})
    row = agreement(missing, data.codebook, rng=1, replicates=50).table.iloc[0]
    left_out = agreement(data.codings[~hidden], data.codebook, rng=1, replicates=50).table.iloc[0]
    kept = ["alpha", "ac1", "prevalence", "n_units", "n_codings"]
    assert row[kept].tolist() == pytest.approx(left_out[kept].tolist())
    assert row["n_codings"] == (~hidden).sum()
    assert agreement_of_sets(missing, data.codebook, rng=1, replicates=50).table["n_codings"][0] == (~hidden).sum()


def test_frames_below_the_marks_are_named() -> None:
    rng = np.random.default_rng(9)
    truth = rng.random(60) < 0.4
    noisy = {c: list(truth ^ (rng.random(60) < 0.25)) for c in "AB"}
    result = agreement(table(noisy, [str(i // 3) for i in range(60)]), BOOK, rng=1, replicates=400)
    row = result.table.iloc[0]
    assert row["alpha"] < 0.667
    assert row["verdict"] == "unreliable"
    assert row["below_667"] > 0.9
    assert row["below_667"] <= row["below_800"]
    assert "Alpha is below 0.667, so that nothing may be concluded from it: storm." in result.caveats


def test_ac1_stays_high_where_a_rare_frame_makes_alpha_low() -> None:
    values = {"A": [True] + [False] * 49, "B": [False, True] + [False] * 48}
    row = agreement(table(values, [str(i // 5) for i in range(50)]), BOOK, rng=1, replicates=100).table.iloc[0]
    assert row["alpha"] < 0
    assert row["ac1"] > 0.95
    assert row["prevalence"] == 0.02


def test_the_ratio_metric_refuses_a_scale_below_zero(data: StudyData) -> None:
    assert data.codings is not None
    with pytest.raises(InputError, match="the ratio metric needs a scale that begins at 0"):
        agreement(data.codings, data.codebook, rng=1, metric="ratio")


def test_tones_as_an_interval_scale_are_what_the_package_krippendorff_says(data: StudyData) -> None:
    assert data.codings is not None
    row = agreement(data.codings, data.codebook, rng=1, replicates=20, metric="interval").table.set_index("variable")
    wide = data.codings.pivot(index=["doc_id", "unit"], columns="coder", values="tone").T.to_numpy()
    expected = krippendorff.alpha(wide, level_of_measurement="interval")
    assert row.loc["tone", "alpha"] == pytest.approx(expected, abs=1e-9)
    assert row.loc["tone", "metric"] == "interval"
