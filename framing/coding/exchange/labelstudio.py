"""Label Studio: a project's configuration and tasks out, its full JSON export in.

Of its exports only the full JSON says which of an answer's parts were given, by whom, and out of what they grew:
JSON_MIN and CSV turn a single choice into text and several into a list, and leave out `origin` and `was_cancelled`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pandas as pd

from framing.coding.codebook import Codebook
from framing.coding.exchange.folded import instructions
from framing.coding.exchange.form import answers_table, utc, variables
from framing.coding.wording import ANSWER_FIRST, CONTEXT, NOTE, Question, questions
from framing.errors import InputError
from framing.files import atomic, read_text, text_sha, write_json

TOOL = "label-studio"
TITLE = "Label Studio"
START = """\
python3 -m venv ls-venv && ls-venv/bin/pip install label-studio==1.23.2     (an environment of its own)
export SENTRY_DSN= FRONTEND_SENTRY_DSN= COLLECT_ANALYTICS=false LATEST_VERSION_CHECK=false     (telemetry off)
export HTTPS_PROXY=http://127.0.0.1:9 NO_PROXY=127.0.0.1,localhost     (or it fetches tips of the day from GitHub)
ls-venv/bin/label-studio start --internal-host 127.0.0.1 --port 8080 --data-dir "$PWD/ls-data"
Sign up (it stays on your computer), then a project per coder: Labeling Setup > Custom template: paste config.xml;
Settings > Instructions: paste instructions.html; Import: tasks.json. Import no predictions: they are shown pre-filled.
At the end: Export > JSON (not JSON-MIN, not CSV)."""

CONFIG, TASKS, INSTRUCTIONS = "config.xml", "tasks.json", "instructions.html"

_STYLE = """
.framing-unit, .framing-context { direction: rtl; text-align: right; unicode-bidi: plaintext; line-height: 2; }
.framing-unit { padding: .5em 0; }
.lsf-richtext__line { line-height: 2; }
.framing-unit .lsf-richtext__line { font-size: 1.35em; }
.framing-context { opacity: .7; white-space: pre-line; }
"""
_FULL = "In Label Studio choose Export > JSON, the first in the list: it alone holds all of an answer."


def config(codebook: Codebook) -> str:
    """Write the XML of a project's labelling configuration: right to left, Arabic to see, ids to keep."""
    view = Xml.Element("View", style="direction: rtl; text-align: right")
    Xml.SubElement(view, "Style").text = _STYLE
    if codebook.context:
        Xml.SubElement(view, "Header", value=CONTEXT[0], size="6")
        context = Xml.SubElement(view, "View", className="framing-context")
        Xml.SubElement(context, "Text", name="context", value="$context")
    unit = Xml.SubElement(view, "View", className="framing-unit")
    Xml.SubElement(unit, "Text", name="text", value="$text")
    for question in questions(codebook):
        _ask(view, question)
    Xml.SubElement(view, "Header", value=NOTE[0], size="5")
    Xml.SubElement(view, "TextArea", name="note", toName="text", rows="2", maxSubmissions="1", editable="true")
    Xml.indent(view)
    return Xml.tostring(view, encoding="unicode") + "\n"


def _ask(view: Xml.Element, question: Question) -> None:
    Xml.SubElement(view, "Header", value=question.ask_ar, size="5")
    choices = Xml.SubElement(
        view,
        "Choices",
        name=question.id,
        toName="text",
        choice="multiple" if question.several else "single-radio",
        showInline="true",
        required="true",
        requiredMessage=f"{ANSWER_FIRST}: {question.ask_ar}",
    )
    for option in question.options:
        Xml.SubElement(choices, "Choice", value=option.label_ar, alias=option.id, hint=option.hint or option.label_en)


def export(tasks: pd.DataFrame, codebook: Codebook, folder: Path, coder: str) -> list[Path]:
    """Write a coder's project into a folder: its configuration, its tasks in their order, the codebook to read.

    Parameters
    ----------
    tasks
        ``doc_id, unit, text, sha`` and, where the codebook allows context, ``context``, in the coder's order.
    """
    contents: dict[str, str] = {CONFIG: config(codebook), INSTRUCTIONS: instructions(codebook)}
    for name, content in contents.items():
        with atomic(folder / name) as scratch:
            scratch.write_text(content, encoding="utf-8")
    columns = [c for c in ("doc_id", "unit", "sha", "text", "context") if c in tasks.columns]
    rows = tasks[columns].to_dict("records")
    write_json([{"data": {**row, "coder": coder, "codebook": codebook.version}} for row in rows], folder / TASKS)
    return [folder / name for name in (CONFIG, TASKS, INSTRUCTIONS)]


