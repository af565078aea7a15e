from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.comparison.correspondence import correspondence, outlet_map
from framing.errors import InputError

SMOKING = pd.DataFrame(
    [[4, 2, 3, 2], [4, 3, 7, 4], [25, 10, 12, 4], [18, 24, 33, 13], [10, 6, 7, 2]],
    index=["SM", "JM", "SE", "JE", "SC"],
    columns=["none", "light", "medium", "heavy"],
)
"""Greenacre's example of staff and smoking (1984, table 3.1), as in R's package ca; coordinates as `ca` and Python's
`prince` 0.23 give them."""


def places(table: pd.DataFrame) -> pd.DataFrame:
    return table.pivot(index="name", columns="dimension", values="coordinate")


def test_the_smoking_data_lie_where_the_packages_ca_and_prince_put_them() -> None:
    table = correspondence(SMOKING)
    assert table.drop_duplicates("dimension")["inertia"].tolist() == pytest.approx(
        [0.074759, 0.010017, 0.000414], abs=1e-6
    )
    found = places(table)
    assert found.loc[["SM", "JM", "SE", "JE", "SC"], 1].tolist() == pytest.approx(
        [0.0658, -0.2590, 0.3806, -0.2330, 0.2011], abs=1e-4
    )
    assert found.loc[["none", "light", "medium", "heavy"], 2].tolist() == pytest.approx(
        [0.0305, -0.1411, -0.0074, 0.1978], abs=1e-4
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.integers(1, 30), min_size=3, max_size=3), min_size=3, max_size=5))
def test_the_inertia_is_chi_square_over_n(rows: list[list[int]]) -> None:
    from scipy.stats import chi2_contingency

    counts = pd.DataFrame(rows, columns=list("abc"))
    table = correspondence(counts)
    expected = chi2_contingency(counts.to_numpy(), correction=False).statistic / counts.to_numpy().sum()
    assert table.drop_duplicates("dimension")["inertia"].sum() == pytest.approx(expected, abs=1e-9)


def test_a_row_without_counts_is_left_out_and_a_single_one_is_no_map() -> None:
    empty = pd.DataFrame([[0, 0, 0, 0]], index=["XX"], columns=SMOKING.columns)
    assert "XX" not in set(correspondence(pd.concat([SMOKING, empty]))["name"])
    with pytest.raises(InputError, match="two rows and two columns"):
        correspondence(SMOKING.iloc[:1])
    with pytest.raises(InputError, match="negative"):
        correspondence(SMOKING - 5)


def test_outlets_and_frames_are_counted_by_units(small_units: pd.DataFrame) -> None:
    result = outlet_map(small_units, {"cold": "has_cold", "warm": "has_warm"})
    n = result.table.drop_duplicates("name").set_index("name")["n"]
    assert n["cold"] == small_units["has_cold"].sum()
    assert n["east"] == small_units.loc[small_units["outlet"] == "east", ["has_cold", "has_warm"]].to_numpy().sum()
    assert np.isfinite(result.table["coordinate"]).all()
