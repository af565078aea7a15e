"""The codebook as a sheet to read beside the coding: questions and options in Arabic and English, rules, examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framing.coding.codebook import Codebook
from framing.coding.exchange.questions import Question, questions
from framing.coding.exchange.style import RTL, height, protect, put

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Line = tuple[bool, tuple[str, ...]]
"""Whether a line is a title, and its cells: in Arabic, in English, the rule."""

_WIDTHS = (32, 32, 100)
_LETTERS = (36, 36, 100)  # that a line of these columns surely holds
_POINTS = 15.5
_HOW = (
    ("خلية فارغة: لم يُجب عنها", "an empty cell: not answered", ""),
    ("«نعم» تحت كل إطار في الجملة", "yes under every frame in the unit", ""),
    ("«نعم» تحت «لا إطار» إن خلت من كل إطار", "yes under 'no frame' where there is none", ""),
    ("يخضرّ النص حين تكتمل الإجابات", "the text turns green when all is answered", ""),
)


def fill_guide(sheet: Worksheet, codebook: Codebook) -> None:
    """Write the codebook into an empty sheet."""
    from openpyxl.styles import Font, PatternFill

    bold, shade, plain = Font(name="Arial", bold=True), PatternFill("solid", fgColor="FFEDEDED"), Font(name="Arial")
    lines: list[Line] = [(True, (codebook.name, codebook.version, codebook.unit)), *((False, line) for line in _HOW)]
    for question in questions(codebook):
        lines += _question(question, codebook)
    lines += [(False, ("حالة حُسمت", "decided before", rule)) for rule in codebook.decisions]
    for number, (title, cells) in enumerate(lines, start=1):
        for place, text in enumerate(cells, start=1):
            side, order = ("right", RTL) if place == 1 else (None, 0)
            put(sheet.cell(number, place), text, font=bold if title else plain, horizontal=side, order=order)
            if title:
                sheet.cell(number, place).fill = shade
        sheet.row_dimensions[number].height = max(map(height, cells, _LETTERS, (_POINTS,) * 3))
    for letter, width in zip("ABC", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    protect(sheet)


def _question(question: Question, codebook: Codebook) -> list[Line]:
    lines: list[Line] = [(True, (question.ask_ar, question.ask_en, question.hint))]
    if not question.several:
        lines += [(False, (option.label_ar, option.label_en, option.hint)) for option in question.options]
    for frame in codebook.frames if question.several else ():
        lines.append((True, (frame.label_ar, frame.label_en, frame.definition)))
        lines += [(False, ("نعم", "yes", rule)) for rule in frame.include]
        lines += [(False, ("لا", "no", rule)) for rule in frame.exclude]
    rules = codebook.tone_rules if question.id == "tone" else ()
    return lines + [(False, ("قاعدة", "rule", rule)) for rule in rules]
