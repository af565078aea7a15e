"""Adjudications: what was decided where coders differ, kept apart from the codings, which nothing ever edits."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from framing.coding.codebook import FRAME_PREFIX, MENTION_PREFIX, Codebook
from framing.coding.codings import UNANSWERED, parse_codes, require_version
from framing.coding.gold import NO, YES
from framing.errors import InputError
from framing.files import first_row, read_table
from framing.schema import KEY, check

FORCE = "force:"
"""How the note begins, with the reason after it, of an adjudication against coders who all agree."""


def read_adjudications(path: str | Path, codings: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Read what an adjudicator decided, and check it against what the coders said.

    Parameters
    ----------
    path
        A table with ``doc_id``, ``unit``, ``variable`` (a column of the codings: ``frames``, ``tone``,
        ``tone_<party>``, ``voice``; or one frame's id, with ``yes`` or ``no``), ``value`` (spelt as in the codings;
        empty: no frame, party not mentioned), ``adjudicator`` and, if wanted, ``note`` and ``codebook`` (its version).
    codings
        As `framing.read_codings` returns them; they stay as they are.
    codebook
        Whose variables and values the rows must hold.

    Returns
    -------
    pandas.DataFrame
        One row per unit and variable of the codebook that was decided: ``doc_id, unit, variable`` (as
        `framing.coding.codebook.Variable.id`), ``decided``, ``adjudicator``, ``note``. A row on ``frames`` decides
        those frames on which coders differ, one towards a party its mention, too.

    Raises
    ------
    InputError
        For a unit that nobody coded, an unknown variable or value, two rows that decide the same, a row of another
        version of the codebook, or one on which the coders do not differ and whose note does not begin with
        ``force:`` and a reason.
    """
    raw = read_table(path)
    if raw.empty:
        raise InputError("nothing is decided in it", file=path, cure="Write a row per decision, or name no such file.")
    table = check(raw, "adjudications", file=path, first=first_row(path))
    require_version(table, codebook, path)
    if "note" not in table.columns:
        table["note"] = ""
    said = dict(iter(codings.groupby([codings["doc_id"].astype(str), codings["unit"].astype(int)])))
    rows: list[dict[str, object]] = []
    seen: dict[tuple[str, int, str], int] = {}
    for number, row in enumerate(table.to_dict("records"), start=first_row(path)):
        key = (str(row["doc_id"]), int(row["unit"]))
        if key not in said:
            raise InputError(
                f"unit {key[1]} of article '{key[0]}' was coded by nobody",
                file=path,
                row=number,
                cure="Adjudicate units of these codings: see the table of differences.",
            )
        note = "" if pd.isna(row["note"]) else str(row["note"]).strip()
        forced = note.lower().startswith(FORCE) and bool(note[len(FORCE) :].strip())
        values = _values(row, codebook, path, number)
        differing = {v: c for v, c in values.items() if _differ(said[key], v, codebook)}
        against = {v: c for v, c in values.items() if v not in differing and _overrules(said[key], v, c, codebook)}
        if not forced and (against or not differing):
            raise InputError(
                f"nobody disagreed on {next(iter(against or values))} of this unit",
                file=path,
                row=number,
                column="variable",
                cure=f"Remove the row; or begin its note with '{FORCE}' and say why the coders are all wrong.",
            )
        for variable, value in (differing | against).items():
            if (*key, variable) in seen:
                raise InputError(
                    f"{variable} of this unit is decided in row {seen[*key, variable]}, too",
                    file=path,
                    row=number,
                    cure="Keep one of them.",
                )
            seen[*key, variable] = number
            rows.append(
                {
                    **dict(zip(KEY, key, strict=True)),
                    "variable": variable,
                    "decided": value,
                    "adjudicator": row["adjudicator"],
                    "note": note,
                }
            )
    return pd.DataFrame(rows, columns=[*KEY, "variable", "decided", "adjudicator", "note"]).astype({"decided": object})


def _values(row: Mapping[Hashable, Any], codebook: Codebook, path: str | Path, number: int) -> dict[str, object]:
    """Return what a row decides, by id of the codebook's variables; None: no value."""
    variable, cell = str(row["variable"]).strip(), "" if pd.isna(row["value"]) else str(row["value"]).strip()
    if variable in codebook.frame_ids:
        if cell not in (YES, NO):
            raise InputError(
                f"'{cell}' for a single frame",
                file=path,
                row=number,
                column="value",
                cure=f"Write {YES} or {NO}; or write 'frames' as the variable and all of the unit's frames.",
            )
        return {variable: cell == YES}
    valued = [v.id for v in codebook.variables if v.kind in ("ordinal", "nominal")]
    columns = [*(["frames"] if codebook.frames else []), *valued]
    if variable not in columns:
        raise InputError(
            f"unknown variable '{variable}'",
            file=path,
            row=number,
            column="variable",
            cure=f"Adjudicate one of {', '.join([*columns, *codebook.frame_ids])}.",
        )
    party = codebook.party_of(variable)
    if cell == UNANSWERED or (not cell and party is None and variable != "frames"):
        raise InputError(
            "no value is decided", file=path, row=number, column="value", cure="Write one of the codebook's values."
        )
    parsed = _parsed(variable, cell, codebook, path, number)
    if variable == "frames":
        return {frame: bool(parsed[FRAME_PREFIX + frame]) for frame in codebook.frame_ids}
    value = parsed[variable]
    if party is None:
        return {variable: value}
    return {MENTION_PREFIX + party: bool(parsed[MENTION_PREFIX + party]), variable: None if pd.isna(value) else value}


def _parsed(variable: str, cell: str, codebook: Codebook, path: str | Path, number: int) -> pd.Series:
    """Read one cell as the codings' reader does, with this file's row and column where it complains."""
    try:
        return parse_codes(pd.DataFrame({variable: [cell]}), codebook, path, only=(variable,)).iloc[0]
    except InputError as error:
        raise InputError(error.problem, file=path, row=number, column="value", cure=error.cure) from None


def _codes(own: pd.DataFrame, variable: str, codebook: Codebook) -> pd.Series:
    """Return the coders' codes of a unit as they stand, those who did not answer left out."""
    column = next(v.column for v in codebook.variables if v.id == variable)
    return own[column].dropna()


def _differ(own: pd.DataFrame, variable: str, codebook: Codebook) -> bool:
    """Tell whether coders differ on a variable, or have all left it open; towards a party, on its mention, too."""
    party = codebook.party_of(variable)
    codes = set(_codes(own, variable, codebook))
    if party is not None:
        return len(codes) > 1 or len(set(_codes(own, MENTION_PREFIX + party, codebook))) != 1
    return len(codes) != 1


def _overrules(own: pd.DataFrame, variable: str, value: object, codebook: Codebook) -> bool:
    """Tell whether a decision is another one than that of coders who do not differ."""
    codes = _codes(own, variable, codebook)
    return value is not None if codes.empty else codes.iloc[0] != value
