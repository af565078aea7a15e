from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from framing.benchmark.coverage import corpus_totals
from framing.comparison import powered
from framing.comparison.intervals import difference, mean_bounds, share_bounds, spread, two_sided_p
from framing.comparison.powered import Totals, best_slope, fit, naive_totals
from framing.simulate import Corpora, Scenario, simulate


def single(y: np.ndarray, f: np.ndarray, coded: np.ndarray) -> Totals:
    """One outlet whose units are clusters of their own, coded with equal probability."""
    d = coded * len(y) / coded.sum()
    one = np.ones_like(f)
    totals = (one, f, d, d * y, d * f, d * f * f, d * f * y, d * d, coded * one, one - coded.mean())
    return Totals(*(np.asarray(part, dtype=float)[None] for part in totals))


def data(seed: int, n: int = 400, drawn: int = 80) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    y = rng.normal(0.2, 1.0, n)
    return y, 0.6 * y + rng.normal(0, 0.5, n), np.arange(n) < drawn


@pytest.mark.parametrize("slope", [0.0, 0.4, 1.0])
def test_a_value_is_that_of_ppi_python(slope: float) -> None:
    import ppi_py

    y, f, coded = data(1)
    found = fit(single(y, f, coded), slope=slope, shares=False)
    assert found.value[0] == pytest.approx(ppi_py.ppi_mean_pointestimate(y[coded], f[coded], f, lam=slope)[0], abs=1e-9)


def test_power_tuning_and_error_are_close_to_those_of_ppi_python() -> None:
    # PPI takes the machine's labels from other units than gold's: with slope s (1 - n / N) it is the same estimate.
    import ppi_py

    y, f, coded = data(2, 4000, 1000)
    found = fit(single(y, f, coded), shares=False)
    assert found.value[0] == pytest.approx(ppi_py.ppi_mean_pointestimate(y[coded], f[coded], f[~coded])[0], abs=1e-3)
    low, high = ppi_py.ppi_mean_ci(y[coded], f[coded], f[~coded], alpha=0.05)
    assert np.sqrt(found.variance[0]) == pytest.approx(float(high[0] - low[0]) / 2 / 1.96, rel=0.02)


def test_units_as_clusters_give_the_textbook_formulas() -> None:
    y, f, coded = data(3)
    n, everything = coded.sum(), len(y)
    residual = y - 0.7 * f
    found = fit(single(y, f, coded), slope=0.7, population="finite", shares=False)
    assert found.value[0] == pytest.approx(0.7 * f.mean() + residual[coded].mean(), abs=1e-12)
    # The difference estimator of Särndal, Swensson & Wretman (1992, ch. 6) under simple random sampling.
    assert found.variance[0] == pytest.approx((1 - n / everything) * residual[coded].var(ddof=1) / n, abs=1e-12)
    assert found.df[0] == pytest.approx(n - 1)
    gold = fit(single(y, f, coded), slope=0.0, shares=False)
    low, high = mean_bounds(gold, (-9, 9))
    expected = stats.ttest_1samp(y[coded], 0).confidence_interval()
    assert (low[0], high[0]) == pytest.approx((expected.low, expected.high), abs=1e-9)
    slope = np.cov(y[coded], f[coded])[0, 1] / f[coded].var(ddof=1)
    assert fit(single(y, f, coded), shares=False).slope == pytest.approx(slope, abs=1e-12)


def test_a_mean_over_articles_is_that_of_glide() -> None:
    # glide-py 0.11.0, ClusteredPPIMeanEstimator without power tuning, which needs Python 3.12: 0.2996279761904761.
    rng = np.random.default_rng(1)
    sizes = rng.integers(2, 9, 40)
    article = np.repeat(np.arange(40), sizes)
    p = rng.beta(2, 3, 40)[article]
    y = (rng.random(len(article)) < p) * 1.0
    f = np.where(rng.random(len(article)) < 0.8, y, 1 - y)
    means = [np.bincount(article, values) / sizes for values in (y, f)]
    found = fit(single(*means, np.arange(40) < 8), slope=1 / (1 - 8 / 40))
    assert found.value[0] == pytest.approx(0.2996279761904761, abs=1e-12)


