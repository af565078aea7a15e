"""Near-duplicates: wire copy, reprints and lightly edited headlines that are no independent evidence.

Every splitter and bootstrap keeps a group whole. Two texts are near-duplicates where the Jaccard similarity of their
character shingles (Broder 1997, "On the resemblance and containment of documents") reaches a threshold; candidates
come from MinHash with locality-sensitive hashing (package datasketch), and each is verified with the exact similarity.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.corpus.normalisation import normalise
from framing.errors import InputError, MissingDependencyError

THRESHOLD = 0.5
"""Two texts of equal length share two thirds of their shingles: a headline keeps its group when an outlet's name or a
few words are added, and two reports of one event in different words do not meet."""

SHINGLE = 5
"""Characters in a shingle: what Leskovec, Rajaraman & Ullman advise for short documents (Mining of Massive Datasets,
3.2.2). An Arabic word with its article and one proclitic is about that long, so one common word links nothing."""

PERMUTATIONS = 256
"""Hash functions of a MinHash; more would find the same pairs at higher cost."""

MISSED = 1e-4
"""Greatest chance that hashing overlooks a pair right at the threshold; pairs above it are overlooked still less."""

Pairs = NDArray[np.intp]


def near_duplicate_groups(
    texts: Iterable[str], *, threshold: float = THRESHOLD, shingle: int = SHINGLE
) -> NDArray[np.intp]:
    """Number the groups of near-duplicates: connected components of the pairs at or above the threshold.

    The hash functions are fixed, so the same texts always get the same groups.

    Parameters
    ----------
    texts : length n
    threshold
        Jaccard similarity of shingle sets from which a pair is near-duplicate, in (0, 1].
    shingle
        Characters in a shingle of the normalised text; a shorter text is one shingle.

    Returns
    -------
    groups : shape (n,)
        Numbered from 0 in order of first appearance; a text alone is a group of its own.

    Raises
    ------
    InputError
        Where ``threshold`` or ``shingle`` is out of range.
    MissingDependencyError
        Where datasketch is not installed.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    texts = list(texts)
    pairs, _ = _similar(texts, threshold, shingle)
    edges = coo_array((np.ones(len(pairs), dtype=bool), (pairs[:, 0], pairs[:, 1])), shape=(len(texts), len(texts)))
    if not texts:
        return np.empty(0, dtype=np.intp)
    _, labels = connected_components(edges, directed=False)
    return np.asarray(pd.factorize(labels)[0], dtype=np.intp)


def near_duplicates(table: pd.DataFrame, *, threshold: float = THRESHOLD, shingle: int = SHINGLE) -> pd.DataFrame:
    """List the pairs of near-duplicate texts in a table of articles or units.

    Parameters
    ----------
    table
        ``text`` and its key: ``doc_id``, with ``unit`` where there is one.
    threshold, shingle
        As in `near_duplicate_groups`.

    Returns
    -------
    pandas.DataFrame
        The key of the earlier row, the key of the later one with the prefix ``other_``, and ``similarity`` in
        [threshold, 1]; in order of rows.

    Raises
    ------
    InputError
        Where ``text`` or ``doc_id`` is missing, or a parameter is out of range.
    """
    for column in ("doc_id", "text"):
        if column not in table.columns:
            raise InputError(f"no column '{column}'", column=column, cure="Give articles or units with their texts.")
    key = [column for column in ("doc_id", "unit") if column in table.columns]
    pairs, similarity = _similar(table["text"].astype(str).tolist(), threshold, shingle)
    first = table[key].iloc[pairs[:, 0]].reset_index(drop=True)
    second = table[key].iloc[pairs[:, 1]].reset_index(drop=True).add_prefix("other_")
    return pd.concat([first, second], axis=1).assign(similarity=similarity)


def shingles(text: str, size: int = SHINGLE) -> frozenset[str]:
    """Return the character shingles of a text, spelling folded, case and punctuation ignored.

    A text shorter than a shingle is one shingle, and so is an empty one, so that equal texts always meet.
    """
    plain = " ".join(re.findall(r"\w+", normalise(text).lower()))
    return frozenset(plain[i : i + size] for i in range(max(1, len(plain) - size + 1)))


def _similar(texts: Sequence[str], threshold: float, shingle: int) -> tuple[Pairs, NDArray[np.float64]]:
    """Return pairs of positions (first < second, sorted), shape (pairs, 2), and their similarity."""
    if not 0 < threshold <= 1:
        raise InputError(f"threshold {threshold} is not a similarity", cure="Give a number above 0 and up to 1.")
    if shingle < 1:
        raise InputError(f"a shingle of {shingle} characters", cure="Give a whole number from 1.")
    sets = [shingles(text, shingle) for text in texts]
    alike: dict[frozenset[str], list[int]] = {}
    for place, found in enumerate(sets):
        alike.setdefault(found, []).append(place)
    distinct = list(alike)
    verified = {
        (first, second): value
        for first, second in _candidates(distinct, threshold)
        if (value := _jaccard(distinct[first], distinct[second])) >= threshold
    }
    rows = [(a, b, 1.0) for places in alike.values() for i, a in enumerate(places) for b in places[i + 1 :]]
    for (first, second), value in verified.items():
        rows += [(min(a, b), max(a, b), value) for a in alike[distinct[first]] for b in alike[distinct[second]]]
    rows.sort()
    pairs = np.array([row[:2] for row in rows], dtype=np.intp).reshape(-1, 2)
    return pairs, np.array([row[2] for row in rows], dtype=np.float64)


def _candidates(sets: Sequence[frozenset[str]], threshold: float) -> set[tuple[int, int]]:
    """Return pairs that share a band of their MinHash signatures."""
    try:
        from datasketch import MinHash, MinHashLSH
    except ImportError:
        raise MissingDependencyError("datasketch", "Finding near-duplicates", "pip install datasketch") from None
    signatures = MinHash.bulk([[s.encode() for s in found] for found in sets], num_perm=PERMUTATIONS)
    index = MinHashLSH(num_perm=PERMUTATIONS, params=_bands(threshold))
    pairs = set()
    for place, signature in enumerate(signatures):
        pairs |= {(int(other), place) for other in index.query(signature)}
        index.insert(place, signature, check_duplication=False)
    return pairs


def _bands(threshold: float) -> tuple[int, int]:
    """Return bands and rows of the index: the most rows (fewest false candidates) that overlook at most `MISSED`.

    A pair of similarity s is overlooked with probability ``(1 - s**rows)**bands`` (Mining of Massive Datasets, 3.4.2).
    """
    rows = 1
    while rows < PERMUTATIONS // 2 and (1 - threshold ** (rows + 1)) ** (PERMUTATIONS // (rows + 1)) <= MISSED:
        rows += 1
    return PERMUTATIONS // rows, rows


def _jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b)
