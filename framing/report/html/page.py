"""The page itself: template, styles, scripts, font and data in one file that asks nothing of any network."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from framing.files import atomic
from framing.report.findings import Findings
from framing.report.html.colours import INK, PAPER
from framing.report.html.fonts import font_faces
from framing.report.html.payload import payload
from framing.report.html.plain import without_script
from framing.report.numbers import Numbers
from framing.report.style import FONT, GRID, MUTED
from framing.report.style import INK as FIGURE_INK
from framing.report.words import Language, Words

SCRIPTS = ("dom.js", "tip.js", "jump.js", "tables.js", "claims.js", "network.js", "reader.js", "main.js")
"""In the order in which they stand in the page, one scope for all."""

FAMILY = "Report"
"""The embedded font's name in the style sheet."""

_SVG_COLOURS = {FIGURE_INK: "var(--ink)", MUTED: "var(--muted)", GRID: "var(--line)", "#ffffff": "var(--paper)"}


def write_html(findings: Findings, found: Numbers, figures: Path, output: Path, lang: Language = "en") -> None:
    """Write the page, whole or not at all.

    Parameters
    ----------
    findings
        The results of a study.
    found
        The content of its ``numbers.json``, with the captions of its figures under ``figures``.
    figures
        Folder with an SVG per figure.
    output
        The HTML file.
    lang
        Of the page; Arabic runs from right to left. The figures are taken as they are.
    """
    data = payload(findings, found, lang)
    with atomic(output) as scratch:
        scratch.write_text(page(data, drawings(found, figures, Words(lang))), encoding="utf-8", newline="\n")


def page(data: dict[str, Any], drawn: str = "") -> str:
    """Return the page that shows these data.

    Parameters
    ----------
    data
        As `framing.report.html.payload` returns them.
    drawn
        Figures, as `drawings` returns them.
    """
    content, ui = embedded(data), data["ui"]
    script = "(() => {\n'use strict';\n" + "\n".join(_static(name) for name in SCRIPTS) + "\n})();"
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    letters = json.dumps(data, ensure_ascii=False) + drawn + "−–—…·×→←↑↓↕▲▼✓"
    return Template(_static("page.html")).substitute(
        {key: escape(text) for key, text in ui.items() if key.isidentifier()},
        language=data["language"],
        direction=data["direction"],
        title=escape(str(data["study"]["title"])),
        event=escape(str(data["study"]["event"])),
        counted=escape(
            ui["counts"].format(**{k: f"{v:,}" if isinstance(v, int) else v for k, v in data["study"].items()})
        ),
        made=escape(ui["made_with"].format(version=data["study"]["version"], seed=data["study"]["seed"])),
        provenance="".join(f"<p>{escape(text)}</p>" for text in data["notices"]["provenance"] if text),
        caveats="".join(f"<p>{escape(text)}</p>" for text in data["notices"]["caveats"]),
        fonts=font_faces(letters, FAMILY),
        style=_static("style.css").replace("REPORT_FONT", f'"{FAMILY}"'),
        colours=_palette(),
        digest=digest,
        noscript=without_script(data),
        drawn=drawn,
        data=content,
        script=script,
    )


def embedded(data: dict[str, Any]) -> str:
    """Return JSON that can stand in a script element whatever its texts hold: no tag can begin or end in it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def drawings(found: Numbers, folder: Path, words: Words) -> str:
    """Return the study's figures as templates of the page, in colours that follow its theme.

    Parameters
    ----------
    found
        Captions of the figures by name under ``figures``.
    folder
        Where ``<name>.svg`` lie.
    words
        In which they are named.
    """
    parts = []
    for name, caption in found.get("figures", {}).items():
        file = folder / f"{name}.svg"
        if file.exists():
            svg = _adapted(file.read_text(encoding="utf-8"), name, str(caption))
            named = {"figure": name, "title": words(f"figure.{name}"), "caption": str(caption)}
            held = " ".join(f'data-{key}="{escape(text)}"' for key, text in named.items())
            parts.append(f"<template {held}>{svg}</template>")
    return "\n".join(parts)


def _adapted(svg: str, name: str, caption: str) -> str:
    """Make a drawing a part of a page: its own ids, a label, colours of the theme, no size of its own."""
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    svg = re.sub(r"<style[^>]*>.*?</style>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r'href="#([^"]+)"', rf'href="#{name}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)
    svg = re.sub(r'^<svg([^>]*?) width="[^"]*" height="[^"]*"', r"<svg\1", svg)
    svg = svg.replace(f"'{FONT}'", FAMILY)
    for colour, variable in _SVG_COLOURS.items():
        svg = svg.replace(f": {colour}", f": {variable}")
    role = "group" if 'class="mark"' in svg else "img"  # a picture may not hold what is focused
    return svg.replace("<svg", f'<svg role="{role}" aria-label="{escape(caption)}"', 1)


def _palette() -> str:
    """Return paper and ink of both themes as variables."""
    light, dark = (f"--paper:{PAPER[theme]};--ink:{INK[theme]}" for theme in ("light", "dark"))
    return (
        f':root{{{light}}}:root[data-theme="dark"]{{{dark}}}'
        f'@media (prefers-color-scheme:dark){{:root:not([data-theme="light"]){{{dark}}}}}'
    )


def _static(name: str) -> str:
    return (files("framing.report.html") / "static" / name).read_text(encoding="utf-8")
