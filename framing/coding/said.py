"""What coders said, whichever of its two forms a table has: codings or answers."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from framing.coding.codebook import Codebook
from framing.coding.codings import VERSION, parse_codes, read_codings
from framing.coding.drift import WHEN
from framing.files import read_table
from framing.schema import KEY


def read_said(path: str | Path, codebook: Codebook) -> pd.DataFrame:
    """Read a table of codings, or one of answers (it has a column ``answered``).

    Returns
    -------
    pandas.DataFrame
        As `framing.read_codings` returns them; from answers with ``created_at`` and ``codebook``.

    Raises
    ------
    InputError
        As `framing.read_codings` and `framing.coding.exchange.form.read_answers` raise it.
    """
    from framing.coding.exchange.form import read_answers, to_codings

    if "answered" not in read_table(path).columns:
        return read_codings(path, codebook)
    answers = read_answers(path, codebook)
    kept = answers[[*KEY, "coder", WHEN, VERSION]]
    table = to_codings(answers, codebook).drop(columns=[WHEN, VERSION], errors="ignore")
    return parse_codes(table.merge(kept, on=[*KEY, "coder"], validate="one_to_one"), codebook, path)
