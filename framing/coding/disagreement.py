"""The units on which coders differ, as a table to talk over."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import combinations
from typing import Any

import pandas as pd

from framing.coding.alpha import set_differences
from framing.coding.codebook import FRAME_PREFIX, MENTION_PREFIX, Codebook
from framing.coding.codings import SEPARATOR, UNANSWERED
from framing.schema import KEY

Code = frozenset[str] | float | str | None
"""What a coder said: a set of frames, a tone, a voice, or None where nothing applies or the party is not mentioned."""

CODER = "coder_"
"""Prefix of the columns that hold what each coder said."""


def differences(codings: pd.DataFrame, codebook: Codebook, units: pd.DataFrame | None = None) -> pd.DataFrame:
    """List what coders said where they did not say the same, in the order of the text.

    Parameters
    ----------
    codings
        As `framing.read_codings` returns them.
    units
        With ``doc_id, unit, text``, to show what was coded.

    Returns
    -------
    pandas.DataFrame
        A row per unit and variable (``frames``, ``tone``, ``tone_<party>``, ``voice``): ``doc_id, unit, variable``,
        ``differ`` (the frames on which coders differ; else empty), ``distance`` (mean over pairs of coders, from 0 to
        1: MASI for frames, steps of the scale as a share of its width for tones, and 1 where one saw the party
        mentioned and another did not, 0 or 1 for voice), ``coder_<name>`` for each coder (spelt as in the codings;
        ``?`` where the answer is missing, empty where the coder did not have the unit), ``notes`` and ``text``.
    """
    coders = sorted(map(str, codings["coder"].unique()))
    by_unit: dict[tuple[str, int], list[dict[Hashable, Any]]] = {}
    for row in codings.sort_values([*KEY, "coder"]).to_dict("records"):
        by_unit.setdefault((row["doc_id"], row["unit"]), []).append(row)
    rows: list[dict[str, object]] = []
    for key, own in by_unit.items():
        for variable in _variables(codebook):
            said = {str(row["coder"]): _code(row, variable, codebook) for row in own}
            known = {coder: code for coder, (answered, code) in said.items() if answered}
            if len(set(known.values())) < 2:
                continue
            pairs = [_distance(a, b, variable, codebook) for a, b in combinations(known.values(), 2)]
            spelt = {c: _spelt(code, codebook) if answered else UNANSWERED for c, (answered, code) in said.items()}
            rows.append(
                {
                    **dict(zip(KEY, key, strict=True)),
                    "variable": variable,
                    "differ": _differ(known) if variable == "frames" else "",
                    "distance": sum(pairs) / len(pairs),
                    **{CODER + coder: spelt.get(coder, "") for coder in coders},
                    "notes": _notes(own),
                }
            )
    columns = [*KEY, "variable", "differ", "distance", *(CODER + coder for coder in coders), "notes"]
    table = pd.DataFrame(rows, columns=columns)
    if units is not None:
        texts = dict(zip(zip(units["doc_id"], units["unit"], strict=True), units["text"], strict=True))
        table["text"] = [texts.get(key, "") for key in zip(table["doc_id"], table["unit"], strict=True)]
    return table


def _variables(codebook: Codebook) -> list[str]:
    """Return the variables as coders answer them, frames as one."""
    found = [v.id for v in codebook.variables if v.kind in ("ordinal", "nominal")]
    return ["frames", *found] if codebook.frames else found


def _code(row: Mapping[Hashable, Any], variable: str, codebook: Codebook) -> tuple[bool, Code]:
    """Return whether a coder answered for a variable, and what."""
    if variable == "frames":
        cells = {frame: row[FRAME_PREFIX + frame] for frame in codebook.frame_ids}
        if any(pd.isna(cell) for cell in cells.values()):
            return False, None
        return True, frozenset(frame for frame, cell in cells.items() if cell)
    value = row[variable]
    party = codebook.party_of(variable)
    if party is not None:
        mention = row[MENTION_PREFIX + party]
        return not pd.isna(mention), None if pd.isna(value) else float(value)
    if pd.isna(value):
        return False, None
    return True, str(value) if variable == "voice" else float(value)


def _distance(a: Code, b: Code, variable: str, codebook: Codebook) -> float:
    if isinstance(a, frozenset) and isinstance(b, frozenset):
        return float(set_differences([a, b], "masi")[0, 1])
    if isinstance(a, float) and isinstance(b, float):
        scale = codebook.tone if variable == "tone" else codebook.target_tone
        return abs(a - b) / (scale[-1] - scale[0])
    return float(a != b)


def _spelt(code: Code, codebook: Codebook) -> str:
    if isinstance(code, frozenset):
        return SEPARATOR.join(frame for frame in codebook.frame_ids if frame in code)
    return "" if code is None else f"{code:g}" if isinstance(code, float) else code


def _differ(known: dict[str, Code]) -> str:
    sets = [code for code in known.values() if isinstance(code, frozenset)]
    every, some = frozenset.intersection(*sets), frozenset.union(*sets)
    return SEPARATOR.join(sorted(some - every))


def _notes(own: Sequence[Mapping[Hashable, Any]]) -> str:
    pairs = [(row["coder"], row.get("note")) for row in own]
    return " | ".join(f"{coder}: {note}" for coder, note in pairs if pd.notna(note) and str(note).strip())
