"""Arabic numbers in digits and words, and where they stand: ``١١٫٢ مليار``, ``ثلاثة آلاف و500``, ``عشرات الملايين``.

Everything here works on folded text (`framing.corpus.alignment`): أ إ آ are ا, ى is ي and ة is ه.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from framing.portrayal.tokens import Token, bare_forms, digits_value, is_percent

PLURAL = 3
"""Least number that a bare plural stands for (مئات، آلاف، عشرات): Arabic has a dual for two."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number read from tokens ``first`` to ``last`` (not included).

    Attributes
    ----------
    value
        What is said; the least that it may be where it is ``vague``.
    digits
        Whether it is one number in digits and nothing else.
    vague
        A bare plural or بضعة: ``value`` or more, up to ``high`` where that is known.
    """

    value: float
    first: int
    last: int
    digits: bool = False
    vague: bool = False
    high: float = float("inf")


_UNITS = {
    **dict.fromkeys(("واحد", "واحده"), 1),
    **dict.fromkeys(("اثنان", "اثنين", "اثنتان", "اثنتين", "اثنا", "اثني", "اثنتا", "اثنتي"), 2),
    **dict.fromkeys(("ثلاث", "ثلاثه"), 3),
    **dict.fromkeys(("اربع", "اربعه"), 4),
    **dict.fromkeys(("خمس", "خمسه"), 5),
    **dict.fromkeys(("ست", "سته"), 6),
    **dict.fromkeys(("سبع", "سبعه"), 7),
    **dict.fromkeys(("ثمان", "ثماني", "ثمانيه"), 8),
    **dict.fromkeys(("تسع", "تسعه"), 9),
    **dict.fromkeys(("عشر", "عشره"), 10),
}
_ONE_OF_ELEVEN = ("احد", "احدي")
_TENS = {
    stem + ending: value
    for value, stem in zip(range(20, 100, 10), ("عشر", "ثلاث", "اربع", "خمس", "ست", "سبع", "ثمان", "تسع"), strict=True)
    for ending in ("ون", "ين")
}
_HUNDRED = ("مئه", "مائه", "ميه")
_HUNDREDS = {
    **dict.fromkeys(_HUNDRED, 100),
    **{two: 200 for one in ("مئ", "مائ") for two in (one + "تان", one + "تين", one + "تا", one + "تي")},
    **{
        word + hundred: 100 * value
        for word, value in _UNITS.items()
        if 3 <= value <= 9 and not word.endswith("ه")
        for hundred in _HUNDRED
    },
}
_SCALES = {
    **dict.fromkeys(("الف", "الفا", "الاف"), 10**3),
    **dict.fromkeys(("مليون", "مليونا", "ملايين"), 10**6),
    **dict.fromkeys(("مليار", "مليارا", "مليارات", "بليون", "بليونا", "بلايين"), 10**9),
    **dict.fromkeys(("تريليون", "تريليونا", "تريليونات", "ترليون", "ترليونا", "ترليونات"), 10**12),
}
_LATIN_SCALES = {"billion": 10**9, "bn": 10**9, "million": 10**6, "mn": 10**6, "trillion": 10**12, "thousand": 10**3,
                 "K": 10**3, "k": 10**3, "M": 10**6, "B": 10**9, "b": 10**9}  # fmt: skip
_DUALS = {
    **dict.fromkeys(("الفان", "الفين", "الفي"), 2 * 10**3),
    **dict.fromkeys(("مليونان", "مليونين", "مليوني"), 2 * 10**6),
    **dict.fromkeys(("ملياران", "مليارين", "ملياري"), 2 * 10**9),
    **dict.fromkeys(("تريليونان", "تريليونين", "تريليوني"), 2 * 10**12),
}
_PLURALS = {
    "عشرات": 10,
    "مئات": 100,
    "مئآت": 100,
    "الاف": 10**3,
    "ملايين": 10**6,
    "مليارات": 10**9,
    "تريليونات": 10**12,
}
_FEW = ("بضع", "بضعه")
FRACTIONS = {
    "نصف": Fraction(1, 2), "ثلث": Fraction(1, 3), "ربع": Fraction(1, 4), "ثلثي": Fraction(2, 3),
    "ثلثا": Fraction(2, 3), "ثلثين": Fraction(2, 3), "ثلثان": Fraction(2, 3),
}  # fmt: skip
"""Parts of one thing, as words."""

_QUARTERS = "ارباع"
_NO_NUMBERS = ("لست", "ولست", "فلست")
"""Words that look like a number under a clitic and mostly are not (لستُ: I am not)."""


def is_number_word(word: str) -> bool:
    """Tell whether a folded word is a number, under clitics or not."""
    return any(form in table for form in bare_forms(word) for table in (_UNITS, _TENS, _HUNDREDS, _SCALES, _DUALS))


def read_number(tokens: Sequence[Token], first: int) -> Number | None:
    """Read the longest number that begins at a token, or return None where none does."""
    plural = _vague(tokens, first)
    if plural is not None:
        return plural
    term = _term(tokens, first)
    if term is None:
        return None
    value, scale, place = term
    total, digits = value, tokens[first].kind == "number" and place == first + 1
    while (more := _joined(tokens, place, scale, total)) is not None:
        added, scale, place = more
        total, digits = total + added, False
    return Number(float(total), first, place, digits=digits)


def _lookup(
    token: Token, table: dict[str, int] | dict[str, Fraction], *, joined: bool = False
) -> int | Fraction | None:
    """Return what a word stands for, under clitics; where ``joined``, it must carry و."""
    if token.kind != "word" or token.text in _NO_NUMBERS:
        return None
    forms = bare_forms(token.text[1:]) if joined else bare_forms(token.text)
    if joined and not token.text.startswith("و"):
        return None
    for form in [token.text[1:], *forms] if joined else forms:
        if form in table:
            return table[form]
    return None


def _below_thousand(tokens: Sequence[Token], place: int, *, joined: bool = False) -> tuple[int, int] | None:
    """Read a number word below a thousand with what is joined to it: مئة وخمسة وعشرين."""
    if place >= len(tokens) or tokens[place].kind != "word":
        return None
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    teen = following is not None and following.text in ("عشر", "عشره")
    unit = _lookup(tokens[place], {**_UNITS, **dict.fromkeys(_ONE_OF_ELEVEN, 1)} if teen else _UNITS, joined=joined)
    if unit is not None and teen and unit < 10:
        return int(unit) + 10, place + 2
    hundred = _lookup(tokens[place], _HUNDREDS, joined=joined)
    if unit is not None and 3 <= unit <= 9 and following is not None and following.text in _HUNDRED:
        hundred, place = 100 * int(unit), place + 1
    if hundred is not None:
        rest = _below_thousand(tokens, place + 1, joined=True)
        if rest is not None and rest[0] < 100:
            return int(hundred) + rest[0], rest[1]
        return int(hundred), place + 1
    ten = _lookup(tokens[place], _TENS, joined=joined)
    if ten is not None:
        return int(ten), place + 1
    if unit is None:
        return None
    rest_ten = _lookup(tokens[place + 1], _TENS, joined=True) if following is not None else None
    if rest_ten is not None and unit < 10:
        return int(unit) + int(rest_ten), place + 2
    return int(unit), place + 1


def _scale(tokens: Sequence[Token], place: int) -> int | None:
    if place >= len(tokens) or tokens[place].kind != "word":
        return None
    text = tokens[place].text
    return _SCALES.get(text) or _LATIN_SCALES.get(text) or _SCALES.get(text.removeprefix("ال") if len(text) > 5 else "")


def _term(tokens: Sequence[Token], place: int, *, joined: bool = False) -> tuple[float, float, int] | None:
    """Read one part of a number: value, the scale that it counts in, and where it ends."""
    if place >= len(tokens):
        return None
    token = tokens[place]
    if token.kind == "number" and not joined:
        value, after = digits_value(token.text), place + 1
        scale = _scale(tokens, after)
        return (value, 1, after) if scale is None else (value * scale, scale, after + 1)
    dual = _lookup(token, _DUALS, joined=joined)
    if dual is not None:
        return float(dual), float(dual) / 2, place + 1
    fraction = _lookup(token, FRACTIONS, joined=joined)
    if fraction is not None:
        scale = _scale(tokens, place + 1)
        return None if scale is None else (float(fraction * scale), scale, place + 2)
    small = _below_thousand(tokens, place, joined=joined)
    if small is not None:
        value, after = float(small[0]), small[1]
        scale = _scale(tokens, after)
        return (value, 1, after) if scale is None else (value * scale, scale, after + 1)
    alone = _lookup(token, _SCALES, joined=joined)
    return None if alone is None else (float(alone), float(alone), place + 1)


def _joined(tokens: Sequence[Token], place: int, scale: float, total: float) -> tuple[float, float, int] | None:
    """Read what و joins to a number of that scale: something smaller, or a part of the scale (مليار ونصف)."""
    if place >= len(tokens) or scale < 1000:
        return None
    token = tokens[place]
    fraction = _lookup(token, FRACTIONS, joined=True)
    if fraction is not None:
        again = _scale(tokens, place + 1)
        return float(fraction) * scale, 1, place + (2 if again == scale else 1)
    if token.text == "و" and place + 1 < len(tokens) and tokens[place + 1].start == token.end:
        more = _term(tokens, place + 1)
    else:
        more = _term(tokens, place, joined=True)
    if more is None or more[0] >= scale or (more[1] == 1 and more[0] != int(more[0])):
        return None
    return None if more[2] < len(tokens) and is_percent(tokens, more[2]) else more


def _vague(tokens: Sequence[Token], place: int) -> Number | None:
    """Read a bare plural (آلاف، عشرات الملايين) or بضعة."""
    token = tokens[place]
    if token.kind != "word":
        return None
    few = next((form for form in bare_forms(token.text) if form in _FEW), None)
    if few is not None:
        scale = _scale(tokens, place + 1)
        if scale is None:
            return Number(3.0, place, place + 1, vague=True, high=9.0)
        return Number(3.0 * scale, place, place + 2, vague=True, high=9.0 * scale)
    plural = next((_PLURALS[form] for form in bare_forms(token.text) if form in _PLURALS), None)
    if plural is None:
        return None
    value, last = float(PLURAL * plural), place + 1
    inner = _lookup(tokens[last], _PLURALS) if last < len(tokens) else None
    if inner is not None and inner > plural:
        value, last = value * int(inner), last + 1
    return Number(value, place, last, vague=True)


def parts_of_one(tokens: Sequence[Token], place: int) -> tuple[float, int] | None:
    """Read a part of a thing: نصف، الثلث، ثلثي، ثلاثة أرباع; its share and where it ends."""
    token = tokens[place]
    unit = _lookup(token, _UNITS)
    if unit is not None and place + 1 < len(tokens) and tokens[place + 1].text == _QUARTERS:
        return float(unit) / 4, place + 2
    if token.kind != "word":
        return None
    for form in bare_forms(token.text):
        for cut in ("", "ها", "ه", "هم"):
            stem = form.removesuffix(cut)
            if stem in FRACTIONS and stem + cut == form:
                return float(FRACTIONS[stem]), place + 1
    return None
