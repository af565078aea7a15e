"""What a coder's spreadsheet holds, whichever program it is filled in: its columns, and cells read kindly.

A unit is a row. Each frame has a column of its own, answered with yes or no, and ``no-frame`` beside them is where a
coder says that there is none: a row without any of these is not answered, which is not the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pandas as pd

from framing.coding.codebook import FRAME_PREFIX, Codebook
from framing.coding.exchange.form import NO_FRAME, parse_name, unit_name
from framing.coding.wording import CONTEXT, NOTE, Option, Question, questions
from framing.errors import InputError
from framing.schema import KEY

TOOL = "sheet"

YES, NO = Option("yes", "نعم", "yes"), Option("no", "لا", "no")
_TEXT = ("النص", "Text")
_UNIT = ("الوحدة", "Unit")
_TRUE = {"true": "yes", "false": "no", "1": "yes", "0": "no"}

_MARKS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]")
UNCHANGED = "Restore that cell from the file that was sent out: answers hang on it."


@dataclass(frozen=True)
class Column:
    """One column of a coder's sheet.

    Attributes
    ----------
    id
        What stands in brackets in its header: ``text``, ``context``, ``has_<frame>``, ``no-frame``, ``tone``,
        ``tone_<party>``, ``voice``, ``note``, ``unit``.
    label_ar, label_en
        What its header says.
    question
        What is answered in it, with the options that it takes; None where nothing is chosen.
    options
        Those that it takes.
    hint
        The rule that coders follow, from the codebook.
    """

    id: str
    label_ar: str
    label_en: str
    question: Question | None = None
    options: tuple[Option, ...] = ()
    hint: str = ""

    @property
    def header(self) -> str:
        """The column's name for people, and for the import in brackets."""
        return f"{self.label_ar} [{self.id}]"

    def spellings(self, language: str) -> dict[str, str]:
        """Return what is written for each option in a language, by its id: the id itself where words could be two."""
        words = {o.id: o.label_ar if language == "ar" else o.label_en for o in self.options}
        return {ident: word if self.read(word) == ident else ident for ident, word in words.items()}

    def read(self, cell: object) -> str | None:
        """Return the id of what a cell says, '' where it is empty; None where the codebook does not know it.

        An id, a label in Arabic or English, and a number in Arabic digits or with its sign behind it, whatever the
        spaces, vowel signs and direction marks around it.
        """
        said, exact = _number(fold(cell)), _plain(cell)
        if not said or exact in (option.id for option in self.options):
            return exact
        said = _TRUE.get(said, said) if self.options == (YES, NO) else said
        for words in (lambda o: (o.id,), lambda o: (o.label_ar, o.label_en)):
            found = [o.id for o in self.options if said in (_number(fold(word)) for word in words(o))]
            if found:
                return found[0] if len(found) == 1 else None
        return None


def columns(codebook: Codebook) -> tuple[Column, ...]:
    """Return the columns of a coder's sheet, in their order."""
    found = [Column("text", *_TEXT), *([Column("context", *CONTEXT)] if codebook.context else [])]
    for question in questions(codebook):
        if not question.several:
            found.append(
                Column(question.id, question.ask_ar, question.ask_en, question, question.options, question.hint)
            )
            continue
        for option in question.options:
            ident = option.id if option.id == NO_FRAME else FRAME_PREFIX + option.id
            found.append(Column(ident, option.label_ar, option.label_en, question, (YES, NO), option.hint))
    return (*found, Column("note", *NOTE), Column("unit", *_UNIT))


def rows(tasks: pd.DataFrame, codebook: Codebook, coder: str) -> list[dict[str, str]]:
    """Return what stands in a coder's sheet before anything is answered, one mapping a unit, by id of the column.

    ``unit`` names the coder, too: one cell, which no spreadsheet takes for a number, a date or a time.
    """
    told = tasks if "context" in tasks.columns else tasks.assign(context="")
    found = []
    for task in told.to_dict("records"):
        name = unit_name(str(task["doc_id"]), int(task["unit"]), str(task["sha"]), codebook)
        unit = f"{name}@{quote(coder, safe='')}"
        found.append({"text": str(task["text"]), "context": str(task["context"]), "unit": unit})
    return found


def located(header: Sequence[object], codebook: Codebook, path: Path, row: int) -> dict[str, int]:
    """Find the sheet's columns by the ids in its header.

    Raises
    ------
    InputError
        Where a column is gone, or stands twice.
    """
    ids = [_id(cell) for cell in header]
    for column in columns(codebook):
        times = ids.count(column.id)
        if times != 1 and column.id not in ("text", "context", "note"):
            raise InputError(
                f"no column '[{column.id}]'" if times == 0 else f"the column '[{column.id}]' stands {times} times",
                file=path,
                row=row,
                column=column.id,
                cure="Use the file that framing exchange wrote for this codebook, with its header as it is.",
            )
    return {ident: place for place, ident in enumerate(ids) if ident}


def filled(cells: Sequence[object]) -> bool:
    """Tell whether anything stands in a row."""
    return any(map(_plain, cells))


