"""The codebook as HTML, folded up, for the place that a tool keeps for its instructions."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from framing.coding.codebook import Codebook
from framing.coding.languages import Said
from framing.coding.wording import WORDS, Option, both, questions


def instructions(codebook: Codebook) -> str:
    """Write the codebook, each text in the languages that it is written in."""
    parts = [_folded(f"{codebook.name} {codebook.version}", _text(codebook.said(codebook.unit)))]
    for question in questions(codebook):
        if question.several:
            parts += [_folded(f"{o.label_ar} · {o.label_en}", _option(o)) for o in question.options]
            continue
        hints = [{"ar": f"{o.label_ar} · {o.label_en}: {o.hint}"} for o in question.options if o.hint]
        inside = _text(question.text) + _text(question.covers) + _list([*hints, *question.rules])
        parts.append(_folded(f"{question.ask_ar} · {question.ask_en}", inside))
    parts.append(_folded(both(WORDS["decisions"]), _list([codebook.said(text) for text in codebook.decisions])))
    return "\n".join(filter(None, parts)) + "\n"


def _option(option: Option) -> str:
    lists = [f"<p>{_own(both(WORDS[name]))}</p>{_list(lines)}" for name, lines in option.parts.items()]
    return _text(option.definition) + "".join(lists)


def _folded(title: str, inside: str) -> str:
    return f"<details><summary>{_own(title)}</summary>{inside}</details>" if inside else ""


def _text(said: Said) -> str:
    return "".join(f"<p>{line}</p>" for line in _lines(said))


def _list(texts: Sequence[Said]) -> str:
    return "<ul>" + "".join(f"<li>{'<br>'.join(_lines(said))}</li>" for said in texts) + "</ul>" if texts else ""


def _lines(said: Said) -> list[str]:
    return [_own(said[language]) for language in ("ar", "en") if language in said]


def _own(text: str) -> str:
    """Escape a text and give it its own direction, by the letters that tools do not strip as they do attributes."""
    return f"\u2068{escape(text)}\u2069"
