"""N-grams counted word by word are scikit-learn's to the bit."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from framing.models.ngrams import Ngrams

TRAINING = ["وقالت الشركة إن الصفقة خاسرة", "الصفقة رهان كبير، والرهان خاسر", "a b ab ab و"]
KINDS = [{"analyzer": "char_wb", "ngram_range": (2, 5)}, {"ngram_range": (1, 2)}, {"ngram_range": (1, 3)}]
TEXTS = st.lists(
    st.sampled_from(["الصفقة", "رهان", "والرهان،خاسر", "ab", "x", "-", "كبير\n", "قالت.إن", ""]), max_size=9
)


@pytest.mark.parametrize("kind", KINDS, ids=str)
@given(texts=st.lists(TEXTS.map(" ".join), max_size=5))
def test_the_same_weights_as_scikit_learn(kind: dict[str, object], texts: list[str]) -> None:
    ours, theirs = (made(sublinear_tf=True, **kind).fit(TRAINING) for made in (Ngrams, TfidfVectorizer))
    texts = [*texts, "الصفقة رهان كبير"]
    found, expected = ours.transform(texts), theirs.transform(texts)
    assert found.shape == expected.shape
    assert np.array_equal(found.toarray(), expected.toarray())


def test_what_is_remembered_is_not_saved() -> None:
    made = Ngrams(analyzer="char_wb", ngram_range=(2, 5)).fit(TRAINING)
    before = pickle.dumps(made)
    made.transform(["رهان آخر"])
    assert pickle.dumps(made) == before
