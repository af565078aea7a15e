"""Potato: a coder's own small server out, its JSONL export in.

The export names units and coders and says nothing of texts: the name of a unit carries article, unit, hash and the
codebook's version (`framing.coding.exchange.form.unit_name`). When a unit was answered stands in the coder's state
beside the export, where that is there.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from framing.coding.codebook import Codebook
from framing.coding.exchange.folded import instructions
from framing.coding.exchange.form import NO_FRAME, answers_table, parse_name, unit_name, utc, variables
from framing.coding.wording import CONTEXT, NOTE, WORDS, Question, questions
from framing.errors import InputError
from framing.files import atomic, existing, read_table, read_text, write_table

TOOL = "potato"
TITLE = "Potato"
START = """\
python3 -m venv potato-venv && potato-venv/bin/pip install potato-annotation==2.12.1     (an environment of its own)
cd DIR/CODER && ../../potato-venv/bin/potato start config.yaml -p 8000 --host 127.0.0.1     (no telemetry to turn off)
Open http://127.0.0.1:8000 and log in as CODER; the server can be stopped and started again.
At the end: ../../potato-venv/bin/python -m potato.export --config config.yaml --format jsonl --output export"""

CONFIG, ITEMS, OUTPUT, EXPORTED = "config.yaml", "items.jsonl", "annotation_output", "export/annotations.jsonl"

_NONE = "None"
"""The value by which Potato knows a choice that no other may stand beside."""


def config(codebook: Codebook, coder: str) -> dict[str, Any]:
    """Return the configuration of a coder's server: Arabic, right to left, the queue's order, nobody else let in."""
    title, book = WORDS["book"]["ar"], instructions(codebook)
    schemes = [_scheme(question) for question in questions(codebook)]
    note = {"annotation_type": "text", "name": "note", "description": NOTE[0], "multiline": True, "rows": 2}
    fields = [{"key": "text", "type": "text", "label": ""}]
    if codebook.context:
        fields.insert(0, {"key": "context", "type": "text", "label": CONTEXT[0]})
    return {
        "annotation_task_name": f"{codebook.name} {codebook.version}",
        "task_dir": ".",
        "data_files": [ITEMS],
        "item_properties": {"id_key": "id", "text_key": "text"},
        "instance_display": {"resizable": False, "fields": fields},
        "annotation_schemes": [*schemes, note],
        "annotation_instructions": f"<details><summary>{title}</summary>{book}</details>",
        "ui_language": "ar",
        "user_config": {"allow_all_users": False, "users": [coder]},
        "require_password": False,
        "assignment_strategy": "fixed_order",
        # No export_annotation_format: what Potato exports by itself while it runs lags behind the answers.
        "output_annotation_dir": OUTPUT,
    }


def _scheme(question: Question) -> dict[str, Any]:
    labels = [
        {
            "name": _NONE if question.several and option.id == NO_FRAME else option.id,
            "displayed_label": option.label_ar,
            "tooltip": option.hint or option.label_en,
        }
        for option in question.options
    ]
    return {
        "annotation_type": "multiselect" if question.several else "radio",
        "name": question.id,
        "description": question.ask_ar,
        "labels": labels,
        "label_requirement": {"required": True},
        **({} if question.several else {"horizontal": True}),
    }


def export(tasks: pd.DataFrame, codebook: Codebook, folder: Path, coder: str) -> list[Path]:
    """Write a coder's server into a folder: its configuration, and the coder's units in their order."""
    items = pd.DataFrame(
        {
            "id": [
                unit_name(d, u, sha, codebook)
                for d, u, sha in zip(tasks["doc_id"], tasks["unit"], tasks["sha"], strict=True)
            ],
            "text": tasks["text"].tolist(),
            **({"context": tasks["context"].tolist()} if "context" in tasks.columns else {}),
        }
    )
    write_table(items, folder / ITEMS)
    with atomic(folder / CONFIG) as scratch:
        scratch.write_text(
            yaml.safe_dump(config(codebook, coder), allow_unicode=True, sort_keys=False), encoding="utf-8"
        )
    return [folder / CONFIG, folder / ITEMS]


def read(paths: Sequence[Path], units: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Read JSONL exports: files, or coders' folders that hold one in ``export``.

    Raises
    ------
    InputError
        Where there is no export of units that `export` wrote, or it is older than the answers beside it.
    """
    records: list[dict[str, Any]] = []
    for path in paths:
        file = path / EXPORTED if path.is_dir() else path
        if path.is_dir() and not file.exists():
            raise InputError(f"no {EXPORTED} in it", file=path, cure=START.splitlines()[-1])
        lines = read_table(file).astype(object).to_dict("records") if existing(file).stat().st_size else []
        found = [_line({str(k): v for k, v in line.items()}, file, row) for row, line in enumerate(lines, start=1)]
        kept = _kept(file)
        _require_fresh(found, kept, file)
        for row, line in enumerate(found, start=1):
            told = kept.get((line["user_id"], line["instance_id"]), {})
            records.append(_answer(line, told, file, row, codebook))
    return answers_table(records, codebook)


