"""Accounts of the team, their open sessions, and the journal of who saw what."""

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Connection,
    ForeignKey,
    Integer,
    String,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.database import Base, Moment, in_utc
from bot.team.accounts import Account, Role


class StaffAccount(Base):
    """One account."""

    __tablename__ = "staff_account"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str] = mapped_column(Text)
    must_change: Mapped[bool] = mapped_column(Boolean)
    active: Mapped[bool] = mapped_column(Boolean)
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_step: Mapped[int] = mapped_column(Integer)
    failures: Mapped[int] = mapped_column(Integer)
    locked_until: Mapped[datetime | None] = mapped_column(Moment())
    created_at: Mapped[datetime] = mapped_column(Moment())


class StaffSession(Base):
    """One browser where an account is open. The cookie is not kept: its hash is the identifier."""

    __tablename__ = "staff_session"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("staff_account.id", ondelete="CASCADE"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Moment())
    used_at: Mapped[datetime] = mapped_column(Moment(), index=True)


class StaffJournal(Base):
    """One thing that somebody of the team did: never what it said of a candidate."""

    __tablename__ = "staff_journal"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Moment(), index=True)
    account_id: Mapped[str] = mapped_column(String(32))
    account_name: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(120))


@dataclass(frozen=True)
class Credentials:
    """What proves that somebody is the holder of an account."""

    account: Account
    password_hash: str
    totp_secret: str | None
    totp_step: int
    failures: int
    locked_until: datetime | None


@dataclass(frozen=True)
class OpenSession:
    """A browser where an account is open."""

    id: str
    account: Account
    csrf: str


@dataclass(frozen=True)
class Noted:
    """A line of the journal."""

    at: datetime
    account_name: str
    action: str
    subject: str


_ACCOUNT = select(
    StaffAccount.id,
    StaffAccount.email,
    StaffAccount.name,
    StaffAccount.role,
    StaffAccount.active,
    StaffAccount.must_change,
    StaffAccount.totp_secret,
)


def _account(row: Any) -> Account:
    return Account(
        row.id, row.email, row.name, Role(row.role), row.active, row.must_change, row.totp_secret is not None
    )


def normalised(email: str) -> str:
    """Return an address as it is kept: two spellings of one are one account."""
    return email.strip().lower()


# --- Accounts -------------------------------------------------------------------------------------


def add_account(
    connection: Connection, email: str, name: str, role: Role, password_hash: str, now: datetime, must_change: bool
) -> Account:
    """Create an account.

    Raises:
        IntegrityError: the address has one already.
    """
    identifier = uuid.uuid4().hex
    connection.execute(
        insert(StaffAccount).values(
            id=identifier,
            email=normalised(email),
            name=name,
            role=str(role),
            password_hash=password_hash,
            must_change=must_change,
            active=True,
            totp_step=0,
            failures=0,
            created_at=now,
        )
    )
    return Account(identifier, normalised(email), name, role, must_change=must_change)


def accounts(connection: Connection) -> list[Account]:
    """Return all the accounts, by name."""
    return [_account(row) for row in connection.execute(_ACCOUNT.order_by(StaffAccount.name))]


def account_of(connection: Connection, identifier: str) -> Account | None:
    """Return an account, or None."""
    row = connection.execute(_ACCOUNT.where(StaffAccount.id == identifier)).one_or_none()
    return _account(row) if row else None


def anybody(connection: Connection) -> bool:
    """Whether there is somebody who could answer."""
    return connection.execute(select(StaffAccount.id).where(StaffAccount.active).limit(1)).first() is not None


def credentials(connection: Connection, email: str) -> Credentials | None:
    """Return the proofs of the account of an address, or None."""
    query = _ACCOUNT.add_columns(
        StaffAccount.password_hash, StaffAccount.totp_step, StaffAccount.failures, StaffAccount.locked_until
    )
    row = connection.execute(query.where(StaffAccount.email == normalised(email))).one_or_none()
    if row is None:
        return None
    locked = in_utc(row.locked_until) if row.locked_until else None
    return Credentials(_account(row), row.password_hash, row.totp_secret, row.totp_step, row.failures, locked)


def count_failure(connection: Connection, identifier: str, most: int, until: datetime) -> bool:
    """Count a wrong password or code; return whether the account is now closed until a moment."""
    of_account = StaffAccount.id == identifier
    connection.execute(update(StaffAccount).where(of_account).values(failures=StaffAccount.failures + 1))
    closed = update(StaffAccount).where(of_account, StaffAccount.failures >= most)
    return bool(connection.execute(closed.values(failures=0, locked_until=until)).rowcount)


