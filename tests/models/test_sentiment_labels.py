from __future__ import annotations

import doctest

import numpy as np
import pytest

from framing.errors import InputError
from framing.models.sentiment import labels as module
from framing.models.sentiment.labels import GRADES, grade_of, graded_table, grades_of


def test_the_examples_hold() -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("name", "grade"),
    [
        ("negative", "negative"), ("Negative", "negative"), ("NEG", "negative"), ("سلبي", "negative"),
        ("سلبيّة", "negative"), ("neutral", "neutral"), ("NEU", "neutral"), ("محايد", "neutral"),
        ("حيادي", "neutral"), ("pos", "positive"), ("إيجابي", "positive"), ("ايجابية", "positive"),
        ("very_positive", "very positive"), ("Very Negative", "very negative"), ("strongly-negative", "very negative"),
        ("إيجابي جدًا", "very positive"), ("1 star", "very negative"), ("3 stars", "neutral"),
        ("5 stars", "very positive"), ("LABEL_0", None), ("mixed", None), ("joy", None), ("0", None), ("", None),
        ("not negative", None), ("6 stars", None),
    ],
)  # fmt: skip
def test_what_a_name_stands_for(name: str, grade: str | None) -> None:
    assert grade_of(name) == grade


def test_names_decide_where_they_are_clear() -> None:
    assert grades_of(["positive", "negative", "neutral"]) == ("positive", "negative", "neutral")
    assert grades_of(["NEG", "POS"]) == ("negative", "positive")
    assert grades_of([f"{n} star{'s' * (n > 1)}" for n in range(1, 6)]) == GRADES
    assert grades_of(["-1", "0", "1"]) == ("negative", "neutral", "positive")


def test_the_user_says_what_names_do_not() -> None:
    given = {"LABEL_0": "negative", "LABEL_1": "neutral", "LABEL_2": "positive"}
    assert grades_of(["LABEL_0", "LABEL_1", "LABEL_2"], given) == ("negative", "neutral", "positive")
    mixed = ["negative", "neutral", "positive", "mixed"]
    assert grades_of(mixed, {"mixed": "neutral"})[3] == "neutral"
    assert grades_of(["negative", "positive"], {"negative": "positive", "positive": "negative"})[0] == "positive"
    feelings = {"anger": "negative", "fear": "negative", "joy": "positive"}
    assert grades_of(list(feelings), feelings) == tuple(feelings.values())


def test_what_is_not_clear_is_told() -> None:
    unclear = (
        r"what the labels 'LABEL_0', 'LABEL_1' of the model 'some/model' stand for is not clear "
        r"\(it has 'LABEL_0', 'LABEL_1'\)\. Say so.*labels=\{\"LABEL_0\": \"negative\", \.\.\.\}; "
        r"a label may be very negative, negative, neutral"
    )
    with pytest.raises(InputError, match=unclear):
        grades_of(["LABEL_0", "LABEL_1"], model="some/model")
    with pytest.raises(InputError, match=r"labels 'mixed' of .* \(it has 'negative', 'positive', 'mixed'\)"):
        grades_of(["negative", "positive", "mixed"])
    with pytest.raises(InputError, match=r"labels '0', '1' of"):
        grades_of(["0", "1"])
    with pytest.raises(InputError, match=r"no label 'LABEL_7'\. Its labels are 'negative', 'positive'"):
        grades_of(["negative", "positive"], {"LABEL_7": "negative"})
    with pytest.raises(InputError, match=r"'sad' is no polarity\. Use one of very negative"):
        grades_of(["a", "b"], {"a": "sad", "b": "positive"})
    with pytest.raises(InputError, match=r"no label of the model '' is positive .* neutral may be absent"):
        grades_of(["negative", "neutral"])
    with pytest.raises(InputError, match=r"gives one number \('LABEL_0'\), not probabilities"):
        grades_of(["LABEL_0"])


def test_tables() -> None:
    five = graded_table(np.array([[0.1, 0.2, 0.3, 0.15, 0.25]]), GRADES)
    assert five.columns.tolist() == ["negative", "neutral", "positive", "score"]
    np.testing.assert_allclose(five.to_numpy(), [[0.3, 0.3, 0.4, -0.1 - 0.1 + 0.075 + 0.25]])
    three = graded_table(np.array([[0.7, 0.2, 0.1]]), ["positive", "negative", "neutral"])
    np.testing.assert_allclose(three.to_numpy(), [[0.2, 0.1, 0.7, 0.5]])
    two = graded_table(np.array([[0.25, 0.75]]), ["negative", "positive"])
    np.testing.assert_allclose(two.to_numpy(), [[0.25, 0.0, 0.75, 0.5]])
    assert graded_table(np.empty((0, 5)), GRADES).shape == (0, 4)
