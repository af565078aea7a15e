from __future__ import annotations

import csv
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings

from framing.coding import Codebook
from framing.coding.codebook import FRAME_PREFIX
from framing.coding.exchange import keep, sheets, workbook
from framing.coding.exchange.cells import Column, columns
from framing.coding.exchange.form import NO_FRAME, parse_name
from framing.coding.wording import Option
from framing.errors import InputError, MissingDependencyError
from framing.study import StudyData
from tests.coding.exchange.answering import (
    Answer,
    answered,
    by_unit,
    chosen,
    in_order,
    seeds_answers,
    seeds_shown,
    wanted,
)

openpyxl = pytest.importorskip("openpyxl")

Cells = dict[str, object]


def cells_of(answer: Answer, codebook: Codebook, language: str) -> Cells:
    """Spell an answer as a coder would fill it in: the word of the list, yes under each frame."""
    said = chosen(answer, codebook)
    found: Cells = {"note": answer["note"] or None}
    for column in columns(codebook):
        words = column.spellings(language)
        if column.question is None:
            continue
        if column.question.several:
            if column.id.removeprefix(FRAME_PREFIX) in said["frames"]:
                found[column.id] = words["yes"]
        elif said[column.id]:
            found[column.id] = words[said[column.id][0]]
    return found


def fill_csv(path: Path, fill: Callable[[str], Cells], delimiter: str = ",") -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = list(csv.reader(file))
    ids = [cell[cell.rfind("[") + 1 : -1] for cell in header]
    for row in rows:
        for ident, value in fill(row[ids.index("unit")]).items():
            row[ids.index(ident)] = "" if value is None else str(value)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([header, *rows])


