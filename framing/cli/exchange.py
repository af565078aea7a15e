"""Units out to the tools that coders use, and answers back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from framing.cli.shared import StudyFile, writable
from framing.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from framing.coding import Codebook
    from framing.coding.exchange.checks import Kept
    from framing.coding.exchange.queues import Assignment

TOOL_HELP = "label-studio, potato, doccano, inception, csv, xlsx or framing."


class WithTools(TyperGroup):
    """A group whose help ends with how each tool is started."""

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write how coders start each tool on their own computer."""
        from framing.coding.exchange.formats import MODULES, format_named

        formatter.write("\nEach tool on 127.0.0.1, with nothing sent anywhere:\n")
        for name in MODULES:
            tool = format_named(name)
            formatter.write(f"\n  {name}: {tool.TITLE}\n")
            formatter.write("".join(f"    {line}\n" for line in tool.START.splitlines()))


app = typer.Typer(
    cls=WithTools,
    help="Send units to coders in the tool they like, each with a queue of their own, and read their answers.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Units = Annotated[
    Path | None,
    typer.Option("--units", help="A table of units (doc_id, unit, text), instead of a study's; with --codebook."),
]
Book = Annotated[Path | None, typer.Option("--codebook", help="Its codebook (YAML).")]
Tool = Annotated[str, typer.Argument(metavar="TOOL", help=TOOL_HELP)]


@app.command("export")
def export(
    tool: Tool,
    out: Annotated[Path, typer.Option(help="New folder: one for each coder in it, and the manifest.")],
    study: StudyFile = None,
    coders: Annotated[str, typer.Option(help="Pseudonyms, with commas between them.")] = "",
    units: Units = None,
    codebook: Book = None,
    only: Annotated[
        Path | None,
        typer.Option(help="Of these alone: a table with doc_id, or doc_id and unit, as 'framing plan' draws."),
    ] = None,
    overlap: Annotated[
        str, typer.Option(help="Units that several coders code: a share such as 0.2 or 1.0, or a number such as 30.")
    ] = "1.0",
    per_unit: Annotated[int | None, typer.Option(min=2, help="Coders of each of those; by default all.")] = None,
    whole_articles: Annotated[bool, typer.Option(help="Deal out articles, not units; --overlap counts them.")] = False,
    manifest: Annotated[Path | None, typer.Option(help="Send out this assignment, instead of a new one.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of the draw; by default the study's.")] = None,
) -> None:
    """Assign units to coders, blind and shuffled, and write what each needs for a tool.

    Give each coder their own folder. The manifest is for you: it says who codes what.

    \b
    Example:
      framing exchange export label-studio --coders A,B,C --overlap 0.2 --out round1
      framing exchange export xlsx my-study/study.toml --coders mona,karim --overlap 30 --out round1
    """
    from framing.coding.exchange.assignment import assign
    from framing.coding.exchange.formats import MANIFEST, export_all, format_named
    from framing.coding.exchange.queues import read_manifest

    start = format_named(tool).START
    if (manifest is None) == (not coders):
        raise InputError("an export needs coders, or a manifest that names them", cure="Give --coders or --manifest.")
    table, book, own_seed = _units(study, units, codebook)
    if manifest is not None:
        assignment = read_manifest(manifest)
    else:
        seed = own_seed if seed is None else seed
        if seed is None:
            raise InputError(
                "an assignment is drawn, and needs a seed", cure="Add --seed with a number of your choice."
            )
        assignment = assign(
            _chosen(table, only),
            [name for name in map(str.strip, coders.split(",")) if name],
            book,
            overlap=_overlap(overlap),
            per_unit=per_unit,
            whole_articles=whole_articles,
            rng=seed,
        )
    export_all(tool, assignment, table, book, out)
    loads = ", ".join(f"{coder} {len(assignment.queue(coder))}" for coder in assignment.coders)
    print(f"Units to code: {loads}; {assignment.overlap} of them by {assignment.per_unit} coders.")
    print(f"Written: {out}/. Keep {out / MANIFEST} to yourself; each coder gets the folder of that name.\n\n{start}")


