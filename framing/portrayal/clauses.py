"""A unit as words with what stands between them, its verbs of saying, and where what is said begins."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from framing.corpus.quotations import DIACRITICS, QUOTES, Pairs
from framing.models.sentiment.words import WORDS, Word, words_of
from framing.portrayal.speech import (
    JOINED,
    NOT_SAID,
    QUESTIONS,
    THAT,
    VERBS,
    WITH_OBJECT,
)

Quotation = Literal["", "direct", "indirect"]

_REACH = 28
"""Words after a verb within which what is said must begin."""

LONGEST_NAME = 14
"""Words that a source's name may have."""

QUOTED_WORDS = 4
"""Words from which what stands in quotation marks is a quotation and not a name or a word held at arm's length."""

OPENING = re.compile('["“”„«]')

_CLOSES = {"»": "«", "”": "“", "“": "”", '"': '"', ")": "("}

_LAM = re.compile(f'ل[ـ{DIACRITICS}]*["“«]?')

LATIN = re.compile("[A-Za-z]")

_ASIDES = frozenset(("وهو", "وهي", "في", "فيما", "وفق", "ومقره", "ومقرها"))

RELATIVE = frozenset(("التي", "الذي", "الذين", "اللذان", "كما", "حسبما", "ما", "وفقما", "مما"))


class Clause:
    """A unit's words, with what stands between them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words: tuple[Word, ...] = words_of(text)
        self.folded = [word.folded for word in self.words]
        marked = not QUOTES.isdisjoint(text)
        quotes = [p for p in Pairs(text.replace("\n", " ").replace("\r", " ")) if p.quote] if marked else []
        sizes = [sum(pair.start < word.start < pair.end for word in self.words) for pair in quotes]
        self.quotes = [(pair.start, pair.end) for pair, size in zip(quotes, sizes, strict=True) if size >= QUOTED_WORDS]
        self.said = [(pair.start, pair.end) for pair, size in zip(quotes, sizes, strict=True) if size > 1]
        names = [(pair.start, pair.end) for pair, size in zip(quotes, sizes, strict=True) if size < QUOTED_WORDS]
        self.marked = [is_latin(word.spelt) for word in self.words]
        for start, end in names:
            self.marked = [
                known or start < word.start < end for known, word in zip(self.marked, self.words, strict=True)
            ]

    def gap(self, place: int) -> str:
        """Return what stands between a word and the one before it."""
        start = self.words[place - 1].end if place else 0
        end = self.words[place].start if place < len(self.words) else len(self.text)
        return self.text[start:end]

    def inside(self, place: int) -> bool:
        """Tell whether a word stands in a quotation."""
        return any(start < self.words[place].start < end for start, end in self.quotes)

    def forms(self, place: int) -> list[str]:
        """Return a word and what it is without و or ف, all that a verb may carry."""
        return spoken_forms(self.folded[place])

    def span(self, first: int, last: int, clitic: bool = False) -> tuple[int, int]:
        """Return the offsets of words, with the mark that closes what opens among them, without ل where it is one."""
        start, end = self.words[first].start, self.words[last - 1].end
        if clitic:
            lead = _LAM.match(self.text, start, end)
            start = lead.end() if lead else start
        while end < len(self.text) and _CLOSES.get(self.text[end], "\0") in self.text[start:end]:
            end += 1
        return start, end


@lru_cache(maxsize=WORDS)
def is_latin(word: str) -> bool:
    """Tell whether a word holds a Latin letter."""
    return LATIN.search(word) is not None


def spoken_forms(word: str) -> list[str]:
    """Return a folded word and what it is without و or ف, all that a verb may carry."""
    return [word, word[1:]] if word[:1] in "وف" and len(word) > 3 else [word]


def saying_at(read: Clause, place: int) -> tuple[str, str] | None:
    """Return need and first form of the verb of saying at a word."""
    spelt = read.words[place].spelt
    if spelt.lstrip("وف") == "رأي" or read.marked[place]:
        return None
    for form in read.forms(place):
        if form in VERBS:
            first_person = VERBS[form][1] in JOINED and spelt.lstrip("وف").startswith("أ")
            return None if first_person else VERBS[form]
        if form in WITH_OBJECT:
            return WITH_OBJECT[form]
    return None


def content_of(read: Clause, place: int, verb: str = "") -> tuple[int, Quotation] | None:
    """Return the word at which what is said begins after a verb, and whether it is quoted."""
    for n in range(place + 1, min(place + 1 + _REACH, len(read.words))):
        gap = read.gap(n)
        start = read.words[n].start
        if any(opened < start and opened >= read.words[n - 1].end for opened, _ in read.quotes):
            return n, "direct"
        if ":" in gap:
            return n, "direct" if OPENING.search(gap) else "indirect"
        if n > place + 1 and (read.words[n].pause == 2 or "؛" in gap):
            return None
        if re.search("[،,]", gap) and read.folded[n][:1] in "وف" and read.folded[n] not in _ASIDES:
            return None
        if n > place + 1 and (saying_at(read, n) or ("act",))[0] != "act" and read.folded[n - 1] not in RELATIVE:
            return None
        if read.folded[n] in THAT and read.folded[n - 1] not in NOT_SAID:
            return n, "indirect"
        if read.folded[n] in ("عما", "هل", "لماذا") and verb in QUESTIONS:
            return n, "indirect"
        if read.folded[n] == "عن" and verb in ("تحدث", "اعرب", "عبرت", "افصح") and n <= place + LONGEST_NAME:
            return n, "indirect"
    return None


def follows_quotation(read: Clause, place: int) -> bool:
    """Tell whether a quotation ends right before a verb: «...»، يقول فلان."""
    start = read.words[place].start
    before = [end for _, end in read.said if end < start]
    return bool(before) and not re.search(r"\w{3,}\s+\w+", read.text[max(before) + 1 : start])


def has_object(read: Clause, place: int, verb: str, said: bool) -> bool:
    """Tell whether a verb that needs no clause has what it needs: وصف with ب, نقل with عن."""
    near = read.folded[place + 1 : place + 1 + LONGEST_NAME]
    if verb == "وصف":
        return said or any(word[:1] == "ب" for word in near)
    if verb == "نقل":
        return "عن" in near
    if verb in ("حذر", "شكك"):
        return said or "من" in near or "في" in near
    return place + 1 < len(read.words)


def is_passive(read: Clause, place: int) -> bool:
    """Tell a passive by the vowel of its first letter: كُتب, ذُكر; يُ may be active."""
    raw = read.text[read.words[place].start : read.words[place].end]
    return bool(re.match("(?:[وف]\u064e?)?[^يت\\W]\u064f", raw))
