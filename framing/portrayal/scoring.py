"""How well what is read off the text agrees with what was coded by reading."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.coding.codebook import MENTION_PREFIX
from framing.errors import InputError, StaleCodingError
from framing.files import first_row, read_table
from framing.models.scores import divide
from framing.portrayal.names import mention_table
from framing.resampling import Seed, bootstrap_weights, few_clusters_caveat, generator, percentile_interval
from framing.results import Result
from framing.schema import KEY

SCORE_COLUMNS = ("label", "precision", "recall", "f1", "low", "high", "coded", "found")
REPLICATES = 2000
LEVEL = 0.95
SHARED = 0.5
"""Least share of two spans' characters that they share (intersection over union) to be of one source."""

Array = NDArray[np.float64]


def score_table(hits: Mapping[str, pd.DataFrame], articles: list[str], rng: Seed) -> tuple[pd.DataFrame, int | None]:
    """Return precision, recall and F1 of counts by article, with intervals from resampling articles.

    Parameters
    ----------
    hits
        By label: ``doc_id, right, found, coded``, numbers of an article.
    articles
        All articles, those without anything found or coded too.
    """
    draw, seed = generator(rng)
    weights = np.vstack([np.ones(len(articles)), bootstrap_weights(len(articles), REPLICATES, draw)])
    rows = []
    for label, table in hits.items():
        sums = table.groupby("doc_id")[["right", "found", "coded"]].sum().reindex(articles, fill_value=0)
        right, found, coded = (weights @ sums[column].to_numpy(dtype=float) for column in sums)
        f1 = divide(2 * right, found + coded)
        precision, recall = divide(right, found)[0], divide(right, coded)[0]
        low, high = percentile_interval(f1[1:], LEVEL)
        rows.append((label, precision, recall, f1[0], low, high, int(coded[0]), int(found[0])))
    return pd.DataFrame(rows, columns=list(SCORE_COLUMNS)), seed


def _result(hits: Mapping[str, pd.DataFrame], units: pd.DataFrame, rng: Seed, estimand: str, method: str) -> Result:
    articles = sorted(units["doc_id"].unique())
    table, seed = score_table(hits, articles, rng)
    how = f" Percentile interval at {LEVEL:.0%} from {REPLICATES} bootstrap replicates of whole articles."
    return Result(
        table=table,
        estimand=estimand,
        method=method + how,
        n_articles=len(articles),
        n_units=len(units),
        seed=seed,
        caveats=few_clusters_caveat(len(articles), "articles"),
    )


def score_mentions(coded: pd.DataFrame, parties: Mapping[str, tuple[str, ...]], *, rng: Seed) -> Result:
    """Score the names of the parties against the coders' mentions, unit by unit.

    Parameters
    ----------
    coded
        ``doc_id, unit, text`` and ``mentions_<party>`` of gold.
    parties
        Names of each party by its id.

    Returns
    -------
    Result
        `SCORE_COLUMNS`: a row per party, and ``all`` of them together.
    """
    found = mention_table(coded, parties).drop_duplicates([*KEY, "party"])
    named = {party: set(own[KEY].itertuples(index=False, name=None)) for party, own in found.groupby("party")}
    hits: dict[str, pd.DataFrame] = {}
    for party in parties:
        gold = coded[MENTION_PREFIX + party].astype("boolean").fillna(False).to_numpy(dtype=bool)
        said = np.array([key in named.get(party, set()) for key in coded[KEY].itertuples(index=False, name=None)])
        counts = {"doc_id": coded["doc_id"], "right": gold & said, "found": said, "coded": gold}
        hits[party] = pd.DataFrame(counts)
    hits["all"] = pd.concat(hits.values(), ignore_index=True)
    return _result(
        hits,
        coded,
        rng,
        "F1 of the units that name a party by a listed name against those that mention it by the gold.",
        "Names of the study file under clitics, quotation marks and folded spelling; mentions without a name (the "
        "company, he) are missed by design.",
    )


