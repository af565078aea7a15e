from __future__ import annotations

from pathlib import Path

import pytest

from framing.coding import Codebook, read_codebook
from framing.errors import InputError
from framing.study import StudyData

MINIMAL = """
name: weather
version: 2
frames:
  - id: storm
    definition: The weather is shown as a danger.
"""


def write(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "codebook.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_an_empty_section_is_no_section(tmp_path: Path) -> None:
    book = read_codebook(write(tmp_path, MINIMAL + "targets:\nvoice:\ntone:\n"))
    assert (book.tone, book.parties, book.voice) == ((), (), {})


def test_the_default_codebook_is_read_whole(data: StudyData) -> None:
    book = data.codebook
    assert len(book.frames) == 4
    assert all(frame.definition and frame.include and frame.exclude for frame in book.frames)
    assert book.tone == book.target_tone == (-1, 0, 1)
    assert len(book.parties) == 2
    assert len(book.voice) == 3
    assert len(book.decisions) == 9
    assert [v.kind for v in book.variables].count("ordinal") == 3


def test_a_codebook_may_have_frames_alone(tmp_path: Path) -> None:
    book = read_codebook(write(tmp_path, MINIMAL))
    assert isinstance(book, Codebook)
    assert [(v.id, v.column, v.kind) for v in book.variables] == [("storm", "has_storm", "frame")]
    assert book.version == "2"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: [", r"codebook\.yaml, row \d+: not valid YAML"),
        ("- a", "not a codebook"),
        (MINIMAL.replace("name: weather", ""), "the codebook has no 'name'"),
        (
            MINIMAL.replace("    definition: The weather is shown as a danger.\n", ""),
            "frame 'storm' has no 'definition'",
        ),
        (MINIMAL + "  - id: storm\n    definition: x\n", "the frame 'storm' stands twice"),
        (MINIMAL + "tone: {scale: [1, 0, -1]}", "the scale of tone is not a rising list of whole numbers"),
        (MINIMAL + "tone: {scale: [1, 2, 3]}", "from below 0 to above it"),
        (MINIMAL + "voice: {values: [a, b]}", r"voice\.values is not a mapping"),
        (MINIMAL + "voice: {values: {low: x}}", "'low' is a word that results use themselves"),
        (MINIMAL + "targets: {scale: [-1, 0, 1], parties: [{id: neutral}]}", "Give a party another id"),
        (MINIMAL + "    include: rain", "'include' of frame 'storm' is not a list"),
        (MINIMAL.replace("storm", "a;b"), "a frame has the id 'a;b'"),
        ("name: b\nversion: 1\nframes: 5", "frames is not a list"),
        (MINIMAL.replace("storm", "tone"), "'tone' is a word that results use themselves"),
    ],
)
def test_what_a_codebook_lacks_is_told(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_codebook(write(tmp_path, text))
