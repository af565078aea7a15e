"""The codebook as the desk's page reads it: every rule in each language that it is written in, with its examples."""

from __future__ import annotations

from typing import Any

from framing.coding.codebook import Codebook
from framing.coding.exchange.form import NO_FRAME, NOT_MENTIONED
from framing.coding.wording import Option, Question, questions


def guide(codebook: Codebook) -> dict[str, Any]:
    """Return everything that coders read beside a unit, as what JSON knows.

    Returns
    -------
    dict
        ``unit``, ``questions`` and ``decisions``; each text as a `framing.coding.languages.Said`. The ``value`` of a
        choice is as an answer holds it, None for what is nothing by choice (no frame, party not mentioned).
    """
    return {
        "unit": codebook.said(codebook.unit),
        "questions": [_question(question) for question in questions(codebook)],
        "decisions": [codebook.said(text) for text in codebook.decisions],
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "many": question.several,
        "label": {"en": question.ask_en, "ar": question.ask_ar},
        "text": question.text,
        "rules": [*([question.covers] if question.covers else []), *question.rules],
        "choices": [_choice(option, question) for option in question.options],
    }


def _choice(option: Option, question: Question) -> dict[str, Any]:
    number = question.id not in ("frames", "voice")
    nothing = option.id in (NO_FRAME, NOT_MENTIONED)
    return {
        "value": None if nothing else int(option.id) if number else option.id,
        "label": {"en": option.label_en, "ar": option.label_ar},
        "definition": option.definition,
        "include": list(option.include),
        "exclude": list(option.exclude),
        "examples": list(option.examples),
    }
