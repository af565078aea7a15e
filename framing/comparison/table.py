"""A user's own table of coded units, read for a comparison."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from framing.coding.codebook import FRAME_PREFIX, PROBABILITY_PREFIX
from framing.coding.codings import SEPARATOR, UNANSWERED
from framing.comparison.correction import Design, corrected, corrected_differences
from framing.comparison.estimates import Weight
from framing.comparison.overview import TARGET, TONE, VOICE, Variables
from framing.errors import InputError
from framing.files import first_row, read_table
from framing.results import Result
from framing.schema import KEY

TONE_PROBABILITIES = frozenset({"tone_negative", "tone_neutral", "tone_positive"})

FRAMES, CODER = "frames", "coder"
"""Columns of a coding sheet: ids of frames, and who coded."""

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
        if column in ("unit", "paragraph"):
            table[column] = _whole(table[column], path)
        elif column in (TONE, "probability") or column.startswith((TARGET, PROBABILITY_PREFIX)):
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


def coded_only(table: pd.DataFrame, path: str | Path) -> pd.DataFrame:
    """Return the units whose frames are all coded, as true and false.

    Raises
    ------
    InputError
        Where there is none.
    """
    frames = list(variables_of(table).frames.values())
    units = table[table[frames].notna().all(axis=1)].reset_index(drop=True)
    if units.empty:
        raise InputError("no unit is coded", file=path, column=frames[0], cure="Fill in 1 or 0 for some units.")
    return units.assign(**{c: units[c].astype(bool) for c in frames})


def join_gold(predicted: pd.DataFrame, gold: str | Path, path: str | Path) -> tuple[pd.DataFrame, Variables, bool]:
    """Put gold beside machine labels.

    Parameters
    ----------
    predicted
        As `read_unit_table` gives it, with ``unit``: the file at ``path``.
    gold
        A table with ``doc_id, unit`` and what was coded of the units that were drawn, under the names that the machine
        labels have, or a coding sheet, whose ``frames`` are ids joined by ``;``. A ``?`` is a missing code, and so is
        a row of a sheet whose ``coder`` is empty. ``probability`` where they were drawn with known probabilities.

    Returns
    -------
    units, variables, drawn
        All units, gold in columns ``gold_<name>``, with ``sampled`` and ``probability``; what both tables hold; and
        whether probabilities are known.

    Raises
    ------
    InputError
        Where a column is missing, a unit stands twice, or gold is of a unit that was not predicted.
    """
    coded = _with_frames(read_table(gold), predicted, gold)
    for table, file in ((predicted, path), (coded, gold)):
        if not set(KEY) <= set(table.columns):
            raise InputError(
                "no doc_id and unit", file=file, cure="Keep both in the table, so that gold finds its unit."
            )
    coded = coded.assign(doc_id=coded["doc_id"].astype(str), unit=_whole(coded["unit"], gold))
    for table, file in ((predicted, path), (coded, gold)):
        twice = table.duplicated(KEY)
        if twice.any():
            raise InputError(
                "the same unit stands in two rows", file=file, row=_row(twice, file), cure="Keep one row of each."
            )
    known = coded.merge(predicted[KEY], on=KEY, how="left", indicator=True)["_merge"].eq("both")
    if not known.all():
        raise InputError(
            "this unit is not in the table of machine labels",
            file=gold,
            row=_row(~known, gold),
            cure=f"It must be in {path}.",
        )
    machine = variables_of(predicted)
    frames = {name: column for name, column in machine.frames.items() if column in coded.columns}
    scales = {name: values for name, values in machine.scales.items() if name in coded.columns}
    if not frames:
        raise InputError(
            f"no column {FRAME_PREFIX}<frame> that the machine labels have", file=gold, cure="Name codes as the labels."
        )
    own = coded[KEY].assign(sampled=True, **{f"gold_{c}": _bools(coded[c], gold) for c in frames.values()})
    own = own.assign(**{f"gold_{name}": _numbers(coded[name], gold) for name in scales})
    drawn = "probability" in coded.columns
    if drawn:
        own["probability"] = _numbers(coded["probability"], gold)
    units = predicted.drop(columns="probability", errors="ignore").merge(own, on=KEY, how="left")
    units["sampled"] = units["sampled"].notna()
    return units, Variables(frames, scales), drawn


def _with_frames(coded: pd.DataFrame, predicted: pd.DataFrame, path: str | Path) -> pd.DataFrame:
    """Spell the column ``frames`` of a coding sheet out as ``has_<frame>``, and empty what is missing."""
    known = variables_of(predicted).frames
    if FRAMES in coded.columns and not any(column in coded.columns for column in known.values()):
        cells = coded[FRAMES].fillna("").astype(str).str.strip()
        said = cells.str.split(SEPARATOR).map(lambda ids: {name.strip() for name in ids if name.strip()} - {UNANSWERED})
        strange = said.map(lambda ids: sorted(ids - set(known)))
        cure = f"The machine labels know {', '.join(known)}; join several by ';'."
        _refuse(strange.str.join(", ").rename(FRAMES), strange.map(bool), path, "no frame of the machine labels", cure)
        unanswered = cells.eq(UNANSWERED)
        if CODER in coded.columns:
            unanswered |= cells.eq("") & coded[CODER].fillna("").astype(str).str.strip().eq("")
        for name, column in known.items():
            coded[column] = said.map(lambda ids, name=name: str(int(name in ids))).mask(unanswered, "")
    return coded.replace(UNANSWERED, "")


def compare_corrected(
    units: pd.DataFrame, variables: Variables, drawn: bool, weight: Weight, groups: str | None
) -> dict[str, Result]:
    """Compare outlets by gold, by machine labels, and by machine labels that gold corrects.

    Parameters
    ----------
    units, variables, drawn
        As `join_gold` gives them.
    weight, groups
        As in `framing.comparison.shares`.

    Returns
    -------
    dict
        ``corrected_frames, differences_frames``, and the same of each scale.
    """
    design = Design(probability="probability" if drawn else None, weight=weight, cluster=groups or "doc_id")
    found = {}
    parts = [("frames", variables.frames, None)] + [
        (name, {name: name}, (min(values), max(values))) for name, values in variables.scales.items()
    ]
    for part, columns, scale in parts:
        gold, own = {name: f"gold_{column}" for name, column in columns.items()}, replace(design, scale=scale)
        found[f"corrected_{part}"] = corrected(units, gold, columns, design=own)
        found[f"differences_{part}"] = corrected_differences(units, gold, columns, design=own)
    return found


def is_predicted(table: pd.DataFrame) -> bool:
    """Tell whether a table's frames are machine labels."""
    return any(c.startswith(PROBABILITY_PREFIX) for c in table.columns)


