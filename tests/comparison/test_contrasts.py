from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import permutation_test
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from framing.comparison import contrasts
from framing.comparison.contrasts import SPARSE, _differing, difference_interval, permutation_p
from framing.comparison.estimates import Estimate, ratio_variance


def test_p_is_that_of_scipy_over_all_permutations() -> None:
    y = np.array([1.0, 0, 2, 1, 4, 3, 4])
    n = np.array([4.0, 3, 5, 4, 5, 4, 4])
    first = np.array([True] * 4 + [False] * 3)

    def statistic(a: np.ndarray, b: np.ndarray) -> float:
        (p, v), (q, w) = (ratio_variance(y[own.astype(int)], n[own.astype(int)]) for own in (a, b))
        return float((p - q) / np.sqrt(v + w))

    exact = permutation_test(
        (np.arange(4), np.arange(4, 7)), statistic, permutation_type="independent", n_resamples=np.inf, vectorized=False
    )
    expected = np.mean(np.abs(exact.null_distribution) >= abs(exact.statistic) - 1e-9)
    assert permutation_p(y, n, first, np.random.default_rng(1), 20000) == pytest.approx(expected, abs=0.01)


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
    assert "Holm's correction over the 6 tests" in result.method


def test_too_few_clusters_that_differ_are_not_tested_and_not_in_the_family(small_units: pd.DataFrame) -> None:
    rare = small_units["unit"].eq(0) & small_units["doc_id"].isin(["east0", "west0", "west1"])
    columns = {"rare": "rare", "cold": "has_cold"}
    result = contrasts(small_units.assign(rare=rare), columns, rng=1, permutations=99)
    table = result.table.set_index("variable")
    assert table.loc["rare", "reason"] == "not tested: only 3 articles differ from the others"
    assert np.isnan(table.loc["rare", "p"])
    assert table.loc["rare", "low"] < table.loc["rare", "difference"] < table.loc["rare", "high"]
    assert table.loc["cold", "reason"] == ""
    assert table.loc["cold", "p_holm"] == table.loc["cold", "p"]
    assert "over the 1 tests" in result.method


def test_a_third_outlet_with_one_article_does_not_touch_the_others(small_units: pd.DataFrame) -> None:
    third = small_units[small_units["doc_id"] == "east0"].assign(outlet="zone", doc_id="z")
    columns = {"cold": "has_cold"}
    alone = contrasts(small_units, columns, rng=3, permutations=200).table.iloc[0]
    beside = contrasts(pd.concat([small_units, third]), columns, rng=3, permutations=200).table
    pd.testing.assert_series_equal(beside.iloc[0].drop("p_holm"), alone.drop("p_holm"), check_names=False)
    assert beside["scope"].tolist() == ["outlets", "these articles only", "these articles only"]


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


@pytest.mark.parametrize(
    ("rate", "sizes"),
    [
        (0.3, ((3, 12), (3, 12))),
        (0.3, ((1, 2), (2, 6))),
        (0.3, ((8, 12), (2, 4))),
        (0.05, ((3, 12), (3, 12))),
        (0.05, ((8, 12), (2, 4))),
    ],
    ids=str,
)
def test_type_one_error_is_nominal(rate: float, sizes: tuple[tuple[int, int], tuple[int, int]]) -> None:
    """Two outlets with 15 and 24 clusters, the same rate, intraclass correlation .14, clusters alike or not in size.

    Known to fail, and left to the work on uncertainty: clusters of one unit against clusters of two to six at rates of
    .05 to .08, where a nominal .05 rejects in up to .14 of the cases (a nominal .01 in .02).
    """
    rng = np.random.default_rng(8)
    first = np.array([True] * 15 + [False] * 24)
    rejected = tested = 0
    while tested < 800:
        n = np.concatenate([rng.integers(*sizes[0], 15), rng.integers(*sizes[1], 24)])
        y = rng.binomial(n, rng.beta(rate * 6, (1 - rate) * 6, 39)).astype(float)
        if _differing(y, n.astype(float)) < SPARSE:
            continue
        tested += 1
        rejected += permutation_p(y, n.astype(float), first, rng, 199) <= 0.05
    assert 0.02 <= rejected / tested <= 0.075


def test_all_against_none_is_as_extreme_as_can_be() -> None:
    first = np.array([True] * 5 + [False] * 5)
    p = permutation_p(first * 3.0, np.full(10, 3.0), first, np.random.default_rng(1), 5000)
    assert p == pytest.approx(2 / 252, abs=0.005)


def test_no_difference_at_all_has_p_one() -> None:
    first = np.array([True, False, True, False])
    assert permutation_p(np.zeros(4), np.ones(4), first, np.random.default_rng(1), 99) == 1.0
