"""Sources: whether the words that name one name somebody, or leave open who it is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from framing.models.sentiment.words import WORDS
from framing.portrayal.numerals import is_number_word
from framing.portrayal.tokens import bare_forms, word_set

SourceKind = Literal["named", "anonymous"]
"""named: a person, organisation or medium that a reader could ask; anonymous: sources, observers, reports without an
author, somebody of some office."""

_MARKERS = word_set(
    "مطلع مطلعه مطلعان مطلعين مطلعون مقرب مقربه مقربون مقربين مقربان مجهول مجهوله مجهولون مجهولين هويته هويتها "
    "هويتهم هويتيهما اسمه اسمها اسمهم اسميهما درايه القريبون القريبين قريبون قريبين القريبه"
)
"""Words that say that a source is not named, or only that it is close to the matter."""

_SOME = word_set(
    "بعض البعض احد احدي احدهم احداهن عدد كثير كثيرون كثيرين كثر الكثيرون الكثير عديد العديد اخرون الاخرون اخرين "
    "بعضهم غيرهم غير مزيد جميع معظم اغلب غالبيه الناس ناس"
)  # fmt: skip

_NEVER_NAMED = word_set(
    "مصدر مصادر مصدران مصدرين مراقب مراقبون مراقبين محلل محللون محللين محللو محللي محللان خبير خبيران خبراء "
    "متابع متابعون متابعين ناقد نقاد منتقد منتقدون منتقدين معلق معلقون معلقين مختص مختصون مختصين متخصص متخصصون "
    "متخصصين متخصصان مسؤول مسؤوله مسؤولون مسؤولين مسؤولو مسؤولي مسؤولان مسئول مسئولون مسئولين تسريبات تسريب "
    "شائعات شائعه انباء تكهنات معلومات تقديرات توقعات تقارير اوساط دوائر وسائل شهود شاهد متعامل متعاملون "
    "متعاملين مستثمر مستثمره مستثمرون مستثمرين محام محامي محاميه محامون محامين محاميان موظف موظفه موظفون موظفين "
    "موظفان موظفو موظفي عامل عمال عاملون عاملين مهندس مهندسه مهندسون مهندسين مهندسو مهندسي باحث باحثه باحثون "
    "باحثين باحثو باحثي علماء اكاديميون اكاديميين اقتصاديون اقتصاديين خبيره محلله مصرفي مصرفيون مصرفيين عضو "
    "اعضاء نائب نواب وزير مدير مديره مديرون مديرين مدراء رئيس رئيسه رؤساء قيادي قياديون قياديين شخص شخصان اشخاص "
    "رجل رجال امراه سيده نساء صديق صديقه اصدقاء زميل زميله زملاء قارئ قراء مستخدم مستخدمون مستخدمين عميل عملاء "
    "زبون زبائن مورد موردون موردين مساهم مساهمون مساهمين ناشط ناشطون ناشطين دبلوماسي دبلوماسيون دبلوماسيين طبيب "
    "اطباء لاعب لاعبون لاعبين مشجع مشجعون مشجعين جيران جار مدرب مدربون وكيل وكلاء سكان اهالي جماهير جمهور انصار مواطن "
    "مواطنون مواطنين متعاقد متعاقدون متعاقدين مشارك مشاركون مشاركين حاضر حاضرون مطور مطورون مطورين تاجر تجار "
    "صحفي صحفيون صحفيين صحافي صحافيون صحافيين كاتب كتاب مؤرخ مؤرخون استاذ اساتذه طالب طلاب خصوم خصم منافس "
    "منافسون منافسين شريك شركاء رواد مؤيد مؤيدون مؤيدين معارض معارضون معارضين قائد قاده فريق جهات جهه اطراف طرف"
)
"""People and things that speak without a name, in the forms in which they do."""

_EXPERTS = word_set(
    "محلل محللون محللين محللو محللي خبراء باحثون باحثين باحثو اقتصاديون اقتصاديين مسؤولو مسؤولي مدير مديره"
)
_AT = word_set("في لدي ب من عن")
_HOUSES = word_set("بنك مصرف جامعه معهد مركز مؤسسه شركه بيت وكاله صحيفه مجله مجموعه صندوق وزاره هيئه مكتب ستاندرد")
_SPOKEN_FOR = word_set("متحدث متحدثه ناطق ناطقه")
_OWN_OFFICE = word_set("مدير مديره رئيس رئيسه وزير نائب قائد مدرب وكيل مؤسس استاذ")
"""Offices of one holder: with what they are of named, or with the article, they say who it is."""

_UNKNOWN = word_set("مصدر مسؤول مسؤوله مسئول مراقب محلل محلله خبير خبيره متابع")
"""Of these, those who stay unknown even with the article."""

_SUCH = word_set("سابق سابقه سابقون سابقين كبير كبيره كبار بارز بارزه رفيع رفيعه اخر اخري حالي حاليه غربي محلي")
"""Adjectives of somebody who is not named."""

_ONE = word_set(
    "محلل محلله خبير خبيره مسؤول مسؤوله مسئول باحث باحثه مهندس مهندسه محام محامي محاميه موظف موظفه ناقد معلق "
    "معلقه عضو نائب نائبه مدير مديره رئيس رئيسه وزير وزيره قيادي قياديه مستثمر مستثمره مصرفي مؤسس مؤسسه استاذ "
    "استاذه طبيب طبيبه كاتب كاتبه صحفي صحفيه صحافي صحافيه مؤرخ مدرب مدربه لاعب لاعبه قائد قائده وكيل وكيله ناشط "
    "ناشطه دبلوماسي زميل زميله شريك عالم عالمه مطور مطوره تاجر مهاجم حارس مدافع"
)
"""Somebody of some office, whose name may follow."""

_REPORTS = word_set("بيانات تقرير دراسه استطلاع وثيقه وثائق مقال بحث مسح رساله مذكره صحيفه وكاله موقع مجله قناه منصه")
"""What has an author, who is named or not."""

_THINGS = word_set(
    "هذا هذه ذلك تلك ما هو هي صفقه خطوه اتفاق شراكه قرار نتائج نتيجه ارقام رقم مؤشرات مؤشر تطورات تطور تحول "
    "تحولات تجربه ازمه تاريخ واقع حقائق حقيقه سؤال قصه حادثه مراجعه اختبارات اختبار سعر اسعار سوق اسواق استثمار "
    "استحواذ عمليه عقد امر وضع موقف مشهد حجم قيمه نسبه مبلغ رهان تراجع ارتفاع نمو خساره خسائر غياب وجود اعتماد "
    "سباق منافسه توجه اهتمام انسحاب رحيل تعيين استقاله تقنيه نموذج نماذج هيكل صيغه بند تجارب احداث خلاف خلافات "
    "مغادره انضمام"
)
"""Things of which verbs of stating are said (الصفقة تؤكد أن) that are no source."""


def is_office(word: str) -> bool:
    """Tell whether a folded word names somebody's office."""
    return _is(word, _ONE) or _is(word, _SPOKEN_FOR)


