"""A small codebook, and codings by it."""

from __future__ import annotations

from pathlib import Path

BOOK = """
name: weather
version: 1
frames:
  - {id: storm, definition: Danger.}
  - {id: harvest, definition: Gain.}
tone: {scale: [-1, 0, 1]}
targets: {scale: [-1, 0, 1], parties: [{id: office}]}
voice: {values: {narrator: the outlet, named: a person}}
"""
HEADER = "doc_id,unit,coder,frames,tone,tone_office,voice"


def write_codings(folder: Path, *rows: str, header: str = HEADER) -> Path:
    """Write rows of codings into a file and return it."""
    file = folder / "codings.csv"
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return file
