from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.coding import Codebook
from framing.coding.exchange.assignment import assign
from framing.coding.exchange.form import answers_table, tasks
from framing.coding.exchange.queues import Assignment, read_manifest, write_manifest
from framing.errors import InputError, StaleCodingError
from framing.schema import KEY
from framing.study import StudyData

CONTEXT = Codebook("weather", "3", "ar", "", 2, (), (-1, 0, 1), "", (), (), "", (), {}, "", ())
ALONE = replace(CONTEXT, context=0)


def some_units(*sizes: int) -> pd.DataFrame:
    rows = [
        {"doc_id": f"{article:02d}", "unit": 3 * unit, "unit_type": "body", "text": f"مطر {article}/{unit}"}
        for article, size in enumerate(sizes)
        for unit in range(size)
    ]
    return pd.DataFrame(rows)


@st.composite
def plans(draw: st.DrawFn) -> tuple[pd.DataFrame, list[str], dict[str, object]]:
    units = some_units(*draw(st.lists(st.integers(1, 7), min_size=1, max_size=8)))
    coders = [f"c{n}" for n in range(draw(st.integers(1, 5)))]
    whole = draw(st.booleans())
    blocks = units["doc_id"].nunique() if whole else len(units)
    overlap = draw(st.one_of(st.integers(0, blocks), st.floats(0, 1))) if len(coders) > 1 else 0
    per_unit = draw(st.sampled_from([None, *range(2, len(coders) + 1)]))
    how = {"overlap": overlap, "per_unit": per_unit, "whole_articles": whole, "rng": draw(st.integers(0, 99))}
    return units, coders, how | {"codebook": draw(st.sampled_from([CONTEXT, ALONE]))}


@settings(max_examples=50)
@given(plans())
def test_every_unit_is_coded_by_as_many_as_planned(plan: tuple[pd.DataFrame, list[str], dict]) -> None:
    units, coders, how = plan
    found = assign(units, coders, **how)
    table = found.table
    assert not table.duplicated(["coder", *KEY]).any()  # nobody meets a unit twice
    times = table.groupby(KEY).size()
    assert len(times) == len(units)
    k = how["per_unit"] or len(coders)
    assert set(times) <= {1, k}
    blocks = units.groupby("doc_id").size() if how["whole_articles"] else pd.Series(1, index=range(len(units)))
    asked = how["overlap"]
    several = int(np.floor(asked * len(blocks) + 0.5)) if isinstance(asked, float) else asked
    shared = times[times > 1].reset_index()
    if k > 1:
        assert found.overlap == len(shared)
        assert (shared["doc_id"].nunique() if how["whole_articles"] else len(shared)) == several
    loads = table["coder"].value_counts().reindex(coders, fill_value=0)
    assert loads.max() - loads.min() <= blocks.max()
    for coder in coders:
        assert found.queue(coder)["position"].tolist() == list(range(loads[coder]))


@settings(max_examples=50)
@given(plans())
def test_what_coders_are_called_and_how_rows_lie_is_immaterial(plan: tuple[pd.DataFrame, list[str], dict]) -> None:
    units, coders, how = plan
    found = assign(units, coders, **how).table
    other = assign(units.sample(frac=1, random_state=1), [f"أ{c}" for c in coders], **how).table
    pd.testing.assert_frame_equal(other.assign(coder=other["coder"].str[1:]), found)


@settings(max_examples=50)
@given(plans())
def test_articles_are_read_through_where_context_is_allowed(plan: tuple[pd.DataFrame, list[str], dict]) -> None:
    units, coders, how = plan
    found = assign(units, coders, **how)
    assert found.reading_order == (how["codebook"].context > 0)
    for coder in coders:
        queue = found.queue(coder)
        if found.reading_order:
            runs = queue["doc_id"].ne(queue["doc_id"].shift()).sum()
            assert runs == queue["doc_id"].nunique()
            assert queue.groupby("doc_id")["unit"].apply(lambda s: s.is_monotonic_increasing).all()


@settings(max_examples=50)
@given(plans())
def test_a_manifest_gives_the_assignment_back(plan: tuple[pd.DataFrame, list[str], dict]) -> None:
    units, coders, how = plan
    found = assign(units, coders, **how)
    with tempfile.TemporaryDirectory() as folder:
        write_manifest(found, Path(folder) / "m.json")
        again = read_manifest(Path(folder) / "m.json")
    pd.testing.assert_frame_equal(again.table, found.table)
    assert replace(again, table=found.table) == replace(found, table=found.table)


def test_the_overlap_takes_its_share_of_every_article() -> None:
    units = some_units(10, 20, 30, 40)
    table = assign(units, ["A", "B", "C"], CONTEXT, overlap=0.3, rng=4).table
    times = table.groupby(KEY).size()
    shares = times[times > 1].groupby("doc_id").size()
    assert [abs(n - want) < 1 for n, want in zip(shares, (3, 6, 9, 12), strict=True)] == [True] * 4


def test_every_unit_is_as_likely_to_be_in_the_overlap() -> None:
    units, draws = some_units(1, 2, 7), 300
    counts = pd.Series(0.0, index=pd.MultiIndex.from_frame(units[KEY]))
    for seed in range(draws):
        table = assign(units, ["A", "B"], ALONE, overlap=3, rng=seed).table
        counts[pd.MultiIndex.from_frame(table.loc[table.duplicated(KEY), KEY])] += 1
    se = np.sqrt(0.3 * 0.7 / draws)
    assert (counts / draws - 0.3).abs().max() < 4 * se


def test_pairs_of_coders_meet_alike() -> None:
    table = assign(some_units(*[6] * 20), list("ABCD"), ALONE, overlap=1.0, per_unit=2, rng=1).table
    pairs = table.groupby(KEY)["coder"].agg("".join).value_counts()
    assert len(pairs) == 6
    assert pairs.max() - pairs.min() <= 1


