from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.formula.api import ols
from statsmodels.stats.power import TTestIndPower
from statsmodels.stats.proportion import samplesize_confint_proportion

from framing.comparison import Rates, draw_sample, observed_rates, plan
from framing.comparison.drawing import allocate
from framing.comparison.estimates import ratio_variance, share_interval
from framing.comparison.permutation import permutation_test
from framing.comparison.planning import intraclass_correlation
from framing.comparison.precision import articles_for_interval, articles_for_power, half_width, power
from framing.errors import InputError

FRAMES = {"cold": "has_cold", "warm": "has_warm"}


def clusters(rng: np.random.Generator, rates: Rates, articles: int) -> tuple[np.ndarray, np.ndarray]:
    """Beta-binomial articles with the planned rates, sizes uniform over a range with the planned spread."""
    m = int(rates.units_per_article)
    half = round(rates.cv * np.sqrt(3) * m)
    n = rng.integers(m - half, m + half + 1, articles)
    scale = 1 / rates.icc - 1
    p = rng.beta(rates.prevalence * scale, (1 - rates.prevalence) * scale, articles)
    return rng.binomial(n, p).astype(float), n.astype(float)


def test_design_effect_is_that_of_the_textbooks() -> None:
    assert Rates(0.3, 0.05, 20).design_effect == pytest.approx(1.95)
    assert Rates(0.3, 0.0, 20, 0.8).design_effect == 1
    assert Rates(0.3, 0.05, 20, 0.5).design_effect == pytest.approx(1 + (1.25 * 20 - 1) * 0.05)


def test_without_clusters_the_number_is_that_of_statsmodels() -> None:
    found = articles_for_interval(Rates(0.3, 0.0, 1), 0.03)
    assert found == pytest.approx(samplesize_confint_proportion(0.3, 0.03, 0.05), abs=4)
    assert half_width(Rates(0.3, 0.0, 1), found) <= 0.03 < half_width(Rates(0.3, 0.0, 1), found - 1)


@pytest.mark.parametrize("articles", [8, 30, 200])
def test_power_is_that_of_statsmodels(articles: int) -> None:
    rates = Rates(0.3, 0.1, 12)
    spread = np.sqrt((0.3 * 0.7 + 0.45 * 0.55) / 2 * rates.design_effect / 12)
    expected = TTestIndPower().power(0.15 / spread, articles, 0.05)
    assert power(rates, 0.15, articles) == pytest.approx(expected, abs=1e-6)


def test_articles_for_power_are_just_enough() -> None:
    rates = Rates(0.3, 0.1, 12, 0.4)
    found = articles_for_power(rates, 0.15, 0.8)
    assert power(rates, 0.15, found) >= 0.8 > power(rates, 0.15, found - 1)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.05, 0.95), st.floats(0, 0.5), st.floats(1, 60), st.floats(0, 1.5))
def test_more_clustering_never_needs_less(prevalence: float, icc: float, m: float, cv: float) -> None:
    plain = articles_for_interval(Rates(prevalence, icc, m), 0.1)
    assert articles_for_interval(Rates(prevalence, icc, m, cv), 0.1) >= plain
    assert articles_for_interval(Rates(prevalence, min(icc + 0.1, 0.99), m), 0.1) >= plain
    assert articles_for_interval(Rates(prevalence, icc, m), 0.05) >= plain


@pytest.mark.parametrize("rates", [Rates(0.2, 0.1, 12), Rates(0.4, 0.25, 20, 0.4)], ids=str)
def test_the_planned_number_gives_the_planned_interval(rates: Rates) -> None:
    articles = articles_for_interval(rates, 0.06)
    rng = np.random.default_rng(3)
    widths, variances = [], []
    for _ in range(300):
        y, n = clusters(rng, rates, articles)
        found = share_interval(y, n)
        widths.append((found.high - found.low) / 2)
        variances.append(ratio_variance(y, n)[1])
    assert np.mean(widths) == pytest.approx(0.06, rel=0.06)
    assert np.mean(variances) == pytest.approx(rates.variance(articles), rel=0.08)


