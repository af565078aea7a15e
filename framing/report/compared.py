"""What ``numbers.json`` holds of outlets and how they differ."""

from __future__ import annotations

from typing import Any

import pandas as pd

from framing.report.findings import Findings
from framing.results import Result

Numbers = dict[str, Any]


def comparison_numbers(findings: Findings) -> Numbers:
    """Return what ``numbers.json`` holds of outlets."""
    found: Numbers = {"frames": _by_outlet(findings.prevalence), "caveats": list(findings.prevalence.caveats)}
    if findings.tone is not None:
        table = findings.tone.to_frame().drop(columns="variable")
        found["tone"] = {str(row.pop("outlet")): row for row in table.to_dict("records")}
    found["contrasts"] = {name: result.to_frame().to_dict("records") for name, result in findings.contrasts.items()}
    tables = {name: result.to_frame() for name, result in findings.comparison.items()}
    if "target_tone" in tables:
        found["target_tone"] = _by_outlet(findings.comparison["target_tone"])
    for name in ("frame_by_tone", "frame_by_voice"):
        if name in tables:
            found[name] = _nested(tables[name], ("outlet", "frame", "value"))
    if "robustness" in tables:
        kept = tables["robustness"].drop(columns=["n_articles", "n_clusters", "scope"])
        found["robustness"] = _nested(kept, ("estimate", "outlet", "variable"))
    if "corrected_frames" in tables:
        found["corrected"] = _corrected(findings.comparison["corrected_frames"], tables["differences_frames"])
    if "profile_distance" in tables:
        found["profile_distance"] = tables["profile_distance"].to_dict("records")
    found["cooccurrence"] = {
        within: tables[f"cooccurrence_{within}"].to_dict("records")
        for within in ("unit", "article")
        if f"cooccurrence_{within}" in tables
    }
    return found


def _corrected(result: Result, differences: pd.DataFrame) -> Numbers:
    """Return the estimates of a larger corpus, from gold drawn from it and machine labels."""
    table = result.to_frame()
    best = next(name for name in table["estimator"].unique() if name not in ("gold", "naive"))
    counts = table.drop_duplicates("outlet")[["n_units", "n_articles", "n_coded_units"]].sum()
    kept = table[["outlet", "variable", "estimator", "value", "low", "high", "n_coded_units", "n_units"]]
    return {
        **{str(name): int(n) for name, n in counts.items()},
        "estimator": best,
        "frames": _nested(kept, ("estimator", "outlet", "variable")),
        "differences": differences[differences["estimator"] == best].to_dict("records") if len(differences) else [],
        "caveats": list(result.caveats),
    }


def _by_outlet(result: Result) -> Numbers:
    return _nested(result.to_frame(), ("outlet", "variable"))


def _nested(table: pd.DataFrame, keys: tuple[str, ...]) -> Numbers:
    """Nest the rows of a table under the values of these columns, spelled as text; whole numbers without a point."""
    nested: Numbers = {}
    for row in table.to_dict("records"):
        level: dict[str, Any] = nested
        path = [f"{row.pop(key):g}" if isinstance(row[key], float) else str(row.pop(key)) for key in keys]
        for name in path[:-1]:
            level = level.setdefault(name, {})
        level[path[-1]] = row
    return nested
