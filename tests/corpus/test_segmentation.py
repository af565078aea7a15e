"""Segmentation: one case per rule on our own sentences, invariants on any text, scores on seeds and held-out texts."""

from __future__ import annotations

import time
import tomllib
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.corpus.evaluation import evaluate_segmentation
from framing.corpus.quotations import Pairs
from framing.corpus.segmentation import UNIT_COLUMNS, segment, split_units
from framing.corpus.sentences import without_space
from framing.errors import InputError
from framing.files import text_sha

ROOT = Path(__file__).parents[2]


def pieces(text: str) -> list[str]:
    return [text[unit.start : unit.end] for unit in split_units(text)]


# The mark ¦ stands where a unit must end; it is no part of the text.
SENTENCES = {
    "full stop": "فاز الفريق أمس.¦ وعاد إلى المدينة.",
    "question": "هل تمطر غدا؟¦ لا أحد يعرف.",
    "latin question": "هل تمطر غدا?¦ لا أحد يعرف.",
    "exclamation": "يا له من هدف!¦ وقف الجمهور طويلا.",
    "ellipsis": "انتظرنا طويلا…¦ ثم بدأ العرض.",
    "three dots": "انتظرنا طويلا...¦ ثم بدأ العرض.",
    "mixed run": "أهذا فيلم؟!¦ نعم هو فيلم.",
    "spaced stop": "بدأ العرض .¦ خرج الجمهور .",
    "two dots": "مدينة الجسور.. ثلاثة أيام تحت المطر",
    "two dots at the end": "مدينة الجسور.. قصة لم تكتمل..",
    "decimal": "سقط 2.7 مليمتر من المطر.¦ وتوقفت الحافلات.",
    "percentage": "ارتفع الحضور 4.3% هذا الموسم.",
    "arabic decimal": "بلغ العمق ١٫٥ متر.¦ ثم انخفض.",
    "version": "صدرت النسخة 3.1.2 من التطبيق.",
    "latin name": "طورت شركة Weather.Now تطبيقا للطقس.¦ وهو مجاني.",
    "latin name at the end": "عرض الفيلم على Cinema.Tv.¦ وشاهده الآلاف.",
    "address": "التفاصيل على www.baladiya.example/news.html لمن يريد.",
    "year": "افتتح الملعب في 2024.¦ هذا أول موسم فيه.",
    "list number": "1. اختيار الملعب الجديد.",
    "list number, arabic": "٢. اختيار الملعب الجديد.",
    "list number inside": "هذه هي الخطوات.¦ 1. غسل الخضار.¦ 2. تقطيعها.",
    "title": "قال د. سامي إن المطر قريب.¦ وغادر.",
    "title at the start": "أ. منى هي المديرة.¦ ود. رامي نائبها.",
    "titles chained": "حضر أ.د. كريم افتتاح المهرجان.¦ ثم غادر.",
    "metre after number": "بلغ طول الجسر 300 م.¦ ويمتد فوق النهر.",
    "hijri year": "بني المسجد سنة 1320 هـ.¦ ورمم بعد قرن.",
    "letter with tanwin": "كان الموسم طويلًا جدًّا.¦ وكان الأكثر ابتكارًا.¦ وانتهى.",
    "initials": "أخرج الفيلم J. K. Marlow قبل عامين.¦ ونال جائزة.",
    "initials after a clitic": "الفيلم لـJ. K. Marlow نفسه.",
    "vs": "مباراة النسور vs. البحارة غدا.",
    "company": "وقعت شركة Blue Sky Inc. Weather عقدا جديدا.",
    "country": "هذا رأي U.S. Weather Service في العاصفة.",
    "company before arabic": "وقعت العقد شركة Blue Sky Inc.¦ وقال المدير إنه سعيد.",
    "missing space": "انتهت المباراة.¦وقال المدرب إنه سعيد.",
    "missing space, question": "متى تبدأ المباراة؟¦قال إنها غدا.",
    "single letters glued": "وزير النقل أ.ب يزور الميناء.",
    "comma": "قال إن الملعب، وهو جديد، صغير.",
    "semicolon": "تأخر القطار؛ فعدنا إلى البيت.",
    "colon": "السؤال هو: من يدفع؟",
    "inside straight quotes": 'قال: "فزنا. لم نصدق ذلك".¦ ثم غادر.',
    "inside curly quotes": "قال: “فزنا. لم نصدق ذلك.”¦ ثم غادر.",
    "inside angles": "قال: «فزنا. لم نصدق! هل تصدقون؟ نعم».¦ ثم غادر.",
    "inside single angles": "قال: ‹فزنا. لم نصدق›.¦ ثم غادر.",
    "turned angles": "قال: »فزنا. لم نصدق«.¦ ثم غادر.",
    "curly the wrong way": "شاهدنا “النسر” و”البحر. والبر” معا.¦ ثم عدنا.",
    "nested": 'قالت: "سألني «هل تعود؟ متى؟» ولم أجب. ضحكت."¦ ثم سكتت.',
    "nested, same mark": 'قالت: "هذا "بيتي. الأول" دائما. نعم."¦ ثم سكتت.',
    "clitic": 'التقى بـ"النسور. الزرق" و"غيوم. بيضاء" أمس.¦ ثم عاد.',
    "spaced quotes": 'قال: " فزنا. لم نصدق ".¦ ثم غادر.',
    "unmatched": 'قال: "فزنا أمس.¦ لم نصدق ذلك.',
    "unmatched before matched": 'قال: "فزنا.¦ وأضاف: "نعم. فزنا".¦ وغادر.',
    "closing without opening": 'فزنا أمس".¦ لم نصدق ذلك.',
    "attribution": '"فزنا. لم نصدق." قال المدرب.¦ وغادر.',
    "attribution after the stop": "«الأسوأ انتهى». قال مدير المرصد.¦ وغادر.",
    "according to": '"المطر قريب." بحسب هيئة الأرصاد.',
    "conjunction is no attribution": '"المطر قريب."¦ وقال المدير إنه مستعد.',
    "scare quote before a saying": 'وصف الملعب بأنه "كبير".¦ قال المدرب إنه سعيد.',
    "comma after the quote": '"هل نفوز؟"، سأل المدرب لاعبيه.',
    "name with its own mark": 'عرض فيلم "من هناك؟" للمخرجة هدى.¦ وصفق الجمهور.',
    "question quoted": 'سأل: "هل يفتح المتحف اليوم؟"¦ ثم ضحك.',
    "bracket": "وصل الوفد (غاب اثنان. مرضا) متأخرا.¦ ثم غادر.",
    "bracket, stop before it closes": "وصل الوفد (غاب اثنان.) متأخرا.¦ ثم غادر.",
    "bracket is the sentence": "وصل الوفد.¦ (غاب اثنان.)¦ ثم غادر.",
    "stop after bracket": "وصل الوفد (وغاب اثنان).¦ ثم غادر.",
    "footnote": "افتتح المتحف قبل قرن.[12]¦ ثم رمم.",
    "emoji after the stop": "فزنا! 🎉🎉¦ والآن نحتفل.",
    "emoji glued": "فزنا!🎉¦ والآن نحتفل.",
    "emoji leads": "🎯 أولا الهدف.¦ 🎯 ثانيا الدفاع.",
    "direction mark after the stop": "فزنا أمس.\u200f¦ لم نصدق ذلك.",
    "crlf": "بدأ العرض\r\n¦خرج الجمهور.\r\n",
    "carriage return": "بدأ العرض\r¦خرج الجمهور.",
    "line separator": "بدأ العرض\u2028¦خرج الجمهور\u2029¦ثم عاد.",
    "no-break space": "\u00a0بدأ العرض.\u00a0¦خرج الجمهور.\u00a0",
    "byte-order mark": "\ufeffبدأ العرض.¦ خرج الجمهور.",
    "only separators": "بدأ العرض.\n¦***\n¦خرج الجمهور.",
}


