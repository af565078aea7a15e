"""Attribution: who speaks in a unit, by which words, quoted directly or not.

Read off the words of saying (`framing.portrayal.speech`) and the words beside them that name a source
(`framing.portrayal.sources`). A source that is only implied (وأضاف أن) is the one before; a quotation that runs over
several sentences is one source's throughout.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from framing.models.sentiment.words import WORDS, Opening, Remembered, words_of
from framing.portrayal.clauses import (
    LONGEST_NAME,
    OPENING,
    RELATIVE,
    Clause,
    Quotation,
    content_of,
    follows_quotation,
    has_object,
    is_passive,
    saying_at,
    spoken_forms,
)
from framing.portrayal.naming import kind_of, name_after, name_before, relayed_by, subject_of
from framing.portrayal.sources import SourceKind, is_report, is_thing, source_kind
from framing.portrayal.speech import (
    BELIEFS,
    HEARSAY,
    PARTICIPLES,
    PHRASES,
    RULES,
    STATING,
    VERBS,
    WITH_OBJECT,
)
from framing.portrayal.tokens import bare_forms
from framing.schema import KEY

Voice = Literal["narrator", "named", "anonymous"]
"""narrator: the outlet itself; named: a source that is named; anonymous: one that is not."""

ATTRIBUTION_COLUMNS = (*KEY, "voice", "source", "start", "end", "cue", "cue_start", "cue_end", "quotation", "carried",
                       "chain")  # fmt: skip
"""Columns of the table of attributions: a row per unit; ``start`` and ``end`` are the source's offsets in the unit's
text (empty where it is implied), ``cue`` the words of saying; ``carried`` tells a source that an earlier unit named;
``chain`` who relays whom, the outlet's own source first."""


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


@lru_cache(maxsize=4_096)
def attributions(text: str) -> tuple[Attribution, ...]:
    """Return every attribution in a text, in order.

    Examples
    --------
    >>> text = "وقالت مصادر مطلعة إن النادي رفض العرض."
    >>> [(a.kind, text[slice(*a.source)]) for a in attributions(text) if a.source]
    [('anonymous', 'مصادر مطلعة')]
    """
    words, known = words_of(text), _CUES
    places = [
        place for place, word in enumerate(words) if (cue := known[word.folded]) is not None and cue.at(words, place)
    ]
    if not places and ":" not in text:
        return ()
    read = Clause(text)
    found = [one for place in places if not read.inside(place) and (one := _at(read, place)) is not None]
    if not found and ":" in text and (headed := _before_colon(read) or _told_by_colon(read)) is not None:
        return (headed,)
    return tuple(found)


def _cue(word: str) -> Opening | None:
    """Tell how a folded word may be or begin words of saying; None for most, and في is one only before راي or نظر."""
    verbal = any(form in VERBS or form in WITH_OBJECT or form in PARTICIPLES for form in spoken_forms(word))
    phrases = [*_phrases(word), *_HEARD.get(word, ())]
    second = {phrase[1] if len(phrase) > 1 else "ل" for phrase in phrases}
    alone = verbal or "ل" in second  # ل is a clitic of the word after it
    return Opening(alone, frozenset(second)) if verbal or phrases else None


_CUES = Remembered(_cue)
_HEARD = {first: [phrase for phrase in HEARSAY if phrase[0] == first] for first, *_ in HEARSAY}


@lru_cache(maxsize=WORDS)
def _phrases(word: str) -> tuple[tuple[str, ...], ...]:
    """Return the phrases that a folded word may begin."""
    forms = spoken_forms(word)
    return tuple(phrase for phrase in PHRASES if phrase[0] in forms)


def _at(read: Clause, place: int) -> Attribution | None:
    """Return the attribution whose words of saying begin at a word."""
    return _hearsay(read, place) or _phrase(read, place) or _verb(read, place) or _participle(read, place)


def _hearsay(read: Clause, place: int) -> Attribution | None:
    for phrase in _HEARD.get(read.folded[place], ()):
        if tuple(read.folded[place : place + len(phrase)]) == phrase:
            return Attribution("anonymous", None, read.span(place, place + len(phrase)), "indirect", 2.0, hearsay=True)
    return None


def _phrase(read: Clause, place: int) -> Attribution | None:
    """Read بحسب and its like with the source after it."""
    for words in _phrases(read.folded[place]):
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


def _after_phrase(read: Clause, place: int, first: int, clitic: bool) -> Attribution | None:
    cue = first
    if read.folded[first] in ("ما", "لما"):  # وفقا لما ذكرته
        first += 1
        if first >= len(read.words):
            return None
    verb = first
    while first < len(read.words) and saying_at(read, first) is not None:
        first += 1
    if first > verb:
        cue = first
    source = name_after(read, first)
    if source is None:
        return None
    words = [
        word.removeprefix("ل") if clitic and n == 0 else word for n, word in enumerate(read.folded[slice(*source)])
    ]
    if any(form in RULES for form in bare_forms(words[0])):
        return None
    said = any(verb[1] in ("نقل", "نشر", "ذكر") for verb in (saying_at(read, n) for n in range(place, first)) if verb)
    relayed = relayed_by(read, source[1], 3, alone=said)
    kind = kind_of(read, relayed or source, words if relayed is None else None)
    return Attribution(
        kind,
        read.span(*source, clitic),
        read.span(place, cue),
        "indirect",
        2.5,
        read.span(*relayed) if relayed else None,
    )


