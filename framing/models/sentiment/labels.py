"""Which of a model's labels is which polarity: read from their names, or said by the user."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.errors import InputError
from framing.models.sentiment.protocol import table_of

GRADES = ("very negative", "negative", "neutral", "positive", "very positive")
"""What a label can stand for, rising."""

NAMES: dict[str, tuple[str, ...]] = {
    "negative": ("negative", "neg", "سلبي", "سلبيه", "سالب", "سالبه"),
    "neutral": ("neutral", "neu", "neut", "محايد", "محايده", "حيادي", "حياديه"),
    "positive": ("positive", "pos", "ايجابي", "ايجابيه", "موجب", "موجبه"),
}
"""Names of labels whose polarity is clear, in folded spelling."""

_STRONG = re.compile(r"^(?:very|strongly|extremely|highly) | جدا$")
_STARS = re.compile(r"^([1-5]) ?stars?$")
_SIGNS = {"-1": "negative", "0": "neutral", "1": "positive"}


def grade_of(name: str) -> str | None:
    """Return which of `GRADES` a label's name stands for; None where that is not clear.

    Case, spaces and the spelling of Arabic do not count; stars are grades from the first to the fifth.

    Examples
    --------
    >>> grade_of("POS"), grade_of("Very_Negative"), grade_of("محايدة"), grade_of("4 stars"), grade_of("LABEL_0")
    ('positive', 'very negative', 'neutral', 'positive', None)
    """
    folded = re.sub(r"[\s_-]+", " ", name).strip().casefold()
    if not folded.isascii():
        from framing.corpus.normalisation import normalise

        folded = normalise(folded)
    if stars := _STARS.match(folded):
        return GRADES[int(stars[1]) - 1]
    plain = _STRONG.sub("", folded)
    for grade, names in NAMES.items():
        if plain in names:
            return grade if plain == folded or grade == "neutral" else f"very {grade}"
    return None


def grades_of(names: Sequence[str], given: Mapping[str, str] | None = None, model: str = "") -> tuple[str, ...]:
    """Return which of `GRADES` each of a model's labels stands for.

    Parameters
    ----------
    names
        The model's labels, in the order of its outputs.
    given
        What the user says of labels, which goes before what their names say. Several labels may stand for the same.
    model
        Its name, for errors.

    Raises
    ------
    InputError
        Where a label's polarity is neither clear nor given, a label that is given is not there or stands for what
        is no polarity, or none is negative or none positive.
    """
    given = given or {}
    listing = ", ".join(map(repr, names))
    if len(names) == 1:
        raise InputError(
            f"the model '{model}' gives one number ({listing}), not probabilities of polarities",
            cure="Give a model with labels for negative and positive.",
        )
    for name, meaning in given.items():
        if name not in names:
            raise InputError(f"the model '{model}' has no label '{name}'", cure=f"Its labels are {listing}.")
        if grade_of(meaning) is None:
            raise InputError(f"'{meaning}' is no polarity", cure=f"Use one of {', '.join(GRADES)}.")
    signs = _SIGNS if set(names) == set(_SIGNS) else {}
    found = [grade_of(given.get(name, signs.get(name, name))) for name in names]
    unclear = [name for name, grade in zip(names, found, strict=True) if grade is None]
    if unclear:
        raise InputError(
            f"what the labels {', '.join(map(repr, unclear))} of the model '{model}' stand for is not clear "
            f"(it has {listing})",
            cure=f'Say so, from the card of the model: labels={{"{unclear[0]}": "negative", ...}}; '
            f"a label may be {', '.join(GRADES)}.",
        )
    grades = tuple(grade for grade in found if grade is not None)
    for pole in ("negative", "positive"):
        if not any(grade.endswith(pole) for grade in grades):
            raise InputError(
                f"no label of the model '{model}' is {pole} (it has {listing})",
                cure="A scorer needs one for negative and one for positive; neutral may be absent.",
            )
    return grades


def graded_table(probabilities: NDArray[np.float64], grades: Sequence[str]) -> pd.DataFrame:
    """Return the table of `Sentiment.score` for probabilities of labels.

    Labels of one polarity are added up. The score is the expected value where grades lie evenly from -1 to 1: with
    very negative and very positive among them, plain ones count half. A model without a neutral label gives it 0.

    Parameters
    ----------
    probabilities : shape (texts, labels)
    grades : length labels
        Each one of `GRADES`.
    """
    pole = np.array([-1 if g.endswith("negative") else int(g.endswith("positive")) for g in grades])
    very = np.array([g.startswith("very") for g in grades])
    values = pole * np.where(very, 1.0, 0.5) if very.any() else pole.astype(float)
    table = table_of(np.column_stack([probabilities[:, pole == sign].sum(axis=1) for sign in (-1, 0, 1)]))
    return table.assign(score=probabilities @ values)
