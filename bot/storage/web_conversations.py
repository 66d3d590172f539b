"""Conversations of the web page, with what was said: shown again to the holder of their secret, and to nobody else."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage import callbacks, info_sessions
from bot.storage.conversations import Conversation
from bot.storage.database import Base, Moment, in_utc
from bot.storage.positionings import PositioningStage
from bot.storage.reception import ReceptionStage

SENDER_PREFIX = "web:"
"""Begins the identifiers of these conversations: no other channel may use one."""


class WebConversation(Base):
    """One conversation. Its secret is not kept: its hash is its identifier."""

    __tablename__ = "web_conversation"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(Moment())
    used_at: Mapped[datetime] = mapped_column(Moment(), index=True)


class WebMessage(Base):
    """One message, of the person or of the assistant."""

    __tablename__ = "web_message"
    __table_args__ = (Index("ix_web_message_exchange", "conversation_id", "exchange"),)

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("web_conversation.id", ondelete="CASCADE"), primary_key=True
    )
    n: Mapped[int] = mapped_column(Integer, primary_key=True)
    exchange: Mapped[str] = mapped_column(String(64))
    """Key that the page gave to the person's message; its replies have the same."""
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(Moment())


@dataclass(frozen=True)
class Kept:
    """A message, as it is read back."""

    n: int
    exchange: str
    content: Mapping[str, Any]
    at: datetime


_USE = text("UPDATE web_conversation SET used_at = :now WHERE id = :id").bindparams(bindparam("now", type_=Moment()))
_USED = select(WebConversation.used_at).where(WebConversation.id == bindparam("id"))
_LAST = select(func.max(WebMessage.n)).where(WebMessage.conversation_id == bindparam("id"))
_MESSAGES = select(WebMessage.n, WebMessage.exchange, WebMessage.content, WebMessage.at).order_by(WebMessage.n)
_AFTER = _MESSAGES.where(WebMessage.conversation_id == bindparam("id"), WebMessage.n > bindparam("after"))
_EXCHANGE = _MESSAGES.where(WebMessage.conversation_id == bindparam("id"), WebMessage.exchange == bindparam("key"))
_ADD = text(
    "INSERT INTO web_message (conversation_id, n, exchange, content, at) VALUES (:id, :n, :key, :content, :now)"
).bindparams(bindparam("content", type_=JSON), bindparam("now", type_=Moment()))


def identifier(secret: str) -> str:
    """Return the identifier of a conversation, from which its secret cannot be found."""
    return hashlib.sha256(secret.encode()).hexdigest()


def sender_of(conversation_id: str) -> str:
    """Return the identifier of a conversation in the dialogue."""
    return f"{SENDER_PREFIX}{conversation_id}"


def open_conversation(connection: Connection, conversation_id: str, now: datetime) -> None:
    """Create a conversation."""
    connection.execute(insert(WebConversation).values(id=conversation_id, created_at=now, used_at=now))


def used_at(connection: Connection, conversation_id: str) -> datetime | None:
    """Return when a conversation was last used; None when there is none, or no more."""
    used = connection.execute(_USED, {"id": conversation_id}).scalar_one_or_none()
    return in_utc(used) if used else None


def exchange_of(connection: Connection, conversation_id: str, key: str) -> list[Kept]:
    """Return the message of a key and its replies; none when it was not handled yet."""
    return _read(connection.execute(_EXCHANGE, {"id": conversation_id, "key": key}).all())


def messages_after(connection: Connection, conversation_id: str, after: int) -> list[Kept]:
    """Return the messages whose number is greater."""
    return _read(connection.execute(_AFTER, {"id": conversation_id, "after": after}).all())


def add_exchange(
    connection: Connection, conversation_id: str, key: str, contents: Sequence[Mapping[str, Any]], now: datetime
) -> bool:
    """Keep a message and its replies, once: what another process kept for the same key stays.

    Returns:
        Whether the conversation is still there: one that was erased meanwhile is not made again.
    """
    # This takes the row: no other process adds to the conversation, nor erases it, until the transaction ends.
    if not connection.execute(_USE, {"id": conversation_id, "now": now}).rowcount:
        return False
    if exchange_of(connection, conversation_id, key):
        return True
    last = connection.execute(_LAST, {"id": conversation_id}).scalar_one() or 0
    for n, content in enumerate(contents, last + 1):
        values = {"id": conversation_id, "n": n, "key": key, "content": dict(content), "now": now}
        connection.execute(_ADD, values)
    return True


def judge(connection: Connection, conversation_id: str, n: int, helped: bool) -> list[str]:
    """Note whether an answer helped; return its topics, the first time only."""
    of_message = (WebMessage.conversation_id == conversation_id) & (WebMessage.n == n)
    content = connection.execute(select(WebMessage.content).where(of_message)).scalar_one_or_none()
    if content is None or not content.get("judge") or content.get("helped") is not None:
        return []
    connection.execute(update(WebMessage).where(of_message).values(content={**content, "helped": helped}))
    return list(content["topics"])


def erase(connection: Connection, conversation_id: str) -> int:
    """Erase a conversation and what the dialogue remembers of it; return how many messages it had.

    The answers to the questionnaire are not erased here: they may be resumed elsewhere by their code.
    """
    sender = sender_of(conversation_id)
    erased = connection.execute(delete(WebMessage).where(WebMessage.conversation_id == conversation_id)).rowcount
    connection.execute(delete(WebConversation).where(WebConversation.id == conversation_id))
    connection.execute(delete(Conversation).where(Conversation.sender_id == sender))
    connection.execute(delete(PositioningStage).where(PositioningStage.sender_id == sender))
    connection.execute(delete(ReceptionStage).where(ReceptionStage.sender_id == sender))
    callbacks.erase(connection, sender)
    info_sessions.leave_group(connection, sender)
    return erased


def purge(connection: Connection, before: datetime) -> int:
    """Erase the conversations last used before a moment, and what the dialogue remembers of them; return how many."""
    old = select(literal(SENDER_PREFIX) + WebConversation.id).where(WebConversation.used_at < before)
    connection.execute(delete(Conversation).where(Conversation.sender_id.in_(old)))
    connection.execute(delete(PositioningStage).where(PositioningStage.sender_id.in_(old)))
    connection.execute(delete(ReceptionStage).where(ReceptionStage.sender_id.in_(old)))
    return connection.execute(delete(WebConversation).where(WebConversation.used_at < before)).rowcount


def _read(rows: Sequence[Any]) -> list[Kept]:
    return [Kept(row.n, row.exchange, row.content, in_utc(row.at)) for row in rows]
