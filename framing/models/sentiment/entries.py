"""Entries of a lexicon of polarity and of its modifiers: read, checked, and found by their words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, Literal, NamedTuple, TypeVar, get_args

import pandas as pd

from framing.errors import InputError
from framing.files import first_row, read_table
from framing.models.sentiment.words import WORDS, Remembered, fold, words_of

Kind = Literal["negation", "contrast", "intensifier", "diminisher", "hedge", "question"]
"""negation turns a polarity round; contrast weighs two sides of a sentence; intensifier and diminisher scale a word;
hedge and question weaken what is not stated as a fact."""

KINDS: tuple[Kind, ...] = get_args(Kind)

Scope = Literal["next", "clause", "reduced", "near", "before", "imperfect", "after", "aside", "asked", "none"]
"""Where a modifier acts.

next: the next entry; reduced: the next entry, in place of what the word itself counts (less of something bad); clause:
what follows, up to a pause; imperfect: as clause, where an imperfect verb follows; asked: the rest of a sentence that
ends in a question mark; near: the entry beside it, before it if there is one; before: the entry that it stands before;
after: all of the sentence after it, at the expense of what is before it; aside: what it introduces, to the gain of the
rest of the sentence; none: nowhere (idioms that keep their words from acting)."""

_SCOPES: dict[Kind, tuple[Scope, ...]] = {
    "negation": ("clause", "next", "reduced", "none"),
    "contrast": ("after", "aside"),
    "intensifier": ("near", "before"),
    "diminisher": ("near", "before"),
    "hedge": ("clause", "near", "before", "imperfect"),
    "question": ("asked", "clause"),
}
_LIMITS: dict[Kind, tuple[float, float]] = {"negation": (-1.0, 1.0)}
_STRONGEST = 2.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A word or phrase with its polarity in [-1, 1]; 0 keeps its words from matching anything shorter."""

    phrase: str
    polarity: float
    pos: str = ""


@dataclass(frozen=True, slots=True)
class Modifier:
    """A word or phrase that changes what others contribute, by a factor, within a scope."""

    phrase: str
    kind: Kind
    factor: float
    scope: Scope


def read_lexicon(path: str | Path) -> list[Entry]:
    """Read entries from a table with the columns ``lemma`` and ``polarity`` and, if wanted, ``pos`` and ``note``.

    Raises
    ------
    InputError
        Naming file, row, column and cure: a column is missing, a lemma is empty or stands in two rows, or a polarity
        is no number in [-1, 1].
    """
    table = _table(path, ("lemma", "polarity"))
    lemmas = _phrases(table, "lemma", path)
    polarities = _numbers(table, "polarity", [(-1.0, 1.0)] * len(table), path)
    parts = table["pos"] if "pos" in table else [""] * len(table)
    return [Entry(*row) for row in zip(lemmas, polarities, map(str, parts), strict=True)]


def read_modifiers(path: str | Path) -> list[Modifier]:
    """Read modifiers from a table with the columns ``phrase``, ``kind``, ``factor`` and, if wanted, ``scope``.

    Without a scope, a modifier has the first that its kind may have.

    Raises
    ------
    InputError
        As `read_lexicon` does, for a kind or scope that is not known, too.
    """
    table = _table(path, ("phrase", "kind", "factor"))
    phrases = _phrases(table, "phrase", path)
    kinds = [_choice(value, KINDS, path, row, "kind") for row, value in _rows(table, "kind", path)]
    limits = [_LIMITS.get(kind, (0.0, _STRONGEST)) for kind in kinds]
    factors = _numbers(table, "factor", limits, path)
    scopes: list[Scope] = [_SCOPES[kind][0] for kind in kinds]
    if "scope" in table:
        cells = list(_rows(table, "scope", path))
        scopes = [
            _choice(value, _SCOPES[kind], path, row, "scope") if str(value) else _SCOPES[kind][0]
            for kind, (row, value) in zip(kinds, cells, strict=True)
        ]
    return [Modifier(*row) for row in zip(phrases, kinds, factors, scopes, strict=True)]


def _table(path: str | Path, needed: Sequence[str]) -> pd.DataFrame:
    table = read_table(path)
    for column in needed:
        if column not in table:
            cure = f"The table needs the columns {', '.join(needed)}."
            raise InputError(f"no column '{column}'", file=path, column=column, cure=cure)
    return table


def _rows(table: pd.DataFrame, column: str, path: str | Path) -> list[tuple[int, object]]:
    return list(enumerate(table[column], start=first_row(path)))


def _phrases(table: pd.DataFrame, column: str, path: str | Path) -> list[str]:
    seen: dict[tuple[str, ...], int] = {}
    phrases = []
    for row, value in _rows(table, column, path):
        words = tuple(word.spelt for word in words_of(value)) if isinstance(value, str) else ()
        if not words:
            cure = "Write a word or a phrase, or remove the row."
            raise InputError("empty" if not str(value).strip() else f"'{value}' is no word", file=path, row=row,
                             column=column, cure=cure)  # fmt: skip
        if words in seen:
            problem, cure = f"'{value}' stands in row {seen[words]} too", "Keep one of them."
            raise InputError(problem, file=path, row=row, column=column, cure=cure)
        seen[words] = row
        phrases.append(" ".join(words))
    return phrases