def read(paths: Sequence[Path], units: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Read full JSON exports: every annotation of every task, judged by `framing.coding.exchange.checks.keep`.

    Raises
    ------
    InputError
        Where a file is no full JSON export of tasks that `export` wrote.
    """
    records = []
    for path in paths:
        for row, task in enumerate(_tasks(path), start=1):
            try:
                records += list(_answers(task, path, row, codebook))
            except (TypeError, ValueError, AttributeError):
                raise InputError("not a task as Label Studio writes it", file=path, row=row, cure=_FULL) from None
    return answers_table(records, codebook)


def _tasks(path: Path) -> list[dict[str, Any]]:
    if path.suffix.lower() in (".csv", ".tsv"):
        raise InputError("a CSV export, whose cells change type with the number of choices", file=path, cure=_FULL)
    try:
        data = json.loads(read_text(path).removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise InputError(f"not valid JSON ({error.msg})", file=path, row=error.lineno, cure=_FULL) from None
    if not isinstance(data, list) or not all(isinstance(task, dict) for task in data):
        raise InputError("not a list of tasks", file=path, cure=_FULL)
    for row, task in enumerate(data, start=1):
        if "annotations" not in task:
            short = "annotation_id" in task or "annotator" in task
            what = "a JSON-MIN export, which leaves out what an answer grew out of" if short else "no annotations in it"
            raise InputError(what, file=path, row=row, cure=_FULL)
        lost = [key for key in ("doc_id", "unit", "text", "coder", "codebook") if key not in (task.get("data") or {})]
        if lost:
            cure = "Import the tasks.json that framing exchange export wrote, as it is."
            raise InputError(f"the task's data has no '{lost[0]}'", file=path, row=row, cure=cure)
    return data


def _answers(task: dict[str, Any], path: Path, row: int, codebook: Codebook) -> Iterator[dict[str, Any]]:
    data = task["data"]
    for annotation in task["annotations"]:
        said, problem, cure = _said(annotation.get("result") or [], codebook)
        seconds = annotation.get("lead_time")
        yield {
            **said,
            "doc_id": str(data["doc_id"]),
            "unit": int(data["unit"]),
            "sha": text_sha(str(data["text"])),
            "coder": str(data["coder"]),
            "created_at": utc(annotation.get("created_at")),
            "seconds": None if seconds is None else float(seconds),
            "tool": TOOL,
            "codebook": str(data["codebook"]),
            "file": str(path),
            "row": row,
            "account": _account(annotation.get("completed_by")),
            "origin": _origin(annotation),
            "cancelled": bool(annotation.get("was_cancelled")),
            "problem": problem,
            "cure": cure,
        }


def _said(result: list[dict[str, Any]], codebook: Codebook) -> tuple[dict[str, Any], str, str]:
    """Return the cells of an annotation, and what is wrong with its parts."""
    said: dict[str, Any] = {}
    asked = variables(codebook)
    for part in result:
        name, value = part.get("from_name"), part.get("value") or {}
        if name in said:
            return said, f"'{name}' is answered twice in one annotation", "Open the task and keep one answer."
        if name == "note":
            said[name] = "\n".join(map(str, value.get("text") or []))
        elif name in asked and isinstance(value.get("choices"), list):
            chosen = value["choices"]
            if name != "frames" and len(chosen) > 1:
                return said, f"'{name}' holds {len(chosen)} values, and may hold one", "Open the task and keep one."
            if chosen:
                said[name] = chosen if name == "frames" else chosen[0]
        else:
            return said, f"unknown control '{name}'", "Import with the codebook that was coded by."
    return said, "", ""


def _account(completed_by: object) -> str:
    """Return who answered: an address where the export tells it, else the account's number."""
    if isinstance(completed_by, dict):
        return str(completed_by.get("email") or completed_by.get("id") or "")
    return "" if completed_by is None else str(completed_by)


def _origin(annotation: dict[str, Any]) -> str:
    """Return ``manual``, or what an annotation grew out of."""
    for part in annotation.get("result") or []:
        if part.get("origin", "manual") != "manual":
            return str(part["origin"])
    if annotation.get("parent_annotation"):
        return "copy of another annotation"
    return "prediction" if annotation.get("prediction") or annotation.get("parent_prediction") else "manual"
