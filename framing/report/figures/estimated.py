"""Prevalence by other ways of estimating it: gold, machine labels, and machine labels that gold corrects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from framing.report.figures.outlets import SHOWN
from framing.report.figures.parts import Drawn, Scene, bottom, handle, intervals, panels, percent, rows
from framing.report.style import INK, MUTED


class Look(NamedTuple):
    """How an estimate is drawn: its marker, whether it is filled, and whether it has its frame's colour or is grey."""

    marker: str
    filled: bool
    coloured: bool


_NAIVE = Look("D", filled=False, coloured=False)
_TWO = {"gold": Look("o", filled=True, coloured=True), "naive": _NAIVE}
_THREE = {"gold": Look("o", filled=False, coloured=True), "naive": _NAIVE}
_CORRECTED = Look("s", filled=True, coloured=True)


def robustness(scene: Scene) -> Drawn | None:
    """One panel per frame, one row per outlet: gold beside what the machine's labels alone would say."""
    if "robustness" not in scene.findings.comparison:
        return None
    table = scene.findings.comparison["robustness"].to_frame()
    table = table[table["estimate"].isin(["gold", "naive"])]
    frame, outlet, size = _largest_gap(scene, table, "gold")
    alt = scene.words("alt.robustness", gap=size, frame=frame, outlet=outlet)
    return _drawn(scene, table, _TWO, alt, n="n_units")


def corrected(scene: Scene) -> Drawn | None:
    """The same of a larger corpus with gold drawn from it: gold, machine labels, and those that gold corrects."""
    if "corrected_frames" not in scene.findings.comparison:
        return None
    table = scene.findings.comparison["corrected_frames"].to_frame()
    table = table.rename(columns={"estimator": "estimate", "value": "share"})
    best = next(name for name in table["estimate"].unique() if name not in _THREE)
    frame, outlet, size = _largest_gap(scene, table, best)
    alt = scene.words("alt.corrected", gap=size, frame=frame, outlet=outlet)
    return _drawn(scene, table, {**_THREE, best: _CORRECTED}, alt, n="n_coded_units")


def _drawn(scene: Scene, table: pd.DataFrame, looks: Mapping[str, Look], alt: str, *, n: str) -> Drawn:
    """Draw a panel per frame: an estimate under the other in the row of each outlet, n beside its name."""
    outlets = sorted(table["outlet"].unique())
    frames = [frame for frame in scene.frames if frame in set(table["variable"])]
    figure, axes = panels(scene.width, [scene.title(f) for f in frames], len(outlets), height=0.17 * len(looks))
    names = {estimate: scene.words(f"legend.{estimate.replace(' ', '_')}") for estimate in looks}
    inks = {True: INK, False: MUTED}
    for axis, frame in zip(axes, frames, strict=True):
        for place, (estimate, look) in enumerate(looks.items()):
            own = table[(table["variable"] == frame) & (table["estimate"] == estimate)]
            own = own.set_index("outlet").reindex(outlets)
            what = f"{scene.name(frame)} · {names[estimate]}"
            intervals(
                axis, own["share"], own["low"], own["high"], scene.colours[frame] if look.coloured else MUTED,
                offset=(place - (len(looks) - 1) / 2) * 0.64 / len(looks), marker=look.marker,
                filled=[look.filled] * len(own),
                tips=scene.tips(outlets, own, "share", scene.words.percent, n=n, what=what),
            )  # fmt: skip
        percent(axis)
        rows(axis, [scene.with_n(o, count) for o, count in zip(outlets, own[n], strict=True)])
    bottom(figure, scene.text(f"axis.share_{scene.findings.study['weight']}"))
    figure.legend(
        [handle(look.marker, inks[look.coloured], filled=look.filled) for look in looks.values()],
        [scene.text(f"legend.{estimate.replace(' ', '_')}") for estimate in looks],
        loc="outside upper right", ncols=1 if scene.narrow else len(looks), frameon=False, fontsize="small",
    )  # fmt: skip
    return Drawn(figure, alt, table[["estimate", *SHOWN, *([] if n in SHOWN else [n])]])


def _largest_gap(scene: Scene, table: pd.DataFrame, against: str) -> tuple[str, str, str]:
    """Return where machine labels are farthest from another estimate: frame in words, outlet, and by how much."""
    wide = table.pivot(index=["variable", "outlet"], columns="estimate", values="share")
    gap = (wide["naive"] - wide[against]).abs().reset_index(name="gap").sort_values("gap", kind="stable").iloc[-1]
    return scene.name(str(gap["variable"])), str(gap["outlet"]), scene.words.percent(gap["gap"])
