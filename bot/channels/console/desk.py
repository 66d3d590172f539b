"""What every page of the console needs: who is there, what was typed, how a page is written."""

import logging
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, unquote, urlsplit

from fastapi import Depends, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from markupsafe import Markup, escape
from sqlalchemy import Connection, Engine
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.channels.bodies import BODY_LIMIT
from bot.channels.refusals import RefusedError
from bot.messages import Message
from bot.positioning.guide import Guide
from bot.storage import callbacks, team_accounts
from bot.storage.complements import NewComplement
from bot.storage.info_sessions import Send
from bot.storage.team_accounts import OpenSession
from bot.team.accounts import Account
from bot.team.limits import TeamLimits
from bot.text.dates import PARIS, said_day, said_hour
from bot.text.folding import without_control_characters
from bot.text.lists import enumeration, plural
from referential.french_dates import french_date

logger = logging.getLogger(__name__)

COOKIE = "etaie_equipe"
_SAID = "etaie_dit"
HOME = "/equipe"
LOGIN = "/equipe/connexion"
PASSWORD = "/equipe/mot-de-passe"  # noqa: S105  the address of a page
_FOLDER = Path(__file__).parent / "templates"

HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Nothing inline, nothing from elsewhere: what a candidate wrote can run nothing.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
}

Likeness = Callable[[Sequence[str]], Any]
"""Turns texts into vectors of length 1, one row a text."""


@dataclass(frozen=True)
class Topic:
    """A topic of the assistant, for the team."""

    name: str
    label: str
    silent: bool
    """Whether the fiche says nothing of it: the team may."""


