from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from framing.coding import agreement, agreement_of_sets, make_gold
from framing.coding.croissant import OUT, croissant, main
from framing.errors import InputError
from framing.files import plain
from framing.study import StudyData
from tests.conftest import ROOT

METADATA = ROOT / "annotations/metadata.yaml"
FILE = ROOT / "annotations" / OUT


def test_the_description_is_up_to_date() -> None:
    written = json.loads(FILE.read_text(encoding="utf-8"))
    assert written == plain(croissant(METADATA)), "files have changed since: run `make croissant`"


def test_every_file_of_the_data_is_listed_with_its_checksum() -> None:
    listed = {item["contentUrl"]: item for item in json.loads(FILE.read_text(encoding="utf-8"))["distribution"]}
    annotations = {path.name for path in (ROOT / "annotations").iterdir() if path.is_file()} - {OUT}
    seeds = {f"../seeds/{path.name}" for path in (ROOT / "seeds").iterdir() if path.is_file()}
    assert set(listed) == annotations | seeds
    for name, item in listed.items():
        assert item["sha256"] == hashlib.sha256((ROOT / "annotations" / name).read_bytes()).hexdigest()


def test_it_says_that_the_coders_are_a_language_model() -> None:
    found = croissant(METADATA)
    assert found["rai:annotationsPerItem"] == "3"
    assert "three independent readings by a large language model" in found["rai:dataAnnotationProtocol"]
    assert "no human has coded the units" in found["description"]


def test_columns_have_the_type_of_their_cells() -> None:
    records = {record["name"]: record for record in croissant(METADATA)["recordSet"]}
    types = {field["name"]: field["dataType"] for field in records["codings"]["field"]}
    assert types["doc_id"] == "sc:Text", "000 is no number"
    assert types["unit"] == types["tone"] == "sc:Integer"
    assert types["tone_meta"] == "sc:Float", "empty where the party is not mentioned"
    assert types["voice"] == "sc:Text"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("annotations", "seeds"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path / "annotations"


def test_it_is_made_from_the_files(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copy / OUT).unlink()
    main([str(copy / "metadata.yaml")])
    assert "Written:" in capsys.readouterr().out
    assert (copy / OUT).read_bytes() == FILE.read_bytes()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("name: seed", "nome: seed", "metadata.yaml: no 'name'. Write name, version"),
        ("  gold.csv:", "  geld.csv:", "'geld.csv' is described and not there"),
        ("  voice: narr", "  vioce: narr", "the column 'voice' of codings.csv is not described"),
        ("keywords: [", "keywords: [[", "not valid YAML"),
    ],
)
def test_what_is_wrong_is_named(copy: Path, old: str, new: str, message: str) -> None:
    file = copy / "metadata.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        croissant(file)


def test_the_datasheet_counts_right(data: StudyData) -> None:
    """Whatever number the datasheet gives, the files give, too."""
    said = " ".join((ROOT / "annotations/DATASHEET.md").read_text(encoding="utf-8").split())
    rows = {name: len(pd.read_csv(ROOT / f"annotations/{name}.csv", dtype=str)) for name in (
        "segments", "codings", "gold", "facts", "attribution", "exemplars", "target_exemplars", "development",
    )}  # fmt: skip
    types = data.units["unit_type"].value_counts()
    sentences = pd.read_csv(ROOT / "annotations/target_exemplars.csv", dtype=str)["part_of"].nunique()
    articles = pd.read_csv(ROOT / "annotations/development.csv", dtype=str)["doc_id"].nunique()
    for words in (
        f"{len(data.articles)} articles, {rows['segments']} units, of which {rows['gold']} are coded ({types['body']} "
        f"sentences, {types['heading']} headings, {types['headline']} headlines) and {types['boilerplate']} are boiler",
        f"{rows['codings']} codings",
        f"{rows['facts']} figures and {rows['attribution']} sources",
        f"{rows['exemplars']} sentences for frames and tone, {rows['target_exemplars']} pairs of sentence and party "
        f"({sentences} sentences)",
        f"{rows['development']} units of {articles} articles",
    ):
        assert words in said
    assert data.codings is not None
    how = make_gold(data.codings, data.codebook).provenance["how"].value_counts()
    assert (
        f"agree on {how['unanimous']} of {how.sum()} values, {how['median']} are medians and {how['majority']} major"
        in said
    )
    found = agreement(data.codings, data.codebook, rng=1, replicates=2).table.set_index("variable")["alpha"]
    alphas = [*found[list(data.codebook.frame_ids)], found["tone"], found["tone_meta"], found["tone_scale"]]
    sets = agreement_of_sets(data.codings, data.codebook, rng=1, replicates=2).table.set_index("metric")["alpha"]
    for value in (*alphas, found["voice"], sets["masi"]):
        assert f"{value:.3f}".removeprefix("0") in said
