"""What figures share: points with intervals, panels with the same rows, labels with their n."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from framing.report.findings import Findings
from framing.report.labels import fact_label, labels
from framing.report.style import frame_colours, mark_url, right_to_left
from framing.report.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

WIDTH, COLUMN = 6.6, 85 / 25.4
"""Inches: the text width of the report's page, and a column of a journal."""

SIZES = {WIDTH: 9.0, COLUMN: 7.5}
"""Points: size of the text at each width, of which what is small has five sixths."""


class Drawn(NamedTuple):
    """A figure, a sentence for those who cannot see it, and the numbers that it shows."""

    figure: Figure
    alt: str
    data: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Scene:
    """What every figure is drawn from: findings, the language they are told in, and the width in inches."""

    findings: Findings
    words: Words = field(default_factory=Words)
    width: float = WIDTH

    @property
    def narrow(self) -> bool:
        """Tell whether a figure is drawn for a column: its panels stand one under the other."""
        return self.width < WIDTH

    @cached_property
    def frames(self) -> tuple[str, ...]:
        """Ids of the frames, in the codebook's order."""
        return self.findings.codebook.frame_ids

    @cached_property
    def colours(self) -> dict[str, str]:
        """Colour of each frame, the same in every figure."""
        return frame_colours(self.frames)

    @cached_property
    def outlets(self) -> list[str]:
        """Outlets that are compared, in order."""
        return sorted(self.findings.prevalence.table["outlet"].unique())

    def label(self, name: str) -> str:
        """Return the name in words of a variable or value."""
        return right_to_left(self.words.label(self.names, name))

    def name(self, ident: str) -> str:
        """Return the name in words of a variable or value, for texts that are not drawn."""
        return self.words.label(self.names, ident)

    def fact(self, fact: str) -> str:
        """Return what the study calls one of its facts."""
        return fact_label(self.findings.study, fact, self.words)

    def title(self, frame: str) -> str:
        """Return a frame's name for the head of its panel: in English with the Arabic one beside it."""
        own = self.names[frame]
        return f"{own['en']}  {right_to_left(own['ar'])}" if self.words.lang == "en" else right_to_left(own["ar"])

    def text(self, key: str, **fill: object) -> str:
        """Return a string of the language, shaped for a figure."""
        return right_to_left(self.words(key, **fill))

    def with_n(self, label: str, n: float) -> str:
        """Write n behind a label."""
        return right_to_left(f"{label} ({self.words('word.n')} = {int(n)})")

    def tips(
        self,
        names: Sequence[str],
        rows: pd.DataFrame,
        value: str,
        show: Callable[[float], str],
        *,
        n: str = "n_units",
        what: str = "",
    ) -> list[str]:
        """Say of each row what a pointer on its mark is told: name, value, interval and n; nothing where it has none.

        Parameters
        ----------
        rows
            With the columns ``value`` and, where there are any, ``low, high`` and ``n``.
        what
            Said first, such as the panel.
        """
        said = []
        for name, row in zip(names, rows.to_dict("records"), strict=True):
            if pd.isna(row[value]):
                said.append("")
                continue
            bounded = all(pd.notna(row.get(end)) for end in ("low", "high"))
            interval = f" {self.words.range(show(row['low']), show(row['high']))}" if bounded else ""
            counted = [self.words("axis.n", n=int(row[n]))] if pd.notna(row.get(n)) else []
            said.append(" · ".join(filter(None, [what, f"{name}: {show(row[value])}{interval}", *counted])))
        return said

    @cached_property
    def names(self) -> dict[str, dict[str, str]]:
        """Names in words of what the codebook defines."""
        return labels(self.findings.codebook)


Figured = Callable[[Scene], Drawn | None]
"""What draws a figure; None where the study has nothing to draw."""


def panels(width: float, titles: Sequence[str], rows: int, *, height: float = 0.28) -> tuple[Figure, list[Axes]]:
    """Open one panel per title, all with the same rows, the first on top; two beside each other where there is room."""
    import matplotlib.pyplot as plt

    columns = min(len(titles), 2 if width >= WIDTH else 1)
    lines = -(-len(titles) // columns)
    figure, axes = plt.subplots(
        lines,
        columns,
        figsize=(
            width,
            (max(height * rows + 0.75, 1.5) if width >= WIDTH else 0.8 * height * rows + 0.6) * lines + 0.3,
        ),
        sharex=True,
        sharey=True,
        squeeze=False,
    )
    found = list(axes.flat)
    for axis, title in zip(found, titles, strict=False):
        axis.set_title(title)
    for axis in found[len(titles) :]:
        axis.set_visible(False)
    for axis in found[: len(titles)][-columns:]:
        axis.xaxis.set_tick_params(labelbottom=True)
    found[0].set_ylim(rows - 0.5, -0.5)
    return figure, found[: len(titles)]


def rows(axis: Axes, names: Sequence[str]) -> None:
    """Name the rows of a panel."""
    axis.set_yticks(range(len(names)), list(names))
    axis.set_ylim(len(names) - 0.5, -0.5)


def bottom(figure: Figure, label: str) -> None:
    """Write a label under all panels."""
    figure.supxlabel(label, fontsize="medium")


def intervals(
    axis: Axes,
    value: pd.Series,
    low: pd.Series,
    high: pd.Series,
    colours: Sequence[str] | str,
    *,
    offset: float = 0.0,
    marker: str = "o",
    label: str | None = None,
    filled: Sequence[bool] | None = None,
    tips: Sequence[str] = (),
) -> None:
    """Draw points with their intervals, row by row; a missing one leaves its row empty.

    Parameters
    ----------
    filled
        Which points are filled; None for all.
    tips
        What each point says of itself, as `Scene.tips` tells it.
    """
    places = np.arange(len(value)) + offset
    inks = [colours] * len(value) if isinstance(colours, str) else list(colours)
    insides = inks if filled is None else [c if full else "white" for c, full in zip(inks, filled, strict=True)]
    axis.hlines(places, low, high, colors=inks, linewidth=1.6, zorder=2)
    points = axis.scatter(
        value, places, c=insides, edgecolors=inks, marker=marker, s=26, zorder=3, label=label, linewidths=1.1
    )
    if tips:
        points.set_urls([mark_url(tip) for tip in tips])
    axis.grid(visible=False, axis="y")


def percent(axis: Axes) -> None:
    """Write the numbers below a panel as percentages."""
    from matplotlib.ticker import PercentFormatter

    axis.xaxis.set_major_formatter(PercentFormatter(xmax=1, decimals=0))


def handle(marker: str, colour: str, *, filled: bool) -> Line2D:
    """Return a mark for a legend."""
    from matplotlib.lines import Line2D

    inside = colour if filled else "white"
    return Line2D([], [], linestyle="", marker=marker, color=colour, markerfacecolor=inside, markersize=5)
