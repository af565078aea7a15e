"""The lexicon scorer: one case per rule, what holds for any text, and the bundled data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.errors import InputError
from framing.models.sentiment import POLARITIES, LexiconSentiment, Sentiment
from framing.models.sentiment.entries import KINDS, read_lexicon, read_modifiers
from framing.models.sentiment.lexicon import CUTS, LEXICON, MODIFIERS, SLOPE
from framing.models.sentiment.words import fold, words_of
from framing.resources import resource

SCORER = LexiconSentiment()


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> LexiconSentiment:
    """The bundled modifiers over a few words: no phrase comes between a rule and its case."""
    own = tmp_path_factory.mktemp("lexicon") / "plain.csv"
    own.write_text("lemma,polarity\nنجاح,0.8\nتنجح,0.7\nناجح,0.8\nخسارة,-0.7\nأخطاء,-0.5\nقلق,-0.4\n", encoding="utf-8")
    return LexiconSentiment(own)


def found(text: str, scorer: LexiconSentiment = SCORER) -> list[tuple[str, float]]:
    table = scorer.explain([text])
    return list(zip(table["surface"], table["contribution"], strict=True))


def total(text: str, scorer: LexiconSentiment = SCORER) -> float:
    return sum(contribution for _, contribution in found(text, scorer))


def test_it_is_a_scorer_of_the_protocol() -> None:
    scorer: Sentiment = SCORER
    table = scorer.score(["حققت الشركة نجاحا", "خسائر فادحة", "عقدت الشركة اجتماعا"])
    assert [*table.columns] == [*POLARITIES, "score"]
    assert table["score"].iloc[0] > 0 > table["score"].iloc[1]
    assert table["score"].iloc[2] == 0
    assert table[list(POLARITIES)].to_numpy().argmax(axis=1).tolist() == [2, 0, 1]


def test_the_score_is_the_bounded_sum() -> None:
    assert found("نجاح") == [("نجاح", 0.8)]
    assert SCORER.score(["نجاح"])["score"].item() == pytest.approx(0.8 / np.sqrt(0.8**2 + 1))


@pytest.mark.parametrize(
    "text",
    ["خسارة", "الخسارة", "والخسارة", "بالخسارة", "وللخسارة", "لخسارتها", "خسارتهم", "خسارةً", "خسارتان", "الخســـارة"],
)
def test_clitics_endings_and_signs_do_not_hide_an_entry(text: str) -> None:
    assert SCORER.explain([text])[["surface", "entry"]].to_numpy().tolist() == [[text, "خسارة"]]


@pytest.mark.parametrize(
    ("text", "entry"),
    [("أخطائها", "أخطاء"), ("سيخسرون", "يخسر"), ("ستخشى", "تخشى"), ("ناجحون", "ناجح"), ("نموا", "نمو"), ("الشح", "شح")],
)
def test_an_entry_is_found_in_its_inflected_forms(text: str, entry: str) -> None:
    assert SCORER.explain([text])["entry"].tolist() == [entry]


@pytest.mark.parametrize(
    "text", ["العطلة", "فقرة", "اللازمة", "قطاع", "المحكمة", "صفحتين", "هناك", "كاملة", "الأمثلة", "بمناسبة", "غيرت"]
)
def test_false_friends_do_not_match(text: str) -> None:
    assert found(text) == []


def test_hamzas_tell_words_apart_where_they_are_written(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("lemma,polarity\nآمن,0.5\n", encoding="utf-8")
    scorer = LexiconSentiment(own)
    assert [len(found(text, scorer)) for text in ("آمن", "امن", "الأمن")] == [1, 1, 0]


def test_the_longest_phrase_wins() -> None:
    assert found("رأس المال المخاطر") == []
    assert found("المخاطر")
    assert SCORER.explain(["قفزة في المجهول"])[["entry", "polarity"]].to_numpy().tolist() == [["قفزة في المجهول", -0.7]]
    assert found("قفزة، في المجهول")[0] == ("قفزة", 0.5)


def test_offsets_are_those_of_the_text_as_it_is() -> None:
    text = "\ufeffقالَتْ الشَّرِكةُ: «الخَسَائِرُ»\u200f كبـــيرة، ونتائجُها كارثيّة!"
    for row in SCORER.explain([text]).itertuples():
        assert text[row.start : row.end] == row.surface
    assert [surface for surface, _ in found(text)] == ["الخَسَائِرُ»\u200f كبـــيرة", "ونتائجُها كارثيّة"]
    ligature = "ﷺ ثم خسارة"
    assert [ligature[r.start : r.end] for r in SCORER.explain([ligature]).itertuples()][-1] == "خسارة"


@pytest.mark.parametrize(
    ("text", "contributions"),
    [
        ("لم تنجح", [-0.49]),
        ("ولم تنجح", [-0.49]),
        ("غير ناجح", [-0.64]),
        ("لم تنجح، والنجاح بعيد", [-0.49, 0.8]),  # a pause ends the scope
        ("لم تذكر سوى النجاح", [0.8]),  # so does what means "only"
        ("ليس النجاح فحسب", [0.8]),
        ("لا بد من نجاح", [0.8]),  # an idiom that denies nothing
        ("لا يزال النجاح", [0.8]),
        ("دون خسارة", [0.245]),  # not bad is less than good
        ("خفضت الأخطاء", [0.15]),  # less of something bad
        ("لم تقل الشركة أمس شيئا عن سبب القلق ولا عن نجاح", [-0.4, -0.48]),
    ],
)
def test_negation(plain: LexiconSentiment, text: str, contributions: list[float]) -> None:
    assert [value for _, value in found(text, plain)] == pytest.approx(contributions)


def test_a_word_of_failure_denies_good_things_and_stays_bad_before_bad_ones(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("lemma,polarity\nفقدان,-0.5\nثقة,0.7\nأزمة,-0.7\n", encoding="utf-8")
    scorer = LexiconSentiment(own)
    assert found("فقدان الثقة", scorer) == [("الثقة", pytest.approx(-0.49))]
    assert found("فقدان في أزمة", scorer) == [("فقدان", -0.5), ("أزمة", -0.7)]


def test_contrast_weighs_what_it_leads_to(plain: LexiconSentiment) -> None:
    assert [v for _, v in found("خسارة لكن نجاح", plain)] == pytest.approx([-0.7 * 0.6, 0.8 * 1.4])
    assert [v for _, v in found("نجاح إلا أن الخسارة", plain)] == pytest.approx([0.8 * 0.6, -0.7 * 1.4])


def test_a_concession_weighs_less_than_its_main_clause(plain: LexiconSentiment) -> None:
    expected = pytest.approx([-0.7 * 0.5, 0.8 * 1.3])
    assert [v for _, v in found("رغم الخسارة، نجاح", plain)] == expected
    assert [v for _, v in found("على الرغم من الخسارة، نجاح. خسارة", plain)][:2] == expected
    assert [v for _, v in found("نجاح رغم الخسارة", plain)] == pytest.approx([0.8 * 1.3, -0.7 * 0.5])


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("نجاح كبير", 1.3),
        ("نجاح غير مسبوق", 1.6),
        ("نجاح محدود", 0.6),
        ("شبه نجاح", 0.8),
        ("النجاح، وكبير", 1.0),
        ("ربما نجاح", 0.6),
        ("قد يكون نجاحا", 0.6),
        ("قد كان نجاحا", 1.0),  # قد affirms before a perfect
        ("هل يكون نجاحا؟", 0.5),
        ("كيف كان النجاح", 1.0),  # no question mark
        ("كيف كان النجاح؟", 0.9),
    ],
)
def test_degree_hedges_and_questions_scale(plain: LexiconSentiment, text: str, factor: float) -> None:
    assert total(text, plain) == pytest.approx(0.8 * factor)


def test_what_modified_an_entry_is_told(plain: LexiconSentiment) -> None:
    table = plain.explain(["", "لم يكن نجاحا كبيرا"])
    assert table["text"].tolist() == [1]
    assert table["modified_by"].tolist() == ["negation لم يكن -0.70; intensifier كبير +1.30"]
    assert table["contribution"].item() == pytest.approx(0.8 * -0.7 * 1.3)


@pytest.mark.parametrize("text", ["نجاح", "لنجاح", "وبالنجاح", "«نجاح»", "بـ«نجاح»", 'و"نجاح"'])
def test_protected_names_never_match(text: str) -> None:
    assert found(f"قالت شركة {text} إنها ستجتمع")
    assert found(f"قالت شركة {text} إنها ستجتمع", LexiconSentiment(protected=["نجاح"])) == []


def test_a_name_of_several_words_is_protected_as_a_whole() -> None:
    scorer = LexiconSentiment(protected=["أزمة النجاح", "Big Loss"])
    assert found("أعلنت أزمة النجاح عن خسارة", scorer) == [("خسارة", -0.7)]
    assert found("أزمة في النجاح", scorer) == [("أزمة", -0.7), ("النجاح", 0.8)]


def test_kinds_of_modifiers_can_be_left_out() -> None:
    assert found("لم تنجح", LexiconSentiment(kinds=[])) == [("تنجح", 0.7)]
    with pytest.raises(InputError, match=r"unknown kind of modifier 'irony'\. Use some of negation"):
        LexiconSentiment(kinds=["irony"])  # type: ignore[list-item]


def test_no_text_gives_no_row() -> None:
    assert SCORER.score([]).shape == (0, 4)
    assert SCORER.explain(["", "اجتماع"]).shape == (0, 8)


CLAUSES = ("نجاح الشركة", "لم تنجح الخطة", "خسائر فادحة", "الأزمة كبيرة لكن الحل قريب", "رغم الخسارة، نجاح", "اجتماع")


@given(st.sampled_from(CLAUSES), st.sampled_from(["و{}", " {}  ", "«{}»", "{}.", "، {}", "\u200f{}", "{}…\n", "({})"]))
def test_a_conjunction_space_or_punctuation_around_a_text_changes_nothing(clause: str, frame: str) -> None:
    pd.testing.assert_frame_equal(SCORER.score([frame.format(clause)]), SCORER.score([clause]))


LETTERS = [*"ابتثدسعلمنهوي ةىأإءًـ،.؟«»()", "خسارة ", "نجاح ", "لم ", "لكن ", "\u200f", "a", "1"]
ANY_TEXT = st.lists(st.sampled_from(LETTERS)).map("".join)


@settings(deadline=None)
@given(st.lists(ANY_TEXT, min_size=1, max_size=5))
def test_any_texts_get_scores_in_range_whatever_their_order(texts: list[str]) -> None:
    table = SCORER.score(texts)
    assert table["score"].between(-1, 1).all()
    assert (table[list(POLARITIES)] >= 0).all(axis=None)
    np.testing.assert_allclose(table[list(POLARITIES)].sum(axis=1), 1)
    pd.testing.assert_frame_equal(SCORER.score(texts[::-1]), table[::-1].reset_index(drop=True))
    explained = SCORER.explain(texts)
    for row in explained.itertuples():
        assert texts[row.text][row.start : row.end] == row.surface


@given(st.text())
def test_words_lie_where_they_are_said_to(text: str) -> None:
    words = words_of(text)
    assert all(0 <= word.start < word.end <= len(text) for word in words)
    assert all(len(fold(word.spelt)) == len(word.spelt) for word in words)


def test_the_link_can_be_fitted_and_does_not_depend_on_how_many_there_are_of_each() -> None:
    texts = ["نجاح", "خسارة", "اجتماع", "نجاح", "أزمة", "أزمة", "خبرة", "خسارة"]
    tone = [2, -1, 0, 0, 0, -2, 1, 1]
    once = LexiconSentiment().fit(texts, tone)
    twice = LexiconSentiment().fit(texts * 2, tone * 2)
    assert once.slope_ == pytest.approx(twice.slope_, rel=1e-3)
    assert once.cuts_[0] < once.cuts_[1]
    with pytest.raises(InputError, match="no text is positive"):
        LexiconSentiment().fit(["خسارة", "اجتماع"], [-1, 0])


def test_the_constants_of_the_link_are_about_what_the_exemplars_say() -> None:
    table = pd.read_csv(resource("annotations/exemplars.csv")).dropna(subset="tone")
    fitted = LexiconSentiment().fit(table["text"].tolist(), table["tone"])
    assert fitted.slope_ == pytest.approx(SLOPE, abs=1)
    assert fitted.cuts_ == pytest.approx(CUTS, abs=0.1)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("lemma\nنجاح\n", r"own\.csv, column 'polarity': no column 'polarity'\. The table needs"),
        ("lemma,polarity\nنجاح,much\n", r"row 2, column 'polarity': 'much' is no number from -1 to 1\. Give one"),
        ("lemma,polarity\nنجاح,1.5\n", r"row 2, column 'polarity': '1\.5' is no number"),
        ("lemma,polarity\nنجاح,nan\n", r"'nan' is no number"),
        ("lemma,polarity\nنجاح,1\n ,1\n", r"row 3, column 'lemma': empty\. Write a word"),
        ("lemma,polarity\n!?,1\n", r"'!\?' is no word"),
        ("lemma,polarity\nنجاح,1\nنَجاح,1\n", r"row 3, column 'lemma': 'نَجاح' stands in row 2 too\. Keep one"),
    ],
)
def test_what_is_wrong_with_an_own_lexicon_is_told(tmp_path: Path, content: str, message: str) -> None:
    own = tmp_path / "own.csv"
    own.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        LexiconSentiment(own)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("لم,denial,-1,next", r"row 2, column 'kind': unknown value 'denial'\. Use one of negation, contrast"),
        ("لم,negation,-1,near", r"row 2, column 'scope': unknown value 'near'\. Use one of clause, next"),
        ("لم,negation,-3,next", r"row 2, column 'factor': '-3' is no number from -1 to 1"),
        ("جدا,intensifier,-1,near", r"'-1' is no number from 0 to 2"),
    ],
)
def test_what_is_wrong_with_own_modifiers_is_told(tmp_path: Path, row: str, message: str) -> None:
    own = tmp_path / "own.csv"
    own.write_text(f"phrase,kind,factor,scope\n{row}\n", encoding="utf-8")
    with pytest.raises(InputError, match=message):
        LexiconSentiment(modifiers=own)


def test_own_tables_may_be_jsonl_and_leave_out_scopes(tmp_path: Path) -> None:
    lexicon, modifiers = tmp_path / "own.jsonl", tmp_path / "own_modifiers.csv"
    lexicon.write_text('{"lemma": "قمر", "polarity": 0.5}\n', encoding="utf-8")
    modifiers.write_text("phrase,kind,factor\nعكس,negation,-1\n", encoding="utf-8")
    assert found("عكس القمر", LexiconSentiment(lexicon, modifiers)) == [("القمر", -0.5)]


def test_the_bundled_data_are_sane() -> None:
    entries, modifiers = read_lexicon(LEXICON), read_modifiers(MODIFIERS)  # duplicates and ranges are errors here
    signs = np.sign([entry.polarity for entry in entries])
    assert len(entries) >= 1_500
    assert (signs < 0).sum() >= 1_000 <= (signs > 0).sum()
    assert 0 < (signs == 0).sum() < 200
    assert {modifier.kind for modifier in modifiers} == set(KINDS)
    for path in (LEXICON, MODIFIERS):
        table = pd.read_csv(path)
        first = ["lemma"] if path == LEXICON else ["kind", "phrase"]
        assert table[first].equals(table[first].sort_values(first, ignore_index=True))
        assert table["note"].notna().all()
