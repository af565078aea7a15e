"""The codebook as data: what is coded, with which values, read from YAML."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from framing.errors import InputError
from framing.files import read_text

VariableKind = Literal["frame", "mention", "ordinal", "nominal"]
"""frame: present or not in a unit, several may be; mention: a party is spoken of or not; ordinal: one value of
an ordered scale; nominal: one value of an unordered list."""

TARGET_PREFIX = "tone_"
MENTION_PREFIX = "mentions_"
FRAME_PREFIX = "has_"

RESERVED = frozenset({"tone", "voice", "macro", "macro_f1", "low", "high"})
"""Words that stand beside frame ids in results, so that no frame may be called so."""


@dataclass(frozen=True)
class Frame:
    """One frame: its id, its labels, and the rules that coders follow."""

    id: str
    label_en: str
    label_ar: str
    definition: str
    include: tuple[str, ...]
    exclude: tuple[str, ...]


@dataclass(frozen=True)
class Party:
    """One party towards which tone is coded."""

    id: str
    label_ar: str
    covers: str


@dataclass(frozen=True)
class Variable:
    """One thing that is coded of every unit.

    Attributes
    ----------
    id
        Name in results: a frame's id, ``tone``, ``tone_<party>``, ``mentions_<party>`` or ``voice``.
    column
        Name of the column that holds it in a parsed table of codings.
    kind
        See `VariableKind`.
    values
        Its values, in order for an ordinal one.
    """

    id: str
    column: str
    kind: VariableKind
    values: tuple[object, ...]


@dataclass(frozen=True)
class Codebook:
    """Everything that coders are told, and every value they may give."""

    name: str
    version: str
    language: str
    unit: str
    frames: tuple[Frame, ...]
    tone: tuple[int, ...]
    tone_question: str
    target_tone: tuple[int, ...]
    parties: tuple[Party, ...]
    voice: dict[str, str]
    decisions: tuple[str, ...]

    @cached_property
    def frame_ids(self) -> tuple[str, ...]:
        """Ids of the frames, in the codebook's order."""
        return tuple(frame.id for frame in self.frames)

    @cached_property
    def party_ids(self) -> tuple[str, ...]:
        """Ids of the parties, in the codebook's order."""
        return tuple(party.id for party in self.parties)

    @cached_property
    def variables(self) -> tuple[Variable, ...]:
        """Every coded variable, in the codebook's order."""
        found = [Variable(f.id, FRAME_PREFIX + f.id, "frame", (False, True)) for f in self.frames]
        if self.tone:
            found.append(Variable("tone", "tone", "ordinal", self.tone))
        for party in self.parties:
            mention = MENTION_PREFIX + party.id
            target = TARGET_PREFIX + party.id
            found.append(Variable(mention, mention, "mention", (False, True)))
            found.append(Variable(target, target, "ordinal", self.target_tone))
        if self.voice:
            found.append(Variable("voice", "voice", "nominal", tuple(self.voice)))
        return tuple(found)


def read_codebook(path: str | Path) -> Codebook:
    """Read a codebook from YAML.

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
    return _Parser(data, path).codebook()


class _Parser:
    """Takes the YAML mapping apart and complains with the file's name."""

    def __init__(self, data: dict[str, Any], path: str | Path) -> None:
        self.data, self.path = data, path

    def need(self, mapping: Any, key: str, where: str) -> Any:
        if not isinstance(mapping, dict) or mapping.get(key) in (None, ""):
            raise InputError(f"{where} has no '{key}'", file=self.path, cure=f"Add '{key}:' there.")
        return mapping[key]

    def scale(self, section: str) -> tuple[int, ...]:
        if section not in self.data:
            return ()
        values = [v for v in self.need(self.data[section], "scale", section) if v is not None]
        if not all(isinstance(v, int) for v in values) or sorted(set(values)) != values:
            raise InputError(
                f"the scale of {section} is not a rising list of whole numbers",
                file=self.path,
                cure="Write it as [-1, 0, 1].",
            )
        return tuple(values)

    def frame(self, item: Any) -> Frame:
        ident = str(self.need(item, "id", "a frame"))
        return Frame(
            id=ident,
            label_en=str(item.get("label_en", ident)),
            label_ar=str(item.get("label_ar", ident)),
            definition=_line(self.need(item, "definition", f"frame '{ident}'")),
            include=tuple(map(str, item.get("include") or ())),
            exclude=tuple(map(str, item.get("exclude") or ())),
        )

    def party(self, item: Any) -> Party:
        ident = str(self.need(item, "id", "a party"))
        return Party(ident, str(item.get("label_ar", ident)), _line(item.get("covers", "")))

    def codebook(self) -> Codebook:
        data = self.data
        frames = tuple(map(self.frame, self.need(data, "frames", "the codebook")))
        parties = tuple(map(self.party, data.get("targets", {}).get("parties") or ()))
        for kind, ids in (("frame", [f.id for f in frames]), ("party", [p.id for p in parties])):
            twice = {i for i in ids if ids.count(i) > 1}
            if twice:
                raise InputError(
                    f"the {kind} '{sorted(twice)[0]}' stands twice", file=self.path, cure="Keep one of them."
                )
        taken = sorted({f.id for f in frames} & RESERVED)
        if taken:
            raise InputError(
                f"'{taken[0]}' is a word that results use themselves", file=self.path, cure="Give the frame another id."
            )
        voice = data.get("voice", {}).get("values") or {}
        return Codebook(
            name=str(self.need(data, "name", "the codebook")),
            version=str(self.need(data, "version", "the codebook")),
            language=str(data.get("language", "ar")),
            unit=_line(data.get("unit", "")),
            frames=frames,
            tone=self.scale("tone"),
            tone_question=_line(data.get("tone", {}).get("question", "")),
            target_tone=self.scale("targets"),
            parties=parties,
            voice={str(key): _line(value) for key, value in voice.items()},
            decisions=tuple(map(str, data.get("decisions") or ())),
        )


def _line(text: object) -> str:
    return " ".join(str(text).split())
