"""What figures are figures of, and what outlets claim: where they agree, differ and are silent."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import pandas as pd

from framing.models.sentiment.words import Word, words_of
from framing.portrayal.figures import ABOUT, FigureKind, figures_table
from framing.portrayal.names import mention_table
from framing.portrayal.terms import Terms
from framing.results import Result
from framing.schema import KEY

REACH = 12.0
"""Words up to which a trigger makes a figure its own; what stands between may count as more (`tie`)."""

PAUSE, AFTER, OTHER = 3.0, 2.0, 6.0
"""What counts like so many words between trigger and figure: a pause; a trigger that comes after its figure; another
figure of the kind between them. Set by hand on constructed sentences."""

NEAR = 4
"""Words between a trigger and the figure behind it that takes the trigger from a figure before it."""

Relation = Literal["agree", "round", "differ", "other measure", "silent"]
"""agree: some value would fit both; round: one is the other, rounded; differ: none fits both; other measure: they
cannot be held against each other; silent: one of them claims nothing."""

CLAIM_COLUMNS = ("fact", "label", "outlet", "doc_id", "unit", "figure", "value", "low", "high", "measure", "hedge",
                 "from", "to", "status", "sentence")  # fmt: skip
RELATION_COLUMNS = ("fact", "label", "outlet_a", "outlet_b", "relation", "claim_a", "claim_b")


@dataclass(frozen=True)
class Fact:
    """Something that figures may be of, as a study file lists it.

    Attributes
    ----------
    id, label
        For tables and for readers.
    kind
        Of its figures.
    triggers
        Words near which a figure of the kind is one of this.
    parties
        A unit that names parties must name one of these; none: any.
    unless
        Words that, nearer than every trigger, make the figure one of something else.
    measures
        In which it is told (``USD``, ``year``, ...); none: any.
    """

    id: str
    kind: FigureKind
    triggers: tuple[str, ...]
    label: str = ""
    parties: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()


def tied_figures(units: pd.DataFrame, facts: Sequence[Fact], parties: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """List every figure of the units with the fact that it is a figure of.

    Parameters
    ----------
    units
        ``doc_id, unit, text``, and ``published`` where it is known.
    facts
        Of the study file.
    parties
        Names of each party by its id.

    Returns
    -------
    pandas.DataFrame
        As `framing.portrayal.figures.figures_table`, with ``fact``: its id, or empty.
    """
    table = figures_table(units)
    named = mention_table(units, parties).groupby(KEY)["party"].agg(set).to_dict()
    finders = {fact.id: (Terms(fact.triggers), Terms(fact.unless) if fact.unless else None) for fact in facts}
    texts = dict(zip(units[KEY].itertuples(index=False, name=None), units["text"], strict=True))
    ties: list[str] = []
    for key, own in table.groupby(KEY, sort=False):
        ties += _tie_unit(texts[key], own, facts, finders, named.get(key, set()))
    return table.assign(fact=pd.Series(ties, dtype="str"))


def _tie_unit(
    text: str,
    own: pd.DataFrame,
    facts: Sequence[Fact],
    finders: Mapping[str, tuple[Terms, Terms | None]],
    named: set[str],
) -> list[str]:
    """Return the fact of each figure of a unit."""
    words = words_of(text)
    spans = [_word_span(words, int(s), int(e)) for s, e in zip(own["start"], own["end"], strict=True)]
    kinds = own["kind"].tolist()
    measures = own["measure"].tolist()
    costs: list[dict[str, float]] = [{} for _ in spans]
    for fact in facts:
        if fact.parties and named and not named & set(fact.parties):
            continue
        triggers, unless = finders[fact.id]
        hits = [(hit.first, hit.last) for hit in triggers.find(text, words)]
        against = [(hit.first, hit.last) for hit in unless.find(text, words)] if unless else []
        for number, span in enumerate(spans):
            if kinds[number] != fact.kind or (fact.measures and measures[number] not in fact.measures):
                continue
            others = [spans[n] for n in range(len(spans)) if n != number and kinds[n] == fact.kind]
            cost = min((_distance(words, hit, span, others) for hit in hits), default=math.inf)
            other = min((_distance(words, hit, span, others) for hit in against), default=math.inf)
            if cost <= REACH and cost <= other:
                costs[number][fact.id] = cost
    return [min(cost, key=cost.__getitem__) if cost else "" for cost in costs]


def _word_span(words: Sequence[Word], start: int, end: int) -> tuple[int, int]:
    """Return which words a span of characters covers."""
    inside = [n for n, word in enumerate(words) if word.start < end and start < word.end]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def _distance(
    words: Sequence[Word], hit: tuple[int, int], figure: tuple[int, int], others: Sequence[tuple[int, int]]
) -> float:
    """Return how many words part a trigger from a figure, pauses and figures between them counted as several."""
    after = hit[0] >= figure[1]
    first, last = (figure[1], hit[0]) if after else (hit[1], figure[0])
    if last < first:  # the trigger is part of the figure: its noun
        return 0.0
    pauses = sum(words[n].pause > 0 for n in range(first, min(last + 1, len(words))))
    between = sum(first <= other[0] < last for other in others)
    if after:  # what stands right before another figure is that one's trigger
        between += any(0 <= other[0] - hit[1] <= NEAR for other in others)
    return (last - first) + PAUSE * pauses + OTHER * between + AFTER * after


def claims(figures: pd.DataFrame, units: pd.DataFrame, facts: Sequence[Fact]) -> Result:
    """Say what each outlet claims of each fact.

    Parameters
    ----------
    figures
        Of `tied_figures`.
    units
        ``doc_id, unit, outlet, text``.
    facts
        Of the study file, in the order of the table.

    Returns
    -------
    Result
        `CLAIM_COLUMNS`, a row per claim, and one without a figure where an outlet is silent. ``status`` of the fact:
        ``agreed`` (any two outlets' claims agree or round to each other), ``disputed`` (two differ), ``single`` (one
        outlet claims something) or ``silent`` (none does).
    """
    places = units[[*KEY, "outlet", "text"]].rename(columns={"text": "sentence"})
    told = figures[figures["fact"].ne("")].rename(columns={"text": "figure"}).merge(places, on=KEY, how="left")
    outlets = sorted(units["outlet"].unique())
    relations = _relations(told, facts, outlets)
    rows: list[dict[str, object]] = []
    for fact in facts:
        own = told[told["fact"] == fact.id]
        status = _status(relations[relations["fact"] == fact.id], own["outlet"].nunique())
        for outlet in outlets:
            said = own[own["outlet"] == outlet].to_dict("records")
            for row in said or [{"outlet": outlet, "fact": fact.id}]:
                rows.append({**row, "label": fact.label or fact.id, "status": status})
    table = pd.DataFrame(rows, columns=list(CLAIM_COLUMNS))
    text = ["doc_id", "figure", "measure", "hedge", "from", "to", "sentence"]
    table[text] = table[text].fillna("")
    return Result(
        table=table.astype({"unit": "Int64", "value": float, "low": float, "high": float}),
        estimand="What each outlet says of each fact that the study file lists; an outlet without a figure is silent.",
        method=(
            "Figures are read by rule and tied to the fact whose trigger is nearest: within "
            f"{REACH:g} words, a pause counting as {PAUSE:g}, a figure of the same kind between as {OTHER:g}, "
            f"a trigger behind its figure as {AFTER:g}. About means {ABOUT:.0%} either way; claims agree where some "
            "value fits both."
        ),
        n_articles=units["doc_id"].nunique(),
        n_units=len(units),
    )


def claim_relations(figures: pd.DataFrame, units: pd.DataFrame, facts: Sequence[Fact]) -> pd.DataFrame:
    """Hold every two outlets' claims of each fact against each other: `RELATION_COLUMNS` (see `Relation`)."""
    told = figures[figures["fact"].ne("")].rename(columns={"text": "figure"})
    told = told.merge(units[[*KEY, "outlet"]], on=KEY, how="left")
    return _relations(told, facts, sorted(units["outlet"].unique()))


