"""One study through all rooms, from its files to its report."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

from tqdm.auto import tqdm

from framing.coding import agreement, value_shares
from framing.corpus import compare_splitters
from framing.errors import InputError
from framing.files import write_json, write_table
from framing.report import CONTRASTS, Findings, compile_report, numbers, save_figures, tables
from framing.report.words import Language, language
from framing.study.comparison import compare_outlets, map_outlets
from framing.study.config import Study, load_study
from framing.study.data import StudyData, load_data
from framing.study.portrayal import portray
from framing.study.robustness import robustness
from framing.study.tone import ToneValidation
from framing.study.validation import FrameValidation, validate_study


@dataclass(frozen=True, eq=False)
class StudyResults:
    """What a study found, and where it was written."""

    findings: Findings
    numbers: dict[str, object]
    folder: Path


def run_study(
    study: Study | str | Path | None = None, out: str | Path = "results", *, lang: Language = "en"
) -> StudyResults:
    """Run a study from its articles to its report.

    Parameters
    ----------
    study
        A study, its file, or None for the default study.
    out
        Folder for ``numbers.json``, ``tables/``, ``figures/`` and ``report.pdf``. They are made aside and
        moved there once all of them are whole; they replace those of an earlier run, and what else lies there stays.
    lang
        Language of the report and of its figures: ``en`` or ``ar``.

    Raises
    ------
    InputError
        Where the study's files cannot be used; nothing is written then.
    """
    language(lang)  # complains of an unknown one before anything is computed
    study = study if isinstance(study, Study) else load_study(study)
    out = Path(out)
    if out.exists() and not out.is_dir():
        raise InputError("a file, where a folder is needed for the results", file=out, cure="Choose another --out.")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tqdm(total=9, desc="study", unit="step", disable=None) as bar:

        def step(name: str) -> None:
            bar.set_postfix_str(name)
            bar.update()

        findings = find(study, load_data(study), step)
        step("numbers and tables")
        with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as scratch:
            stage = Path(scratch)
            for name, table in tables(findings).items():
                write_table(table, stage / "tables" / f"{name}.csv")
            step("figures")
            captions = save_figures(findings, stage / "figures", lang)
            found = {**numbers(findings), "figures": captions}
            write_json(found, stage / "numbers.json")
            step("report")
            compile_report(stage, stage / "report.pdf", lang)
            _move_into(stage, out)
    return StudyResults(findings, found, out)


def find(study: Study, data: StudyData, tell: Callable[[str], None] = lambda name: None) -> Findings:
    """Compute everything that a report is made from, telling the name of each step before it starts."""
    coded, book = data.coded, data.codebook
    tell("segmentation")
    segmentation = compare_splitters(data.articles, data.units) if study.segments else None
    tell("agreement")
    codings = data.codings if data.codings is not None and data.codings["coder"].nunique() > 1 else None
    tell("validation")
    frames = FrameValidation(study, data)
    valued = [v for v in book.variables if v.kind in ("ordinal", "nominal")]
    tone = next((ToneValidation(study, data, v) for v in valued if v.id == "tone"), None)
    validation = {"frames": frames.result}
    if tone is not None:
        validation["tone"] = tone.result
    validation |= validate_study(
        study, data, tuple(v.id for v in book.variables if v.kind != "frame" and v.id != "tone")
    )
    tell("diagnosis")
    diagnosis = {f"frames_{name}": result for name, result in frames.diagnosis().items()}
    errors = {"frames": frames.errors}
    if tone is not None:
        diagnosis |= {f"tone_{name}": result for name, result in tone.diagnosis().items()}
        errors["tone"] = tone.errors
    tell("portrayal")
    portrayal = portray(study, data)
    tell("comparison")
    compared = compare_outlets(study, data)
    compared["robustness"] = robustness(study, data, frames.said)
    compared |= map_outlets(data)
    return Findings(
        study={
            "name": study.name,
            "title": study.title,
            "event": study.event,
            "seed": study.seed,
            "weight": study.weight,
            "inputs": inputs(study),
        },
        articles=data.articles,
        units=data.units,
        coded=coded,
        codebook=book,
        provenance=data.provenance,
        segmentation=segmentation,
        agreement=None if codings is None else agreement(codings, book, rng=study.seed),
        value_shares=None if codings is None else value_shares(codings, book),
        validation=validation,
        diagnosis=diagnosis,
        errors=errors,
        prevalence=compared.pop("prevalence"),
        tone=compared.pop("tone", None),
        contrasts={k.removeprefix(CONTRASTS): r for k, r in compared.items() if k.startswith(CONTRASTS)},
        comparison={k: r for k, r in compared.items() if not k.startswith(CONTRASTS)},
        portrayal=portrayal,
    )


def inputs(study: Study) -> dict[str, str]:
    """Return the SHA-256 of every file that the study names, by the file's name."""
    named = [getattr(study, field.name) for field in fields(study)]
    files = sorted({path for path in named if isinstance(path, Path) and path.is_file()}, key=lambda path: path.name)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _move_into(stage: Path, out: Path) -> None:
    """Put staged results in their place: folders whole, so that nothing of an earlier study stays, numbers last."""
    out.mkdir(exist_ok=True)
    for item in sorted(stage.iterdir(), key=lambda item: (item.name == "numbers.json", item.name)):
        target = out / item.name
        if target.is_dir():
            target.rename(stage / f"old-{item.name}")
        item.rename(target)
