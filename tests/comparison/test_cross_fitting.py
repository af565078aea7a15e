"""A machine that learns from the very gold that corrects it: cross-fitted by article it may, otherwise not."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from framing.comparison.intervals import difference, share_bounds, two_sided_p
from framing.comparison.powered import Totals, drawn, fit
from framing.simulate import Scenario, simulate

FOLDS, FEATURES, CORPORA = 5, 30, 120


def predictions(x: np.ndarray, y: np.ndarray, coded: np.ndarray, fold: np.ndarray, cross: bool) -> np.ndarray:
    """Probabilities from models of the coded units; with ``cross``, an article's own gold never teaches its model."""
    if not cross:
        return np.asarray(LogisticRegression().fit(x[coded], y[coded]).predict_proba(x)[:, 1])
    models = [LogisticRegression().fit(x[own], y[own]) for own in (coded & (fold != k) for k in range(FOLDS))]
    each = np.array([model.predict_proba(x)[:, 1] for model in models])
    return np.where(coded, each[fold, np.arange(len(y))], each.mean(axis=0))


@pytest.mark.parametrize("cross", [True, False])
def test_cross_fitted_predictions_keep_what_intervals_promise(cross: bool) -> None:
    rng = np.random.default_rng(1)
    corpora = simulate(Scenario((0.3, 0.3), articles=60, coded=10, icc=0.2), CORPORA, 2)
    hits = rejected = 0
    for size, true, drew in zip(corpora.size.astype(int), corpora.true.astype(int), corpora.coded, strict=True):
        article = np.repeat(np.arange(size.size), size.ravel())
        y = np.concatenate([np.arange(n) < t for n, t in zip(size.ravel(), true.ravel(), strict=True)]).astype(float)
        habits = rng.normal(0, 0.4, (size.size, FEATURES))[article]
        x = 0.3 * y[:, None] + habits + rng.normal(size=(len(y), FEATURES))
        coded = drew.ravel()[article]
        place = np.where(drew, drew.cumsum(axis=1), 0).ravel()[article]
        f = predictions(x, y, coded, place % FOLDS, cross)

        def total(values: np.ndarray, article: np.ndarray = article, shape: tuple[int, ...] = size.shape) -> np.ndarray:
            return np.bincount(article, values).reshape(shape)

        one = total(np.ones(len(y)))
        census = Totals(
            one, total(f), one, total(y), total(f), total(f * f), total(f * y), one, one, np.zeros_like(one)
        )
        found = fit(drawn(census, drew, np.full(size.shape, 1 / 6)), population="finite")
        low, high = share_bounds(found)
        truth = total(y).sum(axis=1) / one.sum(axis=1)
        hits += int(((low <= truth) & (truth <= high)).sum())
        value, variance, df = difference(found, 0, 1)
        rejected += int(two_sided_p(value - truth[0] + truth[1], variance, df) < 0.05)
    if cross:
        assert hits / CORPORA / 2 >= 0.925
        assert rejected / CORPORA <= 0.09
    else:
        assert hits / CORPORA / 2 < 0.91
        assert rejected / CORPORA > 0.07