@app.command("import")
def import_(
    tool: Tool,
    files: Annotated[list[Path], typer.Argument(metavar="FILES", help="What the tool exported, or coders' folders.")],
    out: Annotated[Path, typer.Option(help="Where to write the answers (.csv, .jsonl or .parquet).")],
    study: Annotated[Path | None, typer.Option(help="The study file; by default the five seed articles.")] = None,
    units: Units = None,
    codebook: Book = None,
    manifest: Annotated[Path | None, typer.Option(help="Of the export: says what is still to be answered.")] = None,
    coder: Annotated[
        list[str] | None, typer.Option(help="ACCOUNT=NAME: who an account of the tool is; once for each.")
    ] = None,
    flagged: Annotated[
        Path | None, typer.Option(help="Set aside here what would spoil gold, instead of stopping.")
    ] = None,
    codings: Annotated[Path | None, typer.Option(help="Also write a table of codings here, for a study file.")] = None,
) -> None:
    """Read coders' answers back and check them: texts as they were, labels of the codebook, nobody twice.

    Stops at what would spoil gold: answers grown out of predictions, two answers of one coder to a unit, one person
    under two names, another text, another version of the codebook, labels that it does not know. With --flagged such
    answers are set aside, each with the reason and the cure. What was not answered stays missing ('?' in codings), and
    is never taken for "none".

    \b
    Example:
      framing exchange import label-studio a.json b.json --out answers.csv --codings codings.csv
      framing exchange import potato round1/A round1/B --manifest round1/manifest.json --out answers.csv
    """
    from framing.coding.exchange import keep, named, tasks, to_codings, write_answers
    from framing.coding.exchange.formats import format_named
    from framing.coding.exchange.queues import read_manifest
    from framing.files import existing, write_table

    for path in (out, flagged, codings):
        writable(path)
    chosen = format_named(tool)
    table, book, _ = _units(study, units, codebook)
    assignment = None if manifest is None else read_manifest(manifest)
    shown = tasks(table, book)
    found = named(chosen.read([existing(path) for path in files], shown, book), _names(coder or []))
    kept = keep(found, shown, book, aside=flagged is not None)
    if flagged is not None:
        write_table(kept.flagged, flagged)
    write_answers(kept.answers, out, book)
    if codings is not None:
        write_table(to_codings(kept.answers, book), codings)
    _tell(kept, book, out, flagged, assignment)


def _tell(kept: Kept, book: Codebook, out: Path, flagged: Path | None, assignment: Assignment | None) -> None:
    """Print what came in, what did not, and what is still to be answered."""
    from framing.coding.exchange import missing_answers

    answers, aside = kept
    by = ", ".join(f"{coder} {n}" for coder, n in answers["coder"].value_counts(sort=False).items())
    print(f"{len(answers)} answers in {out}" + (f": {by}." if by else "."))
    for problem, n in aside["problem"].value_counts().items():
        print(f"Set aside: {n}, {problem}." + ("" if flagged is None else f" See {flagged}."))
    missing = missing_answers(answers, book)
    if len(missing):
        counts = ", ".join(f"{name} {n}" for name, n in missing["variable"].value_counts().items())
        print(f"Left open in units that were answered, and kept as missing: {counts}.")
    if assignment is not None:
        states = assignment.progress(answers, book)
        open_ = states[states["state"].ne("answered")].groupby(["coder", "state"]).size().reset_index(name="n")
        rows = [f"{row['coder']}: {row['n']} {row['state']}" for row in open_.to_dict("records")]
        print(f"Of the assignment, {'; '.join(rows)}." if rows else "All of the assignment is answered.")


def _units(study: Path | None, units: Path | None, codebook: Path | None) -> tuple[pd.DataFrame, Codebook, int | None]:
    """Return the units, the codebook and the seed that a study names; of a table, the units and its codebook."""
    from framing.coding import read_codebook
    from framing.files import first_row, read_table
    from framing.schema import check
    from framing.study import load_data, load_study

    if (units is None) != (codebook is None):
        raise InputError("--units and --codebook belong together", cure="Give both, or neither.")
    if units is None or codebook is None:
        chosen = load_study(study)
        data = load_data(chosen)
        return data.units, data.codebook, chosen.seed
    if study is not None:
        raise InputError("a study has units and a codebook of its own", cure="Leave out --units and --codebook.")
    table = check(read_table(units), "coded", file=units, first=first_row(units))
    return table.assign(unit_type=table.get("unit_type", "body")), read_codebook(codebook), None


def _chosen(table: pd.DataFrame, only: Path | None) -> pd.DataFrame:
    """Return those units that another table lists, by article or one by one."""
    import pandas as pd

    from framing.files import first_row, read_table
    from framing.schema import KEY

    if only is None:
        return table
    listed = read_table(only)
    key = [name for name in KEY if name in listed.columns]
    if "doc_id" not in key:
        raise InputError("no column 'doc_id'", file=only, cure="List articles by doc_id, or units by doc_id and unit.")
    wanted = pd.MultiIndex.from_frame(listed[key].astype(str))
    there = pd.MultiIndex.from_frame(table[key].astype(str))
    for row, known in enumerate(wanted.isin(there), start=first_row(only)):
        if not known:
            raise InputError("no such unit in the study", file=only, row=row, cure="Remove the row, or name its study.")
    return table[there.isin(wanted)]


def _overlap(said: str) -> float | int:
    try:
        return int(said) if said.strip().isdecimal() else float(said)
    except ValueError:
        raise InputError(f"an overlap of '{said}'", cure="Give a share such as 0.2, or a number such as 30.") from None


def _names(said: list[str]) -> dict[str, str]:
    names = {}
    for pair in said:
        account, _, name = pair.rpartition("=")
        if not account.strip() or not name.strip():
            raise InputError(f"--coder {pair}", cure="Write it as --coder ACCOUNT=NAME.")
        names[account.strip()] = name.strip()
    return names
