"""Information sessions, who is enrolled, who is there."""

import secrets
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Connection,
    ForeignKey,
    Integer,
    String,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.positioning.codes import ALPHABET
from bot.reception.sessions import Enrolment, EnrolmentState, InfoSession
from bot.storage.conversations import SENDER_LENGTH
from bot.storage.database import Base, Moment, in_utc
from bot.storage.positionings import PositioningAnswer, PositioningAttempt, PositioningShare, PositioningStage
from bot.storage.team_accounts import StaffAccount

_SESSION_CODE = 5
_ENROLMENT_CODE = 6


Send = Callable[[Connection, str, str, str], bool]
"""Sends a conversation a text, from somebody or from the assistant (""); returns whether its channel can."""


class InfoSessionRow(Base):
    """One session."""

    __tablename__ = "info_session"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    starts_at: Mapped[datetime] = mapped_column(Moment(), index=True)
    minutes: Mapped[int] = mapped_column(Integer)
    place: Mapped[str] = mapped_column(String(200))
    video_url: Mapped[str] = mapped_column(String(500))
    seats: Mapped[int] = mapped_column(Integer)
    public: Mapped[bool] = mapped_column(Boolean)
    cancelled: Mapped[bool] = mapped_column(Boolean)
    note: Mapped[str] = mapped_column(String(500))
    owner_id: Mapped[str | None] = mapped_column(ForeignKey(StaffAccount.id, ondelete="SET NULL"))
    sequence: Mapped[int] = mapped_column(Integer)
    demo: Mapped[bool] = mapped_column(Boolean)


class EnrolmentRow(Base):
    """One enrolment."""

    __tablename__ = "enrolment"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    info_session_id: Mapped[str] = mapped_column(ForeignKey("info_session.id", ondelete="CASCADE"), index=True)
    rank: Mapped[int] = mapped_column(Integer)
    code: Mapped[str] = mapped_column(String(10), unique=True)
    sender_id: Mapped[str] = mapped_column(String(SENDER_LENGTH), index=True)
    first_name: Mapped[str] = mapped_column(String(40))
    contact: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(10))
    present: Mapped[bool | None] = mapped_column(Boolean)
    reminder: Mapped[str] = mapped_column(String(10))
    enrolled_at: Mapped[datetime] = mapped_column(Moment())


class MemberRow(Base):
    """One conversation that joined the group of a session, by its QR code or its short code."""

    __tablename__ = "info_session_member"

    info_session_id: Mapped[str] = mapped_column(ForeignKey("info_session.id", ondelete="CASCADE"), primary_key=True)
    sender_id: Mapped[str] = mapped_column(String(SENDER_LENGTH), primary_key=True, index=True)
    joined_at: Mapped[datetime] = mapped_column(Moment())


def _counted(state: EnrolmentState) -> Any:
    return (
        select(func.count())
        .where(EnrolmentRow.info_session_id == InfoSessionRow.id, EnrolmentRow.state == state)
        .correlate(InfoSessionRow)
        .scalar_subquery()
    )


_SESSION = select(
    InfoSessionRow.__table__,
    _counted(EnrolmentState.ENROLLED).label("taken"),
    _counted(EnrolmentState.WAITING).label("waiting"),
)


def _session(row: Any) -> InfoSession:
    return InfoSession(
        row.id,
        row.code,
        row.title,
        in_utc(row.starts_at),
        row.minutes,
        row.place,
        row.video_url,
        row.seats,
        row.public,
        row.cancelled,
        row.note,
        row.owner_id,
        row.sequence,
        row.taken,
        row.waiting,
        row.demo,
    )


# --- Sessions -------------------------------------------------------------------------------------


def add(connection: Connection, session: InfoSession) -> InfoSession:
    """Keep a new session, with an identifier and a code of its own."""
    made = replace(session, id=uuid.uuid4().hex, code=_new_code(connection, InfoSessionRow.code, _SESSION_CODE))
    connection.execute(insert(InfoSessionRow).values(id=made.id, code=made.code, sequence=0, **_values(made)))
    return made


def change(connection: Connection, session: InfoSession) -> list[Enrolment]:
    """Change a session; return who got a seat by it, when it has more."""
    connection.execute(
        update(InfoSessionRow)
        .where(InfoSessionRow.id == session.id)
        .values(**_values(session), sequence=InfoSessionRow.sequence + 1)
    )
    return _promote(connection, session.id)


def _values(session: InfoSession) -> dict[str, Any]:
    names = (
        "title",
        "starts_at",
        "minutes",
        "place",
        "video_url",
        "seats",
        "public",
        "cancelled",
        "note",
        "owner_id",
        "demo",
    )
    return {name: getattr(session, name) for name in names}


