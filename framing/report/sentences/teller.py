"""What every rule needs: the numbers, the words, and how estimates with intervals are compared."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from framing.report.words import Words

Numbers = dict[str, Any]
Row = dict[str, Any]

Order = Literal["above", "overlap", "not above"]
"""above: higher, and the intervals do not touch; overlap: higher, but they do, or one is missing; not above: not
higher."""


def order(a: Row, b: Row, value: str = "macro_f1") -> Order:
    """Compare two estimates as far as their intervals allow.

    Intervals that do not touch are a stricter condition than a difference whose interval excludes 0 (Schenker &
    Gentleman 2001): what is called above is so with less error than the intervals' level says.
    """
    if a[value] is None or b[value] is None or a[value] <= b[value]:
        return "not above"
    apart = a["low"] is not None and b["high"] is not None and a["low"] > b["high"]
    return "above" if apart else "overlap"


@dataclass(frozen=True, eq=False)
class Teller:
    """The numbers of a study in the words of a language."""

    n: Numbers
    words: Words

    @cached_property
    def outlets_with_one_article(self) -> list[str]:
        """Outlets that a single article represents."""
        return [outlet for outlet, count in self.articles.items() if count == 1]

    @cached_property
    def articles(self) -> dict[str, int]:
        """Articles of each outlet."""
        found: dict[str, int] = {}
        for article in self.n["corpus"]["by_article"]:
            found[article["outlet"]] = found.get(article["outlet"], 0) + 1
        return found

    @cached_property
    def frames(self) -> list[str]:
        """Ids of the frames."""
        return [frame["id"] for frame in self.n["codebook"]["frames"]]

    def say(self, key: str, **fill: object) -> str:
        """Return a sentence."""
        return self.words(f"say.{key}", **fill)

    def name(self, ident: str) -> str:
        """Return the name in words of a variable or value."""
        book = self.n["codebook"]
        own = book["labels" if self.words.lang == "en" else "labels_ar"]
        return str(own[ident]) if ident in own else self.words.label({}, ident)

    def listed(self, idents: list[str]) -> str:
        """Return names in words, joined."""
        return self.words.listed([self.name(ident) for ident in idents])

    def interval(self, row: Row) -> str:
        """Return an interval as it is printed."""
        return self.words.interval(row["low"], row["high"])

    def share_interval(self, row: Row) -> str:
        """Return an interval of a share in per cent; nothing where there is none."""
        if row["low"] is None or row["high"] is None:
            return ""
        return self.words.range(self.words.percent(row["low"]), self.words.percent(row["high"]))

    def p(self, value: float) -> str:
        """Return a p value with its sign: ``= .012``, ``< .001``."""
        below = value < 0.001
        return self.words("word.below" if below else "word.equals", n="0.001" if below else f"{value:.3f}")
