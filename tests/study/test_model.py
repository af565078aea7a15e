"""Models kept in a folder: what is predicted, what the card says, and which codebook it meets."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from framing.coding import read_codebook
from framing.errors import InputError
from framing.study import Predictor, load_data, load_predictor, load_study, train
from framing.study.model import CARD, CODEBOOK, FORMAT, MANIFEST

TEXTS = ["أنقذت الفرق عائلة كاملة من الغرق.", "حمل السكان الوزير مسؤولية الإهمال.", "بلغ المنسوب ثلاثة أمتار."]


@pytest.fixture
def folder(other_study: Path, tmp_path: Path) -> Path:
    train(load_study(other_study), tmp_path / "model")
    return tmp_path / "model"


def test_a_kept_model_predicts_as_the_fitted_one(other_study: Path, folder: Path) -> None:
    study = load_study(other_study)
    fitted = Predictor.from_study(study, load_data(study)).predict(TEXTS)
    pd.testing.assert_frame_equal(load_predictor(folder).predict(TEXTS), fitted)
    names = {path.name for path in folder.iterdir()}
    assert names == {MANIFEST, CARD, CODEBOOK, "validation.json", "frames.skops"}


def test_training_twice_writes_the_same_card(other_study: Path, folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".skops"}
    train(load_study(other_study), folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".skops"} == before
    assert sorted(path.name for path in folder.parent.iterdir()) == ["flood", "model"]


def test_the_card_comes_from_the_validation(folder: Path) -> None:
    card = (folder / CARD).read_text(encoding="utf-8")
    rows = json.loads((folder / "validation.json").read_text(encoding="utf-8"))["frames"]
    macro = next(row for row in rows if row["system"] == "tfidf" and row["label"] == "macro")
    assert f"| macro | {macro['precision']:.2f} | {macro['recall']:.2f} | {macro['f1']:.2f} |" in card
    assert "Codebook 'flood', version 1." in card
    assert "30 coded units of 6 articles from 2 outlets, 0 constructed exemplars" in card
    assert "Who coded is not stated." in card
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    assert set(manifest["data"]["sha256"]) == {"codebook", "codings"}
    assert all(digest in card for digest in manifest["data"]["sha256"].values())
    assert manifest["seed"] == 3


def test_another_version_of_the_codebook_is_met_with_an_error(folder: Path, tmp_path: Path) -> None:
    own = (folder / CODEBOOK).read_text(encoding="utf-8")
    other = tmp_path / "other.yaml"
    other.write_text(own.replace("version: 1", "version: 2"), encoding="utf-8")
    with pytest.raises(InputError, match=r"learned from codebook 'flood' version 1, .* 'flood' version 2\. Train the"):
        load_predictor(folder, read_codebook(other))
    other.write_text(own.replace("somebody's fault", "an act of nature"), encoding="utf-8")
    with pytest.raises(InputError, match=r"of which the one in use is another text\. Give the changed"):
        load_predictor(folder, read_codebook(other))
    other.write_text("# a comment changes nothing\n" + own, encoding="utf-8")
    assert load_predictor(folder, read_codebook(other)).predict(TEXTS).shape == (3, 4)


def test_what_is_no_model_is_told(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="model not found"):
        load_predictor(tmp_path / "none")
    with pytest.raises(InputError, match=r"model\.json: file not found"):
        load_predictor(tmp_path)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    for change, problem in (
        ({"format": 9}, f"a model of format 9, where this version reads {FORMAT}"),
        ({"format": "x"}, "not the description of a model"),
        ({"parts": {"frames": "../frames.skops"}}, r"names '\.\./frames\.skops' outside its folder"),
    ):
        (folder / MANIFEST).write_text(json.dumps({**manifest, **change}), encoding="utf-8")
        with pytest.raises(InputError, match=problem):
            load_predictor(folder)
    del manifest["encoder"]
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(InputError, match="lacks 'encoder'"):
        load_predictor(folder)


def test_a_folder_of_something_else_is_left_alone(other_study: Path) -> None:
    with pytest.raises(InputError, match="holds something that is no model"):
        train(load_study(other_study), other_study.parent)
    assert other_study.exists()


def test_a_study_of_one_outlet_is_kept_and_says_that_it_was_not_validated(other_study: Path, tmp_path: Path) -> None:
    articles = other_study.parent / "articles.jsonl"
    articles.write_text(articles.read_text(encoding="utf-8").replace("الغرب", "الشرق"), encoding="utf-8")
    train(load_study(other_study), tmp_path / "model")
    card = (tmp_path / "model" / CARD).read_text(encoding="utf-8")
    assert "Not known: it could not be validated, because the coded units come from one outlet" in card


def test_a_language_model_cannot_be_kept(other_study: Path, tmp_path: Path) -> None:
    text = other_study.read_text(encoding="utf-8").replace('encoder = "tfidf"', 'backend = "llm"\nmodel = "m"')
    other_study.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="cannot be kept in a folder"):
        train(load_study(other_study), tmp_path / "model")
    assert not (tmp_path / "model").exists()
