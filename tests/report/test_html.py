from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.portrayal.vocabulary import Vocabulary, word_counts, word_uses
from framing.report.html import payload, write_html
from framing.report.html.colours import INK, PAPER, contrast, frame_shades, mix, tone_shades, value_shades
from framing.report.html.page import SCRIPTS, drawings, embedded
from framing.report.words import Words
from framing.report.words import table as strings
from tests.conftest import ROOT
from tests.report.conftest import HOSTILE, TITLE, Made

STATIC = ROOT / "framing" / "report" / "html" / "static"


@pytest.fixture(scope="module")
def data(made: Made) -> dict[str, Any]:
    return payload(made.findings, made.numbers)


@pytest.fixture(scope="module")
def page(made: Made, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("page") / "report.html"
    write_html(made.findings, made.numbers, made.figures, file)
    return file.read_text(encoding="utf-8")


class Elements(HTMLParser):
    """Elements of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_page_is_the_same_each_time(made: Made, page: str, tmp_path: Path) -> None:
    write_html(made.findings, made.numbers, made.figures, tmp_path / "again.html")
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == page


def test_texts_of_a_study_never_become_markup(page: str) -> None:
    elements = Elements(page).found
    assert [attributes.get("type") for tag, attributes in elements if tag == "script"] == ["application/json", None]
    assert not [tag for tag, _ in elements if tag in ("img", "i", "b", "iframe", "object")]
    assert not [name for _, attributes in elements for name in attributes if name.startswith("on")]
    assert "window.broken = true</script>" not in page


def test_what_is_embedded_comes_back_whole(page: str, data: dict[str, Any]) -> None:
    (content,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, flags=re.DOTALL)
    found = json.loads(content)
    assert found == data
    assert HOSTILE in {unit["text"] for unit in found["units"]}
    assert found["study"]["title"] == TITLE


@given(st.text())
def test_no_text_ends_the_data(text: str) -> None:
    content = embedded({"text": text})
    assert not set(content) & set("<>&\u2028\u2029")
    assert json.loads(content) == {"text": text}


def test_nothing_is_fetched(page: str) -> None:
    for tag, attributes in Elements(page).found:
        for name in ("src", "href", "xlink:href", "action", "data"):
            value = attributes.get(name) or ""
            assert not value or value.startswith(("#", "data:")), (tag, name, value)
    styles = "".join(re.findall(r"<style>(.*?)</style>", page, flags=re.DOTALL))
    assert not re.findall(r"url\((?![\"']?(?:data:|#))", styles)
    assert "@import" not in styles
    (policy,) = [a["content"] for tag, a in Elements(page).found if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert "unsafe-inline'; script" not in policy


def test_scripts_never_write_markup_and_all_are_used() -> None:
    assert {file.name for file in STATIC.glob("*.js")} == set(SCRIPTS)
    code = "".join((STATIC / name).read_text(encoding="utf-8") for name in SCRIPTS)
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "fetch(", "XMLHttp"):
        assert word not in code, word


def test_every_word_of_the_page_is_in_the_dictionary_and_used() -> None:
    code = "".join(file.read_text(encoding="utf-8") for file in STATIC.iterdir())
    python = "".join(f.read_text(encoding="utf-8") for f in STATIC.parent.glob("*.py"))
    said = set(re.findall(r'UI\.(\w+)|say\("(\w+)"|\$(\w+)', code))
    keys = {key for found in said for key in found if key}
    given_by_python = {
        "language",
        "title",
        "event",
        "counted",
        "made",
        "digest",
        "fonts",
        "colours",
        "style",
        "drawn",
        "direction",
    }
    given_by_python |= {"noscript", "data", "script", "provenance", "caveats"}
    own = strings()["ui"]
    assert keys - given_by_python <= set(own)
    unused = {
        k
        for k in own
        if k not in keys and not k.startswith("hedge_") and not re.search(f"[\"'.]{k}[\"']", code + python)
    }
    assert not unused


def test_units_say_what_gold_says(made: Made, data: dict[str, Any]) -> None:
    coded = made.findings.coded.set_index(["doc_id", "unit"])
    articles = data["articles"]
    assert len(data["units"]) == len(made.findings.units)
    for unit in data["units"]:
        row = coded.loc[(articles[unit["article"]]["doc_id"], unit["unit"])]
        assert unit["codes"]["frames"] == [f for f in ("rescue", "blame") if row[f"has_{f}"]]
        assert float(unit["codes"]["tone"]) == row["tone"]
        assert unit["codes"]["voice"] == row["voice"]
        assert unit["text"] == row["text"]


def tables(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {table["id"]: table for table in data["tables"]}


def test_rows_hold_what_their_columns_name(data: dict[str, Any]) -> None:
    for table in data["tables"]:
        assert table["rows"]
        for column in table["columns"]:
            assert any(column["key"] in row for row in table["rows"]), (table["id"], column["key"])
        if "group" in table:
            assert table["group"] in {column["key"] for column in table["columns"]}


def test_every_row_of_the_portrayal_leads_to_sentences(data: dict[str, Any]) -> None:
    found = tables(data)
    texts = [unit["text"] for unit in data["units"]]
    outlets = [data["articles"][unit["article"]]["outlet"] for unit in data["units"]]
    for name in ("sources", "keyness", "wording", "frames_by_voice", "prevalence", "shared"):
        for row in found[name]["rows"]:
            if row.get("n_units") == 0 or row.get("share") == 0:
                continue
            assert row["at"], (name, row)
            for place in row["at"]:
                assert name == "shared" or outlets[place[0]] == row["outlet"]
                if len(place) == 3:
                    assert texts[place[0]][place[1] : place[2]]
    said = [claim for fact in data["claims"] for claims in fact["outlets"].values() for claim in claims]
    assert said
    for claim in said:
        ((unit, start, end),) = claim["at"]
        assert texts[unit][start:end] == claim["figure"]


def test_uses_of_a_word_are_as_many_as_its_count(made: Made, data: dict[str, Any]) -> None:
    rows = tables(data)["keyness"]["rows"]
    assert rows
    for row in rows:
        assert len(row["at"]) == row["n"]
    for row in tables(data)["wording"]["rows"]:
        assert len(row["at"]) == row["n"]


def test_words_stand_where_uses_say(made: Made) -> None:
    units = made.findings.units
    vocabulary = Vocabulary(units["text"], ["البلدية"])
    counts = word_counts(units, vocabulary, units["paragraph"])
    uses = word_uses(units, vocabulary, set(counts["word"]))
    assert len(uses) == counts["n"].sum()
    texts = units.set_index(["doc_id", "unit"])["text"]
    town = uses[uses["word"] == "البلدية"]
    assert len(town)
    for row in town.to_dict("records"):
        assert texts[row["doc_id"], row["unit"]][row["start"] : row["end"]] == "البلدية"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_can_be_read_on_every_tint(theme: str) -> None:
    entries = [*frame_shades(list("abcdefghij")).values(), *tone_shades(range(-3, 4)).values()]
    entries += value_shades(list("abcdef")).values()
    for entry in entries:
        assert contrast(INK[theme], entry[theme]) >= 4.5, entry


def test_contrast_is_that_of_the_standard() -> None:
    """Values of the WCAG 2.2 definitions: black on white is 21; #767676 is the lightest grey of 4.5 on white."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#777777", "#ffffff") < 4.5
    assert mix("#000000", PAPER["light"], 0.0) == PAPER["light"]


def test_figures_of_a_page_have_ids_of_their_own(made: Made) -> None:
    drawn = drawings(made.numbers, made.figures, Words())
    assert drawn.count("<template") == len(made.numbers["figures"]) > 1
    ids = re.findall(r'\bid="([^"]+)"', drawn)
    assert len(ids) == len(set(ids))
    used = set(re.findall(r'href="#([^"]+)"', drawn)) | set(re.findall(r"url\(#([^)]+)\)", drawn))
    assert used <= set(ids)
    assert "<metadata" not in drawn


def test_a_page_without_scripts_can_be_read(page: str) -> None:
    (plain,) = re.findall(r"<noscript>(.*?)</noscript>", page, flags=re.DOTALL)
    assert "أنقذ الجيران" in plain
    assert "&lt;script&gt;" in plain
    assert "<table>" in plain


def test_the_page_is_small(page: str) -> None:
    assert len(page.encode("utf-8")) < 1_000_000
