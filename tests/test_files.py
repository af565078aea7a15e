from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from framing.errors import InputError
from framing.files import atomic, atomic_folder, plain, read_table, read_text, write_json, write_table


def test_bytes_that_are_not_utf8_are_named_with_line_and_cure(tmp_path: Path) -> None:
    file = tmp_path / "old.txt"
    file.write_bytes("سطر\n".encode() + "قديم".encode("cp1256"))
    with pytest.raises(InputError, match=r"old\.txt, row 2: byte 0x.. at position 7 is not UTF-8\. Save the file as"):
        read_text(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.csv: file not found"):
        read_table(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", "a,b\n1,2,3\n1,2,3,4\n", "not a readable CSV file"),
        ("a.csv", "", "not a readable CSV file"),
        ("a.csv", "text\nfoo, bar\nqux, baz\n", "row 2 has more fields than the header"),
        ("a.jsonl", '{"a": 1}\n\n{"a": 2}\n', "row 2: the line is blank"),
        ("a.jsonl", '{"a": "\\ud800"}\n', "row 1: half of a character"),
        ("a.jsonl", '{"a": 1}\n{"a": \n', "row 2: not valid JSON"),
        ("a.jsonl", "[1]\n", "row 1: a JSON list, where an object is needed"),
        ("a.parquet", "no parquet", "not a readable Parquet file"),
        ("a.xls", "x", "unknown ending '.xls'"),
    ],
)
def test_tables_that_cannot_be_read(tmp_path: Path, name: str, content: str, message: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(InputError, match=message):
        read_table(tmp_path / name)


def test_csv_cells_are_text_and_nothing_is_guessed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("\ufeffdoc_id,x\n007,NA\n", encoding="utf-8")
    table = read_table(tmp_path / "a.csv")
    assert table.to_dict("records") == [{"doc_id": "007", "x": "NA"}]


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_tables_come_back_as_they_were_written(tmp_path: Path, ending: str) -> None:
    table = pd.DataFrame({"text": ['قال: "نعم، لا"', "سطر\nسطر\rسطر"], "n": [1, 2]})
    write_table(table, tmp_path / f"t.{ending}")
    found = read_table(tmp_path / f"t.{ending}")
    assert found["text"].tolist() == table["text"].tolist()
    assert found["n"].astype(int).tolist() == [1, 2]


def test_an_output_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    file.write_text("before")

    def fail() -> None:
        with atomic(file) as scratch:
            scratch.write_text("half")
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError, match="killed"):
        fail()
    assert file.read_text() == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]


def test_json_has_no_nan_and_no_numpy(tmp_path: Path) -> None:
    write_json(
        {"a": np.float64("nan"), "b": np.int64(3), "c": [np.bool_(True), 1 / 3], "d": pd.NA}, tmp_path / "n.json"
    )
    assert (
        tmp_path / "n.json"
    ).read_text() == '{\n "a": null,\n "b": 3,\n "c": [\n  true,\n  0.333333\n ],\n "d": null\n}\n'


def test_plain_keeps_texts_and_none() -> None:
    assert plain({"a": ("نص", None)}) == {"a": ["نص", None]}


def test_a_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), atomic_folder(tmp_path / "deep" / "made") as scratch:
        (scratch / "none" / "a.txt").write_text("a", encoding="utf-8")
    assert list((tmp_path / "deep").iterdir()) == []
    for content in ("first", "second"):
        with atomic_folder(tmp_path / "deep" / "made") as scratch:
            (scratch / "a.txt").write_text(content, encoding="utf-8")
    assert [file.name for file in (tmp_path / "deep").iterdir()] == ["made"]
    assert (tmp_path / "deep" / "made" / "a.txt").read_text(encoding="utf-8") == "first", "what was there stays"
