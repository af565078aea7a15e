from __future__ import annotations

from pathlib import Path

import pytest

from framing.coding import read_exemplars, read_target_exemplars
from framing.corpus.duplicates import shingles
from framing.errors import InputError
from framing.files import read_table
from framing.models.sentiment import Marked
from framing.portrayal import mentions
from framing.study import Study, StudyData
from tests.conftest import ROOT

FILE = ROOT / "annotations" / "exemplars.csv"


def test_there_are_enough_of_each_kind(data: StudyData) -> None:
    table = read_exemplars(FILE, data.codebook)
    near_miss = table["near_miss_of"] != ""
    assert all(table[f"has_{frame}"].sum() >= 80 for frame in data.codebook.frame_ids)
    assert near_miss.sum() >= 160
    assert table["tone"].value_counts().min() >= 150
    assert table["text"].is_unique
    for frame in data.codebook.frame_ids:
        assert not table.loc[table["near_miss_of"] == frame, f"has_{frame}"].any()


def test_none_paraphrases_a_unit_of_the_study_or_names_its_parties(study: Study, data: StudyData) -> None:
    table = read_exemplars(FILE, data.codebook)
    assert not mentions(table["text"].tolist(), study.parties).to_numpy().any()
    units = [shingles(text) for text in data.units.loc[data.units["unit_type"] != "boilerplate", "text"]]
    for text in table["text"]:
        own = shingles(text)
        assert max(len(own & other) / len(own | other) for other in units) < 0.2, text


def test_a_row_that_is_not_constructed_is_refused(tmp_path: Path, data: StudyData) -> None:
    table = read_table(FILE).head(3)
    table.loc[1, "origin"] = "coded"
    table.to_csv(tmp_path / "e.csv", index=False)
    with pytest.raises(
        InputError, match=r"e\.csv, row 3, column 'origin': origin 'coded'\. Exemplars are 'constructed'"
    ):
        read_exemplars(tmp_path / "e.csv", data.codebook)


def test_no_exemplar_is_ever_tested_on(data: StudyData) -> None:
    assert data.exemplars is not None
    assert not set(data.exemplars["text"]) & set(data.coded["text"])


TARGETS = (
    'id,part_of,origin,style,text,party,others,tone\n1,a,constructed,agency,فازت نورا على سلمى,"نورا; Nora",سلمى,1\n'
)


def test_exemplars_of_tone_towards_a_party_are_read(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text(TARGETS, encoding="utf-8")
    row = read_target_exemplars(file).iloc[0]
    assert (row["party"], row["others"], row["tone"]) == (("نورا", "Nora"), ("سلمى",), 1.0)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("constructed", "seeds", r"row 2, column 'origin': origin 'seeds'"),
        ('"نورا; Nora"', " ; ", r"row 2, column 'party': ' ; ' is no party"),
        ("سلمى,1", "سلمى,2", r"row 2, column 'tone': '2' is no tone"),
        ("part_of", "of", r"column 'part_of': no column 'part_of'"),
    ],
)
def test_what_is_wrong_with_them_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    file = tmp_path / "t.csv"
    file.write_text(TARGETS.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_target_exemplars(file)


def test_those_of_the_project_name_no_party_of_its_study(study: Study) -> None:
    table = read_target_exemplars(FILE.with_name("target_exemplars.csv"))
    found = mentions(table["text"].tolist(), study.parties)
    assert not found.to_numpy().any()
    named = [Marked.of(row.text, row.party, row.others) for row in table.itertuples()]
    assert sum(bool(one.party) for one in named) > 0.8 * len(table)
