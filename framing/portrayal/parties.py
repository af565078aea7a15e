"""Parties: which of them a text names, under clitics, quotation marks and spelling variants."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from framing.coding.codebook import MENTION_PREFIX
from framing.corpus.normalisation import normalise
from framing.errors import InputError

_CLITICS = "(?:[وف]?(?:لل|ال|[بلك])?)"
_OPENING = "[\"'“”«»‘’‹›(]?"


def party_pattern(aliases: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern that finds any of the names in a normalised text; its group ``name`` is the name alone.

    A name may follow the clitics و، ف، ب، ل، ك، ال، لل and an opening quotation mark, and must end where a
    word ends. Latin names keep their case, so that an acronym is not taken for a word.
    """
    names = sorted({normalise(alias).strip() for alias in aliases} - {""}, key=len, reverse=True)
    if not names:
        raise InputError("a party has no name to be found by", cure="List at least one under [parties].")
    inner = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in names)
    return re.compile(rf"(?<!\w){_CLITICS}\s?{_OPENING}(?P<name>{inner})(?!\w)")


_DUALS = "الشركتان الشركتين الطرفان الطرفين الجانبان الجانبين الكيانان الكيانين المجموعتان المجموعتين"
_GENERIC = "الشركة للشركة المجموعة للمجموعة المؤسسة للمؤسسة المختبر للمختبر البنك للبنك المنصة للمنصة"


_BOTH_WORDS = tuple(normalise(word) for word in _DUALS.split())


def _words(listed: str) -> re.Pattern[str]:
    inner = "|".join(re.escape(normalise(word)) for word in listed.split())
    return re.compile(rf"(?<!\w)[وف]?[بلك]?(?:{inner})(?!\w)")


_BOTH, _ONE = _words(_DUALS), _words(_GENERIC)


def references(
    texts: Sequence[str], parties: Mapping[str, Sequence[str]], articles: Sequence[object] | None = None
) -> pd.DataFrame:
    """Tell which parties each text mentions, by name or by a reference that only one reading has.

    Besides names (`mentions`): a dual such as الشركتان mentions both parties of a study that has two; and in a text
    that names none, a noun such as الشركة mentions the party that the text before it in the article names, where that
    one names no other. Pronouns and what a verb agrees with are not resolved.

    Parameters
    ----------
    texts
        Units or other short texts, in reading order within each article.
    parties
        Names of each party by its id.
    articles
        Article of each; None or nan for a text that stands alone, whose nouns refer to nothing.

    Returns
    -------
    pandas.DataFrame
        As `mentions` gives it.
    """
    normalised = [normalise(text) for text in texts]
    table = _mentioned(normalised, parties)
    named = table.to_numpy(dtype=bool)
    found, count = named.copy(), named.sum(axis=1).tolist()
    told: Sequence[object] = [None] * len(texts) if articles is None else articles
    before: dict[object, int] = {}
    two = len(parties) == 2
    for row, (text, article) in enumerate(zip(normalised, told, strict=True)):
        alone = article is None or article != article
        if alone and not two:
            continue
        both = two and any(dual in text for dual in _BOTH_WORDS) and _BOTH.search(text) is not None
        if both:
            found[row] = True
        if alone:
            continue
        previous = before.get(article)
        refers = previous is not None and not both and not count[row] and count[previous] == 1
        if refers and _ONE.search(text):
            found[row] = named[previous]
        before[article] = row
    return pd.DataFrame(found, columns=table.columns)


def mentions(texts: Sequence[str], parties: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Tell which parties each text names.

    Parameters
    ----------
    texts
        Units or other short texts.
    parties
        Names of each party by its id, as the study file lists them.

    Returns
    -------
    pandas.DataFrame
        One row per text, one bool column ``mentions_<party>`` per party.
    """
    return _mentioned([normalise(text) for text in texts], parties)


def _mentioned(normalised: Sequence[str], parties: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Return what `mentions` gives for texts that are normalised."""
    table = {}
    for party, aliases in parties.items():
        pattern = party_pattern(aliases)
        # To look for a few words is far cheaper than to try a pattern at every letter.
        heads = {normalise(alias).split()[0] for alias in aliases if normalise(alias).strip()}
        table[MENTION_PREFIX + party] = [
            any(head in text for head in heads) and pattern.search(text) is not None for text in normalised
        ]
    return pd.DataFrame(table, index=range(len(normalised)))
