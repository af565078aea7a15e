"""A language model's frames with the face of a scikit-learn classifier."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin

from framing.coding.codebook import FRAME_PREFIX
from framing.errors import InputError
from framing.models.llm.coder import LLMCoder


class LLMClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """The frames that a language model codes, with the face of a classifier; it sees single texts, no context.

    Parameters
    ----------
    coder
        Who codes.
    """

    def __init__(self, coder: LLMCoder) -> None:
        self.coder = coder

    def fit(self, texts: Sequence[str], y: ArrayLike) -> LLMClassifier:
        """Learn nothing; check that ``y``, shape (n, frames), has the codebook's frames."""
        frames = len(self.coder.codebook.frames)
        shape = np.shape(y)
        if len(shape) != 2 or shape[1] != frames:
            raise InputError(f"labels of shape {shape}", cure=f"Give one column for each of the {frames} frames.")
        return self

    def predict_proba(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return 1 where a frame was coded, else 0, shape (texts, frames); nan for a text without an answer."""
        units = pd.DataFrame({"doc_id": [f"{i:09d}" for i in range(len(texts))], "unit": 0, "unit_type": "body"})
        codings = self.coder.code(units.assign(text=pd.Series(list(texts), dtype="str")))
        columns = [FRAME_PREFIX + frame for frame in self.coder.codebook.frame_ids]
        return codings.set_index("doc_id")[columns].astype(float).reindex(units["doc_id"]).to_numpy()

    def predict(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Return which frames are present, shape (texts, frames).

        Raises
        ------
        InputError
            Where a text got no answer: none is not the same as no frame.
        """
        found = self.predict_proba(texts)
        missing = int(np.isnan(found).any(axis=1).sum())
        if missing:
            raise InputError(f"{missing} texts got no answer", cure="See the coder's failures; predict_proba has nan.")
        return np.asarray(found >= 0.5)
