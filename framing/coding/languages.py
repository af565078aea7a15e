"""Texts of a codebook in each language that they are written in: ``key``, and beside it ``key_ar`` or ``key_en``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from framing.errors import InputError

LANGUAGES = ("en", "ar")

Said = dict[str, str]
"""A text by the language it is in (`LANGUAGES`); without one that the codebook does not hold it in."""

_ARABIC = re.compile(r"[\u0621-\u064a]")
_LATIN = re.compile(r"[A-Za-z]")


def language_of(text: str) -> str:
    """Tell in which of `LANGUAGES` a text is written, by its letters; cues in brackets do not count."""
    bare = re.sub(r"\([^()]*\)", "", text) or text
    return "ar" if len(_ARABIC.findall(bare)) > len(_LATIN.findall(bare)) else "en"


def line(text: object) -> str:
    """Return a text on one line, nothing for None."""
    return " ".join(str("" if text is None else text).split())


class Texts:
    """Reads texts with their translations, and complains with the file's name.

    A text, a list or a mapping by id is taken as it stands under its key, or else as the first of its translations.

    Attributes
    ----------
    said
        What was read, each text in its languages, by the text as it was returned.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = path
        self.said: dict[str, Said] = {}

    def text(self, mapping: Mapping[str, Any], key: str) -> str:
        """Read one text."""
        return self._known({name: mapping.get(name) for name in _names(key)}, key)

    def lists(self, mapping: Mapping[str, Any], key: str) -> tuple[str, ...]:
        """Read a list; its translations have as many lines."""
        lists: dict[str, list[object]] = {}
        for name in _names(key):
            value = mapping.get(name)
            if value is not None and not isinstance(value, list):
                raise self._wrong(name, "a list")
            if value is not None:
                lists[name] = value
        lengths = set(map(len, lists.values()))
        if len(lengths) > 1:
            raise self._wrong(" and ".join(lists), "as long as each other")
        rows = range(lengths.pop() if lengths else 0)
        return tuple(self._known({name: lines[row] for name, lines in lists.items()}, key) for row in rows)

    def by_id(self, mapping: Mapping[str, Any], key: str) -> dict[str, str]:
        """Read a text for each id."""
        tables: dict[str, dict[str, object]] = {}
        for name in _names(key):
            value = mapping.get(name)
            if value is not None and not isinstance(value, dict):
                raise self._wrong(name, "a text for each id")
            tables[name] = {str(ident): text for ident, text in (value or {}).items()}
        ids = dict.fromkeys(ident for table in tables.values() for ident in table)
        return {ident: self._known({n: table.get(ident) for n, table in tables.items()}, key) for ident in ids}

    def _known(self, found: Mapping[str, object], key: str) -> str:
        said: Said = {}
        own = ""
        for name, value in found.items():
            if isinstance(value, (list, dict)):
                raise self._wrong(name, "one text")
            text = line(value)
            if text:
                own = own or text
                said[language_of(text) if name == key else name.removeprefix(key + "_")] = text
        if len(said) > len(self.said.get(own, {})):
            self.said[own] = said
        return own

    def _wrong(self, name: str, what: str) -> InputError:
        return InputError(f"'{name}' is not {what}", file=self.path, cure="Write it as what it translates is written.")


def _names(key: str) -> tuple[str, ...]:
    return (key, *(f"{key}_{language}" for language in LANGUAGES))
