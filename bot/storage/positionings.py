"""The answers of candidates: attempts, where each conversation stands, what was shared with the team."""

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    Date,
    ForeignKey,
    String,
    Text,
    bindparam,
    delete,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.positioning.attempt import Answer, Attempt, Content, PathKind
from bot.positioning.stage import Answered, Begun, Effect, Erased, Extended, Reopened, Shared, Stage, Turn, Withdrawn
from bot.storage.conversations import SENDER_LENGTH
from bot.storage.database import Base, Moment, in_utc


class PositioningContent(Base):
    """What a version of the questionnaire asked: old answers stay readable when the questions change."""

    __tablename__ = "positioning_content"

    version: Mapped[str] = mapped_column(String(16), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class PositioningAttempt(Base):
    """One attempt."""

    __tablename__ = "positioning_attempt"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    code: Mapped[str] = mapped_column(String(9), unique=True)
    path: Mapped[str] = mapped_column(String(8))
    scope: Mapped[list[str]] = mapped_column(JSON)
    version: Mapped[str] = mapped_column(ForeignKey("positioning_content.version"))
    previous_id: Mapped[str | None] = mapped_column(ForeignKey("positioning_attempt.id", ondelete="SET NULL"))
    started_at: Mapped[datetime] = mapped_column(Moment())
    used_at: Mapped[datetime] = mapped_column(Moment(), index=True)


class PositioningAnswer(Base):
    """One answer of an attempt."""

    __tablename__ = "positioning_answer"

    attempt_id: Mapped[str] = mapped_column(ForeignKey("positioning_attempt.id", ondelete="CASCADE"), primary_key=True)
    item: Mapped[str] = mapped_column(String(16), primary_key=True)
    level: Mapped[str | None] = mapped_column(String(8))
    story: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime] = mapped_column(Moment())


class PositioningStage(Base):
    """Where a conversation stands in the questionnaire."""

    __tablename__ = "positioning_stage"

    sender_id: Mapped[str] = mapped_column(String(SENDER_LENGTH), primary_key=True)
    stage: Mapped[dict[str, Any]] = mapped_column(JSON)
    updated_at: Mapped[datetime] = mapped_column(Moment(), index=True)


class PositioningShare(Base):
    """A dated copy that a candidate gave to the team."""

    __tablename__ = "positioning_share"

    attempt_id: Mapped[str] = mapped_column(ForeignKey("positioning_attempt.id", ondelete="CASCADE"), primary_key=True)
    shared_on: Mapped[date] = mapped_column(Date)
    booklet: Mapped[dict[str, Any]] = mapped_column(JSON)


_STAGE = select(PositioningStage.stage).where(PositioningStage.sender_id == bindparam("sender"))
_ATTEMPT = select(PositioningAttempt.__table__).where(PositioningAttempt.id == bindparam("id"))
_ANSWERS = select(PositioningAnswer.item, PositioningAnswer.level, PositioningAnswer.story).where(
    PositioningAnswer.attempt_id == bindparam("id")
)

# In SQL and not in SQLAlchemy's words: the same text serves SQLite and PostgreSQL, and is not compiled anew each time.
_WRITE_STAGE = text(
    "INSERT INTO positioning_stage (sender_id, stage, updated_at) VALUES (:sender, :stage, :now) "
    "ON CONFLICT (sender_id) DO UPDATE SET stage = excluded.stage, updated_at = excluded.updated_at"
).bindparams(bindparam("stage", type_=JSON), bindparam("now", type_=Moment()))
_WRITE_ANSWER = text(
    "INSERT INTO positioning_answer (attempt_id, item, level, story, answered_at) "
    "VALUES (:attempt_id, :item, :level, :story, :now) "
    "ON CONFLICT (attempt_id, item) DO UPDATE "
    "SET level = excluded.level, story = excluded.story, answered_at = excluded.answered_at"
).bindparams(bindparam("now", type_=Moment()))
_WRITE_CONTENT = text(
    "INSERT INTO positioning_content (version, content) VALUES (:version, :content) ON CONFLICT (version) DO NOTHING"
).bindparams(bindparam("content", type_=JSON))
_WRITE_SHARE = text(
    "INSERT INTO positioning_share (attempt_id, shared_on, booklet) VALUES (:attempt_id, :day, :booklet) "
    "ON CONFLICT (attempt_id) DO UPDATE SET shared_on = excluded.shared_on, booklet = excluded.booklet"
).bindparams(bindparam("day", type_=Date), bindparam("booklet", type_=JSON))


def read_stage(connection: Connection, sender_id: str) -> Stage | None:
    """Return where a conversation stands, or None when it never began the questionnaire."""
    stored = connection.execute(_STAGE, {"sender": sender_id}).scalar_one_or_none()
    return Stage.from_dict(stored) if stored else None


