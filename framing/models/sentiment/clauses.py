"""Clauses of a sentence, as its pauses and conjunctions divide it: what is said of whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from framing.models.sentiment.words import SENTENCE, WORDS, fold, words_of

_RELATIVE = ("التي", "الذي", "الذين", "اللذين", "اللتين", "اللواتي")
_OPENERS = """
    بينما · فيما · في حين · في المقابل · بالمقابل · لكن · لكنه · لكنها · لكنهم · غير أن · غير أنه · غير أنها · إلا أن
    إلا أنه · إلا أنها · بيد أن · بيد أنه · بيد أنها · بل · مما · الأمر الذي · إذ · حيث · رغم · على الرغم · بالرغم
    مع أن · في وقت · في الوقت · بعدما · بعد أن · قبل أن · منذ أن · حتى · وسط · بحيث · كي · ليصبح · لتصبح · كما · أما
    ما دفع · ما يدفع · ما يعني · ما جعل · ما يجعل · ما أدى · ما يؤدي · ما منح · ما يمنح · ما أتاح · ما يتيح · ما يضع
    ما وضع · ما يزيد · ما زاد · هو ما · وهو ما
"""
SHORTEST = 3
"""Words of a clause: fewer, between two commas, are an apposition or a member of a list."""


@cache  # folded at the first text: the folding library takes most of a second to load
def relatives() -> frozenset[str]:
    """Return the words that open a relative clause, which speaks of the noun before it."""
    return frozenset(map(fold, _RELATIVE))


@cache
def openers() -> frozenset[tuple[str, ...]]:
    """Return words and pairs of words that open a clause, و before them or not."""
    phrases = (phrase for line in _OPENERS.strip().split("\n") for phrase in line.split("·"))
    return frozenset(tuple(map(fold, phrase.split())) for phrase in phrases) | {(word,) for word in relatives()}


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause.

    Attributes
    ----------
    start, end
        Offsets in the text, Python slicing.
    relative
        Whether a relative pronoun opens it.
    """

    start: int
    end: int
    relative: bool


def clauses(text: str) -> list[Clause]:
    """Return the clauses of a text in order; together they hold all its words.

    A clause begins at a pause (full stop, comma, dash, bracket), at a conjunction that sets one statement against
    another or gives its cause or time, and at a relative pronoun. What is shorter than `SHORTEST` words belongs to the
    clause before it, unless a sentence ends there.

    Examples
    --------
    >>> text = "خسرت نورا عملاءها بينما كسبت سلمى ثقتهم، وهدأت السوق قليلا"
    >>> [text[clause.start : clause.end] for clause in clauses(text)]
    ['خسرت نورا عملاءها', 'بينما كسبت سلمى ثقتهم', 'وهدأت السوق قليلا']
    """
    words = words_of(text)
    folded = [word.folded for word in words]
    starts = [n for n, word in enumerate(words) if n == 0 or word.pause or (may_open(folded[n]) and _opens(folded, n))]
    found: list[tuple[int, int]] = []
    for first, last in pairwise([*starts, len(words)]):
        if found and last - first < SHORTEST and words[first].pause != SENTENCE:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return [Clause(words[a].start, words[b - 1].end, folded[a] in relatives()) for a, b in found]


@lru_cache(maxsize=WORDS)
def may_open(word: str) -> bool:
    """Tell whether any of `openers` begins with a folded word, و before it or not."""
    first = {phrase[0] for phrase in openers()}
    return word in first or (word.startswith("و") and word[1:] in first)


def _opens(folded: Sequence[str], place: int) -> bool:
    pair = tuple(folded[place : place + 2])
    return any(
        phrase in openers() or (phrase[0].startswith("و") and (phrase[0][1:], *phrase[1:]) in openers())
        for phrase in (pair[:1], pair)
    )
