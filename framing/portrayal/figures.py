"""Figures of a text: money, percentages, counts, ratios, durations and dates, with value, bounds and measure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import pandas as pd

from framing.corpus.alignment import folded
from framing.portrayal.dates import Day, read_date
from framing.portrayal.measures import (
    AFTERWARDS,
    HEDGES,
    TIME_DUALS,
    TIME_PLURALS,
    TIMES,
    currency_of,
    month_of,
)
from framing.portrayal.numerals import (
    FRACTIONS,
    PLURAL,
    Number,
    Token,
    bare_forms,
    is_number_word,
    is_percent,
    parts_of_one,
    read_number,
    tokens_of,
    word_set,
)
from framing.schema import KEY

FigureKind = Literal["money", "percentage", "count", "ratio", "duration", "date"]
"""money: in a currency; percentage: with its sign or word, and parts of a whole (half: 50); count: of what the next
word names; ratio: so many times; duration: in the measure said; date: a day, month, quarter or year."""

Hedge = Literal["", "about", "more", "less", "at least", "at most", "between", "some"]
"""How a number is bounded: as said; about it; more or less than it, not included or included; between two; a bare
plural, which is at least three."""

ABOUT = 0.05
"""What "about" means here: five percent either way. A convention, not a finding."""

FIGURE_COLUMNS = (*KEY, "start", "end", "text", "kind", "value", "low", "high", "measure", "hedge", "from", "to")
"""Columns of the table of figures: ``start`` and ``end`` are offsets in the unit's text; ``value`` is missing where
only bounds are said; ``low`` and ``high`` bound it (empty: not bounded); ``measure`` is the currency (ISO 4217), ``%``,
``times``, the unit of time, or the noun that is counted; ``from`` and ``to`` are the first and last day of a date, ISO
8601, ``--MM`` where its year is not said."""

_NOT_COUNTED = word_set(
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
_INFINITY = math.inf
_MILLION = 10**6
_OPEN = "?"
"""Measure of the lower end of a range, until the upper one is read."""

_FAR = word_set("تجاوز تجاوزت يتجاوز تتجاوز تخطي تخطت فاق فاقت يفوق تفوق ناهز ناهزت يناهز تناهز قارب قاربت يقارب تقارب")
"""Verbs between which and their number the subject may stand."""

_SUBJECT = 4
"""Words that a subject may have."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, by its offsets in the text as it is."""

    start: int
    end: int
    kind: FigureKind
    value: float
    low: float
    high: float
    measure: str
    hedge: Hedge
    day: Day | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    """A figure as tokens: what it is, and from which to which token."""

    kind: FigureKind
    number: Number
    measure: str
    first: int
    last: int
    day: Day | None = None


def figures_table(units: pd.DataFrame) -> pd.DataFrame:
    """List every figure of the units.

    Parameters
    ----------
    units
        ``doc_id, unit, text``; where it has ``published`` (ISO 8601, to the day, month or year, or empty), months
        without a year that are called last or next are resolved by it.

    Returns
    -------
    pandas.DataFrame
        `FIGURE_COLUMNS`, in order of units and offsets.
    """
    dates = units["published"] if "published" in units else [""] * len(units)
    rows = []
    for doc_id, unit, text, published in zip(units["doc_id"], units["unit"], units["text"], dates, strict=True):
        known = published if isinstance(published, str) else ""
        for found in figures(text, known):
            day = ("", "") if found.day is None else (found.day.first, found.day.last)
            numbers = (found.value, *(bound if math.isfinite(bound) else math.nan for bound in (found.low, found.high)))
            span = (found.start, found.end, text[found.start : found.end])
            rows.append((doc_id, unit, *span, found.kind, *numbers, found.measure, found.hedge, *day))
    table = pd.DataFrame(rows, columns=list(FIGURE_COLUMNS))
    return table.astype({"start": "int64", "end": "int64", "value": float, "low": float, "high": float})


