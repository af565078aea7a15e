from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import numpy as np
import pandas as pd
import pytest

from framing.coding import read_codebook, read_codings
from framing.coding.desk import Desk, SaidError, blind_queue, open_journal, read_queue
from framing.coding.desk.desk import checked
from framing.coding.desk.guide import guide
from framing.coding.exchange import keep, labelstudio, potato, tasks, to_codings, workbook
from framing.coding.exchange.desk import export, read
from framing.coding.exchange.folded import instructions
from framing.errors import InputError, StaleCodingError
from framing.files import write_table
from framing.study import StudyData
from tests.coding.desk.conftest import ANSWER, CODEBOOK, Small


def answer(
    desk: Desk, values: dict[str, Any] = ANSWER, at: int | None = None, note: str = "", seconds: float = 1.0
) -> Any:
    state = desk.state(at)
    return desk.answer(state["at"], state["unit"]["sha"], values, note, seconds)


def skip(desk: Desk) -> Any:
    state = desk.state()
    return desk.skip(state["at"], state["unit"]["sha"], "hard", 2.0)


@pytest.fixture
def desk(small: Small) -> Any:
    with open_journal(small.folder / "answers", "A") as journal:
        yield Desk(small.units, small.shown, small.codebook, journal)


def test_one_unit_after_the_other_with_its_context(desk: Desk, small: Small) -> None:
    texts = small.units[small.units["doc_id"].eq("north")]["text"].tolist()
    first = desk.state()
    assert (first["at"], first["unit"]["text"], first["unit"]["type"]) == (0, texts[0], "headline")
    assert first["unit"]["context"] == []
    for _ in range(3):
        state = answer(desk)
    assert (state["at"], state["coded"], state["left"]) == (3, 3, state["total"] - 3)
    assert state["unit"]["context"] == texts[:3], "the headline and two units before"
    assert "daily" not in str(state), "who published it is not told"
    assert "north" not in str(state)


def test_skipped_units_come_back_at_the_end(desk: Desk) -> None:
    skip(desk)
    skip(desk)
    for _ in range(desk.state()["total"] - 2):
        state = answer(desk)
    assert (state["at"], state["skipped"], state["status"], state["note"]) == (0, 2, "skipped", "hard")
    assert skip(desk)["at"] == 1, "put off again: the other one first"
    answer(desk)
    assert answer(desk)["unit"] is None


def test_a_later_answer_supersedes_and_the_earlier_is_kept(desk: Desk) -> None:
    answer(desk)
    answer(desk)
    state = answer(desk, ANSWER | {"tone": 2, "frames": []}, at=0)
    assert state["at"] == 2
    assert desk.state(0)["values"] == ANSWER | {"tone": 2, "frames": []}
    assert [line["values"]["tone"] for line in desk.journal.lines] == [-2, -2, 2]
    undone = desk.undo()
    assert (undone["at"], undone["values"]) == (0, ANSWER)
    assert desk.undo()["at"] == 1
    state = desk.undo()
    assert (state["at"], state["status"], state["values"], state["undo"]) == (0, "new", ANSWER, False)
    with pytest.raises(SaidError, match="nothing to take back"):
        desk.undo()


def test_a_coded_unit_cannot_be_put_off(desk: Desk) -> None:
    answer(desk)
    state = desk.state(0)
    assert desk.skip(0, state["unit"]["sha"], "", 0.0)["skipped"] == 0
    assert len(desk.journal.lines) == 1


@pytest.mark.parametrize(
    "values",
    [
        None, {}, {k: v for k, v in ANSWER.items() if k != "tone_city"}, ANSWER | {"more": 1},
        ANSWER | {"frames": None}, ANSWER | {"frames": "cost"}, ANSWER | {"frames": ["cost", "cost"]},
        ANSWER | {"frames": ["other"]},
        ANSWER | {"frames": [["cost"]]}, ANSWER | {"tone": None}, ANSWER | {"tone": 3}, ANSWER | {"tone": True},
        ANSWER | {"tone": "0"}, ANSWER | {"tone_city": 2}, ANSWER | {"tone_city": False}, ANSWER | {"voice": None},
        ANSWER | {"voice": ""}, ANSWER | {"voice": ["other"]},
    ],
)  # fmt: skip
def test_nothing_but_an_answer_to_every_variable_is_written(desk: Desk, values: Any) -> None:
    state = desk.state()
    with pytest.raises(SaidError):
        desk.answer(0, state["unit"]["sha"], values, "", 1.0)
    assert desk.journal.file.read_bytes() == b""


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"at": 99}, "there are"), ({"at": -1}, "there are"), ({"sha": "0"}, "older than the units"),
        ({"note": "x" * 10_001}, "a comment"), ({"note": "\ud800"}, "a comment"),
        ({"seconds": float("nan")}, "no time"), ({"seconds": -1.0}, "no time"), ({"seconds": 1e9}, "no time"),
    ],
)  # fmt: skip
def test_nothing_odd_is_written(desk: Desk, changed: dict[str, Any], problem: str) -> None:
    said = {"at": 0, "sha": desk.state()["unit"]["sha"], "values": ANSWER, "note": "", "seconds": 1.0}
    with pytest.raises(SaidError, match=problem):
        desk.answer(**said | changed)
    assert desk.journal.file.read_bytes() == b""


