from __future__ import annotations

import copy
from typing import Any

import pytest

from framing.report.sentences import sentences
from framing.report.sentences.quality import standing
from framing.report.sentences.teller import order

Numbers = dict[str, Any]


def estimate(value: float, low: float | None, high: float | None, name: str = "macro_f1") -> dict[str, Any]:
    return {name: value, "low": low, "high": high}


def contrast(finding: str, difference: float = 0.3, p: float | None = 0.01, variable: str = "cold") -> dict[str, Any]:
    return {
        **{"outlet_a": "east", "outlet_b": "west", "variable": variable, "difference": difference},
        **{"low": difference - 0.1, "high": difference + 0.1, "p": p, "p_holm": p, "finding": finding},
        "scope": "outlets",
    }


def shares(cold: tuple[float, float, float], warm: tuple[float, float, float]) -> Numbers:
    return {f: {"share": s, "low": low, "high": high} for f, (s, low, high) in {"cold": cold, "warm": warm}.items()}


@pytest.fixture
def numbers() -> Numbers:
    """Numbers of a made-up study of two outlets with twelve articles each."""
    east, west = shares((0.6, 0.5, 0.7), (0.2, 0.1, 0.3)), shares((0.3, 0.2, 0.4), (0.25, 0.15, 0.35))
    articles = [{"outlet": o, "published": "2030-01-01"} for o in ("east", "west") for _ in range(12)]
    names = {"cold": "Cold", "warm": "Warm"}
    facts = {"price": {"label": "Price", "label_ar": "السعر"}, "date": {"label": "Date", "label_ar": ""}}
    return {
        "study": {"facts": facts},
        "corpus": {
            **{"articles": 24, "outlets": 2, "units": 240, "coded_units": 230, "by_article": articles},
            "unit_types": {"body": 230, "boilerplate": 10},
        },
        "codebook": {
            **{"name": "weather", "version": "1", "frames": [{"id": "cold"}, {"id": "warm"}]},
            **{"labels": names, "labels_ar": {"cold": "برد", "warm": "دفء"}},
        },
        "coders": {"number": 2, "kind": "people"},
        "agreement": {
            "cold": estimate(0.9, 0.85, 0.95, "alpha"),
            "warm": estimate(0.75, 0.7, 0.8, "alpha"),
        },
        "frames": {
            "validation": {
                "model": estimate(0.7, 0.6, 0.75),
                "majority": estimate(0.3, 0.2, 0.4),
                "coders": estimate(0.9, 0.85, 0.95),
            },
            "schemes": {name: estimate(0.7, 0.6, 0.75, "f1") for name in ("outlet", "article", "duplicate")},
            "learning": [],
            "errors": 7,
        },
        "notes": {},
        "portrayal": {
            "claims": {
                "price": {"label": "Price", "status": "disputed"},
                "date": {"label": "Date", "status": "agreed"},
            },
            "frames_by_voice": [{"frame": "cold", "n_units": 10, "narrator": 4}],
            "keyness": {"east": {"words": ["ثلج"], "distinct": []}},
            "reuse": [{"outlet": "east", "share": 0.0}],
        },
        "comparison": {
            "frames": {"east": east, "west": west},
            "profile_distance": [{"outlet_a": "(all)", "outlet_b": "(all)", "jsd": 0.1, "p_jsd": 0.4}],
            "contrasts": {"frames": [contrast("different"), contrast("undecided", 0.05, 0.6, "warm")]},
            "robustness": {
                name: {"east": copy.deepcopy(east), "west": copy.deepcopy(west)}
                for name in ("gold", "naive", "without_copies", "by_articles")
            },
        },
    }


def told(numbers: Numbers, section: str, lang: str = "en") -> str:
    return " ".join(sentences(numbers, lang)[section])  # type: ignore[arg-type]


def test_what_a_study_names_in_arabic_too_is_named_so(numbers: Numbers) -> None:
    assert "«السعر»" in " ".join(sentences(numbers, "ar")["telling"])
    numbers["study"]["facts"]["price"]["label_ar"] = ""
    assert "«Price»" in " ".join(sentences(numbers, "ar")["telling"]), "else as it stands"


