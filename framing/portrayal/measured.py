"""Numbers with what they are numbers of, token by token: money, percentages, counts, ratios, durations, ranges."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from framing.portrayal.dates import Day, read_date
from framing.portrayal.measures import (
    TIME_DUALS,
    TIME_PLURALS,
    TIMES,
    currency_of,
    month_of,
)
from framing.portrayal.numerals import FRACTIONS, PLURAL, Number, is_number_word, parts_of_one, read_number
from framing.portrayal.tokens import Token, bare_forms, is_percent, word_set

FigureKind = Literal["money", "percentage", "count", "ratio", "duration", "date"]
"""money: in a currency; percentage: with its sign or word, and parts of a whole (half: 50); count: of what the next
word names; ratio: so many times; duration: in the measure said; date: a day, month, quarter or year."""

NOT_COUNTED = word_set(
    "في من الي علي عن مع او ثم ان انها انه التي الذي الذين كما بين بعد قبل منذ حتي لكن بينما فيما وفق بحسب حسب "
    "خلال فقط ايضا هي هو هذا هذه ذلك تلك لم لن لا ما قد كان كانت لدي عند ضد نحو حول اي كل غير سوي عبر حين حيث اذ "
    "اذا بل لو شهريا سنويا يوميا اسبوعيا نقدا حاليا تقريبا الان ممن منها منهم له لها لهم وقد وهو وهي ومن وفي "
    "وعلي والي ولم ولا وكان وكانت مما اما"
)

_COUNT_CUES = word_set("بلغ بلغت يبلغ تبلغ الي عدد عددهم عددها بعدد وصل وصلت ارتفع تراجع نحو حوالي قرابه زهاء")

_SINGLE_TIME = word_set("بعد خلال قبل منذ طوال مده لمده نحو حوالي قرابه زهاء من مضي مرور غضون بمضي")

_RATIO_NOUNS = {"ضعف": 1, "ضعفا": 1, "اضعاف": 1, "مثل": 1, "امثال": 1, "مره": 1, "مرات": 1}

_DOUBLES = {"الضعف": 2, "ضعفي": 2, "ضعفين": 2, "ضعفا": 2, "ضعفها": 2, "ضعفه": 2, "ضعفيها": 2, "ضعفيه": 2, "ضعف": 2}

_EQUALS = word_set("يمثل تمثل يعادل تعادل يساوي تساوي مثلت عادل عادلت بلغ بلغت بما الي نحو حوالي قرابه من عن")

_ORDINALS = ("الاول", "الثاني", "الثالث", "الرابع", "الاخير", "النهائي")

_SHARE_CUES = word_set("بمقدار بنسبه نسبه مقدار الي نحو حوالي قرابه عن من دون فوق")

OPEN_END = "?"
"""Measure of the lower end of a range, until the upper one is read."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure as tokens: what it is, and from which to which token."""

    kind: FigureKind
    number: Number
    measure: str
    first: int
    last: int
    day: Day | None = None


def read_measured(tokens: Sequence[Token], place: int, published: str) -> Measured | None:
    """Read the figure that begins at a token."""
    dated = read_date(tokens, place, published)
    if dated is not None:
        return Measured("date", Number(math.nan, place, dated[1]), "date", place, dated[1], dated[0])
    sign = currency_of(tokens, place) if tokens[place].kind == "sign" and tokens[place].text not in "%٪" else None
    leading = place + 1 if sign or tokens[place].text in ("%", "٪") else place
    number = read_number(tokens, leading) if leading < len(tokens) else None
    if leading > place:
        if number is None or tokens[leading].kind != "number" or tokens[leading].start != tokens[place].end:
            return None
        return Measured("money" if sign else "percentage", number, sign[0] if sign else "%", place, number.last)
    if number is not None and (read := _with_measure(tokens, number)) is not None:
        return read
    return _without_number(tokens, place)


def _with_measure(tokens: Sequence[Token], number: Number) -> Measured | None:
    """Tell what a number is a number of, by what follows it."""
    first, after = number.first, number.last
    while after < len(tokens) and tokens[after].text in "\"'»”" and tokens[after].kind == "mark":
        after += 1
    percent = is_percent(tokens, after)
    if percent:
        return Measured("percentage", number, "%", first, after + percent)
    money = currency_of(tokens, after)
    if money is not None and (number.value != 1 or number.digits or number.last - first > 1):
        return Measured("money", number, money[0], first, money[1])
    word = tokens[after].text if after < len(tokens) and tokens[after].kind == "word" else ""
    if word == "من" and (money := currency_of(tokens, after + 1)) is not None:  # مئات الملايين من الدولارات
        return Measured("money", number, money[0], first, money[1])
    if word in TIMES and number.value != 1 and not _is_year(number):
        return _and_a_half(tokens, Measured("duration", number, TIMES[word], first, after + 1))
    if word in _RATIO_NOUNS and number.value != 1:
        return Measured("ratio", number, "times", first, after + 1)
    return _count(tokens, number, word, after)


def _and_a_half(tokens: Sequence[Token], read: Measured) -> Measured:
    """Add what و joins to a span of time: أربع سنوات ونصف."""
    token = tokens[read.last] if read.last < len(tokens) else None
    part = FRACTIONS.get(token.text.removeprefix("و")) if token is not None and token.text.startswith("و") else None
    if part is None:
        return read
    number = replace(read.number, value=read.number.value + float(part))
    return replace(read, number=number, last=read.last + 1)


