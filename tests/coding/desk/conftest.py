"""A study of two articles, made up, and a desk that answers over HTTP."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
import pytest

from framing.coding import Codebook, read_codebook
from framing.coding.desk import Desk, Page, application, open_journal
from framing.coding.desk.server import quiet_server
from framing.coding.exchange import tasks
from framing.corpus import read_articles, segment

CODEBOOK = """
name: bridge
version: 3
language: ar
unit: One sentence.
unit_ar: جملة واحدة.
context: 2
frames:
  - id: cost
    label_en: Cost
    label_ar: الكلفة
    definition: The bridge is shown as money spent.
    definition_ar: يُقدَّم الجسر على أنه مال أُنفق.
    include: [sums held against use (كلفة، إنفاق)]
    include_ar: [مبالغ تُقاس بالفائدة]
    exclude: [a sum as plain fact]
    exclude_ar: [مبلغ يُذكر خبرًا]
    examples: [ابتلع الجسر ميزانية ثلاث سنوات.]
  - id: pride
    label_en: Pride
    label_ar: الفخر
    definition: يُقدَّم الجسر على أنه إنجاز.
tone:
  scale: [-2, -1, 0, 1, 2]
  question: Which tone?
targets:
  scale: [-1, 0, 1, null]
  question: Tone towards this party?
  parties:
    - {id: city, label_en: the city, label_ar: البلدية, covers: "the city and its council"}
voice:
  values: {narrator: the outlet, other: somebody else}
  labels_ar: {other: سواها}
"""
STUDY = """
[study]
name = "bridge"
title = "A bridge <told> twice"
seed = 7
[corpus]
articles = "articles.jsonl"
[coding]
codebook = "codebook.yaml"
"""
TEXTS = {
    "north": "جسر جديد يربط الضفتين\n\nافتتحت البلدية الجسر الجديد صباح أمس. كلف المشروع مبلغًا كبيرًا لم تعلنه الجهات. "
    "وقال مهندسون إن العمل أُنجز قبل موعده. ويرى السكان أن الجسر يختصر الطريق.",
    "south": "الجسر الذي انتظره الناس\n\nتجمع الناس عند الجسر منذ الفجر. قالت البلدية إن <b>الكلفة</b> معقولة. "
    "واعترض تجار على إغلاق السوق القديم. وبقيت الأسئلة عن الصيانة مفتوحة.",
}
ANSWER = {"frames": ["cost"], "tone": -2, "tone_city": None, "voice": "other"}


@dataclass(frozen=True)
class Small:
    """The study's files and what is in them."""

    folder: Path
    units: pd.DataFrame
    codebook: Codebook

    @property
    def file(self) -> Path:
        return self.folder / "study.toml"

    @property
    def shown(self) -> pd.DataFrame:
        return tasks(self.units, self.codebook)


@pytest.fixture
def small(tmp_path: Path) -> Small:
    folder = tmp_path / "bridge"
    folder.mkdir()
    (folder / "codebook.yaml").write_text(CODEBOOK, encoding="utf-8")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    rows = [{"doc_id": doc_id, "outlet": f"{doc_id} daily", "text": text} for doc_id, text in TEXTS.items()]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "articles.jsonl").write_text(lines, encoding="utf-8")
    return Small(folder, segment(read_articles(folder / "articles.jsonl")), read_codebook(folder / "codebook.yaml"))


@dataclass
class Client:
    """Asks as a page would, or as it should not."""

    port: int
    token: str
    headers: dict[str, str] = field(default_factory=dict)

    def ask(
        self, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str | None
    ) -> tuple[int, Any, Any]:
        """Return status, headers and content; a header of None is not sent."""
        content = raw if raw is not None else None if body is None else json.dumps(body).encode()
        sent: dict[str, str | None] = {"Host": f"127.0.0.1:{self.port}"}
        if content is not None:
            sent |= {"Content-Type": "application/json", "Content-Length": str(len(content))}
        sent |= {name.replace("_", "-").title(): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.putrequest("GET" if content is None else "POST", path, skip_host=True, skip_accept_encoding=True)
        for name, value in sent.items():
            if value is not None:
                connection.putheader(name, value)
        connection.endheaders(content)
        answer = connection.getresponse()
        found = answer.read()
        connection.close()
        kind = answer.headers.get("content-type", "")
        return answer.status, answer.headers, json.loads(found) if kind == "application/json" else found

    def get(self, name: str) -> Any:
        status, _, found = self.ask(f"/{self.token}/{name}")
        assert status == 200, found
        return found

    def post(self, name: str, body: Any, status: int = 200) -> Any:
        found = self.ask(f"/{self.token}/{name}", body)
        assert found[0] == status, found[2]
        return found[2]

    def answer(self, state: Any, values: Any = ANSWER, note: str = "", seconds: float = 1.0) -> Any:
        said = {"at": state["at"], "sha": state["unit"]["sha"], "values": values, "note": note, "seconds": seconds}
        return self.post("answer", said)


@pytest.fixture
def client(small: Small) -> Iterator[Client]:
    """A desk of coder A in this process."""
    import socket

    page = Page("A bridge <told> twice", "en", "framing ...")
    with open_journal(small.folder / "answers", "A") as journal, socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        desk = Desk(small.units, small.shown, small.codebook, journal)
        app = application(desk, page, token="secret", port=port)
        server = quiet_server(app)
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield Client(port, "secret")
        server.should_exit = True
        thread.join()


@dataclass
class Command:
    """``framing code`` as a process of its own."""

    process: subprocess.Popen[str]
    address: str

    @property
    def client(self) -> Client:
        parts = urlsplit(self.address)
        assert parts.port is not None
        return Client(parts.port, parts.path.strip("/"))

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
        self.process.communicate()


def start(study: Path | None, *options: str, cwd: Path) -> Command:
    """Run ``framing code --no-browser`` until it says its address."""
    named = [] if study is None else [str(study)]
    process = subprocess.Popen(
        [sys.executable, "-m", "framing.cli", "code", *named, "--no-browser", *options],
        cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("http"):
            return Command(process, line.strip())
    raise AssertionError(f"no address: {process.communicate()}")
