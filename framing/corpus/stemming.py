"""Light stemming: what an Arabic word may be once clitics and endings are taken off, nearest spelling first.

The affixes are those of light10 [1]_ with the suffix pronouns, the accusative alef and the endings of the perfect
and imperfect verb added. Where light10 cuts as much as it can and keeps one stem, `light_forms` keeps every cut as
a candidate: a dictionary decides which of them is a word, and the one that lost least wins.

References
----------
.. [1] Larkey, Ballesteros and Connell (2007), Light stemming for Arabic information retrieval, in Soudi, van den
   Bosch and Neumann (eds), Arabic Computational Morphology, pp. 221-243, table 12.1. doi:10.1007/978-1-4020-6046-5_12
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

_CONJUNCTIONS = ("", "و", "ف")
_ARTICLES = ("ال", "بال", "كال", "لل")
# Letters that must remain: a preposition without the article leaves more doubt than the article.
_SHORTEST = {"ب": 3, "ل": 3, "ك": 4, "س": 3, "ف": 3}
_SHORTEST_STEM = 2
_PRONOUNS = ("ها", "هم", "هما", "هن", "ه", "ك", "كم", "نا", "ني", "ي")
_ENDINGS = ("ات", "ين", "ون", "ان", "تين", "تان", "ة", "ه", "ت", "تا", "وا", "ا")
_SHORTEST_BASE = 3


class Lemmatiser(Protocol):
    """Gives the dictionary forms that a word may be of; a morphological analyser may stand in for `light_forms`."""

    def __call__(self, word: str) -> Sequence[str]:
        """Return candidates for one word without short vowels, the likeliest first, the word itself among them."""


def _proclitics() -> dict[str, int]:
    """Return every run of proclitics with the letters it must leave."""
    shortest: dict[str, int] = {}
    for conjunction in _CONJUNCTIONS:
        least = _SHORTEST.get(conjunction, _SHORTEST_STEM)
        shortest[conjunction] = least
        shortest |= {conjunction + article: _SHORTEST_STEM for article in _ARTICLES}
        shortest |= {conjunction + letter: _SHORTEST[letter] for letter in "بلكس"}
    return shortest


_PROCLITICS = _proclitics()


def conjunction_forms(word: str) -> Sequence[str]:
    """Return a word and what it is without و or ف: all that a particle may carry."""
    bare = word[1:] if word[:1] in ("و", "ف") and len(word) > _SHORTEST_STEM else ""
    return (word, bare) if bare else (word,)


@lru_cache(maxsize=20_000)  # some kilobytes each
def light_forms(word: str) -> Sequence[str]:
    """Return what a word may be without clitics and endings, the fewest letters lost first.

    Parameters
    ----------
    word
        One word without short vowels and tatweel, its hamzas, ى and ة as written.

    Returns
    -------
    tuple of str
        The word itself first. Taken off are و ف, then ب ك ل or the article under them (لل for ل and ال), or س
        before an imperfect; suffix pronouns; and the endings ات ين ون ان ة ت وا ا. ت before a pronoun becomes ة again,
        ئ and ؤ become ء, and a final ى that an ending swallowed comes back.

    Examples
    --------
    >>> light_forms("وخسائرهم")[:3]
    ('وخسائرهم', 'خسائرهم', 'وخسائر')
    >>> "خسارة" in light_forms("لخسارتها")
    True
    """
    found: dict[str, int] = {}
    for proclitic, shortest in _PROCLITICS.items():
        if not word.startswith(proclitic):
            continue
        stem = word[len(proclitic) :]
        if proclitic and (len(stem) < shortest or not _may_carry(stem, proclitic[-1])):
            continue
        for form, lost in _without_ending(stem):
            lost += len(proclitic)
            found[form] = min(lost, found.get(form, lost))
    return tuple(sorted(found, key=found.__getitem__))


_LIGHT10_PREFIXES = ("وال", "بال", "كال", "فال", "ال", "لل")
_LIGHT10_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")


@lru_cache(maxsize=100_000)
def light10(word: str) -> str:
    """Return the one stem of a word that light10 gives [1]_: as much cut off as its rules allow.

    Parameters
    ----------
    word
        Folded as `framing.corpus.normalise` does, so that ة is ه and ى is ي, as light10 wants it.

    Examples
    --------
    >>> [light10(word) for word in ("والشركات", "شركه", "شركتها", "استثماراتهم")]
    ['شرك', 'شرك', 'شركت', 'استثماراتهم']
    """
    stem = word[1:] if word.startswith("و") and len(word) > _SHORTEST_BASE else word
    for prefix in _LIGHT10_PREFIXES:
        if stem.startswith(prefix) and len(stem) - len(prefix) >= _SHORTEST_STEM:
            stem = stem[len(prefix) :]
            break
    for suffix in _LIGHT10_SUFFIXES:
        if stem.endswith(suffix) and len(stem) - len(suffix) >= _SHORTEST_STEM:
            stem = stem[: -len(suffix)]
    return stem


def _may_carry(stem: str, letter: str) -> bool:
    """Tell whether a stem can stand under a proclitic: س before an imperfect only, ب and ك never before one."""
    if letter == "س":
        return stem[0] in "يتنا"
    return letter not in "بك" or stem[0] != "ي"


def _without_ending(stem: str) -> list[tuple[str, int]]:
    """Return a stem with and without each ending that it may carry, with the number of letters lost."""
    forms = [(stem, 0)]
    for ending in (*_PRONOUNS, *_ENDINGS):
        base = stem.removesuffix(ending)
        if base == stem or len(base) < _SHORTEST_BASE:
            continue
        forms += [(form, len(ending)) for form in _bases(base, ending)]
        if ending in _PRONOUNS:
            deeper = [e for e in ("ات", "ا", "وا") if base.endswith(e) and len(base) - len(e) >= _SHORTEST_BASE]
            for inner in deeper:
                forms += [(form, len(ending + inner)) for form in _bases(base.removesuffix(inner), inner)]
    return forms


def _bases(base: str, ending: str) -> tuple[str, ...]:
    """Return what a base may be, its last letter as before the ending changed it among them."""
    if ending in ("ات", "تين", "تان"):
        return (base + "ة", base)
    if ending in ("ت", "وا", "ون"):
        return (base, base + "ى")
    if ending in _PRONOUNS:
        before = {"ت": "ة", "ئ": "ء", "ؤ": "ء", "ا": "ى"}.get(base[-1])
        return (base[:-1] + before, base) if before else (base,)
    return (base,)
