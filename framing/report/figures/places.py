"""Outlets and frames on one map."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd

from framing.report.figures.parts import Drawn, Scene, handle
from framing.report.style import INK, MUTED, mark_url

_SIDES: tuple[tuple[tuple[int, int], Literal["left", "right", "center"], Literal["center", "bottom", "top"]], ...] = (
    ((7, 0), "left", "center"),
    ((-7, 0), "right", "center"),
    ((0, 7), "center", "bottom"),
    ((0, -7), "center", "top"),
    ((0, 19), "center", "bottom"),
    ((0, -19), "center", "top"),
)
"""Where a name may stand beside its point, in points, the first choice first."""


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
    figure, axis = plt.subplots(figsize=(scene.width, scene.width * (0.9 if scene.narrow else 0.68)))
    axis.axhline(0, color=MUTED, linewidth=0.8, zorder=1)
    axis.axvline(0, color=MUTED, linewidth=0.8, zorder=1)
    sizes = dict(zip(scene.frames, np.linspace(130, 50, len(scene.frames)), strict=True))  # none hides another
    for place in places.to_dict("records"):
        outlet, name = place["kind"] == "outlet", place["name"]
        marker, size, colour = ("s", 34.0, INK) if outlet else ("o", sizes[name], scene.colours[name])
        order = 4 if outlet else 3
        point = axis.scatter(place[1], place[2], marker=marker, s=size, color=colour, edgecolors="white", zorder=order)
        point.set_urls([mark_url(f"{scene.name(name)} · {scene.words('axis.n', n=place['n'])}")])
    axis.set_aspect("equal", adjustable="datalim")
    axis.margins(0.18)
    for number, name in ((1, axis.set_xlabel), (2, axis.set_ylabel)):
        name(scene.text("axis.dimension", number=number, share=scene.words.percent(shares[number])))
    handles = [handle("s", INK, filled=True), handle("o", MUTED, filled=True)]
    names = [scene.text("legend.outlet"), scene.text("legend.frame")]
    figure.legend(handles, names, loc="outside upper right", ncols=2, frameon=False, fontsize="small")
    _name_places(axis, scene, places)
    outer = places[places["kind"] == "outlet"].set_index("name")[1].abs().idxmax()
    alt = scene.words("alt.map", share=scene.words.percent(shares[[1, 2]].sum()), outlet=outer)
    return Drawn(figure, alt, table)


def _name_places(axis: Any, scene: Scene, places: pd.DataFrame) -> None:
    """Write each name beside its point where it covers no other name and no point, as far as there is room."""
    from matplotlib.transforms import Bbox

    axis.figure.draw_without_rendering()
    points = axis.transData.transform(places[[1, 2]].to_numpy())
    taken = [Bbox.from_bounds(x - 5, y - 5, 10, 10) for x, y in points]
    for place in places.to_dict("records"):
        outlet = place["kind"] == "outlet"
        label = scene.with_n(place["name"] if outlet else scene.label(place["name"]), place["n"])
        for shift, across, up in _SIDES:
            text = axis.annotate(
                label, (place[1], place[2]), xytext=shift, textcoords="offset points", ha=across, va=up,
                color=INK, fontsize="small", fontweight="normal" if outlet else "bold",
            )  # fmt: skip
            box = text.get_window_extent()
            inside = axis.bbox.x0 <= box.x0 and box.x1 <= axis.bbox.x1
            free = inside and not any(box.overlaps(other) for other in taken)
            if free or (shift, across, up) == _SIDES[-1]:
                taken.append(box)
                break
            text.remove()
