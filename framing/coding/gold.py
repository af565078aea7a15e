"""Gold from codings, adjudicated where coders differ, and where each of its values is from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from framing.coding.codebook import FRAME_PREFIX, MENTION_PREFIX, Codebook, Variable
from framing.coding.codings import SEPARATOR, UNANSWERED, VERSION
from framing.coding.dawid_skene import most_probable
from framing.coding.majority import majority_gold
from framing.errors import InputError
from framing.schema import KEY

Method = Literal["majority", "dawid-skene"]
"""How values are decided on which coders differ. majority: more than half of the coders, the median for tones;
dawid-skene: the most probable value where coders err at rates of their own (Dawid & Skene 1979)."""

How = Literal["unanimous", "single", "majority", "median", "dawid-skene", "adjudicated", "none"]
"""How a value came about. unanimous: all coders who answered gave it; single: only one coder answered; none: no value
has a majority, the median lies between two values, or nobody answered."""

YES, NO = "yes", "no"
"""How it is spelt that a frame is present or absent, or a party mentioned or not."""

FEWEST = 3
"""Coders below whom the model of Dawid and Skene cannot tell who errs."""


@dataclass(frozen=True, eq=False)
class Gold:
    """What is taken as true of each unit, and where it is from.

    Attributes
    ----------
    table
        The parsed columns of `framing.read_gold`, sorted by key.
    provenance
        A row per unit and variable that has a value or was asked for: ``doc_id, unit, variable, value`` (``yes`` or
        ``no`` for frames and mentions; empty: none), ``how`` (see `How`), ``n_for, n_against`` (coders who gave this
        value, another one), ``coders_for, coders_against`` (their names, joined by ``;``), ``probability`` (of the
        value under ``dawid-skene``, else nan), ``adjudicator, note`` (of the adjudication, else empty) and
        ``codebook`` (its version).
    """

    table: pd.DataFrame
    provenance: pd.DataFrame

    def undecided(self) -> pd.DataFrame:
        """Return the rows of the provenance that an adjudicator is still to decide."""
        return self.provenance[self.provenance["how"] == "none"].reset_index(drop=True)


def make_gold(
    codings: pd.DataFrame,
    codebook: Codebook,
    adjudications: pd.DataFrame | None = None,
    *,
    method: Method = "majority",
) -> Gold:
    """Make gold from codings, which stay as they are, and lay adjudications over it.

    Parameters
    ----------
    codings
        As `framing.read_codings` returns them.
    adjudications
        As `framing.coding.read_adjudications` returns them.
    method
        See `Method`.

    Raises
    ------
    InputError
        Where fewer than three coders are to be told apart by ``dawid-skene``.
    """
    probability: dict[tuple[str, int, str], float] = {}
    if method == "dawid-skene":
        table, probability = _modelled(codings, codebook)
    else:
        table = majority_gold(codings, codebook)
    decided = {} if adjudications is None else _decisions(adjudications)
    table = _adjudicated(table, decided, codebook)
    rows = [
        row
        for variable in codebook.variables
        for row in _origins(codings, table, variable, codebook, decided, probability, method)
    ]
    order = {variable.id: place for place, variable in enumerate(codebook.variables)}
    provenance = pd.DataFrame(rows, columns=list(_COLUMNS))
    provenance = provenance.sort_values(
        [*KEY, "variable"], key=lambda c: c.map(order) if c.name == "variable" else c, ignore_index=True
    )
    return Gold(table, provenance)


_COLUMNS = (
    *KEY, "variable", "value", "how", "n_for", "n_against", "coders_for", "coders_against", "probability",
    "adjudicator", "note", VERSION,
)  # fmt: skip


def gold_table(gold: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Spell gold as `framing.read_gold` reads it, with the version of the codebook in a column of its own.

    Parameters
    ----------
    gold
        As `majority_gold` or `Gold.table`.

    Returns
    -------
    pandas.DataFrame
        ``doc_id, unit, frames, tone, tone_<party>, voice, codebook``: text, but for ``unit``.
    """
    table = gold[KEY].copy()
    if codebook.frames:
        frames = [FRAME_PREFIX + frame for frame in codebook.frame_ids]
        table["frames"] = [
            UNANSWERED
            if any(pd.isna(cell) for cell in row)
            else SEPARATOR.join(frame for frame, cell in zip(codebook.frame_ids, row, strict=True) if cell)
            for row in gold[frames].itertuples(index=False)
        ]
    for variable in (v for v in codebook.variables if v.kind in ("ordinal", "nominal")):
        cells = spelling(gold, variable)
        party = codebook.party_of(variable.id)
        if party is not None and (mention := MENTION_PREFIX + party) in gold.columns:
            asked = gold[mention].isna() | (gold[mention].fillna(False).astype(bool) & gold[variable.column].isna())
            cells = cells.mask(asked, UNANSWERED)
        table[variable.column] = cells
    return table.assign(**{VERSION: codebook.version})


def spelling(table: pd.DataFrame, variable: Variable) -> pd.Series:
    """Spell a variable's values as tables hold them: yes or no, a number, an id; empty where missing."""
    if variable.kind in ("frame", "mention"):
        names: dict[object, str] = {True: YES, False: NO}
    else:
        names = {value: f"{value:g}" if variable.kind == "ordinal" else str(value) for value in variable.values}
    return table[variable.column].astype(object).map(names).fillna("").astype("str")


