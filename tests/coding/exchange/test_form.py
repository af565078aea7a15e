from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.coding import Codebook, read_codings
from framing.coding.codings import UNANSWERED
from framing.coding.exchange import (
    answers_table,
    keep,
    missing_answers,
    parse_name,
    read_answers,
    tasks,
    to_codings,
    unit_name,
    utc,
    write_answers,
)
from framing.coding.exchange.form import columns, variables
from framing.errors import InputError
from framing.files import read_table, text_sha, write_table
from framing.resources import resource
from framing.schema import KEY
from framing.study import StudyData
from tests.coding.exchange.answering import Answer, answered, in_order, seeds_answers, seeds_shown


@settings(max_examples=40)
@given(answered(), st.sampled_from([".csv", ".jsonl", ".parquet"]))
def test_a_table_of_answers_comes_back_as_it_was(case: tuple[Codebook, pd.DataFrame, list[Answer]], end: str) -> None:
    book, shown, answers = case
    kept = keep(answers_table([{**a, "tool": "framing", "seconds": 2.5} for a in answers], book), shown, book).answers
    if kept.empty:
        return
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / f"answers{end}"
        write_answers(kept, file, book)
        pd.testing.assert_frame_equal(read_answers(file, book), in_order(kept), check_dtype=False)


def test_the_codings_of_the_seeds_are_answers_and_codings_again(data: StudyData, tmp_path: Path) -> None:
    answers = answers_table(seeds_answers(data), data.codebook)
    codings = to_codings(keep(answers, seeds_shown(data), data.codebook).answers, data.codebook)
    given_ = read_table(resource("annotations") / "codings.csv")
    given_["unit"] = given_["unit"].astype(int)
    pd.testing.assert_frame_equal(
        codings, given_.sort_values([*KEY, "coder"], ignore_index=True)[codings.columns], check_dtype=False
    )
    write_table(codings, tmp_path / "codings.csv")
    assert len(read_codings(tmp_path / "codings.csv", data.codebook)) == 133 * 3


def test_what_was_left_open_is_listed_and_not_none(data: StudyData) -> None:
    first = seeds_answers(data)[0]
    first.pop("frames")
    first["tone"] = None
    answers = answers_table([first], data.codebook)
    assert missing_answers(answers, data.codebook)["variable"].tolist() == ["frames", "tone"]
    coded = to_codings(answers, data.codebook).iloc[0]
    assert [coded["frames"], coded["tone"]] == [UNANSWERED, UNANSWERED]
    assert UNANSWERED not in coded["voice"]


@given(st.text(min_size=1).filter(str.strip), st.integers(0, 10**6), st.text())
def test_the_name_of_a_unit_says_all_of_it(doc_id: str, unit: int, version: str) -> None:
    book = Codebook("n", version, "ar", "", 0, (), (), "", (), (), "", (), {}, "", ())
    try:
        doc_id.encode()
        version.encode()
    except UnicodeEncodeError:
        return
    name = unit_name(doc_id, unit, text_sha(doc_id), book)
    assert name.isascii()
    assert parse_name(name) == (doc_id, unit, text_sha(doc_id), version)


@pytest.mark.parametrize("name", ["", "s001", "a:b:c:d", "a:1:c", "a:1:c:d:e"])
def test_another_name_is_none_of_ours(name: str) -> None:
    assert parse_name(name) is None


MOMENT = datetime(2026, 11, 21, 23, 24, 16, 40929, tzinfo=UTC)


@pytest.mark.parametrize(
    "said",
    [
        "2026-11-21T23:24:16.040929Z",
        "2026-11-21T23:24:16.040929",
        "2026-11-22 01:24:16.040929+02:00",
        MOMENT,
        MOMENT.astimezone(timezone(timedelta(hours=2))),
        MOMENT.timestamp(),
    ],
)
def test_a_moment_is_spelt_in_one_way(said: str | float | datetime) -> None:
    assert utc(said) == "2026-11-21T23:24:16.040929Z"


def test_no_moment_is_no_moment() -> None:
    assert utc(None) == utc("") == ""


