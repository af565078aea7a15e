"""Differences between two outlets: size, permutation test, correction over the family, equivalence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tqdm.auto import tqdm

from framing.comparison.clusters import Clusters, find_clusters, single_article_caveats
from framing.comparison.effects import NONE, difference_interval, equivalence_p, odds_ratio
from framing.comparison.estimates import Estimate, Weight, cluster_totals, mean_interval, share_interval
from framing.comparison.permutation import EXACT, SPARSE, PermutationTest, noise_variance, permutation_test, untestable
from framing.errors import InputError
from framing.resampling import Seed, generator
from framing.results import Result

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]
Scale = tuple[float, float]

Finding = Literal["different", "slightly different", "equivalent", "undecided", "not tested"]
"""What a contrast allows one to say at .05, corrected over the family: different: the outlets differ; equivalent: they
differ by less than the margin, if at all; slightly different: both; undecided: neither, which is no evidence that they
are alike; not tested: why stands in ``reason``."""

ALPHA = 0.05

_COLUMNS = (
    *("outlet_a", "outlet_b", "variable", "difference", "low", "high", "low_family", "high_family"),
    *("odds_ratio", "odds_low", "odds_high"),
    *("p", "p_holm", "p_bh", "labellings", "exact", "margin", "p_equivalence", "p_equivalence_holm", "finding"),
    *("reason", "n_units_a", "n_units_b", "scope"),
)


@dataclass(frozen=True)
class _Setting:
    """What is the same for every contrast of a call."""

    scales: Mapping[str, Scale]
    weight: Weight
    groups: str | None
    equivalence: float | None
    permutations: int
    level: float
    family: float


def contrasts(
    units: pd.DataFrame,
    columns: dict[str, str],
    *,
    rng: Seed,
    bounds: Scale | Mapping[str, Scale] | None = None,
    weight: Weight = "units",
    groups: str | None = None,
    equivalence: float | None = None,
    permutations: int = 9999,
    level: float = 0.95,
) -> Result:
    """Compare every two outlets on every variable; all rows are one family.

    Parameters
    ----------
    units, columns, weight, groups, level
        As in `framing.comparison.shares`.
    rng
        Seed or generator of the permutations.
    bounds
        Ends of the scale: of all variables, or by variable; None, or a variable without any, for shares.
    equivalence
        Largest difference that counts as none, as a part of the scale's length (of 1 for shares), in (0, 1); None for
        no test of equivalence. It must be chosen before the data are seen.
    permutations
        Number of labellings where there are too many to list them all.

    Returns
    -------
    Result
        ``outlet_a, outlet_b, variable, difference, low, high, low_family, high_family`` (the interval that holds for
        all rows together, at ``1 - (1 - level) / rows``: Dunn 1961), ``odds_ratio, odds_low, odds_high`` (nan for
        means),
        ``p, p_holm, p_bh, labellings, exact, margin, p_equivalence, p_equivalence_holm, finding`` (`Finding`),
        ``reason`` (why p or the odds ratio is missing, else empty), ``n_units_a, n_units_b, scope``.

    Raises
    ------
    InputError
        Where ``equivalence`` is out of range, or `framing.comparison.clusters.find_clusters` complains.
    """
    if equivalence is not None and not 0 < equivalence < 1:
        raise InputError(f"an equivalence margin of {equivalence}", cure="Give a part of the scale, such as 0.1.")
    draw, seed = generator(rng)
    find_clusters(units, groups)  # complains of unknown outlets before any is left out
    needed = ("doc_id", "outlet", "paragraph", groups, *columns.values())
    units = units[[name for name in units.columns if name in needed]]
    ends = bounds if isinstance(bounds, Mapping) else {} if bounds is None else dict.fromkeys(columns, bounds)
    scales = {variable: ends[variable] for variable in columns if variable in ends}
    pairs = list(combinations(sorted(units["outlet"].unique()), 2))
    family = 1 - (1 - level) / max(len(pairs) * len(columns), 1)
    setting = _Setting(scales, weight, groups, equivalence, permutations, level, family)
    own = {pair: units[units["outlet"].isin(pair)] for pair in pairs}
    clusters = {pair: find_clusters(part, groups) for pair, part in own.items()}
    rows = [
        _contrast(own[pair], clusters[pair], pair, variable, columns[variable], setting, draw)
        for variable, pair in tqdm(
            list(product(columns, pairs)), desc="contrasts", unit="pair", disable=None, leave=False
        )
    ]
    table = _family(pd.DataFrame(rows, columns=list(_COLUMNS)))
    return Result(
        table=table,
        estimand=_estimand(setting, set(columns) - set(scales)),
        method=_method(setting, table),
        n_articles=units["doc_id"].nunique(),
        n_units=len(units),
        seed=seed,
        caveats=single_article_caveats(units, groups),
    )


def _contrast(
    own: pd.DataFrame,
    clusters: Clusters,
    pair: tuple[str, str],
    variable: str,
    column: str,
    setting: _Setting,
    draw: np.random.Generator,
) -> dict[str, object]:
    """Compare two outlets on one variable, from the units of both."""
    y, n = cluster_totals(own, column, clusters, setting.weight)
    noise = noise_variance(own, column, clusters, setting.weight)
    seen = n > 0
    y, n, noise, in_a = y[seen], n[seen], noise[seen], (clusters.outlet == pair[0])[seen]
    parts = [own[column].notna().to_numpy() & (own["outlet"] == outlet).to_numpy() for outlet in pair]
    scale = setting.scales.get(variable)

    def difference(level: float) -> Estimate:
        a, b = (
            share_interval(y[part], n[part], level, units=clusters.evidence(known))
            if scale is None
            else mean_interval(y[part], n[part], scale, level)
            for part, known in zip((in_a, ~in_a), parts, strict=True)
        )
        return difference_interval(a, b)

    reason = untestable(y, n, in_a, clusters.level)
    test = PermutationTest(float("nan"), 0, False)
    if not reason:
        test = permutation_test(y, n, in_a, draw, setting.permutations, noise)
    found, together = difference(setting.level), difference(setting.family)
    odds, why = (NONE, "") if scale is not None else odds_ratio(y, n, in_a, setting.level)
    margin = _margin(setting.equivalence, scale)
    return {
        **dict(zip(("outlet_a", "outlet_b"), pair, strict=True)),
        "variable": variable,
        **dict(zip(("difference", "low", "high"), (found.value, found.low, found.high), strict=True)),
        **{"low_family": together.low, "high_family": together.high},
        **dict(zip(("odds_ratio", "odds_low", "odds_high"), (odds.value, odds.low, odds.high), strict=True)),
        **{"p": test.p, "labellings": test.labellings, "exact": test.exact, "margin": margin},
        "p_equivalence": np.nan if setting.equivalence is None else equivalence_p(difference, margin),
        "reason": "; ".join(dict.fromkeys(filter(None, (reason, why)))),
        **{"n_units_a": int(parts[0].sum()), "n_units_b": int(parts[1].sum()), "scope": clusters.scope},
    }


def _margin(equivalence: float | None, scale: Scale | None) -> float:
    """Return the margin in the variable's own units."""
    if equivalence is None:
        return float("nan")
    return equivalence if scale is None else equivalence * (scale[1] - scale[0])


