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

_ISOLATE, _END = "\u2066", "\u2069"
"""Around numbers with signs, per cent and intervals: they run from left to right in a line that does not. Without it
an Arabic line turns 31% around, and an interval with a minus the other way than one without (UAX 9, rules W2 to W7)."""

_PERCENT = re.compile(r"\d[\d.]*%")


@cache
def table() -> dict[str, dict[str, Any]]:
    """Return every string by section and key, each with its languages; those named by where they stand filled in."""
    found = tomllib.loads(resource(STRINGS).read_text(encoding="utf-8"))
    spelt = {
        (section, key): own | {"ar": _PERCENT.sub(lambda match: isolated(match.group()), own["ar"])}
        for section, strings in found.items()
        for key, own in strings.items()
        if section != "count" and isinstance(own, dict)
    }
    for section, strings in found.items():
        for key, own in strings.items():
            place = (section, key) if isinstance(own, dict) else tuple(own.split("."))
            strings[key] = spelt.get(place, own)
    return found


def isolated(text: str) -> str:
    """Let a number and its signs run from left to right within a line that runs the other way."""
    return text if _ISOLATE in text else f"{_ISOLATE}{text}{_END}"


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
        return self._whole(f"−{text}") if value < 0 and float(text) else text

    def signed(self, value: float, digits: int = 2) -> str:
        """Write a number with its sign, plus as well as minus."""
        text = self.number(value, digits)
        return self._whole(f"+{text}") if value > 0 and float(text) else text

    def percent(self, value: float | None, digits: int = 0) -> str:
        """Write a share as a percentage."""
        if value is None or value != value:
            return self("word.unknown")
        return self._whole(f"{self._bare(self.number(100 * value, digits))}%")

    def points(self, value: float) -> str:
        """Write a difference of shares in percentage points."""
        return self("word.points", n=self.number(100 * value, 1))

    def interval(self, low: float | None, high: float | None, digits: int = 2) -> str:
        """Write an interval; nothing where there is none."""
        if low is None or high is None or low != low or high != high:
            return ""
        return self.range(self.number(low, digits), self.number(high, digits))

    def range(self, low: str, high: str) -> str:
        """Write an interval between two numbers that are written already."""
        return self._whole(self("list.range", low=self._bare(low), high=self._bare(high)))

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
        return self.known(name)

    def known(self, name: str) -> str:
        """Return the words for what the package calls so, such as a finding; the name itself where there are none."""
        key = f"word.{name.replace(' ', '_')}"
        return self(key) if self.knows(key) else name

    def _whole(self, text: str) -> str:
        return isolated(text) if self.lang == "ar" else text

    @staticmethod
    def _bare(text: str) -> str:
        return text.strip(_ISOLATE + _END)


def _plural(n: int, lang: Language) -> str:
    """Return CLDR's plural category of a whole number."""
    if lang == "en":
        return "one" if n == 1 else "other"
    if n in (1, 2):
        return ("one", "two")[n - 1]
    rest = n % 100
    return "few" if 3 <= rest <= 10 else "many" if rest >= 11 else "other"
