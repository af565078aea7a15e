"""A study's models measured on coded units of another corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from numpy.typing import NDArray

from framing.coding.codebook import FRAME_PREFIX, Variable
from framing.coding.codings import parse_codes
from framing.corpus.duplicates import near_duplicate_groups
from framing.errors import InputError
from framing.files import first_row, read_table
from framing.models.validation import validate
from framing.results import Result
from framing.schema import KEY, check
from framing.study.config import Study
from framing.study.data import StudyData
from framing.study.student import with_student
from framing.study.systems import baselines, frame_systems, value_systems
from framing.study.targets import as_read


def validate_elsewhere(study: Study, data: StudyData, path: str | Path, name: str) -> Result:
    """Train on all of a study's gold and measure on units that are not in it.

    Parameters
    ----------
    path
        A table with ``doc_id, unit, text`` and the column that is measured, coded by the study's codebook: ``frames``
        (ids joined by ``;``), ``tone``, ``tone_<party>`` or ``voice``. Units without a value are left out, save for
        frames, where an empty cell is none.
    name
        ``frames``, or an ordinal or nominal variable of the codebook.

    Returns
    -------
    Result
        As `framing.models.validation.validate` gives it, with the scheme ``elsewhere``.

    Raises
    ------
    InputError
        Where the table lacks a column, holds a value that the codebook does not know, or has no coded unit.
    """
    study, book = with_student(study, data), data.codebook
    variable = next((v for v in book.variables if v.id == name), None)
    column = "frames" if variable is None else variable.column
    table = check(read_table(path), "coded", file=path, first=first_row(path))
    other = parse_codes(table, book, path, (column,))
    columns = [FRAME_PREFIX + frame for frame in book.frame_ids] if variable is None else [column]
    parts = (data.coded.assign(elsewhere=False), other.assign(elsewhere=True))
    # An article of the other corpus may have the id of one of the study's: the flag keeps them apart.
    both = pd.concat([part[[*KEY, "text", *columns, "elsewhere"]] for part in parts], ignore_index=True)
    both = both[both[columns].notna().all(axis=1)].reset_index(drop=True)
    if not both["elsewhere"].any():
        raise InputError("no unit has a value", file=path, column=column, cure="Code some units first.")
    both["cluster"] = both.groupby(["elsewhere", "doc_id"]).ngroup()
    both = both.assign(outlet=both["cluster"].astype(str), duplicate=near_duplicate_groups(both["text"]))
    return _measure(study, data, both, variable, columns)


def _measure(
    study: Study, data: StudyData, both: pd.DataFrame, variable: Variable | None, columns: list[str]
) -> Result:
    labels: tuple[object, ...]
    y: NDArray[Any]
    if variable is None:
        systems, labels = frame_systems(study, data), data.codebook.frame_ids
        y, names, what = both[columns].to_numpy(dtype=bool), None, "frames"
    else:
        systems, labels = value_systems(study, data, variable)
        both = as_read(study, variable, both)
        y, names, what = both[columns[0]].to_numpy(), tuple(map(str, variable.values)), variable.label
    result, _ = validate(
        both,
        y,
        labels,
        {**systems, **baselines(frames=variable is None)},
        what=what,
        rng=study.seed,
        scheme="elsewhere",
        names=names,
    )
    return result
