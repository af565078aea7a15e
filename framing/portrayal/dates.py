"""Dates of a text: days, months, quarters and years, and by the date of the article last and next months."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass

from framing.portrayal.measures import MONTHS, QUARTERS, currency_of, month_of
from framing.portrayal.numerals import is_number_word
from framing.portrayal.tokens import Token, bare_forms, digits_value, is_percent, word_set


@dataclass(frozen=True, slots=True)
class Day:
    """First and last day of what is named, ISO 8601; ``--MM`` or ``--MM-DD`` where the year is not said."""

    first: str
    last: str


_YEAR_WORDS = frozenset(("عام", "العام", "سنه", "السنه"))
_BEFORE_YEAR = word_set("في منذ حتي بحلول قبل بعد خلال مطلع نهايه اواخر منتصف بدايه اوائل الي من صيف شتاء خريف ربيع")
_BEFORE_MONTH = _BEFORE_YEAR | {"شهر"}
_PAST, _COMING = frozenset(("الماضي", "المنصرم", "الفائت")), frozenset(("المقبل", "القادم", "التالي"))
_PRESENT = frozenset(("الجاري", "الحالي"))
_UNSURE = frozenset(("مارس", "اب", "ماي", "اوت", "جوان"))
"""Names of months that are other words as well."""

_PEOPLE = word_set("شخص موظف عامل شركه سهم وظيفه لاعب مشجع متر كيلومتر طن مره")
_PARTICLES = word_set("في من الي علي عن مع او ثم ان حتي لكن بينما فيما وفق بحسب خلال بعد قبل منذ عندما حين وقد كما اذ")


def read_date(tokens: Sequence[Token], place: int, published: str) -> tuple[Day, int] | None:
    """Read the date that begins at a token: it and where it ends.

    Parameters
    ----------
    published
        Date of the article, ISO 8601 to the day, month or year; empty where it is unknown.
    """
    token = tokens[place]
    if token.kind == "number":
        return _numeric(tokens, place) or _years(tokens, place) or _day_and_month(tokens, place) or _year(tokens, place)
    if token.kind != "word":
        return None
    if (quarter := _quarter(tokens, place)) is not None:
        return quarter
    if any(form in _YEAR_WORDS for form in bare_forms(token.text)):
        year = _year_at(tokens, place + 1)
        return None if year is None else (_whole_year(year), place + 2)
    return _month(tokens, place, published)


def _year_at(tokens: Sequence[Token], place: int) -> int | None:
    if place >= len(tokens) or tokens[place].kind != "number" or not tokens[place].text.isdigit():
        return None
    value = int(digits_value(tokens[place].text))
    return value if 1900 <= value <= 2100 and len(tokens[place].text) == 4 else None


def _whole_year(year: int) -> Day:
    return Day(f"{year:04d}-01-01", f"{year:04d}-12-31")


def _whole_month(year: int | None, month: int) -> Day:
    if year is None:
        return Day(f"--{month:02d}", f"--{month:02d}")
    return Day(f"{year:04d}-{month:02d}-01", f"{year:04d}-{month:02d}-{monthrange(year, month)[1]:02d}")


def _one_day(year: int | None, month: int, day: int) -> Day | None:
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(year or 2024, month)[1]:
        return None
    said = f"--{month:02d}-{day:02d}" if year is None else f"{year:04d}-{month:02d}-{day:02d}"
    return Day(said, said)


def _numeric(tokens: Sequence[Token], place: int) -> tuple[Day, int] | None:
    """Read 12/6/2025, 12-6-2025 or 2025-06-12."""
    parts = tokens[place : place + 5]
    if len(parts) < 5 or any(part.kind != "number" for part in parts[::2]) or parts[1].text not in "/-":
        return None
    if parts[1].text != parts[3].text or any(not part.text.isdigit() for part in parts[::2]):
        return None
    numbers = [int(digits_value(part.text)) for part in parts[::2]]
    year, month, day = numbers if numbers[0] > 31 else numbers[::-1]
    found = _one_day(year, month, day) if 1900 <= year <= 2100 else None
    return None if found is None else (found, place + 5)


def _years(tokens: Sequence[Token], place: int) -> tuple[Day, int] | None:
    """Read 2023-2024 or 2023/2024."""
    first, last = _year_at(tokens, place), _year_at(tokens, place + 2)
    if first is None or last is None or tokens[place + 1].text not in "/-–" or last <= first:
        return None
    return Day(_whole_year(first).first, _whole_year(last).last), place + 3


def _day_and_month(tokens: Sequence[Token], place: int) -> tuple[Day, int] | None:
    """Read 12 يونيو, with or without a year."""
    if not tokens[place].text.isdigit() or (month := month_of(tokens, place + 1)) is None:
        return None
    year, last = _following_year(tokens, month[1])
    value = int(digits_value(tokens[place].text))
    found = _one_day(year, month[0], value)
    return None if found is None else (found, last)


def _following_year(tokens: Sequence[Token], place: int) -> tuple[int | None, int]:
    """Return the year that follows a month, after a comma, من or عام or not, and where it ends."""
    for skip in (0, 1, 2):
        between = [token.text for token in tokens[place : place + skip]]
        if between and not set(between) <= {"من", "عام", "العام", "سنه", "،", ","}:
            break
        year = _year_at(tokens, place + skip)
        if year is not None:
            return year, place + skip + 1
    return None, place


def _year(tokens: Sequence[Token], place: int) -> tuple[Day, int] | None:
    """Read a year alone: after a word that dates, and not before what it could count."""
    year = _year_at(tokens, place)
    if year is None or place == 0:
        return None
    before = bare_forms(tokens[place - 1].text) if tokens[place - 1].kind == "word" else ()
    after = tokens[place + 1].text if place + 1 < len(tokens) else ""
    joined = tokens[place - 1].text in ("و", "-", "–", "ل", "ب") and (not after.isalpha() or _ends_date(after))
    dated = any(form in _BEFORE_YEAR for form in before) and not _counted(tokens, place + 1)
    return (_whole_year(year), place + 1) if joined or dated else None


def _counted(tokens: Sequence[Token], place: int) -> bool:
    """Tell whether what follows a number like a year makes it another: a currency, percent, a thousand, people."""
    if place >= len(tokens):
        return False
    word = tokens[place].text
    return bool(currency_of(tokens, place) or is_percent(tokens, place) or is_number_word(word) or word in _PEOPLE)


def _ends_date(word: str) -> bool:
    """Tell a word that cannot be what a year-like number counts: with the article, a verb or a particle."""
    return word.startswith(("ال", "و", "ف", "ت", "ي")) or word in _PARTICLES


def _quarter(tokens: Sequence[Token], place: int) -> tuple[Day, int] | None:
    """Read الربع الأول من عام 2025; without a year it is no date."""
    form = bare_forms(tokens[place].text)[-1] if tokens[place].kind == "word" else ""
    half = form == "نصف"
    if form not in ("ربع", "نصف") or place + 1 >= len(tokens) or tokens[place + 1].text not in QUARTERS:
        return None
    year, last = _following_year(tokens, place + 2)
    if year is None:
        return None
    number, months = QUARTERS[tokens[place + 1].text], 6 if half else 3
    if number * months > 12:
        return None
    end = _whole_month(year, number * months)
    return Day(_whole_month(year, (number - 1) * months + 1).first, end.last), last


def _month(tokens: Sequence[Token], place: int, published: str) -> tuple[Day, int] | None:
    """Read a month: with its year, or after a word that dates, or called last, this or next."""
    found = month_of(tokens, place)
    if found is None:
        return None
    month, last = found
    year, end = _following_year(tokens, last)
    if year is not None:
        return _whole_month(year, month), end
    after = tokens[last].text if last < len(tokens) else ""
    before = bare_forms(tokens[place - 1].text) if place and tokens[place - 1].kind == "word" else ()
    relative = after in _PAST | _COMING | _PRESENT
    clitic = tokens[place].text not in MONTHS and tokens[place].text[0] in "لب"
    if not relative and not clitic and last == place + 1 and not any(form in _BEFORE_MONTH for form in before):
        return None
    unsure = last == place + 1 and any(form in _UNSURE for form in bare_forms(tokens[place].text))
    if unsure and not relative and (clitic or not {"شهر", "في", "مطلع", "نهايه", "منتصف"} & set(before)):
        return None
    known = _resolved(month, after, published) if relative else None
    return _whole_month(known, month), last + int(relative)


def _resolved(month: int, word: str, published: str) -> int | None:
    """Return the year of a month that is called last, this or next in an article of that date."""
    if len(published) < 7 or not published[:4].isdigit() or not published[5:7].isdigit():
        return None
    year, now = int(published[:4]), int(published[5:7])
    if word in _PAST:
        return year if month < now else year - 1
    if word in _COMING:
        return year if month > now else year + 1
    return year
