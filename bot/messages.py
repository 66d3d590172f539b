"""What the dialogue says, before any channel renders it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Choice:
    """Something that the candidate can pick instead of writing."""

    title: str
    """Words shown on the button."""
    topic: str
    """Topic that the choice asks for: an intent of the domain."""
    values: tuple[tuple[str, str], ...] = ()
    """Entities that go with it, as (kind, value)."""


@dataclass(frozen=True)
class Message:
    """One message of the assistant."""

    text: str
    """Plain text with **bold**, « - » lists and blank lines: nothing else."""
    choices: tuple[Choice, ...] = field(default=())
