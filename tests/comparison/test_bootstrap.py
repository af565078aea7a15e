from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from scipy.stats import bootstrap

from framing.comparison import bootstrap_differences
from framing.resampling import resampled_totals


def corpus(outlets: int, articles: int, size: int, frames: int, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    article = np.repeat(np.arange(outlets * articles), rng.integers(1, 2 * size, outlets * articles))
    rate = rng.beta(2, 4, (outlets * articles, frames))[article]
    table = pd.DataFrame(rng.random((len(article), frames)) < rate, columns=[f"has_{i}" for i in range(frames)])
    return table.assign(doc_id=article, outlet=[f"o{a // articles}" for a in article], paragraph=0)


def test_all_replicates_at_once_are_those_of_a_loop() -> None:
    table = corpus(3, 8, 4, 2)
    columns = {"x": "has_0", "y": "has_1"}
    got = bootstrap_differences(table, columns, rng=5, replicates=300).table.set_index(["outlet_a", "outlet_b"])
    rng = np.random.default_rng(5)
    draws: dict[str, list[list[float]]] = {}
    for outlet, own in table.groupby("outlet"):
        articles = [part for _, part in own.groupby("doc_id")]
        draws[str(outlet)] = [
            pd.concat([articles[place] for place in places])[["has_0", "has_1"]].mean().tolist()
            for places in rng.integers(8, size=(300, 8))
        ]
    for (a, b), rows in got.groupby(level=[0, 1]):
        for place, row in enumerate(rows.to_dict("records")):
            loop = np.array(draws[a])[:, place] - np.array(draws[b])[:, place]
            assert (row["low"], row["high"]) == pytest.approx(tuple(np.quantile(loop, [0.025, 0.975])))


def test_blocks_change_nothing() -> None:
    totals = np.random.default_rng(1).random((7, 3))
    one, many = (resampled_totals(totals, 50, np.random.default_rng(2), block) for block in (50, 7))
    assert one == pytest.approx(many)
    assert resampled_totals(np.ones((7, 1)), 5, np.random.default_rng(2)).ravel().tolist() == [7.0] * 5


def test_an_interval_is_that_of_scipy() -> None:
    table = corpus(2, 40, 5, 1, seed=3)
    row = bootstrap_differences(table, {"x": "has_0"}, rng=1).table.iloc[0]
    totals = [own.groupby("doc_id")["has_0"].agg(["sum", "size"]).to_numpy(float) for _, own in table.groupby("outlet")]

    def share(k: np.ndarray, n: np.ndarray, axis: int) -> np.ndarray:
        return np.asarray(k.sum(axis=axis) / n.sum(axis=axis))

    errors = [
        bootstrap((t[:, 0], t[:, 1]), share, paired=True, vectorized=True, method="percentile", rng=2).standard_error
        for t in totals
    ]
    assert row["high"] - row["low"] == pytest.approx(2 * 1.96 * np.hypot(*errors), rel=0.05)


def test_ten_thousand_replicates_of_a_large_corpus_take_seconds() -> None:
    table = corpus(10, 500, 20, 20)
    assert table["doc_id"].nunique() == 5000
    assert len(table) > 95_000
    start = time.process_time()
    result = bootstrap_differences(table, {str(i): f"has_{i}" for i in range(20)}, rng=1)
    assert time.process_time() - start < 20  # of both cores together; 10 s on two
    assert len(result.table) == 45 * 20
    assert result.table[["low", "high"]].notna().all(axis=None)


def test_values_that_are_missing_and_single_articles() -> None:
    table = corpus(2, 6, 3, 1)
    table["tone"] = np.where(table["outlet"] == "o0", np.nan, 0.5)
    rows = bootstrap_differences(table, {"x": "has_0", "tone": "tone"}, rng=1, replicates=50)
    assert rows.table["low"].isna().tolist() == [False, True]
    assert any("rest on 6 articles" in caveat for caveat in rows.caveats)
    single = table[table["doc_id"].isin([0, 6])].assign(paragraph=range(len(table[table["doc_id"].isin([0, 6])])))
    assert bootstrap_differences(single, {"x": "has_0"}, rng=1).table["scope"].item() == "these articles only"
    assert bootstrap_differences(table[table["outlet"] == "o0"], {"x": "has_0"}, rng=1).table.empty
