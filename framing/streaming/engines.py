"""Engines: what runs a computation over chunks, in this process, in several, or on a Dask cluster."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd

from framing.errors import FramingError, InputError
from framing.resources import environment
from framing.streaming.formats import content_of
from framing.streaming.parts import Parts, Receipt
from framing.streaming.rows import Rows

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing.context import BaseContext

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
    source
        The file that the rows are from.
    """

    job: Job
    columns: tuple[str, ...]
    out: Path
    source: Path

    def compute(self, number: int, rows: Rows) -> tuple[bytes, Receipt]:
        """Return the part and its receipt.

        Raises
        ------
        InputError
            Where rows cannot be used, or the job's columns are in the table already.
        """
        try:
            return self._computed(number, rows)
        except InputError as error:
            if error.file is not None:
                raise
            # Of a chunk, which knows no file.
            raise InputError(
                error.problem, file=self.source, row=error.row, column=error.column, cure=error.cure
            ) from None

    def _computed(self, number: int, rows: Rows) -> tuple[bytes, Receipt]:
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


@dataclass(frozen=True, eq=False)
class Task:
    """Work that is still to be made, in this process or in another; the attributes are those of `Work`.

    Attributes
    ----------
    make
        Gives the job.
    """

    make: Callable[[], Job]
    columns: tuple[str, ...]
    out: Path
    source: Path

    def __call__(self) -> Work:
        """Make the job."""
        return Work(self.make(), self.columns, self.out, self.source)


class Engine(Protocol):
    """Runs work over chunks."""

    def run(
        self, task: Task, chunks: Iterator[Numbered], n_chunks: int, on_made: Callable[[], None]
    ) -> Iterator[Receipt]:
        """Give the receipt of each part once it is written, in any order.

        ``n_chunks`` is about how many there are; ``on_made`` is called when the job is made.
        """


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

    def run(
        self, task: Task, chunks: Iterator[Numbered], n_chunks: int, on_made: Callable[[], None]
    ) -> Iterator[Receipt]:
        """Give the receipt of each part once it is written."""
        workers = min(self.workers, n_chunks)
        if workers > 1:
            yield from _in_processes(task, chunks, workers, on_made)
            return
        work = task()
        on_made()
        with one_thread():
            for number, rows in chunks:
                yield work.write(number, rows)


@contextmanager
def one_thread() -> Iterator[None]:
    """Let linear algebra use one thread.

    So the last bits of a sum do not depend on how many workers there are, and workers do not compete.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="blas"):
        yield


_FORKS = sys.platform == "linux"
"""Whether workers may share what is loaded: they are forked from a server that has computed nothing, never from this
process, whose encoder's threads would not survive it. On macOS and Windows each loads its own."""


def _in_processes(
    task: Task, chunks: Iterator[Numbered], workers: int, on_made: Callable[[], None]
) -> Iterator[Receipt]:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    unmade = _packed(task)
    context = _context(task.make.__module__)
    now = dict(os.environ)  # the server has those of its own beginning
    alone = ProcessPoolExecutor(1, context, initializer=_begin, initargs=(now,))
    try:
        pickled = alone.submit(_made, unmade).result()
    except BrokenProcessPool:
        raise FramingError(
            "The process that makes what is computed was ended from outside, most often for want of memory."
        ) from None
    except BaseException:
        for process in (alone._processes or {}).values():  # else an interrupt would wait for it
            process.terminate()
        raise
    finally:
        alone.shutdown()
    on_made()
    pool = ProcessPoolExecutor(workers, context, initializer=_hold, initargs=(now, pickled))
    try:
        yield from _windowed(pool, chunks, AHEAD * workers)
    except BrokenProcessPool:
        raise FramingError(
            "A worker process was ended from outside, most often for want of memory. The same command goes on where "
            "it stopped; fewer --workers or a smaller --chunk need less."
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


def _context(module: str) -> BaseContext:
    """Return how workers are started: by a server that has loaded a module, or each alone where there can be none."""
    if not _FORKS:
        return multiprocessing.get_context("spawn")
    from multiprocessing import forkserver, resource_tracker

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([module, WRITING])
    resource_tracker.ensure_running()  # which would take the mask off again
    # Ctrl-C is the main process's to tell of, not that of a server that is loading; and what it loads lies where this
    # process finds it, not in the folder in which the user happens to be.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        with environment(PYTHONSAFEPATH="1", PYTHONPATH=os.pathsep.join(filter(None, sys.path))):
            forkserver.ensure_running()
    except OSError:  # such as a path of temporary files that is too long for a socket
        return multiprocessing.get_context("spawn")
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    try:
        answer = context.Process(target=gc.freeze)
        answer.start()
        answer.join()
    except (OSError, EOFError):  # the server could not load
        return multiprocessing.get_context("spawn")
    return context


def _packed(thing: object) -> bytes:
    """Return something as bytes for another process."""
    try:
        return pickle.dumps(thing)
    except (AttributeError, TypeError, pickle.PicklingError) as error:
        raise _not_sent(error) from None


def _unpacked(packed: bytes) -> Any:
    try:
        return pickle.loads(packed)
    except (AttributeError, ImportError) as error:
        raise _not_sent(error) from None


def _not_sent(error: Exception) -> FramingError:
    return FramingError(
        f"What makes the job, or the job, cannot be sent to another process ({error}). Use functions and classes of a "
        "module that can be imported, functools.partial instead of a lambda, or one worker."
    )


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
    n_written = 0


def _begin(variables: Mapping[str, str]) -> None:
    if _FORKS:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    gc.freeze()  # what is shared with other processes is not copied to look for garbage in it
    os.environ.clear()
    os.environ.update(variables)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _made(unmade: bytes) -> bytes:
    return _packed(_unpacked(unmade)())


def _hold(variables: Mapping[str, str], pickled: bytes) -> None:
    _begin(variables)
    os.environ["TQDM_DISABLE"] = "1"  # before tqdm is imported: progress is the main process's to show
    # One thread each, for what reads it when it is loaded, such as an encoder.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from threadpoolctl import threadpool_limits

    threadpool_limits(1)  # of those that are loaded, for good
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
