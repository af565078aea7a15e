"""Words of a text with their places in it: what the rules of the lexicon scorer walk over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from framing.corpus.normalisation import normalise
from framing.corpus.quotations import DIACRITICS, MARKS

CLAUSE, SENTENCE = 1, 2
"""How much stands before a word: a comma, dash or bracket; or what ends a sentence."""

_WORD = re.compile(rf"\w[\w{DIACRITICS}{MARKS}]*")
_EDGE = re.compile(rf"[{MARKS}]+$")
_ENDS = re.compile(r"[.!?؟…۔\n\r]")
_PAUSES = re.compile(r"[،,;؛:()\[\]{}–—]|\s-\s")
_INSIDE = re.compile(r"[.,:/'’]")
_QUESTION = re.compile(r"[?؟]")
_CLITIC = re.compile("[وف]?(?:لل|ال|[بلك](?:ال)?)?")


@dataclass(frozen=True, slots=True)
class Word:
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
    """

    start: int
    end: int
    spelt: str
    pause: int
    question: bool = False


@lru_cache(maxsize=100_000)
def spell(word: str) -> str:
    """Return a word without short vowels, tatweel and marks of no width; its letters stay as written."""
    return normalise(word, alef=False, alef_maksura=False, teh_marbuta=False)


@lru_cache(maxsize=100_000)
def fold(spelt: str) -> str:
    """Return the one spelling of a word; its length is that of the word."""
    return normalise(spelt)


def words_of(text: str) -> list[Word]:
    """Return the words of a text in order, with offsets into the text as it is."""
    found: list[tuple[int, int, str, int]] = []
    sentences: list[int] = []
    questions: list[bool] = []
    last = 0
    for match in _WORD.finditer(text):
        start, end = match.start(), match.start() + len(_EDGE.sub("", match.group()))
        gap = text[last:start]
        pause = _pause(gap, text[last - 1 : last], text[start]) if found else 0
        if pause == SENTENCE:
            questions.append(bool(_QUESTION.search(gap)))
        # A ligature may hold several words; each has the place of the whole.
        for number, part in enumerate(spell(match.group()).split()):
            found.append((start, end, part, 0 if number else pause))
            sentences.append(len(questions))
        last = match.end()
    questions.append(bool(_QUESTION.search(text[last:])))
    return [Word(*parts, questions[sentence]) for parts, sentence in zip(found, sentences, strict=True)]


def _pause(gap: str, before: str, after: str) -> int:
    """Tell how much a gap separates; a point inside a number or a Latin name does not."""
    if len(gap) == 1 and _INSIDE.fullmatch(gap) and _plain(before) and _plain(after):
        return 0
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
            parts = tuple(fold(word.spelt) for word in words_of(name))
            if parts:
                self._names.setdefault(parts[0], []).append(parts)

    def inside(self, words: Sequence[Word]) -> set[int]:
        """Return the numbers of the words that belong to a name, clitics written onto it included."""
        return {number for first, length, _ in self._found(words) for number in range(first, first + length)}

    def hidden(self, text: str, other: str) -> str:
        """Return the text with another name in the place of every name; clitics stay."""
        words, parts, last = words_of(text), [], 0
        longest: dict[int, tuple[int, str]] = {}
        for first, length, clitics in self._found(words):
            longest[first] = max(longest.get(first, (0, "")), (length, clitics))
        end = 0
        for first, (length, clitics) in sorted(longest.items()):
            if first < end:  # inside a longer name
                continue
            end = first + length
            parts += [text[last : words[first].start], clitics, other]
            last = words[end - 1].end
        return "".join([*parts, text[last:]])

    def _found(self, words: Sequence[Word]) -> Iterator[tuple[int, int, str]]:
        """Yield number of the first word, number of words, and clitics of every name."""
        folded = [fold(word.spelt) for word in words]
        for number, word in enumerate(folded):
            for bare in _bare(word) if self._names else ():
                for parts in self._names.get(bare, ()):
                    if tuple(folded[number + 1 : number + len(parts)]) == parts[1:]:
                        yield number, len(parts), words[number].spelt[: len(word) - len(bare)]


def _bare(word: str) -> list[str]:
    """Return a folded word with and without each run of clitics before it."""
    return [word[cut:] for cut in range(min(len(word), 5)) if _CLITIC.fullmatch(word[:cut])]