def fill_xlsx(path: Path, fill: Callable[[str], Cells]) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    ids = [str(cell.value)[str(cell.value).rfind("[") + 1 : -1] for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        for ident, value in fill(row[ids.index("unit")].value).items():
            cell = row[ids.index(ident)]
            assert not cell.protection.locked or ident in ("text", "context", "unit")
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    book.save(path)


FORMATS = {"csv": (sheets, fill_csv), "xlsx": (workbook, fill_xlsx)}


def answering(answers: list[Answer], codebook: Codebook) -> Callable[[str], Cells]:
    known = by_unit(answers)

    def fill(unit: str) -> Cells:
        name = parse_name(unit.rpartition("@")[0])
        assert name is not None
        return cells_of(known[name.doc_id, name.unit], codebook, codebook.language)

    return fill


@pytest.mark.parametrize("kind", FORMATS)
def test_nothing_is_lost_of_what_the_seeds_coders_said(data: StudyData, tmp_path: Path, kind: str) -> None:
    tool, fill = FORMATS[kind]
    shown, answers = seeds_shown(data), seeds_answers(data)
    assert len(answers) == 3 * 133
    for coder in "ABC":
        mine = [a for a in answers if a["coder"] == coder]
        (path,) = tool.export(shown.sample(frac=1, random_state=ord(coder)), data.codebook, tmp_path, coder)
        fill(path, answering(mine, data.codebook))
    found = keep(tool.read(tmp_path, data.units, data.codebook), shown, data.codebook)
    assert found.flagged.empty
    pd.testing.assert_frame_equal(in_order(found.answers), wanted(answers, data.codebook, "sheet"))


@pytest.mark.parametrize("kind", FORMATS)
@settings(max_examples=15)
@given(case=answered())
def test_nothing_is_lost_of_any_codebook(kind: str, case: tuple[Codebook, pd.DataFrame, list[Answer]]) -> None:
    book, shown, answers = case
    tool, fill = FORMATS[kind]
    with tempfile.TemporaryDirectory() as folder:
        (path,) = tool.export(shown, book, Path(folder), answers[0]["coder"])
        fill(path, answering(answers, book))
        found = keep(tool.read([path], shown, book), shown, book)
    pd.testing.assert_frame_equal(in_order(found.answers), wanted(answers, book, "sheet"), check_dtype=False)
    assert set(found.flagged["problem"]) <= {"answers nothing"}


@pytest.fixture
def small(data: StudyData) -> pd.DataFrame:
    return seeds_shown(data).head(3)


def filled(
    data: StudyData, shown: pd.DataFrame, folder: Path, *rows: Mapping[str, Any], kind: str = "csv", coder: str = "A"
) -> pd.DataFrame:
    """Send out a sheet, fill its rows in, and read it."""
    tool, fill = FORMATS[kind]
    (path,) = tool.export(shown, data.codebook, folder, coder)
    left = iter([*rows, *[{}] * len(shown)])
    fill(path, lambda unit: dict(next(left)))
    return tool.read(path, data.units, data.codebook)


def test_a_missing_answer_is_missing_and_no_frame_is_not(data: StudyData, small: pd.DataFrame, tmp_path: Path) -> None:
    none = {FRAME_PREFIX + frame: "لا" for frame in data.codebook.frame_ids}
    half = dict(list(none.items())[:2])
    found = filled(data, small, tmp_path, {NO_FRAME: "نعم"}, none, half)
    assert found["answered"].tolist() == ["frames", "frames", ""]
    assert found["frames"].tolist() == ["", "", ""]
    kept = keep(found, small, data.codebook)
    assert len(kept.answers) == 2
    assert kept.flagged["problem"].tolist() == ["answers nothing"]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("١", "1"),
        (" +1 ", "1"),
        ("1.0", "1"),
        ("١-", "-1"),
        ("−1", "-1"),
        ("\u200f-1\u200f", "-1"),
        ("٠", "0"),
        (0, "0"),
        (-1.0, "-1"),
        ("إيجابيّة", "1"),
        ("محايـدة", "0"),
        ("Negative", "-1"),
        ("\u00a0سلبية ", "-1"),
    ],
)
@pytest.mark.parametrize("kind", FORMATS)
def test_cells_are_read_kindly(
    data: StudyData, small: pd.DataFrame, tmp_path: Path, cell: object, value: str, kind: str
) -> None:
    found = filled(data, small, tmp_path, {"tone": cell}, kind=kind)
    assert found["tone"][0] == value
    assert found["problem"][0] == ""


@pytest.mark.parametrize("yes", ["نعم", "نَعَم", "YES", " yes\u200f", "١", True, "TRUE"])
def test_a_yes_is_a_yes(data: StudyData, small: pd.DataFrame, tmp_path: Path, yes: object) -> None:
    frame = data.codebook.frame_ids[1]
    found = filled(data, small, tmp_path, {FRAME_PREFIX + frame: yes}, kind="xlsx")
    assert found["frames"][0] == frame


FRAME = "has_gamble"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"tone": "2"}, r"A\.{kind}, row 2: .*column 'tone' holds '2'\. Choose one of: سلبية, محايدة, إيجابية\."),
        ({"tone": "1-1"}, "column 'tone' holds '1-1'"),
        ({FRAME: "ربما"}, f"column '{FRAME}' holds 'ربما'. Choose one of: نعم, لا."),
        ({"voice": "crowd"}, "column 'voice' holds 'crowd'"),
        ({FRAME: "نعم", NO_FRAME: "نعم"}, "'no frame' together with gamble. Empty one of these cells"),
        ({"text": "كلام آخر", "tone": "0"}, "the text in column 'text' was changed. Restore that cell"),
        ({"unit": "000:0:abcdefabcdef:1@A", "tone": "0"}, "the text is not the one that was exported"),
        ({"unit": "xyz", "tone": "0"}, r"A\.{kind}, row 2, column 'unit': 'xyz' names no unit and coder"),
        ({"unit": "", "tone": "0"}, r"row 2, column 'unit': '' names no unit and coder"),
    ],
)
@pytest.mark.parametrize("kind", FORMATS)
def test_what_spoils_gold_is_named(
    data: StudyData, small: pd.DataFrame, tmp_path: Path, row: Cells, message: str, kind: str
) -> None:
    with pytest.raises(InputError, match=message.replace("{kind}", kind)):
        keep(filled(data, small, tmp_path, row, kind=kind), small, data.codebook)


