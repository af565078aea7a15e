"""Mentions of parties as a system that validation takes; it reads the study's names and learns nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin

from framing.coding.codebook import MENTION_PREFIX
from framing.portrayal import mentions, references


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
