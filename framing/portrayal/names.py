"""Mentions: where each party is named, and by which of its names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from framing.corpus.alignment import folded
from framing.corpus.normalisation import normalise
from framing.portrayal.parties import party_pattern
from framing.schema import KEY

MENTION_COLUMNS = (*KEY, "party", "alias", "start", "end", "text")
"""Columns of the table of mentions; ``start`` and ``end`` are offsets in the unit's text, clitics left out."""


def mention_table(units: pd.DataFrame, parties: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """List every mention of a party by one of its names.

    Parameters
    ----------
    units
        ``doc_id, unit, text``.
    parties
        Names of each party by its id.

    Returns
    -------
    pandas.DataFrame
        `MENTION_COLUMNS`, in order of units and offsets: ``alias`` is the name as the study file spells it, ``text``
        as the unit does. Of names that overlap, a party's longest counts.
    """
    patterns = {party: (party_pattern(names), _as_listed(names)) for party, names in parties.items()}
    rows: list[tuple[object, ...]] = []
    for doc_id, unit, text in zip(units["doc_id"], units["unit"], units["text"], strict=True):
        plain = folded(text)
        found: list[tuple[int, int, str, str]] = []
        for party, (pattern, listed) in patterns.items():
            for match in pattern.finditer(plain.text):
                start, end = plain.span(*match.span("name"))
                found.append((start, end, party, listed[_one_space(match.group("name"))]))
        rows += [
            (doc_id, unit, party, alias, start, end, text[start:end]) for start, end, party, alias in sorted(found)
        ]
    table = pd.DataFrame(rows, columns=list(MENTION_COLUMNS))
    return table.astype({"start": "int64", "end": "int64"})


def _as_listed(names: Sequence[str]) -> dict[str, str]:
    """Return the study's spelling of each name by its normalised one; the first of several."""
    listed: dict[str, str] = {}
    for name in names:
        listed.setdefault(_one_space(normalise(name).strip()), name)
    return listed


def _one_space(name: str) -> str:
    return re.sub(r"\s+", " ", name)
