from __future__ import annotations

import json
import re
import socket
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from framing.cli import app
from framing.coding.desk import open_journal
from framing.coding.desk.guard import HEADERS
from framing.coding.desk.server import direction, strings
from framing.errors import InputError
from tests.coding.desk.conftest import ANSWER, Client, Small, start


def said(state: Any) -> dict[str, Any]:
    return {"at": state["at"], "sha": state["unit"]["sha"], "values": ANSWER, "note": "", "seconds": 1.0}


def test_an_answer_is_on_disk_before_the_next_unit_shows(client: Client, small: Small) -> None:
    state = client.get("state")
    for number in range(1, 4):
        state = client.answer(state, note=f"n{number}")
        lines = (small.folder / "answers/A.jsonl").read_text(encoding="utf-8").splitlines()
        assert [json.loads(line)["note"] for line in lines] == [f"n{n}" for n in range(1, number + 1)]
        assert (state["at"], state["coded"]) == (number, number)
    assert client.post("undo", {})["at"] == 2
    assert len(client.get("overview")) == 2


REFUSED = {
    "a name that was made to point here": ({"host": "evil.example:{port}"}, 421),
    "another port as host": ({"host": "127.0.0.1:1"}, 421),
    "no host": ({"host": None}, 421),
    "another page": ({"origin": "http://evil.example"}, 403),
    "another port of this machine": ({"origin": "http://127.0.0.1:1"}, 403),
    "a page without a name": ({"origin": "null"}, 403),
    "this page, but encrypted": ({"origin": "https://127.0.0.1:{port}"}, 403),
    "a link elsewhere": ({"sec_fetch_site": "cross-site"}, 403),
    "a link on another port": ({"sec_fetch_site": "same-site"}, 403),
}


@pytest.mark.parametrize("path", ["", "state", "overview", "setup", "style.css", "answer"])
@pytest.mark.parametrize("case", REFUSED)
def test_no_request_from_elsewhere_is_accepted(client: Client, small: Small, case: str, path: str) -> None:
    headers, status = REFUSED[case]
    sent = {name: value and value.format(port=client.port) for name, value in headers.items()}
    body = said(client.get("state")) if path == "answer" else None
    try:
        found = client.ask(f"/secret/{path}", body, **sent)
    except ConnectionResetError:  # without a host it is no HTTP request, hung up on while its body is still on the way
        assert case == "no host"
    else:
        assert found[0] == status or (case == "no host" and found[0] == 400)
        assert not [name for name in found[1] if name.lower().startswith("access-control")]
    assert (small.folder / "answers/A.jsonl").read_bytes() == b""


@pytest.mark.parametrize("token", ["", "wrong", "secre", "secrets", "SECRET", "سر"])
def test_without_the_token_nothing_is_there(client: Client, small: Small, token: str) -> None:
    from urllib.parse import quote

    for path in ("", "state", "desk.js"):
        assert client.ask(f"/{quote(token)}/{path}")[0] == 404
    assert client.ask(f"/{quote(token)}/answer", said(client.get("state")))[0] == 404
    assert client.ask("/")[0] == 404
    assert (small.folder / "answers/A.jsonl").read_bytes() == b""


def test_the_page_itself_is_let_through(client: Client) -> None:
    for host in (f"127.0.0.1:{client.port}", f"localhost:{client.port}"):
        own = {"host": host, "origin": f"http://{host}", "sec_fetch_site": "same-origin"}
        assert client.ask("/secret/state", **own)[0] == 200
    assert client.ask("/secret/", sec_fetch_site="none")[0] == 200


