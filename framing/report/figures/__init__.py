"""The figures of a study: intervals always drawn, numbers of units always given, one colour per frame."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from framing.files import write_table
from framing.report.figures import claimed, estimated, models, outlets, places, telling
from framing.report.figures.parts import SIZES, Drawn, Figured, Scene
from framing.report.findings import Findings
from framing.report.style import figure_style, save
from framing.report.words import Language, Words

__all__ = ["FIGURES", "Drawn", "Scene", "save_figures"]

FIGURES: dict[str, Figured] = {
    "frame_profile": outlets.frame_profile,
    "tone": outlets.tone_profile,
    "target_tone": outlets.target_tone,
    "differences": outlets.differences,
    "robustness": estimated.robustness,
    "corrected": estimated.corrected,
    "map": places.outlet_map,
    "agreement": models.agreement,
    "validation_frames": partial(models.validation, name="frames"),
    "validation_tone": partial(models.validation, name="tone"),
    "validation_outlets": models.validation_outlets,
    "learning": models.learning,
    "claims": claimed.claims,
    "attribution": telling.attribution,
    "own_voice": telling.own_voice,
    "keyness": telling.keyness,
}
"""Every figure by the name of its files."""

NARROW = "_column"
"""Ends the names of files that are drawn for a column."""


def save_figures(findings: Findings, folder: Path, lang: Language = "en") -> dict[str, str]:
    """Draw every figure into a folder as PNG and SVG, with its numbers as CSV.

    Each is drawn twice: for the width of a page, and under ``<name>_column`` for a column of 85 mm.

    Returns
    -------
    dict
        Name of each figure and a sentence that says what it shows, for those who cannot see it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    alts: dict[str, str] = {}
    for width, size in SIZES.items():
        scene = Scene(findings, Words(lang), width)
        with figure_style(lang, size=size):
            for name, draw in FIGURES.items():
                drawn = draw(scene)
                if drawn is None:
                    continue
                save(drawn.figure, folder / (f"{name}{NARROW}" if scene.narrow else name))
                if not scene.narrow:
                    write_table(drawn.data, folder / f"{name}.csv")
                    alts[name] = drawn.alt
    return alts
