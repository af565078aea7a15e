from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.models.classifiers import AlwaysClassifier, MajorityClassifier, ValueClassifier
from framing.models.scores import MACRO, one_hot
from framing.models.validation import Extra, cross_predict, validate


class Remembers(MajorityClassifier):
    """Says which texts it was fitted on, and which groups it was told."""

    def fit(self, texts: list[str], y: np.ndarray, groups: np.ndarray | None = None) -> Remembers:
        self.seen_, self.groups_ = set(texts), groups
        Remembers.told = groups
        return self

    def predict(self, texts: list[str]) -> np.ndarray:
        return np.array([text in self.seen_ for text in texts])


def coded_units(outlets: list[str], texts: list[str] | None = None, articles: list[str] | None = None) -> pd.DataFrame:
    table = pd.DataFrame({"outlet": outlets, "text": texts or [f"نص {i}" for i in range(len(outlets))]})
    table["doc_id"] = articles or outlets
    table["cluster"] = pd.factorize(table["doc_id"])[0]
    return table.assign(duplicate=pd.factorize(table["text"])[0])


def test_no_unit_is_predicted_by_a_model_that_saw_it() -> None:
    coded = coded_units(["east", "west", "east", "north"])
    splits = [(np.array([1, 3]), np.array([0, 2])), (np.array([0, 2]), np.array([1, 3]))]
    extra = Extra(pd.Series(["نص 0 مصنوع"]), np.array([True]), pd.Series(["style x"]))
    assert not cross_predict(Remembers(), coded, np.array([True] * 4), splits, extra).decided.any()
    assert Remembers.told.tolist() == ["east", "east", "style x"]


def test_probabilities_come_from_the_same_folds() -> None:
    texts = ["عاصفة قوية", "حصاد وفير"] * 4
    coded = coded_units(["east"] * 4 + ["west"] * 4, texts)
    splits = [(np.arange(4), np.arange(4, 8)), (np.arange(4, 8), np.arange(4))]
    y = np.array(["storm", "harvest"] * 4, dtype=object)
    found = cross_predict(ValueClassifier(("storm", "harvest"), "tfidf"), coded, y, splits)
    assert found.probability is not None
    assert (found.probability.argmax(axis=1) == [0, 1] * 4).all()
    assert cross_predict(MajorityClassifier(), coded, y, splits).probability is None


def test_validate_reports_systems_and_coders() -> None:
    texts = [f"{kind} {i}" for i in range(8) for kind in ("عاصفة قوية", "حصاد وفير")]
    coded = coded_units(["east"] * 8 + ["west"] * 8, texts, [str(i // 4) for i in range(16)])
    y = np.array(["storm", "harvest"] * 8, dtype=object)
    values = ("storm", "harvest")
    truth, every = one_hot(y, values), np.ones(16, dtype=bool)
    systems = {"tfidf": (ValueClassifier(values, "tfidf"), None), "majority": (MajorityClassifier(), None)}
    result, predictions = validate(
        coded, y, values, systems, what="weather", rng=7, codings=[(truth, every), (truth, every)], replicates=100
    )
    macro = result.table[result.table["label"] == MACRO].set_index("system")["f1"]
    assert macro.to_dict() == pytest.approx({"tfidf": 1.0, "majority": 1 / 3, "coders": 1.0})
    assert predictions["tfidf"].decided.tolist() == y.tolist()
    assert result.seed == 7
    assert result.n_articles == 4
    assert "Leave-one-outlet-out over 2 outlets" in result.method
    assert result.caveats


def test_coders_are_compared_on_the_units_that_both_coded() -> None:
    coded = coded_units(["east", "east", "west", "west"], articles=list("aabb"))
    one = np.array([[True], [True], [False], [True]])
    other = np.array([[True], [False], [False], [False]])
    codings = [(one, np.array([True] * 4)), (other, np.array([True, True, True, False]))]
    result, _ = validate(coded, one, ("frame",), {}, what="frames", rng=1, codings=codings, replicates=10)
    assert result.table.set_index("label").loc["frame", "f1"] == pytest.approx(2 / 3)


def test_one_frame_is_enough() -> None:
    coded = coded_units(["east", "east", "west", "west"], articles=list("abcd"))
    y = np.array([[True], [False], [True], [False]])
    systems = {"majority": (MajorityClassifier(), None), "always": (AlwaysClassifier(), None)}
    table = validate(coded, y, ("frame",), systems, what="frames", rng=1, replicates=10)[0].table
    assert table.set_index(["system", "label"]).loc[("always", "frame"), "f1"] == pytest.approx(2 / 3)


@pytest.mark.parametrize("scheme", ["outlet", "article", "duplicate"])
def test_every_scheme_says_what_it_keeps_whole(scheme: str) -> None:
    coded = coded_units(["east", "east", "west", "west"], articles=list("abcd"))
    y = np.array([[True], [False], [True], [False]])
    systems = {"always": (AlwaysClassifier(), None)}
    result, _ = validate(coded, y, ("f",), systems, what="frames", rng=1, scheme=scheme, replicates=10)
    assert set(result.table["scheme"]) == {scheme}
    assert {"outlet": "outlets", "article": "whole articles", "duplicate": "near-duplicates"}[scheme] in result.method
