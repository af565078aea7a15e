from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from framing.corpus import read_units, segment
from framing.errors import InputError, StaleCodingError
from framing.files import write_table
from framing.study import Study, StudyData

ARTICLES = pd.DataFrame({"doc_id": ["a"], "outlet": ["east"], "text": ["سقط المطر. ثم توقف.\n\nوعاد الناس إلى السوق."]})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write_table(segment(ARTICLES), tmp_path / "units.csv")
    return tmp_path / "units.csv"


def test_units_come_back_as_they_were_cut(file: Path) -> None:
    pd.testing.assert_frame_equal(
        read_units(file, ARTICLES), segment(ARTICLES)[list(read_units(file, ARTICLES).columns)], check_dtype=False
    )


def test_paragraphs_are_counted_from_the_text(file: Path) -> None:
    assert read_units(file, ARTICLES)["paragraph"].tolist() == [0, 0, 1]


def test_the_coded_units_of_the_study_hold_against_its_articles(study: Study, data: StudyData) -> None:
    assert study.segments is not None
    units = read_units(study.segments, data.articles)
    texts = data.articles.set_index("doc_id")["text"]
    assert all(texts[u.doc_id][u.start : u.end] == u.text for u in units.itertuples())
    assert len(units) == 138


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            ",11,19,",
            ",11,900,",
            r"units\.csv, row 3, column 'end': the span 11 to 900 lies outside its text, which has 42",
        ),
        (",11,19,", ",12,19,", r"row 3, column 'text': the text at 12 to 19 is not the text that was coded"),
    ],
)
def test_a_span_that_does_not_hold_is_named(file: Path, old: str, new: str, message: str) -> None:
    content = file.read_text(encoding="utf-8")
    assert old in content
    file.write_text(content.replace(old, new), encoding="utf-8")
    with pytest.raises(StaleCodingError, match=message):
        read_units(file, ARTICLES)


def test_a_changed_article_is_noticed(file: Path) -> None:
    changed = ARTICLES.assign(text=ARTICLES["text"].str.replace("سقط", "هطل"))
    with pytest.raises(StaleCodingError, match="The article has changed since"):
        read_units(file, changed)


def test_a_unit_of_no_article_is_named(file: Path) -> None:
    with pytest.raises(InputError, match=r"row 2, column 'doc_id': article 'a' is not in the corpus"):
        read_units(file, ARTICLES.assign(doc_id="b"))
