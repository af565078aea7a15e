"""What a network learns from gold: labels or one of several values, their rates, and what never varies."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from framing.errors import InputError
from framing.models.thresholds import EDGE

Array = NDArray[np.float64]

MAX_WEIGHT = 20.0
"""Bound of the weight of a label or value: one seen twice in a thousand units must not drive the gradient alone."""


@dataclass(frozen=True)
class Targets:
    """Shape of the answer, and where training begins.

    Attributes
    ----------
    labels
        Several labels, each of which holds or not; otherwise one of several values.
    flat
        One label, given and answered as one bool per text.
    classes
        Values, or numbers of the labels; no and yes for one label.
    learned
        Places of the labels or values that vary in training.
    constant
        Probability of each label or value where it does not vary, shape (labels,).
    weights
        Of the learned ones in the loss.
    shift
        What those weights add to log-odds; to be taken off again, shape (learned,).
    biases
        Log-odds (logits) to begin with, those of the rates, shape (learned,).
    """

    labels: bool
    flat: bool
    classes: NDArray[Any]
    learned: NDArray[np.intp]
    constant: Array
    shift: Array
    weights: Array = field(default_factory=lambda: np.empty(0))
    biases: Array = field(default_factory=lambda: np.empty(0))

    @classmethod
    def of(cls, gold: NDArray[Any], weight: Array, values: tuple[object, ...], balanced: bool) -> Targets:
        """Tell what can be learned from what is constant.

        Parameters
        ----------
        gold : shape (n, labels), or (n,): one label where it is of bools and there are no ``values``
        weight : shape (n,)
            How much a text counts in the rates.
        values
            All that may be found, where one of several is.
        balanced
            Weigh labels by rarity; values always are.

        Raises
        ------
        InputError
            Where gold holds none of the values.
        """
        if gold.ndim == 2 or (gold.dtype == bool and not values):
            return cls._labels(gold, weight, balanced)
        classes = np.asarray(values) if values else np.unique(gold)
        seen, counts = np.unique(_codes(gold, classes), return_counts=True)
        learned = seen if len(seen) > 1 else seen[:0]
        constant = np.zeros(len(classes))
        constant[seen] = float(len(seen) == 1)
        weights = np.minimum(len(gold) / (len(seen) * counts), MAX_WEIGHT)
        biases = np.log(weights * counts / len(gold))
        return cls(False, False, classes, learned, constant, np.zeros(len(learned)), weights, biases)

    @classmethod
    def _labels(cls, gold: NDArray[Any], weight: Array, balanced: bool) -> Targets:
        flat = gold.ndim == 1
        hits = gold.reshape(len(gold), -1).astype(bool)
        learned = np.flatnonzero(hits.any(axis=0) & ~hits.all(axis=0))
        share = np.clip(np.average(hits[:, learned], axis=0, weights=weight), EDGE, 1 - EDGE)
        counts = hits[:, learned].mean(axis=0)
        weights = np.minimum((1 - counts) / counts, MAX_WEIGHT) if balanced else np.ones(len(learned))
        classes = np.array([False, True]) if flat else np.arange(hits.shape[1])
        shift = np.log(weights)
        return cls(True, flat, classes, learned, hits.all(axis=0).astype(float), shift, weights, logit(share) + shift)

    def coded(self, gold: NDArray[Any]) -> NDArray[Any]:
        """Return what the loss compares with, shape (n, learned) of 0 and 1, or (n,) of places among the learned."""
        if self.labels:
            return gold.reshape(len(gold), -1)[:, self.learned].astype(bool).astype(np.float32)
        return np.searchsorted(self.learned, _codes(gold, self.classes))

    def card(self) -> dict[str, Any]:
        """Return what `read` reads, for JSON."""
        arrays = {name: getattr(self, name).tolist() for name in ("classes", "learned", "constant", "shift")}
        return {"labels": self.labels, "flat": self.flat} | arrays

    @classmethod
    def read(cls, card: dict[str, Any]) -> Targets:
        """Return the targets of a saved classifier."""
        return cls(
            bool(card["labels"]),
            bool(card["flat"]),
            np.asarray(card["classes"]),
            np.asarray(card["learned"], dtype=np.intp),
            np.asarray(card["constant"], dtype=float),
            np.asarray(card["shift"], dtype=float),
        )


def _codes(gold: NDArray[Any], classes: NDArray[Any]) -> NDArray[np.intp]:
    place = {value: index for index, value in enumerate(classes.tolist())}
    unknown = [value for value in gold.tolist() if value not in place]
    if unknown:
        raise InputError(
            f"unknown value '{unknown[0]}'", cure=f"Use one of {', '.join(map(str, place))}; leave missing ones out."
        )
    return np.asarray([place[value] for value in gold.tolist()], dtype=np.intp)
