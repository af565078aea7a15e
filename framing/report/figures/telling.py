"""How outlets tell: what they claim, who speaks, which words they prefer."""

from __future__ import annotations

from typing import Any

import pandas as pd

from framing.report.figures.parts import WIDTH, Drawn, Scene, bottom, intervals, panels, percent, rows
from framing.report.labels import fact_label
from framing.report.style import INK, MUTED, right_to_left

KEYWORDS = 8
"""Words of each outlet that are drawn; all are in the table."""

VOICE_COLOURS = {"narrator": "#4a4a4a", "named": "#9a9a9a", "anonymous": "#d8d8d8"}
"""Shades of grey, for colours are the frames'."""

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
    import matplotlib.pyplot as plt

    portrayal = scene.findings.portrayal
    if portrayal is None or portrayal.results["claims"].table.empty:
        return None
    table = portrayal.results["claims"].to_frame()
    facts = table.drop_duplicates("fact").set_index("fact")[["label", "status"]]
    outlets = sorted(table["outlet"].unique())
    cells = {
        (str(fact), str(outlet)): _said(own) for (fact, outlet), own in table.groupby(["fact", "outlet"], sort=False)
    }
    heights = [max(1, *(len(cells.get((fact, o), [])) for o in outlets)) for fact in facts.index]
    figure, axis = plt.subplots(figsize=(WIDTH, 0.16 * sum(heights) + 0.14 * len(facts) + 0.6))
    top, ticks = 0.0, []
    for (fact, row), height in zip(facts.iterrows(), heights, strict=True):
        tall = height + 0.7
        for column, outlet in enumerate(outlets):
            _cell(axis, column, top, tall, cells.get((str(fact), outlet), []), STATUS_COLOURS[str(row["status"])])
        ticks.append(top + tall / 2)
        top += tall
    names = [
        f"{right_to_left(fact_label(scene.findings.study, str(fact), scene.words))}\n"
        f"{scene.text('word.' + str(row['status']))}"
        for fact, row in facts.iterrows()
    ]
    axis.set(xlim=(0, len(outlets)), ylim=(top, 0))
    axis.set_yticks(ticks, names, fontsize=7.5)
    axis.set_xticks([c + 0.5 for c in range(len(outlets))], outlets, fontsize=8)
    axis.tick_params(top=True, labeltop=True, bottom=False, labelbottom=False, length=0)
    axis.grid(visible=False)
    for spine in axis.spines.values():
        spine.set_visible(False)
    counts = facts["status"].value_counts()
    parts = [f"{scene.words('word.' + str(status))} {n}" for status, n in counts.items()]
    alt = scene.words("alt.claims", facts=scene.words.count("facts", len(facts)), parts=scene.words.parts(parts))
    columns = ["fact", "label", "status", "outlet", "figure", "hedge", "value", "low", "high", "measure", "voice"]
    return Drawn(figure, alt, table[columns])


def attribution(scene: Scene) -> Drawn | None:
    """A bar per frame: who speaks in the units that carry it, over all outlets."""
    import matplotlib.pyplot as plt

    table = _voices(scene)
    if table is None:
        return None
    voices = list(VOICE_COLOURS)
    sums = table.groupby("frame")[["n_units", *voices]].sum().reindex(list(scene.frames))
    figure, axis = plt.subplots(figsize=(WIDTH * 0.85, 0.34 * len(sums) + 1.0))
    start = pd.Series(0.0, index=sums.index)
    for voice in voices:
        width = (sums[voice] / sums["n_units"]).fillna(0.0)
        axis.barh(
            range(len(sums)), width, left=start, height=0.62, color=VOICE_COLOURS[voice], edgecolor="white",
            label=scene.label(voice),
        )  # fmt: skip
        start += width
    rows(axis, [scene.with_n(scene.label(str(frame)), n) for frame, n in sums["n_units"].items()])
    for tick, frame in zip(axis.get_yticklabels(), sums.index, strict=True):
        tick.set_color(scene.colours[str(frame)])
        tick.set_fontweight("bold")
    axis.set_xlim(0, 1)
    percent(axis)
    axis.grid(visible=False)
    axis.set_xlabel(scene.text("axis.voices"))
    axis.legend(ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1.0), frameon=False, fontsize=8)
    parts = [
        f"{scene.words.label(scene.names, str(frame))} {scene.words.percent(r['narrator'] / r['n_units'])}"
        for frame, r in sums[sums["n_units"] > 0].iterrows()
    ]
    alt = scene.words("alt.attribution", parts=scene.words.parts(parts))
    return Drawn(figure, alt, table)


