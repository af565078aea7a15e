"""How a study's texts are told: voice, parties, facts, words and reuse, each as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pandas as pd

from framing.coding.codebook import FRAME_PREFIX
from framing.comparison import shares
from framing.comparison.clusters import find_clusters, single_article_caveats
from framing.errors import InputError
from framing.portrayal.claims import attributed, claim_relations, claims, tied_figures
from framing.portrayal.framed import frames_by_voice, headline_and_body
from framing.portrayal.keyness import keyness
from framing.portrayal.names import mention_table
from framing.portrayal.reuse import reuse, shared_passages, shared_sentences
from framing.portrayal.scoring import read_coded, score_figures, score_mentions, score_sources
from framing.portrayal.tables import Portrayal
from framing.portrayal.vocabulary import Vocabulary, word_counts, word_uses
from framing.portrayal.voices import VOICES, attribution_table, source_table
from framing.portrayal.wording import collocations, loaded_words, term_contrasts, term_uses
from framing.results import Result
from framing.schema import KEY
from framing.study.config import Study
from framing.study.data import StudyData

_FIGURES = ("kind", "value", "low", "high", "measure", "from", "to", "fact")


def portray(study: Study, data: StudyData) -> Portrayal:
    """Read off a study's texts how they tell their event.

    Boilerplate is not read. Voice is that of gold where there is gold, else by rule. Nothing but intervals of scores is
    random, and those start from the study's seed.
    """
    units = _read(data)
    tables = {
        "mentions": mention_table(units, study.parties),
        "attributions": attribution_table(units),
        "sources": source_table(units),
        "shared_sentences": shared_sentences(units),
        "shared_passages": shared_passages(data.articles, units),
    }
    figures = tied_figures(units, study.facts, study.parties)
    tables["figures"] = attributed(figures, tables["sources"], tables["attributions"])
    tables["claim_relations"] = claim_relations(tables["figures"], units, study.facts)
    words, uses = _words(study, units)
    tables |= uses
    results = {
        "claims": claims(tables["figures"], units, study.facts),
        **_frames(data, tables["attributions"]),
        **words,
        "reuse": reuse(data.articles, units, tables["shared_sentences"], tables["shared_passages"]),
    }
    return Portrayal(tables, results, _scores(study, data, units, tables))


def _read(data: StudyData) -> pd.DataFrame:
    """Return the units that are read, with the date of their article and outlets that have names."""
    units = data.units[data.units["unit_type"].ne("boilerplate")].reset_index(drop=True)
    if units["outlet"].eq("").any():
        unknown = units.loc[units["outlet"].eq(""), "doc_id"].iloc[0]
        raise InputError(
            f"the outlet of article '{unknown}' is unknown",
            column="outlet",
            cure="Fill it in the sources table, or leave the article out.",
        )
    dates = data.articles.get("published", pd.Series("", index=data.articles.index)).fillna("").astype(str)
    return units.assign(published=units["doc_id"].map(dict(zip(data.articles["doc_id"], dates, strict=True))))


def _frames(data: StudyData, attributions: pd.DataFrame) -> dict[str, Result]:
    """Return whose the frames are, where units are coded."""
    if data.gold is None:
        return {}
    coded, book = data.coded, data.codebook
    frames = {frame: FRAME_PREFIX + frame for frame in book.frame_ids}
    by_rule = coded[KEY].merge(attributions[[*KEY, "voice"]], on=KEY, how="left")["voice"]
    known = set(book.voice) == set(VOICES) and coded["voice"].notna().all() if "voice" in coded else False
    voice = coded["voice"] if known else by_rule
    how = "Voice is that of the gold." if known else "Voice is told by rule: it errs, and the counts with it."
    voiced = frames_by_voice(coded, frames, voice)
    found = {"frames_by_voice": replace(voiced, method=f"{voiced.method} {how}")}
    own = _own_voice(coded.assign(own=voice.eq("narrator").to_numpy(dtype=float)), frames, how)
    found |= {} if own is None else {"own_voice": own}
    tones = {"tone": "tone"} if book.tone else {}
    return found | {"headlines": headline_and_body(coded, {**frames, **tones})}


def _own_voice(coded: pd.DataFrame, frames: dict[str, str], how: str) -> Result | None:
    """Estimate, for each outlet and frame, the share of its units with the frame that are in its own voice."""
    parts = [
        shares(coded[coded[column].astype(bool)], {frame: "own"})
        for frame, column in frames.items()
        if coded[column].astype(bool).any()
    ]
    if not parts:
        return None
    return replace(
        parts[0],
        table=pd.concat([part.table for part in parts], ignore_index=True),
        estimand="Share of an outlet's units with a frame in which the outlet speaks itself and relays nobody.",
        method=f"{parts[0].method} {how}",
        n_articles=coded["doc_id"].nunique(),
        n_units=len(coded),
        caveats=single_article_caveats(coded),
    )


def _words(study: Study, units: pd.DataFrame) -> tuple[dict[str, Result], dict[str, pd.DataFrame]]:
    """Return what the wording of the outlets is, words counted as the study says, and where the words stand."""
    lemmatise: Callable[[Sequence[str]], list[str]] | None = None
    if study.words == "lemmas":
        from framing.corpus.morphology import lemmas as lemmatise
    names = [name for listed in study.parties.values() for name in listed]
    vocabulary = Vocabulary(units["text"], names, lemmatise)
    clusters = find_clusters(units)
    blocks = pd.Series(clusters.codes, index=units.index)
    counts = word_counts(units, vocabulary, blocks)
    totals = counts.groupby(["outlet", "block"])["n"].sum().reset_index()
    entries = loaded_words(units, blocks, names)
    loaded = keyness(entries.drop(columns="polarity"), totals, least=study.least)
    polarity = entries.drop_duplicates("word").set_index("word")["polarity"]
    loaded_table = loaded.table.assign(polarity=loaded.table["word"].map(polarity).astype(float))
    note = (
        f"Words are counted as {study.words}{' of light10' if study.words == 'stems' else ' of camel-tools'}, names as "
        f"they are spelled, function words and numbers left out; blocks are {clusters.level}s."
    )
    found = {
        "keyness": keyness(counts, least=study.least),
        "loaded_words": replace(loaded, table=loaded_table, estimand=f"{loaded.estimand} Of the sentiment lexicon."),
        "collocations": collocations(units, study.parties, vocabulary, window=study.window, least=study.least),
    }
    articles = units["doc_id"].nunique()
    caveats = single_article_caveats(units)
    noted = {
        name: replace(
            result, method=f"{result.method} {note}", n_articles=articles, caveats=(*result.caveats, *caveats)
        )
        for name, result in found.items()
    }
    uses = {"word_uses": word_uses(units, vocabulary, set(found["keyness"].table["word"]))}
    if study.contrasts:
        noted["contrasts"] = term_contrasts(units, study.contrasts)
        uses["term_uses"] = term_uses(units, study.contrasts)
    return noted, uses


def _scores(study: Study, data: StudyData, units: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> dict[str, Result]:
    """Score what was read against gold and what was coded by reading."""
    found: dict[str, Result] = {}
    if data.gold is not None and study.parties:
        found["mentions"] = score_mentions(data.coded, study.parties, rng=study.seed)
    if study.coded_facts is not None:
        coded = read_coded(study.coded_facts, _FIGURES, units)
        found["facts"] = score_figures(tables["figures"], coded, units, rng=study.seed)
    if study.coded_sources is not None:
        coded = read_coded(study.coded_sources, ("kind",), units)
        found["sources"] = score_sources(tables["sources"], coded, units, rng=study.seed)
    return found
