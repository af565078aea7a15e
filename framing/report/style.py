"""One visual language: fonts that shape Arabic, a colour per frame, files that come out the same each time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.report.words import Language, Words
from framing.resources import font_folder

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FONT = "IBM Plex Sans Arabic"
"""Covers Arabic and Latin; its static cuts leave the text of a PDF searchable, which variable fonts do not."""

INK, MUTED, GRID = "#222222", "#6b6b6b", "#e3e3e3"

PNG_DPI = 300

TIP = "tip:"
"""Begins what a mark of a figure says of itself. It travels as a link, the one thing that a mark of matplotlib carries
into the SVG; there `save` makes a title of it, which shows on pointing."""

_TOLD = re.compile(rf'<a xlink:href="{TIP}(?P<tip>[^"]*)"[^>]*>(?P<drawn>.*?)</a>', re.DOTALL)

_RIGHT_TO_LEFT, _END = "\u2067", "\u2069"
"""Around a text that runs from right to left, whatever stands around it (Unicode's isolates)."""

_NEUTRAL = "#d4d4d4"
_BELOW: tuple[str, Callable[[int], bool]] = ("#b2402f", lambda value: value < 0)
_ABOVE: tuple[str, Callable[[int], bool]] = ("#2f6db2", lambda value: value > 0)
_SYSTEMS = ("#3aa6d0", "#9a6b3f", "#7d5fb2", "#8c8c00", "#17807e", "#b8577e")


def frame_colours(ids: Sequence[str]) -> dict[str, str]:
    """Return a colour per id, in order, from seaborn's palette for colour-blind readers."""
    import seaborn as sns

    return dict(zip(ids, sns.color_palette("colorblind", len(ids)).as_hex(), strict=True))


def tone_colours(scale: Sequence[int]) -> list[str]:
    """Return a colour per value of a tone scale: red below zero, grey at zero, blue above it."""
    import seaborn as sns

    below, above = (sns.light_palette(c, sum(map(side, scale)) + 2).as_hex()[2:] for c, side in (_BELOW, _ABOVE))
    zero = [_NEUTRAL] * sum(value == 0 for value in scale)
    return [*reversed(below), *zero, *above]


def system_colours(systems: Sequence[str]) -> dict[str, str]:
    """Return a colour per system that no frame has; coders are drawn in ink, the majority baseline in grey."""
    fixed = {"coders": INK, "majority": MUTED}
    others = iter(_SYSTEMS)
    return {system: fixed[system] if system in fixed else next(others) for system in systems}


def system_label(system: str) -> str:
    """Return a system's name in English words."""
    return Words().system(system)


@contextmanager
def figure_style(lang: Language = "en", *, size: float = 9) -> Iterator[None]:
    """Within it, figures look alike and save byte for byte the same; nothing outside is changed.

    Parameters
    ----------
    size
        Of the text, in points; titles are larger by a point, what is small has five sixths of it.
    """
    import matplotlib as mpl
    import seaborn as sns
    from matplotlib import font_manager

    for file in sorted(font_folder().glob("*.ttf")):
        font_manager.fontManager.addfont(str(file))
    rc: dict[Any, Any] = {
        "font.family": [FONT, "DejaVu Sans"],
        "font.size": size,
        "axes.titlesize": size + 1,
        "axes.titleweight": "bold",
        "axes.titlelocation": "right" if lang == "ar" else "left",
        "axes.edgecolor": MUTED,
        "axes.labelcolor": INK,
        "text.color": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "grid.color": GRID,
        "svg.hashsalt": "framing",
        "svg.fonttype": "none",
        "text.parse_math": False,  # a dollar sign in a label is a dollar sign
        "figure.constrained_layout.use": True,
    }
    with sns.axes_style("whitegrid"), mpl.rc_context(rc):
        yield


def right_to_left(label: str) -> str:
    """Let a label that holds Arabic run from right to left even where it starts with Latin or a digit.

    A mark at its beginning is not enough: what draws SVG in a PDF gives every text a left-to-right base.
    """
    arabic = any("\u0600" <= letter <= "\u06ff" for letter in label)
    return f"{_RIGHT_TO_LEFT}{label}{_END}" if arabic else label


def save(figure: Figure, stem: Path) -> None:
    """Write ``stem.png`` at print resolution and ``stem.svg`` with text as text, without dates inside."""
    import matplotlib.pyplot as plt

    figure.savefig(stem.with_suffix(".png"), dpi=PNG_DPI, metadata={"Software": None})
    figure.savefig(stem.with_suffix(".svg"), metadata={"Date": None})
    plt.close(figure)
    drawing = stem.with_suffix(".svg").read_text(encoding="utf-8")
    stem.with_suffix(".svg").write_text(_TOLD.sub(_titled, drawing), encoding="utf-8", newline="\n")


def mark_url(tip: str) -> str | None:
    """Return the link under which a mark carries what is said of it into the SVG; None for nothing."""
    return TIP + tip if tip else None


def _titled(match: re.Match[str]) -> str:
    return f'<g class="mark"><title>{match["tip"]}</title>{match["drawn"]}</g>'