def score_figures(found: pd.DataFrame, coded: pd.DataFrame, units: pd.DataFrame, *, rng: Seed) -> Result:
    """Score figures and ties against coded ones.

    Parameters
    ----------
    found
        Of `framing.portrayal.claims.tied_figures`, for the units that were coded.
    coded
        ``doc_id, unit, start, end, kind, value, low, high, measure, from, to, fact``.
    units
        Those that were read for the coding, figures or not.

    Returns
    -------
    Result
        `SCORE_COLUMNS`: ``span`` (a figure of the kind overlaps a coded one), ``value`` (value, bounds and dates are
        those coded, too), ``measure`` (value and measure), ``tie`` (of the figures that are coded or found as one of a
        listed fact: the same fact).
    """
    found, coded = found.reset_index(drop=True), coded.reset_index(drop=True)
    pairs = _paired(found, coded)
    left, right = found.to_dict("index"), coded.to_dict("index")
    same = [_same_value(left[f], right[c]) for f, c in pairs]
    agreed: dict[str, list[bool]] = {
        "span": [True] * len(pairs),
        "value": same,
        "measure": [ok and left[f]["measure"] == right[c]["measure"] for ok, (f, c) in zip(same, pairs, strict=True)],
        "tie": [bool(left[f]["fact"]) and left[f]["fact"] == right[c]["fact"] for f, c in pairs],
    }
    hits: dict[str, pd.DataFrame] = {}
    for label, oks in agreed.items():
        own_found, own_coded = (t[t["fact"].ne("")] if label == "tie" else t for t in (found, coded))
        alike = coded["doc_id"].loc[[c for (_, c), ok in zip(pairs, oks, strict=True) if ok]]
        hits[label] = _hits(own_found["doc_id"], own_coded["doc_id"], alike)
    return _result(
        hits,
        units,
        rng,
        "F1 of the figures that are read by rule against those coded by reading.",
        "A figure is found where one of its kind overlaps a coded one; each counts once.",
    )


def _paired(found: pd.DataFrame, coded: pd.DataFrame) -> list[tuple[int, int]]:
    """Return rows of found and coded figures of one kind that overlap, each in one pair, in order."""
    pairs: list[tuple[int, int]] = []
    taken: set[int] = set()
    by_unit = _by_unit(found)
    for c, row in enumerate(coded.to_dict("records")):
        for f, other in by_unit.get((row["doc_id"], row["unit"]), []):
            if f not in taken and other["kind"] == row["kind"] and _overlap(other, row):
                taken.add(f)
                pairs.append((f, c))
                break
    return pairs


def _by_unit(found: pd.DataFrame) -> dict[object, list[tuple[int, dict[Hashable, Any]]]]:
    """Return the rows of each unit with their numbers, in order."""
    by_unit: dict[object, list[tuple[int, dict[Hashable, Any]]]] = {}
    for number, row in enumerate(found.to_dict("records")):
        by_unit.setdefault((row["doc_id"], row["unit"]), []).append((number, row))
    return by_unit


def _hits(found: Iterable[object], coded: Iterable[object], right: Iterable[object]) -> pd.DataFrame:
    """Return a row for each thing that was found, coded, or both alike, given the articles of all three."""
    columns = {"found": found, "coded": coded, "right": right}
    parts = [
        pd.DataFrame({"doc_id": list(own)}).assign(**{column: int(column == name) for column in columns})
        for name, own in columns.items()
    ]
    return pd.concat(parts, ignore_index=True)


def _overlap(a: Mapping[Hashable, Any], b: Mapping[Hashable, Any]) -> bool:
    return bool(max(a["start"], b["start"]) < min(a["end"], b["end"]))


def _same_value(found: dict[Hashable, Any], coded: dict[Hashable, Any]) -> bool:
    numbers = [(float(found[name]), float(coded[name])) for name in ("value", "low", "high")]
    equal = all((math.isnan(a) and math.isnan(b)) or math.isclose(a, b, rel_tol=1e-6) for a, b in numbers)
    return equal and bool(found["from"] == coded["from"] and found["to"] == coded["to"])


