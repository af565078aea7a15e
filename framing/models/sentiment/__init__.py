"""Sentiment of sentences: one protocol for every scorer."""

from __future__ import annotations

from framing.models.sentiment.learned import LearnedSentiment
from framing.models.sentiment.protocol import POLARITIES, Sentiment, table_of

__all__ = ["POLARITIES", "LearnedSentiment", "Sentiment", "table_of"]
