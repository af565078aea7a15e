from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import permutation_test
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from framing.comparison import contrasts
from framing.comparison.contrasts import difference_interval, permutation_p
from framing.comparison.estimates import Estimate


def test_p_is_that_of_scipy_over_all_permutations() -> None:
    y = np.array([1.0, 0, 2, 1, 4, 3, 4])
    n = np.array([4.0, 3, 5, 4, 5, 4, 4])
    first = np.array([True] * 4 + [False] * 3)

    def statistic(a: np.ndarray, b: np.ndarray) -> float:
        a, b = a.astype(int), b.astype(int)
        return float(y[a].sum() / n[a].sum() - y[b].sum() / n[b].sum())

    exact = permutation_test(
        (np.arange(4), np.arange(4, 7)), statistic, permutation_type="independent", n_resamples=np.inf, vectorized=False
    )
    # scipy doubles the smaller tail, we count |d*| >= |d|; on these data both tails agree to within a permutation.
    draws = permutation_p(y, n, first, np.random.default_rng(1), 20000)
    assert draws == pytest.approx(np.mean(np.abs(exact.null_distribution) >= abs(exact.statistic) - 1e-12), abs=0.01)


def test_newcombe_interval_is_that_of_statsmodels() -> None:
    a, b = (Estimate(k / n, *proportion_confint(k, n, method="wilson")) for k, n in ((56, 70), (48, 80)))
    found = difference_interval(a, b)
    expected = confint_proportions_2indep(56, 70, 48, 80, method="newcomb", compare="diff")
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-6)


def test_all_pairs_and_variables_are_one_family(small_units: pd.DataFrame) -> None:
    units = pd.concat([small_units, small_units.assign(outlet="north", doc_id="n" + small_units["doc_id"])])
    result = contrasts(units, {"cold": "has_cold", "warm": "has_warm"}, rng=3, permutations=500)
    assert len(result.table) == 6
    assert result.table["p_holm"].to_numpy() == pytest.approx(multipletests(result.table["p"], method="holm")[1])
    assert "Holm's correction over the 6 contrasts" in result.method


def test_swapping_outlets_changes_the_sign_and_nothing_else(small_units: pd.DataFrame) -> None:
    swapped = small_units.assign(outlet=small_units["outlet"].map({"east": "zebra", "west": "west"}))
    one = contrasts(small_units, {"cold": "has_cold"}, rng=3, permutations=4000).table.iloc[0]
    two = contrasts(swapped, {"cold": "has_cold"}, rng=3, permutations=4000).table.iloc[0]
    assert (two["difference"], two["low"], two["high"]) == pytest.approx(
        (-one["difference"], -one["high"], -one["low"])
    )
    assert two["p"] == pytest.approx(one["p"], abs=0.03)


def test_the_same_seed_gives_the_same_table(small_units: pd.DataFrame) -> None:
    tables = [contrasts(small_units, {"t": "tone"}, rng=s, bounds=(-1, 1), permutations=99).table for s in (1, 1)]
    pd.testing.assert_frame_equal(*tables)


def test_one_outlet_gives_no_contrast(small_units: pd.DataFrame) -> None:
    east = small_units[small_units["outlet"] == "east"]
    result = contrasts(east, {"cold": "has_cold"}, rng=1, permutations=9)
    assert result.table.empty
    assert "p_holm" in result.table.columns


def test_an_outlet_without_a_value_has_no_p(small_units: pd.DataFrame) -> None:
    units = small_units.assign(tone=small_units["tone"].where(small_units["outlet"] == "west"))
    table = contrasts(units, {"tone": "tone"}, rng=1, bounds=(-1, 1), permutations=9).table
    assert table[["difference", "p", "p_holm"]].isna().all(axis=None)


def test_type_one_error_is_nominal() -> None:
    """Two outlets, eight articles each, the same rate, intraclass correlation .2."""
    rng = np.random.default_rng(8)
    first = np.array([True] * 8 + [False] * 8)
    rejected = 0
    for _ in range(1000):
        n = rng.integers(3, 12, 16)
        y = rng.binomial(n, rng.beta(0.3 * 4, 0.7 * 4, 16)).astype(float)
        rejected += permutation_p(y, n.astype(float), first, rng, 199) <= 0.05
    assert 0.03 <= rejected / 1000 <= 0.07
