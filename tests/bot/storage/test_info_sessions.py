"""Seats are never given twice; what is erased is."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from bot.reception.sessions import Enrolment, EnrolmentState, InfoSession
from bot.storage import info_sessions
from tests.bot.reception.conftest import NOW, session

AT_ONCE = 50


def planned(database: Engine, **changed: object) -> InfoSession:
    with database.begin() as connection:
        return info_sessions.add(connection, session(**changed))  # type: ignore[arg-type]


def enrol(database: Engine, made: InfoSession, sender: str) -> Enrolment | None:
    with database.begin() as connection:
        return info_sessions.enrol(connection, made.id, sender, "Nadia", "", NOW)


def test_what_is_kept_comes_back(empty_database: Engine) -> None:
    made = planned(empty_database, video_url="https://visio.exemple.fr", note="Apportez un stylo")
    with empty_database.connect() as connection:
        assert info_sessions.read(connection, made.id) == made
        assert info_sessions.of_code(connection, made.code.lower()) == made
        assert info_sessions.announced(connection, NOW, 3) == [made]


def test_a_moment_keeps_its_hour_whatever_its_time_zone(empty_database: Engine) -> None:
    from bot.text.dates import PARIS

    there = datetime(2026, 12, 1, 14, 0, tzinfo=PARIS)
    made = planned(empty_database, starts_at=there)
    with empty_database.connect() as connection:
        found = info_sessions.read(connection, made.id)
        assert found is not None
        assert found.starts_at == there
        assert info_sessions.announced(connection, there - timedelta(minutes=1), 3)
        assert not info_sessions.announced(connection, (there + timedelta(minutes=1)).astimezone(UTC), 3)


def test_fifty_at_once_for_the_last_seat(empty_database: Engine) -> None:
    made = planned(empty_database, seats=1)
    with ThreadPoolExecutor(16) as threads:
        got = list(threads.map(lambda n: enrol(empty_database, made, f"web:{n}"), range(AT_ONCE)))
    enrolled = [e for e in got if e and e.state is EnrolmentState.ENROLLED]
    waiting = sorted(e.place_in_line for e in got if e and e.state is EnrolmentState.WAITING)
    assert len(enrolled) == 1
    assert waiting == list(range(1, AT_ONCE))
    with empty_database.connect() as connection:
        kept = info_sessions.enrolments(connection, made.id)
    assert [e.rank for e in kept] == list(range(1, AT_ONCE + 1))
    assert kept[0].state is EnrolmentState.ENROLLED
    assert len({e.code for e in kept}) == AT_ONCE


def test_fifty_cancel_at_once_and_everybody_moves_up(empty_database: Engine) -> None:
    made = planned(empty_database, seats=20)
    got = [enrol(empty_database, made, f"web:{n}") for n in range(AT_ONCE)]

    def cancel(enrolment: Enrolment | None) -> int:
        assert enrolment is not None
        with empty_database.begin() as connection:
            return len(info_sessions.cancel(connection, enrolment.id))

    with ThreadPoolExecutor(16) as threads:
        promoted = sum(threads.map(cancel, got[:20]))
    with empty_database.connect() as connection:
        kept = info_sessions.enrolments(connection, made.id)
    assert promoted == 20
    assert [e.rank for e in kept if e.state is EnrolmentState.ENROLLED] == list(range(21, 41))


def test_nobody_passes_before_those_who_wait(empty_database: Engine) -> None:
    made = planned(empty_database, seats=1)
    enrol(empty_database, made, "web:1")
    enrol(empty_database, made, "web:2")
    with empty_database.begin() as connection:
        promoted = info_sessions.change(connection, replace(made, seats=2))
        assert [e.sender_id for e in promoted] == ["web:2"]
    third = enrol(empty_database, made, "web:3")
    assert third is not None
    assert third.place_in_line == 1


def test_a_session_over_or_cancelled_enrols_nobody(empty_database: Engine) -> None:
    assert enrol(empty_database, planned(empty_database, days=-0.1), "web:1") is None
    assert enrol(empty_database, planned(empty_database, cancelled=True), "web:1") is None


def test_reminders_are_sent_once_and_only_to_those_who_come(empty_database: Engine) -> None:
    made = planned(empty_database, days=0.9, seats=1)
    later = planned(empty_database, days=3)
    for n, where in enumerate((made, made, later)):
        enrol(empty_database, where, f"web:{n}")
    with empty_database.begin() as connection:
        waiting = info_sessions.to_remind(connection, NOW, timedelta(hours=24))
        assert [e.sender_id for e in waiting] == ["web:0"]
        assert info_sessions.note_reminder(connection, waiting[0].id, "sent")
        assert not info_sessions.note_reminder(connection, waiting[0].id, "sent")
        assert info_sessions.to_remind(connection, NOW, timedelta(hours=24)) == []


def test_old_enrolments_are_erased_and_the_session_stays(empty_database: Engine) -> None:
    old, recent = planned(empty_database, days=1), planned(empty_database, days=9)
    for made in (old, recent):
        enrol(empty_database, made, "web:1")
        with empty_database.begin() as connection:
            info_sessions.join(connection, made.id, "web:1", NOW)
    with empty_database.begin() as connection:
        assert info_sessions.purge(connection, NOW + timedelta(days=5)) == 1
        assert info_sessions.enrolments(connection, old.id) == []
        assert info_sessions.members(connection, old.id) == 0
        assert len(info_sessions.enrolments(connection, recent.id)) == 1
        assert info_sessions.read(connection, old.id) is not None


@pytest.mark.parametrize("times", [1, 2])
def test_joining_twice_is_joining_once(empty_database: Engine, times: int) -> None:
    made = planned(empty_database)
    with empty_database.begin() as connection:
        for _ in range(times):
            info_sessions.join(connection, made.id, "web:1", NOW)
        assert info_sessions.members(connection, made.id) == 1
        assert info_sessions.groups_of(connection, ["web:1", "web:2"]) == {"web:1": made.id}
