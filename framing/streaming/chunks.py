"""Chunks: rows that are computed at once, an article never parted, and every row checked before the first of them.

A table is read twice: once to check it, count it and hold its articles against each other (`scan`), and once for the
computation (`chunks`). Neither keeps more than a chunk, and eight bytes for each article.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np

from framing.errors import InputError
from framing.streaming.readers import PIECE, Bad, OnBad, Source
from framing.streaming.rows import Rows, joined, missing

ARTICLE = "doc_id"
"""Column that says which article a row belongs to."""


@dataclass(frozen=True)
class Needs:
    """What a computation needs of a table.

    Attributes
    ----------
    required
        Columns that have to be there.
    filled
        Those that may not be empty in any row.
    whole
        Rows of an article are computed together, so that they stand together in the file.
    unique
        Every row is an article of its own.
    cure
        What helps where a required column is missing.
    """

    required: tuple[str, ...]
    filled: tuple[str, ...] = ("text",)
    whole: bool = False
    unique: bool = False
    cure: str = ""


@dataclass(frozen=True)
class Scan:
    """What is known of a table before anything is computed.

    Attributes
    ----------
    columns
        In order of first appearance.
    n_rows
        Rows that can be used.
    skipped
        Numbers of rows that are left out for their article's sake, though they can be read.
    """

    columns: tuple[str, ...]
    n_rows: int
    skipped: frozenset[int]


def scan(source: Source, needs: Needs, size: int, on_bad: OnBad) -> Scan:
    """Read a table through and check every row.

    Parameters
    ----------
    size
        Rows of a chunk: a table that is no longer may have its articles' rows in any order.
    on_bad
        Raises at the first row that cannot be used, or keeps it apart.

    Raises
    ------
    InputError
        Where a column is missing, there is no row, or an article's rows do not stand together.
    """
    columns: dict[str, None] = {}
    starts, hashes = array("Q"), array("Q")
    n_rows, last = 0, None
    for rows in _usable(source, needs, on_bad, columns):
        n_rows += len(rows)
        if (needs.whole or needs.unique) and ARTICLE in columns:
            for number, article in zip(rows.numbers, _articles(rows), strict=True):
                if article is not None and (needs.unique or article != last):
                    starts.append(number)
                    hashes.append(_hash(article))
                last = article
    missed = next((name for name in needs.required if name not in columns), None)
    if columns and missed is not None:
        _no_column(source, missed, list(columns), needs)
    if not n_rows:
        raise InputError("there is no row in it that could be used", file=source.path, cure="Write one text a row.")
    again = _again(starts, hashes)
    if needs.unique:
        for row, _ in again:
            on_bad(Bad(row, "the same doc_id stands in two rows", "Keep one of them.", ARTICLE))
        return Scan(tuple(columns), n_rows - len(again), frozenset(row for row, _ in again))
    if again and n_rows > size:
        row, before = again[0]
        raise InputError(
            f"goes on with the article of row {before}, and other articles stand between them",
            file=source.path,
            row=row,
            column=ARTICLE,
            cure=f"Sort the table by doc_id (and unit), or raise --chunk to its {n_rows} rows: a unit is read with "
            "those before it in its article.",
        )
    return Scan(tuple(columns), n_rows, frozenset())


def chunks(source: Source, needs: Needs, size: int, skipped: frozenset[int] = frozenset()) -> Iterator[Rows]:
    """Give the usable rows in chunks of ``size`` rows, or more where the last article goes on."""
    held: list[Rows] = []
    count, last = 0, None
    for rows in _usable(source, needs, _left_out, {}, skipped):
        articles = _articles(rows) if needs.whole else [None] * len(rows)
        start = 0
        for place, article in enumerate(articles):
            if count >= size and (article is None or article != last):
                if place > start:
                    held.append(rows.between(start, place))
                yield joined(held)
                held, count, start = [], 0, place
            count, last = count + 1, article
        held.append(rows.between(start, len(rows)))
    if count:
        yield joined(held)


def _left_out(bad: Bad) -> None:
    """Leave a row out that the scan has told of."""


def _usable(
    source: Source, needs: Needs, on_bad: OnBad, columns: dict[str, None], skipped: frozenset[int] = frozenset()
) -> Iterator[Rows]:
    """Give the rows that can be used, note the columns that there are, and tell of the other rows in their order."""
    bad: list[Bad] = []

    def tell() -> None:
        for row in sorted(bad, key=lambda told: told.row):
            on_bad(row)
        bad.clear()

    def wait(row: Bad) -> None:
        bad.append(row)
        if len(bad) > PIECE:  # a file that holds nothing else
            tell()

    for rows in source.rows(wait):
        if isinstance(rows.data, list):
            for record in rows.data:
                columns.update(dict.fromkeys(record))
        else:
            columns.update(dict.fromkeys(rows.data.column_names))
        missed = next((name for name in needs.required if name not in columns), None)
        if missed is not None:
            _no_column(source, missed, list(columns), needs)
        refused = {place for place, number in enumerate(rows.numbers) if number in skipped} if skipped else set()
        for name in needs.filled:
            for place, value in enumerate(rows.column(name)):
                if place not in refused and (problem := _problem(value, name)) is not None:
                    refused.add(place)
                    bad.append(Bad(rows.numbers[place], *problem, name, rows.record(place)))
        tell()
        yield rows.without(refused) if refused else rows
    tell()


def _problem(value: object, column: str) -> tuple[str, str] | None:
    if isinstance(value, (list, dict)):
        return f"{str(value)[:80]} is not a text", "Give one text a row."
    if missing(value):
        return ("the text is empty" if column == "text" else "empty"), "Fill it in, or remove the row."
    return None


def _no_column(source: Source, column: str, columns: Sequence[str], needs: Needs) -> None:
    raise InputError(
        f"no column '{column}' (there are: {', '.join(columns)})", file=source.path, column=column, cure=needs.cure
    )


def _articles(rows: Rows) -> list[Any]:
    """Return each row's article, None where it belongs to none."""
    return [None if missing(value) else value for value in rows.column(ARTICLE)]


def _hash(article: object) -> int:
    # 64 bits: among ten million articles two share a hash with a chance of 3 in a million.
    return int.from_bytes(blake2b(str(article).encode("utf-8", "replace"), digest_size=8).digest(), "little")


def _again(starts: Sequence[int], hashes: Sequence[int]) -> list[tuple[int, int]]:
    """Return where an article starts again, with the row where it first did, in order of rows."""
    found, rows = np.asarray(hashes, dtype=np.uint64), np.asarray(starts, dtype=np.uint64)
    order = np.argsort(found, kind="stable")
    same = np.flatnonzero(found[order][1:] == found[order][:-1]) if len(found) else np.empty(0, dtype=np.intp)
    first = np.arange(len(found))
    for place in same:  # few: an article that starts again is an error
        first[order[place + 1]] = first[order[place]]
    again = sorted(order[same + 1].tolist())
    return [(int(rows[place]), int(rows[first[place]])) for place in again]
