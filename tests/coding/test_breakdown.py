from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.coding import (
    Codebook,
    agreement,
    agreement_by_coder,
    agreement_by_outlet,
    agreement_by_pair,
    agreement_of_sets,
    differences,
    drift,
    gold_table,
    make_gold,
    read_codebook,
    read_codings,
)
from framing.coding.codebook import Frame, Party
from framing.coding.codings import parse_codes
from framing.errors import InputError
from framing.study import StudyData
from tests.coding.weather import BOOK, write_codings

WEATHER = Codebook(
    name="weather", version="1", language="ar", unit="", context=0,
    frames=(Frame("storm", "", "", "", (), ()), Frame("harvest", "", "", "", (), ())), tone=(-1, 0, 1),
    tone_question="", tone_rules=(), target_tone=(-1, 0, 1), target_question="", parties=(Party("office", "", ""),),
    voice={"narrator": "", "named": ""}, voice_rule="", decisions=(),
)  # fmt: skip
QUICK = {"rng": 1, "replicates": 50}


@pytest.fixture
def book(tmp_path) -> Codebook:
    (tmp_path / "book.yaml").write_text(BOOK, encoding="utf-8")
    return read_codebook(tmp_path / "book.yaml")


def many(coders: str, units: int, seed: int = 0, error: float = 0.1) -> pd.DataFrame:
    """Codings of one frame, with errors of each coder's own."""
    rng = np.random.default_rng(seed)
    truth = rng.random(units) < 0.4
    return pd.concat(
        pd.DataFrame(
            {
                "doc_id": [f"d{i // 5:03d}" for i in range(units)], "unit": np.arange(units) % 5, "coder": coder,
                "has_storm": truth ^ (rng.random(units) < error), "has_harvest": False, "tone": 0.0,
                "tone_office": np.nan, "mentions_office": False, "voice": "named",
            }
        )
        for coder in coders
    ).reset_index(drop=True)  # fmt: skip


def test_a_pair_agrees_as_two_coders_do(data: StudyData) -> None:
    assert data.codings is not None
    table = agreement_by_pair(data.codings, data.codebook, **QUICK).table
    assert table[["first", "second"]].drop_duplicates().to_numpy().tolist() == [["A", "B"], ["A", "C"], ["B", "C"]]
    two = data.codings[data.codings["coder"].isin(["A", "C"])]
    expected = agreement(two, data.codebook, **QUICK).table
    own = table[(table["first"] == "A") & (table["second"] == "C")].reset_index(drop=True)
    pd.testing.assert_frame_equal(own[expected.columns], expected)


def test_kappa_and_share_of_equal_codes_by_hand(book: Codebook) -> None:
    codings = many("XY", 50)
    yes = {"X": range(25), "Y": [*range(20), *range(25, 35)]}  # 20 both, 15 neither, 5 and 10 one of them
    place = codings["doc_id"].str[1:].astype(int) * 5 + codings["unit"]
    codings["has_storm"] = [p in yes[c] for p, c in zip(place, codings["coder"], strict=True)]
    row = agreement_by_pair(codings, book, **QUICK).table.iloc[0]
    assert row["kappa"] == pytest.approx(0.4)
    assert row["same"] == pytest.approx(0.7)


def test_pairs_without_a_unit_in_common_are_left_out(book: Codebook) -> None:
    codings = many("XYZ", 20)
    codings = codings[(codings["coder"] != "Z") | (codings["doc_id"] > "d001")]
    codings = codings[(codings["coder"] != "Y") | (codings["doc_id"] <= "d001")]
    pairs = agreement_by_pair(codings, book, **QUICK).table[["first", "second"]].drop_duplicates()
    assert pairs.to_numpy().tolist() == [["X", "Y"], ["X", "Z"]]
    with pytest.raises(InputError, match="no unit was coded by two coders"):
        agreement_by_pair(codings[codings["coder"] != "X"], book, **QUICK)
    with pytest.raises(InputError, match="1 coder, where two or more are compared"):
        agreement_by_pair(codings[codings["coder"] == "X"], book, **QUICK)


