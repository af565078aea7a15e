"""Everything that a report is made from, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from framing.coding import Codebook, Provenance
from framing.portrayal.tables import PREFIX, Portrayal
from framing.results import Result

CONTRASTS = "contrasts_"
"""Prefix of the table of a family's contrasts."""


@dataclass(frozen=True, eq=False)
class Findings:
    """The results of a study, room by room.

    Attributes
    ----------
    study
        Name, title, event, seed, and weight (units or articles) of what is compared.
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
        Of the classifier of frames: ``frames_schemes``, ``frames_calibration``, ``frames_outlets``, and
        ``frames_learning`` where it learns. Of the scorers of tone: ``tone_gold``, ``tone_calibration``,
        ``tone_outlets``, and where there are several scorers or names ``tone_scorers`` and ``tone_name_bias``.
    errors
        Of the classifiers of ``frames`` and ``tone``, unit by unit.
    prevalence, tone
        Per outlet.
    contrasts
        By family of tests.
    comparison
        What else is known of outlets: ``target_tone``, ``frame_by_tone``, ``frame_by_voice``, ``profile_distance``,
        ``cooccurrence_unit``, ``cooccurrence_article``, ``robustness``, ``outlet_map``, those that there are.
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
    errors: dict[str, pd.DataFrame]
    prevalence: Result
    tone: Result | None
    contrasts: dict[str, Result] = field(default_factory=dict)
    comparison: dict[str, Result] = field(default_factory=dict)
    portrayal: Portrayal | None = None

    def results(self) -> dict[str, Result]:
        """Return every result by the name of its table."""
        named = {
            "segmentation": self.segmentation,
            "agreement": self.agreement,
            **{f"validation_{name}": result for name, result in self.validation.items()},
            **self.diagnosis,
            "prevalence": self.prevalence,
            "tone": self.tone,
            **{CONTRASTS + name: result for name, result in self.contrasts.items()},
            **self.comparison,
        }
        if self.portrayal is not None:
            named |= {PREFIX + name: result for name, result in self.portrayal.results.items()}
            named |= {f"{PREFIX}scores_{name}": result for name, result in self.portrayal.scores.items()}
        return {name: result for name, result in named.items() if result is not None}
