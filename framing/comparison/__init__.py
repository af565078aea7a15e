"""How outlets differ: prevalence and means with intervals, and contrasts between outlets."""

from __future__ import annotations

from framing.comparison.bootstrap import bootstrap_differences
from framing.comparison.contrasts import contrasts
from framing.comparison.correction import Design, corrected, corrected_differences
from framing.comparison.estimates import means, shares

__all__ = ["Design", "bootstrap_differences", "contrasts", "corrected", "corrected_differences", "means", "shares"]
