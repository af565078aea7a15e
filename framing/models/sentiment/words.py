"""Words of a text with their places in it: what the rules of the lexicon scorer walk over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import accumulate, repeat
from operator import add
from typing import NamedTuple, TypeVar

from framing.corpus.normalisation import normalise
from framing.corpus.quotations import DIACRITICS, MARKS

CLAUSE, SENTENCE = 1, 2
"""How much stands before a word: a comma, dash or bracket; or what ends a sentence."""

_WORD = re.compile(rf"(\w[\w{DIACRITICS}{MARKS}]*)")
_EDGE = re.compile(rf"[{MARKS}]+$")
_ENDS = re.compile(r"[.!?؟…۔\n\r]")
_PAUSES = re.compile(r"[،,;؛:()\[\]{}–—]|\s-\s")
_INSIDE = re.compile(r"[.,:/'’]")
_QUESTION = re.compile(r"[?؟]")
_CLITIC = re.compile("[وف]?(?:لل|ال|[بلك](?:ال)?)?")


TEXTS, WORDS = 4_096, 100_000
"""Texts whose words, and words whose spellings are remembered: several rules read the same text one after another, and
most words of a corpus are a few thousand."""


_Known = TypeVar("_Known")


class Remembered(dict[str, _Known]):
    """What is known of each word, found when it is first asked for, and given back as fast as a dictionary does.

    Parameters
    ----------
    find
        Tells what is to be known of a word.
    """

    def __init__(self, find: Callable[[str], _Known]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, word: str) -> _Known:
        if len(self) >= WORDS:
            self.clear()
        found = self[word] = self._find(word)
        return found


class Word(NamedTuple):
    """One word.

    Attributes
    ----------
    start, end
        Offsets in the original text.
    spelt
        Without short vowels, tatweel and marks; hamzas, ى and ة as written.
    pause
        0 where only space or a quotation mark stands before it, else `CLAUSE` or `SENTENCE`.
    question
        Whether its sentence ends in a question mark.
    folded
        In its one spelling (`fold`), of the same length.
    """

    start: int
    end: int
    spelt: str
    pause: int
    question: bool
    folded: str


class Opening(NamedTuple):
    """How a word begins a phrase.

    Attributes
    ----------
    alone
        Whether it is one by itself.
    before
        Folded words before which it begins a longer one.
    """

    alone: bool
    before: frozenset[str]

    def at(self, words: Sequence[Word], place: int) -> bool:
        """Tell whether it may begin one at its place among words."""
        return self.alone or (place + 1 < len(words) and words[place + 1].folded in self.before)


@lru_cache(maxsize=WORDS)
def spell(word: str) -> str:
    """Return a word without short vowels, tatweel and marks of no width; its letters stay as written."""
    return normalise(word, alef=False, alef_maksura=False, teh_marbuta=False)


@lru_cache(maxsize=WORDS)
def fold(spelt: str) -> str:
    """Return the one spelling of a word; its length is that of the word."""
    return normalise(spelt)


_made = tuple.__new__


@lru_cache(maxsize=TEXTS)
def words_of(text: str) -> tuple[Word, ...]:
    """Return the words of a text in order, with offsets into the text as it is."""
    pieces = _WORD.split(text)  # what stands between tokens, and the tokens
    tokens = pieces[1::2]
    if not tokens:
        return ()
    ends = list(accumulate(map(len, pieces)))
    starts = ends[:-1:2]
    pauses, asked = _between(pieces)
    # Column by column, because there are millions of words.
    visible, spelt, folded = zip(*map(_TOKENS.__getitem__, tokens), strict=True)
    columns = zip(starts, map(add, starts, visible), spelt, pauses, asked, folded, strict=True)
    words = map(_made, repeat(Word), columns)
    return tuple(words) if None not in spelt else _expanded(words, tokens)


def _between(pieces: Sequence[str]) -> tuple[list[int], list[bool]]:
    """Return how much stands before each token, and whether its sentence asks."""
    tokens = pieces[1::2]
    pauses, asked, first = [0] * len(tokens), [False] * len(tokens), 0
    # Most gaps are a space, which tells nothing.
    for number in [number for number, gap in enumerate(pieces[2:-1:2], start=1) if gap != " "]:
        gap = pieces[2 * number]
        pauses[number] = _pause(gap, tokens[number - 1][-1], tokens[number][0])
        if pauses[number] == SENTENCE:
            asked[first:number] = [_QUESTION.search(gap) is not None] * (number - first)
            first = number
    asked[first:] = [_QUESTION.search(pieces[-1]) is not None] * (len(tokens) - first)
    return pauses, asked


def _expanded(words: Iterable[Word], tokens: Sequence[str]) -> tuple[Word, ...]:
    """Return the words of tokens of which some hold several, or none: each has the place of the whole."""
    found: list[Word] = []
    for word, token in zip(words, tokens, strict=True):
        pause = word.pause if found else 0
        for part in spell(token).split():
            found.append(word._replace(spelt=part, folded=fold(part), pause=pause))
            pause = 0
    return tuple(found)


def _token(token: str) -> tuple[int, str | None, str]:
    """Return a token's length without marks at its end, and the word that it is, spelt and folded.

    None is its spelling where it holds several words, as a ligature may, or none.
    """
    parts = spell(token).split()
    return len(_EDGE.sub("", token)), *((parts[0], fold(parts[0])) if len(parts) == 1 else (None, ""))


_TOKENS = Remembered(_token)


def _pause(gap: str, before: str, after: str) -> int:
    """Tell how much a gap separates; a point inside a number or a Latin name does not."""
    if len(gap) == 1 and _INSIDE.fullmatch(gap) and _plain(before) and _plain(after):
        return 0
    return _separates(gap)


@lru_cache(maxsize=4_096)
def _separates(gap: str) -> int:
    if _ENDS.search(gap):
        return SENTENCE
    return CLAUSE if _PAUSES.search(gap) else 0


def _plain(letter: str) -> bool:
    return letter.isdigit() or letter.isascii()


class Names:
    """Names that are no words of the language, whatever they look like.

    Parameters
    ----------
    names
        As a study lists the names of its parties.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._names: dict[str, list[tuple[str, ...]]] = {}
        for name in names:
            parts = tuple(word.folded for word in words_of(name))
            if parts:
                self._names.setdefault(parts[0], []).append(parts)
        self._begun = Remembered(self._begins)

    def inside(self, words: Sequence[Word]) -> set[int]:
        """Return the numbers of the words that belong to a name, clitics written onto it included."""
        found = self._found(words)
        return {number for first, length, _ in found for number in range(first, first + length)} if found else set()

    def hidden(self, text: str, other: str) -> str:
        """Return the text with another name in the place of every name; clitics stay."""
        return self.all_hidden(text, (other,))[0]

    def all_hidden(self, text: str, others: Sequence[str]) -> list[str]:
        """Return the text once for each of some other names, as `hidden` does."""
        words, last = words_of(text), 0
        found = self._found(words)
        if not found:
            return [text] * len(others)
        longest: dict[int, tuple[int, str]] = {}
        for first, length, clitics in found:
            longest[first] = max(longest.get(first, (0, "")), (length, clitics))
        pieces: list[str] = []
        end = 0
        for first, (length, clitics) in sorted(longest.items()):
            if first < end:  # inside a longer name
                continue
            end = first + length
            pieces.append(text[last : words[first].start] + clitics)
            last = words[end - 1].end
        return [other.join([*pieces, text[last:]]) for other in others]

    def _found(self, words: Sequence[Word]) -> list[tuple[int, int, str]]:
        """Return number of the first word, number of words, and clitics of every name."""
        begun = self._begun
        places = [number for number, word in enumerate(words) if begun[word.folded]] if self._names else []
        return [
            (number, len(parts), words[number].spelt[:cut])
            for number in places
            for cut, parts in begun[words[number].folded]
            if tuple(word.folded for word in words[number + 1 : number + len(parts)]) == parts[1:]
        ]

    def _begins(self, word: str) -> list[tuple[int, tuple[str, ...]]]:
        """Return the names that a folded word may begin, and the letters before each."""
        return [(len(word) - len(bare), parts) for bare in _bare(word) for parts in self._names.get(bare, ())]


@lru_cache(maxsize=64)
def names_of(names: tuple[str, ...]) -> Names:
    """Return the one `Names` of a process for these names."""
    return Names(names)


def _bare(word: str) -> list[str]:
    """Return a folded word with and without each run of clitics before it."""
    return [word[cut:] for cut in range(min(len(word), 5)) if _CLITIC.fullmatch(word[:cut])]
