"""What every scorer of sentiment does: texts in, probabilities of three polarities and a score out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from framing.errors import InputError

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


def table_on(scale: ArrayLike, probabilities: NDArray[np.float64]) -> pd.DataFrame:
    """Return the table of `Sentiment.score` for probabilities of the values of a scale, shape (texts, values).

    What lies below 0 is negative, above it positive; the score is the expected value, brought to [-1, 1].
    """
    values = np.asarray(scale, dtype=np.float64)
    masks = (values < 0, values == 0, values > 0)
    table = pd.DataFrame({p: probabilities[:, mask].sum(axis=1) for p, mask in zip(POLARITIES, masks, strict=True)})
    return table.assign(score=probabilities @ values / np.abs(values).max())


def decided(table: pd.DataFrame) -> NDArray[np.intp]:
    """Return the most probable polarity per row, -1, 0 or 1, shape (texts,); 0 where two are equally probable."""
    probabilities = table[list(POLARITIES)].to_numpy(dtype=np.float64)
    best = probabilities.max(axis=1, initial=0.0, keepdims=True)
    tied = (probabilities == best).sum(axis=1) > 1
    return np.where(tied, 0, probabilities.argmax(axis=1) - 1)


def listed(texts: Sequence[str]) -> list[str]:
    """Return the texts as a list.

    Raises
    ------
    InputError
        Where one is not a text, or a single text was given in place of a list.
    """
    if isinstance(texts, str):
        raise InputError("one text, where a list of texts is needed", cure="Put it in brackets: score([text]).")
    found = list(texts)
    for place, text in enumerate(found):
        if not isinstance(text, str):
            raise InputError(f"text {place} is {text!r}, not a text", cure="Drop or fill what is missing first.")
    return found
