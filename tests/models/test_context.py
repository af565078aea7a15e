from __future__ import annotations

import numpy as np
import pytest

from framing.models.context import context_weight, preceding


def test_what_comes_before_is_read_within_the_article_and_the_window() -> None:
    odds = np.array([[1.0], [2.0], [4.0], [8.0], [16.0], [32.0]])
    means, known = preceding(odds, ["a", "a", None, "a", "b", "a"], 2)
    assert means.ravel().tolist() == [0, 1, 0, 1.5, 0, 5]
    assert known.tolist() == [False, True, False, True, False, True]
    assert preceding(odds, [np.nan] * 6, 2)[1].sum() == 0


def test_the_weight_is_the_likeliest() -> None:
    rng = np.random.default_rng(3)
    odds, before = rng.normal(size=(4000, 2)), rng.normal(size=(4000, 2))
    gold = rng.random((4000, 2)) < 1 / (1 + np.exp(-odds - 0.4 * before))
    assert context_weight(odds, before, gold) == pytest.approx(0.4, abs=0.06)
    assert context_weight(odds[:0], before[:0], gold[:0]) == 0
