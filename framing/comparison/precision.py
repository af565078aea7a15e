"""Sample size and power with design effects: articles for an interval of a given width, or for a difference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from framing.errors import InputError

MOST = 10_000_000
"""Beyond so many articles a plan is no plan."""


@dataclass(frozen=True)
class Rates:
    """What a plan rests on.

    Attributes
    ----------
    prevalence
        Share of units with the frame, in (0, 1).
    icc
        Intraclass correlation: how much more alike units of one article are than units of two, in [0, 1).
    units_per_article
        Mean number of coded units, 1 or more.
    cv
        Coefficient of variation of that number.

    Raises
    ------
    InputError
        Where one of them is out of range.
    """

    prevalence: float
    icc: float
    units_per_article: float
    cv: float = 0.0

    def __post_init__(self) -> None:
        limits = (
            ("prevalence", 0 < self.prevalence < 1, "a share between 0 and 1, such as 0.2"),
            ("icc", 0 <= self.icc < 1, "a correlation from 0 to below 1, such as 0.1"),
            ("units_per_article", self.units_per_article >= 1, "a number from 1, such as 20"),
            ("cv", self.cv >= 0, "a number from 0, such as 0.5"),
        )
        for name, fine, cure in limits:
            if not fine:
                raise InputError(f"{name} is {getattr(self, name):g}", cure=f"Give {cure}.")

    @property
    def design_effect(self) -> float:
        """Factor by which clustering inflates the variance of a share of units.

        ``1 + ((1 + cv^2) m - 1) icc``: Kish (1965, "Survey Sampling"), Donner & Klar (2000, "Design and Analysis of
        Cluster Randomization Trials in Health Research"); for unequal clusters Eldridge, Ashby & Kerry (2006, "Sample
        size for cluster randomized trials", International Journal of Epidemiology 35).
        """
        return 1 + ((1 + self.cv**2) * self.units_per_article - 1) * self.icc

    def variance(self, articles: float, prevalence: float | None = None) -> float:
        """Return the variance of an outlet's share of units from so many articles."""
        p = self.prevalence if prevalence is None else prevalence
        return p * (1 - p) * self.design_effect / (articles * self.units_per_article)


def half_width(rates: Rates, articles: float, level: float = 0.95) -> float:
    """Return half the width of an outlet's interval: t at articles less 1 times the standard error."""
    from scipy.stats import t

    return float(t.ppf((1 + level) / 2, articles - 1) * np.sqrt(rates.variance(articles)))


def articles_for_interval(rates: Rates, wanted: float, level: float = 0.95) -> int:
    """Return how many articles per outlet give an interval of +- ``wanted``.

    Raises
    ------
    InputError
        Where ``wanted`` is no half-width of a share, or needs more than `MOST` articles.
    """
    if not 0 < wanted < 1:
        raise InputError(f"a half-width of {wanted:g}", cure="Give a part of 1, such as 0.05.")
    return _least(lambda n: half_width(rates, n, level) <= wanted)


def power(rates: Rates, difference: float, articles: float, alpha: float = 0.05) -> float:
    """Return the chance that a true difference from another outlet of as many articles is found.

    Two-sided t test of two shares at ``2 (articles - 1)`` degrees of freedom, noncentral by the difference over its
    standard error ``sqrt(sum p_g (1 - p_g) deff / (articles m))`` (Donner & Klar 2000). The other outlet's share
    lies on the side of .5, where the variance is greatest.

    Raises
    ------
    InputError
        Where the other outlet's share would not lie between 0 and 1.
    """
    from scipy.stats import nct, t

    other = _other(rates, difference)
    df = 2 * (articles - 1)
    shift = abs(difference) / np.sqrt(rates.variance(articles) + rates.variance(articles, other))
    critical = t.ppf(1 - alpha / 2, df)
    return float(min(nct.sf(critical, df, shift) + nct.cdf(-critical, df, shift), 1.0))


def articles_for_power(rates: Rates, difference: float, wanted: float = 0.8, alpha: float = 0.05) -> int:
    """Return how many articles per outlet find a difference with a given chance.

    Raises
    ------
    InputError
        Where ``wanted`` or ``difference`` is out of range, or more than `MOST` articles are needed.
    """
    if not alpha < wanted < 1:
        raise InputError(f"a power of {wanted:g}", cure=f"Give a chance above {alpha:g} and below 1, such as 0.8.")
    return _least(lambda n: power(rates, difference, n, alpha) >= wanted)


def _other(rates: Rates, difference: float) -> float:
    other = rates.prevalence + (abs(difference) if rates.prevalence < 0.5 else -abs(difference))
    if not 0 < other < 1 or difference == 0:
        raise InputError(
            f"a difference of {difference:g} from a prevalence of {rates.prevalence:g}",
            cure="Give one that leaves the other outlet's share between 0 and 1, and is not 0.",
        )
    return other


def _least(enough: Callable[[int], bool]) -> int:
    """Return the smallest number of articles from 2 that is enough, by doubling and halving."""
    low, high = 1, 2
    while not enough(high):
        low, high = high, 2 * high
        if high > MOST:
            raise InputError(
                "no number of articles within reach is enough", cure="Ask for less, or for less certainty."
            )
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