def _family(table: pd.DataFrame) -> pd.DataFrame:
    """Correct the tests of all rows as one family, and say what each row allows one to say."""
    table["p_holm"] = adjusted_p(table["p"], "holm")
    table["p_bh"] = adjusted_p(table["p"], "bh")
    table["p_equivalence_holm"] = adjusted_p(table["p_equivalence"], "holm")
    table["finding"] = [_finding(p, q) for p, q in zip(table["p_holm"], table["p_equivalence_holm"], strict=True)]
    return table


def adjusted_p(p: pd.Series, method: Literal["holm", "bh"]) -> pd.Series:
    """Correct the p values that there are as one family: Holm (1979) or Benjamini & Hochberg (1995).

    Not statsmodels' multipletests, which collects all of the process's garbage at each call.
    """
    from scipy.stats import false_discovery_control

    found = p.astype(float).copy()
    known = found.dropna().sort_values(kind="stable")
    if known.empty:
        return found
    if method == "bh":
        found[known.index] = false_discovery_control(known)
    else:
        steps = np.maximum.accumulate(known.to_numpy() * np.arange(len(known), 0, -1))
        found[known.index] = np.minimum(steps, 1.0)
    return found


def _finding(p: float, equivalence: float) -> Finding:
    differs, alike = p < ALPHA, equivalence < ALPHA  # nan is neither
    if differs:
        return "slightly different" if alike else "different"
    if alike:
        return "equivalent"
    return "not tested" if np.isnan(p) else "undecided"