@lru_cache(maxsize=4_096)
def figures(text: str, published: str = "") -> tuple[Figure, ...]:
    """Return the figures of a text in order.

    Examples
    --------
    >>> [(f.kind, f.value, f.low, f.measure) for f in figures("دفعت أكثر من ١١٫٢ مليار دولار")]
    [('money', 11200000000.0, 11200000000.0, 'USD')]
    """
    plain = folded(text)
    tokens = tokens_of(plain.text)
    found: list[Figure] = []
    place = 0
    while place < len(tokens):
        read = _read(tokens, place, published) or _lower_end(tokens, place)
        pair = None if read is None else _range(tokens, read, published)
        if read is None or (pair is None and read.measure == _OPEN):
            place += 1
            continue
        first, last = read.first, (pair or read).last
        start, end = plain.span(tokens[first].start, tokens[last - 1].end)
        start += _clitics(text[start:end], tokens[first])
        found.append(_bounded(tokens, read, pair, start, end))
        place = last
    return tuple(_in_currency(found))


def _in_currency(found: Sequence[Figure]) -> list[Figure]:
    """Give millions without a noun the currency that the text has said: من 11 مليار دولار إلى 14 مليارا."""
    made: list[Figure] = []
    said = next((figure.measure for figure in found if figure.kind == "money"), "")
    for figure in found:
        if figure.kind == "money":
            said = figure.measure
        bare = figure.kind == "count" and not figure.measure and figure.hedge != "some" and figure.value >= _MILLION
        made.append(replace(figure, kind="money", measure=said) if bare and said else figure)
    return made


def _clitics(text: str, token: Token) -> int:
    """Return how many characters before a number word are و or ب and the like, which do not belong to it."""
    if token.kind != "word":
        return 0
    rest = [Token("word", token.text[1:], 0, 0)]
    lead = 1 if text[:1] in ("و", "ف", "ب", "ل", "ك") and len(token.text) > 3 else 0
    number = read_number([token], 0) or parts_of_one([token], 0)
    return lead if lead and number is not None and (read_number(rest, 0) or parts_of_one(rest, 0)) else 0


def _read(tokens: Sequence[Token], place: int, published: str) -> _Read | None:
    """Read the figure that begins at a token."""
    dated = read_date(tokens, place, published)
    if dated is not None:
        return _Read("date", Number(math.nan, place, dated[1]), "date", place, dated[1], dated[0])
    sign = currency_of(tokens, place) if tokens[place].kind == "sign" and tokens[place].text not in "%٪" else None
    leading = place + 1 if sign or tokens[place].text in ("%", "٪") else place
    number = read_number(tokens, leading) if leading < len(tokens) else None
    if leading > place:
        if number is None or tokens[leading].kind != "number" or tokens[leading].start != tokens[place].end:
            return None
        return _Read("money" if sign else "percentage", number, sign[0] if sign else "%", place, number.last)
    if number is not None and (read := _with_measure(tokens, number)) is not None:
        return read
    return _without_number(tokens, place)


def _with_measure(tokens: Sequence[Token], number: Number) -> _Read | None:
    """Tell what a number is a number of, by what follows it."""
    first, after = number.first, number.last
    while after < len(tokens) and tokens[after].text in "\"'»”" and tokens[after].kind == "mark":
        after += 1
    percent = is_percent(tokens, after)
    if percent:
        return _Read("percentage", number, "%", first, after + percent)
    money = currency_of(tokens, after)
    if money is not None and (number.value != 1 or number.digits or number.last - first > 1):
        return _Read("money", number, money[0], first, money[1])
    word = tokens[after].text if after < len(tokens) and tokens[after].kind == "word" else ""
    if word == "من" and (money := currency_of(tokens, after + 1)) is not None:  # مئات الملايين من الدولارات
        return _Read("money", number, money[0], first, money[1])
    if word in TIMES and number.value != 1 and not _is_year(number):
        return _and_a_half(tokens, _Read("duration", number, TIMES[word], first, after + 1))
    if word in _RATIO_NOUNS and number.value != 1:
        return _Read("ratio", number, "times", first, after + 1)
    return _count(tokens, number, word, after)


