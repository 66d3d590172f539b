"""What candidates reach without an account: the page of a session's link, the calendar file of an enrolment."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from bot.channels.console.desk import HEADERS, console_of
from bot.channels.console.sessions import JOIN
from bot.channels.refusals import RefusedError
from bot.reception.calendar import calendar_file
from bot.storage import info_sessions

router = APIRouter(include_in_schema=False)


@router.get(f"{JOIN}/{{code}}")
def join(request: Request, code: str) -> Response:
    """Show the conversation, where the session is spoken of first."""
    console = console_of(request)
    with console.database.connect() as connection:
        session = info_sessions.of_code(connection, code[:8])
    if session is None or session.cancelled:
        raise RefusedError(404, "Cette réunion n'existe pas, ou elle est annulée.")
    written = console.templates.get_template("join.html.j2").render(session=session)
    return HTMLResponse(written, headers=dict(HEADERS))


@router.get("/agenda/{code}.ics")
def calendar(request: Request, code: str) -> Response:
    """Return the calendar file of an enrolment."""
    console = console_of(request)
    with console.database.connect() as connection:
        enrolment = info_sessions.enrolment_of_code(connection, code[:10])
    if enrolment is None:
        raise RefusedError(404, "Cette inscription n'existe pas, ou elle est effacée.")
    domain = urlsplit(console.address).hostname or "etaie"
    content = calendar_file(enrolment.session, domain, datetime.now(UTC))
    headers = {**HEADERS, "Content-Disposition": 'attachment; filename="reunion.ics"'}
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)
