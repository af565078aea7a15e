"""The model card: what a kept model is, what it learned from, and what it is worth (after Mitchell et al. 2019)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from framing.models.scores import MACRO
from framing.results import Result
from framing.study.data import StudyData

_USE = """Meant for: probabilities of frames, tone and voice of Arabic sentences on events like the one it learned from,
to be checked and corrected against coded units of one's own.

Not meant for: shares of outlets read off its decisions as they stand. Its errors differ between outlets; compare
outlets by coded units, or by estimates that are corrected with them."""


def model_card(manifest: dict[str, Any], data: StudyData, validation: dict[str, Result], reason: str = "") -> str:
    """Return the card as Markdown; every number in it comes from the arguments.

    Parameters
    ----------
    manifest
        The model's description.
    validation
        By variable; empty where the study could not be validated, for the ``reason``.
    """
    book, learned = data.codebook, manifest["data"]
    shown = {variable.id: variable.label for variable in book.variables}
    frames = "\n".join(
        f"- `{frame.id}` ({frame.label_en}، {frame.label_ar}): {frame.definition}" for frame in book.frames
    )
    lines = [
        f"# Models of the study '{manifest['study']['name']}'",
        manifest["study"]["title"],
        "## What it predicts",
        f"Codebook '{book.name}', version {book.version}.",
        frames,
        _USE,
        "## What it learned from",
        f"{learned['units']} coded units of {learned['articles']} articles from {learned['outlets']} outlets, "
        f"{learned['exemplars']} constructed exemplars; backend `{manifest['backend']}`, "
        f"encoder `{manifest['encoder']}`, seed {manifest['seed']}.",
        "Who coded is not stated." if data.provenance is None else data.provenance.statement,
        "\n".join(f"- {name}: SHA-256 `{digest}`" for name, digest in learned["sha256"].items()),
        "## What it is worth",
        *_worth(validation, shown, reason),
        "## Versions",
        "\n".join(f"- {name} {number}" for name, number in manifest["versions"].items()),
    ]
    return "\n\n".join(lines) + "\n"


def _worth(validation: dict[str, Result], shown: dict[str, str], reason: str) -> list[str]:
    if not validation:
        return [f"Not known: it could not be validated, because {reason}."]
    parts = []
    for name, result in validation.items():
        table = result.to_frame()
        system = table["system"].iloc[0]
        own = table[table["system"] == system]
        title = "frames" if name == "frames" else shown.get(name, name)
        parts += [f"### {title}, system `{system}`", _scores(own, shown), f"{result.estimand} {result.method}"]
        others = table[(table["label"] == MACRO) & (table["system"] != system)]
        beside = ", ".join(f"`{row['system']}` {row['f1']:.2f}" for row in others.to_dict("records"))
        parts.append(f"Macro F1 of the other systems: {beside}.")
        parts += [f"Note: {caveat}" for caveat in result.caveats]
    return parts


def _scores(table: pd.DataFrame, shown: dict[str, str]) -> str:
    rows = ["| | precision | recall | F1 | 95 % interval | units |", "|---|---|---|---|---|---|"]
    for row in table.to_dict("records"):
        cells = [shown.get(row["label"], row["label"]), *(_cell(row[c]) for c in ("precision", "recall", "f1"))]
        interval = "" if pd.isna(row["low"]) else f"{row['low']:.2f} to {row['high']:.2f}"
        rows.append("| " + " | ".join([*cells, interval, f"{row['support']:.0f}"]) + " |")
    return "\n".join(rows)


def _cell(value: float) -> str:
    return "" if pd.isna(value) else f"{value:.2f}"
