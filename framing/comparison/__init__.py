"""How outlets differ: prevalence and means with intervals, and contrasts between outlets."""

from __future__ import annotations

from framing.comparison.contrasts import by_family, contrasts
from framing.comparison.estimates import means, shares

__all__ = ["by_family", "contrasts", "means", "shares"]
