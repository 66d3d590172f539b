"""What is kept of a conversation: the slots, one row each, and no text of the candidate."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Connection, String, bindparam, delete, select, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.database import Base, Moment

SENDER_LENGTH = 255
"""Longest sender identifier, in characters."""


class Conversation(Base):
    """One conversation."""

    __tablename__ = "conversation"

    sender_id: Mapped[str] = mapped_column(String(SENDER_LENGTH), primary_key=True)
    slots: Mapped[dict[str, Any]] = mapped_column(JSON)
    updated_at: Mapped[datetime] = mapped_column(Moment(), index=True)


_READ = select(Conversation.slots).where(Conversation.sender_id == bindparam("sender"))


# In SQL and not in SQLAlchemy's words: the same text serves SQLite and PostgreSQL, and SQLAlchemy would
# compile its own « on conflict » anew at every message (0.5 ms).
_WRITE = text(
    "INSERT INTO conversation (sender_id, slots, updated_at) VALUES (:sender_id, :slots, :updated_at) "
    "ON CONFLICT (sender_id) DO UPDATE SET slots = excluded.slots, updated_at = excluded.updated_at"
).bindparams(bindparam("slots", type_=JSON), bindparam("updated_at", type_=Moment()))


def read_slots(connection: Connection, sender_id: str) -> dict[str, Any] | None:
    """Return the slots of a conversation, or None when it is not known."""
    slots: dict[str, Any] | None = connection.execute(_READ, {"sender": sender_id}).scalar_one_or_none()
    return slots


def write_slots(connection: Connection, sender_id: str, slots: Mapping[str, Any], now: datetime) -> None:
    """Store the slots of a conversation, in one statement."""
    values = {"sender_id": sender_id, "slots": dict(slots), "updated_at": now}
    connection.execute(_WRITE, values)


def sender_ids(connection: Connection) -> list[str]:
    """Return the identifiers of all conversations."""
    return list(connection.execute(select(Conversation.sender_id)).scalars())


def purge(connection: Connection, before: datetime) -> int:
    """Delete the conversations that were last used before a moment; return how many."""
    return connection.execute(delete(Conversation).where(Conversation.updated_at < before)).rowcount
