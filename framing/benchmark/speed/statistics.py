"""Agreement and bootstrap beside krippendorff and scipy, and a study from end to end."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.benchmark.scores import elapsed, row
from framing.benchmark.speed.timing import Plan, Way, compared, peer

OUTLETS, ARTICLES, UNITS, VARIABLES = 3, 60, 20, 8
"""Outlets of the corpus that is drawn, articles of each, units of an article, variables of a unit."""

REPLICATES = 2_000
"""Of the bootstrap of alpha."""

BATCH = 1_000
"""Replicates that scipy makes at a time: it is slower with all at once."""


def agreeing(plan: Plan) -> list[dict[str, Any]]:
    """Compare alpha of all variables and its bootstrap with krippendorff in a loop."""
    from framing.coding import agreement
    from framing.study import load_data, load_study

    data = load_data(load_study(None))
    book, codings = data.codebook, data.codings
    if codings is None:
        return []
    columns = [variable.column for variable in book.variables if variable.kind == "frame"]
    tables = {c: codings.pivot(index="coder", columns=["doc_id", "unit"], values=c).astype(float) for c in columns}

    def loop() -> Callable[[], object]:
        alpha = peer("krippendorff").alpha

        def call() -> None:
            draw = np.random.default_rng(plan.rng)
            for table in tables.values():
                articles = table.columns.get_level_values("doc_id").to_numpy()
                names = np.unique(articles)
                values = table.to_numpy()
                for _ in range(plan.loops):
                    drawn = np.concatenate([np.flatnonzero(articles == n) for n in draw.choice(names, len(names))])
                    alpha(values[:, drawn], level_of_measurement="nominal", value_domain=[0, 1])

        return call

    return compared(
        "alpha with bootstrap",
        Way("framing", lambda: lambda: agreement(codings, book, rng=plan.rng, replicates=REPLICATES), REPLICATES),
        [
            Way(
                "krippendorff in a loop",
                loop,
                plan.loops,
                f"{plan.loops} of {REPLICATES:,} draws timed; its frames alone, ours all variables",
            )
        ],
        per="draws",
        rounds=plan.rounds,
    )


def corpus(rng: int) -> pd.DataFrame:
    """Return units whose variables (``v0`` ...) are yes or no and differ between articles."""
    draw = np.random.default_rng(rng)
    articles = pd.MultiIndex.from_product([range(OUTLETS), range(ARTICLES)]).to_frame(index=False)
    rates = draw.beta(2, 5, size=(len(articles), VARIABLES)).repeat(UNITS, axis=0)
    units = articles.loc[articles.index.repeat(UNITS)].reset_index(drop=True)
    return pd.DataFrame(
        {
            "outlet": "outlet " + units[0].astype(str),
            "doc_id": units[0].astype(str) + "-" + units[1].astype(str),
            "unit": np.tile(np.arange(UNITS), len(articles)),
            **{f"v{place}": found for place, found in enumerate((draw.random(rates.shape) < rates).T)},
        }
    )


def scipy_differences(
    units: pd.DataFrame, columns: list[str], replicates: int, rng: int, *, together: bool
) -> NDArray[np.float64]:
    """Estimate what `framing.bootstrap_differences` does by scipy, resampling the numbers of each outlet's articles.

    Parameters
    ----------
    together
        One call for two outlets, whose statistic is all variables' difference; else a call for each variable.

    Returns
    -------
    NDArray
        Shape (pairs of outlets, variables, 2): low and high.
    """
    from scipy.stats import bootstrap

    outlets = []
    for _, own in units.groupby("outlet", sort=True):
        articles = own.groupby("doc_id", sort=True)[columns]
        outlets.append((articles.sum().to_numpy(dtype=float).T, articles.size().to_numpy(dtype=float)))
    draw = np.random.default_rng(rng)
    groups = [slice(None)] if together else [slice(place, place + 1) for place in range(len(columns))]

    def interval(first: Any, second: Any, kept: slice) -> NDArray[np.float64]:
        def difference(a: Any, b: Any, axis: int = -1) -> Any:
            return (first[0][kept][:, a].sum(axis=axis) / first[1][a].sum(axis=axis)) - (
                second[0][kept][:, b].sum(axis=axis) / second[1][b].sum(axis=axis)
            )

        places = (np.arange(len(first[1])), np.arange(len(second[1])))
        found = bootstrap(
            places, difference, n_resamples=replicates, batch=BATCH, vectorized=True, method="percentile", rng=draw
        )
        return np.column_stack([found.confidence_interval.low, found.confidence_interval.high])

    return np.array([np.concatenate([interval(a, b, kept) for kept in groups]) for a, b in combinations(outlets, 2)])


def bootstrapping(plan: Plan) -> list[dict[str, Any]]:
    """Compare the differences of all outlets on all variables, articles resampled, with scipy's bootstrap."""
    from framing.comparison import bootstrap_differences

    units = corpus(plan.rng)
    columns = [f"v{place}" for place in range(VARIABLES)]

    def way(together: bool) -> Callable[[], Callable[[], object]]:
        return lambda: lambda: scipy_differences(units, columns, plan.draws, plan.rng, together=together)

    own = dict(zip(columns, columns, strict=True))
    same = f"the same intervals but for chance; {VARIABLES} variables of {OUTLETS} outlets of {ARTICLES} articles"
    return compared(
        "clustered bootstrap of differences",
        Way(
            "framing",
            lambda: lambda: bootstrap_differences(units, own, rng=plan.rng, replicates=plan.draws),
            plan.draws,
        ),
        [
            Way("scipy, a call for two outlets and a variable", way(False), plan.draws, same),
            Way("scipy, a call for two outlets", way(True), plan.draws, f"{same}; all variables in its statistic"),
        ],
        per="draws",
        rounds=plan.rounds,
    )


def studying(plan: Plan) -> list[dict[str, Any]]:
    """Time the default study from its articles to its report; no peer does this, so that there is no ratio."""
    from framing.study import run_study

    with tempfile.TemporaryDirectory() as folder:
        run_study(None, Path(folder) / "results")  # what is encoded and loaded once counts for none
        seconds = [elapsed(lambda: run_study(None, Path(folder) / "results")) for _ in range(plan.runs)]
    metrics = {
        "seconds": float(np.median(seconds)),
        "seconds_low": min(seconds),
        "seconds_high": max(seconds),
        "rounds": float(plan.runs),
    }
    return [row("default study, warm, end to end", "framing", metrics, note="no peer does this")]
