"""The reception in a conversation: reads where it stands, calls the clerk, does what it asks of the database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine

from bot.answers.question import Understanding
from bot.messages import Message
from bot.reception.clerk import Clerk
from bot.reception.sessions import Enrolment, InfoSession
from bot.reception.stage import At, Stage, Turn
from bot.reception.texts import load_reception_texts
from bot.storage import callbacks, info_sessions, reception, team_accounts
from bot.storage.info_sessions import Send
from bot.team.limits import TeamLimits, team_limits

CALENDAR = "/agenda"
"""Where the calendar file of an enrolment is, followed by its code."""


def _nobody(_connection: Connection, _sender: str, _text: str, _author: str) -> bool:
    return False


@dataclass(frozen=True)
class Team:
    """What joins the conversations and the team."""

    send: Send = _nobody
    reachable: Callable[[str], bool] = lambda _sender: False
    """Whether the channel of a conversation can bring an answer later."""
    encode: Callable[[Sequence[str]], Any] | None = None
    """Turns texts into vectors, to find what the team answered to a question like this one."""


@dataclass
class _Desk:
    """The database, as the clerk sees it."""

    connection: Connection
    sender: str
    now: datetime
    message_id: str
    team: Team
    limits: TeamLimits
    clerk: Clerk
    address: str

    def upcoming(self) -> list[InfoSession]:
        return info_sessions.announced(self.connection, self.now, self.clerk.texts.data.limits.listed)

    def session(self, code: str) -> InfoSession | None:
        found = info_sessions.of_code(self.connection, code)
        if found is None or found.cancelled:
            return None
        return found if found.starts_at > self.now or self.is_open(found) else None

    def enrol(self, code: str, first_name: str, contact: str) -> Enrolment | None:
        found = info_sessions.of_code(self.connection, code)
        if found is None:
            return None
        return info_sessions.enrol(self.connection, found.id, self.sender, first_name, contact, self.now)

    def enrolments(self) -> list[Enrolment]:
        return info_sessions.enrolments_of(self.connection, self.sender, self.now)

    def enrolment(self, code: str) -> Enrolment | None:
        found = info_sessions.enrolment_of_code(self.connection, code)
        return found if found and found.session.ends_at > self.now and found.state != "cancelled" else None

    def cancel(self, enrolment: Enrolment) -> None:
        for promoted in info_sessions.cancel(self.connection, enrolment.id):
            text = self.clerk.texts.told("seat", session=promoted.session)
            info_sessions.tell(self.connection, promoted, self.team.send, text)

    def is_open(self, session: InfoSession) -> bool:
        around = timedelta(minutes=self.limits.open_minutes)
        return session.starts_at - around <= self.now <= session.ends_at + around

    def join(self, code: str) -> InfoSession | None:
        found = self.session(code)
        if found is None or not self.is_open(found):
            return None
        info_sessions.join(self.connection, found.id, self.sender, self.now)
        return found

    def calendar(self, enrolment: Enrolment) -> str:
        return f"{self.address}{CALENDAR}/{enrolment.code}.ics"

    def has_team(self) -> bool:
        return team_accounts.anybody(self.connection)

    def reachable(self) -> bool:
        return self.team.reachable(self.sender)

    def has_request(self) -> bool:
        return callbacks.open_of(self.connection, self.sender) is not None

    def ask(self, first_name: str, contact: str, text: str) -> None:
        known = callbacks.open_of(self.connection, self.sender)
        request = known.id if known else callbacks.ask(self.connection, self.sender, first_name, contact, self.now)
        callbacks.add(self.connection, request, "", text, self.now, self.message_id)

    def hand_over(self, text: str) -> bool:
        known = callbacks.open_of(self.connection, self.sender)
        if known is None or known.state is not callbacks.State.TAKEN:
            return False
        callbacks.add(self.connection, known.id, "", text, self.now, self.message_id)
        return True

    def drop_request(self) -> None:
        if known := callbacks.open_of(self.connection, self.sender):
            callbacks.close(self.connection, known.id, self.now)


class Reception:
    """The clerk, with the database."""

    def __init__(self, database: Engine, team: Team, address: str, clerk: Clerk) -> None:
        """Keep what a turn needs.

        Args:
            database: where sessions and enrolments are.
            team: what joins the conversations and the team.
            address: of the server as people reach it.
            clerk: says what is said.
        """
        self._database = database
        self._team = team
        self._address = address
        self._limits = team_limits()
        self._clerk = clerk

    def before(self, sender: str, said: Understanding, now: datetime, message_id: str) -> Turn | None:
        """Answer what comes before anything else: a button of the reception, what it asked for, a code."""
        with self._database.connect() as connection:
            stage = reception.read(connection, sender)
        return self._turn(sender, said, now, message_id, stage) if self._concerns(said, stage) else None

    def _concerns(self, said: Understanding, stage: Stage) -> bool:
        return stage.at is not At.ASIDE or self._clerk.is_for_it(said)

    def asked(self, sender: str, said: Understanding, now: datetime, message_id: str) -> Turn | None:
        """Answer what is asked of sessions and of the team, after the questionnaire had its say."""
        if not self._clerk.is_about_it(said):
            return None
        return self._turn(sender, said, now, message_id, Stage())

    @staticmethod
    def is_asking(turn: Turn) -> bool:
        """Whether the next message is an answer to the reception."""
        return turn.stage.at is not At.ASIDE

    def beside(self, sender: str, topics: tuple[str, ...], now: datetime) -> tuple[Message, ...]:
        """Return what is announced beside an answer."""
        if not self._clerk.announces(topics):
            return ()
        with self._database.connect() as connection:
            return self._clerk.beside(self._desk(connection, sender, now, ""))

    def _turn(self, sender: str, said: Understanding, now: datetime, message_id: str, stage: Stage) -> Turn | None:
        with self._database.begin() as connection:
            turn = self._clerk.turn(said, stage, self._desk(connection, sender, now, message_id), message_id)
            after = turn.stage if turn else Stage()
            if after != stage:
                reception.write(connection, sender, after, now)
        return turn

    def _desk(self, connection: Connection, sender: str, now: datetime, message_id: str) -> _Desk:
        return _Desk(connection, sender, now, message_id, self._team, self._limits, self._clerk, self._address)


def load_clerk() -> Clerk:
    """Return the clerk of the data files.

    Raises:
        DataError: a file is wrong; the message gives file and line.
    """
    return Clerk(load_reception_texts())


def send_reminders(database: Engine, send: Send, clerk: Clerk) -> int:
    """Remind those whose session begins soon, each once; return how many."""
    now, done = datetime.now(UTC), 0
    with database.connect() as connection:
        waiting = info_sessions.to_remind(connection, now, timedelta(hours=team_limits().reminder_hours))
    for enrolment in waiting:
        with database.begin() as connection:
            if info_sessions.note_reminder(connection, enrolment.id, "sent"):
                text = clerk.texts.told("reminder", session=enrolment.session)
                info_sessions.tell(connection, enrolment, send, text)
                done += 1
    return done
