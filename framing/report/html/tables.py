"""The page's tables of what was coded: outlets, their differences, agreement and validation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from framing.coding.codebook import FRAME_PREFIX, TARGET_PREFIX
from framing.comparison.profiles import ALL
from framing.models.scores import MACRO
from framing.report.findings import CONTRASTS, Findings
from framing.report.html.evidence import Places
from framing.report.labels import labels as labels_of
from framing.report.sentences.quality import MARKS
from framing.report.words import Words

Record = dict[str, Any]

SHOWN = 12
"""Rows of a table before its reader asks for all."""


def column(key: str, kind: str = "text", **more: object) -> Record:
    """Describe a column.

    Parameters
    ----------
    key
        Under which rows hold it.
    kind
        ``text``; ``ar`` for words of the articles; ``number`` (with ``digits``), ``share``, ``p``; ``interval``, whose
        rows hold ``low`` and ``high`` (with its ``domain``, and ``unit`` "share" where it is one); ``stack``, whose
        rows hold a list of numbers (with its ``parts``).
    more
        What else its kind needs; ``facet`` where rows can be chosen by it; ``start``, the value that is chosen first.
    """
    return {"key": key, "kind": kind, **more}


def spec(
    name: str, section: str, columns: Sequence[Record], rows: list[Record], words: Words, **more: object
) -> Record:
    """Describe a table: its rows hold ``at``, the places of its sentences, where it has any.

    Parameters
    ----------
    more
        ``sort``: column and direction at first; ``shown``: rows at first; ``notes``: results it is made from.
    """
    return {
        "id": name,
        "section": section,
        "title": words(f"table.{name}"),
        "columns": [{**c, "label": words(f"column.{c['key']}")} for c in columns],
        "rows": rows,
        "shown": SHOWN,
        "notes": [name],
        **more,
    }


def coded_tables(findings: Findings, places: Places, words: Words) -> list[Record]:
    """Return the tables of outlets, comparison, and validation, those that the study has."""
    made = [
        *_outlets(findings, places, words),
        *_comparison(findings, words),
        _agreement(findings, words),
        _validation(findings, words),
        _errors(findings, places, words),
    ]
    return [table for table in made if table["rows"]]


def names(findings: Findings, words: Words) -> dict[str, str]:
    """Return variables in words."""
    return {name: own[words.lang] for name, own in labels_of(findings.codebook).items()}


def _outlets(findings: Findings, places: Places, words: Words) -> list[Record]:
    labels, coded = names(findings, words), findings.coded
    rows = []
    for row in findings.prevalence.to_frame().to_dict("records"):
        carrying = coded[coded["outlet"].eq(row["outlet"]) & coded[FRAME_PREFIX + row["variable"]].astype(bool)]
        rows.append({**row, "frame": labels[row["variable"]], "colour": row["variable"], "at": places.of(carrying)})
    shares = [row["high"] for row in rows if pd.notna(row["high"])] + [row["share"] for row in rows]
    domain = [0, max(0.1, *shares)]
    columns = [
        column("frame", facet=True),
        column("outlet", facet=True),
        column("share", "interval", unit="share", domain=domain),
        column("n_units", "number"),
    ]
    kept = ("outlet", "frame", "share", "low", "high", "n_units", "colour", "at")
    ordered = sorted(rows, key=lambda r: (findings.codebook.frame_ids.index(r["variable"]), r["outlet"]))
    every = len(ordered)
    made = [
        spec(
            "prevalence",
            "outlets",
            columns,
            [_only(r, kept) for r in ordered],
            words,
            shown=max(every, SHOWN) if every <= 40 else SHOWN,
            group="frame",
        )
    ]
    return made + _tones(findings, places, words)


def _tones(findings: Findings, places: Places, words: Words) -> list[Record]:
    scale, made = list(findings.codebook.tone), []
    if findings.tone is not None:
        counts = pd.crosstab(findings.coded["outlet"], findings.coded["tone"]).reindex(columns=scale, fill_value=0)
        rows = [
            {
                **_only(row, ("outlet", "mean", "low", "high", "n_units")),
                "distribution": counts.loc[row["outlet"]].tolist(),
            }
            for row in findings.tone.to_frame().sort_values("outlet").to_dict("records")
        ]
        columns = [
            column("outlet"),
            column("distribution", "stack", parts=[str(value) for value in scale], palette="tones"),
            column("mean", "interval", domain=[min(scale), max(scale)], zero=True, signed=True),
            column("n_units", "number"),
        ]
        made.append(spec("tone", "outlets", columns, rows, words))
    if "target_tone" in findings.comparison:
        coded, party = (
            findings.coded,
            {TARGET_PREFIX + p: names(findings, words)[p] for p in findings.codebook.party_ids},
        )
        rows = []
        for row in findings.comparison["target_tone"].to_frame().to_dict("records"):
            own = coded[coded["outlet"].eq(row["outlet"]) & coded[row["variable"]].notna()]
            kept = _only(row, ("outlet", "mean", "low", "high", "n_units"))
            rows.append({**kept, "party": party[row["variable"]], "at": places.of(own)})
        ends = [min(findings.codebook.target_tone), max(findings.codebook.target_tone)]
        columns = [
            column("party", facet=True),
            column("outlet"),
            column("mean", "interval", domain=ends, zero=True, signed=True),
            column("n_units", "number"),
        ]
        made.append(
            spec(
                "target_tone",
                "outlets",
                columns,
                sorted(rows, key=lambda r: (r["party"], r["outlet"])),
                words,
                group="party",
            )
        )
    return made


def _comparison(findings: Findings, words: Words) -> list[Record]:
    labels = names(findings, words)
    rows = []
    for family, result in findings.contrasts.items():
        for row in result.to_frame().to_dict("records"):
            kept = _only(
                row,
                ("outlet_a", "outlet_b", "difference", "low", "high", "odds_ratio", "p", "p_holm", "p_bh"),
            ) | {"finding": words.known(row["finding"])}
            variable = str(row["variable"])
            rows.append(
                {**kept, "family": words.known(family), "variable": labels.get(variable, variable.replace("_", " "))}
            )
    ends = [abs(row[key]) for row in rows for key in ("difference", "low", "high") if pd.notna(row.get(key))]
    most = max(ends, default=1)
    columns = [
        column("family", facet=True, start=words.known(next(iter(findings.contrasts), ""))),
        column("variable", facet=True),
        column("outlet_a", facet=True),
        column("outlet_b", facet=True),
        column("difference", "interval", domain=[-most, most], zero=True, signed=True),
        column("odds_ratio", "number", digits=2),
        column("p", "p"),
        column("p_holm", "p"),
        column("p_bh", "p"),
        column("finding", facet=True),
    ]
    notes = [CONTRASTS + family for family in findings.contrasts]
    made = [spec("contrasts", "comparison", columns, rows, words, shown=20, notes=notes)]
    if "corrected_frames" in findings.comparison:
        made.append(_larger(findings, words))
    if "profile_distance" in findings.comparison:
        shown = ("outlet_a", "outlet_b", "jsd", "jsd_chance_high", "p_jsd", "p_jsd_holm", "cramers_v")
        kinds = {"jsd": "number", "jsd_chance_high": "number", "cramers_v": "number", "p_jsd": "p", "p_jsd_holm": "p"}
        table = findings.comparison["profile_distance"].to_frame().replace(ALL, words("word.all_outlets"))
        found = [_only(row, shown) for row in table.to_dict("records")]
        columns = [column(key, kinds.get(key, "text"), digits=2) for key in shown]
        made.append(spec("profile_distance", "comparison", columns, found, words))
    return made


def _larger(findings: Findings, words: Words) -> Record:
    """Return the table of a larger corpus: gold drawn from it, machine labels, and the two together."""
    labels, rows = names(findings, words), []
    for row in findings.comparison["corrected_frames"].to_frame().to_dict("records"):
        named = {"frame": labels[row["variable"]], "colour": row["variable"]}
        estimator = words(f"legend.{row['estimator'].replace(' ', '_')}")
        kept = _only(row, ("outlet", "low", "high", "n_coded_units", "n_units"))
        rows.append({**named, **kept, "share": row["value"], "estimator": estimator})
    columns = [
        column("frame", facet=True),
        column("outlet", facet=True),
        column("estimator", facet=True),
        column("share", "interval", unit="share", domain=[0, 1]),
        column("n_coded_units", "number"),
        column("n_units", "number"),
    ]
    notes = ["corrected_frames"]
    return spec("larger", "comparison", columns, rows, words, group="frame", shown=24, notes=notes)


def _agreement(findings: Findings, words: Words) -> Record:
    labels, rows = names(findings, words), []
    if findings.agreement is not None:
        for row in findings.agreement.to_frame().to_dict("records"):
            kept = _only(row, ("alpha", "low", "high", "prevalence", "n_units", "n_coders"))
            rows.append({"variable": labels.get(row["variable"], row["variable"]), **kept})
    least = min([0.5, *(row["low"] for row in rows if pd.notna(row["low"]))])
    columns = [
        column("variable"),
        column("alpha", "interval", domain=[least, 1], digits=3, marks=list(MARKS)),
        column("prevalence", "share"),
        column("n_units", "number"),
        column("n_coders", "number"),
    ]
    return spec("agreement", "validation", columns, rows, words)


def _validation(findings: Findings, words: Words) -> Record:
    labels, rows = names(findings, words), []
    for name, result in findings.validation.items():
        for row in result.to_frame().to_dict("records"):
            label = str(row["label"])
            rows.append(
                {
                    "variable": labels.get(name, name),
                    "system": words.system(str(row["system"])),
                    "label": words.label(labels_of(findings.codebook), label),
                    **_only(row, ("f1", "low", "high", "precision", "recall", "support")),
                }
            )
    columns = [
        column("variable", facet=True),
        column("system", facet=True),
        column("label", facet=True, start=words.known(MACRO)),
        column("f1", "interval", domain=[0, 1]),
        column("precision", "number", digits=2),
        column("recall", "number", digits=2),
        column("support", "number"),
    ]
    notes = [f"validation_{name}" for name in findings.validation]
    return spec("validation", "validation", columns, rows, words, notes=notes)


def _errors(findings: Findings, places: Places, words: Words) -> Record:
    labels, rows = names(findings, words), []
    for name, table in findings.errors.items():
        for row in table.to_dict("records"):
            if "kind" in row:
                variable, kind = labels.get(row["label"], row["label"]), words.known(row["kind"])
            else:
                said = {key: words.number(row[key], 0) for key in ("decided", "gold")}
                variable, kind = labels.get(name, name), words("ui.machine_short", **said)
            kept = _only(row, ("outlet", "probability", "text"))
            rows.append({**kept, "variable": variable, "kind": kind, "at": places.at(row)})
    columns = [
        column("variable", facet=True),
        column("outlet", facet=True),
        column("kind", facet=True),
        column("probability", "number", digits=2),
        column("text", "ar"),
    ]
    return spec("errors", "validation", columns, rows, words, shown=6, notes=[])


def _only(row: dict[Any, Any], keys: Sequence[str]) -> Record:
    return {key: row[key] for key in keys if key in row}
