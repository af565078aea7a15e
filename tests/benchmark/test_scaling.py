from __future__ import annotations

import pytest

from framing.benchmark import scaling

pytest.importorskip("distributed")


def test_sentences_are_drawn_from_the_articles() -> None:
    table = scaling.resampled(50, 1)
    assert table["doc_id"].value_counts().tolist() == [20, 20, 10]
    assert table.equals(scaling.resampled(50, 1))
    assert not table["text"].equals(scaling.resampled(50, 2)["text"])


@pytest.mark.slow
def test_two_workers_are_faster_than_one() -> None:
    rows = scaling.run(1, 3)
    assert [row["setting"] for row in rows[:2]] == ["1 workers", "2 workers"]
    assert all(row["least"] <= row["sentences_per_second"] <= row["most"] for row in rows)
    assert rows[1]["ratio"] > 1.3  # 1.6 on a machine that does nothing else
