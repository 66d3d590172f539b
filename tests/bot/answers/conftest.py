"""The real assistant, and short ways of asking it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.answers.assistant import Assistant, Reply, load_assistant
from bot.answers.catalogue import Topic
from bot.answers.mentions import Mention, MentionFinder
from bot.answers.question import Memory, Understanding
from bot.messages import Choice
from referential.model import Fact, Fiche, State

TODAY = date(2026, 11, 24)
NOTHING = Memory()


@pytest.fixture(scope="session")
def assistant() -> Assistant:
    """The assistant, with the real data."""
    return load_assistant()


@pytest.fixture(scope="session")
def fiche(assistant: Assistant) -> Fiche:
    """The real fiche."""
    return assistant.fiche


@pytest.fixture(scope="session")
def ask_of() -> Callable[[Assistant], Callable[..., Reply]]:
    """Ask an assistant a question whose intent is given."""

    def asking(assistant: Assistant) -> Callable[..., Reply]:
        def ask(
            text: str,
            topic: str,
            memory: Memory = NOTHING,
            today: date = TODAY,
            ranking: tuple[tuple[str, float], ...] = (),
        ) -> Reply:
            understanding = Understanding(text, topic, ranking, assistant.mentions(text))
            return assistant.answer(understanding, memory, today)

        return ask

    return asking


@pytest.fixture(scope="session")
def ask(assistant: Assistant, ask_of: Callable[[Assistant], Callable[..., Reply]]) -> Callable[..., Reply]:
    """Ask the real assistant: ``ask(text, topic)`` gives its reply."""
    return ask_of(assistant)


@pytest.fixture(scope="session")
def tell(ask: Callable[..., Reply]) -> Callable[..., str]:
    """Ask the real assistant: ``tell(text, topic)`` gives the words of its reply."""
    return lambda *question, **context: words_of(ask(*question, **context))


@pytest.fixture(scope="session")
def choose(assistant: Assistant) -> Callable[..., Reply]:
    """Press a button of the real assistant."""

    def press(choice: Choice, memory: Memory = NOTHING) -> Reply:
        mentions = tuple(Mention(kind, value, 0, 0) for kind, value in choice.values)  # type: ignore[arg-type]
        understanding = Understanding(f"/{choice.topic}", choice.topic, (), mentions, chosen=True)
        return assistant.answer(understanding, memory, TODAY)

    return press


@pytest.fixture(scope="session")
def assistant_with(assistant: Assistant) -> Callable[..., Assistant]:
    """Build an assistant on another fiche: the real one, some fields of which get a value or a state."""

    def build(**changes: Any) -> Assistant:
        fiche = changed(assistant.fiche, **changes)
        glossary = tuple(entry.acronym for entry in assistant.complements.glossary)
        return replace(assistant, fiche=fiche, finder=MentionFinder(fiche, assistant.vocabulary, glossary))

    return build


@pytest.fixture(scope="session")
def tell_with(
    assistant_with: Callable[..., Assistant], ask_of: Callable[[Assistant], Callable[..., Reply]]
) -> Callable[..., str]:
    """Ask on another fiche: ``tell_with(text, topic, level=State.NOT_GIVEN)``."""
    return lambda text, topic, **changes: words_of(ask_of(assistant_with(**changes))(text, topic))


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Topics and variants rendered during the test, in order."""
    record: list[tuple[str, str]] = []
    say = Topic.say

    def recorded(self: Topic, variant: str, values: dict[str, Any]) -> str:
        record.append((self.name, variant))
        return say(self, variant, values)

    monkeypatch.setattr(Topic, "say", recorded)
    return record


def words_of(reply: Reply) -> str:
    return "\n".join(message.text for message in reply.messages)


def changed(fiche: Fiche, **changes: Any) -> Fiche:
    """Give fields of a fiche another value, or a state without value."""
    update: dict[str, Any] = {}
    for name, change in changes.items():
        known = getattr(fiche, name)
        if not isinstance(known, Fact):
            update[name] = change
        elif isinstance(change, State):
            update[name] = known.model_copy(update={"state": change, "value": None})
        else:
            update[name] = known.model_copy(update={"state": State.STATED, "value": change})
    return fiche.model_copy(update=update)
