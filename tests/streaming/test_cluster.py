"""The engine of Dask gives what the local one gives, also where workers come and go."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from framing.errors import FramingError, MissingDependencyError
from framing.streaming import Dask
from framing.streaming.cluster import _holding
from framing.streaming.parts import Parts
from tests.streaming.conftest import Go
from tests.streaming.jobs import Deadly, Lengths

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """A scheduler with two workers, each a process that is started anew where it ends."""
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster:
        yield cluster.scheduler_address


def test_as_local_to_the_byte(go: Go, table: pd.DataFrame, scheduler: str) -> None:
    source = go.file(table, "in.csv")
    go(source, "local.csv")
    done = go(source, "dask.csv", engine=Dask(scheduler))
    assert (go.folder / "dask.csv").read_bytes() == (go.folder / "local.csv").read_bytes()
    assert sum(done.counts.values()) == len(table)
    assert go.left() == []


def test_a_worker_killed_in_the_middle_loses_nothing(go: Go, table: pd.DataFrame, scheduler: str) -> None:
    table.loc[20, "text"] = "kill"
    source = go.file(table, "in.csv")
    go(source, "local.csv")
    mark = go.folder / "killed"
    go(source, "dask.csv", job=lambda: Deadly(mark=str(mark), seconds=0.05), engine=Dask(scheduler))
    assert mark.exists()
    assert (go.folder / "dask.csv").read_bytes() == (go.folder / "local.csv").read_bytes()


def test_a_worker_that_does_not_share_the_folder_sends_its_parts(
    go: Go, table: pd.DataFrame, scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("framing.streaming.cluster._holding", lambda work, token: _holding(work, "of another folder"))
    written: list[int] = []
    keep = Parts.keep
    monkeypatch.setattr(Parts, "keep", lambda self, content, r: (written.append(r.number), keep(self, content, r))[1])
    source = go.file(table, "in.parquet")
    go(source, "local.csv")
    written.clear()
    go(source, "dask.csv", engine=Dask(scheduler))
    assert sorted(written) == list(range(len(written)))
    assert len(written) > 3
    assert (go.folder / "dask.csv").read_bytes() == (go.folder / "local.csv").read_bytes()


def test_parts_of_the_local_engine_are_taken_up(go: Go, table: pd.DataFrame, scheduler: str) -> None:
    class Stops(Lengths):
        def __call__(self, table: pd.DataFrame) -> pd.DataFrame:
            if (table["doc_id"] == "a9").any():
                raise KeyboardInterrupt
            return super().__call__(table)

    source = go.file(table, "in.csv")
    go(source, "local.csv")
    with pytest.raises(KeyboardInterrupt):
        go(source, "dask.csv", job=Stops)
    done = go(source, "dask.csv", engine=Dask(scheduler))
    assert done.n_out == len(table)
    assert (go.folder / "dask.csv").read_bytes() == (go.folder / "local.csv").read_bytes()


def test_an_error_in_a_chunk_is_told_as_here(go: Go, table: pd.DataFrame, scheduler: str) -> None:
    with pytest.raises(FramingError, match=r"in\.csv, column 'long': the table already has a column 'long'"):
        go(go.file(table.assign(long="x"), "in.csv"), engine=Dask(scheduler))


def test_without_a_scheduler_processes_come_and_go(go: Go, table: pd.DataFrame) -> None:
    source = go.file(table, "in.csv")
    go(source, "local.csv")
    go(source, "dask.csv", engine=Dask(workers=2))
    assert (go.folder / "dask.csv").read_bytes() == (go.folder / "local.csv").read_bytes()


def test_a_scheduler_that_is_not_there(go: Go, table: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("framing.streaming.cluster.REACH", 0.5)
    with pytest.raises(FramingError, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        go(go.file(table, "in.csv"), engine=Dask("tcp://127.0.0.1:9"))


def test_the_extra_is_named_where_it_is_missing(
    go: Go, table: pd.DataFrame, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'arabic-framing\[dask\]'"):
        go(go.file(table, "in.csv"), engine=Dask())
