from __future__ import annotations

import io
import json
import re
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings

from framing.coding import Codebook
from framing.coding.exchange import inception, keep
from framing.coding.exchange.form import NO_FRAME, parse_name, variables
from framing.coding.exchange.places import printable
from framing.errors import InputError, MissingDependencyError
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

cassis = pytest.importorskip("cassis")


def load(path: Path, codebook: Codebook) -> Any:
    if path.suffix == ".xmi":
        return cassis.load_cas_from_xmi(path, typesystem=inception.type_system(codebook))
    return cassis.load_cas_from_json(io.BytesIO(path.read_bytes()))


def dump(cas: Any, kind: str) -> bytes:
    return (cas.to_xmi() if kind == "xmi" else cas.to_json()).encode("utf-8")


def fill(unit: Any, answer: Answer, codebook: Codebook, types: Any) -> None:
    said = chosen(answer, codebook)
    for variable, feature in inception.features(codebook).items():
        if said[variable]:
            array = types.get_type("uima.cas.StringArray")
            unit[feature] = array(elements=said[variable]) if variable == "frames" else said[variable][0]
    unit["note"] = answer["note"] or None


def coded(folder: Path, answers: Iterable[Answer], codebook: Codebook, kind: str, user: str) -> dict[str, bytes]:
    """Code the articles of a folder, and return the files of a project that INCEpTION exports."""
    known, files = by_unit(answers), {}
    for path in sorted((folder / kind).iterdir()):
        cas = load(path, codebook)
        files[f"annotation/{path.name}/INITIAL_CAS.{kind}"] = dump(cas, kind)
        for unit in cas.select(inception.LAYER):
            name = parse_name(unit.unit)
            assert name is not None
            fill(unit, known[name.doc_id, name.unit], codebook, cas.typesystem)
        files[f"annotation/{path.name}/{user}.{kind}"] = dump(cas, kind)
        files[f"curation/{path.name}/CURATION_USER.{kind}"] = dump(cas, kind)
    return files


def zipped(path: Path, files: dict[str, bytes], nested: bool = False) -> Path:
    """Zip files; nested: each CAS in a zip of its own, with its type system."""
    with zipfile.ZipFile(path, "w") as bundle:
        bundle.writestr("exportedproject.json", "{}")
        for name, content in files.items():
            if nested and name.endswith(".xmi"):
                inner = io.BytesIO()
                with zipfile.ZipFile(inner, "w") as one:
                    one.writestr(Path(name).name, content)
                    one.writestr("TypeSystem.xml", (path.parent / "TypeSystem.xml").read_bytes())
                bundle.writestr(str(Path(name).with_suffix(".zip")), inner.getvalue())
            else:
                bundle.writestr(name, content)
    return path


@pytest.mark.parametrize(("kind", "nested"), [("xmi", False), ("xmi", True), ("json", False)])
def test_nothing_is_lost_of_what_the_seeds_coders_said(
    data: StudyData, tmp_path: Path, kind: str, nested: bool
) -> None:
    shown, answers, zips = seeds_shown(data), seeds_answers(data), []
    for coder in "ABC":
        folder = tmp_path / coder
        mine = [a for a in answers if a["coder"] == coder]
        inception.export(shown.sample(frac=1, random_state=ord(coder)), data.codebook, folder, coder)
        zips.append(zipped(folder / "p.zip", coded(folder, mine, data.codebook, kind, f"user{coder}"), nested))
    found = keep(inception.read(zips, data.units, data.codebook), shown, data.codebook)
    assert found.flagged.empty
    assert len(found.answers) == 3 * 133
    pd.testing.assert_frame_equal(in_order(found.answers), wanted(answers, data.codebook, "inception"))


@pytest.mark.parametrize("kind", ["xmi", "json"])
@settings(max_examples=15)
@given(case=answered())
def test_nothing_is_lost_of_any_codebook(kind: str, case: tuple[Codebook, pd.DataFrame, list[Answer]]) -> None:
    book, shown, answers = case
    with tempfile.TemporaryDirectory() as folder:
        inception.export(shown, book, Path(folder), answers[0]["coder"])
        path = zipped(Path(folder) / "p.zip", coded(Path(folder), answers, book, kind, "user"))
        found = keep(inception.read(path, shown, book), shown, book)
    pd.testing.assert_frame_equal(in_order(found.answers), wanted(answers, book, "inception"), check_dtype=False)
    assert set(found.flagged["problem"]) <= {"answers nothing"}


