"""Label Studio itself: projects by its API, coders in the browser, the export back."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from framing.coding.exchange import keep, labelstudio
from framing.coding.wording import questions
from framing.errors import InputError
from framing.study import StudyData
from tests.coding.exchange.answering import Answer, chosen, in_order, wanted
from tests.tools.conftest import LOCAL, Outside, Screen, Sent, free_port, installed, running, send

pytestmark = pytest.mark.tools

TOKEN = "0123456789abcdef0123456789abcdef01234567"
ACCOUNTS = {"A": "a@example.org", "B": "b@example.org"}
PASSWORD = "scratch-only-1"


@dataclass
class LabelStudio:
    """A running server and its API."""

    address: str

    def call(self, method: str, path: str, data: object = None) -> Any:
        body = None if data is None else json.dumps(data).encode()
        headers = {"Authorization": f"Token {TOKEN}", "Content-Type": "application/json"}
        with LOCAL.open(urllib.request.Request(self.address + path, body, headers, method=method)) as answer:
            return answer.read()

    def project(self, folder: Path, tasks: list[dict[str, Any]] | None = None) -> int:
        """Make a project of a coder's folder, as its instructions say."""
        made = {
            "title": f"framing {folder.name}",
            "label_config": (folder / labelstudio.CONFIG).read_text(encoding="utf-8"),
            "expert_instruction": (folder / labelstudio.INSTRUCTIONS).read_text(encoding="utf-8"),
        }
        number = int(json.loads(self.call("POST", "/api/projects", made))["id"])
        tasks = json.loads((folder / labelstudio.TASKS).read_text(encoding="utf-8")) if tasks is None else tasks
        self.call("POST", f"/api/projects/{number}/import", tasks)
        return number

    def export(self, number: int, folder: Path, kind: str = "JSON") -> Path:
        path = f"/api/projects/{number}/export?exportType={kind}&download_all_tasks=true"
        file = folder / f"{number}.{'csv' if kind == 'CSV' else 'json'}"
        file.write_bytes(self.call("GET", path))
        return file


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, outside: Outside) -> Iterator[LabelStudio]:
    program = installed("FRAMING_LABEL_STUDIO", ".venv-label-studio", "label-studio")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    folder = tmp_path_factory.mktemp("server")
    command = [
        program, "start", "--no-browser", "--internal-host", "127.0.0.1", "--port", port, "--data-dir", folder / "data",
        "--username", ACCOUNTS["A"], "--password", PASSWORD, "--user-token", TOKEN, "--enable-legacy-api-token",
    ]  # fmt: skip
    off = {"SENTRY_DSN": "", "FRONTEND_SENTRY_DSN": "", "COLLECT_ANALYTICS": "false", "LATEST_VERSION_CHECK": "false"}
    with running(command, f"{address}/health", folder, outside, **off):
        yield LabelStudio(address)


def log_in(screen: Screen, server: LabelStudio, coder: str, *, new: bool = False) -> None:
    screen.page.context.clear_cookies()
    screen.page.goto(f"{server.address}/user/{'signup' if new else 'login'}")
    screen.page.fill("input[name=email]", ACCOUNTS[coder])
    screen.page.fill("input[name=password]", PASSWORD)
    screen.page.click("button[type=submit]")
    screen.page.wait_for_url(lambda address: "/user/" not in address)


def open_queue(screen: Screen, server: LabelStudio, project: int) -> None:
    screen.page.goto(f"{server.address}/projects/{project}/data?labeling=1")
    screen.page.locator(".lsf-choices").first.wait_for()


def wait_for_unit(screen: Screen, answer: Answer) -> None:
    """Wait until the unit itself stands on the page, below its context."""
    text = screen.page.locator(".framing-unit")
    text.filter(has_text=answer["text"].strip()[:60]).wait_for()


def click(screen: Screen, answer: Answer, sent: Sent) -> None:
    """Choose what is to be answered, by the words that the coder sees."""
    said = chosen(answer, sent.data.codebook)
    for question, box in zip(questions(sent.data.codebook), screen.page.locator(".lsf-choices").all(), strict=True):
        for option in question.options:
            if option.id in said[question.id]:
                box.locator("label").nth(question.options.index(option)).click()
    if answer["note"]:
        screen.page.locator("textarea").first.fill(answer["note"])


def submit(screen: Screen) -> None:
    with screen.page.expect_response(lambda r: "/annotations" in r.url and r.request.method == "POST") as saved:
        screen.page.get_by_label("Submit current annotation").click()
    assert saved.value.ok


