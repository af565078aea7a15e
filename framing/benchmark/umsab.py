"""UMSAB, Arabic: sentiment of tweets, three polarities, as the data set splits them.

Its tweets come from SemEval-2017 (task 4), where they were collected by topic, and topics of the test are not those of
training: tweets of one topic must not stand on both sides when anything is chosen. Fitted on train and val, measured
on the official test set.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from framing.benchmark.polarity import polarity_scores, scorers
from framing.benchmark.scores import SECOND_HAND, home, row
from framing.errors import InputError
from framing.files import read_text
from framing.models.sentiment.protocol import POLARITIES

SPLITS = ("train", "val", "test")

SETTING = "train and val to test"

SEEN = "test set seen by earlier trials of logistic regressions"

PUBLISHED = tuple(
    row(SETTING, system, {"macro_f1": macro}, source="published", note=SECOND_HAND)
    for system, macro in (("XLM-T", 0.677), ("XLM-R", 0.636), ("fastText", 0.460))
)


def load(data: Path) -> dict[str, pd.DataFrame]:
    """Read the splits.

    Returns
    -------
    dict
        ``train``, ``val`` and ``test``: ``text`` and ``polarity`` (of `POLARITIES`).

    Raises
    ------
    InputError
        Where a file is missing, texts and labels differ in number, or a label is none of 0, 1 and 2.
    """
    folder = home(data, "umsab_arabic", "train_text.txt")
    return {split: _split(folder, split) for split in SPLITS}


def _split(folder: Path, split: str) -> pd.DataFrame:
    texts, path = _lines(folder / f"{split}_text.txt"), folder / f"{split}_labels.txt"
    labels = _lines(path)
    if len(texts) != len(labels):
        raise InputError(
            f"{len(labels)} labels for {len(texts)} texts", file=path, cure="Use both files as they were published."
        )
    for number, label in enumerate(labels, start=1):
        if label not in ("0", "1", "2"):
            raise InputError(
                f"'{label}' is none of 0, 1 and 2",
                file=path,
                row=number,
                cure="0 is negative, 1 neutral, 2 positive, one a line.",
            )
    return pd.DataFrame({"text": texts, "polarity": [POLARITIES[int(label)] for label in labels]})


def _lines(path: Path) -> list[str]:
    # A tweet may hold other characters that Python takes for the end of a line.
    lines = [line.rstrip("\r") for line in read_text(path).removesuffix("\n").split("\n")]
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            raise InputError("the line is blank", file=path, row=number, cure="Use the file as it was published.")
    return lines


def run(data: Path, rng: int, tuning: bool = True) -> list[dict[str, Any]]:
    """Return the benchmark's rows: the official test set, by scorers that learned from train and val.

    With ``tuning``, one of them also fine-tunes the embedded encoder: minutes for two thousand tweets.
    """
    from tqdm.auto import tqdm

    parts, rows = load(data), list(PUBLISHED)
    training, test = pd.concat([parts["train"], parts["val"]]), parts["test"]
    for system, model in tqdm(scorers(rng, tuning=tuning).items(), desc="fits", unit="fit", disable=None):
        decided = model.fit(training["text"].tolist(), training["polarity"].to_numpy()).predict(test["text"].tolist())
        rows.append(row(SETTING, system, polarity_scores(test["polarity"], decided), note=SEEN))
    return rows
