"""The models of a study, validated on outlets that they have not seen."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.coding.codebook import FRAME_PREFIX, Variable
from framing.models.classifiers import FrameClassifier, MajorityClassifier, ValueClassifier
from framing.models.validation import Classifier, one_hot, validate
from framing.results import Result
from framing.schema import KEY
from framing.study.config import Study
from framing.study.data import StudyData

Bools = NDArray[np.bool_]


def validate_study(study: Study, data: StudyData, names: tuple[str, ...] | None = None) -> dict[str, Result]:
    """Validate frames, tone, tone towards each party, and voice, each leave-one-outlet-out.

    Parameters
    ----------
    names
        Which of ``frames, tone, tone_<party>, voice``; None for all of the codebook.

    Returns
    -------
    dict
        By name, the result of `framing.models.validation.validate` for the systems ``embedding`` (the study's
        encoder), ``tfidf``, ``majority`` and, with several coders, ``coders``.
    """
    found: dict[str, Result] = {}
    if names is None or "frames" in names:
        found["frames"] = _frames(study, data)
    for variable in data.codebook.variables:
        if variable.kind in ("ordinal", "nominal") and (names is None or variable.id in names):
            found[variable.id] = _value(study, data, variable)
    return found


def _frames(study: Study, data: StudyData) -> Result:
    columns = [FRAME_PREFIX + frame for frame in data.codebook.frame_ids]
    systems: dict[str, Classifier] = {
        "embedding": FrameClassifier(study.encoder),
        "tfidf": FrameClassifier("tfidf"),
        "majority": MajorityClassifier(),
    }
    coded = data.coded
    return validate(
        coded,
        coded[columns].to_numpy(dtype=bool),
        data.codebook.frame_ids,
        systems,
        what="frames",
        rng=study.seed,
        codings=[coder[columns].to_numpy(dtype=bool) for coder in _per_coder(data, coded)],
    )


def _value(study: Study, data: StudyData, variable: Variable) -> Result:
    """Validate a variable with one value per unit, on the units whose gold has one."""
    coded = data.coded[data.coded[variable.column].notna()].reset_index(drop=True)
    values = tuple(float(v) if isinstance(v, int) else v for v in variable.values)
    systems: dict[str, Classifier] = {
        "embedding": ValueClassifier(values, study.encoder),
        "tfidf": ValueClassifier(values, "tfidf"),
        "majority": MajorityClassifier(),
    }
    return validate(
        coded,
        coded[variable.column].to_numpy(),
        values,
        systems,
        what=variable.id.replace("_", " towards ", 1),
        rng=study.seed,
        codings=[one_hot(coder[variable.column], values) for coder in _per_coder(data, coded)],
        names=tuple(map(str, variable.values)),
    )


def _per_coder(data: StudyData, coded: pd.DataFrame) -> list[pd.DataFrame]:
    """Return each coder's codings of the coded units, in their order; a coder who skipped one is left out."""
    if data.codings is None:
        return []
    tables = []
    for _, own in data.codings.groupby("coder", sort=True):
        aligned = coded[KEY].merge(own, on=KEY, how="left", validate="one_to_one")
        if aligned["coder"].notna().all():
            tables.append(aligned)
    return tables
