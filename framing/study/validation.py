"""The models of a study, validated on outlets that they have not seen."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.coding.codebook import FRAME_PREFIX, Variable
from framing.models.classifiers import AlwaysClassifier, FrameClassifier, MajorityClassifier, ValueClassifier
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
        encoder, unless that is tfidf), ``tfidf``, ``majority``, for frames ``always`` and, with several coders,
        ``coders``.
    """
    found: dict[str, Result] = {}
    if names is None or "frames" in names:
        found["frames"] = _frames(study, data)
    for variable in data.codebook.variables:
        if variable.kind in ("ordinal", "nominal") and (names is None or variable.id in names):
            found[variable.id] = _value(study, data, variable)
    return found


def _encoders(study: Study) -> dict[str, str]:
    """Return the features to compare, by the name of their system."""
    return {"tfidf": "tfidf"} if study.encoder == "tfidf" else {"embedding": study.encoder, "tfidf": "tfidf"}


def _frames(study: Study, data: StudyData) -> Result:
    columns = [FRAME_PREFIX + frame for frame in data.codebook.frame_ids]
    systems: dict[str, Classifier] = {name: FrameClassifier(encoder) for name, encoder in _encoders(study).items()}
    coded = data.coded
    return validate(
        coded,
        coded[columns].to_numpy(dtype=bool),
        data.codebook.frame_ids,
        {**systems, "majority": MajorityClassifier(), "always": AlwaysClassifier()},
        what="frames",
        rng=study.seed,
        codings=[(own[columns].eq(True).to_numpy(dtype=bool), known) for own, known in _per_coder(data, coded)],
    )


def _value(study: Study, data: StudyData, variable: Variable) -> Result:
    """Validate a variable with one value per unit, on the units whose gold has one."""
    coded = data.coded[data.coded[variable.column].notna()].reset_index(drop=True)
    values = tuple(float(v) if isinstance(v, int) else v for v in variable.values)
    systems: dict[str, Classifier] = {
        name: ValueClassifier(values, encoder) for name, encoder in _encoders(study).items()
    }
    return validate(
        coded,
        coded[variable.column].to_numpy(),
        values,
        {**systems, "majority": MajorityClassifier()},
        what=variable.label,
        rng=study.seed,
        codings=[(one_hot(own[variable.column], values), known) for own, known in _per_coder(data, coded)],
        names=tuple(map(str, variable.values)),
    )


def _per_coder(data: StudyData, coded: pd.DataFrame) -> list[tuple[pd.DataFrame, Bools]]:
    """Return each coder's codings of the coded units, in their order, and which of the units the coder coded."""
    if data.codings is None:
        return []
    tables = []
    for _, own in data.codings.groupby("coder", sort=True):
        aligned = coded[KEY].merge(own, on=KEY, how="left", validate="one_to_one")
        tables.append((aligned, aligned["coder"].notna().to_numpy(dtype=bool)))
    return tables
