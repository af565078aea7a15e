"""Rows of a table on their way through a computation: as they stand in the file, with the numbers a user gives them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    import pyarrow as pa

Record = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Rows:
    """Some rows of a table.

    Attributes
    ----------
    numbers
        Number of each row as `framing.errors.InputError` counts them.
    data
        The rows: an Arrow table where the file knows types, else one mapping a row.
    """

    numbers: Sequence[int]
    data: pa.Table | list[Record]

    def __len__(self) -> int:
        return len(self.numbers)

    def column(self, name: str) -> list[Any]:
        """Return the values of a column, None where a row has none."""
        if isinstance(self.data, list):
            return [record.get(name) for record in self.data]
        if name not in self.data.column_names:
            return [None] * len(self)
        return list(self.data.column(name).to_pylist())

    def frame(self, columns: Sequence[str]) -> pd.DataFrame:
        """Return these columns, as objects and nothing guessed."""
        return pd.DataFrame({name: pd.Series(self.column(name), dtype=object) for name in columns})

    def between(self, start: int, stop: int) -> Rows:
        """Return the rows from the place ``start`` up to ``stop``."""
        data = self.data[start:stop] if isinstance(self.data, list) else self.data.slice(start, stop - start)
        return Rows(self.numbers[start:stop], data)

    def without(self, places: set[int]) -> Rows:
        """Return all rows but those at these places."""
        kept = [place for place in range(len(self)) if place not in places]
        data = [self.data[place] for place in kept] if isinstance(self.data, list) else self.data.take(kept)
        return Rows([self.numbers[place] for place in kept], data)

    def record(self, place: int) -> Record:
        """Return one row as a mapping."""
        if isinstance(self.data, list):
            return self.data[place]
        return dict(self.data.slice(place, 1).to_pylist()[0])

    def records(self) -> list[Record]:
        """Return every row as a mapping."""
        return self.data if isinstance(self.data, list) else list(self.data.to_pylist())

    def arrow(self, columns: Sequence[str]) -> pa.Table:
        """Return an Arrow table of these columns; values of several kinds in one column are written as text."""
        import pyarrow as pa

        if not isinstance(self.data, list):
            return self.data.select(list(columns))
        return pa.table({name: as_array(self.column(name)) for name in columns})


def joined(parts: Sequence[Rows]) -> Rows:
    """Return the rows of several pieces of one table, in order."""
    if len(parts) == 1:
        return parts[0]
    numbers = [number for part in parts for number in part.numbers]
    lists = [part.data for part in parts if isinstance(part.data, list)]
    if len(lists) == len(parts):
        return Rows(numbers, [record for data in lists for record in data])
    import pyarrow as pa

    return Rows(numbers, pa.concat_tables([part.data for part in parts]))


def as_array(values: Sequence[Any]) -> pa.Array:
    """Return an Arrow array: of the values' own kind, or of their spelling in JSON where kinds are mixed."""
    import pyarrow as pa

    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        return pa.array([spelt(value) for value in values], pa.string())


def spelt(value: Any) -> str | None:
    """Return a text as it is, null as null, and anything else as JSON writes it."""
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def missing(value: object) -> bool:
    """Tell whether a cell holds nothing: null, not-a-number, or space alone."""
    return value is None or value != value or (isinstance(value, str) and not value.strip())
