"""Shares and means that machine labels make sharper and gold keeps true: the arithmetic, on totals of clusters.

Every function works on any number of leading axes at once, so that thousands of simulated corpora cost little more than
one real corpus. `framing.comparison.correction` is the door for tables of units.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

Population = Literal["finite", "super"]
"""finite: what is estimated is what coding the whole corpus would give; super: what the outlet would give in the long
run, of which the corpus itself is a sample."""

SHRINKAGE = 4.0
"""How many clusters the slope over units counts as, beside the slope over clusters' totals."""

WORKING_ICC = 0.05
"""Intraclass correlation of residuals for which the small-sample corrections are exact."""

ERRORS_ADDED = 0.5
"""Coded units that a share's variance takes to be wrong beyond those seen where none was seen, and fewer the more were:
no error in a few coded articles is not read as no error at all."""

_TINY = 1e-12


@dataclass(frozen=True, eq=False)
class Totals:
    """Sums over the units of each cluster, each of shape (..., outlets, clusters).

    ``w`` is a unit's weight in the estimand: 1 for a share of units, one over the number of its article's units for a
    mean over articles. ``d`` is one over the probability with which a coded unit was drawn. Clusters that are 0
    everywhere are padding.

    Attributes
    ----------
    m, f
        Over all units: of ``w``, and of ``w f`` with f the machine's value.
    gm, gy, gf
        Over coded units: of ``d w``, of ``d w y`` with y the gold value, and of ``d w f``.
    gff, gfy
        Over coded units: of ``d w f f`` and ``d w f y``.
    square, units
        Over coded units: of ``(d w)^2`` and of 1.
    left
        Share of a coded cluster's variance that sampling leaves in a finite population: 1 less its probability.
    """

    m: Array
    f: Array
    gm: Array
    gy: Array
    gf: Array
    gff: Array
    gfy: Array
    square: Array
    units: Array
    left: Array


@dataclass(frozen=True, eq=False)
class Fit:
    """Estimates with what their intervals and differences are made of.

    Attributes
    ----------
    value : shape (..., outlets)
        nan where nothing was coded.
    slope : shape (...)
        Weight of the machine's values (the lambda of PPI++), the same for all outlets.
    influence : shape (..., outlets, clusters)
        What each cluster adds to an estimate's error; the sum of their squares is the variance.
    floor : shape (..., outlets)
        Variance added for errors not seen.
    step : shape (..., outlets)
        By how much one coded unit with another label moves the estimate.
    coded_part : shape (..., outlets)
        Share of the variance that coded clusters give.
    gold_mean : shape (..., outlets)
        Mean of gold alone: the value at which the coded clusters' variance was measured.
    df : shape (..., outlets)
        Degrees of freedom of the variance; 0 where it cannot be estimated, infinite where all is known.
    coded : shape (..., outlets)
        Number of coded clusters.
    common
        Whether the clusters of all outlets stand on one axis, and not each outlet's on its own.
    why
        Why there is no estimate, or nothing.
    """

    value: Array
    slope: Array
    influence: Array
    floor: Array
    step: Array
    coded_part: Array
    gold_mean: Array
    df: Array
    coded: Array
    common: bool = False
    why: str = ""

    @property
    def variance(self) -> Array:
        """Variance of each estimate, floor and all; nan where it cannot be estimated."""
        return np.where(self.df > 0, (self.influence**2).sum(axis=-1) + self.floor, np.nan)


