"""Answers: the one form of what a coder said of a unit, whatever tool it was said in."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

import pandas as pd

from framing.coding.codebook import TARGET_PREFIX, Codebook
from framing.coding.codings import SEPARATOR, UNANSWERED
from framing.errors import InputError
from framing.files import first_row, read_table, text_sha, write_table
from framing.schema import KEY, check

NO_FRAME = "no-frame"
"""What a coder chooses who sees no frame in a unit. No id of a codebook holds a hyphen."""

NOT_MENTIONED = "not-mentioned"
"""What a coder chooses where a unit does not speak of a party."""

SOURCE = ("file", "row", "account", "origin", "cancelled", "problem", "cure")
"""What a reader tells of each answer besides the answer itself, for `framing.coding.exchange.checks.keep`.

file, row: where it stands; account: the tool's own name for who answered; origin: ``manual``, or what else the
answer grew out of (empty: the tool knows of nothing else); cancelled: whether the coder took it back; problem, cure:
what the reader itself found wrong with it (empty: nothing)."""

_DEFAULTS: dict[str, object] = {"seconds": float("nan"), "cancelled": False}


def variables(codebook: Codebook) -> list[str]:
    """Return the columns that a coder answers, in the codebook's order: ``frames, tone, tone_<party>, voice``."""
    tones = [TARGET_PREFIX + party for party in codebook.party_ids]
    frames, voice = ["frames"] if codebook.frames else [], ["voice"] if codebook.voice else []
    return [*frames, *(["tone"] if codebook.tone else []), *tones, *voice]


def columns(codebook: Codebook) -> list[str]:
    """Return the columns of a table of answers, in their order."""
    said = [*variables(codebook), "note", "answered"]
    return [*KEY, "sha", "coder", *said, "created_at", "seconds", "tool", "codebook"]


def allowed(codebook: Codebook, variable: str) -> tuple[str, ...]:
    """Return the spellings that a cell of a variable may hold, those of a frame one by one; never the empty one."""
    if variable == "frames":
        return codebook.frame_ids
    if variable == "voice":
        return tuple(codebook.voice)
    return tuple(map(str, codebook.tone if variable == "tone" else codebook.target_tone))


def empty_means(codebook: Codebook, variable: str) -> str:
    """Return what a coder chooses for an empty cell, '' where an answered variable cannot be empty."""
    if variable == "frames":
        return NO_FRAME
    return "" if codebook.party_of(variable) is None else NOT_MENTIONED


