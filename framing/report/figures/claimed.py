"""What outlets claim of the same facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from framing.report.figures.parts import Drawn, Scene
from framing.report.style import INK, MUTED, right_to_left

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Cells = Mapping[tuple[str, str], list[str]]
"""Lines by fact and outlet."""

Names = Mapping[str, tuple[str, str]]
"""Name and status of each fact, in words."""

MOST_SILENT = 46
"""Letters in a line of a column: where the silent outlets need more, they are counted."""

STATUS_COLOURS = {
    "agreed": "#dcecf5",
    "disputed": "#f8dfc9",
    "single": "#ececec",
    "several": "#f4f4f4",
    "silent": "white",
}
"""Fill of a fact's cells, from pale blue for agreed to pale orange for disputed; the word stands beside it."""

_HEDGES = {"about": "نحو", "more": "أكثر من", "less": "أقل من", "at least": "على الأقل", "at most": "على الأكثر"}
"""How a figure is bounded, in the language of the figures themselves: signs like < turn around in Arabic."""


def claims(scene: Scene) -> Drawn | None:
    """A row per fact, a column per outlet: the figures that it gives, in its words."""
    portrayal = scene.findings.portrayal
    if portrayal is None or portrayal.results["claims"].table.empty:
        return None
    table = portrayal.results["claims"].to_frame()
    facts = table.drop_duplicates("fact").set_index("fact")[["label", "status"]]
    outlets = sorted(table["outlet"].unique())
    cells = {
        (str(fact), str(outlet)): _said(own) for (fact, outlet), own in table.groupby(["fact", "outlet"], sort=False)
    }
    names = {
        str(fact): (scene.fact(str(fact)), scene.words.known(str(status))) for fact, status in facts["status"].items()
    }
    figure = (_listed if scene.narrow else _tabled)(scene, facts, outlets, cells, names)
    counts = facts["status"].value_counts()
    parts = [f"{scene.words('word.' + str(status))} {n}" for status, n in counts.items()]
    alt = scene.words("alt.claims", facts=scene.words.count("facts", len(facts)), parts=scene.words.parts(parts))
    columns = ["fact", "label", "status", "outlet", "figure", "hedge", "value", "low", "high", "measure", "voice"]
    return Drawn(figure, alt, table[columns])


def _tabled(scene: Scene, facts: pd.DataFrame, outlets: list[str], cells: Cells, names: Names) -> Figure:
    """Draw a table: a row per fact, a column per outlet."""
    import matplotlib.pyplot as plt

    heights = [max(1, *(len(cells.get((str(fact), o), [])) for o in outlets)) for fact in facts.index]
    figure, axis = plt.subplots(figsize=(scene.width, 0.16 * sum(heights) + 0.14 * len(facts) + 0.6))
    top, ticks = 0.0, []
    for (fact, row), height in zip(facts.iterrows(), heights, strict=True):
        tall = height + 0.7
        for column, outlet in enumerate(outlets):
            _cell(axis, column, top, tall, cells.get((str(fact), outlet), []), STATUS_COLOURS[str(row["status"])])
        ticks.append(top + tall / 2)
        top += tall
    axis.set(xlim=(0, len(outlets)), ylim=(top, 0))
    axis.set_yticks(ticks, ["\n".join(map(right_to_left, names[str(fact)])) for fact in facts.index], fontsize=7.5)
    axis.set_xticks([c + 0.5 for c in range(len(outlets))], outlets, fontsize=8)
    axis.tick_params(top=True, labeltop=True, bottom=False, labelbottom=False, length=0)
    _bare(axis)
    return figure


def _listed(scene: Scene, facts: pd.DataFrame, outlets: list[str], cells: Cells, names: Names) -> Figure:
    """Draw a list, where there is no room for a table: each fact with the outlets that speak of it."""
    import matplotlib.pyplot as plt
    from matplotlib.patches import Rectangle

    blocks = []
    for fact, status in facts["status"].items():
        spoken = [(o, line) for o in outlets for line in cells.get((str(fact), o), [])]
        silent = [o for o in outlets if not cells.get((str(fact), o))]
        quiet = f"– {scene.words('list.comma').join(silent)}"
        if len(quiet) > MOST_SILENT:
            quiet = f"– {scene.words.count('outlets', len(silent))}"
        blocks.append((str(fact), STATUS_COLOURS[str(status)], spoken, quiet if silent else ""))
    total = sum(1.4 + len(spoken) + bool(quiet) for _, _, spoken, quiet in blocks)
    figure, axis = plt.subplots(figsize=(scene.width, 0.135 * total))
    top = 0.0
    for fact, colour, spoken, quiet in blocks:
        axis.text(0, top + 0.7, right_to_left(names[fact][0]), va="center", fontweight="bold", fontsize="small")
        status = right_to_left(names[fact][1])
        axis.text(1, top + 0.7, status, va="center", ha="right", color=MUTED, fontsize="small")
        top += 1.2
        axis.add_patch(Rectangle((0, top), 1, len(spoken), facecolor=colour, linewidth=0))
        for outlet, line in spoken:
            axis.text(0.02, top + 0.5, outlet, va="center", fontsize="small")
            axis.text(0.98, top + 0.5, right_to_left(line), va="center", ha="right", fontsize="small")
            top += 1
        if quiet:
            axis.text(0.02, top + 0.5, quiet, va="center", color=MUTED, fontsize="small")
            top += 1
        top += 0.2
    axis.set(xlim=(0, 1), ylim=(top, 0), xticks=[], yticks=[])
    _bare(axis)
    return figure


def _bare(axis: Any) -> None:
    """Take lines and frame off what is no diagram."""
    axis.grid(visible=False)
    for spine in axis.spines.values():
        spine.set_visible(False)


def _said(own: pd.DataFrame) -> list[str]:
    """Return the figures of a cell as lines, each once, with how it is bounded."""
    bounded = own["hedge"].map(_HEDGES).fillna("").add(" ").str.lstrip() + own["figure"]
    return list(dict.fromkeys(bounded[own["figure"].ne("")]))


def _cell(axis: Any, column: int, top: float, tall: float, lines: list[str], colour: str) -> None:
    """Draw a cell with its lines, or a dash for silence."""
    from matplotlib.patches import Rectangle

    fill = colour if lines else "white"
    axis.add_patch(Rectangle((column, top), 1, tall, facecolor=fill, edgecolor="#cfcfcf", linewidth=0.6))
    for number, line in enumerate(lines or ["–"]):
        place = top + tall / 2 + (number - (len(lines or ["–"]) - 1) / 2)
        axis.text(
            column + 0.5,
            place,
            right_to_left(line),
            ha="center",
            va="center",
            fontsize=6.4,
            color=INK if lines else MUTED,
        )
