"""What one coder said, kept for ever: one line per answer, skip or undo, on disk before anything else happens."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from framing.errors import InputError
from framing.files import existing

Event = Literal["answer", "skip", "undo", "torn"]
"""answer: every variable of a unit answered; skip: put off; undo: takes back the last answer or skip that stands;
torn: the line before it was cut off while it was written, and counts for nothing."""

ENDING = ".jsonl"

Line = dict[str, Any]
"""``n`` (number of the line's event, from 1), ``event``, ``coder``, ``created_at`` (ISO 8601, UTC). Of an answer or
skip also ``doc_id, unit, sha, note, seconds, codebook, codebook_sha``; of an answer ``values``: a list of ids under
``frames``, numbers (null: not mentioned) and names. Of an undo ``undoes``, the ``n`` of what it takes back."""

_NAME = re.compile(r"\w[\w-]{0,63}")
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d", re.IGNORECASE)  # files of these names are devices on Windows
_NEEDED: dict[str, tuple[str, ...]] = {
    "answer": ("doc_id", "unit", "sha", "values", "seconds", "codebook"),
    "skip": ("doc_id", "unit", "sha", "seconds", "codebook"),
    "undo": ("undoes",),
    "torn": (),
}


def coder_name(name: str) -> str:
    """Return a coder's pseudonym, which is a file's name, too.

    Raises
    ------
    InputError
        Where it holds anything but letters, digits, ``-`` and ``_``, or no file may be called so.
    """
    name = unicodedata.normalize("NFC", name)
    if not _NAME.fullmatch(name) or _RESERVED.fullmatch(name):
        raise InputError(
            f"a coder cannot be called '{name}'",
            cure="Use up to 64 letters, digits, '-' and '_'; a pseudonym, for it stands in the codings.",
        )
    return name


def journal_file(folder: Path, coder: str) -> Path:
    """Return where a coder's answers lie.

    Raises
    ------
    InputError
        Where another coder's name differs in capitals alone: some disks would take the two for one.
    """
    file = folder / (coder_name(coder) + ENDING)
    alike = [f.stem for f in folder.glob("*" + ENDING) if f.stem.casefold() == coder.casefold() and f.stem != coder]
    if alike:
        raise InputError(
            f"there is a coder '{alike[0]}' already", file=file, cure="Use the same capitals, or another name."
        )
    return file


@dataclass(frozen=True)
class Log:
    """A journal as read.

    Attributes
    ----------
    lines
        Events in order, ``row`` (in the file, from 1) added to each.
    torn
        Rows that were cut off while they were written.
    open
        Whether the last row is one of these, and nothing says so yet.
    """

    lines: tuple[Line, ...]
    torn: tuple[int, ...]
    open: bool = False

    def standing(self) -> list[Line]:
        """Return answers and skips that were not taken back, in the order in which they were given."""
        undone = {line["undoes"] for line in self.lines if line["event"] == "undo"}
        return [line for line in self.lines if line["event"] in ("answer", "skip") and line["n"] not in undone]


def read_journal(file: str | Path) -> Log:
    """Read what a coder said; a last line that was cut off is left out and told in ``torn``.

    Raises
    ------
    InputError
        For a line that is no event, or a number that is missing: somebody has edited the file.
    """
    file = existing(file)
    return _parse(file.read_bytes(), file)


def _parse(raw: bytes, file: Path) -> Log:
    pieces = raw.split(b"\n")
    rows = pieces if pieces[-1] else pieces[:-1]
    lines: list[Line] = []
    torn: list[int] = []
    unsaid: list[int] = []  # rows cut off, of which no later line has said so yet
    for row, piece in enumerate(rows, start=1):
        line = _line(piece)
        if line is None:
            unsaid.append(row)
            continue
        if unsaid and line["event"] != "torn":
            cure = "Restore the file as it was."
            raise InputError("not a line of a coder's answers", file=file, row=unsaid[0], cure=cure)
        if line["n"] != len(lines) + 1:
            said = f"event {line['n']} follows event {len(lines)}"
            raise InputError(
                said, file=file, row=row, cure="Lines are missing or stand twice: restore the file as it was."
            )
        torn, unsaid = [*torn, *unsaid], []
        lines.append(line | {"row": row})
    return Log(tuple(lines), (*torn, *unsaid), bool(unsaid))


def _line(piece: bytes) -> Line | None:
    """Return the event that a line holds, None where it holds none or not the whole of it."""
    try:
        line = json.loads(piece.decode("utf-8"))
    except ValueError:
        return None
    if not isinstance(line, dict) or line.get("event") not in _NEEDED or type(line.get("n")) is not int:
        return None
    return line if all(key in line for key in ("coder", "created_at", *_NEEDED[line["event"]])) else None


class Journal:
    """One coder's file, open to be added to and locked against a second process.

    Parameters
    ----------
    file
        ``<coder>.jsonl``; made where it is not there, for its owner alone to read.

    Raises
    ------
    InputError
        Where it holds another coder's lines, or lines that cannot be read.
    """

    def __init__(self, file: Path) -> None:
        self.file, self.coder = file, file.stem
        self.lines: list[Line] = []
        self.torn: tuple[int, ...] = ()
        self._broken, self._rows = False, 0
        new = not file.exists()
        self._handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
        try:
            if new:
                _sync_folder(file.parent)
            self._load()
        except BaseException:
            self.close()
            raise

    def _load(self) -> None:
        """Read what is on disk, and end a last line that has no end, saying so where it was cut off."""
        raw = self.file.read_bytes()
        log = _parse(raw, self.file)
        self.lines, self.torn = list(log.lines), log.torn
        for line in self.lines:
            if line["coder"] != self.coder:
                raise InputError(
                    f"an answer of '{line['coder']}' in the file of '{self.coder}'",
                    file=self.file,
                    row=line["row"],
                    cure="A file is one coder's alone: give it its name back.",
                )
        end = b"" if not raw or raw.endswith(b"\n") else b"\n"
        self._rows = raw.count(b"\n") + len(end)
        if log.open:
            self._write("torn", {}, end)
        elif end:
            self._put(end)

    def log(self) -> Log:
        """Return what stands in it."""
        return Log(tuple(self.lines), self.torn)

    def append(self, event: Event, **said: Any) -> Line:
        """Write an event and return when it is on disk.

        Raises
        ------
        OSError
            Where it could not be written. The next one is written after whatever is on disk by then.
        """
        if self._broken:
            self._load()
            self._broken = False
        return self._write(event, said)

    def _write(self, event: Event, said: Line, before: bytes = b"") -> Line:
        moment = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        line: Line = {"n": len(self.lines) + 1, "event": event, "coder": self.coder, "created_at": moment, **said}
        content = json.dumps(line, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"
        try:
            self._put(before + content)
        except OSError:
            self._broken = True
            raise
        self._rows += 1
        self.lines.append(line | {"row": self._rows})
        return line

    def _put(self, content: bytes) -> None:
        written = 0
        while written < len(content):
            written += os.write(self._handle, content[written:])
        os.fsync(self._handle)

    def close(self) -> None:
        """Close the file."""
        os.close(self._handle)


def _sync_folder(folder: Path) -> None:
    """Put a new file's name on disk as well; Windows does so by itself and cannot open folders."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def open_journal(folder: Path, coder: str) -> Iterator[Journal]:
    """Open a coder's journal and keep other processes from it; the lock goes with the process, however it ends.

    Yields
    ------
    Journal

    Raises
    ------
    InputError
        Where another process holds it.
    """
    from filelock import FileLock, Timeout

    file = journal_file(folder, coder)
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / f".{file.stem}.lock", blocking=False)
    try:
        lock.acquire()
    except Timeout:
        raise InputError(
            f"'{file.stem}' is coding already",
            file=file,
            cure="Go on in the page that is open, or end that process first.",
        ) from None
    try:
        journal = Journal(file)
        try:
            yield journal
        finally:
            journal.close()
    finally:
        lock.release()
