"""Agreement between coders: Krippendorff's alpha, with Gwet's AC1 and prevalence beside it."""

from __future__ import annotations

import pandas as pd

from framing.coding.alpha import (
    RELIABLE,
    TENTATIVE,
    Metric,
    SetMetric,
    coincidences,
    observed_differences,
    set_differences,
)
from framing.coding.codebook import FRAME_PREFIX, Codebook, Variable
from framing.coding.sample import Sample, metric_of, share_present, why_missing
from framing.errors import InputError
from framing.resampling import Seed, few_clusters_caveat
from framing.results import Result

SOURCES = (
    "Krippendorff's alpha (Hayes & Krippendorff 2007): nominal metric for frames, mentions and voice, {metric} for "
    "tones. Gwet's AC1 (Gwet 2008) for what has no order. Verdict on alpha by the marks "
    f"{RELIABLE:.3f} and {TENTATIVE:.3f} (Krippendorff 2004, p. 241)"
)
"""How every table of agreement is made."""


def agreement(
    codings: pd.DataFrame,
    codebook: Codebook,
    *,
    rng: Seed,
    replicates: int = 2000,
    level: float = 0.95,
    metric: Metric = "ordinal",
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
        Number of bootstrap replicates, and the intervals' nominal level.
    metric
        How far values of an ordered scale are apart; everything else is nominal.

    Returns
    -------
    Result
        Per variable: ``variable, kind, metric, alpha, low, high, verdict`` (see `framing.coding.alpha.verdict`),
        ``below_667, below_800`` (share of bootstrap replicates in which alpha is below the mark), ``ac1, ac1_low,
        ac1_high`` (nan for ordered scales), ``prevalence`` (share of codings with the frame or mention; nan for other
        kinds, see `value_shares`), ``n_units`` (with two codes or more), ``n_codings, n_coders, reason`` (why alpha is
        missing, else empty).

    Raises
    ------
    InputError
        Where the ratio metric meets a scale with negative values.
    """
    require_metric(codebook, metric)
    sample = Sample.of(codings, rng, replicates, level)
    rows = [_row(codings, variable, sample, metric_of(variable, metric)) for variable in codebook.variables]
    table = pd.DataFrame(rows)
    return Result(
        table=table,
        estimand="Krippendorff's alpha of each variable: 1 is perfect agreement, 0 what chance would give.",
        method=f"{SOURCES.format(metric=metric)}; {intervals(level, replicates)}",
        n_articles=sample.n_articles,
        n_units=sample.n_units,
        seed=sample.seed,
        caveats=(*few_clusters_caveat(sample.n_articles, "articles"), *weak(table)),
    )


def agreement_of_sets(
    codings: pd.DataFrame, codebook: Codebook, *, rng: Seed, replicates: int = 2000, level: float = 0.95
) -> Result:
    """Estimate how far coders agree on all frames of a unit at once, taken as a set.

    Returns
    -------
    Result
        Per metric (``masi, jaccard, nominal``): ``variable`` (``frames``), ``metric, alpha, low, high, verdict,
        below_667, below_800, n_sets`` (different sets that were given), ``n_units, n_codings, n_coders, reason``.
    """
    columns = [FRAME_PREFIX + frame for frame in codebook.frame_ids]
    answered = codings[codings[columns].notna().all(axis=1)]
    if answered.empty:
        raise InputError("no coder has answered for frames", cure="Give codings with frames.")
    sample = Sample.of(answered, rng, replicates, level)
    code = answered.groupby(columns).ngroup()
    seen = answered.assign(code=code).drop_duplicates("code").sort_values("code")
    given = seen[columns].to_numpy(dtype=bool)
    sets = [frozenset(f for f, present in zip(codebook.frame_ids, row, strict=True) if present) for row in given]
    counts = sample.counts(code, range(len(sets)))
    rows = []
    metrics: tuple[SetMetric, ...] = ("masi", "jaccard", "nominal")
    for metric in metrics:
        d = set_differences(sets, metric)
        found = sample.alpha_of_differences(*observed_differences(counts, d), d)
        rows.append(
            {
                "variable": "frames",
                "metric": metric,
                **found.columns(),
                "below_667": found.below(TENTATIVE),
                "below_800": found.below(RELIABLE),
                "n_sets": len(sets),
                "n_units": int((counts.sum(axis=1) > 1).sum()),
                "n_codings": int(counts.sum()),
                "n_coders": int(answered["coder"].nunique()),
                "reason": why_missing(found.value, counts),
            }
        )
    return Result(
        table=pd.DataFrame(rows),
        estimand="Krippendorff's alpha of the set of frames that a unit carries, the empty set among them.",
        method=(
            "Distances of sets: MASI (Passonneau 2006), Jaccard, and equal or not (nominal); "
            f"{intervals(level, replicates)}"
        ),
        n_articles=sample.n_articles,
        n_units=sample.n_units,
        seed=sample.seed,
        caveats=few_clusters_caveat(sample.n_articles, "articles"),
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


def intervals(level: float, replicates: int) -> str:
    """Say how intervals are made."""
    return f"percentile interval at {level:.0%} from {replicates} bootstrap replicates of whole articles."


def require_metric(codebook: Codebook, metric: Metric) -> None:
    """Raise where a metric cannot be used on the codebook's scales."""
    if metric == "ratio" and min((*codebook.tone, *codebook.target_tone), default=0) < 0:
        raise InputError(
            "the ratio metric needs a scale that begins at 0, and that of tone is below it",
            cure="Use ordinal or interval.",
        )


def weak(table: pd.DataFrame) -> tuple[str, ...]:
    """Return a sentence that names the variables below each mark, or nothing."""
    said = []
    for name, phrase in (
        ("unreliable", f"below {TENTATIVE:.3f}, so that nothing may be concluded from it"),
        ("tentative", f"from {TENTATIVE:.3f} to below {RELIABLE:.3f}, so that conclusions are tentative"),
    ):
        found = table.loc[table["verdict"] == name, "variable"]
        if len(found):
            said.append(f"Alpha is {phrase}: {', '.join(found)}.")
    return tuple(said)


def _row(codings: pd.DataFrame, variable: Variable, sample: Sample, metric: Metric) -> dict[str, object]:
    counts = sample.counts(codings[variable.column], variable.values)
    alpha = sample.alpha(coincidences(counts), metric, variable.values)
    ac1 = None if variable.kind == "ordinal" else sample.ac1(counts)
    nan = float("nan")
    return {
        "variable": variable.id,
        "kind": variable.kind,
        "metric": metric,
        **alpha.columns(),
        "below_667": alpha.below(TENTATIVE),
        "below_800": alpha.below(RELIABLE),
        "ac1": nan if ac1 is None else ac1.value,
        "ac1_low": nan if ac1 is None else ac1.low,
        "ac1_high": nan if ac1 is None else ac1.high,
        "prevalence": share_present(counts, variable),
        "n_units": int((counts.sum(axis=1) > 1).sum()),
        "n_codings": int(counts.sum()),
        "n_coders": int(codings["coder"].nunique()),
        "reason": why_missing(alpha.value, counts),
    }
