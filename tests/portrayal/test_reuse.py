from __future__ import annotations

import pandas as pd
import pytest

from framing.corpus import segment
from framing.portrayal import frames_by_voice, headline_and_body, reuse, shared_passages, shared_sentences
from framing.portrayal.reuse import earlier

COPIED = "قالت الوزارة إن الجسر الجديد سيفتح أمام السيارات قبل نهاية العام رغم الأمطار الغزيرة"
ARTICLES = pd.DataFrame(
    [
        ("a", "east", "2025-06-12", f"عنوان أول\n{COPIED}.\nثم هطل المطر على القرية كلها ليلا."),
        (
            "b",
            "west",
            "2025-07",
            f"عنوان آخر\nوفي خبر منفصل {COPIED} كما كان متوقعا منذ شهور.\nانتهى هنا.",
        ),
        ("c", "east", "", f"خبر ثالث\n{COPIED}."),
        ("d", "north", "", "لا شيء مما سبق هنا."),
    ],
    columns=["doc_id", "outlet", "published", "text"],
)


@pytest.fixture
def units() -> pd.DataFrame:
    dates = dict(zip(ARTICLES["doc_id"], ARTICLES["published"], strict=True))
    table = segment(ARTICLES)
    return table.assign(published=table["doc_id"].map(dates))


def test_near_duplicates_of_one_outlet_are_no_reuse_and_dates_give_direction(units: pd.DataFrame) -> None:
    found = shared_sentences(units)
    pairs = {(row["doc_id"], row["other_doc_id"]): row["earlier"] for row in found.to_dict("records")}
    assert pairs == {("a", "b"): "east", ("b", "c"): ""}


def test_passages_go_as_far_as_their_words(units: pd.DataFrame) -> None:
    found = shared_passages(ARTICLES, units)
    texts = dict(zip(ARTICLES["doc_id"], ARTICLES["text"], strict=True))
    assert len(found) == 2
    for row in found.to_dict("records"):
        assert texts[row["doc_id"]][row["start"] : row["end"]] == COPIED
        assert texts[row["other_doc_id"]][row["other_start"] : row["other_end"]] == COPIED
        assert row["words"] == len(COPIED.split())


def test_shares_count_each_word_once(units: pd.DataFrame) -> None:
    table = reuse(ARTICLES, units, shared_sentences(units), shared_passages(ARTICLES, units)).table.set_index("doc_id")
    assert table.loc["a", "shared"] == len(COPIED.split())
    assert table.loc["a", "from_earlier"] == 0
    assert table.loc["b", "from_earlier"] == table.loc["b", "shared"] > len(COPIED.split())
    assert table.loc["d", ["shared", "share", "with_outlets"]].tolist() == [0, 0.0, ""]


@pytest.mark.parametrize(
    ("a", "b", "answer"),
    [("2025-06-12", "2025-07", "first"), ("2025-07", "2025-06-30", "second"), ("2025", "2025-06", ""),
     (None, "2025", ""),
     ("soon", "2025", ""), ("2024", "2025-01-01", "first")],
)  # fmt: skip
def test_dates_of_any_precision(a: object, b: object, answer: str) -> None:
    assert earlier(a, b) == answer


CODED = pd.DataFrame(
    {
        "doc_id": ["a", "a", "a", "b"],
        "outlet": ["east", "east", "east", "west"],
        "unit_type": ["headline", "body", "body", "body"],
        "has_cold": [True, True, False, False],
        "tone": [-1.0, 0.0, 1.0, 0.0],
    }
)


def test_frames_are_the_outlets_own_or_reported() -> None:
    voice = pd.Series(["narrator", "anonymous", "narrator", "named"])
    table = frames_by_voice(CODED, {"cold": "has_cold"}, voice).table.set_index("outlet")
    assert table.loc["east", ["n_units", "narrator", "anonymous", "own_share"]].tolist() == [2, 1, 1, 0.5]
    assert pd.isna(table.loc["west", "own_share"])


def test_the_headline_against_its_body() -> None:
    result = headline_and_body(CODED, {"cold": "has_cold", "tone": "tone"})
    table = result.table.set_index("variable")
    assert table.loc["cold", ["headline", "body", "difference", "n_body"]].tolist() == [1.0, 0.5, 0.5, 2]
    assert table.loc["tone", "difference"] == -1.5
    assert result.caveats == ("1 of the articles have no coded headline in their text.",)
