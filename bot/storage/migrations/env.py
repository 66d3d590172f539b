"""Run by Alembic: applies the migrations on the connection that it is given, or on the database of the settings."""

from alembic import context
from sqlalchemy import Connection

from bot.storage import conversations, messaging, positionings, review, web_conversations  # noqa: F401  their tables
from bot.storage.database import Base


def run(connection: Connection) -> None:
    """Apply the migrations."""
    # SQLite alters a table by copying it.
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
