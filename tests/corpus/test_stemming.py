"""Light stemming: each affix, the shortest stems, and what holds for any word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.corpus.stemming import conjunction_forms, light_forms

LETTERS = st.text(st.sampled_from("ابتثجحدرزسشصضطعفقكلمنهويةىأإآءئؤ"), max_size=12)


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("والكتاب", "كتاب"),
        ("فبالكتاب", "كتاب"),
        ("كالكتاب", "كتاب"),
        ("للكتاب", "كتاب"),
        ("لكتابهم", "كتاب"),
        ("سيكتب", "يكتب"),
        ("مدينتها", "مدينة"),
        ("أعبائها", "أعباء"),
        ("مستواهم", "مستوى"),
        ("شركات", "شركة"),
        ("شركاتها", "شركة"),
        ("شركتين", "شركة"),
        ("تدنت", "تدنى"),
        ("كتابا", "كتاب"),
        ("معلمون", "معلم"),
        ("كتبوا", "كتب"),
    ],
)
def test_affixes_come_off_and_what_they_changed_comes_back(word: str, form: str) -> None:
    assert form in light_forms(word)


@pytest.mark.parametrize(
    ("word", "form"),
    [("بحر", "حر"), ("لون", "ون"), ("سماء", "ماء"), ("فقد", "قد"), ("بيتهم", "يتهم"), ("حكم", "ح"), ("كلام", "لام")],
)
def test_what_leaves_too_little_or_cannot_be_stays(word: str, form: str) -> None:
    assert form not in light_forms(word)


def test_particles_carry_a_conjunction_only() -> None:
    assert conjunction_forms("ولم") == ("ولم", "لم")
    assert conjunction_forms("غيرت") == ("غيرت",)
    assert conjunction_forms("في") == ("في",)


@given(LETTERS)
def test_the_word_comes_first_and_no_form_twice(word: str) -> None:
    forms = light_forms(word)
    assert forms[0] == word
    assert len(set(forms)) == len(forms)
    assert all(len(form) <= len(word) for form in forms)


@given(LETTERS.filter(lambda word: len(word) > 1 and word[0] not in "وف"))
def test_a_conjunction_only_adds_forms(word: str) -> None:
    assert set(light_forms(word)) <= set(light_forms("و" + word))
