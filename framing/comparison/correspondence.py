"""Outlets and codes on one map: correspondence analysis of a table of counts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from framing.errors import InputError
from framing.results import Result

ZERO = 1e-12
"""Inertia below this is rounding: such a dimension is none."""


def correspondence(counts: pd.DataFrame) -> pd.DataFrame:
    """Place the rows and columns of a table of counts on dimensions that take up most of their inertia.

    With the correspondence matrix ``P = N / n``, row and column masses ``r`` and ``c``, the standardised residuals
    ``S = D_r^-1/2 (P - r c') D_c^-1/2`` have the singular value decomposition ``S = U D V'``; principal coordinates are
    ``F = D_r^-1/2 U D`` and ``G = D_c^-1/2 V D``, and ``D^2`` is the inertia of each dimension (Greenacre 2017,
    "Correspondence Analysis in Practice", 3rd ed., appendix A, eqs. A.3 to A.8). The sign of a dimension is arbitrary:
    here the row that lies farthest out is on its positive side.

    Parameters
    ----------
    counts : shape (rows, columns)
        How often each column's code occurs in each row; rows and columns without any are left out.

    Returns
    -------
    pandas.DataFrame
        ``kind`` (row, column), ``name``, ``n``, ``dimension`` (from 1), ``coordinate``, ``inertia`` (of the dimension)
        and ``share`` (of the total inertia that it takes up).

    Raises
    ------
    InputError
        Where fewer than two rows or two columns have any count, or a count is negative.
    """
    if (counts.to_numpy() < 0).any():
        raise InputError("a count is negative", cure="Give numbers of units.")
    table = counts.loc[counts.sum(axis=1) > 0, counts.sum(axis=0) > 0]
    if min(table.shape) < 2:
        raise InputError("a map needs two rows and two columns with counts", cure="Add outlets or frames.")
    n = table.to_numpy(dtype=float)
    p = n / n.sum()
    r, c = p.sum(axis=1), p.sum(axis=0)
    u, d, vt = np.linalg.svd((p - np.outer(r, c)) / np.sqrt(np.outer(r, c)), full_matrices=False)
    kept = d**2 > ZERO
    rows, columns = (u * d / np.sqrt(r)[:, None])[:, kept], (vt.T * d / np.sqrt(c)[:, None])[:, kept]
    sign = np.where(np.take_along_axis(rows, np.abs(rows).argmax(axis=0)[None, :], axis=0)[0] < 0, -1.0, 1.0)
    inertia = d[kept] ** 2
    found = []
    for kind, names, sums, places in (
        ("row", table.index, n.sum(axis=1), rows * sign),
        ("column", table.columns, n.sum(axis=0), columns * sign),
    ):
        for name, total, place in zip(names, sums, places, strict=True):
            for number, (coordinate, own) in enumerate(zip(place, inertia, strict=True), start=1):
                found.append((kind, str(name), int(total), number, coordinate, own, own / inertia.sum()))
    return pd.DataFrame(found, columns=["kind", "name", "n", "dimension", "coordinate", "inertia", "share"])


def outlet_map(units: pd.DataFrame, columns: dict[str, str]) -> Result:
    """Map outlets and frames by how often each outlet's units carry each frame.

    Parameters
    ----------
    units
        ``doc_id, outlet`` and one bool column per frame.
    columns
        Column of each frame by its id.

    Returns
    -------
    Result
        As `correspondence`, ``kind`` being outlet or frame.
    """
    counts = units.groupby("outlet")[list(columns.values())].sum().set_axis(list(columns), axis=1)
    table = correspondence(counts)
    return Result(
        table=table.assign(kind=table["kind"].map({"row": "outlet", "column": "frame"})),
        estimand="Where outlets and frames lie by the counts of units that carry each frame.",
        method="Correspondence analysis, principal coordinates of both (Greenacre 2017): outlets that lie together "
        "have similar profiles; the distance of an outlet to a frame is none.",
        n_articles=units["doc_id"].nunique(),
        n_units=len(units),
        caveats=("A picture of these counts and no test: it has no intervals.",),
    )
