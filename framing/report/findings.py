"""Everything that a report is made from, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from framing.coding import Codebook, Provenance
from framing.portrayal.tables import PREFIX, Portrayal
from framing.results import Result


@dataclass(frozen=True, eq=False)
class Findings:
    """The results of a study, room by room.

    Attributes
    ----------
    study
        Name, title, event and seed.
    articles, units, coded
        The corpus, all its units, and those with gold.
    codebook, provenance
        What was coded, and by whom (None: not stated).
    segmentation
        Of `framing.corpus.compare_splitters`; None where the study's units are the automatic ones.
    agreement, value_shares
        Of `framing.agreement` and its value shares; None with fewer than two coders.
    validation
        By variable: ``frames``, ``tone``, ``tone_<party>``, ``voice``.
    diagnosis
        Of the frame classifier: ``schemes``, ``calibration``, ``outlets``, and ``learning`` where it learns.
    errors
        Of the frame classifier, unit by unit.
    prevalence, tone
        Per outlet.
    contrasts
        By family: ``frames``, ``tone``.
    portrayal
        What was read off the text; None where it was not read.
    """

    study: dict[str, object]
    articles: pd.DataFrame
    units: pd.DataFrame
    coded: pd.DataFrame
    codebook: Codebook
    provenance: Provenance | None
    segmentation: Result | None
    agreement: Result | None
    value_shares: pd.DataFrame | None
    validation: dict[str, Result]
    diagnosis: dict[str, Result]
    errors: pd.DataFrame
    prevalence: Result
    tone: Result | None
    contrasts: dict[str, Result] = field(default_factory=dict)
    portrayal: Portrayal | None = None

    def results(self) -> dict[str, Result]:
        """Return every result by the name of its table."""
        named = {
            "segmentation": self.segmentation,
            "agreement": self.agreement,
            **{f"validation_{name}": result for name, result in self.validation.items()},
            **{f"frames_{name}": result for name, result in self.diagnosis.items()},
            "prevalence": self.prevalence,
            "tone": self.tone,
            **{f"contrasts_{name}": result for name, result in self.contrasts.items()},
        }
        if self.portrayal is not None:
            named |= {PREFIX + name: result for name, result in self.portrayal.results.items()}
            named |= {f"{PREFIX}scores_{name}": result for name, result in self.portrayal.scores.items()}
        return {name: result for name, result in named.items() if result is not None}
