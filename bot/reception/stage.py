"""Where a conversation stands with the reception, and what a turn gives back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from bot.messages import Message


class At(StrEnum):
    """What was asked last."""

    ASIDE = "aside"
    """Nothing."""
    CONSENT = "consent"
    FIRST_NAME = "first_name"
    CONTACT = "contact"
    CANCELLING = "cancelling"
    JOINING = "joining"
    CALLING = "calling"
    """Whether to tell the team."""
    CALL_CONTACT = "call_contact"
    CALL_TEXT = "call_text"
    WITH_TEAM = "with_team"
    """Somebody of the team has the conversation: the assistant is silent."""


@dataclass(frozen=True)
class Stage:
    """Where a conversation stands."""

    at: At = At.ASIDE
    code: str = ""
    """Of the session or of the enrolment that is spoken of."""
    first_name: str = ""
    contact: str = ""
    led_by: str = ""
    """Identifier of the message that led here: the same one, brought again, leads no further."""

    def as_dict(self) -> dict[str, Any]:
        """Return a JSON-ready form."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Read :meth:`as_dict` back; what an older version stored beside is left out."""
        known = {name: stored[name] for name in cls.__dataclass_fields__ if name in stored}
        return cls(**{**known, "at": At(stored["at"])})


@dataclass(frozen=True)
class Turn:
    """What to say, and where the conversation stands then."""

    messages: tuple[Message, ...]
    stage: Stage = Stage()
    for_assistant: bool = False
    """Whether the assistant answers too, before the messages."""
