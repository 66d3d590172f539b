"""A console full of invented data, to be shown; and what takes it all away again."""

import random
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pydantic import Field
from sqlalchemy import Connection, delete, select

from bot.positioning.attempt import Answer, Attempt, PathKind
from bot.positioning.booklet import Booklet
from bot.positioning.codes import new_code
from bot.positioning.guide import Guide
from bot.positioning.results import content_of
from bot.positioning.stage import Answered, At, Begun, Effect, Shared, Stage, Turn
from bot.reception.sessions import InfoSession
from bot.storage import callbacks, complements, info_sessions, positionings, quality, review, team_accounts
from bot.storage.callbacks import CallbackRequest
from bot.storage.complements import NewComplement
from bot.storage.positionings import PositioningStage
from bot.storage.quality import Measured
from bot.storage.review import MessageToReview
from bot.storage.team_accounts import StaffAccount
from bot.team import secrets
from bot.team.accounts import Account, Role
from referential.library import TEAM_FOLDER
from referential.model import Frozen
from referential.yaml_files import load_model

DOMAIN = "@demonstration.invalid"
CHANNEL = "démonstration"
_SENDER = "demo:"
_PEOPLE = {"Ada Exemple": Role.ADMINISTRATEUR, "Basile Exemple": Role.RESPONSABLE, "Zoé Exemple": Role.ANIMATEUR}
_DAYS = 30
_SHARED = 3


class DemoSession(Frozen):
    """An invented session."""

    title: str
    place: str
    days: int
    """From today."""
    seats: int = Field(ge=1)
    people: int


class DemoMessage(Frozen):
    """An invented message that was not understood."""

    text: str
    times: int = Field(ge=1)
    near: str


class DemoAnswer(Frozen):
    """An invented answer of the team."""

    question: str
    text: str
    source: str


class DemoRequest(Frozen):
    """An invented request."""

    first_name: str = ""
    contact: str = ""
    texts: tuple[str, ...]


class DemoFile(Frozen):
    """Shape of ``demonstration.yml``."""

    mark: str
    first_names: tuple[str, ...]
    sessions: tuple[DemoSession, ...]
    unanswered: tuple[DemoMessage, ...]
    answer: DemoAnswer
    requests: tuple[DemoRequest, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True)
class Made:
    """What was made, for whoever shows it."""

    passwords: dict[str, str]
    """By address of the account."""


def load_demonstration() -> DemoFile:
    """Return the invented data.

    Raises:
        DataError: the file is wrong; the message gives file and line.
    """
    return load_model(TEAM_FOLDER / "demonstration.yml", DemoFile)


def fill(connection: Connection, guide: Guide, key: bytes, now: datetime) -> Made:
    """Make the data, after taking away what an earlier demonstration left."""
    remove(connection)
    data, draw = load_demonstration(), random.Random(41402)  # noqa: S311  nothing secret is drawn
    passwords: dict[str, str] = {}
    accounts: list[Account] = []
    for name, role in _PEOPLE.items():
        email = f"{name.split(' ')[0].lower().replace('é', 'e')}{DOMAIN}"
        passwords[email] = secrets.new_password()
        hashed = secrets.hashed(passwords[email])
        accounts.append(team_accounts.add_account(connection, email, name, role, hashed, now, must_change=False))
    maker = _Maker(connection, data, guide, now, draw)
    for rank, session in enumerate(data.sessions):
        maker.make_session(session, accounts[-1 - rank % 2])
    for message in data.unanswered:
        for _ in range(message.times):
            review.add(connection, message.text, [(message.near, 0.31)], "démonstration", now.date())
    answer = data.answer
    content = NewComplement("", answer.question, answer.text, answer.source, now.date())
    complements.write(connection, content, accounts[1].name, now, examples=[answer.question], demo=True)
    for rank, request in enumerate(data.requests):
        sender = f"{_SENDER}demande-{rank}"
        asked_at = now - timedelta(hours=rank + 1)
        identifier = callbacks.ask(connection, sender, request.first_name, request.contact, asked_at)
        for text in request.texts:
            callbacks.add(connection, identifier, "", text, asked_at)
    _measures(connection, data, key, now.date(), draw)
    return Made(passwords)


