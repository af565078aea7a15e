"""Outlets compared from machine labels, true to gold: gold alone, machine labels alone, and the two together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

import numpy as np
import pandas as pd

from framing.comparison.contrasts import adjusted_p
from framing.comparison.estimates import Weight
from framing.comparison.intervals import difference, mean_bounds, share_bounds, t_bounds, two_sided_p
from framing.comparison.powered import Array, Fit, Population, fit, naive_totals
from framing.comparison.quantification import adjusted_count
from framing.comparison.totals import Drawn, Grouped, check, group
from framing.results import Result

Estimator = Literal["gold", "naive", "corrected", "adjusted count"]
"""gold: coded units alone; naive: machine labels taken for gold; corrected: machine labels corrected by gold that was
drawn with known probabilities; adjusted count: machine labels corrected by error rates, where gold was not."""

NAIVE = (
    "Rows 'naive' take machine labels for gold. Their intervals know nothing of the classifier's errors, and miss the "
    "truth far more often than their level says: they stand here to show what the correction does, not to be reported."
)
NOT_DRAWN = (
    "Gold was not drawn with known probabilities. Rows 'adjusted count' assume instead that the classifier's recall "
    "and false-positive rate are the same in every outlet as in the gold, which nothing here can check."
)
LEAST_CODED = 5
"""Coded articles per outlet down to which `framing benchmark coverage` has shown that intervals hold."""
FINITE = "what coding every article of the corpus would give"
SUPER = "what the outlet gives in the long run, of which the corpus is a sample"

_FLAT, _EXACT = "nothing varies", "everything is coded: the difference is exact"
_NOTHING = "nothing coded"
_ONE = "coded units come from a single article"


@dataclass(frozen=True)
class Design:
    """How gold was drawn and what is estimated, the same for estimates and differences.

    Attributes
    ----------
    sampled
        Bool column: which units have gold because they were drawn.
    probability
        Column of the known probability with which a unit came to be coded, through its article or by itself; None where
        gold was not drawn by design.
    drawn
        What was drawn; it matters for a finite population only.
    weight
        What is estimated: a share of units, or the mean over articles of their shares.
    population
        finite: the corpus as it is; super: the outlet, of which the corpus is a sample.
    cluster
        Column of what hangs together: articles, or near-duplicate groups, which may span outlets.
    scale
        Ends of the scale of numbers; None for yes-or-no columns.
    slope
        Weight of the machine's values; None for the best (power tuning), 1 for plain prediction-powered inference.
    """

    sampled: str = "sampled"
    probability: str | None = "probability"
    drawn: Drawn = "articles"
    weight: Weight = "units"
    population: Population = "super"
    cluster: str = "doc_id"
    scale: tuple[float, float] | None = None
    slope: float | None = None


def corrected(
    units: pd.DataFrame, columns: dict[str, str], predicted: dict[str, str], *, design: Design, level: float = 0.95
) -> Result:
    """Estimate prevalence, or a mean, of each outlet from gold, from machine labels, and from both together.

    Parameters
    ----------
    units
        All units, coded or not: ``doc_id, outlet`` and the columns named below.
    columns
        Column of gold for each variable by its id, read where a unit was drawn; a coded unit without a value counts as
        one not coded.
    predicted
        Column of the machine's value for each variable: a label, a probability (which mostly serves better) or a
        score. Units without one are left out. A machine that learned from this gold must be cross-fitted: a coded
        article's values come from models that never saw it, any other's from their mean. A fixed machine needs nothing.
    design
        How gold was drawn, and what is estimated.
    level
        Nominal level of the intervals.

    Returns
    -------
    Result
        ``outlet, variable, estimator, value, low, high, se, df, slope, reason`` (why there is no interval, else
        empty), ``n_units, n_articles, n_coded_units, n_coded_articles``. Estimators as in `Estimator`.

    Raises
    ------
    InputError
        Naming the column that is missing or cannot be used.

    See Also
    --------
    framing.comparison.powered.fit : the estimator and its sources.
    """
    rows: list[dict[str, object]] = []
    fewest = LEAST_CODED
    for variable, grouped, estimator, found in _fits(units, columns, predicted, design):
        fewest = min(fewest, *(counts["n_coded_articles"] for counts in grouped.counts))
        low, high = _bounds(found, design, level)
        error = np.sqrt(found.variance)
        for place, outlet in enumerate(grouped.outlets):
            rows.append(
                {
                    "outlet": outlet,
                    "variable": variable,
                    "estimator": estimator,
                    "value": float(_inside(found.value[place], design)),
                    "low": float(low[place]),
                    "high": float(high[place]),
                    "se": float(error[place]),
                    "df": float(found.df[place]),
                    "slope": float(found.slope),
                    "reason": _reason(found, place),
                    **grouped.counts[place],
                }
            )
    return _result(rows, units, design, level, fewest, differences=False)


def corrected_differences(
    units: pd.DataFrame, columns: dict[str, str], predicted: dict[str, str], *, design: Design, level: float = 0.95
) -> Result:
    """Compare every two outlets on every variable, from gold, from machine labels, and from both together.

    Parameters
    ----------
    units, columns, predicted, design, level
        As in `corrected`.

    Returns
    -------
    Result
        ``outlet_a, outlet_b, variable, estimator, difference`` (first minus second), ``low, high, se, df, p, reason,
        p_holm``. A p value is of a two-sided t test; ``p_holm`` is corrected for the tests of its estimator in this
        table, taken as one family. Wire copy that both outlets
        carry is subtracted from their comparison where ``design.cluster`` names near-duplicate groups.
    """
    rows: list[dict[str, object]] = []
    fewest = LEAST_CODED
    for variable, grouped, estimator, found in _fits(units, columns, predicted, design):
        fewest = min(fewest, *(counts["n_coded_articles"] for counts in grouped.counts))
        for a, b in combinations(range(len(grouped.outlets)), 2):
            value, variance, df = difference(found, a, b, grouped.links(a, b))
            low, high = t_bounds(value, variance, df, level)
            least, most = _span(design)
            p = float(two_sided_p(value, variance, df))
            reason = _reason(found, a) or _reason(found, b)
            rows.append(
                {
                    "outlet_a": grouped.outlets[a],
                    "outlet_b": grouped.outlets[b],
                    "variable": variable,
                    "estimator": estimator,
                    "difference": float(value),
                    "low": float(np.clip(low, least - most, most - least)),
                    "high": float(np.clip(high, least - most, most - least)),
                    "se": float(np.sqrt(variance)),
                    "df": float(df),
                    "p": p,
                    "reason": reason or ("" if np.isfinite(p) else _EXACT if np.isinf(df) else _FLAT),
                }
            )
    result = _result(rows, units, design, level, fewest, differences=True)
    if result.table.empty:  # one outlet has no pair
        return result
    families = result.table.groupby("estimator", sort=False)["p"]
    return replace(result, table=result.table.assign(p_holm=families.transform(lambda p: adjusted_p(p, "holm"))))


def _fits(
    units: pd.DataFrame, columns: dict[str, str], predicted: dict[str, str], design: Design
) -> Iterator[tuple[str, Grouped, Estimator, Fit]]:
    """Yield each variable's estimates by each estimator that the design allows."""
    shares = design.scale is None
    for variable in columns:
        own = check(units, columns[variable], predicted[variable], design.sampled, design.probability, design.cluster)
        if shares:
            own.yes_or_no(columns[variable])
        # Without known probabilities nothing is known of the draw, on which alone a finite population rests.
        population = "super" if design.probability is None else design.population
        articles, slope = group(own, design.weight, "super"), design.slope
        drawn = articles if population == "super" else group(own, design.weight, population, design.drawn)
        yield variable, drawn, "gold", fit(drawn.totals, population=population, slope=0.0, shares=shares)
        yield variable, articles, "naive", fit(naive_totals(articles.totals), slope=0.0, shares=shares)
        if design.probability is not None:
            yield variable, drawn, "corrected", fit(drawn.totals, population=population, slope=slope, shares=shares)
        elif shares:
            yield variable, articles, "adjusted count", adjusted_count(articles)


