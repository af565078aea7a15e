"""What modifiers do to the entries around them: negation, contrast, degree, hedges and questions.

The rules are those that lexicon scorers of English have tested [1]_ [2]_, with the markers, the word order and the
idioms of written Arabic: negators stand before what they deny, adjectives of degree after their noun.

References
----------
.. [1] Hutto and Gilbert (2014), VADER: a parsimonious rule-based model for sentiment analysis of social media text,
   ICWSM 8(1), pp. 216-225 (degree modifiers, "but" and negation: p. 220). doi:10.1609/icwsm.v8i1.14550
.. [2] Taboada, Brooke, Tofiloski, Voll and Stede (2011), Lexicon-based methods for sentiment analysis, Computational
   Linguistics 37(2), pp. 267-307 (intensification, negation and irrealis: sections 2.3-2.5). doi:10.1162/COLI_a_00049
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from framing.models.sentiment.entries import Begun, Entry, Found, Index, Kind, Match, Modifier
from framing.models.sentiment.words import CLAUSE, SENTENCE, Names, Remembered, Word

NEXT_WORDS = 3
"""Words within which a negator of one word finds it."""

CLAUSE_WORDS = 6
"""Words within which a negator of a clause finds what it denies."""

HEDGED_WORDS = 12
"""Words that a hedge or a concession reaches where no pause ends it."""

NOT_BAD = 0.5
"""What is left of a negated negative: not bad is less than good."""

NEAR_WORDS = 1
"""Words that may stand between a word of degree and what it scales."""

MAIN_CLAUSE = 0.6
"""Share of what a concession takes from its own clause that the main clause gains: رغم at .5 lifts it to 1.3."""

_ONLY = frozenset({"فقط", "فحسب"})
_PERFECT = frozenset({"تم", "تمت", "تمكن", "تمكنت", "تجاوز", "تجاوزت", "تراجع", "تراجعت", "تحول", "تحولت"})


_Start = tuple[int, Begun]


@dataclass(slots=True)
class Hit:
    """An entry found in a text, with what has changed its weight."""

    found: Found[Entry]
    by: list[tuple[Modifier, float]] = field(default_factory=list)

    @property
    def polarity(self) -> float:
        """The entry's own polarity."""
        return self.found.item.polarity

    @property
    def contribution(self) -> float:
        """Polarity times every factor."""
        value = self.polarity
        for _, factor in self.by:
            value *= factor
        return value


