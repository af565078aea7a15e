"""Which frames go together, within a unit and within an article."""

from __future__ import annotations

from itertools import combinations
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.comparison.clusters import Clusters, find_clusters, single_article_caveats
from framing.comparison.profiles import ALL
from framing.errors import InputError
from framing.resampling import (
    FEW_CLUSTERS,
    Seed,
    bootstrap_weights,
    few_clusters_caveat,
    generator,
    percentile_interval,
)
from framing.results import Result

Array = NDArray[np.float64]

Within = Literal["unit", "article"]
"""unit: two frames in the same unit; article: in the same article, in whatever units."""

_MEASURES = ("lift", "odds_ratio", "phi")


def association(cells: Array) -> dict[str, Array]:
    """Measure how far two frames go together.

    ``lift = P(AB) / (P(A) P(B))``, 1 where they are independent; the odds ratio with half a case added to each cell
    (Haldane 1956; Anscombe 1956), so that it is never 0 or infinite; ``phi``, Pearson's correlation of the two.

    Parameters
    ----------
    cells : shape (..., 4)
        Number of cases with both, with the first alone, the second alone, and neither.

    Returns
    -------
    dict
        ``lift, odds_ratio, phi``, shape (...) each; lift and phi nan where undefined, the odds ratio where lift is.
    """
    both, first, second, neither = np.moveaxis(cells, -1, 0)
    n, a, b = cells.sum(axis=-1), both + first, both + second
    expected, spread = a * b, np.sqrt(a * b * (n - a) * (n - b))
    lift = np.divide(both * n, expected, out=np.full(n.shape, np.nan), where=expected > 0)
    phi = np.divide(both * neither - first * second, spread, out=np.full(n.shape, np.nan), where=spread > 0)
    odds = (both + 0.5) * (neither + 0.5) / ((first + 0.5) * (second + 0.5))
    return {"lift": lift, "odds_ratio": np.where(np.isfinite(lift), odds, np.nan), "phi": phi}


def cooccurrence(
    units: pd.DataFrame,
    columns: dict[str, str],
    *,
    rng: Seed,
    within: Within = "unit",
    groups: str | None = None,
    replicates: int = 2000,
    level: float = 0.95,
) -> Result:
    """Measure which frames go together, over all outlets and in each.

    Parameters
    ----------
    units, columns, groups, level
        As in `framing.comparison.shares`; all columns bool, of frames.
    rng
        Seed or generator of the bootstrap.
    within
        Whether frames must meet in a unit or in an article.
    replicates
        Number of bootstrap replicates.

    Returns
    -------
    Result
        Per outlet (first `ALL`) and two frames: ``outlet, frame_a, frame_b, n_both, n_a, n_b, n`` (units or articles),
        ``lift, lift_low, lift_high, odds_ratio, odds_ratio_low, odds_ratio_high, phi, phi_low, phi_high, n_clusters,
        scope, reason`` (why a measure or its interval is missing, else empty).
    """
    draw, seed = generator(rng)
    find_clusters(units, groups)  # complains of unknown outlets before any is left out
    _require_two(columns)
    outlets = sorted(units["outlet"].unique())
    parts = [(ALL, units.assign(outlet=ALL))] if len(outlets) > 1 else []
    parts += [(outlet, units[units["outlet"] == outlet]) for outlet in outlets]
    rows, fewest = [], FEW_CLUSTERS
    for outlet, own in parts:
        found, clusters = _pairs(own, columns, within, groups, replicates, level, draw)
        rows += [{"outlet": outlet, **row, "n_clusters": clusters.n, "scope": clusters.scope} for row in found]
        fewest = min(fewest, clusters.n if clusters.n > 1 else fewest)
    where = {"unit": "in the same unit", "article": "in the same article, in whatever units"}[within]
    joined = "" if groups is None else " (near-duplicates joined)"
    return Result(
        table=pd.DataFrame(rows)[[*_order()]],
        estimand=f"How far two frames go together {where}: lift (1 where independent), odds ratio, phi (0 where "
        f"independent), each {within} counting once.",
        method="Gold codings; odds ratio with half a case added to each cell (Haldane 1956; Anscombe 1956); percentile "
        f"intervals at {level:.0%} from {replicates} bootstrap replicates of whole articles{joined}, or of paragraphs "
        "where an outlet has a single article; uncorrected for their number.",
        n_articles=units["doc_id"].nunique(),
        n_units=len(units),
        seed=seed,
        caveats=(*single_article_caveats(units, groups), *few_clusters_caveat(fewest, "clusters at the least")),
    )


