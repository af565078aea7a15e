"""A static student of a sentence encoder: a vector for each piece of a word, and their mean for a sentence.

A million sentences take minutes on one core where the teacher takes a day. What is lost is measured where a student
is made (`framing.models.distillation`). The folder is that of model2vec (Tulkens & van Dongen 2024; MIT), which other
tools read, too. It is read here without that package, which loads the hub's client with it: a worker process starts
sooner, and needs less.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from framing.corpus.quotations import DIACRITICS
from framing.errors import InputError
from framing.models.counts import joined, numbered, table_of_ones
from framing.models.encoders import Vectors
from framing.models.kept import cache_file

if TYPE_CHECKING:
    from tokenizers import Tokenizer

STATIC = "static"
"""Name of a study's own student; ``static:FOLDER`` that of one in a folder."""

WORDS, CHUNK = 100_000, 8_192
"""Words whose pieces are remembered, and texts encoded at a time."""

OUTSIDE = rf"[^\w{DIACRITICS}]+"
"""What stands between words, as a regex; a student has no vector for it."""

UNKNOWN = "[UNK]"
"""Piece that has no vector."""

WEIGHTS, TOKENS = "model.safetensors", "tokenizer.json"
_CURE = "Make one: framing distill --out FOLDER."
_WORD = re.compile(rf"[\w{DIACRITICS}]+")


class StaticEncoder:
    """A student.

    Its vectors are model2vec's to the last digits that single precision holds, but each word is cut into pieces once.
    They cost less than to be looked up, and are not cached.

    Parameters
    ----------
    vectors : shape (pieces, dimension)
        One for each piece.
    tokenizer
        Cuts words into pieces.
    key
        Names these vectors.
    """

    def __init__(self, vectors: NDArray[Any], tokenizer: Tokenizer, key: str) -> None:
        self._tokenizer = tokenizer
        self._vectors = np.asarray(vectors, dtype=np.float32)
        self._unknown: int | None = tokenizer.token_to_id(UNKNOWN)
        self._pieces: dict[str, NDArray[np.int64]] = {}
        self.key = key

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._vectors.shape[1])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one vector per text, shape (texts, dimension), of length 1; 0 where no word is known."""
        found = np.empty((len(texts), self.dimension), dtype=np.float32)
        for first in range(0, len(texts), CHUNK):
            found[first : first + CHUNK] = self._chunk(texts[first : first + CHUNK])
        return found

    def _chunk(self, texts: Sequence[str]) -> Vectors:
        different, numbers, sizes = numbered(map(_WORD.findall, texts))
        pieces, counts = joined(self._listed(different))
        by_word = table_of_ones(pieces, counts, (len(different), len(self._vectors)), np.float32) @ self._vectors
        words = table_of_ones(numbers, sizes, (len(texts), len(different)), np.float32)
        sums = np.asarray(words @ by_word)
        sums /= np.maximum(words @ counts.astype(np.float32), 1)[:, None]
        length = np.linalg.norm(sums, axis=1, keepdims=True)
        return np.asarray(np.divide(sums, length, out=np.zeros_like(sums), where=length > 0))

    def _listed(self, words: list[str]) -> list[NDArray[np.int64]]:
        """Return the pieces of each word."""
        if len(self._pieces) + len(words) > WORDS:
            self._pieces.clear()
        new = [word for word in words if word not in self._pieces]
        for word, made in zip(new, self._tokenizer.encode_batch_fast(new, add_special_tokens=False), strict=True):
            ids = np.array(made.ids, dtype=np.int64)
            self._pieces[word] = ids[ids != self._unknown]
        return [self._pieces[word] for word in words]


def load_student(folder: str | Path) -> StaticEncoder:
    """Return the student in a folder, one per process.

    Raises
    ------
    InputError
        Where no student is there.
    """
    return _loaded(Path(folder).resolve())


@cache
def _loaded(folder: Path) -> StaticEncoder:
    from safetensors.numpy import load
    from tokenizers import Tokenizer

    if not (folder / WEIGHTS).is_file() or not (folder / TOKENS).is_file():
        raise InputError("no student of an encoder", file=folder, cure=_CURE)
    weights, tokens = (folder / WEIGHTS).read_bytes(), (folder / TOKENS).read_bytes()
    tensors = load(weights)
    if set(tensors) != {"embeddings"}:
        raise InputError(f"the weights {sorted(tensors)} are not a student's", file=folder / WEIGHTS, cure=_CURE)
    digest = hashlib.sha256(weights + tokens).hexdigest()
    return StaticEncoder(tensors["embeddings"], Tokenizer.from_buffer(tokens), f"{STATIC}-{digest[:16]}")


_REMEMBERED: dict[str, Path] = {}


def remember(name: str, folder: Path) -> None:
    """Take the student in a folder for what is meant by a name: that in a model's folder goes where the model goes."""
    _REMEMBERED[name] = folder


def students() -> Path:
    """Return the folder in which students are kept that nobody gave a folder."""
    return cache_file().parent / "students"


def student_folder(name: str) -> Path:
    """Return the folder that a name ``static:FOLDER`` means: a path, or a student that is kept in the cache.

    Raises
    ------
    InputError
        Where the name is ``static`` alone, which only a study can fill.
    """
    _, _, where = name.partition(":")
    if not where:
        raise InputError(
            f"the encoder '{STATIC}' is a student of a study's own texts",
            cure=f"Give a study, or a student's folder: {STATIC}:FOLDER (framing distill makes one).",
        )
    if name in _REMEMBERED:
        return _REMEMBERED[name]
    kept = students() / where
    return kept if Path(where).name == where and kept.is_dir() else Path(where)