class Rules:
    """Finds entries and modifiers in words and applies these to those.

    Parameters
    ----------
    entries, modifiers
        Where to find them.
    kinds
        Kinds of modifiers that count; those of other kinds are still recognised, and do nothing.
    names
        Whose words never match.
    """

    def __init__(
        self, entries: Index[Entry], modifiers: Sequence[Index[Modifier]], kinds: Collection[Kind], names: Names
    ) -> None:
        self._entries, self._modifiers, self._kinds, self._names = entries, modifiers, frozenset(kinds), names
        self._all: tuple[Index[Any], ...] = (entries, *modifiers)
        self._begun = Remembered(self._begins)
        self._reach = Remembered(self._reaches)

    def apply(self, words: Sequence[Word]) -> list[Hit]:
        """Return the entries of a text, given as its words, with what modifies them."""
        starts = self._starts(words)
        if not any([begun.entry for _, begun in starts]):  # noqa: C419 - a list is faster, and there are millions
            return []
        names = self._names.inside(words)
        starts = [start for start in starts if start[0] not in names]
        hits: list[Hit] = []
        for first, last in _sentences(words):
            found, modifiers = self._scan(words, names, [start for start in starts if first <= start[0] < last], last)
            if not found:
                continue
            sentence = _Sentence(words, first, last, found, modifiers)
            sentence.negate(active="negation" in self._kinds)
            for modifier in modifiers:
                if modifier.item.kind in self._kinds:
                    sentence.modify(modifier)
            hits += sentence.hits
        return hits

    def _starts(self, words: Sequence[Word]) -> list[_Start]:
        """Return the numbers of the words at which something may begin, and what: names and pauses aside."""
        known, reach, last = self._begun, self._reach, len(words) - 1
        return [
            (place, begun)
            for place, word in enumerate(words)
            if (begun := known[word.spelt]) is not None
            and (
                begun.alone is not None or (place < last and not begun.second.isdisjoint(reach[words[place + 1].spelt]))
            )
        ]

    def _scan(
        self, words: Sequence[Word], names: Collection[int], starts: Sequence[_Start], last: int
    ) -> tuple[list[Hit], list[Found[Modifier]]]:
        """Return what is found where it may begin in a sentence, which ends before word ``last``."""
        hits: list[Hit] = []
        modifiers: list[Found[Modifier]] = []
        end = 0
        for place, begun in starts:
            if place < end:  # inside a longer item
                continue
            match = begun.alone
            if self._goes_on(begun, words, names, place + 1, last):
                run = [word.spelt for word in words[place : _run_end(words, names, place, last)]]
                match = self._longest(run, begun.indices)
            if match is None:
                continue
            end = place + match.length
            if match.modifier is not None:
                modifiers.append(Found(place, end, match.modifier))
            if match.entry is not None:
                hits.append(Hit(Found(place, end, match.entry)))
        return hits, modifiers

    def _goes_on(self, begun: Begun, words: Sequence[Word], names: Collection[int], following: int, last: int) -> bool:
        """Tell whether what a word may begin may go on with the word after it."""
        if not begun.second or following == last or words[following].pause >= CLAUSE or following in names:
            return False
        return not begun.second.isdisjoint(self._reach[words[following].spelt])

    def _longest(self, run: Sequence[str], indices: Collection[Index[Any]]) -> Match | None:
        """Return the longest item that the first of some words begins; None where it begins none."""
        entry = self._entries.longest(run, 0) if self._entries in indices else None
        others = [index.longest(run, 0) for index in self._modifiers if index in indices]
        modifier = max((found for found in others if found), key=lambda found: found.end, default=None)
        if entry is None and modifier is None:
            return None
        length = max(entry.end if entry else 1, modifier.end if modifier else 1)
        return Match(
            length,
            entry.item if entry and entry.end == length and entry.item.polarity else None,
            modifier.item if modifier and modifier.end == length else None,
        )

    def _begins(self, word: str) -> Begun | None:
        """Return what a word may begin; None for most."""
        indices = tuple(index for index in self._all if index.begun[word])
        keys = [keys for index in indices for rows in index.begun[word] for keys, _, _ in rows]
        second = frozenset(key[1] for key in keys if len(key) > 1)
        return Begun(self._longest([word], indices), second, indices, self._entries in indices) if indices else None

    def _reaches(self, word: str) -> frozenset[str]:
        """Return which later words of an item a word may be."""
        return frozenset().union(*(index.reach[word] for index in self._all))


