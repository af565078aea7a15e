from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from framing.files import write_table
from framing.streaming import Done, Engine, Job, Local, Needs, OnError, Options, TableFile, stream
from tests.streaming.jobs import Lengths

NEEDS = Needs(("text",), whole=True, cure="Name it 'text'.")
WORDS = ("نص", "نص أطول", 'فيه "اقتباس"، وفاصلة, لاتينية', "سطر\nثان", "عودة\rوحدها")


@pytest.fixture
def table() -> pd.DataFrame:
    """Articles of 1 to 6 units; a column of numbers with gaps; every kind of line break in the texts."""
    rows = [
        {"doc_id": f"a{article}", "unit": unit, "text": f"{WORDS[(article + unit) % 5]} {unit}", "page": str(article)}
        for article in range(12)
        for unit in range(1 + article % 6)
    ]
    return pd.DataFrame(rows)


class Go:
    """Runs a job over a table on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, table: pd.DataFrame, name: str) -> Path:
        write_table(table, self.folder / name)
        return self.folder / name

    def __call__(
        self,
        source: Path,
        out: str = "out.csv",
        *,
        job: Callable[[], Job] = Lengths,
        chunk: int = 5,
        engine: Engine | None = None,
        on_error: OnError = "stop",
        restart: bool = False,
        needs: Needs = NEEDS,
        **identity: str,
    ) -> Done:
        options = Options(chunk, on_error, restart, engine or Local())
        return stream(TableFile(source), needs, job, self.folder / out, identity, options)

    def left(self) -> list[str]:
        """What lies in the folder besides tables."""
        return sorted(path.name for path in self.folder.iterdir() if path.name.startswith("."))


@pytest.fixture
def go(tmp_path: Path) -> Go:
    return Go(tmp_path)