def read_attempt(connection: Connection, attempt_id: str, lock: bool = False) -> Attempt | None:
    """Return an attempt with its answers, or None when there is none.

    Args:
        connection: an open transaction.
        attempt_id: its identifier.
        lock: whether to keep it from being erased by another device until the transaction ends.
    """
    query = _ATTEMPT.with_for_update(read=True) if lock and connection.dialect.name == "postgresql" else _ATTEMPT
    row = connection.execute(query, {"id": attempt_id}).mappings().one_or_none()
    if row is None:
        return None
    answers = {item: Answer(level, story) for item, level, story in connection.execute(_ANSWERS, {"id": attempt_id})}
    return Attempt(
        row["id"],
        row["code"],
        PathKind(row["path"]),
        tuple(row["scope"]),
        row["version"],
        in_utc(row["started_at"]),
        answers,
        row["previous_id"],
    )


def find_attempt(connection: Connection, code: str) -> Attempt | None:
    """Return the attempt of a code, or None."""
    found = connection.execute(
        select(PositioningAttempt.id).where(PositioningAttempt.code == code)
    ).scalar_one_or_none()
    return read_attempt(connection, found) if found else None


def code_is_taken(connection: Connection, code: str) -> bool:
    """Whether an attempt has a code."""
    return connection.execute(select(PositioningAttempt.id).where(PositioningAttempt.code == code)).first() is not None


def read_content(connection: Connection, version: str) -> Content | None:
    """Return what a version of the questionnaire asked, or None when it is not known."""
    return connection.execute(
        select(PositioningContent.content).where(PositioningContent.version == version)
    ).scalar_one_or_none()


def shared_on(connection: Connection, attempt_id: str) -> date | None:
    """Return the day on which an attempt was shared, or None when it is not."""
    return connection.execute(
        select(PositioningShare.shared_on).where(PositioningShare.attempt_id == attempt_id)
    ).scalar_one_or_none()


def store(connection: Connection, sender_id: str, turn: Turn, content: Content, now: datetime) -> None:
    """Store what a turn leads to, in the transaction of the connection.

    Args:
        connection: an open transaction.
        sender_id: identifier of the conversation.
        turn: where it stands now, and what happened.
        content: what the present version of the questionnaire asks; stored with the first attempt that uses it.
        now: moment of the turn.
    """
    for effect in turn.effects:
        _apply(connection, effect, content, now)
    if turn.stage is None:
        connection.execute(delete(PositioningStage).where(PositioningStage.sender_id == sender_id))
    else:
        connection.execute(_WRITE_STAGE, {"sender": sender_id, "stage": turn.stage.as_dict(), "now": now})


def _apply(connection: Connection, effect: Effect, content: Content, now: datetime) -> None:
    match effect:
        case Begun(attempt):
            connection.execute(_WRITE_CONTENT, {"version": attempt.version, "content": content})
            connection.execute(insert(PositioningAttempt).values(**_row(attempt, now)))
        case Answered(attempt_id, item, answer):
            values = {"attempt_id": attempt_id, "item": item, "level": answer.level, "story": answer.story, "now": now}
            connection.execute(_WRITE_ANSWER, values)
            _touch(connection, attempt_id, now)
        case Reopened(attempt_id, items):
            of_attempt = PositioningAnswer.attempt_id == attempt_id
            connection.execute(
                delete(PositioningAnswer).where(
                    of_attempt, PositioningAnswer.item.in_(items), PositioningAnswer.level.is_(None)
                )
            )
        case Extended(attempt_id, scope):
            connection.execute(
                update(PositioningAttempt).where(PositioningAttempt.id == attempt_id).values(scope=list(scope))
            )
        case Erased(attempt_id):
            erase(connection, attempt_id)
        case Shared(attempt_id, booklet):
            copy = json.loads(json.dumps(asdict(booklet), default=str))
            connection.execute(_WRITE_SHARE, {"attempt_id": attempt_id, "day": booklet.made_on, "booklet": copy})
        case Withdrawn(attempt_id):
            connection.execute(delete(PositioningShare).where(PositioningShare.attempt_id == attempt_id))


def _row(attempt: Attempt, now: datetime) -> dict[str, Any]:
    return {
        "id": attempt.id,
        "code": attempt.code,
        "path": str(attempt.path),
        "scope": list(attempt.scope),
        "version": attempt.version,
        "previous_id": attempt.previous,
        "started_at": attempt.started_at,
        "used_at": now,
    }


def _touch(connection: Connection, attempt_id: str, now: datetime) -> None:
    connection.execute(update(PositioningAttempt).where(PositioningAttempt.id == attempt_id).values(used_at=now))


def erase(connection: Connection, attempt_id: str) -> None:
    """Erase an attempt, its answers and what was shared of it."""
    connection.execute(delete(PositioningAttempt).where(PositioningAttempt.id == attempt_id))


def shared_copies(connection: Connection) -> list[dict[str, Any]]:
    """Return what candidates gave to the team and did not take back, the latest first."""
    query = (
        select(PositioningAttempt.code, PositioningShare.shared_on, PositioningShare.booklet)
        .join(PositioningAttempt, PositioningAttempt.id == PositioningShare.attempt_id)
        .order_by(PositioningShare.shared_on.desc())
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def purge(connection: Connection, before: datetime) -> int:
    """Erase the attempts last used before a moment, and the stages as old; return how many attempts."""
    connection.execute(delete(PositioningStage).where(PositioningStage.updated_at < before))
    return connection.execute(delete(PositioningAttempt).where(PositioningAttempt.used_at < before)).rowcount
