"""All that the page shows, as plain data: articles with their codes, tables with their evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from framing.coding.codebook import FRAME_PREFIX, TARGET_PREFIX, Codebook
from framing.files import plain
from framing.report.findings import Findings
from framing.report.html.claims import claims, network
from framing.report.html.colours import frame_shades, tone_shades, value_shades
from framing.report.html.evidence import Places
from framing.report.html.strings import LANGUAGES
from framing.report.html.tables import coded_tables
from framing.report.html.told import told_tables
from framing.report.numbers import Numbers
from framing.schema import KEY

RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")
"""Languages of articles that run from right to left."""

Record = dict[str, Any]


def payload(findings: Findings, found: Numbers, language: str = "en") -> Record:
    """Return what the page is made from.

    Parameters
    ----------
    findings
        The results of a study.
    found
        The content of its ``numbers.json``.
    language
        Of the page, one of `LANGUAGES`; articles stay in theirs.

    Returns
    -------
    dict
        What JSON knows and nothing else: ``ui, study, notices, codebook, articles, units, tables, claims, network,
        notes``. Units are named by their place in ``units``, articles by theirs in ``articles``.
    """
    places = Places(findings.units, findings.articles)
    return plain_record(
        {
            "language": language,
            "ui": LANGUAGES[language],
            "study": {**findings.study, "version": found["versions"]["arabic-framing"], **_counts(found)},
            "notices": {
                "provenance": [found[key] for key in ("provenance", "provenance_units", "provenance_samples")],
                "caveats": found["comparison"]["caveats"],
            },
            "codebook": _codebook(findings, found),
            "articles": _articles(findings),
            "units": _units(findings, places),
            "tables": coded_tables(findings, places, language) + told_tables(findings, places, language),
            "claims": claims(findings, places),
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


def _codebook(findings: Findings, found: Numbers) -> Record:
    book = findings.codebook
    frames = frame_shades(book.frame_ids)
    scale = sorted({*book.tone, *book.target_tone})
    return {
        "language": book.language,
        "direction": "rtl" if book.language in RIGHT_TO_LEFT else "ltr",
        "frames": [
            {"id": f.id, "label": f.label_en, "label_ar": f.label_ar, "definition": f.definition, **frames[f.id]}
            for f in book.frames
        ],
        "parties": [{"id": party.id, "label_ar": party.label_ar} for party in book.parties],
        "tones": [{"id": value, **shades} for value, shades in tone_shades(book.tone).items()] if book.tone else [],
        "scale": scale,
        "voices": [
            {"id": value, "meaning": book.voice[value], **shades}
            for value, shades in value_shades(list(book.voice)).items()
        ],
        "labels": found["codebook"]["labels"],
    }


def _articles(findings: Findings) -> list[Record]:
    known = [c for c in ("doc_id", "outlet", "outlet_ar", "published") if c in findings.articles.columns]
    return [
        {key: str(row[key] or "") for key in known} for row in findings.articles[known].fillna("").to_dict("records")
    ]


def _units(findings: Findings, places: Places) -> list[Record]:
    """Return every unit with what was coded of it, what was read of it, and where the machine erred."""
    codes = {(r["doc_id"], r["unit"]): _codes(r, findings.codebook) for r in findings.coded.to_dict("records")}
    read, errors = _read(findings), _errors(findings)
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


def _errors(findings: Findings) -> dict[tuple[Any, Any], list[Record]]:
    """Return where the machine, which had not seen the outlet, said otherwise than gold."""
    found: dict[tuple[Any, Any], list[Record]] = defaultdict(list)
    shown: Sequence[str] = ("label", "kind", "decided", "gold", "probability")
    for name, table in findings.errors.items():
        for row in table.to_dict("records"):
            kept = {key: row[key] for key in shown if key in row}
            found[tuple(row[key] for key in KEY)].append({"of": name, **kept})
    return dict(found)
