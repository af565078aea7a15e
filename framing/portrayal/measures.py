"""What numbers are numbers of: currencies, spans of time, months; and the words that bound them. All folded."""

from __future__ import annotations

from collections.abc import Sequence

from framing.portrayal.tokens import Token, bare_forms, word_set


def _by_form(table: dict[str, str]) -> dict[str, str]:
    return {form: name for name, forms in table.items() for form in forms.split()}


CURRENCIES = _by_form(
    {
        "USD": "دولار دولارا دولارات دولاران دولارين USD $",
        "EUR": "يورو اورو EUR €",
        "GBP": "استرليني استرلينيا GBP £",
        "JPY": "ين ينا JPY ¥",
        "CNY": "يوان يوانا",
        "INR": "روبيه روبيات",
        "RUB": "روبل روبلا",
        "CHF": "فرنك فرنكا",
        "SEK": "كرونه كرونات",
        "ILS": "شيكل شيقل ₪",
        "riyal": "ريال ريالا ريالات",
        "dirham": "درهم درهما دراهم",
        "dinar": "دينار دينارا دنانير",
        "pound": "جنيه جنيها جنيهات",
        "lira": "ليره ليرات",
    }
)
"""ISO 4217 code of a currency's word or sign; where several countries use the word, a word of its own."""

COUNTRIES = {
    "riyal": _by_form({"SAR": "سعودي سعوديا", "QAR": "قطري قطريا", "OMR": "عماني عمانيا", "YER": "يمني يمنيا"}),
    "dirham": _by_form({"AED": "اماراتي اماراتيا", "MAD": "مغربي مغربيا"}),
    "dinar": _by_form({"KWD": "كويتي كويتيا", "JOD": "اردني اردنيا", "IQD": "عراقي عراقيا", "TND": "تونسي تونسيا",
                       "DZD": "جزائري جزائريا", "BHD": "بحريني بحرينيا", "LYD": "ليبي ليبيا"}),
    "pound": _by_form({"EGP": "مصري مصريا مصريه", "SDG": "سوداني سودانيا", "GBP": "استرليني استرلينيا"}),
    "lira": _by_form({"TRY": "تركيه", "SYP": "سوريه", "LBP": "لبنانيه"}),
    "USD": _by_form({"CAD": "كندي كنديا", "AUD": "استرالي استراليا"}),
}  # fmt: skip
"""What an adjective after the currency makes of it."""

TIMES = _by_form(
    {
        "second": "ثانيه ثواني ثوان",
        "minute": "دقيقه دقائق",
        "hour": "ساعه ساعات",
        "day": "يوم يوما ايام",
        "week": "اسبوع اسبوعا اسابيع",
        "month": "شهر شهرا اشهر شهور",
        "year": "عام عاما اعوام سنه سنوات سنين",
        "decade": "عقد عقدا عقود",
        "century": "قرن قرنا قرون",
    }
)
TIME_DUALS = _by_form(
    {
        "second": "ثانيتين ثانيتان",
        "minute": "دقيقتين دقيقتان",
        "hour": "ساعتين ساعتان",
        "day": "يومين يومان",
        "week": "اسبوعين اسبوعان",
        "month": "شهرين شهران",
        "year": "عامين عامان سنتين سنتان",
        "decade": "عقدين عقدان",
        "century": "قرنين قرنان",
    }
)
TIME_PLURALS = word_set("ثواني ثوان دقائق ساعات ايام اسابيع اشهر شهور اعوام سنوات سنين عقود قرون")

MONTHS = {
    form: number
    for number, forms in enumerate(
        (
            "يناير جانفي", "فبراير شباط فيفري", "مارس اذار", "ابريل نيسان افريل", "مايو ايار ماي",
            "يونيو يونيه حزيران جوان",
            "يوليو يوليه يوليوز تموز جويليه", "اغسطس اب غشت اوت", "سبتمبر ايلول شتنبر", "اكتوبر", "نوفمبر نونبر",
            "ديسمبر دجنبر",
        ),
        start=1,
    )
    for form in forms.split()
}  # fmt: skip
LONG_MONTHS = {("كانون", "الثاني"): 1, ("تشرين", "الاول"): 10, ("تشرين", "الثاني"): 11, ("كانون", "الاول"): 12}
QUARTERS = {"الاول": 1, "الثاني": 2, "الثالث": 3, "الرابع": 4, "الاخير": 4}

