"""The desk's page, served to one browser on this machine: nothing else may ask, and nothing outside is asked."""

from __future__ import annotations

import secrets
import socket
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from framing.coding.desk.desk import Desk, SaidError
from framing.coding.desk.guide import LANGUAGES, Guide
from framing.errors import InputError
from framing.resources import font_folder

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST = "127.0.0.1"

LONGEST_BODY = 256 * 1024
"""Bytes of a request beyond which it is no answer."""

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ckb", "ps", "sd", "ug", "yi"})

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

_STATIC = {"style.css": "text/css", "desk.js": "text/javascript", "form.js": "text/javascript", "book.js": "text/javascript"}
_FONTS = {"regular.ttf": "IBMPlexSansArabic-Regular.ttf", "semibold.ttf": "IBMPlexSansArabic-SemiBold.ttf"}


@dataclass(frozen=True)
class Page:
    """What the page says besides units.

    Attributes
    ----------
    title
        Of the study.
    guide
        The codebook's words.
    language
        Of the page, one of `framing.coding.desk.guide.LANGUAGES`.
    command
        What makes codings of the answers, in words to copy.
    """

    title: str
    guide: Guide
    language: str
    command: str

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise InputError(f"no words in language '{self.language}'", cure=f"Use one of {', '.join(LANGUAGES)}.")


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


def application(desk: Desk, page: Page, *, token: str, port: int) -> Starlette:
    """Return the desk as a web application.

    Parameters
    ----------
    desk, page
        What is coded, and what stands around it.
    token
        First part of every path; known only to who started the desk.
    port
        On which it is served; part of the ``Host`` that is let through.
    """
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.routing import Route

    views = _Views(desk, page)
    routes = [
        Route("/{token}/", views.page),
        Route("/{token}/setup", views.setup),
        Route("/{token}/state", views.state),
        Route("/{token}/overview", views.overview),
        Route("/{token}/answer", views.answer, methods=["POST"]),
        Route("/{token}/skip", views.skip, methods=["POST"]),
        Route("/{token}/undo", views.undo, methods=["POST"]),
        Route("/{token}/{name}", views.static),
    ]
    handlers: dict[Any, Any] = {SaidError: _refused, OSError: _unwritten}
    return Starlette(routes=routes, middleware=[Middleware(Guard, token=token, port=port)], exception_handlers=handlers)


async def _refused(request: Request, error: Exception) -> Response:
    from starlette.responses import JSONResponse

    return JSONResponse({"error": str(error)}, 422)


async def _unwritten(request: Request, error: Exception) -> Response:
    from starlette.responses import JSONResponse

    return JSONResponse({"error": f"The answer could not be written: {error}"}, 507)


class _Views:
    """One function per path. None of them waits, so that what two tabs send is written one after the other."""

    def __init__(self, desk: Desk, page: Page) -> None:
        self.desk, self.around = desk, page
        self.words = strings(page.language)

    async def page(self, request: Request) -> Response:
        from starlette.responses import HTMLResponse

        language = self.around.language
        content = Template(_read("page.html")).substitute(
            {key: escape(text) for key, text in self.words.items()},
            language=language,
            direction=direction(language),
            study=escape(self.around.title),
            who=escape(self.words["coder"].format(coder=self.desk.journal.coder)),
        )
        return HTMLResponse(content)

    async def setup(self, request: Request) -> Response:
        codebook = self.desk.codebook
        return _json(
            {
                "strings": self.words,
                "language": self.around.language,
                "guide": self.around.guide.to_dict(),
                "codebook": {"name": codebook.name, "version": codebook.version},
                "text": {"language": codebook.language, "direction": direction(codebook.language)},
                "file": str(self.desk.journal.file),
                "command": self.around.command,
            }
        )

    async def state(self, request: Request) -> Response:
        at = request.query_params.get("at")
        if at is not None and not at.isdecimal():
            raise SaidError("a place is a whole number")
        return _json(self.desk.state(None if at is None else int(at)))

    async def overview(self, request: Request) -> Response:
        return _json(self.desk.overview())

    async def answer(self, request: Request) -> Response:
        said = await _said(request, at=int, sha=str, values=dict, note=str, seconds=float)
        return _json(self.desk.answer(**said))

    async def skip(self, request: Request) -> Response:
        return _json(self.desk.skip(**await _said(request, at=int, sha=str, note=str, seconds=float)))

    async def undo(self, request: Request) -> Response:
        await _said(request)
        return _json(self.desk.undo())

    async def static(self, request: Request) -> Response:
        from starlette.responses import FileResponse, Response

        name = request.path_params["name"]
        if name in _FONTS:
            return FileResponse(font_folder() / _FONTS[name], media_type="font/ttf")
        if name in _STATIC:
            return Response(_read(name), media_type=_STATIC[name])
        return Response(status_code=404)


def _json(content: object) -> Response:
    from starlette.responses import JSONResponse

    return JSONResponse(content)


async def _said(request: Request, **wanted: type) -> dict[str, Any]:
    """Return what a page sent, each part of the type that is wanted."""
    try:
        found = await request.json()
    except ValueError:
        raise SaidError("an answer is JSON") from None
    if not isinstance(found, dict) or set(found) != set(wanted):
        raise SaidError(f"an answer has {', '.join(wanted) or 'nothing'}")
    for name, kind in wanted.items():
        value = found[name]
        if kind is float and type(value) is int:
            found[name] = float(value)
        elif type(value) is not kind:
            raise SaidError(f"'{name}' is no {kind.__name__}")
    return found


def strings(language: str) -> dict[str, str]:
    """Return the page's words in a language."""
    table: dict[str, dict[str, str]] = tomllib.loads((files("framing.coding.desk") / "strings.toml").read_text("utf-8"))
    return table[language]


def direction(language: str) -> str:
    """Return in which direction a language is written: ``rtl`` or ``ltr``."""
    return "rtl" if language.split("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


def _read(name: str) -> str:
    return (files("framing.coding.desk") / "static" / name).read_text(encoding="utf-8")


def serve(desk: Desk, page: Page, *, port: int = 0, ready: Callable[[str], None]) -> None:
    """Serve the desk until it is ended (Ctrl+C).

    Parameters
    ----------
    port
        0 for any that is free.
    ready
        Called with the page's address once it can be opened.

    Raises
    ------
    InputError
        Where the port is taken.
    """
    import uvicorn

    token = secrets.token_urlsafe(32)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        try:
            listening.bind((HOST, port))
        except OSError as error:
            cure = "Leave out --port for one that is free."
            raise InputError(f"port {port} cannot be used ({error.strerror})", cure=cure) from None
        listening.listen()
        port = listening.getsockname()[1]
        app = application(desk, page, token=token, port=port)
        config = uvicorn.Config(
            app, lifespan="off", ws="none", access_log=False, log_level="warning", proxy_headers=False,
            server_header=False, timeout_graceful_shutdown=1,
        )  # fmt: skip
        ready(f"http://{HOST}:{port}/{token}/")
        uvicorn.Server(config).run(sockets=[listening])

