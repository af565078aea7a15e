"""The commands that compare outlets and plan what to code."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from framing.cli.shared import OutTable, explain, save, say_who_coded, show, table_in, writable
from framing.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from framing.results import Result

Source = Annotated[
    Path | None,
    typer.Argument(metavar="INPUT", help="A study file, or a table of units; by default the five seed articles."),
]
Seeded = Annotated[int | None, typer.Option(min=0, help="Seed; by default the study's, and needed for a table.")]


class WeightName(StrEnum):
    """Choices of --weight."""

    UNITS = "units"
    ARTICLES = "articles"


class AllocationName(StrEnum):
    """Choices of --allocation."""

    EQUAL = "equal"
    PROPORTIONAL = "proportional"


_SHOWN = {
    "contrasts": "outlet_a outlet_b variable difference low high odds_ratio p p_holm p_bh finding reason",
    "profile_distance": "outlet_a outlet_b jsd jsd_chance_high p_jsd p_jsd_holm cramers_v p_v p_v_holm reason",
    "cooccurrence": "outlet frame_a frame_b n_both n_a n_b lift lift_low lift_high phi phi_low phi_high reason",
    "frame_by": "outlet frame value share low high n_with n_units reason",
    "regressions": "outlet_a outlet_b variable model odds_ratio low high p reason",
    "corrected": "outlet variable estimator value low high n_units n_coded_units reason",
    "differences": "outlet_a outlet_b variable estimator difference low high p p_holm reason",
}


def compare(
    source: Source = None,
    gold: Annotated[
        Path | None,
        typer.Option(
            help="Coded units of a table that 'framing predict' wrote: doc_id, unit, has_<frame> (or frames, as in a "
            "coding sheet), tone, and probability where 'framing plan --draw' drew them."
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for a .csv of each table.")] = None,
    weight: Annotated[
        WeightName | None, typer.Option(help="Whether units or articles count once; by default the study's, or units.")
    ] = None,
    equivalence: Annotated[
        float | None, typer.Option(help="Largest difference that counts as none, as a part of the scale's length.")
    ] = None,
    permutations: Annotated[
        int | None, typer.Option(min=99, help="Labellings drawn where they cannot be listed.")
    ] = None,
    groups: Annotated[str | None, typer.Option(help="Column of near-duplicate groups of a table's articles.")] = None,
    regressions: Annotated[
        bool, typer.Option("--regressions", help="Also odds ratios by three regressions, as a check.")
    ] = False,
    seed: Seeded = None,
) -> None:
    """Compare outlets: prevalence and tone with intervals, differences, profiles, what goes together.

    A study is compared by its gold. A table needs doc_id, outlet and a column has_<frame> for each frame; tone,
    tone_<party>, voice and paragraph are used where they are there. Machine labels need --gold.

    \b
    Example:
      framing compare
      framing compare my-study/study.toml --out comparison/
      framing compare coded-units.csv --seed 1 --equivalence 0.1 --weight articles
      framing compare predicted.csv --gold coded-sample.csv --out comparison/
    """
    if (table := table_in(source)) is None:
        if gold is not None or groups is not None:
            raise InputError("--gold and --groups are for a table", cure="Leave them out, or give a table of units.")
        _compare_study(source, out, weight, equivalence, permutations, seed, regressions)
    elif gold is not None:
        if equivalence is not None or permutations is not None or regressions:
            raise InputError(
                "--equivalence, --permutations and --regressions are for gold alone", cure="Leave them out."
            )
        _compare_predicted(table, gold, out, weight, groups)
    else:
        _compare_table(table, out, weight, equivalence, permutations, groups, seed, regressions)


def _compare_study(
    source: Path | None,
    out: Path | None,
    weight: WeightName | None,
    equivalence: float | None,
    permutations: int | None,
    seed: int | None,
    check: bool,
) -> None:
    from framing.comparison import regressions
    from framing.study import load_data, load_study
    from framing.study.comparison import coded_variables, compare_outlets

    study = load_study(source)
    study = replace(
        study,
        weight=study.weight if weight is None else weight.value,
        equivalence=study.equivalence if equivalence is None else equivalence,
        permutations=study.permutations if permutations is None else permutations,
        seed=study.seed if seed is None else seed,
    )
    data = load_data(study)
    _print(compare_outlets(study, data), out)
    if check:
        found = regressions(data.coded, coded_variables(data.codebook).frames, groups="cluster")
        _print({"regressions": found}, out)
    say_who_coded(data.provenance)


def _compare_table(
    source: Path,
    out: Path | None,
    weight: WeightName | None,
    equivalence: float | None,
    permutations: int | None,
    groups: str | None,
    seed: int | None,
    check: bool,
) -> None:
    from framing.comparison import regressions
    from framing.comparison.overview import Settings
    from framing.comparison.overview import compare as overview
    from framing.comparison.table import coded_only, is_predicted, read_unit_table, variables_of

    table = read_unit_table(source)
    if is_predicted(table):
        raise InputError(
            "these frames are machine labels, whose errors no ordinary interval knows",
            file=source,
            cure="Draw units with 'framing plan', code them, and give them with --gold.",
        )
    if seed is None:
        raise InputError("permutations and bootstrap need a seed", cure="Add --seed with a number of your choice.")
    units = coded_only(table, source)
    variables = variables_of(units)
    settings = Settings(
        seed, permutations or 9999, (weight or WeightName.UNITS).value, equivalence=equivalence, groups=groups
    )
    _print(overview(units, variables, settings), out)
    if check:
        _print({"regressions": regressions(units, variables.frames, groups=groups)}, out)
    if len(units) < len(table):
        print(f"{len(table) - len(units)} of {len(table)} units are not coded and were left out.")
    say_who_coded(None)


def _compare_predicted(
    source: Path, gold: Path, out: Path | None, weight: WeightName | None, groups: str | None
) -> None:
    from framing.comparison.table import compare_corrected, join_gold, read_unit_table

    units, variables, drawn = join_gold(read_unit_table(source), gold, source)
    _print(compare_corrected(units, variables, drawn, (weight or WeightName.UNITS).value, groups), out)
    say_who_coded(None)


def _print(results: dict[str, Result], out: Path | None) -> None:
    """Print each table with what is needed to read it, and write it whole where a folder is named."""
    for name, result in results.items():
        print(f"== {name} ==")
        save(result.table, None if out is None else out / f"{name}.csv")
        columns = next((shown.split() for start, shown in _SHOWN.items() if name.startswith(start)), None)
        show(result, columns)
        print()


def plan(
    source: Source = None,
    half_width: Annotated[
        float | None, typer.Option(help="Half-width of an interval that is wanted, such as 0.05.")
    ] = None,
    difference: Annotated[float | None, typer.Option(help="Difference of two outlets that is to be found.")] = None,
    power: Annotated[float, typer.Option(help="How surely it is to be found.")] = 0.8,
    articles: Annotated[int | None, typer.Option(min=2, help="Articles per outlet for which both are told.")] = None,
    prevalence: Annotated[float | None, typer.Option(help="Share of units with the frame; else the data's.")] = None,
    icc: Annotated[
        float | None, typer.Option(help="Intraclass correlation of units of an article; else the data's.")
    ] = None,
    units_per_article: Annotated[float | None, typer.Option(help="Mean number of units; else the data's.")] = None,
    cv: Annotated[
        float, typer.Option(min=0, help="Coefficient of variation of that number, where it is stated.")
    ] = 0.0,
    tests: Annotated[int, typer.Option(min=1, help="Tests in the family, for Holm's correction.")] = 1,
    draw: Annotated[int | None, typer.Option(min=1, help="Draw so many units of a table to code next.")] = None,
    by: Annotated[WeightName, typer.Option(help="Whether units or whole articles are drawn.")] = WeightName.UNITS,
    allocation: Annotated[
        AllocationName, typer.Option(help="As many from every stratum, or as its size asks for.")
    ] = AllocationName.EQUAL,
    seed: Seeded = None,
    out: OutTable = None,
) -> None:
    """Plan what to code: articles for an interval or a difference, or a sample of units with known probabilities.

    Rates are read off INPUT, or stated: --prevalence, --icc and --units-per-article together need no data. --draw takes
    the table that 'framing predict' wrote (doc_id, unit, outlet, has_<frame>) and draws within outlet and predicted
    frame.

    \b
    Example:
      framing plan my-study/study.toml --half-width 0.05
      framing plan --prevalence 0.2 --icc 0.1 --units-per-article 20 --half-width 0.05 --difference 0.1
      framing plan predicted.csv --draw 300 --seed 1 --out to-code.csv
    """
    writable(out)
    if draw is not None:
        _draw(source, draw, by, allocation, seed, out)
        return
    from framing.comparison.planning import plan as planned

    if half_width is None and difference is None and articles is None:
        raise InputError("nothing is asked for", cure="Add --half-width, --difference, --articles or --draw.")
    rates = _rates(source, prevalence, icc, units_per_article, cv)
    result = planned(rates, interval=half_width, difference=difference, chance=power, articles=articles, tests=tests)
    save(result.table, out)
    show(result)


def _rates(
    source: Path | None, prevalence: float | None, icc: float | None, units_per_article: float | None, cv: float
) -> pd.DataFrame:
    """Read rates off data, and put what is stated in their place."""
    import pandas as pd

    from framing.comparison.planning import observed_rates

    stated = {"prevalence": prevalence, "icc": icc, "units_per_article": units_per_article}
    given = {name: value for name, value in stated.items() if value is not None}
    if source is None and prevalence is not None:
        missing = [name.replace("_", "-") for name in stated if name not in given]
        if missing:
            raise InputError(f"--{missing[0]} is not stated", cure="State it too, or give data to read it off.")
        return pd.DataFrame([{**given, "cv": cv}])
    units, frames = _coded(source)
    rates = observed_rates(units, frames, icc)
    if units_per_article is not None:
        rates = rates.assign(units_per_article=units_per_article, cv=cv)
    return rates if prevalence is None else rates.assign(prevalence=prevalence, reason="")


def _coded(source: Path | None) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return coded units and their frames, of a study or of a table."""
    if (file := table_in(source)) is None:
        from framing.study import load_data, load_study
        from framing.study.comparison import coded_variables

        data = load_data(load_study(source))
        return data.coded, coded_variables(data.codebook).frames
    from framing.comparison.table import coded_only, read_unit_table, variables_of

    table = read_unit_table(file)
    return coded_only(table, file), variables_of(table).frames


def _draw(
    source: Path | None,
    n: int,
    by: WeightName,
    allocation: AllocationName,
    seed: int | None,
    out: Path | None,
) -> None:
    from framing.comparison import draw_sample
    from framing.comparison.table import read_unit_table, variables_of

    if (file := table_in(source)) is None:
        raise InputError("--draw needs a table of units", cure="Give the one that 'framing predict' wrote.")
    if seed is None or out is None:
        raise InputError("--draw needs --seed and --out", cure="Add a number of your choice, and a file to write.")
    table = read_unit_table(file)
    result = draw_sample(table, variables_of(table).frames, n, rng=seed, by=by.value, allocation=allocation.value)
    save(result.table, out)
    print(
        result.table.groupby("stratum").agg(drawn=("doc_id", "size"), probability=("probability", "first")).to_string()
    )
    explain(result)
    print(f"{len(result.table)} {by.value} to code in {out}; keep the column probability beside the codes.")
