"""Which words: what stands beside a party, which of two terms an outlet chooses, which loaded words it uses more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from framing.models.sentiment import LexiconSentiment
from framing.portrayal.names import mention_table
from framing.portrayal.terms import Terms
from framing.portrayal.vocabulary import Counted, Vocabulary
from framing.results import Result
from framing.schema import KEY

COLLOCATION_COLUMNS = ("party", "outlet", "word", "n_near", "n_mentions_near", "n_word", "n_mentions", "log_likelihood",
                       "log_dice")  # fmt: skip
"""Columns of collocations; ``outlet`` is empty where all texts are taken together."""

CONTRAST_COLUMNS = ("contrast", "term", "outlet", "n", "n_contrast", "share", "units", "per_1000", "example")


def collocations(
    units: pd.DataFrame,
    parties: Mapping[str, Sequence[str]],
    vocabulary: Vocabulary,
    *,
    window: int = 5,
    least: int = 3,
) -> Result:
    """Tell which words stand near each party more often than elsewhere.

    Parameters
    ----------
    units
        ``doc_id, unit, outlet, text``.
    parties
        Names of each party by its id.
    vocabulary
        Which words count, and as what.
    window
        Counted words on each side of a mention, within its unit.
    least
        Least number of times that a word stands near.

    Returns
    -------
    Result
        `COLLOCATION_COLUMNS`: ``log_likelihood`` is G2 of near and elsewhere by the word and others (Dunning 1993),
        signed by whether the word is more or less frequent near; ``log_dice`` is 14 + log2(2 f(party, word) / (f(party)
        + f(word))) (Rychlý 2008), f(party, word) being the mentions near which the word stands.
    """
    counts = _Counts({}, {}, {}, Counter())
    mentions = mention_table(units, parties)
    places = {key: own.to_dict("records") for key, own in mentions.groupby(KEY)}
    for row in units.to_dict("records"):
        counted = vocabulary.counted(row["text"])
        own = places.get((row["doc_id"], row["unit"]), [])
        for outlet in ("", str(row["outlet"])):
            counts.words.setdefault(outlet, Counter()).update(one.key for one in counted)
            for party in parties:
                spans = [(int(m["start"]), int(m["end"])) for m in own if m["party"] == party]
                counts.add((party, outlet), [_window(counted, span, window) for span in spans])
    rows = [
        (party, outlet, vocabulary.shown(key), *counts.scores((party, outlet), key))
        for (party, outlet), near in counts.near.items()
        for key, count in near.items()
        if count >= least
    ]
    table = pd.DataFrame(rows, columns=list(COLLOCATION_COLUMNS))
    table = table.sort_values(["party", "outlet", "log_likelihood", "word"], ascending=[True, True, False, True])
    return Result(
        table=table.reset_index(drop=True),
        estimand="How much more often a word stands near a party than elsewhere.",
        method=(
            f"Within {window} counted words on either side in the same unit; log-likelihood (Dunning 1993) and "
            f"log-dice (Rychlý 2008); words that stand near {least} times or more. Words of one article are not "
            "independent: read the scores as a ranking, not as tests."
        ),
        n_articles=units["doc_id"].nunique(),
        n_units=len(units),
    )


@dataclass(frozen=True)
class _Counts:
    """Counts by party and outlet: of words near, of mentions with a word near, of mentions; and of all words."""

    near: dict[tuple[str, str], Counter[str]]
    beside: dict[tuple[str, str], Counter[str]]
    words: dict[str, Counter[str]]
    mentions: Counter[tuple[str, str]]

    def add(self, place: tuple[str, str], windows: Sequence[dict[int, str]]) -> None:
        """Take in the mentions of a unit, a word that is near two of them counting once."""
        self.mentions[place] += len(windows)
        self.beside.setdefault(place, Counter()).update(key for keys in windows for key in set(keys.values()))
        union = {number: key for keys in windows for number, key in keys.items()}
        self.near.setdefault(place, Counter()).update(union.values())

    def scores(self, place: tuple[str, str], key: str) -> tuple[float, ...]:
        """Return the numbers of a row, in the order of the columns."""
        near, words = self.near[place], self.words[place[1]]
        count, both, mentioned = near[key], self.beside[place][key], self.mentions[place]
        inside, rest = sum(near.values()), words[key] - near[key]
        g2 = log_likelihood(count, inside - count, rest, sum(words.values()) - inside - rest)
        return count, both, words[key], mentioned, g2, 14 + float(np.log2(2 * both / (mentioned + words[key])))


def _window(counted: Sequence[Counted], span: tuple[int, int], window: int) -> dict[int, str]:
    """Return the keys of the words near a mention, by their place; the mention's own words are not near it."""
    before = [n for n, one in enumerate(counted) if one.word.end <= span[0]][-window:]
    after = [n for n, one in enumerate(counted) if one.word.start >= span[1]][:window]
    return {n: counted[n].key for n in (*before, *after)}


