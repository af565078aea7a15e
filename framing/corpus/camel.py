"""camel-tools behind a boundary: its modules without a network, its data where they are installed."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import RLock
from typing import Any

from framing.errors import InputError, MissingDataError, MissingDependencyError
from framing.files import read_text
from framing.resources import environment

FOLDER, CATALOGUE = "CAMELTOOLS_DATA", "catalogue.json"
"""What camel-tools calls the folder of its data in the environment, and the list of them in it."""

_EMPTY = {"version": "1.6.0", "packages": {}, "components": {}}
_LOCK = RLock()


def data_folder() -> Path:
    """Return where camel-tools keeps its data: ``$CAMELTOOLS_DATA``, or a folder in the user's home."""
    given = os.environ.get(FOLDER)
    if given is not None:
        return Path(given).expanduser().absolute()
    return Path.home() / ("AppData/Roaming/camel_tools" if sys.platform == "win32" else ".camel_tools")


def camel_module(name: str, purpose: str) -> Any:
    """Import ``camel_tools.<name>`` without a network.

    Where no catalogue is installed, camel-tools downloads one when it is imported; it is shown an empty one instead,
    and keeps that while the process lasts. Hence data are looked up by `camel_data`, not by its ``pretrained``.

    Parameters
    ----------
    name
        Of the module, such as ``sentiment``.
    purpose
        What it is for, for the error.

    Raises
    ------
    MissingDependencyError
        Where camel-tools, or what it rests on, is not installed.
    """
    try:
        with _LOCK:
            if "camel_tools.data" not in sys.modules:
                with _catalogue():
                    import_module("camel_tools.data")
            return import_module(f"camel_tools.{name}")
    except ImportError as error:
        package = (error.name or "camel_tools").partition(".")[0].replace("_", "-")
        raise MissingDependencyError(package, purpose, f"pip install {package}") from None


def camel_data(component: str, dataset: str, file: str, *, package: str, megabytes: int, purpose: str) -> Path:
    """Return the folder of a data set that ``camel_data -i`` has installed.

    Parameters
    ----------
    component, dataset
        By which the catalogue knows it.
    file
        That must be in it.
    package, megabytes, purpose
        What to download, how much that is and what for, for the error.

    Raises
    ------
    MissingDataError
        Where it is not installed.
    InputError
        Where the catalogue cannot be read.
    """
    folder = data_folder()
    if (folder / CATALOGUE).exists():
        try:
            components = json.loads(read_text(folder / CATALOGUE))["components"]
            place: str | None = components.get(component, {}).get("datasets", {}).get(dataset, {}).get("path")
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise InputError(
                f"not a catalogue of camel-tools ({error})",
                file=folder / CATALOGUE,
                cure=f"Delete it, and run: camel_data -i {package}",
            ) from None
        if place is not None and (folder / "data" / place / file).exists():
            return folder / "data" / place
    raise MissingDataError(
        f"the data {package} of camel-tools",
        purpose,
        folder=folder,
        command=f"camel_data -i {package}",
        megabytes=megabytes,
    )


@contextmanager
def _catalogue() -> Iterator[None]:
    """Show camel-tools an empty catalogue where none is installed; then the environment is as before."""
    if (data_folder() / CATALOGUE).exists():
        yield
        return
    for name in [name for name in sys.modules if name.startswith("camel_tools.data.")]:
        del sys.modules[name]  # what an import that failed has left, with the folder it looked into
    with TemporaryDirectory() as scratch:
        (Path(scratch) / CATALOGUE).write_text(json.dumps(_EMPTY), encoding="utf-8")
        with environment(**{FOLDER: scratch}):
            yield
