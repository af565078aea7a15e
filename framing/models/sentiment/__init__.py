"""Sentiment of sentences: one protocol for every scorer."""

from __future__ import annotations

from framing.models.sentiment.learned import LearnedSentiment
from framing.models.sentiment.lexicon import LexiconSentiment
from framing.models.sentiment.protocol import POLARITIES, Sentiment, table_of

__all__ = ["POLARITIES", "LearnedSentiment", "LexiconSentiment", "Sentiment", "table_of"]
