"""The command that reads off the text how an event is told."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from framing.cli.shared import StudyFile, say_who_coded


def portray(
    study: StudyFile = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the tables (.csv).")] = None,
    suggest: Annotated[
        bool, typer.Option("--suggest", help="Only list words that may be further names of the parties.")
    ] = False,
) -> None:
    """Read off a study's texts how they tell their event: voice, parties, facts, words and reuse.

    With --suggest, look over the list and add to [parties] of the study file what is a name of the party.

    \b
    Example:
      framing portray --out portrayal/
      framing portray my-study/study.toml --suggest
    """
    from framing.files import write_table
    from framing.portrayal import suggest_aliases
    from framing.report.portrayal import portrayal_lines
    from framing.study import load_data, load_study
    from framing.study.portrayal import portray as read

    chosen = load_study(study)
    data = load_data(chosen, draft=True)
    if suggest:
        table = suggest_aliases(data.units, chosen.parties)
        if out is not None:
            write_table(table, out / "suggestions.csv")
        shown = table.drop(columns=["doc_id", "unit"])
        print(shown.to_string(index=False) if len(table) else "No word looks like a further name of a party.")
        return
    found = read(chosen, data)
    if out is not None:
        for name, table in found.frames().items():
            write_table(table, out / f"{name}.csv")
    print(portrayal_lines(found))
    if found.scores:
        say_who_coded(data.provenance)
        if data.provenance is not None and data.provenance.samples:
            print(data.provenance.samples)
    if out is not None:
        print(f"Written: {out}/*.csv; columns.csv says what their columns hold.")
