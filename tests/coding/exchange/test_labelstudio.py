from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.coding import Codebook
from framing.coding.exchange import keep, labelstudio, named
from framing.coding.exchange.form import NO_FRAME, NOT_MENTIONED, variables
from framing.errors import InputError
from framing.study import StudyData
from tests.coding.exchange.answering import (
    Answer,
    answered,
    by_unit,
    chosen,
    in_order,
    seeds_answers,
    seeds_shown,
    wanted,
)

Export = list[dict[str, Any]]


def filled(tasks: Path, said: Mapping[tuple[str, int], Answer], codebook: Codebook, account: int = 1) -> Export:
    """What Label Studio 1.23 exports as JSON of a project with these tasks, once a coder has answered so."""
    found = []
    for number, task in enumerate(json.loads(tasks.read_text(encoding="utf-8")), start=1):
        data = task["data"]
        answer = said.get((data["doc_id"], data["unit"]))
        annotations = [] if answer is None else [annotation(answer, codebook, number, account)]
        found.append(
            {"id": 40 + number, "inner_id": number, "data": data, "annotations": annotations, "predictions": []}
        )
    return found


def annotation(answer: Answer, codebook: Codebook, number: int, account: int) -> dict[str, Any]:
    parts = [
        {"from_name": name, "to_name": "text", "type": "choices", "origin": "manual", "value": {"choices": values}}
        for name, values in chosen(answer, codebook).items()
        if values
    ]
    if answer.get("note"):
        note = {"from_name": "note", "to_name": "text", "type": "textarea", "origin": "manual"}
        parts.append(note | {"value": {"text": [answer["note"]]}})
    return {
        "id": number,
        "completed_by": account,
        "was_cancelled": False,
        "created_at": answer.get("created_at", ""),
        "lead_time": answer.get("seconds"),
        "prediction": {},
        "parent_prediction": None,
        "parent_annotation": None,
        "result": parts,
    }


def sent(folder: Path, shown: pd.DataFrame, codebook: Codebook, coder: str) -> Path:
    labelstudio.export(shown, codebook, folder / coder, coder)
    return folder / coder / labelstudio.TASKS


def kept_file(folder: Path, export: object, name: str = "export.json") -> Path:
    (folder / name).write_text(json.dumps(export, ensure_ascii=False), encoding="utf-8")
    return folder / name


