"""Articles in: a folder of texts with its sources table, or one table of articles."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from framing.errors import InputError
from framing.files import existing, first_row, read_table, read_text
from framing.schema import check

SOURCES = "sources.csv"
"""Name of the sources table that is looked for in a folder of texts."""


def read_articles(path: str | Path, sources: str | Path | None = None) -> pd.DataFrame:
    """Read a corpus of articles.

    Parameters
    ----------
    path
        A folder of ``.txt`` files, or a table (``.csv``, ``.jsonl``, ``.parquet``) with the columns
        ``doc_id``, ``outlet`` and ``text``.
    sources
        For a folder: the table with the columns ``doc_id``, ``file`` and ``outlet``; by default
        ``sources.csv`` inside the folder.

    Returns
    -------
    pandas.DataFrame
        One row per article: ``doc_id``, ``outlet`` (empty where unknown), ``text`` (as it stands in the
        file, so that offsets hold), and every further column of the table.

    Raises
    ------
    InputError
        Where a file is missing or not UTF-8, a text is empty, a ``doc_id`` stands twice, or a text of the
        folder has no row in the sources table.
    """
    path = existing(path, "corpus")
    if path.is_dir():
        return _read_folder(path, path / SOURCES if sources is None else Path(sources))
    table = read_table(path)
    if table.empty:
        raise InputError("there is no article in it", file=path, cure="Write one row per article.")
    if "outlet" in table.columns:  # an unknown outlet is empty, or null where the format knows null
        table["outlet"] = table["outlet"].astype(object).where(table["outlet"].notna(), "")
    return _leading(check(table, "articles", file=path, first=first_row(path)))


def _read_folder(folder: Path, sources: Path) -> pd.DataFrame:
    table, first = read_sources(folder, sources), first_row(sources)
    texts = [listed_text(folder, name, number, sources) for number, name in enumerate(table["file"], start=first)]
    require_listed(folder, table, sources)
    return _leading(check(table.assign(text=texts), "articles", file=sources, first=first))


def read_sources(folder: Path, sources: Path) -> pd.DataFrame:
    """Read the sources table of a folder of texts, with the columns ``doc_id``, ``file`` and ``outlet`` at least.

    Raises
    ------
    InputError
        Where it is missing, or lacks a column or a row.
    """
    if not sources.exists():
        raise InputError(
            "a folder of texts needs a sources table",
            file=sources,
            cure="Write one with the columns doc_id, file, outlet: one row per text.",
        )
    table = read_table(sources)
    for column in ("doc_id", "file", "outlet"):
        if column not in table.columns:
            raise InputError(
                f"no column '{column}' (there are: {', '.join(table.columns)})",
                file=sources,
                column=column,
                cure="A sources table needs the columns doc_id, file, outlet.",
            )
    if table.empty and not any(folder.glob("*.txt")):
        raise InputError(
            "there is no article in it",
            file=sources,
            cure=f"Put a UTF-8 .txt per article into {folder}, and a row for each here; or name a table as articles.",
        )
    return table


def require_listed(folder: Path, table: pd.DataFrame, sources: Path) -> None:
    """Raise where a text of the folder has no row in the sources table."""
    unlisted = sorted({p.name for p in folder.glob("*.txt")} - set(table["file"]))
    if unlisted:
        raise InputError(
            f"the text '{unlisted[0]}' has no row here",
            file=sources,
            cure="Add a row with its doc_id, file and outlet.",
        )


def listed_text(folder: Path, name: str, number: int, sources: Path) -> str:
    """Read the text that row ``number`` of a sources table names.

    Raises
    ------
    InputError
        Where it is missing, empty or not UTF-8.
    """
    if not (folder / name).is_file():
        raise InputError(
            f"the text '{name}' is not in {folder}",
            file=sources,
            row=number,
            column="file",
            cure="Put the text there, or remove the row.",
        )
    text = read_text(folder / name)
    if not text.strip():
        raise InputError(
            "the text is empty",
            file=folder / name,
            cure=f"Fill it, or remove row {number} of {sources.name}.",
        )
    return text


def _leading(table: pd.DataFrame) -> pd.DataFrame:
    first = ["doc_id", "outlet", "text"]
    return table[[*first, *(c for c in table.columns if c not in first)]]
