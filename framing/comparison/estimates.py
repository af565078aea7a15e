"""Prevalence and means per outlet, with intervals that know that units come in clusters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.comparison.clusters import Clusters, find_clusters, single_article_caveats
from framing.results import Result

Array = NDArray[np.float64]

Weight = Literal["units", "articles"]
"""units: every unit counts once, so that a long article counts for more; articles: every article counts once, however
many units it has."""

ZERO = 1e-12
"""Variances of ratios below this are rounding, not variation."""


@dataclass(frozen=True)
class Estimate:
    """A point estimate with its interval; nan where there is none."""

    value: float
    low: float
    high: float


def ratio_variance(y: Array, n: Array) -> tuple[float, float]:
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


def share_interval(y: Array, n: Array, level: float = 0.95, units: float | None = None) -> Estimate:
    """Estimate a share of units and its interval from cluster totals.

    Wilson's score interval at the effective sample size ``p (1 - p) / var(p)``, shrunk by ``(z / t)^2`` with
    the t quantile on ``C - 1`` degrees of freedom, and never above the number of units. Where the variance is
    0 (the share is 0 or 1, or the same in every cluster) the number of clusters stands for it, so that an
    interval never collapses to a point.

    Parameters
    ----------
    y, n : shape (clusters,)
        Number of units with the property, and of all units, in each cluster; or their weights.
    level
        Nominal level.
    units
        Number of units that may be independent, where that is not the sum of ``n``.
    """
    p, variance = ratio_variance(y, n)
    if not np.isfinite(variance):
        return Estimate(p, float("nan"), float("nan"))
    effective = p * (1 - p) / variance if variance > ZERO else float(len(n))
    return Estimate(p, *_wilson(p, min(effective, float(n.sum()) if units is None else units), len(n), level))


def mean_interval(y: Array, n: Array, bounds: tuple[float, float], level: float = 0.95) -> Estimate:
    """Estimate a mean over units and its t interval from cluster totals, cut at the scale's ends.

    Where the variance is 0, the interval is that of a share: the mean's place on the scale, with as many
    observations as there are clusters.

    Parameters
    ----------
    y, n : shape (clusters,)
        Sum of values, and number of units, in each cluster.
    bounds
        Ends of the scale.
    level
        Nominal level.
    """
    from scipy.stats import t

    mean, variance = ratio_variance(y, n)
    if not np.isfinite(variance):
        return Estimate(mean, float("nan"), float("nan"))
    least, most = bounds
    if variance <= ZERO:
        low, high = _wilson((mean - least) / (most - least), float(len(n)), len(n), level)
        return Estimate(mean, least + low * (most - least), least + high * (most - least))
    half = float(t.ppf((1 + level) / 2, len(n) - 1) * np.sqrt(variance))
    return Estimate(mean, max(mean - half, least), min(mean + half, most))


def _wilson(p: float, effective: float, clusters: int, level: float) -> tuple[float, float]:
    """Return Wilson's interval at an effective sample size, shrunk for few clusters."""
    from scipy.stats import norm, t
    from statsmodels.stats.proportion import proportion_confint

    tail = (1 + level) / 2
    effective *= (norm.ppf(tail) / t.ppf(tail, clusters - 1)) ** 2
    low, high = proportion_confint(p * effective, effective, alpha=1 - level, method="wilson")
    return float(low), float(high)


def shares(
    units: pd.DataFrame,
    columns: dict[str, str],
    *,
    weight: Weight = "units",
    groups: str | None = None,
    level: float = 0.95,
) -> Result:
    """Estimate the prevalence of frames (or any yes-or-no variable) per outlet.

    Parameters
    ----------
    units
        Gold units: ``doc_id, outlet``, one bool column per variable, and ``paragraph`` where an outlet has a single
        article. Not for machine labels, whose errors an interval from sampling alone does not know.
    columns
        Column of each variable by its id.
    weight
        Whether prevalence is the share of an outlet's units, or the mean over its articles of their shares.
    groups
        Column of near-duplicate groups of articles, as in `framing.comparison.clusters.find_clusters`.
    level
        Nominal level of the intervals.

    Returns
    -------
    Result
        ``outlet, variable, share, low, high, n_units, n_articles, n_clusters, scope``.
    """
    estimand = {
        "units": "Prevalence: the share of an outlet's coded units that carry the frame, each unit counting once.",
        "articles": "Prevalence: the mean over an outlet's articles of the share of an article's coded units that "
        "carry the frame, each article counting once, however long.",
    }
    return _per_outlet(
        units,
        columns,
        "share",
        lambda y, n, m: share_interval(y, n, level, m),
        weight=weight,
        groups=groups,
        estimand=estimand[weight],
        method=f"Gold codings; Wilson interval at {level:.0%}, its sample size from the linearised variance",
    )


