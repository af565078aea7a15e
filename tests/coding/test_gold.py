from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from crowdkit.aggregation.classification.dawid_skene import DawidSkene
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.coding import (
    Codebook,
    gold_table,
    majority_gold,
    make_gold,
    read_adjudications,
    read_codebook,
    read_codings,
    read_gold,
)
from framing.coding.dawid_skene import dawid_skene
from framing.errors import InputError
from framing.files import write_table
from framing.study import StudyData
from tests.coding.weather import BOOK, write_codings
from tests.conftest import ROOT

HEADER = "doc_id,unit,variable,value,adjudicator,note"


@pytest.fixture
def book(tmp_path: Path) -> Codebook:
    (tmp_path / "book.yaml").write_text(BOOK, encoding="utf-8")
    return read_codebook(tmp_path / "book.yaml")


@pytest.fixture
def codings(tmp_path: Path, book: Codebook) -> pd.DataFrame:
    """Unit 0: three agree but for tone and mention; unit 1: two coders who differ in everything; unit 2: one coder."""
    return read_codings(
        write_codings(
            tmp_path,
            "a,0,X,storm,0,1,named", "a,0,Y,storm,1,1,named", "a,0,Z,storm,1,,named",
            "a,1,X,storm,-1,,named", "a,1,Y,harvest,0,0,narrator",
            "a,2,X,?,0,,named",
        ),
        book,
    )  # fmt: skip


def decide(tmp_path: Path, *rows: str, header: str = HEADER) -> Path:
    file = tmp_path / "adjudicated.csv"
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return file


def origin(provenance: pd.DataFrame, unit: int, variable: str) -> dict[str, object]:
    rows = provenance[(provenance["unit"] == unit) & (provenance["variable"] == variable)]
    assert len(rows) == 1
    return rows.iloc[0].to_dict()


def test_the_gold_of_the_seeds_is_made_byte_for_byte(tmp_path: Path, data: StudyData) -> None:
    book = data.codebook
    codings = read_codings(ROOT / "annotations/codings.csv", book)
    found = make_gold(codings, book)
    write_table(gold_table(found.table, book).drop(columns="codebook"), tmp_path / "gold.csv")
    assert (tmp_path / "gold.csv").read_bytes() == (ROOT / "annotations/gold.csv").read_bytes()
    assert found.undecided().empty
    assert len(found.provenance) == 133 * 8 + int(data.gold[["mentions_" + p for p in book.party_ids]].to_numpy().sum())


def test_every_value_tells_where_it_is_from(codings: pd.DataFrame, book: Codebook) -> None:
    provenance = make_gold(codings, book).provenance
    assert origin(provenance, 0, "storm") == pytest.approx(
        {
            "doc_id": "a", "unit": 0, "variable": "storm", "value": "yes", "how": "unanimous", "n_for": 3,
            "n_against": 0, "coders_for": "X;Y;Z", "coders_against": "", "probability": np.nan, "adjudicator": "",
            "note": "", "codebook": "1",
        },
        nan_ok=True,
    )  # fmt: skip
    tone = origin(provenance, 0, "tone")
    assert (tone["value"], tone["how"], tone["coders_for"], tone["coders_against"]) == ("1", "median", "Y;Z", "X")
    mention = origin(provenance, 0, "mentions_office")
    assert (mention["value"], mention["how"], mention["coders_against"]) == ("yes", "majority", "Z")
    assert origin(provenance, 0, "tone_office")["how"] == "unanimous"
    split = origin(provenance, 1, "storm")
    assert (split["value"], split["how"], split["n_for"], split["n_against"]) == ("no", "none", 1, 1)
    assert origin(provenance, 1, "voice")["value"] == ""
    assert origin(provenance, 2, "storm")["how"] == "none"
    assert origin(provenance, 2, "tone")["how"] == "single"
    assert not len(provenance[(provenance["unit"] == 1) & (provenance["variable"] == "tone_office")])


def test_gold_comes_back_as_it_was_made(tmp_path: Path, codings: pd.DataFrame, book: Codebook) -> None:
    gold = majority_gold(codings, book)
    write_table(gold_table(gold, book), tmp_path / "gold.csv")
    again = read_gold(tmp_path / "gold.csv", book)
    pd.testing.assert_frame_equal(again[gold.columns], gold, check_dtype=False)
    assert pd.isna(again["has_storm"][2])


