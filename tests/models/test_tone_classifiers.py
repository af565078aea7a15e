from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone

from framing.errors import InputError
from framing.models.classifiers import ValueClassifier
from framing.models.sentiment.classifier import AverageClassifier, LexiconClassifier

VALUES = (-1.0, 0.0, 1.0)
BAD = ["خسائر فادحة وفشل ذريع", "انهيار الأسهم وسط مخاوف", "فضيحة واستقالات"]
PLAIN = ["عقد الاجتماع يوم الأحد", "يقع المقر في وسط المدينة", "يبلغ عدد الموظفين مئة"]
GOOD = ["نجاح باهر وأرباح قياسية", "نمو قوي وازدهار", "إنجاز رائد وتفوق"]
TEXTS, TONE = [*BAD, *PLAIN, *GOOD], np.repeat(VALUES, 3)


def test_the_lexicon_needs_no_gold_and_spares_names() -> None:
    model = clone(LexiconClassifier(VALUES)).fit([], [])
    assert model.predict(TEXTS).tolist() == TONE.tolist()
    assert model.predict_proba(TEXTS).sum(axis=1) == pytest.approx(1)
    named = ["أعلنت شركة نجاح مواعيد العمل"]
    assert model.predict(named).tolist() == [1.0]
    assert LexiconClassifier(VALUES, ("نجاح",)).fit([], []).predict(named).tolist() == [0.0]


def test_the_average_lies_between_its_members() -> None:
    members = (LexiconClassifier(VALUES), ValueClassifier(VALUES, "tfidf"))
    model = clone(AverageClassifier(members)).fit(TEXTS, TONE)
    parts = [clone(member).fit(TEXTS, TONE).predict_proba(TEXTS) for member in members]
    assert model.predict_proba(TEXTS) == pytest.approx(np.mean(parts, axis=0))
    assert model.predict(TEXTS).tolist() == TONE.tolist()


def test_weights_say_how_much_each_member_counts() -> None:
    members = (LexiconClassifier(VALUES), ValueClassifier(VALUES, "tfidf", kernel=True))
    model = clone(AverageClassifier(members, (1, 3))).fit(TEXTS, TONE)
    lexicon, kernel = (clone(member).fit(TEXTS, TONE).predict_proba(TEXTS) for member in members)
    assert model.predict_proba(TEXTS) == pytest.approx(lexicon / 4 + kernel * 3 / 4)
    for weights in ((1.0,), (-1.0, 2.0), (0.0, 0.0)):
        with pytest.raises(InputError, match=r"weights.*Give"):
            AverageClassifier(members, weights).fit(TEXTS, TONE)
