"""The HTML report in headless Chromium: a constructed study, and the default one.

``FRAMING_RESULTS`` names a folder with the results of the default study; without it the study is run.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from framing.report.html import write_html
from framing.study import run_study
from tests.report.conftest import HOSTILE, Made

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 400, "height": 800}


@dataclass
class Shown:
    """A page with what it said and asked for while it was shown."""

    page: Page
    data: dict[str, Any]
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def count(self, selector: str) -> int:
        return self.page.locator(selector).count()


@pytest.fixture(scope="module", params=["constructed", "default"])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    if request.param == "constructed":
        made: Made = request.getfixturevalue("made")
        write_html(made.findings, made.numbers, made.figures, folder / "report.html")
        return folder / "report.html"
    if os.environ.get("FRAMING_RESULTS"):
        return Path(os.environ["FRAMING_RESULTS"]).resolve() / "report.html"
    return run_study(out=folder / "results").folder / "report.html"


def opened(browser: Browser, report: Path, **options: Any) -> Shown:
    context = browser.new_context(viewport=options.pop("viewport", WIDE), **options)
    page = context.new_page()
    content = report.read_text(encoding="utf-8")
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', content, flags=re.DOTALL)
    shown = Shown(page, json.loads(data))
    page.on("console", lambda message: shown.said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: shown.said.append(f"error: {error}"))
    page.on("request", lambda asked: shown.asked.append(asked.url))
    page.goto(report.as_uri())
    return shown


@pytest.fixture
def shown(browser: Browser, report: Path) -> Iterator[Shown]:
    shown = opened(browser, report)
    shown.page.wait_for_function("'ready' in document.documentElement.dataset")
    yield shown
    assert shown.said == [], "nothing is said on the console"
    outside = [url for url in shown.asked if not url.startswith("data:")]
    assert outside == [report.as_uri()], "nothing but the page itself is asked for"
    shown.page.context.close()


def test_the_page_is_whole_and_small(shown: Shown, report: Path) -> None:
    assert report.stat().st_size < 3_000_000
    assert shown.count(".unit") == len(shown.data["units"])
    assert shown.count("article") == len(shown.data["articles"])
    for table in shown.data["tables"]:
        assert shown.count(f"#table-{table['id']}") == 1, table["id"]
        start = next((c for c in table["columns"] if c.get("start")), None)
        rows = [r for r in table["rows"] if start is None or str(r[start["key"]]) == start["start"]]
        assert shown.count(f"#t-{table['id']} > tbody > tr:not(.behind)") == min(len(rows), table["shown"]), table["id"]


def test_texts_stay_texts(shown: Shown) -> None:
    assert shown.page.evaluate("window.broken") is None
    assert shown.count("#texts script, #texts img") == 0
    words = shown.page.locator(".unit .words").all_text_contents()
    assert words == [unit["text"] for unit in shown.data["units"]]
    if any(unit["text"] == HOSTILE for unit in shown.data["units"]):
        assert shown.page.get_by_text("<script>window.broken", exact=False).first.is_visible()


def test_arabic_runs_from_right_to_left(shown: Shown) -> None:
    assert set(
        shown.page.locator("#texts .text").evaluate_all("all => all.map(e => getComputedStyle(e).direction)")
    ) == {"rtl"}
    left = """e => { const node = e.querySelector('.words').firstChild, range = document.createRange();
      const at = n => { range.setStart(node, n); range.setEnd(node, n + 1);
        return range.getBoundingClientRect().left; };
      return [at(0), at(5)]; }"""
    arabic = re.compile("^[\u0620-\u064a]{3}")
    place = next(n for n, unit in enumerate(shown.data["units"]) if arabic.match(unit["text"]))
    first, later = shown.page.locator(".unit").nth(place).evaluate(left)
    assert first > later
    assert "Report" in shown.page.locator(".unit").first.evaluate("e => getComputedStyle(e).fontFamily")
    assert shown.page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').length") >= 1


def matching(shown: Shown, **wanted: str) -> int:
    def fits(unit: dict[str, Any]) -> bool:
        codes = unit["codes"] or {}
        return (
            wanted.get("outlet", shown.data["articles"][unit["article"]]["outlet"])
            == shown.data["articles"][unit["article"]]["outlet"]
            and ("frame" not in wanted or wanted["frame"] in codes.get("frames", []))
            and ("tone" not in wanted or wanted["tone"] == codes.get("tone"))
            and ("voice" not in wanted or wanted["voice"] == codes.get("voice"))
        )

    return sum(map(fits, shown.data["units"]))


def test_filters_leave_what_matches(shown: Shown) -> None:
    everything = len(shown.data["units"])
    outlet = shown.data["articles"][0]["outlet"]
    frame, voice = shown.data["codebook"]["frames"][0]["id"], shown.data["codebook"]["voices"][1]["id"]
    chosen: dict[str, str] = {}
    for name, value in (("frame", frame), ("tone", "-1"), ("voice", voice), ("outlet", outlet)):
        chosen = {name: value}
        shown.page.locator(f"#filter-{name}").select_option(value)
        left = matching(shown, **chosen)
        assert 0 < left < everything
        assert shown.count(".unit:not(.off)") == left
        assert f"{left} of {everything}" in shown.page.locator("#filters [role=status]").inner_text()
        shown.page.locator("#reset").click()
        assert shown.count(".unit:not(.off)") == everything
    shown.page.locator("#filter-frame").select_option(frame)
    shown.page.locator("#filter-tone").select_option("-1")
    assert shown.count(".unit:not(.off)") == matching(shown, frame=frame, tone="-1")
    shown.page.locator("#reset").click()
    shown.page.locator("#filter-outlet").select_option(outlet)
    visible = shown.page.locator("article:visible h3").all_inner_texts()
    assert visible == [article["outlet"] for article in shown.data["articles"] if article["outlet"] == outlet]


def test_words_and_errors_are_filters_too(shown: Shown) -> None:
    word = shown.data["units"][0]["text"].split()[1]
    shown.page.locator("#filter-words").fill(word)
    assert shown.count(".unit:not(.off)") == sum(word in unit["text"] for unit in shown.data["units"])
    shown.page.locator("#reset").click()
    shown.page.locator("#filter-errors").check()
    assert shown.count(".unit:not(.off)") == sum("errors" in unit for unit in shown.data["units"])


def test_pointing_at_a_unit_shows_its_codes(shown: Shown) -> None:
    place = next(n for n, unit in enumerate(shown.data["units"]) if unit["codes"] and unit["codes"]["frames"])
    shown.page.locator(".unit").nth(place).hover()
    tip = shown.page.locator("#tip")
    assert tip.is_visible()
    codes = shown.data["units"][place]["codes"]
    labels = {frame["id"]: frame["label"] for frame in shown.data["codebook"]["frames"]}
    text = tip.inner_text()
    for frame in codes["frames"]:
        assert labels[frame] in text
    assert codes["voice"] in text
    shown.page.keyboard.press("Escape")
    assert tip.is_hidden()


def test_units_are_read_with_the_keyboard(shown: Shown) -> None:
    first = shown.page.locator(".unit").first
    shown.page.locator("#reset").focus()
    shown.page.keyboard.press("Tab")
    assert first.evaluate("e => e === document.activeElement"), "one stop per article"
    shown.page.keyboard.press("ArrowDown")
    second = shown.page.locator(".unit").nth(1)
    assert second.evaluate("e => e === document.activeElement")
    shown.page.keyboard.press("Enter")
    assert shown.data["units"][1]["text"] in shown.page.locator("#details").inner_text()
    shown.page.keyboard.press("Tab")
    following = shown.page.evaluate("document.activeElement.closest('article')?.id")
    assert following == "article-1"


def test_tables_are_sorted_by_their_heads(shown: Shown) -> None:
    spec = next(table for table in shown.data["tables"] if table["id"] == "prevalence")
    table = shown.page.locator("#table-prevalence")
    head = table.get_by_role("columnheader", name="Share")
    cells = table.locator("tbody tr:not(.behind) .figure")
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    values = [float(text.split("%")[0]) for text in cells.all_inner_texts()]
    assert values == sorted(values, reverse=True)
    assert len(values) == len(spec["rows"])
    head.get_by_role("button").press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert [float(text.split("%")[0]) for text in cells.all_inner_texts()] == sorted(values)
    other = table.get_by_role("columnheader", name="Outlet")
    other.get_by_role("button").click()
    assert (other.get_attribute("aria-sort"), head.get_attribute("aria-sort")) == ("ascending", "none")


@pytest.mark.parametrize("name", ["claims", "sources", "keyness", "wording", "frames_by_voice", "shared", "prevalence"])
def test_sentences_are_one_click_away(shown: Shown, name: str) -> None:
    table = shown.page.locator(f"#table-{name}")
    buttons = table.locator("button.claim" if name == "claims" else "tbody > tr > td > button.link")
    assert buttons.count() > 0
    rows = buttons if name == "claims" else table.locator("tbody > tr:not(.behind)")
    for place in range(min(buttons.count(), 6)):
        button = buttons.nth(place)
        button.click()
        if button.get_attribute("aria-expanded") is not None:
            listed = table.locator(f"[id='{button.get_attribute('aria-controls')}'] .sentence")
            assert listed.count() > 1
            texts = {unit["text"] for unit in shown.data["units"]}
            assert set(listed.all_text_contents()) <= texts
            button.press("Enter")
            assert listed.first.is_hidden()
        else:
            chosen = shown.page.locator(".unit.found")
            assert chosen.evaluate("e => e === document.activeElement")
            box = chosen.bounding_box()
            assert box is not None
            assert -box["height"] < box["y"] < 900
            if name == "claims":
                assert chosen.locator("mark").inner_text() in button.inner_text()
    assert rows.count() > 0


def test_a_sentence_in_a_list_leads_to_its_article(shown: Shown) -> None:
    open_ = shown.page.locator("#table-keyness button[aria-expanded]").first
    open_.click()
    item = shown.page.locator(f"[id='{open_.get_attribute('aria-controls')}'] li").last
    text = item.locator(".sentence").text_content()
    item.get_by_role("button").click()
    chosen = shown.page.locator(".unit.found")
    assert chosen.locator(".words").text_content() == text
    assert chosen.locator("mark").count() == 1


def test_points_of_figures_have_tooltips(shown: Shown) -> None:
    shown.page.locator("#table-prevalence .track").first.hover()
    text = shown.page.locator("#tip").inner_text()
    row = next(table for table in shown.data["tables"] if table["id"] == "prevalence")["rows"][0]
    assert row["outlet"] in text
    assert f"{100 * row['share']:.0f}%" in text


def test_marks_of_printed_figures_tell_their_numbers(shown: Shown) -> None:
    shown.page.evaluate("for (const e of document.querySelectorAll('details')) e.open = true")
    figure = shown.page.locator("figure.print").filter(has=shown.page.locator(".mark")).first
    marks = figure.locator(".mark")
    assert marks.count() > 1
    assert shown.count("figure.print .mark title") == 0, "one tooltip, not two"
    assert shown.count("figure.print .mark[aria-label]") == shown.count("figure.print .mark")
    tip = shown.page.locator("#tip")
    marks.first.hover()
    assert tip.inner_text() == marks.first.get_attribute("aria-label")
    row = next(table for table in shown.data["tables"] if table["id"] == "prevalence")["rows"][0]
    assert f"{row['outlet']}: {100 * row['share']:.0f}%" in tip.inner_text()
    marks.first.focus()
    shown.page.keyboard.press("ArrowDown")
    assert marks.nth(1).evaluate("e => e === document.activeElement")
    assert tip.inner_text() == marks.nth(1).get_attribute("aria-label")
    stops = figure.locator(".mark[tabindex='0']").count()
    assert stops == 1, "one stop for the Tab key per figure"


def test_the_page_in_arabic(browser: Browser, made: Made, tmp_path: Path) -> None:
    report = made.arabic(tmp_path)
    assert report.stat().st_size < 3_000_000
    shown = opened(browser, report)
    page = shown.page
    page.wait_for_function("'ready' in document.documentElement.dataset")
    assert page.evaluate("[document.documentElement.lang, getComputedStyle(document.body).direction]") == ["ar", "rtl"]
    own = "nav a, h2, h3[id]:not(article h3), .table > h3, .lead, legend, label > span, .sort, summary, button.plain"
    texts = [text for text in page.locator(own).all_inner_texts() if text.strip()]
    latin = [t for t in texts if not re.search("[\u0600-\u06ff]", t) and t.strip(" ↕↑↓") not in ("p", "F1")]
    tables = {name.replace("_", " ") for name in made.numbers["notes"]}
    assert set(latin) <= tables, "nothing but names of tables is without Arabic"
    page.locator("#filter-frame").select_option("blame")
    left = matching(shown, frame="blame")
    assert shown.count(".unit:not(.off)") == left > 0
    assert str(left) in page.locator("#filters [role=status]").inner_text()
    page.locator("#reset").click()
    page.locator(".unit").nth(2).hover()
    assert "لوم" in page.locator("#tip").inner_text()
    nav, first = page.locator("nav").bounding_box(), page.locator("nav a").first.bounding_box()
    assert nav is not None
    assert first is not None
    assert first["x"] + first["width"] > nav["x"] + nav["width"] - 20, "the first link stands on the right"
    over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(over) == 0
    page.evaluate("for (const e of document.querySelectorAll('details')) e.open = true")
    assert page.locator("#method .note span[lang=en][dir=ltr]").count() > 0, "English notes are marked as such"
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert not [v["id"] for v in found["violations"] if v["impact"] in ("serious", "critical")]
    assert shown.said == []
    assert [url for url in shown.asked if not url.startswith("data:")] == [report.as_uri()]
    page.context.close()


def test_light_and_dark(browser: Browser, report: Path) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    light, dark = (opened(browser, report, color_scheme=scheme) for scheme in ("light", "dark"))
    colours = (light.page.evaluate(paper), dark.page.evaluate(paper))
    assert colours[0] != colours[1]
    light.page.locator("#theme").click()
    dark.page.locator("#theme").click()
    assert (light.page.evaluate(paper), dark.page.evaluate(paper)) == colours[::-1]
    light.page.reload()
    assert light.page.evaluate(paper) == colours[1], "a choice is kept"
    for shown in (light, dark):
        shown.page.context.close()


def test_a_narrow_page_does_not_run_over(browser: Browser, report: Path) -> None:
    shown = opened(browser, report, viewport=NARROW)
    shown.page.locator("#table-sources button.link").first.click()
    over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert shown.page.evaluate(over) == 0
    sheet, unit = (shown.page.locator(name).bounding_box() for name in ("#details", ".unit.found"))
    assert sheet is not None
    assert unit is not None
    assert unit["y"] < sheet["y"], "the unit is not under its details"
    shown.page.locator("#close").click()
    assert shown.page.locator("#close").is_hidden()
    shown.page.context.close()


def test_without_scripts_the_articles_are_there(browser: Browser, report: Path) -> None:
    shown = opened(browser, report, java_script_enabled=False)
    text = shown.page.locator("noscript").inner_text()
    assert shown.data["units"][0]["text"] in text
    assert shown.data["notices"]["provenance"][0] in shown.page.locator("header.top").inner_text()
    shown.page.context.close()


@pytest.mark.parametrize(
    "options",
    [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"color_scheme": "light", "viewport": NARROW}],
    ids=["light", "dark", "narrow"],
)
def test_axe_finds_no_serious_fault(browser: Browser, report: Path, options: dict[str, Any]) -> None:
    axe = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    shown = opened(browser, report, **options)
    shown.page.wait_for_function("'ready' in document.documentElement.dataset")
    shown.page.evaluate("for (const e of document.querySelectorAll('details')) e.open = true")
    shown.page.evaluate("for (const e of document.querySelectorAll('button[aria-expanded=false]')) e.click()")
    shown.page.locator("#filter-frame").select_option(index=1)
    shown.page.locator(".unit:not(.off)").first.press("Enter")
    shown.page.evaluate(axe)
    found = shown.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert found["passes"], "axe looked"
    faults = [(v["id"], [node["html"][:200] for node in v["nodes"][:3]]) for v in found["violations"]]
    serious = {v["id"] for v in found["violations"] if v["impact"] in ("serious", "critical")}
    assert not [fault for fault in faults if fault[0] in serious]
    shown.page.context.close()
