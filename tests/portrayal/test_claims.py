from __future__ import annotations

import math

import pandas as pd
import pytest

from framing.portrayal import Fact, attributed, attribution_table, claim_relations, claims, source_table, tied_figures
from framing.portrayal.compatibility import relation

FACTS = (
    Fact("price", "money", ("صفقة", "مقابل", "دفع"), "Price", parties=("buyer",)),
    Fact("value", "money", ("تقييم", "قيمة الشركة"), "Value"),
    Fact("stake", "percentage", ("حصة", "أسهم")),
    Fact("age", "duration", ("العمر", "عمره"), measures=("year",)),
    Fact("earlier", "money", ("سبق",), several=True),
)
PARTIES = {"buyer": ["أفق"], "target": ["تاغلوم"]}
TEXTS = {
    "east": "اشترت أفق 46% من أسهم تاغلوم مقابل 11.2 مليار دولار، بتقييم قدره 24.3 مليار دولار.",
    "west": "وقالت مصادر إن أفق دفعت 11 مليار دولار في صفقة رفعت تقييم تاغلوم إلى نحو 24 مليار دولار.",
    "north": "حصة قدرها 49% اشتراها شاب عمره 30 عاما خلال 3 أشهر.",
}


@pytest.fixture
def units() -> pd.DataFrame:
    rows = [(name[0], 0, name, text) for name, text in TEXTS.items()]
    return pd.DataFrame(rows, columns=["doc_id", "unit", "outlet", "text"])


@pytest.fixture
def figures(units: pd.DataFrame) -> pd.DataFrame:
    found = tied_figures(units, FACTS, PARTIES)
    return attributed(found, source_table(units), attribution_table(units))


def test_a_figure_is_of_the_fact_whose_word_is_nearest(figures: pd.DataFrame) -> None:
    tied = dict(zip(figures["text"], figures["fact"], strict=True))
    assert tied == {
        "46%": "stake", "11.2 مليار دولار": "price", "24.3 مليار دولار": "value", "11 مليار دولار": "price",
        "24 مليار دولار": "value", "49%": "stake", "30 عاما": "age", "3 أشهر": "",
    }  # fmt: skip


def test_a_unit_of_other_parties_is_not_tied(units: pd.DataFrame) -> None:
    other = units.assign(text="باعت تاغلوم مصنعا مقابل 5 ملايين دولار")
    assert tied_figures(other, FACTS, PARTIES)["fact"].unique().tolist() == [""]
    nobody = units.assign(text="صفقة مقابل 5 ملايين دولار")
    assert set(tied_figures(nobody, FACTS, PARTIES)["fact"]) == {"price"}


def test_unless_takes_a_figure_away(units: pd.DataFrame) -> None:
    own = (Fact("price", "money", ("صفقة",), unless=("غرامة",)),)
    text = units.assign(text="صفقة كبيرة بعد غرامة قدرها 5 ملايين دولار")
    assert tied_figures(text, own, PARTIES)["fact"].tolist() == [""] * 3


def test_claims_say_who_is_silent_and_in_whose_word(figures: pd.DataFrame, units: pd.DataFrame) -> None:
    table = claims(figures, units, FACTS).table
    price = table[table["fact"] == "price"].set_index("outlet")
    assert price["figure"].to_dict() == {"east": "11.2 مليار دولار", "north": "", "west": "11 مليار دولار"}
    assert price["voice"].to_dict() == {"east": "narrator", "north": "", "west": "anonymous"}
    assert price.loc["west", "source"] == "مصادر"
    status = table.drop_duplicates("fact").set_index("fact")["status"].to_dict()
    assert status == {"price": "agreed", "value": "agreed", "stake": "disputed", "age": "single", "earlier": "several"}


def test_every_two_outlets_are_held_against_each_other(figures: pd.DataFrame, units: pd.DataFrame) -> None:
    table = claim_relations(figures, units, FACTS).set_index(["fact", "outlet_a", "outlet_b"])["relation"]
    assert table["price", "east", "west"] == "round"
    assert table["value", "east", "west"] == "agree"
    assert table["stake", "east", "north"] == "differ"
    assert table["age", "east", "west"] == "silent"
    assert "earlier" not in table.index.get_level_values("fact")


def claim(value: float, low: float, high: float, hedge: str = "", measure: str = "USD") -> dict[str, object]:
    return {"value": value, "low": low, "high": high, "hedge": hedge, "measure": measure, "from": "", "to": ""}


def test_relations_of_two_claims() -> None:
    exact, more = claim(14, 14, 14), claim(14, 14, math.nan, "more")
    assert relation(exact, more) == "differ", "more than 14 is not 14"
    assert relation(claim(14.3, 14.3, 14.3), more) == "agree"
    assert relation(claim(14.3, 14.3, 14.3), exact) == "round"
    assert relation(claim(15, 15, 15), exact) == "differ"
    assert relation(claim(15, 14.25, 15.75, "about"), claim(14.3, 14.3, 14.3)) == "agree"
    assert relation(exact, claim(14, 14, 14, measure="EUR")) == "other measure"
    june = {"measure": "date", "from": "2025-06-01", "to": "2025-06-30"}
    assert relation(june, {"measure": "date", "from": "2025-06-12", "to": "2025-06-12"}) == "agree"
    assert relation(june, {"measure": "date", "from": "--06", "to": "--06"}) == "agree"
    assert relation(june, {"measure": "date", "from": "--07-02", "to": "--07-02"}) == "differ"


def test_relations_do_not_depend_on_the_order() -> None:
    some = [
        claim(14, 14, 14),
        claim(14.3, 14.3, 14.3),
        claim(math.nan, 58, 62, "between"),
        claim(14, 14, math.nan, "more"),
    ]
    for a in some:
        for b in some:
            assert relation(a, b) == relation(b, a)
