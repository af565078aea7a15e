"""Tokens of a folded text: numbers in digits, words, signs and marks, with their offsets there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from framing.models.sentiment.words import WORDS

_TOKEN = re.compile(r"(?P<number>\d+(?:[.,٫٬]\d+)*)|(?P<word>[^\W\d_]+)|(?P<sign>[%٪$€£¥₪])|(?P<mark>\S)")
_SEPARATORS = re.compile(r"[.,٫٬]")
_PERCENT = ("بالمئه", "بالمائه", "بالميه")
_PREFIX = re.compile("[وف]?[بلك]?(?:ال)?")


@dataclass(frozen=True, slots=True)
class Token:
    """A number, word, sign or mark of a folded text, with its offsets there."""

    kind: str
    text: str
    start: int
    end: int


def word_set(words: str) -> frozenset[str]:
    """Return the words that a text lists, parted by space."""
    return frozenset(words.split())


def tokens_of(text: str) -> list[Token]:
    """Return the tokens of a folded text."""
    return [Token(str(m.lastgroup), m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text)]


@lru_cache(maxsize=WORDS)
def bare_forms(word: str) -> tuple[str, ...]:
    """Return a folded word as it stands, then without the clitics before it, the fewest letters lost first."""
    cuts = {n for n in range(min(len(word), 5)) if len(word) - n > 1 and _PREFIX.fullmatch(word[:n])}
    if word.startswith(("لل", "ولل", "فلل")):
        cuts.add(word.index("لل") + 2)
    return tuple([word[n:] for n in sorted(cuts | {0})])


def is_percent(tokens: Sequence[Token], place: int) -> int:
    """Return how many tokens from ``place`` say percent; 0 where they do not."""
    if place >= len(tokens):
        return 0
    text = tokens[place].text
    if text in ("%", "٪") or text in _PERCENT:
        return 1
    two = place + 1 < len(tokens) and text == "في" and tokens[place + 1].text in ("المئه", "المائه", "الميه")
    return 2 if two else 0


def digits_value(text: str) -> float:
    """Return the value of digits with separators.

    A separator that stands once, before other than three digits, is a decimal one, and so are ``.`` and ``٫``; ``,``
    and ``٬`` before three digits part thousands, and whatever stands twice does.

    Examples
    --------
    >>> digits_value("14,3"), digits_value("1,100"), digits_value("١١٫٢"), digits_value("1.250.000")
    (14.3, 1100.0, 11.2, 1250000.0)
    """
    found = list(_SEPARATORS.finditer(text))
    if not found:
        return float(int(text))
    last = found[-1]
    after = len(text) - last.end()
    repeated = len(found) > 1 and len({mark.group() for mark in found}) == 1
    thousands = repeated or (after == 3 and last.group() in ",٬")
    whole = "".join(ch for ch in (text if thousands else text[: last.start()]) if ch.isdigit())
    digits = whole if thousands else f"{whole}.{text[last.end() :]}"
    return float("".join(str(int(ch)) if ch.isdigit() else ch for ch in digits))
