"""Predictions for a table of any size, in chunks that never part an article."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from hashlib import sha256
from pathlib import Path

import pandas as pd

from framing.files import FLOAT_DIGITS, existing, plain
from framing.models.encoders import is_static
from framing.models.static import STATIC, remember, student_folder
from framing.resources import cores, versions
from framing.streaming import Done, Needs, Options, TableFile, stream
from framing.streaming.rows import missing
from framing.study.config import Study
from framing.study.model import VERSIONED
from framing.study.prediction import Predictor

_NEEDS = Needs(("text",), whole=True, cure="Name the column that holds the sentences 'text'.")


@dataclass(frozen=True, eq=False)
class Predicting:
    """Texts to predictions, as a job of `framing.streaming`.

    Where there is a column ``doc_id``, the texts of an article are its units, in the order of ``unit`` or as they
    stand; a text without one stands alone.
    """

    predictor: Predictor
    student: Path | None = None
    """Folder of the static student that the predictor's encoder is, so that another process finds it."""
    reads: tuple[str, ...] = ("doc_id", "unit", "text")
    keeps: bool = True
    counted: str = ""

    def __call__(self, table: pd.DataFrame) -> pd.DataFrame:
        """Predict; rounded, so that the last bits of a sum, which depend on the size of the chunk, are not seen."""
        if self.student is not None:
            remember(str(self.predictor.encoder), self.student)
        order = _reading_order(table)
        articles = None
        if "doc_id" in table.columns:
            articles = [None if missing(article) else article for article in table.loc[order, "doc_id"]]
        predicted = self.predictor.predict([str(text) for text in table.loc[order, "text"]], articles)
        return predicted.set_axis(order).sort_index().round(FLOAT_DIGITS)


@dataclass(frozen=True, eq=False)
class _Fitting:
    """What gives the job, in whatever process it is called."""

    models: Predicting | Callable[[], Predictor]

    def __call__(self) -> Predicting:
        """Fit, unless that is done."""
        return self.models if isinstance(self.models, Predicting) else _with_student(self.models())


def _with_student(predictor: Predictor) -> Predicting:
    """Note where the student lies that the predictor's encoder is: here it is known."""
    name = predictor.encoder
    return Predicting(predictor, student_folder(str(name)).absolute() if is_static(name) else None)


def _reading_order(table: pd.DataFrame) -> pd.Index:
    """Return the rows by number of unit where the table has one, else as they stand."""
    if not {"doc_id", "unit"} <= set(table.columns):
        return table.index
    return pd.to_numeric(table["unit"], errors="coerce").sort_values(kind="stable").index


def predict_file(
    path: str | Path,
    predictor: Predictor | Callable[[], Predictor],
    out: str | Path,
    identity: dict[str, str],
    options: Options | None = None,
) -> Done:
    """Predict every text of a table; its other columns are kept.

    Parameters
    ----------
    path
        A ``.csv``, ``.jsonl`` or ``.parquet`` with a column ``text``. Where there is a column ``doc_id``, rows of an
        article stand together, unless the table is no longer than a chunk.
    predictor
        The fitted models, or what gives them, called once every row is known to be usable; it can be pickled.
    out
        Where to write the rows with their predictions, as `Predictor.predict` gives them, floats to
        `framing.files.FLOAT_DIGITS` decimals.
    identity
        What the predictions depend on, as `of_model` or `of_study` gives it.
    options
        How to go through the table.

    Raises
    ------
    InputError
        Where there is no column ``text``, a text is empty, a column of the table would be overwritten, or an article's
        rows do not stand together.
    """
    job = _Fitting(_with_student(predictor) if isinstance(predictor, Predictor) else predictor)
    return stream(TableFile(Path(path)), _NEEDS, job, out, identity, options)


def of_model(folder: str | Path) -> dict[str, str]:
    """Return what predictions of a model in a folder depend on."""
    return {"model": _sha(existing(folder, "model")), "versions": json.dumps(versions(VERSIONED))}


def of_study(study: Study, encoder: str | None) -> dict[str, str]:
    """Return what predictions of a study's models depend on: its settings, its files, the encoder."""
    named = {f.name: getattr(study, f.name) for f in fields(study)}
    settings = {name: value for name, value in named.items() if not isinstance(value, Path)}
    files = {name: _sha(value) for name, value in named.items() if isinstance(value, Path) and value.exists()}
    study_sha = sha256(json.dumps([plain(settings), files], sort_keys=True, default=str).encode()).hexdigest()
    chosen = encoder or study.encoder
    told = {"study": study_sha, "--encoder": chosen, "versions": json.dumps(versions(VERSIONED))}
    if is_static(chosen) and chosen != STATIC:
        told["student"] = _sha(existing(student_folder(chosen), "student"))
    return told


def processes(backend: str, encoder: str) -> int:
    """Return how many processes predict fastest on this machine: one, where the encoder uses every core itself."""
    return cores() if backend in ("embedding", "tfidf") and (encoder == "tfidf" or is_static(encoder)) else 1


def _sha(path: Path) -> str:
    """Return a hash of a file, or of the files in a folder with their names."""
    if path.is_file():
        return sha256(path.read_bytes()).hexdigest()
    digest = sha256()
    for file in sorted(file for file in path.rglob("*") if file.is_file()):
        digest.update(f"{file.relative_to(path).as_posix()}\0{sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()