def means(
    units: pd.DataFrame,
    columns: dict[str, str],
    bounds: tuple[float, float],
    *,
    weight: Weight = "units",
    groups: str | None = None,
    level: float = 0.95,
) -> Result:
    """Estimate the mean of scale variables per outlet over the units that have a value.

    Parameters
    ----------
    units, columns, weight, groups, level
        As in `shares`; the columns are numbers, nan where a unit has none.
    bounds
        Ends of the scale.

    Returns
    -------
    Result
        ``outlet, variable, mean, low, high, n_units, n_articles, n_clusters, scope``.
    """
    estimand = {
        "units": "Mean over an outlet's coded units that have a value, each unit counting once.",
        "articles": "Mean over an outlet's articles of the mean of an article's coded units that have a value, each "
        "article counting once, however long.",
    }
    return _per_outlet(
        units,
        columns,
        "mean",
        lambda y, n, m: mean_interval(y, n, bounds, level),
        weight=weight,
        groups=groups,
        estimand=estimand[weight],
        method=f"Gold codings; t interval at {level:.0%} on the linearised variance",
    )


def unit_weights(units: pd.DataFrame, known: NDArray[np.bool_], weight: Weight) -> Array:
    """Return what each unit counts for, shape (units,): 0 where its value is unknown.

    With ``articles``, 1 over the number of the article's units that have a value.
    """
    if weight == "units":
        return known.astype(float)
    counts = pd.Series(known.astype(float)).groupby(units["doc_id"].to_numpy()).transform("sum").to_numpy()
    return np.asarray(np.divide(known, counts, out=np.zeros(len(known)), where=counts > 0), dtype=np.float64)


def cluster_totals(
    units: pd.DataFrame, column: str, clusters: Clusters, weight: Weight = "units"
) -> tuple[Array, Array]:
    """Return each cluster's weighted total and the weight of its units with a value, shape (clusters,) each."""
    values = units[column].to_numpy(dtype=float)
    known = np.isfinite(values)
    w = unit_weights(units, known, weight)
    return clusters.totals(np.where(known, values, 0.0) * w), clusters.totals(w)


def _per_outlet(
    units: pd.DataFrame,
    columns: dict[str, str],
    name: str,
    estimate: Callable[[Array, Array, float], Estimate],
    *,
    weight: Weight,
    groups: str | None,
    estimand: str,
    method: str,
) -> Result:
    """Estimate every variable for every outlet, each outlet with clusters of its own kind."""
    find_clusters(units, groups)  # complains of unknown outlets before any is left out
    rows = []
    for variable, column in columns.items():
        for outlet, own in units.groupby("outlet", sort=True):
            clusters = find_clusters(own, groups)
            y, n = cluster_totals(own, column, clusters, weight)
            known = own[column].notna().to_numpy()
            found = estimate(y[n > 0], n[n > 0], clusters.evidence(known))
            rows.append(
                {
                    "outlet": outlet,
                    "variable": variable,
                    name: found.value,
                    "low": found.low,
                    "high": found.high,
                    "n_units": int(known.sum()),
                    "n_articles": own["doc_id"].nunique(),
                    "n_clusters": int((n > 0).sum()),
                    "scope": clusters.scope,
                }
            )
    return Result(
        table=pd.DataFrame(rows),
        estimand=estimand,
        method=f"{method} between {blocks(groups)}.",
        n_articles=units["doc_id"].nunique(),
        n_units=len(units),
        caveats=single_article_caveats(units, groups),
    )


def blocks(groups: str | None) -> str:
    """Say in a method what the clusters are."""
    joined = "" if groups is None else " (near-duplicates joined)"
    return f"articles{joined}, or between paragraphs where an outlet has a single article"
