"""What one coder does at the desk: which unit comes next, what was said of each, and what may be said."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from math import isfinite
from typing import Any

import pandas as pd

from framing.coding.codebook import Codebook
from framing.coding.desk.journal import Journal, Line
from framing.coding.exchange.form import tasks, variables
from framing.errors import InputError, StaleCodingError
from framing.files import text_sha
from framing.schema import KEY

Key = tuple[str, int]

LONGEST_NOTE = 10_000
LONGEST_TIME = 7 * 24 * 3600.0
"""Seconds beyond which a page's clock is wrong."""

ANEW = "Give the new version a folder of answers of its own, with --answers."


class SaidError(ValueError):
    """What a page sent cannot be an answer; nothing was written."""


def checked(values: object, codebook: Codebook) -> dict[str, Any]:
    """Return an answer to every variable as it is written down: frames in the codebook's order, an empty list for none.

    Raises
    ------
    SaidError
        Where a variable is not answered, or a value is not the codebook's.
    """
    asked = variables(codebook)
    if not isinstance(values, Mapping) or set(values) != set(asked):
        raise SaidError(f"an answer has {', '.join(asked)}, each of them")
    found: dict[str, Any] = {}
    for name in asked:
        value = values[name]
        if name == "frames":
            known = isinstance(value, list) and all(isinstance(v, str) and v in codebook.frame_ids for v in value)
            if not known or len(set(value)) != len(value):
                raise SaidError(f"frames are a list of {', '.join(codebook.frame_ids)}, empty for none")
            found[name] = [frame for frame in codebook.frame_ids if frame in value]
            continue
        allowed: tuple[object, ...] = tuple(codebook.voice)
        if name != "voice":
            allowed = codebook.tone if name == "tone" else (*codebook.target_tone, None)
        if not any(value == one and type(value) is type(one) for one in allowed):
            raise SaidError(f"{name} is one of {', '.join(map(str, allowed))}")
        found[name] = value
    return found