def test_nothing_is_left_in_braces_and_both_languages_say_as_much(numbers: Numbers) -> None:
    english, arabic = sentences(numbers), sentences(numbers, "ar")
    assert {name: len(own) for name, own in english.items()} == {name: len(own) for name, own in arabic.items()}
    for own in (*english.values(), *arabic.values()):
        for sentence in own:
            assert "{" not in sentence
            assert sentence.endswith(".")


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_every_result_that_changes_changes_its_sentence(numbers: Numbers, lang: str) -> None:
    changes: list[tuple[str, tuple[Any, ...], Any]] = [
        ("brief", ("corpus", "coded_units"), 17),
        ("brief", ("frames", "validation", "model", "macro_f1"), 0.65),
        ("reliability", ("agreement", "cold", "alpha"), 0.91),
        ("reliability", ("agreement", "warm", "low"), 0.5),
        ("validation", ("frames", "validation", "coders", "low"), 0.74),
        ("validation", ("frames", "validation", "majority", "high"), 0.65),
        ("diagnosis", ("frames", "errors"), 8),
        ("diagnosis", ("frames", "schemes", "article", "f1"), 0.5),
        ("outlets", ("comparison", "frames", "east", "cold", "share"), 0.61),
        ("outlets", ("comparison", "frames", "east", "cold", "low"), 0.25),
        ("outlets", ("comparison", "profile_distance", 0, "p_jsd"), 0.01),
        ("outlets", ("comparison", "contrasts", "frames", 0, "finding"), "undecided"),
        ("outlets", ("comparison", "contrasts", "frames", 0, "difference"), -0.3),
        ("outlets", ("comparison", "contrasts", "frames", 1, "finding"), "equivalent"),
        ("telling", ("portrayal", "claims", "price", "status"), "agreed"),
        ("telling", ("portrayal", "frames_by_voice", 0, "narrator"), 5),
        ("telling", ("portrayal", "keyness", "east", "distinct"), ["ثلج"]),
        ("telling", ("portrayal", "reuse", 0, "share"), 0.2),
        ("robustness", ("comparison", "robustness", "naive", "east", "cold", "low"), 0.65),
        ("robustness", ("comparison", "robustness", "without_copies", "east", "cold", "share"), 0.5),
        ("robustness", ("comparison", "robustness", "by_articles", "east", "cold", "share"), 0.5),
        ("limits", ("coders", "kind"), "language model"),
    ]
    for section, path, value in changes:
        changed = copy.deepcopy(numbers)
        place: Any = changed
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        assert told(changed, section, lang) != told(numbers, section, lang), path


def test_outlets_are_said_to_differ_only_where_a_corrected_test_found_it(numbers: Numbers) -> None:
    assert "Cold is higher in east than in west, by 30.0 percentage points [20.0, 40.0]" in told(numbers, "outlets")
    numbers["comparison"]["contrasts"]["frames"][0]["finding"] = "undecided"
    said = told(numbers, "outlets") + told(numbers, "brief")
    assert "is higher in" not in said
    assert "no two outlets can be told apart" in said
    assert "which is no evidence that they are alike" in said


def test_a_negative_difference_names_the_other_outlet_first_and_turns_its_interval(numbers: Numbers) -> None:
    numbers["comparison"]["contrasts"]["frames"][0] |= {"difference": -0.3, "low": -0.5, "high": -0.2}
    assert "Cold is higher in west than in east, by 30.0 percentage points [20.0, 50.0]" in told(numbers, "outlets")


def test_what_explores_is_never_told_as_a_finding(numbers: Numbers) -> None:
    numbers["comparison"]["contrasts"] = {"exploration": [contrast("different")]}
    assert "is higher in" not in told(numbers, "outlets") + told(numbers, "brief")


