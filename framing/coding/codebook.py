"""The codebook as data: what is coded, with which values, read from YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from framing.coding.languages import Said, Texts, language_of, line
from framing.errors import InputError
from framing.files import read_text

VariableKind = Literal["frame", "mention", "ordinal", "nominal"]
"""frame: present or not in a unit, several may be; mention: a party is spoken of or not; ordinal: one value of
an ordered scale; nominal: one value of an unordered list."""

TARGET_PREFIX = "tone_"
MENTION_PREFIX = "mentions_"
FRAME_PREFIX = "has_"
PROBABILITY_PREFIX = "frame_"
"""Before a frame's id where the column holds its probability, as ``framing predict`` writes it."""

RESERVED = frozenset(
    {"tone", "voice", "macro", "macro_all", "macro_f1", "exact", "low", "high", "negative", "neutral", "positive"}
)
"""Words that stand beside ids in results, so that no frame, party or voice may be called so."""

NO_FRAMES = "the codebook has no frames"
WRITE_FRAMES = "Write at least one under 'frames:', with an id and a definition."

FRAME_LISTS = ("include", "exclude", "examples")

_ID = re.compile(r"\w+")


@dataclass(frozen=True)
class Frame:
    """One frame: its id, its labels, and the rules and examples that coders read; nothing is learned from examples."""

    id: str
    label_en: str
    label_ar: str
    definition: str
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    examples: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Party:
    """One party towards which tone is coded."""

    id: str
    label_ar: str
    covers: str
    label_en: str = field(default="", repr=False)


@dataclass(frozen=True)
class Variable:
    """One thing that is coded of every unit.

    Attributes
    ----------
    id
        Name in results: a frame's id, ``tone``, ``tone_<party>``, ``mentions_<party>`` or ``voice``.
    column
        Name of the column that holds it in a parsed table of codings.
    label
        Name in words.
    kind
        See `VariableKind`.
    values
        Its values, in order for an ordinal one.
    """

    id: str
    column: str
    label: str
    kind: VariableKind
    values: tuple[object, ...]


@dataclass(frozen=True)
class Codebook:
    """Everything that coders are told, and every value they may give.

    ``context`` is how many units before a unit coders may read: a classifier may then, too. ``translations`` has each
    text that stands in several languages, by the text, ``voice_labels`` what voices are called.
    """

    name: str
    version: str
    language: str
    unit: str
    context: int
    frames: tuple[Frame, ...]
    tone: tuple[int, ...]
    tone_question: str
    tone_rules: tuple[str, ...]
    target_tone: tuple[int, ...]
    target_question: str
    parties: tuple[Party, ...]
    voice: dict[str, str]
    voice_rule: str
    decisions: tuple[str, ...]
    target_rules: tuple[str, ...] = ()
    voice_labels: Mapping[str, str] = field(default_factory=dict, repr=False)
    translations: Mapping[str, Said] = field(default_factory=dict, repr=False)

    def said(self, text: str) -> Said:
        """Return one of the codebook's texts in each language that it is written in."""
        return self.translations.get(text) or ({language_of(text): text} if text else {})

    @cached_property
    def frame_ids(self) -> tuple[str, ...]:
        """Ids of the frames, in the codebook's order."""
        return tuple(frame.id for frame in self.frames)

    @cached_property
    def party_ids(self) -> tuple[str, ...]:
        """Ids of the parties, in the codebook's order."""
        return tuple(party.id for party in self.parties)

    def party_of(self, variable: str) -> str | None:
        """Return the party towards which a variable is the tone; None for any other variable."""
        party = variable.removeprefix(TARGET_PREFIX)
        return party if party != variable and party in self.party_ids else None

    @cached_property
    def variables(self) -> tuple[Variable, ...]:
        """Every coded variable, in the codebook's order."""
        found = [Variable(f.id, FRAME_PREFIX + f.id, f.label_en, "frame", (False, True)) for f in self.frames]
        if self.tone:
            found.append(Variable("tone", "tone", "tone", "ordinal", self.tone))
        for party in self.parties:
            mention, target = MENTION_PREFIX + party.id, TARGET_PREFIX + party.id
            found.append(Variable(mention, mention, f"mention of {party.id}", "mention", (False, True)))
            found.append(Variable(target, target, f"tone towards {party.id}", "ordinal", self.target_tone))
        if self.voice:
            found.append(Variable("voice", "voice", "voice", "nominal", tuple(self.voice)))
        return tuple(found)


def read_codebook(path: str | Path, *, draft: bool = False) -> Codebook:
    """Read a codebook from YAML.

    Parameters
    ----------
    draft
        Take one without frames, too: they are still to be written.

    Raises
    ------
    InputError
        Where the file is missing, is not YAML, or lacks a part that a codebook needs.
    """
    import yaml

    try:
        data = yaml.safe_load(read_text(path))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise InputError(
            f"not valid YAML ({getattr(error, 'problem', error)})",
            file=path,
            row=None if mark is None else mark.line + 1,
            cure="Check indentation and quotes at that line.",
        ) from None
    if not isinstance(data, dict):
        raise InputError("not a codebook", file=path, cure="Write name, version and frames at the top level.")
    return _Parser(data, path, draft).codebook()


