"""What figures and reports say of themselves, in English and Arabic, and how they write numbers."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, cast, get_args

from framing.errors import InputError
from framing.resources import resource

Language = Literal["en", "ar"]
"""Of a report: English, left to right; Arabic, right to left with Arabic punctuation and Western digits."""

STRINGS = "paper/strings.toml"

_LEFT_TO_RIGHT = "\u200e"
"""Before a minus, so that it stays to the left of its number in a line that runs from right to left."""


@cache
def table() -> dict[str, dict[str, Any]]:
    """Return every string by section and key, each with its languages."""
    return tomllib.loads(resource(STRINGS).read_text(encoding="utf-8"))


def language(name: str) -> Language:
    """Return the language of this name.

    Raises
    ------
    InputError
        Where there are no strings of it.
    """
    for known in get_args(Language):
        if name == known:
            return cast(Language, known)
    raise InputError(f"no report in '{name}'", cure=f"Choose one of {', '.join(get_args(Language))}.")


@dataclass(frozen=True)
class Words:
    """The strings of one language."""

    lang: Language = "en"

    def __call__(self, key: str, **fill: object) -> str:
        """Return the string ``section.key``, its braces filled."""
        section, _, name = key.partition(".")
        found: str = table()[section][name][self.lang]
        return found.format(**fill)

    def knows(self, key: str) -> bool:
        """Tell whether there is a string ``section.key``."""
        section, _, name = key.partition(".")
        return name in table().get(section, {})

    def section(self, name: str) -> dict[str, str]:
        """Return every string of a section."""
        return {key: found[self.lang] for key, found in table()[name].items()}

    def count(self, what: str, n: int) -> str:
        """Return a number with its noun in the right number (for Arabic the genitive, by CLDR's plural rules)."""
        forms: dict[str, str] = table()["count"][what][self.lang]
        own = forms.get(_plural(n, self.lang), forms["other"])
        return own.format(n=f"{n:,}" if n > 9999 else n)

    def number(self, value: float | None, digits: int = 2) -> str:
        """Write a number with a minus, never a hyphen, and never a minus zero."""
        if value is None or value != value:
            return self("word.unknown")
        text = f"{abs(value):.{digits}f}"
        return (f"{_LEFT_TO_RIGHT}−{text}" if self.lang == "ar" else f"−{text}") if value < 0 and float(text) else text

    def signed(self, value: float, digits: int = 2) -> str:
        """Write a number with its sign, plus as well as minus."""
        text = self.number(value, digits)
        plus = value > 0 and float(text) != 0
        return (f"{_LEFT_TO_RIGHT}+{text}" if self.lang == "ar" else f"+{text}") if plus else text

    def percent(self, value: float | None, digits: int = 0) -> str:
        """Write a share as a percentage."""
        return self("word.unknown") if value is None or value != value else f"{self.number(100 * value, digits)}%"

    def points(self, value: float) -> str:
        """Write a difference of shares in percentage points."""
        return self("word.points", n=self.number(100 * value, 1))

    def interval(self, low: float | None, high: float | None, digits: int = 2) -> str:
        """Write an interval; nothing where there is none."""
        if low is None or high is None or low != low or high != high:
            return ""
        return self("list.range", low=self.number(low, digits), high=self.number(high, digits))

    def listed(self, items: Sequence[str]) -> str:
        """Join items with commas, the last with "and"."""
        if len(items) < 2:
            return "".join(items)
        last = items[-1]
        if self.lang == "ar" and last[:1].isascii():
            last = f"\u0640{last}"  # the Arabic "and" is joined to its word: the tatweel keeps another script apart
        return self("list.comma").join(items[:-1]) + self("list.last") + last

    def parts(self, items: Sequence[str]) -> str:
        """Join items with semicolons."""
        return self("list.semicolon").join(items)

    def system(self, name: str) -> str:
        """Return a system's name in words: ``embedding_gold`` learned from gold alone, without exemplars."""
        if name.endswith("_gold"):
            return self("system.gold_alone", system=self.system(name.removesuffix("_gold")))
        return self(f"system.{name}") if self.knows(f"system.{name}") else name

    def label(self, labels: dict[str, dict[str, str]], name: str) -> str:
        """Return the name in words of a variable, a value, or whatever else a table calls by its id."""
        if name in labels:
            return labels[name][self.lang]
        if re.fullmatch(r"-?\d+", name):
            return self.signed(int(name), 0)
        return self(f"word.{name}") if self.knows(f"word.{name}") else name


def _plural(n: int, lang: Language) -> str:
    """Return CLDR's plural category of a whole number."""
    if lang == "en":
        return "one" if n == 1 else "other"
    if n in (1, 2):
        return ("one", "two")[n - 1]
    rest = n % 100
    return "few" if 3 <= rest <= 10 else "many" if rest >= 11 else "other"