def test_a_family_that_was_not_tested_is_said_to_be(numbers: Numbers) -> None:
    numbers["comparison"]["contrasts"]["frames"] = [contrast("not tested", p=None)]
    assert "Nothing was tested in the family frames" in told(numbers, "outlets")


def test_a_frame_is_the_most_frequent_only_where_its_interval_is_above_all_others(numbers: Numbers) -> None:
    said = told(numbers, "outlets")
    assert "In east the frame Cold is the most frequent" in said
    assert "In west Cold leads with 30% [20%, 40%], but which frame is the most frequent cannot be told" in said
    numbers["comparison"]["frames"]["east"]["cold"]["low"] = None
    assert "In east Cold leads with 60%, but there is no interval" in told(numbers, "outlets")


@pytest.mark.parametrize(
    ("low", "high", "name"),
    [
        (0.8, 0.9, "reliable"),
        (0.79, 0.99, "tentative"),
        (0.667, 0.7, "tentative"),
        (0.6, 0.95, "open"),
        (0.2, 0.66, "low"),
        (None, None, "unknown"),
    ],
)
def test_what_an_alpha_allows_follows_from_its_interval(low: float | None, high: float | None, name: str) -> None:
    assert standing(estimate(0.85, low, high, "alpha")) == name


def test_estimates_are_ordered_only_as_far_as_their_intervals_allow() -> None:
    a = estimate(0.7, 0.6, 0.8)
    assert order(a, estimate(0.4, 0.3, 0.5)) == "above"
    assert order(a, estimate(0.5, 0.4, 0.65)) == "overlap"
    assert order(a, estimate(0.7, 0.6, 0.8)) == "not above"
    assert order(a, estimate(0.4, None, None)) == "overlap"


def test_a_classifier_is_told_beside_baseline_and_coders(numbers: Numbers) -> None:
    assert "above the baseline majority (0.30 [0.20, 0.40]) beyond their intervals" in told(numbers, "validation")
    assert "coders reach more with each other: 0.90 [0.85, 0.95]" in told(numbers, "validation")
    numbers["frames"]["validation"]["model"] = estimate(0.3, 0.1, 0.9)
    said = told(numbers, "validation")
    assert "no more than the baseline majority" in said
    assert "it cannot be told apart" in said


def test_more_gold_helps_only_where_the_draws_do_not_overlap(numbers: Numbers) -> None:
    half, whole = ({"fraction": f, "n_gold": 100 * f} for f in (0.5, 1.0))
    half |= {"macro_f1": 0.5, "least": 0.45, "most": 0.55}
    whole |= {"macro_f1": 0.6, "least": 0.6, "most": 0.6}
    numbers["frames"]["learning"] = [half, whole]
    assert "still grows" in told(numbers, "diagnosis")
    half["most"] = 0.62
    assert "brings little" in told(numbers, "diagnosis")


def test_limits_follow_from_the_data(numbers: Numbers) -> None:
    assert "single article" not in told(numbers, "limits")
    articles = numbers["corpus"]["by_article"]
    numbers["corpus"]["by_article"] = articles[:1] + articles[12:17]
    said = told(numbers, "limits")
    assert "A single article each represents east" in said
    assert "No outlet has more than 5 articles" in said
    numbers["corpus"]["by_article"] = [articles[0], articles[12]]
    assert told(numbers, "limits").startswith("Every outlet is represented by a single article.")
    assert "No human coded" not in said
    numbers["coders"]["kind"] = "language model"
    assert "No human coded" in told(numbers, "limits")
    assert "not people" in told(numbers, "brief")
    del numbers["coders"]
    assert "Who coded the units is not stated." in told(numbers, "who")


def test_a_study_with_frames_alone_has_its_sentences(numbers: Numbers) -> None:
    for name in ("portrayal", "agreement", "coders"):
        del numbers[name]
    for name in ("robustness", "profile_distance"):
        del numbers["comparison"][name]
    found = sentences(numbers)
    assert found["telling"] == found["robustness"] == []
    assert "Fewer than two coders" in found["reliability"][0]