def own_voice(scene: Scene) -> Drawn | None:
    """One panel per frame, one row per outlet: how much of it is in the outlet's own voice."""
    portrayal = scene.findings.portrayal
    if portrayal is None or "own_voice" not in portrayal.results:
        return None
    table = portrayal.results["own_voice"].to_frame()
    figure, axes = panels([scene.title(frame) for frame in scene.frames], len(scene.outlets))
    for axis, frame in zip(axes, scene.frames, strict=True):
        own = table[table["variable"] == frame].set_index("outlet").reindex(scene.outlets)
        bounded = own["low"].notna().tolist()
        intervals(axis, own["share"], own["low"], own["high"], scene.colours[frame], filled=bounded)
        for place, n in enumerate(own["n_units"].fillna(0)):
            axis.text(1.05, place, scene.text("axis.n", n=int(n)), va="center", fontsize=8, color=MUTED, clip_on=False)
        axis.set_xlim(-0.03, 1.03)
        percent(axis)
    rows(axes[0], scene.outlets)
    bottom(figure, scene.text("axis.own_share"))
    parts = [
        f"{scene.words.label(scene.names, str(frame))}: "
        + scene.words("list.comma").join(f"{r['outlet']} {scene.words.percent(r['share'])}" for r in own)
        for frame, own in ((f, table[table["variable"] == f].to_dict("records")) for f in scene.frames)
        if own
    ]
    return Drawn(figure, scene.words("alt.own_voice", parts=scene.words.parts(parts)), table)


def keyness(scene: Scene) -> Drawn | None:
    """One panel per outlet: its words by keyness, with the interval of the log-odds ratio."""
    import matplotlib.pyplot as plt

    portrayal = scene.findings.portrayal
    if portrayal is None or portrayal.results["keyness"].table.empty:
        return None
    table = portrayal.results["keyness"].to_frame()
    chosen = table[table["log_odds"] > 0].groupby("outlet", sort=True).head(KEYWORDS)
    outlets = sorted(chosen["outlet"].unique())
    columns = min(len(outlets), 2)
    lines = -(-len(outlets) // columns)
    figure, axes = plt.subplots(
        lines, columns, figsize=(WIDTH, (0.2 * KEYWORDS + 0.6) * lines), sharex=True, squeeze=False
    )
    flat = list(axes.flat)
    parts = []
    for axis, outlet in zip(flat, outlets, strict=False):
        own = chosen[chosen["outlet"] == outlet].reset_index(drop=True)
        found = own["p_holm"].lt(0.05).tolist()
        intervals(axis, own["log_odds"], own["low"], own["high"], INK, filled=found)
        rows(axis, [scene.with_n(right_to_left(w), n) for w, n in zip(own["word"], own["n"], strict=True)])
        axis.set_ylim(KEYWORDS - 0.5, -0.5)
        axis.axvline(0, color=MUTED, linewidth=0.8)
        axis.set_title(outlet)
        axis.xaxis.set_tick_params(labelbottom=True)
        parts.append(f"{outlet}: {scene.words('list.comma').join(own['word'].head(3))}")
    for axis in flat[len(outlets) :]:
        axis.set_visible(False)
    bottom(figure, scene.text("axis.log_odds"))
    alt = scene.words("alt.keyness", parts=scene.words.parts(parts))
    return Drawn(figure, alt, chosen)


def _voices(scene: Scene) -> pd.DataFrame | None:
    portrayal = scene.findings.portrayal
    if portrayal is None or "frames_by_voice" not in portrayal.results:
        return None
    return portrayal.results["frames_by_voice"].to_frame()


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
