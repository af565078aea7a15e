"""Folded spelling that remembers where each of its characters stood: for matching in one and showing the other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from framing.corpus.normalisation import normalise
from framing.corpus.quotations import DIACRITICS, MARKS

# A letter with the signs and marks that hang on it: nothing that normalisation does reaches further.
_CLUSTER = re.compile(rf"[\s\S][{DIACRITICS}{MARKS}\u0300-\u036f]*")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in its one spelling.

    Attributes
    ----------
    text
        What `framing.corpus.normalise` gives.
    starts, ends
        For each character of ``text``, the span of the original that it came from.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the original of ``text[start:end]``, which must not be empty."""
        return self.starts[start], self.ends[end - 1]


@lru_cache(maxsize=10_000)
def _fold(cluster: str) -> str:
    return normalise(cluster)


@lru_cache(maxsize=4_096)
def folded(text: str) -> Folded:
    """Fold a text's spelling as `framing.corpus.normalise` does by default, keeping offsets.

    Examples
    --------
    >>> found = folded("لـ«مُدرسةٍ»")
    >>> found.text, "لـ«مُدرسةٍ»"[slice(*found.span(2, 7))]
    ('ل«مدرسه»', 'مُدرسةٍ')
    """
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for cluster in _CLUSTER.finditer(text):
        made = _fold(cluster.group())
        letters.append(made)
        starts += [cluster.start()] * len(made)
        ends += [cluster.end()] * len(made)
    return Folded("".join(letters), tuple(starts), tuple(ends))
