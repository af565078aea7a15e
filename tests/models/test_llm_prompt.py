from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pandas as pd
import pytest

from framing.coding import Codebook, read_codebook
from framing.errors import InputError
from framing.models.llm.cache import Reply, ReplyCache
from framing.models.llm.prompt import AnswerError, answer_schema, read_answer, system_prompt, user_prompts
from framing.study import StudyData

BOOK = """
name: weather
version: 7
language: ar
unit: One sentence.
frames:
  - id: flood
    label_ar: سيل
    definition: Water is shown as a danger.
    include: [rivers that rise]
    exclude: [rain as plain fact]
  - {id: harvest, definition: Rain is shown as a gain.}
tone: {scale: [-1, 0, 1], question: Which tone is it}
targets: {scale: [-1, 0, 1], parties: [{id: office, covers: the weather office}, {id: town}],
  rules: [The mayor is no town.]}
voice: {values: {narrator: the outlet, named: a person}}
decisions: [A dam is no river.]
"""
GOOD = {
    "frames": {"flood": True, "harvest": False},
    "tone": -1,
    "targets": {"office": 1, "town": None},
    "voice": "named",
}


@pytest.fixture
def book(tmp_path: Path) -> Codebook:
    (tmp_path / "book.yaml").write_text(BOOK, encoding="utf-8")
    return read_codebook(tmp_path / "book.yaml")


@pytest.fixture
def frames_alone(tmp_path: Path) -> Codebook:
    (tmp_path / "alone.yaml").write_text("name: a\nversion: 1\nframes: [{id: flood, definition: x}]", encoding="utf-8")
    return read_codebook(tmp_path / "alone.yaml")


def test_the_prompt_holds_the_whole_codebook(book: Codebook) -> None:
    prompt = system_prompt(book)
    for words in ("flood", "سيل", "Water is shown as a danger.", "include: rivers that rise", "harvest"):
        assert words in prompt
    for words in ("exclude: rain as plain fact", "Which tone is it One of -1, 0, 1", "the weather office", "town"):
        assert words in prompt
    for words in (
        "narrator: the outlet",
        "A dam is no river.",
        "The mayor is no town.",
        "version 7",
        '"flood": true|false',
    ):
        assert words in prompt


def test_every_frame_party_voice_and_decision_of_the_study_is_in_the_prompt(data: StudyData) -> None:
    prompt = system_prompt(data.codebook)
    for frame in data.codebook.frames:
        assert all(words in prompt for words in (frame.id, frame.definition, *frame.include, *frame.exclude))
    assert all(party.covers in prompt for party in data.codebook.parties)
    assert all(words in prompt for words in (*data.codebook.voice.values(), *data.codebook.decisions))


def test_further_rules_of_a_codebook_are_told(book: Codebook) -> None:
    more = {
        "tone_rules": ("A number is 0.",),
        "target_question": "Tone towards each.",
        "voice_rule": "Code the main claim.",
    }
    fields = {name: getattr(book, name) for name in dir(book) if not name.startswith("_")}
    prompt = system_prompt(cast(Codebook, SimpleNamespace(**(fields | more))))
    assert "* A number is 0." in prompt
    assert "Tone towards each." in prompt
    assert "Code the main claim." in prompt


def test_what_a_codebook_lacks_is_not_asked(frames_alone: Codebook) -> None:
    prompt = system_prompt(frames_alone)
    assert not {"TONE", "TARGETS", "VOICE", "DECISIONS"} & set(prompt.replace(".", " ").split())
    assert answer_schema(frames_alone)["required"] == ["frames"]
    answer = read_answer('{"frames": {"flood": true}}', frames_alone)
    assert (answer.frames, answer.tone, answer.targets, answer.voice) == ({"flood"}, None, {}, None)


