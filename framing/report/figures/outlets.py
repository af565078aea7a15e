"""How outlets frame and what tone they take: prevalence, tone, differences, other estimates, the map."""

from __future__ import annotations

from itertools import combinations
from typing import Any, Literal

import numpy as np
import pandas as pd
from matplotlib.transforms import Bbox

from framing.coding.codebook import TARGET_PREFIX
from framing.report.figures.parts import WIDTH, Drawn, Scene, bottom, intervals, panels, percent, rows
from framing.report.style import INK, MUTED, tone_colours

MOST_PAIRS = 30
"""Pairs of outlets that are drawn, those with the smallest p; all are in the tables."""

SHOWN = ["outlet", "variable", "share", "low", "high", "n_units", "n_articles"]


_SIDES: tuple[tuple[tuple[int, int], Literal["left", "right", "center"], Literal["center", "bottom", "top"]], ...] = (
    ((7, 0), "left", "center"),
    ((-7, 0), "right", "center"),
    ((0, 7), "center", "bottom"),
    ((0, -7), "center", "top"),
    ((0, 19), "center", "bottom"),
    ((0, -19), "center", "top"),
)
"""Where a name may stand beside its point, in points, the first choice first."""


def frame_profile(scene: Scene) -> Drawn:
    """Small multiples: one panel per frame, one row per outlet, share with interval."""
    table = scene.findings.prevalence.to_frame()
    figure, axes = panels([scene.title(frame) for frame in scene.frames], len(scene.outlets))
    for axis, frame in zip(axes, scene.frames, strict=True):
        own = table[table["variable"] == frame].set_index("outlet").reindex(scene.outlets)
        intervals(axis, own["share"], own["low"], own["high"], scene.colours[frame])
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
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(WIDTH, 0.3 * len(outlets) + 1.1), sharey=True, width_ratios=(3, 2)
    )
    start = np.zeros(len(outlets))
    for value, colour in zip(scale, tone_colours(scale), strict=True):
        width = shares[value].to_numpy()
        name = scene.words.signed(value, 0)
        left.barh(range(len(outlets)), width, left=start, height=0.62, color=colour, edgecolor="white", label=name)
        start += width
    left.set_xlim(0, 1)
    percent(left)
    left.set_xlabel(scene.text("axis.share_units"))
    left.legend(
        title=scene.text("legend.tone"), ncols=len(scale), loc="lower center", bbox_to_anchor=(0.5, 1.0),
        frameon=False, title_fontsize=8, fontsize=8,
    )  # fmt: skip
    left.grid(visible=False)
    intervals(right, table["mean"], table["low"], table["high"], INK)
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
    figure, axes = panels([scene.label(variable) for variable in variables], len(scene.outlets), height=0.3)
    counts = table.pivot(index="outlet", columns="variable", values="n_units").reindex(scene.outlets).fillna(0)
    scale = scene.findings.codebook.target_tone
    parts = []
    for axis, variable in zip(axes, variables, strict=True):
        own = table[table["variable"] == variable].set_index("outlet").reindex(scene.outlets)
        intervals(axis, own["mean"], own["low"], own["high"], INK)
        _zero(axis, (min(scale), max(scale)))
        for place, n in enumerate(counts[variable]):
            axis.text(
                max(scale) + 0.06, place, scene.text("axis.n", n=int(n)), va="center", fontsize=8, color=MUTED,
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
    first = table.groupby(["outlet_a", "outlet_b"])["p"].min().sort_values(kind="stable").head(MOST_PAIRS)
    shown = [pair for pair in pairs if pair in first.index]
    figure, axes = panels([scene.label(frame) for frame in frames], len(shown), height=0.2)
    keyed = table.set_index(["outlet_a", "outlet_b"])
    for axis, frame in zip(axes, frames, strict=True):
        own, colour = keyed[keyed["variable"] == frame].reindex(shown), scene.colours[frame]
        axis.hlines(range(len(own)), own["low_family"], own["high_family"], colors=colour, linewidth=0.7, zorder=1)
        found = own["p_holm"].lt(0.05).tolist()
        intervals(axis, own["difference"], own["low"], own["high"], colour, filled=found)
        axis.axvline(0, color=MUTED, linewidth=0.8)
        axis.set_xlim(-1.02, 1.02)
        axis.set_xticks([-0.5, 0, 0.5])
        percent(axis)
        axis.tick_params(axis="y", labelsize=7)
    rows(axes[0], [_pair(scene, own) for own in _with_counts(keyed, shown)])
    some = "" if len(shown) == len(pairs) else scene.words("axis.smallest_p", shown=len(shown), pairs=len(pairs))
    bottom(figure, scene.text("axis.difference") + some)
    _legend(figure, scene)
    tested = table["p"].notna()
    alt = scene.words("alt.differences", found=int(table["p_holm"].lt(0.05).sum()), tested=int(tested.sum()))
    columns = ["outlet_a", "outlet_b", "variable", "difference", "low", "high", "low_family", "high_family", "p_holm"]
    return Drawn(figure, alt, table[[*columns, "finding", "n_units_a", "n_units_b"]])


def robustness(scene: Scene) -> Drawn | None:
    """One panel per frame, one row per outlet: gold beside what the machine's labels alone would say."""
    if "robustness" not in scene.findings.comparison:
        return None
    table = scene.findings.comparison["robustness"].to_frame()
    table = table[table["estimate"].isin(["gold", "naive"])]
    figure, axes = panels([scene.title(frame) for frame in scene.frames], len(scene.outlets), height=0.34)
    for axis, frame in zip(axes, scene.frames, strict=True):
        for estimate, offset, marker in (("gold", -0.16, "o"), ("naive", 0.16, "D")):
            own = table[(table["variable"] == frame) & (table["estimate"] == estimate)]
            own = own.set_index("outlet").reindex(scene.outlets)
            naive = estimate == "naive"
            intervals(
                axis, own["share"], own["low"], own["high"], MUTED if naive else scene.colours[frame],
                offset=offset, marker=marker, filled=[not naive] * len(own),
            )  # fmt: skip
        percent(axis)
        rows(axis, [scene.with_n(outlet, n) for outlet, n in zip(scene.outlets, own["n_units"], strict=True)])
    bottom(figure, scene.text(f"axis.share_{scene.findings.study['weight']}"))
    handles = [_handle("o", INK, filled=True), _handle("D", MUTED, filled=False)]
    names = [scene.text("legend.gold"), scene.text("legend.naive")]
    figure.legend(handles, names, loc="outside upper right", ncols=2, frameon=False, fontsize=8)
    wide = table.pivot(index=["variable", "outlet"], columns="estimate", values="share")
    gap = (wide["naive"] - wide["gold"]).abs()
    where = gap.reset_index(name="gap").sort_values("gap", kind="stable").iloc[-1]
    name = scene.words.label(scene.names, str(where["variable"]))
    size = scene.words.percent(where["gap"])
    alt = scene.words("alt.robustness", gap=size, frame=name, outlet=where["outlet"])
    return Drawn(figure, alt, table[["estimate", *SHOWN]])


def outlet_map(scene: Scene) -> Drawn | None:
    """Outlets and frames on the first two dimensions of a correspondence analysis."""
    import matplotlib.pyplot as plt

    if "outlet_map" not in scene.findings.comparison:
        return None
    table = scene.findings.comparison["outlet_map"].to_frame()
    places = table.pivot(index=["kind", "name", "n"], columns="dimension", values="coordinate").reset_index()
    if 2 not in places.columns:
        return None
    places["place"] = places["name"].map({name: place for place, name in enumerate((*scene.outlets, *scene.frames))})
    places = places.sort_values("place", kind="stable")
    shares = table.drop_duplicates("dimension").set_index("dimension")["share"]
    figure, axis = plt.subplots(figsize=(WIDTH, WIDTH * 0.68))
    axis.axhline(0, color=MUTED, linewidth=0.8, zorder=1)
    axis.axvline(0, color=MUTED, linewidth=0.8, zorder=1)
    sizes = dict(zip(scene.frames, np.linspace(130, 50, len(scene.frames)), strict=True))  # none hides another
    for place in places.to_dict("records"):
        outlet, name = place["kind"] == "outlet", place["name"]
        marker, size, colour = ("s", 34.0, INK) if outlet else ("o", sizes[name], scene.colours[name])
        order = 4 if outlet else 3
        axis.scatter(place[1], place[2], marker=marker, s=size, color=colour, edgecolors="white", zorder=order)
    axis.set_aspect("equal", adjustable="datalim")
    axis.margins(0.18)
    for number, name in ((1, axis.set_xlabel), (2, axis.set_ylabel)):
        name(scene.text("axis.dimension", number=number, share=scene.words.percent(shares[number])))
    handles = [_handle("s", INK, filled=True), _handle("o", MUTED, filled=True)]
    names = [scene.text("legend.outlet"), scene.text("legend.frame")]
    figure.legend(handles, names, loc="outside upper right", ncols=2, frameon=False, fontsize=8)
    _name_places(axis, scene, places)
    outer = places[places["kind"] == "outlet"].set_index("name")[1].abs().idxmax()
    alt = scene.words("alt.map", share=scene.words.percent(shares[[1, 2]].sum()), outlet=outer)
    return Drawn(figure, alt, table)


def _name_places(axis: Any, scene: Scene, places: pd.DataFrame) -> None:
    """Write each name beside its point where it covers no other name and no point, as far as there is room."""
    axis.figure.draw_without_rendering()
    points = axis.transData.transform(places[[1, 2]].to_numpy())
    taken = [Bbox.from_bounds(x - 5, y - 5, 10, 10) for x, y in points]
    for place in places.to_dict("records"):
        outlet = place["kind"] == "outlet"
        label = scene.with_n(place["name"] if outlet else scene.label(place["name"]), place["n"])
        for shift, across, up in _SIDES:
            text = axis.annotate(
                label, (place[1], place[2]), xytext=shift, textcoords="offset points", ha=across, va=up,
                color=INK, fontsize=8.5, fontweight="normal" if outlet else "bold",
            )  # fmt: skip
            box = text.get_window_extent()
            inside = axis.bbox.x0 <= box.x0 and box.x1 <= axis.bbox.x1
            free = inside and not any(box.overlaps(other) for other in taken)
            if free or (shift, across, up) == _SIDES[-1]:
                taken.append(box)
                break
            text.remove()


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


def _handle(marker: str, colour: str, *, filled: bool) -> Any:
    from matplotlib.lines import Line2D

    inside = colour if filled else "white"
    return Line2D([], [], linestyle="", marker=marker, color=colour, markerfacecolor=inside, markersize=5)


def _legend(figure: Any, scene: Scene) -> None:
    """Tell filled from hollow, and the thin line."""
    from matplotlib.lines import Line2D

    handles = [
        _handle("o", INK, filled=True),
        _handle("o", INK, filled=False),
        Line2D([], [], color=INK, linewidth=0.7),
    ]
    names = [scene.text(f"legend.{key}") for key in ("different", "undecided", "family")]
    figure.legend(handles, names, loc="outside upper right", ncols=3, frameon=False, fontsize=8)