def read(connection: Connection, identifier: str) -> InfoSession | None:
    """Return a session, or None."""
    row = connection.execute(_SESSION.where(InfoSessionRow.id == identifier)).one_or_none()
    return _session(row) if row else None


def of_code(connection: Connection, code: str) -> InfoSession | None:
    """Return the session of a code, or None."""
    row = connection.execute(_SESSION.where(InfoSessionRow.code == code.upper())).one_or_none()
    return _session(row) if row else None


def announced(connection: Connection, now: datetime, most: int) -> list[InfoSession]:
    """Return the public sessions to come, the next first."""
    query = _SESSION.where(InfoSessionRow.public, InfoSessionRow.cancelled.is_(False), InfoSessionRow.starts_at > now)
    return [_session(row) for row in connection.execute(query.order_by(InfoSessionRow.starts_at).limit(most))]


def listed(connection: Connection, owner_id: str | None, now: datetime, past: bool) -> list[InfoSession]:
    """Return the sessions of somebody, or of all: those to come, the next first, or those past, the latest first."""
    query = _SESSION
    if owner_id is not None:
        query = query.where(InfoSessionRow.owner_id == owner_id)
    # One that has begun is still of today's.
    since = now - timedelta(hours=12)
    if past:
        query = query.where(InfoSessionRow.starts_at <= since).order_by(InfoSessionRow.starts_at.desc())
    else:
        query = query.where(InfoSessionRow.starts_at > since).order_by(InfoSessionRow.starts_at)
    return [_session(row) for row in connection.execute(query.limit(100))]


# --- Enrolments -----------------------------------------------------------------------------------

_ENROLMENT = select(
    EnrolmentRow.__table__,
    select(func.count())
    .select_from(EnrolmentRow.__table__.alias("before"))
    .where(
        text("before.info_session_id = enrolment.info_session_id"),
        text("before.state = 'waiting'"),
        text("before.rank <= enrolment.rank"),
    )
    .correlate(EnrolmentRow)
    .scalar_subquery()
    .label("line"),
)


def _enrolment(row: Any, session: InfoSession) -> Enrolment:
    state = EnrolmentState(row.state)
    line = row.line if state is EnrolmentState.WAITING else 0
    return Enrolment(
        row.id,
        session,
        row.rank,
        row.code,
        row.sender_id,
        row.first_name,
        row.contact,
        state,
        line,
        row.present,
        row.reminder,
    )


def _lock(connection: Connection, session_id: str) -> InfoSession | None:
    """Return a session, that nobody else changes nor enrols in until the transaction ends."""
    # A write takes the row on PostgreSQL and the whole database on SQLite.
    locked = update(InfoSessionRow).where(InfoSessionRow.id == session_id).values(demo=InfoSessionRow.demo)
    return read(connection, session_id) if connection.execute(locked).rowcount else None


def enrol(
    connection: Connection, session_id: str, sender_id: str, first_name: str, contact: str, now: datetime
) -> Enrolment | None:
    """Give a seat, or a place in the waiting list when there is none; once a conversation.

    Returns:
        The enrolment, that of before if there was one; None when the session is cancelled or over.
    """
    session = _lock(connection, session_id)
    if session is None or session.cancelled or session.starts_at <= now:
        return None
    active = EnrolmentRow.state != EnrolmentState.CANCELLED
    same = (EnrolmentRow.info_session_id == session_id) & (EnrolmentRow.sender_id == sender_id) & active
    if sender_id and (row := connection.execute(_ENROLMENT.where(same)).first()):
        return _enrolment(row, session)
    # Nobody passes before those who wait.
    has_seat = session.free > 0 and not session.waiting
    last = select(func.coalesce(func.max(EnrolmentRow.rank), 0)).where(EnrolmentRow.info_session_id == session_id)
    identifier = uuid.uuid4().hex
    connection.execute(
        insert(EnrolmentRow).values(
            id=identifier,
            info_session_id=session_id,
            rank=connection.execute(last).scalar_one() + 1,
            code=f"INS-{_new_code(connection, EnrolmentRow.code, _ENROLMENT_CODE, 'INS-')}",
            sender_id=sender_id,
            first_name=first_name,
            contact=contact,
            state=str(EnrolmentState.ENROLLED if has_seat else EnrolmentState.WAITING),
            reminder="",
            enrolled_at=now,
        )
    )
    return enrolment(connection, identifier)


def enrolment(connection: Connection, identifier: str) -> Enrolment | None:
    """Return an enrolment, or None."""
    found = _enrolments(connection, EnrolmentRow.id == identifier)
    return found[0] if found else None


def enrolment_of_code(connection: Connection, code: str) -> Enrolment | None:
    """Return the enrolment of a code, or None."""
    found = _enrolments(connection, EnrolmentRow.code == code.upper())
    return found[0] if found else None


