"""What coders are asked, worded from the codebook in Arabic and English: the questions that every tool shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from framing.coding.codebook import TARGET_PREFIX, Codebook, Frame
from framing.coding.exchange.form import NO_FRAME, NOT_MENTIONED, allowed, empty_means, variables

_VOICES = {
    "narrator": ("صوت الوسيلة نفسها", "the outlet itself"),
    "named": ("مصدر مسمّى", "a named source"),
    "anonymous": ("مصدر غير مسمّى", "an unnamed source"),
}
"""Words for voices that codebooks often have; another is shown by its id."""

_TONES = {-1: ("سلبية", "negative"), 0: ("محايدة", "neutral"), 1: ("إيجابية", "positive")}
_NOTHING = {NO_FRAME: ("لا إطار", "no frame"), NOT_MENTIONED: ("لم يُذكر", "not mentioned")}

CONTEXT = ("السياق، للقراءة فقط", "Context, to read only")
NOTE = ("ملاحظة", "Note")
GUIDE = "دليل الترميز"
ANSWER_FIRST = "أجب عن هذا السؤال أولًا"


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
    hint
        More of it, from the codebook; may be empty.
    """

    id: str
    label_ar: str
    label_en: str
    hint: str = ""


@dataclass(frozen=True)
class Question:
    """One question to a coder; ``id`` is the column that its answer goes to, ``several`` whether many may be chosen."""

    id: str
    ask_ar: str
    ask_en: str
    options: tuple[Option, ...]
    several: bool = False
    hint: str = ""


def questions(codebook: Codebook) -> tuple[Question, ...]:
    """Word a codebook's questions, in its order."""
    return tuple(_question(codebook, name) for name in variables(codebook))


def _question(codebook: Codebook, name: str) -> Question:
    nothing = empty_means(codebook, name)
    last = (Option(nothing, *_NOTHING[nothing]),) if nothing else ()
    if name == "frames":
        frames = tuple(Option(f.id, f.label_ar, f.label_en, f.definition) for f in codebook.frames)
        return Question(name, "الأطر في الجملة (واحد أو أكثر)", "Frames (one or more)", frames + last, several=True)
    if name == "voice":
        voices = tuple(Option(v, *_VOICES.get(v, (v, v)), hint=text) for v, text in codebook.voice.items())
        return Question(name, "مَن المتحدث في الجملة؟", "Whose voice?", voices, hint=codebook.voice_rule)
    tones = tuple(_tone(value, allowed(codebook, name)) for value in allowed(codebook, name))
    if name == "tone":
        return Question(name, "نبرة الجملة", "Tone of the unit", tones, hint=codebook.tone_question)
    party = next(p for p in codebook.parties if TARGET_PREFIX + p.id == name)
    hint = " ".join(filter(None, (codebook.target_question, party.covers)))
    return Question(name, f"النبرة تجاه {party.label_ar}", f"Tone towards {party.id}", tones + last, hint=hint)


def _tone(value: str, scale: tuple[str, ...]) -> Option:
    number = int(value)
    arabic, english = _TONES[(number > 0) - (number < 0)]
    alone = {(int(v) > 0) - (int(v) < 0) for v in scale}
    step = "" if len(alone) == len(scale) else f" ({value})"
    return Option(value, arabic + step, english + step)


def instructions(codebook: Codebook) -> str:
    """Write the codebook as HTML, folded up, for the place that a tool keeps for its instructions."""
    parts = [_folded(f"{codebook.name} {codebook.version}", [f"<p>{_own(codebook.unit)}</p>"])]
    parts += [_folded(f"{frame.label_ar} · {frame.label_en}", _frame(frame)) for frame in codebook.frames]
    for question in questions(codebook):
        if question.id != "frames":
            rules = list(codebook.tone_rules) if question.id == "tone" else []
            hints = [f"{o.label_ar} · {o.label_en}: {o.hint}" for o in question.options if o.hint]
            said = [f"<p>{_own(question.hint)}</p>"] if question.hint else []
            parts.append(_folded(f"{question.ask_ar} · {question.ask_en}", [*said, *_list([*hints, *rules])]))
    if codebook.decisions:
        parts.append(_folded("حالات ملتبسة · Borderline decisions", _list(codebook.decisions)))
    return "\n".join(parts) + "\n"


def _frame(frame: Frame) -> list[str]:
    rules = [*(f"+ {rule}" for rule in frame.include), *(f"− {rule}" for rule in frame.exclude)]
    return [f"<p>{_own(frame.definition)}</p>", *_list(rules)]


def _folded(title: str, inside: list[str]) -> str:
    return f"<details><summary>{_own(title)}</summary>{''.join(inside)}</details>" if inside else ""


def _list(lines: Sequence[str]) -> list[str]:
    return ["<ul>" + "".join(f"<li>{_own(line)}</li>" for line in lines) + "</ul>"] if lines else []


def _own(text: str) -> str:
    """Escape a text and give it its own direction, by the letters that tools do not strip as they do attributes."""
    return f"\u2068{escape(text)}\u2069"
