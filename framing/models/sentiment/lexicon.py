"""The scorer that reads a lexicon: no model, no training, and a reason for every number."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from framing.corpus.stemming import Lemmatiser, conjunction_forms, light_forms
from framing.errors import InputError
from framing.models.sentiment.entries import KINDS, Entry, Index, Kind, read_lexicon, read_modifiers
from framing.models.sentiment.protocol import POLARITIES
from framing.models.sentiment.rules import Rules
from framing.models.sentiment.words import Names, Word, words_of

LEXICON = Path(__file__).with_name("lexicon.csv")
"""The bundled entries: lemma, polarity, pos, note."""

MODIFIERS = Path(__file__).with_name("modifiers.csv")
"""The bundled modifiers: phrase, kind, factor, scope, note."""

ALPHA = 1.0
"""Brings a sum x of contributions to x / sqrt(x² + alpha): a sum of 1, two or three plain words, scores .71."""

SLOPE, CUTS = 4.72, (-0.203, 0.274)
"""How scores become probabilities. Both are what `LexiconSentiment.fit` finds on the constructed exemplars::

    table = pd.read_csv(resource("annotations/exemplars.csv"))
    model = LexiconSentiment().fit(table["text"], table["tone"])
    model.slope_, model.cuts_
"""

_PARTICLES = ("negation", "contrast", "question")
_COLUMNS = ("text", "start", "end", "surface", "entry", "polarity", "modified_by", "contribution")


class LexiconSentiment:
    """Sentiment read off a lexicon of Arabic: bounded sum of what its entries contribute.

    Entries are found in normalised words, the longest phrase first, under clitics and endings
    (`framing.corpus.stemming`). Negation, contrast, words of degree, hedges and questions change what an entry
    contributes (`framing.models.sentiment.rules`). The sum x of a text gives its score, s = x / sqrt(x² + alpha), as in
    VADER [1]_, and the score its probabilities by an ordered logit [2]_: P(negative) = F(slope (cut₁ - s)) and
    P(positive) = F(slope (s - cut₂)), F the logistic function.

    Parameters
    ----------
    lexicon
        Table of ``lemma`` and ``polarity`` in [-1, 1]. Entries of polarity 0 are false friends: they keep their words
        from matching anything shorter.
    modifiers
        Table of ``phrase``, ``kind``, ``factor`` and ``scope``; see `framing.models.sentiment.entries`.
    protected
        Names of parties and others. What stands inside a name never matches, clitics and quotation marks included.
    kinds
        Kinds of modifiers that count.
    lemmatiser
        Gives the dictionary forms of a word; a morphological analyser may replace the light stemmer.

    Attributes
    ----------
    slope_, cuts_
        Of the link; those of the constructed exemplars until `fit` is called.

    References
    ----------
    .. [1] Hutto and Gilbert (2014), VADER, ICWSM 8(1), pp. 216-225. doi:10.1609/icwsm.v8i1.14550. The bound is that of
       its software (``normalize``); alpha is 15 there, on polarities from -4 to 4.
    .. [2] McCullagh (1980), Regression models for ordinal data, JRSS B 42(2), pp. 109-142, section 2.1.

    Examples
    --------
    >>> scorer = LexiconSentiment()
    >>> scorer.explain(["لم تنجح الخطة"])[["surface", "polarity", "modified_by", "contribution"]].values.tolist()
    [['تنجح', 0.7, 'negation لم -0.70', -0.49]]
    """

    def __init__(
        self,
        lexicon: str | Path = LEXICON,
        modifiers: str | Path = MODIFIERS,
        *,
        protected: Sequence[str] = (),
        kinds: Collection[Kind] = KINDS,
        lemmatiser: Lemmatiser = light_forms,
    ) -> None:
        unknown = sorted(set(kinds) - set(KINDS))
        if unknown:
            raise InputError(f"unknown kind of modifier '{unknown[0]}'", cure=f"Use some of {', '.join(KINDS)}.")
        self.slope_, self.cuts_ = SLOPE, CUTS
        listed = read_modifiers(modifiers)
        # A particle carries و or ف at most: غيرت is a verb, not غير with an ending.
        particles = Index([m for m in listed if m.kind in _PARTICLES and m.scope != "reduced"], conjunction_forms)
        others = Index([m for m in listed if m.kind not in _PARTICLES or m.scope == "reduced"], lemmatiser)
        entries = Index(with_feminines(read_lexicon(lexicon)), lemmatiser)
        self._rules = Rules(entries, (particles, others), kinds, Names(protected))

    def fit(self, texts: Sequence[str], tone: ArrayLike) -> LexiconSentiment:
        """Fit the link, and nothing else, to texts of known tone by maximum likelihood.

        The three polarities weigh alike, so that the cuts do not depend on how many texts there are of each.

        Parameters
        ----------
        texts, tone
            Length n each; below 0 is negative, above it positive.

        Raises
        ------
        InputError
            Where there is no text of one of the polarities.
        """
        from scipy.optimize import minimize

        polarity = np.sign(np.asarray(tone, dtype=float)).astype(int) + 1
        counts = np.bincount(polarity, minlength=len(POLARITIES))
        if not counts.all():
            raise InputError(f"no text is {POLARITIES[counts.argmin()]}", cure="Give texts of all three polarities.")
        scores = bounded(self._sums(texts))

        def loss(parameters: NDArray[np.float64]) -> float:
            chances = _linked(scores, *_natural(parameters))[np.arange(len(scores)), polarity]
            return -float(np.sum(np.log(np.maximum(chances, 1e-12)) / counts[polarity]))

        best = minimize(loss, np.array([np.log(SLOPE), CUTS[0], np.log(CUTS[1] - CUTS[0])]))
        self.slope_, self.cuts_ = _natural(best.x)
        return self

    def score(self, texts: Sequence[str]) -> pd.DataFrame:
        """Return probabilities of the polarities and the score in [-1, 1], one row per text."""
        scores = self.scores(texts)
        table = pd.DataFrame(_linked(scores, self.slope_, self.cuts_), columns=list(POLARITIES))
        return table.assign(score=scores)

    def scores(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the score in [-1, 1] of each text, shape (texts,)."""
        return bounded(self._sums(texts))

    def explain(self, texts: Sequence[str]) -> pd.DataFrame:
        """Return one row per entry that was found.

        Returns
        -------
        pandas.DataFrame
            ``text`` (its number), ``start`` and ``end`` (offsets in it as it is), ``surface`` (what stands there),
            ``entry`` and its ``polarity``, ``modified_by`` (kind, phrase and factor of each modifier, in order) and
            ``contribution``, the product. The contributions of a text add up to what its score is made of.
        """
        rows: list[tuple[object, ...]] = []
        for number, text in enumerate(texts):
            words = words_of(text)
            for hit in self._rules.apply(words):
                start, end = words[hit.found.start].start, words[hit.found.end - 1].end
                by = "; ".join(f"{modifier.kind} {modifier.phrase} {factor:+.2f}" for modifier, factor in hit.by)
                entry = hit.found.item
                found = (number, start, end, text[start:end], entry.phrase, entry.polarity, by)
                rows.append((*found, round(hit.contribution, 6)))
        return pd.DataFrame(rows, columns=list(_COLUMNS))

    def sum_of(self, words: Sequence[Word]) -> float:
        """Return the sum of what the entries among the words of a text contribute; `bounded`, it is the score."""
        return sum([hit.contribution for hit in self._rules.apply(words)], 0.0)

    def _sums(self, texts: Sequence[str]) -> NDArray[np.float64]:
        return np.array([self.sum_of(words_of(text)) for text in texts], dtype=np.float64)


