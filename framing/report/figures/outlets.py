"""How outlets frame and what tone they take: prevalence, tone, differences."""

from __future__ import annotations

from functools import partial
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from framing.coding.codebook import TARGET_PREFIX
from framing.report.figures.parts import Drawn, Scene, bottom, handle, intervals, panels, percent, rows
from framing.report.style import INK, MUTED, mark_url, tone_colours

MOST_PAIRS = 30
"""Pairs of outlets that are drawn, those with the smallest p; all are in the tables."""

SHOWN = ["outlet", "variable", "share", "low", "high", "n_units", "n_articles"]


def frame_profile(scene: Scene) -> Drawn:
    """Small multiples: one panel per frame, one row per outlet, share with interval."""
    table = scene.findings.prevalence.to_frame()
    figure, axes = panels(scene.width, [scene.title(frame) for frame in scene.frames], len(scene.outlets))
    for axis, frame in zip(axes, scene.frames, strict=True):
        own = table[table["variable"] == frame].set_index("outlet").reindex(scene.outlets)
        tips = scene.tips(scene.outlets, own, "share", scene.words.percent, what=scene.name(frame))
        intervals(axis, own["share"], own["low"], own["high"], scene.colours[frame], tips=tips)
        rows(axis, [scene.with_n(outlet, n) for outlet, n in zip(scene.outlets, own["n_units"], strict=True)])
        percent(axis)
    bottom(figure, scene.text(f"axis.share_{scene.findings.study['weight']}"))
    largest = table.sort_values("share", kind="stable").groupby("outlet").tail(1).sort_values("outlet")
    parts = [
        f"{r['outlet']}: {scene.words.label(scene.names, str(r['variable']))} ({scene.words.percent(r['share'])})"
        for r in largest.to_dict("records")
    ]
    return Drawn(figure, scene.words("alt.frame_profile", parts=scene.words.parts(parts)), table[SHOWN])


def tone_profile(scene: Scene) -> Drawn | None:
    """Two panels with the same rows: how tone is distributed, and its mean with interval."""
    import matplotlib.pyplot as plt

    findings = scene.findings
    if findings.tone is None:
        return None
    scale = list(findings.codebook.tone)
    table = findings.tone.to_frame().set_index("outlet").sort_index()
    outlets = list(table.index)
    shares = pd.crosstab(findings.coded["outlet"], findings.coded["tone"], normalize="index")
    shares = shares.reindex(index=outlets, columns=scale, fill_value=0.0)
    tall = 0.3 * len(outlets) + 1.1
    figure, (left, right) = (
        plt.subplots(2, 1, figsize=(scene.width, 1.8 * tall), sharey=True)
        if scene.narrow
        else plt.subplots(1, 2, figsize=(scene.width, tall), sharey=True, width_ratios=(3, 2))
    )
    start = np.zeros(len(outlets))
    for value, colour in zip(scale, tone_colours(scale), strict=True):
        width = shares[value].to_numpy()
        name = scene.words.signed(value, 0)
        bars = left.barh(
            range(len(outlets)), width, left=start, height=0.62, color=colour, edgecolor="white", label=name
        )
        for bar, outlet, share in zip(bars, outlets, width, strict=True):
            bar.set_url(mark_url(f"{outlet}: {name} · {scene.words.percent(share)}" if share else ""))
        start += width
    left.set_xlim(0, 1)
    percent(left)
    left.set_xlabel(scene.text("axis.share_units"))
    left.legend(
        title=scene.text("legend.tone"), ncols=len(scale), loc="lower center", bbox_to_anchor=(0.5, 1.0),
        frameon=False, title_fontsize="small", fontsize="small",
    )  # fmt: skip
    left.grid(visible=False)
    tips = scene.tips(outlets, table, "mean", scene.words.signed)
    intervals(right, table["mean"], table["low"], table["high"], INK, tips=tips)
    _zero(right, (min(scale), max(scale)))
    right.set_xlabel(scene.text("axis.mean_tone"))
    rows(left, [scene.with_n(o, n) for o, n in zip(outlets, table["n_units"], strict=True)])
    parts = [f"{outlet}: {scene.words.signed(row['mean'])}" for outlet, row in table.iterrows()]
    data = table[["mean", "low", "high", "n_units"]].join(shares.add_prefix("share_")).reset_index()
    return Drawn(figure, scene.words("alt.tone", parts=scene.words.parts(parts)), data)


