"""What is said of how outlets tell: claims, voice, words, reuse."""

from __future__ import annotations

from framing.report.labels import fact_label
from framing.report.sentences.teller import Teller


def telling(teller: Teller) -> list[str]:
    """Say everything of a portrayal; nothing where there is none."""
    if "portrayal" not in teller.n:
        return []
    return [*claims(teller), *own_voice(teller), *words(teller), *reuse(teller)]


def claims(teller: Teller) -> list[str]:
    """Say on how many facts outlets agree, and on which they differ."""
    facts = teller.n.get("portrayal", {}).get("claims")
    if not facts:
        return []
    status = [fact["status"] for fact in facts.values()]
    counts = {name: status.count(name) for name in ("agreed", "disputed", "single")}
    said = [teller.say("claims", facts=teller.words.count("facts", len(facts)), **counts)]
    if counts["disputed"]:
        named = [name for name, fact in facts.items() if fact["status"] == "disputed"]
        labels = [fact_label(teller.n["study"], name, teller.words) for name in named]
        quoted = [teller.words("list.quote", text=label) for label in labels]
        said.append(teller.say("disputed", facts=teller.words.listed(quoted)))
    return said


def own_voice(teller: Teller) -> list[str]:
    """Say how many of each frame's units the outlets tell themselves, and how well that is told."""
    rows = teller.n["portrayal"].get("frames_by_voice", [])
    parts = []
    for frame in teller.frames:
        own = [row for row in rows if row["frame"] == frame]
        units = sum(row["n_units"] for row in own)
        if units:
            narrator = sum(row["narrator"] for row in own)
            counted = teller.words.count("units", units)
            parts.append(teller.say("own_voice_part", own=narrator, n=counted, frame=teller.name(frame)))
    said = [teller.say("own_voice", parts=teller.words.listed(parts))] if parts else []
    voice = teller.n["portrayal"].get("voice")
    if said and voice:
        f1 = teller.words.number(voice["macro_f1"])
        said.append(teller.say("voice_rule", f1=f1, interval=teller.interval(voice)))
    return said


def words(teller: Teller) -> list[str]:
    """Say which words set outlets apart after correction."""
    keyness = teller.n["portrayal"].get("keyness")
    if keyness is None:
        return []
    found = {outlet: own["distinct"] for outlet, own in keyness.items() if own["distinct"]}
    if not found:
        return [teller.say("keyness_none")]
    comma = teller.words("list.comma")
    return [teller.say("keyness", parts=teller.words.parts([f"{o}: {comma.join(w)}" for o, w in found.items()]))]


def reuse(teller: Teller) -> list[str]:
    """Say how much of an article another outlet has, too."""
    rows = teller.n["portrayal"].get("reuse", [])
    if not rows:
        return []
    most = max(rows, key=lambda row: row["share"])
    if not most["share"]:
        return [teller.say("reuse_none")]
    return [teller.say("reuse", share=teller.words.percent(most["share"], 1), outlet=most["outlet"])]
