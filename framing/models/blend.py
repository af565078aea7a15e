"""Several classifiers as one: the mean of their log-odds, thresholds from texts that none of them has learned from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import logit
from sklearn.base import BaseEstimator, ClassifierMixin, clone

from framing.errors import InputError
from framing.models.splits import held_out_split
from framing.models.thresholds import best_thresholds, chances, decided
from framing.models.transformer import TransformerClassifier

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]

CERTAIN = 1e-4
"""Probabilities are kept this far from 0 and 1: a member that is certain must not decide alone."""


class BlendedClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Mean of the log-odds of several classifiers (a logarithmic opinion pool), with a threshold per label.

    Made for an `EnsembleClassifier`, which rests on vectors as they are, beside a `TransformerClassifier`, which bends
    them to the task: they err apart. A part of the texts is held out by whole groups; every member learns from the
    others, and the thresholds are those that serve best on the held-out part. Then members that learn in seconds
    learn once more, from all texts; a fine-tuned encoder stays as it is, because its training is what takes minutes.
    The thresholds are kept in either case.

    Parameters
    ----------
    members
        Unfitted classifiers with ``fit(texts, y, groups=, sample_weight=)`` and ``predict_proba``. A
        `TransformerClassifier` among them needs no held-out part of its own (``validation=0``), unless its training
        is to stop early.
    validation
        Share of the groups that is held out; 0, or a single group, gives thresholds of .5.
    refit
        Which members learn from all texts in the end; by default all but `TransformerClassifier`.
    at_least_one
        Decide for the label nearest to its threshold where none reaches it.
    seed
        Draws the held-out part, nothing else.

    Attributes
    ----------
    members_ : list
        Fitted.
    thresholds_ : ndarray, shape (labels,)
    """

    def __init__(
        self,
        members: tuple[Any, ...],
        *,
        validation: float = 0.1,
        refit: tuple[bool, ...] | None = None,
        at_least_one: bool = False,
        seed: int = 0,
    ) -> None:
        self.members, self.validation, self.refit = members, validation, refit
        self.at_least_one, self.seed = at_least_one, seed

    def fit(
        self,
        texts: Sequence[str],
        y: ArrayLike,
        groups: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
        held_out: ArrayLike | None = None,
    ) -> BlendedClassifier:
        """Learn from texts and gold.

        Parameters
        ----------
        texts : length n
        y : shape (n, labels) or (n,), bool
        groups : shape (n,)
            What the held-out part keeps whole: articles or near-duplicate groups. By default each text is its own.
        sample_weight : shape (n,)
            How much a text counts, in every member and in the choice of thresholds.
        held_out : shape (n,), bool
            Which texts are held out, where that is laid down (an official development set); by default they are drawn.

        Raises
        ------
        InputError
            Where there is no member, ``refit`` does not fit the members, or lengths differ.
        """
        texts, gold = list(texts), np.asarray(y, dtype=bool)
        refit = self.refit or tuple(not isinstance(member, TransformerClassifier) for member in self.members)
        if not self.members or len(refit) != len(self.members):
            raise InputError(
                f"{len(self.members)} members, {len(refit)} entries in refit",
                cure="Give at least one member, and one entry to each.",
            )
        if not texts or len(texts) != len(gold):
            raise InputError(
                f"cannot learn from {len(texts)} texts, {len(gold)} labels", cure="Give each text a label."
            )
        self.flat_ = gold.ndim == 1
        kept = None if groups is None else np.asarray(groups)
        weight = None if sample_weight is None else np.asarray(sample_weight, dtype=float)
        learned, apart = held_out_split(len(texts), kept, self.validation, self.seed)
        if held_out is not None:
            learned, apart = np.flatnonzero(~np.asarray(held_out, bool)), np.flatnonzero(held_out)
        self.members_ = [_fitted(member, texts, gold, kept, weight, learned) for member in self.members]
        self.thresholds_ = np.full(1 if self.flat_ else gold.shape[1], 0.5)
        if len(apart):
            counts = np.ones(len(apart)) if weight is None else weight[apart]
            truth = gold[apart].reshape(len(apart), -1)
            odds = self._odds([texts[i] for i in apart])
            self.thresholds_ = best_thresholds(odds, truth, counts, self.flat_)
            everything = np.arange(len(texts))
            self.members_ = [
                _fitted(member, texts, gold, kept, weight, everything) if again else done
                for member, done, again in zip(self.members, self.members_, refit, strict=True)
            ]
        self.classes_ = np.array([False, True])
        return self

    def decision_function(self, texts: Sequence[str]) -> Array:
        """Return log-odds above each label's threshold, shape (texts, labels)."""
        return np.asarray(self._odds(list(texts)) - logit(self.thresholds_))

    def predict_proba(self, texts: Sequence[str]) -> Array:
        """Return the probability of each label, shape (texts, labels); (texts, 2) of no and yes for one label."""
        return chances(self._odds(list(texts)), flat=self.flat_)

    def predict(self, texts: Sequence[str]) -> Bools:
        """Return which labels hold, shape (texts, labels), or (texts,) for one label."""
        return self.judge(texts)[1]

    def judge(self, texts: Sequence[str]) -> tuple[Array, Bools]:
        """Return what `predict_proba` and `predict` give, from one look at the texts."""
        odds = self._odds(list(texts))
        held = decided(odds - logit(self.thresholds_), flat=self.flat_, at_least_one=self.at_least_one)
        return chances(odds, flat=self.flat_), held

    def _odds(self, texts: list[str]) -> Array:
        found = [np.asarray(member.predict_proba(texts), dtype=float) for member in self.members_]
        yes = [proba[:, 1:] if self.flat_ else proba for proba in found]
        return np.asarray(np.mean([logit(np.clip(proba, CERTAIN, 1 - CERTAIN)) for proba in yes], axis=0))


def _fitted(
    member: Any,
    texts: list[str],
    gold: Bools,
    groups: NDArray[Any] | None,
    weight: Array | None,
    chosen: NDArray[np.intp],
) -> Any:
    """Return a copy of the member that has learned from the chosen texts."""
    return clone(member).fit(
        [texts[i] for i in chosen],
        gold[chosen],
        groups=None if groups is None else groups[chosen],
        sample_weight=None if weight is None else weight[chosen],
    )