def fit(totals: Totals, *, population: Population = "super", slope: float | None = None, shares: bool = True) -> Fit:
    """Estimate each outlet's ratio ``sum(w y) / sum(w)`` from its machine labels and its gold.

    ``theta = slope * mean(f) + mean_gold(y - slope * f)``, where a gold mean weights by one over the sampling
    probability and divides by the sum of the weights (Hajek): the difference estimator of Särndal, Swensson & Wretman
    (1992, ch. 6), the pseudo-outcomes of Egami et al. (2023), prediction-powered inference (Angelopoulos et al.
    2023) with the power tuning of PPI++ (Angelopoulos, Duchi & Zrnic 2023). Slope 0 is gold alone, slope 1 plain
    prediction-powered inference. It is consistent whatever the classifier's errors, since gold was drawn with known
    probabilities.

    The variance is the sum over clusters of squared linearised errors. Those of coded clusters are inflated so that
    they are unbiased where residuals have `WORKING_ICC`; the degrees of freedom match the first two moments of the
    variance under that model (Bell & McCaffrey 2002), and join those of the clusters not coded by Satterthwaite's rule.

    Parameters
    ----------
    totals
        Clusters of all outlets of one variable.
    population
        What is estimated, see `Population`.
    slope
        Weight of the machine's values; None for `best_slope`.
    shares
        Whether values are yes or no; the variance of a share has a floor, see `ERRORS_ADDED`.
    """
    coded = totals.gm > 0
    gold, everything = totals.gm.sum(axis=-1, keepdims=True), totals.m.sum(axis=-1, keepdims=True)
    mean = over(totals.f.sum(axis=-1, keepdims=True), everything)
    mean_y, mean_f = (over(part.sum(axis=-1, keepdims=True), gold) for part in (totals.gy, totals.gf))
    error_y, error_f = over(totals.gy - mean_y * totals.gm, gold), over(totals.gf - mean_f * totals.gm, gold)
    weight, leverage = np.full((*gold.shape[:-2], 1, 1), slope), np.zeros_like(error_f)
    if slope is None:
        weight, leverage = best_slope(totals, error_y, error_f)
    inflation, df = _small_sample(totals)
    influence = np.sqrt(inflation / np.maximum(1 - leverage, 0.25)) * (error_y - weight * error_f)
    left: Array = np.ones_like(totals.m)
    if population == "finite":
        left = totals.left
        influence = influence * np.sqrt(left)
    else:
        influence = influence + weight * over(totals.f - mean * totals.m, everything)
    one = over((left * totals.square).sum(axis=-1), totals.units.sum(axis=-1) * gold[..., 0] ** 2)
    floor = ERRORS_ADDED * one / (1 + _errors_seen(totals, weight)) if shares else np.zeros_like(one)
    own = (influence**2 * coded).sum(axis=-1) + floor
    other = (influence**2 * ~coded).sum(axis=-1)
    number, others = coded.sum(axis=-1), ((totals.m > 0) & ~coded).sum(axis=-1)
    joined = over((own + other) ** 2, over(own**2, df) + other**2 / np.maximum(others - 1, 1))
    joined = np.where(number < 2, 0.0, np.where(joined > 0, joined, df))
    known = (number > 0) & np.where(coded, left <= _TINY, totals.m == 0).all(axis=-1)
    return Fit(
        value=np.where(gold > 0, weight * mean + mean_y - weight * mean_f, np.nan)[..., 0],
        slope=weight[..., 0, 0],
        influence=influence,
        floor=floor,
        step=np.sqrt(one),
        coded_part=over(own, own + other),
        gold_mean=mean_y[..., 0],
        df=np.where(known, np.inf, joined),
        coded=number.astype(float),
    )


def drawn(census: Totals, coded: NDArray[np.bool_], chance: Array) -> Totals:
    """Return the totals of a corpus that is all coded as they were if only some clusters had been drawn.

    Parameters
    ----------
    census
        Where every unit is coded and counts as drawn with certainty.
    coded : shape (..., outlets, clusters), bool
        Which clusters are drawn, in each of any number of draws.
    chance
        With what probability each cluster is drawn; above 0 where it is.
    """
    d = np.where(coded, 1 / np.where(coded, chance, 1.0), 0.0)
    return Totals(
        m=np.broadcast_to(census.m, d.shape),
        f=np.broadcast_to(census.f, d.shape),
        gm=d * census.gm,
        gy=d * census.gy,
        gf=d * census.gf,
        gff=d * census.gff,
        gfy=d * census.gfy,
        square=d**2 * census.square,
        units=coded * census.units,
        left=np.broadcast_to(1 - chance, d.shape),
    )


def _errors_seen(totals: Totals, slope: Array) -> Array:
    """Count the errors among coded units: squared residuals, of yes-or-no gold, about their mean."""
    gold = totals.gm.sum(axis=-1)
    y, f, fy, ff = (over(part.sum(axis=-1), gold) for part in (totals.gy, totals.gf, totals.gfy, totals.gff))
    weight = slope[..., 0]
    residual = y * (1 - y) - 2 * weight * (fy - y * f) + weight**2 * (ff - f * f)
    return np.asarray(totals.units.sum(axis=-1) * np.maximum(residual, 0.0))


