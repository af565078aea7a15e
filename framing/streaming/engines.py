"""Engines: what runs a computation over chunks, in this process, in several, or on a Dask cluster."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pandas as pd

from framing.errors import FramingError, InputError
from framing.streaming.formats import content_of
from framing.streaming.parts import Parts, Receipt
from framing.streaming.rows import Rows

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

AHEAD = 2
"""Chunks a worker that are read ahead of the computation."""

COLLECTED = 20
"""Chunks of a worker between two searches for cyclic garbage, of which a chunk leaves next to none: to search as Python
does by itself means to walk over all that is remembered, again and again."""

WRITING = "pyarrow.parquet"
"""What workers load besides the module of the job."""

Numbered = tuple[int, Rows]


class Job(Protocol):
    """A computation on a chunk, the same for the same rows whatever the chunk they come in; can be pickled."""

    @property
    def reads(self) -> tuple[str, ...]:
        """Columns that it is given where the table has them."""

    @property
    def keeps(self) -> bool:
        """Whether it gives a row for each row, to stand beside the table's own columns."""

    @property
    def counted(self) -> str:
        """Column whose values are counted, or empty."""

    def __call__(self, table: pd.DataFrame) -> pd.DataFrame:
        """Compute."""


@dataclass(frozen=True, eq=False)
class Work:
    """A job, with where its parts go.

    Attributes
    ----------
    job
        What is computed.
    columns
        Those of the whole table.
    out
        The output, beside which the parts are kept.
    """

    job: Job
    columns: tuple[str, ...]
    out: Path

    @classmethod
    def of(cls, job: Callable[[], Job], columns: tuple[str, ...], out: Path) -> Work:
        """Make the job."""
        return cls(job(), columns, out)

    def compute(self, number: int, rows: Rows) -> tuple[bytes, Receipt]:
        """Return the part and its receipt.

        Raises
        ------
        InputError
            Where the job's columns are in the table already.
        """
        job = self.job
        produced = job(rows.frame([name for name in job.reads if name in self.columns]))
        taken = [name for name in produced.columns if name in self.columns] if job.keeps else []
        if taken:
            raise InputError(f"the table already has a column '{taken[0]}'", column=taken[0], cure="Rename it first.")
        kept = rows if job.keeps else None
        kind = Parts(self.out).kind
        content = content_of(kept, produced, kind, self.columns, first=number == 0)
        counts = produced[job.counted].value_counts().to_dict() if job.counted else {}
        return content, Receipt(number, len(rows), len(produced), {str(k): int(v) for k, v in counts.items()})

    def write(self, number: int, rows: Rows) -> Receipt:
        """Compute a part and write it."""
        content, receipt = self.compute(number, rows)
        Parts(self.out).keep(content, receipt)
        return receipt


class Engine(Protocol):
    """Runs work over chunks."""

    def ready(self, module: str) -> None:
        """Begin to load a module where the work will be done; returns at once."""

    def run(self, work: Callable[[], Work], chunks: Iterator[Numbered], n_chunks: int) -> Iterator[Receipt]:
        """Give the receipt of each part once it is written, in any order; ``n_chunks`` is about how many there are."""


@dataclass(frozen=True)
class Local:
    """The engine of one machine.

    Parameters
    ----------
    workers
        Processes; 1 computes in this one. With more, the work is made in a process of its own, because what making it
        leaves in memory goes with that process; so what makes it can be pickled.
    """

    workers: int = 1

    def ready(self, module: str) -> None:
        """Begin to load a module in the process from which the workers are forked, where they are."""
        if self.workers > 1 and _FORKS:
            from multiprocessing import forkserver

            multiprocessing.set_forkserver_preload([module, WRITING])
            forkserver.ensure_running()

    def run(self, work: Callable[[], Work], chunks: Iterator[Numbered], n_chunks: int) -> Iterator[Receipt]:
        """Give the receipt of each part once it is written."""
        workers = min(self.workers, n_chunks)
        if workers <= 1:
            made = work()
            with one_thread():
                for number, rows in chunks:
                    yield made.write(number, rows)
            return
        yield from _in_processes(work, chunks, workers)


@contextmanager
def one_thread() -> Iterator[None]:
    """Let linear algebra use one thread.

    So the last bits of a sum do not depend on how many workers there are, and workers do not compete.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="blas"):
        yield


_FORKS = sys.platform == "linux"
"""Whether workers share what is loaded: they are forked from a server that has computed nothing, never from this
process, whose encoder's threads would not survive it. On macOS and Windows each loads its own."""


def _in_processes(work: Callable[[], Work], chunks: Iterator[Numbered], workers: int) -> Iterator[Receipt]:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    try:
        unmade = pickle.dumps(work)
    except (AttributeError, TypeError, pickle.PicklingError) as error:
        raise FramingError(
            f"What makes the job cannot be sent to another process ({error}). Give a function of a module or a "
            "functools.partial of one instead of a lambda, or use one worker."
        ) from None
    context = multiprocessing.get_context("forkserver" if _FORKS else "spawn")
    environment = dict(os.environ)  # the server has that of its own beginning
    try:
        with ProcessPoolExecutor(1, context, initializer=_begin, initargs=(environment,)) as alone:
            pickled = alone.submit(_made, unmade).result()
        pool = ProcessPoolExecutor(workers, context, initializer=_hold, initargs=(environment, pickled))
        try:
            yield from _windowed(pool, chunks, AHEAD * workers)
        finally:
            pool.shutdown(cancel_futures=True)
    except BrokenProcessPool:
        raise FramingError(
            "A worker process was ended from outside, most often for want of memory. The same command goes on where "
            "it stopped; fewer --workers or a smaller --chunk need less."
        ) from None


def _windowed(pool: ProcessPoolExecutor, chunks: Iterator[Numbered], most: int) -> Iterator[Receipt]:
    pending: set[Future[Receipt]] = set()
    for number, rows in chunks:
        pending.add(pool.submit(_write, number, rows))
        if len(pending) >= most:
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
    while pending:
        done, pending = wait(pending, return_when=FIRST_COMPLETED)
        yield from (future.result() for future in done)


class _Held:
    """In a worker process, its work: unpickled once."""

    work: Work
    limits: ExitStack
    n_written = 0


def _begin(environment: Mapping[str, str]) -> None:
    gc.freeze()  # what is shared with other processes is not copied to look for garbage in it
    os.environ.clear()
    os.environ.update(environment)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _made(unmade: bytes) -> bytes:
    return pickle.dumps(pickle.loads(unmade)())


def _hold(environment: Mapping[str, str], pickled: bytes) -> None:
    _begin(environment)
    os.environ["TQDM_DISABLE"] = "1"  # before tqdm is imported: progress is the main process's to show
    # One thread each, for what reads it when it is loaded, such as an encoder.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    _Held.limits = ExitStack()
    _Held.limits.enter_context(one_thread())
    _Held.work = pickle.loads(pickled)
    gc.disable()


def _end_with_parent() -> None:
    """End where the main process is killed, instead of waiting for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _write(number: int, rows: Rows) -> Receipt:
    receipt = _Held.work.write(number, rows)
    _Held.n_written += 1
    if _Held.n_written % COLLECTED == 0:
        gc.collect()
    return receipt
