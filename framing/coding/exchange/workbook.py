"""XLSX for coders with Excel or LibreOffice: right to left, a list to choose from in every cell, texts locked.

The first sheet is coded in, the second is the codebook to read beside it.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import pandas as pd

from framing.coding.codebook import Codebook
from framing.coding.exchange.cells import TOOL, Column, answer, columns, filled, is_header, located, rows, texts_of
from framing.coding.exchange.form import answers_table
from framing.coding.exchange.guide import fill_guide
from framing.coding.exchange.places import file_name, listed, printable
from framing.coding.exchange.style import CELL, RTL, height, protect, put, write
from framing.errors import InputError, MissingDependencyError
from framing.files import atomic
from framing.schema import KEY

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.styles import NamedStyle
    from openpyxl.worksheet.worksheet import Worksheet

TITLE = "a spreadsheet, as XLSX"
START = """\
Send each coder the file that bears their name. They open it in Excel or LibreOffice, choose in each cell, and send it
back. A unit whose cells are empty is not answered; "no frame" is a cell of its own."""

CODING, CODEBOOK, LISTS = "الترميز Coding", "الدليل Codebook", "Lists"
_WIDTHS = {"text": 62, "context": 42, "note": 30, "unit": 10}
_SIDES = {"text": "right", "context": "right", "note": "right", "unit": "fill"}
_ANSWER = 17
_LINES = {"text": (56, 19.5), "context": (60, 13.5)}
"""Letters that a line of these columns surely holds, and its height in points."""
_HEADER = 3
"""Rows above the first unit may be this many: the header is looked for in the first of them."""

__all__ = ["START", "TITLE", "TOOL", "export", "read"]


def _openpyxl() -> Any:
    try:
        import openpyxl
    except ImportError:
        install = "pip install 'arabic-framing[exchange]'"
        raise MissingDependencyError("openpyxl", "A spreadsheet as XLSX", install) from None
    return openpyxl


def export(tasks: pd.DataFrame, codebook: Codebook, folder: Path, coder: str) -> list[Path]:
    """Write a coder's workbook as ``<coder>.xlsx``.

    Cells of texts are locked, without a password; those of answers take what their list holds, and nothing else.

    Parameters
    ----------
    tasks
        ``doc_id, unit, text, sha`` and, where the codebook allows context, ``context``, in the coder's order.

    Raises
    ------
    MissingDependencyError
        Without openpyxl.
    InputError
        For a text longer than a cell can be.
    """
    long = tasks["text"].str.len() > CELL
    if long.any():
        doc_id, unit = tasks[KEY][long].iloc[0]
        problem = f"unit {unit} of article '{doc_id}' has more than {CELL} characters, and a cell of XLSX holds no more"
        raise InputError(problem, cure="Segment the article into units, or choose another format.")
    book = _openpyxl().Workbook()
    fields = columns(codebook)
    sheet = book.active
    sheet.title = CODING
    _fill(book, sheet, fields, rows(tasks, codebook, coder), codebook)
    fill_guide(book.create_sheet(CODEBOOK), codebook)
    if len(tasks):
        _lists(book, sheet, fields, len(tasks), codebook.language)
        _shade(sheet, fields, len(tasks), codebook.language)
    path = Path(folder) / f"{file_name(coder)}.xlsx"
    with atomic(path) as scratch:
        book.save(scratch)
    return [path]


def _fill(
    book: Workbook, sheet: Worksheet, fields: tuple[Column, ...], told: list[dict[str, str]], codebook: Codebook
) -> None:
    """Write the header, and a row for each unit; a thicker line stands above the first unit of an article."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    bold, grey = Font(name="Arial", bold=True), PatternFill("solid", fgColor="FFEDEDED")
    for place, column in enumerate(fields, start=1):
        head = sheet.cell(1, place)
        put(head, f"{column.label_ar}\n{column.label_en}\n[{column.id}]", font=bold, fill=grey, horizontal="center")
        if column.hint:
            head.comment = Comment(printable(column.hint), "codebook", height=260, width=400)
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(column.id, _ANSWER)
    sheet.row_dimensions[1].height = 90
    kinds = [column.id if column.id in _WIDTHS else "answer" for column in fields]
    for kind in set(kinds):
        for first in (False, True):
            book.add_named_style(_look(kind, first, codebook))
    article = ""
    for number, row in enumerate(told, start=2):
        before, article = article, row["unit"].split(":")[0]
        for place, (column, kind) in enumerate(zip(fields, kinds, strict=True), start=1):
            cell = sheet.cell(number, place)
            if column.id in row:
                write(cell, row[column.id])
            cell.style = _named(kind, article != before)  # by name: openpyxl compares styles part by part
        sheet.row_dimensions[number].height = max(20, *(height(row[i], *_LINES[i]) for i in _LINES if i in row))
    protect(sheet)
    sheet.freeze_panes = "B2"
    sheet.print_title_rows = "1:1"


def _named(kind: str, first: bool) -> str:
    return f"{kind} {'first' if first else 'next'}"


