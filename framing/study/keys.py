"""The keys of a study file, and what may stand under each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal, get_args

from framing.comparison.contrasts import EXPLORATION
from framing.comparison.estimates import Weight
from framing.errors import InputError
from framing.models.encoders import is_encoder
from framing.models.features import FEATURES

_KEYS: dict[str, dict[str, type]] = {
    "study": {"name": str, "title": str, "event": str, "seed": int, "title_ar": str, "event_ar": str},
    "corpus": {"articles": str, "sources": str},
    "coding": {
        "codebook": str,
        "segments": str,
        "codings": str,
        "gold": str,
        "provenance": str,
        "facts": str,
        "sources": str,
        "drawn": str,
        "predicted": str,
    },
    "models": {
        **{"backend": str, "encoder": str, "model": str, "base_url": str, "exemplars": str},
        **{"scorer": str, "scorer_model": str, "target_exemplars": str, "voice": str},
    },
    "comparison": {"permutations": int, "weight": str, "equivalence": float, "families": dict},
}

Backend = Literal["embedding", "tfidf", "transformer", "llm"]
"""What classifies frames. embedding: views of sentence vectors and n-grams (default); tfidf: n-grams alone;
transformer: an encoder trained further on the gold; llm: a language model that codes by the codebook, over an
endpoint."""

ScorerName = Literal["average", "learned", "lexicon", "camel", "transformers"]
"""What scores tone. average: mean of learned and lexicon (default where tone has three values); learned: from gold and
exemplars (default elsewhere); lexicon: the bundled one; camel: a model of camel-tools; transformers: any classifier of
sentiment, from a folder or the hub."""

VoiceSystem = Literal["rules", "learned"]
"""What tells voice. rules: attribution read off the text, where the codebook has its three values; learned: a
classifier of the study's encoder."""

_CHOICES: dict[str, tuple[str, ...]] = {
    "encoder": FEATURES,
    "backend": get_args(Backend),
    "scorer": get_args(ScorerName),
    "weight": get_args(Weight),
    "voice": get_args(VoiceSystem),
}
_OWN_READERS = ("facts", "wording")
"""Sections that `framing.study.sections` checks."""
_KINDS = {int: "a whole number", float: "a number such as 0.1", str: "a text in quotes", dict: "a table of lists"}
_LEAST = {"seed": 0, "permutations": 99}
_NEEDED = (("study", "name"), ("study", "seed"), ("corpus", "articles"), ("coding", "codebook"))


def _is_name(value: object) -> bool:
    return isinstance(value, str) and any(letter.isalnum() for letter in value)


def check_keys(data: dict[str, Any], file: Path) -> None:
    """Complain of the first key of a study file that is unknown, missing, or has a value of the wrong type.

    Raises
    ------
    InputError
        Naming the key.
    """
    known = [*_KEYS, "parties", *_OWN_READERS]
    for section, values in data.items():
        if section not in known or not isinstance(values, dict):
            raise InputError(f"unknown section [{section}]", file=file, cure=f"Known are {', '.join(known)}.")
        for key, value in values.items():
            if section == "parties":
                _check_names(key, value, file)
            elif section in _KEYS:
                _check_value(section, key, value, file)
    _check_pair(data.get("coding", {}), file)
    for section, key in _NEEDED:
        if key not in data.get(section, {}):
            raise InputError(f"no {section}.{key}", file=file, cure=f"Add '{key} = ...' under [{section}].")


def _check_pair(coding: dict[str, Any], file: Path) -> None:
    """Drawn gold and the machine labels that it was drawn from need each other."""
    for key, other, how in (
        ("drawn", "predicted", "the table that 'framing predict' wrote and the units were drawn from"),
        ("predicted", "drawn", "the units that 'framing plan --draw' drew from it, coded"),
    ):
        if key in coding and other not in coding:
            raise InputError(
                f"coding.{key} without coding.{other}", file=file, cure=f'Add {other} = "..." under [coding]: {how}.'
            )


def _check_names(party: str, value: object, file: Path) -> None:
    if not isinstance(value, list) or not value or not all(_is_name(name) for name in value):
        raise InputError(
            f"parties.{party} is not a list of names", file=file, cure='Write it as ["name", "other name"].'
        )


def _check_value(section: str, key: str, value: object, file: Path) -> None:
    where = f"{section}.{key}"
    if key not in _KEYS[section]:
        raise InputError(f"unknown key {where}", file=file, cure=f"Known are {', '.join(_KEYS[section])}.")
    wanted = _KEYS[section][key]
    if type(value) is not wanted:
        raise InputError(f"{where} is {value!r}", file=file, cure=f"It must be {_KINDS[wanted]}.")
    least = _LEAST.get(key, 0)
    if isinstance(value, int) and value < least:
        raise InputError(f"{where} is {value}", file=file, cure=f"It must be {least} or more.")
    if isinstance(value, float) and not 0 < value < 1:
        raise InputError(f"{where} is {value}", file=file, cure="It must be above 0 and below 1.")
    if isinstance(value, dict):
        _check_families(value, file)
    if key == "encoder" and isinstance(value, str) and is_encoder(value):
        return
    if key in _CHOICES and value not in _CHOICES[key]:
        raise InputError(f"{where} is {value!r}", file=file, cure=f"Use one of {', '.join(_CHOICES[key])}.")


def _check_families(families: dict[str, object], file: Path) -> None:
    for name, members in families.items():
        if not re.fullmatch(r"\w+", name) or name == EXPLORATION:
            raise InputError(
                f"a family of tests is called '{name}'",
                file=file,
                cure=f"Use letters, digits and underscores; '{EXPLORATION}' is the name of what is in no family.",
            )
        if not isinstance(members, list) or not members or not all(isinstance(m, str) for m in members):
            raise InputError(
                f"comparison.families.{name} is not a list of variables",
                file=file,
                cure='Write it as ["tone", "tone_<party>"].',
            )
