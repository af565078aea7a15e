"""The models of a study, validated on units that they have not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.coding.codebook import FRAME_PREFIX, MENTION_PREFIX, Variable
from framing.models.diagnosis import by_outlet, calibration, errors, learning_curve
from framing.models.scores import one_hot
from framing.models.splits import Scheme, folds
from framing.models.validation import Predictions, validate
from framing.results import Result
from framing.schema import KEY
from framing.study.config import Study
from framing.study.data import StudyData
from framing.study.student import with_student
from framing.study.systems import Systems, baselines, frame_systems, value_systems
from framing.study.targets import MentionReader, as_read

Bools = NDArray[np.bool_]


def validate_study(study: Study, data: StudyData, names: tuple[str, ...] | None = None) -> dict[str, Result]:
    """Validate frames, tone, tone towards and mentions of each party, and voice, each leave-one-outlet-out.

    Parameters
    ----------
    names
        Which of ``frames, tone, mentions_<party>, tone_<party>, voice``; None for all of the codebook.

    Returns
    -------
    dict
        By name, the table of `framing.models.validation.validate`: for frames the study's backend first; for all
        ``embedding`` (the study's encoder, unless that is tfidf) and ``tfidf``; after the first of them the same
        without exemplars, where there are any (``embedding_gold``); for tone the study's scorer first, then
        ``learned``, ``lexicon``, ``tfidf`` and ``learned_gold``; for tone towards a party ``target``, which reads the
        clauses that speak of it, the ``lexicon`` on them, and the others on the unit as a whole; for mentions
        ``references`` and ``names`` alone; for voice ``rules``, first where the study says so; ``majority``, for frames
        ``always`` and, with several coders, ``coders``.
    """
    study = with_student(study, data)
    found: dict[str, Result] = {}
    if names is None or "frames" in names:
        found["frames"] = FrameValidation(study, data).result
    for variable in data.codebook.variables:
        if variable.kind in ("ordinal", "nominal") and (names is None or variable.id in names):
            found[variable.id] = validate_value(study, data, variable)[0]
        if variable.kind == "mention" and (names is None or variable.id in names):
            found[variable.id] = _mentioned(study, data, variable)
    return found


@dataclass(frozen=True)
class FrameValidation:
    """Everything that is asked of the frame classifier; each part is computed once, when it is first asked for."""

    study: Study
    data: StudyData

    @property
    def result(self) -> Result:
        """Scores of all systems, leave-one-outlet-out."""
        return self._outlets[0]

    @cached_property
    def schemes(self) -> Result:
        """Scores of the main system by scheme: outlets left out, articles kept whole, near-duplicates kept together."""
        tables = [self.result.table[self.result.table["system"] == self._main]]
        main = {self._main: self._systems[self._main]}
        schemes: tuple[Scheme, ...] = ("article", "duplicate")
        made = [
            self._validate(main, scheme, known=self._outlets[1] if self._same_folds(scheme) else None)
            for scheme in schemes
        ]
        return Result(
            table=pd.concat([*tables, *(result.table for result, _ in made)], ignore_index=True),
            estimand=self.result.estimand,
            method=" ".join(
                result.method.split(". ")[0] + "." for result in (self.result, *(result for result, _ in made))
            ),
            n_articles=self.result.n_articles,
            n_units=self.result.n_units,
            seed=self.result.seed,
            caveats=self.result.caveats,
        )

    @cached_property
    def calibration(self) -> Result:
        """Probabilities of the main system against what came true."""
        return calibration(self.data.coded, self._gold, self._probability, self._labels, rng=self.study.seed)

    @cached_property
    def outlets(self) -> Result:
        """Right and wrong decisions of the main system per outlet."""
        return by_outlet(self.data.coded, self._gold, self._decided, self._labels, rng=self.study.seed)

    @property
    def said(self) -> pd.DataFrame:
        """The coded units with what the main system said of their frames, outlet left out, in the place of gold."""
        return self.data.coded.assign(**dict(zip(self._columns, self._decided.T, strict=True)))

    @cached_property
    def errors(self) -> pd.DataFrame:
        """Every wrong decision of the main system, with its text."""
        return errors(self.data.coded, self._gold, self._decided, self._probability, self._labels)

    @cached_property
    def learning(self) -> Result | None:
        """How the main system grows with gold; None where it learns from none."""
        if self.study.backend == "llm":
            return None
        model, extra = self._systems[self._main]
        seed = self.study.seed
        return learning_curve(self.data.coded, self._gold, model, rng=seed, whole=self._decided, extra=extra)

    def diagnosis(self) -> dict[str, Result]:
        """Return everything but the scores of all systems, by name."""
        found = {"schemes": self.schemes, "calibration": self.calibration, "outlets": self.outlets}
        return found | ({} if self.learning is None else {"learning": self.learning})

    @cached_property
    def _outlets(self) -> tuple[Result, dict[str, Predictions]]:
        coders = _per_coder(self.data, self.data.coded, self._columns)
        codings = [(own[self._columns].eq(True).fillna(False).to_numpy(dtype=bool), coded) for own, coded in coders]
        return self._validate({**self._systems, **baselines(frames=True)}, "outlet", codings=codings)

    def _validate(
        self,
        systems: Systems,
        scheme: Scheme,
        *,
        codings: Sequence[tuple[Bools, Bools]] = (),
        known: dict[str, Predictions] | None = None,
    ) -> tuple[Result, dict[str, Predictions]]:
        return validate(
            self.data.coded,
            self._gold,
            self._labels,
            systems,
            what="frames",
            rng=self.study.seed,
            scheme=scheme,
            codings=codings,
            known=known,
        )

    def _same_folds(self, scheme: Scheme) -> bool:
        """Tell whether a scheme tests on the same units together as leaving outlets out: one article per outlet."""
        parts = [{tuple(test) for _, test in folds(self.data.coded, s)} for s in ("outlet", scheme)]
        return parts[0] == parts[1]

    @cached_property
    def _systems(self) -> Systems:
        return frame_systems(self.study, self.data)

    @property
    def _main(self) -> str:
        return next(iter(self._systems))

    @property
    def _labels(self) -> tuple[str, ...]:
        return self.data.codebook.frame_ids

    @property
    def _columns(self) -> list[str]:
        return [FRAME_PREFIX + frame for frame in self._labels]

    @property
    def _gold(self) -> Bools:
        return self.data.coded[self._columns].to_numpy(dtype=bool)

    @property
    def _decided(self) -> Bools:
        return np.asarray(self._outlets[1][self._main].decided, dtype=bool)

    @property
    def _probability(self) -> NDArray[np.float64]:
        found = self._outlets[1][self._main].probability
        assert found is not None, "frame classifiers give probabilities"
        return found


def known_units(data: StudyData, variable: Variable) -> pd.DataFrame:
    """Return the coded units whose gold has a value, numbered anew."""
    return data.coded[data.coded[variable.column].notna()].reset_index(drop=True)


def validate_value(study: Study, data: StudyData, variable: Variable) -> tuple[Result, dict[str, Predictions]]:
    """Validate a variable with one value per unit on its `known_units`; return scores, and what each system said."""
    coded = known_units(data, variable)
    systems, values = value_systems(study, data, variable)
    coded = as_read(study, variable, coded)
    return validate(
        coded,
        coded[variable.column].to_numpy(),
        values,
        {**systems, **baselines(frames=False)},
        what=variable.label,
        rng=study.seed,
        codings=[(one_hot(own[variable.column], values), known) for own, known in _per_coder(data, coded)],
        names=tuple(map(str, variable.values)),
    )


def _mentioned(study: Study, data: StudyData, variable: Variable) -> Result:
    """Validate mentions of a party on its `known_units`."""
    party = variable.id.removeprefix(MENTION_PREFIX)
    systems: Systems = {
        "references": (MentionReader(study.parties, party), None),
        "names": (MentionReader(study.parties, party, resolve=False), None),
    }
    coded, column = known_units(data, variable), [variable.column]
    coders = _per_coder(data, coded, column)
    result, _ = validate(
        coded,
        coded[column].to_numpy(dtype=bool),
        ("mention",),
        systems,
        what=variable.label,
        rng=study.seed,
        codings=[(own[column].eq(True).fillna(False).to_numpy(dtype=bool), known) for own, known in coders],
    )
    return result


def _per_coder(data: StudyData, coded: pd.DataFrame, columns: Sequence[str] = ()) -> list[tuple[pd.DataFrame, Bools]]:
    """Return each coder's codings of the coded units, in their order, and which the coder coded, in these columns."""
    if data.codings is None:
        return []
    tables = []
    for _, own in data.codings.groupby("coder", sort=True):
        aligned = coded[KEY].merge(own, on=KEY, how="left", validate="one_to_one")
        tables.append((aligned, aligned[["coder", *columns]].notna().all(axis=1).to_numpy(dtype=bool)))
    return tables