@settings(max_examples=40)
@given(answered(), st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.floats(0, 1e5))
def test_nothing_is_lost_on_the_way(
    case: tuple[Codebook, pd.DataFrame, list[Answer]], at: datetime, took: float
) -> None:
    book, shown, answers = case
    when = at.replace(tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    answers = [a | {"created_at": when, "seconds": took} for a in answers]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        labelstudio.export(shown, book, folder, answers[0]["coder"])
        export = filled(folder / labelstudio.TASKS, by_unit(answers), book)
        found = labelstudio.read([kept_file(folder, export)], shown, book)
    kept = keep(found, shown, book)
    pd.testing.assert_frame_equal(in_order(kept.answers), wanted(answers, book, "label-studio"))
    assert set(kept.flagged["problem"]) <= {"answers nothing"}


def test_the_codings_of_the_seeds_come_back_as_they_were(data: StudyData, tmp_path: Path) -> None:
    shown, answers = seeds_shown(data), seeds_answers(data)
    files = []
    for coder in "ABC":
        said = by_unit(a for a in answers if a["coder"] == coder)
        tasks = sent(tmp_path, shown, data.codebook, coder)
        files.append(kept_file(tmp_path, filled(tasks, said, data.codebook, ord(coder)), f"{coder}.json"))
    kept = keep(labelstudio.read(files, shown, data.codebook), shown, data.codebook)
    assert len(kept.answers) == 133 * 3
    pd.testing.assert_frame_equal(in_order(kept.answers), wanted(answers, data.codebook, "label-studio"))


def test_the_configuration_is_right_to_left_and_keeps_ids(data: StudyData) -> None:
    root = Xml.fromstring(labelstudio.config(data.codebook))
    assert "direction: rtl" in root.attrib["style"]
    asked = {choices.attrib["name"]: choices for choices in root.iter("Choices")}
    assert list(asked) == variables(data.codebook)
    frames = asked["frames"]
    assert frames.attrib["choice"] == "multiple"
    assert [c.attrib["alias"] for c in frames] == [*data.codebook.frame_ids, NO_FRAME]
    assert [c.attrib["value"] for c in frames][:-1] == [f.label_ar for f in data.codebook.frames]
    for choices in asked.values():
        assert all(c.attrib["alias"].isascii() and c.attrib["hint"] for c in choices)
    for party in data.codebook.party_ids:
        assert [c.attrib["alias"] for c in asked[f"tone_{party}"]][-1] == NOT_MENTIONED
    assert {t.attrib["value"] for t in root.iter("Text")} == {"$text", "$context"}


class Spoilt:
    """One coder's export, all answered, of which a test spoils the first answer."""

    def __init__(self, data: StudyData, folder: Path) -> None:
        self.data, self.folder = data, folder
        self.shown = seeds_shown(data).head(3)
        said = by_unit(a for a in seeds_answers(data) if a["coder"] == "A")
        self.export = filled(sent(folder, self.shown, data.codebook, "A"), said, data.codebook)

    @property
    def first(self) -> dict[str, Any]:
        return self.export[0]["annotations"][0]

    def read(self) -> pd.DataFrame:
        return labelstudio.read([kept_file(self.folder, self.export)], self.shown, self.data.codebook)

    def refused(self) -> str:
        with pytest.raises(InputError) as error:
            keep(self.read(), self.shown, self.data.codebook)
        assert "export.json, row 1" in str(error.value)
        return str(error.value)

    def set_aside(self) -> pd.DataFrame:
        return keep(self.read(), self.shown, self.data.codebook, aside=True).flagged


@pytest.fixture
def spoilt(data: StudyData, tmp_path: Path) -> Spoilt:
    return Spoilt(data, tmp_path)


@pytest.mark.parametrize("origin", ["prediction", "prediction-changed"])
def test_an_answer_that_grew_out_of_a_prediction_is_refused(spoilt: Spoilt, origin: str) -> None:
    spoilt.first["result"][0]["origin"] = origin
    assert f"grew out of a pre-filled prediction (origin '{origin}'). Have the unit coded" in spoilt.refused()
    flagged = spoilt.set_aside()
    assert len(flagged) == 1
    assert flagged["frames"].tolist() == keep(Spoilt(spoilt.data, spoilt.folder).read(), spoilt.shown,
                                              spoilt.data.codebook).answers["frames"].head(1).tolist()  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value"), [("prediction", {"model_version": "m"}), ("parent_prediction", 4), ("parent_annotation", 9)]
)
def test_an_annotation_made_from_another_is_refused(spoilt: Spoilt, key: str, value: object) -> None:
    spoilt.first[key] = value
    assert "grew out of" in spoilt.refused()


def test_a_skipped_task_is_missing_and_stops_nothing(spoilt: Spoilt) -> None:
    spoilt.first["was_cancelled"] = True
    kept = keep(spoilt.read(), spoilt.shown, spoilt.data.codebook)
    assert kept.flagged["problem"].tolist() == ["taken back by the coder"]
    assert len(kept.answers) == 2


def test_a_control_left_open_is_missing_and_not_none(spoilt: Spoilt) -> None:
    spoilt.first["result"] = [part for part in spoilt.first["result"] if part["from_name"] != "frames"]
    answers = keep(spoilt.read(), spoilt.shown, spoilt.data.codebook).answers
    assert ["frames" in cell.split(";") for cell in answers["answered"]] == [False, True, True]


def test_two_annotations_of_one_task_are_refused(spoilt: Spoilt) -> None:
    spoilt.export[0]["annotations"].append(spoilt.first | {"id": 99})
    assert "two answers of this coder to this unit (1 further answers spoil gold)" in spoilt.refused()