def test_frames_are_kept_in_the_codebooks_order(small: Small) -> None:
    assert checked(ANSWER | {"frames": ["pride", "cost"]}, small.codebook)["frames"] == ["cost", "pride"]


def test_it_goes_on_where_it_stopped(small: Small) -> None:
    with open_journal(small.folder, "A") as journal:
        desk = Desk(small.units, small.shown, small.codebook, journal)
        answer(desk)
        skip(desk)
        before = answer(desk)
    with open_journal(small.folder, "A") as journal:
        assert Desk(small.units, small.shown, small.codebook, journal).state() == before


def test_coders_do_not_see_each_other(small: Small) -> None:
    (small.folder / "B.jsonl").write_text("no line of answers\n", encoding="utf-8")
    with open_journal(small.folder, "A") as journal:
        desk = Desk(small.units, small.shown, small.codebook, journal)
        answer(desk, note="mine alone")
    assert (small.folder / "B.jsonl").read_text(encoding="utf-8") == "no line of answers\n"
    with open_journal(small.folder, "C") as journal:
        desk = Desk(small.units, small.shown, small.codebook, journal)
        assert (desk.state()["coded"], desk.overview()) == (0, [])


def test_a_changed_text_is_refused(small: Small) -> None:
    with open_journal(small.folder, "A") as journal:
        answer(Desk(small.units, small.shown, small.codebook, journal))
    changed = small.units.assign(text=small.units["text"] + ".")
    with open_journal(small.folder, "A") as journal:
        with pytest.raises(StaleCodingError, match=r"A\.jsonl, row 1: the text of unit 0 of article 'north' is not"):
            Desk(changed, small.shown, small.codebook, journal)
        gone = small.units[small.units["doc_id"].eq("south")]
        with pytest.raises(StaleCodingError, match="which is not there"):
            Desk(gone, small.shown, small.codebook, journal)


def test_another_version_of_the_codebook_is_refused_and_a_silent_change_is_told(small: Small) -> None:
    def book(old: str, new: str) -> Any:
        file = small.folder / "other.yaml"
        file.write_text(CODEBOOK.replace(old, new), encoding="utf-8")
        return read_codebook(file)

    with open_journal(small.folder, "A") as journal:
        answer(Desk(small.units, small.shown, small.codebook, journal))
        assert Desk(small.units, small.shown, small.codebook, journal).notices == ()
    with open_journal(small.folder, "A") as journal:
        with pytest.raises(InputError, match="coded by version '3' of the codebook, this one is '4'"):
            Desk(small.units, small.shown, book("version: 3", "version: 4"), journal)
        with pytest.raises(InputError, match="has changed under the same version"):
            Desk(small.units, small.shown, book("id: cost", "id: price"), journal)
        told = Desk(small.units, small.shown, book("money spent", "money wasted"), journal).notices
        assert "has changed since coding began" in told[0]


def test_answers_become_codings(small: Small) -> None:
    for coder, chosen in (("A", ANSWER), ("B", ANSWER | {"frames": [], "tone": 1, "tone_city": 1})):
        with open_journal(small.folder, coder) as journal:
            desk = Desk(small.units, small.shown, small.codebook, journal)
            answer(desk, ANSWER | {"tone": 0}, seconds=3.0)
            answer(desk, chosen, at=0, note='لا, "so"', seconds=2.5)
            answer(desk, chosen)
            skip(desk)
            answer(desk)
            desk.undo()
    found = read([small.folder / "A.jsonl", small.folder / "B.jsonl"], small.units, small.codebook)
    answers, flagged = keep(found, small.shown, small.codebook)
    assert flagged.empty
    assert len(answers) == 4
    assert set(answers["tool"]) == {"framing"}
    assert set(answers["answered"]) == {"frames;tone;tone_city;voice"}
    first = answers[answers["unit"].eq(0) & answers["coder"].eq("A")].iloc[0]
    assert (first["frames"], first["tone"], first["tone_city"], first["voice"]) == ("cost", "-2", "", "other")
    assert (first["note"], first["seconds"], first["codebook"]) == ('لا, "so"', 5.5, "3")
    table = to_codings(answers, small.codebook)
    write_table(table, small.folder / "codings.csv")
    codings = read_codings(small.folder / "codings.csv", small.codebook).set_index(["unit", "coder"])
    assert codings["has_cost"].to_dict() == {(0, "A"): True, (0, "B"): False, (1, "A"): True, (1, "B"): False}
    assert codings["mentions_city"].to_dict() == {(0, "A"): False, (0, "B"): True, (1, "A"): False, (1, "B"): True}