def with_feminines(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries and, for each verb of the form يفعل, that of the form تفعل, unless it is listed itself."""
    known = {entry.phrase for entry in entries}
    new = [
        Entry("ت" + entry.phrase[1:], entry.polarity, entry.pos)
        for entry in entries
        if entry.pos in ("verb", "phrase") and entry.phrase.startswith("ي")
    ]
    return [*entries, *(entry for entry in new if entry.phrase not in known)]


def bounded(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return sums of contributions as scores between -1 and 1, of the same shape."""
    scores: NDArray[np.float64] = sums / np.sqrt(sums**2 + ALPHA)
    return scores


def _natural(parameters: NDArray[np.float64]) -> tuple[float, tuple[float, float]]:
    """Return slope and cuts from what is free to vary: log of the slope, lower cut, log of the distance."""
    cut = float(parameters[1])
    return float(np.exp(parameters[0])), (cut, cut + float(np.exp(parameters[2])))


def _linked(scores: NDArray[np.float64], slope: float, cuts: tuple[float, float]) -> NDArray[np.float64]:
    """Return probabilities of `POLARITIES`, shape (texts, 3)."""
    negative = 1 / (1 + np.exp(-slope * (cuts[0] - scores)))
    positive = 1 / (1 + np.exp(-slope * (scores - cuts[1])))
    return np.column_stack([negative, 1 - negative - positive, positive])