def test_a_changed_text_is_refused(spoilt: Spoilt) -> None:
    spoilt.export[0]["data"]["text"] += " "
    assert "the text is not the one that was exported. Code the unit anew" in spoilt.refused()


def test_an_unknown_label_is_refused(spoilt: Spoilt) -> None:
    spoilt.first["result"][0]["value"]["choices"] = ["drought"]
    assert "column 'frames': coder 'A' on unit 0 of article '000': unknown label 'drought'" in spoilt.refused()


def test_no_frame_beside_a_frame_is_refused(spoilt: Spoilt) -> None:
    spoilt.first["result"][0]["value"]["choices"] = [NO_FRAME, spoilt.data.codebook.frame_ids[0]]
    assert "'no frame' together with" in spoilt.refused()


def test_two_values_of_a_single_choice_are_refused(spoilt: Spoilt) -> None:
    spoilt.first["result"][1]["value"]["choices"] = ["0", "1"]
    assert "'tone' holds 2 values, and may hold one" in spoilt.refused()


def test_another_version_of_the_codebook_is_refused(spoilt: Spoilt) -> None:
    spoilt.export[0]["data"]["codebook"] = "0.9"
    assert "coded by version '0.9' of the codebook, this one is '1'" in spoilt.refused()


def test_a_coder_under_two_accounts_is_refused_until_told_who_they_are(spoilt: Spoilt) -> None:
    spoilt.first["completed_by"] = 7
    assert "coder answered under accounts '1' and '7'" in spoilt.refused()
    told = named(spoilt.read(), {"1": "A", "7": "B"})
    assert keep(told, spoilt.shown, spoilt.data.codebook).answers["coder"].tolist() == ["B", "A", "A"]
    same = named(spoilt.read(), {"1": "A", "7": "A"})
    assert len(keep(same, spoilt.shown, spoilt.data.codebook).answers) == 3


def test_an_account_under_two_names_is_refused(spoilt: Spoilt) -> None:
    spoilt.export[0]["data"]["coder"] = "B"
    spoilt.first["completed_by"] = {"id": 1, "email": "a@example.org"}
    for task in spoilt.export[1:]:
        task["annotations"][0]["completed_by"] = {"id": 1, "email": "a@example.org"}
    assert "account answered for coders 'A' and 'B'" in spoilt.refused()


def test_the_same_answer_under_two_names_is_refused(spoilt: Spoilt) -> None:
    spoilt.first["created_at"] = "2026-11-21T23:24:16.040929Z"
    mine = kept_file(spoilt.folder, spoilt.export, "mine.json")
    for task in spoilt.export:
        task["data"]["coder"] = "B"
    other = kept_file(spoilt.folder, spoilt.export, "other.json")
    found = labelstudio.read([mine, other], spoilt.shown, spoilt.data.codebook)
    with pytest.raises(InputError, match="the same answer, to the microsecond, of coders 'A' and 'B'"):
        keep(found, spoilt.shown, spoilt.data.codebook)


MIN = [{"text": "x", "id": 1, "frames": {"choices": ["a"]}, "annotator": 1, "annotation_id": 4, "lead_time": 2.0}]

TASK = {"data": {"doc_id": "a", "unit": 1, "text": "x", "coder": "A", "codebook": "1"}}


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (json.dumps(MIN), "e.json", r"e\.json, row 1: a JSON-MIN export, .* choose Export > JSON, the first"),
        ("id,frames\n1,a\n", "e.csv", r"a CSV export, whose cells change type with the number of choices"),
        ("id\tframes\n", "e.tsv", r"a CSV export"),
        ("{", "e.json", r"not valid JSON"),
        ("{}", "e.json", r"not a list of tasks"),
        ('[{"id": 3}]', "e.json", r"row 1: no annotations in it"),
        (
            '[{"annotations": [], "data": {"text": "x"}}]',
            "e.json",
            r"the task's data has no 'doc_id'\. Import the tasks",
        ),
    ],
)
def test_what_is_no_full_export_is_refused(
    tmp_path: Path, data: StudyData, content: str, name: str, message: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        labelstudio.read([tmp_path / name], seeds_shown(data), data.codebook)
