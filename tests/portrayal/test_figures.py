from __future__ import annotations

import math
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.corpus.alignment import folded
from framing.portrayal.figures import ABOUT, figures, figures_table
from framing.portrayal.numerals import read_number
from framing.portrayal.tokens import digits_value, tokens_of

INF = math.inf


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("14.3 مليار", 14.3e9), ("١١٫٢ مليار", 11.2e9), ("ثلاثة وعشرين", 23), ("مليار وربع المليار", 1.25e9),
        ("مليار ونصف", 1.5e9), ("ثلاثة آلاف و500", 3500), ("نصف مليار", 5e8), ("مئة وخمسة وعشرين", 125),
        ("ثمانية عشر", 18), ("بملياري", 2e9), ("سبعمئة وخمسون ألفا", 750_000), ("ثلاث مئة", 300),
        ("مليار و200 مليون", 1.2e9), ("اثني عشر", 12), ("خمسة مليارات", 5e9), ("للمليار", 1e9), ("1,100", 1100),
        ("ثلاثمائة وستون مليونا", 360e6), ("أحد عشر", 11), ("واحد وعشرون", 21), ("ألف ومئتين", 1200), ("14,3", 14.3),
    ],
)  # fmt: skip
def test_a_number_has_its_value(text: str, value: float) -> None:
    tokens = tokens_of(folded(text).text)
    found = read_number(tokens, 0)
    assert found is not None
    assert (found.value, found.last) == (pytest.approx(value), len(tokens))


@settings(deadline=None)
@given(st.integers(0, 10**12))
def test_digits_are_read_back_however_they_are_parted(number: int) -> None:
    arabic = str(number).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert digits_value(str(number)) == digits_value(arabic) == number
    if number >= 1000:
        assert digits_value(f"{number:,}") == digits_value(f"{number:,}".replace(",", "٬")) == number


@pytest.mark.parametrize(
    ("text", "kind", "value", "low", "high", "measure"),
    [
        ("نحو 900 موظف", "count", 900, 900 * (1 - ABOUT), 900 * (1 + ABOUT), "موظف"),
        ("تجاوزت إيراداتها 740 مليون يورو", "money", 740e6, 740e6, INF, "EUR"),
        ("بقيمة لا تتجاوز 2,5 مليون ريال سعودي", "money", 2.5e6, -INF, 2.5e6, "SAR"),
        ("بأكثر من 1%", "percentage", 1, 1, INF, "%"),
        ("لا يزيد متوسط أعمارهم على 23 عاما", "duration", 23, -INF, 23, "year"),
        ("أقل من نصفها", "percentage", 50, -INF, 50, "%"),
        ("20 بالمئة على الأقل", "percentage", 20, 20, INF, "%"),
        ("أكثر من ضعفي ما كانت", "ratio", 2, 2, INF, "times"),
        ("ثلاثة أضعاف", "ratio", 3, 3, 3, "times"),
        ("أربع سنوات ونصف", "duration", 4.5, 4.5, 4.5, "year"),
        ("منذ شهرين", "duration", 2, 2, 2, "month"),
        ("بعد شهر من التوقيع", "duration", 1, 1, 1, "month"),
        ("$14.3B", "money", 14.3e9, 14.3e9, 14.3e9, "USD"),
        ("بمقدار الثلث", "percentage", 100 / 3, 100 / 3, 100 / 3, "%"),
        ("عدد الموظفين: 1100 عند التوقيع", "count", 1100, 1100, 1100, ""),
    ],
)
def test_a_figure_has_value_bounds_and_measure(
    text: str, kind: str, value: float, low: float, high: float, measure: str
) -> None:
    (found,) = figures(text)
    assert (found.kind, found.measure) == (kind, measure)
    assert (found.value, found.low, found.high) == (pytest.approx(value), pytest.approx(low), pytest.approx(high))


@pytest.mark.parametrize(
    ("text", "low", "high", "measure"),
    [
        ("بين 58 و62 مليار دولار", 58e9, 62e9, "USD"),
        ("من 3 إلى 5 سنوات", 3, 5, "year"),
        ("ما بين 10% و15%", 10, 15, "%"),
        ("عشرات الآلاف من المتعاقدين", 30_000, INF, "متعاقدين"),
        ("مئات الملايين من الدولارات", 300e6, INF, "USD"),
    ],
)
def test_a_range_and_a_bare_plural_have_bounds_and_no_value(text: str, low: float, high: float, measure: str) -> None:
    (found,) = figures(text)
    assert math.isnan(found.value)
    assert (found.low, found.high, found.measure) == (low, high, measure)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("في 12 يونيو/حزيران 2025", "2025-06-12", "2025-06-12"),
        ("في 12/6/2025", "2025-06-12", "2025-06-12"),
        ("عام ٢٠١٦", "2016-01-01", "2016-12-31"),
        ("في الربع الأول من 2025", "2025-01-01", "2025-03-31"),
        ("موسم 2023-2024", "2023-01-01", "2024-12-31"),
        ("في يوليو الماضي", "2025-07-01", "2025-07-31"),
        ("في نوفمبر الماضي", "2024-11-01", "2024-11-30"),
        ("في مارس المقبل", "2026-03-01", "2026-03-31"),
        ("في مارس", "--03", "--03"),
    ],
)
def test_a_date_has_its_first_and_last_day(text: str, first: str, last: str) -> None:
    (found,) = figures(text, "2025-09-10")
    assert found.kind == "date"
    assert found.day is not None
    assert (found.day.first, found.day.last) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["أصدرت الشركة Nova 4 وإن-40", "أحد أكبر العملاء وواحد من أهمهم", "لست ممن يخافون", "في نهاية الربع",
     "نقاط ضعفه كثيرة", "طرق باب المدينة", "في 12 من الشهر المقبل", "العام الماضي وهذا العام", "نموذجها أطلس 4"],
)  # fmt: skip
def test_what_is_no_figure(text: str) -> None:
    assert figures(text) == ()


def test_millions_without_a_noun_are_of_the_currency_that_was_said() -> None:
    kinds = [(f.kind, f.value, f.measure) for f in figures("من 11 مليار يورو إلى 14 مليارا")]
    assert kinds == [("money", 11e9, "EUR"), ("money", 14e9, "EUR")]


def test_offsets_are_those_of_the_text_as_it_stands() -> None:
    text = "دفعت الشركة «ما يقرب من ١١٫٢ مليار دولارٍ» نقداً، بثلث أرباحها."
    table = figures_table(pd.DataFrame({"doc_id": ["a"], "unit": [3], "text": [text]}))
    assert table["text"].tolist() == ["١١٫٢ مليار دولارٍ", "ثلث"]
    assert [text[a:b] for a, b in zip(table["start"], table["end"], strict=True)] == table["text"].tolist()


@settings(deadline=None)
@given(st.text(alphabet="0123456789٥.,% $-وبنحو مليار دولارعام يوليوسنوات()/", max_size=40))
def test_any_text_is_read_without_overlap(text: str) -> None:
    found = figures(text)
    assert all(0 <= f.start < f.end <= len(text) for f in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
