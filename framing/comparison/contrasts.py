"""Differences between two outlets: permutation over clusters, Holm's correction over the family."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.comparison.clusters import find_clusters, single_article_caveats
from framing.comparison.estimates import Estimate, cluster_totals, mean_interval, share_interval
from framing.resampling import Seed, generator
from framing.results import Result

Array = NDArray[np.float64]

SPARSE = 5
"""Fewer clusters than these that differ from the most common one are too few for a test of two outlets."""

_COLUMNS = (
    *("outlet_a", "outlet_b", "variable", "difference", "low", "high", "p", "p_holm", "reason"),
    *("n_units_a", "n_units_b", "scope"),
)


def permutation_p(y: Array, n: Array, first: NDArray[np.bool_], rng: np.random.Generator, permutations: int) -> float:
    """Test whether two outlets' ratios differ more than chance would have it.

    The outlet labels are permuted over clusters, which keeps clusters whole;
    ``p = (1 + #{|t*| >= |t|}) / (1 + permutations)`` for the two-sided difference of the ratios of sums over its
    standard error. Studentising keeps the test valid where the outlets' clusters differ in size, as paragraphs of
    different sites do; the plain difference then rejects far too often.

    Parameters
    ----------
    y, n : shape (clusters,)
        Totals and sizes of both outlets' clusters.
    first : shape (clusters,)
        Which clusters are the first outlet's.

    Returns
    -------
    p
        nan where an outlet has no cluster.
    """
    if not 0 < first.sum() < len(first):
        return float("nan")
    observed = _studentised(first[None].astype(float), y, n)[0]
    order = rng.permuted(np.broadcast_to(first, (permutations, len(first))), axis=1)
    draws = _studentised(order.astype(float), y, n)
    return float((1 + (draws >= observed * (1 - 1e-9)).sum()) / (1 + permutations))


def _studentised(first: Array, y: Array, n: Array) -> Array:
    """Return |difference of ratios| / standard error for each row of labels, shape (draws,)."""
    ratios, variances = zip(*(_ratio_variances(labels, y, n) for labels in (first, 1 - first)), strict=True)
    difference, error = np.abs(ratios[0] - ratios[1]), np.sqrt(variances[0] + variances[1])
    none = np.where(difference > 1e-12, np.inf, 0.0)
    return np.asarray(np.divide(difference, error, out=none, where=error > 1e-12))


def _ratio_variances(own: Array, y: Array, n: Array) -> tuple[Array, Array]:
    """Return `ratio_variance` of the labelled clusters for each row of labels, shape (draws,) each."""
    size, clusters = own @ n, own.sum(axis=1)
    p = (own @ y) / size
    squares = np.maximum(own @ (y * y) - 2 * p * (own @ (y * n)) + p * p * (own @ (n * n)), 0.0)
    return p, clusters / np.maximum(clusters - 1, 1) * squares / size**2


def difference_interval(a: Estimate, b: Estimate) -> Estimate:
    """Combine two outlets' intervals into one for their difference (Newcombe's square-and-add)."""
    low = a.value - b.value - np.hypot(a.value - a.low, b.high - b.value)
    high = a.value - b.value + np.hypot(a.high - a.value, b.value - b.low)
    return Estimate(a.value - b.value, float(low), float(high))


def _differing(y: Array, n: Array) -> int:
    """Count the clusters whose ratio is not the most common one.

    It does not depend on which outlet a cluster is of, so that leaving pairs out by it does not favour a result.
    """
    _, counts = np.unique(np.round(y / n, 9), return_counts=True)
    return int(counts.sum() - counts.max()) if len(counts) else 0


def contrasts(
    units: pd.DataFrame,
    columns: dict[str, str],
    *,
    rng: Seed,
    bounds: tuple[float, float] | None = None,
    permutations: int = 9999,
    level: float = 0.95,
) -> Result:
    """Compare every two outlets on every variable; all rows are one family for Holm's correction.

    Parameters
    ----------
    units, columns, level
        As in `framing.comparison.shares`.
    rng
        Seed or generator of the permutations.
    bounds
        Ends of the scale for means; None for shares.
    permutations
        Number of permutations.

    Returns
    -------
    Result
        ``outlet_a, outlet_b, variable, difference, low, high, p, p_holm, reason`` (why p is missing, else empty),
        ``n_units_a, n_units_b, scope``.
    """
    draw, seed = generator(rng)
    find_clusters(units)  # complains of unknown outlets before any is left out

    def estimate(y: Array, n: Array) -> Estimate:
        return share_interval(y, n, level) if bounds is None else mean_interval(y, n, bounds, level)

    rows = []
    for variable, column in columns.items():
        for a, b in combinations(sorted(units["outlet"].unique()), 2):
            own = units[units["outlet"].isin([a, b])]
            clusters = find_clusters(own)
            y, n = cluster_totals(own, column, clusters)
            y, n, outlet = y[n > 0], n[n > 0], clusters.outlet[n > 0]
            in_a = outlet == a
            difference = difference_interval(estimate(y[in_a], n[in_a]), estimate(y[~in_a], n[~in_a]))
            differing = _differing(y, n)
            enough = differing >= SPARSE
            rows.append(
                {
                    "outlet_a": a,
                    "outlet_b": b,
                    "variable": variable,
                    "difference": difference.value,
                    "low": difference.low,
                    "high": difference.high,
                    "p": permutation_p(y, n, in_a, draw, permutations) if enough else np.nan,
                    "p_holm": np.nan,
                    "reason": ""
                    if enough
                    else f"not tested: only {differing} {clusters.level}s differ from the others",
                    "n_units_a": int(n[in_a].sum()),
                    "n_units_b": int(n[~in_a].sum()),
                    "scope": clusters.scope,
                }
            )
    return _family(rows, units, bounds is None, permutations, level, seed)


def _family(
    rows: list[dict[str, object]], units: pd.DataFrame, shares: bool, permutations: int, level: float, seed: int | None
) -> Result:
    """Correct the tests of all rows as one family, and say how."""
    from statsmodels.stats.multitest import multipletests

    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    known = table["p"].notna()
    if known.any():
        table.loc[known, "p_holm"] = multipletests(table.loc[known, "p"], method="holm")[1]
    return Result(
        table=table,
        estimand=f"Difference of two outlets (first minus second) in {'prevalence' if shares else 'mean'}.",
        method=(
            f"Gold codings; {permutations} permutations of outlet labels over articles, or over paragraphs where one "
            "of the two has a single article; two-sided, studentised; not tested where fewer than "
            f"{SPARSE} of them differ from the others; Holm's correction over the {int(known.sum())} tests of this "
            f"table. Intervals at {level:.0%} come from the two outlets' intervals by square-and-add, uncorrected."
        ),
        n_articles=units["doc_id"].nunique(),
        n_units=len(units),
        seed=seed,
        caveats=single_article_caveats(units),
    )