def test_no_to_everything_and_no_to_none_is_a_doubt(data: StudyData, small: pd.DataFrame, tmp_path: Path) -> None:
    row = dict.fromkeys([*(FRAME_PREFIX + frame for frame in data.codebook.frame_ids), NO_FRAME], "no")
    with pytest.raises(InputError, match="no to every frame, and no to 'no-frame'"):
        keep(filled(data, small, tmp_path, row), small, data.codebook)


def test_a_coder_who_sends_two_files_is_noticed(data: StudyData, small: pd.DataFrame, tmp_path: Path) -> None:
    for name, tone in (("a", "0"), ("b", "1")):
        filled(data, small, tmp_path / name, {"tone": tone})
    with pytest.raises(InputError, match="two answers of this coder to this unit"):
        keep(sheets.read(tmp_path, data.units, data.codebook), small, data.codebook)


def test_another_codebook_is_noticed(data: StudyData, small: pd.DataFrame, tmp_path: Path) -> None:
    found = filled(data, small, tmp_path, {"tone": "0"})
    later = replace(data.codebook, version="2")
    with pytest.raises(InputError, match="coded by version '1' of the codebook, this one is '2'"):
        keep(found, small, later)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_csv_comes_back_with_other_delimiters(
    data: StudyData, small: pd.DataFrame, tmp_path: Path, delimiter: str
) -> None:
    (path,) = sheets.export(small, data.codebook, tmp_path, "A")
    fill_csv(path, lambda unit: {"tone": "1", "note": 'a;b\t"c"'}, delimiter)
    found = sheets.read(path, data.units, data.codebook)
    assert found["tone"].tolist() == ["1"] * 3
    assert found["note"].tolist() == ['a;b\t"c"'] * 3


def test_a_csv_that_is_no_sheet_is_named(data: StudyData, tmp_path: Path) -> None:
    path = tmp_path / "A.csv"
    path.write_text("doc_id,unit\n000,1\n", encoding="utf-8")
    with pytest.raises(
        InputError, match=r"A\.csv, row 1, column 'has_gamble': no column '\[has_gamble\]'\. Use the file"
    ):
        sheets.read(path, data.units, data.codebook)
    path.write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="no column"):
        sheets.read(path, data.units, data.codebook)
    with pytest.raises(InputError, match=r"no file that ends in \.xlsx"):
        workbook.read(tmp_path, data.units, data.codebook)


@pytest.mark.parametrize("content", [b"not a zip", b"PK\x05\x06" + b"\0" * 18])
def test_a_workbook_that_is_none_is_named(data: StudyData, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "A.xlsx").write_bytes(content)
    with pytest.raises(InputError, match=r"A\.xlsx: not a readable workbook .* Save it as an Excel workbook"):
        workbook.read(tmp_path / "A.xlsx", data.units, data.codebook)


def test_a_workbook_without_the_sheet_is_named(data: StudyData, tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "A.xlsx")
    with pytest.raises(InputError, match=r"no sheet in it has a column '\[unit\]'"):
        workbook.read(tmp_path / "A.xlsx", data.units, data.codebook)


def test_nothing_in_a_csv_is_calculated_or_taken_for_a_number(
    data: StudyData, small: pd.DataFrame, tmp_path: Path
) -> None:
    told = small.assign(text=["=1+1", "-5 درجات", "@مطر"])
    (path,) = sheets.export(told, data.codebook, tmp_path, "007")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[1:]
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert not any(cell[:1] in tuple("=+-@") for row in rows for cell in row if cell)
    assert not any(cell.replace(".", "").isdecimal() for row in rows for cell in row)


