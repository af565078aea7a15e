"""Real servers on 127.0.0.1, each in a scratch folder, and a browser for the coder.

``FRAMING_LABEL_STUDIO`` and ``FRAMING_POTATO`` name the environments they are installed in (`make test-tools` makes
them), ``FRAMING_SCREENSHOTS`` a folder to keep the pictures in.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from framing.coding.exchange.assignment import assign
from framing.coding.exchange.form import tasks
from framing.coding.exchange.formats import export_all
from framing.coding.exchange.queues import Assignment
from framing.study import StudyData
from tests.coding.exchange.answering import Answer, seeds_answers
from tests.conftest import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


LOCAL = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Opens addresses of this computer, past any proxy."""


class Outside(ThreadingTCPServer):
    """A proxy that lets nothing through and counts who asked."""

    daemon_threads = True

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        super().__init__(("127.0.0.1", 0), _Asked)


class _Asked(BaseRequestHandler):
    server: Outside

    def handle(self) -> None:
        self.server.asked.append(self.request.recv(200))


@pytest.fixture(scope="module")
def outside() -> Iterator[Outside]:
    """What a tool would have to go through to leave this computer."""
    with Outside() as proxy:
        thread = Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield proxy
        proxy.shutdown()
        thread.join()


def installed(variable: str, folder: str, program: str) -> Path:
    """Return a program of a tool's environment, or skip the test."""
    found = Path(os.environ.get(variable, ROOT / folder)).absolute() / "bin" / program
    if not found.exists():
        pytest.skip(f"{found} is not there: `make test-tools` installs it")
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[object], ready: str, folder: Path, outside: Outside, **settings: str) -> Iterator[None]:
    """Run a server in a folder until its address answers; in the end stop it and what it started, by their group."""
    proxy = f"http://127.0.0.1:{outside.server_address[1]}"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "HTTP_PROXY": proxy,
        "HTTPS_PROXY": proxy,
        "NO_PROXY": "127.0.0.1,localhost",
        **settings,
    }
    log = folder / "server.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            list(map(str, command)), cwd=folder, env=environment, stdout=out, stderr=out, start_new_session=True
        )
    try:
        _wait(ready, process, log)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    with pytest.raises(OSError, match="refused"):
        LOCAL.open(ready, timeout=5)


def _wait(ready: str, process: subprocess.Popen[bytes], log: Path, seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            with LOCAL.open(ready, timeout=5):
                return
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"{ready} does not answer:\n{log.read_text(encoding='utf-8', errors='replace')[-3000:]}")


@dataclass
class Screen:
    """A coder's browser, with all that it asked for, and a folder for pictures of it."""

    page: Page
    pictures: Path
    asked: list[str] = field(default_factory=list)

    def picture(self, name: str) -> None:
        self.page.screenshot(path=self.pictures / f"{name}.png")

    def hosts(self) -> set[str]:
        return {address.split("/")[2] for address in self.asked if address.startswith(("http", "ws"))}


@pytest.fixture
def screen(browser: Browser, tmp_path: Path) -> Iterator[Screen]:
    pictures = Path(os.environ.get("FRAMING_SCREENSHOTS", tmp_path))
    pictures.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(viewport={"width": 1280, "height": 1150})
    page = context.new_page()
    shown = Screen(page, pictures)
    page.on("request", lambda request: shown.asked.append(request.url))
    yield shown
    context.close()


@dataclass
class Sent:
    """An export of the seeds' units, and what a coder is going to answer."""

    tool: str
    folder: Path
    assignment: Assignment
    data: StudyData
    shown: pd.DataFrame

    def queue(self, coder: str) -> list[Answer]:
        """Return a coder's queue in order: text, and the answer that the codings of the seeds hold."""
        said = {(a["doc_id"], a["unit"]): a for a in seeds_answers(self.data) if a["coder"] == coder}
        rows = self.assignment.tasks(self.shown, coder).to_dict("records")
        return [said[row["doc_id"], row["unit"]] | {"text": row["text"], "context": row["context"]} for row in rows]


def send(tool: str, data: StudyData, folder: Path) -> Sent:
    assignment = assign(data.units, ["A", "B"], data.codebook, overlap=0.2, rng=7)
    export_all(tool, assignment, data.units, data.codebook, folder)
    return Sent(tool, folder, assignment, data, tasks(data.units, data.codebook))
