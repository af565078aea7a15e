"""What a report says of how the texts are told: numbers, and lines for the screen."""

from __future__ import annotations

import pandas as pd

from framing.models.scores import MACRO
from framing.portrayal.tables import Portrayal
from framing.results import Result

SHOWN = 5
"""Words of an outlet on the screen and in a row of the report."""


_SIGNS = {"about": "~ ", "more": "> ", "less": "< ", "at least": "≥ ", "at most": "≤ ", "some": "≥ "}
"""Of how a figure is bounded, on the screen."""


def portrayal_numbers(portrayal: Portrayal, voice: Result | None) -> dict[str, object]:
    """Return the numbers of a portrayal.

    Parameters
    ----------
    voice
        Validation of voice, where there is gold for it.
    """
    found: dict[str, object] = {}
    if voice is not None:
        found["voice"] = _voice(voice.to_frame())
    for name, result in portrayal.scores.items():
        rows = result.to_frame().set_index("label").to_dict("index")
        if name == "mentions":
            found["mentions"] = {**rows.pop("all"), "by_party": rows}
        else:
            found[name] = {f"{label}_f1": row["f1"] for label, row in rows.items()} | {"by_label": rows}
    claims = portrayal.results["claims"].table
    found["claims"] = {
        str(fact): {"label": own["label"].iloc[0], "status": own["status"].iloc[0], "by_outlet": _by_outlet(own)}
        for fact, own in claims.groupby("fact", sort=False)
    }
    for name in ("frames_by_voice", "own_voice", "headlines", "contrasts", "reuse"):
        if name in portrayal.results:
            found[name] = portrayal.results[name].to_frame().to_dict("records")
    found["keyness"] = _keyness(portrayal.results["keyness"].table)
    found["loaded_words"] = _loaded(portrayal.results["loaded_words"].table)
    found["collocations"] = _near(portrayal.results["collocations"].table)
    found["tables"] = {name: len(table) for name, table in portrayal.frames().items()}
    return found


def _keyness(table: pd.DataFrame) -> dict[str, dict[str, list[str]]]:
    """Return by outlet its first words, and those that set it apart after correction."""
    more = table[table["log_odds"] > 0]
    return {
        str(outlet): {
            "words": own["word"].head(SHOWN).tolist(),
            "distinct": own.loc[own["p_holm"] < 0.05, "word"].tolist(),
        }
        for outlet, own in more.groupby("outlet", sort=True)
    }


def _loaded(table: pd.DataFrame) -> list[dict[str, object]]:
    """Return by outlet its most frequent words of the sentiment lexicon on either side, each with its count."""
    used = table[(table["n"] > 0) & (table["polarity"] != 0)]
    used = used.sort_values(["outlet", "n", "z"], ascending=[True, False, False], kind="stable")
    sides = {"negative": used[used["polarity"] < 0], "positive": used[used["polarity"] > 0]}
    return [
        {"outlet": outlet, **{side: _first(own[own["outlet"] == outlet], "n") for side, own in sides.items()}}
        for outlet in sorted(used["outlet"].unique())
    ]


def _near(table: pd.DataFrame) -> list[dict[str, object]]:
    """Return by outlet and party the words that go with its mentions more than elsewhere, with their counts there."""
    more = table[(table["outlet"] != "") & (table["log_likelihood"] > 0)]
    more = more.sort_values("log_likelihood", ascending=False, kind="stable")
    return [
        {"outlet": outlet, "party": party, "words": _first(own, "n_near")}
        for (outlet, party), own in more.groupby(["outlet", "party"], sort=True)
    ]


def _first(table: pd.DataFrame, count: str) -> list[dict[str, object]]:
    return [{"word": row["word"], "n": int(row[count])} for row in table.head(SHOWN).to_dict("records")]


