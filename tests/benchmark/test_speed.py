"""The benchmark of speed: texts, rows, and that both sides do the same."""

from __future__ import annotations

import time

import pytest

from framing.benchmark import speed


def test_sentences_are_drawn_from_the_seeds() -> None:
    texts = speed.resampled(50, 1)
    assert len(texts) == 50
    assert texts == speed.resampled(50, 1)
    assert texts != speed.resampled(50, 2)
    assert all(text.strip() for text in texts)


def test_a_ratio_says_how_many_times_faster_ours_is() -> None:
    found = speed.compared(
        "sleep", "longer sleep", lambda: time.sleep(0.01), lambda: time.sleep(0.05), units=10, rounds=3, note="n"
    )
    assert 2 < found["ratio_low"] <= found["ratio"] <= found["ratio_high"] < 8
    assert found["ours"] > found["theirs"]
    assert (found["setting"], found["system"], found["source"], found["note"]) == ("sleep", "longer sleep", "ours", "n")


@pytest.mark.parametrize("section", [speed.normalising, speed.counting], ids=lambda section: section.__name__)
def test_sections_give_rows(section: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "MANY", 400)
    rows = speed.run(0, 1, (section,))  # type: ignore[arg-type]
    assert rows
    assert all(found["ratio"] > 0 for found in rows)
