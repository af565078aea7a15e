from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from framing.corpus.camel import camel_module
from framing.corpus.morphology import CamelLemmatiser, _disambiguator, _places, _shared, lemmas
from framing.errors import InputError, MissingDataError
from framing.models.sentiment import LexiconSentiment
from tests.conftest import ROOT
from tests.corpus.camel_files import install_morphology


class Stub:
    """Says that every word ends in what its lemma lacks, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def disambiguate(self, words: list[str]) -> list[SimpleNamespace]:
        self.asked += words
        made = [SimpleNamespace(analysis={"lex": f"{word[:-1]}َ"}) for word in words]
        return [SimpleNamespace(word=w, analyses=[a] if len(w) > 1 else []) for w, a in zip(words, made, strict=True)]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("CAMELTOOLS_DATA", str(tmp_path))
    install_morphology(tmp_path)
    yield tmp_path
    _shared.cache_clear()


def test_each_word_is_analysed_once() -> None:
    stub = Stub()
    found = CamelLemmatiser(stub)
    assert found.lemmas(["كتبت", "و", "كتبت"]) == ["كتب", "و", "كتب"]
    assert found.lemmas(["كتبت", "قلم"]) == ["كتب", "قل"]
    assert stub.asked == ["كتبت", "و", "قلم"]
    assert found.lemmas([]) == []


def test_the_oldest_words_go_when_the_cache_is_full() -> None:
    stub = Stub()
    found = CamelLemmatiser(stub, size=2)
    words = ["باب", "بيت", "دار"]
    assert found.lemmas(words) == ["با", "بي", "دا"], "more words at once than are kept"
    found.lemmas(["بيت", "دار"])
    assert stub.asked == words
    found.lemmas(["باب"])
    assert stub.asked == [*words, "باب"]


def test_names_stay_as_they_are() -> None:
    stub = Stub()
    found = CamelLemmatiser(stub)
    assert found.lemmas(["نورَ", "بيت"], keep=["نورَ"]) == ["نورَ", "بي"]
    assert stub.asked == ["بيت"]
    assert found.lemmas(["نورَ"]) == ["نو"], "kept in that call alone"


def test_diacritics_are_left_on_demand_and_marks_do_not_count() -> None:
    stub = Stub()
    found = CamelLemmatiser(stub)
    assert found.lemmas(["بيت"], diacritics=True) == ["بيَ"]
    assert found.lemmas(["بَيْـــت\u200f"]) == ["بي"]
    assert stub.asked == ["بيت", "بيت"]
    assert found.lemmas(["إلى"]) == ["إل"], "letters stay as they are spelled"


def test_it_gives_a_lexicon_its_forms(tmp_path: Path) -> None:
    (tmp_path / "lexicon.csv").write_text("lemma,polarity,pos,note\nفوز,0.8,noun,\n", encoding="utf-8")
    found = CamelLemmatiser(Stub())
    assert found("فوزا") == ("فوزا", "فوز")
    assert found("و") == ("و",)
    scorer = LexiconSentiment(tmp_path / "lexicon.csv", lemmatiser=found)
    assert scorer.explain(["هذا فوزا"])["entry"].tolist() == ["فوز"]


def test_a_word_in_place_of_words_is_told() -> None:
    with pytest.raises(InputError, match=r"one word, where a list of words is needed\. Split"):
        CamelLemmatiser(Stub()).lemmas("بيت")


def test_lemmas_through_camel_tools(installed: Path) -> None:
    words = ["الشركات", "شركات", "عقد", "برمجان", "2025", "،", "Labs", ""]
    bare = ["شركة", "شركة", "عقد", "برمجان", "2025", "،", "Labs", ""]
    assert lemmas(words) == bare
    assert lemmas(words[:3], diacritics=True) == ["شَرِكَة", "شَرِكَة", "عَقْد"]
    assert lemmas(["الشركات"], keep={"الشركات"}) == ["الشركات"]
    assert CamelLemmatiser.installed().lemmas(words) == bare
    assert _shared.cache_info().misses == 1, "the data are read once"


def test_what_it_finds_is_what_camel_tools_finds(installed: Path) -> None:
    mle, parts = camel_module("disambig.mle", "A test"), camel_module("morphology.analyzer", "A test")
    database, model = _places()
    analyser = parts.Analyzer(parts.MorphologyDB(str(database / "morphology.db")), "NOAN_PROP", cache_size=100)
    theirs = mle.MLEDisambiguator(analyser, str(model / "model.json"))
    words = ["الشركات", "عقد", "برمجان", "شرك", "عقدات"]
    expected = [word.analyses[0].analysis["lex"] for word in theirs.disambiguate(words)]
    assert lemmas(words, diacritics=True) == expected


def test_missing_data_are_told_with_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAMELTOOLS_DATA", str(tmp_path))
    expected = r"Lemmas needs the data .* Download 129 MB with: camel_data -i disambig-mle-calima-msa-r13$"
    with pytest.raises(MissingDataError, match=expected):
        lemmas(["بيت"])
    with pytest.raises(MissingDataError, match=expected):
        CamelLemmatiser.installed()


def test_broken_data_are_told(installed: Path) -> None:
    file = next(installed.rglob("morphology.db"))
    file.write_text("nothing of the kind\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"cannot be read .* camel_data -i -f disambig-mle-calima-msa-r13"):
        lemmas(["بيت"])


def seed_words() -> list[str]:
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))]
    return re.findall(r"\w+|[^\w\s]", " ".join(texts))


def test_known_words_take_less_than_a_twentieth_of_the_time_that_camel_tools_takes() -> None:
    """Run with ``-s`` for the numbers."""
    try:
        places = _places()
    except MissingDataError as error:
        pytest.skip(str(error))
    words = seed_words()
    mle = camel_module("disambig.mle", "A test")
    plain = mle.MLEDisambiguator(_disambiguator(*places)._analyzer, str(places[1] / "model.json"))
    start = time.perf_counter()
    theirs = [word.analyses[0].analysis["lex"] if word.analyses else None for word in plain.disambiguate(words)]
    slow = len(words) / (time.perf_counter() - start)
    ours = CamelLemmatiser.installed()
    start = time.perf_counter()
    first = ours.lemmas(words, diacritics=True)
    once = len(words) / (time.perf_counter() - start)
    start = time.perf_counter()
    again = ours.lemmas(words * 10, diacritics=True)
    fast = 10 * len(words) / (time.perf_counter() - start)
    print(f"words a second: camel-tools {slow:,.0f}; ours {once:,.0f}, and {fast:,.0f} of known words")
    assert again == first * 10
    same = [a == b for a, b in zip(first, theirs, strict=True) if b is not None]
    assert sum(same) / len(same) > 0.99
    assert once > slow
    assert fast > 20 * slow