def _voice(table: pd.DataFrame) -> dict[str, object]:
    """Return the score of the system that tells voice, which stands first, and those of the others."""
    macro = table[table["label"] == MACRO].set_index("system")
    system = str(table["system"].iloc[0])
    own = {"system": system, "macro_f1": macro.loc[system, "f1"]}
    own |= {end: macro.loc[system, end] for end in ("low", "high")}
    return own | {"others": {str(name): f1 for name, f1 in macro["f1"].items() if name != system}}


def _by_outlet(own: pd.DataFrame) -> dict[str, list[str]]:
    return {str(outlet): [text for text in part["figure"] if text] for outlet, part in own.groupby("outlet")}


def portrayal_lines(portrayal: Portrayal) -> str:
    """Return the main findings of a portrayal as text."""
    parts = [_voices(portrayal.tables["attributions"]), *_scores(portrayal)]
    claims = portrayal.results["claims"].table
    if len(claims):
        parts += ["", "What is claimed (- is silence)", _claims(claims)]
    for name, title in (("contrasts", "Terms in contrast, uses"), ("frames_by_voice", "Frames by voice, units")):
        if name in portrayal.results:
            parts += ["", title, _wide(name, portrayal.results[name].table)]
    parts += ["", "Words that an outlet uses more than the others", _keywords(portrayal.results["keyness"].table)]
    shared = portrayal.results["reuse"].table
    lines = [f"  {r['outlet']} ({r['doc_id']}): {r['share']:.1%}" for r in shared.to_dict("records") if r["shared"]]
    parts += ["", "Share of an article that another outlet has, too", *(lines or ["  none"])]
    caveats = [caveat for result in portrayal.results.values() for caveat in result.caveats]
    return "\n".join([*parts, *(f"Note: {caveat}" for caveat in dict.fromkeys(caveats))])


def _voices(attributions: pd.DataFrame) -> str:
    counts = attributions["voice"].value_counts()
    return "Voice by rule: " + ", ".join(f"{n} {voice}" for voice, n in counts.items())


def _scores(portrayal: Portrayal) -> list[str]:
    shown = []
    for name, result in portrayal.scores.items():
        for row in result.table.to_dict("records"):
            ends = "" if pd.isna(row["low"]) else f" [{row['low']:.2f}, {row['high']:.2f}]"
            shown.append(f"  {name}, {row['label']}: F1 {row['f1']:.3f}{ends}, {row['coded']} coded")
    return ["", "Against what was coded by reading", *shown] if shown else []


def _claims(claims: pd.DataFrame) -> str:
    signed = claims["hedge"].map(_SIGNS).fillna("") + claims["figure"]
    said = claims.assign(figure=signed.where(claims["figure"].ne(""), "-"))
    keys = ["fact", "label", "status"]
    wide = said.groupby([*keys, "outlet"], sort=False)["figure"].agg(lambda own: "; ".join(dict.fromkeys(own)))
    table = wide.unstack("outlet").loc[list(dict.fromkeys(claims[keys].itertuples(index=False, name=None)))]
    return table.reset_index(["fact"], drop=True).rename_axis(columns=None).to_string()


def _wide(name: str, table: pd.DataFrame) -> str:
    if name == "contrasts":
        return (
            table.pivot(index=["contrast", "term"], columns="outlet", values="n").rename_axis(columns=None).to_string()
        )
    cells = table["narrator"].astype(str) + " own, " + (table["named"] + table["anonymous"]).astype(str) + " reported"
    wide = table.assign(cell=cells).pivot(index="frame", columns="outlet", values="cell")
    return wide.rename_axis(index=None, columns=None).to_string()


def _keywords(table: pd.DataFrame) -> str:
    lines = []
    for outlet, own in table.groupby("outlet", sort=True):
        first = own[own["log_odds"] > 0].head(SHOWN).to_dict("records")
        words = "، ".join(f"{row['word']} ({row['n']})" for row in first)
        lines.append(f"  {outlet}: {words}")
    return "\n".join(lines) or "  none: there is one outlet"
