"""Exemplars: sentences constructed from the codebook's definitions, to learn from and never to test on."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from framing.coding.codebook import FRAME_PREFIX, Codebook
from framing.coding.codings import parse_codes
from framing.errors import InputError
from framing.files import first_row, read_table
from framing.schema import check

CONSTRUCTED = "constructed"
"""What ``origin`` must say of every exemplar."""


def read_exemplars(path: str | Path, codebook: Codebook) -> pd.DataFrame:
    """Read exemplars.

    Parameters
    ----------
    path
        A table with ``id``, ``origin`` (always `CONSTRUCTED`), ``style`` (who might have written it; exemplars of one
        style are kept together wherever training is split), ``frames``, ``tone`` where the codebook has one, and
        ``text``.
    codebook
        Whose ids and values the cells must hold.

    Returns
    -------
    pandas.DataFrame
        With ``has_<frame>`` (bool), ``tone`` (float) and what else the table holds.

    Raises
    ------
    InputError
        For a missing column, an unknown frame id or value, or a row that does not say it is constructed.
    """
    return parse_codes(_constructed(path), codebook, path, ("frames", "tone"))


def read_target_exemplars(path: str | Path) -> pd.DataFrame:
    """Read exemplars of tone towards a party.

    Parameters
    ----------
    path
        A table with ``id``, ``part_of`` (the sentence or article that a row belongs to), ``origin`` (always
        `CONSTRUCTED`), ``style``, ``text``, ``party`` and ``others`` (names of the party that ``tone`` is towards, and
        of other parties, separated by ``;``), and ``tone`` (-1, 0 or 1). A text that refers to the party without naming
        it stands there all the same.

    Returns
    -------
    pandas.DataFrame
        With ``party`` and ``others`` as tuples and ``tone`` as float.

    Raises
    ------
    InputError
        For a missing column, a party without a name, another tone, or a row that does not say it is constructed.
    """
    table, first = _constructed(path), first_row(path)
    for column in ("part_of", "party", "others", "tone"):
        if column not in table.columns:
            raise InputError(f"no column '{column}'", file=path, column=column, cure="Add it; others may be empty.")
    names = {column: [_names(cell) for cell in table[column]] for column in ("party", "others")}
    tone = pd.to_numeric(table["tone"], errors="coerce")
    for column, wrong in (("party", [not own for own in names["party"]]), ("tone", ~tone.isin([-1, 0, 1]))):
        for row in (number for number, found in enumerate(wrong) if found):
            raise InputError(
                f"'{table[column].iloc[row]}' is no {column}",
                file=path,
                row=row + first,
                column=column,
                cure="Name the party, and give -1, 0 or 1 as tone.",
            )
    columns = {column: pd.Series(found, index=table.index, dtype=object) for column, found in names.items()}
    return table.assign(**columns, tone=tone.astype(float))


def _names(cell: object) -> tuple[str, ...]:
    return tuple(name.strip() for name in cell.split(";") if name.strip()) if isinstance(cell, str) else ()


def _constructed(path: str | Path) -> pd.DataFrame:
    table = check(read_table(path), "exemplars", file=path, first=first_row(path))
    for number, origin in enumerate(table["origin"], start=first_row(path)):
        if origin != CONSTRUCTED:
            raise InputError(
                f"origin '{origin}'",
                file=path,
                row=number,
                column="origin",
                cure=f"Exemplars are '{CONSTRUCTED}'; coded units belong in the codings.",
            )
    return table


_BRACKETS = re.compile(r"\(([^()]*)\)")
_ARABIC = re.compile(r"[\u0621-\u064a]")


def codebook_exemplars(codebook: Codebook) -> pd.DataFrame:
    """Turn the codebook itself into texts to learn from, for studies with little gold and no exemplars.

    A frame's label, its definition, each line of what it includes and each Arabic cue in brackets there carry it; what
    it excludes, without the frame that is named in brackets, carries none.

    Returns
    -------
    pandas.DataFrame
        ``text, style`` (``codebook``) and ``has_<frame>`` (bool).
    """
    rows: list[tuple[str, str]] = []
    for frame in codebook.frames:
        rows += [(text, frame.id) for text in (frame.label_ar, frame.definition, *frame.include)]
        groups = [group for line in frame.include for group in _BRACKETS.findall(line) if _ARABIC.search(group)]
        rows += [(cue.strip(), frame.id) for group in groups for cue in re.split("[،,]", group) if cue.strip()]
        rows += [(_BRACKETS.sub("", line).strip(), "") for line in frame.exclude]
    table = pd.DataFrame(rows, columns=["text", "frame"]).drop_duplicates("text")
    columns = {FRAME_PREFIX + frame: table["frame"].eq(frame) for frame in codebook.frame_ids}
    return table[["text"]].assign(style="codebook", **columns).reset_index(drop=True)
