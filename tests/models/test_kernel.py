"""Kernel regression against scikit-learn's, which is fitted anew for each fold."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.kernel_ridge import KernelRidge
from sklearn.model_selection import GroupKFold

from framing.models.kernel import RIDGE, KernelRegression, KernelValues


def reference(x: np.ndarray, y: np.ndarray, weight: np.ndarray, kernel: str) -> KernelRidge:
    """scikit-learn multiplies each text's loss by its weight where we divide its ridge: the same minimum."""
    model = KernelRidge(alpha=RIDGE, kernel=kernel, gamma=1 / x.shape[1] if kernel == "rbf" else None)
    return model.fit(x, y, sample_weight=weight)


@pytest.mark.parametrize("kernel", ["rbf", "linear"])
def test_answers_held_out_are_those_of_a_fit_without_the_fold(kernel: str) -> None:
    rng = np.random.default_rng(4)
    x, gold = rng.normal(size=(60, 7)), rng.random((60, 2)) < 0.4
    weight = rng.uniform(0.2, 3, 60)
    weight /= weight.mean()
    folds = list(GroupKFold(4).split(x, groups=np.repeat(np.arange(20), 3)))
    ours = csr_array(x) if kernel == "linear" else x
    model = KernelRegression().fit(ours, gold, weight, folds)
    y = np.where(gold, 1.0, -1.0)
    mean = np.average(y, axis=0, weights=weight)
    whole = reference(x, y - mean, weight, kernel)
    assert model.decision_function(ours) == pytest.approx(whole.predict(x) + mean)
    for train, test in folds:
        mean = np.average(y[train], axis=0, weights=weight[train])
        without = reference(x[train], y[train] - mean, weight[train], kernel)
        assert model.held_out_[test] == pytest.approx(without.predict(x[test]) + mean)


def test_a_label_with_one_value_is_constant() -> None:
    x = np.random.default_rng(1).normal(size=(12, 3))
    model = KernelRegression().fit(x, np.ones((12, 1), dtype=bool), np.ones(12), [(np.arange(6), np.arange(6, 12))])
    assert model.decision_function(x) == pytest.approx(1)
    assert model.held_out_[6:] == pytest.approx(1)


def test_values_are_found_where_no_straight_line_divides_them() -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(size=(300, 2))
    gold = np.digitize(np.hypot(*x.T), [0.8, 1.6])
    model = KernelValues(linked=True).fit(x[:200], gold[:200])
    found = model.predict_proba(x[200:])
    assert found.sum(axis=1) == pytest.approx(1)
    assert (model.classes_[found.argmax(axis=1)] == gold[200:]).mean() > 0.9


def test_probabilities_of_noise_are_those_of_chance() -> None:
    rng = np.random.default_rng(6)
    x, gold = rng.normal(size=(200, 20)), rng.integers(3, size=200)
    found = KernelValues(linked=True).fit(x, gold).predict_proba(rng.normal(size=(200, 20)))
    assert np.abs(found - 1 / 3).mean() < 0.06, "the link has seen that answers outside the fold tell nothing"


def test_a_text_of_weight_two_counts_as_two() -> None:
    rng = np.random.default_rng(7)
    x, gold = rng.normal(size=(40, 3)), np.arange(40) % 3
    twice = np.arange(40) < 10
    groups = np.arange(40) // 4
    weighed = KernelValues(linked=True).fit(x, gold, groups, np.where(twice, 2.0, 1.0)).predict_proba(x)
    repeated = np.r_[np.arange(40), np.flatnonzero(twice)]
    doubled = KernelValues(linked=True).fit(x[repeated], gold[repeated], groups[repeated]).predict_proba(x)
    assert weighed == pytest.approx(doubled, abs=0.02)
