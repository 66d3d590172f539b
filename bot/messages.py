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
    group: str = ""
    """Choices of one group are one answer to one question (« level »): a page shows them as radio buttons."""


@dataclass(frozen=True)
class Progress:
    """How far a questionnaire is."""

    rank: int
    """Place of the question asked, from 1."""
    total: int


@dataclass(frozen=True)
class Picture:
    """A picture, for the channels that show one: the text says the same."""

    url: str
    alt: str


@dataclass(frozen=True)
class Message:
    """One message of the assistant."""

    text: str
    """Plain text with **bold**, « - » lists and blank lines: nothing else."""
    choices: tuple[Choice, ...] = field(default=())
    progress: Progress | None = None
    picture: Picture | None = None
