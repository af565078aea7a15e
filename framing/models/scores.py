"""Scores of decisions against gold, with intervals from resampling whole articles."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.resampling import bootstrap_weights, cluster_index, percentile_interval

Bools = NDArray[np.bool_]
Array = NDArray[np.float64]

MACRO = "macro"
"""Label of the row that averages over the labels that are in gold or in a decision."""

MACRO_ALL = "macro_all"
"""Label of the row that averages over all labels, where one that is in neither counts as 0."""

EXACT = "exact"
"""Label of the row that counts units of which every label is right; its ``f1`` is that share."""


def one_hot(values: NDArray[np.generic] | pd.Series, labels: tuple[object, ...]) -> Bools:
    """Return which label each value is, shape (units, labels); a missing value is none of them."""
    column = pd.Series(values).to_numpy(dtype=object)
    return np.column_stack([np.asarray(column == label, dtype=bool) for label in labels])


def f1_table(
    pairs: list[tuple[Bools, Bools]],
    labels: tuple[str, ...],
    clusters: pd.Series,
    rng: np.random.Generator,
    *,
    replicates: int,
    level: float,
) -> pd.DataFrame:
    """Score decisions against gold per label and on average.

    ``F1 = 2 TP / (2 TP + FP + FN)``; undefined (nan) where a label is in neither. The macro average is over the labels
    that gold or a decision knows: a label found without being there counts as 0, one that is in neither not at all; in
    a second average, over all labels, that one counts as 0 too.
    Given several pairs (of coders), figures are averaged over them.

    Parameters
    ----------
    pairs
        (gold, decided), each shape (units, labels).
    clusters
        Article (or group of near-duplicate articles) of each unit; whole clusters are resampled for the interval.

    Returns
    -------
    pandas.DataFrame
        ``label, precision, recall, f1, low, high, support`` (units with the label in gold), then `MACRO`, `MACRO_ALL`
        and `EXACT`.
    """
    codes, n_clusters = cluster_index(clusters)
    weights = np.vstack([np.ones(n_clusters), bootstrap_weights(n_clusters, replicates, rng)])
    per_pair = [_rates(gold, decided, codes, weights) for gold, decided in pairs]
    precision, recall, f1 = (nanmean(np.stack(parts), axis=0) for parts in zip(*per_pair, strict=True))
    exact = np.mean([_exact(gold, decided, codes, weights) for gold, decided in pairs], axis=0)
    support = np.mean([gold.sum(axis=0) for gold, _ in pairs], axis=0)
    columns = [
        np.column_stack([rate, nanmean(rate, axis=1), np.nan_to_num(rate).mean(axis=1), exact])
        for rate in (precision, recall, f1)
    ]
    columns[0][0, -1] = columns[1][0, -1] = np.nan  # a share of units has neither precision nor recall
    bounds = [percentile_interval(column[1:], level) for column in columns[2].T]
    return pd.DataFrame(
        {
            "label": [*labels, MACRO, MACRO_ALL, EXACT],
            "precision": columns[0][0],
            "recall": columns[1][0],
            "f1": columns[2][0],
            "low": [low for low, _ in bounds],
            "high": [high for _, high in bounds],
            "support": [*support, support.sum(), support.sum(), len(codes)],
        }
    )


def nanmean(values: Array, axis: int) -> Array:
    """Mean of what is defined; nan, without a warning, where nothing is."""
    known = np.isfinite(values)
    return divide(np.where(known, values, 0.0).sum(axis=axis), known.sum(axis=axis).astype(float))


def divide(a: Array, b: Array) -> Array:
    """Return ``a / b``, nan where ``b`` is not above 0."""
    return np.divide(a, b, out=np.full_like(b, np.nan), where=b > 0)


def _rates(gold: Bools, decided: Bools, codes: NDArray[np.intp], weights: Array) -> tuple[Array, Array, Array]:
    """Return precision, recall and F1, each shape (replicates, labels)."""
    both, said, true = (weights @ _totals(hits, codes, weights.shape[1]) for hits in (gold & decided, decided, gold))
    return divide(both, said), divide(both, true), divide(2 * both, said + true)


def _exact(gold: Bools, decided: Bools, codes: NDArray[np.intp], weights: Array) -> Array:
    """Return the share of units of which every label is right, shape (replicates,)."""
    right = (gold == decided).all(axis=1)[:, None]
    n = weights.shape[1]
    return divide(weights @ _totals(right, codes, n), weights @ _totals(np.ones_like(right), codes, n))[:, 0]


def _totals(hits: Bools, codes: NDArray[np.intp], n_clusters: int) -> Array:
    """Sum over each cluster: shape (units, labels) to (clusters, labels)."""
    totals = np.zeros((n_clusters, hits.shape[1]))
    np.add.at(totals, codes, hits.astype(float))
    return totals