SMILE = ["قال 😀 إن المطر قادم", "👩🏽‍🌾 حصاد", "سطران\nفي وحدة"]


@pytest.fixture
def emoji(data: StudyData) -> pd.DataFrame:
    from framing.files import text_sha

    shown = seeds_shown(data).head(3).assign(text=SMILE, context=["", SMILE[0], f"{SMILE[0]}\n{SMILE[1]}"])
    return shown.assign(sha=shown["text"].map(text_sha))


@pytest.mark.parametrize("kind", ["xmi", "json"])
def test_offsets_on_disk_are_utf16_units(data: StudyData, emoji: pd.DataFrame, tmp_path: Path, kind: str) -> None:
    inception.export(emoji, data.codebook, tmp_path, "A")
    (path,) = (tmp_path / kind).iterdir()
    if kind == "xmi":
        tags = re.findall(r"<custom:FramingUnit [^>]*>", path.read_text(encoding="utf-8"))
        spans = [tuple(int(re.search(rf'{end}="(\d+)"', tag)[1]) for end in ("begin", "end")) for tag in tags]  # type: ignore[index]
    else:
        found = json.loads(path.read_text(encoding="utf-8"))["%FEATURE_STRUCTURES"]
        spans = [(f["begin"], f["end"]) for f in found if f["%TYPE"] == inception.LAYER]
    document = "\n".join(SMILE).encode("utf-16-le")
    assert [document[2 * a : 2 * b].decode("utf-16-le") for a, b in spans] == SMILE
    assert spans[1][0] != len(SMILE[0]) + 1  # one off in Python's characters
    assert [unit.get_covered_text() for unit in load(path, data.codebook).select(inception.LAYER)] == SMILE


def test_context_stands_above_a_unit_once_and_is_no_unit(data: StudyData, tmp_path: Path) -> None:
    shown = seeds_shown(data)
    mine = shown[shown["doc_id"].eq("000") & shown["unit"].isin([6, 7])]
    inception.export(mine.iloc[::-1], data.codebook, tmp_path, "A")
    cas = load(tmp_path / "xmi" / "1-000.xmi", data.codebook)
    lines = [*mine["context"].iloc[0].split("\n"), *mine["text"]]
    assert cas.sofa_string.split("\n") == lines
    assert [s.get_covered_text() for s in cas.select(inception.SENTENCE)] == lines
    assert [u.get_covered_text() for u in cas.select(inception.LAYER)] == mine["text"].tolist()


def test_articles_come_in_the_order_of_the_queue(data: StudyData, tmp_path: Path) -> None:
    shown = seeds_shown(data)
    queue = pd.concat([shown[shown["doc_id"].eq(doc_id)] for doc_id in ("003", "000", "004")])
    inception.export(queue, data.codebook, tmp_path, "A")
    assert sorted(p.stem for p in (tmp_path / "json").iterdir()) == ["1-003", "2-000", "3-004"]


def test_the_layer_has_a_set_of_tags_for_each_variable(data: StudyData, tmp_path: Path) -> None:
    inception.export(seeds_shown(data).head(1), data.codebook, tmp_path, "A")
    layer = json.loads((tmp_path / "layer.json").read_text(encoding="utf-8"))
    fields = {field["name"]: field for field in layer["features"]}
    assert list(fields) == [*variables(data.codebook), "note", "unit", "coder"]
    assert fields["frames"]["multi_value_mode"] == "ARRAY"
    tags = [tag["tag_name"] for tag in fields["frames"]["tag_set"]["tags"]]
    assert tags == [*data.codebook.frame_ids, NO_FRAME]
    types = cassis.load_typesystem(tmp_path / "TypeSystem.xml")
    known = {feature.name: feature.rangeType.name for feature in types.get_type(layer["name"]).features}
    assert known == {name: field["type"] for name, field in fields.items()}