def _numbers(table: pd.DataFrame, column: str, limits: Sequence[tuple[float, float]], path: str | Path) -> list[float]:
    numbers = []
    for (row, value), (low, high) in zip(_rows(table, column, path), limits, strict=True):
        try:
            number = float(str(value))
        except ValueError:
            number = math.nan
        if not low <= number <= high:
            problem, cure = f"'{value}' is no number from {low:g} to {high:g}", "Give one, with a point for decimals."
            raise InputError(problem, file=path, row=row, column=column, cure=cure)
        numbers.append(number)
    return numbers


_Choice = TypeVar("_Choice", bound=str)


def _choice(value: object, choices: Sequence[_Choice], path: str | Path, row: int, column: str) -> _Choice:
    for choice in choices:
        if choice == value:
            return choice
    cure = f"Use one of {', '.join(choices)}."
    raise InputError(f"unknown value '{value}'", file=path, row=row, column=column, cure=cure)


_Item = TypeVar("_Item", Entry, Modifier)


class Found(NamedTuple, Generic[_Item]):
    """An item found in words ``start`` to ``end`` (not included) of a text."""

    start: int
    end: int
    item: _Item


class Index(Generic[_Item]):
    """Finds the longest item that begins at a word.

    Parameters
    ----------
    items
        Entries or modifiers.
    forms
        Gives the dictionary forms that a word of the text may be of, for an item.

    Attributes
    ----------
    begun
        By word, as spelt, the items that it may begin, by the form in which it does; none for most words.
    reach
        By word, which later words of phrases it may be; none for most.
    """

    def __init__(self, items: Sequence[_Item], forms: Callable[[str], Sequence[str]]) -> None:
        self._forms: Callable[[str], Sequence[str]] = forms
        self._items: dict[str, list[tuple[tuple[str, ...], tuple[str, ...], _Item]]] = {}
        for item in items:
            spelt = tuple(item.phrase.split())
            words = tuple(map(_key, spelt)) if len(spelt) > 1 else (fold(spelt[0]),)
            self._items.setdefault(words[0], []).append((words, spelt, item))
        self.begun: Remembered[list[list[tuple[tuple[str, ...], tuple[str, ...], _Item]]]] = Remembered(self._begins)
        self.reach = Remembered(self._reaches)
        self._inner = {key for listed in self._items.values() for keys, _, _ in listed for key in keys[1:]}
        for listed in self._items.values():
            # The longest first; of two that spelling cannot tell apart, the milder.
            listed.sort(key=lambda row: (-len(row[0]), _strength(row[2])))

    def longest(self, words: Sequence[str], start: int) -> Found[_Item] | None:
        """Return the longest item at a word, the nearest spelling among those of one length.

        Parameters
        ----------
        words
            Words up to the next pause or name, as spelt.
        start
            Number of the word that the item must begin at.
        """
        best: Found[_Item] | None = None
        last = len(words) - start
        second = self.reach[words[start + 1]] if last > 1 else frozenset()
        for listed in self.begun[words[start]]:
            for keys, spelt, item in listed:
                length = len(keys)
                if best is not None and length <= best.end - best.start:
                    break
                if length > 1 and (length > last or keys[1] not in second):
                    continue
                if length == 1 or all(self._is(words[start + n], keys[n], spelt[n]) for n in range(1, length)):
                    best = Found(start, start + length, item)
                    break
        return best

    def _begins(self, word: str) -> list[list[tuple[tuple[str, ...], tuple[str, ...], _Item]]]:
        """Return the items that a word, as spelt, may begin, by the form in which it does; none for most words."""
        found = [
            [row for row in self._items[folded] if _may_be(form, row[1][0], phrase=len(row[0]) > 1)]
            for folded, form in self._candidates(word)
            if folded in self._items
        ]
        return [rows for rows in found if rows]

    def _reaches(self, word: str) -> frozenset[str]:
        """Return which later words of phrases a word may be: none for most; `_is` then looks closer."""
        return frozenset(self._inner & {_key(word), *(folded for folded, _ in self._candidates(word))})

    def _candidates(self, word: str) -> Iterator[tuple[str, str]]:
        return ((fold(form), form) for form in self._forms(word))

    def _is(self, word: str, key: str, spelt: str) -> bool:
        if _key(word) == key:
            return _may_be(_without_article(word), spelt, phrase=True)
        return any(folded == key and _may_be(form, spelt, phrase=True) for folded, form in self._candidates(word))


class Match(NamedTuple):
    """What begins at a word: how many words it has, and whether it is an entry, a modifier or both."""

    length: int
    entry: Entry | None
    modifier: Modifier | None


class Begun(NamedTuple):
    """What a word may begin: alone, or with the words that may follow it; where to find that, and if an entry is in it.

    ``alone`` is None where the word is nothing by itself.
    """

    alone: Match | None
    second: frozenset[str]
    indices: tuple[Index[Any], ...]
    entry: bool


def _strength(item: Entry | Modifier) -> float:
    return abs(item.polarity) if isinstance(item, Entry) else abs(item.factor)


@lru_cache(maxsize=WORDS)
def _key(spelt: str) -> str:
    """Return the folded word without the article: in a phrase, any word may have it or not."""
    return fold(_without_article(spelt))


def _without_article(spelt: str) -> str:
    return spelt[2:] if spelt.startswith("ال") and len(spelt) > 4 else spelt


def _may_be(form: str, spelt: str, *, phrase: bool) -> bool:
    """Tell whether two words of one folded spelling may be the same: أ, إ and آ differ, a bare ا may be any."""
    spelt = _without_article(spelt) if phrase else spelt
    return not any(a != b and a in "أإآ" and b in "أإآ" for a, b in zip(form, spelt, strict=True))
