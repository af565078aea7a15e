"""Normalisation: one case per option, and what holds for any text."""

from __future__ import annotations

import builtins
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.corpus import normalisation
from framing.corpus.normalisation import normalise
from framing.errors import MissingDependencyError

OPTIONS = ("alef", "alef_maksura", "teh_marbuta", "diacritics", "tatweel", "unicode")


def only(option: str, text: str) -> str:
    return normalise(text, **{name: name == option for name in OPTIONS})


@pytest.mark.parametrize(
    ("option", "text", "expected"),
    [
        ("alef", "أإآٱا", "ااااا"),
        ("alef_maksura", "مستشفى", "مستشفي"),
        ("teh_marbuta", "حديقة", "حديقه"),
        ("diacritics", "مَدِينَةٌ", "مدينة"),
        ("diacritics", "شدّة", "شدة"),
        ("tatweel", "مطـــر", "مطر"),
        ("unicode", "ﻣﻄﺮ", "مطر"),
        ("unicode", "ﷲ", "الله"),
        ("unicode", "\ufeffمطر\u200f\u200b", "مطر"),
    ],
)
def test_each_option_does_one_thing(option: str, text: str, expected: str) -> None:
    assert only(option, text) == expected
    assert normalise(text, **dict.fromkeys(OPTIONS, False)) == text
    assert normalise(text, **{option: False}) != normalise(text)


def test_presentation_forms_are_folded_before_letters() -> None:
    assert normalise("ﺃﻣﻄﺎﺭ") == "امطار"


def test_latin_and_digits_stay() -> None:
    assert normalise("Cinema 2.7% ٢٠٢٥") == "Cinema 2.7% ٢٠٢٥"


@given(st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x6FF)))
@settings(deadline=None)
def test_twice_is_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_missing_camel_tools_names_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_camel(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("camel_tools"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without_camel)
    normalisation._camel.cache_clear()
    normalisation._folder.cache_clear()
    with pytest.raises(MissingDependencyError, match="pip install camel-tools"):
        normalise("مطر")
    monkeypatch.undo()
    assert normalise("مطر") == "مطر"


def test_importing_the_room_stays_light() -> None:
    heavy = "camel_tools", "torch", "nltk", "pysbd", "sentencex", "sklearn", "matplotlib"
    code = f"import sys, framing.corpus; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
