from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

from framing.report import Findings, save_figures
from framing.report.figures import FIGURES, NARROW, Scene
from framing.report.style import PNG_DPI, figure_style, frame_colours, save
from framing.report.words import Language
from framing.study import load_data, load_study
from framing.study.run import find

FOOTBALL = Path(__file__).parents[1] / "football" / "study.toml"


@pytest.fixture(scope="module")
def findings() -> Findings:
    """Those of a made-up study with two articles per outlet."""
    study = load_study(FOOTBALL)
    return find(study, load_data(study))


@pytest.fixture(scope="module")
def alts() -> dict[str, dict[str, str]]:
    """Alt texts by language, filled by `folders`."""
    return {}


@pytest.fixture(scope="module")
def folders(
    findings: Findings, alts: dict[str, dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    languages: tuple[Language, ...] = ("en", "ar")
    made = {lang: tmp_path_factory.mktemp(lang) for lang in languages}
    alts |= {lang: save_figures(findings, made[lang], lang) for lang in languages}
    return dict(made)


def words_of(svg: Path) -> list[str]:
    return ["".join(e.itertext()) for e in ET.parse(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_every_figure_has_png_svg_data_and_alt_text(folders: dict[str, Path], alts: dict[str, dict[str, str]]) -> None:
    assert set(alts["en"]) == set(alts["ar"]) == set(FIGURES) - {"corrected"}, "there is no larger corpus"
    for name in alts["en"]:
        for lang in ("en", "ar"):
            assert len(alts[lang][name]) > 20
            assert "{" not in alts[lang][name]
        for ending in (".png", ".svg", ".csv"):
            assert (folders["en"] / f"{name}{ending}").stat().st_size > 100, name
        assert len(pd.read_csv(folders["en"] / f"{name}.csv")) > 0, name
        with Image.open(folders["en"] / f"{name}.png") as picture:
            assert picture.info["dpi"][0] == pytest.approx(PNG_DPI, abs=1)


@pytest.mark.parametrize("name", ["map", "frame_profile", "keyness"])
def test_figures_come_out_the_same_byte_for_byte(
    findings: Findings, folders: dict[str, Path], tmp_path: Path, name: str
) -> None:
    with figure_style():
        drawn = FIGURES[name](Scene(findings))
        assert drawn is not None
        save(drawn.figure, tmp_path / name)
    for ending in (".png", ".svg"):
        assert (tmp_path / f"{name}{ending}").read_bytes() == (folders["en"] / f"{name}{ending}").read_bytes()


def test_text_is_text_and_arabic_has_a_right_to_left_base(folders: dict[str, Path]) -> None:
    for svg in sorted(folders["ar"].glob("*.svg")):
        texts = words_of(svg)
        assert texts, svg.name
        for text in texts:
            if any("\u0600" <= letter <= "\u06ff" for letter in text):
                assert text.startswith("\u2067"), f"{svg.name}: {text}"
                assert text.endswith("\u2069"), f"{svg.name}: {text}"
    assert any("share of coded units" in text for text in words_of(folders["en"] / "frame_profile.svg"))
    assert not any("share of" in text for svg in folders["ar"].glob("*.svg") for text in words_of(svg))


def test_the_numbers_of_a_figure_are_the_same_in_both_languages(folders: dict[str, Path]) -> None:
    for file in sorted(folders["en"].glob("*.csv")):
        assert file.read_bytes() == (folders["ar"] / file.name).read_bytes(), file.name


SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_figures_for_a_column_are_85_mm_wide_with_text_that_can_be_read(folders: dict[str, Path], lang: str) -> None:
    drawn = sorted(folders[lang].glob(f"*{NARROW}.svg"))
    assert {file.stem.removesuffix(NARROW) for file in drawn} == set(FIGURES) - {"corrected"}
    for file in drawn:
        root = ET.parse(file).getroot()
        width = float(root.attrib["width"].removesuffix("pt"))
        assert width == pytest.approx(85 / 25.4 * 72, abs=0.1), file.name
        assert float(root.attrib["height"].removesuffix("pt")) < 247 / 25.4 * 72, "no taller than a page of text"
        for text in root.iter(f"{SVG}text"):
            (size,) = re.findall(r"font-size: ([\d.]+)px", text.attrib["style"])
            assert float(size) >= 6, f"{file.name}: {''.join(text.itertext())}"


def test_every_mark_says_what_it_shows(findings: Findings, folders: dict[str, Path]) -> None:
    for name in set(FIGURES) - {"corrected", "claims"}:  # claims are words in a table
        root = ET.parse(folders["en"] / f"{name}.svg").getroot()
        titles = [title.text for mark in root.iter(f"{SVG}g") if (title := mark.find(f"{SVG}title")) is not None]
        assert titles, name
        assert all(title and re.search(r"\d", title) for title in titles), name
        assert "<a " not in (folders["en"] / f"{name}.svg").read_text(encoding="utf-8"), "no mark is a link"
    table = findings.prevalence.to_frame()
    profile = (folders["en"] / "frame_profile.svg").read_text(encoding="utf-8")
    assert profile.count("<title>") == len(table)
    for row in table.to_dict("records"):
        assert f"{row['outlet']}: {100 * row['share']:.0f}% [" in profile


def test_a_frame_keeps_its_colour_in_every_figure(findings: Findings, folders: dict[str, Path]) -> None:
    colours = frame_colours(findings.codebook.frame_ids)
    for name in ("frame_profile", "robustness", "validation_outlets", "own_voice", "attribution", "agreement", "map"):
        drawn = (folders["en"] / f"{name}.svg").read_text(encoding="utf-8").lower()
        for frame, colour in colours.items():
            assert colour.lower() in drawn, f"{name}: {frame}"


def test_n_is_given_in_every_figure_with_intervals(folders: dict[str, Path]) -> None:
    for name in ("frame_profile", "tone", "target_tone", "robustness", "agreement", "own_voice", "keyness", "map"):
        assert any("n = " in text for text in words_of(folders["en"] / f"{name}.svg")), name
