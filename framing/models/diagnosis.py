"""Where a model errs: calibration, errors by outlet, the errors themselves, and what more gold would bring."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.models.scores import Bools, divide, nanmean
from framing.models.splits import Fold, folds
from framing.models.validation import Classifier, Extra, cross_predict
from framing.resampling import (
    Seed,
    bootstrap_weights,
    cluster_index,
    few_clusters_caveat,
    generator,
    percentile_interval,
)
from framing.results import Result

Array = NDArray[np.float64]

BINS = 5
"""Bins of equal size in a calibration curve: with about a hundred units, more would hold a handful each."""


def calibration(
    coded: pd.DataFrame,
    gold: Bools,
    probability: Array,
    labels: tuple[str, ...],
    *,
    rng: Seed,
    replicates: int = 2000,
    level: float = 0.95,
) -> Result:
    """Hold probabilities against what came true.

    Parameters
    ----------
    coded
        ``doc_id`` and ``cluster`` (near-duplicate group of the article) of the units, in the order of ``gold``.
    gold, probability : shape (units, labels)
    rng
        Seed or generator of the article bootstrap.

    Returns
    -------
    Result
        Per label and bin of units with neighbouring probabilities: ``label, bin, probability`` (mean), ``share``
        (that carry the label in gold), ``n_units``, and on every row of a label ``error``, the expected calibration
        error ``sum_b n_b |share_b - probability_b| / n`` (Guo et al. 2017, eq. 3, with bins of equal size), and
        ``brier``, the mean squared difference of probability and gold, each with ``low`` and ``high``.
    """
    draw, seed = generator(rng)
    codes, n_clusters = cluster_index(coded["cluster"])
    weights = bootstrap_weights(n_clusters, replicates, draw)[:, codes]
    rows = []
    for column, label in enumerate(labels):
        p, y = probability[:, column], gold[:, column]
        parts = [part for part in np.array_split(np.argsort(p, kind="stable"), BINS) if len(part)]
        error = sum(len(part) * abs(y[part].mean() - p[part].mean()) for part in parts) / len(p)
        # A replicate's gap in a bin, times its units there, is the sum of differences: no bin is ever divided by.
        gaps = np.sum([np.abs(weights[:, part] @ (y[part] - p[part])) for part in parts], axis=0) / weights.sum(axis=1)
        brier = percentile_interval(weights @ (p - y) ** 2 / weights.sum(axis=1), level)
        bounds = dict(zip(("error_low", "error_high"), percentile_interval(gaps, level), strict=True))
        bounds |= dict(zip(("brier_low", "brier_high"), brier, strict=True))
        for number, part in enumerate(parts):
            rows.append(
                {
                    "label": label,
                    "bin": number,
                    "probability": float(p[part].mean()),
                    "share": float(y[part].mean()),
                    "n_units": len(part),
                    "error": float(error),
                    "brier": float(((p - y) ** 2).mean()),
                    **bounds,
                }
            )
    return Result(
        table=pd.DataFrame(rows),
        estimand="How often a label is in gold among units with about the same probability of it.",
        method=(
            f"Probabilities of models that did not see the unit's outlet; {BINS} bins of equal size; percentile "
            f"intervals at {level:.0%} from {replicates} bootstrap replicates of whole articles, the bins held fixed."
        ),
        n_articles=coded["doc_id"].nunique(),
        n_units=len(coded),
        seed=seed,
        caveats=(*few_clusters_caveat(n_clusters, "articles"), "A calibration error is above 0 even by chance alone."),
    )


def by_outlet(
    coded: pd.DataFrame,
    gold: Bools,
    decided: Bools,
    labels: tuple[str, ...],
    *,
    rng: Seed,
    replicates: int = 2000,
    level: float = 0.95,
) -> Result:
    """Count right and wrong decisions per outlet and label.

    Parameters
    ----------
    coded
        ``doc_id, outlet, cluster`` of the units, in the order of ``gold``, and ``paragraph`` where an outlet has one
        article (or one group of near-duplicates).
    gold, decided : shape (units, labels)
    rng
        Seed or generator of the bootstrap of articles, or of paragraphs where an outlet has a single article.

    Returns
    -------
    Result
        ``outlet, label, true_positive, false_positive, false_negative, true_negative, precision, recall, f1, low,
        high`` (of F1).
    """
    draw, seed = generator(rng)
    rows = []
    for outlet in sorted(coded["outlet"].unique()):
        own = (coded["outlet"] == outlet).to_numpy()
        several = len(coded["cluster"][own].unique()) > 1
        codes, n_blocks = cluster_index(coded["cluster" if several else "paragraph"][own])
        weights = bootstrap_weights(n_blocks, replicates, draw)[:, codes]
        for column, label in enumerate(labels):
            y, d = gold[own, column], decided[own, column]
            counts = np.array([(y & d).sum(), (~y & d).sum(), (y & ~d).sum(), (~y & ~d).sum()], dtype=float)
            hit, wrong, missed, _ = counts
            parts = np.array([hit, hit, 2 * hit]), np.array([hit + wrong, hit + missed, 2 * hit + wrong + missed])
            names = ("true_positive", "false_positive", "false_negative", "true_negative")
            # F1 is twice the hits over all that carry the label in gold and all that were given it.
            drawn = divide(weights @ (2.0 * (y & d)), weights @ (y.astype(float) + d))
            rows.append(
                {
                    "outlet": outlet,
                    "label": label,
                    **dict(zip(names, counts.astype(int), strict=True)),
                    **dict(zip(("precision", "recall", "f1"), divide(*parts), strict=True)),
                    **dict(zip(("low", "high"), percentile_interval(drawn, level), strict=True)),
                }
            )
    return Result(
        table=pd.DataFrame(rows),
        estimand="Decisions against gold, per outlet left out.",
        method="Counts of units; F1 is missing where a label is in neither gold nor decisions. Percentile intervals of "
        "F1 from resampling an outlet's articles, or the paragraphs of a single one.",
        n_articles=coded["doc_id"].nunique(),
        n_units=len(coded),
        seed=seed,
    )


def errors(
    coded: pd.DataFrame, gold: Bools, decided: Bools, probability: Array, labels: tuple[str, ...]
) -> pd.DataFrame:
    """List every wrong decision, the surest first.

    Returns
    -------
    pandas.DataFrame
        ``doc_id, unit, outlet, label, kind`` (missed, or found but not there), ``probability, gold`` (all labels of
        the unit, joined by ;), ``text``.
    """
    key = ["doc_id", "unit", "outlet"]
    rows = []
    for column, label in enumerate(labels):
        for row in np.flatnonzero(gold[:, column] != decided[:, column]):
            unit = coded.iloc[row]
            rows.append(
                {
                    **{name: unit[name] for name in key},
                    "label": label,
                    "kind": "missed" if gold[row, column] else "found but not there",
                    "probability": float(probability[row, column]),
                    "gold": ";".join(name for name, there in zip(labels, gold[row], strict=True) if there),
                    "text": unit["text"],
                }
            )
    table = pd.DataFrame(rows, columns=[*key, "label", "kind", "probability", "gold", "text"])
    sure = (table["probability"] - 0.5).abs()
    return table.assign(sure=sure).sort_values(["label", "sure"], ascending=[True, False]).drop(columns="sure")


def value_errors(
    coded: pd.DataFrame,
    gold: NDArray[np.generic],
    decided: NDArray[np.generic],
    probability: Array,
    values: tuple[object, ...],
) -> pd.DataFrame:
    """List every wrong decision for a variable with one value per unit, the surest first.

    Parameters
    ----------
    gold, decided : shape (units,)
    probability : shape (units, values)

    Returns
    -------
    pandas.DataFrame
        ``doc_id, unit, outlet, gold, decided, probability`` (of what was decided), ``probability_gold, text``.
    """
    wrong = np.flatnonzero(gold != decided)
    place = {value: number for number, value in enumerate(values)}
    table = coded.iloc[wrong][["doc_id", "unit", "outlet"]].assign(
        gold=gold[wrong],
        decided=decided[wrong],
        probability=[probability[row, place[decided[row]]] for row in wrong],
        probability_gold=[probability[row, place[gold[row]]] for row in wrong],
        text=coded["text"].iloc[wrong],
    )
    return table.sort_values("probability", ascending=False, kind="stable", ignore_index=True)


def learning_curve(
    coded: pd.DataFrame,
    y: Bools,
    model: Classifier,
    *,
    rng: Seed,
    whole: Bools,
    extra: Extra | None = None,
    fractions: tuple[float, ...] = (0.0, 0.5),
    repeats: int = 2,
) -> Result:
    """Estimate how macro F1 on an unseen outlet grows with gold from other outlets.

    Parameters
    ----------
    coded, y, extra
        As in `framing.models.validation.validate`; ``y`` of shape (units, labels).
    model
        Unfitted.
    rng
        Seed or generator of the samples of gold.
    whole : shape (units, labels)
        What the model decides with all gold of the other outlets, from its validation.
    fractions
        Shares of each training fold's gold that are kept; none at all where there is nothing else to learn from is
        passed over.
    repeats
        Samples per fraction.

    Returns
    -------
    Result
        ``fraction, n_gold`` (mean number of gold units in training), ``macro_f1`` (mean over samples), ``least, most``
        (over samples); last, all gold.
    """
    draw, seed = generator(rng)
    splits = folds(coded, "outlet")
    rows = []
    for fraction in fractions:
        if fraction == 0 and extra is None:
            continue
        found = []
        for _ in range(repeats if fraction > 0 else 1):
            kept = [(draw.choice(a, round(fraction * len(a)), replace=False), b) for a, b in splits]
            found.append(_macro(y, np.asarray(cross_predict(model, coded, y, kept, extra).decided, dtype=bool)))
        rows.append(_point(fraction, splits, found))
    rows.append(_point(1.0, splits, [_macro(y, whole)]))
    return Result(
        table=pd.DataFrame(rows),
        estimand="Macro F1 on an outlet left out, by how much gold of the other outlets is in training.",
        method=f"Leave-one-outlet-out; {repeats} random samples of units for a share of gold between none and all.",
        n_articles=coded["doc_id"].nunique(),
        n_units=len(coded),
        seed=seed,
    )


def _point(fraction: float, splits: list[Fold], found: list[float]) -> dict[str, float]:
    return {
        "fraction": fraction,
        "n_gold": float(np.mean([round(fraction * len(train)) for train, _ in splits])),
        "macro_f1": float(np.mean(found)),
        "least": min(found),
        "most": max(found),
    }


def _macro(y: Bools, decided: Bools) -> float:
    both, either = (y & decided).sum(axis=0), y.sum(axis=0) + decided.sum(axis=0)
    return float(nanmean(divide(2.0 * both, either.astype(float))[None], axis=1)[0])
