"""Codings and gold: read, checked against the codebook, tied to the units they were made on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from framing.coding.codebook import FRAME_PREFIX, MENTION_PREFIX, TARGET_PREFIX, Codebook
from framing.errors import InputError, StaleCodingError
from framing.files import first_row, read_table
from framing.schema import KEY, check

SEPARATOR = ";"
"""Between the ids of several frames in one cell."""

VERSION = "codebook"
"""Column that holds the version of the codebook by which a row was made."""

UNANSWERED = "?"
"""Cell of a variable to which a coder gave no answer; an empty cell is an answer: no frame, party not mentioned."""


def read_codings(path: str | Path, codebook: Codebook) -> pd.DataFrame:
    """Read what coders said of units.

    Parameters
    ----------
    path
        A table with ``doc_id``, ``unit``, ``coder``, ``frames`` (ids joined by ``;``, empty: none) and one
        column per further variable of the codebook: ``tone``, ``tone_<party>`` (empty: not mentioned),
        ``voice``. A cell ``?`` says that the coder did not answer. Where there is a column ``codebook``, it holds
        the version of the codebook that was coded by.
    codebook
        Whose ids and values the cells must hold.

    Returns
    -------
    pandas.DataFrame
        One row per unit and coder, with ``has_<frame>`` (bool), ``tone`` and ``tone_<party>`` (float, nan
        where empty), ``mentions_<party>`` (bool), ``voice`` (text, missing where empty) and what else the
        table holds. Where an answer is missing, the columns of bool are ``boolean`` with ``<NA>`` there.

    Raises
    ------
    InputError
        For a missing column, an unknown frame id or value, a coder who codes a unit twice, or a row that was coded
        by another version of the codebook.
    """
    table = check(_filled(read_table(path), path), "codings", file=path, first=first_row(path))
    return parse_codes(table, codebook, path)


def read_gold(path: str | Path, codebook: Codebook) -> pd.DataFrame:
    """Read gold: as `read_codings`, one row per unit, without ``coder``."""
    table = check(_filled(read_table(path), path), "gold", file=path, first=first_row(path))
    return parse_codes(table, codebook, path)


def _filled(table: pd.DataFrame, path: str | Path) -> pd.DataFrame:
    if table.empty:
        raise InputError("nothing is coded in it", file=path, cure="Write a row per coded unit, or name no such file.")
    return table


def parse_codes(
    table: pd.DataFrame, codebook: Codebook, path: str | Path, only: tuple[str, ...] | None = None
) -> pd.DataFrame:
    """Turn cells into typed columns, as `read_codings` describes them.

    Parameters
    ----------
    only
        Read no other columns than these; None for all that the codebook asks for.

    Raises
    ------
    InputError
        For a missing column, an unknown frame id or value.
    """
    scales = {"tone": codebook.tone} if codebook.tone else {}
    scales |= {TARGET_PREFIX + party: codebook.target_tone for party in codebook.party_ids}
    needed = [c for c in ("frames", *scales, *(["voice"] if codebook.voice else [])) if only is None or c in only]
    for column in needed:
        if column not in table.columns:
            raise InputError(
                f"no column '{column}' (there are: {', '.join(table.columns)})",
                file=path,
                column=column,
                cure=f"Codebook '{codebook.name}' needs the columns {', '.join(needed)}.",
            )
    require_version(table, codebook, path)
    table = table.copy()
    cells = table[needed].map(_cell)
    missing = cells.apply(lambda column: column.str.strip().eq(UNANSWERED))
    cells = cells.mask(missing, "")
    if "frames" in needed:
        sets = [frozenset(filter(None, map(str.strip, cell.split(SEPARATOR)))) for cell in cells["frames"]]
        _allow(sets, codebook.frame_ids, "frame", "frames", path)
        for frame in codebook.frame_ids:
            table[FRAME_PREFIX + frame] = _known([frame in found for found in sets], missing["frames"])
    for column in filter(scales.__contains__, needed):
        values = [_number(cell) for cell in cells[column]]
        allowed = {f"{v:g}": float(v) for v in scales[column]}
        _allow([frozenset({v} - {""}) for v in values], tuple(allowed), "value", column, path)
        table[column] = [allowed.get(value, np.nan) for value in values]
        if column.startswith(TARGET_PREFIX):
            mention = MENTION_PREFIX + column.removeprefix(TARGET_PREFIX)
            table[mention] = _known(table[column].notna().tolist(), missing[column])
    if "voice" in needed:
        _allow([frozenset({v} - {""}) for v in cells["voice"]], tuple(codebook.voice), "value", "voice", path)
        table["voice"] = cells["voice"].replace("", pd.NA).astype("str")
    return table


def require_version(table: pd.DataFrame, codebook: Codebook, path: str | Path) -> None:
    """Raise where a row says that it was made by another version of the codebook.

    Raises
    ------
    InputError
        Naming the row, both versions and the cure.
    """
    if VERSION not in table.columns:
        return
    for number, cell in enumerate(map(_cell, table[VERSION]), start=first_row(path)):
        if cell.strip() not in ("", codebook.version):
            raise InputError(
                f"made by version {cell} of the codebook, which is at version {codebook.version}",
                file=path,
                row=number,
                column=VERSION,
                cure="Read it with the codebook of that version, or code these units anew by this one: "
                "codes of two versions are never mixed.",
            )


def _known(values: list[bool], missing: pd.Series) -> pd.Series:
    """Return bool, or ``boolean`` with <NA> where an answer is missing."""
    column = pd.Series(values, index=missing.index, dtype=bool)
    return column.astype("boolean").mask(missing) if missing.any() else column


def _cell(value: object) -> str:
    """Spell a cell as a CSV file would: nothing as empty, a list of ids joined."""
    if isinstance(value, (list, np.ndarray)):
        return SEPARATOR.join(map(str, value))
    return "" if pd.isna(value) else str(value)  # type: ignore[call-overload]


def _number(cell: str) -> str:
    """Bring '1.0', '+1' and '1' to one spelling; leave what is no number for the error."""
    try:
        return f"{float(cell):g}"
    except ValueError:
        return cell.strip()


def _allow(found: list[frozenset[str]], allowed: tuple[str, ...], what: str, column: str, path: str | Path) -> None:
    for number, values in enumerate(found, start=first_row(path)):
        unknown = sorted(values - set(allowed))
        if unknown:
            raise InputError(
                f"unknown {what} '{unknown[0]}'",
                file=path,
                row=number,
                column=column,
                cure=f"The codebook knows {', '.join(allowed)}; leave the cell empty for none, "
                f"write {UNANSWERED} where it was not answered.",
            )


def require_units(codings: pd.DataFrame, units: pd.DataFrame, *, file: str | Path | None = None) -> None:
    """Raise where a coding hangs on a unit that is not there or is never coded.

    Raises
    ------
    StaleCodingError
        Naming the coding and the cure.
    """
    types = units.set_index(KEY)["unit_type"]
    keys = pd.MultiIndex.from_frame(codings[KEY])
    first = 1 if file is None else first_row(file)
    for position, known in enumerate(keys.isin(types.index)):
        if not known:
            raise StaleCodingError(
                f"codes unit {keys[position][1]} of article '{keys[position][0]}', which does not exist",
                file=file,
                row=position + first,
                cure="Code the units of this segmentation, or point the study to the segments that were coded.",
            )
    site = types.reindex(keys).to_numpy() == "boilerplate"
    if site.any():
        position = int(np.flatnonzero(site)[0])
        raise StaleCodingError(
            f"codes unit {keys[position][1]} of article '{keys[position][0]}', which is boilerplate",
            file=file,
            row=position + first,
            cure="Boilerplate is never coded: remove the row or correct the unit's type.",
        )
