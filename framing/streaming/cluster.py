"""The engine that runs on Dask: a scheduler's workers, or processes of this machine that come and go with the run."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from framing.errors import FramingError, MissingDependencyError
from framing.resources import installed
from framing.streaming.engines import AHEAD, Numbered, Task, Work, one_thread
from framing.streaming.parts import Parts, Receipt
from framing.streaming.rows import Rows

if TYPE_CHECKING:
    from distributed import Client, Worker

SHARED = "shared"
"""File in the folder of parts whose token a worker reads to know that the folder is the same."""

REACH = 20.0
"""Seconds for a scheduler to answer."""

WAIT = 60
"""Seconds for the first worker to come."""


@dataclass(frozen=True)
class Dask:
    """The engine of a Dask cluster.

    Parameters
    ----------
    scheduler
        Address such as ``tcp://host:8786``; None for processes of this machine.
    workers
        Processes where there is no scheduler.
    """

    scheduler: str | None = None
    workers: int = 1

    def run(
        self, task: Task, chunks: Iterator[Numbered], n_chunks: int, on_made: Callable[[], None]
    ) -> Iterator[Receipt]:
        """Give the receipt of each part once it is written.

        A worker that shares the folder of parts writes them itself; any other sends them back. The chunks travel with
        their tasks, so that what a lost worker had is computed by another, and a part has one name, whoever writes it.

        Raises
        ------
        FramingError
            Where the scheduler cannot be reached, has no worker, or a worker has another version of the package.
        """
        with self._client(n_chunks) as client:
            _require_same_version(client)
            work = task()
            on_made()
            yield from _on_workers(client, work, chunks)

    @contextmanager
    def _client(self, n_chunks: int) -> Iterator[Client]:
        try:
            from distributed import Client, LocalCluster
        except ImportError:
            raise MissingDependencyError(
                "distributed", "The engine 'dask'", "pip install 'arabic-framing[dask]'"
            ) from None
        if self.scheduler is None:
            workers = max(1, min(self.workers, n_chunks))
            with (
                LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=":0") as local,
                Client(local) as client,
            ):
                yield client
            return
        try:
            client = Client(self.scheduler, timeout=REACH)
        except (OSError, ValueError) as error:
            raise FramingError(
                f"No Dask scheduler answers at {self.scheduler} ({error}). Start one with 'dask scheduler', and "
                f"workers with 'dask worker {self.scheduler}'."
            ) from None
        with client:
            yield client


def _require_same_version(client: Client) -> None:
    try:
        client.wait_for_workers(1, timeout=WAIT)
    except TimeoutError:
        address = client.scheduler_info()["address"]
        raise FramingError(
            f"The scheduler at {address} has no worker. Start one with 'dask worker {address}'."
        ) from None
    own = installed("arabic-framing")
    for worker, found in client.run(installed, "arabic-framing").items():
        if found != own:
            told = "does not have this package" if found is None else f"has version {found} of it"
            raise FramingError(f"The worker {worker} {told}. Install arabic-framing {own} there.")


def _on_workers(client: Client, work: Work, chunks: Iterator[Numbered]) -> Iterator[Receipt]:
    from distributed import as_completed
    from distributed.scheduler import KilledWorker

    token = secrets.token_hex(16)
    parts = Parts(work.out)
    (parts.folder / SHARED).write_text(token, encoding="utf-8")
    name = f"framing-{token}"
    client.register_plugin(_holding(work, token), name=name)
    try:
        running = as_completed()
        for number, rows in chunks:
            # Two chunks a worker wait there, so that none is idle and no more than these are in memory.
            running.add(client.submit(_write, name, number, rows, key=f"{name}-{number}", pure=False))
            if running.count() >= AHEAD * max(1, len(client.scheduler_info(n_workers=-1)["workers"])):
                yield _taken(next(running), parts)
        for future in running:
            yield _taken(future, parts)
    except KilledWorker as error:
        raise FramingError(
            f"Workers were ended again and again by the same chunk, most often for want of memory ({error}). The same "
            "command goes on where it stopped."
        ) from None
    finally:
        client.unregister_worker_plugin(name)


def _taken(future: Any, parts: Parts) -> Receipt:
    """Return the receipt, having written the part where the worker could not."""
    content, receipt = future.result()
    future.release()
    if content is not None:
        parts.keep(content, receipt)
    found: Receipt = receipt
    return found


def _holding(work: Work, token: str) -> Any:
    """Return what gives every worker the work once, those that come or come back later too."""
    from distributed import WorkerPlugin

    class Holding(WorkerPlugin):  # type: ignore[misc]
        """The work of one run, and whether the worker shares the folder of parts."""

        def setup(self, worker: Worker) -> None:
            """Take one thread each, and look for the folder."""
            self.work, self.limits = work, ExitStack()
            self.limits.enter_context(one_thread())
            mark = Parts(work.out).folder / SHARED
            self.shares = mark.is_file() and mark.read_text(encoding="utf-8") == token

        def teardown(self, worker: Worker) -> None:
            """Give the threads back."""
            self.limits.close()

    return Holding()


def _write(name: str, number: int, rows: Rows) -> tuple[bytes | None, Receipt]:
    """Compute a part on a worker."""
    from distributed import get_worker

    holding: Any = get_worker().plugins[name]
    if holding.shares:
        return None, holding.work.write(number, rows)
    content, receipt = holding.work.compute(number, rows)
    return content, receipt
