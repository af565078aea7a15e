"""Texts through a classifier of the transformers library, in batches of like length."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.errors import InputError
from framing.models.pretrained import libraries, quiet

RUN = 256
"""Batches whose texts are sorted by length together: the tokens of so many are in memory at a time."""


def require_positive(**settings: int) -> None:
    """Raise InputError where a setting is below 1."""
    for name, value in settings.items():
        if value < 1:
            raise InputError(f"{name} is {value}", cure="Give 1 or more.")


def class_probabilities(
    model: Any,
    tokenizer: Any,
    texts: Sequence[str],
    *,
    device: Any,
    batch_size: int,
    max_length: int,
    title: str,
) -> NDArray[np.float64]:
    """Return the probability of each of the model's classes, shape (texts, classes).

    Each distinct text is read once. Beside other texts the padding differs, and with it the last digits that single
    precision holds (about 1e-6).

    Parameters
    ----------
    model, tokenizer
        A classifier of whole texts; it is moved to the device.
    max_length
        Tokens after which a text is cut, at most what the model takes.
    title
        Of the progress bar.
    """
    from tqdm.auto import tqdm

    torch, transformers = libraries("A classifier of the transformers library")
    model.to(device).eval()
    if tokenizer.pad_token_id is None:
        batch_size = 1
    elif model.config.pad_token_id is None:
        model.config.pad_token_id = tokenizer.pad_token_id
    length, taken = _longest(model, tokenizer, max_length), set(inspect.signature(model.forward).parameters)
    distinct = list(dict.fromkeys(texts))
    found = np.empty((len(distinct), model.config.num_labels))
    bar = tqdm(total=len(distinct), desc=title, unit="text", disable=None if distinct else True)
    with bar, quiet(transformers), torch.inference_mode():
        for start in range(0, len(distinct), RUN * batch_size):
            made = tokenizer(distinct[start : start + RUN * batch_size], truncation=True, max_length=length)
            parts = {name: rows for name, rows in made.items() if name in taken}
            order = np.argsort([-len(row) for row in made["input_ids"]], kind="stable")
            for first in range(0, len(order), batch_size):
                batch = order[first : first + batch_size]
                padded = tokenizer.pad({n: [rows[i] for i in batch] for n, rows in parts.items()}, return_tensors="pt")
                logits = model(**padded.to(device)).logits
                found[start + batch] = logits.double().softmax(dim=-1).cpu().numpy()
                bar.update(len(batch))
    place = {text: row for row, text in enumerate(distinct)}
    return found[[place[text] for text in texts]]


def _longest(model: Any, tokenizer: Any, max_length: int) -> int:
    """Return how many tokens a text may have; some tokenizers do not know what their model takes."""
    length = min(max_length, tokenizer.model_max_length)
    positions = getattr(model.config, "max_position_embeddings", None) or 0
    if positions > 0:
        # RoBERTa and its kin number positions from behind the padding's.
        padding = getattr(getattr(model.base_model, "embeddings", None), "padding_idx", None)
        length = min(length, positions - (0 if padding is None else padding + 1))
    return int(length)