def _scale(values: pd.Series) -> tuple[float, ...]:
    end = float(max(abs(values.min()), abs(values.max()), 1.0))
    return tuple(sorted({-end, *values.astype(float), end}))


def _refuse(column: pd.Series, bad: pd.Series, path: str | Path, what: str, cure: str) -> None:
    """Raise for the first cell that is bad, where there is one."""
    if bad.any():
        raise InputError(
            f"'{column[bad].iloc[0]}' is {what}", file=path, row=_row(bad, path), column=str(column.name), cure=cure
        )


def _row(bad: pd.Series, path: str | Path) -> int:
    return int(bad.to_numpy().argmax()) + first_row(path)


def _bools(column: pd.Series, path: str | Path) -> pd.Series:
    """Return a column of 0 and 1, nan where a cell is empty."""
    cells = column.astype("object").where(column.notna(), "").astype(str).str.strip().str.lower()
    found = cells.map(_BOOLS).astype(float)
    cure = "Write 1 or 0, or nothing where the unit was not coded."
    _refuse(column, found.isna() & cells.ne(""), path, "neither true nor false", cure)
    return found


def _whole(column: pd.Series, path: str | Path) -> pd.Series:
    """Return a column of whole numbers."""
    found = _numbers(column, path)
    cure = "Number the units of each article from 0, and its paragraphs."
    _refuse(column, found.isna() | found.ne(found.round()), path, "no whole number", cure)
    return found.astype(int)


def _numbers(column: pd.Series, path: str | Path) -> pd.Series:
    """Return a column of numbers, nan where a cell is empty."""
    cells = column.astype("object").where(column.notna(), "").astype(str).str.strip()
    found = pd.to_numeric(cells.where(cells.ne("")), errors="coerce").astype(float)
    cure = "Write a number, or nothing where there is none."
    _refuse(column, found.isna() & cells.ne(""), path, "no number", cure)
    return found
