"""Intervals, differences and tests for estimates whose variances come from few clusters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from framing.comparison.powered import Array, Fit, over

_TINY = 1e-12


def share_bounds(found: Fit, level: float = 0.95) -> tuple[Array, Array]:
    """Return the ends of a share's interval, shape (..., outlets) each.

    Wilson's score interval at the effective sample size ``p (1 - p) / variance``, shrunk by the square of the ratio of
    normal and t quantiles. The coded clusters' variance was measured where their own mean is; at the corrected value
    it is taken to be larger or smaller as ``p (1 - p)`` is, by no more than a factor of 3. For the effective size, a
    value less than one standard error from 0 or 1 is taken to be one standard error away.
    """
    value, at = np.clip(found.value, 0, 1), found.gold_mean
    # Half a unit to either side keeps the factor finite where all coded units are alike.
    slack = 0.5 * found.step
    moved = over((value + slack) * (1 - value + slack), (at + slack) * (1 - at + slack))
    variance = found.variance * (1 + found.coded_part * (np.clip(moved, 1 / 3, 3) - 1))
    error = np.minimum(np.sqrt(variance), 0.5)
    inner = np.clip(value, error, 1 - error)
    low, high = _wilson(value, over(inner * (1 - inner), variance), found.df, level)
    exact = np.isinf(found.df)
    return np.where(exact, value, low), np.where(exact, value, high)


def mean_bounds(found: Fit, scale: tuple[float, float], level: float = 0.95) -> tuple[Array, Array]:
    """Return the ends of a mean's t interval, cut at the ends of its scale, shape (..., outlets) each.

    Where the variance is 0 though not everything is coded, the interval is that of a share: the mean's place on the
    scale, with as many observations as there are coded clusters.
    """
    least, most = scale
    low, high = t_bounds(found.value, found.variance, found.df, level)
    place = np.clip((found.value - least) / (most - least), 0, 1)
    ends = _wilson(place, found.coded, found.df, level)
    flat = np.isfinite(found.df) & (found.variance <= _TINY**2)
    low, high = (
        np.where(flat, least + end * (most - least), given) for end, given in zip(ends, (low, high), strict=True)
    )
    return np.clip(low, least, most), np.clip(high, least, most)


def t_bounds(value: Array, variance: Array, df: Array, level: float = 0.95) -> tuple[Array, Array]:
    """Return the ends of a t interval; nan without degrees of freedom."""
    half = _quantile(df, level) * np.sqrt(variance)
    return value - half, value + half


def difference(
    found: Fit, first: int, second: int, links: tuple[NDArray[np.intp], NDArray[np.intp]] | None = None
) -> tuple[Array, Array, Array]:
    """Return the difference of two outlets, its variance and its degrees of freedom, shape (...) each.

    Parameters
    ----------
    found
        Of both outlets.
    first, second
        Places of the outlets.
    links
        Clusters of the first and of the second that are one and the same, as wire copy is: their errors are subtracted
        before they are squared. Not needed where the clusters stand on a common axis.

    Notes
    -----
    Degrees of freedom by Satterthwaite's rule, as in Welch's test.
    """
    one, two = found.variance[..., first], found.variance[..., second]
    df_one, df_two = found.df[..., first], found.df[..., second]
    df = over((one + two) ** 2, over(one**2, df_one) + over(two**2, df_two))
    df = np.where((df_one > 0) & (df_two > 0), np.where(df > 0, df, df_one + df_two), 0.0)
    a, b = found.influence[..., first, :], found.influence[..., second, :]
    if links is not None and not found.common:
        a, b = a[..., links[0]], b[..., links[1]]
    shared = (a * b).sum(axis=-1) if found.common or links is not None else 0.0
    return found.value[..., first] - found.value[..., second], np.maximum(one + two - 2 * shared, 0.0), df


def spread(found: Fit) -> Array:
    """Return the standard deviation of outlets' values without what sampling adds to it, shape (...).

    The root of the variance of the estimates less the mean of their own variances, or 0 where that is negative: the
    estimates themselves differ by more than the outlets do, since each misses its outlet's value.
    """
    between = found.value.var(axis=-1, ddof=1) - found.variance.mean(axis=-1)
    return np.asarray(np.sqrt(np.maximum(between, 0.0)))


def two_sided_p(value: Array, variance: Array, df: Array) -> Array:
    """Return p values of t tests that the value is 0; nan where there is no variance to test against."""
    from scipy.stats import t

    possible = (df > 0) & (variance > _TINY**2)
    statistic = over(np.abs(value), np.sqrt(np.where(possible, variance, 1.0)))
    return np.where(possible, 2 * t.sf(statistic, np.where(possible, df, 1.0)), np.nan)


def _wilson(value: Array, effective: Array, df: Array, level: float) -> tuple[Array, Array]:
    """Return the ends of Wilson's interval with the t quantile; nan without degrees of freedom."""
    n = effective / _quantile(df, level) ** 2
    centre, half = (value * n + 0.5) / (n + 1), np.sqrt(value * (1 - value) * n + 0.25) / (n + 1)
    return np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)


def _quantile(df: Array, level: float) -> Array:
    """Return the t quantile; nan without degrees of freedom."""
    from scipy.stats import t

    return np.where(df > 0, t.ppf((1 + level) / 2, np.where(df > 0, df, 1.0)), np.nan)
