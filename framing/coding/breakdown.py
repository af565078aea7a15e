"""Agreement taken apart: by pair of coders, by outlet, by coder."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from framing.coding.agreement import SOURCES, agreement, intervals, require_metric
from framing.coding.alpha import Array, Metric, cohen_kappa, coincidences, coincidences_with
from framing.coding.codebook import Codebook, Variable
from framing.coding.sample import Sample, metric_of, share_present, why_missing
from framing.errors import InputError
from framing.resampling import Seed, few_clusters_caveat
from framing.results import Result
from framing.schema import KEY


def agreement_by_pair(
    codings: pd.DataFrame,
    codebook: Codebook,
    *,
    rng: Seed,
    replicates: int = 2000,
    level: float = 0.95,
    metric: Metric = "ordinal",
) -> Result:
    """Estimate how far each two coders agree, on the units that both coded.

    Returns
    -------
    Result
        Per pair of coders and variable: ``first, second``, the columns of `framing.agreement`, ``kappa`` (Cohen's,
        nan for ordered scales) and ``same`` (share of units with equal codes).

    Raises
    ------
    InputError
        Where there are fewer than two coders.
    """
    pairs = list(combinations(_coders(codings), 2))
    parts = []
    for first, second in tqdm(pairs, desc="pairs of coders", disable=None):
        own = codings[codings["coder"].isin([first, second])]
        own = own[own.duplicated(KEY, keep=False)]
        if own.empty:
            continue
        table = agreement(own, codebook, rng=rng, replicates=replicates, level=level, metric=metric).table
        crossed = [_crossed(own, variable, first) for variable in codebook.variables]
        total = np.array([c.sum() for c in crossed])
        same = np.array([np.trace(c) for c in crossed])
        nominal = np.array([v.kind != "ordinal" for v in codebook.variables])
        kappa = np.array([float(cohen_kappa(c)) for c in crossed])
        table = table.assign(
            kappa=np.where(nominal, kappa, np.nan),
            same=np.divide(same, total, out=np.full(len(total), np.nan), where=total > 0),
        )
        parts.append(_under(table, {"first": first, "second": second}))
    if not parts:
        raise InputError("no unit was coded by two coders", cure="Give coders some units in common.")
    return _result(
        parts,
        codings,
        "Agreement of each two coders, on the units that both coded.",
        f"{SOURCES.format(metric=metric)}; Cohen's kappa (Cohen 1960) beside them; {intervals(level, replicates)}",
        rng,
    )


def agreement_by_outlet(
    codings: pd.DataFrame,
    codebook: Codebook,
    articles: pd.DataFrame,
    *,
    rng: Seed,
    replicates: int = 2000,
    level: float = 0.95,
    metric: Metric = "ordinal",
) -> Result:
    """Estimate how far coders agree on the units of each outlet.

    Parameters
    ----------
    articles
        With ``doc_id`` and ``outlet``, a row per article.

    Returns
    -------
    Result
        Per outlet and variable: ``outlet`` and the columns of `framing.agreement`. Intervals resample the articles of
        the outlet, and are missing where it has one alone.
    """
    outlet = codings["doc_id"].map(articles.set_index("doc_id")["outlet"])
    if outlet.isna().any():
        doc_id = codings.loc[outlet.isna(), "doc_id"].iloc[0]
        raise InputError(f"the outlet of article '{doc_id}' is not known", cure="Name it in the table of articles.")
    parts = []
    for name, own in codings.groupby(outlet, sort=True):
        table = agreement(own, codebook, rng=rng, replicates=replicates, level=level, metric=metric).table
        parts.append(_under(table, {"outlet": name}))
    return _result(
        parts,
        codings,
        "Agreement of the coders on the units of each outlet; where a value is rare in an outlet, alpha is low for few "
        "disagreements.",
        f"{SOURCES.format(metric=metric)}; {intervals(level, replicates)}",
        rng,
    )


def agreement_by_coder(
    codings: pd.DataFrame,
    codebook: Codebook,
    *,
    rng: Seed,
    replicates: int = 2000,
    level: float = 0.95,
    metric: Metric = "ordinal",
) -> Result:
    """Estimate how far each coder agrees with the rest, and what agreement would be without the coder.

    Returns
    -------
    Result
        Per coder and variable: ``coder, variable, kind, metric, alpha, low, high, verdict`` (of the coder with one of
        the others, drawn at random for each unit), ``alpha_all``, ``alpha_without`` (of the others alone; nan where
        fewer than two are left), ``prevalence, prevalence_rest`` (shares of the coder's and of the others' codings
        with the frame or mention), ``n_units, reason``.

    Raises
    ------
    InputError
        Where there are fewer than two coders.
    """
    require_metric(codebook, metric)
    sample = Sample.of(codings, rng, replicates, level)
    rows: list[dict[str, object]] = []
    for coder in tqdm(_coders(codings), desc="coders", disable=None):
        mine = codings["coder"].eq(coder).to_numpy(dtype=bool)
        for variable in codebook.variables:
            column, values, m = codings[variable.column], variable.values, metric_of(variable, metric)
            own, rest = (sample.counts(column, values, rows=rows_) for rows_ in (mine, ~mine))
            both = (own.sum(axis=1) > 0) & (rest.sum(axis=1) > 0)
            alpha = sample.alpha(coincidences_with(own, rest), m, values)
            rows.append(
                {
                    "coder": coder,
                    "variable": variable.id,
                    "kind": variable.kind,
                    "metric": m,
                    **alpha.columns(),
                    "alpha_all": sample.alpha(coincidences(own + rest), m, values).value,
                    "alpha_without": sample.alpha(coincidences(rest), m, values).value,
                    "prevalence": share_present(own[both], variable),
                    "prevalence_rest": share_present(rest[both], variable),
                    "n_units": int(both.sum()),
                    "reason": why_missing(alpha.value, (own + rest) * both[:, None]),
                }
            )
    return Result(
        table=pd.DataFrame(rows),
        estimand="Agreement of each coder with one of the others, drawn at random for each unit.",
        method=f"{SOURCES.format(metric=metric)}; {intervals(level, replicates)}",
        n_articles=sample.n_articles,
        n_units=sample.n_units,
        seed=sample.seed,
        caveats=few_clusters_caveat(sample.n_articles, "articles"),
    )


def _coders(codings: pd.DataFrame) -> list[str]:
    coders = sorted(map(str, codings["coder"].unique()))
    if len(coders) < 2:
        raise InputError(f"{len(coders)} coder, where two or more are compared", cure="Give codings of another coder.")
    return coders


def _crossed(own: pd.DataFrame, variable: Variable, first: str) -> Array:
    """Count units by the first coder's value (rows) and the second's (columns)."""
    place = {value: index for index, value in enumerate(variable.values)}
    code = pd.Series([place.get(v) if pd.notna(v) else None for v in own[variable.column]], dtype="Int64")
    table = own[KEY].reset_index(drop=True).assign(code=code, mine=own["coder"].eq(first).to_numpy())
    wide = table.pivot(index=KEY, columns="mine", values="code").dropna().to_numpy(dtype=np.intp)
    counts = np.zeros((len(place), len(place)))
    np.add.at(counts, (wide[:, 1], wide[:, 0]), 1)
    return counts


def _under(table: pd.DataFrame, keys: dict[str, object]) -> pd.DataFrame:
    """Put columns of one value before a table."""
    return pd.concat([pd.DataFrame(keys, index=table.index), table], axis=1)


def _result(parts: list[pd.DataFrame], codings: pd.DataFrame, estimand: str, method: str, rng: Seed) -> Result:
    n_articles = int(codings["doc_id"].nunique())
    return Result(
        table=pd.concat(parts, ignore_index=True),
        estimand=estimand,
        method=method,
        n_articles=n_articles,
        n_units=len(codings.drop_duplicates(KEY)),
        seed=None if isinstance(rng, np.random.Generator) else int(rng),
        caveats=few_clusters_caveat(n_articles, "articles"),
    )
