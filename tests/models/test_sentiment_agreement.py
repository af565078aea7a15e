from __future__ import annotations

import subprocess
import sys

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from framing.errors import InputError
from framing.models import sentiment
from framing.models.sentiment import AverageSentiment, agreement_between, decided, name_bias, neutral_sentences
from framing.models.sentiment import agreement as module
from framing.models.sentiment.agreement import _spearman
from framing.models.sentiment.protocol import POLARITIES, table_of
from framing.resampling import bootstrap_weights
from tests.models.scorers import Told


def table(seed: int, n: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return table_of(rng.dirichlet([1, 1, 1], n))


ARTICLES = np.repeat(np.arange(12), 5).tolist()


def test_importing_loads_no_library_of_networks() -> None:
    code = (
        "import sys, framing.models.sentiment, framing.corpus;"
        "print({'torch', 'transformers', 'camel_tools'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


@pytest.mark.parametrize("name", sentiment.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(sentiment, name) is not None


def test_the_most_probable_polarity_and_neutral_between_two() -> None:
    rows = [[0.6, 0.3, 0.1], [0.2, 0.5, 0.3], [0, 0.4, 0.6], [0.5, 0, 0.5], [0.4, 0.2, 0.4], [0.45, 0.45, 0.1]]
    assert decided(table_of(np.array(rows))).tolist() == [-1, 0, 1, 0, 0, 0]
    assert decided(table_of(np.empty((0, 3)))).tolist() == []


def test_against_scipy_and_krippendorff() -> None:
    tables = {name: table(seed) for seed, name in enumerate(("a", "b", "c"))}
    tables["b"] = table_of((tables["a"][list(POLARITIES)].to_numpy() + table(9)[list(POLARITIES)].to_numpy()) / 2)
    found = agreement_between(tables, ARTICLES, rng=1, replicates=200)
    rows = found.table.set_index(["first", "second"])
    assert rows.index.tolist() == [("a", "b"), ("a", "c"), ("b", "c"), ("all", "all")]
    for (first, second), row in rows.iterrows():
        chosen = tables if first == "all" else {name: tables[name] for name in (first, second)}
        polarity = np.stack([decided(t) for t in chosen.values()])
        expected = krippendorff.alpha(polarity, level_of_measurement="ordinal")
        assert row["alpha"] == pytest.approx(expected)
        assert row["alpha_low"] < row["alpha"] < row["alpha_high"]
        assert row["same"] == (polarity == polarity[0]).all(axis=0).mean()
        assert row["n_units"] == 60
        if first != "all":
            expected = stats.spearmanr(tables[first]["score"], tables[second]["score"]).statistic
            assert row["spearman"] == pytest.approx(expected)
            assert row["spearman_low"] < row["spearman"] < row["spearman_high"]
    assert rows.loc[("all", "all"), ["spearman", "spearman_low", "spearman_high"]].isna().all()
    assert (found.n_articles, found.n_units, found.seed) == (12, 60, 1)
    assert found.caveats == ("Scorers that agree may err together: agreement is not accuracy.",)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=12), st.integers(0, 99))
def test_each_replicate_is_what_scipy_finds_in_the_texts_drawn(pairs: list[tuple[int, int]], seed: int) -> None:
    x, y = np.array(pairs, dtype=float).T
    weights = bootstrap_weights(len(x), 3, np.random.default_rng(seed))
    for weight, found in zip(weights, _spearman(x, y, weights), strict=True):
        drawn = np.repeat(np.arange(len(x)), weight.astype(int))
        if len(set(x[drawn])) < 2 or len(set(y[drawn])) < 2:
            assert np.isnan(found)
        else:
            assert found == pytest.approx(stats.spearmanr(x[drawn], y[drawn]).statistic, abs=1e-12)


def test_the_seed_decides_and_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = {"a": table(0), "b": table(1)}
    first = agreement_between(tables, ARTICLES, rng=1, replicates=100).table
    monkeypatch.setattr(module, "CELLS", 700)
    pd.testing.assert_frame_equal(agreement_between(tables, ARTICLES, rng=1, replicates=100).table, first)
    other = agreement_between(tables, ARTICLES, rng=2, replicates=100, level=0.5).table
    assert other["alpha"][0] == first["alpha"][0]
    assert other["alpha_high"][0] - other["alpha_low"][0] < first["alpha_high"][0] - first["alpha_low"][0]


def test_what_cannot_be_estimated_is_missing() -> None:
    neutral = table_of(np.tile([0.0, 1.0, 0.0], (60, 1)))
    row = agreement_between({"a": neutral, "b": neutral}, ARTICLES, rng=1, replicates=20).table.iloc[0]
    assert row[["spearman", "alpha", "alpha_low", "spearman_high"]].isna().all()
    assert row["same"] == 1
    alone = agreement_between({"a": table(0), "b": table(1)}, ["x"] * 60, rng=1, replicates=20)
    assert alone.table[["alpha_low", "alpha_high", "spearman_low", "spearman_high"]].isna().all(axis=None)
    assert alone.table[["alpha", "spearman"]].notna().all(axis=None)
    assert alone.caveats[0].startswith("Intervals rest on 1 articles")


def test_wrong_tables_are_told() -> None:
    good = table(0)
    with pytest.raises(InputError, match="1 scorers, where two or more are compared"):
        agreement_between({"a": good}, ARTICLES, rng=1)
    with pytest.raises(InputError, match="the table of 'b' has 59 rows for 60 texts"):
        agreement_between({"a": good, "b": good[:59]}, ARTICLES, rng=1)
    with pytest.raises(InputError, match="the table of 'b' has no column 'neutral'"):
        agreement_between({"a": good, "b": good.drop(columns="neutral")}, ARTICLES, rng=1)
    with pytest.raises(InputError, match="the table of 'b' has gaps"):
        agreement_between({"a": good, "b": good.where(good["score"] > 0)}, ARTICLES, rng=1)
    with pytest.raises(InputError, match="no texts to compare"):
        agreement_between({"a": good[:0], "b": good[:0]}, [], rng=1)


def test_a_name_that_moves_the_score_is_found() -> None:
    scorer = Told(Acme=(0.0, 0.2, 0.8), أكمي=(0.1, 0.9, 0.0))
    found = name_bias(scorer, ["تقع {} هنا.", "هذا مقر {}."], ["نور", "أكمي", "Acme", "株"])
    rows = found.table.set_index("name")
    assert found.table["name"][0] == "Acme", "the largest first"
    mean = (0.8 - 0.1) / 4
    assert rows.loc["Acme", ["script", "score", "opinionated", "n_sentences"]].tolist() == ["latin", 0.8, 1.0, 2]
    assert rows.loc["Acme", "shift"] == pytest.approx(0.8 - mean)
    assert rows.loc["أكمي", "shift"] == pytest.approx(-0.1 - mean)
    assert rows["script"].to_dict() == {"Acme": "latin", "أكمي": "arabic", "نور": "arabic", "株": "other"}
    assert rows["shift"].sum() == pytest.approx(0)
    assert rows.loc["نور", "low"] == rows.loc["نور", "high"] == pytest.approx(-mean)
    assert "differ by up to 0.900, scores in one sentence by up to 0.900" in found.method
    assert found.n_units == 2


def test_the_largest_shift_and_its_sentence() -> None:
    scorer = Told(**{"مقر Acme": (0.9, 0.1, 0.0), "Acme": (0.0, 0.8, 0.2)})
    sentences = ["تقع {} هنا.", "هذا مقر {}.", "ذُكر {}."]
    row = name_bias(scorer, sentences, ["نور", "Acme"]).table.set_index("name").loc["Acme"]
    shifts = np.array([0.1, -0.45, 0.1])
    assert (row["largest"], row["sentence"]) == (pytest.approx(-0.45), sentences[1])
    interval = stats.ttest_1samp(shifts, 0).confidence_interval(0.95)
    assert (row["shift"], row["low"], row["high"]) == pytest.approx((shifts.mean(), interval.low, interval.high))
    same = name_bias(Told(هنا=(0.1, 0.2, 0.7)), sentences, list("abc")).table
    assert same["name"].tolist() == list("abc")
    assert (same[["shift", "low", "high", "largest"]] == 0).all(axis=None)
    single = name_bias(scorer, sentences[:1], ["نور", "Acme"]).table
    assert single["shift"].notna().all()
    assert single[["low", "high"]].isna().all(axis=None)


def test_wrong_sentences_and_names_are_told() -> None:
    for sentence, slots in (("بلا اسم.", 0), ("{} و{}.", 2)):
        with pytest.raises(InputError, match=rf"' has {slots} slots\. Write {{}} once"):
            name_bias(Told(), ["عند {}.", sentence], ["a", "b"])
    with pytest.raises(InputError, match=r"no sentences .* Take neutral_sentences"):
        name_bias(Told(), [], ["a", "b"])
    for names in (["a"], ["a", "a"], []):
        with pytest.raises(InputError, match=f"{len(names)} names, {len(set(names))} different"):
            name_bias(Told(), ["عند {}."], names)


def test_the_sentences_that_travel_with_the_package() -> None:
    found = neutral_sentences()
    assert len(found) == len(set(found)) == 50
    for sentence in found:
        assert sentence.count("{}") == 1
        assert sentence == sentence.strip()
        assert sentence.endswith(".")
        words = sentence.split()
        assert 4 <= len(words) <= 14
    starts = {sentence.split()[0] for sentence in found}
    assert len(starts) > 35, "varied"
    result = name_bias(Told(), found, ["نور", "Acme"])
    assert (result.table["shift"] == 0).all()
    assert (result.table["opinionated"] == 0).all()


def test_the_mean_of_scorers() -> None:
    one, two = Told(ربح=(0.0, 0.2, 0.8)), Told(ربح=(0.4, 0.6, 0.0))
    texts = ["ربح", "سوق"]
    equal = AverageSentiment([one, two]).score(texts)
    np.testing.assert_allclose(equal.to_numpy(), [[0.2, 0.4, 0.4, 0.2], [0, 1, 0, 0]], atol=1e-12)
    assert equal.columns.tolist() == ["negative", "neutral", "positive", "score"]
    weighted = AverageSentiment([one, two], [3, 1]).score(texts)
    np.testing.assert_allclose(weighted.to_numpy()[0], [0.1, 0.3, 0.6, 0.5])
    pd.testing.assert_frame_equal(AverageSentiment([one, two], [1, 0]).score(texts), one.score(texts))
    assert AverageSentiment([one]).score([]).shape == (0, 4)
    nested = AverageSentiment([AverageSentiment([one, two]), one]).score(texts)
    np.testing.assert_allclose(nested["score"], [0.5, 0])


def test_wrong_scorers_and_weights_are_told() -> None:
    one = Told()
    with pytest.raises(InputError, match="no scorers to average"):
        AverageSentiment([])
    with pytest.raises(InputError, match="1 weights for 2 scorers"):
        AverageSentiment([one, one], [1])
    for weights in ([-1, 2], [0, 0], [float("nan"), 1], [float("inf"), 1]):
        with pytest.raises(InputError, match=r"Give numbers from 0, of which one is above it"):
            AverageSentiment([one, one], weights)
    with pytest.raises(InputError, match="one text, where a list"):
        AverageSentiment([one]).score("سوق")

    class Short(Told):
        def score(self, texts: object) -> pd.DataFrame:
            return super().score(["سوق"])

    with pytest.raises(InputError, match="Short gives 1 rows of negative, neutral, positive, score for 2 texts"):
        AverageSentiment([one, Short()]).score(["a", "b"])
