from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.models.unigram import BREAK, MARK, compiled, tokenizer

tokenizers = pytest.importorskip("tokenizers")

PIECES = ("<s>", "</s>", "<unk>", MARK, "ا", "ل", "ال", f"{MARK}ال", "a", "b", "ab", f"{MARK}a", "ba", "\u064e", "1")
SCORES = (0.0, 0.0, 0.0, -3.0, -4.1, -4.3, -3.7, -2.9, -4.0, -4.2, -5.1, -4.4, -3.3, -5.0, -6.0)
CHARACTERS = {
    BREAK: "",
    "\n": " ",
    "\u200b": " ",
    MARK: " ",
    "ﻻ": "لا",
    "ª": "a",
    "¼": "1⁄4",
    "𝐚": "a",
    "\u0340": "\u0300",
}
LETTERS = st.text(st.sampled_from([*CHARACTERS, *"abال1", " ", "\u064e", "\u0301", "\ufe0f", "\u200d", "ก", "\u0e33"]))


def written(text: str) -> str:
    return re.sub(" {2,}", " ", "".join(CHARACTERS.get(character, character) for character in text))


def segmented(text: str) -> list[int]:
    """The best path by plain dynamic programming; unknown characters cost 10 more than the rarest piece."""
    marked = written(text)
    marked = (marked if marked.startswith(" ") else f" {marked}").replace(" ", MARK)
    best: list[tuple[float, list[int]]] = [(0.0, [])]
    for end in range(1, len(marked) + 1):
        paths = [(best[end - 1][0] + min(SCORES) - 10, [*best[end - 1][1], 2])]
        for start in range(max(0, end - 4), end):
            if marked[start:end] in PIECES[3:]:
                piece = PIECES.index(marked[start:end])
                paths.append((best[start][0] + SCORES[piece], [*best[start][1], piece]))
        best.append(max(paths, key=lambda path: path[0]))
    found = best[-1][1]
    return [0, *(piece for i, piece in enumerate(found) if piece != 2 or i == 0 or found[i - 1] != 2), 1]


@pytest.fixture(scope="module")
def made() -> object:
    return tokenizer(PIECES, SCORES, CHARACTERS, unknown=2, start=0, end=1)


@given(LETTERS)
def test_characters_are_written_as_the_map_says_even_within_a_grapheme(made: object, text: str) -> None:
    assert made.normalizer.normalize_str(text) == written(text)  # type: ignore[attr-defined]


@given(LETTERS)
def test_the_best_path_is_found(made: object, text: str) -> None:
    assert made.encode(f"a{text}").ids == segmented(f"a{text}")  # type: ignore[attr-defined]


def test_a_map_of_more_than_single_characters_is_refused() -> None:
    for key in ("ab", "", "\0"):
        with pytest.raises(ValueError, match="single characters cannot hold"):
            compiled({key: "c"})
