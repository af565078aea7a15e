"""How a coder's workbook looks: cells that wrap, rows as high as they need, sheets right to left and locked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from framing.coding.exchange.places import printable

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

CELL = 32_767
"""Letters that Excel holds in a cell."""

RTL = 2
"""Order of reading of a cell, right to left; 0 is by its first letter."""

_TALL = 409.0  # points, the height of a row at most


def write(cell: Cell | MergedCell, text: str) -> None:
    """Write a text as a text, whatever it begins with, without the control characters that XML cannot hold."""
    cell.value = printable(text)[:CELL]
    cell.data_type = "s"


def put(cell: Cell | MergedCell, text: str, *, horizontal: str | None = None, order: int = 0, **look: Any) -> None:
    """Write a text that wraps, and style its cell."""
    from openpyxl.styles import Alignment

    write(cell, text)
    cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal=horizontal, readingOrder=order)
    for name, value in look.items():
        setattr(cell, name, value)


def height(text: str, letters: int, points: float) -> float:
    """Return the height that a wrapped text needs, in points: not every program fits rows when it opens a file."""
    lines = sum(-(-max(len(line), 1) // letters) for line in text.split("\n"))
    return min(lines * points + 6, _TALL)


def protect(sheet: Worksheet) -> None:
    """Show a sheet right to left and lock its cells; widths and heights may be changed. On paper it is as wide."""
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.sheet_view.rightToLeft = True
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
