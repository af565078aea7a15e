from __future__ import annotations

import json
import multiprocessing
import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from framing.coding.desk.journal import coder_name, journal_file, open_journal, read_journal
from framing.errors import InputError

SAID = {"doc_id": "a", "unit": 0, "sha": "x", "note": "", "seconds": 1.0, "codebook": "1", "codebook_sha": "y"}


def fill(folder: Path, answers: int = 3, coder: str = "A") -> Path:
    with open_journal(folder, coder) as journal:
        for unit in range(answers):
            journal.append("answer", **SAID | {"unit": unit, "note": f"جملة {unit}"}, values={"tone": unit})
    return folder / f"{coder}.jsonl"


def test_each_event_is_a_line_for_its_owner_alone(tmp_path: Path) -> None:
    file = fill(tmp_path)
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [line["n"] for line in lines] == [1, 2, 3]
    assert {line["coder"] for line in lines} == {"A"}
    assert "جملة 2" in file.read_text(encoding="utf-8")
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_is_written_is_on_disk_before_append_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    sync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (synced.append(os.fstat(handle).st_size), sync(handle)))
    with open_journal(tmp_path, "A") as journal:
        journal.append("answer", **SAID, values={})
        assert synced[-1] == (tmp_path / "A.jsonl").stat().st_size > 0
        assert len(synced) == 1 + (os.name == "posix"), "the file's name in its folder, then the line"


@pytest.mark.parametrize("whole", [True, False])
def test_cut_off_at_any_byte_nothing_before_is_lost(tmp_path: Path, whole: bool) -> None:
    """However many bytes of the last line reached the disk, those before it stand and the next is written whole."""
    raw = fill(tmp_path).read_bytes()
    last = raw[:-1].rindex(b"\n") + 1
    for length in range(last, len(raw) + 1):
        file = tmp_path / f"b{length}" / "A.jsonl"
        file.parent.mkdir()
        file.write_bytes(raw[:length])
        complete = length >= len(raw) - 1
        log = read_journal(file)
        assert len(log.lines) == 2 + complete
        assert log.torn == (() if complete or length == last else (3,))
        with open_journal(file.parent, "A") as journal:
            assert journal.torn == log.torn
            if whole:
                journal.append("answer", **SAID | {"unit": 9}, values={})
        again = read_journal(file)
        assert [line["unit"] for line in again.standing()] == [
            0,
            1,
            *([2] if complete else []),
            *([9] if whole else []),
        ]
        assert again.torn == log.torn
        assert file.read_bytes().startswith(raw[:length]), "what was there stays for ever"


@given(cuts=st.lists(st.integers(0, 400), min_size=1, max_size=4))
@examples(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_cut_off_again_and_again(tmp_path_factory: pytest.TempPathFactory, cuts: list[int]) -> None:
    """Each time a process ends within a write, the one that mends included, the file can be opened again."""
    folder = tmp_path_factory.mktemp("cut")
    file = fill(folder, 2)
    for number, cut in enumerate(cuts):
        before = len(file.read_bytes())
        with open_journal(folder, "A") as journal:
            journal.append("answer", **SAID | {"unit": 10 + number}, values={})
        raw = file.read_bytes()
        file.write_bytes(raw[: min(len(raw), before + cut)])
        read_journal(file)
    assert [line["unit"] for line in read_journal(file).standing()][:2] == [0, 1]


def test_a_line_that_somebody_spoilt_is_refused(tmp_path: Path) -> None:
    file = fill(tmp_path)
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(lines[0] + b'{"n": 2\n' + lines[2])
    with pytest.raises(InputError, match=r"A\.jsonl, row 2: not a line"):
        read_journal(file)
    file.write_bytes(lines[0] + lines[2])
    with pytest.raises(InputError, match=r"row 2: event 3 follows event 1"):
        read_journal(file)


def test_another_coders_lines_are_refused(tmp_path: Path) -> None:
    fill(tmp_path).rename(tmp_path / "B.jsonl")
    with (
        pytest.raises(InputError, match=r"B\.jsonl, row 1: an answer of 'A' in the file of 'B'"),
        open_journal(tmp_path, "B"),
    ):
        pass


def test_a_failed_write_counts_for_nothing_and_the_next_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_journal(tmp_path, "A") as journal:
        journal.append("answer", **SAID, values={})
        write = os.write

        def full(handle: int, content: bytes) -> int:
            if len(content) > 20:
                return write(handle, content[:20])
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr(os, "write", lambda handle, content: full(handle, content[:21]))
            with pytest.raises(OSError, match="No space"):
                journal.append("answer", **SAID | {"unit": 1}, values={})
        assert len(journal.log().standing()) == 1
        journal.append("answer", **SAID | {"unit": 2}, values={})
        assert journal.torn == (2,)
    log = read_journal(tmp_path / "A.jsonl")
    assert ([line["unit"] for line in log.standing()], log.torn) == ([0, 2], (2,))


def test_an_undo_takes_back_the_last_that_stands(tmp_path: Path) -> None:
    with open_journal(tmp_path, "A") as journal:
        for unit in (0, 0, 1):
            journal.append("answer", **SAID | {"unit": unit}, values={"tone": unit})
        for n in (3, 2):
            journal.append("undo", undoes=n)
        assert [line["n"] for line in journal.log().standing()] == [1]
        assert len(journal.lines) == 5


def _hold(folder: Path, held: object, go: object) -> None:
    with open_journal(folder, "A"):
        held.set()  # type: ignore[attr-defined]
        go.wait(30)  # type: ignore[attr-defined]


def test_two_processes_of_one_coder_cannot_run(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    held, go = context.Event(), context.Event()
    process = context.Process(target=_hold, args=(tmp_path, held, go))
    process.start()
    assert held.wait(60)
    with pytest.raises(InputError, match="'A' is coding already"), open_journal(tmp_path, "A"):
        pass
    with open_journal(tmp_path, "B"):
        pass
    process.kill()
    process.join()
    with open_journal(tmp_path, "A"):
        pass


@pytest.mark.parametrize(
    "name", ["", "../B", "a/b", "a.b", "-x", "con", "LPT1", "a b", "x" * 65, ".hidden", "a\n", "a\x00"]
)
def test_a_coder_is_called_as_a_file_may_be(name: str) -> None:
    with pytest.raises(InputError, match="a coder cannot be called"):
        coder_name(name)


def test_names_of_any_script_are_names(tmp_path: Path) -> None:
    assert coder_name("سلمى") == "سلمى"
    assert coder_name("cafe\u0301") == "caf\u00e9"
    fill(tmp_path, 1, "Anna")
    with pytest.raises(InputError, match="there is a coder 'Anna' already"):
        journal_file(tmp_path, "anna")