def test_answers_of_two_coders_in_one_file_are_refused(small: Small) -> None:
    for coder in "AB":
        with open_journal(small.folder, coder) as journal:
            answer(Desk(small.units, small.shown, small.codebook, journal))
    both = (small.folder / "B.jsonl").read_text(encoding="utf-8").replace('"n":1', '"n":2')
    with (small.folder / "A.jsonl").open("a", encoding="utf-8") as file:
        file.write(both)
    with pytest.raises(InputError, match=r"row 2: answers of 'A' and of 'B' in one file"):
        read([small.folder / "A.jsonl"], small.units, small.codebook)


def test_each_coder_has_an_order_of_their_own(small: Small) -> None:
    def order(coder: str, context: int = 0, rng: int = 7) -> list[tuple[str, int]]:
        table = blind_queue(small.shown, coder=coder, context=context, rng=rng)
        return list(table.itertuples(index=False, name=None))

    everything = set(small.shown[["doc_id", "unit"]].itertuples(index=False, name=None))
    assert order("A") == order("A")
    assert order("A") != order("B")
    assert order("A") != order("A", rng=8)
    assert set(order("A")) == everything
    assert {order(f"c{n}", context=2)[0] for n in range(20)} == {("north", 0), ("south", 0)}, "articles are shuffled"
    for doc_id in ("north", "south"):
        units = [unit for doc, unit in order("A", context=2) if doc == doc_id]
        assert units == sorted(units), "their units are read in order"
    firsts = pd.Series([order(f"c{n}")[0] for n in range(200)]).value_counts()
    assert len(firsts) == len(everything), "any unit may come first"
    assert firsts.max() < 200 / len(everything) + 5 * np.sqrt(200 / len(everything))


def test_a_plan_is_followed_and_checked(small: Small, tmp_path: Path) -> None:
    def plan(*rows: str) -> Path:
        file = tmp_path / "plan.csv"
        file.write_text("coder,position,doc_id,unit,sha\n" + "".join(f"{row}\n" for row in rows), encoding="utf-8")
        return file

    def queue(*rows: str) -> list[tuple[str, int]]:
        return list(read_queue(plan(*rows), small.shown, coder="A").itertuples(index=False, name=None))

    assert queue("A,10,north,1,", "B,1,north,0,", "A,9,south,2,") == [("south", 2), ("north", 1)]
    for rows, error, match in [
        (["B,1,north,1,"], InputError, "no units for coder 'A'.*plans for B"),
        (["B,1,north,1,", "A,1,north,99,"], InputError, r"row 3: unit 99 of article 'north' cannot be coded"),
        (["A,1,north,1,", "A,2,north,1,"], InputError, "row 3: .* stands twice"),
        (["A,x,north,1,"], InputError, "row 2, column 'position': 'x' is not a whole number"),
        (["A,1,north,1,abc"], StaleCodingError, "is not the one that was planned"),
    ]:
        with pytest.raises(error, match=match):
            queue(*rows)
    (tmp_path / "bad.csv").write_text("coder,doc_id,unit\nA,north,1\n", encoding="utf-8")
    with pytest.raises(InputError, match="no column 'position'"):
        read_queue(tmp_path / "bad.csv", small.shown, coder="A")


def test_the_guide_holds_each_rule_in_its_languages(small: Small) -> None:
    told = guide(small.codebook)
    assert told["unit"] == {"en": "One sentence.", "ar": "جملة واحدة."}
    frames, tone, city, voice = told["questions"]
    cost, pride, nothing = frames["choices"]
    assert cost["label"] == {"en": "Cost", "ar": "الكلفة"}
    assert cost["definition"]["ar"].startswith("يُقدَّم")
    assert cost["include"] == [{"en": "sums held against use (كلفة، إنفاق)", "ar": "مبالغ تُقاس بالفائدة"}]
    assert cost["examples"] == [{"ar": "ابتلع الجسر ميزانية ثلاث سنوات."}]
    assert pride["definition"] == {"ar": "يُقدَّم الجسر على أنه إنجاز."}, "written in Arabic, and known for it"
    assert (frames["many"], nothing["value"]) == (True, None)
    assert [choice["value"] for choice in tone["choices"]] == [-2, -1, 0, 1, 2]
    assert [choice["value"] for choice in city["choices"]] == [-1, 0, 1, None]
    assert city["label"] == {"en": "Tone towards the city", "ar": "النبرة تجاه البلدية"}
    assert city["rules"] == [{"en": "the city and its council"}]
    assert [choice["label"]["ar"] for choice in voice["choices"]] == ["صوت الوسيلة نفسها", "سواها"]


