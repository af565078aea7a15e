"""Whose frames they are: the outlet's own or only reported, and the headline's or the body's."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from framing.results import Result

VOICED_COLUMNS = ("outlet", "frame", "n_units", "narrator", "named", "anonymous", "own_share")
"""Columns of frames by voice: units with the frame, of which each voice's; ``own_share`` is the narrator's."""

HEADLINE_COLUMNS = ("outlet", "doc_id", "variable", "headline", "body", "difference", "n_headlines", "n_body")
"""Columns of headline and body: share of units with the frame, or mean tone."""

_OWN = "narrator"


def frames_by_voice(coded: pd.DataFrame, frames: Mapping[str, str], voice: pd.Series) -> Result:
    """Count in whose voice each frame is told.

    Parameters
    ----------
    coded
        ``doc_id, outlet`` and the columns of the frames (bool).
    frames
        Column of each frame by its id.
    voice
        Of each unit: ``narrator``, ``named`` or ``anonymous``.

    Returns
    -------
    Result
        `VOICED_COLUMNS`; ``own_share`` is missing where an outlet has no unit with the frame.
    """
    rows: list[tuple[object, ...]] = []
    for outlet, own in coded.assign(said=voice.to_numpy()).groupby("outlet", sort=True):
        for frame, column in frames.items():
            said = own.loc[own[column].astype(bool), "said"]
            counts = [int(said.eq(value).sum()) for value in (_OWN, "named", "anonymous")]
            rows.append((outlet, frame, len(said), *counts, counts[0] / len(said) if len(said) else np.nan))
    return Result(
        table=pd.DataFrame(rows, columns=list(VOICED_COLUMNS)),
        estimand="Of an outlet's units with a frame, how many it tells in its own voice and how many it only reports.",
        method="Counts of coded units.",
        n_articles=coded["doc_id"].nunique(),
        n_units=len(coded),
    )


def headline_and_body(coded: pd.DataFrame, variables: Mapping[str, str]) -> Result:
    """Hold each article's headline against its body.

    Parameters
    ----------
    coded
        ``doc_id, outlet, unit_type`` and the columns of the variables: bool for frames, numbers for tones.
    variables
        Column of each variable by its id.

    Returns
    -------
    Result
        `HEADLINE_COLUMNS` for every article with a coded headline; headings inside the text are part of the body.
    """
    rows: list[tuple[object, ...]] = []
    for (outlet, doc_id), own in coded.groupby(["outlet", "doc_id"], sort=True):
        head = own["unit_type"].eq("headline")
        if not head.any():
            continue
        for variable, column in variables.items():
            values = pd.to_numeric(own[column].astype(float))
            parts = [values[head].dropna(), values[~head].dropna()]
            means = [float(part.mean()) if len(part) else np.nan for part in parts]
            rows.append((outlet, doc_id, variable, *means, means[0] - means[1], len(parts[0]), len(parts[1])))
    without = int(coded["doc_id"].nunique() - len({row[1] for row in rows}))
    return Result(
        table=pd.DataFrame(rows, columns=list(HEADLINE_COLUMNS)),
        estimand="Share of units with a frame, or mean tone, in an article's headline and in its body.",
        method="Codings of headline units against those of headings and sentences; no interval: it describes the text.",
        n_articles=len({row[1] for row in rows}),
        n_units=len(coded),
        caveats=(f"{without} of the articles have no coded headline in their text.",) if without else (),
    )