def test_a_workbook_reads_right_to_left_and_takes_its_lists_alone(
    data: StudyData, small: pd.DataFrame, tmp_path: Path
) -> None:
    told = small.assign(text=["=1+1", "ب\x0bت\ufffe", "ج"])
    (path,) = workbook.export(told, data.codebook, tmp_path, "A")
    book = openpyxl.load_workbook(path)
    sheet, guide, lists = book.worksheets
    assert sheet.sheet_view.rightToLeft
    assert guide.sheet_view.rightToLeft
    assert sheet.freeze_panes == "B2"
    assert sheet.protection.sheet
    assert lists.sheet_state == "hidden"
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")
    assert sheet["A2"].alignment.wrap_text
    assert sheet["A2"].alignment.readingOrder == 2
    fields = [column.id for column in columns(data.codebook)]
    locked = {ident for ident, cell in zip(fields, sheet[3], strict=True) if cell.protection.locked}
    assert locked == {"text", "context", "unit"}
    taken = {}
    for check in sheet.data_validations.dataValidation:
        place = check.formula1.removeprefix("Lists!").replace("$", "")
        (field,) = check.sqref.ranges
        taken[fields[field.min_col - 1]] = [cell.value for (cell,) in lists[place]]
        assert check.type == "list"
        assert check.showErrorMessage
        assert (field.min_row, field.max_row) == (2, 4)
    assert taken["has_gamble"] == taken[NO_FRAME] == ["نعم", "لا"]
    assert taken["tone"] == ["سلبية", "محايدة", "إيجابية"]
    assert taken["tone_meta"] == ["سلبية", "محايدة", "إيجابية", "لم يُذكر"]
    assert set(taken) == set(fields) - {"text", "context", "note", "unit"}
    ((place, (rule,)),) = sheet.conditional_formatting._cf_rules.items()
    assert str(place.sqref) == "A2:A4"
    assert rule.formula == [
        'AND(LEN($H2)>0,LEN($I2)>0,LEN($J2)>0,LEN($K2)>0,OR(COUNTIF($C2:$G2,"نعم")>0,COUNTIF($C2:$F2,"لا")=4))'
    ]
    words = " ".join(str(cell.value) for row in guide.iter_rows() for cell in row)
    for frame in data.codebook.frames:
        assert all(text in words for text in (frame.label_ar, frame.label_en, frame.definition, *frame.include))


def test_a_text_longer_than_a_cell_is_refused(data: StudyData, small: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has more than 32767 characters"):
        workbook.export(small.assign(text="ا" * 32768), data.codebook, tmp_path, "A")
    assert not list(tmp_path.iterdir())


def test_labels_that_two_options_share_are_not_guessed() -> None:
    column = Column("voice", "", "", None, (Option("a", "قول", "x"), Option("b", "قَول", "A"), Option("01", "y", "y")))
    assert column.spellings("ar") == {"a": "a", "b": "b", "01": "y"}
    assert column.read("قول") is None
    assert column.read("A") == "a"
    assert column.read("1") == "01"
    assert column.read("") == ""


@settings(max_examples=40)
@given(answered())
def test_what_a_list_offers_is_read_as_what_it_stands_for(case: tuple[Codebook, pd.DataFrame, list[Answer]]) -> None:
    for language in ("ar", "en"):
        for column in columns(case[0]):
            for ident, word in column.spellings(language).items():
                assert column.read(word) == ident
                assert column.read(f"\u202b {unicodedata.normalize('NFC', word)}\u00a0") == ident


def test_without_openpyxl_it_is_said_what_to_install(
    data: StudyData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(
        MissingDependencyError, match=r"A spreadsheet as XLSX needs the package .* 'arabic-framing\[exchange\]'"
    ):
        workbook.export(seeds_shown(data).head(1), data.codebook, tmp_path, "A")
    assert not list(tmp_path.iterdir())
