"""The tables of a study as they are written to disk."""

from __future__ import annotations

import pandas as pd

from framing.portrayal.tables import PREFIX
from framing.report.findings import Findings
from framing.results import Result


def tables(findings: Findings) -> dict[str, pd.DataFrame]:
    """Return every table by the name of its file, with ``notes`` that tell how each was made and how to read it."""
    results = findings.results()
    found = {name: result.to_frame() for name, result in results.items()}
    if findings.portrayal is not None:
        found |= {PREFIX + name: table for name, table in findings.portrayal.frames().items()}
    if findings.value_shares is not None:
        found["value_shares"] = findings.value_shares
    errors = {f"{name}_errors": table for name, table in findings.errors.items()}
    return {"units": findings.units, **found, **errors, "notes": notes(results)}


def notes(results: dict[str, Result]) -> pd.DataFrame:
    """Return a row per table: what it estimates, how, from how much, and with which caveats."""
    rows = [
        {
            "table": name,
            "estimand": result.estimand,
            "method": result.method,
            "n_articles": result.n_articles,
            "n_units": result.n_units,
            "seed": result.seed,
            "caveats": " ".join(result.caveats),
        }
        for name, result in results.items()
    ]
    return pd.DataFrame(rows).astype({"seed": "Int64"})
