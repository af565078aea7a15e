"""How far a mere name moves a score of sentiment."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from framing.errors import InputError
from framing.models.sentiment.protocol import Sentiment, decided, listed
from framing.results import Result

SLOT = "{}"
"""What a name takes the place of in a sentence."""


def name_bias(scorer: Sentiment, sentences: Sequence[str], names: Sequence[str], *, level: float = 0.95) -> Result:
    """Estimate how a score moves when nothing but the name in a sentence changes.

    Parameters
    ----------
    scorer
        Any scorer.
    sentences
        Each with one slot ``{}`` for a name, the same as far as sentiment goes whoever is named; `neutral_sentences`
        are such.
    names
        Two or more, in any script: a party's name in Arabic and in Latin letters are two.
    level
        Nominal level of the intervals.

    Returns
    -------
    Result
        Per name, the one that moves the score most first: ``name, script`` (arabic, latin or other), ``score`` (mean),
        ``shift, low, high`` (mean difference from the mean over all names in the same sentence, with its interval),
        ``largest, sentence`` (the difference of the largest size in one sentence, and that sentence), ``opinionated``
        (share of sentences found negative or positive), ``n_sentences``.

    Raises
    ------
    InputError
        Where a sentence has not exactly one slot, or there are fewer than two different names.
    """
    sentences, names = listed(sentences), listed(names)
    _check(sentences, names)
    table = scorer.score([sentence.replace(SLOT, name) for name in names for sentence in sentences])
    shape = (len(names), len(sentences))
    scores = table["score"].to_numpy(dtype=np.float64).reshape(shape)
    opinionated = (decided(table) != 0).reshape(shape).mean(axis=1)
    # Rounded, so that names which move nothing are not put in an order by rounding.
    shifts = np.round(scores - scores.mean(axis=0), 12) + 0.0
    rows = [
        {
            "name": name,
            "script": script_of(name),
            "score": float(scores[place].mean()),
            **_shift(shifts[place], sentences, level),
            "opinionated": float(opinionated[place]),
            "n_sentences": len(sentences),
        }
        for place, name in enumerate(names)
    ]
    found = pd.DataFrame(rows).sort_values("shift", key=abs, ascending=False, kind="stable", ignore_index=True)
    return Result(
        table=found,
        estimand="How much the score of the same sentence rises or falls by the name that stands in it.",
        method=(
            "Each name in each sentence, less the mean over names in that sentence; intervals at "
            f"{level:.0%} by Student's t over sentences. The means of two names differ by up to "
            f"{np.ptp(found['shift']):.3f}, scores in one sentence by up to {np.ptp(scores, axis=0).max():.3f}."
        ),
        n_articles=0,
        n_units=len(sentences),
        caveats=(
            "Sentences were written for this measurement; in news, names come with what is said of them.",
            "Shifts are from the mean of the names that were given, and change with them.",
        ),
    )


@cache
def neutral_sentences() -> tuple[str, ...]:
    """Return Arabic sentences of plain fact about companies with a slot ``{}`` for any name of one.

    They agree with names of either gender: the name depends on a noun, or governs nothing.
    """
    text = (files("framing.models.sentiment") / "neutral.txt").read_text(encoding="utf-8")
    return tuple(text.splitlines())


def _check(sentences: Sequence[str], names: Sequence[str]) -> None:
    if not sentences:
        raise InputError("no sentences to put names into", cure="Take neutral_sentences().")
    for sentence in sentences:
        if sentence.count(SLOT) != 1:
            raise InputError(
                f"'{sentence}' has {sentence.count(SLOT)} slots",
                cure=f"Write {SLOT} once in each sentence, where the name belongs.",
            )
    if len(set(names)) < max(2, len(names)):
        raise InputError(f"{len(names)} names, {len(set(names))} different", cure="Give two or more, each once.")


def _shift(own: NDArray[np.float64], sentences: Sequence[str], level: float) -> dict[str, object]:
    mean, n, most = float(own.mean()), len(own), int(np.abs(own).argmax())
    half = float(stats.t.ppf((1 + level) / 2, n - 1) * own.std(ddof=1) / np.sqrt(n)) if n > 1 else float("nan")
    return {
        "shift": mean,
        "low": mean - half,
        "high": mean + half,
        "largest": float(own[most]),
        "sentence": sentences[most],
    }


def script_of(name: str) -> str:
    """Return ``arabic``, ``latin`` or ``other``."""
    if any("\u0600" <= letter <= "\u06ff" for letter in name):
        return "arabic"
    return "latin" if any(letter.isascii() and letter.isalpha() for letter in name) else "other"