def tasks(units: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Return what coders are shown of units, one row per unit that can be coded, in the order of the text.

    Returns
    -------
    pandas.DataFrame
        ``doc_id, unit, text, sha`` and ``context``: the article's headline and the units before this one, a line
        each, empty where the codebook allows none. Boilerplate is left out.
    """
    coded = units[units["unit_type"].ne("boilerplate")].sort_values(KEY)
    shown: list[dict[str, object]] = []
    for doc_id, article in coded.groupby("doc_id", sort=False):
        texts, kinds = article["text"].tolist(), article["unit_type"].tolist()
        for place, (unit, text) in enumerate(zip(article["unit"], texts, strict=True)):
            first = max(0, place - codebook.context)
            above = [t for t, kind in zip(texts[:first], kinds[:first], strict=True) if kind == "headline"]
            context = [*above, *texts[first:place]] if codebook.context else []
            shown.append(
                {
                    "doc_id": str(doc_id),
                    "unit": int(unit),
                    "text": text,
                    "sha": text_sha(text),
                    "context": "\n".join(" ".join(t.split()) for t in context),
                }
            )
    return pd.DataFrame(shown, columns=[*KEY, "text", "sha", "context"])


class Name(NamedTuple):
    """What the name of a unit in a tool says of it."""

    doc_id: str
    unit: int
    sha: str
    codebook: str


def unit_name(doc_id: str, unit: int, sha: str, codebook: Codebook) -> str:
    """Name a unit for a tool that keeps nothing but one name: article, unit, hash of the text, codebook's version."""
    return ":".join((quote(doc_id, safe=""), str(unit), sha, quote(codebook.version, safe="")))


def parse_name(name: str) -> Name | None:
    """Take such a name apart; None where it is none of ours."""
    parts = name.split(":")
    if len(parts) != 4 or not parts[1].isdecimal():
        return None
    return Name(unquote(parts[0]), int(parts[1]), parts[2], unquote(parts[3]))


def utc(moment: str | float | datetime | None) -> str:
    """Spell a moment as ISO 8601 in UTC, to the microsecond; '' for nothing.

    Parameters
    ----------
    moment
        ISO 8601 (UTC where it names no zone), seconds since 1970, or a datetime.

    Raises
    ------
    ValueError
        Where it is none of these.
    """
    if moment is None or moment == "":
        return ""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    elif not isinstance(moment, datetime):
        moment = datetime.fromtimestamp(float(moment), UTC)
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def answers_table(records: Sequence[Mapping[str, Any]], codebook: Codebook) -> pd.DataFrame:
    """Make a table of what a reader found in a tool's file, one record an answer, still to be checked.

    Parameters
    ----------
    records
        Each with ``doc_id``, ``unit``, ``coder`` and whatever else the tool told: `columns` and `SOURCE`. Cells of
        variables as chosen: ids of frames in a list or joined by ``;``, `NO_FRAME`, `NOT_MENTIONED`, numbers as
        text or number; a variable not named, or None, was not answered. ``answered`` is made here.

    Returns
    -------
    pandas.DataFrame
        `columns` and `SOURCE`: cells spelt as `tidy` spells them.
    """
    asked = variables(codebook)
    rows = []
    for record in records:
        said = {name: record[name] for name in asked if record.get(name) is not None}
        rows.append(
            {name: _DEFAULTS.get(name, "") for name in [*columns(codebook), *SOURCE]}
            | {key: value for key, value in record.items() if value is not None}
            | {"answered": SEPARATOR.join(said)}
        )
    table = pd.DataFrame(rows, columns=[*columns(codebook), *SOURCE])
    return tidy(table.astype({"seconds": float, "cancelled": bool}), codebook)


def tidy(table: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Spell cells in one way: frames in the codebook's order, numbers plainly, choices of nothing empty.

    What the codebook does not know stays as it is, for the checks.
    """
    table = table.copy()
    for name in variables(codebook):
        table[name] = [_tidy(cell, name, codebook) for cell in table[name]]
    order = variables(codebook)
    table["answered"] = [
        SEPARATOR.join(sorted(_split(cell), key=lambda v: order.index(v) if v in order else len(order)))
        for cell in table["answered"]
    ]
    return table


def _tidy(cell: object, variable: str, codebook: Codebook) -> str:
    if variable == "frames":
        chosen = set(map(str, cell)) if isinstance(cell, (list, tuple, set, frozenset)) else set(_split(str(cell)))
        known = [frame for frame in codebook.frame_ids if frame in chosen]
        other = sorted(chosen - set(known) - ({NO_FRAME} if chosen == {NO_FRAME} else set()))
        return SEPARATOR.join([*known, *other])
    spelt = str(cell).strip()
    if spelt and spelt == empty_means(codebook, variable):
        return ""
    if variable == "voice":
        return spelt
    try:
        return f"{float(spelt) + 0.0:g}"
    except ValueError:
        return spelt


def _split(cell: str) -> list[str]:
    return [part for part in map(str.strip, cell.split(SEPARATOR)) if part]


def wrong_cell(row: Mapping[Hashable, Any], codebook: Codebook) -> tuple[str, str, str] | None:
    """Return ``column, problem, cure`` of the first cell of an answer that the codebook does not know, else None."""
    asked = variables(codebook)
    answered = _split(row["answered"])
    for name in answered:
        if name not in asked:
            return "answered", f"unknown variable '{name}'", f"The codebook asks for {', '.join(asked)}."
    for name in asked:
        cell = row[name]
        known = allowed(codebook, name)
        for value in _split(cell) if name == "frames" else [cell] if cell else []:
            if value == NO_FRAME:
                return (
                    name,
                    f"'no frame' together with {cell.replace(SEPARATOR, ' and ')}",
                    "One of them is wrong: ask.",
                )
            if value not in known:
                return name, f"unknown label '{value}'", f"The codebook knows {', '.join(known)}."
        if cell and name not in answered:
            return name, f"'{cell}', though 'answered' does not name {name}", "Name it there, or empty the cell."
        if not cell and name in answered and not empty_means(codebook, name):
            return name, "answered and yet empty", "Take it out of 'answered', or give a value."
    return None


def read_answers(path: str | Path, codebook: Codebook) -> pd.DataFrame:
    """Read a table of answers, as `write_answers` writes it.

    Returns
    -------
    pandas.DataFrame
        `columns`: ``unit`` a whole number, ``seconds`` a float (nan where unknown), all else text.

    Raises
    ------
    InputError
        For a missing column, a coder with two answers to a unit, or a cell that the codebook does not know.
    """
    table = check(_named(read_table(path), codebook, path), "answers", file=path, first=first_row(path))
    text = [c for c in columns(codebook) if c not in ("unit", "seconds")]
    table[text] = table[text].astype(object).where(table[text].notna(), "").astype(str)
    table = tidy(table[columns(codebook)], codebook)
    for number, row in enumerate(table.to_dict("records"), start=first_row(path)):
        wrong = wrong_cell(row, codebook)
        if wrong is not None:
            raise InputError(wrong[1], file=path, row=number, column=wrong[0], cure=wrong[2])
    return table


def _named(table: pd.DataFrame, codebook: Codebook, path: str | Path) -> pd.DataFrame:
    for column in columns(codebook):
        if column not in table.columns:
            raise InputError(
                f"no column '{column}' (there are: {', '.join(map(str, table.columns))})",
                file=path,
                column=column,
                cure=f"Answers to codebook '{codebook.name}' need the columns {', '.join(columns(codebook))}.",
            )
    return table.assign(seconds=table["seconds"].replace("", None).astype(object))


def write_answers(answers: pd.DataFrame, path: str | Path, codebook: Codebook) -> None:
    """Write answers, sorted by coder and unit, whole or not at all, in the format the ending tells."""
    write_table(answers[columns(codebook)].sort_values(["coder", *KEY]), path)


def to_codings(answers: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Turn answers into the table of codings that `framing.read_codings` reads.

    Returns
    -------
    pandas.DataFrame
        ``doc_id, unit, coder``, a column per variable and ``note``, one row per answer, sorted by unit. `UNANSWERED`
        stands where a variable was not answered: that is not "none".
    """
    table = answers[[*KEY, "coder", *variables(codebook), "note"]].copy()
    answered = [set(_split(cell)) for cell in answers["answered"]]
    for name in variables(codebook):
        table[name] = [cell if name in said else UNANSWERED for cell, said in zip(table[name], answered, strict=True)]
    return table.sort_values([*KEY, "coder"], ignore_index=True)


def missing_answers(answers: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """List what coders left open in units that they answered: ``coder, doc_id, unit, variable``."""
    rows = [
        {"coder": row["coder"], "doc_id": row["doc_id"], "unit": row["unit"], "variable": name}
        for row in answers.to_dict("records")
        for name in variables(codebook)
        if name not in _split(row["answered"])
    ]
    return pd.DataFrame(rows, columns=["coder", *KEY, "variable"])
