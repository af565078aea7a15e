from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.comparison import contrasts, regressions
from framing.comparison.regressions import _mixed
from tests.comparison.test_contrasts import outlets


def test_models_agree_with_the_contrast_where_clusters_are_of_one_size() -> None:
    units = outlets(3, (0.5, 0.3))
    table = regressions(units, {"x": "x"}).table.set_index("model")
    row = contrasts(units, {"x": "x"}, rng=1, permutations=99).table.iloc[0]
    for model in ("logit", "gee"):
        assert table.loc[model, "odds_ratio"] == pytest.approx(row["odds_ratio"], rel=1e-4)
        assert table.loc[model, "low"] == pytest.approx(row["odds_low"], rel=0.06)
    assert table.loc["mixed", "odds_ratio"] == pytest.approx(row["odds_ratio"], rel=0.2)
    assert table["n_clusters"].tolist() == [40] * 3
    assert table["reason"].eq("").all()


def test_error_of_the_mixed_model_is_that_of_its_estimates() -> None:
    rng = np.random.default_rng(0)
    found = []
    for _ in range(16):
        n, x = rng.integers(3, 15, 40), np.arange(40) < 20
        codes = np.repeat(np.arange(40), n)
        eta = -1 + 0.7 * x + rng.normal(0, 0.8, 40)
        y = (rng.random(n.sum()) < 1 / (1 + np.exp(-eta[codes]))).astype(float)
        found.append(_mixed(y, x[codes].astype(float), codes)[:2])
    estimates, errors = np.array(found).T
    assert estimates.mean() == pytest.approx(0.7, abs=0.15)
    assert errors.mean() == pytest.approx(estimates.std(), rel=0.3)


def test_reasons(small_units: pd.DataFrame) -> None:
    never = small_units.assign(x=small_units["has_cold"] & (small_units["outlet"] == "west"), y=True)
    table = regressions(never.assign(z=np.nan), {"x": "x", "y": "y", "z": "z"}).table
    assert table["odds_ratio"].isna().all()
    assert table["reason"].unique().tolist() == [
        "it never occurs in the first outlet",
        "it always occurs in the first outlet",
        "the first outlet has no unit with a value",
    ]