def _sentences(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    starts = [0, *[n for n, word in enumerate(words) if word.pause == SENTENCE], len(words)]
    return pairwise(starts)


def _run_end(words: Sequence[Word], names: Collection[int], place: int, last: int) -> int:
    """Return where a phrase that begins at a word must have ended: at a pause or a name."""
    for n in range(place + 1, last):
        if words[n].pause >= CLAUSE or n in names:
            return n
    return last


class _Sentence:
    """One sentence: its entries, and the modifiers that act on them."""

    def __init__(
        self, words: Sequence[Word], first: int, last: int, hits: list[Hit], modifiers: list[Found[Modifier]]
    ) -> None:
        self.words, self.first, self.last, self.hits, self.modifiers = words, first, last, hits, modifiers
        self._contrasts = {found.start for found in modifiers if found.item.kind == "contrast"}

    def negate(self, *, active: bool) -> None:
        """Let negators turn round what follows them.

        A word that is a negator and an entry (فشل في, فقدان) negates before a positive entry and counts as itself
        otherwise: what fails to stop a loss is no gain.
        """
        for found in self.modifiers:
            if found.item.kind != "negation" or found.item.scope == "none":
                continue
            own = next((hit for hit in self.hits if hit.found.start == found.start), None)
            reach = CLAUSE_WORDS if found.item.scope == "clause" else NEXT_WORDS
            targets = self._following(found, reach, until=self._contrasts)
            if not active or not targets or self._only(found, reach):
                continue
            if own is not None and targets[0].polarity < 0 and found.item.scope != "reduced":
                continue
            if own is not None:
                self.hits.remove(own)
            for hit in targets if found.item.scope == "clause" else targets[:1]:
                hit.by.append((found.item, found.item.factor * (NOT_BAD if hit.polarity < 0 else 1)))

    def modify(self, found: Found[Modifier]) -> None:
        """Let a modifier of any kind but negation act."""
        modifier = found.item
        if modifier.kind == "negation":
            return
        if modifier.kind == "contrast":
            self._weigh(found)
            return
        targets: list[Hit] = []
        if modifier.scope == "clause" or (modifier.scope == "imperfect" and self._imperfect(found.end)):
            targets = self._following(found, HEDGED_WORDS)
        elif modifier.scope == "asked" and self.words[found.start].question:
            targets = self._following(found, self.last, pauses=False)
        elif modifier.scope == "before":
            targets = self._beside(found, before=False)
        elif modifier.scope == "near":
            targets = self._beside(found, before=True) or self._beside(found, before=False)
        for hit in targets:
            hit.by.append((modifier, modifier.factor))

    def _weigh(self, found: Found[Modifier]) -> None:
        """Give the two sides of a contrast their weights."""
        factor = found.item.factor
        if found.item.scope == "after":
            inside, rest = [hit for hit in self.hits if hit.found.start >= found.end], 2 - factor
            others = [hit for hit in self.hits if hit.found.end <= found.start]
        else:
            inside, rest = self._following(found, HEDGED_WORDS), 1 + MAIN_CLAUSE * (1 - factor)
            others = [hit for hit in self.hits if not any(hit is one for one in inside)]
        for hits, weight in ((inside, factor), (others, rest)):
            for hit in hits if weight != 1 else ():
                hit.by.append((found.item, weight))

    def _following(
        self, found: Found[Modifier], reach: int, *, until: Collection[int] = (), pauses: bool = True
    ) -> list[Hit]:
        """Return the entries that begin within so many words after a modifier, up to a pause or one of ``until``."""
        end = min(found.end + reach, self.last)
        for n in range(found.end, end):
            if n in until or (pauses and self.words[n].pause):
                end = n
                break
        return [hit for hit in self.hits if found.end <= hit.found.start < end]

    def _beside(self, found: Found[Modifier], *, before: bool) -> list[Hit]:
        """Return the nearest entry on one side, where at most `NEAR_WORDS` stand between and no pause."""
        if not before:
            return self._following(found, NEAR_WORDS + 1)[:1]
        for hit in reversed(self.hits):
            between = range(hit.found.end, found.start + 1)
            if 0 <= found.start - hit.found.end <= NEAR_WORDS and not any(self.words[n].pause for n in between):
                return [hit]
        return []

    def _imperfect(self, number: int) -> bool:
        """Tell whether a word looks like an imperfect verb: what قد makes possible, where with a perfect it affirms."""
        word = self.words[number].spelt if number < self.last else ""
        return word.startswith(("ي", "ت")) and word not in _PERFECT

    def _only(self, found: Found[Modifier], reach: int) -> bool:
        """Tell whether a negator means "not only": ليس ... فحسب."""
        end = min(found.end + reach, self.last)
        for n in range(found.end, end):
            if self.words[n].pause:
                return False
            if self.words[n].spelt in _ONLY:
                return True
        return False