def _count(tokens: Sequence[Token], number: Number, word: str, after: int) -> Measured | None:
    """Read a count: the noun after the number, or after من; a number alone only where a word says that it counts."""
    first, last = number.first, number.last
    if tokens[first].kind == "number" and first and _glued(tokens, first):
        return None
    alone = number.value == 1 or (tokens[first].kind == "word" and number.value < 3)
    if alone and not number.digits:
        return None
    previous = tokens[first - 1] if first else None
    if number.vague or word:
        noun, end = word, after + 1
        if word == "من" and after + 1 < len(tokens) and tokens[after + 1].kind == "word":
            noun, end = tokens[after + 1].text, after + 2
        definite = noun.startswith("ال") and len(noun) > 4
        if noun.removeprefix("ال") in TIMES or is_number_word(noun):
            noun = ""
        if len(noun) > 1 and noun not in NOT_COUNTED and (not definite or number.vague or noun != word):
            if noun.isascii() and number.digits:
                return None
            return Measured("count", number, noun.removeprefix("ال") if definite else noun, first, end)
    cue = previous is not None and (
        previous.text == ":" or any(form in _COUNT_CUES for form in bare_forms(previous.text))
    )
    large = number.value >= 1000 and not number.digits
    return Measured("count", number, "", first, last) if cue or large else None


def _glued(tokens: Sequence[Token], place: int) -> bool:
    """Tell a number that belongs to a name (Nova 4, إن-40) from one that counts."""
    before = tokens[place - 1]
    if before.kind == "word" and before.text.isascii():
        return True
    return before.text in "-–" and place > 1 and tokens[place - 2].kind == "word" and before.end == tokens[place].start


def _is_year(number: Number) -> bool:
    return number.digits and 1900 <= number.value <= 2100


def _without_number(tokens: Sequence[Token], place: int) -> Measured | None:
    """Read what says a number without one: عامين، ضعف، نصف، منذ شهر، بعد أيام."""
    token = tokens[place]
    if token.kind != "word":
        return None
    forms = bare_forms(token.text)
    previous = tokens[place - 1].text if place else ""
    before = set(bare_forms(previous)) if previous else set()
    following = tokens[place + 1].text if place + 1 < len(tokens) else ""
    for form in forms:
        if form in TIME_DUALS:
            dual = Measured("duration", Number(2.0, place, place + 1), TIME_DUALS[form], place, place + 1)
            return _and_a_half(tokens, dual)
    if token.text in _DOUBLES and (token.text in ("ضعفي", "ضعفين") or before & _EQUALS):
        return Measured("ratio", Number(2.0, place, place + 1), "times", place, place + 1)
    if (part := _part(tokens, place, following)) is not None:
        return part
    timed = next((form for form in forms if form in TIMES), None)
    cued = before & _SINGLE_TIME or (timed != token.text and token.text[:1] in "بل")
    if timed is None or not cued or month_of(tokens, place + 1) or following[:1].isdigit():
        return None
    if following.startswith("ال") or token.text.startswith("ال") or timed in ("عقد", "قرن", "ثانيه", "عقود"):
        return None
    if timed in TIME_PLURALS:
        return Measured("duration", Number(float(PLURAL), place, place + 1, vague=True), TIMES[timed], place, place + 1)
    return (
        Measured("duration", Number(1.0, place, place + 1), TIMES[timed], place, place + 1)
        if before & _SINGLE_TIME
        else None
    )


def _part(tokens: Sequence[Token], place: int, following: str) -> Measured | None:
    """Read a part of a whole or of a span of time: نصف الملفات، بمقدار الثلث، نصف ساعة."""
    part = parts_of_one(tokens, place)
    if part is None:
        return None
    share, last = part
    after = tokens[last].text if last < len(tokens) else ""
    if after in TIMES:
        return Measured("duration", Number(share, place, last), TIMES[after], place, last + 1)
    whole, cued = (
        tokens[place].text,
        place > 0 and any(form in _SHARE_CUES for form in bare_forms(tokens[place - 1].text)),
    )
    definite = "ال" in whole[:3]
    ends = after == "" and following == "" and not whole.endswith(("ه", "ها", "هم"))
    if after in _ORDINALS or (definite and not cued and whole[0] != "ب") or (ends and not definite):
        return None
    return Measured("percentage", Number(100 * share, place, last), "%", place, last)


def lower_end(tokens: Sequence[Token], place: int) -> Measured | None:
    """Read a number without a measure, which counts only where the upper end of a range gives it one."""
    if tokens[place].kind != "number" or (place and _glued(tokens, place) and tokens[place - 1].text not in "-–"):
        return None
    number = read_number(tokens, place)
    return None if number is None else Measured("count", number, OPEN_END, place, number.last)


def upper_end(tokens: Sequence[Token], read: Measured, published: str) -> Measured | None:
    """Read the second end of a range: بين 58 و62 مليارا، من 3 إلى 5 أعوام، 3-5 أعوام."""
    if read.kind == "date" or read.number.vague:
        return None
    before = tokens[read.first - 1].text if read.first else ""
    joint = tokens[read.last] if read.last < len(tokens) else None
    if joint is None:
        return None
    opened = {"بين": ("و",), "من": ("الي", "و", "حتي"), "": ()}.get(before, ())
    if joint.text in ("-", "–", "—") or joint.text == "الي" or joint.text in opened:
        place = read.last + 1
    elif before == "بين" and joint.kind == "word" and joint.text.startswith("و"):
        place = read.last
    else:
        return None
    if joint.text == "الي" and before != "من":
        return None
    other = read_measured(tokens, place, published) if place < len(tokens) else None
    if other is None or other.kind == "date" or other.number.vague:
        return None
    if other.kind == read.kind and other.number.value <= read.number.value:
        return None
    return other if read.kind in (other.kind, "count") else None
