from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from framing.models.targets import Targets


def test_rare_labels_weigh_more_where_asked_but_not_without_bound() -> None:
    y = np.zeros((1000, 2), dtype=bool)
    y[:250, 0], y[:2, 1] = True, True
    even = np.ones(1000)
    plain, balanced = (Targets.of(y, even, (), choice) for choice in (False, True))
    assert plain.weights.tolist() == [1.0, 1.0]
    assert balanced.weights.tolist() == [3.0, 20.0]
    assert expit(plain.biases) == pytest.approx([0.25, 0.01])
    assert balanced.biases - balanced.shift == pytest.approx(plain.biases)


def test_values_are_weighed_by_rarity() -> None:
    targets = Targets.of(np.repeat(["a", "b"], [30, 10]), np.ones(40), (), False)
    assert targets.weights.tolist() == pytest.approx([2 / 3, 2.0])
    assert targets.biases[0] == pytest.approx(targets.biases[1])
    assert targets.coded(np.array(["b", "a"])).tolist() == [1, 0]


def test_weights_of_texts_count_in_the_rates() -> None:
    targets = Targets.of(np.array([True, False, False]), np.array([2.0, 1.0, 1.0]), (), False)
    assert expit(targets.biases) == pytest.approx([0.5])
    assert targets.flat


def test_bools_with_values_are_values() -> None:
    assert not Targets.of(np.array([True, False]), np.ones(2), (False, True), False).labels


@pytest.mark.parametrize("gold", [np.eye(3, dtype=bool), np.array([True, False]), np.array(["b", "a", "b"])])
def test_a_card_brings_the_same_back(gold: np.ndarray) -> None:
    targets = Targets.of(gold, np.ones(len(gold)), (), True)
    again = Targets.read(targets.card())
    assert again.card() == targets.card()
    assert again.coded(gold).tolist() == targets.coded(gold).tolist()