HEDGES: tuple[tuple[str, str], ...] = tuple(
    (kind, phrase)
    for kind, phrases in {
        "at most": (
            "لا يتجاوز", "لا تتجاوز", "لم يتجاوز", "لم تتجاوز", "لا يزيد علي", "لا يزيد عن", "لا تزيد علي",
            "لا تزيد عن",
            "لم يزد علي", "لم تزد علي", "لم يزد عن", "لم تزد عن", "لا يتعدي", "لا تتعدي", "لم يتعد", "لم تتعد",
            "لا يفوق", "لا تفوق", "بحد اقصي", "كحد اقصي", "علي الاكثر",
        ),
        "at least": (
            "لا يقل عن", "لا تقل عن", "لم يقل عن", "لم تقل عن", "ما لا يقل عن", "بحد ادني", "كحد ادني", "علي الاقل",
        ),
        "more": (
            "اكثر من", "ازيد من", "اكبر من", "اعلي من", "ما يزيد علي", "ما يزيد عن", "يزيد علي", "يزيد عن", "تزيد علي",
            "تزيد عن", "زاد علي", "زاد عن", "زادت علي", "زادت عن", "ما يفوق", "يفوق", "تفوق", "فاق", "فاقت", "فوق",
            "تجاوز", "تجاوزت", "يتجاوز", "تتجاوز", "متجاوزا", "متجاوزه", "تخطي", "تخطت", "يتخطي", "تتخطي", "نيف و",
        ),
        "less": (
            "اقل من", "ما دون", "دون", "تحت", "ادني من", "اصغر من", "يقل عن", "تقل عن", "قل عن", "قلت عن", "حتي",
        ),
        "about": (
            "نحو", "حوالي", "قرابه", "زهاء", "ما يقرب من", "ما يقارب", "يقارب", "تقارب", "قارب", "قاربت", "ما يناهز",
            "يناهز", "تناهز", "ناهز", "ناهزت", "تقريبا", "تقدر ب", "يقدر ب", "في حدود", "بحدود", "يقترب من", "تقترب من",
            "اقترب من", "اقتربت من", "ما يعادل تقريبا", "مقاربه", "يكاد يبلغ", "تكاد تبلغ", "كاد يبلغ",
        ),
    }.items()
    for phrase in sorted(phrases, key=len, reverse=True)
)  # fmt: skip
"""Words that bound a number, each kind's longest first, negated ones before what they negate."""

AFTERWARDS = {"تقريبا": "about", "علي الاقل": "at least", "علي الاكثر": "at most", "او اكثر": "at least",
              "فاكثر": "at least", "كحد اقصي": "at most", "كحد ادني": "at least", "فما فوق": "at least",
              "او نحو ذلك": "about"}  # fmt: skip
"""The same after it."""


def currency_of(tokens: Sequence[Token], place: int) -> tuple[str, int] | None:
    """Return the currency that begins at a token, and where it ends."""
    if place >= len(tokens):
        return None
    form = next((form for form in bare_forms(tokens[place].text) if form in CURRENCIES), tokens[place].text)
    if form not in CURRENCIES:
        return None
    code, last = CURRENCIES[form], place + 1
    if last < len(tokens) and tokens[last].text in COUNTRIES.get(code, {}):
        return COUNTRIES[code][tokens[last].text], last + 1
    if last < len(tokens) and tokens[last].text in ("امريكي", "اميركي", "امريكيا", "اميركيا"):
        return code, last + 1
    return code, last


def month_of(tokens: Sequence[Token], place: int) -> tuple[int, int] | None:
    """Return the number of a month that is named at a token, and where its name ends; two names of one are one."""
    if place >= len(tokens) or tokens[place].kind != "word":
        return None
    pair = tokens[place + 1].text if place + 1 < len(tokens) else ""
    for form in bare_forms(tokens[place].text):
        number, last = LONG_MONTHS.get((form, pair)), place + 2
        if number is None:
            number, last = MONTHS.get(form), place + 1
        if number is not None:
            bridge = last + (1 if last < len(tokens) and tokens[last].text in "/-(" else 0)
            again = month_of(tokens, bridge) if bridge < len(tokens) else None
            if again is not None and again[0] == number:
                last = again[1]
                last += 1 if last < len(tokens) and tokens[last].text == ")" else 0
            return number, last
    return None
