"""A language model as one more coder, over any OpenAI-compatible endpoint."""

from __future__ import annotations

from framing.models.llm.classifier import LLMClassifier
from framing.models.llm.coder import LLMCoder
from framing.models.llm.cost import CostEstimate
from framing.models.llm.endpoint import EndpointError

__all__ = ["CostEstimate", "EndpointError", "LLMClassifier", "LLMCoder"]
