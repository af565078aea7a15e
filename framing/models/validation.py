"""Validation on outlets that a model has never seen, beside the baseline and the coders' own agreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.model_selection import LeaveOneGroupOut

from framing.errors import InputError
from framing.resampling import (
    Seed,
    bootstrap_weights,
    cluster_index,
    few_clusters_caveat,
    generator,
    percentile_interval,
)
from framing.results import Result

Bools = NDArray[np.bool_]

MACRO = "macro"
"""Label of the row that averages over labels."""


class Classifier(Protocol):
    """A scikit-learn classifier of raw texts."""

    def fit(self, texts: object, y: object) -> object:
        """Learn."""

    def predict(self, texts: object) -> NDArray[np.generic]:
        """Decide."""


def leave_one_outlet_out(
    model: Classifier, texts: pd.Series, y: NDArray[np.generic], outlets: pd.Series
) -> NDArray[np.generic]:
    """Predict each outlet's units by a model fitted on all the others.

    Returns
    -------
    predicted : the shape of ``y``

    Raises
    ------
    InputError
        Where there are fewer than two outlets, or an outlet is unknown.
    """
    if outlets.eq("").any():
        raise InputError(
            "the outlet of a coded article is unknown", column="outlet", cure="Fill in the outlet of every article."
        )
    if outlets.nunique() < 2:
        raise InputError(
            f"the coded units come from {outlets.nunique()} outlets, and leaving one out needs two",
            cure="Code units of at least two outlets.",
        )
    predicted = np.empty_like(y)
    for train, test in LeaveOneGroupOut().split(texts, groups=outlets):
        fitted = clone(model)
        fitted.fit(texts.iloc[train], y[train])
        predicted[test] = fitted.predict(texts.iloc[test])
    return predicted


def _shared(one: tuple[Bools, Bools], other: tuple[Bools, Bools]) -> tuple[Bools, Bools]:
    """Return two coders' decisions on the units that both coded; the others count nowhere."""
    both = (one[1] & other[1])[:, None]
    return one[0] & both, other[0] & both


def one_hot(values: NDArray[np.generic] | pd.Series, labels: tuple[object, ...]) -> Bools:
    """Return which label each value is, shape (units, labels); a missing value is none of them."""
    column = pd.Series(values).to_numpy(dtype=object)
    return np.column_stack([np.asarray(column == label, dtype=bool) for label in labels])


def f1_table(
    pairs: list[tuple[Bools, Bools]],
    labels: tuple[str, ...],
    articles: pd.Series,
    rng: np.random.Generator,
    *,
    replicates: int,
    level: float,
) -> pd.DataFrame:
    """Score decisions against gold per label and on average.

    ``F1 = 2 TP / (2 TP + FP + FN)``; undefined (nan) where a label is in neither, and then left out of the
    macro average. Given several pairs (of coders), figures are averaged over them.

    Parameters
    ----------
    pairs
        (gold, decided), each shape (units, labels).
    articles
        Article of each unit; whole articles are resampled for the interval.

    Returns
    -------
    pandas.DataFrame
        ``label, precision, recall, f1, low, high, support`` (units with the label in gold), last row `MACRO`.
    """
    codes, n_articles = cluster_index(articles)
    weights = np.vstack([np.ones(n_articles), bootstrap_weights(n_articles, replicates, rng)])
    per_pair = [_rates(gold, decided, codes, weights) for gold, decided in pairs]
    precision, recall, f1 = (_nanmean(np.stack(parts), axis=0) for parts in zip(*per_pair, strict=True))
    support = np.mean([gold.sum(axis=0) for gold, _ in pairs], axis=0)
    columns = [np.column_stack([rate, _nanmean(rate, axis=1)]) for rate in (precision, recall, f1)]
    bounds = [percentile_interval(column[1:], level) for column in columns[2].T]
    return pd.DataFrame(
        {
            "label": [*labels, MACRO],
            "precision": columns[0][0],
            "recall": columns[1][0],
            "f1": columns[2][0],
            "low": [low for low, _ in bounds],
            "high": [high for _, high in bounds],
            "support": [*support, support.sum()],
        }
    )


