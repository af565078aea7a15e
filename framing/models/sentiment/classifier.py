"""Scorers with the face of a classifier of tone, so that they are validated beside what is learned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, clone

from framing.models.sentiment.average import checked_weights
from framing.models.sentiment.lexicon import LexiconSentiment
from framing.models.sentiment.protocol import POLARITIES

Array = NDArray[np.float64]


class LexiconClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Tone of three values read off the bundled lexicon; it learns nothing from gold.

    Parameters
    ----------
    values
        Of tone: what stands for negative, for neutral and for positive, in this order.
    protected
        Names that no entry may match.
    """

    def __init__(self, values: tuple[object, ...], protected: tuple[str, ...] = ()) -> None:
        self.values, self.protected = values, protected

    def fit(self, texts: Sequence[str], y: ArrayLike) -> LexiconClassifier:
        """Learn nothing."""
        self.classes_ = np.asarray(self.values)
        self.scorer_ = LexiconSentiment(protected=self.protected)
        return self

    def predict_proba(self, texts: Sequence[str]) -> Array:
        """Return the probability of each value, shape (texts, 3)."""
        return np.asarray(self.scorer_.score(list(texts))[list(POLARITIES)], dtype=float)

    def predict(self, texts: Sequence[str]) -> NDArray[np.object_]:
        """Return the most probable value of each text, shape (texts,)."""
        return np.asarray(self.classes_[self.predict_proba(texts).argmax(axis=1)])


class AverageClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Mean of the probabilities of several classifiers of the same values.

    Parameters
    ----------
    members
        Unfitted, with the same ``values``.
    weights
        How much each counts, none negative; by default all the same.
    """

    def __init__(self, members: tuple[Any, ...], weights: tuple[float, ...] | None = None) -> None:
        self.members, self.weights = members, weights

    def fit(self, texts: Sequence[str], y: ArrayLike) -> AverageClassifier:
        """Fit every member on texts and their values (length n each).

        Raises
        ------
        InputError
            Where weights are not one to each member, none negative and one of them above 0.
        """
        self.weights_ = checked_weights(self.weights, len(self.members), "classifiers")
        self.members_ = [clone(member).fit(texts, y) for member in self.members]
        self.classes_ = self.members_[0].classes_
        return self

    def predict_proba(self, texts: Sequence[str]) -> Array:
        """Return the mean probability of each value, shape (texts, values)."""
        found = [member.predict_proba(texts) for member in self.members_]
        return np.asarray(np.average(found, axis=0, weights=self.weights_))

    def predict(self, texts: Sequence[str]) -> NDArray[np.object_]:
        """Return the most probable value of each text, shape (texts,)."""
        return np.asarray(self.classes_[self.predict_proba(texts).argmax(axis=1)])
