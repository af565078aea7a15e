"""How large a difference between two outlets is: risk difference, odds ratio, and the test that it is small."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from framing.comparison.estimates import ZERO, Estimate, ratio_variance

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]

NONE = Estimate(float("nan"), float("nan"), float("nan"))


def difference_interval(a: Estimate, b: Estimate) -> Estimate:
    """Combine two outlets' intervals into one for their difference (Newcombe's square-and-add).

    Newcombe (1998, "Interval estimation for the difference between independent proportions", method 10); for other
    estimates Donner & Zou (2012).
    """
    low = a.value - b.value - np.hypot(a.value - a.low, b.high - b.value)
    high = a.value - b.value + np.hypot(a.high - a.value, b.value - b.low)
    return Estimate(a.value - b.value, float(low), float(high))


def odds_ratio(y: Array, n: Array, first: Bools, level: float = 0.95) -> tuple[Estimate, str]:
    """Estimate the odds ratio of two outlets (first against second) with a cluster-robust interval.

    That of a logistic regression on the outlet with standard errors clustered: the model is saturated, so that
    ``var(log OR) = sum over outlets of var(p) / (p (1 - p))^2`` with the linearised variance of
    `framing.comparison.estimates.ratio_variance`; t quantile with Satterthwaite's degrees of freedom. Where a share is
    the same in every cluster, the number of clusters stands for its variance, as in `share_interval`.

    Parameters
    ----------
    y, n : shape (clusters,)
        Number of units with the frame, and of all units, in each cluster.
    first : shape (clusters,)
        Which clusters are the first outlet's.
    level
        Nominal level.

    Returns
    -------
    estimate, reason
        Why there is no odds ratio or no interval, else empty.
    """
    from scipy.stats import t

    logs, variances, freedom = [], [], []
    for own in (first, ~first):
        p, variance = ratio_variance(y[own], n[own])
        if np.isnan(p):
            return NONE, "no odds ratio: an outlet has no unit with a value"
        if not ZERO < p < 1 - ZERO:
            seen = "never occurs" if p < 0.5 else "always occurs"
            return NONE, f"no odds ratio: it {seen} in {'the first' if own is first else 'the second'} outlet"
        logs.append(np.log(p / (1 - p)))
        spread = p * (1 - p)
        variances.append((variance if variance > ZERO else spread / own.sum()) / spread**2)
        freedom.append(int(own.sum()) - 1)
    log = float(logs[0] - logs[1])
    if min(freedom) < 1:
        return Estimate(float(np.exp(log)), np.nan, np.nan), "no interval: an outlet has a single cluster"
    total = sum(variances)
    df = total**2 / sum(v**2 / d for v, d in zip(variances, freedom, strict=True))
    half = float(t.ppf((1 + level) / 2, df) * np.sqrt(total))
    with np.errstate(over="ignore"):
        return Estimate(*(float(v) for v in np.exp([log, log - half, log + half]))), ""


def equivalence_p(interval: Callable[[float], Estimate], margin: float) -> float:
    """Return the p of two one-sided tests that a difference is smaller than a margin either way.

    Schuirmann (1987): equivalence is concluded at ``alpha`` where the ``1 - 2 alpha`` interval lies within
    ``(-margin, margin)``. p is the smallest such ``alpha``, so that test and interval cannot contradict each other.

    Parameters
    ----------
    interval
        The interval of the difference at a given level.
    margin
        Largest difference that counts as none, above 0.

    Returns
    -------
    p
        nan where there is no interval; 1 where the difference itself is not within the margin.
    """
    from scipy.optimize import brentq

    least, most = 1e-6, 1 - 1e-9

    def outside(level: float) -> float:
        found = interval(level)
        return max(found.high, -found.low) - margin

    if np.isnan(outside(0.5)):
        return float("nan")
    if outside(least) >= 0:
        return 1.0
    if outside(most) <= 0:
        return (1 - most) / 2
    return float(1 - brentq(outside, least, most, xtol=1e-7)) / 2
