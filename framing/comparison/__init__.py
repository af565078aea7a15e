"""How outlets differ: estimates with intervals, contrasts, distances, what goes together, and what to code next."""

from __future__ import annotations

from framing.comparison.bootstrap import bootstrap_differences
from framing.comparison.contrasts import by_family, contrasts
from framing.comparison.cooccurrence import cooccurrence
from framing.comparison.correction import Design, corrected, corrected_differences
from framing.comparison.crosstables import cross_table
from framing.comparison.drawing import draw_sample
from framing.comparison.estimates import means, shares
from framing.comparison.planning import observed_rates, plan
from framing.comparison.precision import Rates
from framing.comparison.profiles import profile_distance
from framing.comparison.regressions import regressions

__all__ = [
    "Design",
    "Rates",
    "bootstrap_differences",
    "by_family",
    "contrasts",
    "cooccurrence",
    "corrected",
    "corrected_differences",
    "cross_table",
    "draw_sample",
    "means",
    "observed_rates",
    "plan",
    "profile_distance",
    "regressions",
    "shares",
]
