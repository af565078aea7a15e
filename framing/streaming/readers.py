"""Tables read piece by piece: CSV, JSONL and Parquet, with a constant need of memory and errors that name the row.

What a cell holds is what `framing.files.read_table` would give: CSV cells are text and nothing is guessed, UTF-8 is
strict, JSONL and Parquet keep the values that they have.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from framing.errors import InputError
from framing.files import FIELDS_CURE, UTF8_CURE, existing, first_row, json_record, table_format
from framing.streaming.rows import Record, Rows

PIECE = 1000
"""Rows read at a time."""

LONGEST = 2**26
"""Characters in a cell of CSV above which a quotation mark was never closed."""

_PANDAS_INDEX = re.compile(r"__index_level_\d+__")
_QUOTES = "Double every quotation mark inside a quoted field, and close each field."


@dataclass(frozen=True)
class Bad:
    """A row that cannot be used.

    Attributes
    ----------
    row, problem, cure, column
        As `framing.errors.InputError` has them.
    record
        The row, as far as it is known.
    error
        What is raised where the run stops here, if it is not made of the above.
    """

    row: int
    problem: str
    cure: str = ""
    column: str | None = None
    record: Record | str | None = None
    error: InputError | None = None


OnBad = Callable[[Bad], None]
"""What is done with a bad row: it raises, or keeps the row apart."""


class Source(Protocol):
    """Where rows come from, the same rows each time they are read."""

    @property
    def path(self) -> Path:
        """The file that errors name."""

    def sha(self) -> str:
        """Return a hash of all that is read."""

    def rows(self, on_bad: OnBad) -> Iterator[Rows]:
        """Give the rows piece by piece; those that cannot be read go to ``on_bad``."""


@dataclass(frozen=True)
class TableFile:
    """A table on disk as a `Source`."""

    path: Path

    def __post_init__(self) -> None:
        existing(self.path)
        table_format(self.path)

    def sha(self) -> str:
        """Return the SHA-256 of the file."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def rows(self, on_bad: OnBad) -> Iterator[Rows]:
        """Give the rows piece by piece."""
        readers = {"csv": _csv_rows, "jsonl": _jsonl_rows, "parquet": _parquet_rows}
        return readers[table_format(self.path)](self.path, on_bad)


def _parquet_rows(path: Path, on_bad: OnBad) -> Iterator[Rows]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        # Without the buffering ahead, which would hold all of a row group.
        with pq.ParquetFile(path, pre_buffer=False, buffer_size=2**20) as file:
            columns = [name for name in file.schema_arrow.names if not _PANDAS_INDEX.fullmatch(name)]
            number = first_row(path)
            for batch in file.iter_batches(batch_size=PIECE, columns=columns, use_threads=False):
                yield Rows(range(number, number + len(batch)), pa.Table.from_batches([batch]))
                number += len(batch)
    except (OSError, ValueError) as error:
        raise InputError(f"not a readable Parquet file ({error})", file=path, cure="Write it anew.") from None


def _jsonl_rows(path: Path, on_bad: OnBad) -> Iterator[Rows]:
    numbers: list[int] = []
    records: list[Record] = []
    blank: list[int] = []
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            if not raw.strip(b" \t\r\n\xef\xbb\xbf" if number == 1 else b" \t\r\n"):
                blank.append(number)  # at the end of the file, blank lines are none
                continue
            for place in blank:
                on_bad(Bad(place, "the line is blank", "One JSON object per line."))
            blank.clear()
            record = _json_record(raw, number, on_bad)
            if record is not None:
                numbers.append(number)
                records.append(record)
            if len(records) == PIECE:
                yield Rows(numbers, records)
                numbers, records = [], []
    if records:
        yield Rows(numbers, records)


