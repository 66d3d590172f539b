"""Tell the questions of a message: one, several, or one inside a story."""

from bot.answers.catalogue import Limits
from bot.answers.mentions import Kind
from bot.answers.question import Understanding
from bot.text.parts import asks, says_something

FOLLOW_UP = "follow_up"

_CHATTER = {
    "greet", "thanks", "goodbye", "affirm", "deny", "personal_data", "insult", "repeat", "show_more",
    "off_topic", "distress", "nlu_fallback",
}  # fmt: skip
"""Topics that ask nothing of the fiche when a question stands beside them."""

_ABOUT_ALL = {"off_topic", "other_title", "distress"}
"""Topics of a whole message that its parts cannot be read without: « … le BPJEPS, c'est quel niveau ? »."""


def questions_asked(message: Understanding, limits: Limits) -> tuple[Understanding, ...]:
    """Return what a message asks, in order: the message itself, or those of its parts that are questions.

    Args:
        message: as the NLU understood it, whole and in parts.
        limits: the confidences that count.
    """
    sure_of_all = message.confidence * 100 >= limits.sure_of_all
    if message.topic in _ABOUT_ALL and message.confidence * 100 >= limits.sure:
        return (message,)
    story = len(message.text.split()) >= limits.story
    least = limits.part_against_all if sure_of_all or story else limits.part
    distinct: list[Understanding] = []
    for part in message.parts:
        if _is_a_question(part, least, limits) and not any(_same(part, other) for other in distinct):
            distinct.append(part)
    distinct = [part for i, part in enumerate(distinct) if part.topic != FOLLOW_UP or _carries_on(part, distinct[:i])]
    named = {(m.kind, m.value) for m in message.mentions}
    if all(_said_by_all(part, message, named, distinct[0]) for part in distinct):
        return (message,)
    # A story with one question is best understood whole: its details tell what the question is about.
    return tuple(distinct[: limits.questions]) if len(distinct) > 1 else (message,)


def _is_a_question(part: Understanding, least: int, limits: Limits) -> bool:
    if part.topic in _CHATTER or not says_something(part.text):
        return False
    return part.confidence * 100 >= (least if asks(part.text) else limits.part_unmarked)


def _carries_on(part: Understanding, before: list[Understanding]) -> bool:
    """Whether « et le 4 ? » or « et pour la VAE ? » asks something new of the question before it."""
    return bool(before) and (bool(part.mentions) or any(character.isdigit() for character in part.text))


def _said_by_all(
    part: Understanding, message: Understanding, named: set[tuple[Kind, str]], first: Understanding
) -> bool:
    """Whether the whole message asks what its part asks: « en 2022, 2023 et 2024 ? »."""
    same_topic = part.topic in (message.topic, FOLLOW_UP) and first.topic == message.topic
    own = {(m.kind, m.value) for m in part.mentions}
    return same_topic and bool(own) and own <= named


def _same(part: Understanding, other: Understanding) -> bool:
    """Whether two parts ask the same thing: the same topic, of the same bloc or year or way."""
    named = {(m.kind, m.value) for m in part.mentions}
    return part.topic == other.topic != FOLLOW_UP and (
        not named or named == {(m.kind, m.value) for m in other.mentions}
    )
