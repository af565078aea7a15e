"""What a reader sees of a study that is not coded yet: what was read off the text, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from framing.portrayal.tables import PREFIX, Portrayal
from framing.report.numbers import VERSIONED, Numbers, corpus_numbers
from framing.report.portrayal import portrayal_lines, portrayal_numbers
from framing.report.tables import notes
from framing.resources import versions
from framing.results import Result


@dataclass(frozen=True, eq=False)
class Uncoded:
    """What can be had of a study before anything is coded.

    Attributes
    ----------
    study
        Name, title, event and seed.
    articles, units
        The corpus and all its units.
    portrayal
        What was read off the text.
    plan
        Articles per outlet that it takes, under stated assumptions (`framing.plan`).
    sample
        Articles drawn for coding (`framing.draw_sample`).
    sheet
        Their units with columns to fill; None where the codebook has no frames yet.
    missing
        What is missing, a line each that names file and cure, in the order in which to go about it.
    """

    study: dict[str, object]
    articles: pd.DataFrame
    units: pd.DataFrame
    portrayal: Portrayal
    plan: Result
    sample: Result
    sheet: pd.DataFrame | None
    missing: tuple[str, ...]

    def results(self) -> dict[str, Result]:
        """Return every result by the name of its table."""
        told = {PREFIX + name: result for name, result in (self.portrayal.results | self.portrayal.scores).items()}
        return {"coding_plan": self.plan, "coding_sample": self.sample, **told}


def uncoded_numbers(found: Uncoded) -> Numbers:
    """Return the content of ``numbers.json`` of a study that is not coded."""
    return {
        "study": found.study,
        "corpus": corpus_numbers(found.articles, found.units, found.units.iloc[:0]),
        "portrayal": portrayal_numbers(found.portrayal, None),
        "planning": {
            "articles": found.plan.to_frame().to_dict("records"),
            "sample": found.sample.to_frame().groupby("outlet").size().to_dict(),
        },
        "missing": list(found.missing),
        "notes": {name: result.describe() for name, result in found.results().items()},
        "versions": versions(VERSIONED),
    }


def uncoded_tables(found: Uncoded) -> dict[str, pd.DataFrame]:
    """Return every table by the name of its file."""
    return {
        "units": found.units,
        "coding_plan": found.plan.to_frame(),
        "coding_sample": found.sample.to_frame(),
        **{PREFIX + name: table for name, table in found.portrayal.frames().items()},
        "notes": notes(found.results()),
    }


def uncoded_lines(found: Uncoded) -> str:
    """Return what is known so far, and what to do next, as text."""
    size = f"{len(found.articles)} articles, {len(found.units)} units, none coded"
    parts = [f"{found.study['title']}: {size}", "", portrayal_lines(found.portrayal), "", next_steps(found)]
    return "\n".join(parts)


def next_steps(found: Uncoded) -> str:
    """Return what is missing and what to do about it, as text."""
    sample = found.sample.to_frame().groupby("outlet").size()
    drawn = ", ".join(f"{outlet} {n}" for outlet, n in sample.items())
    steps = [f"{number}. {line}" for number, line in enumerate(found.missing, start=1)]
    return "\n".join(
        ["What comes next", *steps, "", f"Articles drawn for coding, per outlet: {drawn}.", *found.plan.caveats, ""]
    )
