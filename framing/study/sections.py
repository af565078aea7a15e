"""The sections of a study file that say what is read off the text: [facts] and [wording]."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal, get_args

from framing.errors import InputError
from framing.portrayal.claims import Fact
from framing.portrayal.measured import FigureKind

Words = Literal["stems", "lemmas"]
"""stems: light stems, which need no data (default); lemmas: of camel-tools' analyser, whose data must be installed."""

Contrasts = dict[str, dict[str, tuple[str, ...]]]
"""Terms of each contrast by their name, each with the words that stand for it."""

_ID = re.compile(r"\w+")
_LISTS = ("triggers", "parties", "unless", "measures")
_FACT_KEYS = ("label", "kind", "several", "label_ar", *_LISTS)
_WORDING_KEYS = ("words", "window", "least", "contrasts")


def read_facts(section: dict[str, Any], parties: tuple[str, ...], file: Path) -> tuple[Fact, ...]:
    """Read [facts.<id>] of a study file.

    Raises
    ------
    InputError
        Where a fact has no kind or triggers, a key or party is unknown, or a value has the wrong type.
    """
    return tuple(_fact(name, value, parties, file) for name, value in section.items())


def _fact(name: str, value: object, parties: tuple[str, ...], file: Path) -> Fact:
    where = f"facts.{name}"
    if not isinstance(value, dict):
        raise InputError(f"{where} is {value!r}", file=file, cure=f"Write it as a section of its own: [{where}].")
    if not _ID.fullmatch(name):
        raise InputError(f"the fact '{name}' is no id", file=file, cure="Use letters, digits and _ alone.")
    for key in value:
        if key not in _FACT_KEYS:
            raise InputError(f"unknown key {where}.{key}", file=file, cure=f"Known are {', '.join(_FACT_KEYS)}.")
    kinds = get_args(FigureKind)
    if value.get("kind") not in kinds:
        problem = f"no {where}.kind" if "kind" not in value else f"{where}.kind is {value['kind']!r}"
        raise InputError(problem, file=file, cure=f"Use one of {', '.join(kinds)}.")
    lists = {key: _texts(f"{where}.{key}", value.get(key, []), file) for key in _LISTS}
    if not lists["triggers"]:
        raise InputError(
            f"{where} has no triggers",
            file=file,
            cure=f"List words near its figures: triggers = [...] under [{where}].",
        )
    unknown = [party for party in lists["parties"] if party not in parties]
    if unknown:
        raise InputError(
            f"{where}.parties names '{unknown[0]}', which [parties] does not",
            file=file,
            cure=f"Known are {', '.join(parties) or 'none'}.",
        )
    labels = {"label": value.get("label", name), "label_ar": value.get("label_ar", "")}
    for key, label in labels.items():
        if not isinstance(label, str):
            raise InputError(f"{where}.{key} is {label!r}", file=file, cure="It must be a text in quotes.")
    several = value.get("several", False)
    if not isinstance(several, bool):
        raise InputError(f"{where}.several is {several!r}", file=file, cure="It must be true or false.")
    return Fact(
        id=name, kind=value["kind"], label=labels["label"], label_ar=labels["label_ar"], several=several, **lists
    )


def _texts(where: str, value: object, file: Path) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) and re.search(r"[\w%]", text) for text in value):
        raise InputError(f"{where} is not a list of words", file=file, cure='Write it as ["word", "other word"].')
    return tuple(value)


def read_wording(section: dict[str, Any], file: Path) -> tuple[Words, int, int, Contrasts]:
    """Read [wording] of a study file: how words are counted, the window of collocations, the least count, contrasts.

    Raises
    ------
    InputError
        Where a key is unknown, a value has the wrong type, or a contrast has fewer than two terms.
    """
    for key in section:
        if key not in _WORDING_KEYS:
            raise InputError(f"unknown key wording.{key}", file=file, cure=f"Known are {', '.join(_WORDING_KEYS)}.")
    words = section.get("words", "stems")
    if words not in get_args(Words):
        raise InputError(f"wording.words is {words!r}", file=file, cure=f"Use one of {', '.join(get_args(Words))}.")
    numbers = {key: section.get(key, default) for key, default in (("window", 5), ("least", 3))}
    for key, number in numbers.items():
        if type(number) is not int or number < 1:
            raise InputError(f"wording.{key} is {number!r}", file=file, cure="It must be a whole number from 1.")
    contrasts = section.get("contrasts", {})
    if not isinstance(contrasts, dict):
        raise InputError(
            "wording.contrasts is no section", file=file, cure='Write [wording.contrasts.NAME] with term = ["word"].'
        )
    return words, numbers["window"], numbers["least"], {name: _terms(name, v, file) for name, v in contrasts.items()}


def _terms(name: str, value: object, file: Path) -> dict[str, tuple[str, ...]]:
    where = f"wording.contrasts.{name}"
    if not isinstance(value, dict) or len(value) < 2:
        raise InputError(
            f"{where} has fewer than two terms",
            file=file,
            cure=f'Write [{where}] with two or more lines like term = ["word", "other word"].',
        )
    terms = {str(term): _texts(f"{where}.{term}", words, file) for term, words in value.items()}
    empty = [term for term, words in terms.items() if not words]
    if empty:
        raise InputError(f"{where}.{empty[0]} lists no word", file=file, cure="List at least one, or remove the term.")
    return terms
