"""Who speaks in each unit of an article: sources carried over sentences, and how far that agrees with gold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from tqdm.auto import tqdm

from framing.models.sentiment.words import fold, words_of
from framing.portrayal.attribution import ATTRIBUTION_COLUMNS, Voice, attributions
from framing.portrayal.clauses import QUOTED_WORDS
from framing.portrayal.figures import MANY
from framing.portrayal.sources import SourceKind, refers_back
from framing.schema import KEY

VOICES: tuple[Voice, ...] = ("narrator", "named", "anonymous")
"""What a codebook must call its voices for the rules to be of use to it."""

SOURCE_COLUMNS = (*KEY, "kind", "start", "end", "source", "cue", "quotation", "relayed")

LONGEST_QUOTATION = 6
"""Units over which a quotation may run: one that is never closed is a slip, and not the rest of the article."""

_OPENS, _CLOSES = "“„«", "”»"
_QUOTED = re.compile(r"[\"“”„«»]")
_WHOLE = 0.7
"""Share of a unit inside quotation marks from which it is a quotation and nothing else."""


@dataclass(frozen=True, slots=True)
class _Source:
    """The last source of an article: of which kind, and its name."""

    kind: SourceKind
    name: str


class _Article:
    """An article as far as it has been read: its last source, and whether a quotation is open."""

    def __init__(self) -> None:
        self.last: _Source | None = None
        self.open_for = 0

    def next(self, text: str) -> tuple[object, ...]:
        """Read the next unit and return its row of `ATTRIBUTION_COLUMNS` without the key, the voice first."""
        made, self.last, is_open = _unit(text, self.last, 0 < self.open_for <= LONGEST_QUOTATION)
        self.open_for = self.open_for + 1 if is_open else 0
        return made


def attribution_table(units: pd.DataFrame) -> pd.DataFrame:
    """Tell who speaks in each unit.

    Parameters
    ----------
    units
        ``doc_id, unit, text``, in reading order within articles.

    Returns
    -------
    pandas.DataFrame
        `ATTRIBUTION_COLUMNS`, a row per unit in the order given. Of several sources in a unit, the one with the main
        claim counts: that of a main clause before that of a relative one, the earlier of two.
    """
    rows: dict[int, tuple[object, ...]] = {}
    numbered = units.reset_index(drop=True)
    articles = numbered.groupby("doc_id", sort=False)
    for _, own in tqdm(articles, desc="voice", unit="article", disable=None if len(units) > MANY else True):
        read = _Article()
        for index, row in zip(own.index, own.to_dict("records"), strict=True):
            rows[int(index)] = (row["doc_id"], row["unit"], *read.next(str(row["text"])))
    table = pd.DataFrame([rows[n] for n in range(len(numbered))], columns=list(ATTRIBUTION_COLUMNS))
    places = ["start", "end", "cue_start", "cue_end"]
    return table.astype({**dict.fromkeys(places, "Int64"), "carried": bool})


def source_table(units: pd.DataFrame) -> pd.DataFrame:
    """List every source that the units name, several in one unit among them.

    Parameters
    ----------
    units
        ``doc_id, unit, text``.

    Returns
    -------
    pandas.DataFrame
        `SOURCE_COLUMNS`: ``start`` and ``end`` are offsets in the unit's text; who is ``relayed`` by another source
        has a row of its own.
    """
    rows: list[tuple[object, ...]] = []
    for doc_id, unit, text in units[[*KEY, "text"]].itertuples(index=False):
        for one in attributions(text):
            cue = text[slice(*one.cue)]
            spans = [(one.source, False)] if one.relayed is None else [(one.source, False), (one.relayed, True)]
            for span, relayed in spans:
                if span is not None:
                    kind = one.kind if relayed or one.relayed is None else "named"
                    rows.append((doc_id, unit, kind, *span, text[slice(*span)], cue, one.quotation, relayed))
    table = pd.DataFrame(rows, columns=list(SOURCE_COLUMNS)).drop_duplicates([*KEY, "start", "end"], ignore_index=True)
    return table.astype({"start": "int64", "end": "int64", "relayed": bool})


def _unit(text: str, last: _Source | None, is_open: bool) -> tuple[tuple[object, ...], _Source | None, bool]:
    """Return a unit's row, the source that later units may carry on, and whether a quotation is left open."""
    found = attributions(text)
    still_open = _left_open(text, is_open)
    main = max(found, key=lambda one: one.weight) if found else None
    if main is None:
        if last is not None and (is_open or _is_quotation(text)):
            return (last.kind, last.name, None, None, "", None, None, "direct", True, ""), last, still_open
        return ("narrator", "", None, None, "", None, None, "", False, ""), None if still_open else last, still_open
    carried = main.source is None and last is not None and not main.hearsay
    kind = last.kind if carried and last is not None else main.kind
    name = "" if main.source is None else text[slice(*main.source)]
    if carried and last is not None:
        name = last.name
    elif last is not None and refers_back([fold(word.spelt) for word in words_of(name)]):
        kind = last.kind
    start, end = main.source if main.source is not None else (None, None)
    chain = "" if main.relayed is None else f"{name} > {text[slice(*main.relayed)]}"
    row = (kind, name, start, end, text[slice(*main.cue)], *main.cue, main.quotation, carried, chain)
    return row, _Source(kind, name), still_open


def _left_open(text: str, is_open: bool) -> bool:
    """Tell whether a quotation is open at the end of a unit."""
    for mark in _QUOTED.findall(text):
        if mark in _OPENS:
            is_open = True
        elif mark in _CLOSES:
            is_open = False
        else:
            is_open = not is_open
    return is_open


def _is_quotation(text: str) -> bool:
    """Tell whether a unit is a quotation and little else."""
    inside = re.findall(r"[\"“„«]([^\"“”„«»]+)[\"”»]", text)
    enough = sum(len(part.split()) for part in inside) >= QUOTED_WORDS
    return enough and sum(map(len, inside)) >= _WHOLE * len(text)


class RuleVoice(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """The rules as a classifier of voice: it learns nothing, and reads the units of an article in their order."""

    def fit(self, texts: Sequence[str], y: Any, articles: Sequence[object] | None = None) -> RuleVoice:
        """Do nothing: the rules are the same for all texts."""
        self.classes_ = np.asarray(VOICES, dtype=object)
        return self

    def predict(self, texts: Sequence[str], articles: Sequence[object] | None = None) -> NDArray[np.object_]:
        """Return the voice of each text, shape (texts,).

        Parameters
        ----------
        texts
            Units, in reading order within articles.
        articles
            Of each; None where they stand alone.
        """
        return np.concatenate(list(self.blocks(texts, articles, max(len(texts), 1))))

    def blocks(
        self, texts: Sequence[str], articles: Sequence[object] | None, size: int
    ) -> Iterator[NDArray[np.object_]]:
        """Yield what `predict` gives for so many texts after another, read when it is asked for."""
        read: dict[str, _Article] = {}
        for first in range(0, max(len(texts), 1), size):
            block = texts[first : first + size]
            own = [] if articles is None else [str(one) for one in articles[first : first + size]]
            voices = np.empty(len(block), dtype=object)
            for place, text in enumerate(block):
                article = _Article() if articles is None else read.setdefault(own[place], _Article())
                voices[place] = article.next(text)[0]
            yield voices
