"""Attribution: who speaks in a unit, by which words, quoted directly or not.

Read off the words of saying (`framing.portrayal.speech`) and the words beside them that name a source
(`framing.portrayal.sources`). A source that is only implied (وأضاف أن) is the one before; a quotation that runs over
several sentences is one source's throughout.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from framing.corpus.quotations import DIACRITICS, Pairs
from framing.models.sentiment.words import Word, fold, words_of
from framing.portrayal.numerals import bare_forms, word_set
from framing.portrayal.sources import SourceKind, is_office, is_report, is_thing, source_kind
from framing.portrayal.speech import (
    BELIEFS,
    HEARSAY,
    JOINED,
    NOT_SAID,
    PARTICIPLES,
    PAST,
    PERIODS,
    PHRASES,
    QUESTIONS,
    RULES,
    STATING,
    THAT,
    VERBS,
    WHEN,
    WHERE,
    WITH_B,
    WITH_OBJECT,
)
from framing.schema import KEY

Voice = Literal["narrator", "named", "anonymous"]
"""narrator: the outlet itself; named: a source that is named; anonymous: one that is not."""

Quotation = Literal["", "direct", "indirect"]

ATTRIBUTION_COLUMNS = (*KEY, "voice", "source", "start", "end", "cue", "cue_start", "cue_end", "quotation", "carried",
                       "chain")  # fmt: skip
"""Columns of the table of attributions: a row per unit; ``start`` and ``end`` are the source's offsets in the unit's
text (empty where it is implied), ``cue`` the words of saying; ``carried`` tells a source that an earlier unit named;
``chain`` who relays whom, the outlet's own source first."""

_REACH = 28
"""Words after a verb within which what is said must begin."""

_LONGEST = 14
"""Words that a source's name may have."""

QUOTED_WORDS = 4
"""Words from which what stands in quotation marks is a quotation and not a name or a word held at arm's length."""

_OPEN = re.compile('["“”„«]')
_CLOSES = {"»": "«", "”": "“", "“": "”", '"': '"', ")": "("}
_LAM = re.compile(f'ل[ـ{DIACRITICS}]*["“«]?')
_LATIN = re.compile("[A-Za-z]")
_STOPS = word_set(
    "قوله قولها قولهم قولهما الذي التي الذين الي حول بشان ضد ازاء حيال علي قد لم لن ثم بينما فيما حين عندما "
    "كما وقد مما لكن"
)
_MEDIA = word_set("وكاله شبكه صحيفه قناه موقع مجله اذاعه برنامج منصه تلفزيون")
_ASIDES = frozenset(("وهو", "وهي", "في", "فيما", "وفق", "ومقره", "ومقرها"))
_RELATIVE = frozenset(("التي", "الذي", "الذين", "اللذان", "كما", "حسبما", "ما", "وفقما", "مما"))


@dataclass(frozen=True, slots=True)
class Attribution:
    """One source and its words of saying in a text, by offsets; a source without a place is implied."""

    kind: SourceKind
    source: tuple[int, int] | None
    cue: tuple[int, int]
    quotation: Quotation
    weight: float
    relayed: tuple[int, int] | None = None
    hearsay: bool = False


