"""Validation on what a model has never seen, beside the baselines and the coders' own agreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.utils.validation import has_fit_parameter

from framing.models.scores import Bools, f1_table, one_hot
from framing.models.splits import Fold, Scheme, folds
from framing.resampling import Seed, few_clusters_caveat, generator
from framing.results import Result

Array = NDArray[np.float64]


class Classifier(Protocol):
    """A scikit-learn classifier of raw texts.

    ``fit`` may take ``groups`` (for choices inside training), ``sample_weight``, and ``articles`` (of each text, in
    reading order, for what the units before a unit say); what takes articles takes them in ``predict`` too.
    """

    def fit(self, texts: Any, y: Any) -> Any:
        """Learn."""

    def predict(self, texts: Any) -> NDArray[Any]:
        """Decide."""


@dataclass(frozen=True, eq=False)
class Extra:
    """Units that enter every training fold and no test fold, such as constructed exemplars.

    Attributes
    ----------
    texts, y
        As for the model's ``fit``.
    groups
        Which of them belong together, for choices inside training.
    weight
        How many coded units each of them counts for.
    """

    texts: pd.Series
    y: NDArray[Any]
    groups: pd.Series
    weight: float = 1.0


@dataclass(frozen=True, eq=False)
class Predictions:
    """What a model says of units that it was not trained on.

    Attributes
    ----------
    decided
        The shape of gold.
    probability
        Shape (units, labels); None where the model gives none.
    """

    decided: NDArray[Any]
    probability: Array | None


def cross_predict(
    model: Classifier, coded: pd.DataFrame, y: NDArray[Any], splits: Sequence[Fold], extra: Extra | None = None
) -> Predictions:
    """Predict each fold's test units by a model fitted on its training units.

    Parameters
    ----------
    model
        Unfitted; cloned for each fold.
    coded
        ``text, outlet, doc_id`` of each unit, in reading order within articles.
    y : shape (units,) or (units, labels)
    splits
        Of `framing.models.splits.folds`.
    extra
        Added to every training fold.
    """
    decided = np.empty_like(y)
    probability: Array | None = None
    for train, test in splits:
        fitted = fit_on(model, coded.iloc[train], coded["outlet"].iloc[train], y[train], extra)
        held = coded.iloc[test]
        found, decided[test] = judged(fitted, held["text"].tolist(), held["doc_id"])
        if found is not None:
            if probability is None:
                probability = np.empty((len(coded), found.shape[1]))
            probability[test] = found
    return Predictions(decided, probability)


def fit_on(
    model: Classifier, coded: pd.DataFrame, groups: pd.Series, y: NDArray[Any], extra: Extra | None = None
) -> Any:
    """Fit a clone of a model, telling it what its ``fit`` takes.

    Parameters
    ----------
    coded
        ``text`` and ``doc_id`` of each unit, in reading order within articles.
    groups
        Of each unit.
    y : shape (units,) or (units, labels)
    extra
        Added to the units.
    """
    texts, articles, weight = coded["text"].tolist(), coded["doc_id"].tolist(), np.ones(len(coded))
    if extra is not None:
        texts, articles = [*texts, *extra.texts], articles + [None] * len(extra.texts)
        groups, y = pd.concat([groups, extra.groups]), np.concatenate([y, extra.y])
        weight = np.concatenate([weight, np.full(len(extra.texts), extra.weight)])
    fitted: Any = clone(model)
    told = {"groups": groups.to_numpy(), "sample_weight": weight, "articles": np.asarray(articles, dtype=object)}
    return fitted.fit(texts, y, **{name: value for name, value in told.items() if has_fit_parameter(fitted, name)})


def ask(model: Any, method: str, texts: Sequence[str], articles: Sequence[object] | pd.Series | None) -> NDArray[Any]:
    """Call a fitted model's ``predict`` or ``predict_proba``, telling it the articles where it takes them."""
    return np.asarray(getattr(model, method)(texts, **_told(model, articles)))


def _told(model: Any, articles: Sequence[object] | pd.Series | None) -> dict[str, Any]:
    takes = articles is not None and has_fit_parameter(model, "articles")
    return {"articles": np.asarray(articles, dtype=object)} if takes else {}


def judged(
    model: Any, texts: Sequence[str], articles: Sequence[object] | pd.Series | None
) -> tuple[NDArray[Any] | None, NDArray[Any]]:
    """Return a fitted model's probabilities (None where it gives none) and decisions.

    A model that has a method ``judge`` gives both at once: what they rest on is then computed once.
    """
    if hasattr(model, "judge"):
        both: tuple[NDArray[Any], NDArray[Any]] = model.judge(texts, **_told(model, articles))
        return both
    probability = ask(model, "predict_proba", texts, articles) if hasattr(model, "predict_proba") else None
    return probability, ask(model, "predict", texts, articles)


