"""The page's tables of how the event is told, each row with its sentences."""

from __future__ import annotations

from typing import Any

from framing.coding.codebook import FRAME_PREFIX
from framing.portrayal.tables import PREFIX, Portrayal
from framing.portrayal.voices import VOICES
from framing.report.findings import Findings
from framing.report.html.claims import cell, relations
from framing.report.html.evidence import Places
from framing.report.html.tables import column, names, spec
from framing.report.words import Words
from framing.schema import KEY

Record = dict[str, Any]


def told_tables(findings: Findings, places: Places, words: Words) -> list[Record]:
    """Return the tables of the portrayal, those that the study has."""
    told = findings.portrayal
    if told is None:
        return []
    made = [
        relations(findings, told, places, words),
        _voices(told, places, words),
        _sources(told, places, words),
        _frames_by_voice(findings, told, places, words),
        _keyness(told, places, words),
        _loaded(told, words),
        _near(findings, told, words),
        _headlines(findings, places, words),
        _wording(told, places, words),
        _reuse(told, places, words),
        _shared(told, places, words),
    ]
    return [table for table in made if table["rows"]]


def _voices(told: Portrayal, places: Places, words: Words) -> Record:
    """Return how often each outlet speaks itself, and how often it relays others."""
    table = told.tables["attributions"]
    units = places.units[[*KEY, "outlet"]]
    table = table[[*KEY, "voice"]].merge(units, on=KEY)
    rows = [
        {
            "outlet": outlet,
            "voices": [int(own["voice"].eq(voice).sum()) for voice in VOICES],
            "n_units": len(own),
            "at": places.of(own[own["voice"].ne(VOICES[0])]),
        }
        for outlet, own in table.groupby("outlet", sort=True)
    ]
    columns = [
        column("outlet"),
        column("voices", "stack", parts=list(VOICES), palette="voices"),
        column("n_units", "number"),
    ]
    return spec("voices", "portrayal", columns, rows, words, notes=[])


def _sources(told: Portrayal, places: Places, words: Words) -> Record:
    table = told.tables["sources"].merge(places.units[[*KEY, "outlet"]], on=KEY)
    rows = [
        {
            "outlet": row["outlet"],
            "voice": words.known(row["kind"]),
            **{key: cell(row[key]) for key in ("source", "cue")},
            "quotation": words.known(cell(row["quotation"])),
            "at": places.at(row),
        }
        for row in table.to_dict("records")
    ]
    columns = [
        column("outlet", facet=True),
        column("source", "ar"),
        column("voice", facet=True),
        column("cue", "ar"),
        column("quotation", facet=True),
    ]
    return spec("sources", "portrayal", columns, rows, words, notes=[PREFIX + "scores_sources"])


def _frames_by_voice(findings: Findings, told: Portrayal, places: Places, words: Words) -> Record:
    if "frames_by_voice" not in told.results:
        return spec("frames_by_voice", "portrayal", [], [], words)
    labels, coded, intervals = names(findings, words), findings.coded, {}
    if "own_voice" in told.results:
        for row in told.results["own_voice"].to_frame().to_dict("records"):
            intervals[row["outlet"], row["variable"]] = {"low": row["low"], "high": row["high"]}
    rows = []
    for row in told.results["frames_by_voice"].to_frame().to_dict("records"):
        if row["n_units"]:
            own = coded[coded["outlet"].eq(row["outlet"]) & coded[FRAME_PREFIX + row["frame"]].astype(bool)]
            rows.append(
                {
                    "frame": labels[row["frame"]],
                    "outlet": row["outlet"],
                    "voices": [row[voice] for voice in VOICES],
                    "own_share": row["own_share"],
                    **intervals.get((row["outlet"], row["frame"]), {}),
                    "n_units": row["n_units"],
                    "colour": row["frame"],
                    "at": places.of(own),
                }
            )
    rows.sort(key=lambda row: (findings.codebook.frame_ids.index(row["colour"]), row["outlet"]))
    columns = [
        column("frame", facet=True),
        column("outlet", facet=True),
        column("voices", "stack", parts=list(VOICES), palette="voices"),
        column("own_share", "interval", unit="share", domain=[0, 1]),
        column("n_units", "number"),
    ]
    notes = [PREFIX + "frames_by_voice", PREFIX + "own_voice"]
    return spec("frames_by_voice", "portrayal", columns, rows, words, group="frame", shown=20, notes=notes)


