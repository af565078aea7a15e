from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from framing.comparison import means, shares
from framing.comparison.clusters import find_clusters
from framing.comparison.estimates import mean_interval, ratio_variance, share_interval
from framing.errors import InputError


def clustered(seed: int, clusters: int, rate: float, spread: float) -> tuple[np.ndarray, np.ndarray]:
    """Totals and sizes of clusters whose rates vary around ``rate`` (beta with intraclass correlation ``spread``)."""
    rng = np.random.default_rng(seed)
    n = rng.integers(2, 12, clusters)
    scale = 1 / spread - 1
    return rng.binomial(n, rng.beta(rate * scale, (1 - rate) * scale, clusters)).astype(float), n.astype(float)


def test_variance_is_that_of_statsmodels_with_clusters() -> None:
    y, n = clustered(1, 15, 0.4, 0.2)
    units = np.concatenate([[1.0] * int(a) + [0.0] * int(b - a) for a, b in zip(y, n, strict=True)])
    groups = np.repeat(np.arange(15), n.astype(int))
    fit = sm.OLS(units, np.ones(len(units))).fit(
        cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False}
    )
    p, variance = ratio_variance(y, n)
    assert p == pytest.approx(fit.params[0])
    assert variance == pytest.approx(fit.bse[0] ** 2 * 15 / 14)


def test_with_one_unit_a_cluster_it_is_nearly_wilson() -> None:
    y = np.array([1.0] * 300 + [0.0] * 700)
    estimate = share_interval(y, np.ones(1000))
    low, high = proportion_confint(300, 1000, method="wilson")
    assert (estimate.low, estimate.high) == pytest.approx((low, high), abs=2e-4)


@pytest.mark.parametrize(
    ("clusters", "rate", "spread"), [(10, 0.3, 0.1), (30, 0.3, 0.3), (30, 0.1, 0.1), (30, 0.02, 0.05)]
)
def test_share_interval_covers_at_its_nominal_rate(clusters: int, rate: float, spread: float) -> None:
    hits = 0
    for seed in range(1000):
        estimate = share_interval(*clustered(seed, clusters, rate, spread))
        hits += estimate.low <= rate <= estimate.high
    assert hits / 1000 >= 0.935


def test_mean_interval_covers_at_its_nominal_rate() -> None:
    hits = 0
    for seed in range(1000):
        rng = np.random.default_rng(seed)
        n = rng.integers(2, 12, 12).astype(float)
        y = n * rng.normal(0.1, 0.3, 12) + rng.normal(0, 0.5, 12) * np.sqrt(n)
        estimate = mean_interval(y, n, (-9, 9))
        hits += estimate.low <= 0.1 <= estimate.high
    assert 0.93 <= hits / 1000 <= 0.97


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(2, 9))
def test_an_interval_holds_its_estimate_and_does_not_know_the_order_of_clusters(seed: int, clusters: int) -> None:
    y, n = clustered(seed, clusters, 0.2, 0.2)
    estimate = share_interval(y, n)
    assert 0 <= estimate.low <= estimate.value + 1e-12
    assert estimate.value - 1e-12 <= estimate.high <= 1
    order = np.random.default_rng(seed).permutation(clusters)
    mixed = share_interval(y[order], n[order])
    assert (mixed.low, mixed.high) == pytest.approx((estimate.low, estimate.high))


@pytest.mark.parametrize("y", [np.zeros(6), np.full(6, 4.0)])
def test_a_share_of_none_or_all_keeps_an_interval(y: np.ndarray) -> None:
    estimate = share_interval(y, np.full(6, 4.0))
    assert estimate.high - estimate.low > 0.3


@pytest.mark.parametrize("value", [-1.0, 0.0, 1.0])
def test_a_mean_without_variation_keeps_an_interval(value: float) -> None:
    estimate = mean_interval(np.full(6, 4 * value), np.full(6, 4.0), (-1, 1))
    assert estimate.value == value
    assert -1 <= estimate.low <= value <= estimate.high <= 1
    assert estimate.high - estimate.low > 0.3


def test_rounding_is_no_variation() -> None:
    """15 of 22 in both clusters leaves a variance near 1e-33, which is none."""
    found = share_interval(np.array([15.0, 15.0]), np.array([22.0, 22.0]))
    exact = share_interval(np.array([2.0, 2.0]), np.array([4.0, 4.0]))
    assert found.high - found.low == pytest.approx(exact.high - exact.low, abs=0.1)


def test_one_cluster_has_no_interval() -> None:
    assert np.isnan(share_interval(np.array([2.0]), np.array([4.0])).low)
    assert np.isnan(mean_interval(np.array([2.0]), np.array([4.0]), (-1, 1)).high)


def test_shares_per_outlet(small_units: pd.DataFrame) -> None:
    result = shares(small_units, {"cold": "has_cold", "warm": "has_warm"})
    expected = small_units.groupby("outlet")["has_cold"].mean()
    found = result.table[result.table["variable"] == "cold"].set_index("outlet")
    assert found["share"].to_dict() == pytest.approx(expected.to_dict())
    assert found["n_clusters"].tolist() == [6, 6]
    assert set(found["scope"]) == {"outlets"}
    assert not result.caveats


def test_a_single_article_turns_articles_into_paragraphs_and_says_so(small_units: pd.DataFrame) -> None:
    units = small_units[(small_units["outlet"] == "west") | (small_units["doc_id"] == "east0")]
    result = shares(units, {"cold": "has_cold"})
    table = result.table.set_index("outlet")
    assert table["n_clusters"].to_dict() == {"east": 2, "west": 6}, "the other outlet keeps its articles"
    assert table["scope"].to_dict() == {"east": "these articles only", "west": "outlets"}
    assert result.caveats[0].startswith("east: each is represented by a single article")
    west = shares(small_units, {"cold": "has_cold"}).table.set_index("outlet").loc["west"]
    pd.testing.assert_series_equal(table.loc["west"], west)


def test_every_outlet_with_a_single_article_is_one_sentence(small_units: pd.DataFrame) -> None:
    result = shares(small_units[small_units["doc_id"].isin(["east0", "west1"])], {"cold": "has_cold"})
    assert result.caveats[0].startswith("Every outlet is represented by a single article")


def test_means_leave_missing_values_out(small_units: pd.DataFrame) -> None:
    units = small_units.assign(tone=small_units["tone"].where(small_units.index % 3 > 0))
    table = means(units, {"tone": "tone"}, (-1, 1)).table.set_index("outlet")
    assert table["mean"].to_dict() == pytest.approx(units.groupby("outlet")["tone"].mean().to_dict())
    assert table["n_units"].to_dict() == units.groupby("outlet")["tone"].count().to_dict()
    assert (table["low"] >= -1).all()


def test_an_outlet_without_a_value_is_missing_without_a_warning(small_units: pd.DataFrame) -> None:
    units = small_units.assign(tone=small_units["tone"].where(small_units["outlet"] == "west"))
    row = means(units, {"tone": "tone"}, (-1, 1)).table.set_index("outlet").loc["east"]
    assert np.isnan(row["mean"])
    assert row["n_units"] == 0


def test_an_unknown_outlet_is_named(small_units: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="the outlet of article 'west0' is unknown"):
        find_clusters(small_units.assign(outlet=small_units["outlet"].replace("west", "")))


def test_nothing_to_compare_is_told(small_units: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="no unit to compare"):
        find_clusters(small_units.iloc[:0])
