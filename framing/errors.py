"""Errors that a user of the package meets; the command line turns each into one line and exit code 2."""

from __future__ import annotations

from pathlib import Path


class FramingError(Exception):
    """Base of every error that the package raises on purpose."""

    def __reduce__(self) -> tuple[object, ...]:
        # From a worker process an error comes as it was raised there, whatever its own constructor takes.
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[FramingError], args: tuple[object, ...], state: dict[str, object]) -> FramingError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class InputError(FramingError):
    """A file, a table or a value that cannot be used as it stands.

    Parameters
    ----------
    problem
        What is wrong, as a clause without a full stop.
    cure
        What the user can do about it, as a sentence.
    file, row, column
        Where. ``row`` counts as a spreadsheet does: in a CSV file the header is row 1; in JSONL and
        Parquet the first record is row 1.
    """

    def __init__(
        self,
        problem: str,
        *,
        cure: str = "",
        file: str | Path | None = None,
        row: int | None = None,
        column: str | None = None,
    ) -> None:
        self.problem, self.cure = problem, cure
        self.file, self.row, self.column = (None if file is None else str(file)), row, column
        place = [str(file)] if file is not None else []
        if row is not None:
            place.append(f"row {row}")
        if column is not None:
            place.append(f"column '{column}'")
        message = f"{', '.join(place)}: {problem}." if place else f"{problem}."
        super().__init__(f"{message} {cure}".strip())


class MissingDependencyError(FramingError):
    """An optional or platform-bound package is not installed; the message names the command that installs it."""

    def __init__(self, package: str, purpose: str, install: str) -> None:
        super().__init__(f"{purpose} needs the package {package}. Install it with: {install}")


class MissingDataError(FramingError):
    """Data of an installed package have not been downloaded; the message names the command that does so.

    Parameters
    ----------
    what, purpose
        The data, and what needs them.
    folder
        Where they were looked for.
    command, megabytes
        What downloads them, and how much that is.
    """

    def __init__(self, what: str, purpose: str, *, folder: str | Path, command: str, megabytes: int) -> None:
        self.command = command
        super().__init__(f"{purpose} needs {what}, not found under {folder}. Download {megabytes} MB with: {command}")


class StaleCodingError(InputError):
    """A coding hangs on a span whose text is no longer the text that was coded."""
