from __future__ import annotations

import numpy as np
import pytest

from framing.benchmark import armpro
from framing.simulate import Scenario, simulate, units


def test_prevalence_from_part_of_the_gold_is_held_against_all_of_it() -> None:
    scenario = Scenario((0.3, 0.5, 0.7), articles=30, mean_size=4, f1=0.75, lean=(0.7, 1.0, 1.2))
    table = units(simulate(scenario, 1, 1)).rename(columns={"gold": "label", "predicted": "decided"})
    table["probability"] = np.where(table["decided"], 0.8, 0.3)
    rows = {(r["setting"], r["system"]): r for r in armpro.prevalence_rows(table, 2)}
    naive = rows["prevalence, no gold", "naive"]
    by_outlet = table.groupby("outlet")
    truth, said = by_outlet["label"].mean(), by_outlet["decided"].mean()
    assert naive["mean_absolute_error"] == pytest.approx((said - truth).abs().mean())
    assert naive["spread_of_gold"] == pytest.approx(truth.std())
    for setting in ("articles alike", "long ones more often"):
        gold, corrected = (
            rows[f"prevalence, 30% of articles, {setting}", system] for system in ("gold", "corrected, labels")
        )
        assert 0.91 <= corrected["coverage"] <= 0.99
        assert corrected["systematic_error"] < naive["systematic_error"] / 3
        assert corrected["mean_absolute_error"] < gold["mean_absolute_error"]
        assert corrected["width"] < gold["width"]
        assert corrected["spread"] == pytest.approx(truth.std(), rel=0.15)
    few = armpro.prevalence_rows(table[table["outlet"] == "outlet_1"], 2)
    assert few == []


def test_articles_are_drawn_with_the_probabilities_that_are_said() -> None:
    size = np.array([[1.0, 2, 3, 4, 90, 5, 6, 9], [1, 1, 1, 1, 1, 0, 0, 0]])
    coded, chance = armpro.draw_articles(size, 3)
    assert (coded.sum(axis=-1) == 2).all()
    assert chance[0, 4] == 1
    assert chance.sum(axis=-1) == pytest.approx(2)
    assert chance[1] == pytest.approx([0.4] * 5 + [0] * 3)
    assert coded.mean(axis=0) == pytest.approx(chance, abs=0.07)
    assert not coded[:, 1, 5:].any()
