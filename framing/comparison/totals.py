"""From a table of units, coded or not, to the totals of clusters that corrected estimates are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.comparison.estimates import Weight
from framing.comparison.powered import Array, Population, Totals
from framing.errors import InputError

Drawn = Literal["articles", "units"]
"""articles: articles were drawn, and coded whole or in part; units: single units, from all articles of an outlet."""


@dataclass(frozen=True, eq=False)
class Labelled:
    """Units with a machine's value, checked.

    Attributes
    ----------
    doc, outlet, cluster : shape (units,)
        Names.
    y, f : shape (units,)
        Gold, 0 where a unit is not coded; the machine's value.
    coded : shape (units,), bool
    probability : shape (units,)
        With which a coded unit was drawn; 1 where that is unknown.
    """

    doc: NDArray[np.object_]
    outlet: NDArray[np.object_]
    cluster: NDArray[np.object_]
    y: Array
    f: Array
    coded: NDArray[np.bool_]
    probability: Array

    def yes_or_no(self, column: str) -> None:
        """Complain of gold that is neither 0 nor 1."""
        odd = self.coded & ~np.isin(self.y, (0.0, 1.0))
        if odd.any():
            raise InputError(
                f"gold value {self.y[odd][0]:g} of article '{self.doc[odd][0]}' is neither yes nor no",
                column=column,
                cure="Give the ends of its scale if the column holds numbers.",
            )

    @property
    def whole(self) -> bool:
        """Whether articles are coded whole: no coded article has a unit that is not coded."""
        return not set(self.doc[self.coded]) & set(self.doc[~self.coded])


@dataclass(frozen=True, eq=False)
class Grouped:
    """Totals of one variable with the names of their axes.

    Attributes
    ----------
    outlets : the first axis, sorted
    totals : each of shape (outlets, clusters)
    names : for each outlet, the names of its clusters in order
    counts : for each outlet, ``n_units, n_articles, n_coded_units, n_coded_articles``
    """

    outlets: tuple[str, ...]
    totals: Totals
    names: tuple[NDArray[np.object_], ...]
    counts: tuple[dict[str, int], ...]

    def links(self, first: int, second: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the places of clusters that two outlets have in common."""
        _, one, two = np.intersect1d(self.names[first], self.names[second], return_indices=True)
        return one, two


def check(
    units: pd.DataFrame, gold: str, predicted: str, sampled: str, probability: str | None, cluster: str
) -> Labelled:
    """Read the columns of one variable; units without a machine's value are left out.

    Raises
    ------
    InputError
        Naming the column and what to do.
    """
    wanted = {"doc_id", "outlet", gold, predicted, sampled, cluster} | ({probability} if probability else set())
    for column in sorted(wanted - set(units.columns)):
        raise InputError(f"no column '{column}'", column=column, cure="Add it to the table of units.")
    nameless = units["outlet"].isna() | units["outlet"].eq("")
    if nameless.any():
        raise InputError(
            f"the outlet of article '{units.loc[nameless, 'doc_id'].iloc[0]}' is unknown",
            column="outlet",
            cure="Fill it in the sources table, or leave the article out of the comparison.",
        )
    if units[sampled].isna().any() or not units[sampled].isin([True, False]).all():
        raise InputError("not everywhere true or false", column=sampled, cure="Say for each unit whether it was drawn.")
    own = units[units[predicted].notna()]
    if own.empty:
        raise InputError("no unit has a machine's value", column=predicted, cure="Predict the units first.")
    drawn = own[sampled].to_numpy(dtype=bool)
    y = own[gold].to_numpy(dtype=float, na_value=np.nan)
    coded = drawn & np.isfinite(y)
    chance = np.ones(len(own))
    if probability is not None:
        chance = own[probability].to_numpy(dtype=float, na_value=np.nan)
        wrong = coded & ~((chance > 0) & (chance <= 1))
        if wrong.any():
            raise InputError(
                f"a coded unit of article '{own['doc_id'].to_numpy()[wrong][0]}' was drawn with no known probability",
                column=probability,
                cure="Give the probability, above 0 and not above 1, or say that gold was not drawn by design.",
            )
    return Labelled(
        doc=own["doc_id"].to_numpy(dtype=object),
        outlet=own["outlet"].to_numpy(dtype=object),
        cluster=own[cluster].to_numpy(dtype=object),
        y=np.where(coded, y, 0.0),
        f=own[predicted].to_numpy(dtype=float),
        coded=coded,
        probability=np.where(coded, chance, 1.0),
    )


def group(own: Labelled, weight: Weight, population: Population, drawn: Drawn = "articles") -> Grouped:
    """Sum up by cluster.

    In a finite population the clusters are what was drawn, since only the draw is random; in a super-population they
    are what hangs together. Where units were drawn within drawn articles, the articles count as drawn with replacement,
    which overstates the variance of a finite population a little and never understates it (Särndal, Swensson & Wretman
    1992).
    """
    outlets, row = np.unique(own.outlet.astype(str), return_inverse=True)
    single = population == "finite" and drawn == "units"
    labels = np.arange(len(own.f)) if single else pd.factorize(own.cluster, sort=True)[0]
    names, places = [], np.zeros(len(own.f), dtype=np.intp)
    for number in range(len(outlets)):
        found, places[row == number] = np.unique(labels[row == number], return_inverse=True)
        names.append(found.astype(object))
    width = max(len(found) for found in names)

    def total(values: Array) -> Array:
        sums = np.bincount(row * width + places, values, minlength=len(outlets) * width)
        return np.asarray(sums, dtype=np.float64).reshape(len(outlets), width)

    w = np.ones(len(own.f))
    if weight == "articles":
        article = pd.factorize(own.doc)[0]
        w = 1 / np.bincount(article)[article]
    dw = np.where(own.coded, w / own.probability, 0.0)
    units = total(own.coded.astype(float))
    spared = np.ones(len(own.f)) if not single and not own.whole else 1 - own.probability
    left = total(np.where(own.coded, spared, 0.0))
    totals = Totals(
        m=total(w),
        f=total(w * own.f),
        gm=total(dw),
        gy=total(dw * own.y),
        gf=total(dw * own.f),
        gff=total(dw * own.f**2),
        gfy=total(dw * own.f * own.y),
        square=total(dw**2),
        units=units,
        left=np.divide(left, units, out=np.ones_like(left), where=units > 0),
    )
    counts = tuple(_counts(own, row == number) for number in range(len(outlets)))
    return Grouped(tuple(outlets), totals, tuple(names), counts)


def _counts(own: Labelled, mine: NDArray[np.bool_]) -> dict[str, int]:
    coded = mine & own.coded
    return {
        "n_units": int(mine.sum()),
        "n_articles": len(set(own.doc[mine])),
        "n_coded_units": int(coded.sum()),
        "n_coded_articles": len(set(own.doc[coded])),
    }
