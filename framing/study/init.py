"""A new study: a folder with every file that one needs, each saying what belongs in it."""

from __future__ import annotations

import json
import shutil
from importlib.resources import as_file, files
from pathlib import Path

from framing.errors import InputError
from framing.files import atomic_folder

TEMPLATE = "template"
"""Folder beside this module, whose files a new study begins with."""

QUOTED, PLAIN = "@NAME@", "@TITLE@"
"""What stands for the study's name in the template: as a text in quotes, and as it is."""


def init_study(folder: str | Path) -> Path:
    """Make a folder to begin a study in, named as the folder.

    Parameters
    ----------
    folder
        That is not there yet. It appears whole or not at all.

    Returns
    -------
    pathlib.Path
        Its study file. With it lie ``codebook.yaml`` (the questions that hold for any event, and room for frames),
        ``articles/sources.csv`` (the header) and ``README.md`` (what to do, step by step).

    Raises
    ------
    InputError
        Where the folder is there already.
    """
    folder = Path(folder).resolve()
    if folder.exists():
        raise InputError(
            "it is there already, and nothing is overwritten", file=folder, cure="Name a folder that is not there yet."
        )
    with atomic_folder(folder) as made, as_file(files("framing.study") / TEMPLATE) as template:
        shutil.copytree(template, made, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        for file in sorted(made.rglob("*")):
            if file.is_file():
                text = file.read_text(encoding="utf-8")
                named = text.replace(QUOTED, json.dumps(folder.name, ensure_ascii=False)).replace(PLAIN, folder.name)
                file.write_text(named, encoding="utf-8")
    return folder / "study.toml"
