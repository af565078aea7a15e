"""Sentiment by the models that camel-tools offers, with the probabilities that it keeps to itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from framing.corpus.camel import camel_data, camel_module
from framing.errors import InputError
from framing.models.pretrained import device_named, libraries, quiet
from framing.models.sentiment.forward import class_probabilities, require_positive
from framing.models.sentiment.labels import graded_table, grades_of
from framing.models.sentiment.protocol import listed, table_of
from framing.models.sentiment.transformers import names_of

CamelModel = Literal["arabert", "mbert"]
"""arabert: AraBERT, the one that camel-tools takes by default; mbert: multilingual BERT. Both are fine-tuned on tweets
(ArSAS, ASTD, SemEval-2017, ArSenTD), none on news."""

MEGABYTES: dict[CamelModel, int] = {"arabert": 542, "mbert": 712}
"""What the download of each takes (catalogue 1.6)."""

LENGTH = 512
"""Tokens after which a text is cut, as camel-tools does."""


class CamelSentiment:
    """Sentiment by camel-tools' own analyser (Obeid et al. 2020), whose most probable polarity is the one it predicts.

    The model is loaded at the first text, from the folder where ``camel_data`` put it, without a network.

    Parameters
    ----------
    model
        Which of its models.
    batch_size
        Texts that pass through the model together.
    device
        As torch names it; by default ``cuda`` where there is one, else ``cpu``.
    """

    def __init__(self, model: CamelModel = "arabert", batch_size: int = 32, device: str | None = None) -> None:
        if model not in MEGABYTES:
            raise InputError(f"camel-tools has no sentiment model '{model}'", cure=f"Use {' or '.join(MEGABYTES)}.")
        require_positive(batch_size=batch_size)
        self.model, self.batch_size, self.device = model, batch_size, device
        self._analyser: Any = None

    def score(self, texts: Sequence[str]) -> pd.DataFrame:
        """Return ``negative, neutral, positive, score``, one row per text.

        Raises
        ------
        MissingDataError
            Where the model has not been downloaded, with the command that does so.
        InputError
            Where what was downloaded cannot be loaded, or a text is none.
        """
        texts = listed(texts)
        if not texts:
            return table_of(np.empty((0, 3)))
        analyser = self._load()
        grades = grades_of(names_of(analyser.model), model=self.model)
        probabilities = class_probabilities(
            analyser.model,
            analyser.tokenizer,
            texts,
            device=device_named(libraries()[0], self.device),
            batch_size=self.batch_size,
            max_length=LENGTH,
            title=f"sentiment by camel-tools ({self.model})",
        )
        return graded_table(probabilities, grades)

    def _load(self) -> Any:
        if self._analyser is None:
            purpose, package = "Sentiment by camel-tools", f"sentiment-analysis-{self.model}"
            folder = camel_data(
                "SentimentAnalysis",
                self.model,
                "config.json",
                package=package,
                megabytes=MEGABYTES[self.model],
                purpose=purpose,
            )
            _, transformers = libraries(purpose)
            with quiet(transformers):  # the import silences the library for the whole process
                made = camel_module("sentiment", purpose)
                try:
                    self._analyser = made.SentimentAnalyzer(str(folder), use_gpu=False)
                except (OSError, ValueError, RuntimeError) as error:
                    reason = (str(error).strip() or type(error).__name__).splitlines()[0]
                    raise InputError(
                        f"the model cannot be loaded ({reason})",
                        file=folder,
                        cure=f"Download it anew: camel_data -i -f {package}",
                    ) from None
        return self._analyser
