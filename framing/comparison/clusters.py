"""Which units hang together: articles where outlets have several, paragraphs where one has a single article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.errors import InputError

ClusterLevel = Literal["article", "paragraph"]
"""article: what can be said holds for outlets; paragraph: it describes the articles at hand and no more."""


@dataclass(frozen=True, eq=False)
class Clusters:
    """Cluster of each unit, and what that allows one to say.

    Attributes
    ----------
    codes : shape (units,)
    n : number of clusters
    outlet : shape (clusters,)
        Name of the outlet that each cluster belongs to.
    level
        What a cluster is.
    """

    codes: NDArray[np.intp]
    n: int
    outlet: NDArray[np.object_]
    level: ClusterLevel

    @property
    def scope(self) -> str:
        """What a result describes: a word for its table."""
        return "outlets" if self.level == "article" else "these articles only"

    def totals(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum over each cluster: shape (units, ...) to (clusters, ...)."""
        result = np.zeros((self.n, *values.shape[1:]))
        np.add.at(result, self.codes, values)
        return result


def find_clusters(units: pd.DataFrame) -> Clusters:
    """Choose the clusters of an outlet, or of the outlets that are compared.

    Articles, or paragraphs where one of these outlets has a single article. Call it with the units of those outlets
    alone, so that one outlet's single article does not decide for the others.

    Parameters
    ----------
    units
        With ``doc_id``, ``outlet`` and ``paragraph``.

    Raises
    ------
    InputError
        Where there is no unit, or an outlet is unknown.
    """
    if units.empty:
        raise InputError("there is no unit to compare", cure="Code some units first.")
    if units["outlet"].isna().any() or units["outlet"].eq("").any():
        unknown = units.loc[units["outlet"].fillna("").eq(""), "doc_id"].iloc[0]
        raise InputError(
            f"the outlet of article '{unknown}' is unknown",
            column="outlet",
            cure="Fill it in the sources table, or leave the article out of the comparison.",
        )
    single = units.groupby("outlet")["doc_id"].nunique().min() < 2
    key = ["outlet", "doc_id", "paragraph"] if single else ["outlet", "doc_id"]
    codes = units.groupby(key, sort=True).ngroup().to_numpy().astype(np.intp)
    n = int(codes.max()) + 1
    outlet = np.empty(n, dtype=object)
    outlet[codes] = units["outlet"].to_numpy(dtype=object)
    return Clusters(codes, n, outlet, "paragraph" if single else "article")


def single_article_caveats(units: pd.DataFrame) -> tuple[str, ...]:
    """Return what must be said beside a comparison in which outlets have a single article, or nothing."""
    articles = units.groupby("outlet", sort=True)["doc_id"].nunique()
    single = [str(outlet) for outlet in articles.index[articles < 2]]
    if not single:
        return ()
    who = "Every outlet is" if len(single) == len(articles) else f"{', '.join(single)}: each is"
    return (
        f"{who} represented by a single article, so that outlet and article cannot be told apart. Intervals and tests "
        "then treat paragraphs as blocks and describe these articles; they are not evidence about the outlets.",
    )
