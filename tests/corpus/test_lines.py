"""What each line is: one article per rule, and lines that are the site's own words or only look like them."""

from __future__ import annotations

import pytest

from framing.corpus.lines import is_chrome
from framing.corpus.segmentation import split_units

BODY = "أعلنت البلدية أمس خطة لتوسيع الحدائق العامة في الأحياء القديمة من المدينة. وتبدأ الأعمال في الخريف."

LINES: dict[str, list[tuple[str, str]]] = {
    "headline": [("headline", "حدائق جديدة في المدينة القديمة"), ("body", BODY)],
    "two headlines": [
        ("headline", "هل تكفي الحدائق؟"),
        ("headline", "خطة بلدية من ثلاث مراحل"),
        ("body", BODY),
    ],
    "headline that answers": [("headline", "ماذا بعد المطر؟ المدينة تستعد"), ("body", BODY)],
    "heading": [("body", BODY), ("heading", "ثلاث مراحل"), ("body", BODY)],
    "question heading": [("body", BODY), ("heading", "متى تبدأ الأعمال؟"), ("body", BODY)],
    "emoji heading": [("body", BODY), ("heading", "🌳 الأشجار أولا"), ("body", BODY)],
    "emoji heading under a headline": [
        ("headline", "مدينة الحدائق"),
        ("heading", "🌳 البداية"),
        ("body", BODY),
    ],
    "heading with colon": [
        ("body", BODY),
        ("heading", "مراحل الخطة:"),
        ("body", "- حفر الآبار"),
        ("body", BODY),
    ],
    "full stop is no title": [("body", BODY), ("body", "هكذا بدأت الخطة."), ("body", BODY)],
    "reporting verb": [("body", BODY), ("body", "وقال المدير إن الخطة جاهزة"), ("body", BODY)],
    "reporting verb alone": [("body", BODY), ("body", "أوضح المدير أسباب التأخير"), ("body", BODY)],
    "preposition is no verb": [("body", BODY), ("heading", "بين الماء والظل"), ("body", BODY)],
    "rhetorical question": [("body", BODY), ("body", "فهل ننتظر عاما آخر؟"), ("body", BODY)],
    "bullets": [("body", BODY), ("body", "- حفر الآبار"), ("body", "• غرس الأشجار"), ("body", BODY)],
    "numbers": [("body", BODY), ("body", "1. حفر الآبار"), ("body", "2) غرس الأشجار"), ("body", BODY)],
    "list without bullets": [
        ("body", BODY),
        ("heading", "ما تحتاجه الحديقة"),
        ("body", "ماء وفير"),
        ("body", "تربة خصبة"),
        ("body", BODY),
    ],
    "title with nothing below": [("body", BODY), ("body", "نهاية الخطة")],
    "long line": [("body", BODY), ("body", "كلمة " * 23), ("body", BODY)],
    "navigation": [("boilerplate", "الرئيسية > محليات"), ("headline", "حدائق جديدة"), ("body", BODY)],
    "navigation only at the top": [("body", BODY), ("heading", "صحة"), ("body", BODY)],
    "dateline": [("headline", "حدائق جديدة"), ("boilerplate", "عمان – وكالات"), ("body", BODY)],
    "network": [
        ("headline", "حدائق جديدة"),
        ("boilerplate", "شبكة النهر الإخبارية - الموصل"),
        ("body", BODY),
    ],
    "byline": [("headline", "حدائق جديدة"), ("boilerplate", "كتب: سعيد المنير"), ("body", BODY)],
    "chrome between": [
        ("body", BODY),
        ("boilerplate", "اقرأ أيضا"),
        ("heading", "ثلاث مراحل"),
        ("body", BODY),
    ],
    "chrome at the end": [
        ("body", BODY),
        ("boilerplate", "مقالات ذات صلة"),
        ("boilerplate", "العودة إلى الأعلى"),
    ],
    "separator": [("body", BODY), ("boilerplate", "* * *"), ("body", BODY)],
    "one line": [("body", "حدائق جديدة في المدينة")],
    "only titles": [("headline", "حدائق في المدينة"), ("body", "مطر في الجنوب"), ("body", "عرض في المساء")],
    "without punctuation": [
        ("headline", "حدائق في المدينة"),
        ("body", "كانت الحديقة واسعة وكنا نلعب فيها حتى المغرب " * 3),
        ("body", "ثم صارت موقفا"),
        ("body", "ولا أحد يسأل عن الأشجار التي قطعت في ذلك العام وكانت أعلى من البيوت كلها " * 2),
    ],
}


@pytest.mark.parametrize("lines", LINES.values(), ids=LINES.keys())
def test_line_types(lines: list[tuple[str, str]]) -> None:
    text = "\n".join(line for _, line in lines)
    found = {unit.paragraph: unit.unit_type for unit in split_units(text)}
    assert list(found.values()) == [kind for kind, _ in lines]


@pytest.mark.parametrize(
    "line",
    [
        "شارك هذا المقال عبر فيسبوك",
        "تابعونا على تلغرام وإنستغرام",
        "اشترك في نشرتنا البريدية",
        "قناة يوتيوب نسائم الصباح",
        "قد يهمك أيضا",
        "زر الذهاب إلى الأعلى",
        "جميع الحقوق محفوظة © 2025",
        "الوسوم: مطر، حدائق",
        "#مطر #حدائق_المدينة",
        "مدة القراءة: 4 دقائق",
        "3 دقائق للقراءة",
        "آخر تحديث: 12 مارس 2025",
        "الأحد 9 نوفمبر 2025 - 18:30",
        "١٢/٠٣/٢٠٢٥",
        "منذ 3 ساعات",
        "إعلان",
        "تصوير: نادر حسين",
        "صورة أرشيفية",
        "المصدر: وكالات",
        "بقلم: هدى الناصر",
        "الرباط (أ ف ب)",
        "Share on Facebook",
        "Back to top",
        "-----",
    ],
)
def test_chrome_is_told(line: str) -> None:
    assert is_chrome(line)


@pytest.mark.parametrize(
    "line",
    [
        "أطلق تجار السوق مجموعة على واتساب لمتابعة مواعيد الحافلات.",
        "شارك في البطولة 12 فريقا من ست دول",
        "انضم إلى مجموعة من الفنانين الشباب",
        "تابع على مدار الشهر أخبار العاصفة",
        "نشر المجلس 500 سلة للنفايات في الحي",
        "قناة الماء: إيرادات قياسية هذا العام",
        "إعلان الفائز بجائزة المهرجان مساء الغد",
        "صورة المدينة في السينما الجديدة",
        "الوسوم القديمة على جدران المتحف",
        "تقرير: الفريق يقترب من ضم مهاجم جديد",
        "هل تعود الرحلات غدا؟",
    ],
)
def test_articles_own_lines_are_not_chrome(line: str) -> None:
    assert not is_chrome(line)


def test_section_labels_count_at_the_top_only() -> None:
    assert is_chrome("ثقافة وفن", at_top=True)
    assert not is_chrome("ثقافة وفن")
