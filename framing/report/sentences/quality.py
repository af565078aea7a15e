"""What is said of agreement and of classifiers."""

from __future__ import annotations

from framing.report.sentences.teller import Row, Teller, order

MARKS = TENTATIVE, RELIABLE = 0.667, 0.8
"""Customary marks of alpha: below the first no conclusions, from the second on reliable ones (Krippendorff 2004, p.
241)."""

GROWTH = 0.02
"""A rise of macro F1 between half and all of the gold below this is called little."""


def standing(row: Row) -> str:
    """Say what an alpha allows, from its interval: reliable, tentative, open, low or unknown."""
    if row["alpha"] is None or row["low"] is None or row["high"] is None:
        return "unknown"
    if row["low"] >= RELIABLE:
        return "reliable"
    if row["low"] >= TENTATIVE:
        return "tentative"
    return "low" if row["high"] < TENTATIVE else "open"


def alpha_span(teller: Teller) -> list[str]:
    """Say between which values the alphas of the frames lie."""
    if "agreement" not in teller.n:
        return []
    known = [f for f in teller.frames if teller.n["agreement"][f]["alpha"] is not None]
    if not known:
        return []
    ordered = sorted(known, key=lambda frame: (teller.n["agreement"][frame]["alpha"], frame))
    ends = [teller.words.number(teller.n["agreement"][frame]["alpha"]) for frame in (ordered[0], ordered[-1])]
    first, last = teller.name(ordered[0]), teller.name(ordered[-1])
    if len(known) == 1:
        return [teller.say("alpha_one", low=ends[0], first=first)]
    return [teller.say("alpha_span", low=ends[0], high=ends[1], first=first, last=last)]


def reliability(teller: Teller) -> list[str]:
    """Say which variables may be built on."""
    if "agreement" not in teller.n:
        return [teller.say("no_agreement")]
    groups: dict[str, list[str]] = {}
    for variable, row in teller.n["agreement"].items():
        groups.setdefault(standing(row), []).append(variable)
    return alpha_span(teller) + [
        teller.say(f"alpha_{name}", names=teller.listed(groups[name]))
        for name in ("reliable", "tentative", "open", "low", "unknown")
        if name in groups
    ]


def validated(teller: Teller, what: str, systems: dict[str, Row]) -> str:
    """Say what a variable's first system reaches, beside the best baseline and the coders."""
    name = next(iter(systems))
    own = systems[name]
    words = teller.words
    said = teller.say(
        "reaches", system=words.system(name), f1=words.number(own["macro_f1"]), interval=teller.interval(own), what=what
    )
    blind = [s for s in ("majority", "always") if s in systems and systems[s]["macro_f1"] is not None]
    if blind:
        base = max(blind, key=lambda s: systems[s]["macro_f1"])
        key = {"above": "above_base", "overlap": "near_base", "not above": "not_above_base"}
        said += teller.say(
            key[order(own, systems[base])], base=words.system(base), base_f1=words.number(systems[base]["macro_f1"]),
            base_interval=teller.interval(systems[base]),
        )  # fmt: skip
    if "coders" in systems:
        coders = systems["coders"]
        under, over = order(coders, own) == "above", order(own, coders) == "above"
        key_coders = "below_coders" if under else "above_coders" if over else "as_coders"
        said += teller.say(
            key_coders, coders_f1=words.number(coders["macro_f1"]), coders_interval=teller.interval(coders)
        )
    return said + teller.say("full_stop")


def rooms(teller: Teller) -> dict[str, dict[str, Row]]:
    """Return every validation by the name in words of its variable."""
    found = {teller.words("word.frames"): teller.n["frames"]["validation"]}
    if "tone" in teller.n:
        found[teller.name("tone")] = teller.n["tone"]["validation"]
    for party, systems in teller.n.get("target_tone", {}).get("validation", {}).items():
        own = {s: row for s, row in systems.items() if isinstance(row, dict) and "macro_f1" in row}
        if own:
            found[teller.name(f"tone_{party}")] = own
    if "voice" in teller.n:
        found[teller.name("voice")] = teller.n["voice"]["validation"]
    return found


def validation(teller: Teller) -> list[str]:
    """Say what each classifier is worth."""
    return [validated(teller, what, systems) for what, systems in rooms(teller).items()]


def diagnosis(teller: Teller) -> list[str]:
    """Say what splits, more gold and names do to the classifiers."""
    frames, words = teller.n["frames"], teller.words
    schemes = {name: words.number(row["f1"]) for name, row in frames["schemes"].items()}
    said = [teller.say("schemes", **schemes, outlet_interval=teller.interval(frames["schemes"]["outlet"]))]
    steps = [step for step in frames["learning"] if step["fraction"] > 0]
    if len(steps) > 1:
        first, last = steps[0], steps[-1]
        grows = last["least"] > first["most"] and last["macro_f1"] - first["macro_f1"] >= GROWTH
        said.append(
            teller.say(
                "learning_grows" if grows else "learning_flat",
                half=f"{first['n_gold']:.0f}",
                all=f"{last['n_gold']:.0f}",
                half_f1=words.number(first["macro_f1"]),
                all_f1=words.number(last["macro_f1"]),
            )
        )
    said.append(teller.say("frame_errors", errors=frames["errors"], file="tables/frames_errors.csv"))
    bias = teller.n.get("tone", {}).get("name_bias", {})
    if {"largest_known", "largest_unknown"} <= set(bias):
        known, unknown = (words.number(bias[f"largest_{which}"]) for which in ("known", "unknown"))
        units = teller.n["notes"]["tone_name_bias"]["n_units"]
        said.append(teller.say("name_bias", known=known, unknown=unknown, units=units))
    return said
