"""Frames by tone and by voice: within an outlet, how the units that carry a frame are told."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd

from framing.comparison.clusters import find_clusters, single_article_caveats
from framing.comparison.estimates import Estimate, Weight, blocks, cluster_totals, share_interval
from framing.errors import InputError
from framing.results import Result

NONE = "(none)"
"""Stands for units that carry no frame at all."""


def cross_table(
    units: pd.DataFrame,
    frames: dict[str, str],
    column: str,
    values: Sequence[object],
    *,
    weight: Weight = "units",
    groups: str | None = None,
    level: float = 0.95,
) -> Result:
    """Cross frames with tone, with tone towards a party, or with voice, per outlet.

    Parameters
    ----------
    units, weight, groups, level
        As in `framing.comparison.shares`.
    frames
        Bool column of each frame by its id.
    column, values
        What frames are crossed with, and the values it may have; units without one are left out.

    Returns
    -------
    Result
        Per outlet, frame (`NONE` for units without any) and value: ``outlet, frame, value, share, low, high, n_with``
        (units with frame and value), ``n_units`` (with the frame, of any value), ``n_articles`` (in which these are),
        ``n_clusters, scope, reason`` (why share or interval is missing, else empty).

    Raises
    ------
    InputError
        Where the column is missing or holds another value.
    """
    if column not in units.columns:
        raise InputError(f"no column '{column}'", column=column, cure="Name a column of the table of units.")
    other = sorted(set(units[column].dropna()) - set(values), key=str)
    if other:
        raise InputError(f"unknown value '{other[0]}'", column=column, cure=f"Known are {', '.join(map(str, values))}.")
    find_clusters(units, groups)  # complains of unknown outlets before any is left out
    known = units[units[column].notna()]
    bare = ~known[list(frames.values())].astype(bool).any(axis=1)
    carried = {**{frame: known[c].astype(bool) for frame, c in frames.items()}, NONE: bare}
    rows = [
        {
            "outlet": outlet,
            "frame": frame,
            "value": value,
            **_cell(known, outlet, has, column, value, weight, groups, level),
        }
        for outlet, (frame, has), value in product(sorted(units["outlet"].unique()), carried.items(), values)
    ]
    counts = {"units": "each unit counting once", "articles": "each article with the frame counting once"}
    return Result(
        table=pd.DataFrame(rows),
        estimand=f"Of an outlet's coded units that carry the frame, the share with each value of {column}, "
        f"{counts[weight]}. A unit with several frames counts for each of them; '{NONE}' are units without any.",
        method=f"Gold codings; Wilson interval at {level:.0%}, its sample size from the linearised variance of a ratio "
        f"between {blocks(groups)}; uncorrected for their number.",
        n_articles=known["doc_id"].nunique(),
        n_units=len(known),
        caveats=single_article_caveats(units, groups),
    )


def _cell(
    known: pd.DataFrame,
    outlet: str,
    has: pd.Series,
    column: str,
    value: object,
    weight: Weight,
    groups: str | None,
    level: float,
) -> dict[str, object]:
    """Estimate one cell: the clusters are those of the outlet, of which only those with the frame inform."""
    own = known[known["outlet"] == outlet]
    if own.empty:
        return _row(Estimate(np.nan, np.nan, np.nan), own, 0, 0, "", "no unit has a value")
    clusters = find_clusters(own, groups)
    hit = (own[column] == value).astype(float).where(has[own.index])
    y, n = cluster_totals(own.assign(_hit=hit), "_hit", clusters, weight)
    y, n = y[n > 0], n[n > 0]
    carrying = own[has[own.index]]
    found = share_interval(y, n, level, units=clusters.evidence(hit.notna().to_numpy()))
    reason = (
        "" if len(n) > 1 else f"only one {clusters.level} carries the frame" if len(n) else "the frame never occurs"
    )
    return _row(found, carrying, int(hit.sum()), len(n), clusters.scope, reason)


def _row(
    found: Estimate, carrying: pd.DataFrame, n_with: int, n_clusters: int, scope: str, reason: str
) -> dict[str, object]:
    return {
        **{"share": found.value, "low": found.low, "high": found.high, "n_with": n_with, "n_units": len(carrying)},
        **{"n_articles": carrying["doc_id"].nunique(), "n_clusters": n_clusters, "scope": scope, "reason": reason},
    }