def test_the_planned_number_has_the_planned_power() -> None:
    """Checked with the test that the package runs: labels permuted over articles."""
    rates = Rates(0.25, 0.15, 10, 0.3)
    articles = articles_for_power(rates, 0.15, 0.8)
    other = Rates(0.40, 0.15, 10, 0.3)
    rng = np.random.default_rng(4)
    hits = 0
    for _ in range(250):
        (ya, na), (yb, nb) = clusters(rng, rates, articles), clusters(rng, other, articles)
        first = np.arange(2 * articles) < articles
        hits += permutation_test(np.r_[ya, yb], np.r_[na, nb], first, rng, 199).p <= 0.05
    assert hits / 250 == pytest.approx(0.8, abs=0.07)


def units(seed: int, articles: int = 30) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = []
    for outlet, rate in (("a", 0.5), ("b", 0.2)):
        for article in range(articles):
            p = rng.beta(rate * 4, (1 - rate) * 4)
            rows += [
                {"doc_id": f"{outlet}{article}", "outlet": outlet, "unit": u, "x": bool(rng.random() < p)}
                for u in range(rng.integers(2, 15))
            ]
    return pd.DataFrame(rows)


def test_intraclass_correlation_is_that_of_the_analysis_of_variance_of_statsmodels() -> None:
    table = units(1).assign(y=lambda t: t["x"].astype(float))
    codes = [pd.factorize(table[c])[0] for c in ("doc_id", "outlet")]
    found = intraclass_correlation(table["y"].to_numpy(), *codes)
    anova = sm.stats.anova_lm(ols("y ~ C(outlet)", table).fit(), ols("y ~ C(doc_id)", table).fit())
    msb, msw = anova["ss_diff"].iloc[1] / anova["df_diff"].iloc[1], anova["ssr"].iloc[1] / anova["df_resid"].iloc[1]
    sizes = table.groupby(["outlet", "doc_id"]).size()
    m0 = (sizes.sum() - (sizes**2).groupby("outlet").sum().div(sizes.groupby("outlet").sum()).sum()) / 58
    assert found == pytest.approx((msb - msw) / (msb + (m0 - 1) * msw))


def test_intraclass_correlation_is_about_the_true_one() -> None:
    found = []
    for seed in range(8):
        table = units(seed, 60)
        codes = [pd.factorize(table[c])[0] for c in ("doc_id", "outlet")]
        found.append(intraclass_correlation(table["x"].to_numpy(dtype=float), *codes))
    assert np.mean(found) == pytest.approx(0.2, abs=0.03)


def test_a_plan_from_data() -> None:
    table = units(2)
    rates = observed_rates(table, {"x": "x"})
    result = plan(rates, interval=0.05, difference=0.15, tests=3)
    rows = result.table.set_index("outlet")
    assert rows["prevalence"].to_dict() == pytest.approx(table.groupby("outlet")["x"].mean().to_dict())
    assert rows["articles"].tolist() == [30, 30]
    row = rows.loc["a"]
    own = Rates(row["prevalence"], row["icc"], row["units_per_article"], row["cv"])
    assert row["articles_for_interval"] == articles_for_interval(own, 0.05)
    assert row["articles_for_power"] == articles_for_power(own, 0.15, 0.8, 0.05 / 3)
    assert row["units_for_power"] == np.ceil(row["articles_for_power"] * row["units_per_article"])
    assert row["half_width"] == pytest.approx(half_width(own, 30))
    assert (result.n_articles, result.n_units) == (60, len(table))
    assert observed_rates(table, {"x": "x"}, icc=0.3)["icc"].tolist() == [0.3, 0.3]


def test_a_plan_from_stated_rates() -> None:
    stated = pd.DataFrame([{"prevalence": 0.2, "icc": 0.1, "units_per_article": 15.0}])
    row = plan(stated, interval=0.05, articles=40, difference=0.1).table.iloc[0]
    assert row["power"] == pytest.approx(power(Rates(0.2, 0.1, 15), 0.1, 40))
    assert row["reason"] == ""
    assert np.isnan(plan(stated, interval=0.05).table["power"][0])


def test_reasons() -> None:
    table = units(3).assign(never=False, one=lambda t: t["x"])
    columns = {"never": "never", "x": "x"}
    found = plan(observed_rates(table, columns), difference=0.6).table.set_index(["variable", "outlet"])
    assert found.loc[("never", "a"), "reason"] == "it never occurs here: state a prevalence"
    assert found.loc[("x", "a"), "reason"].startswith("a difference of 0.6 from a prevalence of 0.")
    assert found.loc[("x", "b"), "reason"] == ""
    single = observed_rates(table[table["doc_id"].isin(["a0", "b0"])].assign(x=lambda t: t["unit"] == 0), {"x": "x"})
    assert "state an intraclass correlation" in " ".join(single["reason"])


