"""What the assistant is measured by: topics and times, never a word of anybody, and no identifier that lasts."""

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Boolean, Connection, Date, Integer, String, case, delete, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.database import Base
from bot.storage.positionings import PositioningAnswer, PositioningAttempt


class TurnMeasure(Base):
    """One message answered."""

    __tablename__ = "turn_measure"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    day: Mapped[date] = mapped_column(Date, index=True)
    person: Mapped[str] = mapped_column(String(16))
    """Tells people apart within a month; the same person has another one the month after."""
    channel: Mapped[str] = mapped_column(String(32))
    topic: Mapped[str] = mapped_column(String(64))
    understood: Mapped[bool] = mapped_column(Boolean)
    milliseconds: Mapped[int] = mapped_column(Integer)
    info_session_id: Mapped[str | None] = mapped_column(String(32), index=True)


class AnswerFeedback(Base):
    """One tap on « cette réponse vous a aidé ? »."""

    __tablename__ = "answer_feedback"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    day: Mapped[date] = mapped_column(Date, index=True)
    topic: Mapped[str] = mapped_column(String(64))
    helped: Mapped[bool] = mapped_column(Boolean)
    channel: Mapped[str] = mapped_column(String(32))


@dataclass(frozen=True)
class Measured:
    """A message answered, before it is stored."""

    sender_id: str
    day: date
    channel: str
    topic: str
    understood: bool
    milliseconds: int


@dataclass(frozen=True)
class Quality:
    """What a period looks like."""

    people: int
    messages: int
    understood: int
    """Messages that were."""
    topics: tuple[tuple[str, int], ...]
    """The most asked first."""
    by_day: tuple[tuple[date, int, int], ...]
    """(day, people, messages)."""
    helped: tuple[tuple[str, int, int], ...]
    """(topic, yes, no), the most judged first."""
    milliseconds: tuple[int, int]
    """Median, and the time that 95 answers in 100 keep under."""
    channels: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Funnel:
    """How far the questionnaires begun in a period went."""

    begun: int
    reached: tuple[tuple[int, int], ...]
    """(share of the questions in %, questionnaires that went at least so far)."""
    by_path: tuple[tuple[str, int, int], ...]
    """(path, begun, finished)."""


def person_of(key: bytes, sender_id: str, day: date) -> str:
    """Return what tells a person from others within a month, and says nothing of them."""
    return hmac.new(key, f"{day:%Y-%m}\0{sender_id}".encode(), hashlib.sha256).hexdigest()[:16]


def add(connection: Connection, measured: Sequence[Measured], key: bytes, groups: Mapping[str, str]) -> None:
    """Store measures.

    Args:
        connection: an open transaction.
        measured: what to store.
        key: makes the marks of people.
        groups: information session that each sender takes part in.
    """
    rows = [
        {
            "day": m.day,
            "person": person_of(key, m.sender_id, m.day),
            "channel": m.channel[:32],
            "topic": m.topic[:64],
            "understood": m.understood,
            "milliseconds": m.milliseconds,
            "info_session_id": groups.get(m.sender_id),
        }
        for m in measured
    ]
    if rows:
        connection.execute(insert(TurnMeasure), rows)


def add_feedback(connection: Connection, topic: str, helped: bool, day: date, channel: str = "web") -> None:
    """Count a tap."""
    values = {"day": day, "topic": topic[:64], "helped": helped, "channel": channel}
    connection.execute(insert(AnswerFeedback).values(**values))


def quality(connection: Connection, first: date, last: date, left_out: Sequence[str]) -> Quality:
    """Return the figures of a period, both days included.

    Args:
        connection: an open connection.
        first: first day.
        last: last day.
        left_out: topics that are no question (greetings, buttons).
    """
    during = TurnMeasure.day.between(first, last)
    counted = func.sum(case((TurnMeasure.understood, 1), else_=0))
    people, messages, understood = connection.execute(
        select(func.count(func.distinct(TurnMeasure.person)), func.count(), func.coalesce(counted, 0)).where(during)
    ).one()
    topics = connection.execute(
        select(TurnMeasure.topic, func.count().label("times"))
        .where(during, TurnMeasure.topic.not_in(left_out))
        .group_by(TurnMeasure.topic)
        .order_by(func.count().desc(), TurnMeasure.topic)
    ).all()
    by_day = connection.execute(
        select(TurnMeasure.day, func.count(func.distinct(TurnMeasure.person)), func.count())
        .where(during)
        .group_by(TurnMeasure.day)
        .order_by(TurnMeasure.day)
    ).all()
    channels = connection.execute(
        select(TurnMeasure.channel, func.count(func.distinct(TurnMeasure.person)))
        .where(during)
        .group_by(TurnMeasure.channel)
        .order_by(TurnMeasure.channel)
    ).all()
    yes = func.sum(case((AnswerFeedback.helped, 1), else_=0))
    helped = connection.execute(
        select(AnswerFeedback.topic, yes, func.count() - yes)
        .where(AnswerFeedback.day.between(first, last))
        .group_by(AnswerFeedback.topic)
        .order_by(func.count().desc(), AnswerFeedback.topic)
    ).all()
    return Quality(
        people,
        messages,
        int(understood),
        tuple((t, n) for t, n in topics),
        tuple((d, p, m) for d, p, m in by_day),
        tuple((t, int(y), int(n)) for t, y, n in helped),
        (_at(connection, during, messages, 0.5), _at(connection, during, messages, 0.95)),
        tuple((c, n) for c, n in channels),
    )


def _at(connection: Connection, during: Any, messages: int, share: float) -> int:
    if not messages:
        return 0
    query = select(TurnMeasure.milliseconds).where(during).order_by(TurnMeasure.milliseconds)
    return connection.execute(query.offset(min(messages - 1, int(messages * share))).limit(1)).scalar_one()


def favourite_topics(
    connection: Connection, info_session_id: str, among: Collection[str], most: int
) -> list[tuple[str, int]]:
    """Return the topics that a group asked about, the most asked first."""
    rows = connection.execute(
        select(TurnMeasure.topic, func.count())
        .where(TurnMeasure.info_session_id == info_session_id, TurnMeasure.topic.in_(list(among)))
        .group_by(TurnMeasure.topic)
        .order_by(func.count().desc(), TurnMeasure.topic)
        .limit(most)
    )
    return [(topic, times) for topic, times in rows]


def attempts(connection: Connection, first: date, last: date) -> list[tuple[str, int, int]]:
    """Return (path, competencies asked about, answers) of each questionnaire begun in a period."""
    answered = select(func.count()).where(
        PositioningAnswer.attempt_id == PositioningAttempt.id, PositioningAnswer.level.is_not(None)
    )
    query = select(PositioningAttempt.path, PositioningAttempt.scope, answered.scalar_subquery()).where(
        func.date(PositioningAttempt.started_at).between(first.isoformat(), last.isoformat())
    )
    return [(path, len(scope), count) for path, scope, count in connection.execute(query)]


def erase_channel(connection: Connection, channel: str) -> None:
    """Erase what came by a channel."""
    connection.execute(delete(TurnMeasure).where(TurnMeasure.channel == channel))
    connection.execute(delete(AnswerFeedback).where(AnswerFeedback.channel == channel))


def purge(connection: Connection, before: date) -> None:
    """Erase the measures older than a day."""
    connection.execute(delete(TurnMeasure).where(TurnMeasure.day < before))
    connection.execute(delete(AnswerFeedback).where(AnswerFeedback.day < before))
