"""Seeds and cluster bootstrap weights, shared by every statistic that resamples."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Seed = int | np.random.Generator
"""What every function that draws takes as ``rng``: a seed, or a generator in use."""

FEW_CLUSTERS = 10
"""Below this many clusters a bootstrap interval is reported with a caveat (Cameron, Gelbach & Miller 2008)."""

_MANY = 1000
"""From so many clusters on, drawing them one by one is much faster than numpy's multinomial, and the same in law."""


def generator(rng: Seed) -> tuple[np.random.Generator, int | None]:
    """Return a generator and, where ``rng`` was a seed, that seed for the record."""
    if isinstance(rng, np.random.Generator):
        return rng, None
    return np.random.default_rng(rng), int(rng)


def cluster_index(clusters: Sequence[Hashable] | pd.Series) -> tuple[NDArray[np.intp], int]:
    """Number the clusters from 0 in order of first appearance.

    Returns
    -------
    codes : shape (units,)
    n : number of clusters
    """
    codes, uniques = pd.factorize(pd.Series(clusters))
    return codes, len(uniques)


def bootstrap_weights(n_clusters: int, replicates: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw how often each cluster enters each bootstrap replicate.

    Returns
    -------
    weights : shape (replicates, n_clusters)
        Rows sum to ``n_clusters``. A statistic that is a function of cluster totals is then
        ``f(weights @ totals)``, one matrix product for all replicates.
    """
    if n_clusters < _MANY:
        p = np.full(n_clusters, 1.0 / n_clusters)
        return rng.multinomial(n_clusters, p, size=replicates).astype(np.float64)
    weights = np.empty((replicates, n_clusters))
    for row in weights:
        row[:] = np.bincount(rng.integers(n_clusters, size=n_clusters), minlength=n_clusters)
    return weights


def resampled_totals(
    totals: NDArray[np.float64], replicates: int, rng: np.random.Generator, block: int = 1000
) -> NDArray[np.float64]:
    """Draw clusters with replacement and sum up their totals, replicate by replicate.

    The same as ``bootstrap_weights(...) @ totals``, from other draws: clusters are drawn one by one and counted, which
    is several times as fast, and in blocks, so that weights for thousands of clusters never fill the memory.

    Parameters
    ----------
    totals : shape (clusters, columns)
    block
        Replicates whose weights are held at once.

    Returns
    -------
    sums : shape (replicates, columns)
    """
    clusters = len(totals)
    sums = np.empty((replicates, totals.shape[1]))
    for start in range(0, replicates, block):
        rows = min(block, replicates - start)
        places = rng.integers(clusters, size=(rows, clusters)) + np.arange(rows)[:, None] * clusters
        weights = np.bincount(places.ravel(), minlength=rows * clusters).reshape(rows, clusters)
        sums[start : start + rows] = weights.astype(np.float64) @ totals
    return sums


def percentile_interval(draws: NDArray[np.float64], level: float = 0.95) -> tuple[float, float]:
    """Return the central interval of the finite draws; (nan, nan) where there are none."""
    finite = draws[np.isfinite(draws)]
    if finite.size == 0:
        return float("nan"), float("nan")
    low, high = np.quantile(finite, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def few_clusters_caveat(n_clusters: int, what: str) -> tuple[str, ...]:
    """Return the sentence that goes with an interval from few clusters, or nothing."""
    if n_clusters >= FEW_CLUSTERS:
        return ()
    return (
        f"Intervals rest on {n_clusters} {what}; with so few they are rough, often lopsided and mostly too narrow.",
    )