def is_right_to_left(screen: Screen, data: StudyData) -> None:
    page = screen.page
    for place in (".framing-unit", ".framing-context", ".lsf-choices >> nth=0"):
        assert page.locator(place).evaluate("e => getComputedStyle(e).direction") == "rtl", place
    labels = page.locator(".lsf-choices").first.locator("label")
    words = [frame.label_ar for frame in data.codebook.frames]
    assert [text.split("[")[0] for text in labels.all_inner_texts()][: len(words)] == words
    boxes = [label.bounding_box() for label in labels.all()]
    assert boxes[0]["x"] > boxes[1]["x"]  # the first choice stands to the right of the second


def test_what_coders_click_is_what_comes_back(
    server: LabelStudio, screen: Screen, data: StudyData, tmp_path: Path, outside: Outside
) -> None:
    sent = send("label-studio", data, tmp_path / "sent")
    projects = {coder: server.project(sent.folder / coder) for coder in ACCOUNTS}
    answers: list[Answer] = []
    for coder, n in (("A", 4), ("B", 2)):
        log_in(screen, server, coder, new=coder != "A")
        open_queue(screen, server, projects[coder])
        for place, answer in enumerate(sent.queue(coder)[:n]):
            wait_for_unit(screen, answer)
            answer["note"] = 'ملاحظة أولى\nسطر ثانٍ, "بين علامتين"' if place == 1 else ""
            click(screen, answer, sent)
            if coder == "A":
                is_right_to_left(screen, data)
                screen.picture(f"label-studio-{place}")
            submit(screen)
            answers.append(answer)
    log_in(screen, server, "A")
    open_queue(screen, server, projects["A"])
    wait_for_unit(screen, sent.queue("A")[4])
    screen.page.get_by_role("button", name="Skip").click()
    wait_for_unit(screen, sent.queue("A")[5])

    files = [server.export(number, tmp_path) for number in projects.values()]
    found = labelstudio.read(files, sent.shown, data.codebook)
    kept = keep(found, sent.shown, data.codebook)
    was = kept.answers.assign(created_at="", seconds=float("nan"))
    pd.testing.assert_frame_equal(in_order(was), wanted(answers, data.codebook, "label-studio"))
    assert kept.answers["created_at"].str.endswith("Z").all()
    assert kept.answers["seconds"].gt(0).all()
    assert kept.flagged["problem"].tolist() == ["taken back by the coder"]
    assert found.groupby("coder")["account"].nunique().to_dict() == {"A": 1, "B": 1}
    assert found["account"].nunique() == 2
    for kind, what in (("JSON_MIN", "a JSON-MIN export"), ("CSV", "a CSV export")):
        with pytest.raises(InputError, match=what):
            labelstudio.read([server.export(projects["A"], tmp_path, kind)], sent.shown, data.codebook)
    assert screen.hosts() == {server.address.removeprefix("http://")}
    # Tips of the day have no switch: coders are told the proxy that keeps them out, and nothing else may be asked for.
    assert "HTTPS_PROXY" in labelstudio.START
    assert {asked.split()[1] for asked in outside.asked} <= {b"raw.githubusercontent.com:443"}


def test_an_answer_that_a_prediction_pre_filled_is_refused(
    server: LabelStudio, screen: Screen, data: StudyData, tmp_path: Path
) -> None:
    sent = send("label-studio", data, tmp_path / "sent")
    tasks = json.loads((sent.folder / "A" / labelstudio.TASKS).read_text(encoding="utf-8"))[:1]
    frame = data.codebook.frame_ids[0]
    part = {"from_name": "frames", "to_name": "text", "type": "choices", "value": {"choices": [frame]}}
    tasks[0]["predictions"] = [{"model_version": "m1", "score": 0.7, "result": [part]}]
    project = server.project(sent.folder / "A", tasks)
    log_in(screen, server, "A")
    open_queue(screen, server, project)
    answer = sent.queue("A")[0]
    wait_for_unit(screen, answer)
    assert screen.page.locator(".lsf-choices").first.locator("input").first.is_checked()
    click(screen, {**answer, "frames": None, "note": ""}, sent)
    screen.picture("label-studio-prediction")
    submit(screen)
    found = labelstudio.read([server.export(project, tmp_path)], sent.shown, data.codebook)
    with pytest.raises(InputError, match="grew out of a pre-filled prediction"):
        keep(found, sent.shown, data.codebook)
