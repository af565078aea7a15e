"""All that the page shows, as plain data: articles with their codes, tables with their evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from framing.coding.codebook import FRAME_PREFIX, TARGET_PREFIX, Codebook
from framing.files import plain
from framing.portrayal.voices import VOICES
from framing.report.findings import Findings
from framing.report.html.claims import claims, network
from framing.report.html.colours import frame_shades, tone_shades, value_shades
from framing.report.html.evidence import Places
from framing.report.html.tables import coded_tables
from framing.report.html.told import told_tables
from framing.report.labels import in_language, labels
from framing.report.numbers import Numbers
from framing.report.sentences import sentences
from framing.report.words import Language, Words
from framing.schema import KEY

PROVENANCE = ("provenance", "provenance_units", "provenance_samples")
"""Statements about codings, units and samples, as ``numbers.json`` names them."""

RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")
"""Languages of articles that run from right to left."""

Record = dict[str, Any]


def payload(findings: Findings, found: Numbers, lang: Language = "en") -> Record:
    """Return what the page is made from.

    Parameters
    ----------
    findings
        The results of a study.
    found
        The content of its ``numbers.json``.
    lang
        Of the page; articles stay in theirs.

    Returns
    -------
    dict
        What JSON knows and nothing else: ``ui, study, notices, codebook, articles, units, tables, claims, network,
        notes``. Units are named by their place in ``units``, articles by theirs in ``articles``.
    """
    places, words = Places(findings.units, findings.articles), Words(lang)
    return plain_record(
        {
            "language": lang,
            "direction": "rtl" if lang in RIGHT_TO_LEFT else "ltr",
            "ui": words.section("ui"),
            "words": {name: words.known(name) for name in VOICES},
            "study": {**_study(found, lang), "version": found["versions"]["arabic-framing"], **_counts(found)},
            "notices": {
                "provenance": [in_language(found, key, lang) for key in PROVENANCE],
                "caveats": found["comparison"]["caveats"] if lang == "en" else sentences(found, lang)["limits"],
            },
            "codebook": _codebook(findings, words),
            "articles": _articles(findings),
            "units": _units(findings, places, words),
            "tables": coded_tables(findings, places, words) + told_tables(findings, places, words),
            "claims": claims(findings, places, words),
            "network": network(findings),
            "notes": found["notes"],
        }
    )


def plain_record(value: Record) -> Record:
    """Return a record as JSON knows it, floats rounded as in every file of a run."""
    made = plain(value)
    if not isinstance(made, dict):
        raise TypeError("a record is a dict")
    return made


def _counts(found: Numbers) -> Record:
    return {key: found["corpus"][key] for key in ("articles", "outlets", "units", "coded_units", "words")}


def _study(found: Numbers, lang: Language) -> Record:
    """Return what heads the page."""
    study = found["study"]
    return {
        "title": in_language(study, "title", lang),
        "event": in_language(study, "event", lang),
        "seed": study["seed"],
    }


def _codebook(findings: Findings, words: Words) -> Record:
    """Return what was coded, in the page's language, frames in the other as well."""
    book, named = findings.codebook, labels(findings.codebook)
    other: Language = "en" if words.lang == "ar" else "ar"
    frames = frame_shades(book.frame_ids)
    scale = sorted({*book.tone, *book.target_tone})
    return {
        "language": book.language,
        "direction": "rtl" if book.language in RIGHT_TO_LEFT else "ltr",
        "frames": [
            {
                "id": f.id,
                "label": named[f.id][words.lang],
                "other": named[f.id][other],
                "definition": in_language(vars(f), "definition", words.lang),
                **frames[f.id],
            }
            for f in book.frames
        ],
        "parties": [{"id": party, "label": named[party][words.lang]} for party in book.party_ids],
        "tones": [{"id": value, **shades} for value, shades in tone_shades(book.tone).items()] if book.tone else [],
        "scale": scale,
        "voices": [
            {"id": value, "label": words.known(value), "meaning": book.voice[value], **shades}
            for value, shades in value_shades(list(book.voice)).items()
        ],
    }


def _articles(findings: Findings) -> list[Record]:
    known = [c for c in ("doc_id", "outlet", "outlet_ar", "published") if c in findings.articles.columns]
    return [
        {key: str(row[key] or "") for key in known} for row in findings.articles[known].fillna("").to_dict("records")
    ]


def _units(findings: Findings, places: Places, words: Words) -> list[Record]:
    """Return every unit with what was coded of it, what was read of it, and where the machine erred."""
    codes = {(r["doc_id"], r["unit"]): _codes(r, findings.codebook) for r in findings.coded.to_dict("records")}
    read, errors = _read(findings), _errors(findings, words)
    units = []
    for row in places.units.to_dict("records"):
        key = (row["doc_id"], row["unit"])
        unit: Record = {
            "article": places.article(row["doc_id"]),
            "unit": row["unit"],
            "type": row["unit_type"],
            "paragraph": row["paragraph"],
            "text": row["text"],
            "codes": codes.get(key),
        }
        units.append(unit | {name: table[key] for name, table in (("read", read), ("errors", errors)) if key in table})
    return units


def _codes(row: Mapping[Any, Any], book: Codebook) -> Record:
    code: Record = {"frames": [f for f in book.frame_ids if row[FRAME_PREFIX + f]]}
    if book.tone and pd.notna(row.get("tone")):
        code["tone"] = f"{row['tone']:g}"
    towards = {p: f"{row[TARGET_PREFIX + p]:g}" for p in book.party_ids if pd.notna(row.get(TARGET_PREFIX + p))}
    if towards:
        code["towards"] = towards
    if book.voice and pd.notna(row.get("voice")):
        code["voice"] = row["voice"]
    return code


def _read(findings: Findings) -> dict[tuple[Any, Any], Record]:
    """Return what rules read of each unit: who speaks, and figures."""
    if findings.portrayal is None:
        return {}
    found: dict[tuple[Any, Any], Record] = {}
    kept = ("voice", "source", "quotation", "chain")
    for row in findings.portrayal.tables["attributions"].to_dict("records"):
        found[row["doc_id"], row["unit"]] = {key: row[key] for key in kept if pd.notna(row[key]) and row[key] != ""}
    for row in findings.portrayal.tables["figures"].to_dict("records"):
        found.setdefault((row["doc_id"], row["unit"]), {}).setdefault("figures", []).append(row["text"])
    return found


def _errors(findings: Findings, words: Words) -> dict[tuple[Any, Any], list[Record]]:
    """Return where the machine, which had not seen the outlet, said otherwise than gold."""
    found: dict[tuple[Any, Any], list[Record]] = defaultdict(list)
    shown: Sequence[str] = ("label", "kind", "decided", "gold", "probability")
    for name, table in findings.errors.items():
        for row in table.to_dict("records"):
            kept = {key: row[key] for key in shown if key in row}
            if "kind" in kept:
                kept["kind"] = words.known(kept["kind"])
            found[tuple(row[key] for key in KEY)].append({"of": name, **kept})
    return dict(found)