def naive_totals(totals: Totals) -> Totals:
    """Return the totals of taking every machine label for gold."""
    nothing, one = np.zeros_like(totals.m), np.ones_like(totals.m)
    return replace(
        totals, gm=totals.m, gy=totals.f, gf=nothing, gff=nothing, gfy=nothing, square=totals.m**2, units=one, left=one
    )


def best_slope(totals: Totals, error_y: Array, error_f: Array) -> tuple[Array, Array]:
    """Choose the weight of the machine's values that makes the variances of all outlets together least.

    That is the regression of gold's linearised errors on the machine's over coded clusters (PPI++, where the
    machine's labels are of all units, coded ones among them). With few clusters it is noisy, so that it is joined by
    the regression over units, with the weight of `SHRINKAGE` clusters. Both are pooled over outlets, each outlet's
    about its own mean. It is never negative.

    Parameters
    ----------
    error_y, error_f : shape (..., outlets, clusters)
        Coded clusters' linearised errors of the gold means of y and f.

    Returns
    -------
    slope : shape (..., 1, 1)
    leverage : shape (..., outlets, clusters)
        Of each cluster on the slope.
    """

    def pooled(values: Array) -> Array:
        return np.asarray(values.sum(axis=(-1, -2), keepdims=True))

    gold = totals.gm.sum(axis=-1, keepdims=True)
    y, f, fy, ff = (part.sum(axis=-1, keepdims=True) for part in (totals.gy, totals.gf, totals.gfy, totals.gff))
    together, alone = pooled(over(fy - over(y * f, gold), gold**2)), pooled(over(ff - over(f * f, gold), gold**2))
    over_units = over(together, np.where(alone > _TINY * pooled(over(ff, gold**2)), alone, 0.0))
    across, along = pooled(error_y * error_f), pooled(error_f**2)
    share = SHRINKAGE / np.maximum(pooled((totals.gm > 0).astype(float)), 1)
    along = np.where(along > _TINY * pooled(over(ff, gold**2)), along, 0.0)
    slope = np.where(along > 0, over(across + share * along * over_units, along * (1 + share)), over_units)
    return np.maximum(slope, 0.0), over(error_f**2, along * (1 + share))


def _small_sample(totals: Totals) -> tuple[Array, Array]:
    """Return the inflation of each coded cluster's squared error, and the degrees of freedom of their sum.

    With ``x`` a cluster's share of the weights and ``u`` its share of the working model's variance, the linearised
    errors have the covariance ``C_ij = u_i [i = j] - x_i u_j - x_j u_i + x_i x_j``. The inflation is ``a_i = u_i /
    C_ii``; the degrees of freedom are ``2 mean^2 / variance`` of ``sum(a_i e_i^2)``, that is
    ``(sum a_i C_ii)^2 / sum a_i a_j C_ij^2`` (Bell & McCaffrey 2002).
    """
    x = over(totals.gm, totals.gm.sum(axis=-1, keepdims=True))
    work = (1 - WORKING_ICC) * totals.square + WORKING_ICC * totals.gm**2
    u = over(work, work.sum(axis=-1, keepdims=True))
    own = np.maximum(u - 2 * x * u + x * x, 0.0)
    a = np.where(own > _TINY, over(u, own), 0.0)
    xx, uu, xu = ((a * part).sum(axis=-1) for part in (x * x, u * u, x * u))
    every = 2 * xx * uu + xx**2 + 2 * xu**2 - 4 * xx * xu
    same = ((a * (2 * x * u - x * x)) ** 2).sum(axis=-1)
    return a, over((a * own).sum(axis=-1) ** 2, every - same + ((a * own) ** 2).sum(axis=-1))


def over(above: Array, below: Array) -> Array:
    """Divide; 0 where the divisor is 0 (padding, or an outlet without gold)."""
    above, below = np.broadcast_arrays(above, below)
    return np.divide(above, below, out=np.zeros(above.shape), where=below != 0)