def refers_back(words: Sequence[str]) -> bool:
    """Tell whether folded words are one office with the article, which says no more than who spoke before."""
    return len(words) == 1 and words[0].startswith("ال") and is_office(words[0])


def is_report(words: Sequence[str]) -> bool:
    """Tell whether folded words name what has an author: a report, a poll, somebody's figures."""
    return bool(words) and _is(words[0], _REPORTS)


def is_thing(words: Sequence[str]) -> bool:
    """Tell whether folded words name a thing that cannot speak."""
    return bool(words) and any(form in _THINGS for form in bare_forms(words[0]))


def source_kind(words: Sequence[str], quoted: Sequence[bool]) -> SourceKind:
    """Tell whether a source is named.

    Parameters
    ----------
    words
        Of the source, folded, in order; none where it is only implied.
    quoted
        Which of them stand in quotation marks or in Latin letters, as names do.
    """
    if not words:
        return "named"
    if any(form in _MARKERS for word in words for form in bare_forms(word)):
        return "anonymous"
    head = next((n for n, word in enumerate(words) if not is_number_word(word)), 0)
    if _is(words[head], _SOME):
        return "anonymous"
    rest, marked = list(words[head + 1 :]), list(quoted[head + 1 :])
    if quoted[head] or _is(words[head], _SPOKEN_FOR):
        return "named"
    if _is(words[head], _REPORTS):
        return "named" if rest or words[head].startswith(("ال", "بال", "لل")) else "anonymous"
    if not _is(words[head], _NEVER_NAMED):
        return "named"
    return "named" if _says_who(words[head], rest, marked) else "anonymous"


def _is(word: str, listed: frozenset[str]) -> bool:
    return any(form in listed for form in bare_forms(word)) or any(form in listed for form in _owned(word))


@lru_cache(maxsize=WORDS)
def _owned(word: str) -> tuple[str, ...]:
    """Return what a word may be without the pronoun of whose it is: زملاؤه, مديرها."""
    found = []
    for form in bare_forms(word):
        for pronoun in ("هما", "هم", "ها", "نا", "ه", "ا"):
            stem = form.removesuffix(pronoun)
            if stem != form and len(stem) > 2:
                found += [stem, stem[:-1] + "ء" if stem[-1] in "ؤئ" else stem, stem + "ين", stem + "ون"]
    return tuple(found)


def _says_who(head: str, rest: Sequence[str], quoted: Sequence[bool]) -> bool:
    """Tell whether what follows somebody's office says who it is."""
    definite = any(head.startswith(prefix) for prefix in ("ال", "وال", "بال", "لل", "فال"))
    owned = not _is_listed(head)
    if not rest:  # the player, the lawyer: somebody of whom the text has spoken
        return (definite and _is(head, _ONE) and not _is(head, _UNKNOWN)) or (owned and _is(head, _OWN_OFFICE))
    if rest[0] in _SUCH:
        return False
    if owned:
        return _is(head, _OWN_OFFICE) or _person_follows(rest)
    if _is(head, _EXPERTS) and rest[0] in _AT and len(rest) > 1 and (quoted[1] or _is(rest[1], _HOUSES)):
        return True
    if quoted[0]:  # محللو «بنك», مؤسس OpenAI
        return True
    if definite:
        if not _is(head, _ONE):
            return False
        named = len(rest) > 2 and not rest[-1].startswith("ال") and rest[-2] not in _AT
        return _is(head, _OWN_OFFICE) or _person_follows(rest) or named
    if _is(head, _OWN_OFFICE) and rest[0] not in _AT:  # مدير الشبكة، رئيس شركة «س»
        return rest[0].startswith("ال") or any(quoted[:3]) or _person_follows(rest[1:])
    return False


def _is_listed(head: str) -> bool:
    """Tell whether a head stands as it is listed, without a pronoun."""
    return any(form in _NEVER_NAMED for form in bare_forms(head))


def _person_follows(rest: Sequence[str]) -> bool:
    """Tell whether a word follows that no adjective, preposition or relative is: the name of a person."""
    free = [word for word in rest[:3] if not word.startswith(("ال", "لل", "ب", "في", "وال"))]
    return bool(free) and free[0] not in _AT and rest[0] not in _AT
