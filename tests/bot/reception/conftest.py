"""A candidate who talks with the reception, on a real database."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from actions.reception import Reception, Team, load_clerk
from bot.answers.mentions import Kind, Mention
from bot.answers.question import Understanding
from bot.messages import Message
from bot.reception.clerk import PERSON, SESSIONS
from bot.reception.sessions import InfoSession
from bot.storage import info_sessions, team_accounts
from bot.storage.database import open_database
from bot.team.accounts import Role

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
ADDRESS = "https://etaie.exemple.fr"


def session(days: float = 5, seats: int = 3, **changed: object) -> InfoSession:
    values: dict[str, object] = {
        "id": "", "code": "", "title": "Découvrir le métier", "starts_at": NOW + timedelta(days=days), "minutes": 90,
        "place": "Lyon, 12 rue des Ateliers", "video_url": "", "seats": seats, "public": True, "cancelled": False,
        "note": "", "owner_id": None,
    }  # fmt: skip
    return InfoSession(**{**values, **changed})  # type: ignore[arg-type]


@dataclass
class Letters:
    """What conversations were sent."""

    sent: list[tuple[str, str]] = field(default_factory=list)

    def send(self, _connection: Connection, sender: str, text: str, _author: str) -> bool:
        if not sender.startswith("web:"):
            return False
        self.sent.append((sender, text))
        return True


@dataclass
class Candidate:
    """Somebody in a conversation."""

    database: Engine
    letters: Letters
    sender: str = "web:a"
    now: datetime = NOW
    shown: tuple[Message, ...] = ()
    number: int = 0

    @property
    def _reception(self) -> Reception:
        team = Team(self.letters.send, lambda sender: sender.startswith("web:"))
        return Reception(self.database, team, ADDRESS, load_clerk())

    def says(self, text: str, topic: str = "nlu_fallback") -> str | None:
        """Send a message understood as a topic; None when the reception leaves it to others."""
        return self._turn(Understanding(text, topic))

    def asks(self, text: str) -> str | None:
        """Send a message about sessions."""
        return self.says(text, SESSIONS)

    def wants_somebody(self) -> str | None:
        return self.says("je veux parler à quelqu'un", PERSON)

    def presses(self, title: str) -> str | None:
        """Press a button of the last reply."""
        choice = next(c for m in self.shown for c in m.choices if c.title.startswith(title))
        mentions = tuple(Mention(Kind(kind), value, 0, 0) for kind, value in choice.values)
        return self._turn(Understanding(f"/{choice.topic}", choice.topic, (), mentions, chosen=True))

    def _turn(self, said: Understanding) -> str | None:
        self.number += 1
        turn = self._reception.before(self.sender, said, self.now, f"m{self.number}")
        if turn is None:
            turn = self._reception.asked(self.sender, said, self.now, f"m{self.number}")
        if turn is None:
            self.shown = ()
            return None
        self.shown = turn.messages
        return "\n".join(message.text for message in turn.messages)

    def again(self, text: str) -> str | None:
        """Bring the last message again, as a channel does when a reply was lost."""
        self.number -= 1
        return self.says(text)

    @property
    def buttons(self) -> list[str]:
        return [choice.title for message in self.shown for choice in message.choices]

    def enrols(self, first_name: str = "Nadia", contact: str = "nadia@exemple.fr") -> str:
        """Go through the whole enrolment in the first session."""
        self.asks("je veux m'inscrire à la réunion")
        if "Oui, avec mon prénom" not in self.buttons:
            self.presses(self.buttons[0])
        self.presses("Oui, avec")
        self.says(first_name)
        told = self.says(contact)
        assert told is not None
        return told


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/base.db")
    yield engine
    engine.dispose()


@pytest.fixture
def letters() -> Letters:
    return Letters()


@pytest.fixture
def candidate(database: Engine, letters: Letters) -> Candidate:
    return Candidate(database, letters)


@pytest.fixture
def planned(database: Engine) -> InfoSession:
    """A session in five days, with three seats."""
    with database.begin() as connection:
        return info_sessions.add(connection, session())


@pytest.fixture
def team(database: Engine) -> None:
    """Somebody who may answer."""
    with database.begin() as connection:
        team_accounts.add_account(connection, "claire@exemple.fr", "Claire Roux", Role.ANIMATEUR, "x", NOW, False)
