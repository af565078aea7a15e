"""Prevalence estimated in other ways: from the machine's labels, without near-duplicates, with other weights."""

from __future__ import annotations

import pandas as pd

from framing.coding.codebook import FRAME_PREFIX
from framing.comparison import shares
from framing.comparison.estimates import Weight
from framing.results import Result
from framing.study.config import Study
from framing.study.data import StudyData

OTHER: dict[Weight, Weight] = {"units": "articles", "articles": "units"}


def robustness(study: Study, data: StudyData, said: pd.DataFrame) -> Result:
    """Hold the prevalence of frames per outlet against what other choices would have given.

    Parameters
    ----------
    said
        The coded units with what the study's classifier said of their frames when their outlet was left out.

    Returns
    -------
    Result
        As `framing.comparison.shares`, with ``estimate``: ``gold`` (the study's own), ``naive`` (the machine's labels
        in the place of gold), ``without_copies`` (of units and articles that nearly repeat each other the first alone)
        and ``by_articles`` or ``by_units`` (the weights that the study does not use).
    """
    coded, columns = data.coded, {frame: FRAME_PREFIX + frame for frame in data.codebook.frame_ids}
    article = coded.drop_duplicates("doc_id").drop_duplicates("cluster")["doc_id"]
    first = coded[coded["doc_id"].isin(article)].drop_duplicates("duplicate")
    other = OTHER[study.weight]
    gold = shares(coded, columns, weight=study.weight, groups="cluster")
    made = {
        "gold": gold,
        "naive": shares(said, columns, weight=study.weight, groups="cluster"),
        "without_copies": shares(first, columns, weight=study.weight, groups="cluster"),
        f"by_{other}": shares(coded, columns, weight=other, groups="cluster"),
    }
    return Result(
        table=pd.concat([r.table.assign(estimate=name) for name, r in made.items()], ignore_index=True),
        estimand=gold.estimand,
        method=f"{gold.method} The same from the labels of a classifier that has not seen the outlet (naive: its "
        "interval knows nothing of its errors), from first copies alone, and with the other weights.",
        n_articles=gold.n_articles,
        n_units=gold.n_units,
        caveats=gold.caveats,
    )
