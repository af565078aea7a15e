"""The commands that go through tables of any size: segmentation, predictions, near-duplicates."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from framing.cli.shared import ENCODER_HELP, writable
from framing.errors import InputError

if TYPE_CHECKING:
    from framing.streaming import Done, Options


class EngineName(StrEnum):
    """Choices of --engine."""

    LOCAL = "local"
    DASK = "dask"


class OnErrorName(StrEnum):
    """Choices of --on-error."""

    STOP = "stop"
    SKIP = "skip"


Chunk = Annotated[int | None, typer.Option(min=1, help="Rows computed at once; fewer need less memory.")]
Workers = Annotated[
    int | None, typer.Option(min=1, help="Processes; by default one per core, or one where the encoder uses all cores.")
]
EngineChoice = Annotated[EngineName, typer.Option(help="What computes: this machine, or a Dask cluster.")]
Scheduler = Annotated[
    str | None, typer.Option(help="Address of a running Dask scheduler; without one, processes of this machine.")
]
OnErrorChoice = Annotated[
    OnErrorName, typer.Option(help="At a row that cannot be used: stop, or set it aside in OUT.rejects.jsonl.")
]
Restart = Annotated[bool, typer.Option("--restart", help="Throw away what an interrupted run has left.")]


def _options(
    chunk: int,
    workers: int,
    engine: EngineName,
    scheduler: str | None,
    on_error: OnErrorName,
    restart: bool,
) -> Options:
    from framing.streaming import Dask, Local, Options

    if scheduler is not None and engine is not EngineName.DASK:
        raise InputError("--scheduler is for the engine dask", cure="Add --engine dask.")
    chosen = Local(workers) if engine is EngineName.LOCAL else Dask(scheduler, workers)
    return Options(chunk, on_error.value, restart, chosen)


def _say_rejected(done: Done) -> None:
    if done.n_rejected:
        print(f"{done.n_rejected} rows could not be used: {done.rejects}")


def segment(
    source: Annotated[
        Path, typer.Argument(metavar="INPUT", help="Folder of .txt with sources.csv, or a table of articles.")
    ],
    out: Annotated[Path, typer.Option(help="Where to write the units (.csv, .jsonl or .parquet).")],
    sources: Annotated[Path | None, typer.Option(help="Sources table of a folder, where it lies elsewhere.")] = None,
    chunk: Chunk = None,
    workers: Workers = None,
    engine: EngineChoice = EngineName.LOCAL,
    scheduler: Scheduler = None,
    on_error: OnErrorChoice = OnErrorName.STOP,
    restart: Restart = False,
) -> None:
    """Cut articles into units: headline, headings, sentences, boilerplate, with exact offsets.

    Memory does not grow with the table. A run that was interrupted goes on where it stopped when it is called again.

    \b
    Example:
      framing segment articles/ --out units.csv
      framing segment archive.parquet --out units.parquet --on-error skip
    """
    from framing.corpus.streaming import CHUNK, segment_file
    from framing.resources import cores

    writable(out)
    options = _options(chunk or CHUNK, workers or cores(), engine, scheduler, on_error, restart)
    done = segment_file(source, out, sources, options)
    counts = ", ".join(f"{n} {kind}" for kind, n in done.counts.items())
    print(f"{done.n_rows} articles, {done.n_out} units ({counts}) in {out}")
    _say_rejected(done)


def predict(
    source: Annotated[Path, typer.Argument(metavar="INPUT", help="Table of texts with a column 'text'.")],
    out: Annotated[Path, typer.Option(help="Where to write the predictions (.csv, .jsonl or .parquet).")],
    study: Annotated[
        Path | None,
        typer.Option(help="Study whose gold is learned from; with --model, whose codebook the model must have."),
    ] = None,
    model: Annotated[Path | None, typer.Option(help="Folder that 'framing train' wrote: nothing is learned.")] = None,
    encoder: Annotated[str | None, typer.Option(help=ENCODER_HELP)] = None,
    chunk: Chunk = None,
    workers: Workers = None,
    engine: EngineChoice = EngineName.LOCAL,
    scheduler: Scheduler = None,
    on_error: OnErrorChoice = OnErrorName.STOP,
    restart: Restart = False,
) -> None:
    """Predict frames, tone, tone towards each party and voice for every text of a table.

    Memory does not grow with the table. A run that was interrupted goes on where it stopped when it is called again.

    \b
    Example:
      framing predict sentences.csv --out predicted.csv
      framing predict units.parquet --model model/ --out predicted.parquet --on-error skip
      framing predict archive.parquet --encoder static --out predicted.parquet
      framing predict units.parquet --out predicted.parquet --engine dask --scheduler tcp://10.0.0.5:8786
    """
    from framing.coding import read_codebook
    from framing.streaming import Options
    from framing.study import Predictor, load_study
    from framing.study.model import load_predictor, settings_of
    from framing.study.streaming import of_model, of_study, predict_file, processes

    writable(out)
    if model is not None and encoder is not None:
        raise InputError("--model has an encoder of its own", cure="Leave out --encoder, or train a model with it.")
    if model is None:
        chosen = load_study(study)
        identity, settings = of_study(chosen, encoder), (str(chosen.backend), encoder or chosen.encoder)
        fitted = partial(Predictor.from_study, chosen, encoder=encoder)
    else:
        book = None if study is None else read_codebook(load_study(study).codebook)
        identity, settings = of_model(model), settings_of(model)
        fitted = partial(load_predictor, model, book)

    options = _options(chunk or Options.chunk, workers or processes(*settings), engine, scheduler, on_error, restart)
    done = predict_file(source, fitted, out, identity, options)
    print(f"{done.n_out} texts in {out}. Shares of these labels need correction before outlets are compared.")
    _say_rejected(done)


def duplicates(
    source: Annotated[Path, typer.Argument(metavar="INPUT", help="Table of articles or units: doc_id, text, unit.")],
    out: Annotated[Path, typer.Option(help="Where to write the groups (.csv, .jsonl or .parquet).")],
    threshold: Annotated[
        float | None,
        typer.Option(help="Jaccard similarity of letter sequences from which a pair counts; by default .5."),
    ] = None,
    pairs: Annotated[bool, typer.Option("--pairs", help="Write every pair with its similarity instead.")] = False,
) -> None:
    """Find near-duplicates: wire copy, reprints and lightly edited texts, which are no independent evidence.

    Each text gets the number of its group, and how many texts are in it. Time and memory grow as the table does.

    \b
    Example:
      framing duplicates articles.parquet --out groups.csv
      framing duplicates units.csv --out pairs.csv --pairs --threshold 0.8
    """
    import pandas as pd

    from framing.corpus import near_duplicate_groups, near_duplicates
    from framing.corpus.duplicates import THRESHOLD
    from framing.files import read_table, write_table

    writable(out)
    table = read_table(source)
    for column in ("doc_id", "text"):
        if column not in table.columns:
            there = ", ".join(map(str, table.columns))
            cure = "Give articles or units with their texts."
            raise InputError(f"no column '{column}' (there are: {there})", file=source, column=column, cure=cure)
    least = THRESHOLD if threshold is None else threshold
    if pairs:
        found = near_duplicates(table, threshold=least)
        write_table(found, out)
        print(f"{len(found)} pairs among {len(table)} texts in {out}")
        return
    groups = pd.Series(near_duplicate_groups(table["text"].fillna("").astype(str), threshold=least), index=table.index)
    sizes = groups.map(groups.value_counts())
    key = [column for column in ("doc_id", "unit") if column in table.columns]
    write_table(table[key].assign(group=groups, size=sizes), out)
    copied = groups[sizes > 1]
    print(f"{len(table)} texts, {len(copied)} of them in {copied.nunique()} groups of near-duplicates, in {out}")
