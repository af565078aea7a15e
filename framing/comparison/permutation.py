"""Permutation tests of two outlets: labels over clusters, all of them where they are few enough to list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, islice
from math import comb

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.comparison.clusters import Clusters
from framing.comparison.estimates import Weight, unit_weights

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]

EXACT = 20_000
"""Up to so many ways to share out the outlets' labels are listed one by one, and nothing is left to chance."""

BLOCK = 2_000_000
"""Numbers in a block of labellings: 16 MB."""

SPARSE = 5
"""Fewer clusters than these that differ from the most common one are too few for a test of two outlets."""


@dataclass(frozen=True)
class PermutationTest:
    """A p, how many labellings it rests on, and whether these were all there are."""

    p: float
    labellings: int
    exact: bool


def labelling_count(first: Bools) -> int:
    """Count the ways to share out the labels of two outlets over their clusters."""
    return comb(len(first), int(first.sum()))


def smallest_p(first: Bools) -> float:
    """Return the smallest p that a two-sided test can give with so many clusters.

    With as many clusters in one outlet as in the other, every labelling is as extreme as its mirror image.
    """
    return (2 if 2 * first.sum() == len(first) else 1) / labelling_count(first)


def is_exact(first: Bools) -> bool:
    """Tell whether all labellings of two outlets are listed rather than drawn."""
    return labelling_count(first) <= EXACT


def labellings(first: Bools, rng: np.random.Generator, permutations: int) -> Iterator[Array]:
    """Yield labellings as rows of 0 and 1, shape (some, clusters), block by block to spare memory.

    All of them, the observed one among them, where `is_exact`; else ``permutations`` drawn at random.
    """
    total, size = labelling_count(first) if is_exact(first) else permutations, len(first)
    block = max(1, BLOCK // size)
    listed = combinations(range(size), int(first.sum()))
    for start in range(0, total, block):
        rows = min(block, total - start)
        if not is_exact(first):
            yield rng.permuted(np.broadcast_to(first, (rows, size)), axis=1).astype(float)
            continue
        found = np.zeros((rows, size))
        chosen = np.array(list(islice(listed, rows)), dtype=np.intp).reshape(rows, -1)
        found[np.arange(rows)[:, None], chosen] = 1.0
        yield found


def p_of(observed: float, draws: Array, exact: bool) -> float:
    """Return the share of labellings at least as extreme; with one more on both sides where they were drawn.

    Phipson & Smyth (2010, "Permutation P-values should never be zero").
    """
    hits = int((draws >= observed * (1 - 1e-9) - 1e-12).sum())
    return hits / len(draws) if exact else (1 + hits) / (1 + len(draws))


def permutation_test(
    y: Array, n: Array, first: Bools, rng: np.random.Generator, permutations: int, noise: Array | None = None
) -> PermutationTest:
    """Test whether two outlets' ratios differ more than chance would have it.

    The outlet labels are permuted over clusters, which keeps clusters whole. The statistic is the two-sided
    difference of the ratios of sums over its standard error: studentising keeps the test valid where the outlets'
    clusters differ in size, as paragraphs of different sites do (Janssen 1997; Chung & Romano 2013); the plain
    difference then rejects far too often.

    An outlet in which a rare frame happens not to occur has an empirical variance of 0, and the statistic would
    be large by that alone. No outlet's variance is therefore taken to be smaller than that of as many independent
    units with the variance of both outlets' units together (a design effect below 1).

    Parameters
    ----------
    y, n : shape (clusters,)
        Totals and sizes of both outlets' clusters.
    first : shape (clusters,)
        Which clusters are the first outlet's.
    noise : shape (clusters,)
        Variance of each cluster's total if its units were independent, of `noise_variance`; None for no floor.

    Returns
    -------
    PermutationTest
        p is nan where an outlet has no cluster.
    """
    if not 0 < first.sum() < len(first):
        return PermutationTest(float("nan"), 0, False)
    floor = np.zeros(len(n)) if noise is None else noise
    observed = float(_studentised(first[None].astype(float), y, n, floor)[0])
    draws = np.concatenate([_studentised(labels, y, n, floor) for labels in labellings(first, rng, permutations)])
    exact = is_exact(first)
    return PermutationTest(p_of(observed, draws, exact), len(draws), exact)


def noise_variance(units: pd.DataFrame, column: str, clusters: Clusters, weight: Weight = "units") -> Array:
    """Return the variance that each cluster's weighted total would have if units were independent.

    ``s^2 sum(w_u^2)`` over the cluster's units, with the weighted variance ``s^2`` of all units; times the number of
    near-duplicates, which say the same.
    """
    values = units[column].to_numpy(dtype=float)
    known = np.isfinite(values)
    w = unit_weights(units, known, weight)
    if not known.any():
        return np.zeros(clusters.n)
    x = np.where(known, values, 0.0)
    mean = (w @ x) / w.sum()
    variance = (w @ (x - mean) ** 2) / w.sum()
    return np.asarray(variance * clusters.totals(w**2) * clusters.copies, dtype=np.float64)


def differing(y: Array, n: Array) -> int:
    """Count the clusters whose ratio is not the most common one.

    It does not depend on which outlet a cluster is of, so that leaving pairs out by it does not favour a result.
    """
    _, counts = np.unique(np.round(y / n, 9), return_counts=True)
    return int(counts.sum() - counts.max()) if len(counts) else 0


def untestable(y: Array, n: Array, first: Bools, level: str) -> str:
    """Say why two outlets are not tested, before the labels are looked at; empty where they are.

    Parameters
    ----------
    level
        What a cluster is, as in `framing.comparison.clusters.Clusters`.
    """
    a, b = int(first.sum()), int((~first).sum())
    if not (a and b):
        return "not tested: an outlet has no unit with a value"
    if smallest_p(first) > 0.05:
        return f"not tested: with {a} and {b} {level}s no p can be below {smallest_p(first):.2f}"
    many = differing(y, n)
    return f"not tested: only {many} {level}s differ from the others" if many < SPARSE else ""


def _studentised(first: Array, y: Array, n: Array, noise: Array) -> Array:
    """Return |difference of ratios| / standard error for each row of labels, shape (draws,)."""
    terms = np.column_stack([n, y, y * y, y * n, n * n, noise, np.ones(len(n))])
    own = first @ terms
    (p, v), (q, w) = (_ratio_variances(sums) for sums in (own, terms.sum(axis=0) - own))
    difference, error = np.abs(p - q), np.sqrt(v + w)
    none = np.where(difference > 1e-12, np.inf, 0.0)
    return np.asarray(np.divide(difference, error, out=none, where=error > 1e-12))


def _ratio_variances(sums: Array) -> tuple[Array, Array]:
    """Return `ratio_variance` from the sums over the labelled clusters, shape (draws, 7), at least that of noise."""
    size, y, yy, yn, nn, noise, clusters = sums.T
    p = y / size
    squares = np.maximum(yy - 2 * p * yn + p * p * nn, 0.0)
    return p, np.maximum(clusters / np.maximum(clusters - 1, 1) * squares, noise) / size**2
