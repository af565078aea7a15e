"""Quotation marks and brackets of a line, matched by what stands around them.

Arabic pages mix straight marks with “ ” and « » and often turn them round, so a mark opens or closes by its
context first and by its shape second.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

MARKS = "\ufeff\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069"
"""Characters without width, as the inside of a regex class: byte-order mark, joiners, directions. At an edge
they count as space."""

DIACRITICS = "\u064b-\u0655\u0670"
"""Signs over and under letters, as the inside of a regex class: part of a word, though not for the class of words."""

_STRAIGHT = '"″＂'
_FAMILIES = (f"{_STRAIGHT}“”„‟", "‘’‚‛", "‹›", "«»")
_FAMILY = {mark: family for family in _FAMILIES for mark in family}
_OPENING_SHAPE = "“„‘‚‹«"
_BRACKETS = {")": "(", "]": "[", "}": "{"}

CLOSERS = "".join(_FAMILY) + "".join(_BRACKETS)
"""Every mark that may close a quotation or a bracket."""

QUOTES = frozenset(_FAMILY)
"""Every quotation mark."""

_MARK = re.compile(f"[{re.escape(CLOSERS)}(\\[{{]")
_BEFORE_OPENING = re.compile(rf"(?:^|[\s{MARKS}(\[{{:،,;؛=/–—-])$")
# Conjunctions, prepositions and the article, written onto the mark: بـ"..." or و"...".
_CLITIC = re.compile(rf"(?<![\w{DIACRITICS}])[وف]?(?:[بلك]?(?:ال)?|لل)[{DIACRITICS}]*ـ*$")
_CLITIC_LENGTH = 8
_AFTER_CLOSING = re.compile(rf"$|[\s{MARKS}.,،;؛:؟!?…۔)\]}}/–—-]")


@dataclass(frozen=True, slots=True)
class Pair:
    """A matched pair, by the offsets of both marks.

    Attributes
    ----------
    start, end
        Offsets of the opening and the closing mark.
    quote
        True for a quotation, False for brackets.
    """

    start: int
    end: int
    quote: bool


class Pairs:
    """The matched pairs of a line, properly nested; a mark without a partner on the line is in none.

    Parameters
    ----------
    line
        Text without line breaks.

    Examples
    --------
    >>> [(pair.start, pair.end) for pair in Pairs('قال: "فزنا (أخيرا)" ثم "صمت')]
    [(5, 18), (11, 17)]
    """

    def __init__(self, line: str) -> None:
        self._pairs = sorted(_match(line), key=lambda pair: pair.start)
        self._starts = [pair.start for pair in self._pairs]
        self._parents: list[int] = []
        self._by_end = {pair.end: pair for pair in self._pairs}
        open_pairs: list[int] = []
        for number, pair in enumerate(self._pairs):
            while open_pairs and self._pairs[open_pairs[-1]].end < pair.start:
                open_pairs.pop()
            self._parents.append(open_pairs[-1] if open_pairs else -1)
            open_pairs.append(number)

    def __iter__(self) -> Iterator[Pair]:
        return iter(self._pairs)

    def around(self, place: int) -> list[Pair]:
        """Return the pairs that the character at ``place`` stands inside, innermost first."""
        found: list[Pair] = []
        number = bisect_left(self._starts, place) - 1
        while number >= 0:
            if self._pairs[number].end > place:
                found.append(self._pairs[number])
            number = self._parents[number]
        return found

    def closed_at(self, place: int) -> Pair | None:
        """Return the pair whose closing mark is the character at ``place``."""
        return self._by_end.get(place)


def _match(line: str) -> list[Pair]:
    stack: list[tuple[str, int]] = []
    depths: dict[str, list[int]] = {}
    pairs: list[Pair] = []
    opened = -1
    for found in _MARK.finditer(line):
        mark, place = found.group(), found.start()
        family = _FAMILY.get(mark) or _BRACKETS.get(mark, mark)
        depth = depths.setdefault(family, [])
        quote = mark in _FAMILY
        if _opens(line, place, bool(depth), opened == place - 1) if quote else mark not in _BRACKETS:
            depth.append(len(stack))
            stack.append((family, place))
            opened = place
        elif depth:
            pairs.append(Pair(stack[depth[-1]][1], place, quote))
            # What was opened inside and never closed has no partner.
            for unmatched, _ in reversed(stack[(floor := depth[-1]) :]):
                depths[unmatched].pop()
            del stack[floor:]
    return pairs


def _opens(line: str, place: int, is_open: bool, follows_opening: bool) -> bool:
    """Tell whether the quotation mark at ``place`` opens."""
    before = line[max(0, place - _CLITIC_LENGTH) : place]
    clitic = _CLITIC.search(before)
    left = follows_opening or bool(_BEFORE_OPENING.search(before)) or bool(clitic and clitic.group())
    right = bool(_AFTER_CLOSING.match(line, place + 1))
    if left != right:
        return left
    return not is_open if line[place] in _STRAIGHT else line[place] in _OPENING_SHAPE
