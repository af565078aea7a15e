"""Differences between two outlets: permutation over clusters, Holm's correction over the family."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.comparison.clusters import find_clusters
from framing.comparison.estimates import Estimate, cluster_totals, mean_interval, share_interval
from framing.resampling import Seed, generator
from framing.results import Result

Array = NDArray[np.float64]


def permutation_p(y: Array, n: Array, first: NDArray[np.bool_], rng: np.random.Generator, permutations: int) -> float:
    """Test whether two outlets' ratios differ more than chance would have it.

    The outlet labels are permuted over clusters, which keeps clusters whole;
    ``p = (1 + #{|d*| >= |d|}) / (1 + permutations)`` for the two-sided difference of the ratios of sums.

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
    k = int(first.sum())
    if k == 0 or k == len(first):
        return float("nan")
    observed = abs(_difference(first[None].astype(float), y, n)[0])
    order = rng.permuted(np.broadcast_to(first, (permutations, len(first))), axis=1)
    draws = np.abs(_difference(order.astype(float), y, n))
    return float((1 + (draws >= observed - 1e-12).sum()) / (1 + permutations))


def _difference(first: Array, y: Array, n: Array) -> Array:
    """Difference of ratios for each row of labels, shape (draws,)."""
    return np.asarray((first @ y) / (first @ n) - ((1 - first) @ y) / ((1 - first) @ n))


def difference_interval(a: Estimate, b: Estimate) -> Estimate:
    """Combine two outlets' intervals into one for their difference (Newcombe's square-and-add)."""
    low = a.value - b.value - np.hypot(a.value - a.low, b.high - b.value)
    high = a.value - b.value + np.hypot(a.high - a.value, b.value - b.low)
    return Estimate(a.value - b.value, float(low), float(high))


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
        ``outlet_a, outlet_b, variable, difference, low, high, p, p_holm, n_units_a, n_units_b, scope``.
    """
    from statsmodels.stats.multitest import multipletests

    draw, seed = generator(rng)
    clusters = find_clusters(units)
    rows = []
    for variable, column in columns.items():
        y, n = cluster_totals(units, column, clusters)
        for a, b in combinations(sorted(set(clusters.outlet)), 2):
            in_a, in_b = ((clusters.outlet == outlet) & (n > 0) for outlet in (a, b))
            pair = in_a | in_b
            estimates = [
                share_interval(y[own], n[own], level)
                if bounds is None
                else mean_interval(y[own], n[own], bounds, level)
                for own in (in_a, in_b)
            ]
            difference = difference_interval(*estimates)
            rows.append(
                {
                    "outlet_a": a,
                    "outlet_b": b,
                    "variable": variable,
                    "difference": difference.value,
                    "low": difference.low,
                    "high": difference.high,
                    "p": permutation_p(y[pair], n[pair], in_a[pair], draw, permutations),
                    "n_units_a": int(n[in_a].sum()),
                    "n_units_b": int(n[in_b].sum()),
                    "scope": clusters.scope,
                }
            )
    columns_out = [
        "outlet_a",
        "outlet_b",
        "variable",
        "difference",
        "low",
        "high",
        "p",
        "n_units_a",
        "n_units_b",
        "scope",
    ]
    table = pd.DataFrame(rows, columns=columns_out)
    known = table["p"].notna()
    table.insert(7, "p_holm", np.nan)
    if known.any():
        table.loc[known, "p_holm"] = multipletests(table.loc[known, "p"], method="holm")[1]
    return Result(
        table=table,
        estimand="Difference of two outlets (first minus second) in " + ("prevalence." if bounds is None else "mean."),
        method=(
            f"Gold codings; {permutations} permutations of outlet labels over {clusters.level}s, two-sided; "
            f"Holm's correction over the {int(known.sum())} contrasts of this table; interval at {level:.0%} "
            "from the two outlets' intervals, square-and-add."
        ),
        n_articles=units["doc_id"].nunique(),
        n_units=len(units),
        seed=seed,
        caveats=clusters.caveats,
    )