@dataclass(frozen=True)
class _Maker:
    """Makes sessions full of people."""

    connection: Connection
    data: DemoFile
    guide: Guide
    now: datetime
    draw: random.Random

    def make_session(self, wanted: DemoSession, owner: Account) -> None:
        """Make a session, those enrolled, and who is there if it takes place or took place."""
        starts_at = (self.now + timedelta(days=wanted.days)).replace(minute=0, second=0, microsecond=0)
        if wanted.days:
            starts_at = starts_at.replace(hour=13)
        made = InfoSession(
            id="",
            code="",
            title=f"{self.data.mark} {wanted.title}",
            starts_at=starts_at,
            minutes=90,
            place=wanted.place,
            video_url="" if wanted.place else "https://visio.invalid/salle-inventee",
            seats=wanted.seats,
            public=True,
            cancelled=False,
            note="",
            owner_id=owner.id,
            demo=True,
        )
        session = info_sessions.add(self.connection, made)
        before = min(self.now, starts_at - timedelta(days=1))
        for rank in range(wanted.people):
            sender = f"{_SENDER}{session.code}-{rank}"
            name = self.data.first_names[rank % len(self.data.first_names)] if rank % 4 else ""
            contact = f"{name.lower()}@exemple.invalid" if name and rank % 2 else ""
            info_sessions.enrol(self.connection, session.id, sender, name, contact, before)
            if wanted.days <= 0:
                info_sessions.join(self.connection, session.id, sender, self.now)
                self._positioning(sender, shares=rank < _SHARED)

    def _positioning(self, sender: str, shares: bool) -> None:
        questionnaire = self.guide.questionnaire
        items = [item.id for item in questionnaire.theme_items]
        answered = items[: self.draw.randint(len(items) // 2, len(items))]
        attempt = Attempt(
            uuid.uuid4().hex, new_code(), PathKind.QUICK, tuple(items), questionnaire.version, self.now, {}, None
        )
        effects: list[Effect] = [Begun(attempt)]
        answers = {item: Answer(str(min(3, max(0, round(self.draw.gauss(1.6, 0.9))))), "") for item in answered}
        effects += [Answered(attempt.id, item, answer) for item, answer in answers.items()]
        if shares:
            effects.append(Shared(attempt.id, _booklet(self.guide, attempt, answers, self.now.date())))
        turn = Turn((), Stage(At.PAUSED, attempt_id=attempt.id), tuple(effects))
        positionings.store(self.connection, sender, turn, content_of(questionnaire), self.now)


def _booklet(guide: Guide, attempt: Attempt, answers: dict[str, Answer], day: date) -> Booklet:
    whole = Attempt(
        attempt.id, attempt.code, attempt.path, attempt.scope, attempt.version, attempt.started_at, answers, None
    )
    return guide.results.booklet(whole, day)


def _measures(connection: Connection, data: DemoFile, key: bytes, today: date, draw: random.Random) -> None:
    measured = []
    for back in range(_DAYS):
        day = today - timedelta(days=back)
        for person in range(draw.randint(2, 9)):
            for _ in range(draw.randint(1, 6)):
                topic = data.topics[min(len(data.topics) - 1, int(draw.expovariate(0.35)))]
                understood = draw.random() > 0.05
                took = round(draw.lognormvariate(2.6, 0.5))
                name = topic if understood else "nlu_fallback"
                sender = f"{_SENDER}{back % 9}-{person}"
                measured.append(Measured(sender, day, CHANNEL, name, understood, took))
                if draw.random() < 0.25:
                    quality.add_feedback(connection, topic, draw.random() < 0.85, day, CHANNEL)
    quality.add(connection, measured, key, {})


def remove(connection: Connection) -> None:
    """Take away all that a demonstration made, and nothing else."""
    senders = PositioningStage.sender_id.like(f"{_SENDER}%")
    for stage in connection.execute(select(PositioningStage.stage).where(senders)).scalars().all():
        positionings.erase(connection, stage["attempt_id"])
    connection.execute(delete(PositioningStage).where(senders))
    info_sessions.erase_demo(connection)
    complements.erase_demo(connection)
    connection.execute(delete(CallbackRequest).where(CallbackRequest.sender_id.like(f"{_SENDER}%")))
    connection.execute(delete(MessageToReview).where(MessageToReview.reason == "démonstration"))
    connection.execute(delete(StaffAccount).where(StaffAccount.email.like(f"%{DOMAIN}")))
    quality.erase_channel(connection, CHANNEL)
