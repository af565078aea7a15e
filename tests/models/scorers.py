from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from framing.models.sentiment import table_of

WORDS = ["ربح", "خسارة", "شركة", "اليوم", "سوق", "نمو", "تراجع", "بيان", "good", "bad"]


class Told:
    """A scorer that was told what to say of each text; neutral otherwise."""

    def __init__(self, **said: Sequence[float]) -> None:
        self.said = said

    def score(self, texts: Sequence[str]) -> pd.DataFrame:
        rows = [next((p for word, p in self.said.items() if word in text), (0.0, 1.0, 0.0)) for text in texts]
        return table_of(np.array(rows, dtype=float).reshape(-1, 3))


def tiny_classifier(folder: Path, labels: Sequence[str], seed: int = 0, **config: object) -> Path:
    """Save a BERT with one small layer and a head for the labels, which nobody has trained."""
    import torch
    import transformers

    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    settings = transformers.BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
        initializer_range=0.5,  # so that texts differ
        id2label=dict(enumerate(labels)),
        label2id={label: place for place, label in enumerate(labels)},
        **config,
    )
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        transformers.BertForSequenceClassification(settings).save_pretrained(folder)
    tokenizer = transformers.BertTokenizer(vocab=str(folder / "vocab.txt"), model_max_length=64)
    tokenizer.save_pretrained(folder)
    return folder


def sentences(n: int, seed: int = 0) -> list[str]:
    """Different lengths, some twice."""
    rng = np.random.default_rng(seed)
    return [" ".join(rng.choice(WORDS, rng.integers(1, 12))) for _ in range(n)]