def is_header(cells: Sequence[object]) -> bool:
    """Tell whether a row is the header of a coder's sheet."""
    return "unit" in map(_id, cells)


def _id(cell: object) -> str:
    text = _plain(cell)
    return text[text.rfind("[") + 1 : -1] if text.endswith("]") else text


def answer(
    cells: Mapping[str, object], texts: Mapping[tuple[str, int], str], codebook: Codebook, path: Path, row: int
) -> dict[str, Any]:
    """Turn a row of a sheet into a record for `framing.coding.exchange.form.answers_table`.

    Parameters
    ----------
    cells
        By id of the column, as they stand in the file.
    texts
        Of the units, by key.
    path, row
        Where it stands.

    Raises
    ------
    InputError
        Where the cell that names unit and coder is lost.
    """
    said = _plain(cells["unit"])
    named, _, coder = said.rpartition("@")
    name = parse_name(named)
    if name is None:
        raise InputError(f"'{said}' names no unit and coder", file=path, row=row, column="unit", cure=UNCHANGED)
    record: dict[str, Any] = name._asdict() | {"coder": unquote(coder), "note": _spelt(cells.get("note")), "tool": TOOL}
    record |= {"file": str(path), "row": row}
    wrong: list[tuple[str, str]] = []
    text = texts.get((name.doc_id, name.unit))
    if text is not None and "text" in cells and not same_text(cells["text"], text):
        wrong.append(("the text in column 'text' was changed", UNCHANGED))
    flags: dict[str, str] = {}
    for column in columns(codebook):
        if column.question is None:
            continue
        value = column.read(cells[column.id])
        if value is None:
            choices = ", ".join(column.spellings(codebook.language).values())
            wrong.append((f"column '{column.id}' holds '{_plain(cells[column.id])}'", f"Choose one of: {choices}."))
        elif column.question.several:
            flags[column.id] = value
        else:
            record[column.question.id] = value or None
    record["frames"], doubt = _frames(flags)
    wrong += [doubt] if doubt else []
    if wrong:
        record["problem"], record["cure"] = wrong[0]
    return record


def _frames(flags: Mapping[str, str]) -> tuple[list[str] | None, tuple[str, str] | None]:
    """Return the frames that a row's flags stand for, None where they answer nothing, and what speaks against them.

    A frame left empty beside one with yes is no; where no frame has yes, it takes a yes under ``no-frame``, or a no
    to every frame, to say that there is none.
    """
    nothing = flags.get(NO_FRAME, "")
    frames = {ident.removeprefix(FRAME_PREFIX): value for ident, value in flags.items() if ident != NO_FRAME}
    chosen = [frame for frame, value in frames.items() if value == "yes"]
    if chosen and nothing == "yes":
        said = f"'no frame' together with {' and '.join(chosen)}"
        return [*chosen, NO_FRAME], (said, "Empty one of these cells: ask the coder which.")
    all_no = bool(frames) and all(value == "no" for value in frames.values())
    if all_no and nothing == "no":
        cure = "Ask the coder: a frame has yes, or 'no-frame' has."
        return None, ("no to every frame, and no to 'no-frame'", cure)
    if chosen:
        return chosen, None
    return ([NO_FRAME] if nothing == "yes" or all_no else None), None


def texts_of(units: pd.DataFrame) -> dict[tuple[str, int], str]:
    """Return the text of every unit, by key."""
    return {(str(doc_id), int(unit)): text for doc_id, unit, text in units[[*KEY, "text"]].itertuples(index=False)}


def same_text(cell: object, text: str) -> bool:
    """Tell whether a cell still holds a unit's text, but for what a spreadsheet may do to it.

    Spaces, line ends, direction marks, control characters and what is no character do not count.
    """
    return _visible(_spelt(cell)) == _visible(text)


def _visible(text: str) -> str:
    return "".join(c for c in text if not c.isspace() and unicodedata.category(c) not in ("Cc", "Cf", "Cn", "Cs"))


def _spelt(cell: object) -> str:
    """Spell what a spreadsheet holds: 1.0 as 1, nothing as ''."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _plain(cell: object) -> str:
    """Return a cell's text without direction marks and without spaces around it."""
    return _MARKS.sub("", _spelt(cell)).strip()


def fold(cell: object) -> str:
    """Bring to one form what differs in spaces, case, vowel signs, tatweel, digits and direction marks alone."""
    text = unicodedata.normalize("NFKC", _plain(cell)).casefold()
    bare = (c for c in text if unicodedata.category(c) != "Mn" and c != "\u0640")
    return " ".join("".join(str(unicodedata.digit(c, c)) for c in bare).split())


def _number(said: str) -> str:
    """Spell a number without a plus or a point, with its sign before it; return anything else as it is."""
    text = said.translate({0x2212: "-", 0x2013: "-", 0xFF0D: "-", 0x066B: "."}).replace(" ", "")
    if len(text) > 1 and text[-1] in "+-":
        text = text[-1] + text[:-1]
    if not text.lstrip("+-").replace(".", "", 1).isdecimal():
        return said
    return f"{float(text):g}" if text[1:2] not in ("+", "-") else said
