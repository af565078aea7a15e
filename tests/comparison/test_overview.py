"""All comparisons at once: what small, odd and degenerate tables give."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.comparison import contrasts, means, shares
from framing.comparison.clusters import find_clusters
from framing.comparison.overview import Settings, Variables, compare
from framing.errors import InputError
from framing.results import Result

VARIABLES = Variables(
    {"a": "has_a", "b": "has_b"}, {"tone": (-1.0, 0.0, 1.0), "tone_x": (-1.0, 1.0)}, ("named", "other")
)
EXPLAINED = {
    "contrasts": ("p", "reason"),
    "frame_by": ("low", "reason"),
    "profile_distance": ("p_jsd", "reason"),
    "cooccurrence": ("phi_low", "reason"),
}


def odd_table(seed: int, outlets: int, articles: int, units: int, rate: float) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = [
        {"doc_id": f"{o}-{d}", "outlet": f"o{o}", "unit": u, "paragraph": u // 2}
        for o in range(outlets)
        for d in range(rng.integers(1, articles + 1))
        for u in range(rng.integers(1, units + 1))
    ]
    table, n = pd.DataFrame(rows), len(rows)
    tone = rng.integers(-1, 2, n).astype(float)
    return table.assign(
        has_a=rng.random(n) < rate,
        has_b=rng.random(n) < rng.choice([0, 0.5, 1]),
        tone=tone if rng.random() < 0.7 else 0.0,
        tone_x=np.where(rng.random(n) < 0.3, rng.choice([-1.0, 1.0], n), np.nan),
        voice=pd.Series(rng.choice(["named", "other"], n)).where(rng.random(n) < 0.8),
    )


def compared(units: pd.DataFrame) -> dict[str, Result]:
    return compare(units, VARIABLES, Settings(seed=1, permutations=99, equivalence=0.1))


@pytest.mark.parametrize("rate", [0.0, 0.2, 1.0])
@pytest.mark.parametrize("sizes", [(1, 1, 1), (1, 4, 3), (2, 1, 1), (2, 1, 5), (2, 5, 4), (3, 3, 2)], ids=str)
def test_whatever_the_table_there_is_a_value_or_a_reason_and_never_a_warning(
    sizes: tuple[int, int, int], rate: float
) -> None:
    for name, result in compared(odd_table(int(10 * rate), *sizes, rate)).items():
        for start, (value, reason) in EXPLAINED.items():
            if name.startswith(start):
                table = result.table
                assert (table[value].notna() | table[reason].ne("")).all(), name


@pytest.mark.parametrize("seed", range(3))
def test_the_order_and_the_names_of_articles_do_not_matter(seed: int) -> None:
    units = odd_table(seed, 2, 5, 4, 0.4)
    other = {name: f"z{place}" for place, name in enumerate(reversed(units["doc_id"].unique()))}
    mixed = units.assign(doc_id=units["doc_id"].map(other)).sample(frac=1, random_state=seed)
    one, two = compared(units), compared(mixed)
    for name in ("prevalence", "tone", "frame_by_tone", "frame_by_voice"):
        pd.testing.assert_frame_equal(one[name].table, two[name].table)
    exact = ["difference", "low", "high", "odds_ratio"]
    pd.testing.assert_frame_equal(one["contrasts_frames"].table[exact], two["contrasts_frames"].table[exact])


def test_one_outlet_is_described_and_compared_with_nobody(small_units: pd.DataFrame) -> None:
    own = small_units[small_units["outlet"] == "east"]
    found = compare(own, Variables({"cold": "has_cold", "warm": "has_warm"}), Settings(seed=1, permutations=99))
    assert len(found["prevalence"].table) == 2
    assert found["contrasts_frames"].table.empty
    assert found["profile_distance"].table.empty
    assert list(found) == [
        *("prevalence", "contrasts_frames", "profile_distance", "cooccurrence_unit", "cooccurrence_article")
    ]


def test_articles_as_weights(small_units: pd.DataFrame) -> None:
    uneven = pd.concat([small_units, *[small_units[small_units["doc_id"] == "east0"].assign(has_cold=True)] * 5])
    table = shares(uneven, {"cold": "has_cold"}, weight="articles").table.set_index("outlet")
    by_article = uneven.groupby(["outlet", "doc_id"])["has_cold"].mean()
    assert table["share"].to_dict() == pytest.approx(by_article.groupby("outlet").mean().to_dict())
    assert table.loc["east", "n_units"] == len(uneven[uneven["outlet"] == "east"])
    tone = means(uneven, {"tone": "tone"}, (-1, 1), weight="articles")
    expected = uneven.groupby(["outlet", "doc_id"])["tone"].mean()
    assert tone.table.set_index("outlet")["mean"].to_dict() == pytest.approx(
        expected.groupby("outlet").mean().to_dict()
    )
    error = expected["east"].std(ddof=1) / np.sqrt(6)
    row = tone.table.set_index("outlet").loc["east"]
    assert (row["high"] - row["mean"]) / error == pytest.approx(2.571, abs=1e-3), "t at 5 degrees of freedom"
    assert "each article counting once" in tone.estimand


def test_articles_and_units_are_one_estimand_where_articles_are_of_one_length(small_units: pd.DataFrame) -> None:
    one, two = (shares(small_units, {"cold": "has_cold"}, weight=w).table for w in ("units", "articles"))
    pd.testing.assert_frame_equal(one, two)
    assert "each unit counting once" in shares(small_units, {"cold": "has_cold"}).estimand


def test_article_weighted_interval_covers_where_long_articles_differ() -> None:
    """Long articles carry the frame more often: the two estimands differ, and each interval covers its own."""
    hits = {"units": 0, "articles": 0}
    truth = {"units": (0.2 * 4 + 0.5 * 20) / 24, "articles": 0.35}
    for seed in range(60):
        rng = np.random.default_rng(seed)
        size = rng.choice([4, 20], 40)
        rate = np.repeat(np.where(size == 4, rng.beta(2, 8, 40), rng.beta(5, 5, 40)), size)
        doc = np.repeat(np.arange(40), size)
        units = pd.DataFrame({"doc_id": doc.astype(str), "outlet": "a", "x": rng.random(len(doc)) < rate})
        for weight in hits:
            row = shares(units, {"x": "x"}, weight=weight).table.iloc[0]
            hits[weight] += row["low"] <= truth[weight] <= row["high"]
    assert min(hits.values()) / 60 >= 0.88


def test_near_duplicates_of_an_outlet_are_one_cluster(small_units: pd.DataFrame) -> None:
    copies = small_units.assign(doc_id=small_units["doc_id"] + "'")
    units = pd.concat([small_units, copies], ignore_index=True)
    units["group"] = pd.factorize(units["doc_id"].str.rstrip("'"))[0]
    joined = shares(units, {"cold": "has_cold"}, groups="group")
    once = shares(small_units, {"cold": "has_cold"}).table
    apart = shares(units, {"cold": "has_cold"}).table
    columns = ["share", "low", "high", "n_clusters"]
    pd.testing.assert_frame_equal(joined.table[columns], once[columns])
    assert (apart["high"] - apart["low"] < once["high"] - once["low"]).all(), "copies taken for evidence"
    assert "near-duplicates joined" in joined.method
    test = contrasts(units, {"cold": "has_cold"}, rng=1, groups="group").table
    assert test["p"].tolist() == contrasts(small_units, {"cold": "has_cold"}, rng=1).table["p"].tolist()


def test_a_group_that_outlets_share_is_a_cluster_in_each(small_units: pd.DataFrame) -> None:
    units = small_units.assign(group=small_units["doc_id"].str[-1].astype(int))
    clusters = find_clusters(units, "group")
    assert clusters.n == 12
    assert (clusters.outlet == "east").sum() == 6


def test_an_outlet_whose_articles_are_all_copies_has_a_single_article(small_units: pd.DataFrame) -> None:
    units = small_units.assign(
        group=np.where(small_units["outlet"] == "east", 0, pd.factorize(small_units["doc_id"])[0])
    )
    result = shares(units, {"cold": "has_cold"}, groups="group")
    assert result.table.set_index("outlet")["scope"].to_dict() == {"east": "these articles only", "west": "outlets"}
    assert result.caveats[0].startswith("east: each is represented by a single article")


def test_what_is_missing_is_named(small_units: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="no column 'outlet'"):
        shares(small_units.drop(columns="outlet"), {"cold": "has_cold"})
    with pytest.raises(InputError, match="no column 'group'"):
        shares(small_units, {"cold": "has_cold"}, groups="group")
    alone = small_units[small_units["doc_id"].isin(["east0", "west0", "west1"])].drop(columns="paragraph")
    with pytest.raises(InputError, match="no column 'paragraph', and an outlet has a single article"):
        shares(alone, {"cold": "has_cold"})
