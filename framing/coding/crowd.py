"""Where coders are many: what they most probably mean, by crowd-kit's model of Dawid and Skene."""

from __future__ import annotations

import pandas as pd

from framing.coding.codebook import Variable
from framing.errors import MissingDependencyError
from framing.schema import KEY

ITERATIONS = 100
"""Steps of expectation and maximisation at most; crowd-kit stops before where nothing changes."""


def most_probable(codings: pd.DataFrame, variable: Variable) -> pd.DataFrame:
    """Return the most probable value of a variable in each unit and its probability.

    Every coder has a matrix of error rates, estimated with the values by expectation and maximisation from the
    majority (Dawid & Skene 1979, doi 10.2307/2346806), as crowd-kit implements it (Ustalov et al. 2024, doi
    10.21105/joss.06227). Of values equally probable the first of the codebook is taken.

    Parameters
    ----------
    codings
        As `framing.read_codings` returns them.

    Returns
    -------
    pandas.DataFrame
        ``value, probability``, indexed by key, for units that a coder answered.

    Raises
    ------
    MissingDependencyError
        Where crowd-kit is not installed.
    """
    try:
        from crowdkit.aggregation.classification.dawid_skene import DawidSkene
    except ModuleNotFoundError:
        raise MissingDependencyError(
            "crowd-kit", "A model of coders' errors", "pip install 'arabic-framing[crowd]'"
        ) from None
    own = codings[[*KEY, "coder", variable.column]].dropna(subset=[variable.column])
    if own.empty:
        return pd.DataFrame({"value": [], "probability": []}, index=pd.MultiIndex.from_frame(own[KEY]))
    task = own.groupby(KEY, sort=True).ngroup().to_numpy()
    place = {value: number for number, value in enumerate(variable.values)}
    label = [place[value] for value in own[variable.column]]
    votes = pd.DataFrame({"task": task, "worker": own["coder"].astype(str).to_numpy(), "label": label})
    shares = DawidSkene(n_iter=ITERATIONS).fit_predict_proba(votes).sort_index()
    shares = shares[sorted(shares.columns)]
    chosen = shares.idxmax(axis=1)
    keys = own[KEY].drop_duplicates().sort_values(KEY)
    return pd.DataFrame(
        {"value": [variable.values[int(number)] for number in chosen], "probability": shares.max(axis=1).to_numpy()},
        index=pd.MultiIndex.from_frame(keys),
    )
