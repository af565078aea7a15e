"""Who may ask the desk: the page that it opened itself, and nobody else."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST = "127.0.0.1"

LONGEST_BODY = 256 * 1024
"""Bytes of a request beyond which it is no answer."""

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
}
"""Of every response: nothing from elsewhere is loaded, nobody elsewhere may embed or read the page."""


class Guard:
    """Lets through what comes from the page itself, and gives every response its headers.

    Refused are a ``Host`` that is not this address (a foreign name that was made to point here, so-called DNS
    rebinding), an ``Origin`` or ``Sec-Fetch-Site`` of any other page, another port of this machine included, a path
    that does not begin with the token of this run, and bodies that are no JSON or too long.
    """

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self.app, self.token = app, token
        self.hosts = {f"{HOST}:{port}", f"localhost:{port}"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        from starlette.responses import JSONResponse

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message.get("headers", []), *((k.encode(), v.encode()) for k, v in HEADERS.items())
                ]  # fmt: skip
            await send(message)

        if scope["type"] != "http":
            return
        refused = self.refusal(scope)
        if refused is None:
            await self.app(scope, receive, guarded)
        else:
            status, reason = refused
            await JSONResponse({"error": reason}, status)(scope, receive, guarded)

    def refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Return status and reason of a request that is refused, else None."""
        headers: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
        hosts = headers.get("host", [])
        if len(hosts) != 1 or hosts[0].lower() not in self.hosts:
            return 421, "this is another host"
        if any(origin != f"http://{hosts[0].lower()}" for origin in headers.get("origin", [])):
            return 403, "requests from another origin are not accepted"
        if any(site not in ("same-origin", "none") for site in headers.get("sec-fetch-site", [])):
            return 403, "requests from another site are not accepted: open the address by hand"
        first = scope["path"].split("/")[1] if scope["path"].startswith("/") else ""
        if not secrets.compare_digest(first.encode("utf-8", "replace"), self.token.encode()):
            return 404, "not found"
        if scope["method"] == "POST":
            kinds = headers.get("content-type", [])
            if len(kinds) != 1 or kinds[0].split(";")[0].strip().lower() != "application/json":
                return 415, "an answer is JSON"
            sizes = headers.get("content-length", [])
            if len(sizes) != 1 or not sizes[0].isdecimal() or int(sizes[0]) > LONGEST_BODY:
                return 413, "an answer says how long it is, and is not that long"
        return None