@pytest.mark.parametrize("marked", SENTENCES.values(), ids=SENTENCES.keys())
def test_sentences(marked: str) -> None:
    edge = "\u00a0\u200f\ufeff \r\n\u2028\u2029"
    assert pieces(marked.replace("¦", "")) == [piece.strip(edge) for piece in marked.split("¦")]


BODY = "أعلنت البلدية أمس خطة لتوسيع الحدائق العامة في الأحياء القديمة من المدينة. وتبدأ الأعمال في الخريف."


def test_pairs_nest_and_leave_out_what_has_no_partner() -> None:
    pairs = Pairs('("أ «ب" ج» د)')
    assert [(pair.start, pair.end, pair.quote) for pair in pairs] == [(0, 12, False), (1, 6, True)]
    assert [pair.start for pair in pairs.around(2)] == [1, 0]
    assert pairs.closed_at(6) is not None
    assert pairs.closed_at(9) is None


# --- invariants -------------------------------------------------------------------------------------------------

ALPHABET = st.sampled_from(
    [*'ابتد 12.؟!…"«»“”()[]،:\n\r-*🎉\u00a0\u200f\ufeff\u064bAZa', "قال ", "د. ", "..", " و", "\r\n"]
)
TEXTS = st.one_of(st.text(), st.lists(ALPHABET, max_size=60).map("".join))


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_units_cover_the_visible_text_once(text: str) -> None:
    units = split_units(text)
    assert "".join(without_space(text[unit.start : unit.end]) for unit in units) == without_space(text)
    assert all(before.end <= after.start for before, after in pairwise(units))
    assert [unit.paragraph for unit in units] == sorted(unit.paragraph for unit in units)
    for unit in units:
        span = text[unit.start : unit.end]
        assert span
        assert without_space(span[0])
        assert without_space(span[-1])
        assert len(span.splitlines()) == 1


