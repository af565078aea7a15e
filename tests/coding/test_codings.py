from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.coding import Codebook, majority_gold, read_codebook, read_codings, read_gold, require_units
from framing.errors import InputError, StaleCodingError
from framing.study import StudyData
from tests.coding.weather import BOOK, HEADER, write_codings


@pytest.fixture
def book(tmp_path: Path) -> Codebook:
    (tmp_path / "book.yaml").write_text(BOOK, encoding="utf-8")
    return read_codebook(tmp_path / "book.yaml")


def test_cells_become_columns(tmp_path: Path, book: Codebook) -> None:
    table = read_codings(write_codings(tmp_path, "a,0,X,storm; harvest,-1,,named", "a,1,X,,+1,0.0,"), book)
    assert table["has_storm"].tolist() == [True, False]
    assert table["has_harvest"].tolist() == [True, False]
    assert table["tone"].tolist() == [-1.0, 1.0]
    assert table["mentions_office"].tolist() == [False, True]
    assert np.isnan(table["tone_office"][0])
    assert table["voice"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a,1,X,strom,0,,", r"codings\.csv, row 3, column 'frames': unknown frame 'strom'\. The codebook knows storm,"),
        ("a,1,X,,2,,", r"row 3, column 'tone': unknown value '2'\. The codebook knows -1, 0, 1"),
        ("a,1,X,,0,good,", r"row 3, column 'tone_office': unknown value 'good'"),
        ("a,1,X,,0,,crowd", r"row 3, column 'voice': unknown value 'crowd'"),
        ("a,0,X,,0,,", "the same doc_id and unit and coder stands in two rows"),
        ("a,1,,,0,,", r"row 3, column 'coder': empty"),
    ],
)
def test_a_wrong_cell_is_named(tmp_path: Path, book: Codebook, row: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_codings(write_codings(tmp_path, "a,0,X,,0,,", row), book)


def test_a_missing_column_is_named(tmp_path: Path, book: Codebook) -> None:
    file = tmp_path / "codings.csv"
    file.write_text("doc_id,unit,coder,frames\na,0,X,\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"no column 'tone' .* needs the columns frames, tone, tone_office, voice"):
        read_codings(file, book)


UNITS = pd.DataFrame({"doc_id": ["a", "a"], "unit": [0, 1], "unit_type": ["body", "boilerplate"]})


@pytest.mark.parametrize(
    ("unit", "message"), [(7, r"c\.csv, row 2: codes unit 7 of article 'a', which does not exist"), (1, "boilerplate")]
)
def test_a_coding_that_hangs_on_nothing_is_named(unit: int, message: str) -> None:
    with pytest.raises(StaleCodingError, match=message):
        require_units(pd.DataFrame({"doc_id": ["a"], "unit": [unit]}), UNITS, file="c.csv")


def test_gold_is_majority_and_median(tmp_path: Path, book: Codebook) -> None:
    rows = ["a,0,X,storm,-1,1,named", "a,0,Y,storm,0,,named", "a,0,Z,,1,0,narrator"]
    even = ["a,1,X,harvest,0,,named", "a,1,Y,,1,,narrator"]
    gold = majority_gold(read_codings(write_codings(tmp_path, *rows, *even), book), book)
    assert gold["has_storm"].tolist() == [True, False]
    assert gold["has_harvest"].tolist() == [False, False], "one of two is no majority"
    assert gold["tone"][0] == 0
    assert np.isnan(gold["tone"][1]), "the median lies between two values"
    assert gold["voice"][0] == "named"
    assert pd.isna(gold["voice"][1])
    assert gold["mentions_office"].tolist() == [True, False]
    assert np.isnan(gold["tone_office"][0]), "0.5 is not on the scale"


def test_the_study_gold_is_the_majority_of_its_codings(data: StudyData) -> None:
    assert data.codings is not None
    assert data.gold is not None
    made = majority_gold(data.codings, data.codebook)
    pd.testing.assert_frame_equal(made, data.gold[made.columns])


@given(st.permutations(["A", "B", "C"]))
def test_gold_does_not_know_who_coded(data: StudyData, order: list[str]) -> None:
    assert data.codings is not None
    names = dict(zip("ABC", order, strict=True))
    renamed = data.codings.assign(coder=data.codings["coder"].map(names)).sort_values("coder")
    pd.testing.assert_frame_equal(majority_gold(renamed, data.codebook), majority_gold(data.codings, data.codebook))


def test_gold_needs_no_coder(tmp_path: Path, book: Codebook) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text('{"doc_id": "a", "unit": 0, "frames": "storm", "tone": 1, "tone_office": null, "voice": "named"}\n')
    gold = read_gold(file, book)
    assert gold[["has_storm", "tone", "mentions_office"]].to_dict("records") == [
        {"has_storm": True, "tone": 1.0, "mentions_office": False}
    ]


def test_a_missing_answer_is_missing_and_not_none(tmp_path: Path, book: Codebook) -> None:
    table = read_codings(write_codings(tmp_path, "a,0,X,?,?,?,?", "a,1,X,storm,0,,named"), book)
    assert table["has_storm"].dtype == table["mentions_office"].dtype == "boolean"
    assert table[["has_storm", "has_harvest", "tone", "tone_office", "mentions_office", "voice"]].isna().all(axis=1)[0]
    assert table["has_storm"][1]
    assert not table["mentions_office"][1]


def test_complete_codings_keep_plain_bool(tmp_path: Path, book: Codebook) -> None:
    table = read_codings(write_codings(tmp_path, "a,0,X,storm,0,?,named", "a,1,X,,0,,named"), book)
    assert table["has_storm"].dtype == bool
    assert table["mentions_office"].dtype == "boolean"


def test_a_question_mark_among_frames_is_no_frame(tmp_path: Path, book: Codebook) -> None:
    with pytest.raises(InputError, match=r"unknown frame '\?'.* write \? where it was not answered"):
        read_codings(write_codings(tmp_path, "a,0,X,storm;?,0,,named"), book)


def test_gold_is_the_majority_of_those_who_answered(tmp_path: Path, book: Codebook) -> None:
    rows = ["a,0,X,storm,0,1,named", "a,0,Y,?,0,?,named", "a,0,Z,?,0,?,named"]
    nobody = ["a,1,X,?,0,?,named", "a,1,Y,?,0,?,named"]
    gold = majority_gold(read_codings(write_codings(tmp_path, *rows, *nobody), book), book)
    assert gold["has_storm"][0]
    assert gold["mentions_office"][0]
    assert gold["tone_office"][0] == 1
    assert pd.isna(gold["has_storm"][1])
    assert pd.isna(gold["mentions_office"][1])


def test_codes_of_another_version_of_the_codebook_are_refused(tmp_path: Path, book: Codebook) -> None:
    file = write_codings(tmp_path, "a,0,X,,0,,,1", "a,1,X,,0,,,2", header=HEADER + ",codebook")
    message = r"row 3, column 'codebook': made by version 2 of the codebook, which is at version 1\. Read it with"
    with pytest.raises(InputError, match=message):
        read_codings(file, book)
    with pytest.raises(InputError, match=message):
        read_gold(file, book)
