"""Corpora whose prevalences, classifier errors, coder errors and wire copy are known, to try statistics on.

Nothing here is an estimate: it makes data for which the truth is known, so that coverage, type I error and power of
what `framing.comparison` computes can be measured.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.errors import InputError
from framing.resampling import Seed, generator

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Scenario:
    """What a simulated corpus is like. One yes-or-no variable; outlets are named ``outlet_1``, ``outlet_2``, ...

    Attributes
    ----------
    prevalence
        Of each outlet's own articles: the expected share of units that carry the frame.
    articles
        Articles per outlet.
    coded
        Of these, how many a coder reads, drawn without replacement with equal probability.
    mean_size, size_cv
        Units per article: 1 plus a negative binomial with this mean and coefficient of variation in all; 0 for
        articles of equal size.
    icc
        Intraclass correlation of the frame within articles: an article's own prevalence is beta distributed with
        ``a + b = 1 / icc - 1``.
    f1
        Of the classifier at each outlet's prevalence; one number, or one for each outlet.
    lean
        Units to which the classifier gives the frame, for each unit that carries it: 1 where recall and precision are
        equal, below 1 for a classifier that overlooks more than it imagines; one number, or one for each outlet.
    error_icc
        How much recall and false-positive rate differ between articles, as the intraclass correlation of errors.
    coder_error
        Chance that the coder gets a unit wrong.
    wire
        Share of articles that all outlets carry in common, word for word: near-duplicate groups. Their prevalence is
        the mean of the outlets'.
    """

    prevalence: tuple[float, ...] = (0.3, 0.3)
    articles: int = 60
    coded: int = 10
    mean_size: float = 10.0
    size_cv: float = 0.6
    icc: float = 0.1
    f1: float | tuple[float, ...] = 0.7
    lean: float | tuple[float, ...] = 1.0
    error_icc: float = 0.05
    coder_error: float = 0.0
    wire: float = 0.0

    def __post_init__(self) -> None:
        shares = {
            "prevalence": self.prevalence,
            "icc": (self.icc,),
            "f1": _each(self.f1, self.prevalence),
            "error_icc": (self.error_icc,),
            "coder_error": (self.coder_error,),
            "wire": (self.wire,),
        }
        for name, values in shares.items():
            if not values or not all(0 <= value <= 1 for value in values):
                raise InputError(f"{name} is {values}", column=name, cure="Use numbers from 0 to 1.")
        for name, value in (("f1", self.f1), ("lean", self.lean)):
            given = len(_each(value, self.prevalence))
            if given != len(self.prevalence):
                raise InputError(f"{given} values of {name}", column=name, cure="Give one, or one for each outlet.")
        if min(_each(self.f1, self.prevalence)) <= 0 or self.icc == 1 or self.error_icc == 1:
            raise InputError("f1 of 0, or an intraclass correlation of 1", cure="Use numbers between 0 and 1.")
        if not 0 <= self.coded <= self.articles or self.articles < 1 or self.mean_size < 1:
            raise InputError(
                f"{self.coded} coded of {self.articles} articles with {self.mean_size} units on average",
                cure="Code no more articles than there are, each with one unit at least.",
            )

    @property
    def expected(self) -> Array:
        """Prevalence that each outlet's corpus has on average, wire copy and all, shape (outlets,)."""
        own, shared = np.asarray(self.prevalence), round(self.wire * self.articles) / self.articles
        return np.asarray((1 - shared) * own + shared * own.mean())


@dataclass(frozen=True, eq=False)
class Corpora:
    """Counts per article of simulated corpora.

    Attributes
    ----------
    cells : shape (replications, outlets, articles, 2, 2, 2)
        Units by truth, prediction and what the coder says (or would say).
    coded : shape (replications, outlets, articles), bool
        Which articles the coder read.
    group : shape (outlets, articles)
        Number of the near-duplicate group; an article of its own is a group of one.
    """

    cells: NDArray[np.int64]
    coded: NDArray[np.bool_]
    group: NDArray[np.intp]

    @property
    def size(self) -> Array:
        """Units per article, shape (replications, outlets, articles)."""
        return np.asarray(self.cells.sum(axis=(-1, -2, -3)).astype(float))

    @property
    def true(self) -> Array:
        """Units per article that carry the frame."""
        return np.asarray(self.cells[..., 1, :, :].sum(axis=(-1, -2)).astype(float))

    @property
    def predicted(self) -> Array:
        """Units per article that the classifier gives the frame."""
        return np.asarray(self.cells[..., :, 1, :].sum(axis=(-1, -2)).astype(float))

    @property
    def gold(self) -> Array:
        """Units per article that the coder gives the frame, or would if asked."""
        return np.asarray(self.cells[..., :, :, 1].sum(axis=(-1, -2)).astype(float))

    @property
    def agreed(self) -> Array:
        """Units per article to which both coder and classifier give the frame."""
        return np.asarray(self.cells[..., :, 1, 1].sum(axis=-1).astype(float))


