"""How far scorers of sentiment agree about the same texts."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.coding.alpha import alpha_from_coincidences, coincidences
from framing.errors import InputError
from framing.models.sentiment.protocol import POLARITIES, decided
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

ALL = "all"
"""Stands in the place of both scorers in the row on all of them together."""

CELLS = 4_000_000
"""Cells of replicates by units that are held at a time: some hundred MB."""


def agreement_between(
    tables: Mapping[str, pd.DataFrame],
    articles: Sequence[Hashable],
    *,
    rng: Seed,
    replicates: int = 2000,
    level: float = 0.95,
) -> Result:
    """Estimate how far scorers agree about the same texts.

    Parameters
    ----------
    tables
        What each scorer gave (`Sentiment.score`), by its name; rows are the same texts in the same order.
    articles : length texts
        The article in which each text stands.
    rng
        Seed or generator of the article bootstrap.
    replicates, level
        Number of bootstrap replicates, and the intervals' nominal level.

    Returns
    -------
    Result
        Per pair of scorers, and in the end for all of them where they are more than two: ``first, second, spearman,
        spearman_low, spearman_high`` (nan for all, or where a scorer gives one score to every text), ``alpha,
        alpha_low, alpha_high`` (of the most probable polarities; nan where only one occurs), ``same`` (share of texts
        with the same polarity), ``n_units``.

    Raises
    ------
    InputError
        Where there are fewer than two scorers, or tables that do not have one whole row for each text.
    """
    _check(tables, len(articles))
    draw, seed = generator(rng)
    codes, n_articles = cluster_index(list(articles))
    weights = bootstrap_weights(n_articles, replicates, draw)
    groups = [*combinations(tables, 2), *([tuple(tables)] if len(tables) > 2 else [])]
    rows = [_row({name: tables[name] for name in group}, codes, weights, level) for group in groups]
    return Result(
        table=pd.DataFrame(rows),
        estimand="How alike scorers order texts by sentiment, and how far they decide for the same polarity.",
        method=(
            "Spearman's rank correlation of scores; Krippendorff's alpha with the ordinal metric (Hayes & Krippendorff "
            "2007) of the most probable polarities, equal ones counting as neutral; percentile intervals at "
            f"{level:.0%} from {replicates} bootstrap replicates of whole articles."
        ),
        n_articles=n_articles,
        n_units=len(codes),
        seed=seed,
        caveats=(
            *few_clusters_caveat(n_articles, "articles"),
            "Scorers that agree may err together: agreement is not accuracy.",
        ),
    )


def _check(tables: Mapping[str, pd.DataFrame], n_units: int) -> None:
    if len(tables) < 2:
        raise InputError(f"{len(tables)} scorers, where two or more are compared", cure="Give a table of each.")
    if not n_units:
        raise InputError("no texts to compare scorers on", cure="Give tables with one row or more.")
    columns = [*POLARITIES, "score"]
    for name, table in tables.items():
        missing = [column for column in columns if column not in table.columns]
        if missing:
            raise InputError(f"the table of '{name}' has no column '{missing[0]}'", cure="Give what score returns.")
        if len(table) != n_units:
            raise InputError(
                f"the table of '{name}' has {len(table)} rows for {n_units} texts",
                cure="Give every scorer, and articles, the same texts in the same order.",
            )
        if not np.isfinite(table[columns].to_numpy(dtype=np.float64)).all():
            raise InputError(f"the table of '{name}' has gaps", cure="Leave out texts that a scorer did not score.")


def _row(
    tables: Mapping[str, pd.DataFrame], codes: NDArray[np.intp], weights: Array, level: float
) -> dict[str, object]:
    first, second = tables if len(tables) == 2 else (ALL, ALL)
    rho, rhos = float("nan"), np.empty(0)
    if len(tables) == 2:
        x, y = (table["score"].to_numpy(dtype=np.float64) for table in tables.values())
        rho = float(_spearman(x, y, np.ones((1, len(codes))))[0])
        step = max(1, CELLS // len(codes))
        parts = [weights[start : start + step] for start in range(0, len(weights), step)]
        rhos = np.concatenate([_spearman(x, y, part[:, codes]) for part in parts])
    polarities = np.stack([decided(table) for table in tables.values()])
    alpha, alphas = _alpha(polarities, codes, weights)
    none = (float("nan"), float("nan"))
    (rho_low, rho_high), (alpha_low, alpha_high) = (
        percentile_interval(draws, level) if weights.shape[1] > 1 else none for draws in (rhos, alphas)
    )
    return {
        "first": first,
        "second": second,
        "spearman": rho,
        "spearman_low": rho_low,
        "spearman_high": rho_high,
        "alpha": alpha,
        "alpha_low": alpha_low,
        "alpha_high": alpha_high,
        "same": float((polarities == polarities[0]).all(axis=0).mean()),
        "n_units": len(codes),
    }


def _spearman(x: Array, y: Array, weights: Array) -> Array:
    """Return Spearman's correlation in each replicate, shape (replicates,); nan where one side does not vary.

    Parameters
    ----------
    x, y : shape (units,)
    weights : shape (replicates, units)
        How often each unit is in each replicate; ranks are those within the replicate, ties sharing their mean.
    """
    total = weights.sum(axis=1, keepdims=True)
    a, b = (_ranks(values, weights) for values in (x, y))
    a, b = (r - (weights * r).sum(axis=1, keepdims=True) / total for r in (a, b))
    scale = np.sqrt((weights * a**2).sum(axis=1) * (weights * b**2).sum(axis=1))
    product = (weights * a * b).sum(axis=1)
    return np.asarray(np.divide(product, scale, out=np.full_like(scale, np.nan), where=scale > 0))


def _ranks(values: Array, weights: Array) -> Array:
    """Return mid-ranks of the units within each replicate, shape (replicates, units)."""
    order = np.argsort(values, kind="stable")
    starts = np.flatnonzero(np.diff(values[order], prepend=-np.inf) > 0)
    tied = np.add.reduceat(weights[:, order], starts, axis=1)
    middle = np.cumsum(tied, axis=1) - (tied - 1) / 2
    group = np.empty(len(values), dtype=np.intp)
    group[order] = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(values)))
    return np.asarray(middle[:, group])


def _alpha(polarities: NDArray[np.intp], codes: NDArray[np.intp], weights: Array) -> tuple[float, Array]:
    """Return alpha of polarities, shape (scorers, units), and alpha in each replicate of articles."""
    counts = np.stack([(polarities == value).sum(axis=0) for value in (-1, 0, 1)], axis=1)
    o = coincidences(counts.astype(np.float64))
    by_article = np.zeros((weights.shape[1], *o.shape[1:]))
    np.add.at(by_article, codes, o)
    draws = alpha_from_coincidences(np.tensordot(weights, by_article, axes=1), "ordinal")
    return float(alpha_from_coincidences(o.sum(axis=0), "ordinal")), draws
