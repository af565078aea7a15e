"""Answers given at the desk, read from the coders' own files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from framing.coding.codebook import Codebook
from framing.coding.desk.journal import read_journal
from framing.coding.exchange.form import NO_FRAME, NOT_MENTIONED, answers_table
from framing.errors import InputError

TOOL = "framing"


def read(paths: Iterable[str | Path], units: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Read what coders said at the desk: of each unit, the last answer that was not taken back.

    Parameters
    ----------
    paths
        Files ``<coder>.jsonl``.
    units
        Of the study; `framing.coding.exchange.keep` holds the answers against them.
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
    return answers_table([record for path in paths for record in _records(Path(path))], codebook)


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
        told = {
            name: line.get(name, "") for name in ("doc_id", "unit", "sha", "coder", "note", "created_at", "codebook")
        }
        place = {"file": str(path), "row": line["row"], "origin": "manual", "tool": TOOL}
        yield told | place | {"seconds": round(spent[key], 1)} | {n: _cell(n, v) for n, v in line["values"].items()}


def _cell(variable: str, value: object) -> object:
    """Spell a value as the common form does: what is nothing by choice is no missing answer."""
    if value is None:
        return NOT_MENTIONED
    return NO_FRAME if variable == "frames" and value == [] else value
