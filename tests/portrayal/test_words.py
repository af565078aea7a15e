"""Words as they are counted, and the statistics of which outlet uses which."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.corpus.stemming import light10
from framing.portrayal import collocations, keyness, term_contrasts
from framing.portrayal.keyness import _against, _Side
from framing.portrayal.terms import Terms
from framing.portrayal.vocabulary import Vocabulary, word_counts
from framing.portrayal.wording import log_likelihood


def counted(blocks: dict[tuple[str, int], dict[str, int]]) -> pd.DataFrame:
    rows = [(o, b, word, n) for (o, b), words in blocks.items() for word, n in words.items() if n]
    return pd.DataFrame(rows, columns=["outlet", "block", "word", "n"])


def row(table: pd.DataFrame, outlet: str, word: str) -> pd.Series:
    return table[(table["outlet"] == outlet) & (table["word"] == word)].iloc[0]


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("والشركات", "شرك"),
        ("شركه", "شرك"),
        ("بالاستثمار", "استثمار"),
        ("للفريق", "فريق"),
        ("لاعبون", "لاعب"),
        ("من", "من"),
    ],
)
def test_light10(word: str, stem: str) -> None:
    assert light10(word) == stem


def test_clitics_and_endings_do_not_split_a_word_and_names_stay() -> None:
    texts = ["الصفقة كبيرة", "وبصفقة أخرى", "صفقات ثلاث لوانغ", "بيانات وانغ في الصفقة"]
    vocabulary = Vocabulary(texts, ["وانغ"])
    keys = [[vocabulary.shown(one.key) for one in vocabulary.counted(text)] for text in texts]
    assert keys[0][0] == keys[1][0] == keys[2][0] == keys[3][2]
    assert keys[3][:2] == ["بيانات", "وانغ"]
    assert "لوانغ" in keys[2], "a name keeps its clitics and is no other word"


def test_lemmas_may_take_the_place_of_stems() -> None:
    vocabulary = Vocabulary(["ذهبوا يذهبون"], (), lambda words: ["ذهب"] * len(words))
    assert [one.key for one in vocabulary.counted("ذهبوا يذهبون")] == ["ذهب", "ذهب"]


def test_log_odds_are_those_of_the_paper() -> None:
    """Monroe, Colaresi and Quinn (2008), eq. 15, 16, 20 and 22, computed by hand for one block a side."""
    table = keyness(counted({("a", 0): {"x": 12, "y": 88}, ("b", 1): {"x": 5, "y": 195}}), least=1, prior=100).table
    a = 100 * 17 / 300
    delta = np.log((12 + a) / (100 + 100 - 12 - a)) - np.log((5 + a) / (200 + 100 - 5 - a))
    z = delta / np.sqrt(1 / (12 + a) + 1 / (5 + a))
    found = row(table, "a", "x")
    assert (found["log_odds"], found["z"]) == (pytest.approx(delta), pytest.approx(z))
    assert (found["rate"], found["rate_others"], found["blocks"]) == (120, 25, 1)


def test_the_variance_between_blocks_is_that_of_statsmodels_with_clusters() -> None:
    rng = np.random.default_rng(4)
    n = rng.integers(80, 400, 40)
    y = rng.binomial(n, rng.beta(2, 18, 40))
    outlet = np.repeat(["a", "b"], 20)
    blocks = {(o, i): {"x": int(k), "rest": int(m - k)} for i, (o, k, m) in enumerate(zip(outlet, y, n, strict=True))}
    found = row(keyness(counted(blocks), least=1, prior=1e-9).table, "a", "x")
    design = sm.add_constant((outlet == "a").astype(float))
    model = sm.GLM(np.column_stack([y, n - y]), design, family=sm.families.Binomial())
    fit = model.fit(cov_type="cluster", cov_kwds={"groups": np.arange(40), "use_correction": False})
    assert found["log_odds"] == pytest.approx(fit.params[1], rel=1e-6)
    error = (found["high"] - found["low"]) / 2 / 1.959964
    assert error == pytest.approx(fit.bse[1] * np.sqrt(20 / 19), rel=1e-5)


def test_intervals_cover_where_articles_repeat_themselves() -> None:
    """Rates vary between articles; intervals from counts alone would cover far less than they say."""
    rng, inside, plain = np.random.default_rng(8), 0, 0
    runs = 150
    for _ in range(runs):
        n = rng.integers(150, 300, 40).astype(float)
        y = rng.binomial(n.astype(int), rng.beta(1, 49, 40)).astype(float)[:, None]
        sides = _Side(y[::2], n[::2]), _Side(y[1::2], n[1::2])
        found = _against("a", np.array(["x"], dtype=object), *sides, np.array([0.02]), 1.0, 0.95).iloc[0]
        inside += found["low"] <= 0 <= found["high"]
        half = 1.96 * np.sqrt(1 / found["n"] + 1 / found["n_others"])
        plain += abs(found["log_odds"]) <= half
    assert inside / runs >= 0.90
    assert plain / runs < 0.80


@settings(deadline=None, max_examples=10)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=2, max_size=4))
def test_two_outlets_mirror_each_other(pairs: list[tuple[int, int]]) -> None:
    blocks = {("ab"[i % 2], i): {"x": x, "y": y} for i, (x, y) in enumerate(pairs)}
    table = keyness(counted(blocks), least=1).table
    one, other = row(table, "a", "x"), row(table, "b", "x")
    assert one["log_odds"] == pytest.approx(-other["log_odds"])
    assert one["z"] == pytest.approx(-other["z"])


def test_totals_may_be_larger_than_what_is_counted() -> None:
    some = counted({("a", 0): {"x": 4}, ("b", 1): {"x": 1}})
    totals = pd.DataFrame({"outlet": ["a", "b"], "block": [0, 1], "n": [100, 50]})
    assert row(keyness(some, totals, least=1).table, "a", "x")["rate"] == 40


def test_one_outlet_has_nobody_to_be_compared_with() -> None:
    assert keyness(counted({("a", 0): {"x": 4}}), least=1).table.empty


@settings(deadline=None)
@given(st.integers(1, 50), st.integers(1, 200), st.integers(1, 80), st.integers(1, 900))
def test_log_likelihood_is_that_of_nltk(a: int, b: int, c: int, d: int) -> None:
    metrics = pytest.importorskip("nltk.metrics", reason="the extra 'peers' is not installed")
    expected = metrics.BigramAssocMeasures.likelihood_ratio(a, (a + b, a + c), a + b + c + d)
    assert abs(log_likelihood(a, b, c, d)) == pytest.approx(expected, abs=1e-6)


UNITS = pd.DataFrame(
    {
        "doc_id": ["a", "a", "b", "b"],
        "unit": [0, 1, 0, 1],
        "outlet": ["east", "east", "west", "west"],
        "text": [
            "استثمار النور ناجح جدا", "رابح استثمار النور في البيت البعيد", "والاستحواذ على القمر بعيد",
            "باستثماراتها الكبيرة واستحواذ",
        ],
    }
)  # fmt: skip


def test_collocations_count_what_stands_near() -> None:
    vocabulary = Vocabulary(UNITS["text"], ["النور"])
    table = collocations(UNITS, {"club": ["النور"]}, vocabulary, window=1, least=2).table
    found = table[(table["outlet"] == "") & (table["word"] == "استثمار")].iloc[0]
    assert (found["n_near"], found["n_mentions_near"], found["n_word"], found["n_mentions"]) == (2, 2, 2, 2) or (
        found["n_word"] == 3
    )
    assert found["log_dice"] == pytest.approx(14 + np.log2(2 * 2 / (2 + found["n_word"])))
    assert "بيت" not in set(table["word"])


def test_terms_in_contrast_are_counted_under_clitics() -> None:
    table = term_contrasts(UNITS, {"deal": {"invest": ["استثمار"], "take": ["استحواذ"]}}).table
    counts = table.set_index(["term", "outlet"])["n"].to_dict()
    assert counts == {("invest", "east"): 2, ("invest", "west"): 1, ("take", "east"): 0, ("take", "west"): 2}
    assert table.set_index(["term", "outlet"]).loc[("take", "west"), "share"] == pytest.approx(2 / 3)


def test_word_counts_add_up() -> None:
    vocabulary = Vocabulary(UNITS["text"])
    counts = word_counts(UNITS, vocabulary, pd.Series([0, 0, 1, 1]))
    assert counts["n"].sum() == sum(len(vocabulary.counted(text)) for text in UNITS["text"])


def test_the_longest_term_is_found_first() -> None:
    hits = Terms(["قيمة", "القيمة السوقية"]).find("بقيمتها والقيمة السوقية")
    assert [hit.term for hit in hits] == ["قيمة", "القيمة السوقية"]
