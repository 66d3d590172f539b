"""Put labelled messages to the trained model and to the dialogue logic, one by one."""

import asyncio
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import bot.engine  # noqa: F401  turns telemetry off, and must come before any import of Rasa
from actions.answer import understanding_of
from bot.answers.assistant import Assistant, Reply, load_assistant
from bot.answers.question import Memory
from bot.settings import settings
from evaluation.measures import Outcome
from evaluation.message_sets import Labelled

TODAY = date(2026, 11, 24)
"""Day on which the messages are answered: no figure depends on when it is measured."""


@dataclass(frozen=True)
class Reading:
    """A message as it was understood and answered, first in its conversation."""

    parse: Mapping[str, Any]
    reply: Reply
    milliseconds: float
    """Of the parse alone."""


class Understander:
    """The trained model and the dialogue logic, without a server."""

    def __init__(self, models: Path | None = None) -> None:
        """Load the latest model."""
        from bot.engine.without_tensorflow import leave_tensorflow_out

        leave_tensorflow_out()
        from bot.engine.agent import load_engine

        chosen = settings().model_copy(update={"database_url": "sqlite://"} | ({"models": models} if models else {}))
        self._engine = load_engine(chosen)
        self.assistant: Assistant = load_assistant()
        self._loop = asyncio.new_event_loop()
        self.read("bonjour")

    @property
    def themes(self) -> dict[str, str]:
        """Theme of each topic."""
        return {name: topic.theme for name, topic in self.assistant.catalogue.topics.items()}

    def read(self, text: str) -> Reading:
        """Understand and answer one message."""
        started = time.perf_counter()
        parse = self._loop.run_until_complete(self._engine.parse(text))
        milliseconds = 1000 * (time.perf_counter() - started)
        return Reading(parse, self.assistant.answer(understanding_of(parse), Memory(), TODAY), milliseconds)

    def outcomes(self, groups: Mapping[str, Iterable[Labelled]]) -> list[Outcome]:
        """Read labelled messages, by group."""
        return [self._outcome(message, group) for group, messages in groups.items() for message in messages]

    def _outcome(self, message: Labelled, group: str) -> Outcome:
        reading = self.read(message.text)
        likeliest = next(r for r in reading.parse["intent_ranking"] if r["name"] != "nlu_fallback")
        return Outcome(
            message.text,
            group,
            message.intents,
            reading.reply.topics,
            likeliest["confidence"],
            likeliest["name"],
            reading.milliseconds,
        )
