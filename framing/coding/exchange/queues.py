"""Who codes what, in which order: queues of units, one per coder, kept in a manifest.

The manifest belongs to whoever runs the study, not to the coders: it says which units are coded by several of them.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.coding.codebook import Codebook
from framing.coding.codings import SEPARATOR
from framing.coding.exchange.form import variables
from framing.errors import InputError, StaleCodingError
from framing.files import read_text, write_json
from framing.schema import KEY

FORMAT = "framing-assignment-1"
"""What a manifest says of itself."""

QUEUE = ["coder", "position", *KEY, "sha"]
"""Columns of an assignment's table: ``position`` counts from 0 in each coder's queue."""


def shuffled(articles: NDArray[np.intp], n: int, reading: bool, draw: np.random.Generator) -> NDArray[np.intp]:
    """Shuffle a coder's units: one by one, or article by article where coders may read the units before.

    In the latter case the units of an article stay in reading order, so that nobody meets a unit whose context comes
    later.

    Parameters
    ----------
    articles : shape (units,)
        Number of each unit's article, from 0; units in reading order.
    n
        Of articles.
    reading
        Whether coders may read the units before.

    Returns
    -------
    order : shape (units,)
        Places of the units, in the order in which the coder meets them.
    """
    rank = draw.permutation(n)[articles] if reading else draw.permutation(len(articles))
    return np.argsort(rank, kind="stable")


@dataclass(frozen=True)
class Assignment:
    """Queues of units, one per coder, and how they were drawn.

    Attributes
    ----------
    table : shape (codings to be made, 5)
        `QUEUE`, sorted by coder in the order given and by position.
    coders
        Pseudonyms, in the order given.
    codebook, version
        Name and version of the codebook that the units are coded by.
    overlap
        Number of units that several coders code.
    per_unit
        How many coders code each of those; every other unit has one.
    whole_articles
        Whether articles were handed out whole, rather than unit by unit.
    reading_order
        Whether the units of an article follow each other as in the text; otherwise all are shuffled.
    seed
        What the draw was made from; None where a generator was given.
    """

    table: pd.DataFrame
    coders: tuple[str, ...]
    codebook: str
    version: str
    overlap: int
    per_unit: int
    whole_articles: bool
    reading_order: bool
    seed: int | None

    def queue(self, coder: str) -> pd.DataFrame:
        """Return one coder's units in order: ``position, doc_id, unit, sha``."""
        if coder not in self.coders:
            raise InputError(f"'{coder}' has no queue", cure=f"The coders are {', '.join(self.coders)}.")
        return self.table.loc[self.table["coder"].eq(coder), QUEUE[1:]].reset_index(drop=True)

    def tasks(self, shown: pd.DataFrame, coder: str) -> pd.DataFrame:
        """Return what one coder is shown, in the order of the queue.

        Parameters
        ----------
        shown
            Of all units, as `framing.coding.exchange.form.tasks` gives it.

        Raises
        ------
        StaleCodingError
            Where a unit is no longer there, or its text is not what it was when units were assigned.
        """
        queue = self.queue(coder)
        found = queue.merge(shown.rename(columns={"sha": "now"}), on=KEY, how="left")
        changed = found[found["now"].ne(found["sha"])]
        if len(changed):
            doc_id, unit = changed[KEY].iloc[0]
            raise StaleCodingError(
                f"unit {unit} of article '{doc_id}' is not there, or its text is not what was assigned",
                cure="Restore the segmentation that units were assigned from, or assign anew.",
            )
        return found.drop(columns=["position", "now"])[list(shown.columns)]

    def progress(self, answers: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
        """Hold answers against who was to code what.

        Parameters
        ----------
        answers
            As an import gives them: one row per coder and unit.

        Returns
        -------
        pandas.DataFrame
            ``coder, position, doc_id, unit, state`` of every coding asked for, and below of every one that was not:
            ``answered``; ``partial`` (some variable was left open); ``missing``; ``changed`` (of another text);
            ``unassigned`` (``position`` is missing).
        """
        said = answers[["coder", *KEY, "sha", "answered"]].rename(columns={"sha": "told"})
        both = self.table.merge(said, on=["coder", *KEY], how="outer", indicator=True)
        asked = set(variables(codebook))
        full = [not asked - set(str(cell).split(SEPARATOR)) for cell in both["answered"]]
        both["state"] = np.select(
            [both["_merge"].eq("left_only"), both["_merge"].eq("right_only"), both["told"].ne(both["sha"]), full],
            ["missing", "unassigned", "changed", "answered"],
            "partial",
        )
        place = {coder: number for number, coder in enumerate(self.coders)}
        both["order"] = both["coder"].map(place).fillna(len(place))
        both["position"] = both["position"].astype("Int64")
        both = both.sort_values(["_merge", "order", "coder", "position", *KEY], key=_known_first, ignore_index=True)
        return both[["coder", "position", *KEY, "state"]]

    def manifest(self) -> dict[str, Any]:
        """Return what `write_manifest` writes: no date in it, so that the same draw gives the same bytes."""
        units = self.table.drop_duplicates(KEY).sort_values(KEY)
        spelt = "\n".join(f"{d}\t{u}\t{s}" for d, u, s in units[[*KEY, "sha"]].itertuples(index=False))
        queues = {coder: self.queue(coder)[[*KEY, "sha"]].to_numpy().tolist() for coder in self.coders}
        return {
            "format": FORMAT,
            "codebook": {"name": self.codebook, "version": self.version},
            "units": {"n": len(units), "sha256": hashlib.sha256(spelt.encode("utf-8")).hexdigest()},
            "seed": self.seed,
            "overlap": {"units": self.overlap, "coders": self.per_unit},
            "whole_articles": self.whole_articles,
            "reading_order": self.reading_order,
            "loads": {coder: len(queue) for coder, queue in queues.items()},
            "queues": queues,
        }


def _known_first(column: pd.Series) -> pd.Series:
    """Sort codings that nobody asked for below those that somebody did."""
    return column.eq("right_only") if column.name == "_merge" else column


def write_manifest(assignment: Assignment, path: str | Path) -> None:
    """Write who codes what, as JSON, for `read_manifest`. Keep it from the coders."""
    write_json(assignment.manifest(), path)


def read_manifest(path: str | Path) -> Assignment:
    """Read what `write_manifest` wrote.

    Raises
    ------
    InputError
        Where the file is missing or is no manifest, or its queues are not those that it counts.
    """
    cure = "Give the manifest that was written when units were assigned, unchanged."
    try:
        found = json.loads(read_text(path))
        queues, book, several = found["queues"], found["codebook"], found["overlap"]
        rows = [(c, p, str(d), int(u), str(s)) for c, q in queues.items() for p, (d, u, s) in enumerate(q)]
        assignment = Assignment(
            table=pd.DataFrame(rows, columns=QUEUE),
            coders=tuple(queues),
            codebook=str(book["name"]),
            version=str(book["version"]),
            overlap=int(several["units"]),
            per_unit=int(several["coders"]),
            whole_articles=bool(found["whole_articles"]),
            reading_order=bool(found["reading_order"]),
            seed=found["seed"],
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InputError("not the manifest of an assignment", file=path, cure=cure) from None
    if assignment.manifest() != found:
        raise InputError("the manifest was changed", file=path, cure=cure)
    return assignment