def _keyness(told: Portrayal, places: Places, words: Words) -> Record:
    result, uses = told.results.get("keyness"), told.tables.get("word_uses")
    if result is None or uses is None:
        return spec("keyness", "portrayal", [], [], words)
    uses = uses.merge(places.units[[*KEY, "outlet"]], on=KEY)
    where = places.by(uses, ("outlet", "word"))
    kept = ("outlet", "word", "n", "n_others", "log_odds", "low", "high", "z", "p_holm")
    rows = [
        {**{key: row[key] for key in kept}, "at": where.get((row["outlet"], row["word"]), [])}
        for row in result.to_frame().sort_values("z", ascending=False, kind="stable").to_dict("records")
        if row["n"]
    ]
    most = max((abs(row[key]) for row in rows for key in ("low", "high")), default=1)
    columns = [
        column("outlet", facet=True),
        column("word", "ar"),
        column("n", "number"),
        column("n_others", "number"),
        column("log_odds", "interval", domain=[-most, most], zero=True, signed=True),
        column("p_holm", "p"),
    ]
    return spec("keyness", "portrayal", columns, rows, words, shown=15, notes=[PREFIX + "keyness"])


def _loaded(told: Portrayal, words: Words) -> Record:
    """Return the loaded words that each outlet uses, those it uses more than the others first."""
    table = told.results["loaded_words"].to_frame()
    kept = ("outlet", "word", "polarity", "n", "n_others", "log_odds", "low", "high")
    rows = [{key: row[key] for key in kept} for row in table[table["n"] > 0].to_dict("records")]
    most = max((abs(row[key]) for row in rows for key in ("low", "high")), default=1)
    columns = [
        column("outlet", facet=True),
        column("word", "ar"),
        column("polarity", "number", digits=1),
        column("n", "number"),
        column("n_others", "number"),
        column("log_odds", "interval", domain=[-most, most], zero=True, signed=True),
    ]
    return spec("loaded", "portrayal", columns, rows, words, notes=[PREFIX + "loaded_words"])


def _near(findings: Findings, told: Portrayal, words: Words) -> Record:
    """Return the words that stand near each party more than elsewhere, by outlet and in all texts together."""
    table, named = told.results["collocations"].to_frame(), names(findings, words)
    table = table[table["log_likelihood"] > 0].sort_values("log_likelihood", ascending=False, kind="stable")
    kept = ("word", "n_near", "n_word", "log_likelihood", "log_dice")
    rows = [
        {
            "party": named[row["party"]],
            "outlet": row["outlet"] or words("word.all_outlets"),
            **{key: row[key] for key in kept},
        }
        for row in table.to_dict("records")
    ]
    columns = [
        column("party", facet=True),
        column("outlet", facet=True),
        column("word", "ar"),
        column("n_near", "number"),
        column("n_word", "number"),
        column("log_likelihood", "number", digits=1),
        column("log_dice", "number", digits=1),
    ]
    return spec("collocations", "portrayal", columns, rows, words, notes=[PREFIX + "collocations"])


