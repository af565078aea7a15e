"""Fitted models on disk: the same answers after reading, and nothing read that is not data."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from skops.io import dump

from framing.errors import InputError
from framing.models.classifiers import ValueClassifier
from framing.models.ensemble import EnsembleClassifier
from framing.models.sentiment import LearnedSentiment
from framing.models.sentiment.classifier import AverageClassifier, LexiconClassifier, ToneClassifier
from framing.models.store import load_model, save_model
from tests.conftest import HashEncoder

TEXTS = [f"{word} رقم {number} في السوق" for number in range(12) for word in ("ارتفاع", "هبوط", "استقرار")]
SIDES = np.array(["up", "down", "flat"] * 12)


def test_an_ensemble_answers_the_same_after_reading(tmp_path: Path) -> None:
    gold = np.column_stack([SIDES == "up", SIDES != "flat"])
    model = EnsembleClassifier(("tfidf",)).fit(TEXTS, gold)
    name = save_model(model, tmp_path / "frames")
    read = load_model(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    np.testing.assert_array_equal(read.predict_proba(TEXTS), model.predict_proba(TEXTS))
    np.testing.assert_array_equal(read.predict(TEXTS), gold)


@pytest.mark.parametrize("kernel", [False, True])
def test_a_classifier_of_one_value_and_a_scorer_do_too(tmp_path: Path, kernel: bool) -> None:
    voice = ValueClassifier(("up", "down", "flat", "unseen"), "tfidf", kernel=kernel).fit(TEXTS, SIDES)
    read = load_model(tmp_path / save_model(voice, tmp_path / "voice"))
    assert read.predict(TEXTS).tolist() == SIDES.tolist()
    tone = LearnedSentiment((-1, 0, 1), "tfidf").fit(TEXTS, np.select([SIDES == "up", SIDES == "down"], [1, -1], 0))
    read = load_model(tmp_path / save_model(tone, tmp_path / "tone"))
    assert read.score(TEXTS).equals(tone.score(TEXTS))


def test_an_average_of_learned_and_lexicon_answers_the_same_after_reading(tmp_path: Path) -> None:
    values, tone = (-1.0, 0.0, 1.0), np.select([SIDES == "up", SIDES == "down"], [1.0, -1.0], 0.0)
    members = (ToneClassifier(values, "tfidf", ("نورا",)), LexiconClassifier(values, ("نورا",)))
    scorer = LearnedSentiment.of(AverageClassifier(members).fit(TEXTS, tone))
    read = load_model(tmp_path / save_model(scorer, tmp_path / "tone"))
    assert read.score(TEXTS).equals(scorer.score(TEXTS))


def test_an_encoder_of_ones_own_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    model = ValueClassifier(("up", "down", "flat"), HashEncoder()).fit(TEXTS, SIDES)
    with pytest.raises(InputError, match=r"holds a tests\.conftest\.HashEncoder.*Name the encoder"):
        save_model(model, tmp_path / "voice")
    assert not list(tmp_path.iterdir())


class Stranger:
    """What a file from a stranger might make when it is read."""

    def __init__(self) -> None:
        self.command = "anything"


@pytest.mark.parametrize("foreign", [os.getcwd, Stranger()], ids=["function", "object"])
def test_a_file_that_holds_anything_else_is_not_read(tmp_path: Path, foreign: Any) -> None:
    dump({"frames": foreign}, tmp_path / "frames.skops")
    with pytest.raises(InputError, match=r"frames\.skops: holds a .*, which is not one of ours and is not loaded"):
        load_model(tmp_path / "frames.skops")


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "frames.skops"
    file.write_bytes(b"nonsense")
    with pytest.raises(InputError, match=r"frames\.skops: not a readable model .* Train it anew"):
        load_model(file)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("schema.json", "{}")
    with pytest.raises(InputError, match="not a readable model"):
        load_model(file)
    with pytest.raises(InputError, match="not found"):
        load_model(tmp_path / "none.skops")
