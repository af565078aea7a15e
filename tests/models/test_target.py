"""Tone towards a party: clauses, marks, any scorer on them, and what is learned."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone

from framing.models.sentiment import (
    LexiconSentiment,
    Marked,
    TargetClassifier,
    TowardsClassifier,
    clauses,
    marked,
    table_of,
    towards,
)
from framing.models.sentiment.words import words_of
from framing.models.states import FENCES, ClauseStates
from framing.models.store import load_model, save_model

PARTIES = {"north": ["نورا", "Nora"], "south": ["سلمى"]}
WORDS = [
    "نورا",
    "سلمى",
    "وسلمى",
    "Nora",
    "ربحت",
    "خسرت",
    "بينما",
    "ولكن",
    "التي",
    "،",
    ".",
    "في",
    "حين",
    "(",
    ")",
    "2.7",
]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=20).map(" ".join)


@given(TEXTS)
def test_clauses_are_in_order_and_hold_every_word_once(text: str) -> None:
    spans = [(clause.start, clause.end) for clause in clauses(text)]
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert all(sum(a <= w.start and w.end <= b for a, b in spans) == 1 for w in words_of(text))


@given(TEXTS)
def test_marks_are_read_as_they_were_written(text: str) -> None:
    found = Marked.of(text, PARTIES["north"], PARTIES["south"])
    assert Marked.read(str(found)) == found
    assert found.text == text
    neutral = found.neutral()
    assert (len(neutral.party), len(neutral.others)) == (len(found.party), len(found.others))
    assert "نورا" not in neutral.text
    assert "سلمى" not in neutral.text


@given(TEXTS)
def test_every_clause_that_names_the_party_is_its_own(text: str) -> None:
    found = Marked.of(text, PARTIES["north"], PARTIES["south"])
    own, rest = found.own(), found.rest()
    assert not (found.party and set(own) & set(rest))
    assert all(any(a <= start and end <= b for a, b in own) for start, end in found.party)


@pytest.mark.parametrize(
    ("text", "north", "south"),
    [
        ("ربحت نورا عقدا كبيرا بينما خسرت سلمى عملاءها", "ربحت نورا عقدا كبيرا", "بينما خسرت سلمى عملاءها"),
        ("قالت نورا إنها لا تعرف شيئا", "قالت نورا إنها لا تعرف شيئا", None),
        # The relative clause is that of whom the clause before it named last.
        ("رحلت نورا عن سلمى، التي ضاعفت رأس مالها", "رحلت نورا عن سلمى", "رحلت نورا عن سلمى التي ضاعفت رأس مالها"),
        # What names nobody carries on, and what comes first belongs to whom is named first.
        (
            "في صباح اليوم التالي، ربحت نورا القضية كلها، وفرح أهلها جميعا",
            "في صباح اليوم التالي ربحت نورا القضية كلها وفرح أهلها جميعا",
            None,
        ),
    ],
)  # fmt: skip
def test_a_clause_belongs_to_whom_it_speaks_of(text: str, north: str, south: str | None) -> None:
    read = {}
    for party, other in (("north", "south"), ("south", "north")):
        found = Marked.of(text, PARTIES[party], PARTIES[other])
        read[party] = found.joined(found.own()) if found.party else None
    assert read == {"north": north, "south": south}


def test_a_text_that_names_nobody_is_read_as_a_whole() -> None:
    text = "قالت الشركة إنها راضية، ولكن السوق خائفة جدا"
    assert Marked(text).joined(Marked(text).own()) == text
    named = Marked.of(text + " من سلمى", PARTIES["north"], PARTIES["south"])
    assert named.joined(named.own()) == named.text


class Keywords:
    """A scorer that knows two words."""

    def score(self, texts: Sequence[str]) -> pd.DataFrame:
        return table_of(np.array([[0.8 * ("خسرت" in t), 0.2, 0.8 * ("ربحت" in t)] for t in texts]).reshape(-1, 3))


def test_any_scorer_tells_opposite_tones_in_one_sentence_apart() -> None:
    texts = ["ربحت نورا عقدا كبيرا بينما خسرت سلمى عملاءها", "هطل المطر", "ربحت سلمى القضية أخيرا"]
    found = towards(Keywords(), texts, PARTIES)
    assert found["text"].tolist() == [0, 0, 2]
    assert found["party"].tolist() == ["north", "south", "south"]
    assert found["score"].round(1).tolist() == [0.8, -0.8, 0.8]
    whole = Keywords().score(texts[:1])
    assert whole["score"].tolist() == [0.0]


def test_what_is_good_for_rivals_is_bad_for_the_party() -> None:
    texts = ["ربحت منافسة نورا القضية كلها", "ربح خصوم سلمى وربحت معهم", "ربحت نورا القضية كلها"]
    found = towards(Keywords(), texts, PARTIES)
    assert np.sign(found["score"]).tolist() == [-1, -1, 1]
    assert found.loc[0, "negative"] == pytest.approx(0.8)


def test_no_party_named_gives_no_row() -> None:
    assert towards(LexiconSentiment(), ["هطل المطر"], PARTIES).empty
    assert towards(LexiconSentiment(), [], PARTIES).columns.tolist()[:3] == ["text", "party", "clause"]


GOOD = ["ربحت {} عقدا كبيرا", "نجحت {} نجاحا باهرا", "تألقت {} في السوق", "كسبت {} ثقة الجميع"]
BAD = ["خسرت {} عملاءها", "فشلت {} فشلا ذريعا", "تعثرت {} في السوق", "فقدت {} ثقة الجميع"]


def training(names: tuple[str, str]) -> tuple[list[str], np.ndarray]:
    """Sentences in which one party fares well and the other badly, as seen from each."""
    texts, tones = [], []
    for good in GOOD:
        for bad in BAD:
            text = f"{good.format(names[0])} بينما {bad.format(names[1])}"
            texts += marked([text], [names[0]], [names[1]]) + marked([text], [names[1]], [names[0]])
            tones += [1.0, -1.0]
    return texts, np.array(tones)


def test_the_same_sentence_has_two_tones_towards_two_parties() -> None:
    texts, tones = training(("نورا", "سلمى"))
    model = clone(TargetClassifier((-1.0, 0.0, 1.0), "tfidf", seed=1)).fit(
        texts, tones, groups=np.arange(len(texts)) // 8
    )
    both = "كسبت هند عقدا كبيرا بينما فقدت ليلى عملاءها"
    said = model.predict([*marked([both], ["هند"], ["ليلى"]), *marked([both], ["ليلى"], ["هند"])])
    assert said.tolist() == [1.0, -1.0]
    probability = model.predict_proba(texts)
    assert probability.sum(axis=1) == pytest.approx(1)
    assert (probability[:, 1] == 0).all()
    scored = model.score_towards(texts)
    assert scored["score"].to_numpy() == pytest.approx(probability[:, 2] - probability[:, 0])


def test_names_teach_nothing() -> None:
    one, tones = training(("نورا", "سلمى"))
    other, _ = training(("شركة البحار", "Zed"))
    models = [TargetClassifier((-1.0, 0.0, 1.0), "tfidf", seed=1).fit(texts, tones) for texts in (one, other)]
    assert models[0].predict_proba(one) == pytest.approx(models[1].predict_proba(other))


def test_one_value_in_training_is_the_answer_to_everything() -> None:
    texts, _ = training(("نورا", "سلمى"))
    model = TargetClassifier((-1.0, 0.0, 1.0), "tfidf").fit(texts, np.zeros(len(texts)))
    assert set(model.predict(texts)) == {0.0}
    assert model.predict_proba([]).shape == (0, 3)


def test_a_weight_of_nearly_nothing_is_as_if_a_text_were_not_there() -> None:
    texts, tones = training(("نورا", "سلمى"))
    wrong = TargetClassifier((-1.0, 1.0), "tfidf").fit(
        [*texts, *texts], np.concatenate([tones, -tones]), sample_weight=np.repeat([1.0, 1e-6], len(texts))
    )
    assert (wrong.predict(texts) == tones).all()


def test_a_fitted_model_comes_back_from_disk(tmp_path: Path) -> None:
    texts, tones = training(("نورا", "سلمى"))
    model = TargetClassifier((-1.0, 0.0, 1.0), "tfidf").fit(texts, tones)
    name = save_model(model, tmp_path / "tone")
    assert load_model(tmp_path / name).predict_proba(texts) == pytest.approx(model.predict_proba(texts))


def test_the_lexicon_reads_the_party_s_clauses() -> None:
    text = "حققت نورا نجاحا باهرا بينما منيت سلمى بفشل ذريع"
    texts = [*marked([text], ["نورا"], ["سلمى"]), *marked([text], ["سلمى"], ["نورا"])]
    assert TowardsClassifier((-1.0, 0.0, 1.0)).fit(texts, [0, 0]).predict(texts).tolist() == [1.0, -1.0]


def test_states_are_those_of_the_fenced_words_in_their_text() -> None:
    start, end = FENCES
    clause, other = "ربحت الشركة عقدا كبيرا", "بينما خسر المنافس عملاءه"
    found = ClauseStates().encode(
        [
            f"{clause} {other}",
            f"{start}{clause} {other}{end}",
            f"{start}{clause}{end} {other}",
            f"{clause} {start}{other}{end}",
            f"{start}{clause}{end} ثم هطل المطر على المدينة",
        ]
    )
    assert found.shape == (5, ClauseStates.dimension)
    assert found[0] == pytest.approx(found[1], abs=1e-4)  # without fences all words are pooled
    assert not np.allclose(found[2], found[3], atol=0.05)
    assert not np.allclose(found[2], found[4], atol=0.05)  # the same words, another sentence
    # The mean over all words lies between those of the parts.
    low, high = np.minimum(found[2], found[3]), np.maximum(found[2], found[3])
    assert ((found[0] >= low - 1e-3) & (found[0] <= high + 1e-3)).all()