def simulate(scenario: Scenario, replications: int, rng: Seed) -> Corpora:
    """Draw corpora, all replications at once.

    Raises
    ------
    InputError
            Where no classifier has such an F1 and lean at such a prevalence.
    """
    draw, _ = generator(rng)
    outlets, shape = len(scenario.prevalence), (replications, len(scenario.prevalence), scenario.articles)
    wired = np.broadcast_to(np.arange(scenario.articles) < round(scenario.wire * scenario.articles), shape)
    own = np.asarray(scenario.prevalence)[:, None]
    prevalence = np.where(wired, own.mean(), own)
    f1, lean = (np.asarray(_each(given, scenario.prevalence))[:, None] for given in (scenario.f1, scenario.lean))
    # F1 is twice the hits over what is there and what is found.
    recall = np.broadcast_to(f1 * (1 + lean) / 2, shape)
    false = np.divide(prevalence * (lean - recall), 1 - prevalence, out=np.zeros(shape), where=prevalence < 1)
    if recall.max() > 1 or false.min() < -1e-12 or false.max() > 1:
        raise InputError("no classifier has this F1", column="f1", cure="Use another f1, or a lean nearer to 1.")
    false = np.maximum(false, 0)
    size = _sizes(scenario, shape, draw)
    true = draw.binomial(size, _beta(prevalence, scenario.icc, draw))
    found = draw.binomial(true, _beta(recall, scenario.error_icc, draw))
    alarm = draw.binomial(size - true, _beta(false, scenario.error_icc, draw))
    cells = np.zeros((*shape, 2, 2, 2), dtype=np.int64)
    for truth, said, count in ((1, 1, found), (1, 0, true - found), (0, 1, alarm), (0, 0, size - true - alarm)):
        wrong = draw.binomial(count, scenario.coder_error)
        cells[..., truth, said, 1 - truth], cells[..., truth, said, truth] = wrong, count - wrong
    group = np.arange(outlets * scenario.articles).reshape(outlets, -1)
    shared = wired[0, 0]
    cells[:, :, shared], group[:, shared] = cells[:, :1, shared], group[:1, shared]
    order = draw.random(shape).argsort(axis=-1)
    return Corpora(cells, order < scenario.coded, group)


def units(corpora: Corpora, replication: int = 0) -> pd.DataFrame:
    """Write one corpus out as a table of units.

    Returns
    -------
    pandas.DataFrame
        ``doc_id, unit, outlet, paragraph, group`` and bool ``truth, predicted, gold, sampled``, and ``probability``
        with which an article was coded. Units of an article stand in the order of their cell, which means nothing.
    """
    cells, coded = corpora.cells[replication], corpora.coded[replication]
    place = np.argwhere(cells > 0)
    rows = place.repeat(cells[tuple(place.T)], axis=0)
    order = np.lexsort((rows[:, 1], rows[:, 0]))
    outlet, article, truth, predicted, gold = rows[order].T
    table = pd.DataFrame(
        {
            "doc_id": [f"{a + 1}-{b + 1}" for a, b in zip(outlet, article, strict=True)],
            "outlet": [f"outlet_{a + 1}" for a in outlet],
            "group": corpora.group[outlet, article],
            **{
                name: value.astype(bool) for name, value in (("truth", truth), ("predicted", predicted), ("gold", gold))
            },
            "sampled": coded[outlet, article],
            "probability": coded.mean(axis=-1)[outlet],
        }
    )
    number = table.groupby("doc_id").cumcount()
    table.insert(1, "unit", number.astype(str))
    table.insert(3, "paragraph", number)
    return table


def _each(given: float | tuple[float, ...], outlets: tuple[float, ...]) -> tuple[float, ...]:
    """Return one number for each outlet."""
    return given if isinstance(given, tuple) else (given,) * len(outlets)


def _beta(mean: Array, icc: float, draw: np.random.Generator) -> Array:
    """Draw shares with this mean and intraclass correlation."""
    if icc == 0:
        return np.asarray(mean, dtype=float)
    scale, inner = 1 / icc - 1, np.clip(mean, 1e-9, 1 - 1e-9)
    return np.asarray(np.where((mean > 0) & (mean < 1), draw.beta(inner * scale, (1 - inner) * scale), mean))


def _sizes(scenario: Scenario, shape: tuple[int, ...], draw: np.random.Generator) -> NDArray[np.int64]:
    """Draw numbers of units: 1 plus a negative binomial, or a Poisson where the variation asked for is no greater."""
    rest, variance = scenario.mean_size - 1, (scenario.size_cv * scenario.mean_size) ** 2
    if scenario.size_cv == 0 or rest == 0:
        return np.full(shape, round(scenario.mean_size), dtype=np.int64)
    if variance <= rest:
        return 1 + draw.poisson(rest, shape)
    return 1 + draw.negative_binomial(rest**2 / (variance - rest), rest / variance, shape)
