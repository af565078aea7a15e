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
    normalised = [normalise(text) for text in texts]
    table = {}
    for party, aliases in parties.items():
        pattern = party_pattern(aliases)
        table[MENTION_PREFIX + party] = [pattern.search(text) is not None for text in normalised]
    return pd.DataFrame(table, index=range(len(normalised)))
