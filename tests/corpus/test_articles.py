from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from framing.corpus import read_articles
from framing.errors import InputError
from tests.conftest import ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "one.txt").write_bytes("سقط المطر.\r\nثم توقف.".encode())
    (tmp_path / "sources.csv").write_text("doc_id,file,outlet,published\n01,one.txt,east,\n", encoding="utf-8")
    return tmp_path


def test_a_folder_keeps_line_ends_ids_and_columns(folder: Path) -> None:
    table = read_articles(folder)
    assert table.to_dict("records") == [
        {"doc_id": "01", "outlet": "east", "text": "سقط المطر.\r\nثم توقف.", "file": "one.txt", "published": ""}
    ]


def test_the_seeds_are_read() -> None:
    table = read_articles(ROOT / "seeds")
    assert len(table) == table["outlet"].nunique() == 5


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_a_table_of_articles_is_read(tmp_path: Path, ending: str) -> None:
    table = pd.DataFrame(
        {"doc_id": ["007", "b"], "outlet": ["east", ""], "text": ["نص، أول", "سطر\nسطر"], "url": ["u", "v"]}
    )
    file = tmp_path / f"articles.{ending}"
    if ending == "csv":
        table.to_csv(file, index=False)
    elif ending == "jsonl":
        table.to_json(file, orient="records", lines=True, force_ascii=False)
    else:
        table.to_parquet(file)
    pd.testing.assert_frame_equal(read_articles(file), table[["doc_id", "outlet", "text", "url"]], check_dtype=False)


def sources(folder: Path, text: str) -> None:
    (folder / "sources.csv").write_text(text, encoding="utf-8")


def test_a_folder_without_texts(tmp_path: Path) -> None:
    sources(tmp_path, "doc_id,file,outlet\n")
    with pytest.raises(
        InputError, match=r"sources\.csv: there is no article in it\. Put a UTF-8 \.txt per article into"
    ):
        read_articles(tmp_path)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("doc_id,file\n01,one.txt\n", r"sources\.csv, column 'outlet': no column 'outlet'"),
        ("doc_id,file,outlet\n01,two.txt,east\n", r"sources\.csv, row 2, column 'file': the text 'two\.txt' is not in"),
        ("doc_id,file,outlet\n", r"the text 'one\.txt' has no row here\. Add a row"),
        ("doc_id,file,outlet\n1,one.txt,e\n1,one.txt,e\n", "the same doc_id stands in two rows"),
    ],
)
def test_what_is_wrong_with_a_sources_table(folder: Path, table: str, message: str) -> None:
    sources(folder, table)
    with pytest.raises(InputError, match=message):
        read_articles(folder)


def test_an_empty_text_is_named(folder: Path) -> None:
    (folder / "one.txt").write_text(" \n")
    with pytest.raises(InputError, match=r"one\.txt: the text is empty\. Fill it, or remove row 2 of sources\.csv"):
        read_articles(folder)


def test_a_folder_without_sources_says_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"needs a sources table\. Write one with the columns doc_id, file, outlet"):
        read_articles(tmp_path)


def test_an_empty_text_in_a_table_is_named_by_row(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"doc_id": "a", "outlet": "x", "text": "نص"}\n{"doc_id": "b", "outlet": "x", "text": ""}\n')
    with pytest.raises(InputError, match=r"a\.jsonl, row 2, column 'text': empty"):
        read_articles(file)
