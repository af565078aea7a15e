"""Segmentation of a corpus of any size: a folder text by text, a table in chunks of articles."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from framing.corpus.articles import SOURCES, listed_text, read_sources, require_listed
from framing.corpus.segmentation import segment
from framing.errors import InputError
from framing.files import existing, first_row
from framing.schema import check
from framing.streaming import Bad, Done, Needs, OnBad, Options, Rows, Source, TableFile, stream
from framing.streaming.rows import missing

CHUNK = 500
"""Articles that are cut at once."""

_COLUMNS = ("doc_id", "outlet", "text")
_NEEDS = Needs(
    required=_COLUMNS,
    filled=("doc_id", "text"),
    unique=True,
    cure=f"A table of articles needs the columns {', '.join(_COLUMNS)}.",
)


@dataclass(frozen=True)
class TextFolder:
    """A folder of ``.txt`` with its sources table, read text by text.

    Attributes
    ----------
    folder
        The folder.
    path
        The sources table.
    """

    folder: Path
    path: Path

    def sha(self) -> str:
        """Return a hash of the sources table and the texts that it names."""
        table = read_sources(self.folder, self.path)
        digest = hashlib.sha256(self.path.read_bytes())
        for name in table["file"]:
            if (self.folder / name).is_file():
                digest.update((self.folder / name).read_bytes())
        return digest.hexdigest()

    def rows(self, on_bad: OnBad) -> Iterator[Rows]:
        """Give the articles one by one; a text that cannot be read is a bad row of the sources table."""
        table, first = read_sources(self.folder, self.path), first_row(self.path)
        records = [dict(zip(map(str, table.columns), cells, strict=True)) for cells in table.itertuples(index=False)]
        for number, record in enumerate(records, start=first):
            try:
                text = listed_text(self.folder, record["file"], number, self.path)
            except InputError as error:
                on_bad(Bad(number, error.problem, record=record, error=error))
                continue
            yield Rows([number], [{**record, "text": text}])
        require_listed(self.folder, table, self.path)


@dataclass(frozen=True)
class Segmenting:
    """Articles to units, as a job of `framing.streaming`."""

    reads: tuple[str, ...] = _COLUMNS
    keeps: bool = False
    counted: str = "unit_type"

    def __call__(self, table: pd.DataFrame) -> pd.DataFrame:
        """Cut the articles."""
        outlets = ["" if missing(outlet) else outlet for outlet in table["outlet"]]
        return segment(check(table.assign(outlet=outlets), "articles"))


def segment_file(
    path: str | Path, out: str | Path, sources: str | Path | None = None, options: Options | None = None
) -> Done:
    """Cut a corpus of any size into units and write them.

    Parameters
    ----------
    path, sources
        As `framing.read_articles` takes them.
    out
        Where to write the units, as `framing.segment` gives them (``.csv``, ``.jsonl`` or ``.parquet``).
    options
        How to go through the articles.

    Raises
    ------
    InputError
        Where the corpus cannot be used.
    """
    path = existing(path, "corpus")
    listed = path / SOURCES if sources is None else Path(sources)
    source: Source = TextFolder(path, listed) if path.is_dir() else TableFile(path)
    return stream(source, _NEEDS, Segmenting, out, {}, options or Options(chunk=CHUNK))
