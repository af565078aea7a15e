"""A SentencePiece Unigram tokenizer of the tokenizers library, from pieces, scores and a map of characters.

The library reads a map of characters only as SentencePiece compiles it: a double-array trie (Aoe 1989; the units are
those of darts-clone) over UTF-8 keys, and the texts that replace them. As thousands of single replacements the same
map would take longer than the encoder.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

MARK = "\u2581"
"""What SentencePiece writes for a space."""

BREAK = "\x01"
"""A character that every SentencePiece map deletes, and that ends a grapheme."""

JOINED = r"(?<=.)(?=[\p{M}\x{200C}\x{200D}\x{E33}\x{EB3}\x{FF9E}\x{FF9F}])"
"""Before characters that share a grapheme with the one before them: the library looks a grapheme of up to five bytes
up as a whole and loses what follows its first character."""

BLOCK = 256
"""Units that the children of a node may take: one for each byte."""


def tokenizer(
    pieces: Sequence[str], scores: Sequence[float], characters: Mapping[str, str], *, unknown: int, start: int, end: int
) -> Any:
    """Return a ``tokenizers.Tokenizer`` that segments as SentencePiece does (Kudo 2018) and adds start and end.

    Runs of unknown characters give one unknown piece, as in SentencePiece.

    Parameters
    ----------
    pieces, scores
        Vocabulary by id, with log-probabilities.
    characters
        What is written for a character before segmentation; `BREAK` must be deleted.
    unknown, start, end
        Ids of these pieces.
    """
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    made = Tokenizer(models.Unigram(list(zip(pieces, scores, strict=True)), unk_id=unknown, byte_fallback=False))
    made.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(JOINED), BREAK),
            normalizers.Precompiled(compiled(characters)),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement=MARK, prepend_scheme="always")
    bounds = [(pieces[start], start), (pieces[end], end)]
    made.post_processor = processors.TemplateProcessing(
        single=f"{pieces[start]} $A {pieces[end]}",
        pair=f"{pieces[start]} $A {pieces[end]} {pieces[end]} $B {pieces[end]}",
        special_tokens=bounds,
    )
    return made


def compiled(characters: Mapping[str, str]) -> bytes:
    """Return a map of single characters as SentencePiece compiles it.

    Layout: the trie's size in bytes (32 bits, little-endian), its units, and the replacements, each ended by a zero
    byte. A unit holds the distance to its children's block by exclusive or (bits 10 and up), whether a key ends in it
    (bit 8), and the byte that leads to it (bits 0 to 7); a key's end leads to a unit with bit 31 and the place of its
    replacement.

    Raises
    ------
    ValueError
        Where a key is not one character, or is the zero character.
    """
    texts, places = bytearray(), {}
    for text in characters.values():
        if text not in places:
            places[text] = len(texts)
            texts += text.encode("utf-8") + b"\0"
    units: dict[int, int] = {}
    blocks: dict[bytes, int] = {}  # by the bytes that lead to a node
    ends: list[tuple[int, int, int]] = []
    _node(units, blocks, b"", 0, 0)
    for key, text in characters.items():
        if len(key) != 1 or key == "\0":
            raise ValueError(f"a map of single characters cannot hold {key!r}")
        path = key.encode("utf-8")
        for depth, byte in enumerate(path):
            place = blocks[path[:depth]] ^ byte
            if depth == len(path) - 1:
                ends.append((place, byte, places[text]))
                units[place] = byte  # taken; its distance follows when all blocks stand
            elif path[: depth + 1] not in blocks:
                _node(units, blocks, path[: depth + 1], place, byte)
    gaps = _gaps(units)
    for place, byte, target in ends:
        gap = next(gaps)
        units[place] = (place ^ gap) << 10 | 1 << 8 | byte
        units[gap] = 1 << 31 | target
    size = -(-(max(units) + 1) // BLOCK) * BLOCK
    array: NDArray[np.uint32] = np.zeros(size, dtype="<u4")
    array[list(units)] = list(units.values())
    return struct.pack("<I", array.nbytes) + array.tobytes() + bytes(texts)


def _node(units: dict[int, int], blocks: dict[bytes, int], path: bytes, place: int, byte: int) -> None:
    """Give the node at ``place`` a block of its own for its children."""
    blocks[path] = BLOCK * (len(blocks) + 1)
    units[place] = (place ^ blocks[path]) << 10 | byte


def _gaps(units: Mapping[int, int]) -> Iterator[int]:
    """Yield the units that nothing has taken."""
    taken = set(units)
    return (place for place in count(1) if place not in taken)
