"""A user's own table of coded units, read for a comparison."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from framing.coding.codebook import FRAME_PREFIX
from framing.comparison.overview import TARGET, TONE, VOICE, Variables
from framing.errors import InputError
from framing.files import first_row, read_table

PREDICTED = "frame_"
"""Prefix of a frame's probability in a table that ``framing predict`` wrote: its ``has_<id>`` are machine labels."""

TONE_PROBABILITIES = frozenset({"tone_negative", "tone_neutral", "tone_positive"})

_BOOLS = {"true": True, "1": True, "1.0": True, "yes": True, "false": False, "0": False, "0.0": False, "no": False}


def read_unit_table(path: str | Path) -> pd.DataFrame:
    """Read a table of units with ``doc_id``, ``outlet`` and one or more columns ``has_<frame>``.

    Parameters
    ----------
    path
        Also read: ``unit`` and ``paragraph`` (whole numbers), ``tone`` and ``tone_<party>`` (numbers or empty),
        ``voice``. Frames are true or false (1 or 0, yes or no), or empty where a unit was not coded. Others are kept.

    Raises
    ------
    InputError
        Naming file, row, column and cure.
    """
    table = read_table(path)
    for column in ("doc_id", "outlet"):
        if column not in table.columns:
            raise InputError(
                f"no column '{column}' (there are: {', '.join(map(str, table.columns))})",
                file=path,
                column=column,
                cure="A comparison needs doc_id, outlet and a column has_<frame> for each frame.",
            )
        table[column] = table[column].astype(str)
        empty = table[column].str.strip().eq("")
        if empty.any():
            raise InputError("empty", file=path, row=_row(empty, path), column=column, cure="Fill it in.")
    frames = [c for c in table.columns if c.startswith(FRAME_PREFIX)]
    if not frames:
        raise InputError(
            f"no column {FRAME_PREFIX}<frame> (there are: {', '.join(map(str, table.columns))})",
            file=path,
            cure="Give one for each frame, with 1 where a unit carries it and 0 where not.",
        )
    for column in frames:
        table[column] = _bools(table[column], path)
    for column in table.columns:
        if column in ("unit", "paragraph", TONE, "probability") or column.startswith((TARGET, PREDICTED)):
            table[column] = _numbers(table[column], path)
    if VOICE in table.columns:
        table[VOICE] = table[VOICE].where(table[VOICE].notna() & table[VOICE].astype(str).str.strip().ne(""))
    return table


def variables_of(table: pd.DataFrame) -> Variables:
    """Tell what was coded from a table's columns; a scale is as long to both sides of 0 as its farthest value."""
    frames = {c.removeprefix(FRAME_PREFIX): c for c in table.columns if c.startswith(FRAME_PREFIX)}
    names = [c for c in table.columns if c == TONE or (c.startswith(TARGET) and c not in TONE_PROBABILITIES)]
    scales = {name: _scale(table[name].dropna()) for name in names if table[name].notna().any()}
    voices = tuple(sorted(table[VOICE].dropna().unique())) if VOICE in table.columns else ()
    return Variables(frames, scales, voices)


def is_predicted(table: pd.DataFrame) -> bool:
    """Tell whether a table's frames are machine labels."""
    return any(c.startswith(PREDICTED) for c in table.columns)


def _scale(values: pd.Series) -> tuple[float, ...]:
    end = float(max(abs(values.min()), abs(values.max()), 1.0))
    return tuple(sorted({-end, *values.astype(float), end}))


def _row(bad: pd.Series, path: str | Path) -> int:
    return int(bad.to_numpy().argmax()) + first_row(path)


def _bools(column: pd.Series, path: str | Path) -> pd.Series:
    """Return a column of 0 and 1, nan where a cell is empty."""
    cells = column.astype("object").where(column.notna(), "").astype(str).str.strip().str.lower()
    found = cells.map(_BOOLS).astype(float)
    bad = found.isna() & cells.ne("")
    if bad.any():
        raise InputError(
            f"'{column[bad].iloc[0]}' is neither true nor false",
            file=path,
            row=_row(bad, path),
            column=str(column.name),
            cure="Write 1 or 0, or nothing where the unit was not coded.",
        )
    return found


def _numbers(column: pd.Series, path: str | Path) -> pd.Series:
    """Return a column of numbers, nan where a cell is empty."""
    cells = column.astype("object").where(column.notna(), "").astype(str).str.strip()
    found = pd.to_numeric(cells.where(cells.ne("")), errors="coerce").astype(float)
    bad = found.isna() & cells.ne("")
    if bad.any():
        raise InputError(
            f"'{column[bad].iloc[0]}' is no number",
            file=path,
            row=_row(bad, path),
            column=str(column.name),
            cure="Write a number, or nothing where there is none.",
        )
    return found
