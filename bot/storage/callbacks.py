"""Requests to be answered by a person, and what was said there: erased when it is over for long."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, ForeignKey, Integer, String, Text, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.conversations import SENDER_LENGTH
from bot.storage.database import Base, Moment, in_utc
from bot.storage.team_accounts import StaffAccount


class State(StrEnum):
    """How far a request is."""

    OPEN = "open"
    TAKEN = "taken"
    CLOSED = "closed"


class CallbackRequest(Base):
    """One request."""

    __tablename__ = "callback_request"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    sender_id: Mapped[str] = mapped_column(String(SENDER_LENGTH), index=True)
    first_name: Mapped[str] = mapped_column(String(40))
    contact: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(10))
    taken_by: Mapped[str | None] = mapped_column(ForeignKey(StaffAccount.id, ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(Moment())
    updated_at: Mapped[datetime] = mapped_column(Moment(), index=True)


class CallbackMessage(Base):
    """One message of the person, or of somebody of the team (whose name is its author)."""

    __tablename__ = "callback_message"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("callback_request.id", ondelete="CASCADE"), index=True)
    author: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Moment())


@dataclass(frozen=True)
class Request:
    """A request, as it is read back."""

    id: str
    sender_id: str
    first_name: str
    contact: str
    state: State
    taken_by: str | None
    created_at: datetime
    updated_at: datetime
    messages: int = 0

    @property
    def who(self) -> str:
        """How to name the person."""
        return self.first_name or f"Personne {self.id[:4].upper()}"


@dataclass(frozen=True)
class Said:
    """A message of a request."""

    author: str
    """Somebody of the team; nothing for the person."""
    text: str
    at: datetime


_REQUEST = select(CallbackRequest.__table__)


def _request(row: Any, messages: int = 0) -> Request:
    return Request(
        row.id,
        row.sender_id,
        row.first_name,
        row.contact,
        State(row.state),
        row.taken_by,
        in_utc(row.created_at),
        in_utc(row.updated_at),
        messages,
    )


def ask(connection: Connection, sender_id: str, first_name: str, contact: str, now: datetime) -> str:
    """Keep a new request; return its identifier."""
    identifier = uuid.uuid4().hex
    values = {"id": identifier, "sender_id": sender_id, "first_name": first_name, "contact": contact}
    connection.execute(insert(CallbackRequest).values(**values, state=str(State.OPEN), created_at=now, updated_at=now))
    return identifier


def open_of(connection: Connection, sender_id: str) -> Request | None:
    """Return the request of a conversation that is not closed, or None."""
    query = _REQUEST.where(CallbackRequest.sender_id == sender_id, CallbackRequest.state != State.CLOSED)
    row = connection.execute(query.order_by(CallbackRequest.created_at.desc()).limit(1)).one_or_none()
    return _request(row) if row else None


def read(connection: Connection, identifier: str) -> Request | None:
    """Return a request, or None."""
    row = connection.execute(_REQUEST.where(CallbackRequest.id == identifier)).one_or_none()
    return _request(row) if row else None


def listed(connection: Connection, closed: bool) -> list[Request]:
    """Return the requests, with how many messages each has: the oldest first when open, the latest when closed."""
    counted = (
        select(CallbackMessage.request_id, func.count().label("messages"))
        .group_by(CallbackMessage.request_id)
        .subquery()
    )
    query = select(CallbackRequest.__table__, func.coalesce(counted.c.messages, 0).label("messages")).outerjoin(
        counted, counted.c.request_id == CallbackRequest.id
    )
    if closed:
        query = query.where(CallbackRequest.state == State.CLOSED).order_by(CallbackRequest.updated_at.desc())
    else:
        query = query.where(CallbackRequest.state != State.CLOSED).order_by(CallbackRequest.created_at)
    return [_request(row, row.messages) for row in connection.execute(query.limit(200))]


def count_open(connection: Connection) -> int:
    """Return how many requests wait for somebody."""
    return connection.execute(select(func.count()).where(CallbackRequest.state == State.OPEN)).scalar_one()


def said(connection: Connection, identifier: str) -> list[Said]:
    """Return what was said, in order."""
    query = select(CallbackMessage.author, CallbackMessage.text, CallbackMessage.at)
    rows = connection.execute(query.where(CallbackMessage.request_id == identifier).order_by(CallbackMessage.id))
    return [Said(row.author, row.text, in_utc(row.at)) for row in rows]


def add(connection: Connection, identifier: str, author: str, text: str, now: datetime, key: str = "") -> bool:
    """Keep a message; return False when one with the same key is kept already."""
    # This takes the row: two processes do not write the same message.
    touched = update(CallbackRequest).where(CallbackRequest.id == identifier).values(updated_at=now)
    if not connection.execute(touched).rowcount:
        return False
    same = select(CallbackMessage.id).where(
        CallbackMessage.request_id == identifier, CallbackMessage.key == bindparam("same_key")
    )
    if key and connection.execute(same, {"same_key": key}).first():
        return False
    values = {"request_id": identifier, "author": author, "text": text, "key": key, "at": now}
    connection.execute(insert(CallbackMessage).values(**values))
    return True


def take(connection: Connection, identifier: str, account_id: str, now: datetime) -> bool:
    """Give a request to somebody; return False when it is not open any more."""
    query = update(CallbackRequest).where(CallbackRequest.id == identifier, CallbackRequest.state == State.OPEN)
    return bool(connection.execute(query.values(state=str(State.TAKEN), taken_by=account_id, updated_at=now)).rowcount)


def close(connection: Connection, identifier: str, now: datetime) -> bool:
    """Close a request; return False when it was closed already."""
    query = update(CallbackRequest).where(CallbackRequest.id == identifier, CallbackRequest.state != State.CLOSED)
    return bool(connection.execute(query.values(state=str(State.CLOSED), updated_at=now)).rowcount)


def erase(connection: Connection, sender_id: str) -> None:
    """Erase the requests of a conversation."""
    connection.execute(delete(CallbackRequest).where(CallbackRequest.sender_id == sender_id))


def purge(connection: Connection, before: datetime) -> int:
    """Erase the requests without news since a moment; return how many."""
    return connection.execute(delete(CallbackRequest).where(CallbackRequest.updated_at < before)).rowcount