@given(st.lists(st.sampled_from(list(SENTENCES.values())), min_size=1, max_size=4))
@settings(deadline=None)
def test_splitting_again_changes_nothing(marked: list[str]) -> None:
    text = "\n".join(marked).replace("¦", "")
    for piece in pieces(text):
        assert pieces(piece) == [piece]


@given(
    st.lists(st.sampled_from([BODY, "حدائق جديدة", "- حفر", "إعلان", ""]), max_size=8),
    st.sampled_from(["\n", "\r\n"]),
)
@settings(deadline=None)
def test_line_ends_do_not_matter(lines: list[str], end: str) -> None:
    plain, other = "\n".join(lines), f"{end}{end}".join(lines)
    assert pieces(plain) == pieces(other)
    assert [u.unit_type for u in split_units(plain)] == [u.unit_type for u in split_units(other)]


# --- tables -----------------------------------------------------------------------------------------------------


def test_segment_gives_a_tidy_table() -> None:
    articles = pd.DataFrame(
        {
            "doc_id": ["b", "a", "empty"],
            "outlet": ["النهر", "الجبل", "السهل"],
            "text": [f"حدائق جديدة\n\n{BODY}", BODY, " \n\u200f"],
            "date": "2025-01-01",
        },
        index=[7, 8, 9],
    )
    units = segment(articles)
    assert tuple(units.columns) == UNIT_COLUMNS
    assert units[["doc_id", "unit"]].values.tolist() == [["b", 0], ["b", 1], ["b", 2], ["a", 0], ["a", 1]]
    assert units["outlet"].tolist() == ["النهر"] * 3 + ["الجبل"] * 2
    assert units["paragraph"].tolist() == [0, 1, 1, 0, 0]
    texts = dict(zip(articles["doc_id"], articles["text"], strict=True))
    for doc_id, start, end, sha, text in units[["doc_id", "start", "end", "sha", "text"]].values.tolist():
        assert texts[doc_id][start:end] == text
        assert sha == text_sha(text)


def test_segment_without_outlet_and_without_articles() -> None:
    assert "outlet" not in segment(pd.DataFrame({"doc_id": ["a"], "text": [BODY]})).columns
    empty = segment(pd.DataFrame({"doc_id": pd.Series(dtype="str"), "text": pd.Series(dtype="str")}))
    assert len(empty) == 0
    assert empty["start"].dtype == "int64"


@pytest.mark.parametrize(
    ("articles", "message"),
    [
        (pd.DataFrame({"doc_id": ["a"]}), "no column 'text'"),
        (pd.DataFrame({"text": ["a"]}), "no column 'doc_id'"),
        (pd.DataFrame({"doc_id": ["a", "a"], "text": ["x", "y"]}), "'a' stands twice"),
        (pd.DataFrame({"doc_id": ["a"], "text": [None]}), "the text of 'a' is not a string"),
    ],
)
def test_segment_names_what_is_wrong(articles: pd.DataFrame, message: str) -> None:
    with pytest.raises(InputError, match=message):
        segment(articles)


# --- scores -----------------------------------------------------------------------------------------------------


def held_out() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read heldout.toml as articles and gold units."""
    articles, gold = [], []
    for article in tomllib.loads((Path(__file__).parent / "heldout.toml").read_text(encoding="utf-8"))["article"]:
        text = ""
        for kind, line in article["lines"]:
            for piece in line.split("¦"):
                start = len(text) + len(piece) - len(piece.lstrip())
                gold.append((article["name"], start, start + len(piece.strip()), kind))
                text += piece
            text += "\n"
        articles.append((article["name"], text))
    return (
        pd.DataFrame(articles, columns=["doc_id", "text"]),
        pd.DataFrame(gold, columns=["doc_id", "start", "end", "unit_type"]),
    )


def seeds() -> tuple[pd.DataFrame, pd.DataFrame]:
    files = sorted((ROOT / "seeds").glob("*.txt"))
    articles = pd.DataFrame(
        {"doc_id": [file.name[:3] for file in files], "text": [file.read_bytes().decode() for file in files]}
    )
    return articles, pd.read_csv(ROOT / "annotations" / "segments.csv", dtype={"doc_id": str})


def test_seeds() -> None:
    articles, gold = seeds()
    scores = evaluate_segmentation(segment(articles), gold, articles)
    assert float(str(scores["boundary_f1"])) >= 0.98
    assert float(str(scores["type_accuracy"])) >= 0.95


def test_held_out() -> None:
    articles, gold = held_out()
    scores = evaluate_segmentation(segment(articles), gold, articles)
    assert float(str(scores["boundary_f1"])) >= 0.95
    assert float(str(scores["type_accuracy"])) >= 0.9


@pytest.mark.parametrize("unit", [f"{BODY}\n", '"نعم. لا ', "( . ب ", ". «", "🎉 ", "\u200b", "1.", "د. "])
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    # Twenty megabytes a minute are 0.6 s for 200 kB; the margin is for slow machines.
    text = unit * (200_000 // len(unit.encode()))
    start = time.process_time()
    split_units(text)
    assert time.process_time() - start < 6
