"""Agreement between coders: Krippendorff's alpha with an interval from resampling articles."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.coding.codebook import Codebook, Variable
from framing.resampling import (
    Seed,
    bootstrap_weights,
    cluster_index,
    few_clusters_caveat,
    generator,
    percentile_interval,
)
from framing.results import Result
from framing.schema import KEY

Array = NDArray[np.float64]


def coincidences(counts: Array) -> Array:
    """Return each unit's coincidence matrix (Hayes & Krippendorff 2007, p. 85).

    Parameters
    ----------
    counts : shape (units, values)
        How many coders gave each value to each unit.

    Returns
    -------
    o : shape (units, values, values)
        ``n_uc (n_uk - [c = k]) / (m_u - 1)``; zero for units with fewer than two codes.
    """
    m = counts.sum(axis=1)
    weight = np.divide(1.0, m - 1, out=np.zeros_like(m), where=m > 1)
    o = counts[:, :, None] * counts[:, None, :]
    diagonal = np.arange(counts.shape[1])
    o[:, diagonal, diagonal] -= counts
    return np.asarray(o * weight[:, None, None], dtype=np.float64)


def alpha_from_coincidences(o: Array, *, ordinal: bool) -> Array:
    """Compute alpha for a stack of coincidence matrices.

    ``alpha = 1 - (n - 1) sum(o_ck d_ck) / sum(n_c n_k d_ck)`` with the nominal metric
    ``d_ck = [c != k]`` or the ordinal ``d_ck = (sum_{g=c..k} n_g - (n_c + n_k) / 2)^2``
    (Hayes & Krippendorff 2007, doi 10.1080/19312450709336664).

    Parameters
    ----------
    o : shape (..., values, values)
        Coincidence matrices; ordinal values in their order.

    Returns
    -------
    alpha : shape (...)
        nan where only one value was used, for then disagreement could not occur.
    """
    n_c = o.sum(axis=-1)
    n = n_c.sum(axis=-1)
    if ordinal:
        middle = np.cumsum(n_c, axis=-1) - n_c / 2
        d = (middle[..., :, None] - middle[..., None, :]) ** 2
    else:
        d = np.broadcast_to(1.0 - np.eye(o.shape[-1]), o.shape)
    observed = (o * d).sum(axis=(-2, -1))
    expected = (n_c[..., :, None] * n_c[..., None, :] * d).sum(axis=(-2, -1))
    ratio = np.divide(observed, expected, out=np.full_like(expected, np.nan), where=expected > 0)
    return np.asarray(1.0 - (n - 1) * ratio, dtype=np.float64)


def agreement(
    codings: pd.DataFrame, codebook: Codebook, *, rng: Seed, replicates: int = 2000, level: float = 0.95
) -> Result:
    """Estimate how far coders agree on each variable of the codebook.

    Parameters
    ----------
    codings
        As `framing.read_codings` returns them.
    codebook
        Whose variables are reported, in its order.
    rng
        Seed or generator of the article bootstrap.
    replicates, level
        Number of bootstrap replicates, and the interval's nominal level.

    Returns
    -------
    Result
        Per variable: ``variable, kind, alpha, low, high, prevalence`` (share of codings with the frame or
        mention; nan for other kinds, see `value_shares`), ``n_units`` (with two codes or more), ``n_codings,
        n_coders, reason`` (why alpha is missing, else empty).
    """
    draw, seed = generator(rng)
    unit = codings.groupby(KEY, sort=False).ngroup().to_numpy().astype(np.intp)
    codes, n_articles = cluster_index(codings.drop_duplicates(KEY)["doc_id"])
    weights = bootstrap_weights(n_articles, replicates, draw)
    rows = [_row(codings, variable, unit, codes, weights, level) for variable in codebook.variables]
    return Result(
        table=pd.DataFrame(rows),
        estimand="Krippendorff's alpha of each variable: 1 is perfect agreement, 0 what chance would give.",
        method=(
            "Nominal metric for frames, mentions and voice, ordinal for tones (Hayes & Krippendorff 2007); "
            f"percentile interval at {level:.0%} from {replicates} bootstrap replicates of whole articles."
        ),
        n_articles=n_articles,
        n_units=len(codes),
        seed=seed,
        caveats=few_clusters_caveat(n_articles, "articles"),
    )


def value_shares(codings: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Return the share of codings that gave each value: ``variable, value, share, n_codings``."""
    rows = []
    for variable in codebook.variables:
        column = codings[variable.column].dropna()
        for value in variable.values:
            share = float((column == value).mean()) if len(column) else float("nan")
            rows.append({"variable": variable.id, "value": str(value), "share": share, "n_codings": len(column)})
    return pd.DataFrame(rows)


def _row(
    codings: pd.DataFrame,
    variable: Variable,
    unit: NDArray[np.intp],
    articles: NDArray[np.intp],
    weights: Array,
    level: float,
) -> dict[str, object]:
    counts = _counts(codings[variable.column], variable, unit, len(articles))
    o = coincidences(counts)
    by_article = np.zeros((weights.shape[1], *o.shape[1:]))
    np.add.at(by_article, articles, o)
    ordinal = variable.kind == "ordinal"
    alpha = float(alpha_from_coincidences(o.sum(axis=0), ordinal=ordinal))
    draws = alpha_from_coincidences(np.tensordot(weights, by_article, axes=1), ordinal=ordinal)
    low, high = percentile_interval(draws, level) if weights.shape[1] > 1 else (float("nan"), float("nan"))
    present = counts.sum(axis=0)[-1] / max(counts.sum(), 1.0)
    return {
        "variable": variable.id,
        "kind": variable.kind,
        "alpha": alpha,
        "low": low,
        "high": high,
        "prevalence": float(present) if variable.kind in ("frame", "mention") else float("nan"),
        "n_units": int((counts.sum(axis=1) > 1).sum()),
        "n_codings": int(counts.sum()),
        "n_coders": int(codings["coder"].nunique()),
        "reason": _reason(counts, alpha),
    }


def _counts(column: pd.Series, variable: Variable, unit: NDArray[np.intp], n_units: int) -> Array:
    """Count values per unit: shape (units in order of appearance, values)."""
    counts = np.zeros((n_units, len(variable.values)))
    for index, value in enumerate(variable.values):
        hit = (column == value).fillna(False).to_numpy(dtype=bool)
        counts[:, index] = np.bincount(unit[hit], minlength=n_units)
    return counts


def _reason(counts: Array, alpha: float) -> str:
    if np.isfinite(alpha):
        return ""
    if not (counts.sum(axis=1) > 1).any():
        return "no unit has two codes"
    return "only one value was used, so disagreement could not occur"
