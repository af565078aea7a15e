"""The report as PDF: a typst template that reads the numbers and figures, so that none is typed by hand."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from framing.files import atomic
from framing.report.style import font_folder
from framing.resources import resource

TEMPLATE = "paper/report.typ"


def compile_report(folder: Path, output: Path) -> None:
    """Compile the report.

    Parameters
    ----------
    folder
        Where ``numbers.json`` and ``figures/*.svg`` lie.
    output
        The PDF to write, whole or not at all.
    """
    import typst

    with tempfile.TemporaryDirectory() as scratch, atomic(output) as pdf:
        root = Path(scratch)
        shutil.copy(resource(TEMPLATE), root / "report.typ")
        shutil.copy(folder / "numbers.json", root)
        shutil.copytree(folder / "figures", root / "figures")
        typst.compile(
            str(root / "report.typ"),
            output=str(pdf),
            root=str(root),
            font_paths=[str(font_folder())],
            ignore_system_fonts=True,
        )
