"""Units out and answers back on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from framing.coding.exchange import labelstudio, potato
from framing.coding.exchange.formats import MANIFEST, MODULES, format_named
from framing.coding.exchange.queues import read_manifest
from framing.files import read_table
from framing.resources import resource
from framing.study import StudyData
from tests.coding.exchange.answering import by_unit, seeds_answers
from tests.coding.exchange.test_labelstudio import filled
from tests.test_cli import Run, run

__all__ = ["run"]

BOOK = resource("annotations") / "codebook.yaml"
SEGMENTS = resource("annotations") / "segments.csv"


@pytest.fixture
def sent(run: Run, tmp_path: Path) -> Path:
    """An export of the seeds' units to two coders, in Label Studio's format."""
    ran = run("exchange", "export", "label-studio", "--coders", "A, B", "--overlap", "0.2", "--out", tmp_path / "sent")
    assert ran.code == 0
    assert "27 of them by 2 coders." in ran.out
    assert labelstudio.START in ran.out
    return tmp_path / "sent"


@pytest.fixture
def returned(sent: Path, data: StudyData) -> list[Path]:
    """What both coders sent back: all of A's queue, and all but the last of B's."""
    files = []
    for account, coder in enumerate("AB", start=1):
        said = by_unit(a for a in seeds_answers(data) if a["coder"] == coder)
        tasks = filled(sent / coder / labelstudio.TASKS, said, data.codebook, account)
        if coder == "B":
            tasks[-1]["annotations"] = []
        files.append(sent / f"{coder}.json")
        files[-1].write_text(json.dumps(tasks, ensure_ascii=False), encoding="utf-8")
    return files


def test_help_shows_how_each_tool_is_started(run: Run) -> None:
    ran = run("exchange", "--help")
    assert ran.code == 0
    for name in MODULES:
        assert f"\n  {name}: {format_named(name).TITLE}\n" in ran.out
        for line in format_named(name).START.splitlines():
            assert line in ran.out
    for off in ("SENTRY_DSN=", "COLLECT_ANALYTICS=false", "LATEST_VERSION_CHECK=false", "--internal-host 127.0.0.1"):
        assert off in labelstudio.START
    assert "--host 127.0.0.1" in potato.START


def test_answers_come_back_held_against_the_assignment(
    run: Run, sent: Path, returned: list[Path], tmp_path: Path
) -> None:
    ran = run("exchange", "import", "label-studio", *returned, "--manifest", sent / MANIFEST, "--out",
              tmp_path / "answers.csv", "--codings", tmp_path / "codings.csv", "--coder", "2=karim")  # fmt: skip
    assert ran.code == 0, ran.err
    queues = read_manifest(sent / MANIFEST).table.groupby("coder").size()
    a, b = int(queues["A"]), int(queues["B"])
    assert f"{a + b - 1} answers in {tmp_path / 'answers.csv'}: A {a}, karim {b - 1}." in ran.out
    assert f"B: {b} missing" in ran.out
    assert f"karim: {b - 1} unassigned" in ran.out
    codings = read_table(tmp_path / "codings.csv")
    assert set(codings["coder"]) == {"A", "karim"}
    given = read_table(resource("annotations") / "codings.csv")
    both = codings.merge(
        given.replace({"coder": {"B": "karim"}}), on=["doc_id", "unit", "coder"], suffixes=("", "_was")
    )
    assert len(both) == a + b - 1
    for column in ("frames", "tone", "voice", "note"):
        assert both[column].equals(both[f"{column}_was"])


def test_what_spoils_gold_stops_or_is_set_aside(run: Run, returned: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "answers.csv"
    said = run.fails("exchange", "import", "label-studio", returned[0], returned[0], "--out", out)
    assert "A.json, row 1: coder 'A' on unit" in said
    assert "two answers of this coder to this unit" in said
    assert not out.exists()
    flagged = tmp_path / "flagged.csv"
    ran = run("exchange", "import", "label-studio", returned[0], returned[0], returned[1], "--out", out, "--flagged",
              flagged)  # fmt: skip
    assert ran.code == 0
    assert f"two answers of this coder to this unit. See {flagged}." in ran.out
    assert set(read_table(out)["coder"]) == {"B"}
    assert set(read_table(flagged)["coder"]) == {"A"}


def test_a_manifest_sends_the_same_queues_to_another_tool(run: Run, sent: Path, tmp_path: Path) -> None:
    ran = run("exchange", "export", "potato", "--manifest", sent / MANIFEST, "--out", tmp_path / "again")
    assert ran.code == 0
    assert (tmp_path / "again" / MANIFEST).read_bytes() == (sent / MANIFEST).read_bytes()
    tasks = json.loads((sent / "A" / labelstudio.TASKS).read_text(encoding="utf-8"))
    assert read_table(tmp_path / "again/A" / potato.ITEMS)["text"].tolist() == [t["data"]["text"] for t in tasks]


def test_a_table_of_units_needs_no_study(run: Run, tmp_path: Path) -> None:
    only = tmp_path / "only.csv"
    pd.DataFrame({"doc_id": ["000", "000"], "unit": [3, 4]}).to_csv(only, index=False)
    common = ("--units", SEGMENTS, "--codebook", BOOK, "--coders", "A", "--overlap", "0", "--out", tmp_path / "out")
    assert "needs a seed" in run.fails("exchange", "export", "csv", *common, "--only", only)
    ran = run("exchange", "export", "csv", *common, "--only", only, "--seed", 3)
    assert ran.code == 0, ran.err
    assert len(read_table(tmp_path / "out/A/A.csv")) == 2


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            ("argilla", "--coders", "A"),
            r"unknown tool 'argilla'. Use one of label-studio, potato, doccano, inception, csv",
        ),
        (("csv",), "an export needs coders, or a manifest"),
        (("csv", "--coders", "A", "--manifest", "m.json"), "an export needs coders, or a manifest"),
        (("csv", "--coders", "A", "--units", "u.csv"), "--units and --codebook belong together"),
        (("csv", "--coders", "A,B", "--overlap", "some"), "an overlap of 'some'"),
        (("csv", "--coders", "mona,Mona", "--seed", "1"), "two coders' names differ only in capitals"),
    ],
)
def test_what_cannot_be_sent_is_told(run: Run, tmp_path: Path, args: tuple[str, ...], message: str) -> None:
    assert message in run.fails("exchange", "export", *args, "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_coders_may_have_begun_on_is_left_alone(run: Run, sent: Path) -> None:
    said = run.fails("exchange", "export", "label-studio", "--coders", "A", "--overlap", "0", "--out", sent)
    assert "there is something in it already. Name a new folder with --out." in said


def test_units_that_are_not_there_are_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "only.csv").write_text("doc_id,unit\n000,3\n000,999\n", encoding="utf-8")
    said = run.fails("exchange", "export", "csv", "--coders", "A", "--overlap", "0", "--only", tmp_path / "only.csv",
                     "--out", tmp_path / "out")  # fmt: skip
    assert "only.csv, row 3: no such unit in the study" in said


def test_an_account_needs_a_name(run: Run, returned: list[Path], tmp_path: Path) -> None:
    said = run.fails("exchange", "import", "label-studio", *returned, "--coder", "2", "--out", tmp_path / "a.csv")
    assert "--coder 2. Write it as --coder ACCOUNT=NAME." in said
