"""Prevalence and means per outlet, with intervals that know that units come in clusters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.comparison.clusters import Clusters, find_clusters
from framing.results import Result


@dataclass(frozen=True)
class Estimate:
    """A point estimate with its interval; nan where there is none."""

    value: float
    low: float
    high: float


def ratio_variance(y: NDArray[np.float64], n: NDArray[np.float64]) -> tuple[float, float]:
    """Estimate a ratio of cluster totals and its linearised variance.

    ``p = sum(y) / sum(n)``, ``var(p) = C / (C - 1) sum((y_c - p n_c)^2) / sum(n)^2``: the cluster-robust
    variance of a mean, as statsmodels' OLS gives it but for its small-sample factor.

    Parameters
    ----------
    y, n : shape (clusters,)
        Total and number of units of each cluster.

    Returns
    -------
    p, variance
        The variance is nan with fewer than two clusters.
    """
    size = n.sum()
    if size == 0:
        return float("nan"), float("nan")
    p = float(y.sum() / size)
    clusters = len(n)
    if clusters < 2:
        return p, float("nan")
    return p, float(clusters / (clusters - 1) * ((y - p * n) ** 2).sum() / size**2)


def share_interval(y: NDArray[np.float64], n: NDArray[np.float64], level: float = 0.95) -> Estimate:
    """Estimate a share of units and its interval from cluster totals.

    Wilson's score interval at the effective sample size ``p (1 - p) / var(p)``, shrunk by ``(z / t)^2`` with
    the t quantile on ``C - 1`` degrees of freedom, and never above the number of units. Where the variance is
    0 (the share is 0 or 1, or the same in every cluster) the number of clusters stands for it, so that an
    interval never collapses to a point.
    """
    from scipy.stats import norm, t
    from statsmodels.stats.proportion import proportion_confint

    p, variance = ratio_variance(y, n)
    if not np.isfinite(variance):
        return Estimate(p, float("nan"), float("nan"))
    clusters, tail = len(n), (1 + level) / 2
    effective = p * (1 - p) / variance if variance > 0 else float(clusters)
    effective = min(effective, float(n.sum())) * (norm.ppf(tail) / t.ppf(tail, clusters - 1)) ** 2
    low, high = proportion_confint(p * effective, effective, alpha=1 - level, method="wilson")
    return Estimate(p, float(low), float(high))


def mean_interval(
    y: NDArray[np.float64], n: NDArray[np.float64], bounds: tuple[float, float], level: float = 0.95
) -> Estimate:
    """Estimate a mean over units and its t interval from cluster totals, cut at the scale's ends."""
    from scipy.stats import t

    mean, variance = ratio_variance(y, n)
    if not np.isfinite(variance):
        return Estimate(mean, float("nan"), float("nan"))
    half = float(t.ppf((1 + level) / 2, len(n) - 1) * np.sqrt(variance))
    return Estimate(mean, max(mean - half, bounds[0]), min(mean + half, bounds[1]))


def shares(units: pd.DataFrame, columns: dict[str, str], *, level: float = 0.95) -> Result:
    """Estimate the prevalence of frames (or any yes-or-no variable) per outlet, as a share of units.

    Parameters
    ----------
    units
        Gold units: ``doc_id, outlet, paragraph`` and one bool column per variable. Not for machine labels,
        whose errors an interval from sampling alone does not know.
    columns
        Column of each variable by its id.
    level
        Nominal level of the intervals.

    Returns
    -------
    Result
        ``outlet, variable, share, low, high, count, n_units, n_articles, n_clusters, scope``.
    """
    clusters = find_clusters(units)
    rows = []
    for outlet, variable, y, n in _cells(units, columns, clusters):
        estimate = share_interval(y, n, level)
        rows.append(
            {
                **_names(units, outlet, variable),
                "share": estimate.value,
                "low": estimate.low,
                "high": estimate.high,
                "count": int(y.sum()),
                **_sizes(units, outlet, n),
                "scope": clusters.scope,
            }
        )
    return Result(
        table=pd.DataFrame(rows),
        estimand="Prevalence: the share of an outlet's coded units that carry the frame.",
        method=(
            f"Gold codings; Wilson interval at {level:.0%} on the effective sample size from the linearised "
            f"variance between {clusters.level}s."
        ),
        n_articles=units["doc_id"].nunique(),
        n_units=len(units),
        caveats=clusters.caveats,
    )


def means(units: pd.DataFrame, columns: dict[str, str], bounds: tuple[float, float], *, level: float = 0.95) -> Result:
    """Estimate the mean of scale variables per outlet over the units that have a value.

    Parameters
    ----------
    units, columns, level
        As in `shares`; the columns are numbers, nan where a unit has none.
    bounds
        Ends of the scale.

    Returns
    -------
    Result
        ``outlet, variable, mean, low, high, n_units, n_articles, n_clusters, scope``.
    """
    clusters = find_clusters(units)
    rows = []
    for outlet, variable, y, n in _cells(units, columns, clusters):
        estimate = mean_interval(y, n, bounds, level)
        rows.append(
            {
                **_names(units, outlet, variable),
                "mean": estimate.value,
                "low": estimate.low,
                "high": estimate.high,
                **_sizes(units, outlet, n),
                "scope": clusters.scope,
            }
        )
    return Result(
        table=pd.DataFrame(rows),
        estimand="Mean over an outlet's coded units that have a value, each unit counting once.",
        method=f"Gold codings; t interval at {level:.0%} on the linearised variance between {clusters.level}s.",
        n_articles=units["doc_id"].nunique(),
        n_units=len(units),
        caveats=clusters.caveats,
    )


def cluster_totals(
    units: pd.DataFrame, column: str, clusters: Clusters
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each cluster's total and number of units with a value, shape (clusters,) each."""
    values = units[column].to_numpy(dtype=float)
    known = np.isfinite(values)
    return clusters.totals(np.where(known, values, 0.0)), clusters.totals(known.astype(float))


def _cells(units: pd.DataFrame, columns: dict[str, str], clusters: Clusters):  # type: ignore[no-untyped-def]
    """Yield (outlet, variable, totals, sizes) over the outlet's clusters that have a value."""
    for variable, column in columns.items():
        y, n = cluster_totals(units, column, clusters)
        for outlet in sorted(set(clusters.outlet)):
            own = (clusters.outlet == outlet) & (n > 0)
            yield outlet, variable, y[own], n[own]


def _names(units: pd.DataFrame, outlet: str, variable: str) -> dict[str, object]:
    return {"outlet": outlet, "variable": variable}


def _sizes(units: pd.DataFrame, outlet: str, n: NDArray[np.float64]) -> dict[str, object]:
    own = units["outlet"] == outlet
    return {
        "n_units": int(n.sum()),
        "n_articles": int(units.loc[own, "doc_id"].nunique()),
        "n_clusters": len(n),
    }
