"""Characters and words of a text, counted word by word: as scikit-learn counts them, in a tenth of the time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer

from framing.models.counts import Places, joined, numbered, table_of_ones

WORDS = 100_000
"""Words whose n-grams are remembered."""


class Ngrams(TfidfVectorizer):  # type: ignore[misc]
    """``TfidfVectorizer`` of characters inside words (``char_wb``) or of words and pairs, faster on new texts.

    What it learns, and what it gives, is scikit-learn's to the bit. But a word's n-grams are looked up once: a text's
    counts are the sum over its words, which is a product of two sparse matrices.
    """

    def fit_transform(self, raw_documents: Iterable[str], y: object = None) -> csr_matrix:
        """Learn the n-grams and return their weights: those that `fit` and then `transform` give, from one count."""
        for remembered in ("_remembered", "_listed"):
            self.__dict__.pop(remembered, None)
        self._check_params()
        self._tfidf = TfidfTransformer(
            norm=self.norm, use_idf=self.use_idf, smooth_idf=self.smooth_idf, sublinear_tf=self.sublinear_tf
        )
        counts = CountVectorizer.fit_transform(self, raw_documents)
        counts.sort_indices()  # else the last bits of a text's length would be others
        weights: csr_matrix = self._tfidf.fit(counts).transform(counts, copy=False)
        return weights

    def transform(self, raw_documents: Iterable[str]) -> csr_matrix:
        """Return the weights of the n-grams, shape (texts, n-grams), sparse."""
        if not self._by_words():
            plain: csr_matrix = super().transform(raw_documents)
            return plain
        self._check_vocabulary()
        read = self.build_preprocessor()
        counts = self._counts([read(self.decode(text)).split() for text in raw_documents])
        found: csr_matrix = self._tfidf.transform(counts, copy=False)
        return found

    def _by_words(self) -> bool:
        """Tell whether this is one of the two that are counted word by word."""
        if self.analyzer == "char_wb":
            return True
        return bool(
            self.analyzer == "word"
            and tuple(self.ngram_range) == (1, 2)
            # A pair that is known is then made of known words.
            and (self.min_df, self.max_df, self.max_features, self.vocabulary) == (1, 1.0, None, None)
            and self.token_pattern == r"(?u)\b\w\w+\b"
            and (self.stop_words, self.tokenizer) == (None, None)
        )

    def _counts(self, texts: Sequence[Sequence[str]]) -> csr_matrix:
        """Return how often each n-gram stands in each text, given as its words between spaces."""
        different, numbers, owned = numbered(texts)
        held, sizes = joined([self._known(word) for word in different])
        shape = len(texts), len(self.vocabulary_)
        if self.analyzer == "char_wb":
            by_word = table_of_ones(held, sizes, (len(different), shape[1]))
            counts = csr_matrix(table_of_ones(numbers, owned, (len(texts), len(different))) @ by_word)
        else:
            counts = self._with_pairs(numbers, owned, held, sizes, shape)
        counts.sum_duplicates()  # sorts, too
        return counts

    def _with_pairs(
        self, numbers: Places, owned: Places, held: Places, sizes: Places, shape: tuple[int, int]
    ) -> csr_matrix:
        """Return counts of words and of pairs of neighbours; ``held`` are a piece's words, -1 for an unknown one."""
        lengths, starts = sizes[numbers], (np.cumsum(sizes) - sizes)[numbers]
        words = held[_runs(starts, lengths)]
        text = np.repeat(np.repeat(np.arange(shape[0]), owned), lengths)
        both = np.flatnonzero((text[1:] == text[:-1]) & (words[1:] >= 0) & (words[:-1] >= 0))
        codes, pairs = self._pairs()
        wanted = words[both] * shape[1] + words[both + 1]
        found = np.searchsorted(codes, wanted)
        found[found == len(codes)] = 0
        hit = codes[found] == wanted if len(codes) else np.zeros(len(wanted), dtype=bool)
        known = words >= 0
        rows = np.concatenate([text[known], text[both[hit]]])
        columns = np.concatenate([words[known], pairs[found[hit]]])
        return csr_matrix((np.ones(len(rows), dtype=self.dtype), (rows, columns)), shape=shape)

    def _known(self, word: str) -> Places:
        """Return the places of a word's n-grams in the vocabulary, each as often as it stands in it."""
        kept: dict[str, Places] = self.__dict__.setdefault("_remembered", {})
        found = kept.get(word)
        if found is None:
            known = self.vocabulary_
            if self.analyzer == "char_wb":
                places = [known[gram] for gram in self._char_wb_ngrams(word) if gram in known]
            else:
                places = [known.get(token, -1) for token in self.build_tokenizer()(word)]
            found = np.array(places, dtype=np.int64)
            if len(kept) >= WORDS:
                kept.clear()
            kept[word] = found
        return found

    def _pairs(self) -> tuple[Places, Places]:
        """Return codes of all pairs in the vocabulary, rising, and the pairs' places in it."""
        if "_listed" not in self.__dict__:
            known = self.vocabulary_
            pairs = [(*gram.split(" "), place) for gram, place in known.items() if " " in gram]
            rows = np.array([(known[a] * len(known) + known[b], place) for a, b, place in pairs], dtype=np.int64)
            rows = rows.reshape(-1, 2)
            rows = rows[rows[:, 0].argsort()]
            self._listed = rows[:, 0], rows[:, 1]
        found: tuple[Places, Places] = self._listed
        return found

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is only remembered."""
        state: dict[str, Any] = super().__getstate__()
        return {name: value for name, value in state.items() if name not in ("_remembered", "_listed")}


def _runs(starts: Places, lengths: Places) -> Places:
    """Return starts[0], starts[0] + 1, ... for so many places, and likewise for the next."""
    before = np.cumsum(lengths) - lengths
    return np.repeat(starts - before, lengths) + np.arange(lengths.sum())
