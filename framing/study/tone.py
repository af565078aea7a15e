"""Everything that is asked of the scorers of tone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.coding.codebook import Variable
from framing.models.diagnosis import by_outlet, calibration, value_errors
from framing.models.scores import one_hot
from framing.models.sentiment import (
    LearnedSentiment,
    agreement_between,
    name_bias,
    neutral_sentences,
    script_of,
    table_on,
)
from framing.models.validation import Predictions, fit_on
from framing.results import Result
from framing.study.backends import tone_model, tone_models
from framing.study.config import Study
from framing.study.data import StudyData, constructed
from framing.study.validation import known_units, validate_value

GOLD = "gold"
"""Stands beside the scorers where they are held against gold."""


@dataclass(frozen=True)
class ToneValidation:
    """What the scorers of tone are worth; each part is computed once, when it is first asked for."""

    study: Study
    data: StudyData
    variable: Variable

    @property
    def result(self) -> Result:
        """Scores of all systems, leave-one-outlet-out."""
        return self._validated[0]

    @cached_property
    def gold(self) -> Result:
        """Ordinal alpha and rank correlation of each scorer with gold, as `agreement_between` gives them."""
        pairs = [
            agreement_between({GOLD: self._gold_table, name: table}, self._articles, rng=self.study.seed)
            for name, table in self._tables.items()
        ]
        return Result(
            table=pd.concat([pair.table for pair in pairs], ignore_index=True),
            estimand="How far each scorer orders and decides units as gold does, on outlets that it has not seen.",
            method=pairs[0].method,
            n_articles=pairs[0].n_articles,
            n_units=pairs[0].n_units,
            seed=pairs[0].seed,
            caveats=pairs[0].caveats,
        )

    @cached_property
    def scorers(self) -> Result | None:
        """How far the scorers agree with each other; None where there is only one."""
        tables = {name: table for name, table in self._tables.items() if name in self._models}
        return agreement_between(tables, self._articles, rng=self.study.seed) if len(tables) > 1 else None

    @cached_property
    def calibration(self) -> Result:
        """Probabilities of the study's scorer against what came true."""
        return calibration(self._coded, self._hot, self._probability, self._shown, rng=self.study.seed)

    @cached_property
    def outlets(self) -> Result:
        """Right and wrong decisions of the study's scorer per outlet."""
        return by_outlet(
            self._coded, self._hot, one_hot(self._main.decided, self._values), self._shown, rng=self.study.seed
        )

    @cached_property
    def errors(self) -> pd.DataFrame:
        """Every wrong decision of the study's scorer, with its text."""
        return value_errors(self._coded, self._gold, self._main.decided, self._probability, self._values)

    @cached_property
    def name_bias(self) -> Result | None:
        """How far a party's name moves the score of a neutral sentence; None where fewer than two names are listed.

        One name in each script of each party; by the study's scorer, and by the same where it knows no party's names,
        as it meets the names that a study does not list.
        """
        names = _one_per_script(self.study.parties)
        if len(names) < 2:
            return None
        studies = {"known": self.study, "unknown": replace(self.study, parties={})}
        found = {
            parties: name_bias(self._fitted(study), neutral_sentences(), names) for parties, study in studies.items()
        }
        first = found["known"]
        return Result(
            table=pd.concat([bias.table.assign(parties=p) for p, bias in found.items()], ignore_index=True),
            estimand=first.estimand,
            method=f"With the names listed as parties: {first.method} Unknown to the scorer: {found['unknown'].method}",
            n_articles=first.n_articles,
            n_units=first.n_units,
            caveats=first.caveats,
        )

    def diagnosis(self) -> dict[str, Result]:
        """Return everything but the scores of all systems, by name."""
        found = {"gold": self.gold, "scorers": self.scorers, "calibration": self.calibration}
        found |= {"outlets": self.outlets, "name_bias": self.name_bias}
        return {name: result for name, result in found.items() if result is not None}

    def _fitted(self, study: Study) -> LearnedSentiment:
        """Return the scorer of a study, fitted on all gold."""
        extra = constructed(self.data.codebook, self.data.exemplars, [self.variable.column])
        model = tone_model(study, self.data.codebook)
        return LearnedSentiment.of(fit_on(model, self._coded, self._coded["outlet"], self._gold, extra))

    @cached_property
    def _validated(self) -> tuple[Result, dict[str, Predictions]]:
        return validate_value(self.study, self.data, self.variable)

    @cached_property
    def _coded(self) -> pd.DataFrame:
        return known_units(self.data, self.variable)

    @cached_property
    def _tables(self) -> dict[str, pd.DataFrame]:
        """What each system that gives probabilities gave, as a scorer's table."""
        return {
            name: table_on(self._values, said.probability)
            for name, said in self._validated[1].items()
            if said.probability is not None
        }

    @property
    def _models(self) -> tuple[str, ...]:
        return tuple(tone_models(self.study, self.data.codebook))

    @property
    def _main(self) -> Predictions:
        return next(iter(self._validated[1].values()))

    @property
    def _probability(self) -> NDArray[np.float64]:
        found = self._main.probability
        assert found is not None, "scorers give probabilities"
        return found

    @property
    def _articles(self) -> list[object]:
        return list(self._coded["cluster"])

    @property
    def _values(self) -> tuple[float, ...]:
        return tuple(float(value) for value in self.data.codebook.tone)

    @property
    def _shown(self) -> tuple[str, ...]:
        return tuple(map(str, self.variable.values))

    @property
    def _gold(self) -> NDArray[np.float64]:
        return self._coded[self.variable.column].to_numpy(dtype=float)

    @property
    def _hot(self) -> NDArray[np.bool_]:
        return one_hot(self._gold, self._values)

    @property
    def _gold_table(self) -> pd.DataFrame:
        return table_on(self._values, self._hot.astype(float))


def _one_per_script(parties: dict[str, tuple[str, ...]]) -> list[str]:
    """Return of each party the first name in each script."""
    return [name for own in parties.values() for name in {script_of(name): name for name in reversed(own)}.values()]
