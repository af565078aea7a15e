from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from framing.corpus import normalise
from framing.corpus.alignment import folded

LETTERS = st.text(alphabet='ابتةىيأإآؤئءلمـ\u064b\u064e\u0651\u0653\u0654\u200f\ufeff "«»ﷲﻻ٪5٥Aa.', max_size=40)


@settings(deadline=None)
@given(LETTERS)
def test_it_is_what_normalisation_gives_and_every_character_has_its_place(text: str) -> None:
    found = folded(text)
    assert found.text == normalise(text)
    assert len(found.starts) == len(found.ends) == len(found.text)
    assert list(found.starts) == sorted(found.starts)
    for place in range(len(found.text)):
        start, end = found.span(place, place + 1)
        assert found.text[place] in normalise(text[start:end])


def test_a_span_of_the_folded_text_is_cut_from_the_original() -> None:
    text = "قالتْ «الجمعيّة» أُولـى"
    found = folded(text)
    place = found.text.index("الجمعيه")
    assert text[slice(*found.span(place, place + 7))] == "الجمعيّة"
