"""Commands on what coders said: how far they agree, and gold from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from framing.cli.shared import OutTable, StudyFile, explain, save, say_who_coded, writable
from framing.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from framing.coding import Codebook, Provenance
    from framing.coding.alpha import Metric
    from framing.results import Result

BY = ("outlet", "coder", "pair", "time", "sets")
METRICS = ("nominal", "ordinal", "interval", "ratio")
METHODS = ("majority", "dawid-skene")

_SHOWN = (
    "outlet", "coder", "first", "second", "window", "begins", "ends", "variable", "metric", "alpha", "low", "high",
    "verdict", "change", "change_low", "change_high", "alpha_without", "kappa", "same", "ac1", "prevalence",
    "prevalence_rest", "n_sets", "n_units", "n_coders", "reason",
)  # fmt: skip
_SHARES = ("same", "prevalence", "prevalence_rest")


def agreement(
    study: StudyFile = None,
    codings: Annotated[
        Path | None, typer.Option(help="A table of codings or of answers, instead of a study's codings.")
    ] = None,
    codebook: Annotated[Path | None, typer.Option(help="Its codebook (YAML).")] = None,
    by: Annotated[
        str | None, typer.Option(help="Take it apart: outlet, coder, pair (of coders), time, or sets (of frames).")
    ] = None,
    differences: Annotated[
        Path | None, typer.Option(help="Write the units on which coders differ here (.csv, .jsonl or .parquet).")
    ] = None,
    metric: Annotated[str, typer.Option(help="Of tones: nominal, ordinal, interval or ratio.")] = "ordinal",
    windows: Annotated[int, typer.Option(min=2, help="With --by time: into how many windows.")] = 4,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of the bootstrap; by default the study's.")] = None,
    out: OutTable = None,
) -> None:
    """Print Krippendorff's alpha per variable, with an interval from resampling articles, Gwet's AC1 and prevalence.

    \b
    Example:
      framing agreement
      framing agreement my-study/study.toml --by pair --differences differences.csv
      framing agreement --codings codings.csv --codebook codebook.yaml --seed 1 --by time --windows 3
    """
    _apart([out, differences], [codings, codebook])
    _known("--by", by, BY)
    _known("--metric", metric, METRICS)
    said = _Said.of(study, codings, codebook, seed)
    results = _results(said, by, metric, windows)  # type: ignore[arg-type]
    save(results[0].table, out)
    for result in results:
        print(lines(result.table))
        explain(result)
        print()
    if differences is not None:
        from framing.coding import differences as differ

        table = differ(said.codings, said.codebook, said.units)
        save(table, differences)
        print(f"{len(table)} codes of {len(table[['doc_id', 'unit']].drop_duplicates())} units differ: {differences}")
    say_who_coded(said.provenance)


def gold(
    codings: Annotated[Path, typer.Argument(metavar="CODINGS", help="Table of codings or of answers.")],
    codebook: Annotated[Path, typer.Option(help="Its codebook (YAML).")],
    out: Annotated[Path, typer.Option(help="Where to write the gold (.csv, .jsonl or .parquet).")],
    adjudicated: Annotated[
        Path | None,
        typer.Option(help="Decisions where coders differ: doc_id, unit, variable, value, adjudicator."),
    ] = None,
    method: Annotated[str, typer.Option(help="majority, or dawid-skene where coders are many.")] = "majority",
    provenance: Annotated[Path | None, typer.Option(help="Where to write how each value came about.")] = None,
) -> None:
    """Make gold from codings: majority for frames and voice, median for tones, adjudications over them.

    The codings stay as they are: an adjudication is a row in a file of its own.

    \b
    Example:
      framing agreement --codings codings.csv --codebook codebook.yaml --seed 1 --differences differences.csv
      framing gold codings.csv --codebook codebook.yaml --adjudicated adjudicated.csv \\
        --out gold.csv --provenance gold-provenance.csv
    """
    from framing.coding import gold_table, make_gold, read_adjudications, read_codebook, read_said

    _apart([out, provenance], [codings, codebook, adjudicated])
    _known("--method", method, METHODS)
    book = read_codebook(codebook)
    said = read_said(codings, book)
    decided = None if adjudicated is None else read_adjudications(adjudicated, said, book)
    found = make_gold(said, book, decided, method=method)  # type: ignore[arg-type]
    save(gold_table(found.table, book), out)
    save(found.provenance, provenance)
    counts = found.provenance["how"].value_counts()
    coders = said["coder"].nunique()
    print(f"{len(found.table)} units, {coders} coders, codebook {book.name} version {book.version}: {out}")
    print("Values: " + ", ".join(f"{n} {how}" for how, n in counts.items()))
    if counts.get("none", 0):
        open_ = found.undecided().groupby("variable", sort=False).size()
        print("Without a majority: " + ", ".join(f"{name} {n}" for name, n in open_.items()) + ". Adjudicate them.")
    if method == "dawid-skene":
        print(
            "Dawid and Skene's model takes coders to err independently of each other, and is sure of itself too soon."
        )


class _Said:
    """Codings with what is known about them."""

    def __init__(
        self, codings: pd.DataFrame, codebook: Codebook, seed: int, units: pd.DataFrame | None = None,
        articles: pd.DataFrame | None = None, provenance: Provenance | None = None,
    ) -> None:  # fmt: skip
        self.codings, self.codebook, self.seed = codings, codebook, seed
        self.units, self.articles, self.provenance = units, articles, provenance

    @classmethod
    def of(cls, study: Path | None, codings: Path | None, codebook: Path | None, seed: int | None) -> _Said:
        """Read a study's codings, or a table of its own."""
        from framing.coding import read_codebook, read_said
        from framing.study import load_data, load_study

        if (codings is None) != (codebook is None):
            raise InputError("--codings and --codebook belong together", cure="Give both, or neither.")
        if codings is not None and codebook is not None:
            if seed is None:
                raise InputError("a bootstrap needs a seed", cure="Add --seed with a number of your choice.")
            book = read_codebook(codebook)
            table = read_said(codings, book)
            once = table.drop_duplicates("doc_id")
            return cls(
                table, book, seed,
                table.drop_duplicates(["doc_id", "unit"]) if "text" in table.columns else None,
                once[["doc_id", "outlet"]] if "outlet" in table.columns else None,
            )  # fmt: skip
        chosen = load_study(study)
        data = load_data(chosen)
        if data.codings is None:
            raise InputError("the study names no codings", file=chosen.file, cure="Add codings under [coding].")
        seed = chosen.seed if seed is None else seed
        return cls(data.codings, data.codebook, seed, data.units, data.articles, data.provenance)


