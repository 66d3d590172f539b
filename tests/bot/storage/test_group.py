"""What a group answered, what its people shared, how far questionnaires went: on both databases."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from bot.positioning.attempt import Answer, Attempt, PathKind
from bot.positioning.codes import new_code
from bot.positioning.guide import Guide, load_guide
from bot.positioning.results import content_of
from bot.positioning.stage import Answered, At, Begun, Effect, Shared, Stage, Turn
from bot.storage import info_sessions, positionings, quality
from tests.bot.reception.conftest import session


@pytest.fixture(scope="module")
def guide() -> Guide:
    return load_guide(365)


def answer(database: Engine, guide: Guide, sender: str, levels: dict[str, str], shares: bool = False) -> str:
    """Keep a questionnaire of a conversation; return its code."""
    now, items = datetime.now(UTC), tuple(item.id for item in guide.questionnaire.theme_items)
    attempt = Attempt(uuid.uuid4().hex, new_code(), PathKind.QUICK, items, guide.questionnaire.version, now, {}, None)
    given = {item: Answer(level, "") for item, level in levels.items()}
    effects: list[Effect] = [Begun(attempt), *(Answered(attempt.id, item, a) for item, a in given.items())]
    if shares:
        effects.append(Shared(attempt.id, guide.results.booklet(attempt, now.date())))
    with database.begin() as connection:
        turn = Turn((), Stage(At.PAUSED, attempt_id=attempt.id), tuple(effects))
        positionings.store(connection, sender, turn, content_of(guide.questionnaire), now)
    return attempt.code


def test_a_group_is_those_who_joined_and_nobody_else(empty_database: Engine, guide: Guide) -> None:
    now = datetime.now(UTC)
    for sender in ("web:1", "web:2", "web:ailleurs"):
        answer(empty_database, guide, sender, {"T01": "2", "T02": "unknown"})
    with empty_database.begin() as connection:
        made = info_sessions.add(connection, session(starts_at=now))
        for sender in ("web:1", "web:2", "web:muet"):
            info_sessions.join(connection, made.id, sender, now)
        found = info_sessions.group_answers(connection, made.id)
        assert len({attempt for attempt, _, _ in found}) == 2
        assert sorted((item, level) for _, item, level in found) == [("T01", "2")] * 2 + [("T02", "unknown")] * 2
        info_sessions.leave_group(connection, "web:1")
        assert len(info_sessions.group_answers(connection, made.id)) == 2


def test_only_what_was_shared_is_read(empty_database: Engine, guide: Guide) -> None:
    now = datetime.now(UTC)
    code = answer(empty_database, guide, "web:partage", {"T01": "2"}, shares=True)
    answer(empty_database, guide, "web:garde", {"T01": "2"})
    answer(empty_database, guide, "web:ailleurs", {"T01": "2"}, shares=True)
    with empty_database.begin() as connection:
        made = info_sessions.add(connection, session(starts_at=now + timedelta(days=1)))
        for sender in ("web:partage", "web:garde"):
            info_sessions.enrol(connection, made.id, sender, "", "", now)
        shared = info_sessions.shared_by(connection, made.id)
        assert {sender: copy["code"] for sender, copy in shared.items()} == {"web:partage": code}
        kept = info_sessions.enrolments(connection, made.id)
        info_sessions.cancel(connection, kept[0].id)
        assert info_sessions.shared_by(connection, made.id) == {}


def test_how_far_questionnaires_went(empty_database: Engine, guide: Guide) -> None:
    today = datetime.now(UTC).date()
    answer(empty_database, guide, "web:1", {"T01": "2", "T02": "1"})
    answer(empty_database, guide, "web:2", {})
    with empty_database.connect() as connection:
        found = quality.attempts(connection, today - timedelta(days=1), today + timedelta(days=1))
        assert sorted(found) == [("quick", 13, 0), ("quick", 13, 2)]
        assert quality.attempts(connection, today - timedelta(days=9), today - timedelta(days=8)) == []
