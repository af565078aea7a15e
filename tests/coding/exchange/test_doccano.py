from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings

from framing.coding import Codebook
from framing.coding.exchange import doccano, keep
from framing.coding.exchange.form import NO_FRAME, parse_name
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


def exported(folder: Path, answers: Iterable[Answer], codebook: Codebook, user: str = "all") -> list[Path]:
    """Code what was sent out into a folder, and write what doccano 1.8.4 exports of each of its projects."""
    known, zips = by_unit(answers), []
    for number, tasks in enumerate(sorted(folder.glob("*.jsonl"))):
        labels = json.loads((folder / f"{tasks.stem}.labels.json").read_text(encoding="utf-8"))
        names = {each["text"].split(" · ")[0]: each["text"] for each in labels}
        rows: list[dict[str, Any]] = []
        for ident, line in enumerate(_lines(tasks), start=7):
            name = parse_name(line["unit"])
            assert name is not None
            answer = known[name.doc_id, name.unit]
            given_ = sorted(names[each] for each in chosen(answer, codebook)[line["variable"]])
            comments = [answer["note"]] if number == 0 and answer["note"] else []
            meta = {key: value for key, value in line.items() if key != "text"}
            rows.append({"id": ident, "text": line["text"], **meta, "label": given_, "Comments": comments})
        path = folder / f"{tasks.stem}.zip"
        with zipfile.ZipFile(path, "w") as bundle:
            content = pd.DataFrame(rows).to_json(orient="records", force_ascii=False, lines=True)
            bundle.writestr(f"{user}.jsonl", content)
        zips.append(path)
    return zips


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def test_nothing_is_lost_of_what_the_seeds_coders_said(data: StudyData, tmp_path: Path) -> None:
    shown, answers, zips = seeds_shown(data), seeds_answers(data), []
    for coder in "ABC":
        mine = [a for a in answers if a["coder"] == coder]
        doccano.export(shown, data.codebook, tmp_path / coder, coder)
        zips += exported(tmp_path / coder, mine, data.codebook, user=f"user{coder}")
    assert len(zips) == 3 * 5
    found = keep(doccano.read(zips, shown, data.codebook), shown, data.codebook)
    assert found.flagged.empty
    assert len(found.answers) == 3 * 133
    pd.testing.assert_frame_equal(in_order(found.answers), wanted(answers, data.codebook, "doccano"))


@settings(max_examples=20)
@given(case=answered())
def test_nothing_is_lost_of_any_codebook(case: tuple[Codebook, pd.DataFrame, list[Answer]]) -> None:
    book, shown, answers = case
    with tempfile.TemporaryDirectory() as folder:
        doccano.export(shown, book, Path(folder), answers[0]["coder"])
        zips = exported(Path(folder), answers, book)
        found = keep(doccano.read(zips, shown, book), shown, book)
    pd.testing.assert_frame_equal(in_order(found.answers), wanted(answers, book, "doccano"), check_dtype=False)
    assert set(found.flagged["problem"]) <= {"answers nothing"}


def line(data: StudyData, folder: Path, **changes: Any) -> Path:
    """Write a file with one line of an export of the seeds' first unit."""
    doccano.export(seeds_shown(data).head(1), data.codebook, folder / "out", "A")
    row = _lines(folder / "out" / f"{changes.get('variable', 'tone')}.jsonl")[0]
    row |= {"id": 3, "label": ["0 · محايدة"], "Comments": []} | changes
    path = folder / "mona.jsonl"
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({k: v for k, v in row.items() if v is not ...}, ensure_ascii=False) + "\n")
    return path


def test_labels_are_for_people_and_for_the_import(data: StudyData, tmp_path: Path) -> None:
    paths = doccano.export(seeds_shown(data).head(1), data.codebook, tmp_path, "A")
    assert {p.name for p in paths} >= {"frames.jsonl", "frames.labels.json", "tone_meta.jsonl", "voice.labels.json"}
    labels = json.loads((tmp_path / "frames.labels.json").read_text(encoding="utf-8"))
    assert labels[0] == {
        "text": "gamble · مقامرة",
        "suffixKey": "1",
        "backgroundColor": "#1f77b4",
        "textColor": "#ffffff",
    }
    assert labels[-1]["text"] == f"{NO_FRAME} · لا إطار"
    assert "label" not in _lines(tmp_path / "frames.jsonl")[0]  # nothing is pre-filled


def test_an_unlabelled_unit_is_not_answered(data: StudyData, tmp_path: Path) -> None:
    shown = seeds_shown(data)
    path = line(data, tmp_path, label=[])
    line(data, tmp_path, variable="frames", label=["no-frame · لا إطار"], Comments=["لا شيء", "واضح"])
    found = keep(doccano.read(path, shown, data.codebook), shown, data.codebook).answers
    assert found[["answered", "frames", "tone", "note"]].to_numpy().tolist() == [["frames", "", "", "لا شيء\nواضح"]]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"label": ["2"]}, "unknown label '2'"),
        ({"label": ["0 · محايدة", "1 · إيجابية"]}, "'tone' holds 2 labels, and may hold one"),
        ({"text": "نص آخر"}, "the text is not the one that was exported"),
        ({"unit": "u1"}, r"mona\.jsonl, row 1: the line names no unit\. Import the \.jsonl files"),
        ({"variable": "frames", "label": ["no-frame", "gamble"]}, "'no frame' together with gamble"),
        ({"label": ...}, r"mona\.jsonl, row 1: the line has no list of labels"),
        ({"label": [[0, 3, "x"]]}, "the line has no list of labels"),
        ({"coder": ""}, "nobody is named who answered"),
    ],
)
def test_what_spoils_gold_is_named(data: StudyData, tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    shown = seeds_shown(data)
    with pytest.raises(InputError, match=message):
        keep(doccano.read(line(data, tmp_path, **changes), shown, data.codebook), shown, data.codebook)


def test_a_unit_labelled_twice_is_noticed(data: StudyData, tmp_path: Path) -> None:
    shown = seeds_shown(data)
    line(data, tmp_path)
    path = line(data, tmp_path, label=["1"])
    with pytest.raises(InputError, match="two answers of this coder to this unit"):
        keep(doccano.read(path, shown, data.codebook), shown, data.codebook)


def test_what_was_sent_out_is_no_export(data: StudyData, tmp_path: Path) -> None:
    doccano.export(seeds_shown(data).head(1), data.codebook, tmp_path, "A")
    with pytest.raises(InputError, match=r"frames\.jsonl, row 1: this is what was sent out, and not what doccano"):
        doccano.read(tmp_path, data.units, data.codebook)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.zip", b"no zip", r"a\.zip: not a readable export"),
        ("a.jsonl", b"{", r"a\.jsonl, row 1: not valid JSON"),
        ("a.jsonl", b"[1]", "not a JSON object"),
        ("a.jsonl", b'{"text": "x", "unit": "a:1:b:1", "variable": "mood"}', "answers 'mood', which the codebook does"),
    ],
)
def test_a_file_that_is_no_export_is_named(
    data: StudyData, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=message):
        doccano.read(tmp_path, data.units, data.codebook)
