"""One computation over a table of any size: checked, computed in chunks, resumed, joined."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import chain
from math import ceil
from pathlib import Path
from typing import Any, Literal

from framing.errors import InputError
from framing.streaming.chunks import Needs, Scan, chunks, scan
from framing.streaming.engines import Engine, Job, Local, Numbered, Task
from framing.streaming.parts import Parts, Receipt, Rejects
from framing.streaming.readers import Bad, Source
from framing.streaming.rows import Rows

OnError = Literal["stop", "skip"]
"""stop: the first row that cannot be used ends the run; skip: it is set aside in a file of rejects."""


@dataclass(frozen=True)
class Options:
    """How a table is gone through; none of it changes a value.

    Attributes
    ----------
    chunk
        Rows computed at once.
    on_error
        See `OnError`.
    restart
        Throw away what an interrupted run has left.
    engine
        What runs the computation.
    """

    chunk: int = 5000
    on_error: OnError = "stop"
    restart: bool = False
    engine: Engine = field(default_factory=Local)


@dataclass(frozen=True)
class Done:
    """What a run came to: rows read and written, rows set aside with their file, what the job counted."""

    n_rows: int
    n_out: int
    n_rejected: int
    rejects: Path
    counts: dict[str, int]


def stream(
    source: Source,
    needs: Needs,
    job: Callable[[], Job],
    out: str | Path,
    identity: dict[str, str],
    options: Options | None = None,
) -> Done:
    """Compute over a table in chunks and write the results as one table.

    The output appears whole or not at all. Parts lie in a hidden folder beside it meanwhile; a run that was ended at
    any time goes on from them when it is called again with the same input and identity.

    Parameters
    ----------
    source
        The rows.
    needs
        What the computation needs of them.
    job
        Gives the computation; called once every row is known to be usable, and only where something is left to do.
        It can be pickled, since the engine may call it in another process.
    out
        Where the results go (``.csv``, ``.jsonl`` or ``.parquet``).
    identity
        What the results depend on besides the input: hashes and options by name.
    options
        How to go about it.

    Raises
    ------
    InputError
        Where the table cannot be used, or parts of a run with another identity lie beside the output.
    """
    options, out = options or Options(), Path(out).absolute()
    parts = Parts(out)
    with Rejects(out, source.path) as rejects:

        def on_bad(bad: Bad) -> None:
            if options.on_error == "stop":
                raise bad.error or InputError(
                    bad.problem, file=source.path, row=bad.row, column=bad.column, cure=bad.cure
                )
            rejects.add(bad)

        found = scan(source, needs, options.chunk, on_bad)
        rows = {"--chunk": str(options.chunk), "--on-error": options.on_error}
        told = {"input": source.sha(), **identity, **rows, "version of framing": version("arabic-framing")}
        receipts = parts.open(told, restart=options.restart)
        pieces = chunks(source, needs, options.chunk, found.skipped)
        try:
            n_parts = _compute(job, found, pieces, receipts, source, out, options)
        finally:
            parts.drop_empty()
        parts.finish(n_parts, rejects)
        counts: Counter[str] = Counter()
        for receipt in receipts.values():
            counts.update(receipt.counts)
        n_out = sum(receipt.n_out for receipt in receipts.values())
        return Done(found.n_rows, n_out, rejects.count, rejects.path, dict(counts.most_common()))


def _compute(
    job: Callable[[], Job],
    found: Scan,
    pieces: Iterator[Rows],
    receipts: dict[int, Receipt],
    source: Source,
    out: Path,
    options: Options,
) -> int:
    """Compute what no receipt is there for, add the receipts, and return how many parts there are."""
    from tqdm.auto import tqdm

    n_parts = 0

    def left() -> Iterator[Numbered]:
        nonlocal n_parts
        for number, rows in enumerate(pieces):
            n_parts = number + 1
            if number not in receipts:
                yield number, rows

    todo = left()
    first = next(todo, None)
    if first is not None:
        task = Task(job, found.columns, out, source.path)
        done = sum(receipt.n_rows for receipt in receipts.values())
        bars: list[Any] = []

        def begin() -> None:
            # Rate and time left are of this run: what an earlier one has done counts as done, not as fast.
            bars.append(tqdm(total=found.n_rows, initial=done, unit=" rows", desc=out.name, disable=None))

        try:
            n_chunks = ceil((found.n_rows - done) / options.chunk)
            for receipt in options.engine.run(task, chain([first], todo), n_chunks, begin):
                receipts[receipt.number] = receipt
                bars[0].update(receipt.n_rows)
        finally:
            for bar in bars:
                bar.close()
    return n_parts
