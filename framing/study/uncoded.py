"""A study before it is coded: what can be read off its texts, how much to code, and what is missing."""

from __future__ import annotations

import os
from itertools import product
from pathlib import Path

import pandas as pd

from framing.coding import Codebook
from framing.coding.codebook import NO_FRAMES, WRITE_FRAMES
from framing.comparison import draw_sample, observed_rates, plan
from framing.errors import InputError
from framing.files import atomic, read_table, write_json, write_table
from framing.report.uncoded import Uncoded, next_steps, uncoded_numbers, uncoded_tables
from framing.results import Result
from framing.study.config import Study
from framing.study.data import StudyData, nameless
from framing.study.portrayal import portray

PREVALENCES, CORRELATIONS = (0.1, 0.2, 0.4), (0.05, 0.1, 0.2)
"""What a plan assumes of a frame of which nothing is known: its prevalence, and the correlation of two units of one
article. The middle ones decide how many articles are drawn."""

HALF_WIDTH, DIFFERENCE = 0.1, 0.2
"""Interval of a prevalence, and difference of two outlets, for which it plans."""

SHEET, NEXT = "coding_sheet.csv", "next_steps.md"

_GIVEN = ("doc_id", "unit", "outlet", "unit_type", "probability", "text")
"""Columns of the sheet that are filled in."""


def find_uncoded(study: Study, data: StudyData) -> Uncoded:
    """Find what can be had without codes: portrayal, a plan, a sample to code.

    Raises
    ------
    InputError
        Where an outlet is unknown.
    """
    portrayal = portray(study, data)
    units = data.units[data.units["unit_type"].ne("boilerplate")].reset_index(drop=True)
    planned = coding_plan(units)
    sample = _sample(units, planned, study.seed)
    return Uncoded(
        study={"name": study.name, "title": study.title, "event": study.event, "seed": study.seed},
        articles=data.articles,
        units=data.units,
        portrayal=portrayal,
        plan=planned,
        sample=sample,
        sheet=coding_sheet(units, sample, data.codebook) if data.codebook.frames else None,
        missing=tuple(str(piece) for piece in _missing(study, data.codebook)),
    )


def coding_plan(units: pd.DataFrame) -> Result:
    """Plan how many articles to code where nothing is known but their length.

    Parameters
    ----------
    units
        ``doc_id, outlet`` of those that can be coded.

    Returns
    -------
    Result
        As `framing.plan` gives it, for every outlet, prevalence and intraclass correlation that is assumed.
    """
    seen = observed_rates(units.assign(any=True), {"a frame": "any"}, icc=0.0).assign(reason="")
    grid = [seen.assign(prevalence=share, icc=icc) for share, icc in product(PREVALENCES, CORRELATIONS)]
    rates = pd.concat(grid).sort_values("outlet", kind="stable", ignore_index=True)
    planned = plan(rates, interval=HALF_WIDTH, difference=DIFFERENCE)
    return Result(
        table=planned.table,
        estimand=planned.estimand,
        method=planned.method,
        n_articles=units["doc_id"].nunique(),
        n_units=len(units),
        caveats=(
            "Prevalence and intraclass correlation are assumed, for nothing is coded: plan again with 'framing plan' "
            "after the first articles.",
        ),
    )


def _sample(units: pd.DataFrame, planned: Result, seed: int) -> Result:
    """Draw articles, as many of each outlet as the middle assumption asks for, or all."""
    table = planned.table
    middle = table[table["prevalence"].eq(PREVALENCES[1]) & table["icc"].eq(CORRELATIONS[1])]
    wanted = int(middle["articles_for_interval"].max())
    there = units.groupby("outlet")["doc_id"].nunique()
    sample = draw_sample(units, {}, int(there.clip(upper=wanted).sum()), rng=seed, by="articles")
    return Result(
        table=sample.table.drop(columns="stratum"),
        estimand=sample.estimand,
        method=f"Without replacement, within outlets, up to {wanted} articles of each: so many give an interval of "
        f"+-{HALF_WIDTH:g} at a prevalence of {PREVALENCES[1]:g} and an intraclass correlation of {CORRELATIONS[1]:g}. "
        "Probability: drawn over all articles of the outlet.",
        n_articles=sample.n_articles,
        n_units=sample.n_units,
        seed=seed,
    )


