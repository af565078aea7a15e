"""All tables of a portrayal, and what their columns hold."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from framing.results import Result

PREFIX = "portrayal_"
"""Of the names of its tables beside those of other rooms."""

COLUMNS: dict[str, dict[str, str]] = {
    "": {  # columns that mean the same in every table
        "doc_id": "article",
        "unit": "number of the unit in its article, from 0",
        "outlet": "outlet of the article; in collocations empty for all texts together",
        "text": "the words themselves, as they stand in the text",
        "start": "where they begin: offset in the unit's text (shared_passages: in the article's)",
        "end": "where they end, as start",
        "party": "id of the party",
        "label": "in words (in scores: what is scored)",
        "kind": "named or anonymous (figures: what it is a figure of, see Figure kinds; suggestions: why)",
        "voice": "who speaks: narrator, named or anonymous",
        "source": "the words that name the source; empty where it is only implied",
        "quotation": "direct, indirect, or empty where nobody is quoted",
        "fact": "id of the fact in the study file; empty where the figure is of none",
        "value": "number that is said; empty where only bounds are said",
        "low": "least that it may be, or lower end of the interval; empty: not bounded",
        "high": "most that it may be, or upper end of the interval; empty: not bounded",
        "measure": "currency (ISO 4217), %, times, unit of time, or the noun that is counted",
        "hedge": "how the number is bounded: about, more, less, at least, at most, between, some",
        "from": "first day of a date, ISO 8601; --MM where its year is not said",
        "to": "last day of a date, as from",
        "earlier": "outlet whose article is dated before the other's; empty where dates do not say",
        "frame": "id of the frame",
        "variable": "id of the frame, or tone",
        "word": "word as it is counted, in its most frequent spelling",
        "n": "how often it stands in the outlet's texts",
        "n_units": "coded units",
        "n_articles": "articles",
        "n_clusters": "blocks that the interval rests on",
        "scope": "what the estimate describes: outlets, or these articles only",
        "share": "share, from 0 to 1",
    },
    "mentions": {"alias": "name as the study file lists it"},
    "attributions": {
        "cue": "word of saying",
        "cue_start": "where it begins in the unit's text",
        "cue_end": "where it ends",
        "carried": "whether the source was named in an earlier unit",
        "chain": "who relays whom, the outlet's own source first",
    },
    "sources": {"cue": "word of saying", "relayed": "whether another source of the unit relays this one"},
    "figures": {},
    "claims": {
        "figure": "the figure as it stands in the text; empty where the outlet is silent",
        "status": "of the fact: agreed, disputed, single (one outlet), silent (none) or several (no single value)",
        "sentence": "unit that holds the figure",
    },
    "claim_relations": {
        "outlet_a": "one outlet",
        "outlet_b": "another",
        "relation": "agree, round (one rounds the other), partly, differ, other measure, or silent",
        "claim_a": "figures of the one",
        "claim_b": "figures of the other",
    },
    "frames_by_voice": {
        "narrator": "units with the frame in the outlet's own voice",
        "named": "units with the frame that relay a named source",
        "anonymous": "units with the frame that relay a source without a name",
        "own_share": "share of the narrator",
    },
    "own_voice": {},
    "headlines": {
        "headline": "share of headline units with the frame, or their mean tone",
        "body": "the same of all other units",
        "difference": "headline less body",
        "n_headlines": "coded headline units",
        "n_body": "other coded units",
    },
    "keyness": {
        "n_others": "how often it stands in the others' texts",
        "rate": "per 1000 counted words of the outlet",
        "rate_others": "per 1000 counted words of the others",
        "log_odds": "log-odds of the word in the outlet less those in the others, smoothed",
        "z": "log_odds in standard errors",
        "p_holm": "p of the z test, Holm's correction over the table",
        "blocks": "blocks of the outlet (articles or paragraphs) in which it stands",
    },
    "loaded_words": {"polarity": "of the entry in the sentiment lexicon, from -1 to 1"},
    "collocations": {
        "n_near": "how often the word stands near a mention",
        "n_mentions_near": "mentions near which it stands",
        "n_word": "how often it stands anywhere",
        "n_mentions": "mentions of the party",
        "log_likelihood": "G2 of near and elsewhere, negative where it is rarer near",
        "log_dice": "14 at most, when neither stands without the other",
    },
    "contrasts": {
        "contrast": "id of the contrast in the study file",
        "term": "one of its terms",
        "n_contrast": "uses of all its terms in the outlet",
        "units": "units with the term",
        "per_1000": "uses per 1000 words",
        "example": "shortest unit with the term",
    },
    "word_uses": {},
    "term_uses": {"contrast": "id of the contrast in the study file", "term": "one of its terms"},
    "reuse": {
        "words": "words of the article",
        "shared": "words in a sentence or passage that another outlet has, too",
        "from_earlier": "of these, words shared with an article that is dated before",
        "with_outlets": "the other outlets",
    },
    "shared_sentences": {
        "other_outlet": "outlet of the near-duplicate",
        "other_doc_id": "its article",
        "other_unit": "its unit",
        "similarity": "Jaccard similarity of character shingles",
        "other_text": "its words",
    },
    "shared_passages": {
        "other_outlet": "outlet of the other article",
        "other_doc_id": "the other article",
        "other_start": "where the passage begins in it",
        "other_end": "where it ends in it",
        "words": "length in words",
    },
    "scores": {
        "sample": "what was scored: mentions, facts or sources",
        "precision": "of what was found, the share that was coded so",
        "recall": "of what was coded, the share that was found",
        "f1": "harmonic mean of the two",
        "coded": "number coded by reading",
        "found": "number found by rule",
    },
}
"""What each column of each table holds; under the empty name, what it holds wherever it stands."""

COLUMNS["loaded_words"] |= COLUMNS["keyness"]


@dataclass(frozen=True, eq=False)
class Portrayal:
    """What was read off the texts of a study.

    Attributes
    ----------
    tables
        Without an estimate in them, by name: ``mentions, attributions, sources, figures, claim_relations,
        shared_sentences, shared_passages, word_uses``, and ``term_uses`` where terms are contrasted.
    results
        By name: ``claims, frames_by_voice, own_voice, headlines, keyness, loaded_words, collocations, contrasts,
        reuse``, as far as the study has what they need.
    scores
        Against gold and coded samples, by name: ``mentions, facts, sources``, as far as the study has them.
    """

    tables: dict[str, pd.DataFrame]
    results: dict[str, Result]
    scores: dict[str, Result] = field(default_factory=dict)

    def frames(self) -> dict[str, pd.DataFrame]:
        """Return every table by name, the scores as one, and ``columns``, which says what all of them hold."""
        found = {**self.tables, **{name: result.to_frame() for name, result in self.results.items()}}
        if self.scores:
            scored = [result.table.assign(sample=name) for name, result in self.scores.items()]
            found["scores"] = pd.concat(scored, ignore_index=True)
        return {**found, "columns": _columns(found)}


def _columns(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    rows = [
        (name, column, COLUMNS.get(name, {}).get(column) or COLUMNS[""].get(column, ""))
        for name, table in tables.items()
        for column in table.columns
    ]
    return pd.DataFrame(rows, columns=["table", "column", "meaning"])
