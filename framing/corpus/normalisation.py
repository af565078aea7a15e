"""One spelling for words that Arabic writers spell in several ways.

Normalisation shortens and replaces, so offsets into the result are not offsets into the text: it is for matching
and for features, never for what is shown or coded.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import NamedTuple

from framing.corpus.quotations import MARKS
from framing.errors import MissingDependencyError

_INVISIBLE = re.compile(f"[{MARKS}]")
_TATWEEL = "ـ"

WORDS = 100_000
"""Pieces between spaces whose folded spelling is remembered: a corpus of a million sentences has few more."""


class _Camel(NamedTuple):
    """The functions of ``camel_tools.utils`` that are used here."""

    unicode: Callable[[str], str]
    alef: Callable[[str], str]
    alef_maksura: Callable[[str], str]
    teh_marbuta: Callable[[str], str]
    diacritics: Callable[[str], str]


@cache
def _camel() -> _Camel:
    """Import camel-tools once; its utils need no data and no network."""
    try:
        from camel_tools.utils import dediac, normalize
    except ImportError:
        raise MissingDependencyError("camel-tools", "Normalising Arabic", "pip install camel-tools") from None
    return _Camel(
        unicode=normalize.normalize_unicode,
        alef=normalize.normalize_alef_ar,
        alef_maksura=normalize.normalize_alef_maksura_ar,
        teh_marbuta=normalize.normalize_teh_marbuta_ar,
        diacritics=dediac.dediac_ar,
    )


def normalise(
    text: str,
    *,
    alef: bool = True,
    alef_maksura: bool = True,
    teh_marbuta: bool = True,
    diacritics: bool = True,
    tatweel: bool = True,
    unicode: bool = True,
) -> str:
    """Fold a text's spelling. Offsets are not kept.

    Parameters
    ----------
    text
        Any text; what is not Arabic stays, but for ``unicode`` and invisible marks.
    alef
        Write أ إ آ ٱ as ا.
    alef_maksura
        Write ى as ي.
    teh_marbuta
        Write ة as ه.
    diacritics
        Remove short vowels, tanwin, shadda and sukun.
    tatweel
        Remove ـ, which only stretches a word.
    unicode
        Apply NFKC (presentation forms and ligatures to plain letters) and remove marks without width
        (byte-order mark, joiners, directions), which NFKC leaves in place.

    Returns
    -------
    str

    Raises
    ------
    MissingDependencyError
        Where camel-tools is not installed.

    Examples
    --------
    >>> normalise("مدرسةٌ أُولـــى")
    'مدرسه اولي'
    """
    # Nothing that is folded reaches over a space, so that what stands between two is folded once.
    fold = _folder(unicode, diacritics, tatweel, alef, alef_maksura, teh_marbuta)
    return fold(text) if " " not in text else " ".join(map(fold, text.split(" ")))


@cache
def _folder(
    unicode: bool, diacritics: bool, tatweel: bool, alef: bool, alef_maksura: bool, teh_marbuta: bool
) -> Callable[[str], str]:
    """Return what folds a text by these steps, and remembers it."""
    camel = _camel()
    steps: tuple[tuple[bool, Callable[[str], str]], ...] = (
        # First, since presentation forms hide the letters that the other steps look for.
        (unicode, camel.unicode),
        (unicode, _without_marks),
        (diacritics, camel.diacritics),
        (tatweel, _without_tatweel),
        (alef, camel.alef),
        (alef_maksura, camel.alef_maksura),
        (teh_marbuta, camel.teh_marbuta),
    )
    chosen = [step for wanted, step in steps if wanted]

    @lru_cache(maxsize=WORDS)
    def fold(text: str) -> str:
        for step in chosen:
            text = step(text)
        return text

    return fold


def _without_marks(text: str) -> str:
    return _INVISIBLE.sub("", text)


def _without_tatweel(text: str) -> str:
    return text.replace(_TATWEEL, "")
