"""The messages to review on a real SQLite and a real PostgreSQL."""

from datetime import date

import pytest
from sqlalchemy import Engine, inspect

from bot.storage.review import MessageToReview, Reviewed, add, count, list_since, purge

DAY = date(2026, 3, 14)


@pytest.fixture
def database(empty_database: Engine) -> Engine:
    return empty_database


def keep(database: Engine, said: str, day: date = DAY) -> None:
    with database.begin() as connection:
        add(connection, said, [("bloc_detail", 0.21), ("blocs", 0.62)], "repli", day)


def kept(database: Engine, since: date | None = None) -> list[Reviewed]:
    with database.connect() as connection:
        return list_since(connection, since)


def test_a_message_comes_back(database: Engine) -> None:
    keep(database, 'je m\'appelle [nom] 🙂 c koi les "bloc"')
    assert kept(database) == [
        Reviewed('je m\'appelle [nom] 🙂 c koi les "bloc"', (("blocs", 0.62), ("bloc_detail", 0.21)), "repli", 1, DAY)
    ]


def test_the_same_text_is_counted_and_keeps_its_first_day(database: Engine) -> None:
    for day in (DAY, date(2026, 3, 20), date(2026, 4, 1)):
        keep(database, "c koi sa", day)
    keep(database, "autre")
    assert [(m.text, m.times, m.created_at) for m in kept(database)] == [("c koi sa", 3, DAY), ("autre", 1, DAY)]
    with database.connect() as connection:
        assert count(connection) == 2


def test_a_long_text_is_kept(database: Engine) -> None:
    # PostgreSQL would not index it.
    long = "".join(chr(0x4E00 + (n * 7919) % 20000) for n in range(6000))
    keep(database, long)
    keep(database, long)
    assert [(m.text, m.times) for m in kept(database)] == [(long, 2)]


def test_only_what_was_seen_since_a_day(database: Engine) -> None:
    keep(database, "avant", date(2026, 3, 13))
    keep(database, "le jour", DAY)
    assert [m.text for m in kept(database, DAY)] == ["le jour"]


def test_purge_leaves_the_day_itself(database: Engine) -> None:
    keep(database, "avant", date(2026, 3, 13))
    keep(database, "le jour", DAY)
    with database.begin() as connection:
        assert purge(connection, DAY) == 1
    assert [m.text for m in kept(database)] == ["le jour"]


def test_neither_who_nor_when_in_the_day(database: Engine) -> None:
    columns = {column["name"]: str(column["type"]) for column in inspect(database).get_columns("message_to_review")}
    assert set(columns) == {"id", "digest", "text", "suggestions", "reason", "times", "created_at"}
    assert columns["created_at"] == "DATE"
    assert MessageToReview.__tablename__ == "message_to_review"
