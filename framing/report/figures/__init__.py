"""The figures of a study: intervals always drawn, numbers of units always given, one colour per frame."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from framing.files import write_table
from framing.report.figures import models, outlets, telling
from framing.report.figures.parts import Drawn, Figured, Scene
from framing.report.findings import Findings
from framing.report.style import figure_style, save
from framing.report.words import Language, Words

__all__ = ["FIGURES", "Drawn", "Scene", "save_figures"]

FIGURES: dict[str, Figured] = {
    "frame_profile": outlets.frame_profile,
    "tone": outlets.tone_profile,
    "target_tone": outlets.target_tone,
    "differences": outlets.differences,
    "robustness": outlets.robustness,
    "map": outlets.outlet_map,
    "agreement": models.agreement,
    "validation_frames": partial(models.validation, name="frames"),
    "validation_tone": partial(models.validation, name="tone"),
    "validation_outlets": models.validation_outlets,
    "learning": models.learning,
    "claims": telling.claims,
    "attribution": telling.attribution,
    "own_voice": telling.own_voice,
    "keyness": telling.keyness,
}
"""Every figure by the name of its files."""


def save_figures(findings: Findings, folder: Path, lang: Language = "en") -> dict[str, str]:
    """Draw every figure into a folder as PNG and SVG, with its numbers as CSV.

    Returns
    -------
    dict
        Name of each figure and a sentence that says what it shows, for those who cannot see it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    scene = Scene(findings, Words(lang))
    alts: dict[str, str] = {}
    with figure_style(lang):
        for name, draw in FIGURES.items():
            drawn = draw(scene)
            if drawn is not None:
                save(drawn.figure, folder / name)
                write_table(drawn.data, folder / f"{name}.csv")
                alts[name] = drawn.alt
    return alts
