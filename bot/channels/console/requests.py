"""Requests to be answered by somebody: seen, taken, answered in the candidate's own conversation, closed."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import Connection
from starlette.responses import Response

from bot.channels.console.desk import HOME, Filled, MemberVisit, MemberWrite, Visit
from bot.channels.refusals import RefusedError
from bot.reception.stage import At, Stage
from bot.reception.texts import load_reception_texts
from bot.storage import callbacks, reception, team_accounts
from bot.storage.callbacks import Request, State

router = APIRouter(prefix=HOME, include_in_schema=False)

REQUESTS = f"{HOME}/demandes"
_TEXT = 2000


@router.get("/demandes")
def requests(visit: MemberVisit, fermees: Annotated[bool, Query()] = False) -> Response:
    """Show the requests."""
    with visit.console.database.connect() as connection:
        found = callbacks.listed(connection, fermees)
        names = {account.id: account.name for account in team_accounts.accounts(connection)}
    return visit.page("requests", requests=found, names=names, closed=fermees)


@router.get("/demandes/{identifier}")
def one(visit: MemberVisit, identifier: str) -> Response:
    """Show what was said in a request."""
    with visit.writing() as connection:
        request = _opened(connection, identifier)
        said = callbacks.said(connection, identifier)
        holder = team_accounts.account_of(connection, request.taken_by) if request.taken_by else None
        visit.note(connection, "Demande vue", request.who)
    mine = request.state is State.TAKEN and request.taken_by == visit.account.id
    return visit.page(
        "request",
        request=request,
        thread=said,
        holder=holder,
        mine=mine,
        reachable=visit.console.reachable(request.sender_id),
    )


@router.get("/demandes/{identifier}/fil")
def thread(visit: MemberVisit, identifier: str) -> Response:
    """Return what was said, for a page that looks again."""
    with visit.console.database.connect() as connection:
        request = _opened(connection, identifier)
        said = callbacks.said(connection, identifier)
    return visit.page("thread", request=request, thread=said)


@router.post("/demandes/{identifier}")
def act(visit: MemberWrite, identifier: str, form: Filled) -> Response:
    """Take a request, answer, or close it."""
    acts: dict[str, Callable[[Visit, Connection, Request, str], str]]
    acts = {"take": _take, "answer": _answer, "close": _close}
    doing = acts.get(form.get("act", ""))
    if doing is None:
        raise RefusedError(422, "Cette action n'existe pas.")
    with visit.writing() as connection:
        request = _opened(connection, identifier)
        said = doing(visit, connection, request, form.get("text", ""))
    visit.console.wake()
    return visit.go(f"{REQUESTS}/{identifier}", said)


def _take(visit: Visit, connection: Connection, request: Request, _text: str) -> str:
    now = datetime.now(UTC)
    if not callbacks.take(connection, request.id, visit.account.id, now):
        raise RefusedError(409, "Quelqu'un d'autre vient de prendre cette demande.")
    visit.note(connection, "Demande prise", request.who)
    if visit.console.reachable(request.sender_id):
        reception.write(connection, request.sender_id, Stage(At.WITH_TEAM), now)
        author = visit.account.name.split(" ")[0]
        visit.console.send(connection, request.sender_id, load_reception_texts().told("taken", author=author), "")
    return "La demande est à vous. L'assistant se tait dans cette conversation."


def _answer(visit: Visit, connection: Connection, request: Request, text: str) -> str:
    if request.state is not State.TAKEN or request.taken_by != visit.account.id:
        raise RefusedError(409, "Prenez d'abord cette demande.")
    if not 0 < len(text) <= _TEXT:
        raise RefusedError(422, f"Écrivez une réponse, en {_TEXT} caractères au plus.")
    author = visit.account.name.split(" ")[0]
    if not visit.console.send(connection, request.sender_id, text, author):
        raise RefusedError(409, "Cette conversation n'existe plus, ou son canal ne peut pas recevoir de message.")
    callbacks.add(connection, request.id, author, text, datetime.now(UTC))
    return "Votre réponse est envoyée."


def _close(visit: Visit, connection: Connection, request: Request, _text: str) -> str:
    now = datetime.now(UTC)
    if not callbacks.close(connection, request.id, now):
        raise RefusedError(409, "Cette demande est déjà fermée.")
    visit.note(connection, "Demande fermée", request.who)
    if request.state is State.TAKEN and visit.console.reachable(request.sender_id):
        reception.forget(connection, request.sender_id)
        visit.console.send(connection, request.sender_id, load_reception_texts().told("closed"), "")
    return "La demande est fermée. L'assistant répond de nouveau."


def _opened(connection: Connection, identifier: str) -> Request:
    request = callbacks.read(connection, identifier)
    if request is None:
        raise RefusedError(404, "Cette demande n'existe pas, ou elle est effacée.")
    return request