def score_sources(found: pd.DataFrame, coded: pd.DataFrame, units: pd.DataFrame, *, rng: Seed) -> Result:
    """Score spans of sources against coded ones.

    Parameters
    ----------
    found
        Of `framing.portrayal.voices.source_table`.
    coded
        ``doc_id, unit, kind, start, end``; a row without ``start`` says that a unit's speaker has no words of his own,
        and is not scored.
    units
        Those that were read for the coding.

    Returns
    -------
    Result
        `SCORE_COLUMNS`: ``overlap`` (the spans share a character), ``span`` (they share half of their characters or
        more, intersection over union), ``kind`` (as span, and named or anonymous as coded).
    """
    known = coded[coded["start"].notna()]
    by_unit = _by_unit(found)
    hits = {}
    for label, least in (("overlap", 0.0), ("span", SHARED), ("kind", SHARED)):
        taken: set[int] = set()
        right = []
        for row in known.to_dict("records"):
            for number, other in by_unit.get((row["doc_id"], row["unit"]), []):
                agrees = label != "kind" or other["kind"] == row["kind"]
                if number not in taken and agrees and _overlap(other, row) and _share(other, row) >= least:
                    taken.add(number)
                    right.append(row["doc_id"])
                    break
        hits[label] = _hits(found["doc_id"], known["doc_id"], right)
    return _result(
        hits,
        units,
        rng,
        "F1 of the spans of sources that are found by rule against those coded by reading.",
        f"Spans are of one source where they share {SHARED:.0%} of their characters (intersection over union).",
    )


def _share(a: Mapping[Hashable, Any], b: Mapping[Hashable, Any]) -> float:
    shared = min(a["end"], b["end"]) - max(a["start"], b["start"])
    return float(shared / (max(a["end"], b["end"]) - min(a["start"], b["start"])))


def read_coded(path: str | Path, columns: tuple[str, ...], units: pd.DataFrame) -> pd.DataFrame:
    """Read spans of units that were coded by reading.

    Parameters
    ----------
    path
        A table with ``doc_id, unit, start, end`` and the further columns; where it has ``text`` or ``source``, that is
        checked against the unit.
    columns
        Needed besides.
    units
        ``doc_id, unit, text``.

    Returns
    -------
    pandas.DataFrame
        Offsets as numbers, missing where they are empty; ``value, low, high`` as numbers, where they are columns.

    Raises
    ------
    InputError
        Where a column is missing, a unit or a number is none, or a span is not what the unit says there.
    """
    table = read_table(path)
    for column in (*KEY, "start", "end", *columns):
        if column not in table.columns:
            cure = f"The table needs the columns {', '.join((*KEY, 'start', 'end', *columns))}."
            raise InputError(f"no column '{column}'", file=path, column=column, cure=cure)
    for column in ("unit", "start", "end", *(c for c in ("value", "low", "high") if c in table.columns)):
        numbers = pd.to_numeric(table[column].replace("", np.nan), errors="coerce")
        wrong = numbers.isna() & table[column].ne("") & table[column].notna()
        if wrong.any():
            place = int(wrong.to_numpy().argmax())
            problem = f"'{table[column].iloc[place]}' is no number"
            raise InputError(problem, file=path, row=place + first_row(path), column=column, cure="Write digits.")
        table[column] = numbers
    table["unit"] = table["unit"].astype(int)
    texts = dict(zip(units[KEY].itertuples(index=False, name=None), units["text"], strict=True))
    said = next((column for column in ("text", "source") if column in table.columns), None)
    for number, row in enumerate(table.to_dict("records"), start=first_row(path)):
        key = (row["doc_id"], row["unit"])
        if key not in texts:
            problem = f"codes unit {row['unit']} of article '{row['doc_id']}', which does not exist"
            raise InputError(problem, file=path, row=number, cure="Remove the row, or segment as it was coded.")
        if said is not None and row["start"] == row["start"]:
            found = texts[key][int(row["start"]) : int(row["end"])]
            if found != row[said]:
                problem = f"the unit says '{found}' there, not '{row[said]}'"
                cure = "Correct the offsets, or code the unit again."
                raise StaleCodingError(problem, file=path, row=number, column=said, cure=cure)
    return table
