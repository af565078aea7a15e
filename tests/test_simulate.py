from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.metrics import f1_score

from framing.errors import InputError
from framing.simulate import Scenario, simulate, units


def test_corpora_are_what_the_scenario_says() -> None:
    scenario = Scenario(
        (0.2, 0.5), articles=300, coded=30, mean_size=12, size_cv=0.5, icc=0.2, f1=(0.6, 0.9), lean=(0.7, 1.1)
    )
    corpora = simulate(scenario, 200, 1)
    assert corpora.size.mean() == pytest.approx(12, rel=0.02)
    assert corpora.size.std() / corpora.size.mean() == pytest.approx(0.5, rel=0.05)
    assert corpora.coded.sum(axis=-1).tolist() == [[30, 30]] * 200
    for outlet, (share, f1) in enumerate([(0.2, 0.6), (0.5, 0.9)]):
        true, size = corpora.true[:, outlet], corpora.size[:, outlet]
        assert true.sum() / size.sum() == pytest.approx(share, abs=0.01)
        cells = corpora.cells[:, outlet].sum(axis=(0, 1, -1))
        assert 2 * cells[1, 1] / (2 * cells[1, 1] + cells[0, 1] + cells[1, 0]) == pytest.approx(f1, abs=0.015)
        assert cells[:, 1].sum() / cells[1].sum() == pytest.approx((0.7, 1.1)[outlet], abs=0.02)
        # Pairs of units of one article agree more than chance by the intraclass correlation.
        pairs = (true * (true - 1)).sum() / (size * (size - 1)).sum()
        assert (pairs - share**2) / (share * (1 - share)) == pytest.approx(0.2, abs=0.02)


def test_a_seed_repeats_and_another_does_not() -> None:
    one, two, other = (simulate(Scenario(), 3, seed) for seed in (1, 1, 2))
    assert (one.cells == two.cells).all()
    assert (one.coded == two.coded).all()
    assert (one.cells[..., :1, 0, 0] != other.cells[..., :1, 0, 0]).any()


def test_coders_err_as_often_as_they_are_said_to() -> None:
    cells = simulate(Scenario(coder_error=0.1, articles=200), 20, 3).cells
    wrong = cells[..., 1, :, 0].sum() + cells[..., 0, :, 1].sum()
    assert wrong / cells.sum() == pytest.approx(0.1, abs=0.005)
    exact = simulate(Scenario(), 5, 3)
    assert (exact.gold == exact.true).all()


def test_wire_copy_is_the_same_in_all_outlets() -> None:
    scenario = Scenario((0.1, 0.4), wire=0.25, articles=40)
    corpora = simulate(scenario, 200, 4)
    shared = corpora.group[0] == corpora.group[1]
    assert shared.sum() == 10
    assert (corpora.cells[:, 0, shared] == corpora.cells[:, 1, shared]).all()
    assert scenario.expected == pytest.approx([0.75 * 0.1 + 0.25 * 0.25, 0.75 * 0.4 + 0.25 * 0.25])
    share = corpora.true.sum(axis=(0, 2)) / corpora.size.sum(axis=(0, 2))
    assert share == pytest.approx(scenario.expected, abs=0.01)


def test_a_corpus_is_a_table_of_units() -> None:
    corpora = simulate(Scenario(articles=15, coded=5, coder_error=0.1), 2, 5)
    table = units(corpora, 1)
    assert not table.duplicated(["doc_id", "unit"]).any()
    by_article = table.groupby(["outlet", "doc_id"], sort=False)
    for column, counts in (("truth", corpora.true), ("predicted", corpora.predicted), ("gold", corpora.gold)):
        assert by_article[column].sum().tolist() == counts[1].ravel().tolist()
    assert by_article["sampled"].nunique().eq(1).all()
    assert table.loc[table["sampled"], "doc_id"].nunique() == 10
    assert table["probability"].eq(1 / 3).all()
    cells = corpora.cells[1, 0].sum(axis=(0, -1))
    mine = table[table["outlet"] == "outlet_1"]
    expected = 2 * cells[1, 1] / (2 * cells[1, 1] + cells[0, 1] + cells[1, 0])
    assert f1_score(mine["truth"], mine["predicted"]) == pytest.approx(expected)


def test_equal_sizes_and_no_variation() -> None:
    assert (simulate(Scenario(size_cv=0), 2, 6).size == 10).all()
    assert np.unique(simulate(Scenario(size_cv=0.2, mean_size=3), 20, 6).size).size > 2
    assert (simulate(Scenario((0.0, 1.0), f1=1.0), 2, 6).true.sum(axis=-1)[:, 0] == 0).all()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"prevalence": (0.3, 1.2)}, "prevalence is"),
        ({"f1": (0.5,)}, "1 values of f1"),
        ({"lean": (1.0,) * 3}, "3 values of lean"),
        ({"f1": 0.0}, "f1 of 0"),
        ({"coded": 70}, "70 coded of 60 articles"),
    ],
)
def test_a_scenario_that_cannot_be_is_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Scenario(**wrong)


@pytest.mark.parametrize("changes", [{"prevalence": (0.9, 0.9), "f1": 0.1}, {"f1": 0.9, "lean": 0.5}])
def test_a_classifier_that_cannot_be_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="no classifier has this F1"):
        simulate(Scenario(**changes), 1, 1)
