from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from scipy.special import expit, logit
from sklearn.base import BaseEstimator, clone

from framing.errors import InputError
from framing.models.blend import CERTAIN, BlendedClassifier
from framing.models.ensemble import EnsembleClassifier
from framing.models.splits import held_out_split
from framing.models.thresholds import best_thresholds
from framing.models.transformer import TransformerClassifier


class Numbers(BaseEstimator):  # type: ignore[misc]
    """Log-odds that a text states itself, raised; remembers what it has learned from."""

    def __init__(self, raised: float = 0.0) -> None:
        self.raised = raised

    def fit(self, texts: Sequence[str], y: np.ndarray, groups: object = None, sample_weight: object = None) -> Numbers:
        self.texts_, self.y_, self.groups_, self.sample_weight_ = list(texts), y, groups, sample_weight
        return self

    def predict_proba(self, texts: Sequence[str]) -> np.ndarray:
        yes = expit(np.array([[float(number) for number in text.split()] for text in texts]) + self.raised)
        return np.column_stack([1 - yes, yes]) if self.y_.ndim == 1 else yes


def numbers(n: int, labels: int = 2) -> tuple[list[str], np.ndarray]:
    odds = np.random.default_rng(4).normal(scale=2, size=(n, labels)).round(3)
    return [" ".join(map(str, row)) for row in odds], odds > 0


def test_log_odds_are_averaged_and_thresholds_come_from_what_is_held_out() -> None:
    texts, gold = numbers(200)
    gold ^= np.random.default_rng(1).random(gold.shape) < 0.2
    groups = np.repeat(np.arange(50), 4)
    weight = np.random.default_rng(2).uniform(1, 2, 200)
    model = BlendedClassifier((Numbers(), Numbers(2.0)), refit=(True, False), validation=0.3, seed=5)
    model.fit(texts, gold, groups, weight)
    odds = logit(Numbers(1.0).fit(texts, gold).predict_proba(texts))
    np.testing.assert_allclose(logit(model.predict_proba(texts)), odds)
    learned, held_out = held_out_split(200, groups, 0.3, 5)
    chosen = best_thresholds(odds[held_out], gold[held_out], weight[held_out], False)
    np.testing.assert_allclose(model.thresholds_, chosen)
    np.testing.assert_array_equal(model.predict(texts), model.predict_proba(texts) >= model.thresholds_)
    again, kept = model.members_
    assert again.texts_ == texts
    assert kept.texts_ == [texts[i] for i in learned]
    assert not set(kept.groups_) & set(groups[held_out])
    np.testing.assert_array_equal(kept.sample_weight_, weight[learned])


def test_one_label_answers_yes_or_no() -> None:
    texts, gold = numbers(100, labels=1)
    model = BlendedClassifier((Numbers(3.0), Numbers(1.0))).fit(texts, gold[:, 0])
    assert model.predict_proba(texts).shape == (100, 2)
    # The members say too much by two on average: the threshold makes good for it.
    assert 0.7 < model.thresholds_[0] < 0.99
    assert (model.predict(texts) == gold[:, 0]).mean() > 0.9


def test_nothing_held_out_means_even_odds_and_one_fit() -> None:
    texts, gold = numbers(20)
    for model, groups in (
        (BlendedClassifier((Numbers(),), validation=0.0), None),
        (BlendedClassifier((Numbers(),)), [1] * 20),
    ):
        fitted = clone(model).fit(texts, gold, groups)
        assert fitted.thresholds_.tolist() == [0.5, 0.5]
        assert fitted.members_[0].texts_ == texts


def test_a_member_that_is_certain_does_not_decide_alone() -> None:
    model = BlendedClassifier((Numbers(),), validation=0.0).fit(["900"], np.array([[True]]))
    assert model.predict_proba(["900", "-900"]).ravel() == pytest.approx([1 - CERTAIN, CERTAIN])


def test_at_least_one_is_the_nearest() -> None:
    texts, gold = numbers(60)
    model = BlendedClassifier((Numbers(),), at_least_one=True).fit(texts, gold)
    assert model.predict(["-3 -2", "-2 -3"]).tolist() == [[False, True], [True, False]]


def test_wrong_input_is_told() -> None:
    texts, gold = numbers(10)
    with pytest.raises(InputError, match="2 members, 1 entries in refit"):
        BlendedClassifier((Numbers(), Numbers()), refit=(True,)).fit(texts, gold)
    with pytest.raises(InputError, match="0 members"):
        BlendedClassifier(()).fit(texts, gold)
    with pytest.raises(InputError, match="10 texts, 9 labels"):
        BlendedClassifier((Numbers(),)).fit(texts, gold[:9])


def test_an_ensemble_learns_anew_and_a_tuned_encoder_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, int]] = []
    for kind in (EnsembleClassifier, TransformerClassifier):

        def fit(self: object, texts: list[str], y: np.ndarray, **given: object) -> object:
            seen.append((type(self).__name__, len(texts)))
            return self

        monkeypatch.setattr(kind, "fit", fit)
        monkeypatch.setattr(kind, "predict_proba", lambda self, texts: np.full((len(texts), 2), 0.5))
    texts, gold = numbers(100)
    BlendedClassifier((EnsembleClassifier(("tfidf",)), TransformerClassifier(seed=1, validation=0.0))).fit(texts, gold)
    assert seen == [("EnsembleClassifier", 90), ("TransformerClassifier", 90), ("EnsembleClassifier", 100)]


def test_what_is_laid_down_is_held_out() -> None:
    texts, gold = numbers(80)
    official = np.arange(80) >= 60
    model = BlendedClassifier((Numbers(), Numbers()), refit=(True, False)).fit(texts, gold, held_out=official)
    assert model.members_[0].texts_ == texts
    assert model.members_[1].texts_ == texts[:60]
    odds = logit(Numbers().fit(texts, gold).predict_proba(texts))
    np.testing.assert_allclose(model.thresholds_, best_thresholds(odds[60:], gold[60:], np.ones(20), False))
