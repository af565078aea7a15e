from __future__ import annotations

from pathlib import Path

import pytest

STUDY = """
[study]
name = "flood"
title = "A flood in the valley"
seed = 3
[corpus]
articles = "articles.jsonl"
[coding]
codebook = "codebook.yaml"
codings = "codings.csv"
[models]
encoder = "tfidf"
[comparison]
permutations = 99
"""
CODEBOOK = """
name: flood
version: 1
frames:
  - {id: rescue, label_ar: إنقاذ, definition: The flood is shown through those who save others.}
  - {id: blame, label_ar: لوم, definition: The flood is shown as somebody's fault.}
"""
RESCUE = [
    "أنقذ رجال الدفاع المدني عشرات السكان من البيوت الغارقة.",
    "سبح شاب من الحي حتى الجزيرة الصغيرة وعاد بطفلين سالمين.",
    "وصلت فرق الإغاثة ليلا وأجلت المرضى بالقوارب المطاطية.",
    "متطوعون يقيمون مطبخا ميدانيا لإطعام العائلات المشردة.",
    "نقلت المروحيات ثلاثين عاملا حاصرتهم السيول فوق السطح.",
    "فتحت المدرسة أبوابها ملجأ لمن فقدوا منازلهم.",
    "بفضل إنذار الحارس نجا ركاب الحافلة جميعا.",
    "يعمل الأطباء دون توقف لعلاج المصابين الذين انتشلوا.",
    "جمع الأهالي تبرعات وأرسلوا شاحنات مياه إلى القرى المعزولة.",
]
BLAME = [
    "حمل الأهالي البلدية مسؤولية انسداد مجاري التصريف.",
    "لماذا تجاهل المقاول تحذيرات المهندسين طوال عامين؟",
    "كشف تقرير أن ميزانية السدود صرفت على غير وجهها.",
    "اتهم نواب الوزير بالتقصير وطالبوا باستقالته فورا.",
    "تقاعس المسؤولون عن صيانة المضخات رغم كثرة الشكاوى.",
    "البناء المخالف في مجرى الوادي سبب الكارثة كما يقول الخبراء.",
    "أخفت الشركة عيوب الجسر الذي انهار في الساعات الأولى.",
    "لم يبلغ أحد السكان بالخطر مع أن الأرصاد حذرت منه.",
    "تتبادل الإدارات اللوم على تأخر فتح بوابات السد.",
]
PLAIN = [
    "بلغ ارتفاع المياه مترا ونصف المتر في الشارع الرئيسي.",
    "تقع البلدة على بعد أربعين كيلومترا من العاصمة.",
    "هطلت الأمطار من مساء الخميس حتى فجر السبت.",
    "يسكن الوادي نحو سبعة آلاف نسمة.",
    "أغلقت المحال التجارية وتوقفت حركة القطارات.",
    "تستأنف الدراسة يوم الأحد المقبل.",
    "سجلت محطة القياس تسعين مليمترا في يوم واحد.",
    "النهر ينبع من الجبال الشمالية ويصب في البحيرة.",
    "عقد المجلس المحلي جلسته في التاسعة صباحا.",
    "تتوقع النشرة طقسا صحوا في الأيام القادمة.",
    "يعود تاريخ الجسر القديم إلى القرن الماضي.",
    "انقطعت الكهرباء ثلاث ساعات عن الضفة الغربية.",
]


@pytest.fixture
def other_study(tmp_path: Path) -> Path:
    """A constructed study of another event: two outlets with three articles each, two frames, no tone, no party."""
    import json

    folder = tmp_path / "flood"
    folder.mkdir()
    articles, codings = [], ["doc_id,unit,coder,frames"]
    rescue, blame, plain = map(iter, (RESCUE, BLAME, PLAIN))
    for number in range(6):
        east = number < 3
        third = next(rescue if east else blame)
        sentences = [next(rescue), next(plain), third, next(blame), next(plain)]
        ids = ["rescue", "", "rescue" if east else "blame", "blame", ""]
        outlet = "الشرق" if east else "الغرب"
        articles.append({"doc_id": f"d{number}", "outlet": outlet, "text": " ".join(sentences), "published": 2024})
        for unit, frame in enumerate(ids):
            codings.append(f"d{number},{unit},X,{frame}")
            codings.append(f"d{number},{unit},Y,{'' if (number, unit) == (0, 0) else frame}")
            codings.append(f"d{number},{unit},Z,{frame}")
    lines = [json.dumps(article, ensure_ascii=False) for article in articles]
    (folder / "articles.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "codings.csv").write_text("\n".join(codings) + "\n", encoding="utf-8")
    (folder / "codebook.yaml").write_text(CODEBOOK, encoding="utf-8")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    return folder / "study.toml"
