from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

from framing.report.style import (
    FONT,
    figure_style,
    frame_colours,
    right_to_left,
    save,
    system_colours,
    tone_colours,
)
from framing.resources import font_folder


def test_the_font_comes_with_a_package_in_static_cuts() -> None:
    names = {file.name for file in font_folder().glob("*.ttf")}
    assert {"IBMPlexSansArabic-Regular.ttf", "IBMPlexSansArabic-Bold.ttf"} <= names
    assert not [name for name in names if "[" in name], "a variable font would spoil the text of a PDF"


def test_a_style_ends_with_its_block() -> None:
    before = dict(mpl.rcParams)
    with figure_style():
        assert mpl.rcParams["font.family"][0] == FONT
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize(
    ("label", "marked"), [("Meta تستحوذ", True), ("حرب", True), ("Talent war", False), ("49%", False)]
)
def test_arabic_labels_get_a_right_to_left_base(label: str, marked: bool) -> None:
    assert (right_to_left(label) == f"\u2067{label}\u2069") is marked


def test_a_frame_keeps_its_colour_whoever_else_is_there() -> None:
    assert frame_colours(["a", "b", "c"])["a"] == frame_colours(["a", "b"])["a"]
    assert len(set(frame_colours(list("abcdef")).values())) == 6


@pytest.mark.parametrize("scale", [[-1, 0, 1], [-2, -1, 0, 1, 2], [0, 1, 2], [-1, 1]])
def test_every_value_of_a_scale_has_its_own_colour(scale: list[int]) -> None:
    colours = tone_colours(scale)
    assert len(set(colours)) == len(scale)


def test_systems_have_colours_that_frames_have_not() -> None:
    systems = system_colours(["embedding", "tfidf", "majority", "coders"])
    assert len(set(systems.values())) == 4
    assert not set(systems.values()) & set(frame_colours(list("abcdefgh")).values())


def test_a_figure_is_saved_the_same_each_time_with_its_text_as_text(tmp_path: Path) -> None:
    def draw(name: str) -> tuple[bytes, bytes]:
        with figure_style():
            figure, axis = plt.subplots()
            axis.set_title(right_to_left("أزمة 49%"))
            save(figure, tmp_path / name)
        return (tmp_path / f"{name}.png").read_bytes(), (tmp_path / f"{name}.svg").read_bytes()

    one, two = draw("one"), draw("two")
    assert one == two
    assert "أزمة" in one[1].decode("utf-8")