def _estimand(setting: _Setting, shares: set[str]) -> str:
    what = "prevalence and mean" if shares and setting.scales else "prevalence" if shares else "mean"
    counts = {"units": "each unit counting once", "articles": "each article counting once, however long"}
    odds = ", and their odds ratio" if shares else ""
    return f"Difference of two outlets (first minus second) in {what}{odds}, {counts[setting.weight]}."


def _method(setting: _Setting, table: pd.DataFrame) -> str:
    joined = "" if setting.groups is None else " (near-duplicates joined)"
    equivalence = ""
    if setting.equivalence is not None:
        equivalence = (
            f" Equivalence: two one-sided tests that the difference is below {setting.equivalence:g} of the scale's "
            "length, from the same intervals (Schuirmann 1987), with Holm's correction."
        )
    return (
        f"Gold codings; outlet labels permuted over articles{joined}, or over paragraphs where one of the two has a "
        f"single article: all ways where there are at most {EXACT} (exact), else {setting.permutations} drawn; "
        "two-sided, studentised, no design effect below 1; not tested where fewer than "
        f"{SPARSE} of them differ from the others or no p below .05 is possible; Holm's correction over the "
        f"{int(table['p'].notna().sum())} tests of this table (p_bh, Benjamini & Hochberg's, is for exploration). "
        f"Intervals at {setting.level:.0%} come from the two outlets' intervals by square-and-add, those of odds "
        f"ratios from a cluster-robust logistic regression; both uncorrected. low_family and high_family are at "
        f"{setting.family:.2%}, so that all {len(table)} of this table hold together (Dunn 1961).{equivalence}"
    )


EXPLORATION = "exploration"
"""Name of the contrasts that no family was declared for: read by ``p_bh``, they suggest and prove nothing."""


def by_family(
    compare: Callable[[dict[str, str]], Result], families: Mapping[str, tuple[str, ...]], columns: dict[str, str]
) -> dict[str, Result]:
    """Compare outlets family by family; what is in no family is exploration, under that name.

    Parameters
    ----------
    compare
        `contrasts` with all but its columns.
    families
        Variables of each family by its name.
    columns
        Column of each variable by its id, of all families and of what is explored.

    Returns
    -------
    dict
        A result per family, in their order, then `EXPLORATION` where anything is left.

    Raises
    ------
    InputError
        Where a family names an unknown variable, or two name the same one.
    """
    named = [variable for members in families.values() for variable in members]
    for variable in named:
        if variable not in columns:
            raise InputError(
                f"a family of tests names '{variable}', which is no variable", cure=f"Known are {', '.join(columns)}."
            )
        if named.count(variable) > 1:
            raise InputError(f"'{variable}' stands twice in the families of tests", cure="Keep it in one place.")
    rest = tuple(variable for variable in columns if variable not in named)
    return {
        name: compare({variable: columns[variable] for variable in members})
        for name, members in {**families, EXPLORATION: rest}.items()
        if members
    }