def _order() -> list[str]:
    measures = [name for m in _MEASURES for name in (m, f"{m}_low", f"{m}_high")]
    return ["outlet", "frame_a", "frame_b", "n_both", "n_a", "n_b", "n", *measures, "n_clusters", "scope", "reason"]


def _require_two(columns: dict[str, str]) -> None:
    if len(columns) < 2:
        raise InputError("one frame alone cannot go together with another", cure="Give two frames or more.")


def _pairs(
    own: pd.DataFrame,
    columns: dict[str, str],
    within: Within,
    groups: str | None,
    replicates: int,
    level: float,
    draw: np.random.Generator,
) -> tuple[list[dict[str, object]], Clusters]:
    """Measure every two frames of an outlet."""
    if within == "article":
        own = _articles(own, columns, groups)
        clusters = find_clusters(own, groups) if len(own) > 1 else _alone(own)
    else:
        clusters = find_clusters(own, groups)
    pairs = list(combinations(columns, 2))
    x = own[list(columns.values())].to_numpy(dtype=float)
    place = {frame: index for index, frame in enumerate(columns)}
    a, b = (x[:, [place[pair[side]] for pair in pairs]] for side in (0, 1))
    cells = np.stack([a * b, a * (1 - b), (1 - a) * b, (1 - a) * (1 - b)], axis=-1)
    totals = clusters.totals(cells)
    weights = bootstrap_weights(clusters.n, replicates, draw) if clusters.n > 1 else np.zeros((0, clusters.n))
    draws = association(np.tensordot(weights, totals, axes=1))
    point = association(totals.sum(axis=0))
    return [
        _row(
            pair,
            totals[:, i].sum(axis=0),
            {m: v[i] for m, v in point.items()},
            {m: v[:, i] for m, v in draws.items()},
            level,
        )
        for i, pair in enumerate(pairs)
    ], clusters


def _articles(own: pd.DataFrame, columns: dict[str, str], groups: str | None) -> pd.DataFrame:
    """Return one row per article, with the frames of any of its units."""
    key = ["outlet", "doc_id", *([] if groups is None else [groups])]
    names = list(columns.values())
    return own.assign(**{c: own[c].astype(bool) for c in names}).groupby(key, sort=True)[names].any().reset_index()


def _row(
    pair: tuple[str, str], cells: Array, point: dict[str, Array], draws: dict[str, Array], level: float
) -> dict[str, object]:
    both, first, second, neither = (round(float(cell)) for cell in cells)
    row: dict[str, object] = {"frame_a": pair[0], "frame_b": pair[1], "n_both": both, "n_a": both + first}
    row |= {"n_b": both + second, "n": both + first + second + neither}
    reason = _reason(pair, row, len(draws["lift"]))
    for measure in _MEASURES:
        value = float(point[measure])
        low, high = (np.nan, np.nan) if reason else percentile_interval(draws[measure], level)
        row |= {measure: value, f"{measure}_low": low, f"{measure}_high": high}
    return {**row, "reason": reason}


def _reason(pair: tuple[str, str], row: dict[str, object], replicates: int) -> str:
    """Say why a measure or its interval is missing: what was never seen is in no replicate either."""
    for frame, count in zip(pair, (row["n_a"], row["n_b"]), strict=True):
        if count == 0:
            return f"{frame} never occurs"
        if count == row["n"]:
            return f"no phi: {frame} always occurs"
    if not replicates:
        return "no interval: a single article"
    if row["n_both"] == 0:
        return "no interval: never together, and so in no replicate"
    if row["n_both"] in (row["n_a"], row["n_b"]):
        return "no interval: one never without the other, and so in no replicate"
    return ""


def _alone(own: pd.DataFrame) -> Clusters:
    """Return one cluster for the articles of an outlet that has a single one."""
    return Clusters(
        np.zeros(len(own), dtype=np.intp), 1, own["outlet"].to_numpy(dtype=object)[:1], "paragraph", np.ones(1)
    )
