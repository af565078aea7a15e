"""What figures are figures of, and what outlets claim: where they agree, differ and are silent."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from framing.models.sentiment.words import Word, words_of
from framing.portrayal.compatibility import Relation, relation
from framing.portrayal.figures import ABOUT, figures_table
from framing.portrayal.measured import FigureKind
from framing.portrayal.names import mention_table
from framing.portrayal.terms import Terms
from framing.results import Result
from framing.schema import KEY

REACH = 12.0
"""Words below which a trigger makes a figure its own; what stands between may count as more (`tie`)."""

PAUSE, AFTER, OTHER = 3.0, 2.0, 6.0
"""What counts like so many words between trigger and figure: a pause; a trigger that comes after its figure; another
figure of the kind between them. Set by hand on constructed sentences."""

NEAR = 4
"""Words between a trigger and the figure behind it that takes the trigger from a figure before it."""

CLAIM_COLUMNS = ("fact", "label", "outlet", "doc_id", "unit", "figure", "value", "low", "high", "measure", "hedge",
                 "from", "to", "voice", "source", "status", "sentence")  # fmt: skip
RELATION_COLUMNS = ("fact", "label", "outlet_a", "outlet_b", "relation", "claim_a", "claim_b")


@dataclass(frozen=True)
class Fact:
    """Something that figures may be of, as a study file lists it.

    Attributes
    ----------
    id, label, label_ar
        For tables and for readers; the last for those of an Arabic report, empty where there is none.
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
    several
        It is no single value (deals of the past, say), so that claims are not held against each other.
    """

    id: str
    kind: FigureKind
    triggers: tuple[str, ...]
    label: str = ""
    parties: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    several: bool = False
    label_ar: str = ""


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
            if cost < REACH and cost <= other:
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


def attributed(figures: pd.DataFrame, sources: pd.DataFrame, attributions: pd.DataFrame) -> pd.DataFrame:
    """Add whose word each figure is: ``voice`` and ``source``.

    Parameters
    ----------
    figures
        Of `tied_figures`.
    sources, attributions
        Of `framing.portrayal.voices`, for the same units. Of several sources in a unit, the one before the figure
        counts, else the one after it.
    """
    by_unit = {key: own.to_dict("records") for key, own in sources.groupby(KEY)}
    whole = attributions.set_index(KEY)[["voice", "source"]].to_dict("index")
    voices, names = [], []
    for row in figures.to_dict("records"):
        key = (row["doc_id"], row["unit"])
        own = by_unit.get(key, [])
        before = [one for one in own if one["start"] < row["start"]]
        chosen = before[-1] if before else own[0] if own else None
        voices.append(whole[key]["voice"] if chosen is None else chosen["kind"])
        names.append(whole[key]["source"] if chosen is None else chosen["source"])
    return figures.assign(voice=pd.Series(voices, dtype="str"), source=pd.Series(names, dtype="str"))


def claims(figures: pd.DataFrame, units: pd.DataFrame, facts: Sequence[Fact]) -> Result:
    """Say what each outlet claims of each fact, and in whose word.

    Parameters
    ----------
    figures
        Of `attributed`.
    units
        ``doc_id, unit, outlet, text``.
    facts
        Of the study file, in the order of the table.

    Returns
    -------
    Result
        `CLAIM_COLUMNS`, a row per claim, and one without a figure where an outlet is silent. ``status`` of the fact:
        ``agreed`` (all claims of different outlets agree or round to each other), ``disputed`` (two of them differ),
        ``single`` (one outlet claims something), ``silent`` (none does) or ``several`` (as the study file says).
    """
    told = _told(figures, units)
    outlets = sorted(units["outlet"].unique())
    relations = _relations(told, facts, outlets)
    rows: list[dict[str, object]] = []
    for fact in facts:
        own = told[told["fact"] == fact.id]
        status = _status(relations[relations["fact"] == fact.id], own["outlet"].nunique())
        status = "several" if fact.several else status
        for outlet in outlets:
            said = [{str(k): v for k, v in row.items()} for row in own[own["outlet"] == outlet].to_dict("records")]
            for row in said or [{"outlet": outlet, "fact": fact.id}]:
                rows.append({**row, "label": fact.label or fact.id, "status": status})
    table = pd.DataFrame(rows, columns=list(CLAIM_COLUMNS))
    text = ["doc_id", "figure", "measure", "hedge", "from", "to", "voice", "source", "sentence"]
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
    return _relations(_told(figures, units), facts, sorted(units["outlet"].unique()))


def _told(figures: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Return the figures that are of a fact, with outlet and sentence."""
    places = units[[*KEY, "outlet", "text"]].rename(columns={"text": "sentence"})
    return figures[figures["fact"].ne("")].rename(columns={"text": "figure"}).merge(places, on=KEY, how="left")


def _relations(told: pd.DataFrame, facts: Sequence[Fact], outlets: Sequence[str]) -> pd.DataFrame:
    rows = []
    for fact in (fact for fact in facts if not fact.several):
        own: dict[str, list[dict[str, object]]] = {outlet: [] for outlet in outlets}
        for row in told[told["fact"] == fact.id].to_dict("records"):
            own[row["outlet"]].append({str(name): value for name, value in row.items()})
        for a, b in combinations(outlets, 2):
            said = ["; ".join(dict.fromkeys(str(row["figure"]) for row in own[outlet])) for outlet in (a, b)]
            rows.append((fact.id, fact.label or fact.id, a, b, _outlets_relation(own[a], own[b]), *said))
    return pd.DataFrame(rows, columns=list(RELATION_COLUMNS))


def _outlets_relation(one: Sequence[dict[str, object]], two: Sequence[dict[str, object]]) -> Relation:
    """Return how all claims of one outlet stand to all of another."""
    if not one or not two:
        return "silent"
    found = {relation(a, b) for a in one for b in two} - {"other measure"}
    if not found:
        return "other measure"
    if "differ" in found:
        return "differ" if found == {"differ"} else "partly"
    return "agree" if "agree" in found else "round"


def _status(relations: pd.DataFrame, claiming: int) -> str:
    if claiming < 2:
        return "single" if claiming else "silent"
    return "disputed" if relations["relation"].isin(("differ", "partly")).any() else "agreed"