def _line(line: dict[str, Any], file: Path, row: int) -> dict[str, Any]:
    cure = "Give the JSONL that potato.export wrote from units that framing exchange export wrote."
    name, labels = str(line.get("instance_id", "")), line.get("labels")
    if not isinstance(labels, dict) or not line.get("user_id"):
        raise InputError("not a line of a Potato export", file=file, row=row, cure=cure)
    if parse_name(name) is None:
        raise InputError(f"'{name}' is no name of a unit", file=file, row=row, column="instance_id", cure=cure)
    return {**line, "instance_id": name, "user_id": str(line["user_id"])}


def _answer(line: dict[str, Any], told: dict[str, Any], file: Path, row: int, codebook: Codebook) -> dict[str, Any]:
    name = parse_name(line["instance_id"])
    assert name is not None, "seen by _line"
    said, problem, cure = _said(line["labels"], codebook)
    spent = told.get("total_time_ms")
    return {
        **said,
        "doc_id": name.doc_id,
        "unit": name.unit,
        "sha": name.sha,
        "coder": line["user_id"],
        "created_at": utc(told.get("session_end") or told.get("session_start")),
        "seconds": spent / 1000 if spent else None,
        "tool": TOOL,
        "codebook": name.codebook,
        "file": str(file),
        "row": row,
        "account": line["user_id"],
        "origin": _origin(line, told),
        "problem": problem,
        "cure": cure,
    }


def _said(labels: dict[str, Any], codebook: Codebook) -> tuple[dict[str, Any], str, str]:
    """Return the cells of a line, and what is wrong with its labels."""
    said: dict[str, Any] = {}
    for name, given in labels.items():
        chosen = list(given) if isinstance(given, dict) else []
        if name == "note":
            said[name] = "\n".join(map(str, given.values())) if isinstance(given, dict) else str(given)
        elif name not in variables(codebook):
            return said, f"unknown question '{name}'", "Import with the codebook that was coded by."
        elif name == "frames":
            said[name] = [NO_FRAME if label == _NONE else label for label in chosen] or None
        elif len(chosen) > 1:
            both = " and ".join(f"'{label}'" for label in chosen)
            return said, f"{name} holds {both}, and may hold one", "Open the unit in Potato and choose again."
        elif chosen:
            said[name] = chosen[0]
    return said, "", ""


def _origin(line: dict[str, Any], told: dict[str, Any]) -> str:
    """Return ``manual``, or what an answer grew out of."""
    rater = line.get("annotator_origin")
    if isinstance(rater, dict) and rater.get("kind", "human") != "human":
        return f"a machine ({rater['kind']})"
    if isinstance(line.get("engine_request"), dict) and line["engine_request"]:
        return "a suggestion of the labeling engine"
    return "prediction" if told.get("pre_annotation_seeds") or told.get("ai_usage") else "manual"


def _kept(file: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """Return what Potato keeps of each coder and unit beside an export: when, how long, and the labels themselves."""
    kept: dict[tuple[str, str], dict[str, Any]] = {}
    for folder in (file.parent, file.parent.parent):
        for state in sorted((folder / OUTPUT).glob("*/user_state.json")):
            try:
                data = json.loads(read_text(state))
                labels, told = data["instance_id_to_label_to_value"], data["instance_id_to_behavioral_data"]
                for unit in labels:
                    kept[data["user_id"], unit] = {**told.get(unit, {}), "labels": labels[unit]}
            except (ValueError, KeyError, TypeError, AttributeError):
                raise InputError("not the state of a coder", file=state, cure="Restore it, or move it away.") from None
    return kept


def _require_fresh(lines: list[dict[str, Any]], kept: dict[tuple[str, str], dict[str, Any]], file: Path) -> None:
    """Raise where the coder's state says more than the export, or something else."""
    said = {(line["user_id"], line["instance_id"]): _pairs(line["labels"]) for line in lines}
    for (coder, unit), told in kept.items():
        state = {(label["schema"], label["name"]) for label, _ in told["labels"]}
        if state != said.get((coder, unit), set()):
            cure = f"Export anew: {START.splitlines()[-1].removeprefix('At the end: ')}"
            raise InputError(f"the export is older than what coder '{coder}' answered of {unit}", file=file, cure=cure)


def _pairs(labels: dict[str, Any]) -> set[tuple[str, str]]:
    return {(name, label) for name, given in labels.items() if isinstance(given, dict) for label in given}
