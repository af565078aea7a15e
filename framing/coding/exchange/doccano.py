"""doccano: a project per variable out, its JSONL exports in.

A doccano project has one kind of task, so that frames, tone, tone towards each party and voice each have their own.
Checked against the source of doccano 1.8.4, not on a server (its release does not start beside current packages):
an export is a zip with ``all.jsonl``, or with ``<user>.jsonl`` for each member where annotations are not shared; a
line has ``id, text``, the keys that the import kept, ``label`` (a sorted list of labels) and ``Comments``. It says
neither when a label was given nor whether a model proposed it: turn auto labelling off.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from framing.coding.codebook import Codebook
from framing.coding.exchange.form import answers_table, parse_name, unit_name, variables
from framing.coding.exchange.places import file_name, listed
from framing.coding.wording import Option, questions
from framing.errors import InputError
from framing.files import atomic, read_text, text_sha, write_json

TOOL = "doccano"
TITLE = "doccano"
START = """\
Its last release (1.8.4) does not start beside current Python packages; from its image (not tried here), with Docker:
docker run -p 127.0.0.1:8000:8000 -e ADMIN_USERNAME=admin -e ADMIN_EMAIL=a@example.org -e ADMIN_PASSWORD=PASSWORD \\
  -v doccano-db:/data doccano/doccano
For each coder a project per VARIABLE, "Text Classification", sharing off; tick "single label" for all but frames.
Labels > Import: VARIABLE.labels.json; Dataset > Import > JSONL: VARIABLE.jsonl; no auto labelling.
At the end, of each project: Dataset > Export > JSONL; keep the zips under their variable's name."""

LABELS = ".labels.json"
_COLOURS = (
    "#1f77b4",
    "#ff7f0e",
    "#2ca02c",
    "#d62728",
    "#9467bd",
    "#8c564b",
    "#e377c2",
    "#7f7f7f",
    "#bcbd22",
    "#17becf",
)
_LONGEST = 100  # letters that doccano's table has for a label
_BEHIND = " · "
_SHARED = "all"
_CURE = "Import the .jsonl files that framing exchange wrote, and export each project as JSONL."


def label(option: Option) -> str:
    """Return what a label is called: its id, and its Arabic name behind, since doccano shows nothing else."""
    return f"{option.id}{_BEHIND}{option.label_ar}"[:_LONGEST] if option.label_ar != option.id else option.id


def export(tasks: pd.DataFrame, codebook: Codebook, folder: Path, coder: str) -> list[Path]:
    """Write a coder's projects: for each variable ``<variable>.jsonl`` and ``<variable>.labels.json``.

    Parameters
    ----------
    tasks
        ``doc_id, unit, text, sha`` and, where the codebook allows context, ``context``, in the coder's order.
    """
    told = tasks if "context" in tasks.columns else tasks.assign(context="")
    written: list[Path] = []
    for question in questions(codebook):
        lines = []
        for task in told.to_dict("records"):
            name = unit_name(str(task["doc_id"]), int(task["unit"]), str(task["sha"]), codebook)
            row = {"text": task["text"], "unit": name, "variable": question.id, "coder": coder}
            lines.append(
                json.dumps(row | ({"context": task["context"]} if task["context"] else {}), ensure_ascii=False)
            )
        path = Path(folder) / f"{file_name(question.id)}.jsonl"
        with atomic(path) as scratch:
            scratch.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        colours = [_COLOURS[n % len(_COLOURS)] for n in range(len(question.options))]
        labels = [
            {"text": label(o), "suffixKey": str(n) if n < 10 else None, "backgroundColor": c, "textColor": "#ffffff"}
            for n, (o, c) in enumerate(zip(question.options, colours, strict=True), start=1)
        ]
        write_json(labels, path.with_name(file_name(question.id) + LABELS))
        written += [path, path.with_name(file_name(question.id) + LABELS)]
    return written