def coding_sheet(units: pd.DataFrame, sample: Result, book: Codebook) -> pd.DataFrame:
    """Return the units of drawn articles, with an empty column for each thing that is coded of them.

    With its columns filled it can be read by `framing.read_codings`.
    """
    drawn = sample.table.set_index("doc_id")["probability"]
    own = units[units["doc_id"].isin(drawn.index)]
    sheet = own.assign(probability=own["doc_id"].map(drawn))[list(_GIVEN)].reset_index(drop=True)
    valued = [v.column for v in book.variables if v.kind in ("ordinal", "nominal")]
    return sheet.assign(**dict.fromkeys(("coder", "frames", *valued), ""))


def write_uncoded(found: Uncoded, stage: Path, out: Path) -> dict[str, object]:
    """Write numbers, tables, sheet and next steps into a folder, and return the numbers.

    Parameters
    ----------
    out
        Where they are going: a sheet that lies there and holds codes is left as it is.
    """
    for name, table in uncoded_tables(found).items():
        write_table(table, stage / "tables" / f"{name}.csv")
    if found.sheet is not None and not _holds_codes(out / SHEET):
        with atomic(stage / SHEET) as file:  # with a byte-order mark, by which spreadsheets know Arabic for UTF-8
            found.sheet.to_csv(file, index=False, lineterminator="\n", encoding="utf-8-sig")
    (stage / NEXT).write_text(next_steps(found), encoding="utf-8")
    numbers = uncoded_numbers(found)
    write_json(numbers, stage / "numbers.json")
    return numbers


def _holds_codes(file: Path) -> bool:
    """Tell whether somebody has begun to fill a sheet; one that cannot be read may be filled."""
    if not file.exists():
        return False
    try:
        table = read_table(file)
    except InputError:
        return True
    mine = table[[column for column in table.columns if column not in _GIVEN]]
    return bool(mine.apply(lambda cells: cells.str.strip().ne("")).to_numpy().any())


def _missing(study: Study, book: Codebook) -> list[InputError]:
    """Return what a study lacks on its way to a report, each as the error that would say so."""
    found, codebook = [], _beside(study, study.codebook)
    if not book.frames:
        found.append(InputError(NO_FRAMES, file=codebook, cure=WRITE_FRAMES))
    without_names = nameless(study, book)
    if without_names is not None:
        found.append(without_names)
    elif not book.parties:
        cure = f"If sides matter, write them there, and their names under [parties] in {study.file.name}."
        found.append(InputError("no parties under 'targets', so none is looked for", file=codebook, cure=cure))
    if study.segments is None:
        sources = "" if study.sources is None else f" --sources {_beside(study, study.sources)}"
        where = f"{_beside(study, study.articles)} --out {study.file.parent / 'segments.csv'}{sources}"
        cure = f"Keep them: 'framing segment {where}', and segments = \"segments.csv\" under [coding]."
        found.append(InputError("no segments, so a later version may cut other units", file=study.file, cure=cure))
    cure = (
        f'Copy {SHEET} beside this file as codings.csv, fill it by the codebook, add codings = "codings.csv" under '
        f"[coding], and run 'framing study run {study.file}' again."
        if book.frames
        else f"With frames in the codebook, the next run writes {SHEET}."
    )
    return [*found, InputError("nothing is coded", file=study.file, cure=cure)]


def _beside(study: Study, path: Path) -> Path:
    """Spell a path from where the study file was found, as its user would."""
    return Path(os.path.normpath(study.file.parent / os.path.relpath(path, study.file.resolve().parent)))
