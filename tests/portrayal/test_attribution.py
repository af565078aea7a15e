"""Attribution on sentences written for the tests, and how sources are carried through an article."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.files import read_table
from framing.portrayal import RuleVoice, attribution_table, source_table
from framing.portrayal.attribution import attributions
from framing.resources import resource

SENTENCES = [
    ("anonymous", "ونقلت وكالة رويترز عن مصادر مطلعة أن النادي رفض العرض الأول."),
    ("anonymous", "بحسب مصدرين على دراية بالمحادثات، فإن المبلغ النهائي لم يحدد بعد."),
    ("named", "ووفقاً لما ذكرته صحيفة لاغازيتا، ينتظر المدرب رد الإدارة."),
    ("named", "وفقا لتقرير نشره موقع SportsHub، بلغت قيمة العقد 30 مليون يورو."),
    ("anonymous", "ويرى مراقبون أن القرار سيغير خريطة المنافسة."),
    ("anonymous", "ويعتقد كثيرون أن الموسم المقبل سيكون الأصعب."),
    ("anonymous", "يقول خبراء في القطاع إن الصفقة تمهد لموجة استحواذات."),
    ("anonymous", "كما أشارت تقارير إعلامية إلى أن اللاعب غاضب."),
    ("anonymous", "وتحدثت تسريبات عن خلافات بين الطرفين."),
    ("named", "وأكد المتحدث باسم النادي أن اللاعب باق."),
    ("named", 'وقال متحدث باسم الشركة: "لن نعلق على الشائعات".'),
    ("named", '"لن نبيع قائدنا"، قال رئيس النادي في مؤتمر صحفي.'),
    ("named", "وأضاف أن الفريق سيقاتل حتى النهاية."),
    ("narrator", "وتؤكد هذه الخطوة أن المنافسة دخلت مرحلة جديدة."),
    ("narrator", "وتشير الأرقام إلى أن الفريق خسر نصف مبارياته."),
    ("narrator", "ويكشف الاتفاق عن رغبة النادي في التغيير."),
    ("narrator", "وأعلن النادي تعاقده مع المهاجم البرازيلي."),
    ("narrator", "من المتوقع أن تغلق الصفقة نهاية العام."),
    ("narrator", "ويُتوقع أن يرتفع السعر."),
    ("narrator", "ولم يرد النادي على طلب التعليق."),
    ("narrator", "وتعد هذه الصفقة الأكبر في تاريخ الدوري."),
    ("named", 'وكتب الرئيس التنفيذي سام ألتمان على منصة إكس: "فريق رائع".'),
    ("named", "وحذرت المفوضية الأوروبية من أن الاندماج قد يضر بالمستهلك."),
    ("named", "وصف لويس الصفقة بأنها مقامرة كبرى."),
    ("anonymous", "ووصفها محللون بأنها مقامرة كبرى."),
    ("named", "ومن جانبه، اعتبر فرانك ماير أن السعر مبالغ فيه."),
    ("named", "وفي مقابلة مع قناة محلية، نفى المدرب أن يكون قد طلب الرحيل."),
    ("anonymous", "وبحسب المصادر ذاتها، فإن الطرفين سيلتقيان غدا."),
    ("named", "وأوضحت الشركة في بيان أن الصفقة ستسمح لها بتوسيع عملها."),
    ("narrator", "وبحسب الاتفاق، سينتقل عشرة موظفين إلى الفريق الجديد."),
    ("narrator", "ووفق الخطة الجديدة، يبدأ العمل في يناير."),
    ("named", "مشيرا إلى أن الفريق يحتاج إلى وقت، قال المدرب لوكا إن الثقة كاملة."),
    ("named", "وتعهد النادي بحماية حقوق الأعضاء، مؤكدا أن القرار نهائي."),
    ("anonymous", 'أفادت مصادر لـ"كورة" بأن العرض رفض.'),
    ("anonymous", "قال موظف سابق في Google إن الثقافة تغيرت."),
    ("anonymous", "وذكر شخص مطلع على الأمر لوكالة بلومبرغ أن المحادثات انهارت."),
    ("named", "وذكرت بلومبرغ أن المحادثات انهارت."),
    ("anonymous", "وذكرت بلومبرغ، نقلا عن أشخاص مطلعين، أن المحادثات انهارت."),
    ("named", 'كما قال لورنزو في منشور على منصة "لينكد إن".'),
    ("narrator", "لماذا يراهن النادي على مدرب بلا خبرة؟"),
    ("anonymous", "ويتساءل البعض عما إذا كان المبلغ مبررا."),
    ("anonymous", "يقال إن المدرب غادر غاضبا."),
    ("narrator", "ويبدو أن العلاقة بين الطرفين ليست على ما يرام."),
    ("named", "وتقول الشركة على موقعها إن لديها 50 ألف مستخدم."),
    ("anonymous", "وانتقد ناشطون القرار واعتبروه تراجعا."),
    ("named", "وبحسب بيانات PitchBook، بلغ التمويل 4 مليارات دولار."),
    ("named", "وقد صرّح كارلوس لشبكة ESPN بأنه سعيد."),
    ("narrator", "وأظهرت المباراة أن الفريق بلا هجوم."),
    ("named", "وأظهر استطلاع أجرته جامعة كادنا أن نصف المشجعين يعارضون البيع."),
    ("anonymous", "فيما يرى آخرون أن الخطوة ضرورية."),
    ("anonymous", "وتخشى جماهير النادي من أن يرحل القائد."),
    ("anonymous", "وقد فُسِّر القرار على أنه هروب إلى الأمام."),
    ("named", 'وأشارت صحيفة "ماركا" إلى أن اللاعب وقع العقد.'),
    ("anonymous", "وأبلغ مسؤول تنفيذي الموقع بأن العمل توقف."),
    ("anonymous", "أخبرني أحد العاملين أن الرواتب تأخرت."),
    ("named", "ردّ النادي على ذلك بالقول إن العقود سليمة."),
    ("narrator", "أثار القرار تساؤلات حول مستقبل الفريق."),
    ("narrator", "ويثير ذلك سؤالا: هل يستحق اللاعب كل هذا؟"),
]
SPANS = [
    ("بحسب ما أفاد به ثلاثة لاعبين سابقين", "ثلاثة لاعبين سابقين"),
    ("وقال العام الماضي مدرب الفريق لوكا إن الأمر انتهى", "مدرب الفريق لوكا"),
    ("وفقا لسامر العلي، المدير الفني لنادي النجم، فإن اللاعب جاهز", "سامر العلي، المدير الفني لنادي النجم"),
    ("وبحسب صحيفة الميدان، فقد وصل المهاجم", "صحيفة الميدان"),
    ("وبحسب رونالد كيم، مؤسس شركة Kicks، يحتاج الدوري إلى المال", "رونالد كيم، مؤسس شركة Kicks"),
    ("وتعهد الأسبوع الماضي رئيس النادي بأن يفوز", "رئيس النادي"),
    ("وفقًا لما قاله مديران سابقان في النادي", "مديران سابقان في النادي"),
    ("وقالت سارة نور، المتحدثة باسم الاتحاد، إن القرعة غدا", "سارة نور، المتحدثة باسم الاتحاد"),
    ("وفقا لأرقام جمعها موقع Goalz، سجل 30 هدفا", "أرقام جمعها موقع Goalz"),
    ("ونقلت الصحيفة عن مسؤول في الاتحاد قوله إن القرار نهائي", "مسؤول في الاتحاد"),
    ("وأكد الناطق باسم «النجم» أن العقد وقع", "الناطق باسم «النجم»"),
    ("بحسب مدير الفريق في تصريح لقناة الرياضة", "مدير الفريق"),
]


def told(*texts: str) -> pd.DataFrame:
    return attribution_table(pd.DataFrame({"doc_id": "a", "unit": range(len(texts)), "text": texts}))


@pytest.mark.parametrize(("voice", "text"), SENTENCES)
def test_who_speaks(voice: str, text: str) -> None:
    assert told(text)["voice"].tolist() == [voice]


@pytest.mark.parametrize(("text", "source"), SPANS)
def test_which_words_name_the_source(text: str, source: str) -> None:
    spans = [one.relayed or one.source for one in attributions(text)]
    assert source in [text[slice(*span)] for span in spans if span]


def test_offsets_are_those_of_the_unit() -> None:
    text = 'وذكرت صحيفة "الميدان"، نقلا عن ثلاثة مسؤولين، أن «القرار نهائي ولا رجعة فيه أبدا».'
    table = source_table(pd.DataFrame({"doc_id": ["a"], "unit": [0], "text": [text]}))
    for row in table.to_dict("records"):
        assert text[row["start"] : row["end"]] == row["source"]
    assert set(table["source"]) == {'صحيفة "الميدان"', "ثلاثة مسؤولين"}


def test_a_chain_says_who_relays_whom() -> None:
    row = told("ونقلت وكالة الشرق عن مصادر مطلعة أن العرض رفض.").iloc[0]
    assert (row["voice"], row["chain"]) == ("anonymous", "وكالة الشرق > مصادر مطلعة")


def test_an_implied_source_is_the_one_before() -> None:
    table = told("وقالت مصادر مطلعة إن الفريق تعب.", "فاز الفريق أمس.", "وأضافت أن المدرب سيرحل.")
    assert table["voice"].tolist() == ["anonymous", "narrator", "anonymous"]
    assert table["carried"].tolist() == [False, False, True]
    assert table["source"].iloc[2] == "مصادر مطلعة"


def test_a_quotation_over_several_units_is_one_sources() -> None:
    table = told(
        "قال المدرب لوكا: «كنا الأفضل في الشوط الأول.", "ثم تعبنا كثيرا.", "ولن يتكرر هذا».", "وعاد الفريق ليلا."
    )
    assert table["voice"].tolist() == ["named", "named", "named", "narrator"]
    assert table["quotation"].tolist() == ["direct", "direct", "direct", ""]


def test_a_quotation_that_is_never_closed_ends_by_itself() -> None:
    table = told("قال المدرب لوكا: «كنا الأفضل في الشوط الأول.", *["هطل المطر."] * 12)
    assert table["voice"].iloc[1] == "named"
    assert table["voice"].iloc[-1] == "narrator"


def test_articles_do_not_share_sources() -> None:
    rows = pd.DataFrame(
        {"doc_id": ["a", "b"], "unit": [0, 0], "text": ["قالت مصادر إن شيئا حدث.", "وأضافت أن شيئا آخر حدث."]}
    )
    assert attribution_table(rows)["voice"].tolist() == ["anonymous", "named"]


def test_the_rules_are_a_classifier_that_learns_nothing() -> None:
    texts = [text for _, text in SENTENCES]
    model = RuleVoice().fit([], [])
    alone = model.predict(texts)
    assert alone.tolist() == [voice for voice, _ in SENTENCES]
    assert np.array_equal(model.predict(texts, articles=np.arange(len(texts))), alone)


def test_constructed_articles() -> None:
    """Development articles: what the rules were written on, so a floor for changes and no measure of quality."""
    table = read_table(resource("annotations/development.csv"))
    table["unit"] = table["unit"].astype(int)
    found = attribution_table(table)["voice"]
    assert (found == table["voice"]).mean() > 0.95
