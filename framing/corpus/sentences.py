"""Where sentences end inside one line of Arabic text, by rules that keep every offset.

The rules, in the order in which a candidate has to pass them:

1. A run of terminals ``. ؟ ! ? … ۔`` with its closing quotes and brackets, followed by space, may end a
   sentence; so may a terminal glued between two Arabic words (``الفوز.وقال``). Two dots separate, they do not end.
2. Nothing inside a quotation or bracket ends a sentence, unless it closes it. A quotation has to close on the
   same line; one that does not protects nothing.
3. A full stop after a title (``د.``), an initial (``J.``), an abbreviation (``vs.``) or a list number is part of
   it.
4. A quotation that opens the sentence keeps the attribution that follows it (``"…" قال المدرب``). A bracket ends
   a sentence only if it holds the whole of it.
"""

from __future__ import annotations

import re

from framing.corpus.quotations import CLOSERS, DIACRITICS, MARKS, Pair, Pairs

SPACE = rf"[\s{MARKS}]"
"""One character of space or of no width."""

_CANDIDATE = re.compile(r"[.؟!?…۔]+")
_SPACE = re.compile(f"{SPACE}*")
_ALL_SPACE = re.compile(f"{SPACE}+")
_WORD = re.compile(r"\w")
_FOOTNOTE = re.compile(r"\[\d{1,3}\]")

# Emojis, arrows, dingbats and geometric shapes, skin tones among them; joiners and variants hang on them.
_SYMBOL = "[\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
_SYMBOLS = re.compile(rf"(?:{_SYMBOL}[\ufe0e\ufe0f\u200d]*)+")
_TRAILING_SYMBOLS = re.compile(rf"(?:{SPACE}*{_SYMBOL}[\ufe0e\ufe0f]*)+(?={SPACE}|$)")
_LEADING_SYMBOL = re.compile(rf"{SPACE}*{_SYMBOL}")
_GLUED_BEFORE = re.compile(rf"[ء-ي][{DIACRITICS}]*[ء-ي][{DIACRITICS}]*$")
_GLUED_AFTER = re.compile(rf"[ء-ي][{DIACRITICS}]*[ء-ي]")

_AFTER_NUMBER = re.compile(r"\d$")
_LIST_NUMBER = re.compile(r"\W*\d{1,2}(?:\.\d{1,2})*")
_LETTERS = re.compile(rf"(?:^|[^\w.{DIACRITICS}])(?P<chain>[ء-ي]ـ?(?:\.[ء-ي]ـ?)*|و[ء-ي](?:\.[ء-ي])+|(?<!كل )ود)$")
_INITIAL = re.compile(r"(?:^|[^A-Za-z\d.])(?:[A-Z]|[A-Za-z](?:\.[A-Za-z])+)$")
_NEVER_LAST = re.compile(r"(?:^|[^A-Za-z.])(?:vs|e\.g|i\.e|cf|Mr|Mrs|Ms|Dr|Prof|St|Gen|Sen|Gov|Fig|No|Vol|pp)$")
_BEFORE_LATIN = re.compile(r"(?:^|[^A-Za-z.])(?:Inc|Corp|Ltd|Co|Bros|Jr|Sr|etc|approx|Ave|Blvd|est|dept|Univ)$", re.I)
_CLOCK = re.compile(r"\d ?[ap]\.m$")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")

_ATTRIBUTION = re.compile(
    r"(?:(?:قال|أضاف|صرح|أوضح|تابع|أكد|ذكر|أعلن|كتب|شدد|علق|أشار|لفت|رد|تساءل|سأل|هتف|صاح|همس|أردف|استطرد|اعترف|"
    r"يقول|يضيف|يوضح|يتابع|يؤكد|يكتب|يعلق|يتساءل|تقول|تضيف|توضح|تتابع|تؤكد|تكتب|تعلق)(?:ت|وا)?"
    r"|بحسب|حسب|حسبما|وفق|وفقا|كما قال|كما قالت|كما ذكر|هكذا قال|هكذا قالت|على حد قول|على حد تعبير)"
    rf"(?={SPACE}|[،,:])"
)
_UNSPOKEN = re.compile(f"[{DIACRITICS}ـ]")
_NAME_WORDS = 4
"""Words up to which a quotation inside a sentence reads as a name or slogan that owns its mark (فيلم "من هناك؟")."""


