"""Words of saying: verbs with their forms, participles and phrases that give a statement to a source. All folded."""

from __future__ import annotations

from typing import Literal

from framing.portrayal.tokens import word_set

Need = Literal["that", "any", "act"]
"""What a verb needs to be one of saying. that: a clause with أن or إن, a colon or a quotation; any: nothing more (deny,
warn, accuse); act: a quotation, because without it the verb tells of a deed (announce)."""

_VERBS: dict[Need, str] = {
    "that": """
        قال/يقول/قالا صرح/يصرح اكد/يؤكد اوضح/يوضح اضاف/يضيف ذكر/يذكر افاد/يفيد شدد/يشدد تابع/يتابع اردف/يردف
        استطرد/يستطرد علق/يعلق اجاب/يجيب رد/يرد تساءل/يتساءل اعترف/يعترف اقر/يقر زعم/يزعم ادعي/يدعي/ادعت/ادعوا كتب/يكتب
        غرد/يغرد نبه/ينبه لفت/يلفت اشار/يشير نوه/ينوه المح/يلمح شرح/يشرح جزم/يجزم رجح/يرجح اعتبر/يعتبر
        راي/يري/رات/راوا وعد/توعد ابلغ/يبلغ اخبر/يخبر عزا/يعزو/عزت/عزوا اعتقد/يعتقد ظن/يظن خشي/يخشي/خشيت/خشوا
        قدر/يقدر -/يتذكر روي/يروي/روت/رووا حكي/يحكي/حكت/حكوا افصح/يفصح همس/يهمس تحدث/يتحدث صاح/يصيح
        اشاد/يشيد راهن/يراهن استنتج/يستنتج لخص/يلخص خلص/يخلص وجد/يجد سال/يسال توقع/يتوقع تعهد/يتعهد طمان/يطمئن/طمانت
        اعرب/يعرب عبرت/يعبر اخفي/يخفي/اخفت/اخفوا اورد/يورد نشر/ينشر اظهر/يظهر كشف/يكشف كرر/يكرر فسر/يفسر
        دافع/يدافع برر/يبرر
    """,
    "any": """
        نفي/ينفي/نفت/نفوا حذر/يحذر وصف/يصف/وصفت انتقد/ينتقد اتهم/يتهم شكك/يشكك استبعد/يستبعد نقل/ينقل
    """,
    "act": """
        اعلن/يعلن
    """,
}
# Without the dual in ا, which is spelled as an adverb is (نقلا عن, ردا على).
_PERFECT = ("", "ت", "وا", "تا")
_IMPERFECT = ("", "ون", "ان")


def _forms() -> dict[str, tuple[Need, str]]:
    """Return need and first form of every form of every verb."""
    found: dict[str, tuple[Need, str]] = {}
    for need, verbs in _VERBS.items():
        for verb in verbs.split():
            perfect, imperfect, *listed = verb.split("/")
            weak = bool(listed) and perfect[-1] in "يا"
            perfects = () if perfect == "-" else ("",) if weak else _PERFECT
            forms = [*(perfect + ending for ending in perfects), *listed]
            stem = imperfect[1:]
            bare = stem[:-1] if stem[-1] in "يوي" and len(stem) > 1 and weak else stem
            forms += [first + (stem if not ending else bare) + ending for first in "يت" for ending in _IMPERFECT]
            for form in forms:
                found.setdefault(form, (need, perfect))
    return found


VERBS = _forms()

JOINED = word_set("اعترف اعتبر ادعي انتقد اتهم استبعد استطرد اعتقد استنتج")
"""Verbs that begin with a joining alef: with أ they are the first person, the outlet's own."""

WITH_B = word_set("تعهد رد اشاد راهن")
"""Verbs whose object follows under ب: where it begins, the source's name has ended."""

QUESTIONS = word_set("سال تساءل")
"""Verbs of which a question is what is said (عما، هل)."""

NOT_SAID = word_set("قبل بعد دون منذ بدل مجرد يمكن يجب ينبغي يريد تريد اجل رغم حتي شرط يمكنه يمكنها بامكانه ممكن محتمل")
"""Words after which أن does not begin what is said."""

_OBJECTS = ("ه", "ها", "هم", "نا", "ني")
_TAKE_OBJECTS = word_set("وصف اتهم نشر نقل ذكر قال اعلن كشف اكد اورد سال ابلغ اخبر فسر")
WITH_OBJECT = {
    form + suffix: said
    for form, said in VERBS.items()
    if said[1] in _TAKE_OBJECTS and len(form) > 2
    for suffix in _OBJECTS
}
"""Forms with an object: وصفه، ما قالته، ما نشرته."""

