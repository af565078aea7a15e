"""Other spellings of the parties' names, found by rule and by similarity and offered for confirmation.

A spelling that was overlooked is a mention that was not counted, and it is missed more often in one outlet than in
another: outlets have house spellings. What is offered here is for a reader to judge; nothing is taken over by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

import pandas as pd

from framing.models.sentiment.words import Word, fold, words_of
from framing.portrayal.names import mention_table

Kind = Literal["spelling", "vowels", "script", "bracket", "similar"]
"""spelling: letters that transcribe one foreign sound (غ ج ق ك for g, ط ت for t, ...); vowels: the same consonants;
script: the same consonants in the other script; bracket: stands in brackets beside a name, or a name beside it;
similar: much the same letters."""

SIMILAR = 0.8
"""Least ratio of matching letters (Ratcliff & Obershelp, `difflib`) of a similar spelling; chosen so that one letter
of five may differ."""

CONSONANTS = 3
"""Least number of consonants by which two names are taken for one: with fewer, common words meet them."""

LETTERS = 4
"""Least number of letters of a similar spelling."""

SUGGESTION_COLUMNS = ("party", "candidate", "alias", "kind", "similarity", "count", "articles", "doc_id", "unit",
                      "example")  # fmt: skip

_CLASSES = str.maketrans(
    {"غ": "ك", "ج": "ك", "ق": "ك", "گ": "ك", "چ": "ك", "ط": "ت", "ص": "س", "ث": "س", "ض": "د", "ظ": "ز", "ذ": "ز",
     "ڤ": "ف", "پ": "ب", "ؤ": "و", "ئ": "ي", "ء": ""}
)  # fmt: skip
_DIGRAPHS = (
    ("tsch", "تش"), ("sch", "ش"), ("sh", "ش"), ("ch", "تش"), ("th", "ت"), ("kh", "خ"), ("gh", "ك"), ("ph", "ف"),
    ("ck", "ك"), ("ce", "س"), ("ci", "سي"), ("qu", "كو"), ("x", "كس"),
)  # fmt: skip
_LATIN = str.maketrans(
    dict(zip("bcdfghjklmnpqrstvwyzaeiou", ("ب", "ك", "د", "ف", "ك", "ه", "ك", "ك", "ل", "م", "ن", "ب", "ك", "ر", "س",
             "ت", "ف", "و", "ي", "ز", "ا", "ي", "ي", "و", "و"), strict=True))
)  # fmt: skip
_IS_LATIN = re.compile("[a-z]")
_LATIN_VOWEL = re.compile("[aeiou]")
_TWICE = re.compile(r"(.)\1+")
_VOWELS = re.compile("(?<=.)[اوي]|ه$")
_CLITIC = re.compile("[وف]?(?:لل|ال|[بلك](?:ال)?)?")
_SHORTEST = 3
_BRACKETED = 4
"""Words up to which what stands in brackets may be a name."""


@dataclass(frozen=True)
class _Alias:
    """A listed name: its party, spelling, letters, sounds and consonants."""

    party: str
    name: str
    folded: str
    words: int


def suggest_aliases(units: pd.DataFrame, parties: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """List words that may be further names of the parties, for a reader to confirm.

    Parameters
    ----------
    units
        ``doc_id, unit, text``.
    parties
        Names of each party by its id.

    Returns
    -------
    pandas.DataFrame
        `SUGGESTION_COLUMNS`: ``candidate`` is offered beside ``alias`` for the reason ``kind`` (see `Kind`; the first
        that holds), at ``similarity`` of letters in [0, 1], found ``count`` times in so many ``articles``, first in
        ``unit`` of ``doc_id``, whose text is the ``example``. The surest kinds and the most frequent first.
    """
    aliases = [
        _Alias(party, name, " ".join(fold(word.spelt) for word in words_of(name)).lower(), len(words_of(name)))
        for party, names in parties.items()
        for name in names
    ]
    known = {alias.folded for alias in aliases}
    taken = _taken(mention_table(units, parties))
    found: dict[tuple[str, str], dict[str, object]] = {}
    articles: dict[tuple[str, str], set[object]] = {}
    for row in units[["doc_id", "unit", "text"]].to_dict("records"):
        key = (row["doc_id"], row["unit"])
        for party, candidate, alias, kind, ratio in _offers(row["text"], aliases, known, taken.get(key, [])):
            place = (party, candidate)
            entry = found.setdefault(place, {"party": party, "candidate": candidate, "alias": alias, "kind": kind,
                                             "similarity": ratio, "count": 0, "articles": 0, "doc_id": row["doc_id"],
                                             "unit": row["unit"], "example": row["text"]})  # fmt: skip
            entry["count"] = int(str(entry["count"])) + 1
            articles.setdefault(place, set()).add(row["doc_id"])
    for place, entry in found.items():
        entry["articles"] = len(articles[place])
    table = pd.DataFrame(list(found.values()), columns=list(SUGGESTION_COLUMNS))
    rank = table["kind"].map({kind: n for n, kind in enumerate(("bracket", "spelling", "script", "vowels", "similar"))})
    order = table.assign(rank=rank).sort_values(
        ["party", "rank", "count", "candidate"], ascending=[True, True, False, True]
    )
    return order.drop(columns="rank").reset_index(drop=True)


def _taken(mentions: pd.DataFrame) -> dict[tuple[object, object], list[tuple[int, int]]]:
    places: dict[tuple[object, object], list[tuple[int, int]]] = {}
    for row in mentions.itertuples(index=False):
        places.setdefault((row.doc_id, row.unit), []).append((int(str(row.start)), int(str(row.end))))
    return places


def _offers(
    text: str, aliases: Sequence[_Alias], known: set[str], taken: Sequence[tuple[int, int]]
) -> Iterator[tuple[str, str, str, Kind, float]]:
    """Give party, candidate, alias, kind and similarity of every place in a text, each place and party once."""
    words = words_of(text)
    free = [not any(start < word.end and word.start < end for start, end in taken) for word in words]
    yield from _bracketed(text, words, free, aliases, taken)
    lengths = sorted({alias.words for alias in aliases}, reverse=True)
    for first in range(len(words)):
        offered: set[str] = set()
        for length in lengths:
            window = words[first : first + length]
            if len(window) < length or not all(free[first : first + length]) or any(w.pause for w in window[1:]):
                continue
            for candidate in _forms(window):
                if candidate in known:
                    continue
                for alias in aliases:
                    if alias.words != length or alias.party in offered:
                        continue
                    if (kind := _kind(candidate, alias.folded)) is not None:
                        offered.add(alias.party)
                        shown = text[window[0].end - _tail(window[0], candidate) : window[-1].end]
                        yield alias.party, shown, alias.name, kind, round(_ratio(candidate, alias.folded), 3)


def _forms(window: Sequence[Word]) -> list[str]:
    """Return what a run of words may be as a name, its first word with and without clitics."""
    first, rest = fold(window[0].spelt), [fold(word.spelt) for word in window[1:]]
    cuts = [n for n in range(min(len(first), 5)) if _CLITIC.fullmatch(first[:n]) and len(first) - n >= _SHORTEST]
    return [" ".join([first[cut:], *rest]).lower() for cut in cuts]


def _tail(word: Word, candidate: str) -> int:
    """Return how many characters of the text belong to the first word of a candidate."""
    cut = len(fold(word.spelt)) - len(candidate.split()[0])
    return word.end - word.start - cut if cut else word.end - word.start


@lru_cache(maxsize=200_000)
def _kind(candidate: str, alias: str) -> Kind | None:
    """Tell why a candidate may be a name, or None where it may not."""
    scripts = [bool(_IS_LATIN.search(name)) for name in (candidate, alias)]
    a, b = _sounds(candidate), _sounds(alias)
    bones = [_VOWELS.sub("", word) for word in (a, b)]
    alike = bones[0] == bones[1] and len(bones[0].replace(" ", "")) >= CONSONANTS
    if scripts[0] != scripts[1]:
        latin = candidate if scripts[0] else alias
        same = alike or (a == b and len(a) >= LETTERS)
        return "script" if same and _LATIN_VOWEL.search(latin) else None  # an acronym is spelled out, not sounded
    if a == b:
        return "spelling"
    if alike and not scripts[0]:
        return "vowels"
    if a[:1] != b[:1] or min(len(candidate), len(alias)) < LETTERS:
        return None
    return "similar" if _ratio(candidate, alias) >= SIMILAR else None


@lru_cache(maxsize=200_000)
def _sounds(name: str) -> str:
    """Return a folded name with one letter for each foreign sound, in Arabic script, doubled letters once."""
    if _IS_LATIN.search(name):
        for latin, arabic in _DIGRAPHS:
            name = name.replace(latin, arabic)
        name = name.translate(_LATIN)
    return _TWICE.sub(r"\1", name.translate(_CLASSES))


def _ratio(a: str, b: str) -> float:
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if matcher.real_quick_ratio() < SIMILAR or matcher.quick_ratio() < SIMILAR:
        a, b = _sounds(a), _sounds(b)
        matcher = SequenceMatcher(None, a, b, autojunk=False)
    return matcher.ratio()


def _bracketed(
    text: str, words: Sequence[Word], free: Sequence[bool], aliases: Sequence[_Alias], taken: Sequence[tuple[int, int]]
) -> Iterator[tuple[str, str, str, Kind, float]]:
    """Give what stands in brackets after a known name, and the Latin or quoted name before a known one in brackets."""
    by_name = {alias.folded: alias for alias in aliases}
    for start, end in taken:
        plain = " ".join(fold(word.spelt) for word in words_of(text[start:end])).lower()
        alias = by_name.get(plain)
        if alias is None:
            continue
        after = re.match(r"[\"'“”«»]?\s*[(\[]\s*([^()\[\]]+?)\s*[)\]]", text[end:])
        inside = after.group(1) if after else ""
        own = [n for n, w in enumerate(words) if after and end <= w.start < end + after.end()]
        if inside and 0 < len(own) <= _BRACKETED and all(free[n] for n in own) and not any(c.isdigit() for c in inside):
            yield alias.party, inside, alias.name, "bracket", round(_ratio(inside.lower(), alias.folded), 3)
