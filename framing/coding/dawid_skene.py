"""Where coders are many: what they most probably mean, by the model of Dawid and Skene.

The one library that fits it and is kept, crowd-kit (Apache-2.0, 1.4.2 of October 2025), asks for transformers, and
calls of pandas what pandas 3.1 warns of and the next one drops; the tests hold this against it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.coding.alpha import Array
from framing.coding.codebook import Variable
from framing.schema import KEY

Places = NDArray[np.intp]

ITERATIONS = 500
"""Steps of expectation and maximisation at most."""

TOLERANCE = 1e-9
"""A gain of log-likelihood per code below which the steps end."""

_LEAST = 1e-10
"""Below this no probability goes, so that one error does not make a value impossible."""


def most_probable(codings: pd.DataFrame, variable: Variable) -> pd.DataFrame:
    """Return the most probable value of a variable in each unit and its probability.

    Of values equally probable the first of the codebook is taken.

    Parameters
    ----------
    codings
        As `framing.read_codings` returns them.

    Returns
    -------
    pandas.DataFrame
        ``value, probability``, indexed by key, for units that a coder answered.
    """
    own = codings[[*KEY, "coder", variable.column]].dropna(subset=[variable.column])
    own = own.sort_values([*KEY, "coder"])
    keys = pd.MultiIndex.from_frame(own[KEY].drop_duplicates())
    place = {value: number for number, value in enumerate(variable.values)}
    label = np.array([place[value] for value in own[variable.column]], dtype=np.intp)
    unit = own.groupby(KEY, sort=False).ngroup().to_numpy().astype(np.intp)
    coder = pd.factorize(own["coder"], sort=True)[0].astype(np.intp)
    p = dawid_skene(unit, coder, label, len(place)) if len(own) else np.zeros((0, len(place)))
    chosen = [variable.values[number] for number in p.argmax(axis=1)]
    return pd.DataFrame(
        {"value": pd.Series(chosen, index=keys, dtype=object), "probability": p.max(axis=1)}, index=keys
    )


def dawid_skene(
    unit: Places,
    coder: Places,
    label: Places,
    n_values: int,
    *,
    iterations: int = ITERATIONS,
    tolerance: float = TOLERANCE,
) -> Array:
    """Estimate how probable each value is of each unit, where every coder has error rates of their own.

    Expectation and maximisation from the shares of votes (Dawid & Skene 1979, doi 10.2307/2346806, equations 2.3 to
    2.5): ``pi^k_jl``, how often coder ``k`` says ``l`` of units whose value is ``j``; ``p_j``, how common value ``j``
    is; and ``p(T_i = j)``, in proportion to ``p_j`` times the product of ``pi^k_jl`` over the codes of unit ``i``.

    Parameters
    ----------
    unit, coder, label : shape (codes,)
        Numbers from 0, without gaps for units and coders.
    n_values
        How many values there are; those that nobody gave are not considered.
    iterations, tolerance
        Steps at most, and the gain of log-likelihood per code below which they end.

    Returns
    -------
    p : shape (units, values)
        Rows sum to 1.
    """
    n_units, n_coders = int(unit.max()) + 1, int(coder.max()) + 1
    given = np.zeros((n_coders, n_values))
    np.add.at(given, (coder, label), 1)
    p = np.zeros((n_units, n_values))
    np.add.at(p, (unit, label), 1)
    p /= p.sum(axis=1, keepdims=True)
    seen, before = given.sum(axis=0) > 0, -np.inf
    for _ in range(iterations):
        rates = _error_rates(p, unit, coder, label, given)
        prior = np.where(seen, np.clip(p.mean(axis=0), _LEAST, None), 0.0)
        with np.errstate(divide="ignore"):
            joint = np.tile(np.log(prior), (n_units, 1))
        np.add.at(joint, unit, np.log(np.where(seen, rates[coder, label], 1.0)))
        top = joint.max(axis=1, keepdims=True)
        p = np.exp(joint - top)
        total = p.sum(axis=1, keepdims=True)
        p /= total
        likelihood = float((top + np.log(total)).sum()) / len(label)
        if likelihood - before < tolerance:
            break
        before = likelihood
    return p


def _error_rates(p: Array, unit: Places, coder: Places, label: Places, given: Array) -> Array:
    """Return how often each coder gives each value of units by their value, shape (coders, given, true)."""
    rates = np.zeros((*given.shape, given.shape[1]))
    np.add.at(rates, (coder, label), p[unit])
    rates = np.where(given[:, :, None] > 0, np.clip(rates, _LEAST, None), 0.0)
    return np.asarray(rates / rates.sum(axis=1, keepdims=True), dtype=np.float64)