def test_the_small_sample_correction_is_that_of_the_matrices() -> None:
    rng = np.random.default_rng(4)
    for _ in range(20):
        sizes = rng.integers(1, 30, int(rng.integers(2, 9))).astype(float)
        zero = np.zeros((1, len(sizes)))
        totals = Totals(*[zero] * 2, sizes[None], *[zero] * 4, sizes[None], sizes[None], zero)
        working = np.diag((1 - powered.WORKING_ICC) * sizes + powered.WORKING_ICC * sizes**2)
        residual = np.eye(len(sizes)) - np.outer(sizes, np.ones(len(sizes))) / sizes.sum()
        covariance = residual @ working @ residual.T
        inflation = np.diag(working) / np.diag(covariance)
        omega = np.sqrt(inflation[:, None] * inflation) * covariance
        got_inflation, got_df = powered._small_sample(totals)
        assert got_inflation[0] == pytest.approx(inflation)
        assert got_df[0] == pytest.approx(np.trace(omega) ** 2 / (omega**2).sum())
    alike = Totals(*[np.zeros((1, 6))] * 2, np.full((1, 6), 4.0), *[np.zeros((1, 6))] * 4, *[np.full((1, 6), 4.0)] * 3)
    assert powered._small_sample(alike)[1][0] == pytest.approx(5)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 8), st.sampled_from(["finite", "super"]))
def test_the_order_of_articles_does_not_matter(seed: int, coded: int, population: str) -> None:
    corpora = simulate(Scenario(articles=12, coded=coded, icc=0.2), 1, seed)
    order = np.random.default_rng(seed).permutation(12)
    mixed = Corpora(corpora.cells[:, :, order], corpora.coded[:, :, order], corpora.group[:, order])
    one, two = (fit(corpus_totals(part, "units"), population=population) for part in (corpora, mixed))
    for a, b in zip((one.value, *share_bounds(one)), (two.value, *share_bounds(two)), strict=True):
        assert a == pytest.approx(b)
    assert (share_bounds(one)[0] <= np.clip(one.value, 0, 1) + 1e-9).all()
    assert (share_bounds(one)[1] >= np.clip(one.value, 0, 1) - 1e-9).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["units", "articles"]))
def test_perfect_predictions_give_the_census_and_constant_ones_gold_alone(seed: int, weight: str) -> None:
    perfect = simulate(Scenario(f1=1.0, error_icc=0, icc=0.2, prevalence=(0.4, 0.6), articles=20, coded=6), 1, seed)
    totals = corpus_totals(perfect, weight)
    found = fit(totals)
    if found.slope > 0:  # else no frame was seen
        assert found.slope == pytest.approx(1)
        assert found.value == pytest.approx(naive_totals(totals).gy.sum(axis=-1) / totals.m.sum(axis=-1))
    cells = perfect.cells.copy()
    cells[..., 1, :] += cells[..., 0, :]
    cells[..., 0, :] = 0
    constant = Corpora(cells, perfect.coded, perfect.group)
    one, gold = fit(corpus_totals(constant, weight)), fit(corpus_totals(constant, weight), slope=0.0)
    assert one.slope == 0
    assert one.value == pytest.approx(gold.value)
    assert np.array(share_bounds(one)) == pytest.approx(np.array(share_bounds(gold)))


def test_all_coded_in_a_finite_population_leaves_nothing_uncertain() -> None:
    totals = corpus_totals(simulate(Scenario(articles=8, coded=8), 1, 5), "units")
    found = fit(totals, population="finite")
    low, high = share_bounds(found)
    assert found.value == pytest.approx(totals.gy.sum(axis=-1) / totals.m.sum(axis=-1))
    assert (low == found.value).all()
    assert (high == found.value).all()
    value, variance, df = difference(found, 0, 1)
    assert variance == 0
    assert np.isnan(two_sided_p(value, variance, df))
    assert (fit(totals).variance > 0).all()


