"""What to code next: a probability sample, stratified by outlet and predicted frame, that says how likely each was."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.comparison.clusters import require_outlets
from framing.errors import InputError
from framing.resampling import Seed, generator
from framing.results import Result
from framing.schema import KEY

Ints = NDArray[np.intp]

By = Literal["units", "articles"]
"""units: single units are drawn; articles: whole articles, all units of which are then coded."""

Allocation = Literal["equal", "proportional"]
"""equal: as many from every stratum, so that rare frames and small outlets are seen; proportional: as many as its
size asks for, so that all have about the same chance."""

NONE = "none"
"""Part of a stratum's name for what carries no predicted frame."""

LEAST = 2
"""So many are drawn from every stratum that has them, for a variance needs two."""


def draw_sample(
    units: pd.DataFrame,
    columns: dict[str, str],
    n: int,
    *,
    rng: Seed,
    by: By = "units",
    allocation: Allocation = "equal",
) -> Result:
    """Draw units or articles to code, without replacement, each with a known chance.

    Parameters
    ----------
    units
        ``doc_id, outlet``, ``unit`` where units are drawn, and one bool column per predicted frame.
    columns
        Column of each predicted frame by its id. A unit belongs to the rarest of the frames predicted for it, an
        article to the rarest that is predicted for at least as many of its units as are expected by chance.
    n
        How many to draw.
    rng
        Seed or generator of the draw.
    by, allocation
        `By` and `Allocation`.

    Returns
    -------
    Result
        ``doc_id``, ``unit`` where units are drawn, ``outlet, stratum`` (outlet, colon, frame), ``probability`` of
        having been drawn: its inverse is the weight with which a corrected estimate counts what was coded.

    Raises
    ------
    InputError
        Where a column is missing, a unit stands twice, or ``n`` is too small or too large.
    """
    draw, seed = generator(rng)
    frame = _frame(units, columns, by)
    names = frame["outlet"].astype(str) + ": " + frame["frame"]
    strata, labels = pd.factorize(names, sort=True)
    sizes = np.bincount(strata, minlength=len(labels))
    taken = allocate(sizes, n, allocation)
    chosen = np.concatenate(
        [draw.choice(np.flatnonzero(strata == h), taken[h], replace=False) for h in range(len(labels))]
    )
    table = frame.drop(columns="frame").assign(stratum=names, probability=(taken / sizes)[strata])
    key = KEY if by == "units" else ["doc_id"]
    table = table.iloc[chosen].sort_values(key, ignore_index=True)[[*key, "outlet", "stratum", "probability"]]
    return Result(
        table=table,
        estimand=f"A probability sample of {len(table)} {by} to code, from {len(frame)}.",
        method=f"Without replacement within {len(labels)} strata, an outlet's {by} by the rarest frame that is "
        f"predicted for them; {allocation} allocation, at least {LEAST} from each. Probability: drawn over size of the "
        "stratum.",
        n_articles=units["doc_id"].nunique(),
        n_units=len(units),
        seed=seed,
    )


def allocate(sizes: Ints, n: int, allocation: Allocation) -> Ints:
    """Share a sample out among strata, none getting more than it has or, where it can be, fewer than `LEAST`.

    What is left after that goes to the strata in turn: at each step to the one that is farthest below its part.

    Parameters
    ----------
    sizes : shape (strata,)
        At least 1 each.
    n
        How many to draw.

    Returns
    -------
    taken : shape (strata,)
        Sums to ``n``.

    Raises
    ------
    InputError
        Where ``n`` is below what `LEAST` asks for or above the sum of sizes.
    """
    taken = np.minimum(sizes, LEAST)
    if not taken.sum() <= n <= sizes.sum():
        raise InputError(
            f"{n} cannot be drawn from {sizes.sum()} in {len(sizes)} strata",
            cure=f"Draw at least {taken.sum()} and at most {sizes.sum()}.",
        )
    part = np.ones(len(sizes)) if allocation == "equal" else sizes.astype(float)
    for _ in range(n - int(taken.sum())):
        filled = np.where(taken < sizes, (taken + 0.5) / part, np.inf)
        taken[int(filled.argmin())] += 1
    return taken


def _frame(units: pd.DataFrame, columns: dict[str, str], by: By) -> pd.DataFrame:
    """Return the sampling frame: one row per unit or article, with its outlet and its predicted frame."""
    key = KEY if by == "units" else ["doc_id"]
    require_outlets(units)
    for column in (*key, *columns.values()):
        if column not in units.columns:
            raise InputError(f"no column '{column}'", column=column, cure="Give units with predicted frames.")
    has = units[list(columns.values())].astype(float).set_axis(list(columns), axis=1)
    if by == "units":
        twice = units.duplicated(KEY)
        if twice.any():
            raise InputError(
                f"unit {units.loc[twice, 'unit'].iloc[0]} of '{units.loc[twice, 'doc_id'].iloc[0]}' stands twice",
                cure="Keep one row per unit.",
            )
        return units[[*KEY, "outlet"]].assign(frame=_rarest(has > 0, has.mean()))
    shares = has.groupby(units["doc_id"].to_numpy(), sort=True).mean()
    carried = (shares > 0) & (shares >= has.mean())
    found = units.drop_duplicates("doc_id").sort_values("doc_id", ignore_index=True)[["doc_id", "outlet"]]
    return found.assign(frame=_rarest(carried, has.mean()).to_numpy())


def _rarest(carried: pd.DataFrame, prevalence: pd.Series) -> pd.Series:
    """Return the rarest frame that each row carries, `NONE` where it carries none."""
    order = prevalence.sort_values(kind="stable").index
    found = pd.Series(NONE, index=carried.index)
    for frame in order[::-1]:
        found = found.mask(carried[frame], frame)
    return found
