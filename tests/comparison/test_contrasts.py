from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import permutation_test as permutation_test_of_scipy
from scipy.stats import ttest_ind
from statsmodels.stats.contingency_tables import Table2x2
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint
from statsmodels.stats.weightstats import ttost_ind

from framing.comparison import by_family, contrasts, permutation
from framing.comparison.clusters import find_clusters
from framing.comparison.effects import difference_interval, equivalence_p, odds_ratio
from framing.comparison.estimates import Estimate, cluster_totals, mean_interval, ratio_variance, share_interval
from framing.comparison.permutation import SPARSE, differing, noise_variance, permutation_test
from framing.errors import InputError
from framing.results import Result


def scipy_p(y: np.ndarray, n: np.ndarray, split: int) -> float:
    """The studentised difference over all labellings, enumerated by scipy."""

    def statistic(a: np.ndarray, b: np.ndarray) -> float:
        (p, v), (q, w) = (ratio_variance(y[own.astype(int)], n[own.astype(int)]) for own in (a, b))
        return float((p - q) / np.sqrt(v + w))

    exact = permutation_test_of_scipy(
        (np.arange(split), np.arange(split, len(y))),
        statistic,
        permutation_type="independent",
        n_resamples=np.inf,
        vectorized=False,
    )
    return float(np.mean(np.abs(exact.null_distribution) >= abs(exact.statistic) - 1e-9))


def test_p_of_few_clusters_is_exactly_that_of_scipy() -> None:
    y = np.array([1.0, 0, 2, 1, 4, 3, 4])
    n = np.array([4.0, 3, 5, 4, 5, 4, 4])
    first = np.array([True] * 4 + [False] * 3)
    found = permutation_test(y, n, first, np.random.default_rng(1), 99)
    assert (found.labellings, found.exact) == (35, True)
    assert found.p == pytest.approx(scipy_p(y, n, 4))


def test_p_of_drawn_labellings_tends_to_that_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permutation, "EXACT", 10)
    y = np.array([1.0, 0, 2, 1, 4, 3, 4])
    n = np.array([4.0, 3, 5, 4, 5, 4, 4])
    found = permutation_test(y, n, np.array([True] * 4 + [False] * 3), np.random.default_rng(1), 20000)
    assert (found.labellings, found.exact) == (20000, False)
    assert found.p == pytest.approx(scipy_p(y, n, 4), abs=0.01)


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
    family = ["p_holm", "p_bh", "low_family", "high_family"]
    pd.testing.assert_series_equal(beside.iloc[0].drop(family), alone.drop(family), check_names=False)
    assert beside["scope"].tolist() == ["outlets", "these articles only", "these articles only"]


def test_the_intervals_of_a_family_are_those_at_its_level(small_units: pd.DataFrame) -> None:
    columns = {"cold": "has_cold", "warm": "has_warm"}
    table = contrasts(small_units, columns, rng=3, permutations=99).table
    single = contrasts(small_units, columns, rng=3, permutations=99, level=1 - 0.05 / len(table)).table
    assert len(table) == 2
    assert table["low_family"].tolist() == pytest.approx(single["low"].tolist())
    assert table["high_family"].tolist() == pytest.approx(single["high"].tolist())
    assert (table["low_family"] < table["low"]).all()


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


def independent(y: np.ndarray, n: np.ndarray) -> np.ndarray:
    """What `noise_variance` gives for shares of units."""
    p = y.sum() / n.sum()
    return np.asarray(p * (1 - p) * n)


def rejected(rate: float, sizes: tuple[tuple[int, int], tuple[int, int]], *, floor: bool, tests: int = 800) -> float:
    """Two outlets with 15 and 24 clusters, the same rate, intraclass correlation .14: how often p is .05 or less."""
    rng = np.random.default_rng(8)
    first = np.array([True] * 15 + [False] * 24)
    hits = tested = 0
    while tested < tests:
        n = np.concatenate([rng.integers(*sizes[0], 15), rng.integers(*sizes[1], 24)])
        y = rng.binomial(n, rng.beta(rate * 6, (1 - rate) * 6, 39)).astype(float)
        if differing(y, n.astype(float)) < SPARSE:
            continue
        tested += 1
        noise = independent(y, n) if floor else None
        hits += permutation_test(y, n.astype(float), first, rng, 199, noise).p <= 0.05
    return hits / tested


ALIKE, WIDE, SHORT, ONES = ((3, 12), (3, 12)), ((8, 12), (2, 4)), ((1, 2), (2, 6)), ((1, 2), (10, 20))


@pytest.mark.parametrize(
    ("rate", "sizes"),
    [(0.3, ALIKE), (0.3, SHORT), (0.3, WIDE), (0.05, ALIKE), (0.05, WIDE), (0.05, SHORT), (0.08, SHORT), (0.08, ONES)],
    ids=str,
)
def test_type_one_error_is_at_most_nominal(rate: float, sizes: tuple[tuple[int, int], tuple[int, int]]) -> None:
    assert rejected(rate, sizes, floor=True) <= 0.075