def _json_record(raw: bytes, number: int, on_bad: OnBad) -> Record | None:
    line = raw.decode("utf-8", errors="backslashreplace").strip("\ufeff \t\r\n")
    try:
        # A line break inside a text is written \n in JSON, so that a line is a record.
        return json_record(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        on_bad(Bad(number, f"byte 0x{raw[error.start]:02x} is not UTF-8", UTF8_CURE, record=line))
    except InputError as error:
        on_bad(Bad(number, error.problem, error.cure, record=line))
    return None


def _csv_rows(path: Path, on_bad: OnBad) -> Iterator[Rows]:
    # Bytes that are not UTF-8 come as lone surrogates, so that a row can be told by its number.
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        lines = _Lines(file)
        reader = csv.reader(lines, strict=True)
        columns = _header(path, reader)
        number = first_row(path)
        blank = 0
        numbers: list[int] = []
        records: list[Record] = []
        while (cells := _next_row(reader, lines, number, on_bad)) is not None:
            if not cells:  # at the end of the file, blank lines are none; elsewhere they are empty cells
                blank, number = blank + 1, number + 1
                continue
            if cells != [_REFUSED]:
                for place in range(number - blank, number):
                    numbers.append(place)
                    records.append(dict.fromkeys(columns, ""))
                record = _csv_record(cells, columns, number, on_bad)
                if record is not None:
                    numbers.append(number)
                    records.append(record)
            blank, number = 0, number + 1
            if len(records) >= PIECE:
                yield Rows(numbers, records)
                numbers, records = [], []
    if records:
        yield Rows(numbers, records)


_REFUSED = "\0refused"


class _Lines:
    """The lines of a file, remembering those of the row that is being read."""

    def __init__(self, file: Iterator[str]) -> None:
        self.file, self.read = file, list[str]()

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self.file)
        self.read.append(line)
        return line


@contextmanager
def _long_cells() -> Iterator[None]:
    """Let the reader of CSV take cells of any length that an article may have."""
    before = csv.field_size_limit(LONGEST)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _header(path: Path, reader: Any) -> list[str]:
    try:
        with _long_cells():
            header = next(reader, None)
    except csv.Error as error:
        raise InputError(f"not a readable CSV file ({error})", file=path, row=1, cure=_QUOTES) from None
    if not header:
        raise InputError("not a readable CSV file (no header)", file=path, cure="Name the columns in the first row.")
    # What the reader of whole tables calls a column without a name, such as that of row numbers.
    named = [name or f"Unnamed: {place}" for place, name in enumerate(header)]
    twice = next((name for name in named if named.count(name) > 1), None)
    if twice is not None:
        raise InputError("the column stands twice", file=path, row=1, column=twice, cure="Rename one of them.")
    if not _is_unicode("".join(named)):
        raise InputError("the header is not UTF-8", file=path, row=1, cure=UTF8_CURE)
    return named


def _next_row(reader: Any, lines: _Lines, number: int, on_bad: OnBad) -> list[str] | None:
    lines.read.clear()
    try:
        with _long_cells():
            row: list[str] | None = next(reader, None)
            return row
    except csv.Error as error:
        told = {
            "unexpected end of data": "a quotation mark is opened and never closed",
            "',' expected after '\"'": "a quotation mark inside a quoted field is not doubled",
        }.get(str(error), str(error))
        on_bad(Bad(number, told, _QUOTES, record=_legible("".join(lines.read)).rstrip("\r\n")))
        return [_REFUSED]


def _csv_record(cells: list[str], columns: list[str], number: int, on_bad: OnBad) -> Record | None:
    record = dict(zip(columns, cells, strict=False))
    if len(cells) > len(columns):
        spilt = {**record, "": cells[len(columns) :]}
        problem = f"{len(cells)} fields, where the header has {len(columns)}"
        on_bad(Bad(number, problem, FIELDS_CURE, record=spilt))
        return None
    if not _is_unicode("".join(cells)):
        legible = {name: _legible(cell) for name, cell in record.items()}
        on_bad(Bad(number, "holds bytes that are not UTF-8", UTF8_CURE, record=legible))
        return None
    for name in columns[len(cells) :]:
        record[name] = ""
    return record


def _is_unicode(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _legible(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
