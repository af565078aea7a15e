"""Figures of a text: money, percentages, counts, ratios, durations and dates, with value, bounds and measure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import pandas as pd
from tqdm.auto import tqdm

from framing.corpus.alignment import folded
from framing.portrayal.bounds import Hedge, hedge_of
from framing.portrayal.dates import Day
from framing.portrayal.measured import OPEN_END, FigureKind, Measured, lower_end, read_measured, upper_end
from framing.portrayal.numerals import parts_of_one, read_number
from framing.portrayal.tokens import Token, tokens_of
from framing.schema import KEY

ABOUT = 0.05
"""What "about" means here: five percent either way. A convention, not a finding."""

MANY = 5000
"""Units from which reading them takes long enough to show how far it is."""

FIGURE_COLUMNS = (*KEY, "start", "end", "text", "kind", "value", "low", "high", "measure", "hedge", "from", "to")
"""Columns of the table of figures: ``start`` and ``end`` are offsets in the unit's text; ``value`` is missing where
only bounds are said; ``low`` and ``high`` bound it (empty: not bounded); ``measure`` is the currency (ISO 4217), ``%``,
``times``, the unit of time, or the noun that is counted; ``from`` and ``to`` are the first and last day of a date, ISO
8601, ``--MM`` where its year is not said."""

_INFINITY = math.inf

_MILLION = 10**6


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, by its offsets in the text as it is."""

    start: int
    end: int
    kind: FigureKind
    value: float
    low: float
    high: float
    measure: str
    hedge: Hedge
    day: Day | None = None


def figures_table(units: pd.DataFrame) -> pd.DataFrame:
    """List every figure of the units.

    Parameters
    ----------
    units
        ``doc_id, unit, text``; where it has ``published`` (ISO 8601, to the day, month or year, or empty), months
        without a year that are called last or next are resolved by it.

    Returns
    -------
    pandas.DataFrame
        `FIGURE_COLUMNS`, in order of units and offsets.
    """
    dates = units["published"] if "published" in units else [""] * len(units)
    rows = []
    told = zip(units["doc_id"], units["unit"], units["text"], dates, strict=True)
    many = None if len(units) > MANY else True
    for doc_id, unit, text, published in tqdm(told, "figures", len(units), unit="unit", disable=many):
        known = published if isinstance(published, str) else ""
        for found in figures(text, known):
            day = ("", "") if found.day is None else (found.day.first, found.day.last)
            numbers = (found.value, *(bound if math.isfinite(bound) else math.nan for bound in (found.low, found.high)))
            span = (found.start, found.end, text[found.start : found.end])
            rows.append((doc_id, unit, *span, found.kind, *numbers, found.measure, found.hedge, *day))
    table = pd.DataFrame(rows, columns=list(FIGURE_COLUMNS))
    return table.astype({"start": "int64", "end": "int64", "value": float, "low": float, "high": float})


@lru_cache(maxsize=4_096)
def figures(text: str, published: str = "") -> tuple[Figure, ...]:
    """Return the figures of a text in order.

    Examples
    --------
    >>> [(f.kind, f.value, f.low, f.measure) for f in figures("دفعت أكثر من ١١٫٢ مليار دولار")]
    [('money', 11200000000.0, 11200000000.0, 'USD')]
    """
    plain = folded(text)
    tokens = tokens_of(plain.text)
    found: list[Figure] = []
    place = 0
    while place < len(tokens):
        read = read_measured(tokens, place, published) or lower_end(tokens, place)
        pair = None if read is None else upper_end(tokens, read, published)
        if read is None or (pair is None and read.measure == OPEN_END):
            place += 1
            continue
        first, last = read.first, (pair or read).last
        start, end = plain.span(tokens[first].start, tokens[last - 1].end)
        start += _clitics(text[start:end], tokens[first])
        found.append(_bounded(tokens, read, pair, start, end))
        place = last
    return tuple(_in_currency(found))


def _in_currency(found: Sequence[Figure]) -> list[Figure]:
    """Give millions without a noun the currency that the text has said: من 11 مليار دولار إلى 14 مليارا."""
    made: list[Figure] = []
    said = next((figure.measure for figure in found if figure.kind == "money"), "")
    for figure in found:
        if figure.kind == "money":
            said = figure.measure
        bare = figure.kind == "count" and not figure.measure and figure.hedge != "some" and figure.value >= _MILLION
        made.append(replace(figure, kind="money", measure=said) if bare and said else figure)
    return made


def _clitics(text: str, token: Token) -> int:
    """Return how many characters before a number word are و or ب and the like, which do not belong to it."""
    if token.kind != "word":
        return 0
    rest = [Token("word", token.text[1:], 0, 0)]
    lead = 1 if text[:1] in ("و", "ف", "ب", "ل", "ك") and len(token.text) > 3 else 0
    number = read_number([token], 0) or parts_of_one([token], 0)
    return lead if lead and number is not None and (read_number(rest, 0) or parts_of_one(rest, 0)) else 0


def _bounded(tokens: Sequence[Token], read: Measured, pair: Measured | None, start: int, end: int) -> Figure:
    """Give a figure its value and bounds."""
    value, measure, kind = read.number.value, read.measure, read.kind
    if read.day is not None:
        return Figure(start, end, "date", math.nan, math.nan, math.nan, "date", "", read.day)
    if pair is not None:
        upper = pair.number.value
        value *= _shared_scale(value, upper, read, pair)
        return Figure(start, end, pair.kind, math.nan, value, upper, pair.measure, "between")
    hedge = hedge_of(tokens, read)
    if read.number.vague:
        return Figure(start, end, kind, math.nan, value, read.number.high, measure, "some")
    if hedge == "about":
        return Figure(start, end, kind, value, value * (1 - ABOUT), value * (1 + ABOUT), measure, hedge)
    if hedge in ("more", "at least"):
        return Figure(start, end, kind, value, value, _INFINITY, measure, hedge)
    if hedge in ("less", "at most"):
        return Figure(start, end, kind, value, -_INFINITY, value, measure, hedge)
    return Figure(start, end, kind, value, value, value, measure, "")


def _shared_scale(value: float, upper: float, read: Measured, pair: Measured) -> float:
    """Return what the lower end is to be multiplied by: in "58 to 62 billion" both are billions."""
    if not read.number.digits or pair.number.digits:
        return 1.0
    for scale in (1e12, 1e9, 1e6, 1e3):
        if upper >= scale and value * scale <= upper:
            return scale
    return 1.0
