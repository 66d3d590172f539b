"""Conversations of the page on a real SQLite and a real PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, event

from bot.positioning.stage import At, Stage, Turn
from bot.storage import conversations, positionings
from bot.storage import web_conversations as kept
from bot.storage.database import open_database

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
CONVERSATION = kept.identifier("secret")
SAID = [{"from": "person", "text": "bonjour"}, {"from": "bot", "text": "Bonjour ! 🙂"}]


def add(database: Engine, key: str, conversation: str = CONVERSATION, now: datetime = NOW) -> bool:
    with database.begin() as connection:
        return kept.add_exchange(connection, conversation, key, SAID, now)


def begin(database: Engine, conversation: str = CONVERSATION, now: datetime = NOW) -> None:
    with database.begin() as connection:
        kept.open_conversation(connection, conversation, now)


def test_what_was_said_comes_back_in_order(empty_database: Engine) -> None:
    begin(empty_database)
    add(empty_database, "a")
    add(empty_database, "b")
    with empty_database.connect() as connection:
        read = kept.messages_after(connection, CONVERSATION, 0)
        assert [(m.n, m.exchange, dict(m.content)) for m in read] == [
            (1, "a", SAID[0]), (2, "a", SAID[1]), (3, "b", SAID[0]), (4, "b", SAID[1]),
        ]  # fmt: skip
        assert read[0].at == NOW
        assert [m.n for m in kept.messages_after(connection, CONVERSATION, 3)] == [4]
        assert [m.n for m in kept.exchange_of(connection, CONVERSATION, "a")] == [1, 2]
        assert not kept.messages_after(connection, kept.identifier("autre"), 0)


def test_a_conversation_is_used_by_its_messages(empty_database: Engine) -> None:
    begin(empty_database, now=NOW - timedelta(days=3))
    with empty_database.connect() as connection:
        assert kept.used_at(connection, CONVERSATION) == NOW - timedelta(days=3)
        assert kept.used_at(connection, "secret") is None
    add(empty_database, "a")
    with empty_database.connect() as connection:
        assert kept.used_at(connection, CONVERSATION) == NOW


def test_what_was_erased_is_not_made_again(empty_database: Engine) -> None:
    begin(empty_database)
    with empty_database.begin() as connection:
        kept.erase(connection, CONVERSATION)
    assert not add(empty_database, "a")
    with empty_database.connect() as connection:
        assert kept.used_at(connection, CONVERSATION) is None
        assert not kept.messages_after(connection, CONVERSATION, 0)


def test_one_exchange_a_key_even_from_several_processes(empty_database: Engine) -> None:
    begin(empty_database)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: add(empty_database, f"clé {i % 4}"), range(24)))
    with empty_database.connect() as connection:
        read = kept.messages_after(connection, CONVERSATION, 0)
    assert [m.n for m in read] == list(range(1, 9))
    assert sorted(m.exchange for m in read) == sorted(f"clé {i}" for i in range(4) for _ in range(2))


def remembered(connection: Connection, sender: str) -> list[bool]:
    """Return whether the dialogue remembers a conversation: its slots, its place in the questionnaire."""
    return [
        conversations.read_slots(connection, sender) is not None,
        positionings.read_stage(connection, sender) is not None,
    ]


def test_erased_and_purged_with_what_the_dialogue_remembers(empty_database: Engine) -> None:
    old, recent, elsewhere = kept.sender_of(CONVERSATION), kept.sender_of(kept.identifier("récente")), "rest"
    begin(empty_database, now=NOW - timedelta(days=50))
    add(empty_database, "a", now=NOW - timedelta(days=40))
    begin(empty_database, kept.identifier("récente"), NOW - timedelta(days=50))
    add(empty_database, "a", kept.identifier("récente"))
    with empty_database.begin() as connection:
        for sender in (old, recent, elsewhere):
            conversations.write_slots(connection, sender, {"memory": {}}, NOW)
            positionings.store(connection, sender, Turn((), Stage(At.CONSENT)), {}, NOW)
        assert kept.purge(connection, NOW - timedelta(days=30)) == 1
        assert not kept.messages_after(connection, CONVERSATION, 0)
        assert remembered(connection, old) == [False, False]
        assert remembered(connection, recent) == [True, True]
        assert kept.erase(connection, kept.identifier("récente")) == 2
        assert kept.used_at(connection, kept.identifier("récente")) is None
        assert remembered(connection, recent) == [False, False]
        assert remembered(connection, elsewhere) == [True, True]


@contextmanager
def counted(database: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(database, "before_cursor_execute", note)
    yield statements
    event.remove(database, "before_cursor_execute", note)


def test_turn_200_asks_no_more_of_the_database_than_turn_5(empty_database: Engine) -> None:
    begin(empty_database)
    counts = []
    for turn in range(1, 201):
        with counted(empty_database) as statements:
            add(empty_database, f"clé {turn}")
        counts.append(len(statements))
    assert counts[199] == counts[4]


def test_no_query_goes_through_the_whole_history(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/base.db")
    begin(database)
    with counted(database) as statements:
        add(database, "a")
        with database.connect() as connection:
            kept.messages_after(connection, CONVERSATION, 0)
    reads = [statement for statement in statements if statement.startswith("SELECT")]
    assert len(reads) == 3
    with database.connect() as connection:
        for statement in reads:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", ("x",) * statement.count("?")).all()
            told = " ".join(str(row) for row in plan)
            assert "SCAN" not in told and "TEMP B-TREE" not in told, f"{statement} : {told}"
    database.dispose()
