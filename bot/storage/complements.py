"""What the team adds beside the fiche, written in the console: every version is kept, with its author."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Connection,
    Date,
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


class ComplementRow(Base):
    """One addition: on a topic, or answering a question of its own."""

    __tablename__ = "complement"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    topic: Mapped[str] = mapped_column(String(64))
    """Empty for a question of its own."""
    question: Mapped[str] = mapped_column(String(300))
    active: Mapped[bool] = mapped_column(Boolean)
    demo: Mapped[bool] = mapped_column(Boolean)


class ComplementVersion(Base):
    """One wording of an addition; the last one is said."""

    __tablename__ = "complement_version"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    complement_id: Mapped[str] = mapped_column(ForeignKey("complement.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(200))
    source_date: Mapped[date] = mapped_column(Date)
    link: Mapped[str] = mapped_column(String(500))
    valid_until: Mapped[date | None] = mapped_column(Date)
    author: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Moment())


class ComplementExample(Base):
    """One message that an addition answers."""

    __tablename__ = "complement_example"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    complement_id: Mapped[str] = mapped_column(ForeignKey("complement.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True)
class NewComplement:
    """What the team says."""

    topic: str
    """Topic that the fiche is silent on; empty for a question of its own."""
    question: str
    """What it answers, in a few words."""
    text: str
    source: str
    source_date: date
    link: str = ""
    valid_until: date | None = None


@dataclass(frozen=True)
class Version:
    """A wording, and who wrote it."""

    content: NewComplement
    author: str
    at: datetime


@dataclass(frozen=True)
class Kept:
    """An addition, with its last wording and the messages that it answers."""

    id: str
    active: bool
    last: Version
    examples: tuple[str, ...]
    versions: int


def write(
    connection: Connection,
    content: NewComplement,
    author: str,
    now: datetime,
    identifier: str = "",
    examples: Sequence[str] = (),
    demo: bool = False,
) -> str:
    """Keep an addition, or a new wording of one; return its identifier.

    Args:
        connection: an open transaction.
        content: what is said.
        author: name of who says it.
        now: when it is written.
        identifier: of the addition that gets a new wording; nothing for a new one.
        examples: messages that it answers, added to those known.
        demo: whether it is invented, for a demonstration.
    """
    if identifier:
        values = {"topic": content.topic, "question": content.question, "active": True}
        connection.execute(update(ComplementRow).where(ComplementRow.id == identifier).values(**values))
    else:
        identifier = uuid.uuid4().hex
        named = {"id": identifier, "topic": content.topic, "question": content.question}
        connection.execute(insert(ComplementRow).values(**named, active=True, demo=demo))
    connection.execute(
        insert(ComplementVersion).values(
            complement_id=identifier,
            text=content.text,
            source=content.source,
            source_date=content.source_date,
            link=content.link,
            valid_until=content.valid_until,
            author=author,
            at=now,
        )
    )
    known = set(_examples(connection, identifier))
    for text in dict.fromkeys(examples):
        if text not in known:
            connection.execute(insert(ComplementExample).values(complement_id=identifier, text=text))
    return identifier


def set_active(connection: Connection, identifier: str, active: bool) -> None:
    """Say an addition again, or no more."""
    connection.execute(update(ComplementRow).where(ComplementRow.id == identifier).values(active=active))


def read(connection: Connection, identifier: str) -> Kept | None:
    """Return an addition, or None."""
    return next((kept for kept in listed(connection) if kept.id == identifier), None)


def versions(connection: Connection, identifier: str) -> list[Version]:
    """Return all the wordings of an addition, the latest first."""
    query = _VERSIONS.where(ComplementVersion.complement_id == identifier).order_by(ComplementVersion.id.desc())
    return [_version(row) for row in connection.execute(query)]


def listed(connection: Connection) -> list[Kept]:
    """Return the additions, the latest first."""
    last = select(func.max(ComplementVersion.id)).group_by(ComplementVersion.complement_id)
    rows = connection.execute(
        _VERSIONS.where(ComplementVersion.id.in_(last)).order_by(ComplementVersion.id.desc())
    ).all()
    counted = dict(
        connection.execute(
            select(ComplementVersion.complement_id, func.count()).group_by(ComplementVersion.complement_id)
        )
        .tuples()
        .all()
    )
    examples: dict[str, list[str]] = {}
    for identifier, text in connection.execute(
        select(ComplementExample.complement_id, ComplementExample.text).order_by(ComplementExample.id)
    ):
        examples.setdefault(identifier, []).append(text)
    return [
        Kept(
            row.complement_id,
            row.active,
            _version(row),
            tuple(examples.get(row.complement_id, ())),
            counted[row.complement_id],
        )
        for row in rows
    ]


Stamp = tuple[tuple[str, int], ...]


def stamp(connection: Connection) -> Stamp:
    """Return what is said now, by identifier and wording: cheap to read at each turn that may use it."""
    return tuple((identifier, last) for identifier, last in connection.execute(_STAMP))


def erase_demo(connection: Connection) -> int:
    """Erase what was invented for a demonstration."""
    return connection.execute(delete(ComplementRow).where(ComplementRow.demo)).rowcount


def _examples(connection: Connection, identifier: str) -> Sequence[str]:
    query = select(ComplementExample.text).where(ComplementExample.complement_id == identifier)
    return connection.execute(query).scalars().all()


_VERSIONS = select(
    ComplementVersion.complement_id,
    ComplementVersion.text,
    ComplementVersion.source,
    ComplementVersion.source_date,
    ComplementVersion.link,
    ComplementVersion.valid_until,
    ComplementVersion.author,
    ComplementVersion.at,
    ComplementRow.topic,
    ComplementRow.question,
    ComplementRow.active,
).join(ComplementRow, ComplementRow.id == ComplementVersion.complement_id)
_STAMP = (
    select(ComplementRow.id, func.max(ComplementVersion.id))
    .join(ComplementVersion, ComplementVersion.complement_id == ComplementRow.id)
    .where(ComplementRow.active)
    .group_by(ComplementRow.id)
    .order_by(ComplementRow.id)
)


def _version(row: Any) -> Version:
    content = NewComplement(row.topic, row.question, row.text, row.source, row.source_date, row.link, row.valid_until)
    return Version(content, row.author, in_utc(row.at))
