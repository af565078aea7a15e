"""A study's parties as validation takes them: systems for tone towards one, and for mentions of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin

from framing.coding.codebook import MENTION_PREFIX, TARGET_PREFIX, Variable
from framing.models.classifiers import ValueClassifier
from framing.models.sentiment.marking import marked, named_apart
from framing.models.sentiment.target import TargetClassifier, TowardsClassifier, WholeUnit
from framing.models.validation import Classifier
from framing.portrayal import mentions, references
from framing.study.config import Study

TARGET = "target"
"""The system that reads the clauses that speak of a party."""


def target_models(
    study: Study, values: tuple[object, ...], encoders: Mapping[str, str]
) -> tuple[dict[str, Classifier], dict[str, Classifier]]:
    """Return the unfitted classifiers of tone towards a party: those that read its clauses, and those of whole units.

    All take texts with its names marked (`as_read`).
    """
    readers: dict[str, Classifier] = {TARGET: TargetClassifier(values, study.encoder, seed=study.seed)}
    if tuple(np.sign(np.asarray(values, dtype=float))) == (-1, 0, 1):
        readers["lexicon"] = TowardsClassifier(values)
    return readers, {name: WholeUnit(ValueClassifier(values, encoder)) for name, encoder in encoders.items()}


def as_read(study: Study, variable: Variable, coded: pd.DataFrame) -> pd.DataFrame:
    """Return coded units with their texts as a variable's systems take them: a party's names marked for its tone."""
    if not variable.id.startswith(TARGET_PREFIX):
        return coded
    party = variable.id.removeprefix(TARGET_PREFIX)
    return coded.assign(text=marked(coded["text"].tolist(), *named_apart(study.parties, party)))


class MentionReader(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Tells whether units mention a party.

    Parameters
    ----------
    parties
        Names of each party by its id.
    party
        Whose mentions are asked for.
    resolve
        Count references without a name, too (`framing.portrayal.references`).
    """

    def __init__(self, parties: dict[str, tuple[str, ...]], party: str, *, resolve: bool = True) -> None:
        self.parties, self.party, self.resolve = parties, party, resolve

    def fit(self, texts: Sequence[str], y: ArrayLike, articles: ArrayLike | None = None) -> MentionReader:
        """Learn nothing."""
        self.classes_ = np.array([False, True])
        return self

    def predict(self, texts: Sequence[str], articles: ArrayLike | None = None) -> NDArray[np.bool_]:
        """Return whether each text mentions the party, shape (texts, 1)."""
        told = None if articles is None else list(np.asarray(articles, dtype=object))
        found = references(texts, self.parties, told) if self.resolve else mentions(texts, self.parties)
        return found[[MENTION_PREFIX + self.party]].to_numpy(dtype=bool)
