"""Claims of the outlets about the same facts, and what they share: each with its sentences."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from framing.portrayal.tables import PREFIX, Portrayal
from framing.report.findings import Findings
from framing.report.html.evidence import Place, Places
from framing.report.html.tables import column, spec
from framing.report.labels import fact_label
from framing.report.words import Words
from framing.schema import KEY

Record = dict[str, Any]

STATUSES = ("disputed", "agreed", "single", "several", "silent")
"""Of facts, those first on which outlets can be held against each other."""


def claims(findings: Findings, places: Places, words: Words) -> list[Record]:
    """Return the facts, and what each outlet says of each: its claims, none where it is silent."""
    told = findings.portrayal
    if told is None or "claims" not in told.results:
        return []
    table = told.results["claims"].to_frame()
    spans = _spans(told)
    facts: dict[str, Record] = {}
    for row in table.to_dict("records"):
        fact = facts.setdefault(
            row["fact"],
            {
                "id": row["fact"],
                "label": fact_label(findings.study, row["fact"], words),
                "status": row["status"],
                "status_label": words.known(row["status"]),
                "outlets": {},
            },
        )
        said = fact["outlets"].setdefault(row["outlet"], [])
        if pd.notna(row["figure"]) and row["figure"]:
            said.append(
                {
                    **{key: cell(row[key]) for key in ("figure", "hedge", "voice", "source")},
                    "at": _claimed(row, spans, places),
                }
            )
    return sorted(facts.values(), key=lambda fact: STATUSES.index(fact["status"]))


def network(findings: Findings) -> list[Record]:
    """Return pairs of outlets that share text, with the number of their shared sentences and passages."""
    if findings.portrayal is None:
        return []
    shared = [
        findings.portrayal.tables[name][["outlet", "other_outlet"]] for name in ("shared_sentences", "shared_passages")
    ]
    pairs = Counter(
        (min(a, b), max(a, b))
        for table in shared
        for a, b in zip(table["outlet"], table["other_outlet"], strict=True)
        if a != b
    )
    return [{"a": a, "b": b, "n": n} for (a, b), n in sorted(pairs.items())]


def relations(findings: Findings, told: Portrayal, places: Places, words: Words) -> Record:
    """Return the table of pairs of outlets that both speak of a fact, and how what they say goes together."""
    spans = _spans(told)
    said: dict[tuple[str, str], list[Place]] = {}
    for row in told.results["claims"].to_frame().to_dict("records") if "claims" in told.results else []:
        said.setdefault((row["fact"], row["outlet"]), []).extend(_claimed(row, spans, places))
    rows = [
        {
            "fact": fact_label(findings.study, row["fact"], words),
            **{key: cell(row[key]) for key in ("outlet_a", "outlet_b", "claim_a", "claim_b")},
            "relation": words.known(row["relation"]),
            "at": said.get((row["fact"], row["outlet_a"]), []) + said.get((row["fact"], row["outlet_b"]), []),
        }
        for row in told.tables["claim_relations"].to_dict("records")
        if row["relation"] != "silent"
    ]
    columns = [
        column("fact", facet=True),
        column("relation", facet=True),
        column("outlet_a", facet=True),
        column("claim_a", "ar"),
        column("outlet_b", facet=True),
        column("claim_b", "ar"),
    ]
    return spec(
        "relations", "portrayal", columns, rows, words, sort=["relation", "descending"], notes=[PREFIX + "claims"]
    )


def _spans(told: Portrayal) -> dict[tuple[Any, ...], Place]:
    """Return where figures stand, by article, unit, fact and words."""
    rows = told.tables["figures"].to_dict("records")
    return {(r["doc_id"], r["unit"], r["fact"], r["text"]): [r["start"], r["end"]] for r in rows}


def _claimed(row: dict[Any, Any], spans: dict[tuple[Any, ...], Place], places: Places) -> list[Place]:
    span = spans.get((row["doc_id"], row["unit"], row["fact"], row["figure"]), [])
    return [place + span for place in places.at({key: row[key] for key in KEY})]


def cell(value: object) -> str:
    """Return a cell as text, nothing for what is missing."""
    return "" if value is None or value is pd.NA or value != value else str(value)
