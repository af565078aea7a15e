from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import precision_recall_fscore_support

from framing.errors import InputError
from framing.models.classifiers import AlwaysClassifier, MajorityClassifier, ValueClassifier
from framing.models.validation import MACRO, f1_table, leave_one_outlet_out, one_hot, validate

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
    assert table["label"].tolist() == [*LABELS, MACRO]
    assert table["precision"][:3].to_numpy() == pytest.approx(precision)
    assert table["recall"][:3].to_numpy() == pytest.approx(recall)
    assert table["f1"][:3].to_numpy() == pytest.approx(f1)
    assert table["support"][:3].tolist() == support.tolist()
    assert table["f1"][3] == pytest.approx(f1.mean())


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


def test_a_label_in_neither_is_undefined_and_left_out_of_the_mean() -> None:
    gold = np.array([[True, False, False], [False, True, False]])
    table = score([(gold, gold)], pd.Series(["x", "y"]))
    assert np.isnan(table["f1"][2])
    assert table["f1"][3] == 1.0


def test_pairs_are_averaged() -> None:
    gold, decided, articles = random_pair(3)
    both = score([(gold, decided), (gold, gold)], articles)["f1"][0]
    assert both == pytest.approx((score([(gold, decided)], articles)["f1"][0] + 1) / 2)


class Remembers(MajorityClassifier):
    """Says which texts it was fitted on."""

    def fit(self, texts: pd.Series, y: np.ndarray) -> Remembers:
        self.seen_ = set(texts)
        return self

    def predict(self, texts: pd.Series) -> np.ndarray:
        return np.array([text in self.seen_ for text in texts])


def test_no_unit_is_predicted_by_a_model_that_saw_its_outlet() -> None:
    outlets = pd.Series(["east", "west", "east", "north"])
    texts = pd.Series(["a", "b", "a", "d"])  # the same text twice in one outlet
    assert not leave_one_outlet_out(Remembers(), texts, np.array([True] * 4), outlets).any()


@pytest.mark.parametrize(
    ("outlets", "message"),
    [(["east", "east"], "come from 1 outlets, and leaving one out needs two"), (["east", ""], "is unknown")],
)
def test_two_known_outlets_are_needed(outlets: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        leave_one_outlet_out(MajorityClassifier(), pd.Series(["a", "b"]), np.array([0, 1]), pd.Series(outlets))


def test_one_hot_of_a_missing_value_is_nothing() -> None:
    assert one_hot(pd.Series([1.0, np.nan]), (0.0, 1.0)).tolist() == [[False, True], [False, False]]


def test_validate_reports_systems_and_coders() -> None:
    coded = pd.DataFrame(
        {
            "doc_id": [f"{i // 4}" for i in range(16)],
            "outlet": ["east"] * 8 + ["west"] * 8,
            "text": ["عاصفة قوية", "حصاد وفير"] * 8,
        }
    )
    y = np.array(["storm", "harvest"] * 8, dtype=object)
    values = ("storm", "harvest")
    truth, every = one_hot(y, values), np.ones(16, dtype=bool)
    systems = {"tfidf": ValueClassifier(values, "tfidf"), "majority": MajorityClassifier()}
    result = validate(
        coded, y, values, systems, what="weather", rng=7, codings=[(truth, every), (truth, every)], replicates=100
    )
    macro = result.table[result.table["label"] == MACRO].set_index("system")["f1"]
    assert macro.to_dict() == pytest.approx({"tfidf": 1.0, "majority": 1 / 3, "coders": 1.0})
    assert result.seed == 7
    assert result.n_articles == 4
    assert "Leave-one-outlet-out over 2 outlets" in result.method
    assert result.caveats


def test_coders_are_compared_on_the_units_that_both_coded() -> None:
    coded = pd.DataFrame({"doc_id": list("aabb"), "outlet": ["east"] * 2 + ["west"] * 2, "text": ["x"] * 4})
    one = np.array([[True], [True], [False], [True]])
    other = np.array([[True], [False], [False], [False]])
    codings = [(one, np.array([True] * 4)), (other, np.array([True, True, True, False]))]
    result = validate(coded, one, ("frame",), {}, what="frames", rng=1, codings=codings, replicates=10)
    assert result.table.set_index("label").loc["frame", "f1"] == pytest.approx(2 / 3)


def test_one_frame_is_enough() -> None:
    coded = pd.DataFrame({"doc_id": list("abcd"), "outlet": ["east", "east", "west", "west"], "text": ["x"] * 4})
    y = np.array([[True], [False], [True], [False]])
    systems = {"majority": MajorityClassifier(), "always": AlwaysClassifier()}
    table = validate(coded, y, ("frame",), systems, what="frames", rng=1, replicates=10).table
    assert table.set_index(["system", "label"]).loc[("always", "frame"), "f1"] == pytest.approx(2 / 3)
