"""The formats that units go out in and answers come back in, and a whole export of them."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

import pandas as pd

from framing.coding.codebook import Codebook
from framing.coding.exchange.form import tasks
from framing.coding.exchange.places import file_name
from framing.coding.exchange.queues import Assignment, write_manifest
from framing.errors import InputError
from framing.files import atomic_folder, holds_nothing

MODULES = {
    "label-studio": "labelstudio",
    "potato": "potato",
    "doccano": "doccano",
    "inception": "inception",
    "csv": "sheets",
    "xlsx": "workbook",
    "framing": "desk",
}
"""Module of each format, by the name that it has on the command line."""

MANIFEST = "manifest.json"
"""Who codes what, in the folder of an export."""


class Format(Protocol):
    """What a module of a format has.

    Attributes
    ----------
    TITLE, START
        What the tool is called, and how coders start it on their own computer, in lines.
    """

    TITLE: str
    START: str

    def export(self, tasks: pd.DataFrame, codebook: Codebook, folder: Path, coder: str) -> list[Path]:
        """Write what one coder needs into a folder, and return the files."""
        ...

    def read(self, paths: Sequence[Path], units: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
        """Read answers back, still to be checked, as `framing.coding.exchange.form.answers_table` makes them."""
        ...


def format_named(name: str) -> Format:
    """Return a format by its name on the command line.

    Raises
    ------
    InputError
        Where there is none of that name.
    """
    if name not in MODULES:
        raise InputError(f"unknown tool '{name}'", cure=f"Use one of {', '.join(MODULES)}.")
    return cast(Format, import_module(f"framing.coding.exchange.{MODULES[name]}"))


def export_all(name: str, assignment: Assignment, units: pd.DataFrame, codebook: Codebook, folder: Path) -> list[Path]:
    """Write a folder for each coder, and the manifest beside them; all of it or nothing.

    Parameters
    ----------
    name
        Of the format.
    assignment
        Who codes what.
    units
        That it was drawn from.
    folder
        A new one: coders may have begun on what an old one holds.

    Returns
    -------
    list of pathlib.Path
        The coders' folders.
    """
    tool = format_named(name)
    if not holds_nothing(folder):
        raise InputError("there is something in it already", file=folder, cure="Name a new folder with --out.")
    folders = {coder: file_name(coder) for coder in assignment.coders}
    if len({place.casefold() for place in folders.values()}) < len(folders):
        raise InputError("two coders' names differ only in capitals", cure="Name them so that folders differ, too.")
    shown = tasks(units, codebook)
    with atomic_folder(folder) as stage:
        for coder, place in folders.items():
            (stage / place).mkdir()
            tool.export(assignment.tasks(shown, coder), codebook, stage / place, coder)
        write_manifest(assignment, stage / MANIFEST)
    return [folder / place for place in folders.values()]
