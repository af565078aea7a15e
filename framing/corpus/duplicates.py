"""Near-duplicates: wire copy, reprints and lightly edited headlines that are no independent evidence.

Every splitter and bootstrap keeps a group whole. Two texts are near-duplicates where the Jaccard similarity of their
character shingles (Broder 1997, "On the resemblance and containment of documents") reaches a threshold; candidates
come from MinHash (package datasketch) with locality-sensitive hashing, and each is verified with the exact similarity.

The index is made here, band by band over arrays: that of datasketch keeps 60 KB of Python objects a text, and answers
one text at a time.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

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
"""Hash functions of a MinHash for few texts: from one to the next, fewer false candidates and no pair more."""

MOST_PERMUTATIONS = 4096
"""Hash functions of a MinHash for however many texts."""

UNRELATED = 0.1
"""Similarity of news sentences on one subject that are no copies; the index is laid out for that many such texts."""

CANDIDATES = 500
"""False candidates a text that are looked at, each at the cost of some 100 ns."""

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

    found = _similar(list(texts), threshold, shingle)
    if not len(found.place):
        return np.empty(0, dtype=np.intp)
    first, second = found.pairs[:, 0], found.pairs[:, 1]
    edges = coo_array((np.ones(len(first), dtype=bool), (first, second)), shape=(found.distinct, found.distinct))
    _, labels = connected_components(edges, directed=False)
    return np.asarray(pd.factorize(labels[found.place])[0], dtype=np.intp)


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
    pairs, similarity = _similar(table["text"].astype(str).tolist(), threshold, shingle).all_pairs()
    first = table[key].iloc[pairs[:, 0]].reset_index(drop=True)
    second = table[key].iloc[pairs[:, 1]].reset_index(drop=True).add_prefix("other_")
    return pd.concat([first, second], axis=1).assign(similarity=similarity)


def shingles(text: str, size: int = SHINGLE) -> frozenset[str]:
    """Return the character shingles of a text, spelling folded, case and punctuation ignored.

    A text shorter than a shingle is one shingle, and so is an empty one, so that equal texts always meet.
    """
    return _shingles_of(_plain(text), size)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", normalise(text).lower()))


@dataclass(frozen=True, eq=False)
class _Found:
    """Near-duplicates among the distinct texts, and which of them each text is.

    Attributes
    ----------
    place : shape (texts,)
        Number of each text among the distinct ones.
    pairs : shape (pairs, 2)
        Of distinct texts, sorted.
    similarity : shape (pairs,)
    """

    place: Pairs
    pairs: Pairs
    similarity: NDArray[np.float64]

    @property
    def distinct(self) -> int:
        return int(self.place.max()) + 1 if len(self.place) else 0

    def all_pairs(self) -> tuple[Pairs, NDArray[np.float64]]:
        """Return pairs of texts (first < second, sorted), equal ones included, and their similarity."""
        alike: list[list[int]] = [[] for _ in range(self.distinct)]
        for text, place in enumerate(self.place.tolist()):
            alike[place].append(text)
        rows = [(a, b, 1.0) for places in alike for i, a in enumerate(places) for b in places[i + 1 :]]
        for (first, second), value in zip(self.pairs.tolist(), self.similarity.tolist(), strict=True):
            rows += [(min(a, b), max(a, b), value) for a in alike[first] for b in alike[second]]
        rows.sort()
        pairs = np.array([row[:2] for row in rows], dtype=np.intp).reshape(-1, 2)
        return pairs, np.array([row[2] for row in rows], dtype=np.float64)


def _similar(texts: Sequence[str], threshold: float, shingle: int) -> _Found:
    """Find the pairs of distinct texts at or above the threshold; texts are distinct by their plain spelling."""
    if not 0 < threshold <= 1:
        raise InputError(f"threshold {threshold} is not a similarity", cure="Give a number above 0 and up to 1.")
    if shingle < 1:
        raise InputError(f"a shingle of {shingle} characters", cure="Give a whole number from 1.")
    numbers: dict[str, int] = {}
    place = np.array([numbers.setdefault(_plain(text), len(numbers)) for text in texts], dtype=np.intp)
    plain = list(numbers)
    exact = lru_cache(maxsize=4096)(lambda number: _shingles_of(plain[number], shingle))
    pairs, values = [], []
    # In order, so that a set is made once for all pairs of its text.
    for first, second in _candidates(plain, shingle, threshold):
        value = _jaccard(exact(first), exact(second))
        if value >= threshold:
            pairs.append((first, second))
            values.append(value)
    return _Found(place, np.array(pairs, dtype=np.intp).reshape(-1, 2), np.array(values, dtype=np.float64))


def _shingles_of(plain: str, size: int) -> frozenset[str]:
    return frozenset(plain[i : i + size] for i in range(max(1, len(plain) - size + 1)))


def _candidates(plain: Sequence[str], shingle: int, threshold: float) -> list[tuple[int, int]]:
    """Return pairs that share a band of their MinHash signatures and that their bitmaps do not rule out, sorted."""
    if len(plain) < 2:
        return []
    keys, bits, sizes = _sketches(plain, shingle, *_bands(threshold, len(plain)))
    most = (1 - threshold) / (1 + threshold) + 1e-9
    found = [np.empty(0, dtype=np.int64)]
    for band in keys:
        for first, second in _sharing(band):
            # Every bit that differs is a shingle that one of them lacks (Sandes, Teodoro & Melo 2020, "Bitmap filter",
            # Information Systems 88): with a difference d of sizes a and b, similarity is (a + b - d) / (a + b + d).
            difference = np.bitwise_count(bits[first] ^ bits[second]).sum(axis=1, dtype=np.int64)
            near = difference <= most * (sizes[first] + sizes[second])
            low, high = np.minimum(first[near], second[near]), np.maximum(first[near], second[near])
            found.append(np.unique(low.astype(np.int64) * len(plain) + high))
    codes = np.unique(np.concatenate(found))
    return list(zip((codes // len(plain)).tolist(), (codes % len(plain)).tolist(), strict=True))


_WORDS = 16
"""Words of 64 bits in a bitmap: wide enough that the bits of a long sentence seldom meet."""


def _sketches(
    plain: Sequence[str], shingle: int, bands: int, rows: int
) -> tuple[NDArray[np.uint32], NDArray[np.uint64], NDArray[np.int64]]:
    """Return keys of the bands, shape (bands, texts), bitmaps, shape (texts, `_WORDS`), and numbers of shingles."""
    try:
        from datasketch import MinHash
    except ImportError:
        raise MissingDependencyError("datasketch", "Finding near-duplicates", "pip install datasketch") from None
    keys = np.empty((bands, len(plain)), dtype=np.uint32)
    bits = np.zeros((len(plain), _WORDS), dtype=np.uint64)
    sizes = np.empty(len(plain), dtype=np.int64)
    # Affine permutations of 32 bits, which numpy computes ten times as fast as those modulo a prime.
    permutations = MinHash(num_perm=bands * rows, scheme="affine32").permutations
    mixing = np.random.default_rng(0).integers(1, 2**32, size=rows, dtype=np.uint64) | np.uint64(1)
    for number, text in enumerate(plain):
        hashes = _hashes(text, shingle)
        sketch = MinHash(num_perm=bands * rows, scheme="affine32", permutations=permutations, hashfunc=int)
        sketch.update_batch((hashes >> np.uint64(32)).tolist())
        signature = sketch.hashvalues.reshape(bands, rows).astype(np.uint64)
        keys[:, number] = (_mixed((signature * mixing).sum(axis=1, dtype=np.uint64)) >> np.uint64(32)).astype(np.uint32)
        place = hashes % np.uint64(64 * _WORDS)
        np.bitwise_or.at(bits[number], (place // np.uint64(64)).astype(np.intp), np.uint64(1) << place % np.uint64(64))
        sizes[number] = len(hashes)
    return keys, bits, sizes


def _hashes(plain: str, size: int) -> NDArray[np.uint64]:
    """Return a 64-bit hash of every distinct shingle of a plain text."""
    letters = np.frombuffer(plain.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    count = max(1, len(letters) - size + 1)
    total = np.full(count, len(letters) if len(letters) < size else size, dtype=np.uint64)
    for offset in range(min(size, len(letters))):
        total = _mixed(total + letters[offset : offset + count])
    return np.unique(total)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread values over all 64 bits: the finaliser of MurmurHash3 (Appleby, public domain)."""
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        values = (values ^ (values >> np.uint64(33))) * np.uint64(factor)
    return np.asarray(values ^ (values >> np.uint64(33)), dtype=np.uint64)


