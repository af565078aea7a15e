"""What every scorer of sentiment does: texts in, probabilities of three polarities and a score out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

POLARITIES = ("negative", "neutral", "positive")
"""Columns of probabilities that every scorer gives."""


class Sentiment(Protocol):
    """What every scorer does; the same texts always get the same answer."""

    def score(self, texts: Sequence[str]) -> pd.DataFrame:
        """Return one row per text: ``negative, neutral, positive`` summing to 1, and ``score`` in [-1, 1]."""


def table_of(probabilities: NDArray[np.float64]) -> pd.DataFrame:
    """Return the table of `Sentiment.score` for probabilities of `POLARITIES`, shape (texts, 3).

    The score is the expected polarity, that of positive less that of negative.
    """
    table = pd.DataFrame(probabilities, columns=list(POLARITIES))
    return table.assign(score=table["positive"] - table["negative"])