@pytest.mark.parametrize(("rate", "sizes"), [(0.3, ALIKE), (0.05, ALIKE)], ids=str)
def test_type_one_error_is_nominal_where_clusters_are_alike(
    rate: float, sizes: tuple[tuple[int, int], tuple[int, int]]
) -> None:
    assert rejected(rate, sizes, floor=True) >= 0.025


def test_without_the_floor_blocks_of_one_unit_reject_too_often() -> None:
    """Why it is there: a rare frame in blocks of one unit against blocks of ten to nineteen."""
    assert rejected(0.08, ONES, floor=False, tests=400) > 0.2


def test_noise_is_that_of_independent_units(small_units: pd.DataFrame) -> None:
    clusters = find_clusters(small_units)
    y, n = cluster_totals(small_units, "has_cold", clusters)
    assert noise_variance(small_units, "has_cold", clusters) == pytest.approx(independent(y, n))
    each = noise_variance(small_units, "tone", clusters, "articles")
    assert each == pytest.approx(small_units["tone"].var(ddof=0) / 4)


def test_all_against_none_is_as_extreme_as_can_be() -> None:
    first = np.array([True] * 5 + [False] * 5)
    found = permutation_test(first * 3.0, np.full(10, 3.0), first, np.random.default_rng(1), 99)
    assert found.p == pytest.approx(2 / 252)


def test_no_difference_at_all_has_p_one() -> None:
    first = np.array([True, False, True, False])
    assert permutation_test(np.zeros(4), np.ones(4), first, np.random.default_rng(1), 99).p == 1.0


def test_so_few_articles_that_no_p_could_be_small_are_not_tested(small_units: pd.DataFrame) -> None:
    few = small_units[small_units["doc_id"].str[-1].astype(int) < 3]
    row = contrasts(few, {"cold": "has_cold"}, rng=1).table.iloc[0]
    assert row["reason"] == "not tested: with 3 and 3 articles no p can be below 0.10"
    assert row["finding"] == "not tested"
    assert np.isnan(row["p"])


def test_exact_p_does_not_know_the_seed(small_units: pd.DataFrame) -> None:
    one, two = (contrasts(small_units, {"cold": "has_cold"}, rng=seed).table for seed in (1, 2))
    pd.testing.assert_frame_equal(one, two)
    assert one["exact"].all()
    assert one["labellings"].tolist() == [924]


def outlets(seed: int, rates: tuple[float, float], articles: int = 20, units: int = 9) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = []
    for outlet, rate in zip(("a", "b"), rates, strict=True):
        for article in range(articles):
            p = rng.beta(rate * 8, (1 - rate) * 8)
            rows += [
                {"doc_id": f"{outlet}{article}", "outlet": outlet, "unit": unit, "x": bool(rng.random() < p)}
                for unit in range(units)
            ]
    return pd.DataFrame(rows)


def test_odds_ratio_is_that_of_a_cluster_robust_logit() -> None:
    units = outlets(3, (0.5, 0.3))
    design = sm.add_constant(units["outlet"].eq("a").astype(float))
    fit = sm.Logit(units["x"].astype(float), design).fit(
        disp=0, cov_type="cluster", cov_kwds={"groups": pd.factorize(units["doc_id"])[0], "use_correction": False}
    )
    clusters = find_clusters(units)
    found, reason = odds_ratio(*cluster_totals(units, "x", clusters), clusters.outlet == "a")
    assert reason == ""
    assert np.log(found.value) == pytest.approx(fit.params["outlet"])
    error = fit.bse["outlet"] * np.sqrt(20 / 19)
    assert np.log(found.high / found.low) / 2 / error == pytest.approx(2.026, abs=0.005), "t at about 38 degrees"
    assert found.low * found.high == pytest.approx(found.value**2)


def test_odds_ratio_of_the_first_table_of_statsmodels() -> None:
    """With a cluster per unit it is Woolf's interval, but for t and C / (C - 1)."""
    table = Table2x2(np.array([[30, 70], [15, 85]]))
    y = np.array([1.0] * 30 + [0.0] * 70 + [1.0] * 15 + [0.0] * 85)
    found, _ = odds_ratio(y, np.ones(200), np.arange(200) < 100)
    assert found.value == pytest.approx(table.oddsratio)
    assert (found.low, found.high) == pytest.approx(table.oddsratio_confint(), rel=0.03)


@pytest.mark.parametrize(
    ("y", "reason"),
    [
        ([0.0, 0, 0, 1, 2, 1], "no odds ratio: it never occurs in the first outlet"),
        ([2.0, 2, 2, 1, 2, 1], "no odds ratio: it always occurs in the first outlet"),
        ([1.0, 0, 2, 0, 0, 0], "no odds ratio: it never occurs in the second outlet"),
    ],
)
def test_an_odds_ratio_that_is_not_there_has_a_reason(y: list[float], reason: str) -> None:
    found, why = odds_ratio(np.array(y), np.full(6, 2.0), np.arange(6) < 3)
    assert why == reason
    assert np.isnan([found.value, found.low, found.high]).all()


