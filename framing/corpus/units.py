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
    paragraphs = []
    for number, unit in enumerate(table.itertuples(index=False), start=first_row(path)):
        text = texts.get(str(unit.doc_id))
        if text is None:
            raise InputError(
                f"article '{unit.doc_id}' is not in the corpus",
                file=path,
                row=number,
                column="doc_id",
                cure="Add the article, or remove its units.",
            )
        _require_span(unit, text, path, number)
        paragraphs.append(bisect_right(starts[str(unit.doc_id)], int(str(unit.start))) - 1)
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


def _require_span(unit: object, text: str, path: str | Path, number: int) -> None:
    start, end = int(getattr(unit, "start")), int(getattr(unit, "end"))  # noqa: B009
    if not 0 <= start < end <= len(text):
        raise StaleCodingError(
            f"the span {start} to {end} lies outside its text, which has {len(text)} characters",
            file=path,
            row=number,
            column="end",
            cure="Segment the article anew and code it again, or restore the text that was coded.",
        )
    found = text[start:end]
    sha = getattr(unit, "sha", None)
    if found != getattr(unit, "text") or (sha and text_sha(found, len(str(sha))) != sha):  # noqa: B009
        raise StaleCodingError(
            f"the text at {start} to {end} is not the text that was coded",
            file=path,
            row=number,
            column="text",
            cure="The article has changed since: restore it, or segment and code it again.",
        )