class _Parser:
    """Takes the YAML mapping apart and complains with the file's name."""

    def __init__(self, data: dict[str, Any], path: str | Path, draft: bool) -> None:
        self.data, self.path, self.draft = data, path, draft
        self.texts = Texts(path)

    def need(self, mapping: dict[str, Any], key: str, where: str) -> Any:
        if mapping.get(key) in (None, "", []):
            raise InputError(f"{where} has no '{key}'", file=self.path, cure=f"Add '{key}:' there.")
        return mapping[key]

    def mapping(self, value: object, where: str) -> dict[str, Any]:
        """Return a mapping, an empty one for nothing."""
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise InputError(f"{where} is not a mapping", file=self.path, cure="Write 'key: value' lines under it.")
        return value

    def sequence(self, value: object, where: str) -> list[Any]:
        """Return a list, an empty one for nothing."""
        if value is None:
            return []
        if not isinstance(value, list):
            raise InputError(f"{where} is not a list", file=self.path, cure="Begin each of its lines with '- '.")
        return value

    def ident(self, item: dict[str, Any], where: str) -> str:
        return self.allowed(str(self.need(item, "id", where)), where)

    def allowed(self, ident: str, where: str) -> str:
        if not _ID.fullmatch(ident):
            raise InputError(
                f"{where} has the id '{ident}'", file=self.path, cure="Use letters, digits and underscores alone."
            )
        if ident in RESERVED:
            raise InputError(
                f"'{ident}' is a word that results use themselves", file=self.path, cure=f"Give {where} another id."
            )
        return ident

    def scale(self, section: str) -> tuple[int, ...]:
        found = self.mapping(self.data.get(section), section)
        if not found:
            return ()
        values = [
            v for v in self.sequence(self.need(found, "scale", section), f"the scale of {section}") if v is not None
        ]
        whole = all(type(v) is int for v in values)
        if not whole or sorted(set(values)) != values or not values or not values[0] < 0 < values[-1]:
            raise InputError(
                f"the scale of {section} is not a rising list of whole numbers from below 0 to above it",
                file=self.path,
                cure="Write it as [-1, 0, 1].",
            )
        return tuple(values)

    def count(self, key: str) -> int:
        """Return a whole number from 0, which stands for nothing."""
        value = self.data.get(key, 0)
        if type(value) is not int or value < 0:
            raise InputError(f"{key} is {value!r}", file=self.path, cure="Write a whole number from 0, such as 2.")
        return value

    def frame(self, value: Any) -> Frame:
        item = self.mapping(value, "a frame")
        ident = self.ident(item, "a frame")
        where = f"frame '{ident}'"
        self.need(item, "definition", where)
        include, exclude, examples = (self.lines(item, key, f"'{key}' of {where}") for key in FRAME_LISTS)
        return Frame(
            id=ident,
            label_en=str(item.get("label_en", ident)),
            label_ar=str(item.get("label_ar", ident)),
            definition=self.texts.text(item, "definition"),
            include=include,
            exclude=exclude,
            examples=examples,
        )

    def lines(self, item: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
        self.sequence(item.get(key), where)
        return self.texts.lists(item, key)

    def party(self, value: Any) -> Party:
        item = self.mapping(value, "a party")
        ident = self.ident(item, "a party")
        covers = self.texts.text(item, "covers")
        return Party(ident, str(item.get("label_ar", ident)), covers, line(item.get("label_en")))

    def codebook(self) -> Codebook:
        data = self.data
        frames = tuple(map(self.frame, self.sequence(data.get("frames"), "frames")))
        if not frames and not self.draft:
            raise InputError(NO_FRAMES, file=self.path, cure=WRITE_FRAMES)
        tone, targets, voice = (self.mapping(data.get(section), section) for section in ("tone", "targets", "voice"))
        parties = tuple(map(self.party, self.sequence(targets.get("parties"), "targets.parties")))
        for kind, ids in (("frame", [f.id for f in frames]), ("party", [p.id for p in parties])):
            twice = sorted({i for i in ids if ids.count(i) > 1})
            if twice:
                raise InputError(f"the {kind} '{twice[0]}' stands twice", file=self.path, cure="Keep one of them.")
        voices, texts = self.mapping(voice.get("values"), "voice.values"), self.texts
        meanings = texts.by_id(voice, "values")
        return Codebook(
            name=str(self.need(data, "name", "the codebook")),
            version=str(self.need(data, "version", "the codebook")),
            language=str(data.get("language", "ar")),
            unit=texts.text(data, "unit"),
            context=self.count("context"),
            frames=frames,
            tone=self.scale("tone"),
            tone_question=texts.text(tone, "question"),
            tone_rules=self.lines(tone, "rules", "tone.rules"),
            target_tone=self.scale("targets"),
            target_question=texts.text(targets, "question"),
            parties=parties,
            voice={self.allowed(str(key), "a voice"): meanings[str(key)] for key in voices},
            voice_rule=texts.text(voice, "rule"),
            decisions=self.lines(data, "decisions", "decisions"),
            target_rules=self.lines(targets, "rules", "targets.rules"),
            voice_labels=texts.by_id(voice, "labels"),
            translations=texts.said,
        )
