"""Reminders go by the channel of the enrolment, once; the rest is left to the team."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine

from actions.reception import load_clerk, send_reminders
from bot.storage import info_sessions
from tests.bot.reception.conftest import session


def test_each_is_reminded_once(empty_database: Engine) -> None:
    now, sent = datetime.now(UTC), []
    with empty_database.begin() as connection:
        made = info_sessions.add(connection, session(starts_at=now + timedelta(hours=20)))
        for sender in ("web:a", "rest-b"):
            info_sessions.enrol(connection, made.id, sender, sender[-1].upper(), "", now)

    def send(_connection: Connection, sender: str, text: str, _author: str) -> bool:
        sent.append((sender, text))
        return sender.startswith("web:")

    assert send_reminders(empty_database, send, load_clerk()) == 2
    assert send_reminders(empty_database, send, load_clerk()) == 0
    assert [sender for sender, _ in sent] == ["web:a", "rest-b"]
    assert "Rappel : votre réunion d'information" in sent[0][1]
    with empty_database.connect() as connection:
        assert [e.first_name for e in info_sessions.by_hand(connection, made.id)] == ["B"]
