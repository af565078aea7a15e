"""What is said of the data, of other ways to estimate, and of what follows from neither."""

from __future__ import annotations

from framing.report.sentences.outlets import MOST, difference
from framing.report.sentences.quality import rooms, standing
from framing.report.sentences.teller import Row, Teller, order

FEW = 10
"""Articles of an outlet below which its intervals are called rough."""

PEOPLE = ("people", "humans", "human", "person", "persons")
"""Kinds of coders of whom nothing need be said."""


def corpus(teller: Teller) -> list[str]:
    """Say what was cut and coded."""
    own, book, count = teller.n["corpus"], teller.n["codebook"], teller.words.count
    return [
        teller.say(
            "corpus",
            articles=count("articles", own["articles"]),
            outlets=count("outlets", own["outlets"]),
            units=count("units", own["units"]),
            coded=own["coded_units"],
            frames=count("frames", len(book["frames"])),
            codebook=teller.words("list.quote", text=book["name"]),
            version=book["version"],
        )
    ]


def machine(teller: Teller) -> bool:
    """Tell whether those who coded were no people."""
    coders = teller.n.get("coders")
    return coders is not None and coders["kind"].strip().lower() not in PEOPLE


def who_coded(teller: Teller) -> list[str]:
    """Say who coded; in English with the study's own statement."""
    coders = teller.n.get("coders")
    if coders is None:
        return [teller.say("unstated")]
    if not machine(teller):
        return []
    kind = str(coders["kind"]).strip()
    key = f"kind_{kind.lower().replace(' ', '_')}"
    named = teller.say(key) if teller.words.knows(f"say.{key}") else kind
    return [teller.say("machine", kind=named, coders=teller.words.count("coders", coders["number"]))]


def data(teller: Teller) -> list[str]:
    """Say what the texts are."""
    own, words = teller.n["corpus"], teller.words
    types = [f"{teller.name(kind)} ({number})" for kind, number in own["unit_types"].items()]
    said = [*corpus(teller), teller.say("unit_types", types=words("list.comma").join(types))]
    undated = sum(article["published"] == "" for article in own["by_article"])
    if undated:
        said.append(teller.say("undated", undated=words.count("articles", undated)))
    return said


def segmentation(teller: Teller) -> list[str]:
    """Say how far the automatic segmentation cuts as the coded units are cut."""
    own = teller.n.get("segmentation")
    if own is None:
        return []
    f1, types = teller.words.number(own["boundary_f1"], 3), teller.words.percent(own["type_accuracy"], 1)
    return [teller.say("segmentation", f1=f1, types=types)]


def robustness(teller: Teller) -> list[str]:
    """Say what other ways to estimate prevalence would have changed."""
    made = teller.n["comparison"].get("robustness")
    if made is None:
        return []
    gold, naive = made["gold"], made["naive"]
    cells = [(outlet, frame) for outlet in gold for frame in gold[outlet]]
    missed = sum(not _within(gold[o][f]["share"], naive[o][f]) for o, f in cells)
    said = [teller.say("all_gold")]
    said.append(teller.say("naive_off" if missed else "naive_in", off=missed, all=len(cells), **_gap(teller, "naive")))
    for name, key in (("without_copies", "copies"), ("by_articles", "weights"), ("by_units", "weights")):
        if name in made:
            fill = _gap(teller, name)
            said.append(teller.say(key, **fill) if fill["size"] else teller.say(f"{key}_none"))
    return said


def larger(teller: Teller) -> list[str]:
    """Say what drawn gold makes of the machine's labels of a larger corpus."""
    own = teller.n["comparison"].get("corrected")
    if own is None:
        return []
    count, best = teller.words.count, own["frames"][own["estimator"]]
    naive = own["frames"]["naive"]
    said = [
        teller.say(
            "larger" if own["estimator"] == "corrected" else "larger_undrawn",
            articles=count("articles", own["n_articles"]),
            units=count("units", own["n_units"]),
            coded=count("units", own["n_coded_units"]),
        )
    ]
    cells = [(outlet, frame) for outlet in best for frame in best[outlet]]
    off = sum(not _within(naive[o][f]["value"], best[o][f]) for o, f in cells)
    gaps = [(round(abs(naive[o][f]["value"] - best[o][f]["value"]), 3), o, f) for o, f in cells]
    size, outlet, frame = max(gaps, key=lambda gap: gap[0])
    fill = {"gap": teller.words.points(size), "outlet": outlet, "frame": teller.name(frame)}
    said.append(teller.say("larger_off" if off else "larger_in", off=off, all=len(cells), **fill))
    tested = [row for row in own["differences"] if row["p"] is not None]
    if tested:
        found = [row for row in tested if row["p_holm"] < 0.05]
        said.append(teller.say("larger_tested", tested=count("contrasts", len(tested)), found=len(found)))
        ordered = sorted(found, key=lambda row: (row["p_holm"], -abs(row["difference"])))
        said += [difference(teller, {**row, "finding": "different"}) for row in ordered[:MOST]]
    return said


def _within(value: float, row: Row) -> bool:
    return row["low"] is not None and row["low"] <= value <= row["high"]


def _gap(teller: Teller, name: str) -> dict[str, object]:
    """Return the largest difference of an estimate from gold's, as it is printed, and where it is."""
    made = teller.n["comparison"]["robustness"]
    gaps = [
        (abs(row["share"] - made["gold"][outlet][frame]["share"]), outlet, frame)
        for outlet, frames in made[name].items()
        for frame, row in frames.items()
    ]
    size, outlet, frame = max(gaps, key=lambda gap: gap[0])
    size = round(size, 3)
    return {"gap": teller.words.points(size), "size": size, "outlet": outlet, "frame": teller.name(frame)}


def limits(teller: Teller) -> list[str]:
    """Say what the data at hand do not allow."""
    said = []
    single = teller.outlets_with_one_article
    if len(single) == len(teller.articles):
        said.append(teller.say("single_all"))
    elif single:
        said.append(teller.say("single_some", outlets=teller.words.listed(single)))
    most = max(teller.articles.values())
    if 1 < most < FEW:
        said.append(teller.say("few_articles", most=teller.words.count("articles", most)))
    if machine(teller):
        said.append(teller.say("machine_limit"))
    weak = [v for v, row in teller.n.get("agreement", {}).items() if standing(row) in ("open", "low", "unknown")]
    if weak:
        said.append(teller.say("weak_alpha", names=teller.listed(weak)))
    below = [
        what
        for what, systems in rooms(teller).items()
        if "coders" in systems and order(systems["coders"], next(iter(systems.values()))) == "above"
    ]
    if below:
        said.append(teller.say("weak_model", names=teller.words.listed(below)))
    if teller.n.get("provenance_units"):
        said.append(teller.say("seen_texts"))
    return said