def test_wire_copy_that_both_outlets_carry_is_subtracted() -> None:
    corpora = simulate(Scenario(articles=40, coded=40, wire=1.0, icc=0.3), 1, 6)
    found = fit(corpus_totals(corpora, "units"))
    every = np.arange(40), np.arange(40)
    apart, together = difference(found, 0, 1), difference(found, 0, 1, every)
    assert apart[0] == together[0] == 0
    assert together[1] == pytest.approx(found.floor.sum())
    assert apart[1] > 10 * together[1]


def test_spread_takes_out_what_sampling_adds() -> None:
    prevalence = tuple(np.linspace(0.25, 0.55, 8))
    found = fit(corpus_totals(simulate(Scenario(prevalence, articles=40, coded=8), 400, 10), "units"))
    truth = np.std(prevalence, ddof=1)
    assert spread(found).mean() == pytest.approx(truth, rel=0.07)
    assert found.value.std(axis=-1, ddof=1).mean() > 1.15 * truth


def test_slope_is_pooled_and_never_negative() -> None:
    y, f, coded = data(7)
    totals = single(y, -f, coded)
    errors = [(part - part.sum() / totals.gm.sum() * totals.gm) / totals.gm.sum() for part in (totals.gy, totals.gf)]
    assert best_slope(totals, *errors)[0] == 0
    assert fit(totals, shares=False).value[0] == pytest.approx(y[coded].mean())


@pytest.mark.parametrize(
    ("coded", "icc", "f1", "population", "weight"),
    [(10, 0.3, 0.6, "super", "units"), (10, 0.1, 0.85, "finite", "articles"), (5, 0.3, 0.85, "super", "articles")],
)
def test_intervals_cover_and_naive_ones_do_not(coded: int, icc: float, f1: float, population: str, weight: str) -> None:
    scenario = Scenario((0.3, 0.3), articles=6 * coded, coded=coded, icc=icc, f1=(f1, min(1.0, f1 + 0.1)))
    corpora = simulate(scenario, 1500, 8)
    totals = corpus_totals(corpora, weight)
    truth = np.broadcast_to(scenario.expected, (1500, 2))
    if population == "finite":
        share = corpora.true / corpora.size
        truth = share.mean(axis=-1) if weight == "articles" else corpora.true.sum(axis=-1) / corpora.size.sum(axis=-1)
    found = fit(totals, population=population)
    low, high = share_bounds(found)
    covered = ((low <= truth) & (truth <= high)).mean()
    assert 0.935 <= covered <= (0.97 if coded >= 10 else 0.98)
    value, variance, df = difference(found, 0, 1)
    assert 0.03 <= (two_sided_p(value - (truth[:, 0] - truth[:, 1]), variance, df) < 0.05).mean() <= 0.065
    gold = np.subtract(*share_bounds(fit(totals, population=population, slope=0.0))[::-1])
    assert (high - low).mean() < gold.mean()


def test_naive_intervals_miss_a_biased_classifiers_truth() -> None:
    scenario = Scenario((0.3, 0.3), f1=0.6, coder_error=0.0)
    corpora = simulate(scenario, 200, 9)
    cells = corpora.cells.copy()
    cells[..., 1, 0, :] += cells[..., 1, 1, :] // 2  # the classifier misses half of what it found
    cells[..., 1, 1, :] -= cells[..., 1, 1, :] // 2
    totals = corpus_totals(Corpora(cells, corpora.coded, corpora.group), "units")
    naive, right = fit(naive_totals(totals), slope=0.0), fit(totals)
    for found, covers in (naive, False), (right, True):
        low, high = share_bounds(found)
        assert (((low <= 0.3) & (high >= 0.3)).mean() > 0.9) == covers
