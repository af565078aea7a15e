"""Differences of all outlets on all variables at once, by resampling articles."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from framing.comparison.clusters import find_clusters, single_article_caveats
from framing.comparison.estimates import Array, cluster_totals
from framing.resampling import Seed, few_clusters_caveat, generator, resampled_totals
from framing.results import Result


def bootstrap_differences(
    units: pd.DataFrame, columns: dict[str, str], *, rng: Seed, replicates: int = 10_000, level: float = 0.95
) -> Result:
    """Estimate the differences of every two outlets on every variable, with percentile bootstrap intervals.

    Each outlet's articles are drawn with replacement, whole, apart from the other outlets' (Cameron, Gelbach & Miller
    2008, pairs cluster bootstrap); the same draw serves all variables and all pairs, so that all that is needed of an
    article is its totals, and all replicates are a product of matrices.

    Parameters
    ----------
    units, columns
        As in `framing.comparison.shares`; columns may also hold numbers, nan where a unit has none. Not for machine
        labels, whose errors resampling does not know: see `framing.comparison.corrected_differences`.
    rng
        Seed or generator of the draws.
    replicates
        Number of draws.
    level
        Nominal level of the intervals.

    Returns
    -------
    Result
        ``outlet_a, outlet_b, variable, difference`` (first minus second), ``low, high, scope``; nan where an outlet has
        no unit with a value, in the corpus or in every draw.
    """
    draw, seed = generator(rng)
    find_clusters(units)  # complains of unknown outlets before any is left out
    outlets = sorted(units["outlet"].unique())
    means, draws, drawn = [], [], []
    for outlet in outlets:
        own = units[units["outlet"] == outlet]
        clusters = find_clusters(own)
        pairs = [cluster_totals(own, column, clusters) for column in columns.values()]
        totals = np.column_stack([part for pair in pairs for part in pair])
        means.append(_ratios(totals.sum(axis=0, keepdims=True))[0])
        draws.append(_ratios(resampled_totals(totals, replicates, draw)))
        drawn.append(clusters)
    tails = [(1 - level) / 2, (1 + level) / 2]
    rows = []
    for a, b in combinations(range(len(outlets)), 2):
        low, high = _quantiles(draws[a] - draws[b], tails)
        narrower = drawn[a] if drawn[a].level == "paragraph" else drawn[b]
        for place, variable in enumerate(columns):
            rows.append(
                {
                    "outlet_a": outlets[a],
                    "outlet_b": outlets[b],
                    "variable": variable,
                    "difference": float(means[a][place] - means[b][place]),
                    "low": float(low[place]),
                    "high": float(high[place]),
                    "scope": narrower.scope,
                }
            )
    return Result(
        table=pd.DataFrame(rows, columns=["outlet_a", "outlet_b", "variable", "difference", "low", "high", "scope"]),
        estimand="Difference of two outlets (first minus second) in prevalence or mean, each unit counting once.",
        method=(
            f"Gold codings; percentile intervals at {level:.0%} from {replicates} draws of each outlet's articles with "
            "replacement, or of its paragraphs where it has a single article (pairs cluster bootstrap, Cameron, "
            "Gelbach & Miller 2008); not corrected for their number."
        ),
        n_articles=units["doc_id"].nunique(),
        n_units=len(units),
        seed=seed,
        caveats=(
            *single_article_caveats(units),
            *few_clusters_caveat(min(own.n for own in drawn), "articles or paragraphs in the outlet that has fewest"),
        ),
    )


def _ratios(sums: Array) -> Array:
    """Return means from columns of totals and sizes in turn, shape (rows, variables); nan where a size is 0."""
    y, n = sums[:, 0::2], sums[:, 1::2]
    return np.asarray(np.divide(y, n, out=np.full(y.shape, np.nan), where=n > 0))


def _quantiles(draws: Array, tails: list[float]) -> Array:
    """Return quantiles over the finite draws of each variable, shape (tails, variables); nan where there is none."""
    if np.isfinite(draws).all():
        return np.asarray(np.quantile(draws, tails, axis=0))
    found = np.full((len(tails), draws.shape[1]), np.nan)
    for place, own in enumerate(draws.T):
        known = own[np.isfinite(own)]
        if known.size:
            found[:, place] = np.quantile(known, tails)
    return found
