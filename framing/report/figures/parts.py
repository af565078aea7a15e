"""What figures share: points with intervals, panels with the same rows, labels with their n."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from framing.report.findings import Findings
from framing.report.labels import labels
from framing.report.style import frame_colours, right_to_left
from framing.report.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 6.6
"""Inches: the text width of the report's page."""


class Drawn(NamedTuple):
    """A figure, a sentence for those who cannot see it, and the numbers that it shows."""

    figure: Figure
    alt: str
    data: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Scene:
    """What every figure is drawn from: findings, and the language they are told in."""

    findings: Findings
    words: Words = field(default_factory=Words)

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

    @cached_property
    def names(self) -> dict[str, dict[str, str]]:
        """Names in words of what the codebook defines."""
        return labels(self.findings.codebook)


Figured = Callable[[Scene], Drawn | None]
"""What draws a figure; None where the study has nothing to draw."""


def panels(titles: Sequence[str], rows: int, *, height: float = 0.28, columns: int = 2) -> tuple[Figure, list[Axes]]:
    """Open one panel per title, all with the same rows, the first on top."""
    import matplotlib.pyplot as plt

    columns = min(len(titles), columns)
    lines = -(-len(titles) // columns)
    figure, axes = plt.subplots(
        lines,
        columns,
        figsize=(WIDTH, (max(height * rows + 0.75, 1.5)) * lines + 0.3),
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
    figure.supxlabel(label, fontsize=9)


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
) -> None:
    """Draw points with their intervals, row by row; a missing one leaves its row empty.

    Parameters
    ----------
    filled
        Which points are filled; None for all.
    """
    places = np.arange(len(value)) + offset
    inks = [colours] * len(value) if isinstance(colours, str) else list(colours)
    insides = inks if filled is None else [c if full else "white" for c, full in zip(inks, filled, strict=True)]
    axis.hlines(places, low, high, colors=inks, linewidth=1.6, zorder=2)
    axis.scatter(value, places, c=insides, edgecolors=inks, marker=marker, s=26, zorder=3, label=label, linewidths=1.1)
    axis.grid(visible=False, axis="y")


def percent(axis: Axes) -> None:
    """Write the numbers below a panel as percentages."""
    from matplotlib.ticker import PercentFormatter

    axis.xaxis.set_major_formatter(PercentFormatter(xmax=1, decimals=0))
