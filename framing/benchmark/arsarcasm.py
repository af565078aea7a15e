"""ArSarcasm-v2: sentiment of tweets, three polarities, by cross-validation inside its training file.

Its official test set is not public, so figures for it stand apart from those of the cross-validation. Many of its
tweets come from SemEval-2017, as those of UMSAB do, test tweets included: the two must never be pooled. The scorers are
those of UMSAB; nothing was chosen here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.model_selection import GroupKFold

from framing.benchmark.polarity import polarity_scores, scorers
from framing.benchmark.scores import SECOND_HAND, home, row
from framing.corpus.duplicates import near_duplicate_groups
from framing.errors import InputError
from framing.files import first_row, read_table

FILE = "training_data.csv"
COLUMNS = ("tweet", "sentiment", "dialect")
SENTIMENTS = {"NEG": "negative", "NEU": "neutral", "POS": "positive"}

FOLDS = 5

STANDARD = "msa"
"""The value of ``dialect`` for tweets in the standard language, which is that of news."""

PUBLISHED = (
    row(
        "official test set, which is not public",
        "best submission",
        {"f1_pn": 0.748},
        source="published",
        note=f"{SECOND_HAND}; on other tweets than those of the cross-validation",
    ),
)


def load(data: Path) -> pd.DataFrame:
    """Read the training file.

    Returns
    -------
    pandas.DataFrame
        ``text, polarity`` (of `POLARITIES`), ``dialect``.

    Raises
    ------
    InputError
        Where the file is missing, lacks a column, or holds an unknown sentiment.
    """
    path = home(data, "arsarcasm_v2", FILE) / FILE
    table = read_table(path)
    for column in COLUMNS:
        if column not in table.columns:
            raise InputError(
                f"no column '{column}'", file=path, column=column, cure="Use the file as it was published."
            )
    for number, value in enumerate(table["sentiment"], start=first_row(path)):
        if value not in SENTIMENTS:
            raise InputError(
                f"'{value}' is none of {', '.join(SENTIMENTS)}",
                file=path,
                row=number,
                column="sentiment",
                cure="Use the file as it was published.",
            )
    return pd.DataFrame(
        {"text": table["tweet"], "polarity": table["sentiment"].map(SENTIMENTS), "dialect": table["dialect"]}
    )


def run(data: Path, rng: int, tuning: bool = True) -> list[dict[str, Any]]:
    """Return the benchmark's rows: cross-validation with near-duplicates grouped, all tweets and standard Arabic alone.

    Nothing is fine-tuned, whatever ``tuning`` says.
    """
    from tqdm.auto import tqdm

    table, rows = load(data), list(PUBLISHED)
    texts, gold = table["text"].to_numpy(dtype=object), table["polarity"].to_numpy(dtype=object)
    groups = near_duplicate_groups(texts)
    folds = list(GroupKFold(FOLDS, shuffle=True, random_state=rng).split(groups, groups=groups))
    standard = table["dialect"].eq(STANDARD).to_numpy()
    parts = {"grouped-cv": np.full(len(table), True), **({"grouped-cv, msa": standard} if standard.any() else {})}
    systems = scorers(rng, tuning=False)
    with tqdm(total=len(systems) * FOLDS, desc="fits", unit="fit", disable=None) as bar:
        for system, model in systems.items():
            decided = np.empty_like(gold)
            for train, test in folds:
                decided[test] = model.fit(list(texts[train]), gold[train]).predict(list(texts[test]))
                bar.update()
            rows += [row(kind, system, polarity_scores(gold[part], decided[part])) for kind, part in parts.items()]
    return rows
