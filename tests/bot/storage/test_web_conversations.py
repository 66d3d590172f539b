"""Conversations of the page on a real SQLite and a real PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, event

from bot.storage import web_conversations as kept

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
CONVERSATION = kept.identifier("secret")
SAID = [{"from": "person", "text": "bonjour"}, {"from": "bot", "text": "Bonjour ! 🙂"}]


def add(database: Engine, key: str, conversation: str = CONVERSATION, now: datetime = NOW) -> None:
    with database.begin() as connection:
        kept.add_exchange(connection, conversation, key, SAID, now)


def test_what_was_said_comes_back_in_order(empty_database: Engine) -> None:
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


def test_the_secret_is_not_kept(empty_database: Engine) -> None:
    add(empty_database, "a")
    with empty_database.connect() as connection:
        assert kept.is_open(connection, CONVERSATION)
        assert not kept.is_open(connection, "secret")


def test_one_exchange_a_key_even_from_several_processes(empty_database: Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: add(empty_database, f"clé {i % 4}"), range(24)))
    with empty_database.connect() as connection:
        read = kept.messages_after(connection, CONVERSATION, 0)
    assert [m.n for m in read] == list(range(1, 9))
    assert sorted(m.exchange for m in read) == sorted(f"clé {i}" for i in range(4) for _ in range(2))


def test_erased_and_purged(empty_database: Engine) -> None:
    add(empty_database, "a", now=NOW - timedelta(days=40))
    add(empty_database, "a", kept.identifier("récente"))
    with empty_database.begin() as connection:
        assert kept.purge(connection, NOW - timedelta(days=30)) == 1
        assert not kept.messages_after(connection, CONVERSATION, 0)
        assert kept.erase(connection, kept.identifier("récente")) == 2
        assert not kept.is_open(connection, kept.identifier("récente"))


@contextmanager
def counted(database: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(database, "before_cursor_execute", note)
    yield statements
    event.remove(database, "before_cursor_execute", note)


def test_turn_200_asks_no_more_of_the_database_than_turn_5(empty_database: Engine) -> None:
    counts = []
    for turn in range(1, 201):
        with counted(empty_database) as statements:
            add(empty_database, f"clé {turn}")
        counts.append(len(statements))
    assert counts[199] == counts[4]