def _results(said: _Said, by: str | None, metric: Metric, windows: int) -> list[Result]:
    from framing import coding

    codings, book, seed = said.codings, said.codebook, said.seed
    if by == "outlet":
        if said.articles is None:
            raise InputError(
                "the outlets of these articles are not known",
                cure="Add a column 'outlet' to the codings, or name a study.",
            )
        return [coding.agreement_by_outlet(codings, book, said.articles, rng=seed, metric=metric)]
    if by == "coder":
        return [coding.agreement_by_coder(codings, book, rng=seed, metric=metric)]
    if by == "pair":
        return [coding.agreement_by_pair(codings, book, rng=seed, metric=metric)]
    if by == "time":
        return [coding.drift(codings, book, rng=seed, metric=metric, windows=windows)]
    if by == "sets":
        return [coding.agreement_of_sets(codings, book, rng=seed)]
    return [coding.agreement(codings, book, rng=seed, metric=metric)]


def lines(table: pd.DataFrame) -> str:
    """Return a table of agreement as text: the columns that tell something, the interval in one."""
    import pandas as pd

    shown = table[[c for c in _SHOWN if c in table.columns and not _silent(table[c])]].copy()
    for low, high, name in (("low", "high", "interval"), ("change_low", "change_high", "change interval")):
        if {low, high} <= set(shown.columns):
            cells = ["" if pd.isna(a) else f"[{a:.3f}, {b:.3f}]" for a, b in zip(shown[low], shown[high], strict=True)]
            shown.insert(int(shown.columns.get_loc(low)), name, cells)  # type: ignore[arg-type]
            shown = shown.drop(columns=[low, high])
    for column in set(_SHARES) & set(shown.columns):
        shown[column] = ["" if pd.isna(v) else f"{v:.1%}" for v in shown[column]]
    return shown.to_string(index=False, float_format=lambda value: f"{value:.3f}", na_rep="")


def _silent(column: pd.Series) -> bool:
    return bool(column.isna().all() or column.astype("str").eq("").all())


def _apart(written: list[Path | None], read: list[Path | None]) -> None:
    """Complain, before anything is computed, of what cannot be written, or would be written over what is read."""
    taken = {path.resolve() for path in read if path is not None}
    for path in written:
        writable(path)
        if path is not None and path.resolve() in taken:
            raise InputError(
                "it is read, and would be written over", file=path, cure="Write to a file of another name."
            )
        taken |= {path.resolve()} if path is not None else set()


def _known(option: str, value: str | None, allowed: tuple[str, ...]) -> None:
    if value is not None and value not in allowed:
        raise InputError(f"unknown {option} '{value}'", cure=f"Use one of {', '.join(allowed)}.")
