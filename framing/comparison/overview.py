"""Everything that gold says about how outlets differ, under the names of the tables that hold it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

import pandas as pd

from framing.comparison.contrasts import Scale, by_family, contrasts
from framing.comparison.cooccurrence import cooccurrence
from framing.comparison.crosstables import cross_table
from framing.comparison.estimates import Weight, means, shares
from framing.comparison.profiles import profile_distance
from framing.results import Result

TONE, VOICE, TARGET = "tone", "voice", "tone_"


@dataclass(frozen=True)
class Variables:
    """What was coded of each unit.

    Attributes
    ----------
    frames
        Bool column of each frame by its id.
    scales
        Values of each column of numbers, in order: ``tone``, ``tone_<party>``.
    voices
        Values of the column ``voice``; empty where voice was not coded.
    """

    frames: dict[str, str]
    scales: dict[str, tuple[float, ...]] = field(default_factory=dict)
    voices: tuple[str, ...] = ()

    def bounds(self) -> dict[str, Scale]:
        """Return the ends of each scale."""
        return {name: (float(min(values)), float(max(values))) for name, values in self.scales.items()}

    def default_families(self) -> dict[str, tuple[str, ...]]:
        """Return the families of tests where none are declared: frames are one, tones another."""
        return {"frames": tuple(self.frames), "tone": tuple(self.scales)}


@dataclass(frozen=True)
class Settings:
    """How outlets are compared; each as in `framing.comparison.contrasts`.

    Attributes
    ----------
    seed, permutations, weight, equivalence, groups
        Of every estimate and test.
    families
        Variables of each family of tests; None for `Variables.default_families`.
    """

    seed: int
    permutations: int = 9999
    weight: Weight = "units"
    equivalence: float | None = None
    groups: str | None = None
    families: Mapping[str, tuple[str, ...]] | None = None


def compare(units: pd.DataFrame, variables: Variables, settings: Settings) -> dict[str, Result]:
    """Compare outlets by gold in every way the package knows.

    Parameters
    ----------
    units
        As in `framing.comparison.shares`, with every column that ``variables`` names.

    Returns
    -------
    dict
        ``prevalence``; ``tone`` and ``target_tone`` (means); ``contrasts_<family>``, and ``contrasts_exploration`` for
        what is in no family, voices among it; ``frame_by_tone``, ``frame_by_voice``; ``profile_distance``,
        ``cooccurrence_unit`` and ``cooccurrence_article`` from two frames on. What was not coded is not there.
    """
    weight, groups = settings.weight, settings.groups
    frames, bounds = variables.frames, variables.bounds()
    found = {"prevalence": shares(units, frames, weight=weight, groups=groups)}
    targets = {name: name for name in variables.scales if name != TONE}
    if TONE in variables.scales:
        found["tone"] = means(units, {TONE: TONE}, bounds[TONE], weight=weight, groups=groups)
    if targets:
        ends = min(bounds[name][0] for name in targets), max(bounds[name][1] for name in targets)
        found["target_tone"] = means(units, targets, ends, weight=weight, groups=groups)
    tested, spoken = _with_voices(units, variables)
    test = partial(
        contrasts,
        tested,
        rng=settings.seed,
        bounds=bounds,
        equivalence=settings.equivalence,
        permutations=settings.permutations,
        weight=weight,
        groups=groups,
    )
    families = variables.default_families() if settings.families is None else settings.families
    columns = {**frames, **{name: name for name in variables.scales}, **spoken}
    found |= {f"contrasts_{name}": result for name, result in by_family(test, families, columns).items()}
    if TONE in variables.scales:
        found["frame_by_tone"] = cross_table(units, frames, TONE, variables.scales[TONE], weight=weight, groups=groups)
    if variables.voices:
        found["frame_by_voice"] = cross_table(units, frames, VOICE, variables.voices, weight=weight, groups=groups)
    if len(frames) > 1:
        distance = partial(profile_distance, rng=settings.seed, permutations=settings.permutations)
        found["profile_distance"] = distance(units, frames, weight=weight, groups=groups)
        together = partial(cooccurrence, units, frames, rng=settings.seed, groups=groups)
        found["cooccurrence_unit"] = together(within="unit")
        found["cooccurrence_article"] = together(within="article")
    return found


def _with_voices(units: pd.DataFrame, variables: Variables) -> tuple[pd.DataFrame, dict[str, str]]:
    """Add a column of numbers for each voice, nan where none was coded, and name them."""
    spoken = {f"{VOICE}_{value}": f"{VOICE}_{value}" for value in variables.voices}
    if not spoken:
        return units, {}
    known = units[VOICE].notna()
    return units.assign(
        **{f"{VOICE}_{v}": units[VOICE].eq(v).astype(float).where(known) for v in variables.voices}
    ), spoken
