"""Reading and writing at the boundary: strict UTF-8, errors that name the row, outputs whole or not at all."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from framing.errors import InputError

TableFormat = Literal["csv", "jsonl", "parquet"]
"""Formats of a table on disk, told by the file's ending: .csv, .jsonl, .parquet."""

UTF8_CURE = "Save the file as UTF-8 (older Arabic files are often Windows-1256)."
FIELDS_CURE = "Quote fields that hold a comma; give every row as many fields as the header."

FLOAT_DIGITS = 6
"""Decimals in every CSV and JSON we write: beyond what any estimate here can claim, and stable across machines."""


def text_sha(text: str, length: int = 12) -> str:
    """Return the first ``length`` hex digits of the SHA-256 of the text's UTF-8 bytes."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:length]


def existing(path: str | Path, what: str = "file") -> Path:
    """Return the path, or raise InputError where nothing is there."""
    path = Path(path)
    if not path.exists():
        raise InputError(f"{what} not found", file=path, cure="Check the path and its spelling.")
    return path


def holds_nothing(folder: Path) -> bool:
    """Tell whether a folder is still to be made, or empty."""
    return not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))


def read_text(path: str | Path) -> str:
    """Read a UTF-8 text with its line ends as they are.

    Raises
    ------
    InputError
        Where the file is missing or its bytes are not UTF-8.
    """
    path = existing(path)
    if path.is_dir():
        raise InputError("a folder, where a file is needed", file=path, cure="Name a file inside it.")
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"byte 0x{raw[error.start]:02x} at position {error.start} is not UTF-8",
            file=path,
            row=line,
            cure=UTF8_CURE,
        ) from None


def table_format(path: str | Path) -> TableFormat:
    """Tell a table's format from its ending."""
    endings: dict[str, TableFormat] = {
        ".csv": "csv",
        ".jsonl": "jsonl",
        ".ndjson": "jsonl",
        ".parquet": "parquet",
    }
    suffix = Path(path).suffix.lower()
    if suffix not in endings:
        raise InputError(f"unknown ending '{suffix}'", file=path, cure="Use a .csv, .jsonl or .parquet file.")
    return endings[suffix]


def first_row(path: str | Path) -> int:
    """Return the number a user would give to the first record: 2 in a CSV file, whose header is row 1."""
    return 2 if table_format(path) == "csv" else 1


def read_table(path: str | Path) -> pd.DataFrame:
    """Read a table of CSV (all columns as text, nothing guessed), JSONL or Parquet.

    Raises
    ------
    InputError
        Where the file is missing, is not UTF-8, or a row cannot be parsed.
    """
    path = existing(path)
    kind = table_format(path)
    if kind == "parquet":
        try:
            return pd.read_parquet(path)
        except (OSError, ValueError) as error:
            raise InputError(f"not a readable Parquet file ({error})", file=path, cure="Write it anew.") from None
    content = read_text(path)
    return _parse_csv(content, path) if kind == "csv" else _parse_jsonl(content, path)


def _parse_csv(content: str, path: Path) -> pd.DataFrame:
    from io import StringIO

    # Blank lines in the middle stay: they are empty cells of a one-column table, and rows keep their numbers.
    lines = content.removeprefix("\ufeff").rstrip("\r\n")
    try:
        table = pd.read_csv(StringIO(lines), dtype=str, keep_default_na=False, skip_blank_lines=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(f"not a readable CSV file ({str(error).strip()})", file=path, cure=FIELDS_CURE) from None
    if not isinstance(table.index, pd.RangeIndex):  # pandas takes what is too much in every row for row names
        raise InputError("row 2 has more fields than the header", file=path, cure=FIELDS_CURE)
    return table


def _parse_jsonl(content: str, path: Path) -> pd.DataFrame:
    records: list[dict[str, Any]] = []
    for number, line in enumerate(content.removeprefix("\ufeff").rstrip().split("\n"), start=1):
        try:
            records.append(json_record(line))
        except InputError as error:
            raise InputError(error.problem, file=path, row=number, cure=error.cure) from None
    return pd.DataFrame.from_records(records)


def json_record(line: str) -> dict[str, Any]:
    """Return the object that a line of JSONL holds.

    Raises
    ------
    InputError
        Without file and row, which the caller knows, where the line is blank, not JSON, no object, or holds half of a
        character.
    """
    try:
        record = json.loads(line)
        if "\\u" in line:  # nothing else can bring in a lone surrogate
            json.dumps(record, ensure_ascii=False).encode("utf-8")
    except json.JSONDecodeError as error:
        problem = f"not valid JSON ({error.msg})" if line.strip() else "the line is blank"
        raise InputError(problem, cure="One JSON object per line.") from None
    except UnicodeEncodeError:
        raise InputError("half of a character (a lone surrogate)", cure="Export the file anew as UTF-8.") from None
    if not isinstance(record, dict):
        problem = f"a JSON {type(record).__name__}, where an object is needed"
        raise InputError(problem, cure='Write {"text": "..."} on each line.')
    return record


@contextmanager
def atomic(path: str | Path) -> Iterator[Path]:
    """Give a scratch path beside ``path``; on success it becomes ``path``, on failure it goes.

    Yields
    ------
    pathlib.Path
        Where to write, with the same ending.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, scratch = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    try:
        yield Path(scratch)
        mask = os.umask(0)
        os.umask(mask)
        Path(scratch).chmod(0o666 & ~mask)
        Path(scratch).replace(path)
    finally:
        Path(scratch).unlink(missing_ok=True)


@contextmanager
def atomic_folder(path: str | Path) -> Iterator[Path]:
    """Give a scratch folder beside ``path``; on success it becomes ``path``, on failure it goes.

    Where ``path`` has come into being meanwhile, by another process, that one stays.

    Yields
    ------
    pathlib.Path
        Where to write.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{path.name}-", dir=path.parent) as scratch:
        made = Path(scratch) / path.name
        made.mkdir()
        yield made
        try:
            made.replace(path)
        except OSError:
            if not path.is_dir():
                raise


def write_table(table: pd.DataFrame, path: str | Path) -> None:
    """Write a table whole or not at all, in the format its ending tells; floats to `FLOAT_DIGITS` decimals."""
    kind = table_format(path)
    with atomic(path) as scratch:
        if kind == "parquet":
            table.to_parquet(scratch, index=False)
        elif kind == "csv":
            # A lone carriage return ends a row for the reader, but is not quoted by the writer.
            returns = any(isinstance(v, str) and "\r" in v for c in table.columns for v in table[c])
            table.round(FLOAT_DIGITS).to_csv(
                scratch,
                index=False,
                lineterminator="\n",
                quoting=csv.QUOTE_NONNUMERIC if returns else csv.QUOTE_MINIMAL,
            )
        else:
            table.round(FLOAT_DIGITS).to_json(
                scratch, orient="records", lines=True, force_ascii=False, double_precision=FLOAT_DIGITS
            )


def write_json(value: object, path: str | Path) -> None:
    """Write JSON whole or not at all: floats to `FLOAT_DIGITS` decimals, not-a-number as null."""
    with atomic(path) as scratch:
        scratch.write_text(
            json.dumps(plain(value), ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8"
        )


def plain(value: object) -> object:
    """Turn numpy and pandas scalars into what JSON knows, recursively; floats rounded, nan to None."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if hasattr(value, "item") and not isinstance(value, str):
        value = value.item()
    if value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, float):
        return None if value != value else round(value, FLOAT_DIGITS)
    return value
