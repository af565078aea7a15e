"""What coders are asked and told, worded from the codebook in Arabic and English: one wording for all tools."""

from __future__ import annotations

from dataclasses import dataclass, field

from framing.coding.codebook import TARGET_PREFIX, Codebook, Frame
from framing.coding.exchange.form import NO_FRAME, NOT_MENTIONED, allowed, empty_means, variables
from framing.coding.languages import Said

_VOICES = {
    "narrator": ("صوت الوسيلة نفسها", "the outlet itself"),
    "named": ("مصدر مسمّى", "a named source"),
    "anonymous": ("مصدر غير مسمّى", "an unnamed source"),
}
"""Words for voices that codebooks often have; another is shown by its label there, or its id."""

_TONES = {-1: ("سلبية", "negative"), 0: ("محايدة", "neutral"), 1: ("إيجابية", "positive")}
_NOTHING = {NO_FRAME: ("لا إطار", "no frame"), NOT_MENTIONED: ("لم يُذكر", "not mentioned")}

CONTEXT = ("السياق، للقراءة فقط", "Context, to read only")
NOTE = ("ملاحظة", "Note")
ANSWER_FIRST = "أجب عن هذا السؤال أولًا"

WORDS: dict[str, Said] = {
    "book": {"ar": "دليل الترميز", "en": "Codebook"},
    "what_unit": {"ar": "ما الوحدة؟", "en": "What is a unit?"},
    "include": {"ar": "يُرمَّز عند", "en": "Code it for"},
    "exclude": {"ar": "لا يُرمَّز عند", "en": "Do not code it for"},
    "examples": {"ar": "أمثلة", "en": "Examples"},
    "rules": {"ar": "قواعد", "en": "Rules"},
    "decisions": {"ar": "حالات حدِّية", "en": "Borderline points"},
}
"""Headings of the codebook's parts."""


def both(said: Said) -> str:
    """Return a text in its languages one after the other, Arabic first: for places that hold a single text."""
    return " · ".join(said[language] for language in ("ar", "en") if language in said)


@dataclass(frozen=True)
class Option:
    """One thing that a coder may choose.

    Attributes
    ----------
    id
        What the tool keeps, in ASCII where the codebook's ids are: a frame's id, a number, a voice's id, `NO_FRAME`
        or `NOT_MENTIONED`.
    label_ar, label_en
        What the coder sees.
    definition, include, exclude, examples
        More of it, from the codebook; may be empty.
    """

    id: str
    label_ar: str
    label_en: str
    definition: Said = field(default_factory=dict)
    include: tuple[Said, ...] = ()
    exclude: tuple[Said, ...] = ()
    examples: tuple[Said, ...] = ()

    @property
    def hint(self) -> str:
        """The definition, as `both` writes it."""
        return both(self.definition)

    @property
    def parts(self) -> dict[str, tuple[Said, ...]]:
        """What is to be included and excluded, and examples, by their names in `WORDS`, as far as there are any."""
        found = {"include": self.include, "exclude": self.exclude, "examples": self.examples}
        return {name: lines for name, lines in found.items() if lines}


@dataclass(frozen=True)
class Question:
    """One question to a coder; ``id`` is the column that its answer goes to, ``several`` whether many may be chosen.

    ``text`` is the codebook's own question, ``covers`` what a party is, ``rules`` how to decide.
    """

    id: str
    ask_ar: str
    ask_en: str
    options: tuple[Option, ...]
    several: bool = False
    text: Said = field(default_factory=dict)
    covers: Said = field(default_factory=dict)
    rules: tuple[Said, ...] = ()

    @property
    def hint(self) -> str:
        """The codebook's question and what it covers, as `both` writes them."""
        return " ".join(filter(None, (both(self.text), both(self.covers))))


def questions(codebook: Codebook) -> tuple[Question, ...]:
    """Word a codebook's questions, in its order."""
    return tuple(_question(codebook, name) for name in variables(codebook))


def _question(codebook: Codebook, name: str) -> Question:
    nothing, said = empty_means(codebook, name), codebook.said
    last = (Option(nothing, *_NOTHING[nothing]),) if nothing else ()
    if name == "frames":
        frames = tuple(_frame(codebook, frame) for frame in codebook.frames)
        return Question(name, "الأطر في الجملة (واحد أو أكثر)", "Frames (one or more)", frames + last, several=True)
    if name == "voice":
        voices = tuple(Option(v, *_voice(codebook, v), said(text)) for v, text in codebook.voice.items())
        return Question(name, "مَن المتحدث في الجملة؟", "Whose voice?", voices, text=said(codebook.voice_rule))
    tones = tuple(_tone(value, allowed(codebook, name)) for value in allowed(codebook, name))
    if name == "tone":
        text, rules = said(codebook.tone_question), tuple(map(said, codebook.tone_rules))
        return Question(name, "نبرة الجملة", "Tone of the unit", tones, text=text, rules=rules)
    party = next(p for p in codebook.parties if TARGET_PREFIX + p.id == name)
    return Question(
        name,
        f"النبرة تجاه {party.label_ar}",
        f"Tone towards {party.label_en or party.id}",
        tones + last,
        text=said(codebook.target_question),
        covers=said(party.covers),
        rules=tuple(map(said, codebook.target_rules)),
    )


def _frame(codebook: Codebook, frame: Frame) -> Option:
    lists = (tuple(map(codebook.said, lines)) for lines in (frame.include, frame.exclude, frame.examples))
    return Option(frame.id, frame.label_ar, frame.label_en, codebook.said(frame.definition), *lists)


def _voice(codebook: Codebook, voice: str) -> tuple[str, str]:
    arabic, english = _VOICES.get(voice, (voice, voice))
    own = codebook.said(codebook.voice_labels.get(voice, ""))
    return own.get("ar", arabic), own.get("en", english)


def _tone(value: str, scale: tuple[str, ...]) -> Option:
    number = int(value)
    arabic, english = _TONES[(number > 0) - (number < 0)]
    alone = {(int(v) > 0) - (int(v) < 0) for v in scale}
    step = "" if len(alone) == len(scale) else f" ({value})"
    return Option(value, arabic + step, english + step)
