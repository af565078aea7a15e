"""Scores of a segmentation, against numbers worked out by hand."""

from __future__ import annotations

import importlib
import math
from types import ModuleType

import pandas as pd
import pytest

from framing.corpus import evaluation
from framing.corpus.evaluation import COLUMNS, compare_splitters, evaluate_segmentation
from framing.errors import InputError

TEXT = "فزنا.  عدنا. نمنا\nقمنا."
ARTICLES = pd.DataFrame({"doc_id": ["a", "b"], "text": [TEXT, "مطر. ثلج."]})


def units(*spans: tuple[str, str, str]) -> pd.DataFrame:
    """Build units from (doc_id, type, text) by looking the text up."""
    texts = dict(zip(ARTICLES["doc_id"], ARTICLES["text"], strict=True))
    starts = [texts[doc_id].index(text) for doc_id, _, text in spans]
    return pd.DataFrame(
        {
            "doc_id": [doc_id for doc_id, _, _ in spans],
            "start": starts,
            "end": [start + len(text) for start, (_, _, text) in zip(starts, spans, strict=True)],
            "unit_type": [kind for _, kind, _ in spans],
        }
    )


GOLD = units(
    ("a", "body", "فزنا."),
    ("a", "body", "عدنا."),
    ("a", "heading", "نمنا"),
    ("a", "body", "قمنا."),
    ("b", "headline", "مطر."),
    ("b", "body", "ثلج."),
)


def test_perfect() -> None:
    row = evaluate_segmentation(GOLD, GOLD, ARTICLES, "mirror")
    assert row == {
        "splitter": "mirror",
        "boundary_precision": 1.0,
        "boundary_recall": 1.0,
        "boundary_f1": 1.0,
        "type_accuracy": 1.0,
        # Six units, less the free last boundary of each of two articles.
        "n_boundaries": 4,
        "n_gold_boundaries": 4,
    }


def test_by_hand() -> None:
    # Gold boundaries: a after 5, 10 and 14 visible characters, b after 4.
    # Found: a after 5, 8 (inside عدنا) and 14; b none. Two of three are right, two of four are found:
    # P = 2/3, R = 2/4, F1 = 2 * 2 / (3 + 4).
    found = units(
        ("a", "body", "فزنا."),
        ("a", "body", "عدن"),
        ("a", "body", "ا. نمنا"),
        ("a", "heading", "قمنا."),
        ("b", "body", "مطر. ثلج."),
    )
    row = evaluate_segmentation(found, GOLD, ARTICLES)
    assert row["boundary_precision"] == pytest.approx(2 / 3)
    assert row["boundary_recall"] == pytest.approx(2 / 4)
    assert row["boundary_f1"] == pytest.approx(4 / 7)
    # Spans matched: فزنا. (same type) and قمنا. (another type): one of six gold units.
    assert row["type_accuracy"] == pytest.approx(1 / 6)


def test_space_at_the_edges_does_not_count() -> None:
    wide = GOLD.assign(end=GOLD["end"] + [2, 1, 1, 0, 1, 0])
    row = evaluate_segmentation(wide, GOLD, ARTICLES)
    assert (row["boundary_f1"], row["type_accuracy"]) == (1.0, 1.0)


def test_units_without_types_and_of_other_articles() -> None:
    extra = pd.concat([GOLD, GOLD.assign(doc_id="c")]).drop(columns="unit_type")
    row = evaluate_segmentation(extra, GOLD, ARTICLES)
    assert row["boundary_f1"] == 1.0
    assert math.isnan(float(str(row["type_accuracy"])))


def test_errors_name_the_article() -> None:
    with pytest.raises(InputError, match="no article 'b'"):
        evaluate_segmentation(GOLD, GOLD, ARTICLES.head(1))
    with pytest.raises(InputError, match=r"span 0 to 99 does not lie in article 'a'"):
        evaluate_segmentation(GOLD, pd.DataFrame({"doc_id": ["a"], "start": [0], "end": [99]}), ARTICLES)


def test_compare_splitters(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(text: str) -> list[str]:
        raise ModuleNotFoundError("no such package")

    def lossy(text: str) -> list[str]:
        return [text.replace(".", "")]

    def at_stops(text: str) -> list[str]:
        return [f"{piece}." for piece in text.split(".") if piece.strip()]

    monkeypatch.setattr(evaluation, "peer_splitters", lambda: {"absent": missing, "lossy": lossy, "stops": at_stops})
    articles = ARTICLES.assign(text=ARTICLES["text"].str.replace("نمنا", "نمن."))
    result = compare_splitters(articles, GOLD)
    table = result.table.set_index(["splitter", "setting"])
    assert tuple(result.table.columns) == COLUMNS
    assert (result.n_articles, result.n_units) == (2, 6)
    assert table.loc[("absent", "whole"), "reason"] == "not installed (pip install absent)"
    assert "does not give back the text of 'a'" in str(table.loc[("lossy", "lines"), "reason"])
    assert math.isnan(float(str(table.loc[("lossy", "lines"), "boundary_f1"])))
    assert table.loc[("stops", "whole"), "boundary_f1"] == 1.0
    assert table.loc[("stops", "lines"), "reason"] == ""
    assert table.loc[("framing", "own"), "boundary_f1"] == 1.0


@pytest.mark.parametrize("name", ["pysbd", "sentencex", "nltk"])
def test_peers_run_where_they_are_installed(name: str) -> None:
    table = compare_splitters(ARTICLES, GOLD).table
    rows = table[table["splitter"] == name]
    assert rows["reason"].tolist() == ["", ""]
    assert rows["boundary_f1"].between(0, 1).all()
    assert rows["type_accuracy"].isna().all()


def test_an_absent_peer_yields_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> ModuleType:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(importlib, "import_module", absent)
    table = compare_splitters(ARTICLES, GOLD).table
    peers = table[table["setting"] != "own"]
    assert peers["reason"].str.startswith("not installed").all()
    assert peers["n_boundaries"].isna().all()
