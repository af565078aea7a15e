from __future__ import annotations

import pandas as pd

from framing.portrayal import mention_table, suggest_aliases


def units(*texts: str) -> pd.DataFrame:
    return pd.DataFrame({"doc_id": "a", "unit": range(len(texts)), "text": texts})


PARTIES = {"club": ["نادي النور", "النور"], "player": ["سيغوفيا", "Segovia"]}


def test_a_mention_has_its_offsets_its_alias_and_its_spelling() -> None:
    table = units("وقع لـ«النّور» سيغوفيا", "وبنادى  النور فرح", "لا أحد هنا")
    found = mention_table(table, PARTIES)
    assert found[["unit", "party", "alias", "text"]].values.tolist() == [
        [0, "club", "النور", "النّور"],
        [0, "player", "سيغوفيا", "سيغوفيا"],
        [1, "club", "نادي النور", "نادى  النور"],
    ]
    for row in found.to_dict("records"):
        assert table["text"][row["unit"]][row["start"] : row["end"]] == row["text"]


def test_spellings_are_offered_with_their_reason_and_not_what_is_known() -> None:
    table = units(
        "وصل سيجوفيا أمس",
        "وقال لسيجوفيا إنه فخور",
        "Segobia لا سغوفيا",
        "فاز نادي النور (Al Noor) بالكأس",
        "سيغوفيا هنا",
        "سيارة جديدة",
    )
    found = suggest_aliases(table, PARTIES).set_index("candidate")
    assert found.loc["سيجوفيا", ["party", "alias", "kind", "count", "articles"]].tolist() == [
        "player", "سيغوفيا", "spelling", 2, 1,
    ]  # fmt: skip
    assert found.loc["Segobia", "kind"] == "similar"
    assert found.loc["سغوفيا", "kind"] == "vowels"
    assert found.loc["Al Noor", ["party", "kind"]].tolist() == ["club", "bracket"]
    assert not {"سيغوفيا", "النور", "سيارة"} & set(found.index)


def test_a_name_in_the_other_script_is_offered() -> None:
    found = suggest_aliases(units("عاد Gurbanov إلى بيته"), {"player": ["غوربانوف"]})
    assert found[["candidate", "kind"]].values.tolist() == [["Gurbanov", "script"]]


def test_a_short_name_needs_its_vowels_and_an_acronym_has_none() -> None:
    found = suggest_aliases(units("Lona ولينا في NDR", "نادر"), {"club": ["لونا"], "station": ["NDR"]})
    assert found[["party", "candidate", "kind"]].values.tolist() == [["club", "Lona", "script"]]


def test_without_candidates_the_table_is_empty() -> None:
    assert suggest_aliases(units("لا شيء"), PARTIES).empty
    assert mention_table(units("لا شيء"), {}).empty
