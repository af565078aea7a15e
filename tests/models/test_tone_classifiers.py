from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone

from framing.errors import InputError
from framing.models.classifiers import ValueClassifier
from framing.models.sentiment.classifier import AverageClassifier, LexiconClassifier, ScorerClassifier, ToneClassifier
from framing.models.sentiment.words import Names
from tests.models.scorers import Told

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


def test_what_is_hidden_moves_no_probability() -> None:
    names = ("نورا", "Nora", "شركة الأفق", "الأفق")
    told = [*TEXTS, "نجاح نورا وأرباح قياسية", "فشل الأفق وانهيار Nora"]
    model = clone(ToneClassifier(VALUES, "tfidf", names)).fit(told, [*TONE, 1.0, -1.0])
    found = model.predict_proba([f"حققت {name} نموا قويا" for name in names] + ["حققت شركة قوية نموا"])
    assert found[:4] == pytest.approx(np.repeat(found[:1], 4, axis=0))
    assert found.sum(axis=1) == pytest.approx(1)
    seeing = ToneClassifier(VALUES, "tfidf").fit(told, [*TONE, 1.0, -1.0])
    first, second = seeing.predict_proba([f"حققت {name} نموا قويا" for name in names[:2]])
    assert first != pytest.approx(second, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("قالت ميتا إنها", "قالت X إنها"),
        ("وميتا وبميتا ولميتا", "وX وبX ولX"),
        ("صفقة «ميتا» مع ميتا بلاتفورمز.", "صفقة «X» مع X."),
        ("Meta، وMeta", "X، وX"),
        ("ميتافيزيقا", "ميتافيزيقا"),
        ("", ""),
    ],
)
def test_names_are_hidden_with_their_clitics_kept(text: str, hidden: str) -> None:
    assert Names(["ميتا", "ميتا بلاتفورمز", "Meta"]).hidden(text, "X") == hidden


def test_tone_of_one_value_is_constant() -> None:
    model = ToneClassifier(VALUES, "tfidf").fit(PLAIN, [0.0] * 3)
    assert model.predict_proba(TEXTS).tolist() == [[0.0, 1.0, 0.0]] * len(TEXTS)
    assert model.predict_proba([]).shape == (0, 3)


def test_a_ready_scorer_is_asked_and_never_copied() -> None:
    scorer = Told(ربح=(0.1, 0.2, 0.7))
    model = clone(ScorerClassifier(VALUES, scorer))
    assert model.scorer is scorer
    assert model.fit([], []).predict(["ربح", "اليوم"]).tolist() == [1.0, 0.0]


def test_groups_reach_the_members_that_take_them() -> None:
    members = (LexiconClassifier(VALUES), ToneClassifier(VALUES, "tfidf"))
    groups = np.tile([0, 1, 2], 3)
    average = AverageClassifier(members).fit(TEXTS, TONE, groups=groups)
    alone = ToneClassifier(VALUES, "tfidf").fit(TEXTS, TONE, groups=groups)
    assert average.members_[1].predict_proba(TEXTS) == pytest.approx(alone.predict_proba(TEXTS))


def test_weights_say_how_much_each_member_counts() -> None:
    members = (LexiconClassifier(VALUES), ValueClassifier(VALUES, "tfidf", kernel=True))
    model = clone(AverageClassifier(members, (1, 3))).fit(TEXTS, TONE)
    lexicon, kernel = (clone(member).fit(TEXTS, TONE).predict_proba(TEXTS) for member in members)
    assert model.predict_proba(TEXTS) == pytest.approx(lexicon / 4 + kernel * 3 / 4)
    for weights in ((1.0,), (-1.0, 2.0), (0.0, 0.0)):
        with pytest.raises(InputError, match=r"weights.*Give"):
            AverageClassifier(members, weights).fit(TEXTS, TONE)
