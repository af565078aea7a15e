"""What a run prints at its end: the findings on one screen."""

from __future__ import annotations

import pandas as pd

from framing.models.scores import MACRO
from framing.report.findings import Findings
from framing.report.portrayal import portrayal_lines
from framing.report.uncoded import Uncoded, uncoded_lines
from framing.results import Result


def summary(findings: Findings | Uncoded) -> str:
    """Return the main numbers of a study as text; of one that is not coded, what to do next."""
    if isinstance(findings, Uncoded):
        return uncoded_lines(findings)
    parts = [
        f"{findings.study['title']}: {len(findings.articles)} articles, {len(findings.units)} units, "
        f"{len(findings.coded)} coded"
    ]
    if findings.segmentation is not None:
        own = findings.segmentation.table.set_index("setting").loc["own"]
        parts.append(f"Segmentation: boundary F1 {own['boundary_f1']:.3f}, unit types right {own['type_accuracy']:.3f}")
    if findings.agreement is not None:
        parts += ["", "Agreement (Krippendorff's alpha)", agreement_lines(findings.agreement)]
    if findings.provenance is not None:
        parts.append(findings.provenance.statement)
    parts += ["", "Macro F1 on outlets left out", _validation_lines(findings.validation)]
    left_out = [v.id for v in findings.codebook.variables if v.kind != "frame" and v.id not in findings.validation]
    parts += [f"  not validated, for fewer than two outlets have codes of it: {name}" for name in left_out]
    parts += ["", "Frame prevalence per outlet, % [95% interval]", _prevalence_lines(findings)]
    parts.append(findings.prevalence.estimand)
    if findings.tone is not None:
        parts += ["", "Mean tone per outlet [95% interval]", _tone_lines(findings.tone)]
    if findings.portrayal is not None:
        parts += ["", portrayal_lines(findings.portrayal), ""]
    return "\n".join([*parts, *(f"Note: {caveat}" for caveat in findings.prevalence.caveats), ""])


def agreement_lines(result: Result) -> str:
    """Return alpha with its interval, prevalence and number of units, a line per variable."""
    table = result.to_frame()
    shown = pd.DataFrame(
        {
            "variable": table["variable"],
            "alpha": [f"{a:.3f}" if pd.notna(a) else r for a, r in zip(table["alpha"], table["reason"], strict=True)],
            "interval": [_interval(low, high, 3) for low, high in zip(table["low"], table["high"], strict=True)],
            "prevalence": ["" if pd.isna(p) else f"{p:.1%}" for p in table["prevalence"]],
            "units": table["n_units"],
            "coders": table["n_coders"],
        }
    )
    return shown.to_string(index=False)


def _validation_lines(validation: dict[str, Result]) -> str:
    """Return a line per variable: the system that the study uses, and what it is held against."""
    lines = []
    for name, result in validation.items():
        table = result.table[result.table["label"] == MACRO]
        beside = table["system"].isin(["majority", "coders"]).to_numpy(copy=True)
        beside[0] = True
        cells = [
            f"{row['system']} {row['f1']:.2f} {_interval(row['low'], row['high'], 2)}"
            for row in table[beside].to_dict("records")
        ]
        lines.append(f"  {name}: " + ", ".join(cells))
    return "\n".join(lines)


def _prevalence_lines(findings: Findings) -> str:
    table = findings.prevalence.to_frame()
    table["cell"] = [
        f"{100 * s:.0f} {_interval(100 * low, 100 * high, 0)}"
        for s, low, high in zip(table["share"], table["low"], table["high"], strict=True)
    ]
    wide = table.pivot(index="outlet", columns="variable", values="cell")[list(findings.codebook.frame_ids)]
    return wide.rename_axis(index=None, columns=None).to_string()


def _tone_lines(result: Result) -> str:
    rows = result.table.to_dict("records")
    return "\n".join(f"  {r['outlet']}: {r['mean']:+.2f} {_interval(r['low'], r['high'], 2)}" for r in rows)


def _interval(low: float, high: float, digits: int) -> str:
    return "" if pd.isna(low) or pd.isna(high) else f"[{low:.{digits}f}, {high:.{digits}f}]"
