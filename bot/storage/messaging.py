"""What messaging services brought and what is to be sent to them: kept until it is done, and no longer."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    Integer,
    String,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.conversations import SENDER_LENGTH
from bot.storage.database import Base, Moment

WAITING = "waiting"
DEAD = "dead"
"""State of what could not be sent, and is left for the team."""


class MessagingInbox(Base):
    """One message received. Once handled, only its identifier stays, so that it is not handled twice."""

    __tablename__ = "messaging_inbox"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    channel: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    sender_id: Mapped[str] = mapped_column(String(SENDER_LENGTH), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What was said; empty once handled."""
    done: Mapped[bool] = mapped_column(Boolean)
    received_at: Mapped[datetime] = mapped_column(Moment(), index=True)


class MessagingOutbox(Base):
    """One request to send, in the order of its conversation."""

    __tablename__ = "messaging_outbox"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    channel: Mapped[str] = mapped_column(String(32))
    sender_id: Mapped[str] = mapped_column(String(SENDER_LENGTH), index=True)
    call: Mapped[dict[str, Any]] = mapped_column(JSON)
    tries: Mapped[int] = mapped_column(Integer)
    next_at: Mapped[datetime] = mapped_column(Moment())
    state: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(120))


class MessagingMenu(Base):
    """The choices shown last in a conversation."""

    __tablename__ = "messaging_menu"

    sender_id: Mapped[str] = mapped_column(String(SENDER_LENGTH), primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    menus: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Choices of the last menus, by their number; the last one says whether it is numbered."""


class MessagingAddress(Base):
    """Where to write to somebody who waits for something: kept as long as they do, and no longer."""

    __tablename__ = "messaging_address"

    sender_id: Mapped[str] = mapped_column(String(SENDER_LENGTH), primary_key=True)
    person: Mapped[str] = mapped_column(String(255))
    kept_at: Mapped[datetime] = mapped_column(Moment(), index=True)


@dataclass(frozen=True)
class Waiting:
    """A message received that is to be handled, or a request that is to be sent."""

    id: int
    channel: str
    sender_id: str
    content: Mapping[str, Any]
    tries: int = 0


@dataclass(frozen=True)
class Arrived:
    """A message just received."""

    channel: str
    digest: str
    """Tells it from every other, and says nothing of it."""
    sender_id: str
    content: dict[str, Any]


_RECEIVE = text(
    "INSERT INTO messaging_inbox (channel, digest, sender_id, content, done, received_at) "
    "VALUES (:channel, :digest, :sender_id, :content, false, :now) ON CONFLICT (digest) DO NOTHING"
).bindparams(bindparam("content", type_=JSON), bindparam("now", type_=Moment()))
_MENU = text(
    "INSERT INTO messaging_menu (sender_id, number, menus) VALUES (:sender_id, :number, :menus) "
    "ON CONFLICT (sender_id) DO UPDATE SET number = excluded.number, menus = excluded.menus"
).bindparams(bindparam("menus", type_=JSON))


def receive(connection: Connection, message: Arrived, now: datetime) -> bool:
    """Keep a message received; return whether it is new."""
    return connection.execute(_RECEIVE, {**asdict(message), "now": now}).rowcount == 1


def received(connection: Connection) -> list[Waiting]:
    """Return the messages to handle, the oldest of each conversation only, in order of arrival."""
    first = select(func.min(MessagingInbox.id)).where(MessagingInbox.done.is_(False)).group_by(MessagingInbox.sender_id)
    query = select(MessagingInbox).where(MessagingInbox.id.in_(first)).order_by(MessagingInbox.id)
    rows = connection.execute(query.with_only_columns(*MessagingInbox.__table__.columns))
    return [Waiting(r.id, r.channel, r.sender_id, r.content) for r in rows]


def handled(connection: Connection, message: Waiting, calls: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Forget what a message said, and keep what is to be sent, in the transaction of the connection."""
    connection.execute(update(MessagingInbox).where(MessagingInbox.id == message.id).values(content={}, done=True))
    post(connection, message.channel, message.sender_id, calls, now)


def to_send(connection: Connection, now: datetime) -> list[Waiting]:
    """Return the requests that may be sent now: the first of each conversation, if its time has come."""
    first = (
        select(func.min(MessagingOutbox.id))
        .where(MessagingOutbox.state == "waiting")
        .group_by(MessagingOutbox.sender_id)
    )
    query = select(MessagingOutbox).where(MessagingOutbox.id.in_(first), MessagingOutbox.next_at <= now)
    rows = connection.execute(query.with_only_columns(*MessagingOutbox.__table__.columns))
    return [Waiting(r.id, r.channel, r.sender_id, r.call, r.tries) for r in rows]


def sent(connection: Connection, identifier: int) -> None:
    """Forget a request that was sent."""
    connection.execute(delete(MessagingOutbox).where(MessagingOutbox.id == identifier))


def put_off(connection: Connection, identifier: int, tries: int, next_at: datetime) -> None:
    """Try a request again later."""
    connection.execute(
        update(MessagingOutbox).where(MessagingOutbox.id == identifier).values(tries=tries, next_at=next_at)
    )


def give_up(connection: Connection, identifier: int, reason: str) -> None:
    """Leave a request for the team to see."""
    connection.execute(
        update(MessagingOutbox).where(MessagingOutbox.id == identifier).values(state=DEAD, reason=reason[:120])
    )


def dead_letters(connection: Connection) -> list[tuple[str, str, str]]:
    """Return (channel, conversation, reason) of what could not be sent."""
    query = select(MessagingOutbox.channel, MessagingOutbox.sender_id, MessagingOutbox.reason)
    return [(c, s, r) for c, s, r in connection.execute(query.where(MessagingOutbox.state == DEAD))]


_EXPECTS = text(
    "SELECT EXISTS (SELECT 1 FROM callback_request WHERE sender_id = :sender AND state <> 'closed') "
    "OR EXISTS (SELECT 1 FROM enrolment WHERE sender_id = :sender AND state <> 'cancelled')"
)
_FORGET_ADDRESSES = text(
    "DELETE FROM messaging_address WHERE NOT EXISTS "
    "(SELECT 1 FROM callback_request r WHERE r.sender_id = messaging_address.sender_id AND r.state <> 'closed') "
    "AND NOT EXISTS "
    "(SELECT 1 FROM enrolment e WHERE e.sender_id = messaging_address.sender_id AND e.state <> 'cancelled')"
)
_KEEP_ADDRESS = text(
    "INSERT INTO messaging_address (sender_id, person, kept_at) VALUES (:sender, :person, :now) "
    "ON CONFLICT (sender_id) DO UPDATE SET person = excluded.person, kept_at = excluded.kept_at"
).bindparams(bindparam("now", type_=Moment()))


def keep_address(connection: Connection, sender_id: str, person: str, now: datetime) -> None:
    """Keep where to write to somebody who is enrolled or waits for the team; forget it for anybody else."""
    if connection.execute(_EXPECTS, {"sender": sender_id}).scalar_one():
        connection.execute(_KEEP_ADDRESS, {"sender": sender_id, "person": person, "now": now})
    else:
        connection.execute(delete(MessagingAddress).where(MessagingAddress.sender_id == sender_id))


def address_of(connection: Connection, sender_id: str) -> str | None:
    """Return where to write to somebody, or None when it is not known."""
    query = select(MessagingAddress.person).where(MessagingAddress.sender_id == sender_id)
    return connection.execute(query).scalar_one_or_none()


def post(
    connection: Connection, channel: str, sender_id: str, calls: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    """Keep requests to send, in the transaction of the connection."""
    for call in calls:
        values = {"channel": channel, "sender_id": sender_id, "call": dict(call)}
        connection.execute(insert(MessagingOutbox).values(**values, tries=0, next_at=now, state=WAITING, reason=""))


def read_menus(connection: Connection, sender_id: str) -> tuple[int, dict[str, Any]]:
    """Return the number of the last menu of a conversation, and its last menus."""
    query = select(MessagingMenu.number, MessagingMenu.menus).where(MessagingMenu.sender_id == sender_id)
    row = connection.execute(query).one_or_none()
    return (row.number, dict(row.menus)) if row else (0, {})


def write_menus(connection: Connection, sender_id: str, number: int, menus: Mapping[str, Any]) -> None:
    """Keep the last menus of a conversation."""
    connection.execute(_MENU, {"sender_id": sender_id, "number": number, "menus": dict(menus)})


def purge(connection: Connection, before: datetime) -> None:
    """Forget the identifiers of messages received before a moment, and the requests given up then."""
    connection.execute(delete(MessagingInbox).where(MessagingInbox.received_at < before))
    connection.execute(delete(MessagingOutbox).where(MessagingOutbox.state == DEAD, MessagingOutbox.next_at < before))
    connection.execute(_FORGET_ADDRESSES)
