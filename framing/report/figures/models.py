"""How far coders agree and what classifiers are worth."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from framing.models.scores import EXACT, MACRO, MACRO_ALL
from framing.report.figures.parts import WIDTH, Drawn, Scene, bottom, intervals, panels, rows
from framing.report.sentences.quality import MARKS
from framing.report.style import INK, MUTED, mark_url, right_to_left, system_colours

BESIDE = ("majority", "always", "coders")
"""What validation shows beside the systems, and after them."""


def agreement(scene: Scene) -> Drawn | None:
    """One row per variable: alpha with interval, and the conventional marks."""
    import matplotlib.pyplot as plt

    if scene.findings.agreement is None:
        return None
    table = scene.findings.agreement.to_frame()
    figure, axis = plt.subplots(figsize=(min(scene.width, WIDTH * 0.75), 0.26 * len(table) + 0.7))
    inks = [scene.colours.get(variable, INK) for variable in table["variable"]]
    names = [scene.name(str(v)) for v in table["variable"]]
    tips = scene.tips(names, table, "alpha", partial(scene.words.number, digits=3))
    intervals(axis, table["alpha"], table["low"], table["high"], inks, tips=tips)
    for mark in MARKS:
        axis.axvline(mark, color=MUTED, linewidth=0.8, linestyle=(0, (4, 3)))
        text = f"{mark:.3f}".rstrip("0")
        text = text.lstrip("0") if scene.words.lang == "en" else text
        axis.annotate(
            text, (mark, 1), xycoords=("data", "axes fraction"), xytext=(0, 2), textcoords="offset points",
            ha="center", va="bottom", fontsize="small", color=MUTED,
        )  # fmt: skip
    rows(axis, [scene.with_n(scene.label(v), n) for v, n in zip(table["variable"], table["n_units"], strict=True)])
    axis.set_xlim(min(0.5, float(np.nanmin(table["low"].to_numpy())) - 0.05), 1.01)
    axis.set_xlabel(scene.text("axis.alpha"))
    lowest = table.sort_values("alpha").iloc[0]
    name = scene.name(str(lowest["variable"]))
    alt = scene.words("alt.agreement", name=name, value=scene.words.number(lowest["alpha"]))
    return Drawn(figure, alt, table[["variable", "alpha", "low", "high", "n_units", "n_coders"]])


def validation(scene: Scene, name: str) -> Drawn | None:
    """F1 of each system on outlets it has not seen, with intervals; None where the variable was not validated."""
    import matplotlib.pyplot as plt

    if name not in scene.findings.validation:
        return None
    table = scene.findings.validation[name].to_frame()
    table = table[~table["label"].isin([MACRO_ALL, EXACT])]
    known, shown = list(dict.fromkeys(table["system"])), list(dict.fromkeys(table["label"]))
    systems = [*(s for s in known if s not in BESIDE), *(s for s in BESIDE if s in known)]
    colours = system_colours(systems)
    figure, axis = plt.subplots(figsize=(scene.width, 0.6 * len(shown) + (1.6 if scene.narrow else 1.2)))
    markers = dict(zip(systems, "osD^vPX*", strict=False))
    for index, system in enumerate(systems):
        own = table[table["system"] == system].set_index("label").reindex(shown)
        intervals(
            axis, own["f1"], own["low"], own["high"], colours[system],
            offset=(index - (len(systems) - 1) / 2) * 0.8 / len(systems), marker=markers[system],
            label=right_to_left(scene.words.system(system)),
            tips=scene.tips(
                [scene.name(s) for s in shown], own, "f1", scene.words.number,
                n="support", what=scene.words.system(system),
            ),
        )  # fmt: skip
    support = table.groupby("label", sort=False)["support"].max()
    rows(axis, [scene.label(s) if np.isnan(support[s]) else scene.with_n(scene.label(s), support[s]) for s in shown])
    axis.set_xlim(-0.02, 1.02)
    what = scene.words(f"word.{name}")
    axis.set_xlabel(scene.text("axis.f1", what=what))
    figure.legend(loc="outside upper right", ncols=min(len(systems), 2 if scene.narrow else 4), frameon=False)
    macro = table[table["label"] == MACRO].set_index("system")["f1"]
    parts = [f"{scene.words.system(str(system))} {scene.words.number(value)}" for system, value in macro.items()]
    alt = scene.words("alt.validation", what=what, parts=scene.words.parts(parts))
    return Drawn(figure, alt, table[["system", "label", "f1", "low", "high", "precision", "recall", "support"]])


def validation_outlets(scene: Scene) -> Drawn:
    """One panel per frame, one row per outlet left out: F1 of the study's classifier with interval."""
    table = scene.findings.diagnosis["frames_outlets"].to_frame()
    table["n_gold"] = table["true_positive"] + table["false_negative"]
    outlets = sorted(table["outlet"].unique())
    figure, axes = panels(scene.width, [scene.title(frame) for frame in scene.frames], len(outlets))
    for axis, frame in zip(axes, scene.frames, strict=True):
        own = table[table["label"] == frame].set_index("outlet").reindex(outlets)
        wide = own["high"].gt(own["low"]).tolist()  # where every block says the same, resampling knows no interval
        tips = scene.tips(outlets, own, "f1", scene.words.number, n="n_gold", what=scene.name(frame))
        intervals(axis, own["f1"], own["low"], own["high"], scene.colours[frame], filled=wide, tips=tips)
        for place, n in enumerate(own["n_gold"]):
            n_of = scene.text("axis.n", n=int(n))
            axis.text(1.04, place, n_of, va="center", fontsize="small", color=MUTED, clip_on=False)
        axis.set_xlim(-0.02, 1.02)
    rows(axes[0], outlets)
    bottom(figure, scene.text("axis.f1", what=scene.words("word.frames")))
    known = table.dropna(subset=["f1"]).sort_values("f1", kind="stable").iloc[0]
    frame = scene.name(str(known["label"]))
    value = scene.words.number(known["f1"])
    alt = scene.words("alt.validation_outlets", value=value, frame=frame, outlet=known["outlet"])
    return Drawn(figure, alt, table[["outlet", "label", "f1", "low", "high", "n_gold"]])


