"""What a message says in the questionnaire: a button, a number, the words of a button, or a free sentence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answers.mentions import Kind
from bot.answers.question import Understanding
from bot.messages import Choice
from bot.positioning.codes import code_in
from bot.positioning.texts import Limits
from bot.text.folding import fold
from referential.model import Frozen

TOPIC = "self_positioning"
"""Intent of the buttons of the questionnaire, and of « je veux me positionner »."""

_NUMBER = re.compile(r"(?:la |le |n ?°? ?|numero |reponse |choix |option )?(\d{1,2})[ .)!]*")
_RANK = re.compile(r"(?<!\d)(\d{1,2})(?!\d)")
_LEVELS = "level_"


class UnderstandingFile(Frozen):
    """Shape of ``understanding.yml``: what people write, by act."""

    acts: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Act:
    """One thing that a person does in the questionnaire."""

    name: str
    """``answer``, ``back``, ``erase``…; ``question`` is for the assistant, ``unclear`` is nothing sure."""
    value: str = ""
    """What it applies to: level, question, path, code."""
    item: str = ""
    """Question that a button belongs to."""


def act_choice(title: str, name: str, *arguments: str) -> Choice:
    """Return a button that does an act: ``answer`` of ``BC01-C03``, ``2``."""
    return Choice(title, TOPIC, ((Kind.ACT, ":".join((name, *arguments))),))


def pressed(understanding: Understanding) -> Act | None:
    """Return the act of a button of the questionnaire, or None for another button."""
    if understanding.topic != TOPIC:
        return None
    value = next((m.value for m in understanding.mentions if m.kind is Kind.ACT), "start")
    return act_of(value)


def act_of(value: str) -> Act:
    """Read the value of a button: ``answer:BC01-C03:2``, ``path:quick``, ``skip:T04``, ``back``."""
    name, *arguments = value.split(":")
    if len(arguments) > 1:
        return Act(name, arguments[1], arguments[0])
    return Act(name, arguments[0] if arguments else "")


def picked(text: str, choices: Sequence[Choice]) -> Act | None:
    """Return the act of the choice that a text names by its number or its words, or None."""
    folded = fold(text)
    number = _NUMBER.fullmatch(folded)
    if number and 1 <= int(number[1]) <= len(choices):
        return act_of(choices[int(number[1]) - 1].values[0][1])
    bare = folded.strip(' .,!;:…«»"')
    named = next((choice for choice in choices if fold(choice.title) == bare), None)
    return act_of(named.values[0][1]) if named else None


def number_in(text: str) -> str:
    """Return the number of the question that « je veux corriger la 5 » names; nothing when it names none."""
    found = _RANK.search(fold(text))
    return found[1] if found else ""


def typed_code(text: str) -> Act | None:
    """Return the act of resuming by a code, when a text holds one."""
    code = code_in(text)
    return Act("resume", code) if code else None


def free(understanding: Understanding, limits: Limits) -> Act:
    """Return what a free sentence does, while a question is being asked.

    A level that is nearly sure is an ``answer``; one that is only likely is a ``guess``, to be confirmed.
    """
    if not understanding.acts:
        return Act("unclear")
    name, probability = understanding.acts[0]
    percent = 100 * probability
    if name.startswith(_LEVELS):
        level = name.removeprefix(_LEVELS)
        if percent >= limits.sure:
            return Act("answer", level)
        return Act("guess", level) if percent >= limits.maybe else Act("unclear")
    if name in ("question", "story", "vague"):
        return Act(name, understanding.text) if percent >= limits.question else Act("unclear")
    if percent < limits.command:
        return Act("unclear")
    return Act(name, number_in(understanding.text) if name == "change" else "")


def apart(understanding: Understanding, limits: Limits, allowed: frozenset[str]) -> Act | None:
    """Return what a sentence does when no question is being asked: only a few acts, and only when nearly sure."""
    if not understanding.acts:
        return None
    name, probability = understanding.acts[0]
    if name not in allowed or 100 * probability < limits.apart:
        return None
    return Act(name, number_in(understanding.text) if name == "change" else "")
