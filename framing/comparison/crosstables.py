"""Frames by tone and by voice: within an outlet, how the units that carry a frame are told."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.comparison.clusters import Clusters, find_clusters, single_article_caveats
from framing.comparison.estimates import Estimate, Weight, blocks, share_interval, unit_weights
from framing.errors import InputError
from framing.results import Result

Bools = NDArray[np.bool_]

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
    known = units.loc[units[column].notna(), [*_needed(units, frames, groups), column]]
    rows = []
    for outlet in sorted(units["outlet"].unique()):
        own = known[known["outlet"] == outlet]
        clusters = find_clusters(own, groups) if len(own) else None
        x = own[list(frames.values())].to_numpy(dtype=bool)
        for frame, has in zip([*frames, NONE], [*x.T, ~x.any(axis=1)], strict=True):
            for value in values:
                hit = (own[column] == value).to_numpy() & has
                cell = _cell(own, clusters, has, hit, weight, level)
                rows.append({"outlet": outlet, "frame": frame, "value": value, **cell})
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


def _needed(units: pd.DataFrame, frames: dict[str, str], groups: str | None) -> list[str]:
    wanted = ["doc_id", "outlet", "paragraph", *([] if groups is None else [groups]), *frames.values()]
    return [name for name in dict.fromkeys(wanted) if name in units.columns]


def _cell(
    own: pd.DataFrame, clusters: Clusters | None, has: Bools, hit: Bools, weight: Weight, level: float
) -> dict[str, object]:
    """Estimate one cell: the clusters are those of the outlet, of which only those with the frame inform."""
    if clusters is None:
        found, scope, n = Estimate(np.nan, np.nan, np.nan), "", np.zeros(0)
        reason = "no unit has a value"
    else:
        w = unit_weights(own, has, weight)
        y, n, scope = clusters.totals(w * hit), clusters.totals(w), clusters.scope
        y, n = y[n > 0], n[n > 0]
        found = share_interval(y, n, level, units=clusters.evidence(has))
        reason = "the frame never occurs" if not len(n) else f"only one {clusters.level} carries the frame"
    return {
        **{"share": found.value, "low": found.low, "high": found.high, "n_with": int(hit.sum())},
        **{"n_units": int(has.sum()), "n_articles": own["doc_id"][has].nunique(), "n_clusters": len(n)},
        **{"scope": scope, "reason": reason if len(n) < 2 else ""},
    }
