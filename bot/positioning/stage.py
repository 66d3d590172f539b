"""Where a conversation stands in the questionnaire, what a turn gives back, and what it needs from outside."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self

from bot.messages import Message
from bot.positioning.attempt import Answer, Attempt, Content
from bot.positioning.booklet import Booklet


class At(StrEnum):
    """What was asked last."""

    CONSENT = "consent"
    PATH = "path"
    BLOC = "bloc"
    TITLE = "title"
    CODE = "code"
    ASKING = "asking"
    """A level for a question."""
    CONFIRMING = "confirming"
    """Whether a level was understood right, or which one is meant."""
    STORY = "story"
    CHANGING = "changing"
    ERASING = "erasing"
    SHARING = "sharing"
    PAUSED = "paused"
    DONE = "done"
    DETAILS = "details"
    """Which bloc to read in detail."""


ASIDE = frozenset({At.PAUSED, At.DONE, At.DETAILS})
"""Nothing is being asked: the conversation is elsewhere."""


@dataclass(frozen=True)
class Stage:
    """Where a conversation stands."""

    at: At
    item: str = ""
    """Question being asked."""
    level: str = ""
    """Level to be confirmed."""
    story: str = ""
    """Example told before the level: kept until the level is."""
    stories: bool = True
    """Whether examples are asked for."""
    page: int = 0
    """Of the answers shown for a correction."""
    wrong_codes: int = 0
    attempt_id: str = ""
    led_by: str = ""
    """Identifier of the message that led here: the same one, brought again, leads no further."""

    def to(self, at: At, item: str = "", level: str = "", story: str = "", page: int = 0) -> Self:
        """Return the stage moved elsewhere."""
        return replace(self, at=at, item=item, level=level, story=story, page=page)

    def as_dict(self) -> dict[str, Any]:
        """Return a JSON-ready form."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self | None:
        """Read :meth:`as_dict` back; None for a form that is not known any more."""
        try:
            return cls(**{**stored, "at": At(stored["at"])})
        except (KeyError, TypeError, ValueError):
            return None


@dataclass(frozen=True)
class Begun:
    """A new attempt is to be stored."""

    attempt: Attempt


@dataclass(frozen=True)
class Answered:
    """An answer is to be stored, in place of another for the same question."""

    attempt_id: str
    item: str
    answer: Answer


@dataclass(frozen=True)
class Reopened:
    """Questions that were left out are to be asked again."""

    attempt_id: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Extended:
    """Questions are added to an attempt."""

    attempt_id: str
    scope: tuple[str, ...]


@dataclass(frozen=True)
class Erased:
    """An attempt, and what was shared of it, is to be erased."""

    attempt_id: str


@dataclass(frozen=True)
class Shared:
    """A dated copy is to be given to the team."""

    attempt_id: str
    booklet: Booklet


@dataclass(frozen=True)
class Withdrawn:
    """What was shared is to be taken back."""

    attempt_id: str


Effect = Begun | Answered | Reopened | Extended | Erased | Shared | Withdrawn


@dataclass(frozen=True)
class Turn:
    """What a message leads to. The effects are stored before anything is said."""

    messages: tuple[Message, ...]
    stage: Stage | None
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True)
class Desk:
    """What the questionnaire needs from outside, at one turn."""

    now: datetime
    new_attempt: Callable[[], tuple[str, str]]
    """Gives an identifier and a code that nobody has."""
    find: Callable[[str], Attempt | None]
    """Finds the attempt of a code."""
    earlier: Callable[[str], Attempt | None]
    """Finds an attempt by its identifier."""
    content: Callable[[str], Content | None]
    """Finds what a version of the questionnaire asked."""
    shared_on: Callable[[str], date | None]
    """Day on which an attempt was given to the team, if it still is."""
    link: Callable[[Attempt], tuple[str, date]]
    """Makes a private link to the results, and its last day."""
