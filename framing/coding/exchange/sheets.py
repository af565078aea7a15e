"""CSV for coders with any spreadsheet; where it is Excel or LibreOffice, `framing.coding.exchange.workbook` is better.

A CSV file has no lists to choose from, and a spreadsheet guesses what its cells are: it takes 000 for 0 and
2-3 for a date. So a unit is named by one cell that no program takes for a number, a text that begins like a formula
is preceded by a mark that nobody sees, and what comes back is read kindly (`framing.coding.exchange.cells`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path

import pandas as pd

from framing.coding.codebook import Codebook
from framing.coding.exchange.cells import TOOL, answer, columns, filled, is_header, located, rows, texts_of
from framing.coding.exchange.form import answers_table
from framing.coding.exchange.places import file_name, listed
from framing.errors import InputError
from framing.files import atomic, read_text

TITLE = "a spreadsheet, as CSV"
START = """\
Send each coder the file that bears their name. In Excel: Data > From Text/CSV, 65001 Unicode (UTF-8), comma; save as
"CSV UTF-8". In LibreOffice: open, Unicode (UTF-8), comma; save as CSV. An .xlsx (format xlsx) needs none of this."""

_RLM = "\u200f"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_DELIMITERS = (",", ";", "\t")
_CURE = "Save it as CSV UTF-8, with commas between the cells."

__all__ = ["START", "TITLE", "TOOL", "export", "read"]


def export(tasks: pd.DataFrame, codebook: Codebook, folder: Path, coder: str) -> list[Path]:
    """Write a coder's sheet as ``<coder>.csv``: UTF-8 with a byte order mark, which Excel needs for Arabic.

    Parameters
    ----------
    tasks
        ``doc_id, unit, text, sha`` and, where the codebook allows context, ``context``, in the coder's order.
    """
    path = Path(folder) / f"{file_name(coder)}.csv"
    fields = columns(codebook)
    with atomic(path) as scratch, scratch.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([column.header for column in fields])
        for row in rows(tasks, codebook, coder):
            writer.writerow([_harmless(row.get(column.id, "")) for column in fields])
    return [path]


def _harmless(text: str) -> str:
    """Put an invisible mark before what a spreadsheet would calculate."""
    return _RLM + text if text.startswith(_FORMULA) else text


def read(paths: Path | Sequence[Path], units: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Read filled sheets, comma, semicolon or tab between cells, for `framing.coding.exchange.checks.keep`.

    Parameters
    ----------
    paths
        Files, or folders of them.
    units
        ``doc_id, unit, text`` of what could be shown.

    Raises
    ------
    InputError
        Where a file is no sheet that `export` wrote.
    """
    texts, records = texts_of(units), []
    for path in listed(paths, ".csv"):
        table = _table(path)
        number, header = next(((n, cells) for n, cells in table if is_header(cells)), (1, list[str]()))
        places = located(header, codebook, path, number)
        for row, cells in table:
            if len(cells) > len(header):
                raise InputError("more cells than the header has", file=path, row=row, cure=_CURE)
            found = {ident: cells[place] if place < len(cells) else "" for ident, place in places.items()}
            if filled(cells):
                records.append(answer(found, texts, codebook, path, row))
    return answers_table(records, codebook)


def _table(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a CSV file with their numbers, as a spreadsheet counts them."""
    text = read_text(path).removeprefix("\ufeff")
    try:
        first = {mark: next(csv.reader(StringIO(text, newline=""), delimiter=mark), []) for mark in _DELIMITERS}
        delimiter = max(first, key=lambda mark: sum(cell.endswith("]") for cell in first[mark]))
        yield from enumerate(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True), start=1)
    except csv.Error as error:
        raise InputError(f"not a readable CSV file ({error})", file=path, cure=_CURE) from None
