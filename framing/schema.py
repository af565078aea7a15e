"""Declared shapes of the tables that travel between rooms, checked where they enter from a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pandas as pd

from framing.errors import InputError

if TYPE_CHECKING:
    import pandera.pandas as pa

TableName = Literal["articles", "units", "codings", "gold", "coded", "exemplars", "answers", "adjudications"]
"""articles: one text each; units: spans of articles; codings: what one coder said of one unit; gold: what is
taken as true of one unit; coded: units of another corpus with their gold; exemplars: constructed sentences with their
codes; answers: what one coder said of one unit, with when and in which tool; adjudications: what was decided of one
variable of one unit on which coders differed."""

UNIT_TYPES = ("headline", "heading", "body", "boilerplate")
"""headline: the article's title; heading: a title inside it; body: a sentence; boilerplate: the site's own
words (navigation, share prompts, network names), never coded."""

KEY = ["doc_id", "unit"]
"""The key of every table about units."""

_UNIQUE: dict[TableName, list[str]] = {
    "articles": ["doc_id"],
    "units": KEY,
    "codings": [*KEY, "coder"],
    "gold": KEY,
    "coded": KEY,
    "exemplars": ["id"],
    "answers": [*KEY, "coder"],
    "adjudications": [*KEY, "variable"],
}


def _schema(name: TableName) -> pa.DataFrameSchema:
    import pandera.pandas as pa

    def text(check: pa.Check | None = None) -> pa.Column:
        return pa.Column(str, check, coerce=True)

    def count() -> pa.Column:
        return pa.Column(int, pa.Check.ge(0), coerce=True)

    filled = pa.Check(lambda s: s.str.strip().ne(""), name="not empty", error="empty")
    key = {"doc_id": text(filled), "unit": count()}
    columns: dict[TableName, dict[str, pa.Column]] = {
        "articles": {
            "doc_id": text(filled),
            "outlet": text(),
            "text": text(filled),
        },
        "units": {
            **key,
            "start": count(),
            "end": count(),
            "unit_type": text(pa.Check.isin(UNIT_TYPES)),
            "text": text(filled),
        },
        "codings": {**key, "coder": text(filled)},
        "gold": dict(key),
        "coded": {**key, "text": text(filled)},
        "exemplars": {"id": text(filled), "origin": text(), "style": text(), "text": text(filled)},
        "answers": {
            **key,
            "sha": text(filled),
            "coder": text(filled),
            "seconds": pa.Column(float, pa.Check.ge(0), coerce=True, nullable=True),
        },
        "adjudications": {**key, "variable": text(filled), "value": pa.Column(), "adjudicator": text(filled)},
    }
    return pa.DataFrameSchema(columns[name], unique=_UNIQUE[name], strict=False)


def check(table: pd.DataFrame, name: TableName, *, file: str | Path | None = None, first: int = 1) -> pd.DataFrame:
    """Return the table with its declared types, or raise the first thing that is wrong with it.

    Parameters
    ----------
    table
        As read; further columns are kept.
    name
        Which declared shape it must have.
    file, first
        The file it came from and the number of its first record, for the error.

    Raises
    ------
    InputError
        Naming file, row, column and cure.
    """
    import pandera.errors

    schema = _schema(name)
    missing = [column for column in schema.columns if column not in table.columns]
    if missing:
        raise InputError(
            f"no column '{missing[0]}' (there are: {', '.join(map(str, table.columns))})",
            file=file,
            column=missing[0],
            cure=f"A table of {name} needs the columns {', '.join(schema.columns)}.",
        )
    table = table.reset_index(drop=True)
    _require_texts(table, schema, file, first)
    try:
        return schema.validate(table, lazy=True)
    except pandera.errors.SchemaErrors as error:
        raise _first_failure(error.failure_cases, name, file, first) from None


def _require_texts(table: pd.DataFrame, schema: pa.DataFrameSchema, file: str | Path | None, first: int) -> None:
    """Raise where a cell of text holds a list or a mapping, which would silently become its spelling."""
    for column in set(schema.columns) & {"text", "outlet", "doc_id", "coder"}:
        for row, value in enumerate(table[column]):
            if isinstance(value, (list, dict)) or hasattr(value, "__array__"):
                raise InputError(
                    f"{value!r} is not a text", file=file, row=row + first, column=column, cure="Give one text a row."
                )


def _first_failure(cases: pd.DataFrame, name: TableName, file: str | Path | None, first: int) -> InputError:
    located = cases.dropna(subset=["index"])
    found = located if len(located) else cases
    empty = found[found["check"].eq("empty")]  # of rows not filled yet, that they are alike is no news
    case = (empty if len(empty) else found).iloc[0]
    row = None if pd.isna(case["index"]) else int(case["index"]) + first
    others = located["index"].nunique() - 1
    more = f" ({others} further rows like it)" if others > 0 else ""
    rule, value = str(case["check"]), case["failure_case"]
    column = None if case["column"] is None or pd.isna(case["column"]) else str(case["column"])
    if "unique" in rule:
        return InputError(
            f"the same {' and '.join(_UNIQUE[name])} stands in two rows{more}",
            file=file,
            row=row,
            cure="Keep one of them.",
        )
    if rule in ("empty", "not_nullable"):
        return InputError(f"empty{more}", file=file, row=row, column=column, cure="Fill it in, or remove the row.")
    if rule.startswith("isin"):
        return InputError(
            f"unknown value '{value}'{more}",
            file=file,
            row=row,
            column=column,
            cure=f"Use one of {', '.join(UNIT_TYPES)}.",
        )
    return InputError(
        f"'{value}' is not what this column holds{more}",
        file=file,
        row=row,
        column=column,
        cure="Use whole numbers from 0 for unit, start and end; text elsewhere.",
    )
