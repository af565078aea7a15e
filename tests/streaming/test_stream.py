"""A table gone through in chunks gives what it gives in one piece, whatever the format and wherever it was ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from framing.errors import FramingError, InputError, MissingDependencyError
from framing.files import read_table
from framing.streaming import Local, TableFile
from framing.streaming.chunks import chunks
from tests.conftest import ROOT
from tests.streaming.conftest import NEEDS, Go
from tests.streaming.jobs import Deadly, Lengths, locked, refused, told_by_environment

ENDINGS = ("csv", "jsonl", "parquet")


def same(one: Path, other: Path) -> bool:
    if one.suffix == ".parquet":
        first, second = pq.read_table(one), pq.read_table(other)
        return bool(first.schema.equals(second.schema)) and first.to_pylist() == second.to_pylist()
    return one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("out", ENDINGS)
def test_the_size_of_a_chunk_changes_nothing(go: Go, table: pd.DataFrame, ending: str, out: str) -> None:
    source = go.file(table, f"in.{ending}")
    for chunk in (1, 7, 5000):
        done = go(source, f"{chunk}.{out}", chunk=chunk)
        assert (done.n_rows, done.n_out, done.n_rejected) == (len(table), len(table), 0)
        assert sum(done.counts.values()) == len(table)
        assert same(go.folder / f"{chunk}.{out}", go.folder / f"1.{out}")
    found = read_table(go.folder / f"7.{out}")
    assert found.columns.tolist() == [*table.columns, "letters", "before", "share", "long"]
    assert found["text"].tolist() == table["text"].tolist()
    assert found["unit"].astype(int).tolist() == table["unit"].tolist()
    expected = Lengths()(table)
    assert found["before"].astype(int).tolist() == expected["before"].tolist()
    assert np.allclose(found["share"].astype(float), expected["share"], atol=1e-6)
    assert go.left() == []


def test_several_processes_give_the_same_to_the_byte(go: Go, table: pd.DataFrame) -> None:
    source = go.file(table, "in.csv")
    go(source, "one.csv", chunk=4)
    go(source, "two.csv", chunk=4, engine=Local(2))
    assert same(go.folder / "one.csv", go.folder / "two.csv")


def test_a_parquet_file_keeps_its_types(go: Go) -> None:
    kinds = pa.schema(
        [
            pa.field("text", pa.large_string(), metadata={"from": "desk"}),
            ("day", pa.date32()),
            ("price", pa.decimal128(6, 2)),
            ("outlet", pa.dictionary(pa.int8(), pa.string())),
            ("tags", pa.list_(pa.string())),
        ]
    )
    days = [date(2026, 1, 1), None, date(2026, 3, 1)]
    rows = pa.table(
        [["أ", "ب", "ج"], days, [None, None, None], pa.array(["x", "y", "x"]).dictionary_encode(), [["a"], [], None]],
        names=kinds.names,
    ).cast(kinds)
    pq.write_table(rows, go.folder / "in.parquet", row_group_size=1)
    go(go.folder / "in.parquet", "out.parquet", chunk=1)
    found = pq.read_table(go.folder / "out.parquet")
    assert found.select(kinds.names).equals(rows)
    assert found.schema.field("text").metadata == {b"from": b"desk"}
    go(go.folder / "in.parquet", "out.csv", chunk=1)
    assert (go.folder / "out.csv").read_text().splitlines()[1].startswith('أ,2026-01-01,,x,"[""a""]",1,')


def test_jsonl_values_of_several_kinds_and_missing_keys(go: Go) -> None:
    rows = [{"text": "أ", "n": 1}, {"text": "ب", "n": 2.5, "id": "x"}, {"text": "ج", "id": 7, "none": None}]
    source = go.folder / "in.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    for chunk in (1, 3):
        go(source, "out.jsonl", chunk=chunk)
        lines = [json.loads(line) for line in (go.folder / "out.jsonl").read_text().splitlines()]
        assert [{k: v for k, v in line.items() if k in row} for line, row in zip(lines, rows, strict=True)] == rows
        go(source, "out.parquet", chunk=chunk)
        found = pq.read_table(go.folder / "out.parquet").to_pydict()
        assert found["n"] == [1.0, 2.5, None]
        assert found["id"] == [None, "x", "7"]
        go(source, "out.csv", chunk=chunk)
        assert (go.folder / "out.csv").read_text().splitlines()[0].startswith("text,n,id,none,letters")


def test_an_article_larger_than_a_chunk_stays_whole(go: Go) -> None:
    table = pd.DataFrame({"doc_id": ["a"] * 40 + ["b"] * 2, "text": ["نص"] * 42})
    go(go.file(table, "in.csv"), chunk=3)
    assert read_table(go.folder / "out.csv")["before"].astype(int).tolist() == [*range(0, 80, 2), 0, 2]


def test_an_article_that_goes_on_elsewhere_is_told(go: Go) -> None:
    table = pd.DataFrame({"doc_id": list("aabba"), "text": ["نص"] * 5})
    source = go.file(table, "in.csv")
    message = r"in\.csv, row 6, column 'doc_id': goes on with the article of row 2, .* Sort the table by doc_id"
    with pytest.raises(InputError, match=message):
        go(source, chunk=2)
    assert go.left() == []
    go(source, chunk=5)
    assert read_table(go.folder / "out.csv")["before"].tolist() == ["0", "2", "0", "2", "4"]


def test_rows_without_an_article_stand_alone(go: Go) -> None:
    table = pd.DataFrame({"doc_id": ["a", "", "a", ""], "text": ["نص"] * 4})
    with pytest.raises(InputError, match="goes on with the article of row 2"):
        go(go.file(table, "in.csv"), chunk=1)
    go(go.file(table.assign(doc_id=["a", "a", "", ""]), "in.csv"), chunk=1)
    assert len(read_table(go.folder / "out.csv")) == 4


BAD = {
    "in.csv": 'doc_id,text\na,نص\nb, \nc,نص,x\nd,"قال "نعم" ثم"\n\ne,نص\n'.encode()
    + b"f,\xd5\xdd\n"
    + "g,آخر\n".encode(),
    "in.jsonl": b'{"text": "a"}\n\n{"text": "b"\n[1]\n{"text": " "}\n{"id": 1}\n{"text": ["x"]}\n{"text": "\\ud800"}\n'
    b'{"text": "\xd5"}\n{"text": "z"}\n\n',
}
REASONS = {
    "in.csv": {
        3: "the text is empty",
        4: "3 fields, where the header has 2",
        5: "a quotation mark inside a quoted field is not doubled",
        6: "the text is empty",
        8: "holds bytes that are not UTF-8",
    },
    "in.jsonl": {
        2: "the line is blank",
        3: "not valid JSON (Expecting ',' delimiter)",
        4: "a JSON list, where an object is needed",
        5: "the text is empty",
        6: "the text is empty",
        7: "['x'] is not a text",
        8: "half of a character (a lone surrogate)",
        9: "byte 0xd5 is not UTF-8",
    },
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("chunk", [1, 100])
def test_bad_rows_are_set_aside_with_number_and_reason(go: Go, name: str, chunk: int) -> None:
    source = go.folder / name
    source.write_bytes(BAD[name])
    row, reason = next(iter(REASONS[name].items()))
    with pytest.raises(InputError) as stopped:
        go(source, chunk=chunk)
    assert (stopped.value.file, stopped.value.row, stopped.value.problem) == (str(source), row, reason)
    done = go(source, chunk=chunk, on_error="skip")
    told = [json.loads(line) for line in done.rejects.read_text(encoding="utf-8").splitlines()]
    assert [(reject["row"], reject["reason"]) for reject in told] == list(REASONS[name].items())
    assert done.n_rejected == len(told) == len(REASONS[name])
    assert all("record" in reject for reject in told)
    assert done.n_out == len(read_table(go.folder / "out.csv")) == {"in.csv": 3, "in.jsonl": 2}[name]
    source.write_bytes(b"text\nx\n" if name == "in.csv" else b'{"text": "x"}\n')
    go(source)
    assert not done.rejects.exists()  # those of another run would mislead


def test_a_quotation_that_is_never_closed(go: Go) -> None:
    (go.folder / "in.csv").write_text('text,n\nنص,1\n"مفتوح,2\nنص,3\n', encoding="utf-8")
    with pytest.raises(InputError, match="row 3: a quotation mark is opened and never closed"):
        go(go.folder / "in.csv")


def test_a_cell_of_any_length_is_read(go: Go) -> None:
    go(go.file(pd.DataFrame({"text": ["ن" * 300_000]}), "in.csv"))
    assert read_table(go.folder / "out.csv")["letters"].tolist() == ["300000"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no header"),
        ("text\n", "there is no row in it"),
        ("a,a\n1,2\n", r"row 1, column 'a': the column stands twice"),
        ("body\nx\n", r"column 'text': no column 'text' \(there are: body\)\. Name it 'text'\."),
        ("text,share\nx,1\n", r"in\.csv, column 'share': the table already has a column 'share'\. Rename it first\."),
    ],
)
def test_what_cannot_be_used_is_told_and_leaves_nothing(go: Go, content: str, message: str) -> None:
    (go.folder / "in.csv").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        go(go.folder / "in.csv")
    assert [path.name for path in go.folder.iterdir()] == ["in.csv"]


def test_an_interrupted_run_goes_on(go: Go, table: pd.DataFrame) -> None:
    source = go.file(table, "in.csv")
    go(source, "whole.csv")

    class Stops(Lengths):
        called = 0

        def __call__(self, table: pd.DataFrame) -> pd.DataFrame:
            Stops.called += 1
            if Stops.called == 4:
                raise KeyboardInterrupt
            return super().__call__(table)

    with pytest.raises(KeyboardInterrupt):
        go(source, job=Stops)
    assert not (go.folder / "out.csv").exists()
    assert go.left() == [".out.csv.parts"]
    done = go(source, job=Stops)
    assert Stops.called == 1 + len(list(chunks(TableFile(source), NEEDS, 5)))  # nothing is computed twice
    assert same(go.folder / "out.csv", go.folder / "whole.csv")
    assert sum(done.counts.values()) == len(table)
    assert go.left() == []


def test_parts_of_another_input_model_or_option_are_not_taken(go: Go, table: pd.DataFrame) -> None:
    source = go.file(table, "in.csv")

    class Stops(Lengths):
        def __call__(self, table: pd.DataFrame) -> pd.DataFrame:
            if (table["doc_id"] == "a9").any():
                raise KeyboardInterrupt
            return super().__call__(table)

    def stop() -> None:
        with pytest.raises(KeyboardInterrupt):
            go(source, job=Stops, restart=True, model="m1")

    stop()
    with pytest.raises(InputError, match=r"out\.csv: an interrupted run with another model lies .* --restart"):
        go(source, model="m2")
    with pytest.raises(InputError, match="with another --chunk lies"):
        go(source, chunk=6, model="m1")
    go.file(table.iloc[::-1], "in.csv")
    with pytest.raises(InputError, match="with another input lies"):
        go(source, model="m1")
    assert not (go.folder / "out.csv").exists()
    go(source, model="m2", restart=True)
    assert len(read_table(go.folder / "out.csv")) == len(table)


RUN = """
import sys
from functools import partial
from pathlib import Path
from framing.streaming import Local, Needs, Options, TableFile, stream
from tests.streaming.jobs import Lengths
folder = Path(sys.argv[1])
if __name__ == "__main__":
    stream(TableFile(folder / "in.csv"), Needs(("text",), whole=True), partial(Lengths, seconds=0.05),
           folder / "out.csv", {}, Options(5, engine=Local(int(sys.argv[2]))))
