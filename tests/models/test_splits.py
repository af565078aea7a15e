from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.errors import InputError
from framing.models.splits import folds, held_out_split

SCHEMES = {"outlet": "outlet", "article": "doc_id", "duplicate": "duplicate"}


def random_units(seed: int) -> pd.DataFrame:
    """Four outlets with several articles; some units are near-duplicates across outlets."""
    rng = np.random.default_rng(seed)
    articles = rng.integers(0, 12, 60)
    table = pd.DataFrame({"doc_id": [f"a{a}" for a in articles], "outlet": [f"o{a % 4}" for a in articles]})
    return table.assign(duplicate=rng.integers(0, 45, 60))


@given(st.integers(0, 2**32 - 1), st.sampled_from(sorted(SCHEMES)))
def test_every_unit_is_tested_once_and_no_relative_is_in_training(seed: int, scheme: str) -> None:
    coded = random_units(seed)
    splits = folds(coded, scheme)
    assert sorted(np.concatenate([test for _, test in splits])) == list(range(60))
    for train, test in splits:
        for column in {SCHEMES[scheme], "duplicate"}:
            assert not set(coded[column].iloc[train]) & set(coded[column].iloc[test])


def test_copies_of_one_text_leave_nothing_to_learn_from() -> None:
    coded = pd.DataFrame({"outlet": ["east", "west"], "doc_id": ["a", "b"], "duplicate": [0, 0]})
    with pytest.raises(InputError, match="leaves nothing to learn from: all other units are near-duplicates"):
        folds(coded, "outlet")


def test_leaving_outlets_out_has_a_fold_per_outlet() -> None:
    assert len(folds(random_units(1), "outlet")) == 4


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"outlet": ["east", "east"]}, "come from one outlet, and leaving one out needs two"),
        ({"outlet": ["east", ""]}, "the outlet of a coded article is unknown"),
    ],
)
def test_two_known_outlets_are_needed(table: dict[str, list[str]], message: str) -> None:
    coded = pd.DataFrame({**table, "doc_id": ["a", "b"], "duplicate": [0, 1]})
    with pytest.raises(InputError, match=message):
        folds(coded, "outlet")


def test_held_out_groups_are_whole() -> None:
    groups = np.repeat(["a", "b", "c", "d"], 5)
    learned, held_out = held_out_split(20, groups, 0.25, seed=3)
    assert not set(groups[learned]) & set(groups[held_out])
    assert len(held_out) == 5
    assert sorted([*learned, *held_out]) == list(range(20))
    assert len(held_out_split(20, None, 0.25, seed=3)[1]) == 5
    assert len(held_out_split(20, np.repeat("a", 20), 0.25, seed=3)[1]) == 0, "one group cannot be split"
    assert len(held_out_split(20, None, 0.0, seed=3)[1]) == 0