def validate(
    coded: pd.DataFrame,
    y: NDArray[Any],
    labels: tuple[object, ...],
    systems: Mapping[str, tuple[Classifier, Extra | None]],
    *,
    what: str,
    rng: Seed,
    scheme: Scheme = "outlet",
    codings: Sequence[tuple[Bools, Bools]] = (),
    names: tuple[str, ...] | None = None,
    known: Mapping[str, Predictions] | None = None,
    replicates: int = 2000,
    level: float = 0.95,
) -> tuple[Result, dict[str, Predictions]]:
    """Validate systems on coded units.

    Parameters
    ----------
    coded
        Units with gold: ``doc_id, outlet, text``, ``duplicate`` (near-duplicate group of the unit) and ``cluster``
        (near-duplicate group of its article).
    y
        Gold: shape (units, labels) and bool where several labels may hold, else shape (units,).
    labels
        What is decided; the table reports each.
    systems
        Unfitted classifiers of raw texts, by name, and what enters their training besides.
    what
        Name of the variable, for the estimand.
    rng
        Seed or generator of the article bootstrap.
    scheme
        What a fold keeps whole.
    codings
        Each coder's decisions on the same units, shape (units, labels), and which of the units the coder coded,
        shape (units,): adds the system ``coders``, the mean over pairs of coders of the F1 of one against the other
        on the units that both coded.
    names
        Labels as they are to stand in the table; by default as they are.
    known
        Predictions of the systems where they were made before on the same folds.

    Returns
    -------
    result
        ``scheme, system, label, precision, recall, f1, low, high, support``.
    predictions
        Of each system, for every unit that is in a test.

    Raises
    ------
    InputError
        Where the units cannot be split by the scheme.
    """
    draw, seed = generator(rng)
    flat = y.ndim == 1
    shown = names or tuple(map(str, labels))
    gold = one_hot(y, labels) if flat else np.asarray(y, dtype=bool)
    splits = folds(coded, scheme)
    tested = np.sort(np.concatenate([test for _, test in splits]))
    clusters = coded["cluster"].iloc[tested]

    def score(name: str, pairs: list[tuple[Bools, Bools]]) -> pd.DataFrame:
        pairs = [(truth[tested], said[tested]) for truth, said in pairs]
        table = f1_table(pairs, shown, clusters, draw, replicates=replicates, level=level)
        return table.assign(scheme=scheme, system=name)

    tables, predictions = [], {}
    for name, (model, extra) in systems.items():
        predictions[name] = known[name] if known is not None else cross_predict(model, coded, y, splits, extra)
        raw = predictions[name].decided
        tables.append(score(name, [(gold, one_hot(raw, labels) if flat else np.asarray(raw, dtype=bool))]))
    pairs = [_shared(*pair) for pair in combinations(codings, 2)]
    if pairs:
        tables.append(score("coders", pairs))
    table = pd.concat(tables, ignore_index=True)
    n_clusters = clusters.nunique()
    result = Result(
        table=table[["scheme", "system", *table.columns.drop(["scheme", "system"])]],
        estimand=f"F1 of each system's {what} against gold on units that it was not trained on.",
        method=_method(scheme, len(splits), replicates, level),
        n_articles=coded["doc_id"].iloc[tested].nunique(),
        n_units=len(tested),
        seed=seed,
        caveats=few_clusters_caveat(n_clusters, "articles"),
    )
    return result, predictions


def _method(scheme: Scheme, n_folds: int, replicates: int, level: float) -> str:
    how = {
        "outlet": f"Leave-one-outlet-out over {n_folds} outlets",
        "article": f"Cross-validation in {n_folds} folds of whole articles",
        "duplicate": f"Cross-validation in {n_folds} folds of units, near-duplicates together",
        "elsewhere": "Trained on all of the study's gold, measured on units of another corpus",
    }[scheme]
    return (
        f"{how}, no near-duplicate of a test unit in training, decisions pooled. Macro is the mean over labels, exact "
        f"the share of units of which every label is right; percentile interval at {level:.0%} from {replicates} "
        "bootstrap replicates of whole articles, the fitted models held fixed. 'coders' is the mean F1 of one coder "
        "against another, 'majority' gives what is most common in training, 'always' finds every label in every unit."
    )


def _shared(one: tuple[Bools, Bools], other: tuple[Bools, Bools]) -> tuple[Bools, Bools]:
    """Return two coders' decisions on the units that both coded; the others count nowhere."""
    both = (one[1] & other[1])[:, None]
    return one[0] & both, other[0] & both
