"""Sentiment by any model of the transformers library that was trained for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from framing.errors import InputError
from framing.models.pretrained import device_named, libraries, load_classifier
from framing.models.sentiment.forward import class_probabilities, require_positive
from framing.models.sentiment.labels import graded_table, grades_of
from framing.models.sentiment.protocol import listed, table_of


class TransformersSentiment:
    """Sentiment by a classifier of whole texts, from a folder or the Hugging Face hub.

    What each of its labels stands for is read from the model's configuration where the names are clear (negative,
    NEG, سلبي, very positive, 4 stars and the like), and is to be given where they are not; `grades` tells what was
    understood. Labels of one polarity are added up. A model of two labels never finds a text neutral; one of five
    grades gives a score in which the outer grades count twice the inner ones.

    The model is loaded at the first text. A folder is read without a network; no code that lies with a model is
    executed. Texts that stand beside others may differ from themselves alone in the last digits of single precision.

    Parameters
    ----------
    model
        Name on the hub, or a folder.
    labels
        What labels stand for, such as ``{"LABEL_0": "negative", "LABEL_1": "neutral", "LABEL_2": "positive"}``;
        for those that are not named, their names decide.
    batch_size
        Texts that pass through the model together.
    device
        As torch names it; by default ``cuda`` where there is one, else ``cpu``.
    max_length
        Tokens after which a text is cut, at most what the model takes.
    """

    def __init__(
        self,
        model: str | Path,
        labels: Mapping[str, str] | None = None,
        batch_size: int = 32,
        device: str | None = None,
        max_length: int = 128,
    ) -> None:
        require_positive(batch_size=batch_size, max_length=max_length)
        self.model, self.labels = model, labels
        self.batch_size, self.device, self.max_length = batch_size, device, max_length
        self._loaded: tuple[Any, Any, tuple[str, ...]] | None = None

    @property
    def grades(self) -> dict[str, str]:
        """What each of the model's labels was understood to stand for, one of `framing.models.sentiment.GRADES`."""
        _, model, grades = self._load()
        return dict(zip(names_of(model), grades, strict=True))

    def score(self, texts: Sequence[str]) -> pd.DataFrame:
        """Return ``negative, neutral, positive, score``, one row per text.

        Raises
        ------
        InputError
            Where the model cannot be loaded, its labels are not clear, or a text is none.
        MissingDependencyError
            Where torch or transformers is not installed.
        """
        texts = listed(texts)
        if not texts:
            return table_of(np.empty((0, 3)))
        tokenizer, model, grades = self._load()
        device = device_named(libraries()[0], self.device)
        probabilities = class_probabilities(
            model,
            tokenizer,
            texts,
            device=device,
            batch_size=self.batch_size,
            max_length=self.max_length,
            title=f"sentiment by {Path(self.model).name}",
        )
        return graded_table(probabilities, grades)

    def _load(self) -> tuple[Any, Any, tuple[str, ...]]:
        if self._loaded is None:
            tokenizer, model = load_classifier(str(self.model))
            if model.config.problem_type == "multi_label_classification":
                raise InputError(
                    f"the labels of the model '{self.model}' do not exclude each other ({', '.join(names_of(model))})",
                    cure="Give a model that finds one polarity for a text.",
                )
            self._loaded = tokenizer, model, grades_of(names_of(model), self.labels, str(self.model))
        return self._loaded


def names_of(model: Any) -> list[str]:
    """Return the names of a model's labels in the order of its outputs."""
    return [str(model.config.id2label[place]) for place in range(model.config.num_labels)]