def test_queues_are_shuffled_and_differ() -> None:
    found = assign(some_units(*[5] * 8), ["A", "B"], ALONE, overlap=1.0, rng=1)
    first, second = found.queue("A")[KEY], found.queue("B")[KEY]
    assert not first.equals(second)
    assert not first.equals(first.sort_values(KEY, ignore_index=True))


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        write_manifest(assign(some_units(3, 4), ["A", "B"], CONTEXT, overlap=2, rng=9), tmp_path / name)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    found = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert found["codebook"] == {"name": "weather", "version": "3"}
    assert found["seed"] == 9
    assert found["overlap"] == {"units": 2, "coders": 2}
    assert sum(found["loads"].values()) == 9


def test_boilerplate_is_nobodys() -> None:
    units = some_units(4)
    units.loc[2, "unit_type"] = "boilerplate"
    assert assign(units, ["A"], CONTEXT, overlap=0, rng=1).table["unit"].tolist() == [0, 3, 9]


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"coders": ["A", "A "]}, "the coder 'A' stands twice"),
        ({"coders": ["A", " "]}, "a coder without a name"),
        ({"coders": []}, "a coder without a name"),
        ({"overlap": 1.5}, r"an overlap of 1\.5 of 7 units\. Give a share from 0\.0 to 1\.0, or a whole number"),
        ({"overlap": 8}, "an overlap of 8 of 7 units"),
        ({"overlap": -1}, "an overlap of -1"),
        ({"overlap": -0.01}, r"an overlap of -0\.01"),
        ({"overlap": float("nan")}, "an overlap of nan"),
        ({"overlap": 3, "whole_articles": True}, "an overlap of 3 of 2 articles"),
        ({"per_unit": 3}, "3 coders are to code each of the units that overlap, of 2 coders in all"),
        ({"per_unit": 1}, "1 coders are to code each"),
        ({"coders": ["A"], "overlap": 1}, "1 coders are to code each"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(how: dict, message: str) -> None:
    given_ = {"coders": ["A", "B"], "codebook": CONTEXT, "overlap": 0.5, "rng": 1} | how
    with pytest.raises(InputError, match=message):
        assign(some_units(3, 4), **given_)


def test_units_that_stand_twice_or_nowhere_are_refused() -> None:
    with pytest.raises(InputError, match="unit 0 of article '00' stands twice"):
        assign(pd.concat([some_units(2), some_units(1)]), ["A"], CONTEXT, overlap=0, rng=1)
    with pytest.raises(InputError, match="there is no unit to code"):
        assign(some_units(2).iloc[:0], ["A"], CONTEXT, overlap=0, rng=1)


@pytest.mark.parametrize(
    "break_", [lambda m: m.pop("queues"), lambda m: m["queues"]["A"].pop(), lambda m: m["loads"].clear()]
)
def test_a_manifest_that_was_changed_is_refused(tmp_path: Path, break_: object) -> None:
    file = tmp_path / "m.json"
    write_manifest(assign(some_units(3, 4), ["A", "B"], CONTEXT, overlap=2, rng=9), file)
    found = json.loads(file.read_text(encoding="utf-8"))
    break_(found)  # type: ignore[operator]
    file.write_text(json.dumps(found), encoding="utf-8")
    with pytest.raises(InputError, match=r"m\.json: (not the manifest of an assignment|the manifest was changed)"):
        read_manifest(file)


def test_no_manifest_is_named(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text("[1, 2", encoding="utf-8")
    with pytest.raises(InputError, match="not the manifest of an assignment"):
        read_manifest(tmp_path / "m.json")


@pytest.fixture
def shared(data: StudyData) -> Assignment:
    return assign(data.units, ["A", "B"], data.codebook, overlap=20, rng=7)


def test_tasks_come_in_the_order_of_the_queue(data: StudyData, shared: Assignment) -> None:
    shown = tasks(data.units, data.codebook)
    mine = shared.tasks(shown, "B")
    assert list(mine.columns) == list(shown.columns)
    assert mine[[*KEY, "sha"]].equals(shared.queue("B")[[*KEY, "sha"]])
    shown.loc[shown["unit"].eq(mine["unit"][0]), "sha"] = "another"
    with pytest.raises(StaleCodingError, match="its text is not what was assigned"):
        shared.tasks(shown, "B")
    with pytest.raises(InputError, match=r"'Z' has no queue\. The coders are A, B\."):
        shared.tasks(shown, "Z")


def test_answers_are_held_against_what_was_asked(data: StudyData, shared: Assignment) -> None:
    book = data.codebook
    full = {"frames": "no-frame", "tone": 0, "voice": next(iter(book.voice))}
    full |= {f"tone_{party}": "not-mentioned" for party in book.party_ids}
    queue = shared.queue("A")
    records = [full | row | {"coder": "A"} for row in queue[[*KEY, "sha"]].to_dict("records")[1:]]
    records[0] |= {"tone": None}
    records[1] |= {"sha": "another"}
    foreign = shared.queue("B").merge(queue[KEY], on=KEY, how="left", indicator=True).query("_merge == 'left_only'")
    records.append(full | foreign[[*KEY, "sha"]].iloc[0].to_dict() | {"coder": "A"})
    states = shared.progress(answers_table(records, book), book)
    mine = states[states["coder"].eq("A")]
    assert mine["state"].tolist() == ["missing", "partial", "changed", *["answered"] * (len(queue) - 3), "unassigned"]
    assert mine["position"].isna().sum() == 1
    assert states.loc[states["coder"].eq("B"), "state"].unique().tolist() == ["missing"]
    assert len(states) == len(shared.table) + 1