def _look(kind: str, first: bool, codebook: Codebook) -> NamedStyle:
    """Return how cells of a kind look, in an article's first unit or another: those of answers are not locked."""
    from openpyxl.styles import Alignment, Border, Font, NamedStyle, Protection, Side

    line = Side(style="thin", color="FFBFBFBF")
    above = Side(style="medium", color="FF7F7F7F") if first and codebook.context else line
    fixed = kind in ("text", "context", "unit")
    small = Font(name="Arial", size=9, color="FF595959")
    return NamedStyle(
        name=_named(kind, first),
        font=Font(name="Arial", size=13) if kind == "text" else small if fixed else Font(name="Arial"),
        border=Border(top=above, bottom=line, left=line, right=line),
        alignment=Alignment(
            horizontal=_SIDES.get(kind, "center"),
            vertical="top",
            wrap_text=kind != "unit",
            readingOrder=RTL if codebook.language == "ar" else 0,
        ),
        protection=Protection(locked=fixed),
    )


def _shade(sheet: Worksheet, fields: tuple[Column, ...], units: int, language: str) -> None:
    """Let a unit's text turn green once every variable of it is answered, so that coders see what is left."""
    from openpyxl.formatting.rule import Rule
    from openpyxl.styles import PatternFill
    from openpyxl.styles.differential import DifferentialStyle
    from openpyxl.utils import get_column_letter

    letters = {column.id: f"${get_column_letter(place)}2" for place, column in enumerate(fields, start=1)}
    frames = [column for column in fields if column.question is not None and column.question.several]
    full = [f"LEN({letters[c.id]})>0" for c in fields if c.question is not None and not c.question.several]
    if frames:
        first, last, nothing = (letters[column.id] for column in (frames[0], frames[-2], frames[-1]))
        yes, no = (frames[0].spellings(language)[ident] for ident in ("yes", "no"))
        some, none = f'COUNTIF({first}:{nothing},"{yes}")>0', f'COUNTIF({first}:{last},"{no}")={len(frames) - 1}'
        full.append(f"OR({some},{none})")
    green = DifferentialStyle(fill=PatternFill("solid", bgColor="FFE2F0D9"))
    rule = Rule(type="expression", dxf=green, formula=[f"AND({','.join(full)})"])
    sheet.conditional_formatting.add(f"A2:A{units + 1}", rule)


def _lists(book: Workbook, sheet: Worksheet, fields: tuple[Column, ...], units: int, language: str) -> None:
    """Give the answers' cells their lists, which stand in a hidden sheet: in a formula they may be 255 letters long."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    hidden = book.create_sheet(LISTS)
    hidden.sheet_state = "hidden"
    hidden.protection.sheet = True
    places: dict[tuple[str, ...], int] = {}
    for place, column in enumerate(fields, start=1):
        if column.question is None:
            continue
        words = tuple(column.spellings(language).values())
        letter = get_column_letter(places.setdefault(words, len(places) + 1))
        for row, word in enumerate(words, start=1):
            put(hidden[f"{letter}{row}"], word)
        check = DataValidation(
            type="list",
            formula1=f"{LISTS}!${letter}$1:${letter}${len(words)}",
            allow_blank=True,
            showErrorMessage=True,
            errorTitle=printable(column.label_ar)[:32],
            error="اختر قيمة من القائمة. Choose from the list.",
        )
        check.add(f"{get_column_letter(place)}2:{get_column_letter(place)}{units + 1}")
        sheet.add_data_validation(check)


def read(paths: Path | Sequence[Path], units: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Read filled workbooks, for `framing.coding.exchange.checks.keep`.

    Parameters
    ----------
    paths
        Files, or folders of them.
    units
        ``doc_id, unit, text`` of what could be shown.

    Raises
    ------
    MissingDependencyError
        Without openpyxl.
    InputError
        Where a file is no workbook that `export` wrote.
    """
    texts, records = texts_of(units), []
    for path in listed(paths, ".xlsx"):
        table = _table(path)
        start = next(n for n, cells in enumerate(table) if is_header(cells))
        places = located(table[start], codebook, path, start + 1)
        for row, cells in enumerate(table[start + 1 :], start=start + 2):
            if filled(cells):
                found = {ident: cells[place] for ident, place in places.items()}
                records.append(answer(found, texts, codebook, path, row))
    return answers_table(records, codebook)


def _table(path: Path) -> list[tuple[object, ...]]:
    """Return the rows of the sheet that is coded in."""
    cure = "Save it as an Excel workbook (.xlsx), from the file that framing exchange wrote."
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of what other programs add and openpyxl does not keep
        try:
            book = _openpyxl().load_workbook(path, data_only=True)
        except (BadZipFile, KeyError, ValueError, OSError, _openpyxl().utils.exceptions.InvalidFileException) as error:
            raise InputError(f"not a readable workbook ({error})", file=path, cure=cure) from None
    for sheet in book.worksheets:
        table = list(sheet.iter_rows(values_only=True))
        if any(is_header(cells) for cells in table[:_HEADER]):
            return table
    raise InputError("no sheet in it has a column '[unit]'", file=path, cure=cure)