def _relations(told: pd.DataFrame, facts: Sequence[Fact], outlets: Sequence[str]) -> pd.DataFrame:
    rows = []
    for fact in facts:
        own: dict[str, list[dict[str, object]]] = {
            str(name): [{str(k): v for k, v in row.items()} for row in part.to_dict("records")]
            for name, part in told[told["fact"] == fact.id].groupby("outlet")
        }
        for a, b in combinations(outlets, 2):
            one, two = own.get(a, []), own.get(b, [])
            said = ["; ".join(dict.fromkeys(str(row["figure"]) for row in rows_)) for rows_ in (one, two)]
            rows.append((fact.id, fact.label or fact.id, a, b, _outlets_relation(one, two), *said))
    return pd.DataFrame(rows, columns=list(RELATION_COLUMNS))


_BEST: tuple[Relation, ...] = ("agree", "round", "differ", "other measure")


def _outlets_relation(one: Sequence[dict[str, object]], two: Sequence[dict[str, object]]) -> Relation:
    """Return the best relation of any two of their claims: who gives two figures agrees with who gives one of them."""
    if not one or not two:
        return "silent"
    found = {relation(a, b) for a in one for b in two}
    return next(name for name in _BEST if name in found)


def relation(a: Mapping[str, object], b: Mapping[str, object]) -> Relation:
    """Return how two claims stand to each other.

    Parameters
    ----------
    a, b
        ``value, low, high, measure, hedge, from, to`` of each.
    """
    if a["measure"] != b["measure"]:
        return "other measure"
    if a["from"] or b["from"]:
        return "agree" if _dates_meet(a, b) else "differ"
    low, high = (_bounds(side) for side in (a, b))
    ends = max(low[0], high[0]), min(low[1], high[1])
    # More than 14 is not 14, though both bounds are 14.
    opened = any(_open_at(side, ends[0]) for side in (a, b))
    if ends[0] < ends[1] or (math.isclose(ends[0], ends[1], rel_tol=1e-9) and not opened):
        return "agree"
    values = float(str(a["value"])), float(str(b["value"]))
    plain = not (a["hedge"] or b["hedge"])
    return "round" if plain and all(map(math.isfinite, values)) and _rounds(*values) else "differ"


