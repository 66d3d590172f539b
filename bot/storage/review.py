"""Messages kept for the team to review: already scrubbed, without who wrote them nor when in the day."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import JSON, Connection, Date, Integer, String, Text, bindparam, delete, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.database import Base

Suggestion = tuple[str, float]
"""A topic, and how likely it seemed."""


class MessageToReview(Base):
    """One text that was not understood, however many times it was written."""

    __tablename__ = "message_to_review"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    # The text itself cannot be unique: PostgreSQL does not index a text of more than 2,700 bytes.
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    text: Mapped[str] = mapped_column(Text)
    suggestions: Mapped[list[list[Any]]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(64))
    times: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[date] = mapped_column(Date, index=True)


@dataclass(frozen=True)
class Reviewed:
    """A stored message, as it is read back."""

    text: str
    suggestions: tuple[Suggestion, ...]
    """The most likely topic first."""
    reason: str
    times: int
    created_at: date


# In SQL: the same text serves SQLite and PostgreSQL. A text that comes back keeps its first day, so that
# it does not outlive its retention.
_ADD = text(
    "INSERT INTO message_to_review (digest, text, suggestions, reason, times, created_at) "
    "VALUES (:digest, :text, :suggestions, :reason, 1, :created_at) "
    "ON CONFLICT (digest) DO UPDATE SET times = message_to_review.times + 1"
).bindparams(bindparam("suggestions", type_=JSON), bindparam("created_at", type_=Date))


def add(connection: Connection, scrubbed: str, suggestions: Sequence[Suggestion], reason: str, day: date) -> None:
    """Store a text that was scrubbed before, or count it once more.

    Args:
        connection: an open transaction.
        scrubbed: the text, in which nothing identifies anybody any more.
        suggestions: topics it may be about, with their probabilities.
        reason: why it is kept, in a word of the program's own.
        day: when it was written.
    """
    values = {
        "digest": hashlib.sha256(scrubbed.encode()).hexdigest(),
        "text": scrubbed,
        "suggestions": [list(suggestion) for suggestion in suggestions],
        "reason": reason,
        "created_at": day,
    }
    connection.execute(_ADD, values)


def list_since(connection: Connection, since: date | None = None) -> list[Reviewed]:
    """Return the texts first seen on a day or later, the most frequent first; all of them without a day."""
    query = select(MessageToReview).order_by(MessageToReview.times.desc(), MessageToReview.id)
    if since is not None:
        query = query.where(MessageToReview.created_at >= since)
    return [
        Reviewed(row.text, _suggestions(row.suggestions), row.reason, row.times, row.created_at)
        for row in connection.execute(query.with_only_columns(*MessageToReview.__table__.columns))
    ]


def count(connection: Connection) -> int:
    """Return how many different texts are kept."""
    return connection.execute(select(func.count()).select_from(MessageToReview)).scalar_one()


def purge(connection: Connection, before: date) -> int:
    """Delete the texts first seen before a day; return how many."""
    return connection.execute(delete(MessageToReview).where(MessageToReview.created_at < before)).rowcount


def _suggestions(stored: Sequence[Sequence[Any]]) -> tuple[Suggestion, ...]:
    ranked = sorted(((str(topic), float(probability)) for topic, probability in stored), key=lambda pair: -pair[1])
    return tuple(ranked)
