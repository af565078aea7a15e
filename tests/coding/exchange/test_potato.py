from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from hypothesis import given, settings

from framing.coding import Codebook
from framing.coding.exchange import keep, missing_answers, potato
from framing.coding.exchange.form import NO_FRAME, parse_name, variables
from framing.errors import InputError
from framing.files import read_table
from framing.schema import KEY
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

Lines = list[dict[str, Any]]


def filled(folder: Path, said: Mapping[tuple[str, int], Answer], codebook: Codebook) -> Lines:
    """What potato.export of Potato 2.12 writes of these units, once a coder has answered so."""
    lines = []
    for item in read_table(folder / potato.ITEMS).to_dict("records"):
        name = parse_name(item["id"])
        assert name is not None
        answer = said.get((name.doc_id, name.unit))
        if answer is not None:
            labels = {
                n: {_kept(v): _kept(v) for v in values} for n, values in chosen(answer, codebook).items() if values
            }
            note = {"note": {"text_box": answer["note"]}} if answer.get("note") else {}
            lines.append({"instance_id": item["id"], "user_id": answer["coder"], "labels": labels | note})
    return [line | {"spans": {}, "links": {}} for line in lines]


def _kept(value: str) -> str:
    return "None" if value == NO_FRAME else value


def write(folder: Path, lines: Lines) -> None:
    file = folder / potato.EXPORTED
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


def remember(folder: Path, lines: Lines, **told: object) -> None:
    """Leave the state that Potato keeps of the coder of these lines."""
    pairs = {
        line["instance_id"]: [
            [{"schema": n, "name": label}, v] for n, given in line["labels"].items() for label, v in given.items()
        ]
        for line in lines
    }
    state = {
        "user_id": lines[0]["user_id"],
        "instance_id_to_label_to_value": pairs,
        "instance_id_to_behavioral_data": dict.fromkeys(pairs, told),
    }
    file = folder / potato.OUTPUT / lines[0]["user_id"] / "user_state.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(state), encoding="utf-8")


@settings(max_examples=40)
@given(answered())
def test_nothing_is_lost_on_the_way(case: tuple[Codebook, pd.DataFrame, list[Answer]]) -> None:
    book, shown, answers = case
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        potato.export(shown, book, folder, answers[0]["coder"])
        write(folder, filled(folder, by_unit(answers), book))
        kept = keep(potato.read([folder], shown, book), shown, book)
    pd.testing.assert_frame_equal(in_order(kept.answers), wanted(answers, book, "potato"))
    assert set(kept.flagged["problem"]) <= {"answers nothing"}


def test_the_codings_of_the_seeds_come_back_as_they_were(data: StudyData, tmp_path: Path) -> None:
    shown, answers = seeds_shown(data), seeds_answers(data)
    folders = [tmp_path / coder for coder in "ABC"]
    for folder in folders:
        potato.export(shown, data.codebook, folder, folder.name)
        write(folder, filled(folder, by_unit(a for a in answers if a["coder"] == folder.name), data.codebook))
    kept = keep(potato.read(folders, shown, data.codebook), shown, data.codebook)
    assert len(kept.answers) == 133 * 3
    pd.testing.assert_frame_equal(in_order(kept.answers), wanted(answers, data.codebook, "potato"))


def test_the_configuration_is_arabic_and_lets_in_the_coder_alone(data: StudyData, tmp_path: Path) -> None:
    shown = seeds_shown(data)
    potato.export(shown.iloc[::-1], data.codebook, tmp_path, "A")
    config = yaml.safe_load((tmp_path / potato.CONFIG).read_text(encoding="utf-8"))
    assert config["ui_language"] == "ar"
    assert config["user_config"] == {"allow_all_users": False, "users": ["A"]}
    schemes = {scheme["name"]: scheme for scheme in config["annotation_schemes"]}
    assert list(schemes) == [*variables(data.codebook), "note"]
    assert [label["name"] for label in schemes["frames"]["labels"]] == [*data.codebook.frame_ids, "None"]
    assert schemes["frames"]["labels"][0]["displayed_label"] == data.codebook.frames[0].label_ar
    names = [parse_name(ident) for ident in read_table(tmp_path / potato.ITEMS)["id"]]
    assert [(n.doc_id, n.unit) for n in names if n] == list(shown[KEY].iloc[::-1].itertuples(index=False, name=None))


