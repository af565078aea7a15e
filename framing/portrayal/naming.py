"""Which words beside a word of saying name the source."""

from __future__ import annotations

import re
from collections.abc import Sequence

from framing.portrayal.clauses import LATIN, LONGEST_NAME, RELATIVE, Clause, saying_at
from framing.portrayal.sources import SourceKind, is_office, is_report, source_kind
from framing.portrayal.speech import (
    PARTICIPLES,
    PAST,
    PERIODS,
    THAT,
    VERBS,
    WHEN,
    WHERE,
    WITH_B,
)
from framing.portrayal.tokens import bare_forms, word_set

_STOPS = word_set(
    "نقلا استنادا بحسب حسب وفق وفقا طبقا "
    "وهو وهي قوله قولها قولهم قولهما الذي التي الذين الي حول بشان ضد ازاء حيال علي قد لم لن ثم بينما فيما حين عندما "
    "كما وقد مما لكن"
)

_MEDIA = word_set("وكاله شبكه صحيفه قناه موقع مجله اذاعه برنامج منصه تلفزيون")


def name_after(read: Clause, first: int, limit: int | None = None, verb: str = "") -> tuple[int, int] | None:
    """Return the words after a verb or phrase that name its source."""
    limit = len(read.words) if limit is None else limit
    while first < limit and (read.folded[first] in WHEN or _is_period(read, first)):
        first += 2 if _is_period(read, first) else 1
    last = first
    while last < limit and last - first < LONGEST_NAME:
        if last > first and (_ends_name(read, last, limit) or _is_object(read, first, last, verb)):
            break
        last += 1
    while last > first and read.folded[last - 1] in WHEN | {"قد", "الي", "علي", "في", "ل", "من", "عن"}:
        last -= 1
    if last <= first or (read.gap(first).strip(" \"'«“") and ":" in read.gap(first)):
        return None
    return None if read.folded[first] in THAT | {"عن", "من", "الي", "علي", "في", "حول"} else (first, last)


def _is_period(read: Clause, place: int) -> bool:
    """Tell whether two words say when: العام الماضي."""
    return read.folded[place] in PERIODS and place + 1 < len(read.folded) and read.folded[place + 1] in PAST


def _is_object(read: Clause, first: int, place: int, verb: str) -> bool:
    """Tell whether a word after a source is whom it tells, or what it speaks of: لشبكة, بحماية, وصف فلان الصفقة."""
    word = read.folded[place]
    if word[:1] == "ل" and (read.marked[place] or word[1:] in _MEDIA or word[2:] in _MEDIA):
        return True
    if verb in WITH_B and word[:1] == "ب" and len(word) > 3:
        return True
    if word == "ل" and place + 1 < len(read.words) and read.marked[place + 1]:
        return True
    listed = place == first + 1 and (is_report([read.folded[first]]) or is_office(read.folded[first]))
    opened = not listed and verb in ("وصف", "فسر", "اتهم", "انتقد") and read.folded[first][:2] != "ال"
    return opened and word[:2] == "ال"


def _ends_name(read: Clause, place: int, limit: int) -> bool:
    """Tell whether a source's name ends before a word."""
    word, gap = read.folded[place], read.gap(place)
    if any(opened >= read.words[place - 1].end and opened < read.words[place].start for opened, _ in read.quotes):
        return True
    latin = "(" in gap and bool(LATIN.search(read.words[place].spelt))  # a name, once more in its own letters
    if (
        (re.search(r"[.؟!?؛:()]", gap) and not latin)
        or word in THAT
        or word in _STOPS
        or word in WHEN
        or word in PARTICIPLES
    ):
        return True
    if re.search("[،,]|\\s[-–—]\\s", gap):  # an apposition goes on up to what is said; anything else ends the name
        return saying_at(read, place) is not None or (limit == len(read.words) and not _is_apposition(read, place))
    following = read.folded[place + 1] if place + 1 < len(read.words) else ""
    if word in ("في", "خلال", "عبر", "عن", "من", "لدي", "بعد", "قبل", "منذ"):
        return word not in ("في", "لدي", "من") or any(form in WHERE for form in bare_forms(following))
    said = saying_at(read, place)
    return said is not None and said[1] != "نشر" and word not in ("كتب", "رد")


def _is_apposition(read: Clause, place: int) -> bool:
    """Tell whether a comma opens an apposition, which another one closes: فلان، مؤسس الشركة، ..."""
    ends = next((n for n in range(place + 1, min(place + 9, len(read.words))) if read.words[n].pause), None)
    opens = read.folded[place][:2] == "ال" or is_office(read.folded[place])
    return opens and ends is not None and bool(re.search("[،,]", read.gap(ends)))


def name_before(read: Clause, place: int) -> tuple[int, int] | None:
    """Return the words of the clause before a verb that name its source: فلان قال إن."""
    if read.folded[place][:1] in "وف" and read.folded[place] not in VERBS:
        return None
    last = place
    while last > 0 and read.folded[last - 1] in RELATIVE | {"قد", "لا", "ايضا"}:
        last -= 1
    relative = last < place
    first = last
    while first > 0 and last - first < LONGEST_NAME:
        gap = read.gap(first)
        if first < last and (
            re.search(r"[.؟!?؛:]", gap) or (re.search("[،,]", gap) and not _closes_aside(read, first))
        ):
            break
        first -= 1
        if read.folded[first] in THAT | {"بعد", "ثم", "لكن", "حين", "بينما", "عندما", "اذ"}:
            first += 1
            break
    if relative:
        first = max(first, last - 2)
    return (first, min(last, first + 6)) if last > first else None


def _closes_aside(read: Clause, place: int) -> bool:
    """Tell whether a comma closes an aside whose beginning is near: أومنيكس، العميلة منذ 2020، قالت."""
    return any(re.search("[،,]", read.gap(n)) for n in range(max(1, place - 10), place))


def relayed_by(read: Clause, place: int, reach: int, *, alone: bool = False) -> tuple[int, int] | None:
    """Return who is relayed by a source that ends before a word: نقلا عن مسؤول, استنادا إلى مصدرين.

    Where ``alone``, عن says so without نقلا: نقلت الصحيفة عن مسؤول.
    """
    for n in range(place, min(place + reach, len(read.words))):
        before = read.folded[n - 1] if n else ""
        from_whom = read.folded[n] == "عن" and (alone or before == "نقلا")
        if from_whom or (read.folded[n] == "الي" and before == "استنادا"):
            return name_after(read, n + 1)
        if read.words[n].pause == 2:
            return None
    return None


def kind_of(read: Clause, source: tuple[int, int], words: Sequence[str] | None = None) -> SourceKind:
    """Tell whether a source, given by its words' places, is named; ``words`` where they are to be read otherwise."""
    first, last = source
    # Further words may still say that nobody is named: طلب عدم ذكر اسمه.
    tail = read.folded[last : last + 8]
    if any(word in ("هويته", "هويتها", "هويتهم", "اسمه", "اسمها", "اسمهم", "اسميهما") for word in tail):
        return "anonymous"
    return source_kind(words or read.folded[first:last], read.marked[first:last])


def subject_of(read: Clause, place: int) -> tuple[int, int] | None:
    """Return what may be the subject of a sentence that begins with a verb: the words after it."""
    if place < 2:
        return None
    quoted = next((n for n in range(1, min(place, 6)) if read.marked[n]), None)
    if quoted is not None:
        last = quoted + 1
        while last < place and read.marked[last]:
            last += 1
        return quoted, last
    found = name_after(read, 1, place)
    return None if found is None else (found[0], min(found[1], found[0] + 3))
