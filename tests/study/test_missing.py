"""What becomes of answers that are missing, on their way through a study."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from framing.coding import majority_gold
from framing.study import Study, StudyData
from framing.study.coders import with_coders
from framing.study.validation import _per_coder


@pytest.fixture
def gaps(data: StudyData) -> StudyData:
    """Nobody answered for the frames of the first unit, and coder A not for those of the second."""
    assert data.codings is not None
    first, second = data.codings[["doc_id", "unit"]].drop_duplicates().head(2).to_numpy().tolist()
    at = [data.codings["doc_id"].eq(d) & data.codings["unit"].eq(u) for d, u in (first, second)]
    hidden = at[0] | (at[1] & data.codings["coder"].eq("A"))
    frames = ["has_" + frame for frame in data.codebook.frame_ids]
    codings = data.codings.assign(**{c: data.codings[c].astype("boolean").mask(hidden) for c in frames})
    return replace(data, codings=codings, gold=majority_gold(codings, data.codebook))


def test_a_unit_without_gold_for_its_frames_is_left_out(data: StudyData, gaps: StudyData) -> None:
    assert len(gaps.coded) == len(data.coded) - 1
    for frame in data.codebook.frame_ids:
        assert gaps.coded["has_" + frame].dtype == bool
    columns = ["has_" + frame for frame in data.codebook.frame_ids]
    pd.testing.assert_frame_equal(gaps.coded[columns], data.coded[columns].iloc[1:].reset_index(drop=True))


def test_a_coder_who_did_not_answer_is_not_held_against_others(data: StudyData, gaps: StudyData) -> None:
    columns = ["has_" + frame for frame in data.codebook.frame_ids]
    known = [list(coded) for _, coded in _per_coder(gaps, gaps.coded, columns)]
    everything = [True] * len(gaps.coded)
    assert known == [[False, *everything[1:]], everything, everything]


def test_tables_of_agreement_hold_nothing_of_one_coder_alone(study: Study, data: StudyData) -> None:
    assert data.codings is not None
    alone = replace(data, codings=data.codings[data.codings["coder"] == "A"])
    assert with_coders({}, study, alone) == {}