def log_likelihood(a: float, b: float, c: float, d: float) -> float:
    """Return G2 of the table (a b / c d), signed by whether a is more than expected.

    ``2 sum O log(O / E)`` over the four cells (Dunning 1993, Accurate Methods for the Statistics of Surprise and
    Coincidence, Computational Linguistics 19(1), p. 71).
    """
    observed = np.array([[a, b], [c, d]], dtype=float)
    expected = np.outer(observed.sum(axis=1), observed.sum(axis=0)) / observed.sum()
    ratio = np.divide(observed, expected, out=np.ones_like(observed), where=(observed > 0) & (expected > 0))
    g2 = 2 * float((observed * np.log(ratio)).sum())
    return g2 if observed[0, 0] >= expected[0, 0] else -g2


def term_contrasts(units: pd.DataFrame, contrasts: Mapping[str, Mapping[str, Sequence[str]]]) -> Result:
    """Count terms that are chosen one against the other.

    Parameters
    ----------
    units
        ``doc_id, unit, outlet, text``.
    contrasts
        By contrast, the words that stand for each of its terms.

    Returns
    -------
    Result
        `CONTRAST_COLUMNS`: ``share`` of the term among all terms of its contrast in the outlet (missing where it uses
        none), ``units`` with the term, ``per_1000`` words, and the shortest of the units as ``example``.
    """
    sizes = units.groupby("outlet")["text"].agg(lambda texts: sum(len(text.split()) for text in texts))
    rows: list[tuple[object, ...]] = []
    for contrast, terms in contrasts.items():
        by_word = {word: term for term, words in terms.items() for word in words}
        finder = Terms(list(by_word))
        for outlet, own in units.groupby("outlet", sort=True):
            found = [(by_word[hit.term], text) for text in own["text"] for hit in finder.find(text)]
            for term in terms:
                texts = [text for name, text in found if name == term]
                share = len(texts) / len(found) if found else np.nan
                example = min(dict.fromkeys(texts), key=len) if texts else ""
                rate = 1000 * len(texts) / sizes[outlet]
                rows.append((contrast, term, outlet, len(texts), len(found), share, len(set(texts)), rate, example))
    return Result(
        table=pd.DataFrame(rows, columns=list(CONTRAST_COLUMNS)),
        estimand="How often an outlet chooses each of the terms that the study file holds against each other.",
        method="Terms found under clitics and endings (light stemming); shares are of all terms of a contrast.",
        n_articles=units["doc_id"].nunique(),
        n_units=len(units),
    )


def term_uses(units: pd.DataFrame, contrasts: Mapping[str, Mapping[str, Sequence[str]]]) -> pd.DataFrame:
    """Tell where the terms stand that are chosen one against the other.

    Parameters
    ----------
    units
        ``doc_id, unit, outlet, text``.
    contrasts
        As for `term_contrasts`.

    Returns
    -------
    pandas.DataFrame
        ``contrast, term, outlet, doc_id, unit, start, end``: offsets in the unit's text.
    """
    rows: list[tuple[object, ...]] = []
    for contrast, terms in contrasts.items():
        by_word = {word: term for term, words in terms.items() for word in words}
        finder = Terms(list(by_word))
        for row in units.to_dict("records"):
            place = (row["outlet"], row["doc_id"], row["unit"])
            rows += [(contrast, by_word[hit.term], *place, hit.start, hit.end) for hit in finder.find(row["text"])]
    return pd.DataFrame(rows, columns=["contrast", "term", "outlet", "doc_id", "unit", "start", "end"])


def loaded_words(units: pd.DataFrame, blocks: pd.Series, names: Sequence[str]) -> pd.DataFrame:
    """Count the entries of the sentiment lexicon per block.

    Parameters
    ----------
    units
        ``outlet, text``.
    blocks
        Block of each unit, as for `framing.portrayal.vocabulary.word_counts`.
    names
        Of parties, which are no loaded words whatever they look like.

    Returns
    -------
    pandas.DataFrame
        ``outlet, block, word, polarity, n``: ``word`` is the entry as the lexicon lists it.
    """
    found = LexiconSentiment(protected=names).explain(units["text"].tolist())
    places = found["text"].to_numpy(dtype=int)
    table = pd.DataFrame(
        {
            "outlet": units["outlet"].to_numpy()[places],
            "block": blocks.to_numpy()[places],
            "word": found["entry"].to_numpy(),
            "polarity": found["polarity"].to_numpy(dtype=float),
        }
    )
    keys = ["outlet", "block", "word", "polarity"]
    return table.groupby(keys, sort=True).size().rename("n").reset_index()