BELIEFS = word_set("اعتقد ظن توقع رجح خشي قدر راي اعتبر وجد")
"""Verbs of which a form without a subject is mostly passive (يُتوقع أن، يُعتقد أن) and names nobody."""

STATING = word_set("اكد اشار بين اظهر كشف اوضح عكس لفت برر ذكر وجد افاد خلص لخص شرح نفي استبعد عزا")
"""Verbs of which things may be the subject (الخطوة تؤكد أن): those are no sources."""

PARTICIPLES = word_set(
    "قائلا قائله قائلين مؤكدا مؤكده مؤكدين موضحا موضحه مشيرا مشيره مشيرين معتبرا معتبره محذرا محذره مضيفا مضيفه "
    "لافتا لافته معللا معلله متوقعا متوقعه نافيا نافيه زاعما زاعمه مشددا مشدده مبينا منوها منوهه مبررا مبرره "
    "متهما متهمه متسائلا متسائله مرجحا مرجحه واصفا واصفه منتقدا منتقده ملمحا مستبعدا متعهدا متعهده مطمئنا كاشفا"
)

PHRASES: tuple[tuple[str, ...], ...] = tuple(
    sorted(
        (
            tuple(phrase.split())
            for phrase in (
                "بحسب", "حسب", "وفق", "وفقا ل", "طبقا ل", "نقلا عن", "علي حد قول", "علي حد تعبير", "علي حد وصف",
                "علي لسان", "من وجهه نظر", "في راي", "براي", "في نظر", "بنظر", "استنادا الي", "علي ذمه",
                "بتعبير", "علي قول", "من منظور", "في تقدير", "بتقدير",
            )
        ),
        key=len,
        reverse=True,
    )
)  # fmt: skip
"""Phrases that name the source right after them; ``ل`` stands for the clitic."""

RULES = word_set(
    "قانون اتفاق اتفاقيه شروط خطه معايير جدول قواعد نظام طلب حاجه عقد بنود سياسه لوائح مبدا ترتيب احتياجات "
    "اولويات رغبه منطق تقويم توقيت نوع حجم قدره ظروف متطلبات اسس صيغه نموذج"
)
"""What things may be in accordance with (وفق الخطة) that is no source."""

HEARSAY = (
    ("يقال",), ("قيل",), ("ويقال",), ("يشاع",), ("اشيع",), ("يتردد",), ("تردد", "ان"), ("يتهامس",), ("يتداول",),
    ("قرات", "ان"), ("سمعت", "ان"), ("كثر", "الحديث"),
    ("ثمه", "من", "يري"), ("ثمه", "من", "يقول"), ("هناك", "من", "يري"),
    ("هناك", "من", "يقول"), ("من", "يري", "ان"), ("من", "يقول", "ان"), ("وسط", "تقارير"), ("وسط", "انباء"),
    ("وسط", "شائعات"), ("وسط", "تكهنات"),
)  # fmt: skip
"""Words that say that something is said, and not by whom."""

THAT = word_set("ان انه انها انهم انهما انهن اني انني اننا بان بانه بانها بانهم بانهما بانهن باني باننا بالا")
"""Words that begin what is said, clitics included."""

WHERE = word_set(
    "بيان بيانها بيانه تصريح تصريحات مقابله مذكره حديث منشور تغريده مكالمه رساله مؤتمر تقرير تدوينه مدونه خطاب "
    "كلمه جلسه مقال حوار رد تعليق حسابه حسابها لقاء شهاده بودكاست اجتماع ندوه موجز اتصال رسائل تعليقات منشورات "
    "افاده"
)
"""What a source says something in, after في or خلال: not part of its name."""

PERIODS = word_set("العام الاسبوع الشهر اليوم الموسم السنه الصيف الشتاء الربيع الخريف الليله")
PAST = word_set("الماضي الماضيه المنصرم المنصرمه الفائت الفائته الجاري الحالي نفسه")
"""Words of when something was said: العام الماضي."""

WHEN = word_set(
    "به بها "
    "اليوم امس يوم غدا الاحد الاثنين الثلاثاء الاربعاء الخميس الجمعه السبت صباح مساء مؤخرا سابقا لاحقا حينها "
    "انذاك ايضا لنا له لها لهم بدوره بدورها كذلك علنا صراحه بوضوح تماما ذلك هذا مرارا ضاحكا"
)
"""Adverbs between a source and what it says."""
