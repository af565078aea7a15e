"""The one shape in which every statistic of the package comes back."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True, eq=False)
class Result:
    """A table of estimates with what is needed to read it.

    Attributes
    ----------
    table
        Tidy estimates, one row each.
    estimand
        In words, what the estimates are estimates of.
    method
        In words, how estimate and interval were made, with the source of the formula.
    n_articles, n_units
        What the estimates rest on.
    seed
        The seed that repeats the result; None where nothing random was used or a generator was passed.
    caveats
        Sentences that belong beside the numbers wherever they are shown.
    """

    table: pd.DataFrame
    estimand: str
    method: str
    n_articles: int
    n_units: int
    seed: int | None = None
    caveats: tuple[str, ...] = field(default=())

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the table."""
        return self.table.copy()

    def describe(self) -> dict[str, object]:
        """Return everything but the table, for a report's notes."""
        return {
            "estimand": self.estimand,
            "method": self.method,
            "n_articles": self.n_articles,
            "n_units": self.n_units,
            "seed": self.seed,
            "caveats": list(self.caveats),
        }
