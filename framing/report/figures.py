"""The figures of a study: intervals always drawn, numbers of units always given."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from framing.models.scores import EXACT, MACRO, MACRO_ALL
from framing.report.findings import Findings
from framing.report.style import (
    INK,
    MUTED,
    figure_style,
    frame_colours,
    right_to_left,
    save,
    system_colours,
    system_label,
    tone_colours,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 6.6
"""Inches: the text width of the report's page."""

THRESHOLDS = (0.667, 0.8)
"""Conventional marks of tentative and of good reliability, drawn for orientation."""

PREVALENCE = {"units": "share of coded units", "articles": "mean share of an article's units"}
"""What prevalence is, by what counts once."""

BESIDE = ("majority", "always", "coders")
"""What validation shows beside the systems, and after them."""


def save_figures(findings: Findings, folder: Path) -> dict[str, str]:
    """Draw every figure into a folder as PNG and SVG.

    Returns
    -------
    dict
        Name of each figure and a sentence that says what it shows, for those who cannot see it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drawn: dict[str, str] = {}
    with figure_style():
        for name, draw in (
            ("frame_profile", frame_profile),
            ("tone", tone_profile),
            ("agreement", agreement_figure),
            ("validation_frames", partial(validation_figure, name="frames")),
            ("validation_tone", partial(validation_figure, name="tone")),
        ):
            made = draw(findings)
            if made is not None:
                figure, drawn[name] = made
                save(figure, folder / name)
    return drawn


def frame_profile(findings: Findings) -> tuple[Figure, str]:
    """Small multiples: one panel per frame, one row per outlet, share with interval."""
    import matplotlib.pyplot as plt

    table = findings.prevalence.to_frame()
    frames = findings.codebook.frames
    colours = frame_colours(findings.codebook.frame_ids)
    columns = min(len(frames), 2)
    lines = -(-len(frames) // columns)
    outlets = sorted(table["outlet"].unique())
    figure, axes = plt.subplots(
        lines,
        columns,
        figsize=(WIDTH, (0.28 * len(outlets) + 0.75) * lines),
        sharex=True,
        sharey=True,
        squeeze=False,
    )
    for axis, frame in zip(axes.flat, frames, strict=False):
        own = table[table["variable"] == frame.id].set_index("outlet").loc[outlets]
        _intervals(axis, own["share"], own["low"], own["high"], [colours[frame.id]] * len(own))
        axis.set_title(f"{frame.label_en}  {right_to_left(frame.label_ar)}")
        axis.set_yticks(range(len(outlets)), [_with_n(o, int(n)) for o, n in zip(outlets, own["n_units"], strict=True)])
    for axis in axes.flat[len(frames) :]:
        axis.set_visible(False)
    for axis in axes[-1]:
        axis.set_xlabel(PREVALENCE[str(findings.study["weight"])])
    for axis in axes.flat:
        _percent(axis)
    axes[0, 0].set_ylim(len(outlets) - 0.5, -0.5)
    highest = table.sort_values("share").groupby("outlet").tail(1).sort_values("outlet").to_dict("records")
    parts = [f"{row['outlet']}: {row['variable']} ({row['share']:.0%})" for row in highest]
    return (
        figure,
        f"Share of units that carry each frame, per outlet with 95% intervals. Largest frame: {'; '.join(parts)}.",
    )


def tone_profile(findings: Findings) -> tuple[Figure, str] | None:
    """Two panels with the same rows: how tone is distributed, and its mean with interval."""
    import matplotlib.pyplot as plt

    if findings.tone is None:
        return None
    scale = list(findings.codebook.tone)
    table = findings.tone.to_frame().set_index("outlet").sort_index()
    outlets = list(table.index)
    shares = pd.crosstab(findings.coded["outlet"], findings.coded["tone"], normalize="index")
    shares = shares.reindex(index=outlets, columns=scale, fill_value=0.0)
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(WIDTH, 0.3 * len(outlets) + 1.1), sharey=True, width_ratios=(3, 2)
    )
    colours = tone_colours(scale)
    start = np.zeros(len(outlets))
    for value, colour in zip(scale, colours, strict=True):
        width = shares[value].to_numpy()
        left.barh(
            range(len(outlets)),
            width,
            left=start,
            height=0.62,
            color=colour,
            edgecolor="white",
            label=f"{value:+d}" if value else "0",
        )
        start += width
    left.set_yticks(range(len(outlets)), [_with_n(o, int(n)) for o, n in zip(outlets, table["n_units"], strict=True)])
    left.set_xlim(0, 1)
    _percent(left)
    left.set_xlabel("share of coded units")
    left.legend(
        title="tone",
        ncols=len(scale),
        loc="lower center",
        bbox_to_anchor=(0.5, 1.0),
        frameon=False,
        title_fontsize=8,
        fontsize=8,
    )
    left.grid(visible=False)
    _intervals(right, table["mean"], table["low"], table["high"], [INK] * len(table))
    right.axvline(0, color=MUTED, linewidth=0.8)
    right.set_xlim(min(scale) - 0.02, max(scale) + 0.02)
    right.set_xlabel("mean tone")
    left.set_ylim(len(outlets) - 0.5, -0.5)
    parts = [f"{outlet}: {row['mean']:+.2f}" for outlet, row in table.iterrows()]
    return (
        figure,
        f"Tone of units per outlet, distribution and mean with 95% intervals. Means: {'; '.join(parts)}.",
    )


def agreement_figure(findings: Findings) -> tuple[Figure, str] | None:
    """One row per variable: alpha with interval, and the conventional marks."""
    import matplotlib.pyplot as plt

    if findings.agreement is None:
        return None
    table = findings.agreement.to_frame()
    figure, axis = plt.subplots(figsize=(WIDTH * 0.75, 0.26 * len(table) + 0.7))
    _intervals(axis, table["alpha"], table["low"], table["high"], [INK] * len(table))
    for mark in THRESHOLDS:
        axis.axvline(mark, color=MUTED, linewidth=0.8, linestyle=(0, (4, 3)))
        axis.text(
            mark,
            -0.75,
            f"{mark:.3f}".rstrip("0").lstrip("0"),
            ha="center",
            va="bottom",
            fontsize=8,
            color=MUTED,
        )
    axis.set_yticks(
        range(len(table)),
        [_with_n(_label(findings, v), n) for v, n in zip(table["variable"], table["n_units"], strict=True)],
    )
    axis.set_ylim(len(table) - 0.5, -0.6)
    axis.set_xlim(min(0.5, float(np.nanmin(table["low"].to_numpy())) - 0.05), 1.01)
    axis.set_xlabel("Krippendorff's alpha")
    lowest = table.sort_values("alpha").iloc[0]
    name, value = lowest["variable"], lowest["alpha"]
    return figure, f"Krippendorff's alpha per variable with 95% intervals; lowest is {name} at {value:.2f}."


def validation_figure(findings: Findings, name: str) -> tuple[Figure, str] | None:
    """F1 of each system on outlets it has not seen, with intervals; None where the variable was not validated."""
    import matplotlib.pyplot as plt

    if name not in findings.validation:
        return None
    table = findings.validation[name].to_frame()
    table = table[~table["label"].isin([MACRO_ALL, EXACT])]
    known, labels = list(dict.fromkeys(table["system"])), list(dict.fromkeys(table["label"]))
    systems = [*(s for s in known if s not in BESIDE), *(s for s in BESIDE if s in known)]
    colours = system_colours(systems)
    figure, axis = plt.subplots(figsize=(WIDTH, 0.6 * len(labels) + 1.2))
    markers = dict(zip(systems, "osD^vPX*", strict=False))
    for index, system in enumerate(systems):
        own = table[table["system"] == system].set_index("label").reindex(labels)
        _intervals(
            axis,
            own["f1"],
            own["low"],
            own["high"],
            [colours[system]] * len(own),
            (index - (len(systems) - 1) / 2) * 0.8 / len(systems),
            markers[system],
            system_label(system),
        )
    axis.set_yticks(range(len(labels)), [_label(findings, label) for label in labels])
    axis.set_ylim(len(labels) - 0.5, -0.5)
    axis.set_xlim(-0.02, 1.02)
    axis.set_xlabel(f"F1 of {name} on the outlet left out")
    figure.legend(loc="outside upper right", ncols=min(len(systems), 4), frameon=False)
    macro = table[table["label"] == MACRO].set_index("system")["f1"]
    return figure, (
        f"F1 of {name} per label and system, leaving one outlet out, with 95% intervals. Macro F1: "
        + "; ".join(f"{system_label(str(system))} {value:.2f}" for system, value in macro.items())
        + "."
    )


def _intervals(
    axis: Axes, value: pd.Series, low: pd.Series, high: pd.Series, colours: list[str], offset: float = 0.0,
    marker: str = "o", label: str | None = None,
) -> None:  # fmt: skip
    """Draw points with their intervals, row by row; a missing one leaves its row empty."""
    rows = np.arange(len(value)) + offset
    axis.hlines(rows, low, high, colors=colours, linewidth=1.6, zorder=2)
    axis.scatter(value, rows, c=colours, marker=marker, s=26, zorder=3, label=label)
    axis.grid(visible=False, axis="y")


def _percent(axis: Axes) -> None:
    from matplotlib.ticker import PercentFormatter

    axis.xaxis.set_major_formatter(PercentFormatter(xmax=1))


def _with_n(label: str, n: int) -> str:
    return f"{label} (n = {n})"


def _label(findings: Findings, variable: str) -> str:
    """Return a variable's name in words; what is no variable (a value, the mean) is its own name."""
    return {v.id: v.label for v in findings.codebook.variables}.get(variable, variable)