def test_coders_see_the_headline_and_the_units_before(data: StudyData) -> None:
    units = pd.DataFrame(
        {
            "doc_id": "a",
            "unit": range(6),
            "unit_type": ["headline", "boilerplate", "body", "body", "body", "body"],
            "text": ["عنوان", "شارك", "أولى", "ثانية\nبسطرين", "ثالثة", "رابعة"],
        }
    )
    shown = tasks(units, data.codebook)
    assert data.codebook.context == 2
    assert shown["unit"].tolist() == [0, 2, 3, 4, 5]
    assert shown["context"].tolist() == [
        "",
        "عنوان",
        "عنوان\nأولى",
        "عنوان\nأولى\nثانية بسطرين",
        "عنوان\nثانية بسطرين\nثالثة",
    ]
    assert shown["sha"].tolist() == [text_sha(text) for text in shown["text"]]


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("frames", "drought", r"answers\.csv, row 2, column 'frames': unknown label 'drought'\. The codebook knows"),
        ("tone", "7", "column 'tone': unknown label '7'"),
        ("tone", "", "column 'tone': answered and yet empty"),
        ("voice", "crowd", "column 'voice': unknown label 'crowd'"),
        ("answered", "tone", "'frames': '.*', though 'answered' does not name frames"),
        ("answered", "mood", "column 'answered': unknown variable 'mood'"),
        ("coder", "", "column 'coder': empty"),
        ("sha", "", "column 'sha': empty"),
        ("seconds", "-1", "column 'seconds'"),
        ("unit", "x", "column 'unit'"),
    ],
)
def test_a_wrong_cell_of_a_table_is_named(
    data: StudyData, tmp_path: Path, column: str, value: str, message: str
) -> None:
    answers = answers_table(seeds_answers(data)[:2], data.codebook)
    answers["coder"] = ["A", "B"]
    write_answers(answers, tmp_path / "answers.csv", data.codebook)
    table = read_table(tmp_path / "answers.csv")
    table.loc[0, column] = value
    write_table(table, tmp_path / "answers.csv")
    with pytest.raises(InputError, match=message):
        read_answers(tmp_path / "answers.csv", data.codebook)


def test_a_missing_column_and_a_coder_twice_are_named(data: StudyData, tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    answers = answers_table(seeds_answers(data)[:1] * 2, data.codebook)
    write_answers(answers, file, data.codebook)
    with pytest.raises(InputError, match="the same doc_id and unit and coder stands in two rows"):
        read_answers(file, data.codebook)
    write_table(answers[columns(data.codebook)].drop(columns="sha"), file)
    with pytest.raises(InputError, match=r"no column 'sha' .*need the columns doc_id, unit, sha, coder, frames"):
        read_answers(file, data.codebook)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"unit": 900}, r"unit 900 of article '000': no such unit\. Import with the study whose units"),
        ({"sha": ""}, "the text's hash is lost"),
        ({"sha": "0" * 12}, "the text is not the one that was exported"),
        ({"coder": ""}, r"nobody is named who answered\. Name the coder with --coder"),
        ({"codebook": "0"}, "coded by version '0' of the codebook, this one is '1'"),
        ({"problem": "torn", "cure": "Mend it."}, r"torn\. Mend it\. Repair the export, or set such answers aside"),
        ({"origin": "prediction"}, "grew out of a pre-filled prediction"),
        ({"coder": "a "}, "coder spelt 'A' and 'a '"),
        ({"unit": 1}, "the text is not the one"),
    ],
)
def test_what_spoils_gold_is_refused_or_set_aside(data: StudyData, change: dict[str, object], message: str) -> None:
    shown = seeds_shown(data)
    records = [a | {"file": "x.json", "row": n} for n, a in enumerate(seeds_answers(data)[:12], start=1)]
    mine = [r for r in records if r["coder"] == "A"]
    found = answers_table([mine[0] | change, *mine[1:]], data.codebook)
    with pytest.raises(InputError, match=message) as error:
        keep(found, shown, data.codebook)
    assert (error.value.file, error.value.row) == ("x.json", mine[0]["row"])
    kept = keep(found, shown, data.codebook, aside=True)
    assert len(kept.answers) + len(kept.flagged) == len(mine)
    assert kept.flagged[["problem", "cure"]].ne("").all().all()


def test_every_order_of_the_answers_keeps_the_same(data: StudyData) -> None:
    shown = seeds_shown(data)
    found = answers_table(seeds_answers(data), data.codebook)
    found.loc[[3, 50], "coder"] = "a"
    found.loc[7, "cancelled"] = True
    found.loc[9, "frames"] = "drought"
    one = keep(found, shown, data.codebook, aside=True)
    other = keep(found.sample(frac=1, random_state=3), shown, data.codebook, aside=True)
    for left, right in zip(one, other, strict=True):
        pd.testing.assert_frame_equal(in_order(left), in_order(right))
    assert {"taken back by the coder", "unknown label 'drought'", "coder spelt 'A' and 'a'"} <= set(
        one.flagged["problem"]
    )


def test_variables_are_those_of_the_codebook(data: StudyData) -> None:
    assert variables(data.codebook)[0] == "frames"
    assert variables(data.codebook)[-1] == "voice"
