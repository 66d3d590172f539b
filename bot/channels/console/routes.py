"""Puts the console together, and sends those who are not known to the door."""

from pathlib import Path
from urllib.parse import quote

from fastapi import FastAPI, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.channels.console import access, projection, public, quality, questions, requests, sessions
from bot.channels.console.desk import HEADERS, HOME, LOGIN, ElsewhereError, LoggedOutError, console_of
from bot.channels.web_pages import StaticFile

_STATIC = Path(__file__).parent / "static"
_FILES = {
    "style.css": "text/css; charset=utf-8",
    "projection.js": "text/javascript; charset=utf-8",
    "thread.js": "text/javascript; charset=utf-8",
    "conversation.js": "text/javascript; charset=utf-8",
}


def add_console(app: FastAPI) -> None:
    """Add the pages to an application whose state has the console."""
    for module in (access, sessions, projection, questions, requests, quality, public):
        app.include_router(module.router)
    for name, media in _FILES.items():
        _serve(app, name, StaticFile.of(_STATIC / name, media))

    @app.exception_handler(LoggedOutError)
    async def logged_out(_: Request, error: LoggedOutError) -> Response:
        return RedirectResponse(f"{LOGIN}?suite={quote(error.wanted, safe='')}", 303, dict(HEADERS))

    @app.exception_handler(ElsewhereError)
    async def elsewhere(_: Request, error: ElsewhereError) -> Response:
        return RedirectResponse(error.address, 303, dict(HEADERS))


def _serve(app: FastAPI, name: str, file: StaticFile) -> None:
    @app.get(f"{HOME}/{name}", include_in_schema=False)
    async def send(request: Request) -> Response:
        return file.answer(request, {})


def error_page(request: Request, status: int, reason: str) -> HTMLResponse:
    """Return a page that says why a request of the console is refused."""
    written = console_of(request).templates.get_template("refused.html.j2").render(status=status, reason=reason)
    return HTMLResponse(written, status, dict(HEADERS))
