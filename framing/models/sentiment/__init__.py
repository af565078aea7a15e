"""Sentiment of sentences: one protocol for every scorer.

torch, transformers and camel-tools are loaded by the scorers that need them, at their first text.
"""

from __future__ import annotations

from framing.models.sentiment.agreement import agreement_between
from framing.models.sentiment.average import AverageSentiment
from framing.models.sentiment.bias import name_bias, neutral_sentences, script_of
from framing.models.sentiment.camel import CamelSentiment
from framing.models.sentiment.clauses import Clause, clauses
from framing.models.sentiment.labels import GRADES
from framing.models.sentiment.learned import LearnedSentiment
from framing.models.sentiment.lexicon import LexiconSentiment
from framing.models.sentiment.marking import Marked, marked
from framing.models.sentiment.protocol import POLARITIES, Sentiment, decided, table_of, table_on
from framing.models.sentiment.target import TargetClassifier, TowardsClassifier, towards
from framing.models.sentiment.transformers import TransformersSentiment

__all__ = [
    "GRADES",
    "POLARITIES",
    "AverageSentiment",
    "CamelSentiment",
    "Clause",
    "LearnedSentiment",
    "LexiconSentiment",
    "Marked",
    "Sentiment",
    "TargetClassifier",
    "TowardsClassifier",
    "TransformersSentiment",
    "agreement_between",
    "clauses",
    "decided",
    "marked",
    "name_bias",
    "neutral_sentences",
    "script_of",
    "table_of",
    "table_on",
    "towards",
]