def test_an_outlet_agrees_as_its_units_do(book: Codebook) -> None:
    codings = many("XYZ", 40)
    articles = pd.DataFrame({"doc_id": sorted(set(codings["doc_id"])), "outlet": ["east", "west"] * 4})
    table = agreement_by_outlet(codings, book, articles, **QUICK).table
    east = codings[codings["doc_id"].isin(articles.loc[articles["outlet"] == "east", "doc_id"])]
    expected = agreement(east, book, **QUICK).table
    own = table[table["outlet"] == "east"].drop(columns="outlet").reset_index(drop=True)
    pd.testing.assert_frame_equal(own, expected)
    with pytest.raises(InputError, match="the outlet of article 'd000' is not known"):
        agreement_by_outlet(codings, book, articles.iloc[1:], **QUICK)


def test_the_coder_who_errs_more_agrees_less_with_the_rest(book: Codebook) -> None:
    codings = many("XYZ", 400, error=0.03)
    wrong = codings["coder"].eq("Z") & (np.random.default_rng(3).random(len(codings)) < 0.3)
    codings["has_storm"] ^= wrong
    table = agreement_by_coder(codings, book, **QUICK).table
    own = table[table["variable"] == "storm"].set_index("coder")
    assert own["alpha"].idxmin() == "Z"
    assert own.loc["Z", "alpha_without"] > own.loc["Z", "alpha_all"] + 0.1
    assert (own.loc[["X", "Y"], "alpha_without"] < own.loc["Z", "alpha_without"]).all()
    assert own["alpha_all"].nunique() == 1


def test_of_two_coders_each_agrees_with_the_rest_as_the_pair_does(book: Codebook) -> None:
    codings = many("XY", 60)
    table = agreement_by_coder(codings, book, **QUICK).table
    expected = agreement(codings, book, **QUICK).table["alpha"][0]
    assert table.loc[table["variable"] == "storm", "alpha"].to_numpy() == pytest.approx([expected] * 2)
    assert table["alpha_without"].isna().all()


def test_drift_finds_the_window_in_which_agreement_falls(book: Codebook) -> None:
    codings = many("XY", 400, error=0.02)
    place = codings["doc_id"].str[1:].astype(int) * 5 + codings["unit"]
    late = place >= 200
    codings["has_storm"] ^= late & (np.random.default_rng(4).random(len(codings)) < 0.25)
    codings["created_at"] = (pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(place, unit="min")).astype(str)
    shuffled = codings.sample(frac=1, random_state=1)
    result = drift(shuffled, book, rng=1, replicates=200, windows=2)
    own = result.table[result.table["variable"] == "storm"].set_index("window")
    assert own.loc[1, "alpha"] > 0.85
    assert own.loc[2, "change"] < -0.3
    assert own.loc[2, "change_high"] < 0
    assert own.loc[1, "ends"] < own.loc[2, "begins"]
    first = codings[~late]
    assert own.loc[1, "alpha"] == pytest.approx(agreement(first, book, **QUICK).table["alpha"][0])
    assert not any("order of the rows" in caveat for caveat in result.caveats)


def test_drift_without_times_takes_the_order_of_rows_and_says_so(book: Codebook) -> None:
    result = drift(many("XY", 40), book, rng=1, replicates=20, windows=4)
    assert any("the order of the rows is taken for it" in caveat for caveat in result.caveats)
    assert result.table["window"].tolist() == [1, 2, 3, 4] * len(book.variables)
    assert (result.table["begins"] == "").all()


@pytest.mark.parametrize(
    ("times", "message"),
    [(["soon", "2026-01-01"], "a time that is none"), (["", "2026-01-01"], "codes without a time")],
)
def test_a_wrong_time_is_named(book: Codebook, times: list[str], message: str) -> None:
    codings = many("XY", 10)
    with pytest.raises(InputError, match=message):
        drift(codings.assign(created_at=times * 10), book, rng=1, windows=2)


def test_too_many_windows_are_refused(book: Codebook) -> None:
    with pytest.raises(InputError, match="10 units cannot be cut into 11 windows"):
        drift(many("XY", 10), book, rng=1, windows=11)


