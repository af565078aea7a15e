from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.stats.contingency import association

from framing.comparison import profile_distance
from framing.comparison.permutation import p_of
from framing.comparison.profiles import ALL, _Codes, _labels, _one_hot, _statistics, cramers_v, jensen_shannon

FRAMES = {"cold": "has_cold", "warm": "has_warm"}
COUNTS = st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=4)


@pytest.mark.parametrize("seed", range(5))
def test_divergence_is_that_of_scipy(seed: int) -> None:
    p, q = np.random.default_rng(seed).dirichlet([0.4] * 5, 2)
    assert jensen_shannon(np.stack([p, q])) == pytest.approx(jensenshannon(p, q, base=2) ** 2)


def test_divergence_runs_from_nothing_to_one_bit() -> None:
    assert jensen_shannon(np.array([[0.2, 0.8], [0.2, 0.8]])) == 0
    assert jensen_shannon(np.array([[1.0, 0], [0, 1.0]])) == pytest.approx(1)
    assert jensen_shannon(np.eye(4)) == pytest.approx(2)


@pytest.mark.parametrize("seed", range(5))
def test_v_corrects_that_of_scipy_as_bergsma_says(seed: int) -> None:
    counts = np.random.default_rng(seed).integers(1, 40, (3, 4))
    n, phi = counts.sum(), association(counts, method="cramer") ** 2 * 2
    corrected = max(0.0, phi - 3 * 2 / (n - 1))
    least = min(4 - 9 / (n - 1), 3 - 4 / (n - 1)) - 1
    assert cramers_v(counts.astype(float)) == pytest.approx(np.sqrt(corrected / least))


def test_v_of_independent_tables_is_about_zero_on_average_before_it_is_cut() -> None:
    """The point of the correction: phi squared of 0 is estimated without bias, where the plain V is .2 and more."""
    rng = np.random.default_rng(3)
    tables = rng.multinomial(60, np.full(12, 1 / 12), 2000).reshape(-1, 3, 4).astype(float)
    plain = np.mean([association(t.astype(int), method="cramer") for t in tables[:300] if t.sum(0).all()])
    assert plain > 0.2
    assert cramers_v(tables).mean() < 0.09


@settings(max_examples=50)
@given(COUNTS, st.integers(0, 999))
def test_v_does_not_know_the_order_of_outlets_or_frames(counts: list[list[int]], seed: int) -> None:
    table = np.array(counts, dtype=float)
    rng = np.random.default_rng(seed)
    mixed = table[rng.permutation(len(table))][:, rng.permutation(3)]
    assert cramers_v(mixed) == pytest.approx(cramers_v(table), nan_ok=True)
    assert np.isnan(cramers_v(table)) or 0 <= cramers_v(table) <= 1 + 1e-9


def test_v_of_nothing_to_compare_is_nan() -> None:
    for table in ([[3.0, 4], [0, 0]], [[3.0, 0], [4, 0]], [[0.0, 0], [0, 0]], [[1.0, 0], [0, 0]]):
        assert np.isnan(cramers_v(np.array(table)))


def test_profiles_of_outlets(small_units: pd.DataFrame) -> None:
    third = small_units.assign(outlet="zone", doc_id="z" + small_units["doc_id"], has_cold=small_units["has_warm"])
    units = pd.concat([small_units, third], ignore_index=True)
    table = profile_distance(units, FRAMES, rng=1, permutations=200).table
    assert table["outlet_a"].tolist() == [ALL, "east", "east", "west"]
    own = units.groupby("outlet")[["has_cold", "has_warm"]].sum()
    profiles = own.div(own.sum(axis=1), axis=0)
    pair = table.set_index(["outlet_a", "outlet_b"]).loc["east", "west"]
    assert pair["jsd"] == pytest.approx(jensenshannon(profiles.loc["east"], profiles.loc["west"], base=2) ** 2)
    assert pair["n_codes"] == own.loc[["east", "west"]].to_numpy().sum()
    assert np.isnan(table["p_jsd_holm"][0]), "the test of all is not one of the pairs"
    assert (table["p_jsd_holm"][1:] >= table["p_jsd"][1:]).all()


