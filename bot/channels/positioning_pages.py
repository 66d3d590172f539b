"""The results of a candidate, behind a private link: a page, and the same in files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from bot.channels.refusals import RefusedError
from bot.exports import FORMATS
from bot.exports.page import page
from bot.positioning.booklet import Booklet
from bot.private_links import RESULTS, PrivateLinks

_HEADERS: Mapping[str, str] = {
    # A private page: neither kept by a cache, nor told to another site, nor found by a search engine.
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
}


@dataclass(frozen=True)
class ResultsDesk:
    """What the pages need."""

    links: PrivateLinks
    booklet: Callable[[str], Booklet | None]
    """Makes the booklet of an attempt; None when it was erased."""


def positioning_router(desk: ResultsDesk) -> APIRouter:
    """Return the routes of the results."""
    router = APIRouter(prefix=RESULTS)

    def opened(token: str) -> tuple[Booklet, date]:
        read = desk.links.read(token)
        booklet = desk.booklet(read[0]) if read else None
        if read is None or booklet is None:
            raise RefusedError(404, "Ce lien ne marche plus : il a expiré, ou les réponses ont été effacées.")
        return booklet, read[1]

    @router.get("/{token}", summary="Les résultats, en page web")
    def results(token: str) -> HTMLResponse:
        booklet, until = opened(token)
        links = {name: f"{RESULTS}/{token}/{name}" for name in FORMATS}
        return HTMLResponse(page(booklet, links, until), headers=dict(_HEADERS))

    @router.get("/{token}/{name}", summary="Les résultats, en fichier")
    def file(token: str, name: str) -> Response:
        booklet, _ = opened(token)
        if name not in FORMATS:
            raise RefusedError(404, f"Ce fichier n'existe pas. Fichiers possibles : {', '.join(FORMATS)}.")
        media, write = FORMATS[name]
        headers = {**_HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
        return Response(write(booklet), media_type=media, headers=headers)

    return router
