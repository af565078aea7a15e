from __future__ import annotations

import pytest

from framing import mentions
from framing.portrayal import references
from framing.study import Study, StudyData

PARTIES = {"club": ["نادي النور", "Nour", "النور"], "league": ["الرابطة", "FL"]}


@pytest.mark.parametrize(
    ("text", "club", "league"),
    [
        ("أعلن نادي النور فوزه", True, False),
        ('وقالت الرابطة إن "النور" خالف اللوائح', True, True),
        ("اتفاق مع نادى النور", True, False),
        ("عقد لـ«النور» مدته عامان", True, False),
        ("وبالنور بدأ الموسم", True, False),
        ("أبلغت (FL) لاعبيNour بالقرار", False, True),
        ("انضم إلى Nour FC", True, False),
        ("رد الـFL سريع", False, True),
        ("flair of the game", False, False),
        ("أنوار الملعب", False, False),
        ("النورس يحلق", False, False),
        ("", False, False),
    ],
)
def test_a_name_is_found_under_clitics_quotes_and_spellings(text: str, club: bool, league: bool) -> None:
    found = mentions([text], PARTIES).iloc[0]
    assert (found["mentions_club"], found["mentions_league"]) == (club, league)


def test_names_on_the_study_gold(study: Study, data: StudyData) -> None:
    """What the names miss are references without a name ("the company"), which a later reader must resolve."""
    coded = data.coded
    found = mentions(coded["text"].tolist(), study.parties)
    for party in study.parties:
        gold, said = coded[f"mentions_{party}"], found[f"mentions_{party}"]
        assert not (said & ~gold).any()
        assert 2 * (gold & said).sum() / (gold.sum() + said.sum()) > 0.92


def test_a_dual_mentions_both_of_two_parties_and_neither_of_three() -> None:
    texts = ["وامتنع الطرفان عن التعليق", "الطرف الآخر غاضب"]
    assert references(texts, PARTIES).to_numpy().tolist() == [[True, True], [False, False]]
    three = {**PARTIES, "press": ["الصحيفة"]}
    assert not references(texts, three).to_numpy().any()


def test_the_company_is_who_was_named_just_before() -> None:
    texts = ["فاز نادي النور", "وقالت المؤسسة إنها سعيدة", "وأضافت المؤسسة أنها قلقة"]
    assert references(texts, PARTIES, ["a"] * 3)["mentions_club"].tolist() == [True, True, False]
    # Not in another article, nor where nothing is known of articles, nor where two were named.
    assert references(texts, PARTIES, ["a", "b", "b"])["mentions_club"].tolist() == [True, False, False]
    assert references(texts, PARTIES)["mentions_club"].tolist() == [True, False, False]
    both = ["اختلف نادي النور والرابطة", "وقالت المؤسسة إنها سعيدة"]
    assert references(both, PARTIES, ["a", "a"]).iloc[1].sum() == 0
    # Where the text names somebody, the noun is not resolved.
    named = ["فاز نادي النور", "وقالت الرابطة للمؤسسة كلمة"]
    assert references(named, PARTIES, ["a", "a"]).iloc[1].tolist() == [False, True]


def test_references_add_to_names_on_the_study_gold(study: Study, data: StudyData) -> None:
    coded = data.coded
    found = references(coded["text"].tolist(), study.parties, coded["doc_id"].tolist())
    for party in study.parties:
        gold, said = coded[f"mentions_{party}"], found[f"mentions_{party}"]
        assert 2 * (gold & said).sum() / (gold.sum() + said.sum()) > 0.94