"""


@pytest.mark.parametrize("workers", [1, 2])
def test_kill_9_at_any_time_loses_nothing(go: Go, table: pd.DataFrame, workers: int) -> None:
    source = go.file(table, "in.csv")
    go(source, "whole.csv")
    (go.folder / "run.py").write_text(RUN)
    command = [sys.executable, str(go.folder / "run.py"), str(go.folder), str(workers)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    parts = go.folder / ".out.csv.parts"
    for wanted in (1, 4):  # killed, taken up, killed again
        with subprocess.Popen(command, env=environment, start_new_session=True) as process:
            while process.poll() is None and len(list(parts.glob("part-*.json"))) < wanted:
                time.sleep(0.005)
            os.killpg(process.pid, signal.SIGKILL)
        assert not (go.folder / "out.csv").exists()
    before = len(list(parts.glob("part-*.json")))
    done = go(source, "out.csv", job=Lengths)
    assert before >= 4
    assert done.n_out == len(table)
    assert same(go.folder / "out.csv", go.folder / "whole.csv")
    assert go.left() == []


def test_workers_end_with_a_main_process_that_is_killed(go: Go, table: pd.DataFrame) -> None:
    go.file(table, "in.csv")
    (go.folder / "run.py").write_text(RUN)
    command = [sys.executable, str(go.folder / "run.py"), str(go.folder), "2"]
    parts = go.folder / ".out.csv.parts"
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, start_new_session=True) as process:
        while process.poll() is None and not list(parts.glob("part-*.json")):
            time.sleep(0.005)
        process.kill()
    for _ in range(200):
        try:
            os.killpg(process.pid, 0)  # asks whether anybody of the group is left
        except ProcessLookupError:
            return
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    pytest.fail("workers wait for a process that is gone")


def test_a_worker_that_is_ended_is_told(go: Go, table: pd.DataFrame) -> None:
    table.loc[30, "text"] = "kill"
    source = go.file(table, "in.csv")
    with pytest.raises(FramingError, match="A worker process was ended from outside"):
        go(source, job=Deadly, engine=Local(2))
    go(source, job=Lengths)
    assert len(read_table(go.folder / "out.csv")) == len(table)


def test_what_cannot_be_sent_to_a_process_is_told(go: Go, table: pd.DataFrame) -> None:
    with pytest.raises(FramingError, match=r"cannot be sent to another process .*functools\.partial"):
        go(go.file(table, "in.csv"), job=lambda: Lengths(), engine=Local(2))


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_wrong_with_making_the_job_is_not_the_tables_fault(go: Go, table: pd.DataFrame, workers: int) -> None:
    with pytest.raises(InputError, match=r"^the study has no gold\. Code it\.$"):
        go(go.file(table, "in.csv"), job=refused, engine=Local(workers))


def test_a_job_that_cannot_travel_is_told(go: Go, table: pd.DataFrame) -> None:
    with pytest.raises(FramingError, match=r"cannot be sent to another process .*lock"):
        go(go.file(table, "in.csv"), job=locked, engine=Local(2))


def test_without_a_server_each_worker_loads_its_own(
    go: Go, table: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of temporary files may have too long a path for a socket."""
    source = go.file(table, "in.csv")
    go(source, "one.csv")

    def refuse() -> None:
        raise OSError("AF_UNIX path too long")

    monkeypatch.setattr("multiprocessing.forkserver.ensure_running", refuse)
    go(source, "two.csv", engine=Local(2))
    assert same(go.folder / "one.csv", go.folder / "two.csv")


