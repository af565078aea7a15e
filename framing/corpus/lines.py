"""What each line of an article is: headline, heading, body or boilerplate, judged with its neighbours.

A title is a short line of one sentence without a full stop. Titles before the first body line are headlines,
titles right before body lines are headings. The site's own words are told by the patterns in ``chrome.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from framing.corpus.quotations import MARKS

UnitType = Literal["headline", "heading", "body", "boilerplate"]
"""The values of `framing.schema.UNIT_TYPES`, explained there."""

TITLE_WORDS = 22
"""Most words of a title; in Arabic news both headlines and headings stay below it."""

_LONGEST_CHROME = 300
"""Characters above which a line is not looked up in ``chrome.toml``: no pattern there is for a paragraph."""

_SPELLING = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        "ى": "ي",
        "ة": "ه",
        **dict.fromkeys("ـ\u0670", ""),
        "–": "-",
        "—": "-",
        "‑": "-",
    }
    | dict.fromkeys(map(chr, range(0x064B, 0x0653)), "")
    | {chr(0x660 + digit): str(digit) for digit in range(10)}
)
_INVISIBLE = re.compile(f"[{MARKS}\ufe0f]")
_EDGES = re.compile(r"^[^\w#©(]+|[^\w)©\]]+$")
_SPACES = re.compile(r"\s+")

_WORD = re.compile(r"\w")
_FULL_STOP = re.compile(r"(?<!\.)[.۔]$")
_UNFINISHED = re.compile(r"[،,؛;]$|…$|\.\.\.+$")
_CLOSED = re.compile(r"[.؟!?…۔:؛]$")
_TRAILING = "\"”“»«’›')]} \u00a0"
_TITLE_COLON_WORDS = 6

_BULLET = re.compile(
    r"[-–—•●○▪▫◾◽■□◦*·‣⁃►▶▸✓✔✅☑🔹🔸🔺🔻🔵🔴]\ufe0f?\s*\w"
    r"|\(?\d{1,2}\s?[.)-]\s*\w"
    r"|[ء-ي]\s?[)-]\s*\w"
)
_SYMBOL_LED = re.compile("[\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")
# A verb of saying opens a sentence; some of them are nouns or prepositions too unless a conjunction leads them.
_REPORTING = re.compile(
    r"(?:[وف]?(?:قال|اضاف|صرح|اوضح|تابع|اكد|ذكر|اعلن|شدد|اشار|اردف|استطرد|افاد|يقول|يضيف|يوضح|يتابع|يؤكد|يشير|"
    r"تقول|تضيف|توضح|تتابع|تؤكد|تشير)|[وف](?:علق|لفت|اعتبر|راي|نقل|بين|كشف|كتب|رد|يري|تري))(?:ت|وا)?\s"
)
# What carries an argument on is a sentence, however short.
_CONTINUES = re.compile(
    r"(?:[وف](?:هل|ماذا|كيف|لماذا|متي|اين|قد|كان|كانت|كانوا|لكن|لا|لم|لن|ما|هو|هي|هذا|هذه|ذلك|تلك|هنا|هناك|هكذا|"
    r"من|في|علي|عن|مع|بعد|قبل|ليس|ليست|انا|نحن|اما|مع ذلك)"
    r"|لكن|كما|ثم|بل|الا ان|حيث|اذ|مما|غير ان|بيد ان|لذلك|لهذا|من جهته|من جهتها|من جانبه|من جانبها)\s"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A non-empty line, trimmed, with the number of sentences in it."""

    text: str
    sentences: int


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of chrome, ready to match."""

    pattern: re.Pattern[str]
    max_words: int
    top_only: bool


def line_types(lines: Sequence[Line]) -> list[UnitType]:
    """Give each line of one article its type.

    Parameters
    ----------
    lines
        The article's non-empty lines in order.

    Returns
    -------
    list of UnitType
        One per line.
    """
    types: list[UnitType | None] = [None] * len(lines)
    at_top = True
    for place, line in enumerate(lines):
        if is_chrome(line.text, at_top=at_top):
            types[place] = "boilerplate"
        else:
            at_top = False
    content = [place for place, known in enumerate(types) if known is None]
    own = _unpunctuated if _lacks_punctuation([lines[place] for place in content]) else _titled
    for place, kind in zip(content, own([lines[place] for place in content]), strict=True):
        types[place] = kind
    return [kind or "body" for kind in types]


def is_chrome(text: str, *, at_top: bool = False) -> bool:
    """Tell whether a line is the site's own words rather than the article's.

    Parameters
    ----------
    text
        One line.
    at_top
        Whether only such lines stand above it; section labels count there alone.
    """
    if len(text) > _LONGEST_CHROME:
        return False
    if not _WORD.search(text):
        return True
    plain = _plain(text)
    words = plain.count(" ") + 1
    return any(
        kind.pattern.fullmatch(plain) is not None
        for kind in _chrome()
        if words <= kind.max_words and (at_top or not kind.top_only)
    )


def _plain(text: str) -> str:
    """Fold spelling as ``chrome.toml`` says."""
    folded = _SPACES.sub(" ", _INVISIBLE.sub("", text.lower().translate(_SPELLING)))
    return _EDGES.sub("", folded)


@cache
def _chrome() -> tuple[_Kind, ...]:
    """Read and compile ``chrome.toml`` once."""
    tables: dict[str, Any] = tomllib.loads((files("framing.corpus") / "chrome.toml").read_text(encoding="utf-8"))
    words = {f"<{name}>": f"(?:{'|'.join(forms)})" for name, forms in tables.pop("words").items()}

    def expand(pattern: str) -> str:
        for name, forms in words.items():
            pattern = pattern.replace(name, forms)
        return pattern.lower().translate(_SPELLING)

    return tuple(
        _Kind(
            re.compile("|".join(f"(?:{expand(pattern)})" for pattern in kind["patterns"])),
            int(kind["max_words"]),
            kind.get("where") == "top",
        )
        for kind in tables.values()
        if kind["patterns"]
    )


def _lacks_punctuation(lines: Sequence[Line]) -> bool:
    """Tell whether the absence of a full stop means nothing in this article.

    Lines too long for a title decide where there are any: in a list of headings with short answers most lines may
    lack a full stop and it still means something.
    """
    paragraphs = [line for line in lines if _words(line) > TITLE_WORDS or line.sentences > 1]
    voters = paragraphs or lines
    closed = sum(bool(_CLOSED.search(line.text.rstrip(_TRAILING))) for line in voters)
    return closed < len(voters) / (2 if paragraphs else 3)


def _unpunctuated(lines: Sequence[Line]) -> list[UnitType]:
    """Type the lines of an article without full stops: a headline if the first line can be one, and body."""
    types: list[UnitType] = ["body"] * len(lines)
    if len(lines) > 1 and _is_title(lines[0], first=True):
        types[0] = "headline"
    return types


def _titled(lines: Sequence[Line]) -> list[UnitType]:
    """Type the lines of an article in which a missing full stop marks a title."""
    titles = [_is_title(line, first=place == 0) for place, line in enumerate(lines)]
    types: list[UnitType] = ["body"] * len(lines)
    place = 0
    while place < len(lines):
        run = place
        while run < len(lines) and titles[run]:
            run += 1
        if run == place:
            place += 1
            continue
        if run < len(lines):
            types[place:run] = _run_types(lines[place:run], at_top=place == 0)
        elif place == 0:
            types[0] = "headline" if len(lines) > 1 else "body"
        place = run
    return types


def _run_types(titles: Sequence[Line], *, at_top: bool) -> list[UnitType]:
    """Type a run of title-like lines that a body line follows."""
    if at_top:
        # A title led by a symbol below a plain one belongs to the first section, not to the headline.
        plain_first = not _SYMBOL_LED.match(titles[0].text)
        return [
            "heading" if place and plain_first and _SYMBOL_LED.match(line.text) else "headline"
            for place, line in enumerate(titles)
        ]
    # Three and more are a heading and a list without bullets.
    headings = len(titles) if len(titles) <= 2 else 1
    return ["heading" if place < headings else "body" for place in range(len(titles))]


def _is_title(line: Line, *, first: bool) -> bool:
    """Tell whether a line reads as a title; an article's first may ask and answer (``ماذا بعد؟ الفريق يرد``)."""
    text = line.text.rstrip(_TRAILING)
    words = _words(line)
    if words > TITLE_WORDS or line.sentences > (2 if first else 1) or _FULL_STOP.search(text):
        return False
    if first:
        return True
    plain = _plain(line.text) + " "
    if _UNFINISHED.search(text) or _BULLET.match(line.text) or _CONTINUES.match(plain):
        return False
    if text.endswith(":") and words > _TITLE_COLON_WORDS:
        return False
    return not _REPORTING.match(plain)


def _words(line: Line) -> int:
    return len(line.text.split())