def test_an_adjudication_is_laid_over_codings_that_stay(tmp_path: Path, codings: pd.DataFrame, book: Codebook) -> None:
    before = codings.copy()
    file = decide(
        tmp_path,
        "a,1,frames,storm;harvest,Q,both are named", "a,1,tone,-1,Q,", "a,1,tone_office,,Q,no clear reference",
        "a,1,voice,named,Q,", "a,2,storm,no,Q,",
    )  # fmt: skip
    found = make_gold(codings, book, read_adjudications(file, codings, book))
    pd.testing.assert_frame_equal(codings, before)
    row = found.table[found.table["unit"] == 1].iloc[0]
    assert row["has_storm"]
    assert row["has_harvest"]
    assert row["tone"] == -1
    assert not row["mentions_office"]
    assert np.isnan(row["tone_office"])
    assert row["voice"] == "named"
    decided = origin(found.provenance, 1, "harvest")
    assert (decided["how"], decided["adjudicator"], decided["note"]) == ("adjudicated", "Q", "both are named")
    assert (decided["coders_for"], decided["coders_against"]) == ("Y", "X")
    assert origin(found.provenance, 0, "storm")["how"] == "unanimous"
    assert found.undecided()[["unit", "variable"]].to_numpy().tolist() == [[2, "harvest"]]


def test_frames_decided_at_once_leave_unanimous_ones_unanimous(
    tmp_path: Path, codings: pd.DataFrame, book: Codebook
) -> None:
    more = codings.copy()
    more.loc[0, "has_harvest"] = True
    found = make_gold(more, book, read_adjudications(decide(tmp_path, "a,0,frames,storm,Q,"), more, book))
    assert origin(found.provenance, 0, "storm")["how"] == "unanimous"
    assert origin(found.provenance, 0, "harvest")["how"] == "adjudicated"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("b,0,tone,1,Q,", r"adjudicated\.csv, row 2: unit 0 of article 'b' was coded by nobody"),
        ("a,9,tone,1,Q,", "unit 9 of article 'a' was coded by nobody"),
        ("a,1,mood,1,Q,", r"row 2, column 'variable': unknown variable 'mood'\. Adjudicate one of frames, tone,"),
        ("a,1,tone,2,Q,", r"row 2, column 'value': unknown value '2'\. The codebook knows -1, 0, 1"),
        ("a,1,frames,strom,Q,", r"column 'value': unknown frame 'strom'"),
        ("a,1,storm,maybe,Q,", "'maybe' for a single frame. Write yes or no"),
        ("a,1,tone,?,Q,", "no value is decided"),
        ("a,1,voice,,Q,", "no value is decided"),
        ("a,0,voice,narrator,Q,", r"nobody disagreed on voice of this unit\. Remove the row; or begin its note with"),
        ("a,0,frames,storm;harvest,Q,", "nobody disagreed on harvest of this unit"),
        ("a,0,storm,yes,Q,", "nobody disagreed on storm"),
        ("a,0,storm,no,Q,force:", "nobody disagreed on storm"),
        ("a,1,tone,1,,", "column 'adjudicator': empty"),
    ],
)
def test_a_wrong_adjudication_is_named(
    tmp_path: Path, codings: pd.DataFrame, book: Codebook, row: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read_adjudications(decide(tmp_path, row), codings, book)


def test_coders_who_all_agree_are_overruled_with_a_reason_alone(
    tmp_path: Path, codings: pd.DataFrame, book: Codebook
) -> None:
    file = decide(tmp_path, "a,0,voice,narrator,Q,force: the quotation ends before")
    found = make_gold(codings, book, read_adjudications(file, codings, book))
    row = origin(found.provenance, 0, "voice")
    assert (row["value"], row["how"], row["n_for"], row["n_against"]) == ("narrator", "adjudicated", 0, 3)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["a,1,tone,1,Q,", "a,1,tone,0,R,"], "the same doc_id and unit and variable stands in two rows"),
        (["a,1,frames,storm,Q,", "a,1,storm,yes,Q,"], "row 3: storm of this unit is decided in row 2, too"),
    ],
)
def test_nothing_is_decided_twice(
    tmp_path: Path, codings: pd.DataFrame, book: Codebook, rows: list[str], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read_adjudications(decide(tmp_path, *rows), codings, book)


def test_decisions_under_another_version_are_refused(tmp_path: Path, codings: pd.DataFrame, book: Codebook) -> None:
    file = decide(tmp_path, "a,1,tone,1,Q,,2", header=HEADER + ",codebook")
    with pytest.raises(InputError, match="row 2, column 'codebook': made by version 2 of the codebook"):
        read_adjudications(file, codings, book)


def crowd(seed: int, units: int = 200, error: tuple[float, ...] = (0.05, 0.1, 0.35, 0.4, 0.4)) -> pd.DataFrame:
    """Five coders of unequal skill, a fifth of their codes missing."""
    rng = np.random.default_rng(seed)
    truth = rng.random(units) < 0.4
    rest = {"has_harvest": False, "tone": 0.0, "tone_office": np.nan, "mentions_office": False, "voice": "named"}
    rows = [
        {
            "doc_id": f"d{u // 10:02d}",
            "unit": u % 10,
            "coder": f"c{c}",
            "has_storm": bool(truth[u] ^ (rng.random() < e)),
        }
        | {"truth": truth[u], **rest}
        for u in range(units)
        for c, e in enumerate(error)
        if rng.random() < 0.8
    ]
    return pd.DataFrame(rows)


def test_the_model_of_errors_knows_whom_to_trust(book: Codebook) -> None:
    gains = []
    for seed in range(4):
        codings = crowd(seed)
        truth = codings.groupby(["doc_id", "unit"])["truth"].first().to_numpy()
        found = make_gold(codings, book, method="dawid-skene")
        by_majority = (majority_gold(codings, book)["has_storm"].to_numpy() == truth).mean()
        gains.append((found.table["has_storm"].to_numpy() == truth).mean() - by_majority)
    assert min(gains) > 0
    assert np.mean(gains) > 0.02
    assert found.table["has_storm"].dtype == bool
    own = found.provenance[found.provenance["variable"] == "storm"]
    assert set(own["how"]) <= {"unanimous", "single", "dawid-skene"}
    assert own["probability"].between(0.5, 1).all()


@pytest.mark.parametrize("n_values", [2, 4])
def test_the_model_of_errors_is_that_of_crowd_kit(n_values: int) -> None:
    """Step by step: the same probabilities after 1, 5 and 40 of them, coders with few codes and rare values too."""
    rng = np.random.default_rng(n_values)
    for steps in (1, 5, 40):
        truth = rng.choice(n_values, p=np.arange(n_values, 0, -1) / np.arange(n_values + 1).sum(), size=60)
        votes = pd.DataFrame(
            [
                (u, c, truth[u] if rng.random() < 0.9 - 0.15 * c else rng.integers(n_values))
                for u in range(60) for c in range(5) if rng.random() < (0.1 if c == 4 else 0.8)
            ],
            columns=["task", "worker", "label"],
        )  # fmt: skip
        votes["task"] = pd.factorize(votes["task"])[0]
        with warnings.catch_warnings():  # crowd-kit 1.4.2 calls what pandas 3.1 deprecates
            warnings.simplefilter("ignore")
            expected = DawidSkene(n_iter=steps, tol=-1).fit_predict_proba(votes).sort_index()
        own = dawid_skene(*(votes[c].to_numpy() for c in votes), n_values, iterations=steps, tolerance=-1)
        assert own[:, sorted(expected.columns)] == pytest.approx(
            expected[sorted(expected.columns)].to_numpy(), abs=1e-8
        )


@given(st.integers(0, 2**32 - 1))
def test_probabilities_sum_to_one_whatever_the_votes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 40))
    unit, coder = (pd.factorize(rng.integers(0, 6, n))[0].astype(np.intp) for _ in range(2))
    p = dawid_skene(unit, coder, rng.integers(0, 3, n), 3)
    assert np.isfinite(p).all()
    assert p.sum(axis=1) == pytest.approx(1)


