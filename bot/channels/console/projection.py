"""The page for the screen of a room, and what keeps it up to date (server-sent events)."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from bot.channels.console.access import drawn
from bot.channels.console.desk import HEADERS, HOME, Console, MemberVisit, Visit, session_of
from bot.channels.console.sessions import JOIN, opened, profile_of
from bot.reception.sessions import InfoSession
from bot.storage import info_sessions, quality

router = APIRouter(prefix=HOME, include_in_schema=False)

_LOOKS_EVERY = 1.0
"""Seconds between two looks at what changed."""
_KEPT_OPEN_EVERY = 15
"""Looks without a change after which a word keeps the connection open."""
_CHECKED_EVERY = 30
"""Looks after which the account is checked again."""
_QUESTIONS = 5


@router.get("/reunions/{identifier}/projection")
def projection(visit: MemberVisit, identifier: str) -> Response:
    """Show the page of the room."""
    with visit.console.database.connect() as connection:
        session = opened(visit, connection, identifier)
    address = f"{visit.console.address}{JOIN}/{session.code}"
    return visit.page("projection", session=session, address=address, qr_code=drawn(address), **_room(visit, session))


def _room(visit: Visit, session: InfoSession) -> dict[str, Any]:
    console = visit.console
    labels = {topic.name: topic.label for topic in console.topics}
    with console.database.connect() as connection:
        asked = quality.favourite_topics(connection, session.id, labels, _QUESTIONS)
        return {
            "present": info_sessions.members(connection, session.id),
            "profile": profile_of(visit, connection, session),
            "topics": [(labels[topic], times) for topic, times in asked],
            "least": console.limits.group,
        }


@router.get("/reunions/{identifier}/flux")
def stream(visit: MemberVisit, identifier: str) -> Response:
    """Send the room each time that it changes."""
    with visit.console.database.connect() as connection:
        session = opened(visit, connection, identifier)
    headers = {**HEADERS, "X-Accel-Buffering": "no"}
    return StreamingResponse(_changes(visit, session), media_type="text/event-stream", headers=headers)


async def _changes(visit: Visit, session: InfoSession) -> AsyncIterator[str]:
    shown, unchanged, looks = "", 0, 0
    while not await visit.request.is_disconnected():
        looks += 1
        if looks % _CHECKED_EVERY == 0 and not await asyncio.to_thread(session_of, visit.request):
            yield "event: fin\ndata: {}\n\n"
            return
        room = await asyncio.to_thread(_written, visit.console, visit, session)
        if room != shown:
            shown, unchanged = room, 0
            yield f"event: salle\ndata: {json.dumps(room)}\n\n"
        elif (unchanged := unchanged + 1) % _KEPT_OPEN_EVERY == 0:
            yield ": toujours là\n\n"
        await asyncio.sleep(_LOOKS_EVERY)


def _written(console: Console, visit: Visit, session: InfoSession) -> str:
    return console.templates.get_template("projection_live.html.j2").render(**_room(visit, session))