class Desk:
    """One coder's units, in their order, with what the journal holds of them.

    Parameters
    ----------
    units
        As `framing.segment` or `framing.read_units` give them.
    queue
        ``doc_id, unit`` in the coder's order.
    codebook
        By which is coded.
    journal
        The coder's own.

    Raises
    ------
    StaleCodingError
        Where a unit that is answered is gone or reads differently now.
    InputError
        Where it was answered by another version of the codebook.
    """

    def __init__(self, units: pd.DataFrame, queue: pd.DataFrame, codebook: Codebook, journal: Journal) -> None:
        self.codebook, self.journal = codebook, journal
        shown = tasks(units, codebook).merge(units[[*KEY, "unit_type"]], on=KEY, how="left", validate="one_to_one")
        self._units = {(str(row["doc_id"]), int(row["unit"])): row for row in shown.to_dict("records")}
        self.keys: list[Key] = [(str(doc_id), int(unit)) for doc_id, unit in queue[KEY].itertuples(index=False)]
        self._place = {key: place for place, key in enumerate(self.keys)}
        self._version = {"codebook": codebook.version, "codebook_sha": text_sha(repr(codebook))}
        for line in journal.log().standing():
            self._require_fresh(line)

    def _require_fresh(self, line: Line) -> None:
        file, row = self.journal.file, line["row"]
        known, what = self._units.get(_key(line)), f"unit {line['unit']} of article '{line['doc_id']}'"
        if known is None:
            cure = "Restore the units that were coded."
            raise StaleCodingError(f"codes {what}, which is not there", file=file, row=row, cure=cure)
        if known["sha"] != line["sha"]:
            cure = "Restore the text that was coded, or code this version in another folder, with --answers."
            said = f"the text of {what} is not the one that was coded"
            raise StaleCodingError(said, file=file, row=row, cure=cure)
        if line["codebook"] != self.codebook.version:
            said = f"coded by version '{line['codebook']}' of the codebook, this one is '{self.codebook.version}'"
            raise InputError(said, file=file, row=row, cure=ANEW)
        if line["event"] == "answer":
            try:
                checked(line["values"], self.codebook)
            except SaidError as error:
                said = f"not an answer to this codebook ({error}), which has changed under the same version"
                raise InputError(said, file=file, row=row, cure=f"Give it a new version. {ANEW}") from None

    @cached_property
    def notices(self) -> tuple[str, ...]:
        """What the coder should know of the file before going on."""
        found = []
        if self.journal.torn:
            rows = ", ".join(map(str, self.journal.torn))
            found.append(f"{self.journal.file}: row {rows} was cut off while it was written and counts for nothing.")
        if any(line["codebook_sha"] != self._version["codebook_sha"] for line in self.journal.log().standing()):
            found.append(
                f"The codebook has changed since coding began, and is still version {self.codebook.version}: "
                "give it a new version if a rule changed."
            )
        return tuple(found)

    def _standing(self) -> dict[Key, list[Line]]:
        """Return what stands of each unit of the queue, in the order in which it was said."""
        found: dict[Key, list[Line]] = {}
        for line in self.journal.log().standing():
            if _key(line) in self._place:
                found.setdefault(_key(line), []).append(line)
        return found

    def _open(self, standing: Mapping[Key, list[Line]]) -> list[Key]:
        """Return what is still to be coded: new units in the queue's order, then those put off, the oldest first."""
        put_off = {key: lines[-1]["n"] for key, lines in standing.items() if _answer(lines) is None}
        new = [key for key in self.keys if key not in standing]
        return [*new, *sorted(put_off, key=lambda key: put_off[key])]

    def state(self, at: int | None = None) -> dict[str, Any]:
        """Return what the page shows.

        Parameters
        ----------
        at
            Place in the queue, from 0; None for the next unit that is to be coded.

        Raises
        ------
        SaidError
            Where there is no such place.
        """
        standing = self._standing()
        left = self._open(standing)
        if at is not None and not 0 <= at < len(self.keys):
            raise SaidError(f"there are {len(self.keys)} units")
        put_off = sum(_answer(lines) is None for lines in standing.values())
        shown: dict[str, Any] = {
            "total": len(self.keys),
            "coded": len(standing) - put_off,
            "skipped": put_off,
            "left": len(left),
            "undo": bool(standing),
            "at": at,
            "next": self._place[left[0]] if left else None,
        }
        if at is None:
            at = shown["at"] = shown["next"]
        if at is None:
            return shown | {"unit": None}
        lines = standing.get(self.keys[at], [])
        answer = _answer(lines)
        row = self._units[self.keys[at]]
        return shown | {
            "unit": {
                "text": row["text"],
                "sha": row["sha"],
                "type": row["unit_type"],
                "context": row["context"].split("\n") if row["context"] else [],
            },
            "status": _status(lines),
            "values": None if answer is None else answer["values"],
            "note": lines[-1].get("note", "") if lines else "",
        }

    def answer(self, at: int, sha: str, values: object, note: str, seconds: float) -> dict[str, Any]:
        """Write an answer down and return the next state; when this returns, the answer is on disk.

        Raises
        ------
        SaidError
            Where it is no answer; nothing is written then.
        OSError
            Where it cannot be written.
        """
        self.journal.append("answer", **self._said(at, sha, note, seconds), values=checked(values, self.codebook))
        return self.state()

    def skip(self, at: int, sha: str, note: str, seconds: float) -> dict[str, Any]:
        """Put a unit off until the others are coded, and return the next state; one that is coded stays so."""
        said = self._said(at, sha, note, seconds)
        if _answer(self._standing().get(self.keys[at], [])) is None:
            self.journal.append("skip", **said)
        return self.state()

    def undo(self) -> dict[str, Any]:
        """Take back the last answer or skip that stands, and return its unit with what had been said as a draft.

        Raises
        ------
        SaidError
            Where nothing stands.
        """
        lines = [line for line in self.journal.log().standing() if _key(line) in self._place]
        if not lines:
            raise SaidError("there is nothing to take back")
        last = lines[-1]
        self.journal.append("undo", undoes=last["n"])
        state = self.state(self._place[_key(last)])
        if state["values"] is None:
            state |= {"values": last.get("values"), "note": last.get("note", "")}
        return state

    def overview(self) -> list[dict[str, Any]]:
        """Return the units that were met, with how they stand, for the list that leads back to them."""
        standing = self._standing()
        return [
            {"at": at, "status": _status(standing[key]), "text": self._units[key]["text"]}
            for at, key in enumerate(self.keys)
            if key in standing
        ]

    def _said(self, at: int, sha: str, note: str, seconds: float) -> dict[str, Any]:
        if not 0 <= at < len(self.keys):
            raise SaidError(f"there are {len(self.keys)} units")
        doc_id, unit = self.keys[at]
        if sha != self._units[doc_id, unit]["sha"]:
            raise SaidError("this page is older than the units: load it anew")
        if len(note) > LONGEST_NOTE or any("\ud800" <= letter <= "\udfff" for letter in note):
            raise SaidError(f"a comment is a text of at most {LONGEST_NOTE} characters")
        if not isfinite(seconds) or not 0 <= seconds <= LONGEST_TIME:
            raise SaidError("the time taken is no time")
        told = {"doc_id": doc_id, "unit": unit, "sha": sha, "note": note.strip(), "seconds": round(seconds, 1)}
        return told | self._version


def _key(line: Line) -> Key:
    return str(line["doc_id"]), int(line["unit"])


def _answer(lines: list[Line]) -> Line | None:
    """Return the last answer among what stands of a unit: a later one supersedes, and none is put off again."""
    return next((line for line in reversed(lines) if line["event"] == "answer"), None)


def _status(lines: list[Line]) -> str:
    if not lines:
        return "new"
    return "skipped" if _answer(lines) is None else "coded"
