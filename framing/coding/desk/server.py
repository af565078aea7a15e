"""The desk's page, served to one browser on this machine: nothing else may ask, and nothing outside is asked."""

from __future__ import annotations

import secrets
import socket
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Any

from framing.coding.desk.desk import Desk, SaidError
from framing.coding.desk.guard import HOST, Guard
from framing.coding.desk.guide import guide
from framing.coding.languages import LANGUAGES
from framing.coding.wording import WORDS
from framing.errors import InputError
from framing.resources import font_folder

if TYPE_CHECKING:
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ckb", "ps", "sd", "ug", "yi"})

_STATIC = {
    "style.css": "text/css",
    "desk.js": "text/javascript",
    "form.js": "text/javascript",
    "book.js": "text/javascript",
}
_FONTS = {"regular.ttf": "IBMPlexSansArabic-Regular.ttf", "semibold.ttf": "IBMPlexSansArabic-SemiBold.ttf"}


@dataclass(frozen=True)
class Page:
    """What the page says besides units.

    Attributes
    ----------
    title
        Of the study.
    language
        Of the page, one of `framing.coding.languages.LANGUAGES`.
    command
        What makes codings of the answers, in words to copy.
    """

    title: str
    language: str
    command: str

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise InputError(f"no words in language '{self.language}'", cure=f"Use one of {', '.join(LANGUAGES)}.")


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
                "guide": guide(codebook),
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
    return table[language] | {name: said[language] for name, said in WORDS.items()}


def direction(language: str) -> str:
    """Return in which direction a language is written: ``rtl`` or ``ltr``."""
    return "rtl" if language.split("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


def _read(name: str) -> str:
    return (files("framing.coding.desk") / "static" / name).read_text(encoding="utf-8")


def quiet_server(app: Starlette) -> uvicorn.Server:
    """Return a server that says nothing of itself, and does not wait for a page that is still open."""
    import uvicorn

    config = uvicorn.Config(
        app, lifespan="off", ws="none", access_log=False, log_level="warning", proxy_headers=False,
        server_header=False, timeout_graceful_shutdown=1,
    )  # fmt: skip
    return uvicorn.Server(config)


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
        ready(f"http://{HOST}:{port}/{token}/")
        quiet_server(app).run(sockets=[listening])