def test_equivalence_is_that_of_statsmodels() -> None:
    """Means of articles of equal length are independent values, and two one-sided Welch tests are the reference."""
    rng = np.random.default_rng(4)
    a, b = rng.normal(0.05, 0.4, 150), rng.normal(0.0, 0.5, 150)
    ends = (-9.0, 9.0)

    def difference(level: float) -> Estimate:
        return difference_interval(*(mean_interval(x, np.ones(150), ends, level) for x in (a, b)))

    expected = ttost_ind(a, b, -0.13, 0.13, usevar="unequal")[0]
    assert 0.005 < expected < 0.1
    assert equivalence_p(difference, 0.13) == pytest.approx(expected, rel=0.06)
    assert equivalence_p(difference, 0.01) == 1.0
    assert equivalence_p(difference, 5.0) < 1e-8


def test_equivalence_is_concluded_where_the_interval_lies_within_the_margin() -> None:
    for seed in range(8):
        units = outlets(seed, (0.3, 0.3))
        row = contrasts(units, {"x": "x"}, rng=1, permutations=99, equivalence=0.12, level=0.9).table.iloc[0]
        within = row["low"] > -0.12 and row["high"] < 0.12
        assert (row["p_equivalence"] < 0.05) == within


def test_equivalence_is_seldom_concluded_at_the_margin() -> None:
    """A true difference of just the margin must be called equivalent in no more than a twentieth of the cases."""
    rng = np.random.default_rng(6)
    n = np.full(25, 9.0)
    hits = 0
    for _ in range(400):
        a, b = (share_interval(rng.binomial(9, rng.beta(r * 8, (1 - r) * 8, 25)), n, 0.9) for r in (0.45, 0.3))
        hits += difference_interval(a, b).high < 0.15
    assert hits / 400 <= 0.075


def test_findings() -> None:
    units = pd.concat([outlets(1, (0.6, 0.2)), outlets(2, (0.3, 0.3), 150).assign(outlet=lambda t: t["outlet"] + "2")])
    units["doc_id"] = units["outlet"] + units["doc_id"]
    table = contrasts(units, {"x": "x"}, rng=1, permutations=999, equivalence=0.1).table
    found = table.set_index(["outlet_a", "outlet_b"])["finding"]
    assert found["a", "b"] == "different"
    assert found["a2", "b2"] == "equivalent"
    assert (table["margin"] == 0.1).all()
    unsaid = contrasts(units, {"x": "x"}, rng=1, permutations=999).table.set_index(["outlet_a", "outlet_b"])["finding"]
    assert unsaid["a2", "b2"] == "undecided", "without a margin nothing says that outlets are alike"


def test_exploration_is_apart_from_families(small_units: pd.DataFrame) -> None:
    columns = {"cold": "has_cold", "warm": "has_warm", "tone": "tone"}

    def compare(chosen: dict[str, str]) -> Result:
        return contrasts(small_units, chosen, rng=1, bounds={"tone": (-1, 1)})

    found = by_family(compare, {"one": ("cold", "tone"), "none": ()}, columns)
    assert list(found) == ["one", "exploration"]
    assert found["one"].table["variable"].tolist() == ["cold", "tone"]
    assert "prevalence and mean" in found["one"].estimand
    one = found["one"].table
    assert one["p_bh"].to_numpy() == pytest.approx(multipletests(one["p"], method="fdr_bh")[1])
    with pytest.raises(InputError, match=r"names 'hot', which is no variable\. Known are cold, warm, tone"):
        by_family(compare, {"one": ("hot",)}, columns)
    with pytest.raises(InputError, match="'cold' stands twice"):
        by_family(compare, {"one": ("cold",), "two": ("cold",)}, columns)


def test_a_margin_out_of_range(small_units: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="an equivalence margin of 10"):
        contrasts(small_units, {"cold": "has_cold"}, rng=1, equivalence=10)


def test_articles_of_equal_weight_are_a_welch_test_of_article_means() -> None:
    units = outlets(3, (0.5, 0.3))
    row = contrasts(units, {"x": "x"}, rng=1, weight="articles", permutations=999).table.iloc[0]
    means = units.groupby(["outlet", "doc_id"])["x"].mean()
    assert row["difference"] == pytest.approx(means["a"].mean() - means["b"].mean())
    expected = permutation_test_of_scipy(
        (means["a"].to_numpy(), means["b"].to_numpy()),
        lambda a, b, axis: np.abs(ttest_ind(a, b, axis=axis, equal_var=False).statistic),
        permutation_type="independent",
        n_resamples=4999,
        vectorized=True,
        alternative="greater",
        rng=1,
    )
    assert row["p"] == pytest.approx(expected.pvalue, abs=0.015)
