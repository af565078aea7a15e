"""Outlets of a study compared by its gold."""

from __future__ import annotations

from framing.coding.codebook import TARGET_PREFIX, Codebook
from framing.comparison.overview import Settings, Variables, compare
from framing.errors import InputError
from framing.results import Result
from framing.study.config import Study
from framing.study.data import StudyData


def compare_outlets(study: Study, data: StudyData) -> dict[str, Result]:
    """Compare outlets by gold; near-duplicate articles of an outlet are one cluster.

    Returns
    -------
    dict
        As `framing.comparison.overview.compare` gives it.

    Raises
    ------
    InputError
        Where a family of tests names what is not coded, or names it twice.
    """
    settings = Settings(
        seed=study.seed,
        permutations=study.permutations,
        weight=study.weight,
        equivalence=study.equivalence,
        groups="cluster",
        families=study.families,
    )
    try:
        return compare(data.coded, coded_variables(data.codebook), settings)
    except InputError as error:
        if error.file is None and study.families is not None and "famil" in error.problem:
            raise InputError(error.problem, file=study.file, cure=error.cure) from None
        raise


def coded_variables(book: Codebook) -> Variables:
    """Tell from the codebook what is compared."""
    tones = {"tone": book.tone} if book.tone else {}
    targets = {TARGET_PREFIX + party: book.target_tone for party in book.party_ids}
    scales = {name: tuple(map(float, values)) for name, values in (tones | targets).items()}
    return Variables({f.id: f.column for f in book.variables if f.kind == "frame"}, scales, tuple(book.voice))
