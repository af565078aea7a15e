"""What every benchmark shares: rows, F1 in the ways that papers report it, and finding the data."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from framing.corpus.duplicates import near_duplicate_groups
from framing.errors import InputError
from framing.files import read_text

Bools = NDArray[np.bool_]

SECOND_HAND = "figure at second hand: the paper itself was not read"
"""Note of a published row that was taken from a list of results."""


def multilabel_scores(gold: ArrayLike, decided: ArrayLike) -> dict[str, float]:
    """Score decisions on several labels.

    Parameters
    ----------
    gold, decided : shape (texts, labels), bool

    Returns
    -------
    dict
        ``macro_f1`` over all labels, one that is in neither counting 0; ``macro_f1_present`` over the labels that
        are both in gold and decided at least once, as Akyürek et al. (2020) report; ``micro_f1``; ``exact_match``;
        ``n`` texts.
    """
    true, said = np.asarray(gold, dtype=bool), np.asarray(decided, dtype=bool)
    both, total = (true & said).sum(axis=0), true.sum(axis=0) + said.sum(axis=0)
    f1 = np.divide(2.0 * both, total, out=np.zeros(len(total)), where=total > 0)
    present = true.any(axis=0) & said.any(axis=0)
    return {
        "macro_f1": float(f1.mean()),
        "macro_f1_present": float(f1[present].mean()) if present.any() else 0.0,
        "micro_f1": float(2 * both.sum() / max(1, total.sum())),
        "exact_match": float((true == said).all(axis=1).mean()),
        "n": len(true),
    }


def binary_scores(gold: ArrayLike, decided: ArrayLike) -> dict[str, float]:
    """Score yes-or-no decisions: ``micro_f1`` (accuracy), ``macro_f1`` of yes and no, ``n`` texts."""
    true, said = np.asarray(gold, dtype=bool), np.asarray(decided, dtype=bool)
    scores = multilabel_scores(np.column_stack([true, ~true]), np.column_stack([said, ~said]))
    return {name: scores[name] for name in ("macro_f1", "micro_f1", "n")}


def row(
    setting: str, system: str, metrics: Mapping[str, float], *, source: str = "ours", note: str = ""
) -> dict[str, Any]:
    """Return one row of a benchmark's table; ``note`` says what a reader must know to compare it."""
    return {"setting": setting, "system": system, "source": source, **metrics, **({"note": note} if note else {})}


def kept_whole(articles: pd.Series, texts: Sequence[str]) -> NDArray[np.intp]:
    """Return groups for inner folds, shape (texts,): an article, and any that shares a near-duplicate text with it."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    codes, copies = pd.factorize(articles)[0], near_duplicate_groups(texts)
    size = int(codes.max()) + 1 + int(copies.max()) + 1
    edges = coo_array((np.ones(len(codes), dtype=bool), (codes, codes.max() + 1 + copies)), shape=(size, size))
    return np.asarray(connected_components(edges, directed=False)[1][codes], dtype=np.intp)


def home(data: Path, folder: str, file: str) -> Path:
    """Return the folder that holds ``file``: the one given, or its sub-folder of the benchmark's usual name.

    Raises
    ------
    InputError
        Where neither holds it.
    """
    for candidate in (data, data / folder):
        if (candidate / file).is_file():
            return candidate
    raise InputError(
        f"no file '{file}'", file=data, cure=f"Give the folder of the benchmark's files, usually called '{folder}'."
    )


def read_records(path: Path, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """Read a JSONL file whose every record has the columns.

    Raises
    ------
    InputError
        Naming file, row and column.
    """
    records = []
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(
                f"not valid JSON ({error.msg})", file=path, row=number, cure="One JSON object per line."
            ) from None
        for column in columns:
            if not isinstance(record, dict) or column not in record:
                raise InputError(
                    f"no '{column}'", file=path, row=number, column=column, cure="Use the file as it was published."
                )
        records.append(record)
    if not records:
        raise InputError("no records", file=path, cure="Use the file as it was published.")
    return records


def truth(record: dict[str, Any], path: Path, number: int) -> bool:
    """Return a record's label ``true`` or ``false`` as a bool."""
    value = str(record["label"]).lower()
    if value not in ("true", "false"):
        raise InputError(
            f"'{value}' is neither true nor false", file=path, row=number, column="label", cure="Use the binary file."
        )
    return value == "true"


def elapsed(call: Callable[[], object]) -> float:
    """Return how many seconds a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
