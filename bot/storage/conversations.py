"""What is kept of a conversation: the slots, one row each, and no text of the candidate."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, DateTime, String, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.database import Base

SENDER_LENGTH = 255
"""Longest sender identifier, in characters."""


class Conversation(Base):
    """One conversation."""

    __tablename__ = "conversation"

    sender_id: Mapped[str] = mapped_column(String(SENDER_LENGTH), primary_key=True)
    slots: Mapped[dict[str, Any]] = mapped_column(JSON)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)


def read_slots(session: Session, sender_id: str) -> dict[str, Any] | None:
    """Return the slots of a conversation, or None when it is not known."""
    return session.execute(select(Conversation.slots).where(Conversation.sender_id == sender_id)).scalar_one_or_none()


def write_slots(session: Session, sender_id: str, slots: Mapping[str, Any], now: datetime) -> None:
    """Store the slots of a conversation, in one statement."""
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    values = {"slots": dict(slots), "updated_at": now}
    statement = insert(Conversation).values(sender_id=sender_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=[Conversation.sender_id], set_=values))


def sender_ids(session: Session) -> list[str]:
    """Return the identifiers of all conversations."""
    return list(session.execute(select(Conversation.sender_id)).scalars())


def purge(session: Session, before: datetime) -> int:
    """Delete the conversations that were last used before a moment; return how many."""
    deleted = session.execute(delete(Conversation).where(Conversation.updated_at < before).returning(Conversation.sender_id))
    return len(deleted.all())
