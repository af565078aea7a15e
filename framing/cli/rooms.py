"""One command per room's job."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from framing.cli.shared import (
    ENCODER_HELP,
    OutTable,
    StudyFile,
    save,
    show,
    with_encoder,
    writable,
)
from framing.errors import InputError


def study_run(
    study: StudyFile = None,
    out: Annotated[Path, typer.Option(help="Folder for numbers, tables, figures and report.")] = Path("results"),
    lang: Annotated[str, typer.Option(help="Language of report and figures: en or ar (right to left).")] = "en",
) -> None:
    """Run a study from its articles to numbers.json, tables, figures and report.pdf.

    Where nothing is coded yet: segmentation, portrayal, a plan and a sheet to code, and what to do next.

    \b
    Example:
      framing study run
      framing study run my-study/study.toml --out my-results
      framing study run --lang ar
    """
    from framing.report.summary import summary
    from framing.report.uncoded import Uncoded
    from framing.report.words import language
    from framing.study import run_study
    from framing.study.uncoded import NEXT, SHEET

    results = run_study(study, out, lang=language(lang))
    print(summary(results.findings))
    if isinstance(results.findings, Uncoded):
        sheet = "" if results.findings.sheet is None else f", {out}/{SHEET}"
        print(f"Written: {out}/numbers.json, {out}/tables/, {out}/{NEXT}{sheet}")
        return
    print(f"Written: {out}/numbers.json, {out}/tables/, {out}/figures/, {out}/report.pdf, {out}/report.html")


def init(
    folder: Annotated[Path, typer.Argument(metavar="NAME", help="New folder, by whose name the study is called.")],
) -> None:
    """Begin a study of your own: a folder with a commented study file, a codebook, a sources table and a README.

    \b
    Example:
      framing init my-study
      framing study run my-study/study.toml --out my-study/results
    """
    from framing.study import init_study

    file = init_study(folder)
    print(f"Written: {folder}/. Its README.md says what to do, step by step; first, put articles into it.")
    print(f"At any point: framing study run {folder / file.name} --out {folder / 'results'}")


def evaluate(
    what: Annotated[
        str, typer.Argument(metavar="WHAT", help="segmentation, frames, tone, tone_PARTY, mentions_PARTY or voice.")
    ],
    study: StudyFile = None,
    on: Annotated[
        Path | None,
        typer.Option(
            help="Coded units of another corpus (doc_id, unit, text, WHAT): train on the study, measure there."
        ),
    ] = None,
    encoder: Annotated[str | None, typer.Option(help=ENCODER_HELP)] = None,
    out: OutTable = None,
) -> None:
    """Measure segmentation beside public splitters, or a model on outlets that it has not seen.

    \b
    Example:
      framing evaluate segmentation
      framing evaluate frames my-study/study.toml --out frames.csv
      framing evaluate frames --on other-units.csv
      framing evaluate tone --encoder static
    """
    from framing.corpus import compare_splitters
    from framing.study import load_data, load_study
    from framing.study.elsewhere import validate_elsewhere
    from framing.study.validation import validate_study

    writable(out)
    chosen = with_encoder(load_study(study), encoder)
    data = load_data(chosen)
    note = "" if data.provenance is None else data.provenance.statement
    if what == "segmentation":
        if on is not None:
            raise InputError("--on measures models, and segmentation is none", cure="Leave out --on.")
        if chosen.segments is None:
            raise InputError(
                "the study has no segments to measure against",
                file=chosen.file,
                cure="Add segments under [coding].",
            )
        result = compare_splitters(data.articles, data.units)
        note = "" if data.provenance is None else data.provenance.units
    else:
        known = [
            "segmentation",
            "frames",
            *(v.id for v in data.codebook.variables if v.kind != "frame"),
        ]
        if what not in known:
            raise InputError(f"unknown '{what}'", cure=f"Evaluate one of {', '.join(known)}.")
        result = (
            validate_study(chosen, data, (what,))[what] if on is None else validate_elsewhere(chosen, data, on, what)
        )
    save(result.table, out)
    show(result)
    if note:
        print(note)


def train(
    out: Annotated[Path, typer.Option(help="Folder for the models, their card and the numbers behind it.")],
    study: StudyFile = None,
    encoder: Annotated[str | None, typer.Option(help=ENCODER_HELP)] = None,
) -> None:
    """Fit a study's models on all its gold, validate them on outlets left out, and keep them with a model card.

    \b
    Example:
      framing train --out model/
      framing predict sentences.csv --model model/ --out predicted.csv
    """
    from framing.study import load_study
    from framing.study.model import train as fit

    fit(with_encoder(load_study(study), encoder), out)
    print(f"Written: {out}/README.md says what the models are worth.")


MOST_ROWS = 40
"""Rows of a benchmark that are printed; a simulation has hundreds, its summaries first."""


def benchmark(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="gvfc, gvfc_static, araieval, armpro, umsab, arsarcasm, thatiar, coverage, scaling or speed.",
        ),
    ],
    out: Annotated[Path, typer.Option(help="Where to write rows, seed and versions (.json).")],
    data: Annotated[
        Path | None,
        typer.Option(help="Folder with the benchmark's files, none of which come with the package; coverage has none."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of splits, inner folds and fine-tuning.")] = 0,
    tuning: Annotated[bool, typer.Option(help="Also fine-tune the embedded encoder, which takes minutes.")] = True,
    replications: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Corpora that coverage simulates for each cell (4,000), runs of scaling (3), rounds of speed (5).",
        ),
    ] = None,
) -> None:
    """Measure the classifiers on a public data set, beside what others published; or simulate how intervals cover.

    Speed prints a Markdown table: how many times faster ours is than its peers.

    \b
    Example:
      framing benchmark gvfc --data benchmarks/gvfc --no-tuning --out gvfc.json
      framing benchmark coverage --replications 1000 --out coverage.json
      framing benchmark speed --out speed.json
    """
    import pandas as pd

    from framing.benchmark import run_benchmark
    from framing.benchmark.speed import markdown
    from framing.files import write_json

    if out.suffix != ".json":
        raise InputError(f"unknown ending '{out.suffix}'", file=out, cure="Use a .json file.")
    found = run_benchmark(name, data, seed, tuning=tuning, replications=replications)
    write_json(found, out)
    if name == "speed":
        print(f"{markdown(found['rows'])}\n\nIn {out}; the table is Markdown.")
        return
    shown = pd.DataFrame(found["rows"][:MOST_ROWS]).dropna(axis=1, how="all")
    print(shown.to_string(index=False, float_format=lambda value: f"{value:.3f}", na_rep=""))
    print(f"All {len(found['rows'])} rows in {out}" if len(found["rows"]) > MOST_ROWS else f"In {out}")
