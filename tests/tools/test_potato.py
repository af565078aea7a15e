"""Potato itself: a coder's folder as it was exported, the coder in the browser, the export back."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest

from framing.coding.exchange import keep, missing_answers, potato
from framing.coding.exchange.form import NO_FRAME
from framing.coding.wording import questions
from framing.errors import InputError
from framing.study import StudyData
from tests.coding.exchange.answering import Answer, chosen, in_order, wanted
from tests.tools.conftest import Outside, Screen, Sent, free_port, installed, running, send

pytestmark = pytest.mark.tools


@contextmanager
def serving(folder: Path, outside: Outside) -> Iterator[str]:
    program = installed("FRAMING_POTATO", ".venv-potato", "potato")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with running([program, "start", potato.CONFIG, "-p", port, "--host", "127.0.0.1"], address, folder, outside):
        yield address


def log_in(screen: Screen, address: str, coder: str) -> None:
    screen.page.context.clear_cookies()
    screen.page.goto(address)
    screen.page.locator("input[type=text]:visible").first.fill(coder)
    screen.page.locator("button[type=submit]:visible").first.click()


def wait_for_unit(screen: Screen, answer: Answer) -> None:
    text = screen.page.locator('.display-field[data-field-key="text"]')
    text.filter(has_text=answer["text"].strip()[:60]).wait_for()


def click(screen: Screen, answer: Answer, sent: Sent) -> None:
    """Choose what is to be answered, by the words that the coder sees."""
    said = chosen(answer, sent.data.codebook)
    for question in questions(sent.data.codebook):
        form = screen.page.locator(f'form[data-schema-name="{question.id}"]')
        for option in question.options:
            if option.id in said[question.id]:
                form.locator("label", has_text=option.label_ar).click()
    if answer["note"]:
        screen.page.locator('form[data-schema-name="note"] textarea').fill(answer["note"])


def go_on(screen: Screen, answer: Answer) -> None:
    screen.page.locator("#next-btn").click()
    wait_for_unit(screen, answer)


def is_right_to_left(screen: Screen, data: StudyData) -> None:
    page = screen.page
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.locator("html").get_attribute("lang") == "ar"
    for place in ('.display-field[data-field-key="text"]', 'form[data-schema-name="frames"]'):
        assert page.locator(place).evaluate("e => getComputedStyle(e).direction") == "rtl", place
    form = page.locator('form[data-schema-name="frames"]')
    assert form.locator("label").first.inner_text().strip() == data.codebook.frames[0].label_ar
    tones = [option.bounding_box() for option in page.locator('form[data-schema-name="tone"] input').all()]
    assert tones[0]["x"] > tones[1]["x"] > tones[2]["x"]


def export(folder: Path) -> None:
    """Write the export by the command that coders are told."""
    program = installed("FRAMING_POTATO", ".venv-potato", "python")
    command = potato.START.splitlines()[-1].removeprefix("At the end: ").split()
    subprocess.run(
        [program, *command[1:]], cwd=folder, check=True, capture_output=True, env={"PATH": os.environ["PATH"]}
    )


def test_what_coders_click_is_what_comes_back(
    screen: Screen, data: StudyData, tmp_path: Path, outside: Outside
) -> None:
    sent = send("potato", data, tmp_path / "sent")
    folder = sent.folder / "A"
    queue = sent.queue("A")
    hosts = set()
    with serving(folder, outside) as address:
        hosts.add(address.removeprefix("http://"))
        log_in(screen, address, "B")
        assert not screen.page.locator("form.annotation-form").count()  # nobody else is let in
        log_in(screen, address, "A")
        for place, answer in enumerate(queue[:3]):
            wait_for_unit(screen, answer)
            answer["note"] = 'ملاحظة أولى\nسطر ثانٍ, "بين علامتين"' if place == 1 else ""
            click(screen, answer, sent)
            is_right_to_left(screen, data)
            screen.picture(f"potato-{place}")
            go_on(screen, queue[place + 1])
    with serving(folder, outside) as address:  # stopped and started again: what was answered is there
        hosts.add(address.removeprefix("http://"))
        log_in(screen, address, "A")
        wait_for_unit(screen, queue[2])
        assert screen.page.locator('form[data-schema-name="frames"] input:checked').count()
        go_on(screen, queue[3])
        changed_mind = queue[3] | {"frames": [NO_FRAME], "tone": "1", "note": ""}
        click(screen, {**changed_mind, "frames": list(data.codebook.frame_ids[:2])}, sent)
        click(screen, {**changed_mind, "tone": "-1"}, sent)
        screen.picture("potato-changed")
        go_on(screen, queue[4])
        halfway = queue[4] | {"frames": None, "note": ""}
        click(screen, halfway, sent)
        screen.page.locator("#next-btn").click()  # which it does not do before every question is answered
        screen.page.get_by_text("Required annotation(s) not completed: frames").wait_for()
        screen.picture("potato-halfway")
        wait_for_unit(screen, halfway)

    answers = [*queue[:3], changed_mind | {"tone": "-1"}, halfway]
    with pytest.raises(InputError, match="no export/annotations"):
        potato.read([folder], sent.shown, data.codebook)
    export(folder)
    kept = keep(potato.read([folder], sent.shown, data.codebook), sent.shown, data.codebook)
    was = kept.answers.assign(created_at="", seconds=float("nan"))
    pd.testing.assert_frame_equal(in_order(was), wanted(answers, data.codebook, "potato"))
    assert missing_answers(kept.answers, data.codebook)["variable"].tolist() == ["frames"]
    assert kept.answers["created_at"].str.endswith("Z").all()
    assert screen.hosts() == hosts
    assert outside.asked == []
