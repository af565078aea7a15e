"""Codings as counts per unit, and coefficients of them with intervals from resampling articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.coding.alpha import (
    Array,
    Metric,
    ac1_from_parts,
    ac1_parts,
    alpha_from_coincidences,
    alpha_from_totals,
    verdict,
)
from framing.coding.codebook import Variable
from framing.resampling import Seed, bootstrap_weights, cluster_index, generator, percentile_interval
from framing.schema import KEY

NO_PAIR = "no unit has two codes"
ONE_VALUE = "only one value was used, so disagreement could not occur"


@dataclass(frozen=True, eq=False)
class Estimate:
    """A coefficient, its interval and its bootstrap draws, shape (replicates,)."""

    value: float
    low: float
    high: float
    draws: Array

    def columns(self) -> dict[str, object]:
        """Return the columns of alpha in a table: ``alpha, low, high, verdict``."""
        return {"alpha": self.value, "low": self.low, "high": self.high, "verdict": verdict(self.value)}

    def below(self, mark: float) -> float:
        """Return the share of the draws that fail a mark (Hayes & Krippendorff 2007); nan without interval."""
        finite = self.draws[np.isfinite(self.draws)]
        return float("nan") if np.isnan(self.low) else float((finite < mark).mean())


@dataclass(frozen=True, eq=False)
class Sample:
    """The units of a table of codings, their articles, and how often each article is in each bootstrap replicate.

    Attributes
    ----------
    unit : shape (codings,)
        Number of each coding's unit, from 0 in order of appearance.
    articles : shape (units,)
        Number of each unit's article.
    weights : shape (replicates, articles)
    seed
        As `framing.resampling.generator` returns it.
    level
        Nominal level of intervals.
    """

    unit: NDArray[np.intp]
    articles: NDArray[np.intp]
    weights: Array
    seed: int | None
    level: float

    @classmethod
    def of(cls, codings: pd.DataFrame, rng: Seed, replicates: int, level: float) -> Sample:
        """Number units and articles, and draw the replicates."""
        draw, seed = generator(rng)
        unit = codings.groupby(KEY, sort=False).ngroup().to_numpy().astype(np.intp)
        articles, n = cluster_index(codings.drop_duplicates(KEY)["doc_id"])
        return cls(unit, articles, bootstrap_weights(n, replicates, draw), seed, level)

    @property
    def n_articles(self) -> int:
        """Number of articles."""
        return int(self.weights.shape[1])

    @property
    def n_units(self) -> int:
        """Number of units."""
        return len(self.articles)

    def counts(self, column: pd.Series, values: Sequence[object], rows: NDArray[np.bool_] | None = None) -> Array:
        """Count values per unit, shape (units, values), of the codings in ``rows``; a missing code counts nowhere."""
        counts = np.zeros((self.n_units, len(values)))
        for index, value in enumerate(values):
            hit = (column == value).fillna(False).to_numpy(dtype=bool)
            counts[:, index] = np.bincount(self.unit[hit if rows is None else hit & rows], minlength=self.n_units)
        return counts

    def by_article(self, parts: Array) -> Array:
        """Sum what each unit adds, shape (units, ...), within articles, shape (articles, ...)."""
        total = np.zeros((self.n_articles, *parts.shape[1:]))
        np.add.at(total, self.articles, parts)
        return total

    def alpha(self, o: Array, metric: Metric, values: Sequence[object]) -> Estimate:
        """Return alpha of the units' coincidence matrices, shape (units, values, values)."""
        draws = np.tensordot(self.weights, self.by_article(o), axes=1)
        value = alpha_from_coincidences(o.sum(axis=0), metric, values)
        return self._estimate(value, alpha_from_coincidences(draws, metric, values))

    def alpha_of_differences(self, observed: Array, paired: Array, d: Array) -> Estimate:
        """Return alpha of what `observed_differences` gives."""
        parts = np.column_stack([observed, paired])
        whole, draws = parts.sum(axis=0), self.weights @ self.by_article(parts)
        value = alpha_from_totals(whole[0], whole[1:], d)
        return self._estimate(value, alpha_from_totals(draws[:, 0], draws[:, 1:], d))

    def ac1(self, counts: Array) -> Estimate:
        """Return Gwet's AC1 of counts, shape (units, values)."""
        parts = ac1_parts(counts)
        return self._estimate(ac1_from_parts(parts.sum(axis=0)), ac1_from_parts(self.weights @ self.by_article(parts)))

    def _estimate(self, value: Array, draws: Array) -> Estimate:
        low, high = percentile_interval(draws, self.level) if self.n_articles > 1 else (float("nan"), float("nan"))
        return Estimate(float(value), low, high, draws)


def metric_of(variable: Variable, ordered: Metric) -> Metric:
    """Return the metric of a variable: ``ordered`` for one with an ordered scale, else nominal."""
    return ordered if variable.kind == "ordinal" else "nominal"


def why_missing(alpha: float, counts: Array) -> str:
    """Say why alpha could not be computed, or nothing."""
    if np.isfinite(alpha):
        return ""
    return ONE_VALUE if (counts.sum(axis=1) > 1).any() else NO_PAIR


def share_present(counts: Array, variable: Variable) -> float:
    """Return the share of codings with a frame or mention, from counts of (absent, present); nan for other kinds."""
    total = counts.sum()
    return float(counts[:, -1].sum() / total) if variable.kind in ("frame", "mention") and total else float("nan")
