"""Articles in, units out: sentences and titles with exact offsets and a type.

A unit is a span of its article: ``text[start:end]`` is the unit as the outlet printed it, without the space at
its edges. A line break always ends a unit; inside a line sentences end by the rules of `framing.corpus.sentences`.
What a line is (headline, heading, body, boilerplate) is told by `framing.corpus.lines`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from framing.corpus.lines import Line, UnitType, line_types
from framing.corpus.sentences import SPACE, sentence_spans
from framing.errors import InputError
from framing.files import text_sha

UNIT_COLUMNS = ("doc_id", "outlet", "unit", "start", "end", "unit_type", "paragraph", "sha", "text")
"""Columns of the table of units, in order; ``outlet`` only where the articles have it."""

# What str.splitlines takes for a line break: \r\n, Unicode's line and paragraph separators and control characters.
_LINE = re.compile("[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_SPACES = re.compile(f"{SPACE}*")
# All that `SPACE` matches, one by one, as `str.rstrip` wants it.
_EDGE = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f"
    "\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A span of an article.

    Attributes
    ----------
    start, end
        Python slice offsets into the article's text.
    unit_type
        headline, heading, body or boilerplate.
    paragraph
        0-based number of the unit's line among the article's non-empty lines.
    """

    start: int
    end: int
    unit_type: UnitType
    paragraph: int


def split_units(text: str) -> list[Unit]:
    """Split an article into units.

    Parameters
    ----------
    text
        The article as it stands, line ends and byte-order mark included.

    Returns
    -------
    list of Unit
        In order and disjoint; every character that is neither space nor an invisible mark is in exactly one.

    Examples
    --------
    >>> text = "سجل المهاجم هدفين. وانتهت المباراة 3-1."
    >>> [text[unit.start:unit.end] for unit in split_units(text)]
    ['سجل المهاجم هدفين.', 'وانتهت المباراة 3-1.']
    """
    spans: list[list[tuple[int, int]]] = []
    lines: list[Line] = []
    for found in _LINE.finditer(text):
        start, end = trim(text, *found.span())
        if start == end:
            continue
        line = text[start:end]
        sentences = [trim(text, start + first, start + last) for first, last in sentence_spans(line)]
        spans.append(sentences)
        lines.append(Line(line, len(sentences)))
    return [
        Unit(start, end, unit_type, paragraph)
        for paragraph, (unit_type, sentences) in enumerate(zip(line_types(lines), spans, strict=True))
        for start, end in sentences
    ]


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Narrow a span by the space and invisible marks at its edges; where nothing else is there, it is empty."""
    leading = _SPACES.match(text, start, end)
    start = leading.end() if leading else start
    return start, start + len(text[start:end].rstrip(_EDGE))


def segment(articles: pd.DataFrame) -> pd.DataFrame:
    """Split articles into units.

    Parameters
    ----------
    articles
        One row per article with the columns ``doc_id`` and ``text``, and ``outlet`` where it is known. Other
        columns stay with the articles.

    Returns
    -------
    pandas.DataFrame
        One row per unit with `UNIT_COLUMNS`, keyed ``(doc_id, unit)``; ``unit`` counts from 0 in each article and
        ``sha`` is `framing.files.text_sha` of the unit's text. An article without any visible text has no rows.

    Raises
    ------
    InputError
        Where a column is missing, a ``doc_id`` stands twice or a text is not a string.
    """
    _check_articles(articles)
    pieces = [
        (doc_id, text, split_units(text)) for doc_id, text in zip(articles["doc_id"], articles["text"], strict=True)
    ]
    units = [
        (doc_id, number, unit, text[unit.start : unit.end])
        for doc_id, text, found in pieces
        for number, unit in enumerate(found)
    ]
    # Types are declared, so that a table without rows has them too.
    table = pd.DataFrame(
        {
            "doc_id": pd.Series([doc_id for doc_id, _, _, _ in units], dtype=articles["doc_id"].dtype),
            "unit": pd.Series([number for _, number, _, _ in units], dtype="int64"),
            "start": pd.Series([unit.start for _, _, unit, _ in units], dtype="int64"),
            "end": pd.Series([unit.end for _, _, unit, _ in units], dtype="int64"),
            "unit_type": pd.Series([unit.unit_type for _, _, unit, _ in units], dtype="str"),
            "paragraph": pd.Series([unit.paragraph for _, _, unit, _ in units], dtype="int64"),
            "sha": pd.Series([text_sha(span) for _, _, _, span in units], dtype="str"),
            "text": pd.Series([span for _, _, _, span in units], dtype="str"),
        }
    )
    if "outlet" in articles.columns:
        outlet = articles["outlet"].repeat([len(found) for _, _, found in pieces])
        table.insert(1, "outlet", outlet.reset_index(drop=True))
    return table


def _check_articles(articles: pd.DataFrame) -> None:
    for column in ("doc_id", "text"):
        if column not in articles.columns:
            raise InputError(
                f"no column '{column}'",
                column=column,
                cure="A table of articles needs the columns doc_id, text.",
            )
    repeated = articles["doc_id"][articles["doc_id"].duplicated()]
    if len(repeated):
        raise InputError(
            f"the doc_id '{repeated.iloc[0]}' stands twice",
            column="doc_id",
            cure="Give every article its own doc_id.",
        )
    for doc_id, text in zip(articles["doc_id"], articles["text"], strict=True):
        if not isinstance(text, str):
            raise InputError(
                f"the text of '{doc_id}' is not a string",
                column="text",
                cure="Remove the article or give it a text.",
            )
