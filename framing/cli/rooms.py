"""One command per room's job."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from framing.cli.shared import (
    ENCODER_HELP,
    OutTable,
    StudyFile,
    explain,
    save,
    say_who_coded,
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


def segment(
    source: Annotated[
        Path, typer.Argument(metavar="INPUT", help="Folder of .txt with sources.csv, or a table of articles.")
    ],
    out: Annotated[Path, typer.Option(help="Where to write the units (.csv, .jsonl or .parquet).")],
    sources: Annotated[Path | None, typer.Option(help="Sources table of a folder, where it lies elsewhere.")] = None,
) -> None:
    """Cut articles into units: headline, headings, sentences, boilerplate, with exact offsets.

    \b
    Example:
      framing segment articles/ --out units.csv
    """
    from framing.corpus import read_articles
    from framing.corpus import segment as cut
    from framing.files import write_table

    writable(out)
    articles = read_articles(source, sources)
    units = cut(articles)
    write_table(units, out)
    counts = ", ".join(f"{n} {kind}" for kind, n in units["unit_type"].value_counts().items())
    print(f"{len(articles)} articles, {len(units)} units ({counts}) in {out}")


def agreement(
    study: StudyFile = None,
    codings: Annotated[Path | None, typer.Option(help="A table of codings, instead of a study's.")] = None,
    codebook: Annotated[Path | None, typer.Option(help="Its codebook (YAML).")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of the bootstrap; by default the study's.")] = None,
    out: OutTable = None,
) -> None:
    """Print Krippendorff's alpha per variable, with an interval from resampling articles, and prevalence.

    \b
    Example:
      framing agreement
      framing agreement --codings codings.csv --codebook codebook.yaml --seed 1
    """
    from framing.coding import agreement as agree
    from framing.coding import read_codebook, read_codings
    from framing.report.summary import agreement_lines
    from framing.study import load_data, load_study

    writable(out)
    if (codings is None) != (codebook is None):
        raise InputError("--codings and --codebook belong together", cure="Give both, or neither.")
    if codings is not None and codebook is not None:
        if seed is None:
            raise InputError("a bootstrap needs a seed", cure="Add --seed with a number of your choice.")
        book = read_codebook(codebook)
        table, provenance = read_codings(codings, book), None
    else:
        chosen = load_study(study)
        data = load_data(chosen)
        if data.codings is None:
            raise InputError("the study names no codings", file=chosen.file, cure="Add codings under [coding].")
        book, table, provenance = data.codebook, data.codings, data.provenance
        seed = chosen.seed if seed is None else seed
    result = agree(table, book, rng=seed)
    save(result.table, out)
    print(agreement_lines(result))
    explain(result)
    say_who_coded(provenance)


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


def predict(
    source: Annotated[Path, typer.Argument(metavar="INPUT", help="Table of texts with a column 'text'.")],
    out: Annotated[Path, typer.Option(help="Where to write the predictions (.csv, .jsonl or .parquet).")],
    study: Annotated[
        Path | None,
        typer.Option(help="Study whose gold is learned from; with --model, whose codebook the model must have."),
    ] = None,
    model: Annotated[Path | None, typer.Option(help="Folder that 'framing train' wrote: nothing is learned.")] = None,
    encoder: Annotated[str | None, typer.Option(help=ENCODER_HELP)] = None,
) -> None:
    """Predict frames, tone, tone towards each party and voice for every text of a table.

    \b
    Example:
      framing predict sentences.csv --out predicted.csv
      framing predict sentences.csv --model model/ --out predicted.csv
      framing predict archive.parquet --encoder static --out predicted.parquet
    """
    from framing.coding import read_codebook
    from framing.files import write_table
    from framing.study import Predictor, load_data, load_study
    from framing.study.model import load_predictor
    from framing.study.prediction import predict_table

    writable(out)
    if model is not None and encoder is not None:
        raise InputError("--model has an encoder of its own", cure="Leave out --encoder, or train a model with it.")

    def fitted() -> Predictor:
        if model is not None:
            return load_predictor(model, None if study is None else read_codebook(load_study(study).codebook))
        chosen = load_study(study)
        return Predictor.from_study(chosen, load_data(chosen), encoder)

    table = predict_table(source, fitted)
    write_table(table, out)
    print(f"{len(table)} texts in {out}. Shares of these labels need correction before outlets are compared.")


MOST_ROWS = 40
"""Rows of a benchmark that are printed; a simulation has hundreds, its summaries first."""


def benchmark(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="gvfc, gvfc_static, araieval, armpro, umsab, arsarcasm, thatiar, coverage, speed."
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
        typer.Option(min=1, help="Corpora that coverage simulates for each cell (4,000), or rounds of speed (5)."),
    ] = None,
) -> None:
    """Measure the classifiers on a public data set, beside what others published; or simulate how intervals cover.

    \b
    Example:
      framing benchmark gvfc --data benchmarks/gvfc --no-tuning --out gvfc.json
      framing benchmark coverage --replications 1000 --out coverage.json
      framing benchmark speed --out speed.json
    """
    import pandas as pd

    from framing.benchmark import run_benchmark
    from framing.files import write_json

    if out.suffix != ".json":
        raise InputError(f"unknown ending '{out.suffix}'", file=out, cure="Use a .json file.")
    found = run_benchmark(name, data, seed, tuning=tuning, replications=replications)
    write_json(found, out)
    shown = pd.DataFrame(found["rows"][:MOST_ROWS]).dropna(axis=1, how="all")
    print(shown.to_string(index=False, float_format=lambda value: f"{value:.3f}", na_rep=""))
    print(f"All {len(found['rows'])} rows in {out}" if len(found["rows"]) > MOST_ROWS else f"In {out}")
