"""Rows and what was computed for them, as bytes of each format of a table, and Parquet parts joined into one."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from framing.files import FLOAT_DIGITS, TableFormat, plain
from framing.streaming.rows import Rows, spelt

if TYPE_CHECKING:
    import pyarrow as pa


def content_of(
    rows: Rows | None, produced: pd.DataFrame, kind: TableFormat, columns: Sequence[str], *, first: bool
) -> bytes:
    """Return a part as bytes of its format.

    Parameters
    ----------
    rows
        The rows that the computation was given, where their columns are kept; ``produced`` then has a row for each.
    produced
        What was computed.
    kind
        Format of the output.
    columns
        Those of the whole table that are kept, in order.
    first
        Whether this is the first part, which has the header of a CSV file.
    """
    kept = [] if rows is None else list(columns)
    if kind == "parquet":
        return _parquet(rows, produced, kept)
    names = [*kept, *map(str, produced.columns)]
    cells = [_values(produced[name]) for name in produced.columns]
    if kind == "jsonl":
        lines = _json_lines(rows, names[len(kept) :], cells)
        return "".join(lines).encode("utf-8")
    values: list[list[Any]] = [] if rows is None else [[_cell(v) for v in rows.column(name)] for name in kept]
    made = [["" if value is None else value for value in column] for column in cells]
    return "".join(csv_lines([names] if first else [], zip(*values, *made, strict=True))).encode("utf-8")


def csv_lines(*tables: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Give rows as lines of CSV that end in a line feed; cells with any kind of line break are quoted."""
    lines: list[str] = []

    class Sink:
        # The writer quotes what its own line end holds: with \r\n that is every line break.
        def write(self, line: str) -> None:
            lines.append(line[:-2] + "\n")

    writer = csv.writer(Sink(), lineterminator="\r\n")
    for table in tables:
        writer.writerows(table)
    yield from lines


def _values(series: pd.Series[Any]) -> list[Any]:
    """Return a computed column as plain values: floats to `FLOAT_DIGITS` decimals, nothing as None."""
    if pd.api.types.is_float_dtype(series.dtype):
        series = series.round(FLOAT_DIGITS)
    return [None if value is None or value != value else value for value in series.tolist()]


def _cell(value: Any) -> str:
    """Return a value as a cell of CSV."""
    if isinstance(value, str):
        return value
    value = plain(value)
    return spelt(value) or "" if isinstance(value, (list, dict)) else "" if value is None else str(value)


def _json_lines(rows: Rows | None, names: Sequence[str], cells: Sequence[Sequence[Any]]) -> Iterator[str]:
    made = (dict(zip(names, values, strict=True)) for values in zip(*cells, strict=True))
    kept: Iterable[dict[str, Any]] | None = None
    if rows is not None:
        kept = rows.records() if isinstance(rows.data, list) else (_plain_record(r) for r in rows.records())
    together = made if kept is None else ({**old, **new} for old, new in zip(kept, made, strict=True))
    for record in together:
        yield json.dumps(record, ensure_ascii=False, separators=(",", ":"), default=str) + "\n"


def _plain_record(record: dict[str, Any]) -> dict[str, Any]:
    return {name: plain(value) for name, value in record.items()}


def _parquet(rows: Rows | None, produced: pd.DataFrame, kept: Sequence[str]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(produced, preserve_index=False).replace_schema_metadata(None)
    if rows is not None:
        whole = rows.arrow(kept)
        for name in table.column_names:
            whole = whole.append_column(table.field(name), table.column(name))
        table = whole
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def join_parquet(paths: Sequence[Path], out: Path) -> None:
    """Write the parts as one file, a row group each, with the types that hold the values of all."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = _common([pq.read_schema(path) for path in paths])
    with pq.ParquetWriter(out, schema) as writer:
        for path in paths:
            table = pq.read_table(path, partitioning=None)
            arrays = [_cast(table.column(field.name), field.type) for field in schema]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _common(schemas: Sequence[pa.Schema]) -> pa.Schema:
    """Return types that hold the values of every part; text, where they have nothing in common."""
    import pyarrow as pa

    fields = []
    for name in schemas[0].names:
        alike = [pa.schema([schema.field(name)]) for schema in schemas]
        try:
            fields.append(pa.unify_schemas(alike, promote_options="permissive").field(0))
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            fields.append(pa.field(name, pa.string()))
    return pa.schema(fields, metadata=schemas[0].metadata)


def _cast(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    import pyarrow as pa

    if column.type == kind:
        return column
    if pa.types.is_string(kind):
        return pa.chunked_array([pa.array([spelt(value) for value in column.to_pylist()], pa.string())])
    return column.cast(kind)
