"""The same contrasts by regression: whether what is found hangs on how clusters are dealt with."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from itertools import combinations, product

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tqdm.auto import tqdm

from framing.comparison.clusters import find_clusters, single_article_caveats
from framing.results import Result

Array = NDArray[np.float64]
Fit = tuple[float, float, float]
"""Estimate of the outlet's coefficient, its standard error, and degrees of freedom (infinite for the mixed model)."""

_PRIOR = 2.0
"""Standard deviation of the mixed model's normal prior on its coefficients; the log of the intercepts' standard
deviation has that of 1; both are statsmodels' defaults."""


def regressions(
    units: pd.DataFrame, columns: dict[str, str], *, groups: str | None = None, level: float = 0.95
) -> Result:
    """Estimate the odds ratio of every two outlets by three regressions, as a check on `contrasts`.

    Parameters
    ----------
    units, columns, groups, level
        As in `framing.comparison.shares`.

    Returns
    -------
    Result
        Per two outlets, variable and ``model`` (``logit``: independence with clustered standard errors; ``gee``:
        exchangeable within clusters; ``mixed``: an intercept for each cluster): ``outlet_a, outlet_b, variable, model,
        odds_ratio, low, high, p, n_units, n_clusters, scope, reason`` (why it is missing, else empty).
    """
    find_clusters(units, groups)  # complains of unknown outlets before any is left out
    rows = []
    pairs = list(product(columns.items(), combinations(sorted(units["outlet"].unique()), 2)))
    for (variable, column), (a, b) in tqdm(pairs, desc="regressions", unit="pair", disable=None, leave=False):
        pair = units[units["outlet"].isin([a, b])]
        clusters, known = find_clusters(pair, groups), pair[column].notna().to_numpy()
        own, codes = pair[known], clusters.codes[known]
        y, x = own[column].to_numpy(dtype=float), own["outlet"].eq(a).to_numpy().astype(float)
        names = {"outlet_a": a, "outlet_b": b, "variable": variable}
        size = {"n_units": len(own), "n_clusters": len(np.unique(codes)), "scope": clusters.scope}
        rows += [{**names, "model": model, **_odds(fit, y, x, codes, level), **size} for model, fit in _MODELS.items()]
    order = ["outlet_a", "outlet_b", "variable", "model", "odds_ratio", "low", "high", "p", "n_units", "n_clusters"]
    joined = "" if groups is None else " (near-duplicates joined)"
    return Result(
        table=pd.DataFrame(rows, columns=[*order, "scope", "reason"]),
        estimand="Odds ratio of two outlets (first against second) that a unit carries the frame: over all units for "
        "logit and gee, for units of one and the same cluster for mixed, which is farther from 1 by construction.",
        method="statsmodels: Logit with clustered standard errors; GEE with exchangeable working correlation and Mancl "
        "& DeRouen's (2001) covariance; BinomialBayesMixedGLM with a random intercept, by variational Bayes, its error "
        f"from the curvature at the means (Breslow & Clayton 1993), normal priors of {_PRIOR:g}. Clusters are "
        f"articles{joined}, or paragraphs where one of the two has a single article. Intervals at {level:.0%}, with t "
        "at clusters less 2 for logit and gee; p uncorrected.",
        n_articles=units["doc_id"].nunique(),
        n_units=len(units),
        caveats=single_article_caveats(units, groups),
    )


def _odds(
    fit: Callable[[Array, Array, NDArray[np.intp]], Fit], y: Array, x: Array, codes: NDArray[np.intp], level: float
) -> dict[str, object]:
    """Fit one model; whatever keeps it from an answer becomes a reason."""
    from scipy.stats import t

    nothing = dict.fromkeys(("odds_ratio", "low", "high", "p"), float("nan"))
    reason = _degenerate(y, x, codes)
    if reason:
        return {**nothing, "reason": reason}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            log, error, df = fit(y, x, codes)
        except (ValueError, ArithmeticError, np.linalg.LinAlgError) as failure:
            return {**nothing, "reason": f"not estimated: {failure}"}
    if caught or not np.isfinite([log, error]).all():
        why = str(caught[0].message).splitlines()[0] if caught else "no finite estimate"
        return {**nothing, "reason": f"not estimated: {why}"}
    half = t.ppf((1 + level) / 2, df) * error
    low, high = np.exp([log - half, log + half])
    return {
        "odds_ratio": float(np.exp(log)),
        "low": low,
        "high": high,
        "p": float(2 * t.sf(abs(log / error), df)),
        "reason": "",
    }


def _degenerate(y: Array, x: Array, codes: NDArray[np.intp]) -> str:
    for part, which in ((x == 1, "first"), (x == 0, "second")):
        if not part.any():
            return f"the {which} outlet has no unit with a value"
        if y[part].min() == y[part].max():
            return f"it {'always' if y[part].max() else 'never'} occurs in the {which} outlet"
        if len(np.unique(codes[part])) < 2:
            return f"the {which} outlet has a single cluster"
    return ""


def _design(x: Array) -> Array:
    return np.column_stack([np.ones(len(x)), x])


def _logit(y: Array, x: Array, codes: NDArray[np.intp]) -> Fit:
    import statsmodels.api as sm

    fit = sm.Logit(y, _design(x)).fit(disp=0, cov_type="cluster", cov_kwds={"groups": codes})
    return float(fit.params[1]), float(fit.bse[1]), len(np.unique(codes)) - 2


def _gee(y: Array, x: Array, codes: NDArray[np.intp]) -> Fit:
    import statsmodels.api as sm

    order = np.argsort(codes, kind="stable")
    exchangeable = sm.cov_struct.Exchangeable()
    model = sm.GEE(y[order], _design(x[order]), codes[order], family=sm.families.Binomial(), cov_struct=exchangeable)
    fit = model.fit(cov_type="bias_reduced")
    return float(fit.params[1]), float(fit.bse[1]), len(np.unique(codes)) - 2


def _mixed(y: Array, x: Array, codes: NDArray[np.intp]) -> Fit:
    """Fit by variational Bayes, and take the error from the curvature at its means.

    Mean-field posteriors hold the outlet and the intercepts of its clusters to be independent and are far too narrow.
    The curvature of the log posterior in both, the intercepts' variance given (Breslow & Clayton 1993), is not.
    """
    from scipy.sparse import csr_matrix
    from statsmodels.genmod.bayes_mixed_glm import BinomialBayesMixedGLM

    _, index = np.unique(codes, return_inverse=True)
    z, design = csr_matrix((np.ones(len(y)), (np.arange(len(y)), index))), _design(x)
    model = BinomialBayesMixedGLM(y, design, z, np.zeros(z.shape[1], dtype=int), vcp_p=1, fe_p=_PRIOR)
    start = np.concatenate([np.zeros(2), [-1.0], np.zeros(z.shape[1])])
    fit = model.fit_vb(mean=start, sd=np.full(len(start), 0.5))
    mean = 1 / (1 + np.exp(-(design @ fit.fe_mean + z @ fit.vc_mean)))
    weighted = (mean * (1 - mean))[:, None] * design
    within = z.T @ weighted  # shape (clusters, 2)
    diagonal = z.T @ (mean * (1 - mean)) + np.exp(-2 * fit.vcp_mean[0])
    information = design.T @ weighted + np.eye(2) / _PRIOR**2 - within.T @ (within / diagonal[:, None])
    return float(fit.fe_mean[1]), float(np.sqrt(np.linalg.inv(information)[1, 1])), np.inf


_MODELS: dict[str, Callable[[Array, Array, NDArray[np.intp]], Fit]] = {"logit": _logit, "gee": _gee, "mixed": _mixed}
