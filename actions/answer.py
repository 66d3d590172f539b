"""The action that answers: reads the tracker, calls the domain logic, utters."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.answers.assistant import load_assistant
from bot.answers.mentions import Kind, Mention
from bot.answers.question import Memory, Understanding
from bot.messages import Choice

_SUGGESTIONS = 3
"""Topics kept beside a message that was not understood."""
PARIS = ZoneInfo("Europe/Paris")


_KINDS = frozenset(str(kind) for kind in Kind)


def understanding_of(message: Mapping[str, Any]) -> Understanding:
    """Translate Rasa's parse of a message, parts included."""
    text = message.get("text") or ""
    intent = message.get("intent") or {}
    mentions = tuple(
        Mention(Kind(e["entity"]), str(e["value"]), int(e.get("start") or 0), int(e.get("end") or 0))
        for e in message.get("entities") or ()
        if e.get("entity") in _KINDS
    )
    return Understanding(
        text,
        intent.get("name") or "nlu_fallback",
        [(r["name"], r["confidence"]) for r in message.get("intent_ranking") or () if r["name"] != "nlu_fallback"],
        mentions,
        chosen=text.startswith("/"),
        competencies=[(c["id"], c["confidence"]) for c in message.get("competency_ranking") or ()],
        parts=tuple(understanding_of(part) for part in message.get("question_parts") or ()),
    )


def payload_of(choice: Choice) -> str:
    """Return Rasa's payload of a button: ``/intent{"entity": "value"}``."""
    values = json.dumps({str(kind): value for kind, value in choice.values}) if choice.values else ""
    return f"/{choice.topic}{values}"


@dataclass(frozen=True)
class Review:
    """What is done of the messages that were not understood."""

    keep: Callable[[str, Sequence[tuple[str, float]], str], None]
    """Is told the text, the likeliest topics and the reason; scrubs before it stores, and returns at once."""
    days: int
    """How long they are kept: said to whoever asks."""


class ActionAnswer(Action):
    """Answers whatever was asked."""

    def __init__(self, review: Review | None = None) -> None:
        """Read the data now, when the server starts, and not in somebody's first conversation.

        Args:
            review: what keeps the messages that were not understood; without it, as in a separate action server,
                nothing is kept, and the assistant says so.
        """
        self._review = review
        self._assistant = replace(load_assistant(), review_days=review.days if review else None)

    def name(self) -> str:
        """Return the name used in the domain and the rules."""
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Answer the last message and remember what it was about."""
        memory = Memory.from_dict(tracker.get_slot("memory"))
        today = datetime.now(PARIS).date()
        understanding = understanding_of(tracker.latest_message)
        reply = self._assistant.answer(understanding, memory, today)
        if self._review and self._assistant.is_to_review(understanding, reply):
            self._review.keep(understanding.text, understanding.ranking[:_SUGGESTIONS], "repli")
        for message in reply.messages:
            buttons = [{"title": choice.title, "payload": payload_of(choice)} for choice in message.choices]
            dispatcher.utter_message(text=message.text, buttons=buttons or None)
        if reply.memory == memory:
            return []
        return [SlotSet("memory", reply.memory.as_dict())]
