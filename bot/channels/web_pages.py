"""The pages and the script of the widget: read once, compressed once, told apart by their hash."""

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import Response

PAGES = Path(__file__).parent / "pages"

_FILES: Mapping[str, tuple[str, str]] = {
    "/": ("accueil.html", "text/html; charset=utf-8"),
    "/demo": ("demo.html", "text/html; charset=utf-8"),
    "/widget.js": ("widget.js", "text/javascript; charset=utf-8"),
    "/pages.css": ("pages.css", "text/css; charset=utf-8"),
    "/demo.js": ("demo.js", "text/javascript; charset=utf-8"),
}
"""File and media type of each address."""

_ANYWHERE = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""The script is meant for other sites."""

_FOR_EVER = "public, max-age=31536000, immutable"

_PAGE = {
    # Nothing from elsewhere, nothing inline: what a message holds can run nothing.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}


@dataclass(frozen=True)
class StaticFile:
    """A file ready to be sent."""

    content: bytes
    compressed: bytes
    media: str
    etag: str

    @classmethod
    def of(cls, path: Path, media: str) -> "StaticFile":
        """Read a file."""
        content = path.read_bytes()
        return cls(content, gzip.compress(content, 9, mtime=0), media, f'"{hashlib.sha256(content).hexdigest()[:20]}"')

    def answer(self, request: Request, headers: Mapping[str, str], cached: str = "no-cache") -> Response:
        """Return the file, or « not modified » when the browser has it."""
        sent = {
            "ETag": self.etag,
            "Cache-Control": cached,
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
            **headers,
        }
        # A proxy that compresses marks the tag as weak: « W/ ».
        if self.etag in re.findall(r'"[^"]*"', request.headers.get("if-none-match", "")):
            return Response(status_code=304, headers=sent)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(self.compressed, media_type=self.media, headers={**sent, "Content-Encoding": "gzip"})
        return Response(self.content, media_type=self.media, headers=sent)


def pages_router() -> APIRouter:
    """Return the routes of the pages."""
    router = APIRouter()
    for address, (name, media) in _FILES.items():
        headers = _ANYWHERE if name == "widget.js" else _PAGE
        _serve(router, address, StaticFile.of(PAGES / name, media), headers)
    return router


def _serve(router: APIRouter, address: str, file: StaticFile, headers: Mapping[str, str]) -> None:
    @router.get(address, include_in_schema=False)
    async def send(request: Request) -> Response:
        # A page that names a version asks for another name when it wants another script.
        named = headers is _ANYWHERE and request.query_params.get("v")
        return file.answer(request, headers, _FOR_EVER if named else "no-cache")
