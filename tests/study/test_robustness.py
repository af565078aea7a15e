from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.comparison import shares
from framing.study import Study, StudyData
from framing.study.comparison import map_outlets
from framing.study.robustness import robustness


@pytest.fixture(scope="module")
def table(study: Study, data: StudyData) -> pd.DataFrame:
    frame = f"has_{data.codebook.frame_ids[0]}"
    said = data.coded.assign(**{frame: ~data.coded[frame]})
    return robustness(study, data, said).table


def test_gold_is_the_studys_own_and_naive_what_the_machine_said(table: pd.DataFrame, data: StudyData) -> None:
    first = data.codebook.frame_ids[0]
    wide = table.pivot(index=["outlet", "variable"], columns="estimate", values="share")
    own = shares(data.coded, {first: f"has_{first}"}).table.set_index("outlet")["share"]
    gold = wide["gold"].xs(first, level="variable")
    assert gold.tolist() == pytest.approx(own[gold.index].tolist())
    assert wide["naive"].xs(first, level="variable").tolist() == pytest.approx((1 - gold).tolist())
    others = wide.drop(index=first, level="variable")
    assert others["naive"].tolist() == pytest.approx(others["gold"].tolist())


def test_of_near_duplicates_the_first_alone_is_counted(table: pd.DataFrame, data: StudyData) -> None:
    first = data.codebook.frame_ids[0]
    kept = data.coded.drop_duplicates("duplicate")
    n = table[(table["estimate"] == "without_copies") & (table["variable"] == first)].set_index("outlet")["n_units"]
    assert n.to_dict() == kept.groupby("outlet").size().to_dict()
    assert n.sum() < len(data.coded)


def test_with_one_article_per_outlet_weights_make_no_difference(table: pd.DataFrame) -> None:
    wide = table.pivot(index=["outlet", "variable"], columns="estimate", values="share")
    assert np.allclose(wide["by_articles"], wide["gold"])


def test_the_map_needs_three_outlets_and_three_frames(data: StudyData) -> None:
    table = map_outlets(data)["outlet_map"].table
    assert set(table["kind"]) == {"outlet", "frame"}
    assert set(table.loc[table["kind"] == "frame", "name"]) == set(data.codebook.frame_ids)