class Spoilt:
    """A coder's folder with an export, of which a test spoils the first line."""

    def __init__(self, data: StudyData, folder: Path) -> None:
        self.book, self.folder = data.codebook, folder
        self.shown = seeds_shown(data).head(3)
        potato.export(self.shown, data.codebook, folder, "A")
        said = by_unit(a for a in seeds_answers(data) if a["coder"] == "A")
        self.lines = filled(folder, said, data.codebook)

    def read(self) -> pd.DataFrame:
        write(self.folder, self.lines)
        return potato.read([self.folder], self.shown, self.book)

    def refused(self) -> str:
        with pytest.raises(InputError) as error:
            keep(self.read(), self.shown, self.book)
        assert "annotations.jsonl, row 1" in str(error.value)
        return str(error.value)


@pytest.fixture
def spoilt(data: StudyData, tmp_path: Path) -> Spoilt:
    return Spoilt(data, tmp_path)


def test_two_values_of_a_radio_are_refused(spoilt: Spoilt) -> None:
    spoilt.lines[0]["labels"]["tone"] = {"0": "0", "1": "1"}
    assert "tone holds '0' and '1', and may hold one. Open the unit in Potato and choose again." in spoilt.refused()


def test_unchecked_frames_are_missing_and_not_none(spoilt: Spoilt) -> None:
    del spoilt.lines[0]["labels"]["frames"]
    spoilt.lines[1]["labels"]["frames"] = {}
    kept = keep(spoilt.read(), spoilt.shown, spoilt.book)
    assert missing_answers(kept.answers, spoilt.book)[["unit", "variable"]].to_numpy().tolist() == [
        [0, "frames"],
        [1, "frames"],
    ]


def test_times_come_from_the_state_beside_the_export(spoilt: Spoilt) -> None:
    remember(spoilt.folder, spoilt.lines, session_end=1795345119.519, total_time_ms=3472)
    answers = keep(spoilt.read(), spoilt.shown, spoilt.book).answers
    assert set(answers["created_at"]) == {"2026-11-22T10:58:39.519000Z"}
    assert set(answers["seconds"]) == {3.472}


@pytest.mark.parametrize("told", [{"pre_annotation_seeds": {"frames": ["x"]}}, {"ai_usage": [{"shown": 1}]}])
def test_answers_that_a_machine_prefilled_are_refused(spoilt: Spoilt, told: dict[str, object]) -> None:
    remember(spoilt.folder, spoilt.lines, **told)
    assert "grew out of a pre-filled prediction" in spoilt.refused()


def test_a_machine_as_rater_is_refused(spoilt: Spoilt) -> None:
    for line in spoilt.lines:
        line["annotator_origin"] = {"kind": "llm"}
    assert "(origin 'a machine (llm)')" in spoilt.refused()


@pytest.mark.parametrize("part", ["unit", "label"])
def test_an_export_older_than_the_answers_is_refused(spoilt: Spoilt, part: str) -> None:
    remember(spoilt.folder, spoilt.lines)
    if part == "unit":
        spoilt.lines.pop()
    else:
        spoilt.lines[0]["labels"]["tone"] = {"-1": "-1"}
    with pytest.raises(InputError, match=r"the export is older than what coder 'A' answered.*-m potato\.export"):
        spoilt.read()


def test_a_folder_without_an_export_says_how_to_make_one(spoilt: Spoilt) -> None:
    with pytest.raises(InputError, match=r"no export/annotations\.jsonl in it\. At the end: .*potato\.export"):
        potato.read([spoilt.folder], spoilt.shown, spoilt.book)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            {"instance_id": "s1", "user_id": "A", "labels": {}},
            r"row 1, column 'instance_id': 's1' is no name of a unit",
        ),
        ({"text": "x"}, r"row 1: not a line of a Potato export"),
    ],
)
def test_what_is_no_export_is_refused(spoilt: Spoilt, line: dict[str, object], message: str) -> None:
    spoilt.lines = [line]
    with pytest.raises(InputError, match=message):
        spoilt.read()


def test_a_changed_text_is_refused(spoilt: Spoilt) -> None:
    spoilt.lines[0]["instance_id"] = spoilt.lines[0]["instance_id"].replace("000:0:", "000:1:")
    assert "the text is not the one that was exported" in spoilt.refused()
