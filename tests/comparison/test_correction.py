from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from framing.benchmark.coverage import corpus_totals
from framing.comparison import Design, corrected, corrected_differences, shares
from framing.comparison.quantification import LEAST_DIFFERENCE
from framing.comparison.totals import check, group
from framing.errors import InputError
from framing.simulate import Scenario, simulate, units

GOLD, SAID = {"frame": "gold"}, {"frame": "predicted"}


def corpus(seed: int = 1, **changes: Any) -> pd.DataFrame:
    return units(simulate(replace(Scenario((0.3, 0.5), articles=30, coded=10), **changes), 1, seed))


def estimate(table: pd.DataFrame, estimator: str = "corrected", **changes: Any) -> pd.DataFrame:
    rows = corrected(table, GOLD, SAID, design=Design(**changes)).table
    return rows[rows["estimator"] == estimator].set_index("outlet")


@pytest.mark.parametrize("weight", ["units", "articles"])
def test_a_table_of_units_gives_the_totals_of_its_counts(weight: Any) -> None:
    corpora = simulate(Scenario((0.3, 0.5), articles=12, coded=4), 1, 2)
    table = units(corpora)
    got = group(check(table, "gold", "predicted", "sampled", "probability", "doc_id"), weight, "finite")
    expected = corpus_totals(corpora, weight)
    for name in vars(expected):
        wanted = getattr(expected, name)[0]
        if name == "left":
            wanted = np.where(expected.gm[0] > 0, wanted, 1)
        assert np.sort(getattr(got.totals, name)) == pytest.approx(np.sort(wanted)), name


def test_three_estimates_stand_side_by_side_and_the_naive_one_never_without_its_warning() -> None:
    for design in (Design(), Design(population="finite"), Design(weight="articles"), Design(probability=None)):
        for function in (corrected, corrected_differences):
            result = function(corpus(), GOLD, SAID, design=design)
            last = "corrected" if design.probability else "adjusted count"
            assert result.table["estimator"].unique().tolist() == ["gold", "naive", last]
            assert any("Rows 'naive'" in caveat for caveat in result.caveats)
            assert any("not drawn with known" in caveat for caveat in result.caveats) == (design.probability is None)
    rows = corrected(corpus(), GOLD, SAID, design=Design()).table
    assert rows["n_coded_articles"].eq(10).all()
    assert rows["reason"].eq("").all()
    assert ((rows["low"] <= rows["value"]) & (rows["value"] <= rows["high"])).all()


def test_gold_alone_is_the_share_of_coded_units() -> None:
    table = corpus()
    coded = table[table["sampled"]]
    expected = shares(coded, {"frame": "gold"}).table
    got = estimate(table, "gold")
    assert got["value"].tolist() == pytest.approx(expected["share"].tolist())
    assert (got["high"] - got["low"]).tolist() == pytest.approx((expected["high"] - expected["low"]).tolist(), rel=0.25)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["units", "articles"]), st.sampled_from(["finite", "super"]))
def test_invariants(seed: int, weight: Any, population: Any) -> None:
    table = corpus(seed % 1000)
    how = {"weight": weight, "population": population}
    plain = estimate(table, **how)
    mixed = estimate(table.sample(frac=1, random_state=seed), **how)
    numbers = ["value", "low", "high", "se", "df"]
    assert mixed[numbers].to_numpy() == pytest.approx(plain[numbers].to_numpy())
    turned = estimate(table.assign(gold=~table["gold"], predicted=~table["predicted"]), **how)
    assert turned["value"].to_numpy() == pytest.approx(1 - plain["value"].to_numpy())
    assert turned["low"].to_numpy() == pytest.approx(1 - plain["high"].to_numpy())
    renamed = estimate(table.assign(doc_id="x" + table["doc_id"]), **how)
    assert renamed[numbers].to_numpy() == pytest.approx(plain[numbers].to_numpy())
    perfect = estimate(table.assign(predicted=table["gold"]), **how)
    census = table.groupby(["outlet", "doc_id"])["gold"].mean().groupby("outlet").mean()
    if weight == "units":
        census = table.groupby("outlet")["gold"].mean()
    assert perfect["value"].to_numpy() == pytest.approx(census.to_numpy())


def test_gold_of_units_not_drawn_is_never_read() -> None:
    table = corpus()
    hidden = table.assign(gold=table["gold"].astype(object).where(table["sampled"], None))
    assert estimate(hidden)["value"].tolist() == estimate(table)["value"].tolist()


