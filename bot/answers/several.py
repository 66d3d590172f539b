"""Tell the questions of a message: one, several, or one inside a story."""

from dataclasses import replace

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
    distinct: list[Understanding] = []
    for part in message.parts:
        asked = _question_of(part, message, distinct, limits)
        if asked and not any(_same(asked, other) for other in distinct):
            distinct.append(asked)
    sure = message.confidence * 100 >= limits.sure
    if message.topic in _ABOUT_ALL and sure and not _plain(distinct, message, limits):
        return (message,)
    named = {(m.kind, m.value) for m in message.mentions}
    if distinct and all(_said_by_all(part, message, named, distinct[0]) for part in distinct):
        return (message,)
    if len(distinct) > 1:
        return tuple(distinct[: limits.questions])
    return (message,) if sure else (_clearest(message, limits),)


def _question_of(
    part: Understanding, message: Understanding, before: list[Understanding], limits: Limits
) -> Understanding | None:
    """Return the question that a part asks, if it asks one."""
    if part.topic == FOLLOW_UP and not _carries_on(part, before):
        return _named_after(part, message, limits) if before else None
    return part if _is_a_question(part, message, limits) else None


def _is_a_question(part: Understanding, message: Understanding, limits: Limits) -> bool:
    if part.topic in _CHATTER or not says_something(part.text):
        return False
    story = len(message.text.split()) >= limits.story
    sure = part.confidence * 100
    if story and sure < limits.part_in_story:
        return False
    # What is asked by a part is heard in the whole message too; what is not is likely a misreading of the part.
    heard = part.topic == FOLLOW_UP or dict(message.ranking).get(part.topic, 0.0) * 100 >= limits.heard
    if asks(part.text):
        likeliest = part.topic == next((topic for topic, _ in message.ranking), "")
        return sure >= (limits.part_likeliest if likeliest else limits.part if heard else limits.part_unheard)
    if story:
        return False
    marked = part.text.rstrip().endswith("?")
    return sure >= (limits.part_unmarked if heard or marked else limits.part_unmarked_unheard)


def _named_after(part: Understanding, message: Understanding, limits: Limits) -> Understanding | None:
    """Read « … et la durée de l'oral » by what the whole message is likely about: alone it only looks like more."""
    whole = dict(message.ranking)
    likely = [(alone * whole.get(topic, 0.0), topic) for topic, alone in part.ranking if topic not in _CHATTER]
    both, topic = max(likely, default=(0.0, FOLLOW_UP))
    return replace(part, topic=topic) if both * 100 >= limits.named_after and topic != FOLLOW_UP else None


def _plain(parts: list[Understanding], message: Understanding, limits: Limits) -> bool:
    """Whether the parts are several clear questions, none of them of the topic that the whole message seems to have."""
    clear = all(part.confidence * 100 >= limits.part_unmarked for part in parts)
    return len(parts) > 1 and clear and all(part.topic != message.topic for part in message.parts)


def _clearest(message: Understanding, limits: Limits) -> Understanding:
    """Read a message that is not clear in the light of its clearest part: a story may cover the question."""
    if not message.parts or not message.ranking or message.ranking[0][0] in _CHATTER:
        return message
    clear = {topic: max(dict(part.ranking).get(topic, 0.0) for part in message.parts) for topic, _ in message.ranking}
    # The square: a part that is almost clear tells little, for a sentence of a story always looks like something.
    both, topic = max((likely * clear[topic] ** 2, topic) for topic, likely in message.ranking if topic not in _CHATTER)
    return replace(message, topic=topic) if both * 100 >= limits.agreed else message


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
