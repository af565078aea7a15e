from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from framing.comparison import cross_table
from framing.comparison.crosstables import NONE
from framing.errors import InputError

FRAMES = {"cold": "has_cold", "warm": "has_warm"}
VALUES = (-1, 0, 1)


def test_shares_are_those_of_pandas(small_units: pd.DataFrame) -> None:
    table = cross_table(small_units, FRAMES, "tone", VALUES).table.set_index(["outlet", "frame", "value"])
    for outlet, own in small_units.groupby("outlet"):
        expected = pd.crosstab(own["has_cold"], own["tone"], normalize="index").loc[True]
        for value in VALUES:
            assert table.loc[(outlet, "cold", value), "share"] == pytest.approx(expected.get(value, 0.0))
        bare = own[~own["has_cold"] & ~own["has_warm"]]
        assert table.loc[(outlet, NONE, 0), "n_units"] == len(bare)
        assert table.loc[(outlet, NONE, 0), "n_with"] == bare["tone"].eq(0).sum()
    assert table.groupby(["outlet", "frame"])["share"].sum().to_numpy() == pytest.approx(1.0)


def test_interval_is_centred_and_wide_as_the_cluster_robust_error_of_statsmodels() -> None:
    rng = np.random.default_rng(2)
    rows = [
        {"doc_id": f"a{d}", "outlet": "a", "has": bool(rng.random() < 0.6), "tone": rng.choice([-1, 1], p=[p, 1 - p])}
        for d in range(120)
        for p in [rng.beta(4, 4)]
        for _ in range(8)
    ]
    units = pd.DataFrame(rows)
    row = cross_table(units, {"f": "has"}, "tone", (-1, 1)).table.iloc[0]
    own = units[units["has"]]
    fit = sm.OLS(own["tone"].eq(-1).astype(float), np.ones(len(own))).fit(
        cov_type="cluster", cov_kwds={"groups": pd.factorize(own["doc_id"])[0]}
    )
    assert row["share"] == pytest.approx(fit.params.iloc[0])
    assert (row["low"], row["high"]) == pytest.approx(tuple(fit.conf_int().iloc[0]), abs=0.004)


def test_a_frame_that_never_occurs_has_a_reason_and_no_warning(small_units: pd.DataFrame) -> None:
    units = small_units.assign(has_cold=small_units["has_cold"] & (small_units["outlet"] == "west"))
    table = cross_table(units, FRAMES, "tone", VALUES).table.set_index(["outlet", "frame", "value"])
    assert table.loc[("east", "cold", 0), "reason"] == "the frame never occurs"
    assert np.isnan(table.loc[("east", "cold", 0), "share"])
    once = units.assign(has_cold=(units["doc_id"] == "east0") & (units["unit"] == 0))
    row = cross_table(once, FRAMES, "tone", VALUES).table.set_index(["outlet", "frame", "value"]).loc["east", "cold", 0]
    assert row["reason"] == "only one article carries the frame"
    assert np.isnan(row["low"])


def test_units_without_a_value_are_left_out(small_units: pd.DataFrame) -> None:
    units = small_units.assign(tone=small_units["tone"].where(small_units["outlet"] == "west"))
    result = cross_table(units, FRAMES, "tone", VALUES)
    assert result.n_units == 24
    east = result.table[result.table["outlet"] == "east"]
    assert set(east["reason"]) == {"no unit has a value"}
    assert (east["n_units"] == 0).all()


def test_articles_can_count_once_each(small_units: pd.DataFrame) -> None:
    result = cross_table(small_units, FRAMES, "tone", VALUES, weight="articles")
    row = result.table.set_index(["outlet", "frame", "value"]).loc["west", "warm", 1]
    own = small_units[(small_units["outlet"] == "west") & small_units["has_warm"]]
    assert row["share"] == pytest.approx(own.groupby("doc_id")["tone"].apply(lambda t: (t == 1).mean()).mean())
    assert "each article with the frame counting once" in result.estimand


def test_what_cannot_be_crossed_is_told(small_units: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="no column 'voice'"):
        cross_table(small_units, FRAMES, "voice", ("a",))
    with pytest.raises(InputError, match=r"unknown value '1\.0'. Known are -1, 0"):
        cross_table(small_units, FRAMES, "tone", (-1, 0))
