"""Open a database: SQLite or PostgreSQL, by its address."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """Base of all tables."""


def open_database(url: str) -> Engine:
    """Open a database and create the tables that are missing.

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
    Base.metadata.create_all(engine)
    return engine


def _tune_sqlite(connection: Any, _record: object) -> None:
    # Write-ahead log: a commit survives the death of the process (kill -9), readers never wait for the writer.
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.close()
