"""The network that is trained: an encoder, one vector for a text from its states, a linear layer on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from framing.errors import InputError
from framing.models.pretrained import libraries, load_encoder, quiet

Pooling = Literal["mean", "first"]
"""How the states of a text's tokens become one vector: their mean, as encoders of sentences are trained (e5), or the
first token's, as BERT is."""

Tokens = list[list[int]]
"""Ids of a text's tokens, text by text."""

WEIGHTS = "model.safetensors"
HEAD = "classifier"
"""Name of the last layer among the weights; the encoder's are named as transformers names them below a head, so that
``AutoModel`` finds the encoder in a saved folder."""

SPREAD, DROPOUT = 0.02, 0.1
"""Standard deviation of a new last layer's weights, and dropout before it where the encoder names none."""

PREDICTED = 32
"""Texts in a batch where nothing is learned."""


@dataclass
class Network:
    """Tokenizer, encoder and last layer.

    Attributes
    ----------
    pooling, prefix, max_length
        As in `TransformerClassifier`.
    autocast
        Multiply in bfloat16. The weights, the pooled vector and the last layer stay in single precision.
    """

    tokenizer: Any
    encoder: Any
    head: Any
    device: Any
    pooling: Pooling
    prefix: str
    max_length: int
    autocast: bool

    @classmethod
    def load(cls, name: str, head: Any | None, device: Any, **settings: Any) -> Network:
        """Load an encoder.

        Parameters
        ----------
        name
            As for `load_encoder`.
        head
            Biases of a new last layer, shape (outputs,); None where ``name`` is a folder that `save` has written.
        settings
            pooling, prefix, max_length, autocast

        Raises
        ------
        InputError
            As `load_encoder`, or where the folder lacks the last layer.
        """
        torch, _ = libraries()
        tokenizer, encoder = load_encoder(name, trained=head is None)
        if head is None:
            weight, bias = _saved_head(Path(name))
        else:
            weight = SPREAD * torch.randn(len(head), encoder.config.hidden_size)
            bias = torch.as_tensor(head, dtype=torch.float32)
        layer = torch.nn.Linear(weight.shape[1], weight.shape[0])
        layer.load_state_dict({"weight": weight, "bias": bias})
        return cls(tokenizer, encoder.to(device).eval(), layer.to(device), device, **settings)

    def tokens(self, texts: Sequence[str]) -> Tokens:
        """Return the ids of each text with the prefix, cut where the encoder or ``max_length`` ends."""
        if not len(texts):
            return []
        bound = getattr(self.encoder.config, "max_position_embeddings", self.max_length)
        length = min(self.max_length, bound, self.tokenizer.model_max_length)
        made = self.tokenizer([self.prefix + text for text in texts], truncation=True, max_length=length)
        return [list(row) for row in made["input_ids"]]

    def forward(self, rows: Tokens) -> Any:
        """Return logits, shape (texts, outputs)."""
        torch, _ = libraries()
        longest, pad = max(map(len, rows)), self.tokenizer.pad_token_id or 0
        ids = torch.tensor([row + [pad] * (longest - len(row)) for row in rows], device=self.device)
        mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows], device=self.device)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.autocast):
            states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        if self.pooling == "mean":
            # Longer sums than bfloat16 can carry, hence outside.
            pooled = (states.float() * mask[..., None]).sum(dim=1) / mask.sum(dim=1, keepdim=True)
        else:
            pooled = states[:, 0].float()
        return self.head(torch.nn.functional.dropout(pooled, self._dropout(), self.encoder.training))

    def _dropout(self) -> float:
        rates = (getattr(self.encoder.config, name, None) for name in ("classifier_dropout", "hidden_dropout_prob"))
        return next((float(rate) for rate in rates if rate is not None), DROPOUT)

    def predict(self, rows: Tokens) -> Any:
        """Return logits on the CPU, shape (texts, outputs); texts of like length share a batch."""
        torch, _ = libraries()
        self.encoder.eval()
        order = np.argsort([len(row) for row in rows], kind="stable")
        found = torch.empty(len(rows), self.head.out_features)
        with torch.inference_mode():
            for first in range(0, len(order), PREDICTED):
                batch = order[first : first + PREDICTED]
                found[torch.as_tensor(batch)] = self.forward([rows[i] for i in batch]).cpu()
        return found

    def parameters(self) -> dict[str, Any]:
        """Return all parameters by name, those of the encoder as it names them."""
        own = {f"{HEAD}.{name}": part for name, part in self.head.named_parameters()}
        return dict(self.encoder.named_parameters()) | own

    def save(self, folder: Path) -> None:
        """Write weights, configuration and tokenizer, as safetensors and JSON."""
        from safetensors.torch import save_file

        torch, transformers = libraries()
        below = f"{self.encoder.base_model_prefix}." if self.encoder.base_model_prefix else ""
        state = {f"{below}{name}": part for name, part in self.encoder.state_dict().items()}
        state |= {f"{HEAD}.{name}": part for name, part in self.head.state_dict().items()}
        words = self.encoder.get_input_embeddings().weight
        for name, part in state.items():
            # Embeddings that came in half precision and were not trained take half the room, and lose nothing.
            half = part.half() if part.shape == words.shape and part.dtype == torch.float32 else part
            state[name] = (half if torch.equal(half.to(part.dtype), part) else part).detach().cpu().contiguous()
        with quiet(transformers):
            self.encoder.config.save_pretrained(folder)
            self.tokenizer.save_pretrained(folder)
        save_file(state, folder / WEIGHTS, metadata={"format": "pt"})


def _saved_head(folder: Path) -> tuple[Any, Any]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(folder / WEIGHTS, framework="pt") as file:
            return file.get_tensor(f"{HEAD}.weight"), file.get_tensor(f"{HEAD}.bias")
    except SafetensorError:
        raise InputError(
            f"the weights lack {HEAD}.weight", file=folder, cure="Train and save the model anew."
        ) from None