def enrolments_of(connection: Connection, sender_id: str, now: datetime) -> list[Enrolment]:
    """Return the enrolments of a conversation that are not cancelled, in sessions to come."""
    active = and_(EnrolmentRow.sender_id == sender_id, EnrolmentRow.state != EnrolmentState.CANCELLED)
    found = _enrolments(connection, active)
    return [e for e in found if e.session.ends_at > now and not e.session.cancelled]


def enrolments(connection: Connection, session_id: str) -> list[Enrolment]:
    """Return the enrolments of a session, cancelled ones included, in order."""
    return _enrolments(connection, EnrolmentRow.info_session_id == session_id)


def _enrolments(connection: Connection, wanted: Any) -> list[Enrolment]:
    rows = connection.execute(_ENROLMENT.where(wanted).order_by(EnrolmentRow.rank)).all()
    sessions = {row.info_session_id: read(connection, row.info_session_id) for row in rows}
    return [_enrolment(row, session) for row in rows if (session := sessions[row.info_session_id])]


def cancel(connection: Connection, identifier: str) -> list[Enrolment]:
    """Cancel an enrolment, and forget who it was; return who gets the seat."""
    session_id = connection.execute(
        select(EnrolmentRow.info_session_id).where(EnrolmentRow.id == identifier)
    ).scalar_one_or_none()
    if session_id is None or _lock(connection, session_id) is None:
        return []
    connection.execute(
        update(EnrolmentRow)
        .where(EnrolmentRow.id == identifier)
        .values(state=str(EnrolmentState.CANCELLED), first_name="", contact="", sender_id="")
    )
    return _promote(connection, session_id)


def _promote(connection: Connection, session_id: str) -> list[Enrolment]:
    """Give the free seats to those who wait, the first first; return them."""
    session = _lock(connection, session_id)
    if session is None or session.cancelled:
        return []
    waiting = [e for e in enrolments(connection, session_id) if e.state is EnrolmentState.WAITING][: session.free]
    for chosen in waiting:
        connection.execute(
            update(EnrolmentRow)
            .where(EnrolmentRow.id == chosen.id)
            .values(state=str(EnrolmentState.ENROLLED), reminder="")
        )
    return [replace(e, state=EnrolmentState.ENROLLED, place_in_line=0) for e in waiting]


def set_present(connection: Connection, session_id: str, present: Sequence[str]) -> None:
    """Note who of those enrolled came, and who did not."""
    enrolled = and_(EnrolmentRow.info_session_id == session_id, EnrolmentRow.state == EnrolmentState.ENROLLED)
    connection.execute(
        update(EnrolmentRow).where(enrolled).values(present=case((EnrolmentRow.id.in_(present), True), else_=False))
    )


def to_remind(connection: Connection, now: datetime, before: timedelta) -> list[Enrolment]:
    """Return the enrolments whose session begins soon, and who were not reminded."""
    soon = select(InfoSessionRow.id).where(
        InfoSessionRow.cancelled.is_(False), InfoSessionRow.starts_at > now, InfoSessionRow.starts_at <= now + before
    )
    wanted = and_(
        EnrolmentRow.info_session_id.in_(soon),
        EnrolmentRow.state == EnrolmentState.ENROLLED,
        EnrolmentRow.reminder == "",
    )
    return _enrolments(connection, wanted)


def note_reminder(connection: Connection, identifier: str, reminder: str) -> bool:
    """Note how somebody is reminded; return False when another process has just done it."""
    query = update(EnrolmentRow).where(EnrolmentRow.id == identifier, EnrolmentRow.reminder == "")
    return bool(connection.execute(query.values(reminder=reminder)).rowcount)


def by_hand(connection: Connection, session_id: str) -> list[Enrolment]:
    """Return those whom the team must tell itself."""
    wanted = and_(
        EnrolmentRow.info_session_id == session_id,
        EnrolmentRow.reminder == "by_hand",
        EnrolmentRow.state == EnrolmentState.ENROLLED,
    )
    return _enrolments(connection, wanted)


def tell(connection: Connection, enrolment: Enrolment, send: Send, text: str) -> None:
    """Send somebody enrolled a text, or leave it to the team when their channel cannot."""
    if not send(connection, enrolment.sender_id, text, ""):
        left = update(EnrolmentRow).where(EnrolmentRow.id == enrolment.id)
        connection.execute(left.values(reminder="by_hand"))


def told_by_hand(connection: Connection, identifier: str) -> None:
    """Note that the team told somebody itself."""
    connection.execute(update(EnrolmentRow).where(EnrolmentRow.id == identifier).values(reminder="told"))


