"""A candidate who talks with the guide, on a database of their own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from actions.positioning import Positioning
from bot.answers.mentions import Kind, Mention
from bot.answers.question import Understanding
from bot.messages import Choice, Message
from bot.positioning.attempt import Attempt
from bot.positioning.guide import Guide, load_guide
from bot.positioning.reading import TOPIC
from bot.positioning.stage import Stage
from bot.storage import positionings
from bot.storage.database import open_database

NOW = datetime(2026, 11, 26, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))
LINK = ("http://exemple.test/positionnement/jeton", date(2026, 12, 3))


@pytest.fixture(scope="session")
def guide() -> Guide:
    return load_guide(retention_days=365)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/base.db")
    yield engine
    engine.dispose()


def pressed(choice: Choice) -> Understanding:
    """Return what the NLU makes of a button."""
    mentions = tuple(Mention(Kind(kind), value, 0, 0) for kind, value in choice.values)
    return Understanding(f"/{choice.topic}", choice.topic, mentions=mentions, chosen=True)


def act(value: str) -> Understanding:
    return Understanding(f"/{TOPIC}", TOPIC, mentions=(Mention(Kind.ACT, value, 0, 0),), chosen=True)


def written(text: str, *acts: tuple[str, float], topic: str = "nlu_fallback", confidence: float = 0.3) -> Understanding:
    """Return what the NLU makes of a sentence: the acts that it may be."""
    return Understanding(text, topic, ranking=[(topic, confidence)], acts=acts)


@dataclass
class Candidate:
    """Somebody who talks with the guide from one device."""

    guide: Guide
    database: Engine
    sender: str = "candidat"
    now: datetime = NOW
    shown: tuple[Message, ...] = field(default=())

    def says(self, said: Understanding | str) -> str | None:
        """Send a message, return the texts of the reply; None when it is for the assistant."""
        understanding = written(said) if isinstance(said, str) else said
        positioning = Positioning(self.guide, self.database, lambda _: LINK)
        spoken = positioning.turn(self.sender, understanding, self.now)
        self.shown = spoken.messages
        return None if spoken.for_assistant else "\n".join(message.text for message in spoken.messages)

    def presses(self, title: str) -> str:
        """Press a button of the last reply."""
        choice = next((choice for choice in self.choices if choice.title == title), None)
        assert choice is not None, f"pas de bouton « {title} » parmi {[c.title for c in self.choices]}"
        said = self.says(pressed(choice))
        assert said is not None
        return said

    @property
    def choices(self) -> Sequence[Choice]:
        return [choice for message in self.shown for choice in message.choices]

    @property
    def titles(self) -> list[str]:
        return [choice.title for choice in self.choices]

    @property
    def stage(self) -> Stage | None:
        with self.database.connect() as connection:
            return positionings.read_stage(connection, self.sender)

    @property
    def attempt(self) -> Attempt:
        stage = self.stage
        assert stage is not None
        with self.database.connect() as connection:
            attempt = positionings.read_attempt(connection, stage.attempt_id)
        assert attempt is not None
        return attempt

    def begins(self, path: str = "Parcours court", stories: bool = False) -> str:
        """Go as far as the first question."""
        self.says(written("je veux me positionner", topic=TOPIC))
        self.presses("D'accord, je commence")
        said = self.presses(path)
        if not stories:
            self.says(act("no_stories"))
        return said

    def answers_all(self, *levels: str) -> str:
        """Answer every question that is left, the levels in turn; return the last reply."""
        said = ""
        for i in range(100):
            stage = self.stage
            assert stage is not None
            if stage.at != "asking":
                return said
            said = self.says(act(f"answer:{stage.item}:{levels[i % len(levels)]}")) or ""
        raise AssertionError("le questionnaire ne finit pas")


@pytest.fixture
def candidate(guide: Guide, database: Engine) -> Candidate:
    return Candidate(guide, database)
