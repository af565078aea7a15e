"""The desk in headless Chromium, used as a coder would: the keyboard alone, a server that dies, and going on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from framing.coding.exchange import keep, to_codings
from framing.coding.exchange.desk import read
from tests.coding.desk.conftest import Client, Command, Small, start

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 400, "height": 800}
READY = "html[data-ready]"


@dataclass
class Shown:
    """A page with what it said and asked for."""

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def unit(self, number: int) -> None:
        """Wait until this unit, counted from 1, is shown."""
        self.page.locator("#where").get_by_text(f"{number} of", exact=False).wait_for()
        self.page.wait_for_selector("body:not([aria-busy])")

    def text(self, selector: str) -> str:
        return self.page.locator(selector).inner_text()


def opened(browser: Browser, address: str, **options: Any) -> Shown:
    page = browser.new_context(viewport=options.pop("viewport", WIDE), **options).new_page()
    shown = Shown(page)
    page.on("console", lambda message: shown.said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: shown.said.append(f"error: {error}"))
    page.on("request", lambda asked: shown.asked.append(asked.url))
    page.goto(address)
    page.wait_for_selector(READY)
    return shown


def address(client: Client) -> str:
    return f"http://127.0.0.1:{client.port}/{client.token}/"


@pytest.fixture
def shown(browser: Browser, client: Client) -> Iterator[Shown]:
    shown = opened(browser, address(client))
    yield shown
    assert shown.said == [], "nothing is said on the console"
    assert [url for url in shown.asked if not url.startswith((address(client), "data:"))] == [], "nothing outside"
    shown.page.context.close()


def standing(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


KEYS: list[tuple[list[str], dict[str, Any]]] = [
    (["1", "Enter", "1", "0", "1"], {"frames": ["cost"], "tone": -2, "tone_city": None, "voice": "narrator"}),
    (["0", "3", "1", "2"], {"frames": [], "tone": 0, "tone_city": -1, "voice": "other"}),
    (["2", "1", "Enter", "5", "3", "1"], {"frames": ["cost", "pride"], "tone": 2, "tone_city": 1, "voice": "narrator"}),
]


def test_ten_units_by_keyboard_through_a_kill(browser: Browser, small: Small) -> None:
    """Codes, comments, takes back, puts off, loses its server by kill -9, goes on and ends; then all is compared."""
    command = start(small.file, "--coder", "A", "--queue", str(plan(small)), cwd=small.folder)
    shown = opened(browser, command.address)
    typed: dict[int, dict[str, Any]] = {}
    for number in range(1, 5):
        shown.unit(number)
        keys, typed[number] = KEYS[number % 3]
        shown.press(*keys, "Enter")
    shown.unit(5)
    shown.press("c")
    shown.page.keyboard.type("صعبة: who speaks?")
    shown.press("Enter", *KEYS[0][0], "Enter")
    shown.unit(6)
    shown.press("u")
    shown.unit(5)
    assert shown.page.locator("#note").input_value() == "صعبة: who speaks?", "what was said is there as a draft"
    shown.press("2")
    typed[5] = KEYS[0][1] | {"frames": ["cost", "pride"]}
    shown.press("Enter", "Enter")
    shown.unit(6)
    shown.press("k")
    shown.unit(7)
    shown.press("1", "Enter", "2")
    command.kill()
    shown.press("2", "2", "Enter")
    shown.page.get_by_role("alert").get_by_text("does not answer").wait_for()
    shown.page.context.close()

    again, shown = resumed(browser, small, coded=5)
    for number in (7, 8, 9, 10):
        shown.unit(number)
        keys, typed[number] = KEYS[number % 3]
        shown.press(*keys, "Enter")
    shown.unit(6)
    assert "put this unit off" in shown.text("#notice")
    shown.press(*KEYS[1][0], "Enter")
    typed[6] = KEYS[1][1]
    shown.page.get_by_role("heading", name="All coded").wait_for()
    assert "framing exchange import framing" in shown.text("#done")
    shown.press("PageUp")
    shown.unit(10)
    shown.press("Escape")
    shown.page.get_by_role("heading", name="All coded").wait_for()
    shown.page.context.close()
    again.kill()
    compare(small, typed)


def plan(small: Small) -> Path:
    """Ten units that are not in reading order."""
    queue = small.shown[["doc_id", "unit"]].iloc[::-1].head(10).assign(coder="A")
    assert len(queue) == 10
    file = small.folder / "plan.csv"
    queue.assign(position=range(1, 11)).to_csv(file, index=False)
    return file


def resumed(browser: Browser, small: Small, coded: int) -> tuple[Command, Shown]:
    command = start(small.file, "--coder", "A", "--queue", str(small.folder / "plan.csv"), cwd=small.folder)
    shown = opened(browser, command.address)
    assert f"{coded} of 10 coded" in shown.text("#count")
    return command, shown


def compare(small: Small, typed: dict[int, dict[str, Any]]) -> None:
    queue = list(small.shown[["doc_id", "unit"]].iloc[::-1].head(10).itertuples(index=False, name=None))
    file = small.folder / "answers/A.jsonl"
    answers, flagged = keep(read([file], small.units, small.codebook), small.shown, small.codebook)
    assert flagged.empty
    found = {(row["doc_id"], row["unit"]): row for row in answers.to_dict("records")}
    assert len(found) == len(typed) == 10
    for number, values in typed.items():
        row = found[queue[number - 1]]
        assert row["frames"] == ";".join(values["frames"]), number
        assert row["tone"] == str(values["tone"]), number
        assert row["tone_city"] == ("" if values["tone_city"] is None else str(values["tone_city"])), number
        assert row["voice"] == values["voice"], number
        assert row["note"] == ("صعبة: who speaks?" if number == 5 else ""), number
        assert row["seconds"] > 0, number
    assert len(to_codings(answers, small.codebook)) == 10
    assert [line["event"] for line in standing(file)].count("undo") == 1


def test_arabic_runs_from_right_to_left_under_context(shown: Shown, small: Small) -> None:
    for number in (1, 2):
        shown.unit(number)
        shown.press("0", "3", "0", "1", "Enter")
    shown.unit(3)
    texts = small.shown["text"].tolist()
    assert shown.page.locator("#context p").all_inner_texts() == texts[:2]
    for selector in ("#text", "#context p"):
        directions = shown.page.locator(selector).evaluate_all("all => all.map(e => getComputedStyle(e).direction)")
        assert set(directions) == {"rtl"}
    left = """e => { const range = document.createRange(), node = e.firstChild;
      const at = n => { range.setStart(node, n); range.setEnd(node, n + 1);
        return range.getBoundingClientRect().left; };
      return [at(0), at(9)]; }"""
    first, later = shown.page.locator("#text").evaluate(left)
    assert first > later
    assert shown.page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').length") >= 1
    colours = [
        shown.page.locator(name).first.evaluate("e => getComputedStyle(e).color") for name in ("#text", "#context p")
    ]
    assert colours[0] != colours[1], "context is grey"


def test_nothing_is_saved_before_every_question_is_answered(shown: Shown, small: Small) -> None:
    shown.press("Enter")
    assert "Still to answer: Frames" in shown.text("#alert")
    shown.press("1", "Enter", "2", "1")
    shown.page.locator("#save").click()
    assert "Whose voice?" in shown.text("#alert")
    assert shown.page.evaluate("document.activeElement.closest('fieldset').id") == "q3"
    assert (small.folder / "answers/A.jsonl").read_bytes() == b""
    shown.press("1", "Enter")
    shown.unit(2)


def test_the_mouse_is_enough(shown: Shown, small: Small) -> None:
    for question, choice in ((0, 0), (0, 1), (1, 2), (2, 3), (3, 1)):
        shown.page.locator(f"#q{question} .choice").nth(choice).click()
    shown.page.locator("#note").fill("with a mouse")
    shown.page.locator("#save").click()
    shown.unit(2)
    (line,) = standing(small.folder / "answers/A.jsonl")
    assert line["values"] == {"frames": ["cost", "pride"], "tone": 0, "tone_city": None, "voice": "other"}
    shown.page.locator("#list").click()
    shown.page.locator("#items button").first.click()
    shown.unit(1)
    assert "coded this unit before" in shown.text("#notice")
    assert shown.page.locator("#skip").is_hidden()
    shown.page.locator("#q0 .choice").nth(2).click()
    assert shown.page.locator("#q0 input:checked").count() == 1, "no frame, so none of the others"
    shown.page.locator("#save").click()
    shown.unit(2)
    assert [line["values"]["frames"] for line in standing(small.folder / "answers/A.jsonl")] == [["cost", "pride"], []]


def test_an_arabic_keyboard_has_the_same_keys(shown: Shown, small: Small) -> None:
    """On Arabic layouts a key types another letter or digit; what counts is where it is."""
    dispatch = """([code, key]) => document.activeElement.dispatchEvent(
      new KeyboardEvent('keydown', {code, key, bubbles: true, cancelable: true}))"""
    pressed = [("Digit2", "٢"), ("Enter", "Enter"), ("Digit3", "٣"), ("Digit0", "٠"), ("Numpad1", "1")]
    for code, key in pressed:
        shown.page.evaluate(dispatch, [code, key])
    shown.press("Enter")
    shown.unit(2)
    shown.page.evaluate(dispatch, ["KeyU", "ع"])
    shown.unit(1)
    first = standing(small.folder / "answers/A.jsonl")[0]
    assert first["values"] == {"frames": ["pride"], "tone": 0, "tone_city": None, "voice": "narrator"}


def test_the_codebook_follows_the_question(shown: Shown) -> None:
    book = shown.page.locator("#book")
    assert "money spent" in book.inner_text()
    assert "يُقدَّم الجسر على أنه مال أُنفق" in book.inner_text()
    assert "ابتلع الجسر" in book.inner_text()
    shown.press("ArrowDown")
    assert "إنجاز" in book.inner_text()
    assert "money spent" not in book.inner_text()
    shown.press("0")
    assert "Which tone?" in book.inner_text()
    shown.press("b")
    assert shown.page.evaluate("document.activeElement.id") == "book"
    shown.press("b")
    assert shown.page.evaluate("document.activeElement.closest('fieldset').id") == "q1"


def test_texts_stay_texts(shown: Shown, small: Small) -> None:
    place = next(n for n, text in enumerate(small.shown["text"], start=1) if "<b>" in text)
    for number in range(1, place):
        shown.unit(number)
        shown.press("0", "3", "0", "1", "Enter")
    shown.unit(place)
    assert "<b>الكلفة</b>" in shown.text("#text")
    assert shown.page.locator("#text b").count() == 0


MANY = """
name: many
version: 1
frames:
"""


def test_a_codebook_of_many_frames_and_nothing_else(browser: Browser, small: Small) -> None:
    frames = "".join(f"  - {{id: f{n}, label_ar: إطار {n}, definition: Number {n}.}}\n" for n in range(14))
    (small.folder / "codebook.yaml").write_text(MANY + frames, encoding="utf-8")
    command = start(small.file, "--coder", "A", "--lang", "ar", cwd=small.folder)
    shown = opened(browser, command.address)
    assert shown.page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    assert shown.page.locator("#context").is_hidden(), "this codebook allows no context"
    shown.press("1", "q", "E", "Enter")
    shown.page.locator("#count").get_by_text("رُمِّز 1 من").wait_for()
    (line,) = standing(small.folder / "answers/A.jsonl")
    assert line["values"] == {"frames": ["f0", "f9", "f11"]}
    assert shown.said == []
    shown.page.context.close()
    command.kill()


def test_light_and_dark(browser: Browser, client: Client) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    light, dark = (opened(browser, address(client), color_scheme=scheme) for scheme in ("light", "dark"))
    colours = (light.page.evaluate(paper), dark.page.evaluate(paper))
    assert colours[0] != colours[1]
    light.page.locator("#theme").click()
    assert light.page.evaluate(paper) == colours[1]
    for shown in (light, dark):
        shown.page.context.close()


def test_a_narrow_page_does_not_run_over_and_keeps_the_unit_in_view(browser: Browser, client: Client) -> None:
    shown = opened(browser, address(client), viewport=NARROW)
    over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert shown.page.evaluate(over) == 0
    shown.page.locator("#q3 .choice").last.click()
    box = shown.page.locator("#text").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < NARROW["height"] / 2
    assert shown.page.evaluate(over) == 0
    shown.page.context.close()


STATES = {"light": {"color_scheme": "light"}, "dark": {"color_scheme": "dark"}, "narrow": {"viewport": NARROW}}


@pytest.mark.parametrize("options", STATES.values(), ids=STATES)
def test_axe_finds_no_serious_fault(browser: Browser, client: Client, options: dict[str, Any]) -> None:
    # axe comes in by the driver, not by the page, whose policy would refuse it.
    shown = opened(browser, address(client), bypass_csp=True, **options)
    axe = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    shown.page.evaluate(axe)

    def faults() -> list[Any]:
        found = shown.page.evaluate("async () => await axe.run(document, {resultTypes: ['violations']})")
        return [
            (v["impact"], v["id"], [n["html"] for n in v["nodes"]])
            for v in found["violations"]
            if v["impact"] in ("serious", "critical")
        ]

    assert faults() == []
    shown.press("1", "Enter", "1", "3", "2")
    shown.page.locator("#save").focus()
    assert faults() == [], "with answers chosen"
    shown.press("Enter")
    shown.unit(2)
    shown.press("Enter")
    assert faults() == [], "with a warning"
    for key in ("l", "h"):
        shown.press(key)
        assert faults() == [], f"after {key}"
        shown.press("Escape")
    client_state = client.get("state")
    while client_state["unit"]:
        client_state = client.answer(client_state)
    shown.page.reload()
    shown.page.wait_for_selector(READY)
    assert shown.page.locator("#done").is_visible()
    shown.page.evaluate(axe)
    assert faults() == [], "at the end"
    shown.page.context.close()
