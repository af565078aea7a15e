"""Whether coders agree less, or more, as coding goes on."""

from __future__ import annotations

import pandas as pd

from framing.coding.agreement import SOURCES, intervals, require_metric
from framing.coding.alpha import Metric, coincidences
from framing.coding.codebook import Codebook
from framing.coding.sample import Estimate, Sample, metric_of, share_present, why_missing
from framing.errors import InputError
from framing.resampling import Seed, few_clusters_caveat, percentile_interval
from framing.results import Result

WHEN = "created_at"
"""Column that says when a code was given (ISO 8601)."""


def drift(
    codings: pd.DataFrame,
    codebook: Codebook,
    *,
    rng: Seed,
    windows: int = 4,
    replicates: int = 2000,
    level: float = 0.95,
    metric: Metric = "ordinal",
) -> Result:
    """Estimate agreement in windows of the coding, from its beginning to its end.

    Each coder's codings are ranked by ``created_at``, or by their order in the table where there is none; a unit
    stands where its coders' ranks, as shares of what each has coded, have their mean. Units are then cut into windows
    of equal size.

    Parameters
    ----------
    windows
        Into how many.

    Returns
    -------
    Result
        Per variable and window: ``variable, window`` (from 1), ``begins, ends`` (the earliest and latest
        ``created_at``; empty where not known), ``kind, metric, alpha, low, high, verdict, change, change_low,
        change_high`` (alpha less that of the first window), ``prevalence, n_units, reason``.

    Raises
    ------
    InputError
        For a ``created_at`` that is no time, or fewer units than windows.
    """
    require_metric(codebook, metric)
    sample = Sample.of(codings, rng, replicates, level)
    if windows < 2 or sample.n_units < windows:
        raise InputError(f"{sample.n_units} units cannot be cut into {windows} windows", cure="Ask for 2 or more, few.")
    moment, timed = _moments(codings)
    window = _windows(codings, sample, moment, windows)
    begins, ends = (_bounds(moment, window[sample.unit], windows, timed, last=last) for last in (False, True))
    rows: list[dict[str, object]] = []
    for variable in codebook.variables:
        m = metric_of(variable, metric)
        counts = sample.counts(codings[variable.column], variable.values)
        first = None
        for number in range(windows):
            inside = counts * (window == number).to_numpy()[:, None]
            alpha = sample.alpha(coincidences(inside), m, variable.values)
            first = alpha if first is None else first
            span = {"variable": variable.id, "window": number + 1, "begins": begins[number], "ends": ends[number]}
            told = {"kind": variable.kind, "metric": m, **_agreed(alpha, first if number else None, level)}
            share = share_present(inside, variable)
            n, reason = int((inside.sum(axis=1) > 1).sum()), why_missing(alpha.value, inside)
            rows.append({**span, **told, "prevalence": share, "n_units": n, "reason": reason})
    untimed = () if timed else (
        "When codes were given is not known: the order of the rows is taken for it, which is mostly the order of the "
        "text, so that windows are parts of the corpus.",
    )  # fmt: skip
    return Result(
        table=pd.DataFrame(rows),
        estimand="Agreement in each window of the coding, and its change since the first.",
        method=f"{SOURCES.format(metric=metric)}; {intervals(level, replicates)}",
        n_articles=sample.n_articles,
        n_units=sample.n_units,
        seed=sample.seed,
        caveats=(*few_clusters_caveat(sample.n_articles, "articles"), *untimed),
    )


def _agreed(alpha: Estimate, first: Estimate | None, level: float) -> dict[str, object]:
    """Return the columns of a window's agreement, and of its change since the first window (None: it is the first)."""
    nan = float("nan")
    low, high = nan, nan
    if first is not None and alpha.low == alpha.low:
        low, high = percentile_interval(alpha.draws - first.draws, level)
    return {
        **alpha.columns(),
        "change": nan if first is None else alpha.value - first.value,
        "change_low": low,
        "change_high": high,
    }


def _moments(codings: pd.DataFrame) -> tuple[pd.Series, bool]:
    """Return when each code was given, or its place in the table, and which of the two."""
    if WHEN not in codings.columns or codings[WHEN].fillna("").astype(str).str.strip().eq("").all():
        return pd.Series(range(len(codings)), index=codings.index), False
    try:
        moment = pd.to_datetime(codings[WHEN].replace("", None), utc=True, format="ISO8601")
    except (ValueError, TypeError) as error:
        raise InputError(
            f"a time that is none ({error})", column=WHEN, cure="Write times as 2026-05-31T14:05:00Z."
        ) from None
    if moment.isna().any():
        raise InputError(
            f"{int(moment.isna().sum())} codes without a time, beside others that have one",
            column=WHEN,
            cure="Fill in the times, or leave the column out.",
        )
    return moment, True


def _windows(codings: pd.DataFrame, sample: Sample, moment: pd.Series, windows: int) -> pd.Series:
    """Return each unit's window, from 0."""
    ranks = moment.groupby(codings["coder"]).rank(method="first", pct=True)
    place = ranks.groupby(sample.unit).mean().rank(method="first") - 1
    return (place * windows // sample.n_units).astype(int)


def _bounds(moment: pd.Series, window: pd.Series, windows: int, timed: bool, *, last: bool) -> list[str]:
    if not timed:
        return [""] * windows
    groups = moment.groupby(window.to_numpy())
    found = groups.max() if last else groups.min()
    return [found[number].isoformat() for number in range(windows)]