def _sharing(keys: NDArray[np.uint32]) -> Iterator[tuple[Pairs, Pairs]]:
    """Give the pairs of places with equal keys: neighbours in order of keys, then those two apart, and so on."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.arange(len(keys) - 1)
    for apart in range(1, len(keys)):
        starts = starts[starts + apart < len(keys)]
        starts = starts[ordered[starts] == ordered[starts + apart]]
        if not len(starts):
            return
        yield order[starts], order[starts + apart]


def _bands(threshold: float, texts: int = 2) -> tuple[int, int]:
    """Return bands and rows of the index: the fewest rows (fewest hash functions) that do for so many texts.

    A pair of similarity s is overlooked with probability ``(1 - s**rows)**bands`` (Mining of Massive Datasets, 3.4.2),
    at the threshold at most `MISSED`. A text meets at most `CANDIDATES` others of similarity `UNRELATED`, or
    `MOST_PERMUTATIONS` are used.
    """

    def bands(rows: int) -> int:
        passed = threshold**rows
        return 1 if passed == 1 else math.ceil(math.log(MISSED) / math.log1p(-passed))

    rows = 1
    while rows < PERMUTATIONS // 2 and bands(rows + 1) * (rows + 1) <= PERMUTATIONS:
        rows += 1
    while (
        texts / 2 * (1 - (1 - UNRELATED**rows) ** bands(rows)) > CANDIDATES
        and bands(rows + 1) * (rows + 1) <= MOST_PERMUTATIONS
    ):
        rows += 1
    return bands(rows), rows


def _jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b)
