from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score, precision_recall_fscore_support

from framing.models.scores import EXACT, MACRO, MACRO_ALL, f1_table, one_hot

LABELS = ("a", "b", "c")


def random_pair(seed: int, n: int = 60) -> tuple[np.ndarray, np.ndarray, pd.Series]:
    rng = np.random.default_rng(seed)
    gold = rng.random((n, 3)) < [0.5, 0.2, 0.1]
    decided = gold ^ (rng.random((n, 3)) < 0.2)
    return gold, decided, pd.Series(rng.integers(0, 8, n))


def score(pairs: list[tuple[np.ndarray, np.ndarray]], articles: pd.Series, seed: int = 1) -> pd.DataFrame:
    return f1_table(pairs, LABELS, articles, np.random.default_rng(seed), replicates=300, level=0.95)


def test_scores_are_those_of_scikit_learn() -> None:
    gold, decided, articles = random_pair(2)
    table = score([(gold, decided)], articles)
    precision, recall, f1, support = precision_recall_fscore_support(gold, decided, zero_division=np.nan)
    assert table["label"].tolist() == [*LABELS, MACRO, MACRO_ALL, EXACT]
    assert table["precision"][:3].to_numpy() == pytest.approx(precision)
    assert table["recall"][:3].to_numpy() == pytest.approx(recall)
    assert table["f1"][:3].to_numpy() == pytest.approx(f1)
    assert table["support"][:3].tolist() == support.tolist()
    assert table["f1"][3] == pytest.approx(f1.mean())
    assert table["f1"][4] == pytest.approx(f1_score(gold, decided, average="macro", zero_division=0))
    assert table["f1"][5] == pytest.approx(accuracy_score(gold, decided))
    assert table["support"][5] == len(gold)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_interval_holds_the_range_and_order_of_units_does_not_matter(seed: int) -> None:
    gold, decided, articles = random_pair(seed)
    table = score([(gold, decided)], articles)
    known = table.dropna()
    assert (known["low"] <= known["high"]).all()
    assert known["low"].between(0, 1).all()
    order = np.random.default_rng(seed).permutation(len(gold))
    mixed = score([(gold[order], decided[order])], articles.iloc[order])
    assert mixed["f1"].to_numpy() == pytest.approx(table["f1"].to_numpy(), nan_ok=True)


def test_a_label_in_neither_is_undefined_and_left_out_of_the_mean_but_not_of_the_mean_of_all() -> None:
    gold = np.array([[True, False, False], [False, True, False]])
    table = score([(gold, gold)], pd.Series(["x", "y"]))
    assert np.isnan(table["f1"][2])
    assert table["f1"][3] == 1.0
    assert table["f1"][4] == pytest.approx(2 / 3)


def test_pairs_are_averaged() -> None:
    gold, decided, articles = random_pair(3)
    both = score([(gold, decided), (gold, gold)], articles)["f1"][0]
    assert both == pytest.approx((score([(gold, decided)], articles)["f1"][0] + 1) / 2)


def test_one_hot_of_a_missing_value_is_nothing() -> None:
    assert one_hot(pd.Series([1.0, np.nan]), (0.0, 1.0)).tolist() == [[False, True], [False, False]]