def test_unequal_probabilities_are_undone() -> None:
    # Long articles are read four times as often; their prevalence differs, so that unweighted gold is off.
    rng = np.random.default_rng(3)
    found: dict[str, list[float]] = {"corrected": [], "gold": []}
    sizes = rng.integers(2, 20, 60)
    article = np.repeat(np.arange(60), sizes)
    gold = rng.random(len(article)) < np.where(sizes[article] > 10, 0.6, 0.2)
    table = pd.DataFrame({"doc_id": [f"a{a}" for a in article], "outlet": "one", "gold": gold})
    table["predicted"] = np.where(rng.random(len(gold)) < 0.75, gold, ~gold)
    table["probability"] = np.where(sizes[article] > 10, 0.6, 0.15)
    hits = 0
    for _ in range(150):
        drawn = rng.random(60) < np.where(sizes > 10, 0.6, 0.15)
        rows = corrected(
            table.assign(sampled=drawn[article]), GOLD, SAID, design=Design(population="finite")
        ).table.set_index("estimator")
        for name, values in found.items():
            values.append(float(rows.loc[name, "value"]))
        hits += bool(rows.loc["corrected", "low"] <= gold.mean() <= rows.loc["corrected", "high"])
    for values in found.values():
        assert np.mean(values) == pytest.approx(gold.mean(), abs=0.02)
    assert np.std(found["corrected"]) < np.std(found["gold"])
    assert 0.9 <= hits / 150 <= 0.985


def test_units_drawn_one_by_one() -> None:
    corpora = simulate(Scenario((0.3, 0.5), articles=40, coded=0, icc=0.2), 50, 4)
    rng = np.random.default_rng(5)
    hits = {"finite": 0, "super": 0}
    for replication in range(50):
        table = units(corpora, replication)
        table = table.assign(sampled=rng.random(len(table)) < 0.15, probability=0.15)
        census = table.groupby("outlet")["truth"].mean()
        for population, truth in (("finite", census.to_numpy()), ("super", np.array([0.3, 0.5]))):
            rows = estimate(table, population=population, drawn="units")
            hits[population] += int(((rows["low"] <= truth) & (truth <= rows["high"])).sum())
    assert 0.91 <= hits["finite"] / 100 <= 0.98
    assert 0.91 <= hits["super"] / 100 <= 0.98


def test_units_drawn_within_drawn_articles() -> None:
    corpora = simulate(Scenario((0.3, 0.5), articles=40, coded=12, mean_size=15, icc=0.2), 50, 14)
    rng = np.random.default_rng(15)
    hits = {"articles": 0, "units": 0}
    for replication in range(50):
        table = units(corpora, replication)
        table = table.assign(sampled=table["sampled"] & (rng.random(len(table)) < 0.4), probability=0.3 * 0.4)
        census = table.groupby("outlet")["truth"].mean().to_numpy()
        for drawn in ("articles", "units"):
            rows = estimate(table, population="finite", drawn=drawn)
            hits[drawn] += int(((rows["low"] <= census) & (census <= rows["high"])).sum())
    assert hits["articles"] / 100 >= 0.93
    assert hits["units"] < hits["articles"]  # what was drawn must be said


def test_numbers_on_a_scale() -> None:
    rng = np.random.default_rng(6)
    table = corpus(6, coded=12)
    tone = np.clip(rng.normal(0.1, 0.4, len(table)), -1, 1)
    table = table.assign(tone=tone, score=np.clip(0.5 * tone + rng.normal(0.2, 0.1, len(table)), -1, 1))
    table.loc[table.index[::7], ["tone", "score"]] = np.nan
    result = corrected(table, {"tone": "tone"}, {"tone": "score"}, design=Design(scale=(-1, 1)))
    rows = result.table.set_index(["outlet", "estimator"])
    for outlet, own in table.groupby("outlet"):
        truth = own["tone"].mean()
        assert abs(rows.loc[(outlet, "corrected"), "value"] - truth) < 0.1
        assert rows.loc[(outlet, "naive"), "value"] == pytest.approx(own["score"].mean())
        assert rows.loc[(outlet, "corrected"), "se"] < rows.loc[(outlet, "gold"), "se"]
        assert rows.loc[(outlet, "corrected"), "slope"] > 1  # the machine's scores are too flat
    assert rows["n_units"].sum() == 3 * table["tone"].notna().sum()
    assert "mean of units" in result.estimand


def test_differences_are_those_of_the_estimates() -> None:
    table = corpus(7)
    rows = corrected_differences(table, GOLD, SAID, design=Design()).table.set_index("estimator")
    for estimator in ("gold", "naive", "corrected"):
        values = estimate(table, estimator)["value"]
        row = rows.loc[estimator]
        assert row["difference"] == pytest.approx(values["outlet_1"] - values["outlet_2"])
        assert row["low"] < row["difference"] < row["high"]
        assert (row["p"] < 0.05) == (row["low"] > 0 or row["high"] < 0)
        assert row["p_holm"] == pytest.approx(row["p"]), "one test is a family of one"


def test_tests_of_one_estimator_are_a_family() -> None:
    table = corpus(9)
    table["outlet"] = "outlet_" + (table["doc_id"].astype("category").cat.codes % 3).astype(str)
    rows = corrected_differences(table, GOLD, SAID, design=Design()).table
    for _, own in rows.groupby("estimator"):
        assert own["p_holm"].to_numpy() == pytest.approx(multipletests(own["p"], method="holm")[1])


def test_wire_copy_makes_a_difference_more_certain() -> None:
    table = corpus(8, wire=0.5, icc=0.3)
    plain, grouped = (
        corrected_differences(table, GOLD, SAID, design=Design(cluster=cluster)).table.set_index("estimator")
        for cluster in ("doc_id", "group")
    )
    assert grouped.loc["naive", "se"] < plain.loc["naive", "se"]
    assert grouped.loc["corrected", "difference"] == pytest.approx(plain.loc["corrected", "difference"])


