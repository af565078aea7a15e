"""In which order a coder meets the units: shuffled for each coder alone, or as a plan says."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd

from framing.coding.exchange.queues import shuffled
from framing.errors import InputError, StaleCodingError
from framing.files import first_row, read_table
from framing.schema import KEY


def blind_queue(tasks: pd.DataFrame, *, coder: str, context: int, rng: int) -> pd.DataFrame:
    """Shuffle units for one coder: the same each time, and another order for each coder.

    Parameters
    ----------
    tasks
        ``doc_id, unit`` in reading order, as `framing.coding.exchange.form.tasks` gives them.
    coder
        Whose order it is.
    context
        Units before a unit that coders may read; see `framing.coding.exchange.queues.shuffled`.
    rng
        The study's seed.

    Returns
    -------
    pandas.DataFrame
        ``doc_id, unit``.
    """
    own = int.from_bytes(hashlib.sha256(coder.encode("utf-8")).digest()[:8], "big")
    generator = np.random.default_rng([rng, own])
    codes, articles = pd.factorize(tasks["doc_id"])
    return tasks.iloc[shuffled(codes, len(articles), context > 0, generator)][KEY].reset_index(drop=True)


def read_queue(path: str | Path, tasks: pd.DataFrame, *, coder: str) -> pd.DataFrame:
    """Read a coder's queue from a plan of who codes what.

    Parameters
    ----------
    path
        A table with ``coder, position, doc_id, unit``; where it has ``sha``, that is held against the units.
    tasks
        ``doc_id, unit, sha`` of the units that can be coded.

    Returns
    -------
    pandas.DataFrame
        ``doc_id, unit``, by position.

    Raises
    ------
    InputError
        For a missing column, a coder who is not in it, or a unit that is not there, is boilerplate or stands twice.
    StaleCodingError
        Where a unit's text is not the one that was planned.
    """
    table = read_table(path)
    for column in ("coder", "position", *KEY):
        if column not in table.columns:
            cure = "A plan has the columns coder, position, doc_id, unit."
            raise InputError(f"no column '{column}'", file=path, column=column, cure=cure)
    first = first_row(path)
    own = table.reset_index(drop=True)[table["coder"].astype(str).eq(coder).to_numpy()]
    if own.empty:
        names = ", ".join(sorted(set(table["coder"].astype(str))))
        raise InputError(f"no units for coder '{coder}'", file=path, column="coder", cure=f"It plans for {names}.")
    numbers = {column: pd.to_numeric(own[column], errors="coerce") for column in ("position", "unit")}
    for column, values in numbers.items():
        bad = values.isna() | (values % 1 != 0)
        if bad.any():
            place = int(bad.to_numpy().argmax())
            said = f"'{own[column].iloc[place]}' is not a whole number"
            row = int(own.index.to_numpy()[place]) + first
            raise InputError(said, file=path, row=row, column=column, cure="Write the plan anew.")
    own = own.assign(doc_id=own["doc_id"].astype(str), **{c: values.astype(int) for c, values in numbers.items()})
    _require_known(own, tasks, path, first)
    return own.sort_values("position", kind="stable")[KEY].reset_index(drop=True)


def _require_known(own: pd.DataFrame, tasks: pd.DataFrame, path: str | Path, first: int) -> None:
    shas = {(str(doc_id), int(unit)): sha for doc_id, unit, sha in tasks[[*KEY, "sha"]].itertuples(index=False)}
    seen = set()
    planned = own["sha"] if "sha" in own.columns else pd.Series("", index=own.index)
    for row, doc_id, unit, sha in zip(own.index, own["doc_id"], own["unit"], planned, strict=True):
        what = f"unit {unit} of article '{doc_id}'"
        if (doc_id, unit) not in shas:
            cure = "Plan with the units of this study; boilerplate is never coded."
            raise InputError(f"{what} cannot be coded", file=path, row=row + first, cure=cure)
        if (doc_id, unit) in seen:
            raise InputError(f"{what} stands twice", file=path, row=row + first, cure="Keep one of the rows.")
        if sha and sha != shas[doc_id, unit]:
            said = f"the text of {what} is not the one that was planned"
            raise StaleCodingError(
                said, file=path, row=row + first, column="sha", cure="Plan anew, or restore the text."
            )
        seen.add((doc_id, unit))