class _Text:
    """A unit's words, with what stands between them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words: list[Word] = words_of(text)
        self.folded = [fold(word.spelt) for word in self.words]
        quotes = [pair for pair in Pairs(text.replace("\n", " ").replace("\r", " ")) if pair.quote]
        sizes = [sum(pair.start < word.start < pair.end for word in self.words) for pair in quotes]
        self.quotes = [(pair.start, pair.end) for pair, size in zip(quotes, sizes, strict=True) if size >= QUOTED_WORDS]
        self.said = [(pair.start, pair.end) for pair, size in zip(quotes, sizes, strict=True) if size > 1]
        names = [(pair.start, pair.end) for pair, size in zip(quotes, sizes, strict=True) if size < QUOTED_WORDS]
        self.marked = [
            bool(_LATIN.search(word.spelt)) or any(start < word.start < end for start, end in names)
            for word in self.words
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
        word = self.folded[place]
        return [word, word[1:]] if word[:1] in "وف" and len(word) > 3 else [word]

    def span(self, first: int, last: int, clitic: bool = False) -> tuple[int, int]:
        """Return the offsets of words, with the mark that closes what opens among them, without ل where it is one."""
        start, end = self.words[first].start, self.words[last - 1].end
        if clitic:
            lead = _LAM.match(self.text, start, end)
            start = lead.end() if lead else start
        while end < len(self.text) and _CLOSES.get(self.text[end], "\0") in self.text[start:end]:
            end += 1
        return start, end


def attributions(text: str) -> list[Attribution]:
    """Return every attribution in a text, in order.

    Examples
    --------
    >>> text = "وقالت مصادر مطلعة إن النادي رفض العرض."
    >>> [(a.kind, text[slice(*a.source)]) for a in attributions(text) if a.source]
    [('anonymous', 'مصادر مطلعة')]
    """
    read = _Text(text)
    found: list[Attribution] = []
    place = 0
    while place < len(read.words):
        one = None if read.inside(place) else _at(read, place)
        if one is not None:
            found.append(one)
        place += 1
    if not found and (headed := _before_colon(read) or _told_by_colon(read)) is not None:
        return [headed]
    return found


def _at(read: _Text, place: int) -> Attribution | None:
    """Return the attribution whose words of saying begin at a word."""
    return _hearsay(read, place) or _phrase(read, place) or _verb(read, place) or _participle(read, place)


def _hearsay(read: _Text, place: int) -> Attribution | None:
    for phrase in HEARSAY:
        if tuple(read.folded[place : place + len(phrase)]) == phrase:
            return Attribution("anonymous", None, read.span(place, place + len(phrase)), "indirect", 2.0, hearsay=True)
    return None


def _phrase(read: _Text, place: int) -> Attribution | None:
    """Read بحسب and its like with the source after it."""
    for words in PHRASES:
        clitic = words[-1] == "ل"
        plain = words[:-1] if clitic else words
        length = len(plain)
        said = read.folded[place : place + length]
        if list(said[1:]) != list(plain[1:]) or not said or plain[0] not in read.forms(place):
            continue
        first = place + length
        if first >= len(read.words) or (clitic and read.folded[first][:1] != "ل"):
            continue
        return _after_phrase(read, place, first, clitic)
    return None


def _after_phrase(read: _Text, place: int, first: int, clitic: bool) -> Attribution | None:
    cue = first
    if read.folded[first] in ("ما", "لما"):  # وفقا لما ذكرته
        first += 1
        if first >= len(read.words):
            return None
    verb = first
    while first < len(read.words) and _saying(read, first) is not None:
        first += 1
    if first > verb:
        cue = first
    source = _name_after(read, first)
    if source is None:
        return None
    words = [
        word.removeprefix("ل") if clitic and n == 0 else word for n, word in enumerate(read.folded[slice(*source)])
    ]
    if any(form in RULES for form in bare_forms(words[0])):
        return None
    relayed = _relayed(read, source[1], 3)
    kind = _kind(read, relayed or source, words if relayed is None else None)
    return Attribution(
        kind,
        read.span(*source, clitic),
        read.span(place, cue),
        "indirect",
        2.5,
        read.span(*relayed) if relayed else None,
    )


def _saying(read: _Text, place: int) -> tuple[str, str] | None:
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


def _verb(read: _Text, place: int) -> Attribution | None:
    """Read a verb of saying with its source after it, before it or implied."""
    said = _saying(read, place)
    if said is None or (place and read.folded[place - 1] in ("لم", "ولم", "لن", "ولن", "دون")):
        return None
    need, verb = said
    begins = _content(read, place, verb)
    quoted = begins is not None and begins[1] == "direct"
    if verb == "فسر":
        return _interpreted(read, place, begins)
    if _is_passive(read, place):
        return None
    if need == "act" and not quoted:
        return None
    if need == "that" and begins is None and not (ended := _after_quotation(read, place)):
        return None
    if need == "any" and not _object_of(read, place, verb, begins is not None):
        return None
    if begins is None and need == "that":
        begins = (len(read.words), "direct")
        quoted = ended
    limit = begins[0] if begins else len(read.words)
    source = _name_after(read, place + 1, limit, verb)
    relative = place > 0 and read.folded[place - 1] in _RELATIVE
    owned = not any(form in VERBS for form in read.forms(place))  # with an object: the source comes after it
    if source is None and owned and not relative:
        return None
    before = None if source is not None else _name_before(read, place)
    chosen = source or before
    if chosen is None and verb in BELIEFS:
        return None
    if chosen is None and place >= 2:
        if verb == "تحدث":
            return None
        chosen = _subject(read, place)
    if chosen is not None and verb in STATING and not quoted and is_thing(read.folded[slice(*chosen)]):
        return None
    if verb == "اظهر" and not (chosen and (is_report(read.folded[slice(*chosen)]) or any(read.marked[slice(*chosen)]))):
        return None
    relayed = _relayed(read, chosen[1], _LONGEST, "عن") if chosen is not None and verb == "نقل" else None
    if verb == "نقل" and relayed is None:
        return None
    kind: SourceKind = "named" if chosen is None else _kind(read, relayed or chosen)
    weight = 1.5 if relative else 3.0
    return Attribution(
        kind,
        None if chosen is None else read.span(*chosen),
        read.span(place, place + 1),
        "direct" if quoted else "indirect",
        weight,
        read.span(*relayed) if relayed else None,
    )


def _interpreted(read: _Text, place: int, begins: tuple[int, Quotation] | None) -> Attribution | None:
    """Read فُسّر على أنه, which names nobody, and فسره فلان بأنه."""
    if begins is None:
        return None
    source = _name_after(read, place + 1, begins[0], "فسر")
    cue = read.span(place, place + 1)
    if _is_passive(read, place) or source is None or is_thing(read.folded[slice(*source)]):
        return Attribution("anonymous", None, cue, "indirect", 3.0, hearsay=True)
    return Attribution(_kind(read, source), read.span(*source), cue, "indirect", 3.0)


def _content(read: _Text, place: int, verb: str = "") -> tuple[int, Quotation] | None:
    """Return the word at which what is said begins after a verb, and whether it is quoted."""
    for n in range(place + 1, min(place + 1 + _REACH, len(read.words))):
        gap = read.gap(n)
        start = read.words[n].start
        if any(opened < start and opened >= read.words[n - 1].end for opened, _ in read.quotes):
            return n, "direct"
        if ":" in gap:
            return n, "direct" if _OPEN.search(gap) else "indirect"
        if n > place + 1 and (read.words[n].pause == 2 or "؛" in gap):
            return None
        if re.search("[،,]", gap) and read.folded[n][:1] in "وف" and read.folded[n] not in _ASIDES:
            return None
        if n > place + 1 and (_saying(read, n) or ("act",))[0] != "act" and read.folded[n - 1] not in _RELATIVE:
            return None
        if read.folded[n] in THAT and read.folded[n - 1] not in NOT_SAID:
            return n, "indirect"
        if read.folded[n] in ("عما", "هل", "لماذا") and verb in QUESTIONS:
            return n, "indirect"
        if read.folded[n] == "عن" and verb in ("تحدث", "اعرب", "عبرت", "افصح") and n <= place + _LONGEST:
            return n, "indirect"
    return None


def _after_quotation(read: _Text, place: int) -> bool:
    """Tell whether a quotation ends right before a verb: «...»، يقول فلان."""
    start = read.words[place].start
    before = [end for _, end in read.said if end < start]
    return bool(before) and not re.search(r"\w{3,}\s+\w+", read.text[max(before) + 1 : start])


def _object_of(read: _Text, place: int, verb: str, said: bool) -> bool:
    """Tell whether a verb that needs no clause has what it needs: وصف with ب, نقل with عن."""
    near = read.folded[place + 1 : place + 1 + _LONGEST]
    if verb == "وصف":
        return said or any(word[:1] == "ب" for word in near)
    if verb == "نقل":
        return "عن" in near
    if verb in ("حذر", "شكك"):
        return said or "من" in near or "في" in near
    return place + 1 < len(read.words)


def _is_passive(read: _Text, place: int) -> bool:
    """Tell a passive by the vowel of its first letter: كُتب, ذُكر; يُ may be active."""
    raw = read.text[read.words[place].start : read.words[place].end]
    return bool(re.match("(?:[وف]\u064e?)?[^يت\\W]\u064f", raw))


def _name_after(read: _Text, first: int, limit: int | None = None, verb: str = "") -> tuple[int, int] | None:
    """Return the words after a verb or phrase that name its source."""
    limit = len(read.words) if limit is None else limit
    while first < limit and (read.folded[first] in WHEN or _is_period(read, first)):
        first += 2 if _is_period(read, first) else 1
    last = first
    while last < limit and last - first < _LONGEST:
        if last > first and (_ends_name(read, last, limit) or _is_object(read, first, last, verb)):
            break
        last += 1
    while last > first and read.folded[last - 1] in WHEN | {"قد", "الي", "علي", "في", "ل", "من", "عن"}:
        last -= 1
    if last <= first or (read.gap(first).strip(" \"'«“") and ":" in read.gap(first)):
        return None
    return None if read.folded[first] in THAT | {"عن", "من", "الي", "علي", "في", "حول"} else (first, last)


def _is_period(read: _Text, place: int) -> bool:
    """Tell whether two words say when: العام الماضي."""
    return read.folded[place] in PERIODS and place + 1 < len(read.folded) and read.folded[place + 1] in PAST


def _is_object(read: _Text, first: int, place: int, verb: str) -> bool:
    """Tell whether a word after a source is whom it tells, or what it speaks of: لشبكة, بحماية, وصف فلان الصفقة."""
    word = read.folded[place]
    if word[:1] == "ل" and (read.marked[place] or word[1:] in _MEDIA or word[2:] in _MEDIA):
        return True
    if verb in WITH_B and word[:1] == "ب" and len(word) > 3:
        return True
    opened = verb in ("وصف", "فسر", "اتهم", "انتقد") and read.folded[first][:2] != "ال"
    return opened and word[:2] == "ال"


def _ends_name(read: _Text, place: int, limit: int) -> bool:
    """Tell whether a source's name ends before a word."""
    word, gap = read.folded[place], read.gap(place)
    if any(opened >= read.words[place - 1].end and opened < read.words[place].start for opened, _ in read.quotes):
        return True
    latin = "(" in gap and bool(_LATIN.search(read.words[place].spelt))  # a name, once more in its own letters
    if (
        (re.search(r"[.؟!?؛:()]", gap) and not latin)
        or word in THAT
        or word in _STOPS
        or word in WHEN
        or word in PARTICIPLES
    ):
        return True
    if re.search("[،,]|\\s[-–—]\\s", gap):  # an apposition goes on up to what is said; anything else ends the name
        return _saying(read, place) is not None or (limit == len(read.words) and not _is_apposition(read, place))
    following = read.folded[place + 1] if place + 1 < len(read.words) else ""
    if word in ("في", "خلال", "عبر", "عن", "من", "لدي", "بعد", "قبل", "منذ"):
        return word not in ("في", "لدي", "من") or any(form in WHERE for form in bare_forms(following))
    said = _saying(read, place)
    return said is not None and said[1] != "نشر" and word not in ("كتب", "رد")


