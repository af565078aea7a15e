"""Units on disk: read back, and held against the text they are spans of."""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path

import pandas as pd

from framing.corpus.segmentation import split_units
from framing.errors import InputError, StaleCodingError
from framing.files import first_row, read_table, text_sha
from framing.schema import KEY, check


def read_units(path: str | Path, articles: pd.DataFrame) -> pd.DataFrame:
    """Read units and check every span against its article.

    Parameters
    ----------
    path
        A table with ``doc_id, unit, start, end, unit_type, text``; where it has ``sha``, that is checked too.
    articles
        The corpus that the spans point into.

    Returns
    -------
    pandas.DataFrame
        Sorted by key: ``doc_id, outlet, unit, start, end, unit_type, paragraph, sha, text``.

    Raises
    ------
    StaleCodingError
        Where a unit points outside its text, or the text there is no longer what was coded.
    """
    table = check(read_table(path), "units", file=path, first=first_row(path))
    texts = dict(zip(articles["doc_id"], articles["text"], strict=True))
    starts = {doc_id: _paragraph_starts(text) for doc_id, text in texts.items()}
    shas = table["sha"] if "sha" in table.columns else [""] * len(table)
    rows = zip(table["doc_id"], table["start"], table["end"], table["text"], shas, strict=True)
    paragraphs = []
    for number, (doc_id, start, end, text, sha) in enumerate(rows, start=first_row(path)):
        if doc_id not in texts:
            raise InputError(
                f"article '{doc_id}' is not in the corpus",
                file=path,
                row=number,
                column="doc_id",
                cure="Add the article, or remove its units.",
            )
        _require_span(texts[doc_id], start, end, text, sha, path, number)
        paragraphs.append(max(bisect_right(starts[doc_id], start) - 1, 0))
    outlets = dict(zip(articles["doc_id"], articles["outlet"], strict=True))
    table = table.assign(outlet=table["doc_id"].map(outlets), paragraph=paragraphs, sha=table["text"].map(text_sha))
    order = ["doc_id", "outlet", "unit", "start", "end", "unit_type", "paragraph", "sha", "text"]
    return table.sort_values(KEY, ignore_index=True)[order]


def _paragraph_starts(text: str) -> list[int]:
    """Return where each non-empty line of a text starts."""
    starts: dict[int, int] = {}
    for unit in split_units(text):
        starts.setdefault(unit.paragraph, unit.start)
    return list(starts.values())


def _require_span(article: str, start: int, end: int, text: str, sha: str, path: str | Path, number: int) -> None:
    if not 0 <= start < end <= len(article):
        raise StaleCodingError(
            f"the span {start} to {end} lies outside its text, which has {len(article)} characters",
            file=path,
            row=number,
            column="end",
            cure="Segment the article anew and code it again, or restore the text that was coded.",
        )
    found = article[start:end]
    if found != text or (sha and text_sha(found, len(sha)) != sha):
        raise StaleCodingError(
            f"the text at {start} to {end} is not the text that was coded",
            file=path,
            row=number,
            column="text",
            cure="The article has changed since: restore it, or segment and code it again.",
        )