def target_tone(scene: Scene) -> Drawn | None:
    """One panel per party, one row per outlet: mean tone towards it with interval."""
    if "target_tone" not in scene.findings.comparison:
        return None
    table = scene.findings.comparison["target_tone"].to_frame()
    variables = list(dict.fromkeys(table["variable"]))
    figure, axes = panels(scene.width, [scene.label(v) for v in variables], len(scene.outlets), height=0.3)
    counts = table.pivot(index="outlet", columns="variable", values="n_units").reindex(scene.outlets).fillna(0)
    scale = scene.findings.codebook.target_tone
    parts = []
    for axis, variable in zip(axes, variables, strict=True):
        own = table[table["variable"] == variable].set_index("outlet").reindex(scene.outlets)
        tips = scene.tips(scene.outlets, own, "mean", scene.words.signed, what=scene.name(variable))
        intervals(axis, own["mean"], own["low"], own["high"], INK, tips=tips)
        _zero(axis, (min(scale), max(scale)))
        for place, n in enumerate(counts[variable]):
            axis.text(
                max(scale) + 0.06, place, scene.text("axis.n", n=int(n)), va="center", fontsize="small", color=MUTED,
                clip_on=False,
            )  # fmt: skip
        means = [f"{o} {scene.words.signed(m)}" for o, m in own["mean"].dropna().items()]
        party = scene.words.label(scene.names, variable.removeprefix(TARGET_PREFIX))
        parts.append(f"{party}: {scene.words('list.comma').join(means)}")
    rows(axes[0], scene.outlets)
    bottom(figure, scene.text("axis.mean_tone"))
    return Drawn(figure, scene.words("alt.target_tone", parts=scene.words.parts(parts)), table)


def differences(scene: Scene) -> Drawn | None:
    """One panel per frame, one row per two outlets: difference, its interval, and the one that holds for all."""
    table = _frame_contrasts(scene)
    pairs = list(combinations(scene.outlets, 2))
    if table.empty or not pairs:
        return None
    frames = [frame for frame in scene.frames if frame in set(table["variable"])]
    first = (
        table.groupby(["outlet_a", "outlet_b"])["p"]
        .min()
        .sort_values(kind="stable")
        .head(MOST_PAIRS // 2 if scene.narrow else MOST_PAIRS)
    )
    shown = [pair for pair in pairs if pair in first.index]
    figure, axes = panels(scene.width, [scene.label(frame) for frame in frames], len(shown), height=0.2)
    keyed = table.set_index(["outlet_a", "outlet_b"])
    for axis, frame in zip(axes, frames, strict=True):
        own, colour = keyed[keyed["variable"] == frame].reindex(shown), scene.colours[frame]
        axis.hlines(range(len(own)), own["low_family"], own["high_family"], colors=colour, linewidth=0.7, zorder=1)
        found = own["p_holm"].lt(0.05).tolist()
        names = [f"{a} − {b}" for a, b in shown]
        tips = scene.tips(names, own, "difference", partial(scene.words.percent, digits=1), what=scene.name(frame))
        intervals(axis, own["difference"], own["low"], own["high"], colour, filled=found, tips=tips)
        axis.axvline(0, color=MUTED, linewidth=0.8)
        axis.set_xlim(-1.02, 1.02)
        axis.set_xticks([-0.5, 0, 0.5])
        percent(axis)
        axis.tick_params(axis="y", labelsize=6.3 if scene.narrow else 7)
    rows(axes[0], [_pair(scene, own) for own in _with_counts(keyed, shown)])
    some = "" if len(shown) == len(pairs) else scene.words("axis.smallest_p", shown=len(shown), pairs=len(pairs))
    bottom(figure, scene.text("axis.difference") + some)
    _legend(figure, scene)
    tested = table["p"].notna()
    alt = scene.words("alt.differences", found=int(table["p_holm"].lt(0.05).sum()), tested=int(tested.sum()))
    columns = ["outlet_a", "outlet_b", "variable", "difference", "low", "high", "low_family", "high_family", "p_holm"]
    return Drawn(figure, alt, table[[*columns, "finding", "n_units_a", "n_units_b"]])


def _zero(axis: Any, ends: tuple[int, int]) -> None:
    axis.axvline(0, color=MUTED, linewidth=0.8)
    axis.set_xlim(ends[0] - 0.02, ends[1] + 0.02)


def _frame_contrasts(scene: Scene) -> pd.DataFrame:
    """Return the contrasts of frames, whatever family they were tested in."""
    tables = [result.to_frame() for result in scene.findings.contrasts.values()]
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame({"variable": []})
    return table[table["variable"].isin(scene.frames)]


def _with_counts(keyed: pd.DataFrame, pairs: list[tuple[str, str]]) -> list[tuple[str, int, str, int]]:
    first = keyed.groupby(level=[0, 1])[["n_units_a", "n_units_b"]].max()
    counts = first.reindex(pairs).to_numpy(dtype=int)
    return [(a, int(n), b, int(m)) for (a, b), (n, m) in zip(pairs, counts, strict=True)]


def _pair(scene: Scene, own: tuple[str, int, str, int]) -> str:
    """Name two outlets with the n of each."""
    return f"{own[0]} ({own[1]}) − {own[2]} ({own[3]})"


def _legend(figure: Any, scene: Scene) -> None:
    """Tell filled from hollow, and the thin line."""
    from matplotlib.lines import Line2D

    handles = [
        handle("o", INK, filled=True),
        handle("o", INK, filled=False),
        Line2D([], [], color=INK, linewidth=0.7),
    ]
    names = [scene.text(f"legend.{key}") for key in ("different", "undecided", "family")]
    figure.legend(
        handles, names, loc="outside upper right", ncols=1 if scene.narrow else 3, frameon=False, fontsize="small"
    )