def test_workers_load_nothing_of_the_folder_where_the_user_is(go: Go, table: pd.DataFrame, tmp_path: Path) -> None:
    go.file(table, "in.csv")
    (go.folder / "run.py").write_text(RUN)
    here = tmp_path / "here"
    here.mkdir()
    (here / "csv.py").write_text("raise ValueError('not a module')\n")
    command = [sys.executable, str(go.folder / "run.py"), str(go.folder), "2"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, cwd=here, capture_output=True, text=True, check=False)
    assert (done.returncode, "not a module" in done.stderr) == (0, False), done.stderr


def test_the_job_is_made_with_the_environment_of_now(
    go: Go, table: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers are forked from a server that may have begun in another."""
    source = go.file(table, "in.csv")
    for told in ("one", "two"):
        monkeypatch.setenv("FRAMING_TOLD", told)
        go(source, f"{told}.csv", job=told_by_environment, engine=Local(2))
        assert set(read_table(go.folder / f"{told}.csv")["told"]) == {told}


def test_errors_travel_between_processes() -> None:
    import pickle

    error = InputError("wrong", file="a.csv", row=3, column="x", cure="Mend it.")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.row, again.cure) == (str(error), 3, "Mend it.")
    missing = MissingDependencyError("p", "This", "pip install p")
    assert str(pickle.loads(pickle.dumps(missing))) == str(missing)
