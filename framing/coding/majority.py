"""Gold by majority and median."""

from __future__ import annotations

import pandas as pd

from framing.coding.codebook import FRAME_PREFIX, MENTION_PREFIX, TARGET_PREFIX, Codebook
from framing.schema import KEY


def majority_gold(codings: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Make gold from codings: majority for frames and voice, median for tones.

    A frame or a mention is gold where more than half of the unit's coders who answered gave it; a voice likewise
    (missing where none has a majority); a tone is the median of the coders who gave one, missing where the median
    falls between two values of the scale. Where nobody answered, a frame or mention is missing (``<NA>``).

    Returns
    -------
    pandas.DataFrame
        ``doc_id``, ``unit`` and the parsed columns of `read_gold`, sorted by key.
    """
    groups = codings.groupby(KEY, sort=True)
    columns: dict[str, pd.Series] = {}
    for frame in codebook.frame_ids:
        columns[FRAME_PREFIX + frame] = _more_than_half(groups[FRAME_PREFIX + frame].mean())
    if codebook.tone:
        columns["tone"] = _on_scale(groups["tone"].median(), codebook.tone)
    for party in codebook.party_ids:
        mentioned = _more_than_half(groups[MENTION_PREFIX + party].mean())
        median = _on_scale(groups[TARGET_PREFIX + party].median(), codebook.target_tone)
        columns[TARGET_PREFIX + party] = median.where(mentioned.fillna(False).astype(bool))
        columns[MENTION_PREFIX + party] = mentioned
    if codebook.voice:
        columns["voice"] = _most(codings, codebook)
    return pd.DataFrame(columns).reset_index()


def _more_than_half(share: pd.Series) -> pd.Series:
    """Tell where a share is above one half: bool, or ``boolean`` with <NA> where it is missing."""
    won = share > 0.5
    return won.astype("boolean").mask(share.isna()) if share.isna().any() else won.astype(bool)


def _on_scale(values: pd.Series, scale: tuple[int, ...]) -> pd.Series:
    return values.where(values.isin(scale))


def _most(codings: pd.DataFrame, codebook: Codebook) -> pd.Series:
    """Return the voice that more than half of each unit's coders gave, missing where there is none."""
    half = codings.groupby(KEY, sort=True)["voice"].count() / 2
    most = pd.Series(pd.NA, index=half.index, dtype="str")
    for voice in codebook.voice:
        votes = codings["voice"].eq(voice).fillna(False).astype(int)
        most = most.mask(votes.groupby([codings[k] for k in KEY], sort=True).sum() > half, voice)
    return most