def _rates(
    gold: Bools, decided: Bools, codes: NDArray[np.intp], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], ...]:
    """Return precision, recall and F1, each shape (replicates, labels)."""
    totals = np.zeros((3, weights.shape[1], gold.shape[1]))
    for total, hits in zip(totals, (gold & decided, decided, gold), strict=True):
        np.add.at(total, codes, hits.astype(float))
    both, said, true = (weights @ total for total in totals)
    return tuple(_divide(*parts) for parts in ((both, said), (both, true), (2 * both, said + true)))


def _divide(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(a, b, out=np.full_like(b, np.nan), where=b > 0)


def _nanmean(values: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    """Mean of what is defined; nan, without a warning, where nothing is."""
    known = np.isfinite(values)
    return _divide(np.where(known, values, 0.0).sum(axis=axis), known.sum(axis=axis).astype(float))


def validate(
    coded: pd.DataFrame,
    y: NDArray[np.generic],
    labels: tuple[object, ...],
    systems: Mapping[str, Classifier],
    *,
    what: str,
    rng: Seed,
    codings: Sequence[tuple[Bools, NDArray[np.bool_]]] = (),
    names: tuple[str, ...] | None = None,
    replicates: int = 2000,
    level: float = 0.95,
) -> Result:
    """Validate systems leave-one-outlet-out on coded units.

    Parameters
    ----------
    coded
        Units with gold: ``doc_id, outlet, text``.
    y
        Gold: shape (units, labels) and bool where several labels may hold, else shape (units,).
    labels
        What is decided; the table reports each.
    systems
        Unfitted classifiers of raw texts, by name.
    what
        Name of the variable, for the estimand.
    rng
        Seed or generator of the article bootstrap.
    codings
        Each coder's decisions on the same units, shape (units, labels), and which of the units the coder coded,
        shape (units,): adds the system ``coders``, the mean over pairs of coders of the F1 of one against the other
        on the units that both coded.
    names
        Labels as they are to stand in the table; by default as they are.

    Returns
    -------
    Result
        ``system, label, precision, recall, f1, low, high, support``.
    """
    draw, seed = generator(rng)
    flat = y.ndim == 1
    shown = names or tuple(map(str, labels))
    gold = one_hot(y, labels) if flat else np.asarray(y, dtype=bool)
    tables = []
    for name, model in systems.items():
        raw = leave_one_outlet_out(model, coded["text"], y, coded["outlet"])
        decided = one_hot(raw, labels) if flat else np.asarray(raw, dtype=bool)
        scored = f1_table([(gold, decided)], shown, coded["doc_id"], draw, replicates=replicates, level=level)
        tables.append(scored.assign(system=name))
    pairs = [_shared(*pair) for pair in combinations(codings, 2)]
    if pairs:
        scored = f1_table(pairs, shown, coded["doc_id"], draw, replicates=replicates, level=level)
        tables.append(scored.assign(system="coders"))
    n_articles = coded["doc_id"].nunique()
    table = pd.concat(tables, ignore_index=True)
    return Result(
        table=table[["system", *table.columns.drop("system")]],
        estimand=f"F1 of each system's {what} against gold on outlets that it was not trained on.",
        method=(
            f"Leave-one-outlet-out over {coded['outlet'].nunique()} outlets, decisions pooled; macro is the mean "
            f"over labels; percentile interval at {level:.0%} from {replicates} bootstrap replicates of whole "
            "articles, the fitted models held fixed. 'coders' is the mean F1 of one coder against another, 'majority' "
            "gives what is most common in training, 'always' finds every label in every unit."
        ),
        n_articles=n_articles,
        n_units=len(coded),
        seed=seed,
        caveats=few_clusters_caveat(n_articles, "articles"),
    )
