"""Open a database, SQLite or PostgreSQL, by its address, and bring its tables up to date."""

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, DateTime, Dialect, Engine, TypeDecorator, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 41402
"""Number of the PostgreSQL lock under which one process at a time changes the tables."""


class Base(DeclarativeBase):
    """Base of all tables."""


def in_utc(stored: datetime) -> datetime:
    """Return a stored moment with its time zone: SQLite forgets it, and what is stored is UTC."""
    return stored if stored.tzinfo else stored.replace(tzinfo=UTC)


class Moment(TypeDecorator[datetime]):
    """A moment: stored in UTC whatever its time zone, since SQLite forgets it; read back with one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return what is stored."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return what was stored."""
        return in_utc(value) if value else None


@lru_cache(maxsize=8)
def shared_database(url: str) -> Engine:
    """Return the database of an address, opened once a process."""
    return open_database(url)


def open_database(url: str) -> Engine:
    """Open a database and bring its tables up to date.

    Args:
        url: SQLAlchemy address, e.g. ``sqlite:///var/etaie.db`` or ``postgresql+psycopg2://user@host/base``.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        if address.database and address.database != ":memory:":
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(address, connect_args={"check_same_thread": False})
        event.listen(engine, "connect", _tune_sqlite)
    else:
        engine = create_engine(address, pool_pre_ping=True)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
        if version_of(connection) != latest_version():
            _migrate(connection)
    return engine


def latest_version() -> str:
    """Return the version that the migrations lead to: they are numbered, ``0002_….py``."""
    return max(path.stem.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def version_of(connection: Connection) -> str | None:
    """Return the version of the tables of a database, or None before the first migration."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _migrate(connection: Connection) -> None:
    # Imported when there is something to change: a server that starts as it stopped does without it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _tune_sqlite(connection: Any, _record: object) -> None:
    # Write-ahead log: a commit survives the death of the process (kill -9), readers never wait for the writer.
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()
