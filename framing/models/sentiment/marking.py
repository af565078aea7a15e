"""A text as seen from one party: where it is named, where others are, and which clauses speak of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from framing.models.sentiment.clauses import Clause, clauses
from framing.models.sentiment.words import TEXTS, fold, names_of, words_of

Span = tuple[int, int]
"""Offsets in a text, Python slicing."""

Owner = Literal["party", "both", "others", "nobody"]
"""Whom a clause speaks of: the party, the party and others, others alone; nobody where the text names none at all."""

PARTY, OTHER = ("\ue000", "\ue001"), ("\ue002", "\ue003")
"""What stands around names in a marked text: characters for private use, which no article holds."""

PLACEHOLDERS = ("الشركة", "المنافس")
"""Words that take the place of the party's name and of others': a model must not learn whom a study is about."""

_MARK = re.compile("([\ue000-\ue003])")

_RIVALS = "منافسو منافسي منافسين منافسون منافس منافسة منافسات خصوم خصم خصمي غريم غريمة أعداء"


@cache
def rivals() -> frozenset[str]:
    """Return nouns that turn a party into what its own rivals are measured by: good for them is bad for it."""
    return frozenset(map(fold, _RIVALS.split()))


@dataclass(frozen=True)
class Marked:
    """A text and the names in it.

    Attributes
    ----------
    text
        As it is.
    party, others
        Where the party and others are named, clitics included; in order, without overlap.
    """

    text: str
    party: tuple[Span, ...] = ()
    others: tuple[Span, ...] = ()

    @classmethod
    def of(cls, text: str, names: Sequence[str], others: Sequence[str] = ()) -> Marked:
        """Find names in a text; where one could be either's, it is the party's."""
        mine = _named(text, tuple(names))
        theirs = [span for span in _named(text, tuple(others)) if not any(_meet(span, own) for own in mine)]
        return cls(text, tuple(mine), tuple(theirs))

    @classmethod
    def read(cls, marked: str) -> Marked:
        """Read what ``str`` writes; a text without marks is one that names nobody."""
        found: dict[str, list[Span]] = {PARTY[0]: [], OTHER[0]: []}
        parts = _MARK.split(marked)  # what stands between marks, and the marks
        start, place = 0, len(parts[0])
        for mark, part in zip(parts[1::2], parts[2::2], strict=True):
            if mark in found:
                start = place
            else:
                found[PARTY[0] if mark == PARTY[1] else OTHER[0]].append((start, place))
            place += len(part)
        return cls("".join(parts[::2]), tuple(found[PARTY[0]]), tuple(found[OTHER[0]]))

    def __str__(self) -> str:
        """Return the text with marks around the names."""
        return "".join(part if marks is None else f"{marks[0]}{part}{marks[1]}" for part, marks in self._pieces())

    def neutral(self) -> Marked:
        """Return the text with `PLACEHOLDERS` for the names."""
        text = ""
        found: dict[str, list[Span]] = {PARTY[0]: [], OTHER[0]: []}
        for part, marks in self._pieces():
            word = part if marks is None else PLACEHOLDERS[marks == OTHER]
            if marks is not None:
                found[marks[0]].append((len(text), len(text) + len(word)))
            text += word
        return Marked(text, tuple(found[PARTY[0]]), tuple(found[OTHER[0]]))

    def owners(self) -> list[tuple[Clause, Owner]]:
        """Tell whom each clause speaks of.

        A clause that names somebody speaks of those named. A relative clause speaks of whom the clause before it named
        last; any other that names nobody carries on what the clause before it spoke of, and the first ones speak of
        whom the text names first.
        """
        found: list[tuple[Clause, Owner]] = []
        party, others = -1, -1  # where the clause before names them last
        for clause in clauses(self.text):
            owner: Owner = found[-1][1] if found else "nobody"
            if clause.relative and max(party, others) >= 0:
                owner = "party" if party > others else "others"
            party, others = _last(self.party, clause), _last(self.others, clause)
            if max(party, others) >= 0:
                owner = "both" if min(party, others) >= 0 else "party" if party >= 0 else "others"
            found.append((clause, owner))
        first: Owner = next((owner for _, owner in found if owner != "nobody"), "nobody")
        return [(clause, first if owner == "nobody" else owner) for clause, owner in found]

    def own(self) -> list[Span]:
        """Return the clauses that speak of the party; all of the text where none does or nobody is named."""
        return [(clause.start, clause.end) for clause in self.parted()[0]] or [(0, len(self.text))]

    def rest(self) -> list[Span]:
        """Return the clauses that speak of others alone."""
        return [(clause.start, clause.end) for clause in self.parted()[1]]

    def parted(self) -> tuple[list[Clause], list[Clause]]:
        """Return the clauses that speak of the party, none where none does, and those that speak of others alone."""
        owners = self.owners()
        own = [clause for clause, owner in owners if owner in ("party", "both")]
        return own, [clause for clause, owner in owners if owner == "others"]

    def joined(self, spans: Sequence[Span]) -> str:
        """Return what stands in some spans as one text."""
        return " ".join([self.text[start:end] for start, end in spans])

    def as_rival(self) -> bool:
        """Tell whether the text names the party only as somebody's rival: منافسو س, خصوم س."""
        words = words_of(self.text)
        before = [next((w.spelt for w in reversed(words) if w.end <= start), "") for start, _ in self.party]
        return bool(before) and all(_bare(word) in rivals() for word in before)

    def _pieces(self) -> Iterator[tuple[str, tuple[str, str] | None]]:
        place = 0
        spans = sorted([(*span, PARTY) for span in self.party] + [(*span, OTHER) for span in self.others])
        for start, end, marks in spans:
            yield self.text[place:start], None
            yield self.text[start:end], marks
            place = end
        yield self.text[place:], None


def marked(texts: Sequence[str], names: Sequence[str], others: Sequence[str] = ()) -> list[str]:
    """Return texts with marks around the names of a party and of others, as target classifiers take them."""
    return [str(Marked.of(text, names, others)) for text in texts]


def named_apart(parties: Mapping[str, Sequence[str]], party: str) -> tuple[list[str], list[str]]:
    """Return the names of a party and those of all others."""
    return list(parties.get(party, ())), [name for other, own in parties.items() if other != party for name in own]


@lru_cache(maxsize=TEXTS)
def _named(text: str, names: tuple[str, ...]) -> tuple[Span, ...]:
    words = words_of(text)
    found: list[tuple[int, int, int]] = []
    for n in sorted(names_of(names).inside(words)):
        if found and found[-1][2] == n - 1 and not words[n].pause:
            found[-1] = (found[-1][0], words[n].end, n)
        else:
            found.append((words[n].start, words[n].end, n))
    return tuple((start, end) for start, end, _ in found)


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _last(spans: Sequence[Span], clause: Clause) -> int:
    """Return where the last of some spans in a clause ends; -1 where none is in it."""
    return max([end for start, end in spans if start < clause.end and clause.start < end], default=-1)


def _bare(word: str) -> str:
    """Return a folded word without و، ف، ب، ل before it."""
    folded = fold(word)
    return next(
        (folded[cut:] for cut in (0, 1, 2) if folded[cut:] in rivals() and set(folded[:cut]) <= set("وفبل")), ""
    )
