"""Names in words of everything that a codebook defines, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from framing.coding.codebook import MENTION_PREFIX, TARGET_PREFIX, Codebook
from framing.report.words import Language, Words


def in_language(record: Mapping[str, Any], key: str, lang: Language) -> str:
    """Return a text of the study in this language, else as it stands: its Arabic wording lies beside it, if any."""
    return str(record.get(f"{key}_{lang}") or record[key])


def labels(book: Codebook) -> dict[str, dict[str, str]]:
    """Return by the id of each variable its label per language: that of frames and parties is the codebook's.

    A codebook names parties in Arabic alone, so that in English their ids stand for them.
    """
    found = {frame.id: {"en": frame.label_en, "ar": frame.label_ar} for frame in book.frames}
    languages = (Words("en"), Words("ar"))
    for party in book.parties:
        names = {"en": party.id, "ar": party.label_ar}
        found[party.id] = names
        for prefix, key in ((TARGET_PREFIX, "word.tone_towards"), (MENTION_PREFIX, "word.mention_of")):
            found[prefix + party.id] = {words.lang: words(key, party=names[words.lang]) for words in languages}
    for voice in book.voice:
        found[f"voice_{voice}"] = {w.lang: w("word.voice_of", voice=w.label({}, voice)) for w in languages}
    for name in ("tone", "voice"):
        found[name] = {words.lang: words(f"word.{name}") for words in languages}
    return found


def fact_label(study: Mapping[str, Any], fact: str, words: Words) -> str:
    """Return what a study calls one of its facts."""
    return in_language(study["facts"][fact], "label", words.lang) or fact
