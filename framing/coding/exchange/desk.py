"""The coding desk as a tool among others: a queue for each coder, and the answers from the coders' own files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from framing.coding.codebook import Codebook
from framing.coding.desk.journal import ENDING, read_journal
from framing.coding.exchange.form import NO_FRAME, NOT_MENTIONED, answers_table
from framing.coding.exchange.places import listed
from framing.coding.exchange.queues import QUEUE
from framing.errors import InputError
from framing.files import write_table

TOOL = "framing"
TITLE = "the coding desk of this package, a page on the coder's own computer"
START = """\
framing code STUDY.toml --coder NAME --queue FOLDER/queue.csv
(answers lie in 'answers' beside the study file; --lang ar for a page in Arabic)"""

QUEUE_FILE = "queue.csv"

__all__ = ["QUEUE_FILE", "START", "TITLE", "TOOL", "export", "read"]


def export(tasks: pd.DataFrame, codebook: Codebook, folder: Path, coder: str) -> list[Path]:
    """Write a coder's queue as ``queue.csv``; texts and codebook are read from the study.

    Parameters
    ----------
    tasks
        ``doc_id, unit, sha``, in the coder's order.
    """
    path = Path(folder) / QUEUE_FILE
    write_table(tasks.assign(coder=coder, position=range(len(tasks)))[QUEUE], path)
    return [path]


def read(paths: Path | Sequence[Path], units: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Read what coders said at the desk: of each unit, the last answer that was not taken back.

    Parameters
    ----------
    paths
        Files ``<coder>.jsonl``, or folders of them.
    units
        Not needed: the desk keeps the hash of every text that it showed.
    codebook
        By which they coded.

    Returns
    -------
    pandas.DataFrame
        As `framing.coding.exchange.form.answers_table` makes it, still to be checked. ``seconds`` is all time spent on
        the unit, on earlier answers and skips, too.

    Raises
    ------
    InputError
        Where a file is not as the desk wrote it, or holds the answers of several coders.
    """
    return answers_table([record for path in listed(paths, ENDING) for record in _records(path)], codebook)


def _records(path: Path) -> Iterator[dict[str, Any]]:
    log = read_journal(path)
    spent: dict[tuple[str, int], float] = {}
    for line in log.lines:
        if line["coder"] != log.lines[0]["coder"]:
            said = f"answers of '{log.lines[0]['coder']}' and of '{line['coder']}' in one file"
            raise InputError(said, file=path, row=line["row"], cure="Keep a file for each coder, as the desk wrote it.")
        if line["event"] in ("answer", "skip"):
            key = (line["doc_id"], line["unit"])
            spent[key] = spent.get(key, 0.0) + line["seconds"]
    last = {(line["doc_id"], line["unit"]): line for line in log.standing() if line["event"] == "answer"}
    for key, line in last.items():
        told = {n: line.get(n, "") for n in ("doc_id", "unit", "sha", "coder", "note", "created_at", "codebook")}
        place = {"file": str(path), "row": line["row"], "origin": "manual", "tool": TOOL}
        yield told | place | {"seconds": round(spent[key], 1)} | {n: _cell(n, v) for n, v in line["values"].items()}


def _cell(variable: str, value: object) -> object:
    """Spell a value as the common form does: what is nothing by choice is no missing answer."""
    if value is None:
        return NOT_MENTIONED
    return NO_FRAME if variable == "frames" and value == [] else value
