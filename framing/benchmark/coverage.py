"""Coverage: how often corrected intervals hold the truth, in corpora whose truth is known.

Two outlets of the same prevalence, whose articles differ in size, are read by a classifier that finds a fifth too few
units with the frame in one outlet and a tenth too many in the other, and by a coder who reads a sixth of the articles.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from framing.benchmark.scores import row
from framing.comparison.estimates import Weight
from framing.comparison.intervals import difference, share_bounds, two_sided_p
from framing.comparison.powered import Array, Population, Totals, drawn, fit, naive_totals
from framing.simulate import Corpora, Scenario, simulate

REPLICATIONS = 4000
"""Corpora per cell by default: the standard error of a coverage of 95 % is then .25 points over two outlets."""

UNCODED = 5
"""Articles that nobody codes, for each that is coded."""

BASE = Scenario((0.3, 0.3), articles=60, coded=10, mean_size=10, size_cv=0.6, icc=0.1, f1=0.6, lean=(0.8, 1.1))

CODED, F1, ICC, PREVALENCE = (5, 10, 30), (0.6, 0.85), (0.0, 0.1, 0.3), (0.1, 0.3, 0.5)

STRESSED: tuple[tuple[str, Scenario], ...] = (
    ("F1 .5 in one outlet, .85 in the other", replace(BASE, f1=(0.5, 0.85))),
    ("errors differ between articles", replace(BASE, error_icc=0.3)),
    ("coder wrong in one unit of ten", replace(BASE, coder_error=0.1)),
    ("three articles of ten are wire copy", replace(BASE, wire=0.3)),
    ("articles of equal size", replace(BASE, size_cv=0.0)),
    ("sizes vary twice as much", replace(BASE, size_cv=1.2)),
    ("40 units an article", replace(BASE, mean_size=40.0)),
    ("prevalence .03", replace(BASE, prevalence=(0.03, 0.03))),
)
"""Beyond the grid: what the corrections were not tuned on."""

_CHUNK = 500


@dataclass
class _Tally:
    """What is counted for one estimator."""

    hits: int = 0
    tries: int = 0
    width: float = 0.0
    error: float = 0.0
    rejected: int = 0
    tests: int = 0

    def add(self, low: Array, high: Array, value: Array, truth: Array, p: Array) -> None:
        self.hits += int(((low <= truth) & (truth <= high)).sum())
        self.tries += truth.size
        self.width += float((high - low).sum())
        self.error += float(np.abs(value - truth).sum())
        self.rejected += int((p < 0.05).sum())
        self.tests += p.size

    def metrics(self) -> dict[str, float]:
        return {
            "coverage": self.hits / self.tries,
            "type_i_error": self.rejected / self.tests,
            "width": self.width / self.tries,
            "mean_absolute_error": self.error / self.tries,
            "replications": self.tests,
        }


def run(rng: int, replications: int = REPLICATIONS) -> list[dict[str, Any]]:
    """Return the benchmark's rows: summaries of the grid first, then every cell.

    A row of a cell has ``coverage`` of nominal 95 % intervals over both outlets, ``type_i_error`` of the outlets'
    contrast at nominal 5 %, ``width`` of the intervals and ``mean_absolute_error``. Systems are ``corrected``, ``gold``
    and ``naive`` as `framing.comparison.corrected` gives them, and ``sentence-level``: prediction-powered inference
    that takes units for independent.
    """
    from tqdm.auto import tqdm

    rows, seeds = [], np.random.SeedSequence(rng)
    cells = list(_cells())
    for name, scenario, about in tqdm(cells, desc="cells", unit="cell", disable=None):
        draw = np.random.default_rng(seeds.spawn(1)[0])
        for (weight, population, system), tally in _tally(scenario, replications, draw).items():
            setting = f"{name}, {weight}, {population}"
            metrics = {**about, "weight": weight, "population": population, **tally.metrics()}
            rows.append(row(setting, system, metrics))
    return [*_summary(rows), *rows]


def _cells() -> Iterator[tuple[str, Scenario, dict[str, Any]]]:
    for coded, f1, icc, prevalence in product(CODED, F1, ICC, PREVALENCE):
        scenario = replace(
            BASE, prevalence=(prevalence,) * 2, articles=(1 + UNCODED) * coded, coded=coded, icc=icc, f1=f1
        )
        about = {"coded": coded, "f1": f1, "icc": icc, "prevalence": prevalence}
        yield f"{coded} coded, F1 {f1}, ICC {icc}, prevalence {prevalence}", scenario, about
    for name, scenario in STRESSED:
        yield f"stress: {name}", scenario, {"coded": scenario.coded}


def _tally(
    scenario: Scenario, replications: int, draw: np.random.Generator
) -> dict[tuple[Weight, Population, str], _Tally]:
    """Draw corpora in chunks, estimate, and count."""
    found: dict[tuple[Weight, Population, str], _Tally] = {}
    weights: tuple[Weight, ...] = ("units", "articles")
    populations: tuple[Population, ...] = ("super", "finite")
    for start in range(0, replications, _CHUNK):
        corpora = simulate(scenario, min(_CHUNK, replications - start), draw)
        links = np.intersect1d(corpora.group[0], corpora.group[1], return_indices=True)[1:]
        for weight, population in product(weights, populations):
            totals, true = corpus_totals(corpora, weight), truth(scenario, corpora, weight, population)
            for system, part, slope in (
                ("corrected", totals, None),
                ("gold", totals, 0.0),
                ("naive", naive_totals(totals), 0.0),
            ):
                estimated = fit(part, population=population, slope=slope)
                low, high = share_bounds(estimated)
                value, variance, df = difference(estimated, 0, 1, links if population == "super" else None)
                p = two_sided_p(value - (true[:, 0] - true[:, 1]), variance, df)
                _at(found, weight, population, system).add(low, high, np.clip(estimated.value, 0, 1), true, p)
            if weight == "units":
                value, error = sentence_level(corpora, population)
                p = 2 * norm.sf(np.abs(np.diff(value - true)[:, 0]) / np.hypot(error[:, 0], error[:, 1]))
                tally = _at(found, weight, population, "sentence-level")
                tally.add(value - 1.96 * error, value + 1.96 * error, value, true, p)
    return found


def _at(
    found: dict[tuple[Weight, Population, str], _Tally], weight: Weight, population: Population, system: str
) -> _Tally:
    return found.setdefault((weight, population, system), _Tally())


def truth(scenario: Scenario, corpora: Corpora, weight: Weight, population: Population) -> Array:
    """Return what coding everything would give, in the corpora or in the long run, shape (replications, outlets).

    A coder's errors are part of it: no statistic can tell them from the frame.
    """
    if population == "super":
        expected, wrong = scenario.expected, scenario.coder_error
        return np.broadcast_to(expected * (1 - wrong) + (1 - expected) * wrong, corpora.size.shape[:2])
    if weight == "articles":
        return np.asarray((corpora.gold / corpora.size).mean(axis=-1))
    return np.asarray(corpora.gold.sum(axis=-1) / corpora.size.sum(axis=-1))


def corpus_totals(corpora: Corpora, weight: Weight) -> Totals:
    """Return the totals of simulated corpora, as a table of their units would give them."""
    size, nothing = corpora.size, np.zeros_like(corpora.size)
    w = 1 / size if weight == "articles" else np.ones_like(size)
    predicted = w * corpora.predicted
    census = Totals(
        m=w * size,
        f=predicted,
        gm=w * size,
        gy=w * corpora.gold,
        gf=predicted,
        gff=predicted,
        gfy=w * corpora.agreed,
        square=w**2 * size,
        units=size,
        left=nothing,
    )
    return drawn(census, corpora.coded, corpora.coded.mean(axis=-1, keepdims=True))


def sentence_level(corpora: Corpora, population: Population) -> tuple[Array, Array]:
    """Estimate shares and standard errors as if units were drawn one by one (PPI++ for a mean, without clusters).

    Returns
    -------
    value, error : shape (replications, outlets)
    """
    coded = corpora.coded.astype(float)
    n, everything = (coded * corpora.size).sum(axis=-1), corpora.size.sum(axis=-1)
    y, f, both = ((coded * part).sum(axis=-1) / n for part in (corpora.gold, corpora.predicted, corpora.agreed))
    mean = corpora.predicted.sum(axis=-1) / everything
    spread = np.maximum(f * (1 - f), 1e-12)
    slope = np.maximum((both - y * f) / spread, 0)
    residual = y * (1 - y) - 2 * slope * (both - y * f) + slope**2 * spread
    variance = residual / n * (1 - n / everything)
    if population == "super":
        variance = residual / n + slope**2 * mean * (1 - mean) / everything
    return slope * mean + y - slope * f, np.sqrt(np.maximum(variance, 1e-12))


def _summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the range over the grid's cells for each number of coded articles, and how many cells keep to the range.

    The range is .93 to .97 for coverage, from .91 on with 5 coded articles, and .035 to .065 for type I error; cells of
    prevalence .1 are summed up on their own.
    """
    table = pd.DataFrame([cell for cell in rows if not cell["setting"].startswith("stress")])
    table["rare"] = table["prevalence"] < 0.2
    found = []
    for (coded, rare, system), part in table.groupby(["coded", "rare", "system"], sort=True):
        least, most = (0.91, 1.0) if coded == min(CODED) else (0.93, 0.97)
        metrics = {
            "coverage_least": part["coverage"].min(),
            "coverage_most": part["coverage"].max(),
            "coverage_kept": part["coverage"].round(3).between(least, most).mean(),
            "type_i_least": part["type_i_error"].min(),
            "type_i_most": part["type_i_error"].max(),
            "type_i_kept": part["type_i_error"].round(3).between(0.035, 0.065).mean(),
            "mean_width": part["width"].mean(),
            "cells": len(part),
        }
        kind = "prevalence .1" if rare else "prevalence .3 and .5"
        found.append(row(f"all cells, {coded} coded, {kind}", str(system), metrics))
    return found
