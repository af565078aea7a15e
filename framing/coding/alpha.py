"""Coefficients of agreement: pure functions of how many coders gave each value to each unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

Metric = Literal["nominal", "ordinal", "interval", "ratio"]
"""How far two values are apart. nominal: all alike; ordinal: by the codes that lie between them; interval: by the
square of their difference; ratio: by that square, relative to their sum."""

SetMetric = Literal["nominal", "jaccard", "masi"]
"""How far two sets are apart. nominal: equal or not; jaccard: by what they share of their union; masi: the same, and
nearer where one holds the other (Passonneau 2006)."""

TENTATIVE, RELIABLE = 0.667, 0.8
"""Customary marks of alpha: "rely only on variables with reliabilities above .800", and between .667 and .800 draw
"only tentative conclusions" (Krippendorff, Content Analysis, 2004, p. 241; 4th edition 2019, chapter 12)."""

Verdict = Literal["reliable", "tentative", "unreliable", "unknown"]
"""What an alpha allows by these marks; unknown where it could not be computed."""

SUBSET, OVERLAP = 2 / 3, 1 / 3
"""Monotonicity of MASI where one set holds the other, and where they only overlap (Passonneau 2006)."""


def verdict(alpha: float) -> Verdict:
    """Say what an alpha allows by the marks `TENTATIVE` and `RELIABLE`, whatever its interval."""
    if not np.isfinite(alpha):
        return "unknown"
    return "reliable" if alpha >= RELIABLE else "tentative" if alpha >= TENTATIVE else "unreliable"


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


def coincidences_with(own: Array, others: Array) -> Array:
    """Return each unit's coincidences of one coder with all others, as if with one of them drawn at random.

    Parameters
    ----------
    own, others : shape (units, values)
        How often this coder, and how many of the others, gave each value.

    Returns
    -------
    o : shape (units, values, values)
        The pairs of `coincidences` in which this coder stands, divided by their number; zero where either side is
        empty. Of two coders they are `coincidences`.
    """
    m = others.sum(axis=1, keepdims=True)
    mean = np.divide(others, m, out=np.zeros_like(others), where=m > 0)
    o = own[:, :, None] * mean[:, None, :]
    return np.asarray(o + o.transpose(0, 2, 1), dtype=np.float64)


def differences(metric: Metric, values: Sequence[object], n_c: Array) -> Array:
    """Return the squared differences between values, Krippendorff's delta.

    As in Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011).

    Parameters
    ----------
    metric
        See `Metric`.
    values : length values
        In their order; numbers from 0 for ``ratio``, numbers for ``interval``, unused by the others.
    n_c : shape (..., values)
        How often each is paired, by which ordinal ones are apart.

    Returns
    -------
    d : shape (..., values, values) for ``ordinal``, (values, values) for the others
    """
    if metric == "nominal":
        return np.asarray(1.0 - np.eye(n_c.shape[-1]))
    if metric == "ordinal":
        middle = np.cumsum(n_c, axis=-1) - n_c / 2
        return np.asarray((middle[..., :, None] - middle[..., None, :]) ** 2)
    v = np.asarray(values, dtype=np.float64)
    difference, total = v[:, None] - v[None, :], v[:, None] + v[None, :]
    if metric == "interval":
        return np.asarray(difference**2)
    return np.asarray(np.divide(difference, total, out=np.zeros_like(total), where=total != 0) ** 2)


def alpha_from_coincidences(o: Array, metric: Metric, values: Sequence[object] = ()) -> Array:
    """Compute alpha for a stack of coincidence matrices.

    ``alpha = 1 - (n - 1) sum(o_ck d_ck) / sum(n_c n_k d_ck)`` with the metric's `differences` ``d_ck``
    (Hayes & Krippendorff 2007, doi 10.1080/19312450709336664).

    Parameters
    ----------
    o : shape (..., values, values)
        Coincidence matrices; ordinal values in their order.
    metric, values
        See `differences`.

    Returns
    -------
    alpha : shape (...)
        nan where only one value was used, for then disagreement could not occur.
    """
    n_c = o.sum(axis=-1)
    d = np.broadcast_to(differences(metric, values, n_c), o.shape)
    return alpha_from_totals((o * d).sum(axis=(-2, -1)), n_c, d)


def alpha_from_totals(observed: Array, n_c: Array, d: Array) -> Array:
    """Compute alpha from what was observed and how often each value was paired.

    Parameters
    ----------
    observed : shape (...)
        ``sum(o_ck d_ck)``.
    n_c : shape (..., values)
    d : shape (values, values) or (..., values, values)

    Returns
    -------
    alpha : shape (...)
    """
    n = n_c.sum(axis=-1)
    expected = (
        ((n_c @ d) * n_c).sum(axis=-1)
        if d.ndim == 2
        else (n_c[..., :, None] * n_c[..., None, :] * d).sum(axis=(-2, -1))
    )
    ratio = np.divide(observed, expected, out=np.full_like(expected, np.nan), where=expected > 0)
    return np.asarray(1.0 - (n - 1) * ratio, dtype=np.float64)


def observed_differences(counts: Array, d: Array) -> tuple[Array, Array]:
    """Return what each unit adds to alpha under a metric that does not depend on the margins.

    As `coincidences`, without a matrix per unit: sets have many values.

    Parameters
    ----------
    counts : shape (units, values)
    d : shape (values, values)

    Returns
    -------
    observed : shape (units,)
        ``sum(o_uck d_ck)``.
    paired : shape (units, values)
        ``n_uc`` of units with two codes or more, else 0.
    """
    m = counts.sum(axis=1)
    weight = np.divide(1.0, m - 1, out=np.zeros_like(m), where=m > 1)
    return ((counts @ d) * counts).sum(axis=1) * weight, counts * (m > 1)[:, None]


def set_differences(sets: Sequence[frozenset[str]], metric: SetMetric) -> Array:
    """Return the differences between sets, shape (sets, sets).

    ``jaccard = 1 - |a & b| / |a | b|``; ``masi = 1 - M |a & b| / |a | b|`` with ``M`` 1 for equal sets, `SUBSET` where
    one holds the other, `OVERLAP` where they overlap, else 0 (Passonneau 2006, "Measuring Agreement on Set-valued
    Items (MASI) for Semantic and Pragmatic Annotation", LREC). The empty set is a value as others are: alike to itself,
    1 from every other.
    """
    d = np.zeros((len(sets), len(sets)))
    for i, a in enumerate(sets):
        for j, b in enumerate(sets):
            if a == b:
                continue
            shared = len(a & b) / len(a | b)
            monotone = {"nominal": 0.0, "jaccard": 1.0, "masi": SUBSET if a < b or b < a else OVERLAP}[metric]
            d[i, j] = 1.0 - monotone * shared
    return d


def ac1_parts(counts: Array) -> Array:
    """Return what each unit adds to Gwet's AC1, to be summed over units and given to `ac1_from_parts`.

    Parameters
    ----------
    counts : shape (units, values)

    Returns
    -------
    parts : shape (units, 3 + values)
        Whether the unit has two codes or more, its agreement ``sum_q r_iq (r_iq - 1) / (r_i (r_i - 1))``, whether it
        has any code, and the shares ``r_iq / r_i`` of its values.
    """
    r = counts.sum(axis=1)
    pairs = (counts * (counts - 1)).sum(axis=1)
    agree = np.divide(pairs, r * (r - 1), out=np.zeros_like(r), where=r > 1)
    share = np.divide(counts, r[:, None], out=np.zeros_like(counts), where=r[:, None] > 0)
    return np.column_stack([r > 1, agree, r > 0, share])


def ac1_from_parts(parts: Array) -> Array:
    """Compute Gwet's AC1 of several coders with missing codes.

    ``(p_a - p_e) / (1 - p_e)`` with ``p_a`` the mean agreement of units with two codes or more, and
    ``p_e = sum_q pi_q (1 - pi_q) / (Q - 1)`` from the mean shares ``pi_q`` of all coded units (Gwet 2008, British
    Journal of Mathematical and Statistical Psychology 61, 29-48, doi 10.1348/000711006X126600; with missing codes:
    Gwet 2014, Handbook of Inter-Rater Reliability, 4th edition).

    Parameters
    ----------
    parts : shape (..., 3 + values)
        Sums of `ac1_parts` over units.

    Returns
    -------
    ac1 : shape (...)
        nan where no unit has two codes or there is one value alone to choose.
    """
    pairable, agree, coded, share = parts[..., 0], parts[..., 1], parts[..., 2], parts[..., 3:]
    known = (pairable > 0) & (share.shape[-1] > 1)
    p_a = np.divide(agree, pairable, out=np.full_like(agree, np.nan), where=known)
    pi = np.divide(share, coded[..., None], out=np.full_like(share, np.nan), where=known[..., None])
    p_e = (pi * (1 - pi)).sum(axis=-1) / max(share.shape[-1] - 1, 1)
    return np.asarray((p_a - p_e) / (1 - p_e), dtype=np.float64)


def cohen_kappa(table: Array) -> Array:
    """Compute Cohen's kappa of two coders (Cohen 1960, doi 10.1177/001316446002000104).

    Parameters
    ----------
    table : shape (..., values, values)
        How many units the first coder gave the row's value and the second the column's.

    Returns
    -------
    kappa : shape (...)
        nan where both gave one and the same value to all units.
    """
    n = table.sum(axis=(-2, -1))
    same = np.trace(table, axis1=-2, axis2=-1) * n
    chance = (table.sum(axis=-1) * table.sum(axis=-2)).sum(axis=-1)
    left = n**2 - chance
    return np.asarray(np.divide(same - chance, left, out=np.full_like(left, np.nan), where=left > 0))
