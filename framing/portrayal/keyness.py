"""Words that one outlet uses more than the others: log-odds with an informative Dirichlet prior.

References
----------
.. [1] Monroe, Colaresi and Quinn (2008), Fightin' Words: Lexical Feature Selection and Evaluation for Identifying the
   Content of Political Conflict, Political Analysis 16(4), pp. 372-403. doi:10.1093/pan/mpn018
.. [2] Rao and Scott (1981), The Analysis of Categorical Data from Complex Sample Surveys, JASA 76(374), pp. 221-230,
   for why counts of words in clusters need a larger variance than multinomial ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.results import Result

Array = NDArray[np.float64]

PRIOR = 500.0
"""Size of the prior in words, spread as the words of all texts are: enough to steady what is rare, little beside an
outlet's texts. A convention; give your own as ``prior``."""

LEVEL = 0.95

KEYNESS_COLUMNS = ("outlet", "word", "n", "n_others", "rate", "rate_others", "log_odds", "low", "high", "z", "p_holm",
                   "blocks")  # fmt: skip
"""Columns of the table: ``rate`` per 1000 counted words; ``log_odds`` of the outlet less that of the others; ``blocks``
of the outlet in which the word stands."""


@dataclass(frozen=True, eq=False)
class _Side:
    """Counts of one side: of each word in each block, shape (blocks, words), and words of each block."""

    counts: Array
    sizes: Array


def keyness(
    counts: pd.DataFrame,
    totals: pd.DataFrame | None = None,
    *,
    least: int = 3,
    prior: float = PRIOR,
    level: float = LEVEL,
) -> Result:
    """Compare the words of each outlet with those of the others.

    For outlet i against the others j, with counts y of a word, totals n and a prior of a0 words in which the word has
    a, its log-odds are log((y + a) / (n + a0 - y - a)) ([1]_, eq. 15); delta is their difference (eq. 16), its
    variance 1 / (y_i + a) + 1 / (y_j + a) (eq. 20) and z their ratio (eq. 22). Words come in articles, so that this
    variance is too small wherever an article repeats itself; each side's part is therefore replaced by the linearised
    variance between blocks ([2]_) where that is larger.

    Parameters
    ----------
    counts
        ``outlet, block, word, n``: blocks are articles, or paragraphs.
    totals
        Where the counts are of some words only: ``outlet, block, n``, all words of each block.
    least
        Least count of a word in all texts to be in the table; rarer ones still count in the totals.
    prior
        Words in the prior, a0.
    level
        Of the intervals.

    Returns
    -------
    Result
        `KEYNESS_COLUMNS`, per outlet the words it uses most beyond the others first. ``p_holm`` is Holm's correction
        over the whole table.
    """
    tables, size = _tables(counts, totals, least, prior, level)
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(KEYNESS_COLUMNS))
    return Result(
        table=_corrected(table),
        estimand="By how much the log-odds of a word are higher in an outlet than in the others.",
        method=(
            f"Log-odds with an informative Dirichlet prior of {prior:g} words (Monroe, Colaresi and Quinn 2008, eq. 15 "
            f"to 22); intervals at {level:.0%} from the larger of its variance and the linearised one between blocks; "
            f"words with {least} or more uses; z tests, Holm's correction over {len(table)} rows."
        ),
        n_articles=0,
        n_units=size,
    )


def _tables(
    counts: pd.DataFrame, totals: pd.DataFrame | None, least: int, prior: float, level: float
) -> tuple[list[pd.DataFrame], int]:
    """Return each outlet's table, and the number of words counted."""
    words = counts.groupby("word")["n"].sum()
    kept = words.index[words >= least]
    wide = counts.pivot_table(index=["outlet", "block"], columns="word", values="n", fill_value=0, aggfunc="sum")
    if totals is None:
        totals = counts.groupby(["outlet", "block"])["n"].sum().reset_index()
    size = totals.set_index(["outlet", "block"])["n"]
    wide = wide.reindex(size.index, fill_value=0)
    sizes = size.to_numpy(dtype=float)
    background = (words / sizes.sum()).loc[kept].to_numpy(dtype=float) * prior
    matrix = wide[kept].to_numpy(dtype=float)
    outlet = wide.index.get_level_values("outlet")
    tables = []
    for name in sorted(set(outlet)) if len(set(outlet)) > 1 else []:
        own = np.asarray(outlet == name)
        one, rest = _Side(matrix[own], sizes[own]), _Side(matrix[~own], sizes[~own])
        tables.append(_against(str(name), np.asarray(kept), one, rest, background, prior, level))
    return tables, int(sizes.sum())


def _against(
    name: str, words: NDArray[np.object_], one: _Side, rest: _Side, background: Array, prior: float, level: float
) -> pd.DataFrame:
    from scipy.stats import norm

    (a, var_a), (b, var_b) = (_log_odds(side, background, prior) for side in (one, rest))
    delta, error = a - b, np.sqrt(var_a + var_b)
    half = norm.ppf((1 + level) / 2) * error
    y, others = one.counts.sum(axis=0), rest.counts.sum(axis=0)
    table = pd.DataFrame(
        {
            "outlet": name,
            "word": words,
            "n": y.astype(int),
            "n_others": others.astype(int),
            "rate": 1000 * y / one.sizes.sum(),
            "rate_others": 1000 * others / rest.sizes.sum(),
            "log_odds": delta,
            "low": delta - half,
            "high": delta + half,
            "z": delta / error,
            "p_holm": 2 * norm.sf(np.abs(delta / error)),
            "blocks": (one.counts > 0).sum(axis=0),
        }
    )
    return table.sort_values(["z", "word"], ascending=[False, True], ignore_index=True)


def _log_odds(side: _Side, background: Array, prior: float) -> tuple[Array, Array]:
    """Return the log-odds of each word on one side and their variance, shape (words,) each."""
    y, n = side.counts.sum(axis=0), side.sizes.sum()
    smoothed, total = y + background, n + prior
    odds = np.log(smoothed / (total - smoothed))
    plain = 1 / smoothed
    blocks = len(side.sizes)
    if blocks < 2:
        return odds, plain
    residual = side.counts - np.outer(side.sizes, y / n)
    p = smoothed / total
    linear = residual / (total * p * (1 - p))
    between = blocks / (blocks - 1) * (linear**2).sum(axis=0)
    return odds, np.maximum(plain, between)


def _corrected(table: pd.DataFrame) -> pd.DataFrame:
    from statsmodels.stats.multitest import multipletests

    if len(table):
        table["p_holm"] = multipletests(table["p_holm"], method="holm")[1]
    return table[list(KEYNESS_COLUMNS)]