def test_every_response_shuts_the_page_off(client: Client) -> None:
    for path in ("/secret/", "/secret/state", "/secret/regular.ttf", "/secret/nothing", "/wrong/"):
        _, headers, _ = client.ask(path)
        assert {name: headers[name] for name in HEADERS} == HEADERS
        assert "server" not in headers
    policy = dict(part.strip().split(" ", 1) for part in HEADERS["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert set(policy.values()) == {"'none'", "'self'", "data:"}


def test_the_page_asks_for_nothing_outside(client: Client) -> None:
    for name in ("", "style.css", "desk.js", "form.js", "book.js"):
        content = client.get(name).decode()
        assert not re.findall(r"(?:https?:)?//[\w.]+\.\w+|@import|<script(?![^>]* src=)|\son\w+=", content)


def test_a_preflight_gets_no_leave(client: Client) -> None:
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=20)
    asked = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    connection.request("OPTIONS", "/secret/answer", headers=asked)
    answer = connection.getresponse()
    assert answer.status == 403
    assert "access-control-allow-origin" not in answer.headers
    connection.close()


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None])
def test_an_answer_is_json(client: Client, small: Small, kind: str | None) -> None:
    assert client.ask("/secret/answer", said(client.get("state")), content_type=kind)[0] == 415
    assert (small.folder / "answers/A.jsonl").read_bytes() == b""


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b'"\xff"', b'{"at": 0}',
        b'{"at": true, "sha": "", "values": {}, "note": "", "seconds": 1}',
        b'{"at": 0, "sha": "", "values": [], "note": "", "seconds": 1}',
        b'{"at": 99, "sha": "", "values": {}, "note": "", "seconds": NaN}',
    ],
)  # fmt: skip
def test_what_is_no_answer_is_told_so(client: Client, small: Small, body: bytes) -> None:
    status, _, found = client.ask("/secret/answer", raw=body)
    assert status == 422
    assert found["error"]
    assert (small.folder / "answers/A.jsonl").read_bytes() == b""


def test_a_request_without_end_is_cut_short(client: Client) -> None:
    assert client.ask("/secret/answer", raw=b"{}", content_length=str(10**9))[0] == 413


def test_a_full_disk_is_told_and_the_unit_stays(client: Client, small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    state = client.get("state")
    with monkeypatch.context() as patched:
        patched.setattr("framing.coding.desk.journal.os.write", full)
        status, _, found = client.ask("/secret/answer", said(state))
    assert status == 507
    assert "No space left" in found["error"]
    assert client.get("state") == state
    assert client.answer(state)["at"] == 1
    assert (small.folder / "answers/A.jsonl").stat().st_size > 0


def test_texts_stay_texts(client: Client) -> None:
    page = client.get("").decode()
    assert "A bridge &lt;told&gt; twice" in page
    assert "<told>" not in page


def test_words_are_there_in_both_languages() -> None:
    english, arabic = strings("en"), strings("ar")
    assert set(english) == set(arabic)
    for name, text in english.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", arabic[name])), name
    assert [direction(language) for language in ("ar", "fa-IR", "en", "sw")] == ["rtl", "rtl", "ltr", "ltr"]


def test_killed_at_any_point_nothing_answered_is_lost(small: Small, tmp_path: Path) -> None:
    """The real command over HTTP, killed by the system between an answer and the next."""
    told: list[dict[str, Any]] = []
    for run in range(2):
        command = start(small.file, "--coder", "سلمى", cwd=tmp_path)
        client, state = command.client, command.client.get("state")
        assert state["coded"] == len(told)
        for number in range(2):
            values = ANSWER | {"tone": (run + number) % 3 - 1, "frames": ["pride"] * number}
            state = client.answer(state, values, note=f"{run}-{number}")
            told.append(values)
        command.kill()
    found = (small.folder / "answers/سلمى.jsonl").read_text(encoding="utf-8")
    assert [json.loads(line)["values"] for line in found.splitlines()] == told


def test_the_command_refuses_what_it_cannot_do(small: Small) -> None:
    def refusal(*options: str) -> str:
        found = CliRunner().invoke(app, ["code", str(small.file), "--no-browser", *options])
        assert isinstance(found.exception, InputError)
        return str(found.exception)

    with open_journal(small.folder / "answers", "A"), socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert "'A' is coding already" in refusal("--coder", "A")
        assert f"port {port} cannot be used" in refusal("--coder", "B", "--port", str(port))
    assert "a coder cannot be called" in refusal("--coder", "../A")
    assert "no words in language 'fr'" in refusal("--coder", "A", "--lang", "fr")
    assert "study.toml" in refusal("--coder", "A", "--queue", str(small.file))
