"""Where the sentences behind a number stand: units by their place in the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from framing.schema import KEY

Place = list[int]
"""Place of a unit in the page and, where words of it are meant, their first and last offset in its text."""


class Places:
    """Gives units their place in the page.

    Parameters
    ----------
    units
        All units of a study: ``doc_id, unit, outlet, unit_type, paragraph, text``.
    articles
        The articles: ``doc_id``.
    """

    def __init__(self, units: pd.DataFrame, articles: pd.DataFrame) -> None:
        self.units = units.reset_index(drop=True)
        keys = zip(self.units["doc_id"], self.units["unit"], strict=True)
        self._unit = {(str(doc_id), int(unit)): place for place, (doc_id, unit) in enumerate(keys)}
        self._article = {str(doc_id): place for place, doc_id in enumerate(articles["doc_id"])}

    def article(self, doc_id: str) -> int:
        """Return the place of an article among all of them."""
        return self._article[doc_id]

    def at(self, row: Mapping[Any, Any], prefix: str = "") -> list[Place]:
        """Return the place that a row of a table names by article and unit, if any."""
        doc_id, unit = row.get(prefix + "doc_id"), row.get(prefix + "unit")
        if doc_id is None or pd.isna(doc_id) or unit is None or pd.isna(unit):
            return []
        place = self._unit.get((str(doc_id), int(unit)))
        if place is None:
            return []
        span = [row.get(prefix + "start"), row.get(prefix + "end")]
        return [[place, *(int(v) for v in span if v is not None)] if not any(map(pd.isna, span)) else [place]]

    def within(self, doc_id: str, start: int, end: int) -> list[Place]:
        """Return the units of an article that a stretch of its text runs over, by offsets in the article."""
        own = self.units[self.units["doc_id"].eq(doc_id) & self.units["start"].lt(end) & self.units["end"].gt(start)]
        return [[int(place)] for place in own.index]

    def by(self, table: pd.DataFrame, columns: Iterable[str]) -> dict[tuple[Any, ...], list[Place]]:
        """Return the places of a table's rows by the values of these columns."""
        columns = list(columns)
        found: dict[tuple[Any, ...], list[Place]] = defaultdict(list)
        for row in table.to_dict("records"):
            found[tuple(row[column] for column in columns)] += self.at(row)
        return found

    def of(self, table: pd.DataFrame) -> list[Place]:
        """Return the places of all rows of a table keyed by article and unit, without offsets."""
        return [place for row in table[KEY].to_dict("records") for place in self.at(row)]
