"""How fast the package is beside what one would otherwise use, in one run on the same texts.

Each section gives rows with a ratio: how many times faster ours is, the median over rounds in which both are timed one
after the other, with the least and the greatest. Seconds depend on the machine; ratios travel better.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from framing.benchmark.scores import row
from framing.benchmark.speed.statistics import agreeing, bootstrapping, studying
from framing.benchmark.speed.table import markdown
from framing.benchmark.speed.texts import counting, normalising, segmenting, tokenising
from framing.benchmark.speed.timing import ROUNDS, Plan
from framing.benchmark.speed.vectors import encoding, predicting, students
from framing.errors import MissingDependencyError

__all__ = ["ROUNDS", "SECTIONS", "Plan", "markdown", "run"]

Section = Callable[[Plan], list[dict[str, Any]]]

SECTIONS: tuple[Section, ...] = (
    segmenting,
    normalising,
    tokenising,
    counting,
    encoding,
    students,
    predicting,
    agreeing,
    bootstrapping,
    studying,
)


def run(
    rng: int, rounds: int = ROUNDS, *, sections: Sequence[Section] = SECTIONS, plan: Plan | None = None
) -> list[dict[str, Any]]:
    """Return the rows of all sections.

    Parameters
    ----------
    rng, rounds
        Seed of the texts, and rounds of each comparison.
    sections
        What is measured.
    plan
        Sizes other than the usual ones, with a seed and rounds of its own.

    Returns
    -------
    list of dict
        As `framing.benchmark.speed.timing.against` gives them. A peer that is not installed has a row with its
        ``reason`` and no ratio, and so has a section whose own optional package is missing.
    """
    from tqdm.auto import tqdm

    plan = plan or Plan(rng, rounds)
    rows: list[dict[str, Any]] = []
    with tqdm(sections, desc="speed", unit="section", disable=None) as bar:
        for section in bar:
            bar.set_postfix_str(section.__name__)
            try:
                rows += section(plan)
            except MissingDependencyError as error:
                rows.append({**row(section.__name__, "", {}), "reason": str(error)})
    return rows