@dataclass
class Console:
    """What the pages are made with."""

    database: Engine
    key: bytes
    address: str
    """Of the server as people reach it, without a slash at the end."""
    limits: TeamLimits
    guide: Guide
    topics: Sequence[Topic]
    preview: Callable[[NewComplement], Message]
    """Makes the message that a candidate would read."""
    encode: Likeness
    send: Send
    reachable: Callable[[str], bool]
    """Whether the channel of a conversation can bring something later."""
    wake: Callable[[], None]
    """Tells the messaging loops that there is something to send."""
    _limiter: MovingWindowRateLimiter = field(default_factory=lambda: MovingWindowRateLimiter(MemoryStorage()))

    @property
    def secure(self) -> bool:
        """Whether people reach the server by HTTPS."""
        return self.address.startswith("https://")

    def count_login(self, where: str) -> None:
        """Count an attempt to open an account.

        Raises:
            RefusedError: 429 when there are too many from one place.
        """
        if not self._limiter.hit(RateLimitItemPerMinute(self.limits.logins_a_minute), "login", where):
            raise RefusedError(429, "Trop d'essais depuis cette adresse. Attendez une minute.", 60)

    @cached_property
    def templates(self) -> Environment:
        """The pages."""
        environment = Environment(
            loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        environment.filters |= {
            "day": said_day,
            "hour": said_hour,
            "short": lambda moment: moment.astimezone(PARIS).strftime("%d/%m/%Y %H:%M"),
            "french_date": french_date,
            "plural": plural,
            "enumeration": enumeration,
            "bold": bold,
        }
        return environment


class LoggedOutError(Exception):
    """Nobody is there: the page asked for is shown after the account is opened."""

    def __init__(self, wanted: str = HOME) -> None:
        """Keep the address of the page asked for."""
        super().__init__("Personne n'est connecté.")
        self.wanted = wanted


class ElsewhereError(Exception):
    """Another page must be seen first."""

    def __init__(self, address: str) -> None:
        """Keep the address of that page."""
        super().__init__(address)
        self.address = address


@dataclass(frozen=True)
class Visit:
    """A request by somebody of the team."""

    request: Request
    console: Console
    session: OpenSession

    @property
    def account(self) -> Account:
        """Who."""
        return self.session.account

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction."""
        with self.console.database.begin() as connection:
            yield connection

    def note(self, connection: Connection, action: str, subject: str) -> None:
        """Write in the journal."""
        team_accounts.note(connection, self.account, action, subject, datetime.now(UTC))

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """Return a page."""
        with self.console.database.connect() as connection:
            waiting = callbacks.count_open(connection)
        shown = {
            "account": self.account,
            "csrf": self.session.csrf,
            "here": self.request.url.path,
            "said": told(self.request),
            "waiting": waiting,
        }
        written = self.console.templates.get_template(f"{template}.html.j2").render(**shown, **values)
        response = HTMLResponse(written, status, dict(HEADERS))
        if shown["said"]:
            response.delete_cookie(_SAID, path=HOME)
        return response

    def go(self, address: str, said: str = "") -> Response:
        """Send to another page after something was done, with a word about it."""
        response = RedirectResponse(address, 303, dict(HEADERS))
        if said:
            response.set_cookie(_SAID, quote(said), max_age=30, httponly=True, samesite="lax", path=HOME)
        return response

    def file(self, content: bytes, media: str, name: str) -> Response:
        """Return a file to keep."""
        headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=media, headers=headers)


def console_of(request: Request) -> Console:
    """Return the console of the application."""
    console: Console = request.app.state.console
    return console


def session_of(request: Request) -> OpenSession | None:
    """Return who is there, if anybody."""
    console = console_of(request)
    token = request.cookies.get(COOKIE, "")
    if not token:
        return None
    idle, longest = timedelta(minutes=console.limits.idle_minutes), timedelta(hours=console.limits.session_hours)
    with console.database.begin() as connection:
        return team_accounts.read_session(connection, token, datetime.now(UTC), idle, longest)


def anybody(request: Request) -> Visit:
    """Return the visit of somebody of the team, whose password may have to be changed.

    Raises:
        LoggedOutError: nobody is there.
    """
    session = session_of(request)
    if session is None:
        wanted = request.url.path if request.method == "GET" else HOME
        raise LoggedOutError(wanted + (f"?{request.url.query}" if request.url.query and wanted != HOME else ""))
    return Visit(request, console_of(request), session)


def member(request: Request) -> Visit:
    """Return the visit of somebody of the team.

    Raises:
        LoggedOutError: nobody is there.
        ElsewhereError: the password must be changed first.
    """
    visit = anybody(request)
    if visit.account.must_change:
        raise ElsewhereError(PASSWORD)
    return visit


def only(may: Callable[[Account], bool], who: str) -> Callable[[Request], Visit]:
    """Return what gives the visit of those who may, and refuses the others (403)."""

    def allowed(request: Request) -> Visit:
        visit = member(request)
        if not may(visit.account):
            raise RefusedError(403, f"Cette page est réservée aux {who}.")
        return visit

    return allowed


publisher = only(lambda account: account.publishes, "responsables")
administrator = only(lambda account: account.administers, "administrateurs")


async def typed(request: Request) -> dict[str, str]:
    """Return the fields of a form, without control characters.

    Raises:
        RefusedError: it is too large, or comes from another site.
    """
    same_site(request)
    if not 0 <= int(request.headers.get("content-length", -1)) <= BODY_LIMIT:
        raise RefusedError(413, "Le formulaire est trop long, ou ne dit pas sa longueur.")
    form = await request.form(max_fields=400, max_files=0)
    return {
        name: without_control_characters(value).strip() if name not in _AS_TYPED else value
        for name, value in form.items()
        if isinstance(value, str)
    }


_AS_TYPED = {"password", "new", "again"}
"""Fields that may begin or end with a space."""


def same_site(request: Request) -> None:
    """Refuse what another site makes the browser send.

    Raises:
        RefusedError: 403 when it does.
    """
    origin = request.headers.get("origin", "")
    if origin and origin != "null" and urlsplit(origin).netloc == request.headers.get("host", ""):
        return
    if not origin and request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none"):
        return
    raise RefusedError(403, "Ce formulaire vient d'un autre site. Rouvrez la page et recommencez.")


Filled = Annotated[dict[str, str], Depends(typed)]


def checked(visit: Visit, form: Mapping[str, str]) -> None:
    """Refuse a form that the page of this session did not make.

    Raises:
        RefusedError: 403 when it did not.
    """
    if not secrets.compare_digest(form.get("csrf", "").encode(), visit.session.csrf.encode()):
        raise RefusedError(403, "Ce formulaire n'est plus valable. Rouvrez la page et recommencez.")


def writer(who: Callable[[Request], Visit]) -> Callable[[Request, dict[str, str]], Visit]:
    """Return who sent a form, once the form was checked."""

    def sent(request: Request, form: Filled) -> Visit:
        visit = who(request)
        checked(visit, form)
        return visit

    return sent


AnyVisit = Annotated[Visit, Depends(anybody)]
MemberVisit = Annotated[Visit, Depends(member)]
PublisherVisit = Annotated[Visit, Depends(publisher)]
AdministratorVisit = Annotated[Visit, Depends(administrator)]
AnyWrite = Annotated[Visit, Depends(writer(anybody))]
MemberWrite = Annotated[Visit, Depends(writer(member))]
PublisherWrite = Annotated[Visit, Depends(writer(publisher))]
AdministratorWrite = Annotated[Visit, Depends(writer(administrator))]


# --- Words ----------------------------------------------------------------------------------------


def bold(text: str) -> Markup:
    """Return a text of the assistant for a page: **bold** and line breaks, the rest escaped."""
    parts = str(escape(text)).split("**")
    marked = "".join(f"<strong>{part}</strong>" if n % 2 else part for n, part in enumerate(parts))
    return Markup(marked.replace("\n", "<br>"))  # noqa: S704  escaped above


def told(request: Request) -> str:
    """Return the word about what was just done."""
    return unquote(request.cookies.get(_SAID, ""))[:300]
