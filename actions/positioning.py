"""The self-positioning in a conversation: reads where it stands, calls the guide, stores before anything is said."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from bot.answers.question import Understanding
from bot.messages import Message
from bot.positioning.attempt import Attempt
from bot.positioning.codes import new_code
from bot.positioning.guide import Guide
from bot.positioning.results import content_of
from bot.positioning.stage import Desk, Stage
from bot.storage import positionings

Link = Callable[[Attempt], tuple[str, date]]


@dataclass(frozen=True)
class Spoken:
    """What the questionnaire says to a message."""

    messages: tuple[Message, ...]
    for_assistant: bool = False
    """Whether the assistant answers first: the messages then take the questionnaire up where it was."""


class Positioning:
    """The questionnaire, with the database that it is kept in."""

    def __init__(self, guide: Guide, database: Engine, link: Link) -> None:
        """Keep what a turn needs."""
        self._guide = guide
        self._database = database
        self._link = link
        self._content = content_of(guide.questionnaire)

    def turn(self, sender: str, said: Understanding, now: datetime, message_id: str = "") -> Spoken:
        """Answer a message and store what it leads to, or say what follows the answer of the assistant.

        Args:
            sender: identifier of the conversation.
            said: what was understood.
            now: moment of the message.
            message_id: tells the message from every other; one that comes again is not an answer to the next question.
        """
        try:
            return self._turn(sender, said, now, message_id)
        except IntegrityError:
            # Erased by another device between the reading and the writing: the second reading tells so.
            return self._turn(sender, said, now, message_id)

    def _turn(self, sender: str, said: Understanding, now: datetime, message_id: str) -> Spoken:
        with self._database.begin() as connection:
            stage, attempt = self._standing(connection, sender)
            desk = self._desk(connection, now)
            if stage is not None and message_id and stage.led_by == message_id and (attempt or not stage.attempt_id):
                return Spoken(self._guide.told_again(stage, attempt, desk))
            turn = self._guide.turn(said, stage, attempt, desk)
            if turn is None:
                return Spoken(self._guide.back_to(stage, attempt), for_assistant=True)
            if turn.stage is not None and (turn.effects or turn.stage != stage):
                turn = replace(turn, stage=replace(turn.stage, led_by=message_id))
            positionings.store(connection, sender, turn, self._content, now)
        return Spoken(turn.messages)

    def _standing(self, connection: Connection, sender: str) -> tuple[Stage | None, Attempt | None]:
        stage = positionings.read_stage(connection, sender)
        if stage is None or not stage.attempt_id:
            return stage, None
        return stage, positionings.read_attempt(connection, stage.attempt_id, lock=True)

    def _desk(self, connection: Connection, now: datetime) -> Desk:
        def new_attempt() -> tuple[str, str]:
            code = new_code()
            while positionings.code_is_taken(connection, code):
                code = new_code()
            return uuid.uuid4().hex, code

        return Desk(
            now=now,
            new_attempt=new_attempt,
            find=lambda code: positionings.find_attempt(connection, code),
            earlier=lambda attempt_id: positionings.read_attempt(connection, attempt_id),
            content=lambda version: positionings.read_content(connection, version),
            shared_on=lambda attempt_id: positionings.shared_on(connection, attempt_id),
            link=self._link,
        )
