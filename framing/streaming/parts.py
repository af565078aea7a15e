"""Results in parts: each written whole, kept beside the output until all are there, then joined in order."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from framing.errors import InputError
from framing.files import atomic, plain, table_format
from framing.streaming.formats import join_parquet
from framing.streaming.readers import Bad

JOURNAL = "journal.json"


@dataclass(frozen=True)
class Receipt:
    """What is known of a part that is written.

    Attributes
    ----------
    number
        Of the part, from 0.
    n_rows, n_out
        Rows that went in, and that came out.
    counts
        What the computation counted in it.
    """

    number: int
    n_rows: int
    n_out: int
    counts: dict[str, int]


class Parts:
    """The folder of an output's parts, with the journal of what they were made from.

    A part counts once its receipt is there, and both are renamed into place when they are whole: a process that is
    killed at any time leaves parts that count or none.

    Parameters
    ----------
    out
        The output; the folder lies beside it, hidden.
    """

    def __init__(self, out: Path) -> None:
        self.out, self.kind = out, table_format(out)
        self.folder = out.parent / f".{out.name}.parts"

    def open(self, identity: dict[str, str], *, restart: bool) -> dict[int, Receipt]:
        """Begin, or go on where an earlier run with the same identity stopped.

        Parameters
        ----------
        identity
            Everything that the result depends on, by the name that a user knows.
        restart
            Throw away what another run has left.

        Returns
        -------
        dict of int to Receipt
            The parts that are there.

        Raises
        ------
        InputError
            Where an unfinished run of another identity lies there.
        """
        if restart and self.folder.exists():
            shutil.rmtree(self.folder)
        journal = self.folder / JOURNAL
        if journal.exists():
            self._require_same(json.loads(journal.read_text(encoding="utf-8")), identity)
        self.folder.mkdir(parents=True, exist_ok=True)
        if not journal.exists():
            with atomic(journal) as scratch:
                scratch.write_text(json.dumps(identity, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        receipts = [Receipt(**json.loads(path.read_text(encoding="utf-8"))) for path in self.folder.glob("part-*.json")]
        return {receipt.number: receipt for receipt in receipts if self.part(receipt.number).exists()}

    def _require_same(self, before: dict[str, str], now: dict[str, str]) -> None:
        changed = [name for name in {**before, **now} if before.get(name) != now.get(name)]
        if changed:
            raise InputError(
                f"an interrupted run with another {' and another '.join(changed)} lies beside it, unfinished",
                file=self.out,
                cure="Repeat that run to finish it, name another --out, or add --restart to throw its parts away.",
            )

    def part(self, number: int) -> Path:
        """Return where a part is kept."""
        return self.folder / f"part-{number:08d}.{self.kind}"

    def receipt(self, number: int) -> Path:
        """Return where the receipt of a part is kept."""
        return self.folder / f"part-{number:08d}.json"

    def keep(self, content: bytes, receipt: Receipt) -> None:
        """Write a part and then its receipt."""
        with atomic(self.part(receipt.number)) as scratch:
            scratch.write_bytes(content)
        with atomic(self.receipt(receipt.number)) as scratch:
            scratch.write_text(json.dumps(asdict(receipt), ensure_ascii=False), encoding="utf-8")

    def drop_empty(self) -> None:
        """Remove the folder where no part is in it."""
        if self.folder.exists() and not any(self.folder.glob("part-*.json")):
            shutil.rmtree(self.folder)

    def finish(self, n_parts: int, rejects: Rejects) -> None:
        """Join the parts into the output, put the rejects beside it, and remove the folder."""
        paths = [self.part(number) for number in range(n_parts)]
        with atomic(self.out) as scratch:
            if self.kind == "parquet":
                join_parquet(paths, scratch)
            else:
                with scratch.open("wb") as whole:
                    for path in paths:
                        with path.open("rb") as file:
                            shutil.copyfileobj(file, whole)
            rejects.publish()
        shutil.rmtree(self.folder)


class Rejects:
    """Rows that could not be used, set aside beside the output with their number and the reason.

    Parameters
    ----------
    out
        The output.
    source
        Where the rows come from.
    """

    def __init__(self, out: Path, source: Path) -> None:
        self.path = out.with_name(f"{out.name}.rejects.jsonl")
        self.source = source
        self.count = 0
        self._kept = tempfile.TemporaryFile()  # noqa: SIM115  # on disk, since there may be many; closed on exit

    def __enter__(self) -> Rejects:
        return self

    def __exit__(self, *told: object) -> None:
        self._kept.close()

    def add(self, bad: Bad) -> None:
        """Set a row aside."""
        self.count += 1
        told = {"file": str(self.source), "row": bad.row, "column": bad.column, "reason": bad.problem}
        record = bad.record if isinstance(bad.record, str) else plain(bad.record)
        line = json.dumps({**told, "record": record}, ensure_ascii=False, default=str)
        self._kept.write(line.encode("utf-8", "backslashreplace") + b"\n")

    def publish(self) -> None:
        """Write the file, whole; where there is no such row, that of an earlier run goes."""
        if self.count:
            self._kept.seek(0)
            with atomic(self.path) as scratch, scratch.open("wb") as file:
                shutil.copyfileobj(self._kept, file)
        else:
            self.path.unlink(missing_ok=True)
