from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, confusion_matrix, f1_score

from framing.models.diagnosis import BINS, by_outlet, calibration, errors, learning_curve, value_errors
from framing.models.frames import frame_classifier
from framing.models.validation import Extra

LABELS = ("storm", "harvest")


@pytest.fixture
def coded() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    n = 60
    storm, harvest = rng.random(n) < 0.4, rng.random(n) < 0.3
    texts = [
        f"{'عاصفة تضرب الميناء' if s else 'نهار هادئ'} {'وموسم حصاد' if h else ''} {i}"
        for i, (s, h) in enumerate(zip(storm, harvest, strict=True))
    ]
    return pd.DataFrame(
        {
            "doc_id": [f"a{i // 5}" for i in range(n)],
            "unit": range(n),
            "outlet": [f"o{i // 20}" for i in range(n)],
            "cluster": [i // 5 for i in range(n)],
            "text": texts,
            "duplicate": range(n),
            "storm": storm,
            "harvest": harvest,
        }
    )


def test_calibration_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(2)
    p = rng.random((100, 1))
    gold = rng.random((100, 1)) < p
    units = pd.DataFrame({"doc_id": np.repeat(list("abcdefghij"), 10), "cluster": np.repeat(range(10), 10)})
    table = calibration(units, gold, p, ("storm",), rng=1).table
    share, mean = calibration_curve(gold[:, 0], p[:, 0], n_bins=BINS, strategy="quantile")
    assert table["share"].to_numpy() == pytest.approx(share)
    assert table["probability"].to_numpy() == pytest.approx(mean)
    assert table["brier"][0] == pytest.approx(brier_score_loss(gold[:, 0], p[:, 0]))
    assert table["error"][0] == pytest.approx(np.abs(share - mean).mean())
    draws = [
        [units.index[units["cluster"] == c] for c in np.random.default_rng(seed).integers(10, size=10)]
        for seed in range(800)
    ]
    briers = [brier_score_loss(gold[rows, 0], p[rows, 0]) for rows in map(np.concatenate, draws)]
    assert table.loc[0, ["brier_low", "brier_high"]].tolist() == pytest.approx(
        np.quantile(briers, [0.025, 0.975]), abs=0.004
    )
    assert table["error_low"][0] <= table["error"][0] <= table["error_high"][0]


def test_perfect_probabilities_have_no_error() -> None:
    gold = np.array([[True]] * 10 + [[False]] * 10)
    units = pd.DataFrame({"doc_id": ["a"] * 20, "cluster": 0})
    table = calibration(units, gold, gold.astype(float), ("storm",), rng=1).table
    assert table["error_high"].max() == table["brier_high"].max() == 0


def test_counts_per_outlet_are_those_of_scikit_learn(coded: pd.DataFrame) -> None:
    gold = coded[list(LABELS)].to_numpy()
    decided = gold ^ (np.random.default_rng(3).random(gold.shape) < 0.3)
    table = by_outlet(coded, gold, decided, LABELS, rng=1).table.set_index(["outlet", "label"])
    own = (coded["outlet"] == "o1").to_numpy()
    negative, false, missed, hit = confusion_matrix(gold[own, 0], decided[own, 0]).ravel()
    row = table.loc[("o1", "storm")]
    assert (row["true_positive"], row["false_positive"]) == (hit, false)
    assert (row["false_negative"], row["true_negative"]) == (missed, negative)


def test_the_interval_of_f1_comes_from_an_outlets_articles_or_from_the_paragraphs_of_one(coded: pd.DataFrame) -> None:
    gold = coded[list(LABELS)].to_numpy()
    decided = gold ^ (np.random.default_rng(3).random(gold.shape) < 0.3)
    table = by_outlet(coded, gold, decided, LABELS, rng=1).table
    assert ((table["low"] <= table["f1"]) & (table["f1"] <= table["high"])).all()
    own = np.flatnonzero(coded["outlet"] == "o1")
    articles = own.reshape(4, 5)
    draws = [articles[np.random.default_rng(s).integers(4, size=4)].ravel() for s in range(600)]
    f1 = [f1_score(gold[rows, 0], decided[rows, 0]) for rows in draws]
    row = table.set_index(["outlet", "label"]).loc[("o1", "storm")]
    assert (row["low"], row["high"]) == pytest.approx(tuple(np.quantile(f1, [0.025, 0.975])), abs=0.05)
    one = coded.assign(cluster=0, paragraph=coded["cluster"])
    pd.testing.assert_frame_equal(by_outlet(one, gold, decided, LABELS, rng=1).table, table)


def test_an_outlet_without_a_label_has_no_f1(coded: pd.DataFrame) -> None:
    none = np.zeros((len(coded), 2), dtype=bool)
    assert by_outlet(coded, none, none, LABELS, rng=1).table["f1"].isna().all()


def test_every_error_is_listed_with_its_text_the_surest_first(coded: pd.DataFrame) -> None:
    gold = coded[list(LABELS)].to_numpy()
    probability = np.random.default_rng(4).random(gold.shape)
    table = errors(coded, gold, probability >= 0.5, probability, LABELS)
    assert len(table) == (gold != (probability >= 0.5)).sum()
    storm = table[table["label"] == "storm"]
    assert (storm["probability"] - 0.5).abs().is_monotonic_decreasing
    assert (storm.loc[storm["kind"] == "missed", "probability"] < 0.5).all()
    assert set(table["text"]) <= set(coded["text"])


def test_errors_of_a_value_tell_what_was_decided_instead() -> None:
    units = pd.DataFrame({"doc_id": ["a", "a", "b"], "unit": [0, 1, 0], "outlet": "o", "text": ["x", "y", "z"]})
    gold, decided = np.array([-1.0, 0.0, 1.0]), np.array([-1.0, 1.0, 0.0])
    probability = np.array([[0.8, 0.1, 0.1], [0.2, 0.3, 0.5], [0.1, 0.7, 0.2]])
    table = value_errors(units, gold, decided, probability, (-1.0, 0.0, 1.0))
    assert table["text"].tolist() == ["z", "y"], "the surest first"
    assert table[["gold", "decided", "probability", "probability_gold"]].values.tolist() == [
        [1.0, 0.0, 0.7, 0.2],
        [0.0, 1.0, 0.5, 0.3],
    ]


def test_no_error_gives_an_empty_table(coded: pd.DataFrame) -> None:
    gold = coded[list(LABELS)].to_numpy()
    assert errors(coded, gold, gold, gold.astype(float), LABELS).empty


def test_a_learnable_task_is_learned_better_from_more(coded: pd.DataFrame) -> None:
    gold = coded[list(LABELS)].to_numpy()
    model = frame_classifier("tfidf")
    table = learning_curve(coded, gold, model, rng=1, whole=gold, fractions=(0.0, 0.05, 0.9)).table
    assert table["n_gold"].tolist() == [2.0, 36.0, 40.0], "nothing to learn from is passed over"
    assert table["macro_f1"].is_monotonic_increasing
    assert table["macro_f1"].iloc[1] > 0.9
    assert table["macro_f1"].iloc[2] == 1.0


def test_exemplars_alone_are_the_start_of_the_curve(coded: pd.DataFrame) -> None:
    gold = coded[list(LABELS)].to_numpy()
    extra = Extra(coded["text"] + " مصنوع", gold, pd.Series(["style x"] * 30 + ["style y"] * 30))
    table = learning_curve(
        coded, gold, frame_classifier("tfidf"), rng=1, whole=gold, extra=extra, fractions=(0.0,)
    ).table
    assert table["n_gold"].tolist() == [0.0, 40.0]
    assert table["macro_f1"].iloc[0] > 0.9
