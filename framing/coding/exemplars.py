"""Exemplars: sentences constructed from the codebook's definitions, to learn from and never to test on."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from framing.coding.codebook import Codebook
from framing.coding.codings import parse_codes
from framing.errors import InputError
from framing.files import first_row, read_table
from framing.schema import check

CONSTRUCTED = "constructed"
"""What ``origin`` must say of every exemplar."""


def read_exemplars(path: str | Path, codebook: Codebook) -> pd.DataFrame:
    """Read exemplars.

    Parameters
    ----------
    path
        A table with ``id``, ``origin`` (always `CONSTRUCTED`), ``style`` (who might have written it; exemplars of one
        style are kept together wherever training is split), ``frames``, ``tone`` where the codebook has one, and
        ``text``.
    codebook
        Whose ids and values the cells must hold.

    Returns
    -------
    pandas.DataFrame
        With ``has_<frame>`` (bool), ``tone`` (float) and what else the table holds.

    Raises
    ------
    InputError
        For a missing column, an unknown frame id or value, or a row that does not say it is constructed.
    """
    table = check(read_table(path), "exemplars", file=path, first=first_row(path))
    for number, origin in enumerate(table["origin"], start=first_row(path)):
        if origin != CONSTRUCTED:
            raise InputError(
                f"origin '{origin}'",
                file=path,
                row=number,
                column="origin",
                cure=f"Exemplars are '{CONSTRUCTED}'; coded units belong in the codings.",
            )
    return parse_codes(table, codebook, path, ("frames", "tone"))
