"""Results in parts: each written whole, kept beside the output until all are there, then joined in order."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from framing.errors import InputError
from framing.files import FLOAT_DIGITS, TableFormat, atomic, plain, table_format
from framing.streaming.readers import Bad
from framing.streaming.rows import Rows, spelt

if TYPE_CHECKING:
    import pyarrow as pa

JOURNAL = "journal.json"


@dataclass(frozen=True)
class Receipt:
    """What is known of a part that is written.

    Attributes
    ----------
    number
        Of the part, from 0.
    n_rows, n_out
        Rows that went in, and that came out.
    counts
        What the computation counted in it.
    """

    number: int
    n_rows: int
    n_out: int
    counts: dict[str, int]


class Parts:
    """The folder of an output's parts, with the journal of what they were made from.

    A part counts once its receipt is there, and both are renamed into place when they are whole: a process that is
    killed at any time leaves parts that count or none.

    Parameters
    ----------
    out
        The output; the folder lies beside it, hidden.
    """

    def __init__(self, out: Path) -> None:
        self.out, self.kind = out, table_format(out)
        self.folder = out.parent / f".{out.name}.parts"

    def open(self, identity: dict[str, str], *, restart: bool) -> dict[int, Receipt]:
        """Begin, or go on where an earlier run with the same identity stopped.

        Parameters
        ----------
        identity
            Everything that the result depends on, by the name that a user knows.
        restart
            Throw away what another run has left.

        Returns
        -------
        dict of int to Receipt
            The parts that are there.

        Raises
        ------
        InputError
            Where an unfinished run of another identity lies there.
        """
        if restart and self.folder.exists():
            shutil.rmtree(self.folder)
        journal = self.folder / JOURNAL
        if journal.exists():
            self._require_same(json.loads(journal.read_text(encoding="utf-8")), identity)
        self.folder.mkdir(parents=True, exist_ok=True)
        if not journal.exists():
            with atomic(journal) as scratch:
                scratch.write_text(json.dumps(identity, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        receipts = [Receipt(**json.loads(path.read_text(encoding="utf-8"))) for path in self.folder.glob("part-*.json")]
        return {receipt.number: receipt for receipt in receipts if self.part(receipt.number).exists()}

    def _require_same(self, before: dict[str, str], now: dict[str, str]) -> None:
        changed = [name for name in {**before, **now} if before.get(name) != now.get(name)]
        if changed:
            raise InputError(
                f"an interrupted run with another {' and another '.join(changed)} lies beside it, unfinished",
                file=self.out,
                cure="Repeat that run to finish it, name another --out, or add --restart to throw its parts away.",
            )

    def part(self, number: int) -> Path:
        """Return where a part is kept."""
        return self.folder / f"part-{number:08d}.{self.kind}"

    def receipt(self, number: int) -> Path:
        """Return where the receipt of a part is kept."""
        return self.folder / f"part-{number:08d}.json"

    def keep(self, content: bytes, receipt: Receipt) -> None:
        """Write a part and then its receipt."""
        with atomic(self.part(receipt.number)) as scratch:
            scratch.write_bytes(content)
        with atomic(self.receipt(receipt.number)) as scratch:
            scratch.write_text(json.dumps(asdict(receipt), ensure_ascii=False), encoding="utf-8")

    def drop_empty(self) -> None:
        """Remove the folder where no part is in it."""
        if self.folder.exists() and not any(self.folder.glob("part-*.json")):
            shutil.rmtree(self.folder)

    def finish(self, n_parts: int, rejects: Rejects) -> None:
        """Join the parts into the output, put the rejects beside it, and remove the folder."""
        paths = [self.part(number) for number in range(n_parts)]
        with atomic(self.out) as scratch:
            if self.kind == "parquet":
                _join_parquet(paths, scratch)
            else:
                with scratch.open("wb") as whole:
                    for path in paths:
                        with path.open("rb") as file:
                            shutil.copyfileobj(file, whole)
            rejects.publish()
        shutil.rmtree(self.folder)


class Rejects:
    """Rows that could not be used, set aside beside the output with their number and the reason.

    Parameters
    ----------
    out
        The output.
    source
        Where the rows come from.
    """

    def __init__(self, out: Path, source: Path) -> None:
        self.path = out.with_name(f"{out.name}.rejects.jsonl")
        self.source = source
        self.count = 0
        self._kept = tempfile.TemporaryFile()  # noqa: SIM115  # on disk, since there may be many; closed on exit

    def __enter__(self) -> Rejects:
        return self

    def __exit__(self, *told: object) -> None:
        self._kept.close()

    def add(self, bad: Bad) -> None:
        """Set a row aside."""
        self.count += 1
        told = {"file": str(self.source), "row": bad.row, "column": bad.column, "reason": bad.problem}
        record = bad.record if isinstance(bad.record, str) else plain(bad.record)
        line = json.dumps({**told, "record": record}, ensure_ascii=False, default=str)
        self._kept.write(line.encode("utf-8", "backslashreplace") + b"\n")

    def publish(self) -> None:
        """Write the file, whole; where there is no such row, that of an earlier run goes."""
        if self.count:
            self._kept.seek(0)
            with atomic(self.path) as scratch, scratch.open("wb") as file:
                shutil.copyfileobj(self._kept, file)
        else:
            self.path.unlink(missing_ok=True)


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


def _join_parquet(paths: Sequence[Path], out: Path) -> None:
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