def _is_apposition(read: _Text, place: int) -> bool:
    """Tell whether a comma opens an apposition, which another one closes: فلان، مؤسس الشركة، ..."""
    ends = next((n for n in range(place + 1, min(place + 9, len(read.words))) if read.words[n].pause), None)
    opens = read.folded[place][:2] == "ال" or is_office(read.folded[place])
    return opens and ends is not None and bool(re.search("[،,]", read.gap(ends)))


def _name_before(read: _Text, place: int) -> tuple[int, int] | None:
    """Return the words of the clause before a verb that name its source: فلان قال إن."""
    if read.folded[place][:1] in "وف" and read.folded[place] not in VERBS:
        return None
    last = place
    while last > 0 and read.folded[last - 1] in _RELATIVE | {"قد", "لا", "ايضا"}:
        last -= 1
    relative = last < place
    first = last
    while first > 0 and last - first < _LONGEST:
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


def _closes_aside(read: _Text, place: int) -> bool:
    """Tell whether a comma closes an aside whose beginning is near: أومنيكس، العميلة منذ 2020، قالت."""
    return any(re.search("[،,]", read.gap(n)) for n in range(max(1, place - 10), place))


def _relayed(read: _Text, place: int, reach: int, alone: str = "") -> tuple[int, int] | None:
    """Return who is relayed by a source that ends before a word: عن مصادر, نقلا عن مسؤول, استنادا إلى مصدرين."""
    for n in range(place, min(place + reach, len(read.words))):
        before = read.folded[n - 1] if n else ""
        from_whom = read.folded[n] == "عن" and (n == place or before in ("نقلا", alone) or bool(alone))
        if from_whom or (read.folded[n] == "الي" and before == "استنادا"):
            return _name_after(read, n + 1)
        if read.words[n].pause == 2:
            return None
    return None


