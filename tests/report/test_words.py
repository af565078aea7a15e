from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from framing.errors import InputError
from framing.report.words import Words, language, table

ROOT = Path(__file__).parents[2]
ARABIC, ENGLISH = Words("ar"), Words("en")
BRACES = re.compile(r"{(\w+)}")

STRINGS = [
    (section, key, found) for section, keys in table().items() if section != "count" for key, found in keys.items()
]


def test_both_languages_have_the_same_keys_and_the_same_braces() -> None:
    for section, key, found in STRINGS:
        assert set(found) == {"en", "ar"}, f"{section}.{key}"
        if found["en"]:  # what one language alone needs is empty in the other
            assert set(BRACES.findall(found["en"])) == set(BRACES.findall(found["ar"])), f"{section}.{key}"
    for what, forms in table()["count"].items():
        assert set(forms["en"]) == {"one", "other"}, what
        assert set(forms["ar"]) == {"one", "two", "few", "many", "other"}, what


def test_arabic_is_arabic_with_its_own_punctuation() -> None:
    for section, key, found in STRINGS:
        if section in ("list", "word", "system") or found["ar"] == found["en"]:  # such as p and F1
            continue
        text = BRACES.sub("", found["ar"])
        assert re.search("[\u0600-\u06ff]", text) or not text, f"{section}.{key}"
        assert not re.search("[,;?]", text), f"{section}.{key} has Latin punctuation"
        assert not re.search("[٠-٩]", text), f"{section}.{key}: digits are Western"


def test_no_word_is_spelt_twice() -> None:
    spelt: dict[tuple[str, str], str] = {}
    for section, keys in tomllib.loads((ROOT / "paper" / "strings.toml").read_text(encoding="utf-8")).items():
        for key, found in keys.items():
            if isinstance(found, str):
                other, _, name = found.partition(".")
                assert table()[section][key] == table()[other][name], f"{section}.{key} means {found}"
            elif section != "count" and found["en"]:
                first = spelt.setdefault((found["en"], found["ar"]), f"{section}.{key}")
                assert first == f"{section}.{key}", f"{section}.{key} is {first}"


def test_every_string_of_the_template_is_there() -> None:
    template = (ROOT / "paper" / "report.typ").read_text(encoding="utf-8")
    for key in re.findall(r'\bt\("(\w+?)"', template):
        assert key in table()["report"] or f"{key}".endswith("_"), key
    for key in re.findall(r'\bword\("(\w+)"\)', template):
        assert key in table()["word"], key


@pytest.mark.parametrize(
    ("n", "said"),
    [(1, "مقالة واحدة"), (2, "مقالتين"), (5, "5 مقالات"), (11, "11 مقالة"), (100, "100 مقالة"), (103, "103 مقالات")],
)
def test_arabic_counts_follow_the_number(n: int, said: str) -> None:
    assert ARABIC.count("articles", n) == said


def test_english_counts_follow_the_number() -> None:
    assert [ENGLISH.count("units", n) for n in (1, 2)] == ["1 unit", "2 units"]


def test_numbers_have_a_minus_no_minus_zero_and_a_dash_for_nothing() -> None:
    assert ENGLISH.number(-0.126) == "−0.13"
    assert ENGLISH.number(-0.001) == "0.00"
    assert ENGLISH.number(None) == ENGLISH.number(float("nan")) == "–"
    assert ARABIC.number(-0.5) == "\u2066−0.50\u2069", "the minus stays to the left of its number"
    assert ENGLISH.signed(0.5) == "+0.50"
    assert ENGLISH.interval(None, 1.0) == ""
    assert ARABIC.interval(-0.1, 0.2) == "\u2066[−0.10, 0.20]\u2069", "whole, not its numbers one by one"
    assert ARABIC.percent(0.31) == "\u206631%\u2069"
    assert ENGLISH.percent(0.31) == "31%"


def test_lists_end_with_and() -> None:
    assert ENGLISH.listed(["a", "b", "c"]) == "a, b and c"
    assert ARABIC.listed(["مقامرة", "احتكار"]) == "مقامرة واحتكار"
    assert ARABIC.listed(["one.com", "two.com"]) == "one.com وـtwo.com"
    assert ENGLISH.listed([]) == ""


def test_an_unknown_language_is_an_error() -> None:
    with pytest.raises(InputError, match="no report in 'fr'"):
        language("fr")


def test_every_work_that_is_cited_is_in_the_references_and_no_other() -> None:
    template = (ROOT / "paper" / "report.typ").read_text(encoding="utf-8")
    cited = {key for call in re.findall(r"\bcited\(([^)]*)\)", template) for key in re.findall(r'"(\w+)"', call)}
    entered = set(re.findall(r"^@\w+{(\w+),", (ROOT / "paper" / "references.bib").read_text(encoding="utf-8"), re.M))
    assert cited == entered