def _verb(read: Clause, place: int) -> Attribution | None:
    """Read a verb of saying with its source after it, before it or implied."""
    said = saying_at(read, place)
    if said is None or (place and read.folded[place - 1] in ("لم", "ولم", "لن", "ولن", "دون")):
        return None
    need, verb = said
    begins = content_of(read, place, verb)
    quoted = begins is not None and begins[1] == "direct"
    if verb == "فسر":
        return _interpreted(read, place, begins)
    if is_passive(read, place):
        return None
    if need == "act" and not quoted:
        return None
    if need == "that" and begins is None and not (ended := follows_quotation(read, place)):
        return None
    if need == "any" and not has_object(read, place, verb, begins is not None):
        return None
    if begins is None and need == "that":
        begins = (len(read.words), "direct")
        quoted = ended
    limit = begins[0] if begins else len(read.words)
    source = name_after(read, place + 1, limit, verb)
    relative = place > 0 and read.folded[place - 1] in RELATIVE
    owned = not any(form in VERBS for form in read.forms(place))  # with an object: the source comes after it
    if source is None and owned and not relative:
        return None
    before = None if source is not None else name_before(read, place)
    chosen = source or before
    if chosen is None and verb in BELIEFS:
        return None
    if chosen is None and place >= 2:
        if verb == "تحدث":
            return None
        chosen = subject_of(read, place)
    if chosen is not None and verb in STATING and not quoted and is_thing(read.folded[slice(*chosen)]):
        return None
    if verb == "اظهر" and not (chosen and (is_report(read.folded[slice(*chosen)]) or any(read.marked[slice(*chosen)]))):
        return None
    alone = verb == "نقل"
    relayed = None if chosen is None else relayed_by(read, chosen[1], LONGEST_NAME if alone else 3, alone=alone)
    if verb == "نقل" and relayed is None:
        return None
    kind: SourceKind = "named" if chosen is None else kind_of(read, relayed or chosen)
    weight = 1.5 if relative else 3.0
    return Attribution(
        kind,
        None if chosen is None else read.span(*chosen),
        read.span(place, place + 1),
        "direct" if quoted else "indirect",
        weight,
        read.span(*relayed) if relayed else None,
    )


def _interpreted(read: Clause, place: int, begins: tuple[int, Quotation] | None) -> Attribution | None:
    """Read فُسّر على أنه, which names nobody, and فسره فلان بأنه."""
    if begins is None:
        return None
    source = name_after(read, place + 1, begins[0], "فسر")
    cue = read.span(place, place + 1)
    if is_passive(read, place) or source is None or is_thing(read.folded[slice(*source)]):
        return Attribution("anonymous", None, cue, "indirect", 3.0, hearsay=True)
    return Attribution(kind_of(read, source), read.span(*source), cue, "indirect", 3.0)


def _participle(read: Clause, place: int) -> Attribution | None:
    """Read قائلا, مشيرا إلى أن and their like; the source is the subject of the sentence."""
    if not any(form in PARTICIPLES for form in read.forms(place)) or place == 0:
        return None
    if content_of(read, place) is None and read.folded[place] not in ("نافيا", "نافيه", "محذرا", "محذره"):
        return None
    subject = subject_of(read, place)
    kind: SourceKind = (
        "named" if subject is None else source_kind(read.folded[slice(*subject)], read.marked[slice(*subject)])
    )
    content = content_of(read, place)
    quotation: Quotation = content[1] if content else "indirect"
    return Attribution(kind, read.span(*subject) if subject else None, read.span(place, place + 1), quotation, 2.0)


def _before_colon(read: Clause) -> Attribution | None:
    """Read a headline's محللون: ... and a name before a quotation."""
    for n in range(1, min(6, len(read.words))):
        gap = read.gap(n)
        if ":" in gap:
            source = (0, n)
            kind = source_kind(read.folded[:n], read.marked[:n])
            quoted = bool(OPENING.search(gap)) and any(start < read.words[n].start for start, _ in read.quotes)
            if quoted or kind == "anonymous":
                return Attribution(
                    kind, read.span(*source), read.span(*source), "direct" if quoted else "indirect", 2.0
                )
            return None
    return None


def _told_by_colon(read: Clause) -> Attribution | None:
    """Read a quotation after a colon without a word of saying: يهز رجل رأسه: «...»."""
    for n in range(2, len(read.words)):
        gap = read.gap(n)
        if ":" not in gap or not any(read.words[n - 1].end <= start < read.words[n].start for start, _ in read.quotes):
            continue
        first = max((m for m in range(1, n) if read.words[m].pause), default=0)
        source = name_after(read, first + 1, n)
        if source is None:
            return None
        source = (source[0], min(source[1], source[0] + 3))
        return Attribution(kind_of(read, source), read.span(*source), read.span(n - 1, n), "direct", 2.0)
    return None