def _kind(read: _Text, source: tuple[int, int], words: Sequence[str] | None = None) -> SourceKind:
    first, last = source
    # Further words may still say that nobody is named: طلب عدم ذكر اسمه.
    tail = read.folded[last : last + 8]
    if any(word in ("هويته", "هويتها", "هويتهم", "اسمه", "اسمها", "اسمهم", "اسميهما") for word in tail):
        return "anonymous"
    return source_kind(words or read.folded[first:last], read.marked[first:last])


def _participle(read: _Text, place: int) -> Attribution | None:
    """Read قائلا, مشيرا إلى أن and their like; the source is the subject of the sentence."""
    if not any(form in PARTICIPLES for form in read.forms(place)) or place == 0:
        return None
    if _content(read, place) is None and read.folded[place] not in ("نافيا", "نافيه", "محذرا", "محذره"):
        return None
    subject = _subject(read, place)
    kind: SourceKind = (
        "named" if subject is None else source_kind(read.folded[slice(*subject)], read.marked[slice(*subject)])
    )
    content = _content(read, place)
    quotation: Quotation = content[1] if content else "indirect"
    return Attribution(kind, read.span(*subject) if subject else None, read.span(place, place + 1), quotation, 2.0)


def _subject(read: _Text, place: int) -> tuple[int, int] | None:
    """Return what may be the subject of a sentence that begins with a verb: the words after it."""
    if place < 2:
        return None
    quoted = next((n for n in range(1, min(place, 6)) if read.marked[n]), None)
    if quoted is not None:
        last = quoted + 1
        while last < place and read.marked[last]:
            last += 1
        return quoted, last
    found = _name_after(read, 1, place)
    return None if found is None else (found[0], min(found[1], found[0] + 3))