def test_adjusted_count_is_that_of_quapy() -> None:
    from quapy.method.aggregative import ACC
    from sklearn.tree import DecisionTreeClassifier

    table = corpus(9, f1=0.8)
    coded = table[table["sampled"]]
    said = coded[["predicted"]].to_numpy(dtype=int)
    quantifier = ACC(
        DecisionTreeClassifier().fit(said, said[:, 0]), fit_classifier=False, val_split=None, solver="exact-raise"
    )
    quantifier.fit(said, coded["gold"].to_numpy(dtype=int))
    rows = estimate(table, "adjusted count", probability=None)
    for outlet, own in table.groupby("outlet"):
        expected = quantifier.predict(own[["predicted"]].to_numpy(dtype=int))[1]
        assert rows.loc[outlet, "value"] == pytest.approx(expected, abs=1e-6)


def test_adjusted_count_covers_where_its_assumption_holds() -> None:
    # Equal error rates in all outlets: recall .8, false positives .1 whatever the prevalence.
    rng = np.random.default_rng(10)
    hits, rejected = [], 0
    for replication in range(50):
        table = units(simulate(Scenario((0.4, 0.4), articles=40, coded=15, icc=0.1), 1, replication))
        chance = np.where(table["truth"], 0.8, 0.1)
        table["predicted"] = rng.random(len(table)) < chance
        rows = estimate(table, "adjusted count", probability=None)
        hits.append(((rows["low"] <= 0.4) & (rows["high"] >= 0.4)).mean())
        tests = corrected_differences(table, GOLD, SAID, design=Design(probability=None)).table
        rejected += int((tests.loc[tests["estimator"] == "adjusted count", "p"] < 0.05).sum())
    assert 0.91 <= np.mean(hits) <= 0.98
    assert rejected / 50 <= 0.12


@pytest.mark.parametrize("population", ["finite", "super"])
def test_degenerate_corpora_give_a_value_or_a_reason(population: Any) -> None:
    table = corpus(11)
    one = table["outlet"].eq("outlet_1")
    first = table.loc[one & table["sampled"], "doc_id"].iloc[0]
    cases = {
        "frame never seen": table.assign(gold=False, predicted=False),
        "always there": table.assign(gold=True, predicted=True),
        "classifier constant": table.assign(predicted=True),
        "classifier always wrong": table.assign(predicted=~table["gold"]),
        "one outlet": table[one],
        "all coded": table.assign(sampled=True, probability=1.0),
        "one coded article": table.assign(sampled=table["doc_id"].eq(first) | (table["sampled"] & ~one)),
        "nothing coded": table.assign(sampled=table["sampled"] & ~one),
        "nothing coded at all": table.assign(sampled=False),
        "one unit": table.iloc[:1].assign(sampled=True),
    }
    for name, case in cases.items():
        for probability in ("probability", None):
            for scale in (None, (0.0, 1.0)):
                design = Design(population=population, probability=probability, scale=scale)
                rows = corrected(case, GOLD, SAID, design=design).table
                told = rows["reason"].ne("")
                assert (np.isfinite(rows[["low", "high"]]).all(axis=1) | told).all(), name
                assert (rows["low"].isna() | (rows["low"] <= rows["value"] + 1e-9)).all(), name
                tests = corrected_differences(case, GOLD, SAID, design=design).table
                assert tests.empty or (tests["p"].notna() | tests["reason"].ne("")).all(), name
    rows = estimate(cases["one coded article"], population=population)
    assert rows.loc["outlet_1", "reason"] == "coded units come from a single article"
    assert np.isfinite(rows.loc["outlet_1", "value"])
    assert rows.loc["outlet_2", "reason"] == ""
    assert estimate(cases["nothing coded"]).loc["outlet_1", "reason"] == "nothing coded"
    never = estimate(cases["frame never seen"], population=population)
    assert (never["value"] == 0).all()
    assert never["high"].between(0.005, 0.3).all()
    blind = estimate(cases["classifier constant"], "adjusted count", probability=None)
    assert blind["reason"].eq("the classifier does not tell yes from no").all()
    assert LEAST_DIFFERENCE > 0
    result = corrected(cases["one coded article"], GOLD, SAID, design=Design())
    assert any("1 coded articles" in caveat for caveat in result.caveats)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop(columns="probability"), "no column 'probability'"),
        (lambda t: t.assign(outlet=""), "the outlet of article '1-1' is unknown"),
        (lambda t: t.assign(probability=0.0), "no known probability"),
        (lambda t: t.assign(probability=np.nan), "no known probability"),
        (lambda t: t.assign(gold=t["gold"] * 2), "gold value 2 of article"),
        (lambda t: t.assign(predicted=None), "no unit has a machine's value"),
        (lambda t: t.assign(sampled="yes"), "column 'sampled': not everywhere true or false"),
    ],
)
def test_columns_that_cannot_be_used_are_named(change: Any, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        corrected(change(corpus()), GOLD, SAID, design=Design())
