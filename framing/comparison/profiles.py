"""How far apart the frame profiles of outlets are, and whether chance would bring them as far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tqdm.auto import tqdm

from framing.comparison.clusters import Clusters, find_clusters, single_article_caveats
from framing.comparison.contrasts import adjusted_p
from framing.comparison.estimates import Weight
from framing.comparison.permutation import BLOCK, EXACT, is_exact, labellings, p_of, smallest_p
from framing.resampling import Seed, generator
from framing.results import Result

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]

ALL = "(all)"
"""Stands for all outlets together."""

_COLUMNS = (
    *("outlet_a", "outlet_b", "jsd", "jsd_chance", "jsd_chance_high", "p_jsd", "p_jsd_holm"),
    *(
        "cramers_v",
        "v_chance_high",
        "p_v",
        "p_v_holm",
        "labellings",
        "exact",
        "reason",
        "n_codes",
        "n_clusters",
        "scope",
    ),
)


def jensen_shannon(profiles: Array) -> Array:
    """Compute the Jensen-Shannon divergence of distributions, in bits.

    ``H(mean of p_i) - mean of H(p_i)`` with equal weights (Lin 1991, "Divergence measures based on the Shannon
    entropy"): 0 for equal profiles, 1 for two without
    a frame in common; at most ``log2`` of their number.

    Parameters
    ----------
    profiles : shape (..., outlets, frames)
        Each row sums to 1.

    Returns
    -------
    divergence : shape (...)
    """
    from scipy.special import entr

    mixed = entr(profiles.mean(axis=-2)).sum(axis=-1)
    return np.asarray(np.maximum(mixed - entr(profiles).sum(axis=-1).mean(axis=-1), 0.0) / np.log(2), dtype=np.float64)


def cramers_v(counts: Array) -> Array:
    """Compute Cramér's V with Bergsma's correction for bias.

    Bergsma (2013, "A bias-correction for Cramér's V and Tschuprow's T", Journal of the Korean Statistical Society
    42): ``phi^2~ = max(0, phi^2 - (k-1)(r-1)/(n-1))``, ``k~ = k - (k-1)^2/(n-1)``, and
    ``V~ = sqrt(phi^2~ / (min(k~, r~) - 1))``.

    Parameters
    ----------
    counts : shape (..., outlets, frames)
        Frames that no outlet uses are no category.

    Returns
    -------
    v : shape (...)
        nan where fewer than two outlets or two frames have a count.
    """
    n = counts.sum(axis=(-2, -1))
    across, down = counts.sum(axis=-1, keepdims=True), counts.sum(axis=-2, keepdims=True)
    total = np.maximum(n, 1.0)[..., None, None]
    product = across * down
    squares = np.divide(counts**2, product, out=np.zeros_like(counts), where=product > 0).sum(axis=(-2, -1))
    phi = squares - 1.0
    r, k = ((axis > 0).sum(axis=(-2, -1)) for axis in (across, down))
    few = np.maximum(total[..., 0, 0] - 1, 1.0)
    r_, k_ = (size - (size - 1) ** 2 / few for size in (r, k))
    least = np.minimum(r_, k_) - 1
    corrected_phi = np.maximum(phi - (k - 1) * (r - 1) / few, 0.0)
    defined = (r > 1) & (k > 1) & (least > 0)
    ratio = np.divide(corrected_phi, least, out=np.full(n.shape, np.nan), where=defined)
    return np.asarray(np.sqrt(ratio), dtype=np.float64)


@dataclass(frozen=True)
class _Setting:
    weight: Weight
    groups: str | None
    permutations: int


def profile_distance(
    units: pd.DataFrame,
    columns: dict[str, str],
    *,
    rng: Seed,
    weight: Weight = "units",
    groups: str | None = None,
    permutations: int = 9999,
) -> Result:
    """Measure how far outlets' frame profiles are apart, all together and each two.

    A profile is how the frames that an outlet uses share out: every frame of a unit is a code, and a profile the share
    of each frame among an outlet's codes. How many codes there are does not enter; prevalence tells that.

    Parameters
    ----------
    units, weight, groups
        As in `framing.comparison.shares`; with ``articles``, each article's codes weigh as much as another's.
    columns
        Bool column of each frame by its id.
    rng
        Seed or generator of the permutations.
    permutations
        Number of labellings where there are too many to list them all.

    Returns
    -------
    Result
        First `ALL`, then each two outlets: ``outlet_a, outlet_b, jsd`` (Jensen-Shannon divergence in bits),
        ``jsd_chance`` and ``jsd_chance_high`` (mean and 95th percentile over permuted labels: a divergence is never
        below 0, so that chance alone makes one), ``p_jsd, p_jsd_holm, cramers_v, v_chance_high, p_v, p_v_holm,
        labellings, exact, reason, n_codes, n_clusters, scope``. Holm's correction is over the pairs.
    """
    draw, seed = generator(rng)
    find_clusters(units, groups)  # complains of unknown outlets before any is left out
    outlets = sorted(units["outlet"].unique())
    setting = _Setting(weight, groups, permutations)
    chosen = [[a, b] for a, b in combinations(outlets, 2)]
    rows = []
    parts = [outlets, *chosen] if len(outlets) > 2 else chosen
    for among in tqdm(parts, desc="profiles", unit="pair", disable=None, leave=False):
        names = among if len(among) == 2 else [ALL, ALL]
        found = _distance(units[units["outlet"].isin(among)], among, columns, setting, draw)
        rows.append({"outlet_a": names[0], "outlet_b": names[1], **found})
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    pairs = table["outlet_a"] != ALL
    for p in ("p_jsd", "p_v"):
        table.loc[pairs, f"{p}_holm"] = adjusted_p(table.loc[pairs, p], "holm")
    joined = "" if groups is None else " (near-duplicates joined)"
    return Result(
        table=table,
        estimand="Distance between outlets' frame profiles: how the frames that an outlet uses share out among its "
        f"codes, each {weight.removesuffix('s')} counting once. Jensen-Shannon divergence in bits (0 equal, 1 nothing "
        "in common for two outlets) and Cramér's V of outlet by frame (0 to 1), corrected for bias.",
        method="Gold codings; Lin (1991) with equal weights, Bergsma (2013). Null: outlet labels permuted over articles"
        f"{joined}, or over paragraphs where an outlet has a single article; all ways where two outlets have at most "
        f"{EXACT} (exact), else {permutations} drawn; one-sided, each statistic over its expectation under the "
        "labelling's own linearised variance (first-order Rao & Scott 1981). Holm's correction over the pairs.",
        n_articles=units["doc_id"].nunique(),
        n_units=len(units),
        seed=seed,
        caveats=single_article_caveats(units, groups),
    )


@dataclass(frozen=True, eq=False)
class _Codes:
    """Frame codes of the clusters that have any.

    Attributes
    ----------
    totals : shape (clusters, frames)
        Weighted number of codes.
    squares : shape (clusters,)
        Sum of the codes' squared weights, times the number of near-duplicates.
    outlet : shape (clusters,)
        Number of the outlet that each cluster is of.
    """

    totals: Array
    squares: Array
    outlet: NDArray[np.intp]


def _codes(
    own: pd.DataFrame, columns: dict[str, str], clusters: Clusters, outlets: list[str], weight: Weight
) -> _Codes:
    x = np.nan_to_num(own[list(columns.values())].to_numpy(dtype=float))
    w = np.ones(len(x))
    if weight == "articles":
        per_article = pd.Series(x.sum(axis=1)).groupby(own["doc_id"].to_numpy()).transform("sum").to_numpy()
        w = np.divide(1.0, per_article, out=np.zeros(len(x)), where=per_article > 0)
    totals = clusters.totals(x * w[:, None])
    seen = totals.sum(axis=1) > 0
    index = np.array([outlets.index(outlet) for outlet in clusters.outlet[seen]], dtype=np.intp)
    return _Codes(totals[seen], (clusters.totals(x.sum(axis=1) * w**2) * clusters.copies)[seen], index)


def _distance(
    own: pd.DataFrame, outlets: list[str], columns: dict[str, str], setting: _Setting, draw: np.random.Generator
) -> dict[str, object]:
    """Measure one distance among some outlets."""
    clusters = find_clusters(own, setting.groups)
    codes = _codes(own, columns, clusters, outlets, setting.weight)
    counts = np.bincount(codes.outlet, minlength=len(outlets))
    found: dict[str, object] = {
        "labellings": 0,
        "exact": False,
        "reason": _reason(codes, counts, clusters.level),
        "n_codes": int(np.nansum(own[list(columns.values())].to_numpy(dtype=float))),
        "n_clusters": len(codes.outlet),
        "scope": clusters.scope,
    }
    if (counts == 0).any():
        return found
    jsd, v, (jsd_ratio, v_ratio) = (values[0] for values in _statistics(_one_hot(codes.outlet, len(outlets)), codes))
    found |= {"jsd": jsd, "cramers_v": v}
    if found["reason"]:
        return found
    exact = len(outlets) == 2 and is_exact(codes.outlet == 0)
    drawn = [_statistics(labels, codes) for labels in _labels(codes.outlet, len(outlets), draw, setting.permutations)]
    jsds, vs, ratios = (np.concatenate(part) for part in zip(*drawn, strict=True))
    return found | {
        "jsd_chance": float(jsds.mean()),
        "jsd_chance_high": float(np.quantile(jsds, 0.95)),
        "p_jsd": p_of(jsd_ratio, ratios[:, 0], exact),
        "v_chance_high": float(np.quantile(vs, 0.95)),
        "p_v": p_of(v_ratio, ratios[:, 1], exact),
        "labellings": len(jsds),
        "exact": exact,
    }


def _reason(codes: _Codes, counts: NDArray[np.intp], level: str) -> str:
    """Say why there is no distance or no test, before the labels are looked at; empty where there is one."""
    if (counts == 0).any():
        return "no distance: an outlet has no frame at all"
    if (codes.totals.sum(axis=0) > 0).sum() < 2:
        return "not tested: only one frame occurs"
    first = codes.outlet == 0
    if len(counts) == 2 and smallest_p(first) > 0.05:
        a, b = counts
        return f"not tested: with {a} and {b} {level}s that carry a frame no p can be below {smallest_p(first):.2f}"
    return ""


def _one_hot(outlet: NDArray[np.intp], outlets: int) -> Array:
    """Return one labelling as shape (1, outlets, clusters)."""
    return np.eye(outlets)[outlet].T[None]


def _labels(outlet: NDArray[np.intp], outlets: int, draw: np.random.Generator, permutations: int) -> Iterator[Array]:
    """Yield labellings, shape (some, outlets, clusters): all of two outlets where they are few, else drawn."""
    if outlets == 2:
        for first in labellings(outlet == 0, draw, permutations):
            yield np.stack([first, 1.0 - first], axis=1)
        return
    block = max(1, BLOCK // (outlets * len(outlet)))
    for start in range(0, permutations, block):
        rows = min(block, permutations - start)
        mixed = draw.permuted(np.broadcast_to(outlet, (rows, len(outlet))), axis=1)
        yield (mixed[:, None, :] == np.arange(outlets)[:, None]).astype(float)


def _statistics(labels: Array, codes: _Codes) -> tuple[Array, Array, Array]:
    """Return divergence, V, and both over their expectation, shapes (draws,), (draws,) and (draws, 2).

    To second order a divergence of K profiles around P is ``sum_gf (p_gf - mean_f)^2 / P_f`` but for a constant, and
    ``phi^2 = sum_gf w_g (p_gf - P_f)^2 / P_f`` with an outlet's part ``w_g`` of all codes. Without a difference they
    expect ``(1 - 1/K) sum_g V_g`` and ``sum_g w_g (1 - w_g) V_g``, with ``V_g = sum_f var(p_gf) / P_f``: at least that
    of independent codes, ``(F - 1) sum(w^2) / (sum w)^2``.
    """
    totals = codes.totals[:, codes.totals.sum(axis=0) > 0]
    sizes = totals.sum(axis=1)
    pooled = totals.sum(axis=0) / sizes.sum()
    counts, size, clusters = labels @ totals, labels @ sizes, labels.sum(axis=-1)
    p = counts / size[..., None]
    squares = labels @ totals**2 - 2 * p * (labels @ (totals * sizes[:, None])) + p**2 * (labels @ sizes**2)[..., None]
    spread = (clusters / np.maximum(clusters - 1, 1)) * (np.maximum(squares, 0.0) / pooled).sum(axis=-1)
    variance = np.maximum(spread, max(len(pooled) - 1, 1) * (labels @ codes.squares)) / size**2
    jsd = jensen_shannon(p)
    w = size / sizes.sum()
    phi = (w[..., None] * (p - pooled) ** 2 / pooled).sum(axis=(-2, -1))
    ratios = np.stack([jsd / variance.sum(axis=-1), phi / (w * (1 - w) * variance).sum(axis=-1)], axis=-1)
    return jsd, cramers_v(counts), ratios