def learning(scene: Scene) -> Drawn | None:
    """Macro F1 by the number of coded units in training, with the range of draws, beside baseline and coders."""
    import matplotlib.pyplot as plt

    if "frames_learning" not in scene.findings.diagnosis:
        return None
    table = scene.findings.diagnosis["frames_learning"].to_frame()
    figure, axis = plt.subplots(figsize=(min(scene.width, WIDTH * 0.75), 2.6))
    least, most = table["least"], table["most"]
    axis.vlines(table["n_gold"], least, most, colors=INK, linewidth=9, alpha=0.3, label=scene.text("legend.draws"))
    axis.plot(table["n_gold"], table["macro_f1"], color=INK)
    tips = scene.tips([f"{n:.0f}" for n in table["n_gold"]], table, "macro_f1", scene.words.number)
    dots = axis.scatter(table["n_gold"], table["macro_f1"], c=[INK] * len(table), s=16, zorder=3)
    dots.set_urls([mark_url(tip) for tip in tips])
    axis.legend(loc="lower right", frameon=False, fontsize="small", bbox_to_anchor=(1, 1))
    macro = scene.findings.validation["frames"].table
    macro = macro[(macro["label"] == MACRO) & macro["system"].isin(["majority", "always", "coders"])]
    for system, value in zip(macro["system"], macro["f1"], strict=True):
        axis.axhline(value, color=MUTED, linewidth=0.8, linestyle=(0, (4, 3)))
        axis.annotate(
            right_to_left(scene.words.system(str(system))), (1, value), xycoords=("axes fraction", "data"),
            xytext=(3, 0), textcoords="offset points", va="center", fontsize="small", color=MUTED,
        )  # fmt: skip
    axis.set_ylim(-0.02, 1.02)
    axis.set_xlabel(scene.text("axis.learning"))
    axis.set_ylabel(scene.text("axis.macro_f1"))
    points = [f"{n:.0f}: {scene.words.number(f1)}" for n, f1 in zip(table["n_gold"], table["macro_f1"], strict=True)]
    return Drawn(figure, scene.words("alt.learning", parts=scene.words.parts(points)), pd.DataFrame(table))
