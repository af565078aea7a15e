"""How outlets tell: who speaks, and which words they prefer."""

from __future__ import annotations

import pandas as pd

from framing.report.figures.parts import WIDTH, Drawn, Scene, bottom, intervals, panels, percent, rows
from framing.report.style import INK, MUTED, mark_url, right_to_left

KEYWORDS = 8
"""Words of each outlet that are drawn; all are in the table."""

VOICE_COLOURS = {"narrator": "#4a4a4a", "named": "#9a9a9a", "anonymous": "#d8d8d8"}
"""Shades of grey, for colours are the frames'."""


def attribution(scene: Scene) -> Drawn | None:
    """A bar per frame: who speaks in the units that carry it, over all outlets."""
    import matplotlib.pyplot as plt

    table = _voices(scene)
    if table is None:
        return None
    voices = list(VOICE_COLOURS)
    sums = table.groupby("frame")[["n_units", *voices]].sum().reindex(list(scene.frames))
    figure, axis = plt.subplots(figsize=(min(scene.width, WIDTH * 0.85), 0.34 * len(sums) + 1.0))
    start = pd.Series(0.0, index=sums.index)
    for voice in voices:
        width = (sums[voice] / sums["n_units"]).fillna(0.0)
        bars = axis.barh(
            range(len(sums)), width, left=start, height=0.62, color=VOICE_COLOURS[voice], edgecolor="white",
            label=scene.label(voice),
        )  # fmt: skip
        for bar, frame, n in zip(bars, sums.index, sums[voice], strict=True):
            bar.set_url(mark_url(f"{scene.name(str(frame))}: {scene.name(voice)} {n:.0f}" if n else ""))
        start += width
    rows(axis, [scene.with_n(scene.label(str(frame)), n) for frame, n in sums["n_units"].items()])
    for tick, frame in zip(axis.get_yticklabels(), sums.index, strict=True):
        tick.set_color(scene.colours[str(frame)])
        tick.set_fontweight("bold")
    axis.set_xlim(0, 1)
    percent(axis)
    axis.grid(visible=False)
    axis.set_xlabel(scene.text("axis.voices"))
    figure.legend(ncols=1 if scene.narrow else 3, loc="outside upper center", frameon=False, fontsize="small")
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
    figure, axes = panels(scene.width, [scene.title(frame) for frame in scene.frames], len(scene.outlets))
    for axis, frame in zip(axes, scene.frames, strict=True):
        own = table[table["variable"] == frame].set_index("outlet").reindex(scene.outlets)
        bounded = own["low"].notna().tolist()
        tips = scene.tips(scene.outlets, own, "share", scene.words.percent, what=scene.name(frame))
        intervals(axis, own["share"], own["low"], own["high"], scene.colours[frame], filled=bounded, tips=tips)
        for place, n in enumerate(own["n_units"].fillna(0)):
            n_of = scene.text("axis.n", n=int(n))
            axis.text(1.05, place, n_of, va="center", fontsize="small", color=MUTED, clip_on=False)
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
    table, shown = portrayal.results["keyness"].to_frame(), KEYWORDS // 2 if scene.narrow else KEYWORDS
    chosen = table[table["log_odds"] > 0].groupby("outlet", sort=True).head(shown)
    outlets = sorted(chosen["outlet"].unique())
    columns = min(len(outlets), 1 if scene.narrow else 2)
    lines = -(-len(outlets) // columns)
    size = (scene.width, (0.2 * shown + 0.6) * lines)
    figure, axes = plt.subplots(lines, columns, figsize=size, sharex=True, squeeze=False)
    flat = list(axes.flat)
    parts = []
    for axis, outlet in zip(flat, outlets, strict=False):
        own = chosen[chosen["outlet"] == outlet].reset_index(drop=True)
        found = own["p_holm"].lt(0.05).tolist()
        tips = scene.tips(own["word"], own, "log_odds", scene.words.signed, n="n", what=outlet)
        intervals(axis, own["log_odds"], own["low"], own["high"], INK, filled=found, tips=tips)
        rows(axis, [scene.with_n(right_to_left(w), n) for w, n in zip(own["word"], own["n"], strict=True)])
        axis.set_ylim(shown - 0.5, -0.5)
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
