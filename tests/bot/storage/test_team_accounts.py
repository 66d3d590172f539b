"""Accounts, browsers where they are open, the journal."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from bot.storage import team_accounts as kept
from bot.storage.team_accounts import StaffSession
from bot.team.accounts import Account, Role

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
IDLE, LONGEST = timedelta(hours=2), timedelta(hours=12)


def account(database: Engine, email: str = "Claire@Exemple.fr", role: Role = Role.ANIMATEUR) -> Account:
    with database.begin() as connection:
        return kept.add_account(connection, email, "Claire Roux", role, "haché", NOW, False)


def test_two_spellings_of_an_address_are_one_account(empty_database: Engine) -> None:
    made = account(empty_database)
    with empty_database.connect() as connection:
        known = kept.credentials(connection, " CLAIRE@exemple.FR ")
    assert known is not None
    assert known.account == made
    with pytest.raises(IntegrityError):
        account(empty_database, "claire@exemple.fr")


def test_a_cookie_is_not_kept(empty_database: Engine) -> None:
    made = account(empty_database)
    with empty_database.begin() as connection:
        token = kept.open_session(connection, made.id, NOW)
        stored = connection.execute(select(StaffSession.id)).scalar_one()
    assert token not in stored
    with empty_database.begin() as connection:
        found = kept.read_session(connection, token, NOW, IDLE, LONGEST)
        assert found is not None
        assert found.account == made
        assert kept.read_session(connection, token + "x", NOW, IDLE, LONGEST) is None


def test_a_session_ends_when_nothing_is_done_and_at_the_end_of_the_day(empty_database: Engine) -> None:
    made = account(empty_database)
    with empty_database.begin() as connection:
        token = kept.open_session(connection, made.id, NOW)
        for hour in range(1, 12):
            assert kept.read_session(connection, token, NOW + timedelta(hours=hour), IDLE, LONGEST)
        assert kept.read_session(connection, token, NOW + timedelta(hours=12, minutes=1), IDLE, LONGEST) is None
        other = kept.open_session(connection, made.id, NOW)
        assert kept.read_session(connection, other, NOW + timedelta(hours=2, minutes=1), IDLE, LONGEST) is None


@pytest.mark.parametrize("ends", ["password", "closed", "logout"])
def test_what_ends_a_session_at_once(empty_database: Engine, ends: str) -> None:
    made = account(empty_database)
    with empty_database.begin() as connection:
        token = kept.open_session(connection, made.id, NOW)
        found = kept.read_session(connection, token, NOW, IDLE, LONGEST)
        assert found is not None
        if ends == "password":
            kept.set_password(connection, made.id, "autre", False)
        elif ends == "closed":
            kept.set_active(connection, made.id, False)
        else:
            kept.close_session(connection, found.id)
        assert kept.read_session(connection, token, NOW, IDLE, LONGEST) is None


def test_failures_close_the_account_for_a_time(empty_database: Engine) -> None:
    made, until = account(empty_database), NOW + timedelta(minutes=15)
    with empty_database.begin() as connection:
        closed = [kept.count_failure(connection, made.id, 5, until) for _ in range(5)]
        known = kept.credentials(connection, made.email)
    assert closed == [False] * 4 + [True]
    assert known is not None
    assert known.locked_until == until


def test_a_one_time_code_is_accepted_once_even_at_the_same_time(empty_database: Engine) -> None:
    made = account(empty_database)
    with empty_database.begin() as connection:
        assert kept.note_success(connection, made.id, 100)
        assert not kept.note_success(connection, made.id, 100)
        assert not kept.note_success(connection, made.id, 99)


def test_the_journal_outlives_an_account_and_not_its_retention(empty_database: Engine) -> None:
    made = account(empty_database)
    with empty_database.begin() as connection:
        kept.note(connection, made, "Inscrits vus", "Réunion", NOW)
        kept.note(connection, made, "Fichier sorti", "Réunion", NOW + timedelta(days=2))
        kept.purge(connection, NOW, NOW + timedelta(days=1))
        assert [line.action for _, line in kept.journal(connection)] == ["Fichier sorti"]


def test_administrators_are_counted_when_open(empty_database: Engine) -> None:
    first = account(empty_database, "a@exemple.fr", Role.ADMINISTRATEUR)
    account(empty_database, "b@exemple.fr", Role.ADMINISTRATEUR)
    with empty_database.begin() as connection:
        assert kept.administrators(connection) == 2
        kept.set_active(connection, first.id, False)
        assert kept.administrators(connection) == 1
        assert kept.anybody(connection)