def _and_a_half(tokens: Sequence[Token], read: _Read) -> _Read:
    """Add what و joins to a span of time: أربع سنوات ونصف."""
    token = tokens[read.last] if read.last < len(tokens) else None
    part = FRACTIONS.get(token.text.removeprefix("و")) if token is not None and token.text.startswith("و") else None
    if part is None:
        return read
    number = replace(read.number, value=read.number.value + float(part))
    return replace(read, number=number, last=read.last + 1)


def _count(tokens: Sequence[Token], number: Number, word: str, after: int) -> _Read | None:
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
        if len(noun) > 1 and noun not in _NOT_COUNTED and (not definite or number.vague or noun != word):
            if noun.isascii() and number.digits:
                return None
            return _Read("count", number, noun.removeprefix("ال") if definite else noun, first, end)
    cue = previous is not None and (
        previous.text == ":" or any(form in _COUNT_CUES for form in bare_forms(previous.text))
    )
    large = number.value >= 1000 and not number.digits
    return _Read("count", number, "", first, last) if cue or large else None


def _glued(tokens: Sequence[Token], place: int) -> bool:
    """Tell a number that belongs to a name (Nova 4, إن-40) from one that counts."""
    before = tokens[place - 1]
    if before.kind == "word" and before.text.isascii():
        return True
    return before.text in "-–" and place > 1 and tokens[place - 2].kind == "word" and before.end == tokens[place].start


def _is_year(number: Number) -> bool:
    return number.digits and 1900 <= number.value <= 2100


def _without_number(tokens: Sequence[Token], place: int) -> _Read | None:
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
            dual = _Read("duration", Number(2.0, place, place + 1), TIME_DUALS[form], place, place + 1)
            return _and_a_half(tokens, dual)
    if token.text in _DOUBLES and (token.text in ("ضعفي", "ضعفين") or before & _EQUALS):
        return _Read("ratio", Number(2.0, place, place + 1), "times", place, place + 1)
    if (part := _part(tokens, place, following)) is not None:
        return part
    timed = next((form for form in forms if form in TIMES), None)
    cued = before & _SINGLE_TIME or (timed != token.text and token.text[:1] in "بل")
    if timed is None or not cued or month_of(tokens, place + 1) or following[:1].isdigit():
        return None
    if following.startswith("ال") or token.text.startswith("ال") or timed in ("عقد", "قرن", "ثانيه", "عقود"):
        return None
    if timed in TIME_PLURALS:
        return _Read("duration", Number(float(PLURAL), place, place + 1, vague=True), TIMES[timed], place, place + 1)
    return (
        _Read("duration", Number(1.0, place, place + 1), TIMES[timed], place, place + 1)
        if before & _SINGLE_TIME
        else None
    )


def _part(tokens: Sequence[Token], place: int, following: str) -> _Read | None:
    """Read a part of a whole or of a span of time: نصف الملفات، بمقدار الثلث، نصف ساعة."""
    part = parts_of_one(tokens, place)
    if part is None:
        return None
    share, last = part
    after = tokens[last].text if last < len(tokens) else ""
    if after in TIMES:
        return _Read("duration", Number(share, place, last), TIMES[after], place, last + 1)
    whole, cued = (
        tokens[place].text,
        place > 0 and any(form in _SHARE_CUES for form in bare_forms(tokens[place - 1].text)),
    )
    definite = "ال" in whole[:3]
    ends = after == "" and following == "" and not whole.endswith("ه")
    if after in _ORDINALS or (definite and not cued and whole[0] != "ب") or (ends and not definite):
        return None
    return _Read("percentage", Number(100 * share, place, last), "%", place, last)


def _lower_end(tokens: Sequence[Token], place: int) -> _Read | None:
    """Read a number without a measure, which counts only where the upper end of a range gives it one."""
    if tokens[place].kind != "number" or (place and _glued(tokens, place) and tokens[place - 1].text not in "-–"):
        return None
    number = read_number(tokens, place)
    return None if number is None else _Read("count", number, _OPEN, place, number.last)


