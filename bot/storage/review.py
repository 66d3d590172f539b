"""Messages kept for the team to review: already scrubbed, without who wrote them nor when in the day."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Connection, Date, ForeignKey, Integer, String, Text, bindparam, delete, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.database import Base, Moment

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


# --- What the team decides of them ----------------------------------------------------------------


class ReviewDecision(Base):
    """What somebody of the team made of a message."""

    __tablename__ = "review_decision"

    digest: Mapped[str] = mapped_column(ForeignKey("message_to_review.digest", ondelete="CASCADE"), primary_key=True)
    decision: Mapped[str] = mapped_column(String(12))
    topic: Mapped[str] = mapped_column(String(64))
    """Topic that it was attached to; empty otherwise."""
    author: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Moment())


class Decision(StrEnum):
    """What may be made of a message."""

    OFF_TOPIC = "off_topic"
    ATTACHED = "attached"
    """To a topic: the next training learns it."""
    ANSWERED = "answered"
    """By something that the team added."""


@dataclass(frozen=True)
class Queued:
    """A message that nobody decided of yet."""

    digest: str
    message: Reviewed


_DECIDE = text(
    "INSERT INTO review_decision (digest, decision, topic, author, at) "
    "VALUES (:digest, :decision, :topic, :author, :at) "
    "ON CONFLICT (digest) DO UPDATE SET decision = excluded.decision, topic = excluded.topic, "
    "author = excluded.author, at = excluded.at"
).bindparams(bindparam("at", type_=Moment()))


_UNDECIDED = ~select(ReviewDecision.digest).where(ReviewDecision.digest == MessageToReview.digest).exists()


def count_queue(connection: Connection) -> int:
    """Return how many messages nobody decided of yet."""
    return connection.execute(select(func.count()).select_from(MessageToReview).where(_UNDECIDED)).scalar_one()


def queue(connection: Connection) -> list[Queued]:
    """Return the messages that nobody decided of yet, the most frequent first."""
    query = select(MessageToReview.__table__).where(_UNDECIDED)
    query = query.order_by(MessageToReview.times.desc(), MessageToReview.id)
    return [
        Queued(row.digest, Reviewed(row.text, _suggestions(row.suggestions), row.reason, row.times, row.created_at))
        for row in connection.execute(query)
    ]


def decide(
    connection: Connection, digests: Sequence[str], decision: Decision, topic: str, author: str, now: datetime
) -> list[str]:
    """Keep what was decided of messages; return their texts, those erased meanwhile left out."""
    query = select(MessageToReview.digest, MessageToReview.text).where(MessageToReview.digest.in_(digests))
    known = connection.execute(query).all()
    for digest, _ in known:
        values = {"digest": digest, "decision": str(decision), "topic": topic, "author": author, "at": now}
        connection.execute(_DECIDE, values)
    return [written for _, written in known]


def decisions(connection: Connection) -> dict[str, tuple[str, str]]:
    """Return what was decided of each text: the decision, and the topic it was attached to."""
    query = select(MessageToReview.text, ReviewDecision.decision, ReviewDecision.topic).join(
        ReviewDecision, ReviewDecision.digest == MessageToReview.digest
    )
    return {written: (decision, topic) for written, decision, topic in connection.execute(query)}