def test_the_model_of_errors_repeats_and_does_not_know_names(book: Codebook) -> None:
    codings = crowd(4, units=80)
    renamed = codings.assign(coder=codings["coder"].map(lambda c: f"z{9 - int(c[1])}")).sample(frac=1, random_state=2)
    one, other = (make_gold(c, book, method="dawid-skene").table for c in (codings, renamed))
    pd.testing.assert_frame_equal(one, other)


def test_the_model_of_errors_needs_three_coders(codings: pd.DataFrame, book: Codebook) -> None:
    with pytest.raises(InputError, match="2 coders, of whom a model of their errors cannot tell who errs"):
        make_gold(codings[codings["coder"] != "Z"], book, method="dawid-skene")


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1))
def test_provenance_and_gold_say_the_same(data: StudyData, seed: int) -> None:
    """Whoever left out what: each value of gold stands in its provenance, with all coders who answered."""
    assert data.codings is not None
    rng = np.random.default_rng(seed)
    some = data.codings[data.codings["doc_id"] == "002"]
    some = some[rng.random(len(some)) < 0.7]
    column = "has_" + data.codebook.frame_ids[0]
    some = some.assign(**{column: some[column].astype("boolean").mask(rng.random(len(some)) < 0.3)})
    found = make_gold(some, data.codebook)
    pd.testing.assert_frame_equal(found.table, majority_gold(some, data.codebook))
    own = found.provenance[found.provenance["variable"] == data.codebook.frame_ids[0]]
    said = {"yes": True, "no": False, "": pd.NA}
    values = pd.Series([said[v] for v in own["value"]], dtype="boolean")
    pd.testing.assert_series_equal(values, found.table[column].astype("boolean"), check_names=False)
    answered = some.groupby(["doc_id", "unit"])[column].count().to_numpy()
    assert (own["n_for"] + own["n_against"]).tolist() == answered.tolist()
