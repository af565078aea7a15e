from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import bootstrap
from statsmodels.stats.contingency_tables import Table2x2

from framing.comparison import cooccurrence
from framing.comparison.cooccurrence import association
from framing.comparison.profiles import ALL
from framing.errors import InputError
from framing.resampling import bootstrap_weights, percentile_interval

FRAMES = {"cold": "has_cold", "warm": "has_warm"}


def test_measures_are_those_of_statsmodels_and_numpy() -> None:
    cells = np.array([12.0, 8, 5, 25])
    found = association(cells)
    assert found["odds_ratio"] == pytest.approx(Table2x2(cells.reshape(2, 2) + 0.5).oddsratio)
    a, b = np.repeat([1, 1, 0, 0], cells.astype(int)), np.repeat([1, 0, 1, 0], cells.astype(int))
    assert found["phi"] == pytest.approx(np.corrcoef(a, b)[0, 1])
    assert found["lift"] == pytest.approx((12 / 50) / (20 / 50 * 17 / 50))


def test_interval_is_that_of_scipy(small_units: pd.DataFrame) -> None:
    row = cooccurrence(small_units, FRAMES, rng=1, replicates=4000).table.set_index("outlet").loc[ALL]
    grouped = small_units.assign(both=small_units["has_cold"] & small_units["has_warm"]).groupby("doc_id")
    a, b, both = (grouped[c].sum().to_numpy(dtype=float) for c in ("has_cold", "has_warm", "both"))
    found = bootstrap(
        (both, a, b),
        lambda x, y, z, axis: x.sum(axis) * 48 / (y.sum(axis) * z.sum(axis)),
        paired=True,
        n_resamples=4000,
        method="percentile",
        rng=2,
    )
    assert row["lift"] == pytest.approx(both.sum() * 48 / (a.sum() * b.sum()))
    assert (row["lift_low"], row["lift_high"]) == pytest.approx(tuple(found.confidence_interval), abs=0.03)
    assert row["n_clusters"] == 12


def test_within_articles_each_article_is_one_case(small_units: pd.DataFrame) -> None:
    result = cooccurrence(small_units, FRAMES, rng=1, within="article", replicates=200)
    row = result.table.set_index("outlet").loc["west"]
    any_ = small_units[small_units["outlet"] == "west"].groupby("doc_id")[["has_cold", "has_warm"]].any()
    assert (row["n"], row["n_a"], row["n_b"]) == (6, any_["has_cold"].sum(), any_["has_warm"].sum())
    assert row["n_both"] == any_.all(axis=1).sum()
    assert "each article counting once" in result.estimand


def test_reasons(small_units: pd.DataFrame) -> None:
    columns = {**FRAMES, "never": "never", "always": "always", "other": "other"}
    units = small_units.assign(never=False, always=True, other=~small_units["has_cold"])
    table = cooccurrence(units, columns, rng=1, replicates=100).table
    found = table[table["outlet"] == ALL].set_index(["frame_a", "frame_b"])
    assert found.loc[("cold", "never"), "reason"] == "never never occurs"
    assert np.isnan(found.loc[("cold", "never"), "lift"])
    assert found.loc[("cold", "always"), "reason"] == "no phi: always always occurs"
    assert found.loc[("cold", "always"), "lift"] == 1
    assert found.loc[("cold", "other"), "reason"] == "no interval: never together, and so in no replicate"
    assert found.loc[("cold", "other"), "phi"] == pytest.approx(-1)
    assert found.loc[("cold", "other"), ["lift_low", "phi_high"]].isna().all()
    assert found.loc[("cold", "warm"), "reason"] == ""


def test_a_single_article_is_its_paragraphs_and_within_articles_it_has_no_interval(small_units: pd.DataFrame) -> None:
    units = small_units[(small_units["outlet"] == "west") | (small_units["doc_id"] == "east0")]
    within = cooccurrence(units.assign(has_warm=units["unit"] > 1, has_cold=units["unit"] % 2 == 0), FRAMES, rng=1)
    row = within.table.set_index("outlet").loc["east"]
    assert row["scope"] == "these articles only"
    assert row["n_clusters"] == 2
    assert "Intervals rest on 2 clusters at the least" in within.caveats[1]
    article = cooccurrence(units, FRAMES, rng=1, within="article").table.set_index("outlet").loc["east"]
    assert (article["n"], article["n_clusters"]) == (1, 1)
    assert np.isnan(article["lift_low"])


def test_one_outlet_is_not_told_twice(small_units: pd.DataFrame) -> None:
    table = cooccurrence(small_units[small_units["outlet"] == "west"], FRAMES, rng=1, replicates=50).table
    assert table["outlet"].tolist() == ["west"]


def test_one_frame_has_no_company(small_units: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="one frame alone"):
        cooccurrence(small_units, {"cold": "has_cold"}, rng=1)


def test_interval_covers_at_about_its_nominal_rate() -> None:
    """Two frames, independent given the article but with a common article effect: true lift by integration."""
    rng = np.random.default_rng(5)
    truth = rng.beta(2, 4, 2_000_000)
    lift = (truth**2).mean() / truth.mean() ** 2
    hits = 0
    for _ in range(400):
        p = rng.beta(2, 4, (60, 1))
        a, b = rng.random((60, 8)) < p, rng.random((60, 8)) < p
        totals = np.stack([(a & b).sum(1), (a & ~b).sum(1), (~a & b).sum(1), (~a & ~b).sum(1)], axis=-1)
        low, high = percentile_interval(association(bootstrap_weights(60, 400, rng) @ totals)["lift"])
        hits += low <= lift <= high
    assert 0.9 <= hits / 400 <= 0.97
