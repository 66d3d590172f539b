"""Attempts kept on a real SQLite and a real PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from bot.positioning.attempt import Answer, Attempt, PathKind
from bot.positioning.booklet import Booklet
from bot.positioning.stage import (
    Answered,
    At,
    Begun,
    Effect,
    Erased,
    Extended,
    Reopened,
    Shared,
    Stage,
    Turn,
    Withdrawn,
)
from bot.storage import positionings

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
CONTENT = {"BC01-C01": {"name": "Choisir", "question": "Savez-vous choisir ?", "wordings": "Définir", "mark": "a"}}
ATTEMPT = Attempt("a" * 32, "KM4R-7TXP", PathKind.FULL, ("BC01-C01", "BC01-C02"), "v1", NOW)


def keep(
    database: Engine, *effects: Effect, sender: str = "a", stage: Stage | None = None, now: datetime = NOW
) -> None:
    with database.begin() as connection:
        positionings.store(connection, sender, Turn((), stage, effects), CONTENT, now)


def kept(database: Engine, code: str = ATTEMPT.code) -> Attempt | None:
    with database.connect() as connection:
        return positionings.find_attempt(connection, code)


def test_an_attempt_comes_back_whole(empty_database: Engine) -> None:
    answer = Answer("2", "on a refait le planning 🙂 ' \" ; --")
    keep(empty_database, Begun(ATTEMPT), Answered(ATTEMPT.id, "BC01-C01", answer))
    assert kept(empty_database) == ATTEMPT.with_answer("BC01-C01", answer)
    with empty_database.connect() as connection:
        assert positionings.read_content(connection, "v1") == CONTENT
        assert positionings.read_content(connection, "v0") is None


def test_an_answer_takes_the_place_of_another(empty_database: Engine) -> None:
    keep(empty_database, Begun(ATTEMPT), Answered(ATTEMPT.id, "BC01-C01", Answer("0")))
    keep(empty_database, Answered(ATTEMPT.id, "BC01-C01", Answer("3", "récit")))
    found = kept(empty_database)
    assert found is not None and dict(found.answers) == {"BC01-C01": Answer("3", "récit")}


def test_questions_left_out_are_reopened_and_answers_are_not(empty_database: Engine) -> None:
    keep(
        empty_database,
        Begun(ATTEMPT),
        Answered(ATTEMPT.id, "BC01-C01", Answer(None)),
        Answered(ATTEMPT.id, "BC01-C02", Answer("1")),
    )
    keep(empty_database, Reopened(ATTEMPT.id, ("BC01-C01", "BC01-C02")))
    found = kept(empty_database)
    assert found is not None and set(found.answers) == {"BC01-C02"}


def test_a_scope_grows(empty_database: Engine) -> None:
    keep(empty_database, Begun(ATTEMPT), Extended(ATTEMPT.id, ("BC01-C01", "BC01-C02", "BC02-C01")))
    found = kept(empty_database)
    assert found is not None and found.scope[-1] == "BC02-C01"


def test_where_a_conversation_stands(empty_database: Engine) -> None:
    stage = Stage(At.STORY, "BC01-C01", stories=False, attempt_id=ATTEMPT.id)
    keep(empty_database, Begun(ATTEMPT), stage=stage)
    with empty_database.connect() as connection:
        assert positionings.read_stage(connection, "a") == stage
        assert positionings.read_stage(connection, "b") is None
    keep(empty_database, stage=None)
    with empty_database.connect() as connection:
        assert positionings.read_stage(connection, "a") is None


def booklet() -> Booklet:
    return Booklet("Mon positionnement", "RNCP1", "Titre", NOW.date(), "complet", 1, 2, (), (), (), (), ())


def test_shared_then_withdrawn(empty_database: Engine) -> None:
    keep(empty_database, Begun(ATTEMPT), Shared(ATTEMPT.id, booklet()))
    with empty_database.connect() as connection:
        assert positionings.shared_on(connection, ATTEMPT.id) == NOW.date()
        (copy,) = positionings.shared_copies(connection)
        assert copy["code"] == ATTEMPT.code and copy["booklet"]["answered"] == 1
    keep(empty_database, Withdrawn(ATTEMPT.id))
    with empty_database.connect() as connection:
        assert positionings.shared_copies(connection) == []


def test_erasing_leaves_nothing(empty_database: Engine) -> None:
    later = replace(ATTEMPT, id="b" * 32, code="ZZZ2-ZZZ3", previous=ATTEMPT.id)
    keep(empty_database, Begun(ATTEMPT), Answered(ATTEMPT.id, "BC01-C01", Answer("2", "secret")))
    keep(empty_database, Shared(ATTEMPT.id, booklet()), Begun(later))
    keep(empty_database, Erased(ATTEMPT.id))
    assert kept(empty_database) is None
    found = kept(empty_database, later.code)
    assert found is not None and found.previous is None
    with empty_database.connect() as connection:
        for table in ("positioning_answer", "positioning_share"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0


def test_an_answer_to_what_was_erased_is_refused(empty_database: Engine) -> None:
    keep(empty_database, Begun(ATTEMPT))
    keep(empty_database, Erased(ATTEMPT.id))
    with pytest.raises(IntegrityError):
        keep(empty_database, Answered(ATTEMPT.id, "BC01-C01", Answer("2")))


def test_what_is_too_old_is_purged(empty_database: Engine) -> None:
    recent = replace(ATTEMPT, id="b" * 32, code="ZZZ2-ZZZ3")
    keep(empty_database, Begun(ATTEMPT), stage=Stage(At.DONE, attempt_id=ATTEMPT.id), now=NOW - timedelta(days=400))
    keep(empty_database, Begun(recent), sender="b", stage=Stage(At.DONE, attempt_id=recent.id))
    with empty_database.begin() as connection:
        assert positionings.purge(connection, NOW - timedelta(days=365)) == 1
    assert kept(empty_database) is None
    assert kept(empty_database, recent.code) == recent
    with empty_database.connect() as connection:
        assert positionings.read_stage(connection, "a") is None


def test_an_answer_keeps_an_attempt_young(empty_database: Engine) -> None:
    keep(empty_database, Begun(ATTEMPT), now=NOW - timedelta(days=400))
    keep(empty_database, Answered(ATTEMPT.id, "BC01-C01", Answer("2")))
    with empty_database.begin() as connection:
        assert positionings.purge(connection, NOW - timedelta(days=365)) == 0


def test_many_devices_at_once_corrupt_nothing(empty_database: Engine) -> None:
    keep(empty_database, Begun(ATTEMPT))

    def answer(i: int) -> None:
        item = ATTEMPT.scope[i % 2]
        keep(empty_database, Answered(ATTEMPT.id, item, Answer(str(i % 4), f"récit {i}")), sender=f"appareil {i}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(answer, range(40)))
    found = kept(empty_database)
    assert found is not None and set(found.answers) == set(ATTEMPT.scope)
    for given in found.answers.values():
        assert given.story.removeprefix("récit ").isdigit()
        assert given.level == str(int(given.story.removeprefix("récit ")) % 4), "niveau et récit d'une même réponse"