def sentence_spans(line: str) -> list[tuple[int, int]]:
    """Split one line, and give each sentence's offsets with the space at its edges.

    Parameters
    ----------
    line
        Text without line breaks.

    Returns
    -------
    list of (start, end)
        They join without a gap from 0 to ``len(line)``; each holds a letter or digit if the line has one.
    """
    candidates = [found for found in _CANDIDATE.finditer(line) if found.end() < len(line)]
    word = _WORD.search(line)
    if not candidates or not word:
        return [(0, len(line))]
    pairs = Pairs(line)
    led_by_symbol = _LEADING_SYMBOL.match(line)
    cuts = [0]
    for found in candidates:
        if not cuts[-1] <= word.start() < found.start():
            continue
        end = _end_after(line, found, cuts[-1], pairs)
        if end is None:
            continue
        # In "فزنا! 🎉 والآن" the symbol belongs to what it follows; on a line led by one, symbols lead.
        trail = None if led_by_symbol else _TRAILING_SYMBOLS.match(line, end)
        end = trail.end() if trail else end
        word = _WORD.search(line, end)
        if word is None:
            break
        cuts.append(end)
    return list(zip(cuts, [*cuts[1:], len(line)], strict=True))


def without_space(text: str) -> str:
    """Return the visible characters only: no space, no marks without width."""
    return _ALL_SPACE.sub("", text)


def _holds_word(line: str, start: int, end: int) -> bool:
    return _WORD.search(line, start, end) is not None


def _end_after(line: str, found: re.Match[str], start: int, pairs: Pairs) -> int | None:
    """Return where the sentence ends that this run of terminals may close, or None where it goes on."""
    run = found.group()
    around = pairs.around(found.start())
    end = _with_closers(line, found.end(), around)
    if any(pair.end >= end for pair in around):
        return None
    following = _SPACE.match(line, end)
    after = following.end() if following else end
    if after == len(line) or run == "..":
        return None
    if after == end:
        return end if _glued(line, found, end) else None
    if line[after] in "،,؛;:)]}":
        return None
    if run == "." and end == found.end() and _is_part_of_word(line, found.start(), start, after):
        return None
    before = pairs.closed_at(found.start() - 1)
    closed = around or ([before] if before and before.quote else [])
    return None if _sentence_goes_on(line, run, start, after, closed, bool(around)) else end


def _with_closers(line: str, end: int, around: list[Pair]) -> int:
    """Take in the marks that close what is open here, further terminals between them, and footnote numbers."""
    closing = {pair.end for pair in around}
    while end < len(line):
        following = _SPACE.match(line, end)
        place = following.end() if following else end
        if place in closing:
            end = place + 1
        elif place < len(line) and place == end and line[place] in ".؟!?…۔":
            end += 1
        elif hanging := (_FOOTNOTE.match(line, end) or _SYMBOLS.match(line, end)):
            end = hanging.end()
        else:
            break
    return end


def _glued(line: str, found: re.Match[str], end: int) -> bool:
    """Tell a missing space (``الفوز.وقال``) from a dot inside a name, number or address."""
    if len(found.group().strip("؟!?")) > 1 or end < found.end():
        return False
    before = line[max(0, found.start() - 8) : found.start()].rstrip(CLOSERS)
    return bool(_GLUED_BEFORE.search(before) and _GLUED_AFTER.match(line, end))


def _is_part_of_word(line: str, dot: int, start: int, after: int) -> bool:
    """Tell whether the full stop at ``dot`` belongs to a title, an initial, an abbreviation or a list number."""
    before = line[max(start, dot - 24) : dot]
    if _LIST_NUMBER.fullmatch(line, start, dot):
        return True
    letters = _LETTERS.search(before)
    if letters:
        return not _AFTER_NUMBER.search(before[: letters.start("chain")].rstrip())
    if _NEVER_LAST.search(before) or _CLOCK.search(before):
        return True
    return bool(_LATIN.match(line, after) and (_INITIAL.search(before) or _BEFORE_LATIN.search(before)))


def _sentence_goes_on(line: str, run: str, start: int, after: int, closed: list[Pair], terminal_inside: bool) -> bool:
    """Tell whether a sentence outlives the quotation or bracket that just closed."""
    if not closed:
        return False
    outer = min(closed, key=lambda pair: pair.start)
    opens_sentence = not _holds_word(line, start, outer.start)
    if not outer.quote:
        return not opens_sentence
    if opens_sentence:
        return bool(_ATTRIBUTION.match(_UNSPOKEN.sub("", line[after : after + 40])))
    introduced = line[start : outer.start].rstrip().endswith((":", "،", ","))
    words = len(line[outer.start : outer.end].split())
    return terminal_inside and not introduced and words <= _NAME_WORDS and "." not in run