def test_the_units_where_coders_differ_stand_beside_their_text(tmp_path, book: Codebook) -> None:
    file = write_codings(
        tmp_path,
        "a,0,X,storm,0,,named", "a,0,Y,storm,0,,named",
        "a,1,X,storm;harvest,-1,,named", "a,1,Y,storm,1,0,narrator",
        "a,2,X,?,0,1,named", "a,2,Y,storm,0,?,named",
        "a,3,X,,0,,named",
    )  # fmt: skip
    units = pd.DataFrame({"doc_id": "a", "unit": [0, 1, 2, 3], "text": ["one", "two", "three", "four"]})
    table = differences(read_codings(file, book), book, units)
    assert table[["unit", "variable", "differ", "coder_X", "coder_Y", "text"]].to_numpy().tolist() == [
        [1, "frames", "harvest", "storm;harvest", "storm", "two"],
        [1, "tone", "", "-1", "1", "two"],
        [1, "tone_office", "", "", "0", "two"],
        [1, "voice", "", "named", "narrator", "two"],
    ]
    assert table["distance"].tolist() == pytest.approx([1 - 2 / 3 * 1 / 2, 1, 1, 1])


def test_a_missing_answer_is_shown_where_the_others_differ(tmp_path, book: Codebook) -> None:
    file = write_codings(tmp_path, "a,0,X,storm,0,,named", "a,0,Y,,0,,named", "a,0,Z,?,0,,named")
    row = differences(read_codings(file, book), book).iloc[0]
    assert row[["coder_X", "coder_Y", "coder_Z"]].tolist() == ["storm", "", "?"]


def test_coders_who_agree_leave_an_empty_table(tmp_path, book: Codebook) -> None:
    file = write_codings(tmp_path, "a,0,X,storm,0,,named", "a,0,Y,storm,0,,named")
    table = differences(read_codings(file, book), book)
    assert table.empty
    assert {"doc_id", "unit", "variable", "distance", "coder_X", "coder_Y"} <= set(table.columns)


CELLS = st.fixed_dictionaries(
    {
        "frames": st.sampled_from(["", "?", "storm", "harvest", "storm;harvest"]),
        "tone": st.sampled_from(["", "?", "-1", "0", "1"]),
        "tone_office": st.sampled_from(["", "?", "-1", "1"]),
        "voice": st.sampled_from(["?", "narrator", "named"]),
    }
)


@settings(max_examples=12)
@given(st.dictionaries(st.tuples(st.sampled_from("ab"), st.integers(0, 2), st.sampled_from("XYZ")), CELLS, min_size=2))
def test_whatever_is_coded_gives_numbers_or_reasons_and_no_warning(
    cells: dict[tuple[str, int, str], dict[str, str]],
) -> None:
    """Missing answers, one coder, one value, one unit: every table either has alpha or says why not."""
    rows = [{"doc_id": d, "unit": u, "coder": c, **said} for (d, u, c), said in cells.items()]
    codings = parse_codes(pd.DataFrame(rows), WEATHER, "codings.csv")
    articles = pd.DataFrame({"doc_id": ["a", "b"], "outlet": ["east", "west"]})
    results = [agreement(codings, WEATHER, **QUICK), agreement_by_outlet(codings, WEATHER, articles, **QUICK)]
    if codings["coder"].nunique() > 1:
        results.append(agreement_by_coder(codings, WEATHER, **QUICK))
        if codings.duplicated(["doc_id", "unit"]).any():
            results.append(agreement_by_pair(codings, WEATHER, **QUICK))
    if codings["has_storm"].notna().any():
        results.append(agreement_of_sets(codings, WEATHER, **QUICK))
    if len(codings.drop_duplicates(["doc_id", "unit"])) > 1:
        results.append(drift(codings, WEATHER, windows=2, **QUICK))
    for result in results:
        assert (result.table["alpha"].isna() == result.table["reason"].ne("")).all()
        assert (result.table["alpha"].fillna(0) <= 1 + 1e-12).all()
    found = make_gold(codings, WEATHER)
    again = parse_codes(gold_table(found.table, WEATHER), WEATHER, "gold.csv")
    pd.testing.assert_frame_equal(again[found.table.columns], found.table, check_dtype=False)
    table = differences(codings, WEATHER)
    assert table["distance"].between(0, 1).all()
