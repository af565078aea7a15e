"""Every answer of a language model on disk the moment it arrives, so that nothing is asked twice."""

from __future__ import annotations

import sqlite3
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from threading import Lock

from framing.errors import InputError


@dataclass(frozen=True)
class Reply:
    """What came back to one request.

    Attributes
    ----------
    content
        The model's words; empty where it refused.
    refusal
        Its reason for refusing, or that of the endpoint's filter; empty otherwise.
    finish
        Why it ended, as the endpoint says (``stop``, ``length``, ...).
    served_by
        The model that the endpoint says it used.
    tokens_in, tokens_out
        As the endpoint counts; 0 where it does not.
    """

    content: str
    refusal: str = ""
    finish: str = ""
    served_by: str = ""
    tokens_in: int = 0
    tokens_out: int = 0


COLUMNS = tuple(field.name for field in fields(Reply))


class ReplyCache:
    """Replies in one SQLite file, by the hash of all that was sent.

    Each is committed by itself: a run that is killed at any point loses at most the requests under way, and
    the file is never half-written. Several threads, and several processes, may use it.

    Parameters
    ----------
    path
        The file; made where it is missing, with the folders above it.

    Raises
    ------
    InputError
        Where the file cannot be opened or is no such cache.
    """

    def __init__(self, path: str | Path) -> None:
        self.path, self._lock = Path(path), Lock()
        columns = ", ".join(f"{name} {'INTEGER' if name.startswith('tokens') else 'TEXT'} NOT NULL" for name in COLUMNS)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(self.path, timeout=60, check_same_thread=False)
        except (sqlite3.Error, OSError) as error:
            raise self._unusable(error) from None
        try:
            with self._database as database:
                database.execute(f"CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, {columns}) WITHOUT ROWID")
        except sqlite3.Error as error:
            self._database.close()
            raise self._unusable(error) from None

    def __enter__(self) -> ReplyCache:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def get(self, key: str) -> Reply | None:
        """Return the reply kept under that key, or None."""
        with self._lock:
            found = self._database.execute(f"SELECT {', '.join(COLUMNS)} FROM replies WHERE key = ?", (key,)).fetchone()
        return None if found is None else Reply(*found)

    def put(self, key: str, reply: Reply) -> None:
        """Keep a reply; when this returns it is on disk."""
        marks = ", ".join("?" for _ in COLUMNS)
        try:
            with self._lock, self._database as database:
                database.execute(f"INSERT OR REPLACE INTO replies VALUES (?, {marks})", (key, *astuple(reply)))
        except sqlite3.Error as error:
            raise self._unusable(error) from None

    def _unusable(self, error: Exception) -> InputError:
        return InputError(
            f"the cache of answers cannot be used ({error})",
            file=self.path,
            cure="Name a file that can be written, or one that is not there yet.",
        )
