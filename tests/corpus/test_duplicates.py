from __future__ import annotations

import time
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.corpus.duplicates import _bands, near_duplicate_groups, near_duplicates, shingles
from framing.errors import InputError

WORDS = [
    "الشركة",
    "الاتفاق",
    "المدير",
    "الحصة",
    "الذكاء",
    "السوق",
    "القرار",
    "الباحثون",
    "اليوم",
    "أعلن",
    "وقع",
    "أكد",
    "نفى",
    "خبراء",
    "مليار",
    "صفقة",
    "منافسة",
    "تنظيم",
    "بيانات",
    "مختبر",
    "مهندس",
    "مؤتمر",
    "تقرير",
    "مصدر",
    "وكالة",
    "صحيفة",
    "استثمار",
    "رئيس",
    "هيئة",
    "محكمة",
]


def _copies(rng: np.random.Generator, originals: int, copies: int, length: int = 14) -> list[str]:
    """Random headlines, each with copies in which up to half the words are replaced."""
    texts = []
    for _ in range(originals):
        base = rng.choice(WORDS, size=length)
        for _ in range(copies):
            changed = base.copy()
            places = rng.choice(length, size=int(rng.integers(0, length // 2)), replace=False)
            changed[places] = rng.choice(WORDS, size=len(places))
            texts.append(" ".join(changed))
    return texts


def _brute(texts: list[str], threshold: float) -> set[tuple[int, int]]:
    sets = [shingles(text) for text in texts]
    return {
        (i, j)
        for i, j in combinations(range(len(texts)), 2)
        if len(sets[i] & sets[j]) >= threshold * len(sets[i] | sets[j])
    }


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.8, 1.0])
def test_pairs_are_those_of_a_comparison_of_all_with_all(threshold: float) -> None:
    texts = _copies(np.random.default_rng(3), 30, 4)
    table = pd.DataFrame({"doc_id": [str(i) for i in range(len(texts))], "text": texts})
    found = near_duplicates(table, threshold=threshold)
    expected = _brute(texts, threshold)
    assert set(zip(found["doc_id"].astype(int), found["other_doc_id"].astype(int), strict=True)) == expected
    assert found["similarity"].between(threshold, 1).all()
    if threshold < 1:
        assert 0 < len(expected) < len(texts) * 10


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(_copies(np.random.default_rng(4), 6, 3)), min_size=1, max_size=12), st.randoms())
def test_the_order_of_texts_changes_nothing_but_the_numbers(texts: list[str], random: object) -> None:
    order = list(range(len(texts)))
    random.shuffle(order)  # type: ignore[attr-defined]
    groups = near_duplicate_groups(texts)
    shuffled = near_duplicate_groups([texts[i] for i in order])
    for i, j in combinations(range(len(texts)), 2):
        assert (groups[order[i]] == groups[order[j]]) == (shuffled[i] == shuffled[j])
    assert groups[0] == 0
    assert set(groups) == set(range(groups.max() + 1))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=6))
def test_equal_texts_are_always_together(texts: list[str]) -> None:
    groups = near_duplicate_groups([*texts, *texts])
    assert (groups[: len(texts)] == groups[len(texts) :]).all()


def test_spelling_punctuation_and_an_added_outlet_do_not_part_copies() -> None:
    copy = "أعلنت الشركة توقيع اتفاقية جديدة لشراء حصة كبيرة في المختبر"
    groups = near_duplicate_groups(
        [copy, "اعلنت الشركه توقيع اتفاقيه جديده، لشراء حصه كبيره في المختبر!", f"{copy} | الصحيفة", "خبر آخر تماما"]
    )
    assert groups.tolist() == [0, 0, 0, 1]


def test_a_chain_is_one_group() -> None:
    words = WORDS[:24]
    links = [" ".join(words[i : i + 16]) for i in (0, 4, 8)]
    table = pd.DataFrame({"doc_id": list("abc"), "unit": [0, 0, 3], "text": links})
    pairs = near_duplicates(table)
    assert pairs[["doc_id", "other_doc_id"]].to_numpy().tolist() == [["a", "b"], ["b", "c"]]
    assert pairs["other_unit"].tolist() == [0, 3]
    assert len(set(near_duplicate_groups(links))) == 1


def test_nothing_in_nothing_out() -> None:
    assert near_duplicate_groups([]).shape == (0,)
    pairs = near_duplicates(pd.DataFrame({"doc_id": ["a"], "text": ["نص"]}))
    assert pairs.empty
    assert list(pairs.columns) == ["doc_id", "other_doc_id", "similarity"]


@pytest.mark.parametrize("threshold", [0.2, 0.5, 0.9])
def test_hashing_overlooks_less_than_it_promises(threshold: float) -> None:
    for texts in (2, 20_000, 1_000_000):
        bands, rows = _bands(threshold, texts)
        assert (1 - threshold**rows) ** bands <= 1e-4
        assert bands * rows <= 4096


@pytest.mark.parametrize("texts", [20_000, 200_000])
def test_pairs_are_the_same_however_many_texts_the_index_is_for(texts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    copies = _copies(np.random.default_rng(6), 40, 4)
    expected = _brute(copies, 0.5)
    laid_out = _bands(0.5, texts)
    assert laid_out[1] > _bands(0.5)[1]
    monkeypatch.setattr("framing.corpus.duplicates._bands", lambda *given: laid_out)
    table = pd.DataFrame({"doc_id": [str(i) for i in range(len(copies))], "text": copies})
    found = near_duplicates(table)
    assert set(zip(found["doc_id"].astype(int), found["other_doc_id"].astype(int), strict=True)) == expected


def test_a_text_that_stands_in_every_page_costs_nothing() -> None:
    """Groups need no pair of equal texts, of which there are 200 million here."""
    assert near_duplicate_groups(["جميع الحقوق محفوظة"] * 20_000 + ["خبر"]).tolist() == [0] * 20_000 + [1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [({"threshold": 0.0}, "threshold 0.0 is not a similarity"), ({"shingle": 0}, "a shingle of 0 characters")],
)
def test_a_parameter_out_of_range_is_said(arguments: dict[str, float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        near_duplicate_groups(["نص"], **arguments)  # type: ignore[arg-type]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(InputError, match="no column 'text'"):
        near_duplicates(pd.DataFrame({"doc_id": ["a"]}))


def test_two_thousand_headlines_take_seconds() -> None:
    texts = _copies(np.random.default_rng(5), 500, 4)
    start = time.perf_counter()
    near_duplicate_groups(texts)
    assert time.perf_counter() - start < 20