def read(paths: Path | Sequence[Path], units: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Read exports, zipped or not, of all of a coder's projects, for `framing.coding.exchange.checks.keep`.

    What a coder said of a unit in several projects becomes one answer; said twice in one of them, it becomes two.
    A unit without a label is not answered.

    Parameters
    ----------
    paths
        Files, or folders of them.
    units
        Not needed: an export holds the texts themselves.

    Raises
    ------
    InputError
        Where a file is no export of projects that `export` wrote.
    """
    answers: dict[tuple[object, ...], list[dict[str, Any]]] = {}
    for path in listed(paths, ".jsonl", ".zip"):
        for place, user, row, line in _lines(path):
            said = _said(line, codebook, place, row) | {"account": "" if user == _SHARED else user}
            here = answers.setdefault((line["unit"], said["sha"], said["coder"], said["account"]), [])
            open_ = next((answer for answer in here if said["variable"] not in answer["variable"]), None)
            if open_ is None:
                here.append(said | {"variable": {said["variable"]}})
            else:
                _add(open_, said)
    return answers_table([answer for here in answers.values() for answer in here], codebook)


def _lines(path: Path) -> Iterator[tuple[str, str, int, dict[str, Any]]]:
    """Yield the place, the user, the number and the content of every line of an export."""
    if path.suffix.lower() != ".zip":
        yield from ((str(path), path.stem, row, line) for row, line in _parsed(read_text(path), str(path)))
        return
    try:
        with zipfile.ZipFile(path) as bundle:
            for name in sorted(bundle.namelist()):
                if name.endswith(".jsonl"):
                    place = f"{path}/{name}"
                    for row, line in _parsed(bundle.read(name).decode("utf-8"), place):
                        yield place, Path(name).stem, row, line
    except (zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise InputError(f"not a readable export ({error})", file=path, cure=_CURE) from None


def _parsed(text: str, place: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for row, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        if line.strip():
            try:
                found = json.loads(line)
            except json.JSONDecodeError as error:
                raise InputError(f"not valid JSON ({error.msg})", file=place, row=row, cure=_CURE) from None
            if not isinstance(found, dict):
                raise InputError("not a JSON object", file=place, row=row, cure=_CURE)
            yield row, found


def _said(line: dict[str, Any], codebook: Codebook, place: str, row: int) -> dict[str, Any]:
    """Return what a line says of one variable, as a record; without a label nothing is said."""
    name, variable, labels = parse_name(str(line.get("unit"))), str(line.get("variable")), line.get("label")
    if name is None or not isinstance(line.get("text"), str):
        raise InputError("the line names no unit", file=place, row=row, cure=_CURE)
    if variable not in variables(codebook):
        problem = f"the line answers '{variable}', which the codebook does not ask for"
        raise InputError(problem, file=place, row=row, cure=_CURE)
    if "label" not in line and "id" not in line:
        problem = "this is what was sent out, and not what doccano exports"
        raise InputError(problem, file=place, row=row, cure="Name the zips that doccano exported.")
    if not isinstance(labels, list) or not all(isinstance(each, str) for each in labels):
        raise InputError("the line has no list of labels", file=place, row=row, cure=_CURE)
    ids = [each.split(_BEHIND)[0] for each in labels]
    said: dict[str, Any] = name._asdict() | {"coder": str(line.get("coder") or ""), "sha": text_sha(line["text"])}
    said |= {"tool": TOOL, "file": place, "row": row, "variable": variable}
    said["note"] = "\n".join(map(str, line.get("Comments") or []))
    if variable != "frames" and len(ids) > 1:
        said["problem"] = f"'{variable}' holds {len(ids)} labels, and may hold one"
        said["cure"] = "Keep one of them in doccano, and tick 'single label' for the project."
    elif ids:
        said[variable] = ids if variable == "frames" else ids[0]
    return said


def _add(answer: dict[str, Any], said: dict[str, Any]) -> None:
    """Add to an answer what was said of one more variable."""
    answer["variable"].add(said["variable"])
    answer["note"] = "\n".join(filter(None, (answer["note"], said["note"])))
    if "problem" in said and "problem" not in answer:
        answer |= {name: said[name] for name in ("problem", "cure", "file", "row")}
    if said["variable"] in said:
        answer[said["variable"]] = said[said["variable"]]