def _origins(
    codings: pd.DataFrame,
    table: pd.DataFrame,
    variable: Variable,
    codebook: Codebook,
    decided: dict[tuple[str, int, str], dict[str, object]],
    probability: dict[tuple[str, int, str], float],
    method: Method,
) -> list[dict[str, object]]:
    """Tell of one variable where its gold is from, a row per unit; towards a party, of units that mention it."""
    said = _said(codings, variable)
    party = codebook.party_of(variable.id)
    asked = pd.Series(True, index=table.index)
    if party is not None and (mention := MENTION_PREFIX + party) in table.columns:
        asked = table[mention].fillna(False).astype(bool)
    known = table.loc[asked, [*KEY, variable.column]]
    rows = []
    for doc_id, unit, value in zip(known["doc_id"], known["unit"], spelling(known, variable), strict=True):
        key = (str(doc_id), int(unit), variable.id)
        codes = said.get(key[:2], {})
        agree = [coder for coder, code in codes.items() if code == value]
        against = [coder for coder, code in codes.items() if code != value]
        own = decided.get(key)
        rows.append(
            {
                **dict(zip(KEY, key[:2], strict=True)),
                "variable": variable.id,
                "value": value,
                "how": "adjudicated" if own is not None else _how(value, agree, against, variable, method),
                "n_for": len(agree),
                "n_against": len(against),
                "coders_for": SEPARATOR.join(agree),
                "coders_against": SEPARATOR.join(against),
                "probability": float("nan") if own is not None else probability.get(key, float("nan")),
                "adjudicator": "" if own is None else own["adjudicator"],
                "note": "" if own is None else own["note"],
                VERSION: codebook.version,
            }
        )
    return rows


def _said(codings: pd.DataFrame, variable: Variable) -> dict[tuple[str, int], dict[str, str]]:
    """Return what each coder who answered said of each unit, as spelt."""
    found: dict[tuple[str, int], dict[str, str]] = {}
    own = codings[[*KEY, "coder", variable.column]].dropna().sort_values("coder")
    columns = (own["doc_id"], own["unit"], own["coder"], spelling(own, variable))
    for doc_id, unit, coder, value in zip(*columns, strict=True):
        found.setdefault((str(doc_id), int(unit)), {})[str(coder)] = value
    return found


def _how(value: str, agree: list[str], against: list[str], variable: Variable, method: Method) -> How:
    if not agree and not against:
        return "none"
    if not against:
        return "unanimous" if len(agree) > 1 else "single"
    if method == "dawid-skene":
        return "dawid-skene"
    if variable.kind == "ordinal":
        return "median" if value else "none"
    return "majority" if len(agree) > len(against) else "none"


def _decisions(adjudications: pd.DataFrame) -> dict[tuple[str, int, str], dict[str, object]]:
    rows = adjudications.to_dict("records")
    return {
        (str(row["doc_id"]), int(row["unit"]), str(row["variable"])): {str(k): v for k, v in row.items()}
        for row in rows
    }


def _adjudicated(
    table: pd.DataFrame, decided: dict[tuple[str, int, str], dict[str, object]], codebook: Codebook
) -> pd.DataFrame:
    """Lay decisions over a table of gold."""
    columns = {variable.id: variable for variable in codebook.variables}
    place = {(str(d), int(u)): i for i, (d, u) in enumerate(zip(table["doc_id"], table["unit"], strict=True))}
    table = table.copy()
    cells = {variable.column: table[variable.column].astype(object).tolist() for variable in codebook.variables}
    for (doc_id, unit, ident), row in decided.items():
        cells[columns[ident].column][place[doc_id, unit]] = row["decided"]
    for variable in codebook.variables:
        column = pd.Series(cells[variable.column], index=table.index, dtype=object)
        if variable.kind in ("frame", "mention"):
            table[variable.column] = column.astype("boolean" if column.isna().any() else bool)
        else:
            table[variable.column] = column.astype(float) if variable.kind == "ordinal" else column.astype("str")
    return table


def _modelled(codings: pd.DataFrame, codebook: Codebook) -> tuple[pd.DataFrame, dict[tuple[str, int, str], float]]:
    """Return gold by Dawid and Skene's model of each variable by itself, and how probable its values are."""
    coders = codings["coder"].nunique()
    if coders < FEWEST:
        raise InputError(
            f"{coders} coders, of whom a model of their errors cannot tell who errs",
            cure="Use --method majority, or add coders.",
        )
    table = majority_gold(codings, codebook).set_index(KEY)
    probability: dict[tuple[str, int, str], float] = {}
    for variable in sorted(codebook.variables, key=lambda v: v.kind != "mention"):
        found = most_probable(codings, variable)
        party = codebook.party_of(variable.id)
        if party is not None:
            found = found[table[MENTION_PREFIX + party].fillna(False).astype(bool).reindex(found.index)]
        blank = pd.Series(None, index=table.index, dtype=object)
        blank.loc[found.index] = found["value"]
        table[variable.column] = blank
        for doc_id, unit, share in found["probability"].reset_index().itertuples(index=False):
            probability[str(doc_id), int(unit), variable.id] = float(share)
    return _adjudicated(table.reset_index(), {}, codebook), probability
