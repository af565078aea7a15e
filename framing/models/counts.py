"""Words numbered, and sparse tables of what stands where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import DTypeLike, NDArray
from scipy.sparse import csr_matrix

Places = NDArray[np.int64]


def numbered(texts: Iterable[Sequence[str]]) -> tuple[list[str], Places, Places]:
    """Number the words of texts in the order in which they first come.

    Returns
    -------
    words
        The different ones.
    numbers : shape (words of all texts,)
        Which word stands at each place.
    sizes : shape (texts,)
        How many words each text has.
    """
    place: defaultdict[str, int] = defaultdict()
    place.default_factory = place.__len__  # the next number for every word that is new
    numbers, sizes = list[int](), list[int]()
    for words in texts:
        numbers += map(place.__getitem__, words)
        sizes.append(len(words))
    place.default_factory = None  # which holds what holds it
    return list(place), np.array(numbers, dtype=np.int64), np.array(sizes, dtype=np.int64)


def table_of_ones(columns: Places, sizes: Places, shape: tuple[int, int], dtype: DTypeLike = np.float64) -> csr_matrix:
    """Return a matrix with a one in each of the columns, rows being of these sizes; ones in one place add up."""
    indptr = np.concatenate([[0], np.cumsum(sizes)])
    return csr_matrix((np.ones(len(columns), dtype=dtype), columns, indptr), shape=shape)


def joined(listed: Sequence[Places]) -> tuple[Places, Places]:
    """Return lists of places one after the other, and how long each is."""
    sizes = np.fromiter(map(len, listed), dtype=np.int64, count=len(listed))
    return np.concatenate(listed) if listed else np.empty(0, dtype=np.int64), sizes