def test_every_tool_shows_the_same_wording(small: Small, tmp_path: Path) -> None:
    """Definition, rules and examples in both languages: at the desk, in the workbook, in Label Studio and Potato."""
    openpyxl = pytest.importorskip("openpyxl")
    (file,) = workbook.export(small.shown, small.codebook, tmp_path, "A")
    sheet = openpyxl.load_workbook(file)[workbook.CODEBOOK]
    shown = {
        "desk": json.dumps(guide(small.codebook), ensure_ascii=False),
        "workbook": " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row),
        "Label Studio": instructions(small.codebook),
        "Potato": potato.config(small.codebook, "A")["annotation_instructions"],
    }
    frame, party = small.codebook.frames[0], small.codebook.parties[0]
    for text in (frame.definition, *frame.include, *frame.exclude, *frame.examples, party.covers, "سواها"):
        for wording in small.codebook.said(text).values():
            assert [tool for tool, words in shown.items() if wording not in words] == [], wording
    hints = [choice.attrib["hint"] for choice in Xml.fromstring(labelstudio.config(small.codebook)).iter("Choice")]
    assert hints[0] == "يُقدَّم الجسر على أنه مال أُنفق. · The bridge is shown as money spent."


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        (
            "include_ar: [مبالغ تُقاس بالفائدة]",
            "include_ar: [ا, ب]",
            "'include and include_ar' is not as long as each other",
        ),
        ("unit_ar: جملة واحدة.", "unit_ar: [جملة]", "'unit_ar' is not one text"),
        ("examples: [ابتلع الجسر ميزانية ثلاث سنوات.]", "examples: جملة", "'examples' of frame 'cost' is not a list"),
        ("labels_ar: {other: سواها}", "labels_ar: [سواها]", "'labels_ar' is not a text for each id"),
    ],
)
def test_a_translation_has_the_form_of_what_it_translates(small: Small, old: str, new: str, match: str) -> None:
    file = small.folder / "codebook.yaml"
    file.write_text(CODEBOOK.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=match):
        read_codebook(file)


def test_a_queue_goes_out_and_comes_in_as_it_was_planned(small: Small, tmp_path: Path) -> None:
    mine = small.shown.sample(frac=1, random_state=3)
    (file,) = export(mine, small.codebook, tmp_path, "A")
    queue = read_queue(file, small.shown, coder="A")
    assert list(queue.itertuples(index=False, name=None)) == list(
        mine[["doc_id", "unit"]].itertuples(index=False, name=None)
    )


def test_the_seeds_codings_lose_nothing_on_their_way_through_the_desk(data: StudyData, tmp_path: Path) -> None:
    """133 units, three coders: typed in at the desk, collected, checked, written and read as codings."""
    book, before = data.codebook, data.codings
    assert before is not None
    shown = tasks(data.units, book)
    for coder, own in before.groupby("coder"):
        said = {(row["doc_id"], row["unit"]): row for row in own.to_dict("records")}
        queue = blind_queue(shown, coder=str(coder), context=book.context, rng=1)
        with open_journal(tmp_path, str(coder)) as journal:
            desk = Desk(data.units, queue, book, journal)
            while (state := desk.state())["unit"]:
                row = said[desk.keys[state["at"]]]
                values = {"frames": [frame for frame in book.frame_ids if row[f"has_{frame}"]], "voice": row["voice"]}
                for name in ("tone", *(f"tone_{party}" for party in book.party_ids)):
                    values[name] = None if pd.isna(row[name]) else int(row[name])
                desk.answer(state["at"], state["unit"]["sha"], values, row["note"], 1.0)
    answers, flagged = keep(read([tmp_path], data.units, book), shown, book)
    assert (len(answers), len(flagged)) == (133 * 3, 0)
    write_table(to_codings(answers, book), tmp_path / "codings.csv")
    after = read_codings(tmp_path / "codings.csv", book)
    columns = ["doc_id", "unit", "coder", *(v.column for v in book.variables), "note"]
    key = ["doc_id", "unit", "coder"]
    ordered = [table.sort_values(key, ignore_index=True)[columns] for table in (before, after)]
    pd.testing.assert_frame_equal(*ordered)
