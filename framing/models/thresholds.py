"""From which probability a label is decided for: chosen on texts that the classifier has not learned from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]

PLATEAU = 0.005
"""Thresholds this near to the best one are as good: the difference is one of the folds drawn."""

RARE = 0.1
"""No label is decided for at a lower probability than this, whatever its F1 would gain."""

EDGE = 0.01
"""Rates of a label are kept this far from 0 and 1 before their log-odds are taken."""


def best_threshold(odds: Array, held: Bools, weight: Array, both: bool) -> float:
    """Return the probability from which deciding for a label serves best on texts that were not learned from.

    For one of several labels: half of the best F1 that any threshold reaches (Lipton, Elkan & Naryanaswamy 2014,
    theorem 1), which for calibrated probabilities is the threshold that reaches it, and is far steadier than the
    argmax where gold is scarce. With ``both``, where one label is a choice of two: the middle of the thresholds whose
    mean of accuracy and macro F1 comes within `PLATEAU` of the best. Such a threshold lies halfway between two texts:
    at the lower edge of what was decided for, a few well separated texts would place it as high as the surest of them.
    """
    order = np.argsort(-odds, kind="stable")
    yes, said = np.cumsum((weight * held)[order]), np.cumsum(weight[order])
    hits, total = yes[-1], said[-1]
    f1 = 2 * yes / np.maximum(said + hits, EDGE)
    if not both:
        # Where no threshold beats deciding for every text, scores say nothing of the label: only what is likely holds.
        return float(np.clip(f1.max() / 2, RARE, 0.5)) if f1.max() > f1[-1] + PLATEAU else 0.5
    no = total - said - (hits - yes)
    macro = (f1 + 2 * no / np.maximum(2 * total - said - hits, EDGE)) / 2
    value = macro + (yes + no) / total
    falling = odds[order]
    # Half the way down to the next text; below the last one there is none. Texts that tie are decided together.
    between = (falling + np.append(falling[1:], falling[-1])) / 2
    apart = np.append(falling[:-1] > falling[1:], True)
    good = between[apart & (value >= value[apart].max() - 2 * PLATEAU)]
    return float(np.clip(expit(np.median(good)), EDGE, 1 - EDGE))


def decided(above: Array, *, flat: bool, at_least_one: bool) -> Bools:
    """Return which labels hold, shape (texts, labels), or (texts,) for one label.

    Parameters
    ----------
    above : shape (texts, labels)
        Log-odds above each label's threshold.
    flat
        There is one label, a choice of two.
    at_least_one
        Decide for the label nearest to its threshold where none of several reaches it.
    """
    held = above >= 0
    if flat:
        return np.asarray(held[:, 0])
    if at_least_one and held.shape[1]:
        none = ~held.any(axis=1)
        held[none, above[none].argmax(axis=1)] = True
    return np.asarray(held)


def chances(odds: Array, *, flat: bool) -> Array:
    """Return the probability of each label, shape (texts, labels); (texts, 2) of no and yes for one label."""
    yes = expit(odds)
    return np.column_stack([1 - yes, yes]) if flat else yes


def best_thresholds(odds: Array, gold: Bools, weight: Array, both: bool) -> Array:
    """Return `best_threshold` of each label.

    Parameters
    ----------
    odds, gold : shape (texts, labels)
        Log-odds, and what holds.
    weight : shape (texts,)
    both
        The one label is a choice of two.
    """
    return np.array([best_threshold(z, held, weight, both) for z, held in zip(odds.T, gold.T, strict=True)])