# --- Who is there ---------------------------------------------------------------------------------


def join(connection: Connection, session_id: str, sender_id: str, now: datetime) -> None:
    """Count a conversation among those present, and its enrolment as attended."""
    connection.execute(
        text(
            "INSERT INTO info_session_member (info_session_id, sender_id, joined_at) VALUES (:s, :p, :now) "
            "ON CONFLICT (info_session_id, sender_id) DO NOTHING"
        ).bindparams(bindparam("now", type_=Moment())),
        {"s": session_id, "p": sender_id, "now": now},
    )
    same = and_(
        EnrolmentRow.info_session_id == session_id,
        EnrolmentRow.sender_id == sender_id,
        EnrolmentRow.state == EnrolmentState.ENROLLED,
    )
    connection.execute(update(EnrolmentRow).where(same).values(present=True))


def leave_group(connection: Connection, sender_id: str) -> None:
    """Count a conversation in no group any more."""
    connection.execute(delete(MemberRow).where(MemberRow.sender_id == sender_id))


def members(connection: Connection, session_id: str) -> int:
    """Return how many joined."""
    return connection.execute(select(func.count()).where(MemberRow.info_session_id == session_id)).scalar_one()


def groups_of(connection: Connection, senders: Sequence[str]) -> dict[str, str]:
    """Return the session that each of these conversations takes part in, the latest joined."""
    query = select(MemberRow.sender_id, MemberRow.info_session_id).where(MemberRow.sender_id.in_(senders))
    return dict(connection.execute(query.order_by(MemberRow.joined_at)).tuples().all())


def group_answers(connection: Connection, session_id: str) -> list[tuple[str, str, str]]:
    """Return (attempt, question, level) of the answers of those present: nothing tells whose they are.

    An attempt is that of the conversation that joined; what was not answered is left out.
    """
    stages = connection.execute(
        select(PositioningStage.stage)
        .join(MemberRow, MemberRow.sender_id == PositioningStage.sender_id)
        .where(MemberRow.info_session_id == session_id)
    ).scalars()
    attempts = {stage.get("attempt_id") for stage in stages} - {None, ""}
    query = select(PositioningAnswer.attempt_id, PositioningAnswer.item, PositioningAnswer.level).where(
        PositioningAnswer.attempt_id.in_(attempts), PositioningAnswer.level.is_not(None)
    )
    return [(attempt, item, level) for attempt, item, level in connection.execute(query)]


def shared_by(connection: Connection, session_id: str) -> dict[str, dict[str, Any]]:
    """Return the dated copy that people of a session gave to the team, by the conversation they gave it in."""
    senders = select(MemberRow.sender_id).where(MemberRow.info_session_id == session_id)
    enrolled = select(EnrolmentRow.sender_id).where(
        EnrolmentRow.info_session_id == session_id, EnrolmentRow.state != EnrolmentState.CANCELLED
    )
    rows = connection.execute(
        select(PositioningStage.sender_id, PositioningStage.stage).where(
            PositioningStage.sender_id.in_(senders.union(enrolled))
        )
    ).all()
    attempts = {row.stage.get("attempt_id"): row.sender_id for row in rows if row.stage.get("attempt_id")}
    query = (
        select(PositioningAttempt.id, PositioningAttempt.code, PositioningShare.shared_on, PositioningShare.booklet)
        .join(PositioningShare, PositioningShare.attempt_id == PositioningAttempt.id)
        .where(PositioningAttempt.id.in_(list(attempts)))
    )
    return {attempts[row.id]: dict(row._mapping) for row in connection.execute(query)}


# --- Erasing --------------------------------------------------------------------------------------


def purge(connection: Connection, before: datetime) -> int:
    """Erase the enrolments and groups of the sessions that began before a moment; return how many enrolments."""
    old = select(InfoSessionRow.id).where(InfoSessionRow.starts_at < before)
    connection.execute(delete(MemberRow).where(MemberRow.info_session_id.in_(old)))
    return connection.execute(delete(EnrolmentRow).where(EnrolmentRow.info_session_id.in_(old))).rowcount


def erase_demo(connection: Connection) -> int:
    """Erase the sessions invented for a demonstration, and all that hangs on them; return how many."""
    return connection.execute(delete(InfoSessionRow).where(InfoSessionRow.demo)).rowcount


def _new_code(connection: Connection, column: Any, length: int, prefix: str = "") -> str:
    while True:
        drawn = "".join(secrets.choice(ALPHABET) for _ in range(length))
        # Two digits at least: it reads as a code and not as a word.
        if sum(character.isdigit() for character in drawn) < 2:
            continue
        if not connection.execute(select(column).where(column == f"{prefix}{drawn}")).first():
            return drawn
