"""The action that answers: reads the tracker, calls the domain logic, utters."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.positioning import Positioning
from actions.reception import Reception, Team, load_clerk
from actions.team_answers import TeamAnswers
from bot.answers.assistant import Assistant, Reply, load_assistant
from bot.answers.mentions import Kind, Mention
from bot.answers.question import Memory, Understanding
from bot.messages import Choice, Message
from bot.positioning.attempt import Attempt
from bot.positioning.guide import load_guide
from bot.positioning.reading import TOPIC as POSITIONING
from bot.private_links import PrivateLinks
from bot.reception.clerk import SESSIONS
from bot.settings import settings, signing_key
from bot.storage.database import shared_database
from bot.team.limits import team_limits
from bot.text.dates import PARIS

_SUGGESTIONS = 3
"""Topics kept beside a message that was not understood."""


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
        acts=[(a["name"], a["confidence"]) for a in message.get("act_ranking") or ()],
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


@lru_cache(maxsize=1)
def shared_assistant() -> Assistant:
    """Return what answers from the fiche, read once a process."""
    return load_assistant()


class ActionAnswer(Action):
    """Answers whatever was asked."""

    def __init__(self, review: Review | None = None, team: Team | None = None) -> None:
        """Read the data now, when the server starts, and not in somebody's first conversation.

        Args:
            review: what keeps the messages that were not understood; without it, as in a separate action server,
                nothing is kept, and the assistant says so.
            team: what joins the conversations and the team; without it, the team tells people itself.
        """
        self._review = review
        self._team = team or Team()
        self._assistant = replace(shared_assistant(), review_days=review.days if review else None)
        chosen = settings()
        self._guide = load_guide(chosen.positioning_retention_days)
        self._links = PrivateLinks(signing_key(chosen), chosen.public_address, self._guide.limits.link_days)
        self._clerk = load_clerk()

    def name(self) -> str:
        """Return the name used in the domain and the rules."""
        return "action_answer"

    @cached_property
    def _positioning(self) -> Positioning:
        """The questionnaire; its database is opened by the first message, when the engine has opened it already."""

        def link(attempt: Attempt) -> tuple[str, date]:
            return self._links.make(attempt.id, datetime.now(UTC))

        return Positioning(self._guide, shared_database(settings().database_url), link)

    @cached_property
    def _reception(self) -> Reception:
        """The information sessions and the team; its database is opened by the first message too."""
        return Reception(shared_database(settings().database_url), self._team, settings().public_address, self._clerk)

    @cached_property
    def _answers(self) -> TeamAnswers:
        """What the team answered beside the fiche."""
        database = shared_database(settings().database_url)
        return TeamAnswers(self._assistant, database, team_limits().complement_alike, self._team.encode)

    def warm(self) -> None:
        """Read what the team answered, before somebody's message needs it."""
        self._answers.refresh()

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Answer the last message and remember what it was about."""
        understanding = understanding_of(tracker.latest_message)
        message_id = tracker.latest_message.get("message_id") or ""
        sender, now = tracker.sender_id, datetime.now(PARIS)
        turn = self._reception.before(sender, understanding, now, message_id)
        if turn is not None and not turn.for_assistant:
            _utter(dispatcher, turn.messages, (SESSIONS,))
            return []
        after = turn.messages if turn else ()
        if turn is None:
            said = self._positioning.turn(sender, understanding, now, message_id)
            if not said.for_assistant:
                _utter(dispatcher, said.messages, (POSITIONING,))
                return []
            after = said.messages
            if asked := self._reception.asked(sender, understanding, now, message_id):
                # The questionnaire waits until what is asked here has its answer.
                back = () if self._reception.is_asking(asked) else after
                _utter(dispatcher, (*asked.messages, *back), (understanding.topic,))
                return []
        memory = Memory.from_dict(tracker.get_slot("memory"))
        reply = self._reply(understanding, memory, now.date())
        if self._review and self._assistant.is_to_review(understanding, reply):
            self._review.keep(understanding.text, understanding.ranking[:_SUGGESTIONS], "repli")
        beside = self._reception.beside(sender, reply.topics, now)
        _utter(
            dispatcher, (*reply.messages, *beside, *after), reply.topics, self._is_to_judge(understanding, reply, after)
        )
        if reply.memory == memory:
            return []
        return [SlotSet("memory", reply.memory.as_dict())]

    def _is_to_judge(self, understanding: Understanding, reply: Reply, after: Sequence[Message]) -> bool:
        """Whether it may be asked if an answer helped: it says something, and nothing else is being asked."""
        themes = (self._assistant.catalogue.topics.get(topic) for topic in reply.topics)
        return not after and not understanding.chosen and all(t is None or t.theme != "social" for t in themes)

    def _reply(self, understanding: Understanding, memory: Memory, today: date) -> Reply:
        """Answer from the fiche, and from what the team added where the fiche is silent."""
        answers = self._answers
        reply = answers.assistant.answer(understanding, memory, today)
        if not answers.may_add((understanding.topic, *reply.topics)):
            return reply
        if answers.refresh():
            reply = answers.assistant.answer(understanding, memory, today)
        return answers.own_answer(understanding, reply, today) or reply


def _utter(
    dispatcher: CollectingDispatcher, messages: Sequence[Message], topics: Sequence[str], to_judge: bool = False
) -> None:
    for message in messages:
        dispatcher.utter_message(text=message.text, buttons=[_button(choice) for choice in message.choices] or None)
        # Beside what Rasa knows of a message: a channel shows it or leaves it.
        beside = {"progress": message.progress, "picture": message.picture}
        dispatcher.messages[-1].update({name: asdict(value) for name, value in beside.items() if value is not None})
    if messages:
        # What the reply was about: counted, never shown.
        dispatcher.messages[-1]["topics"] = list(topics)
    if to_judge:
        # A page may ask whether it helped.
        dispatcher.messages[-1]["judge"] = True


def _button(choice: Choice) -> dict[str, str]:
    group = {"group": choice.group} if choice.group else {}
    return {"title": choice.title, "payload": payload_of(choice), **group}
