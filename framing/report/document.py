"""The report as PDF: a typst template that reads the numbers and figures, so that none is typed by hand."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from framing.files import atomic, write_json
from framing.report.sentences import sentences
from framing.report.words import Language, Words
from framing.resources import font_folder, resource

TEMPLATE, REFERENCES = "paper/report.typ", "paper/references.bib"

PRINTED = ("report", "word", "list", "system")
"""Sections of the strings that the template prints itself."""


def compile_report(folder: Path, output: Path, lang: Language = "en") -> None:
    """Compile the report.

    Parameters
    ----------
    folder
        Where ``numbers.json`` and ``figures/*.svg`` lie.
    output
        The PDF to write, whole or not at all.
    lang
        Its language; Arabic is set from right to left. The figures are taken as they are.
    """
    import typst

    found = json.loads((folder / "numbers.json").read_text(encoding="utf-8"))
    words = Words(lang)
    told = {
        "lang": lang,
        "sentences": sentences(found, lang),
        **{name: words.section(name) for name in PRINTED},
        "systems": {name: words.system(name) for name in found["systems"]},
    }
    with tempfile.TemporaryDirectory() as scratch, atomic(output) as pdf:
        root = Path(scratch)
        for name in (TEMPLATE, REFERENCES):
            shutil.copy(resource(name), root)
        shutil.copy(folder / "numbers.json", root)
        write_json(told, root / "words.json")
        shutil.copytree(folder / "figures", root / "figures")
        typst.compile(
            str(root / "report.typ"),
            output=str(pdf),
            root=str(root),
            font_paths=[str(font_folder())],
            ignore_system_fonts=True,
        )
