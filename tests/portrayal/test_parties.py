from __future__ import annotations

import pytest

from framing import mentions
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