def _range(tokens: Sequence[Token], read: _Read, published: str) -> _Read | None:
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
    other = _read(tokens, place, published) if place < len(tokens) else None
    if other is None or other.kind == "date" or other.number.vague:
        return None
    if other.kind == read.kind and other.number.value <= read.number.value:
        return None
    return other if read.kind in (other.kind, "count") else None


def _bounded(tokens: Sequence[Token], read: _Read, pair: _Read | None, start: int, end: int) -> Figure:
    """Give a figure its value and bounds."""
    value, measure, kind = read.number.value, read.measure, read.kind
    if read.day is not None:
        return Figure(start, end, "date", math.nan, math.nan, math.nan, "date", "", read.day)
    if pair is not None:
        upper = pair.number.value
        value *= _shared_scale(value, upper, read, pair)
        return Figure(start, end, pair.kind, math.nan, value, upper, pair.measure, "between")
    hedge = _hedge(tokens, read)
    if read.number.vague:
        return Figure(start, end, kind, math.nan, value, read.number.high, measure, "some")
    if hedge == "about":
        return Figure(start, end, kind, value, value * (1 - ABOUT), value * (1 + ABOUT), measure, hedge)
    if hedge in ("more", "at least"):
        return Figure(start, end, kind, value, value, _INFINITY, measure, hedge)
    if hedge in ("less", "at most"):
        return Figure(start, end, kind, value, -_INFINITY, value, measure, hedge)
    return Figure(start, end, kind, value, value, value, measure, "")


def _shared_scale(value: float, upper: float, read: _Read, pair: _Read) -> float:
    """Return what the lower end is to be multiplied by: in "58 to 62 billion" both are billions."""
    if not read.number.digits or pair.number.digits:
        return 1.0
    for scale in (1e12, 1e9, 1e6, 1e3):
        if upper >= scale and value * scale <= upper:
            return scale
    return 1.0


def _hedge(tokens: Sequence[Token], read: _Read) -> Hedge:
    """Tell how a figure is bounded by the words right before or after it."""
    before = [token.text for token in tokens[max(0, read.first - _LONGEST) : read.first]]
    # Between bound and number a particle may stand: تجاوزت إلى, أكثر من ب.
    for words_before in (before, before[:-1] if before and before[-1] in _PARTICLES else []):
        for kind, phrase in HEDGES:
            words = phrase.split()
            if len(words_before) >= len(words) and _same(words_before[-len(words) :], words):
                return kind  # type: ignore[return-value]
    if (far := _far_verb(tokens, read.first)) is not None:
        return far
    leading = bare_forms(tokens[read.first].text)[0] if tokens[read.first].kind == "word" else ""
    after = " ".join(token.text for token in tokens[read.last : read.last + 3])
    for phrase, kind in AFTERWARDS.items():
        if after == phrase or after.startswith(phrase + " ") or leading == phrase:
            return kind  # type: ignore[return-value]
    return ""


def _far_verb(tokens: Sequence[Token], first: int) -> Hedge | None:
    """Return the bound that a verb gives across its subject: تجاوزت إيراداتها 740 مليونا."""
    for back in range(first - 1, max(-1, first - 2 - _SUBJECT), -1):
        token = tokens[back]
        if token.kind not in ("word",) or token.text in _NOT_COUNTED or token.text == "ب":
            return None
        form = next((form for form in bare_forms(token.text) if form in _FAR), None)
        if form is not None:
            negated = back > 0 and tokens[back - 1].text in ("لا", "لم", "لن")
            kind = next(kind for kind, phrase in HEDGES if phrase == form)
            return "at most" if negated and kind == "more" else kind  # type: ignore[return-value]
    return None


_LONGEST = 1 + max(len(phrase.split()) for _, phrase in HEDGES)
_PARTICLES = ("ب", "الي", "علي")


def _same(said: Sequence[str], words: Sequence[str]) -> bool:
    """Tell whether words stand there, the first under clitics."""
    return list(said[1:]) == list(words[1:]) and words[0] in bare_forms(said[0])
