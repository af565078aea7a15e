"""Colours of the page: tints that text can be read on, in light and in dark."""

from __future__ import annotations

from collections.abc import Sequence

from framing.report.style import frame_colours, tone_colours

PAPER = {"light": "#ffffff", "dark": "#16181b"}
INK = {"light": "#1d1f22", "dark": "#e9e7e2"}
"""Background and text of the page; the style sheet takes them from here."""

SHARE = {"light": 0.2, "dark": 0.34}
"""How much of a colour goes into its tint: as much as leaves text on it with a contrast of 4.5 and more."""

_VOICES = ("#8a8f98", "#17807e", "#b8577e", "#7d5fb2", "#8c8c00", "#9a6b3f")


def rgb(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue of ``#rrggbb``, from 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(colour: str, paper: str, share: float) -> str:
    """Return the colour laid on paper with this opacity, from 0 to 1."""
    mixed = (share * c + (1 - share) * p for c, p in zip(rgb(colour), rgb(paper), strict=True))
    return "#" + "".join(f"{round(value):02x}" for value in mixed)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21 (WCAG 2.2, definitions of contrast ratio and luminance)."""
    darker, lighter = sorted(map(_luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (value / 255 for value in rgb(colour))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def shades(colour: str) -> dict[str, str]:
    """Return a colour with its tints for text in light and in dark."""
    return {"colour": colour, **{theme: mix(colour, PAPER[theme], SHARE[theme]) for theme in PAPER}}


def frame_shades(ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the shades of each frame, those of the figures."""
    return {name: shades(colour) for name, colour in frame_colours(ids).items()}


def tone_shades(scale: Sequence[int]) -> dict[str, dict[str, str]]:
    """Return the shades of each value of a tone scale, spelled as text."""
    return {str(value): shades(colour) for value, colour in zip(scale, tone_colours(scale), strict=True)}


def value_shades(values: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return shades for the values of a variable that has no order, such as voice; they repeat after six."""
    return {value: shades(_VOICES[place % len(_VOICES)]) for place, value in enumerate(values)}
