"""An OpenAI-compatible endpoint on loopback, for tests."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any

Script = Callable[[str, list[dict[str, str]], int], Any]
"""Gets the unit's text, the messages and how often this unit was asked about; gives words, a status or more."""


def completion(content: str | None, **message: object) -> dict[str, Any]:
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content} | message}
    usage = {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}
    return {"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage}


class Server(ThreadingHTTPServer):
    """An endpoint on loopback that answers by script and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script: Script = lambda text, messages, n: 500
        self.requests: list[dict[str, Any]] = []
        self.asked: Counter[str] = Counter()
        self.lock = Lock()
        self.refused_formats: set[str] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        text = json.loads(body["messages"][1]["content"])["unit"]
        with self.server.lock:
            self.server.requests.append(body)
            self.server.asked[text] += 1
            count = self.server.asked[text]
        if body.get("response_format", {}).get("type", "none") in self.server.refused_formats:
            self.send(400, {"error": {"message": "response_format is not supported"}})
            return
        said = self.server.script(text, body["messages"], count)
        if said == "drop":
            self.close_connection = True
        elif isinstance(said, int):
            self.send(said, {"error": {"message": f"no: {said}"}})
        elif isinstance(said, tuple):
            self.send(*said)
        else:
            self.send(200, said if isinstance(said, dict) else completion(said))

    def send(self, status: int, body: dict[str, Any] | str, headers: dict[str, str] | None = None) -> None:
        data = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        kind = "text/html" if isinstance(body, str) else "application/json"
        for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
