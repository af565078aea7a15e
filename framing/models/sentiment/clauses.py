"""Clauses of a sentence, as its pauses and conjunctions divide it: what is said of whom."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from framing.models.sentiment.words import SENTENCE, Opening, Remembered, Word, fold, words_of

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


class Clause(NamedTuple):
    """One clause.

    Attributes
    ----------
    start, end
        Offsets in the text, Python slicing.
    relative
        Whether a relative pronoun opens it.
    first, last
        Numbers of its words, the last not included.
    """

    start: int
    end: int
    relative: bool
    first: int
    last: int


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
    known = _OPENINGS
    starts = [
        n
        for n, word in enumerate(words)
        if word.pause or n == 0 or ((opening := known[word.folded]) is not None and opening.at(words, n))
    ]
    found: list[tuple[int, int]] = []
    for first, last in pairwise([*starts, len(words)]):
        if found and last - first < SHORTEST and words[first].pause != SENTENCE:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return [Clause(words[a].start, words[b - 1].end, words[a].folded in relatives(), a, b) for a, b in found]


def words_in(words: Sequence[Word], parts: Sequence[Clause]) -> list[Word]:
    """Return the words of some clauses of a text as those of a text that holds these clauses alone, parted by space."""
    found: list[Word] = []
    for part in parts:
        first, *others = words[part.first : part.last]
        found += [first._replace(pause=0) if first.pause else first, *others]
    # A clause ends before the mark that makes its sentence a question.
    return [word._replace(question=False) for word in found] if any(word.question for word in found) else found


def _opening(word: str) -> Opening | None:
    """Tell how a folded word opens a clause, و before it or not; None for most."""
    bare = {word, word.removeprefix("و")}
    phrases = [phrase for phrase in openers() if phrase[0] in bare]
    alone = any(len(phrase) == 1 for phrase in phrases)
    return Opening(alone, frozenset(phrase[1] for phrase in phrases if len(phrase) > 1)) if phrases else None


_OPENINGS = Remembered(_opening)