def test_the_schema_is_strict(book: Codebook) -> None:
    schema = answer_schema(book)
    assert schema["required"] == ["frames", "tone", "targets", "voice"]
    assert schema["additionalProperties"] is False
    assert schema["properties"]["frames"]["required"] == ["flood", "harvest"]
    assert schema["properties"]["tone"]["enum"] == [-1, 0, 1]
    assert schema["properties"]["targets"]["properties"]["town"]["enum"] == [-1, 0, 1, None]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(GOOD),
        f"Here it is:\n```json\n{json.dumps(GOOD, indent=1)}\n```\nDone.",
        f'<think>{{"tone": 1}} or so</think>{json.dumps(GOOD)}',
        f"{json.dumps(GOOD)}\n{json.dumps(GOOD)}",
        json.dumps(GOOD | {"tone": -1.0}),
    ],
)
def test_an_answer_is_found_in_what_is_around_it(book: Codebook, content: str) -> None:
    answer = read_answer(content, book)
    assert (answer.frames, answer.tone, answer.voice) == ({"flood"}, -1, "named")
    assert answer.targets == {"office": 1, "town": None}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no JSON object"),
        ("I think it is a flood.", "no JSON object"),
        ('{"frames": {"flood": tr', "no JSON object"),
        ("[1, 2]", "no JSON object"),
        ("{" * 5000, "no JSON object"),
        ('{"a":' * 5000, "no JSON object"),
        ("x" * 100_001, "far too long"),
        (json.dumps(GOOD) + json.dumps(GOOD | {"tone": 1}), "several different JSON objects"),
        ('{"tone": 1, "tone": -1}', "'tone' stands twice"),
        (json.dumps({k: v for k, v in GOOD.items() if k != "voice"}), "the answer lacks 'voice'"),
        (json.dumps(GOOD | {"mood": 1}), "the answer has an unknown 'mood'"),
        (json.dumps(GOOD | {"frames": ["flood"]}), r"'frames' is \[\"flood\"\], where an object with flood, harvest"),
        (json.dumps(GOOD | {"frames": {"flood": True}}), "'frames' lacks 'harvest'"),
        (
            json.dumps(GOOD | {"frames": {"flood": True, "harvest": True, "fire": True}}),
            "unknown 'fire'; the codebook knows flood, harvest",
        ),
        (json.dumps(GOOD | {"frames": {"flood": "yes", "harvest": False}}), "frame 'flood' is \"yes\""),
        (json.dumps(GOOD | {"tone": 2}), "'tone' is 2, where one of -1, 0, 1 is needed"),
        (json.dumps(GOOD | {"tone": None}), "'tone' is null"),
        (json.dumps(GOOD | {"tone": True}), "'tone' is true"),
        (json.dumps(GOOD | {"targets": {"office": "good", "town": 0}}), "target 'office' is \"good\".* or null"),
        (json.dumps(GOOD | {"voice": "crowd"}), "'voice' is \"crowd\", where one of narrator, named"),
    ],
)
def test_what_is_wrong_with_an_answer_is_told(book: Codebook, content: str, message: str) -> None:
    with pytest.raises(AnswerError, match=message):
        read_answer(content, book)


UNITS = pd.DataFrame(
    [
        ("a", 0, "headline", "Head"),
        ("a", 1, "boilerplate", "Share"),
        ("a", 2, "body", "One"),
        ("a", 3, "body", "Two"),
        ("a", 4, "heading", "Three"),
        ("b", 0, "body", "Alone"),
    ],
    columns=["doc_id", "unit", "unit_type", "text"],
)


def test_context_is_the_headline_and_two_units_before() -> None:
    table = user_prompts(UNITS.iloc[::-1].assign(outlet="The Herald"), 2)
    shown = [json.loads(prompt) for prompt in table["prompt"]]
    assert list(zip(table["doc_id"], table["unit"], strict=True)) == [("a", 0), ("a", 2), ("a", 3), ("a", 4), ("b", 0)]
    assert shown[0] == {"context_only": {"headline": None, "units_before": []}, "unit_type": "headline", "unit": "Head"}
    assert shown[3]["context_only"] == {"headline": "Head", "units_before": ["One", "Two"]}
    assert shown[4]["context_only"] == {"headline": None, "units_before": []}
    assert not table["prompt"].str.contains("Herald|Share").any(), "coders know neither outlet nor boilerplate"


@pytest.mark.parametrize(("context", "before"), [(0, []), (1, ["Two"]), (3, ["One", "Two"])])
def test_a_model_is_shown_the_context_that_coders_are(context: int, before: list[str]) -> None:
    shown = json.loads(user_prompts(UNITS, context)["prompt"].iloc[3])
    assert shown["context_only"] == {"headline": "Head" if context else None, "units_before": before}


def test_context_is_spoken_of_where_there_is_one(book: Codebook) -> None:
    said = "The headline and the units before it"
    assert said not in system_prompt(book)
    assert said in system_prompt(replace(book, context=1))


@pytest.mark.parametrize(
    ("units", "message"),
    [
        (UNITS.drop(columns="unit_type"), "no column 'unit_type'"),
        (pd.concat([UNITS, UNITS.tail(1)]), "unit 0 of article 'b' stands twice"),
        (UNITS.assign(text=[*UNITS["text"][:-1], " "]), "unit 0 of article 'b' has no text"),
    ],
)
def test_units_that_cannot_be_asked_about_are_told(units: pd.DataFrame, message: str) -> None:
    with pytest.raises(InputError, match=message):
        user_prompts(units, 2)


def test_a_reply_is_on_disk_before_anything_is_closed(tmp_path: Path) -> None:
    reply = Reply("نعم", "", "stop", "m-1", 10, 3)
    with ReplyCache(tmp_path / "deep" / "r.sqlite") as one, ReplyCache(tmp_path / "deep" / "r.sqlite") as two:
        assert two.get("k") is None
        one.put("k", reply)
        assert two.get("k") == reply


def test_a_file_that_is_no_cache_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a database, but long enough to be read as one" * 9, encoding="utf-8")
    with pytest.raises(InputError, match=r"notes\.txt: the cache of answers cannot be used"):
        ReplyCache(tmp_path / "notes.txt")
    with pytest.raises(InputError, match="cannot be used"):
        ReplyCache(tmp_path / "notes.txt" / "below.sqlite")