def note_success(connection: Connection, identifier: str, step: int | None = None) -> bool:
    """Forget the failures of an account; return False when its one-time code was used meanwhile."""
    values: dict[str, Any] = {"failures": 0, "locked_until": None}
    chosen = update(StaffAccount).where(StaffAccount.id == identifier)
    if step is not None:
        chosen = chosen.where(StaffAccount.totp_step < step)
        values["totp_step"] = step
    return bool(connection.execute(chosen.values(**values)).rowcount)


def set_password(connection: Connection, identifier: str, password_hash: str, must_change: bool) -> None:
    """Change a password, and close every browser where the account is open."""
    connection.execute(
        update(StaffAccount)
        .where(StaffAccount.id == identifier)
        .values(password_hash=password_hash, must_change=must_change, failures=0, locked_until=None)
    )
    connection.execute(delete(StaffSession).where(StaffSession.account_id == identifier))


def set_totp(connection: Connection, identifier: str, secret: str | None) -> None:
    """Ask for one-time codes made with a secret, or ask no more."""
    connection.execute(
        update(StaffAccount).where(StaffAccount.id == identifier).values(totp_secret=secret, totp_step=0)
    )


def set_role(connection: Connection, identifier: str, role: Role) -> None:
    """Change what somebody may do."""
    connection.execute(update(StaffAccount).where(StaffAccount.id == identifier).values(role=str(role)))


def set_active(connection: Connection, identifier: str, active: bool) -> None:
    """Open or close an account; a closed one is open in no browser any more."""
    connection.execute(update(StaffAccount).where(StaffAccount.id == identifier).values(active=active))
    if not active:
        connection.execute(delete(StaffSession).where(StaffSession.account_id == identifier))


def administrators(connection: Connection) -> int:
    """Return how many open accounts administer."""
    query = select(func.count()).where(StaffAccount.role == Role.ADMINISTRATEUR, StaffAccount.active)
    return connection.execute(query).scalar_one()


# --- Sessions -------------------------------------------------------------------------------------


def _mark(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(connection: Connection, account_id: str, now: datetime) -> str:
    """Open an account in a browser; return the value of its cookie, which is not kept."""
    token = secrets.token_urlsafe(32)
    values = {"id": _mark(token), "account_id": account_id, "csrf": secrets.token_urlsafe(24)}
    connection.execute(insert(StaffSession).values(**values, created_at=now, used_at=now))
    return token


def read_session(
    connection: Connection, token: str, now: datetime, idle: timedelta, longest: timedelta
) -> OpenSession | None:
    """Return the session of a cookie, or None when it is over."""
    session_id = _mark(token)
    query = _ACCOUNT.add_columns(StaffSession.csrf, StaffSession.created_at, StaffSession.used_at)
    query = query.join(StaffSession, StaffSession.account_id == StaffAccount.id).where(StaffSession.id == session_id)
    row = connection.execute(query).one_or_none()
    if row is None or not row.active:
        return None
    if now - in_utc(row.used_at) > idle or now - in_utc(row.created_at) > longest:
        return None
    if now - in_utc(row.used_at) > timedelta(minutes=1):
        connection.execute(update(StaffSession).where(StaffSession.id == session_id).values(used_at=now))
    return OpenSession(session_id, _account(row), row.csrf)


def close_session(connection: Connection, session_id: str) -> None:
    """Close an account in one browser."""
    connection.execute(delete(StaffSession).where(StaffSession.id == session_id))


# --- Journal --------------------------------------------------------------------------------------


def note(connection: Connection, account: Account, action: str, subject: str, now: datetime) -> None:
    """Note what somebody did.

    Args:
        connection: an open transaction.
        account: who.
        action: what, in a few words.
        subject: on what: a title, a code; nothing personal of a candidate.
        now: when.
    """
    values = {"account_id": account.id, "account_name": account.name, "action": action, "subject": subject[:120]}
    connection.execute(insert(StaffJournal).values(**values, at=now))


def journal(connection: Connection, limit: int = 200, before: int | None = None) -> list[tuple[int, Noted]]:
    """Return the last lines of the journal, with their numbers, the latest first."""
    query = select(StaffJournal).order_by(StaffJournal.id.desc()).limit(limit)
    if before is not None:
        query = query.where(StaffJournal.id < before)
    rows: Sequence[Any] = connection.execute(query.with_only_columns(*StaffJournal.__table__.columns)).all()
    return [(r.id, Noted(in_utc(r.at), r.account_name, r.action, r.subject)) for r in rows]


def purge(connection: Connection, before: datetime, journal_before: datetime) -> None:
    """Forget the sessions last used before a moment, and the lines of the journal older than another."""
    connection.execute(delete(StaffSession).where(StaffSession.used_at < before))
    connection.execute(delete(StaffJournal).where(StaffJournal.at < journal_before))
