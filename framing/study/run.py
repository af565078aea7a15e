"""One study through all rooms, from its files to its report."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

from tqdm.auto import tqdm

from framing.coding import agreement, value_shares
from framing.coding.codebook import Variable
from framing.corpus import compare_splitters
from framing.errors import InputError
from framing.files import write_json, write_table
from framing.models.splits import folds
from framing.report import CONTRASTS, Findings, compile_report, numbers, save_figures, tables, write_html
from framing.report.uncoded import Uncoded
from framing.report.words import Language, language
from framing.study.coders import with_coders
from framing.study.comparison import compare_drawn, compare_outlets, map_outlets
from framing.study.config import Study, load_study
from framing.study.data import StudyData, load_data, nameless
from framing.study.portrayal import portray
from framing.study.robustness import robustness
from framing.study.student import with_student
from framing.study.tone import ToneValidation
from framing.study.uncoded import NEXT, find_uncoded, write_uncoded
from framing.study.validation import FrameValidation, known_units, validate_study

WRITTEN = ("numbers.json", "tables", "figures", "report.pdf", "report.html", NEXT)
"""What a run writes: where an earlier one wrote more of it, that goes."""


@dataclass(frozen=True, eq=False)
class StudyResults:
    """What a study found (`Uncoded` where nothing is coded), its numbers, and where they were written."""

    findings: Findings | Uncoded
    numbers: dict[str, object]
    folder: Path


def run_study(
    study: Study | str | Path | None = None, out: str | Path = "results", *, lang: Language = "en"
) -> StudyResults:
    """Run a study from its articles to its report, or as far as its files reach.

    Without codings and gold there are segmentation, portrayal and a plan: ``numbers.json``, ``tables/``,
    ``coding_sheet.csv`` (articles drawn to be coded; one that somebody has begun to fill is left alone) and
    ``next_steps.md``, and the findings are `framing.report.uncoded.Uncoded`.

    Parameters
    ----------
    study
        A study, its file, or None for the default study.
    out
        Folder for ``numbers.json``, ``tables/``, ``figures/``, ``report.pdf`` and ``report.html``. They are made
        aside and moved there once all of them are whole; they replace those of an earlier run, and what else lies
        there stays.
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

        data = load_data(study, draft=True)
        if data.gold is None:
            bar.reset(total=1)
            step("what needs no codes")
            return _run_uncoded(study, data, out)
        findings = find(study, data, step)
        step("numbers and tables")
        with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as scratch:
            stage = Path(scratch)
            for name, table in with_coders(tables(findings), study, data).items():
                write_table(table, stage / "tables" / f"{name}.csv")
            step("figures")
            captions = save_figures(findings, stage / "figures", lang)
            found = {**numbers(findings), "figures": captions}
            write_json(found, stage / "numbers.json")
            step("report")
            compile_report(stage, stage / "report.pdf", lang)
            write_html(findings, found, stage / "figures", stage / "report.html", lang)
            _move_into(stage, out)
    return StudyResults(findings, found, out)


def _run_uncoded(study: Study, data: StudyData, out: Path) -> StudyResults:
    found = find_uncoded(study, data)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as scratch:
        known = write_uncoded(found, Path(scratch), out)
        _move_into(Path(scratch), out)
    return StudyResults(found, known, out)


def find(study: Study, data: StudyData, tell: Callable[[str], None] = lambda name: None) -> Findings:
    """Compute everything that a report is made from, telling the name of each step before it starts."""
    coded, book = data.coded, data.codebook
    without_names = nameless(study, book)
    if without_names is not None:
        raise without_names
    study = with_student(study, data)
    _can_be_left_out(study, data)
    tell("segmentation")
    segmentation = compare_splitters(data.articles, data.units) if study.segments else None
    tell("agreement")
    codings = data.codings if data.codings is not None and data.codings["coder"].nunique() > 1 else None
    tell("validation")
    frames = FrameValidation(study, data)
    valued = [v for v in book.variables if v.kind in ("ordinal", "nominal") and _in_two_outlets(data, v)]
    tone = next((ToneValidation(study, data, v) for v in valued if v.id == "tone"), None)
    validation = {"frames": frames.result}
    if tone is not None:
        validation["tone"] = tone.result
    others = [v for v in book.variables if v.kind == "mention" or v in valued]
    validation |= validate_study(study, data, tuple(v.id for v in others if v.id != "tone"))
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
    compared |= map_outlets(data) | compare_drawn(study, book)
    return Findings(
        study=_described(study),
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


def _described(study: Study) -> dict[str, object]:
    """Return what a report says of the study itself."""
    return {
        "name": study.name,
        "title": study.title,
        "event": study.event,
        "title_ar": study.title_ar,
        "event_ar": study.event_ar,
        "facts": {fact.id: {"label": fact.label, "label_ar": fact.label_ar} for fact in study.facts},
        "seed": study.seed,
        "weight": study.weight,
        "inputs": inputs(study),
    }


def _can_be_left_out(study: Study, data: StudyData) -> None:
    """Complain, naming the file with the codes, where no outlet can be left out: there is one, or it is unknown."""
    try:
        folds(data.coded, "outlet")
    except InputError as error:
        file = study.gold or study.codings
        raise InputError(error.problem, file=file, column=error.column, cure=error.cure) from None


def _in_two_outlets(data: StudyData, variable: Variable) -> bool:
    """Tell whether a variable has gold in two outlets or more, so that one of them can be left out."""
    return len(set(known_units(data, variable)["outlet"])) > 1


def inputs(study: Study) -> dict[str, str]:
    """Return the SHA-256 of every file that the study names, by the file's name."""
    named = [getattr(study, field.name) for field in fields(study)]
    files = sorted({path for path in named if isinstance(path, Path) and path.is_file()}, key=lambda path: path.name)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _move_into(stage: Path, out: Path) -> None:
    """Put staged results in their place: folders whole, so that nothing of an earlier study stays, numbers last."""
    out.mkdir(exist_ok=True)
    for name in WRITTEN:
        if (out / name).exists() and not (stage / name).exists():
            (out / name).rename(stage / f"old-{name}")
    staged = [item for item in stage.iterdir() if not item.name.startswith("old-")]
    for item in sorted(staged, key=lambda item: (item.name == "numbers.json", item.name)):
        target = out / item.name
        if target.is_dir():
            target.rename(stage / f"old-{item.name}")
        item.rename(target)
