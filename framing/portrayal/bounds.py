"""How the words around a number bound it: about, more than, at most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from framing.portrayal.measured import NOT_COUNTED, Measured
from framing.portrayal.measures import (
    AFTERWARDS,
    HEDGES,
)
from framing.portrayal.tokens import Token, bare_forms, word_set

Hedge = Literal["", "about", "more", "less", "at least", "at most", "between", "some"]
"""How a number is bounded: as said; about it; more or less than it, not included or included; between two; a bare
plural, which is at least three."""

_FAR = word_set("تجاوز تجاوزت يتجاوز تتجاوز تخطي تخطت فاق فاقت يفوق تفوق ناهز ناهزت يناهز تناهز قارب قاربت يقارب تقارب")
"""Verbs between which and their number the subject may stand."""

_APART = {**dict.fromkeys(("يزيد", "تزيد", "زاد", "زادت", "يزد", "تزد"), True),
          **dict.fromkeys(("يقل", "تقل", "قل", "قلت"), False)}  # fmt: skip
"""Verbs whose subject may stand before على or عن, and whether they say more."""

_SUBJECT = 4
"""Words that a subject may have."""


def hedge_of(tokens: Sequence[Token], read: Measured) -> Hedge:
    """Tell how a figure is bounded by the words right before or after it."""
    before = [token.text for token in tokens[max(0, read.first - _LONGEST) : read.first]]
    # Between bound and number a particle may stand: تجاوزت إلى, أكثر من ب.
    for words_before in (before, before[:-1] if before and before[-1] in _PARTICLES else []):
        for kind, phrase in HEDGES:
            words = phrase.split()
            if len(words_before) >= len(words) and _same(words_before[-len(words) :], words):
                return kind  # type: ignore[return-value]
    if (apart := _verb_apart(tokens, read.first)) is not None:
        return apart
    if (far := _far_verb(tokens, read.first)) is not None:
        return far
    leading = bare_forms(tokens[read.first].text)[0] if tokens[read.first].kind == "word" else ""
    after = " ".join(token.text for token in tokens[read.last : read.last + 3])
    for phrase, kind in AFTERWARDS.items():
        if after == phrase or after.startswith(phrase + " ") or leading == phrase:
            return kind  # type: ignore[return-value]
    return ""


def _verb_apart(tokens: Sequence[Token], first: int) -> Hedge | None:
    """Return the bound of لا يزيد متوسط أعماره على 23: verb and preposition with the subject between them."""
    if first < 3 or tokens[first - 1].text not in ("علي", "عن"):
        return None
    for back in range(first - 2, max(-1, first - 3 - _SUBJECT), -1):
        form = next((form for form in bare_forms(tokens[back].text) if form in _APART), None)
        if form is not None:
            negated = back > 0 and tokens[back - 1].text in ("لا", "لم", "لن")
            return ("at most" if negated else "more") if _APART[form] else ("at least" if negated else "less")
        if tokens[back].kind != "word":
            return None
    return None


def _far_verb(tokens: Sequence[Token], first: int) -> Hedge | None:
    """Return the bound that a verb gives across its subject: تجاوزت إيراداتها 740 مليونا."""
    for back in range(first - 1, max(-1, first - 2 - _SUBJECT), -1):
        token = tokens[back]
        if token.kind not in ("word",) or token.text in NOT_COUNTED or token.text == "ب":
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
