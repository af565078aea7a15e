"""The codebook as coders read it: every rule in each language that the codebook holds, with its examples."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from framing.coding.codebook import TARGET_PREFIX, Codebook
from framing.coding.exchange import NO_FRAME, NOT_MENTIONED
from framing.coding.exchange.questions import Option as Asked
from framing.coding.exchange.questions import questions
from framing.errors import InputError
from framing.files import read_text

LANGUAGES = ("en", "ar")

Said = dict[str, str]
"""A text by the language it is in (`LANGUAGES`); without one that the codebook does not hold it in."""

_ARABIC = re.compile(r"[\u0621-\u064a]")
_LATIN = re.compile(r"[A-Za-z]")


@dataclass(frozen=True)
class Choice:
    """One thing that coders may choose, with the rules for it.

    Attributes
    ----------
    value
        As an answer holds it; None for what is nothing by choice (no frame, party not mentioned).
    """

    value: str | int | None
    label: Said
    definition: Said
    include: tuple[Said, ...] = ()
    exclude: tuple[Said, ...] = ()
    examples: tuple[Said, ...] = ()


@dataclass(frozen=True)
class Asking:
    """One variable: several of its choices may hold (``many``), or one."""

    id: str
    many: bool
    label: Said
    text: Said
    rules: tuple[Said, ...]
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Guide:
    """Everything that coders read beside a unit: what a unit is, each question, and points decided before."""

    unit: Said
    questions: tuple[Asking, ...]
    decisions: tuple[Said, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it as what JSON knows."""
        return asdict(self)


def language_of(text: str) -> str:
    """Tell in which of `LANGUAGES` a text is written, by its letters; cues in brackets do not count."""
    bare = re.sub(r"\([^()]*\)", "", text) or text
    return "ar" if len(_ARABIC.findall(bare)) > len(_LATIN.findall(bare)) else "en"


def read_guide(path: str | Path, codebook: Codebook) -> Guide:
    """Read a codebook's wording, with what stands beside it in another language and as examples.

    Any text ``key`` may have its translation under ``key_ar`` or ``key_en``, a list its own list; a frame may have
    ``examples``, the voices ``labels_ar`` and ``labels_en`` by id. Nothing of it changes a rule or what is learned.

    Parameters
    ----------
    path
        The codebook's file.
    codebook
        As read from it.

    Raises
    ------
    InputError
        Where a translation is not of the form of what it translates.
    """
    import yaml

    words = _Words(yaml.safe_load(read_text(path)), path)
    asked = []
    for question in questions(codebook):
        label = {"en": question.ask_en, "ar": question.ask_ar}
        text, rules, label = _around(words, question.id, label)
        choices = tuple(_choice(words, question.id, option) for option in question.options)
        asked.append(Asking(question.id, question.several, label, text, rules, choices))
    return Guide(words.text(words.data, "unit"), tuple(asked), words.lists(words.data, "decisions"))


def _around(words: _Words, ident: str, label: Said) -> tuple[Said, tuple[Said, ...], Said]:
    """Return the text and rules of a question, and its label as the codebook has it."""
    if ident == "frames":
        return {}, (), label
    if ident == "voice":
        return words.text(words.part("voice"), "rule"), (), label
    if ident == "tone":
        return words.text(words.part("tone"), "question"), words.lists(words.part("tone"), "rules"), label
    targets = words.part("targets")
    party = next(p for p in targets["parties"] if TARGET_PREFIX + str(p["id"]) == ident)
    covers = words.text(party, "covers")
    if party.get("label_en"):
        label = label | {"en": f"Tone towards {party['label_en']}"}
    return words.text(targets, "question"), (*([covers] if covers else []), *words.lists(targets, "rules")), label


def _choice(words: _Words, ident: str, option: Asked) -> Choice:
    label = {"en": option.label_en, "ar": option.label_ar}
    if option.id in (NO_FRAME, NOT_MENTIONED):
        return Choice(None, label, {})
    if ident == "frames":
        item = next(frame for frame in words.data["frames"] if str(frame["id"]) == option.id)
        rules = {name: words.lists(item, name) for name in ("include", "exclude", "examples")}
        return Choice(option.id, label, words.text(item, "definition"), **rules)
    if ident == "voice":
        own = words.by_id(words.part("voice"), "labels").get(option.id, {})
        meaning = words.by_id(words.part("voice"), "values").get(option.id, {})
        return Choice(option.id, label | own, meaning)
    return Choice(int(option.id), label, {})


class _Words:
    """Finds a text and its translations, and complains with the file's name."""

    def __init__(self, data: dict[str, Any], path: str | Path) -> None:
        self.data, self.path = data, path

    def part(self, key: str) -> dict[str, Any]:
        found = self.data.get(key)
        return found if isinstance(found, dict) else {}

    def text(self, mapping: Mapping[str, Any], key: str) -> Said:
        """Return a text in the languages that it is there in."""
        return self._said({name: mapping.get(name) for name in _names(key)}, key)

    def _said(self, found: Mapping[str, object], key: str) -> Said:
        said: Said = {}
        for name, value in found.items():
            if isinstance(value, (list, dict)):
                raise self._wrong(name, "one text")
            text = " ".join(str("" if value is None else value).split())
            if text:
                said[language_of(text) if name == key else name.removeprefix(key + "_")] = text
        return said

    def lists(self, mapping: Mapping[str, Any], key: str) -> tuple[Said, ...]:
        """Return each line of a list in the languages that it is there in; translations have as many lines."""
        lists: dict[str, list[object]] = {}
        for name in _names(key):
            value = mapping.get(name)
            if value is None:
                continue
            if not isinstance(value, list):
                raise self._wrong(name, "a list")
            lists[name] = value
        lengths = set(map(len, lists.values()))
        if len(lengths) > 1:
            raise self._wrong(" and ".join(lists), "as long as each other")
        rows = range(lengths.pop() if lengths else 0)
        return tuple(self._said({name: lines[row] for name, lines in lists.items()}, key) for row in rows)

    def by_id(self, mapping: Mapping[str, Any], key: str) -> dict[str, Said]:
        """Return the text of each id in the languages that it is there in."""
        tables: dict[str, dict[str, object]] = {}
        for name in _names(key):
            value = mapping.get(name)
            if value is not None and not isinstance(value, dict):
                raise self._wrong(name, "a text for each id")
            tables[name] = {str(ident): text for ident, text in (value or {}).items()}
        ids = dict.fromkeys(ident for table in tables.values() for ident in table)
        return {ident: self._said({n: table.get(ident) for n, table in tables.items()}, key) for ident in ids}

    def _wrong(self, name: str, what: str) -> InputError:
        return InputError(f"'{name}' is not {what}", file=self.path, cure="Write it as what it translates is written.")


def _names(key: str) -> tuple[str, ...]:
    return (key, *(f"{key}_{language}" for language in LANGUAGES))
