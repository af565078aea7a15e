"""Folds in which a test unit has no near relative in training: by outlet, by article, by near-duplicate."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.model_selection import GroupKFold, GroupShuffleSplit, LeaveOneGroupOut

from framing.errors import InputError

Scheme = Literal["outlet", "article", "duplicate", "elsewhere"]
"""outlet: each outlet in turn is left out, as a new outlet would be met; article: articles are kept whole, outlets are
known; duplicate: only near-duplicate units are kept together, which flatters a model that learns a single article;
elsewhere: units of another corpus, after training on all of the study's own."""

FOLDS = 5
"""Folds of the schemes that do not leave one group out at a time."""

Fold = tuple[NDArray[np.intp], NDArray[np.intp]]


def folds(coded: pd.DataFrame, scheme: Scheme) -> list[Fold]:
    """Split coded units into folds.

    Parameters
    ----------
    coded
        ``doc_id, outlet`` and ``duplicate``: the near-duplicate group of each unit; for ``elsewhere`` a column of that
        name (bool) tells the units of the other corpus. Whatever the scheme, training never holds a near-duplicate
        of a test unit.
    scheme
        What is kept whole.

    Returns
    -------
    list of (train, test)
        Positions of rows; every row is in one test, with ``elsewhere`` every row of the other corpus.

    Raises
    ------
    InputError
        Where an outlet is unknown, there are fewer than two groups to keep whole, or a fold has no training left.
    """
    duplicate = coded["duplicate"].to_numpy()
    if scheme == "elsewhere":
        other = coded["elsewhere"].to_numpy(dtype=bool)
        return [_apart(np.flatnonzero(~other), np.flatnonzero(other), duplicate, "the other corpus out")]
    groups = coded[{"outlet": "outlet", "article": "doc_id", "duplicate": "duplicate"}[scheme]]
    if scheme == "outlet" and groups.fillna("").eq("").any():
        raise InputError(
            "the outlet of a coded article is unknown", column="outlet", cure="Fill in the outlet of every article."
        )
    if groups.nunique() < 2:
        raise InputError(
            f"the coded units come from one {scheme}, and leaving one out needs two",
            cure=f"Code units of at least two {scheme}s.",
        )
    splitter = LeaveOneGroupOut() if scheme == "outlet" else GroupKFold(min(FOLDS, groups.nunique()))
    return [_apart(train, test, duplicate, f"one {scheme} out") for train, test in splitter.split(coded, groups=groups)]


def _apart(train: NDArray[np.intp], test: NDArray[np.intp], duplicate: NDArray[np.intp], what: str) -> Fold:
    """Drop from training what is a near-duplicate of a test unit."""
    kept = train[~np.isin(duplicate[train], duplicate[test])]
    if len(kept) == 0:
        raise InputError(
            f"leaving {what} leaves nothing to learn from: all other units are near-duplicates of its own",
            cure="Code units of articles that are not copies of each other.",
        )
    return kept, test


def inner_folds(n: int, groups: ArrayLike | None, count: int, seed: int) -> list[Fold]:
    """Split training texts for choices inside training, groups kept whole.

    Parameters
    ----------
    n
        Texts.
    groups : shape (n,)
        By default each text is its own; a single group is split all the same, for want of anything better.
    count
        Folds; fewer where there are fewer groups.

    Returns
    -------
    list of (train, test)
        None where there are fewer than two texts.
    """
    kept = np.arange(n) if groups is None else np.asarray(groups)
    if len(np.unique(kept)) < 2:
        kept = np.arange(n)
    count = min(count, len(np.unique(kept)))
    return list(GroupKFold(count, shuffle=True, random_state=seed).split(kept, groups=kept)) if count > 1 else []


def held_out_split(n: int, groups: NDArray[Any] | None, share: float, seed: int) -> Fold:
    """Draw texts to learn from and texts to hold out, groups kept whole.

    Parameters
    ----------
    n
        Texts.
    groups : shape (n,)
        By default each text is its own.
    share
        Of the groups that is held out.

    Returns
    -------
    tuple
        Positions; none are held out where ``share`` is 0 or there are fewer than two groups.
    """
    groups = np.arange(n) if groups is None else groups
    if share <= 0 or len(np.unique(groups)) < 2:
        return np.arange(n), np.arange(0)
    learned, held_out = next(GroupShuffleSplit(1, test_size=share, random_state=seed).split(groups, groups=groups))
    return np.asarray(learned), np.asarray(held_out)
