"""The tables follow the migrations, on new and on old databases."""

import importlib
import pkgutil
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, text

import bot.storage
from bot.storage.conversations import Conversation
from bot.storage.database import MIGRATIONS, Base, latest_version, open_database, version_of
from bot.storage.review import MessageToReview

for module in pkgutil.iter_modules(bot.storage.__path__):
    # Every table of the code is known, whatever the tests import.
    importlib.import_module(f"bot.storage.{module.name}")


def test_the_migrations_make_the_tables_of_the_code(empty_database: Engine) -> None:
    with empty_database.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        assert version_of(connection) == latest_version()


def test_a_database_older_than_the_migrations_keeps_what_it_holds(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ancienne.db"
    old = create_engine(url)
    Base.metadata.create_all(
        old, tables=[Base.metadata.tables[t.__tablename__] for t in (Conversation, MessageToReview)]
    )
    with old.begin() as connection:
        connection.execute(text("INSERT INTO conversation VALUES ('a', '{}', '2026-01-01 00:00:00')"))
    old.dispose()
    engine = open_database(url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT sender_id FROM conversation")).scalars().all() == ["a"]
        assert inspect(connection).has_table("positioning_answer")
    engine.dispose()


def test_each_migration_can_be_undone(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/base.db")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    with engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) == {"alembic_version"}
    engine.dispose()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///{folder}/neuf/dossier/base.db"])
def test_sqlite_needs_nothing_made_beforehand(url: str, tmp_path: Path) -> None:
    open_database(url.format(folder=tmp_path)).dispose()
