"""What the units before a unit add to what its own words say: frames come in runs."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]


def in_article(articles: ArrayLike) -> Bools:
    """Tell which texts belong to an article, shape (units,): None or nan stands alone."""
    return np.array(
        [article is not None and article == article for article in np.asarray(articles, dtype=object)], bool
    )


def preceding(odds: Array, articles: ArrayLike, window: int) -> tuple[Array, Bools]:
    """Average the log-odds of the units before each unit in its article.

    Parameters
    ----------
    odds : shape (units, labels)
        In reading order within each article; 0 where nothing is known.
    articles : shape (units,)
        Id of each unit's article; None or nan for a text that stands alone.
    window
        How many units before are read.

    Returns
    -------
    means : shape (units, labels)
        0 where no unit comes before.
    known : shape (units,)
        Whether one does.
    """
    means, known = np.zeros_like(odds), np.zeros(len(odds), dtype=bool)
    seen: dict[object, list[int]] = {}
    names = np.asarray(articles, dtype=object)
    for place in np.flatnonzero(in_article(articles)).tolist():
        before = seen.setdefault(names[place], [])
        if before:
            means[place], known[place] = odds[before[-window:]].mean(axis=0), True
        before.append(place)
    return means, known


def context_weight(odds: Array, before: Array, gold: Bools) -> float:
    """Return the weight between 0 and 1 with which units before explain gold best.

    The maximum of the likelihood of ``odds + weight * before``, one weight for all labels, so that it rests on as
    many decisions as there are.

    Parameters
    ----------
    odds, before, gold : shape (units, labels)
        Log-odds of units that were not learned from, those of the units before them, and what holds.
    """
    if len(odds) == 0:
        return 0.0

    def loss(weight: float) -> float:
        moved = odds + weight * before
        return float(np.logaddexp(0, np.where(gold, -moved, moved)).sum())

    return float(minimize_scalar(loss, bounds=(0, 1), method="bounded").x)
