"""Load Rasa's agent with this project's stores and actions."""

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Thread
from time import perf_counter
from typing import Any

from rasa.core import processor
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore, LockStore, RedisLockStore
from rasa.model import get_latest_model
from redis import connection

from actions.answer import ActionAnswer, Review
from actions.reception import Team
from bot.engine.in_process_actions import InProcessActions
from bot.engine.quiet_logs import quiet_logs
from bot.engine.sequential_runner import SequentialGraphRunner
from bot.engine.tracker_store import SnapshotTrackerStore
from bot.settings import Settings

Observe = Callable[[str, str, Sequence[str], int], None]
"""Is told a conversation, its channel, the topics of an answer, and how many milliseconds it took."""


class NoModelError(RuntimeError):
    """There is no trained model to load."""


def lock_store(redis_url: str) -> LockStore:
    """Return the store of conversation locks: in memory, or in Redis when its address is set."""
    if not redis_url:
        return InMemoryLockStore()
    where = connection.parse_url(redis_url)
    return RedisLockStore(
        host=where.get("host", "localhost"),
        port=where.get("port", 6379),
        db=where.get("db", 1),
        username=where.get("username"),
        password=where.get("password"),
    )


class WholeMessages(CollectingOutputChannel):
    """Keeps messages whole: Rasa's own channel drops what it does not know (the progress of a questionnaire)."""

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep a message."""
        self.messages.append({"recipient_id": recipient_id, **message})


class DialogueEngine:
    """The dialogue: one message in, messages out."""

    def __init__(self, agent: Agent, store: SnapshotTrackerStore, observe: Observe | None = None) -> None:
        """Keep the agent, the store that it writes to, and what counts the answers."""
        self._agent = agent
        self._observe = observe
        self.store = store

    async def reply(self, sender: str, text: str, channel: str, message_id: str | None = None) -> list[dict[str, Any]]:
        """Return Rasa's answer to a message, once the conversation is committed.

        Args:
            sender: identifier of the conversation.
            text: what was written, or a Rasa payload.
            channel: name of the channel it came by.
            message_id: tells the message from every other of its conversation, for a channel that may bring it twice.
        """
        started = perf_counter()
        output = WholeMessages()
        await self._agent.handle_message(
            UserMessage(text, output, sender, input_channel=channel, message_id=message_id)
        )
        if self._observe and output.messages and (topics := output.messages[-1].get("topics")):
            self._observe(sender, channel, topics, round(1000 * (perf_counter() - started)))
        return output.messages

    async def parse(self, text: str) -> dict[str, Any]:
        """Return what the NLU makes of a message, outside any conversation."""
        parsed: dict[str, Any] = await self._agent.parse_message(text)
        return parsed


def load_engine(
    settings: Settings, review: Review | None = None, team: Team | None = None, observe: Observe | None = None
) -> DialogueEngine:
    """Load the latest model.

    Args:
        settings: where models and conversations are.
        review: what keeps the messages that were not understood, if anything does.
        team: what joins the conversations and the team, if anything does.
        observe: what counts the answers, if anything does.

    Raises:
        NoModelError: there is none; the message says how to train one.
    """
    quiet_logs()
    model = get_latest_model(str(settings.models))
    if model is None:
        raise NoModelError(f"Aucun modèle dans {settings.models} : lancez « make train ».")
    store = SnapshotTrackerStore(domain=None, url=settings.database_url)
    # The processor names Dask's runner; the loader takes any.
    processor.DaskGraphRunner = SequentialGraphRunner
    answer = ActionAnswer(review, team)
    actions = InProcessActions([answer])
    agent = Agent(tracker_store=store, lock_store=lock_store(settings.redis_url), action_endpoint=actions)
    agent.load_model(Path(model))
    if team is not None:
        # Beside the first messages: they do without, and nobody waits.
        Thread(target=answer.warm, daemon=True).start()
    return DialogueEngine(agent, store, observe)
