"""What a study's coders agree on, taken apart, as tables."""

from __future__ import annotations

import pandas as pd

from framing.coding import (
    agreement_by_coder,
    agreement_by_outlet,
    agreement_by_pair,
    agreement_of_sets,
    differences,
    drift,
)
from framing.coding.drift import WHEN
from framing.report.tables import notes
from framing.results import Result
from framing.study.config import Study
from framing.study.data import StudyData

PREFIX = "agreement_"
"""With which the names of these tables begin."""


def with_coders(tables: dict[str, pd.DataFrame], study: Study, data: StudyData) -> dict[str, pd.DataFrame]:
    """Add tables of agreement by pair of coders, outlet and coder, of sets, and where coders differ.

    By time only where the codings say when they were made. Nothing is added with fewer than two coders, or where no
    unit has two.
    """
    codings, book, seed = data.codings, data.codebook, study.seed
    if codings is None or not codings.duplicated(["doc_id", "unit"]).any():
        return tables
    found: dict[str, Result] = {
        "pairs": agreement_by_pair(codings, book, rng=seed),
        "outlets": agreement_by_outlet(codings, book, data.articles, rng=seed),
        "coders": agreement_by_coder(codings, book, rng=seed),
        "sets": agreement_of_sets(codings, book, rng=seed),
    }
    if WHEN in codings.columns:
        found["time"] = drift(codings, book, rng=seed)
    results = {PREFIX + name: result for name, result in found.items()}
    differing = {PREFIX + "differences": differences(codings, book, data.units)}
    told = pd.concat([tables["notes"], notes(results)], ignore_index=True)
    return {**tables, **{n: r.to_frame() for n, r in results.items()}, **differing, "notes": told}
