"""Several scorers of sentiment as one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from framing.errors import InputError
from framing.models.sentiment.protocol import POLARITIES, Sentiment, listed


def checked_weights(weights: Sequence[float] | None, count: int, what: str) -> tuple[float, ...]:
    """Return how much each of so many things counts; by default all the same.

    Raises
    ------
    InputError
        Where there is not one weight to each, none negative and one of them above 0.
    """
    found = (1.0,) * count if weights is None else tuple(map(float, weights))
    if len(found) != count:
        raise InputError(f"{len(found)} weights for {count} {what}", cure="Give one weight to each.")
    if not all(0 <= weight < np.inf for weight in found) or not sum(found):
        raise InputError(f"weights {found}", cure="Give numbers from 0, of which one is above it.")
    return found


class AverageSentiment:
    """Mean of what several scorers give: of their probabilities, and of their scores.

    Parameters
    ----------
    scorers
        Ready to score; none is fitted here.
    weights
        How much each counts, none negative; by default all the same.
    """

    def __init__(self, scorers: Sequence[Sentiment], weights: Sequence[float] | None = None) -> None:
        self.scorers = tuple(scorers)
        if not self.scorers:
            raise InputError("no scorers to average", cure="Give one or more.")
        self.weights = checked_weights(weights, len(self.scorers), "scorers")

    def score(self, texts: Sequence[str]) -> pd.DataFrame:
        """Return ``negative, neutral, positive, score``, one row per text.

        Raises
        ------
        InputError
            Where a scorer does not give one row to each text.
        """
        texts, columns = listed(texts), [*POLARITIES, "score"]
        total = np.zeros((len(texts), len(columns)))
        for scorer, weight in zip(self.scorers, self.weights, strict=True):
            table = scorer.score(texts)
            if len(table) != len(texts) or not set(columns) <= set(table.columns):
                raise InputError(
                    f"{type(scorer).__name__} gives {len(table)} rows of {', '.join(map(str, table.columns))} "
                    f"for {len(texts)} texts",
                    cure=f"A scorer gives one row to each, with {', '.join(columns)}.",
                )
            total += weight / sum(self.weights) * table[columns].to_numpy(dtype=np.float64)
        return pd.DataFrame(total, columns=columns)