def one(data: StudyData, shown: pd.DataFrame, folder: Path, change: Any) -> Path:
    """Send out a few units, answer the tone of the first, change something more, and save."""
    inception.export(shown, data.codebook, folder, "A")
    (path,) = (folder / "xmi").iterdir()
    cas = load(path, data.codebook)
    unit = next(iter(cas.select(inception.LAYER)))
    unit.tone = "0"
    change(cas, unit)
    cas.to_xmi(path)
    return path


def again(cas: Any, unit: Any) -> None:
    layer = cas.typesystem.get_type(inception.LAYER)
    cas.add(layer(begin=unit.begin, end=unit.end, unit=unit.unit, coder="A", tone="1"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda cas, unit: setattr(unit, "tone", "2"), "unknown label '2'"),
        (lambda cas, unit: setattr(unit, "end", unit.end - 4), "the text is not the one that was exported"),
        (lambda cas, unit: setattr(unit, "unit", "000:0:abcdefabcdef:1"), "the text is not the one that was exported"),
        (lambda cas, unit: setattr(unit, "unit", None), "no such unit"),
        (lambda cas, unit: setattr(unit, "coder", None), "nobody is named who answered"),
        (again, "two answers of this coder to this unit"),
    ],
)
def test_what_spoils_gold_is_named(data: StudyData, tmp_path: Path, change: Any, message: str) -> None:
    shown = seeds_shown(data).head(3)
    path = one(data, shown, tmp_path, change)
    with pytest.raises(InputError, match=message):
        keep(inception.read(path, shown, data.codebook), shown, data.codebook)


def test_what_is_left_empty_is_missing(data: StudyData, tmp_path: Path) -> None:
    shown = seeds_shown(data).head(3)
    found = inception.read(one(data, shown, tmp_path, lambda cas, unit: None), shown, data.codebook)
    assert found["answered"].tolist() == ["tone", "", ""]
    assert len(keep(found, shown, data.codebook).answers) == 1


def test_types_of_other_layers_do_no_harm(data: StudyData, tmp_path: Path) -> None:
    def token(cas: Any, unit: Any) -> None:
        cas.add(cas.typesystem.create_type("custom.Token", "uima.tcas.Annotation")(begin=0, end=3))

    shown = seeds_shown(data).head(3)
    found = inception.read(one(data, shown, tmp_path, token), shown, data.codebook)
    assert found["answered"].tolist() == ["tone", "", ""]


def test_control_characters_do_not_move_offsets(data: StudyData, emoji: pd.DataFrame, tmp_path: Path) -> None:
    told = emoji.assign(text=["a\x0bb😀\x00", "ت\ufffeث", "ج"])
    inception.export(told, data.codebook, tmp_path, "A")
    found = inception.read(tmp_path / "xmi", told, data.codebook)
    assert found["sha"].tolist() == told["sha"].tolist()
    assert [printable(text) for text in told["text"]] == ["a b😀 ", "ت ث", "ج"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.zip", b"no zip", r"a\.zip: not a readable zip"),
        ("a.xmi", b"<x>", r"a\.xmi: not a readable CAS"),
        ("a.json", b'{"%FEATURE_STRUCTURES": 1', r"a\.json: not a readable CAS"),
    ],
)
def test_a_file_that_is_no_export_is_named(
    data: StudyData, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=message):
        inception.read(tmp_path, data.units, data.codebook)


def test_names_that_uima_does_not_take_are_numbered(data: StudyData) -> None:
    from dataclasses import replace

    from framing.coding.codebook import Party

    book = replace(data.codebook, parties=(Party("وزارة", "وزارة", ""), Party("office", "", "")))
    names = inception.features(book)
    assert names["tone_وزارة"] == "variable3"
    assert names["tone_office"] == "tone_office"


def test_without_cassis_it_is_said_what_to_install(
    data: StudyData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "cassis", None)
    with pytest.raises(
        MissingDependencyError, match=r"INCEpTION's format needs the package .* 'arabic-framing\[exchange\]'"
    ):
        inception.export(seeds_shown(data).head(1), data.codebook, tmp_path, "A")
    assert not list(tmp_path.iterdir())