def _before_colon(read: _Text) -> Attribution | None:
    """Read a headline's محللون: ... and a name before a quotation."""
    for n in range(1, min(6, len(read.words))):
        gap = read.gap(n)
        if ":" in gap:
            source = (0, n)
            kind = source_kind(read.folded[:n], read.marked[:n])
            quoted = bool(_OPEN.search(gap)) and any(start < read.words[n].start for start, _ in read.quotes)
            if quoted or kind == "anonymous":
                return Attribution(
                    kind, read.span(*source), read.span(*source), "direct" if quoted else "indirect", 2.0
                )
            return None
    return None


def _told_by_colon(read: _Text) -> Attribution | None:
    """Read a quotation after a colon without a word of saying: يهز رجل رأسه: «...»."""
    for n in range(2, len(read.words)):
        gap = read.gap(n)
        if ":" not in gap or not any(read.words[n - 1].end <= start < read.words[n].start for start, _ in read.quotes):
            continue
        first = max((m for m in range(1, n) if read.words[m].pause), default=0)
        source = _name_after(read, first + 1, n)
        if source is None:
            return None
        source = (source[0], min(source[1], source[0] + 3))
        return Attribution(_kind(read, source), read.span(*source), read.span(n - 1, n), "direct", 2.0)
    return None
