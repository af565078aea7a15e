"""How much to code: what a plan rests on, read off data or stated, and the articles that it takes."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.comparison.precision import Rates, articles_for_interval, articles_for_power, half_width, power
from framing.errors import InputError
from framing.results import Result

Array = NDArray[np.float64]

_RATES = ("prevalence", "icc", "units_per_article", "cv")
_PLANNED = (
    *("design_effect", "half_width", "power"),
    *("articles_for_interval", "units_for_interval", "articles_for_power", "units_for_power"),
)


def intraclass_correlation(values: Array, articles: NDArray[np.intp], outlets: NDArray[np.intp]) -> float:
    """Estimate the correlation of two units of one article, within outlets, by analysis of variance.

    ``(MSB - MSW) / (MSB + (m0 - 1) MSW)`` with mean squares between articles of an outlet and within articles, and
    ``m0 = (N - sum over outlets of sum m^2 / N_g) / (articles - outlets)`` (Donner & Klar 2000; Ridout, Demetrio &
    Firth 1999 for shares); not below 0.

    Parameters
    ----------
    values, articles, outlets : shape (units,)
        Values, and the numbers of the article and of the outlet that each unit is of.

    Returns
    -------
    icc
        nan where no outlet has two articles, no article has two units, or nothing varies.
    """
    table = pd.DataFrame({"y": values, "article": articles, "outlet": outlets})
    by_article = table.groupby(["outlet", "article"])["y"].agg(["size", "mean"])
    size, mean = by_article["size"].to_numpy(dtype=float), by_article["mean"].to_numpy()
    outlet = by_article.index.get_level_values("outlet")
    total = pd.Series(size).groupby(outlet.to_numpy()).transform("sum").to_numpy()
    centre = pd.Series(size * mean).groupby(outlet.to_numpy()).transform("sum").to_numpy() / total
    between, within = len(size) - outlet.nunique(), size.sum() - len(size)
    if between < 1 or within < 1:
        return float("nan")
    own = table.groupby(["outlet", "article"])["y"].transform("mean")
    msb = float((size * (mean - centre) ** 2).sum() / between)
    msw = float(((table["y"] - own) ** 2).sum() / within)
    m0 = (size.sum() - (size**2 / total).sum()) / between
    spread = msb + (m0 - 1) * msw
    return max((msb - msw) / spread, 0.0) if spread > 0 else float("nan")


def observed_rates(units: pd.DataFrame, columns: dict[str, str], icc: float | None = None) -> pd.DataFrame:
    """Read off data what a plan rests on, for every outlet and variable.

    Parameters
    ----------
    units
        With ``doc_id`` and ``outlet``; units without a value are left out.
    columns
        Bool column of each variable by its id.
    icc
        Intraclass correlation, where it is known better than these data tell; else that within all outlets.

    Returns
    -------
    pandas.DataFrame
        ``outlet, variable, prevalence, icc, units_per_article, cv, articles_now, reason`` (why there is no plan).
    """
    rows = []
    for variable, column in columns.items():
        known = units[units[column].notna()]
        y = known[column].to_numpy(dtype=float)
        codes = [pd.factorize(known[c])[0] for c in ("doc_id", "outlet")]
        rho = intraclass_correlation(y, *codes) if icc is None else icc
        for outlet in sorted(units["outlet"].unique()):
            own = known[known["outlet"] == outlet]
            sizes = own.groupby("doc_id").size().to_numpy(dtype=float)
            p = float(own[column].astype(float).mean()) if len(own) else float("nan")
            m, cv = (sizes.mean(), sizes.std() / sizes.mean()) if len(sizes) else (np.nan, np.nan)
            names = {"outlet": outlet, "variable": variable, "prevalence": p, "icc": rho}
            rows.append({**names, "units_per_article": m, "cv": cv, "articles_now": len(sizes), "reason": _why(p, rho)})
    return pd.DataFrame(rows)


def _why(prevalence: float, icc: float) -> str:
    if np.isnan(prevalence):
        return "no unit has a value"
    if not 0 < prevalence < 1:
        return f"it {'always' if prevalence else 'never'} occurs here: state a prevalence"
    return "no outlet has two articles, or nothing varies: state an intraclass correlation" if np.isnan(icc) else ""


@dataclass(frozen=True)
class _Goals:
    interval: float | None
    difference: float | None
    chance: float
    alpha: float
    level: float

    def targets(self, rates: Rates, articles: float | None) -> dict[str, float]:
        """Return what so many articles give, and how many articles the goals need."""
        found: dict[str, float] = {}
        if articles is not None and articles >= 2:
            found["half_width"] = half_width(rates, articles, self.level)
            if self.difference is not None:
                found["power"] = power(rates, self.difference, articles, self.alpha)
        if self.interval is not None:
            found["articles_for_interval"] = articles_for_interval(rates, self.interval, self.level)
        if self.difference is not None:
            found["articles_for_power"] = articles_for_power(rates, self.difference, self.chance, self.alpha)
        for goal in ("interval", "power"):
            if f"articles_for_{goal}" in found:
                found[f"units_for_{goal}"] = np.ceil(found[f"articles_for_{goal}"] * rates.units_per_article)
        return found


def plan(
    rates: pd.DataFrame,
    *,
    interval: float | None = None,
    difference: float | None = None,
    chance: float = 0.8,
    articles: int | None = None,
    tests: int = 1,
    level: float = 0.95,
) -> Result:
    """Plan how many articles per outlet to code.

    Parameters
    ----------
    rates
        As `observed_rates` gives them; all but ``prevalence, icc`` and ``units_per_article`` may be missing.
    interval
        Half-width of the interval that is wanted for a prevalence.
    difference, chance
        Difference between two outlets that is to be found, and how surely.
    articles
        Number of articles per outlet for which half-width and power are told; by default ``articles_now``.
    tests
        Number of tests in the family: power is that at ``(1 - level) / tests``, which Holm's correction is never below.
    level
        Nominal level.

    Returns
    -------
    Result
        The rates and ``design_effect, articles, half_width, power`` (with so many articles), ``articles_for_interval,
        units_for_interval, articles_for_power, units_for_power`` per outlet (nan where nothing was asked for), and
        ``reason``.
    """
    goals = _Goals(interval, difference, chance, (1 - level) / tests, level)
    rows = [_planned(row, articles, goals) for row in rates.to_dict("records")]
    wanted = [f"an interval of +-{interval:g}"] if interval is not None else []
    wanted += (
        [f"a difference of {difference:g} to be found with a chance of {chance:g}"] if difference is not None else []
    )
    known, whole = "articles_now" in rates, [name for name in _PLANNED if name.startswith(("articles_", "units_"))]
    return Result(
        table=pd.DataFrame(rows).astype(dict.fromkeys(("articles", *whole), "Int64")),
        estimand=f"Articles per outlet to code for {' and for '.join(wanted) or 'nothing but what there is'}: "
        "prevalence as a share of units, every unit of an article coded.",
        method="Design effect 1 + ((1 + cv^2) m - 1) icc (Kish 1965; Donner & Klar 2000; Eldridge et al. 2006); t "
        f"intervals at {level:.0%}; two-sided t test of two outlets with as many articles each at "
        f"{(1 - level) / tests:.2g}. An intraclass correlation that is not stated is that within outlets, by "
        "analysis of variance.",
        n_articles=int(rates.drop_duplicates("outlet")["articles_now"].sum()) if known else 0,
        n_units=round((rates["articles_now"] * rates["units_per_article"]).groupby(rates["variable"]).sum().max())
        if known
        else 0,
        caveats=("An intraclass correlation from few articles is rough: plan with a higher one, too.",)
        if known
        else (),
    )


def _planned(row: dict[Hashable, Any], now: int | None, goals: _Goals) -> dict[str, object]:
    """Plan for one outlet and variable; what is asked for in vain becomes a reason."""
    names = {str(k): row[k] for k in ("outlet", "variable") if k in row}
    values = {name: float(row.get(name, 0.0)) for name in _RATES}
    articles = now if now is not None else row.get("articles_now", pd.NA)
    found = dict.fromkeys(_PLANNED, float("nan"))
    reason = row.get("reason", "")
    if not reason:
        rates = Rates(**values)
        found["design_effect"] = rates.design_effect
        try:
            found |= goals.targets(rates, None if articles is pd.NA else articles)
        except InputError as error:
            reason = error.problem
    return {**names, **values, "articles": articles, **found, "reason": reason}
