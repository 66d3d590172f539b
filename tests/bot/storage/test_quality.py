"""Figures, and nobody in them."""

from datetime import date, timedelta

from sqlalchemy import Engine

from bot.storage import info_sessions, quality
from bot.storage.quality import Measured, person_of
from tests.bot.reception.conftest import NOW, session

DAY = date(2026, 11, 27)
KEY = b"cle"


def measured(sender: str, topic: str = "blocs", day: date = DAY, understood: bool = True, took: int = 10) -> Measured:
    return Measured(sender, day, "web", topic, understood, took)


def test_figures_of_a_period(empty_database: Engine) -> None:
    with empty_database.begin() as connection:
        quality.add(
            connection,
            [
                measured("web:1"), measured("web:1", "vae", took=30), measured("web:2"), measured("web:2", "greet"),
                measured("web:3", "nlu_fallback", understood=False), measured("web:4", day=DAY - timedelta(days=40)),
            ],
            KEY,
            {},
        )  # fmt: skip
        quality.add_feedback(connection, "blocs", True, DAY)
        quality.add_feedback(connection, "blocs", False, DAY)
        found = quality.quality(connection, DAY - timedelta(days=7), DAY, ("greet", "nlu_fallback"))
    assert (found.people, found.messages, found.understood) == (3, 5, 4)
    assert found.topics == (("blocs", 2), ("vae", 1))
    assert found.by_day == ((DAY, 3, 5),)
    assert found.helped == (("blocs", 1, 1),)
    assert found.milliseconds == (10, 30)
    assert found.channels == (("web", 3),)


def test_an_empty_period_has_figures_too(empty_database: Engine) -> None:
    with empty_database.connect() as connection:
        found = quality.quality(connection, DAY, DAY, ())
    assert (found.people, found.messages, found.topics, found.milliseconds) == (0, 0, (), (0, 0))


def test_a_person_cannot_be_followed_from_a_month_to_the_next() -> None:
    assert person_of(KEY, "web:1", DAY) == person_of(KEY, "web:1", DAY.replace(day=1))
    assert person_of(KEY, "web:1", DAY) != person_of(KEY, "web:1", date(2026, 12, 1))
    assert person_of(KEY, "web:1", DAY) != person_of(b"autre", "web:1", DAY)


def test_favourite_topics_are_those_of_the_group(empty_database: Engine) -> None:
    with empty_database.begin() as connection:
        made = info_sessions.add(connection, session())
        info_sessions.join(connection, made.id, "web:1", NOW)
        groups = info_sessions.groups_of(connection, ["web:1", "web:2"])
        quality.add(connection, [measured("web:1"), measured("web:1"), measured("web:2", "vae")], KEY, groups)
        assert quality.favourite_topics(connection, made.id, ["blocs", "vae"], 5) == [("blocs", 2)]


def test_old_measures_are_erased(empty_database: Engine) -> None:
    with empty_database.begin() as connection:
        quality.add(connection, [measured("web:1"), measured("web:1", day=DAY - timedelta(days=500))], KEY, {})
        quality.purge(connection, DAY - timedelta(days=400))
        assert quality.quality(connection, DAY - timedelta(days=900), DAY, ()).messages == 1
