"""The codebook as a sheet to read beside the coding: questions and options in Arabic and English, rules, examples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from framing.coding.codebook import Codebook
from framing.coding.exchange.style import RTL, height, protect, put
from framing.coding.languages import Said
from framing.coding.wording import WORDS, Option, Question, questions

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Line = tuple[bool, tuple[str, str], Said]
"""Whether a line is a title, what it says of its rule in Arabic and English, and the rule."""

_WIDTHS = (32, 32, 80, 80)
_LETTERS = (36, 36, 80, 80)  # that a line of these columns surely holds
_POINTS = 15.5
_HOW = (
    ("خلية فارغة: لم يُجب عنها", "an empty cell: not answered"),
    ("«نعم» تحت كل إطار في الجملة", "yes under every frame in the unit"),
    ("«نعم» تحت «لا إطار» إن خلت من كل إطار", "yes under 'no frame' where there is none"),
    ("يخضرّ النص حين تكتمل الإجابات", "the text turns green when all is answered"),
)


def fill_guide(sheet: Worksheet, codebook: Codebook) -> None:
    """Write the codebook into an empty sheet."""
    from openpyxl.styles import Font, PatternFill

    bold, shade, plain = Font(name="Arial", bold=True), PatternFill("solid", fgColor="FFEDEDED"), Font(name="Arial")
    lines: list[Line] = [(True, (codebook.name, codebook.version), codebook.said(codebook.unit))]
    lines += [(False, said, {}) for said in _HOW]
    for question in questions(codebook):
        lines += _question(question)
    lines += _rules("decisions", [codebook.said(text) for text in codebook.decisions])
    for number, (title, said, rule) in enumerate(lines, start=1):
        cells = (*said, rule.get("ar", ""), rule.get("en", ""))
        for place, text in enumerate(cells, start=1):
            side, order = ("right", RTL) if place in (1, 3) else (None, 0)
            put(sheet.cell(number, place), text, font=bold if title else plain, horizontal=side, order=order)
            if title:
                sheet.cell(number, place).fill = shade
        sheet.row_dimensions[number].height = max(map(height, cells, _LETTERS, (_POINTS,) * 4))
    for letter, width in zip("ABCD", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    protect(sheet)


def _question(question: Question) -> list[Line]:
    lines: list[Line] = [(True, (question.ask_ar, question.ask_en), question.text)]
    lines += [(False, ("", ""), question.covers)] if question.covers else []
    for option in question.options:
        lines.append((question.several, (option.label_ar, option.label_en), option.definition))
        lines += _lists(option)
    return lines + _rules("rules", question.rules)


def _lists(option: Option) -> list[Line]:
    return [line for name, texts in option.parts.items() for line in _rules(name, texts)]


def _rules(name: str, texts: Sequence[Said]) -> list[Line]:
    return [(False, (WORDS[name]["ar"], WORDS[name]["en"]), text) for text in texts]