def _bounds(claim: Mapping[str, object]) -> tuple[float, float]:
    low, high = float(str(claim["low"])), float(str(claim["high"]))
    return (-math.inf if math.isnan(low) else low), (math.inf if math.isnan(high) else high)


def _open_at(claim: Mapping[str, object], end: float) -> bool:
    low, high = _bounds(claim)
    return (claim["hedge"] == "more" and low == end) or (claim["hedge"] == "less" and high == end)


def _rounds(a: float, b: float) -> bool:
    """Tell whether one value is the other, rounded to the digits that it is given with."""
    return any(abs(x - y) <= _step(x) / 2 and _step(x) > _step(y) for x, y in ((a, b), (b, a)))


def _step(value: float) -> float:
    """Return the worth of the last digit that is not zero."""
    if value == 0:
        return 1.0
    digits = f"{abs(value):.12g}"
    if "e" in digits:
        mantissa, exponent = digits.split("e")
        return float(10 ** (int(exponent) - len(mantissa.partition(".")[2])))
    if "." in digits:
        return float(10 ** -len(digits.partition(".")[2]))
    return float(10 ** (len(digits) - len(digits.rstrip("0"))))


def _dates_meet(a: Mapping[str, object], b: Mapping[str, object]) -> bool:
    first, last = (str(a["from"]), str(a["to"])), (str(b["from"]), str(b["to"]))
    if any(end.startswith("--") for end in (*first, *last)):  # a year is not said: months and days must fit
        parts = [end[2:] if end.startswith("--") else end[5:] for end in (first[0], last[0])]
        length = min(map(len, parts))
        return parts[0][:length] == parts[1][:length]
    return max(first[0], last[0]) <= min(first[1], last[1])


def _status(relations: pd.DataFrame, claiming: int) -> str:
    if claiming < 2:
        return "single" if claiming else "silent"
    return "disputed" if relations["relation"].eq("differ").any() else "agreed"