def _bounds(found: Fit, design: Design, level: float) -> tuple[Array, Array]:
    return share_bounds(found, level) if design.scale is None else mean_bounds(found, design.scale, level)


def _span(design: Design) -> tuple[float, float]:
    return (0.0, 1.0) if design.scale is None else design.scale


def _inside(value: float, design: Design) -> float:
    """Cut an estimate at the ends of its scale, which a correction may pass."""
    return float(np.clip(value, *_span(design)))


def _reason(found: Fit, place: int) -> str:
    """Say why an outlet has no interval, or nothing."""
    if found.why:
        return found.why
    if found.coded[place] == 0:
        return _NOTHING
    return _ONE if found.df[place] <= 0 else ""


def _result(
    rows: list[dict[str, object]], units: pd.DataFrame, design: Design, level: float, fewest: int, *, differences: bool
) -> Result:
    what = "prevalence" if design.scale is None else "mean"
    over = "of units" if design.weight == "units" else "over articles, each counting once"
    each = "Difference of two outlets (first minus second) in" if differences else "Each outlet's"
    caveats = [NAIVE, *([NOT_DRAWN] if design.probability is None else [])]
    if fewest < LEAST_CODED:
        caveats.append(
            f"An outlet has {fewest} coded articles. In simulations, intervals hold what they promise from "
            f"{LEAST_CODED} on; with fewer they are a guess."
        )
    correction = (
        "machine labels corrected by gold drawn with known probabilities (Egami et al. 2023; Angelopoulos et al. "
        "2023), with power tuning (PPI++) pooled over outlets"
        if design.probability is not None
        else "machine labels corrected by recall and false-positive rate in the gold (adjusted classify-and-count, "
        "Forman 2008)"
    )
    tests = " Two-sided t tests; p_holm takes those of one estimator as a family (Holm 1979)." if differences else ""
    return Result(
        table=pd.DataFrame(rows),
        estimand=f"{each} {what} {over}: {FINITE if design.population == 'finite' else SUPER}.",
        method=(
            f"Gold alone, machine labels alone, and {correction}. Variances between clusters ({design.cluster}), with "
            "the small-sample correction and degrees of freedom of Bell & McCaffrey (2002); "
            f"{'t' if differences or design.scale is not None else 'Wilson'} intervals at {level:.0%}.{tests}"
        ),
        n_articles=units["doc_id"].nunique(),
        n_units=len(units),
        caveats=tuple(caveats),
    )
