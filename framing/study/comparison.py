"""Outlets of a study compared by its gold."""

from __future__ import annotations

from framing.coding.codebook import FRAME_PREFIX, TARGET_PREFIX, Codebook
from framing.comparison.correspondence import outlet_map
from framing.comparison.overview import Settings, Variables, compare
from framing.comparison.table import compare_corrected, join_gold, read_unit_table
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


def compare_drawn(study: Study, book: Codebook) -> dict[str, Result]:
    """Compare the outlets of a larger corpus by machine labels that gold drawn from it corrects.

    Returns
    -------
    dict
        As `framing.comparison.table.compare_corrected` gives it; nothing where the study has no such gold.

    Raises
    ------
    InputError
        Where the tables cannot be used, or hold no frame of the codebook.
    """
    if study.drawn is None or study.predicted is None:
        return {}
    units, both, drawn = join_gold(read_unit_table(study.predicted), study.drawn, study.predicted)
    known = coded_variables(book)
    frames = {name: column for name, column in both.frames.items() if name in known.frames}
    if not frames:
        cure = f"Its frames are {', '.join(known.frames)}; the labels have has_<frame> of each."
        raise InputError("no frame of the codebook", file=study.predicted, cure=cure)
    scales = {name: known.scales[name] for name in both.scales if name in known.scales}
    return compare_corrected(units, Variables(frames, scales), drawn, study.weight, None)


def map_outlets(data: StudyData) -> dict[str, Result]:
    """Return the map of outlets and frames under its name; nothing where fewer than three of either are in it."""
    columns = {frame: FRAME_PREFIX + frame for frame in data.codebook.frame_ids}
    counts = data.coded.groupby("outlet")[list(columns.values())].sum()
    if min((counts.sum(axis=1) > 0).sum(), (counts.sum(axis=0) > 0).sum()) < 3:
        return {}
    return {"outlet_map": outlet_map(data.coded, columns)}


def coded_variables(book: Codebook) -> Variables:
    """Tell from the codebook what is compared."""
    tones = {"tone": book.tone} if book.tone else {}
    targets = {TARGET_PREFIX + party: book.target_tone for party in book.party_ids}
    scales = {name: tuple(map(float, values)) for name, values in (tones | targets).items()}
    return Variables({f.id: f.column for f in book.variables if f.kind == "frame"}, scales, tuple(book.voice))
