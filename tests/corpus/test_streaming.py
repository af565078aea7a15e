"""A corpus cut into units in chunks is cut as it is in one piece."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from framing.corpus import read_articles, segment
from framing.corpus.streaming import segment_file
from framing.errors import InputError
from framing.files import read_table, write_table
from framing.streaming import Options
from tests.conftest import ROOT

SEEDS = ROOT / "seeds"


@pytest.fixture
def whole(tmp_path: Path) -> bytes:
    write_table(segment(read_articles(SEEDS)), tmp_path / "whole.csv")
    return (tmp_path / "whole.csv").read_bytes()


@pytest.mark.parametrize("chunk", [1, 2, 500])
def test_a_folder_in_chunks(tmp_path: Path, whole: bytes, chunk: int) -> None:
    done = segment_file(SEEDS, tmp_path / "units.csv", options=Options(chunk))
    assert (tmp_path / "units.csv").read_bytes() == whole
    assert done.counts == read_table(tmp_path / "units.csv")["unit_type"].value_counts().to_dict()


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_a_table_in_chunks(tmp_path: Path, whole: bytes, ending: str) -> None:
    articles = read_articles(SEEDS)[["outlet", "doc_id", "text"]]
    write_table(articles, tmp_path / f"in.{ending}")
    segment_file(tmp_path / f"in.{ending}", tmp_path / "units.csv", options=Options(2))
    assert (tmp_path / "units.csv").read_bytes() == whole


def test_an_unknown_outlet_and_a_number_as_doc_id(tmp_path: Path) -> None:
    rows = [{"doc_id": 7, "outlet": None, "text": "نص."}, {"doc_id": "x", "outlet": "east", "text": "نص آخر."}]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    segment_file(tmp_path / "in.jsonl", tmp_path / "units.csv", options=Options(1))
    found = read_table(tmp_path / "units.csv")
    assert found[["doc_id", "outlet", "text"]].to_numpy().tolist() == [["7", "", "نص."], ["x", "east", "نص آخر."]]


def test_articles_that_cannot_be_used_are_set_aside(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {"doc_id": ["a", "b", "a", "", "c"], "outlet": "east", "text": ["نص.", " ", "مكرر.", "بلا رقم.", "آخر."]}
    )
    write_table(table, tmp_path / "in.csv")
    with pytest.raises(InputError, match=r"in\.csv, row 3, column 'text': the text is empty"):
        segment_file(tmp_path / "in.csv", tmp_path / "units.csv")
    done = segment_file(tmp_path / "in.csv", tmp_path / "units.csv", options=Options(1, "skip"))
    told = [json.loads(line) for line in done.rejects.read_text(encoding="utf-8").splitlines()]
    assert [(t["row"], t["reason"]) for t in told] == [
        (3, "the text is empty"),
        (5, "empty"),
        (4, "the same doc_id stands in two rows"),
    ]
    assert read_table(tmp_path / "units.csv")["text"].tolist() == ["نص.", "آخر."]
    write_table(table.iloc[[0, 2]], tmp_path / "in.csv")
    with pytest.raises(InputError, match=r"row 3, column 'doc_id': the same doc_id stands in two rows"):
        segment_file(tmp_path / "in.csv", tmp_path / "units.csv")


def test_a_text_of_a_folder_that_cannot_be_read_is_set_aside(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    shutil.copytree(SEEDS, folder)
    (name := sorted(folder.glob("*.txt"))[1]).write_bytes("صفقة".encode("cp1256"))
    with pytest.raises(InputError, match=f"{name.name}, row 1: byte 0x"):
        segment_file(folder, tmp_path / "units.csv")
    done = segment_file(folder, tmp_path / "units.csv", options=Options(on_error="skip"))
    assert (done.n_rows, done.n_rejected) == (4, 1)
    told = json.loads(done.rejects.read_text(encoding="utf-8"))
    assert (told["row"], told["record"]["file"]) == (3, name.name)
    (folder / "new.txt").write_text("نص")
    with pytest.raises(InputError, match=r"the text 'new\.txt' has no row here"):
        segment_file(folder, tmp_path / "units.csv", options=Options(on_error="skip"))