def test_equal_articles_have_no_distance_and_different_ones_are_told_apart(small_units: pd.DataFrame) -> None:
    same = small_units.assign(outlet="zone", doc_id="z" + small_units["doc_id"])
    east = small_units.assign(outlet="east")
    row = profile_distance(pd.concat([east, same]), FRAMES, rng=1, permutations=500).table.iloc[0]
    assert row["jsd"] == 0
    assert row["p_jsd"] == 1
    apart = small_units.assign(has_cold=small_units["outlet"] == "east", has_warm=small_units["outlet"] == "west")
    row = profile_distance(apart, FRAMES, rng=1).table.iloc[0]
    assert row["jsd"] == pytest.approx(1)
    assert row["exact"]
    assert row["p_jsd"] == pytest.approx(2 / 924)


def test_articles_weigh_alike_where_that_is_asked_for(small_units: pd.DataFrame) -> None:
    long = pd.concat([small_units, *[small_units[small_units["doc_id"] == "east0"]] * 9])
    result = profile_distance(long, FRAMES, rng=1, weight="articles", permutations=99)
    once = profile_distance(small_units, FRAMES, rng=1, weight="articles", permutations=99)
    assert result.table["jsd"].tolist() == pytest.approx(once.table["jsd"].tolist())
    assert "each article counting once" in result.estimand


def test_reasons(small_units: pd.DataFrame) -> None:
    none = small_units.assign(**{c: small_units[c] & (small_units["outlet"] == "west") for c in FRAMES.values()})
    row = profile_distance(none, FRAMES, rng=1).table.iloc[0]
    assert row["reason"] == "no distance: an outlet has no frame at all"
    assert row[["jsd", "p_jsd", "cramers_v", "p_v"]].isna().all()
    one = profile_distance(small_units.assign(has_warm=False), FRAMES, rng=1).table.iloc[0]
    assert one["reason"] == "not tested: only one frame occurs"
    assert one["jsd"] == 0
    few = small_units[small_units["doc_id"].str[-1].astype(int) < 2].assign(has_warm=True)
    assert "no p can be below 0.33" in profile_distance(few, FRAMES, rng=1).table["reason"][0]
    alone = profile_distance(small_units[small_units["outlet"] == "east"], FRAMES, rng=1)
    assert alone.table.empty


@pytest.mark.parametrize("sizes", [((3, 12), (3, 12)), ((1, 2), (2, 6)), ((1, 2), (10, 20))], ids=str)
def test_type_one_error_is_at_most_nominal(sizes: tuple[tuple[int, int], tuple[int, int]]) -> None:
    """Same profile, clusters alike or not in size; a divergence that is not studentised rejects in up to .40."""
    rng = np.random.default_rng(1)
    profile = np.array([0.5, 0.3, 0.15, 0.05])
    outlet = np.array([0] * 15 + [1] * 24)
    hits, runs = np.zeros(3), 300
    for _ in range(runs):
        n = np.concatenate([rng.integers(*sizes[0], 15), rng.integers(*sizes[1], 24)])
        totals = np.array([rng.multinomial(m, rng.dirichlet(profile * 6)) for m in n]).astype(float)
        codes = _Codes(totals, totals.sum(axis=1), outlet)
        jsd, _, ratios = _statistics(_one_hot(outlet, 2), codes)
        draws, _, null = _statistics(next(iter(_labels(outlet, 2, rng, 199))), codes)
        hits += (
            np.array([p_of(r, d, False) for r, d in zip([*ratios[0], jsd[0]], [*null.T, draws], strict=True)]) <= 0.05
        )
    assert (hits[:2] / runs <= 0.08).all()
    if sizes[1] == (10, 20):
        assert hits[2] / runs > 0.2