def _headlines(findings: Findings, places: Places, words: Words) -> Record:
    """Return the coded headlines side by side."""
    coded, named = findings.coded, names(findings, words)
    coded = coded[coded["unit_type"] == "headline"].sort_values(["outlet", *KEY], kind="stable")
    rows = [
        {
            "outlet": row["outlet"],
            "text": row["text"],
            "frame": words("list.comma").join(
                named[frame] for frame in findings.codebook.frame_ids if row[FRAME_PREFIX + frame]
            ),
            "tone": words.signed(row["tone"], 0) if findings.codebook.tone and row["tone"] == row["tone"] else "",
            "at": places.at({key: row[key] for key in KEY}),
        }
        for row in coded.to_dict("records")
    ]
    columns = [column("outlet"), column("text", "ar"), column("frame"), column("tone")]
    return spec("headlines", "portrayal", columns, rows, words, notes=[])


def _wording(told: Portrayal, places: Places, words: Words) -> Record:
    result, uses = told.results.get("contrasts"), told.tables.get("term_uses")
    if result is None or uses is None:
        return spec("wording", "portrayal", [], [], words)
    where = places.by(uses, ("contrast", "term", "outlet"))
    rows = [
        {
            **{key: row[key] for key in ("contrast", "term", "outlet", "n", "share", "per_1000")},
            "at": where.get((row["contrast"], row["term"], row["outlet"]), []),
        }
        for row in result.to_frame().to_dict("records")
        if row["n"]
    ]
    columns = [
        column("contrast", facet=True),
        column("term", facet=True),
        column("outlet", facet=True),
        column("share", "interval", unit="share", domain=[0, 1], bar=True),
        column("n", "number"),
        column("per_1000", "number", digits=1),
    ]
    return spec("wording", "portrayal", columns, rows, words, group="contrast", notes=[PREFIX + "contrasts"])


def _reuse(told: Portrayal, places: Places, words: Words) -> Record:
    result = told.results.get("reuse")
    shared = _pairs(told, places)
    rows = []
    for row in [] if result is None else result.to_frame().to_dict("records"):
        at = [
            p
            for pair in shared
            for side in ("", "other_")
            if pair[side + "doc_id"] == row["doc_id"]
            for p in pair[side + "at"]
        ]
        kept = {key: row[key] for key in ("outlet", "words", "shared", "share")}
        rows.append({**kept, "with_outlets": cell(row["with_outlets"]), "at": at})
    columns = [
        column("outlet"),
        column(
            "share",
            "interval",
            unit="share",
            domain=[0, max((row["share"] for row in rows), default=1) or 1],
            bar=True,
            digits=1,
        ),
        column("shared", "number"),
        column("words", "number"),
        column("with_outlets"),
    ]
    return spec("reuse", "portrayal", columns, rows, words, notes=[PREFIX + "reuse"])


def _shared(told: Portrayal, places: Places, words: Words) -> Record:
    rows = []
    for pair in _pairs(told, places):
        kept = {key: pair[key] for key in ("outlet", "text", "other_outlet", "other_text", "similarity")}
        rows.append({**kept, "at": [*pair["at"], *pair["other_at"]]})
    columns = [
        column("outlet", facet=True),
        column("text", "ar"),
        column("other_outlet", facet=True),
        column("other_text", "ar"),
        column("similarity", "number", digits=2),
    ]
    return spec("shared", "portrayal", columns, rows, words, notes=[PREFIX + "reuse"])


def _pairs(told: Portrayal, places: Places) -> list[Record]:
    """Return shared sentences and passages alike, with the places of both sides; passages are equal words."""
    pairs: list[Record] = [
        _named(row) | {"at": places.at(row), "other_at": places.at(row, "other_")}
        for row in told.tables["shared_sentences"].to_dict("records")
    ]
    for row in told.tables["shared_passages"].to_dict("records"):
        sides = {
            f"{side}at": places.within(row[side + "doc_id"], int(row[side + "start"]), int(row[side + "end"]))
            for side in ("", "other_")
        }
        pairs.append(_named(row) | {"other_text": row["text"], "similarity": 1.0} | sides)
    return pairs


def _named(row: dict[Any, Any]) -> Record:
    return {str(key): value for key, value in row.items()}
