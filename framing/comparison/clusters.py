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
        What a cluster is; near-duplicate articles of one outlet count as one article where they were joined.
    copies : shape (clusters,)
        Number of articles in each cluster: above 1 where near-duplicates were joined.
    """

    codes: NDArray[np.intp]
    n: int
    outlet: NDArray[np.object_]
    level: ClusterLevel
    copies: NDArray[np.float64]

    @property
    def scope(self) -> str:
        """What a result describes: a word for its table."""
        return "outlets" if self.level == "article" else "these articles only"

    def totals(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum over each cluster: shape (units, ...) to (clusters, ...)."""
        result = np.zeros((self.n, *values.shape[1:]))
        np.add.at(result, self.codes, values)
        return result

    def evidence(self, known: NDArray[np.bool_]) -> float:
        """Count units with a value as independent ones at most: those of near-duplicates once."""
        return float((self.totals(known.astype(float)) / self.copies).sum())


def find_clusters(units: pd.DataFrame, groups: str | None = None) -> Clusters:
    """Choose the clusters of an outlet, or of the outlets that are compared.

    Articles, or paragraphs where one of these outlets has a single article. Call it with the units of those outlets
    alone, so that one outlet's single article does not decide for the others.

    Parameters
    ----------
    units
        With ``doc_id`` and ``outlet``, and ``paragraph`` where an outlet has a single article.
    groups
        Column that numbers the near-duplicate groups of articles (`framing.corpus.near_duplicate_groups`): an
        outlet's articles of one group are then one cluster, for a reprint is no independent evidence. A group that
        two outlets share is a cluster in each of them; what they share makes them alike, so that treating the two
        as independent overstates the error of a difference and never understates it.

    Raises
    ------
    InputError
        Where there is no unit, an outlet is unknown, or a column is missing.
    """
    require_outlets(units, groups)
    article = groups or "doc_id"
    single = units.groupby("outlet")[article].nunique().min() < 2
    if single and "paragraph" not in units.columns:
        raise InputError(
            "no column 'paragraph', and an outlet has a single article",
            column="paragraph",
            cure="Number the paragraphs of each article, or leave out outlets with a single article.",
        )
    key = ["outlet", article, "paragraph"] if single else ["outlet", article]
    codes = units.groupby(key, sort=True).ngroup().to_numpy().astype(np.intp)
    n = int(codes.max()) + 1
    outlet = np.empty(n, dtype=object)
    outlet[codes] = units["outlet"].to_numpy(dtype=object)
    pairs = pd.DataFrame({"cluster": codes, "doc_id": units["doc_id"].to_numpy()}).drop_duplicates()
    copies = np.bincount(pairs["cluster"], minlength=n).astype(float)
    return Clusters(codes, n, outlet, "paragraph" if single else "article", copies)


def require_outlets(units: pd.DataFrame, groups: str | None = None) -> None:
    """Raise InputError where there is no unit, an outlet is unknown, or a column is missing."""
    for column in ("doc_id", "outlet", *([] if groups is None else [groups])):
        if column not in units.columns:
            raise InputError(
                f"no column '{column}' (there are: {', '.join(map(str, units.columns))})",
                column=column,
                cure="Comparing outlets needs doc_id and outlet of every unit.",
            )
    if units.empty:
        raise InputError("there is no unit to compare", cure="Code some units first.")
    if units["outlet"].isna().any() or units["outlet"].eq("").any():
        unknown = units.loc[units["outlet"].fillna("").eq(""), "doc_id"].iloc[0]
        raise InputError(
            f"the outlet of article '{unknown}' is unknown",
            column="outlet",
            cure="Fill it in the sources table, or leave the article out of the comparison.",
        )


def single_article_caveats(units: pd.DataFrame, groups: str | None = None) -> tuple[str, ...]:
    """Return what must be said beside a comparison in which outlets have a single article, or nothing."""
    articles = units.groupby("outlet", sort=True)[groups or "doc_id"].nunique()
    single = [str(outlet) for outlet in articles.index[articles < 2]]
    if not single:
        return ()
    who = "Every outlet is" if len(single) == len(articles) else f"{', '.join(single)}: each is"
    return (
        f"{who} represented by a single article, so that outlet and article cannot be told apart. Intervals and tests "
        "then treat paragraphs as blocks and describe these articles; they are not evidence about the outlets.",
    )