@pytest.mark.parametrize(
    ("rates", "message"),
    [
        ((1.2, 0.1, 5), "prevalence is 1.2. Give a share"),
        ((0.2, 1.0, 5), "icc is 1. Give a correlation"),
        ((0.2, 0.1, 0.5), "units_per_article is 0.5. Give a number from 1"),
        ((0.2, 0.1, 5, -1), "cv is -1"),
    ],
)
def test_rates_out_of_range(rates: tuple[float, ...], message: str) -> None:
    with pytest.raises(InputError, match=message.replace(".", r"\.")):
        Rates(*rates)


def test_goals_out_of_range() -> None:
    rates = Rates(0.2, 0.1, 5)
    with pytest.raises(InputError, match="a half-width of 5"):
        articles_for_interval(rates, 5)
    with pytest.raises(InputError, match="a power of 1"):
        articles_for_power(rates, 0.1, 1)
    with pytest.raises(InputError, match="no number of articles within reach"):
        articles_for_interval(rates, 1e-6)


def test_a_sample_says_how_likely_each_unit_was() -> None:
    table = units(5).assign(y=lambda t: t["unit"] == 0)
    result = draw_sample(table, {"x": "x", "y": "y"}, 60, rng=2)
    assert len(result.table) == 60
    assert result.table.columns.tolist() == ["doc_id", "unit", "outlet", "stratum", "probability"]
    assert set(result.table["stratum"]) == {f"{o}: {f}" for o in "ab" for f in ("x", "y", "none")}
    weights = (1 / result.table["probability"]).groupby(result.table["stratum"]).sum()
    merged = table.assign(stratum=np.select([table["y"], table["x"]], ["y", "x"], "none"))
    sizes = merged.groupby(merged["outlet"] + ": " + merged["stratum"]).size()
    assert weights.to_dict() == pytest.approx(sizes.to_dict()), "weights add up to what there is"
    assert not result.table.duplicated(["doc_id", "unit"]).any()


def test_weighted_shares_of_samples_are_unbiased() -> None:
    """Horvitz & Thompson (1952): over many draws the weighted share is that of all units."""
    table = units(6)
    truth = table.set_index(["doc_id", "unit"])["x"]
    predicted = table.assign(p=table["x"] ^ (np.random.default_rng(0).random(len(table)) < 0.2))
    found = []
    for seed in range(150):
        drawn = draw_sample(predicted, {"p": "p"}, 40, rng=seed).table
        w = 1 / drawn["probability"]
        found.append(
            (w * truth.loc[list(zip(drawn["doc_id"], drawn["unit"], strict=True))].to_numpy()).sum() / len(table)
        )
    assert np.mean(found) == pytest.approx(truth.mean(), abs=3 * np.std(found) / np.sqrt(150))


def test_articles_can_be_drawn() -> None:
    table = units(7)
    result = draw_sample(table, {"x": "x"}, 20, rng=2, by="articles", allocation="proportional")
    assert result.table.columns.tolist() == ["doc_id", "outlet", "stratum", "probability"]
    assert not result.table["doc_id"].duplicated().any()
    assert (1 / result.table["probability"]).sum() == pytest.approx(60)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=8), st.integers(0, 60), st.sampled_from(["equal", "proportional"])
)
def test_allocation(sizes: list[int], more: int, allocation: str) -> None:
    array = np.array(sizes)
    least = np.minimum(array, 2).sum()
    n = int(min(least + more, array.sum()))
    taken = allocate(array, n, allocation)
    assert taken.sum() == n
    assert (taken <= array).all()
    assert (taken >= np.minimum(array, 2)).all()
    if allocation == "equal":
        open_ = taken < array
        assert not open_.any() or taken[open_].min() >= taken.max() - 1


def test_what_cannot_be_drawn_is_told() -> None:
    table = units(8)
    with pytest.raises(InputError, match=r"3 cannot be drawn from .* in 4 strata\. Draw at least 8"):
        draw_sample(table, {"x": "x"}, 3, rng=1)
    with pytest.raises(InputError, match="no column 'unit'"):
        draw_sample(table.drop(columns="unit"), {"x": "x"}, 30, rng=1)
    with pytest.raises(InputError, match="unit 0 of 'a0' stands twice"):
        draw_sample(pd.concat([table, table.iloc[:1]]), {"x": "x"}, 30, rng=1)
