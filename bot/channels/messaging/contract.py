"""What a messaging provider is to the assistant. The dialogue knows nothing of it."""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MANY = 10_000
"""No limit that a reply could reach."""


@dataclass(frozen=True)
class Limits:
    """What a provider can show, from its documentation (docs/canaux.md)."""

    text: int
    """Characters of a message."""
    buttons: int = 0
    """Buttons under a message."""
    button_title: int = 20
    body_with_buttons: int = MANY
    rows: int = 0
    """Rows of a list."""
    row_title: int = 24
    body_with_list: int = MANY


@dataclass(frozen=True)
class Received:
    """Something that a person sent."""

    person: str
    """Identifier of the person at the provider: a number, a chat. Never logged."""
    id: str
    """Identifier of the message at the provider: a message delivered twice has the same."""
    text: str = ""
    picked: str = ""
    """Identifier of the button or row that was pressed."""
    other: bool = False
    """Whether it is a voice message, a picture, a place: something that is not read."""


@dataclass(frozen=True)
class Option:
    """A choice as a provider shows it."""

    id: str
    title: str


@dataclass(frozen=True)
class Part:
    """One message to send, within the limits of the provider."""

    text: str
    buttons: tuple[Option, ...] = ()
    rows: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Call:
    """One request to a provider."""

    path: str
    """After the address of the provider's service."""
    body: Mapping[str, Any]
    form: bool = False
    """Whether the body is a form and not JSON."""

    def as_dict(self) -> dict[str, Any]:
        """Return a JSON-ready form."""
        return {"path": self.path, "body": dict(self.body), "form": self.form}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Call":
        """Read :meth:`as_dict` back."""
        return cls(stored["path"], stored["body"], stored["form"])


@dataclass(frozen=True)
class Delivery:
    """What a webhook call brings."""

    raw: bytes
    headers: Mapping[str, str]
    """Names in lower case."""
    url: str
    """Address as the provider called it."""
    query: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> Any:
        """Return the body.

        Raises:
            ValueError: it is not JSON.
        """
        try:
            return json.loads(self.raw)
        except RecursionError:
            raise ValueError("JSON trop profond") from None


class Provider(ABC):
    """One messaging service. What a service does not do has its answer here."""

    name: str
    limits: Limits
    service: str
    """Address of the provider's service, without a slash at the end."""

    @abstractmethod
    def is_genuine(self, delivery: Delivery) -> bool:
        """Whether the provider itself sent a delivery: checked on the raw body, in constant time."""

    @abstractmethod
    def parse(self, delivery: Delivery) -> Sequence[Received]:
        """Return what people sent; nothing for what is no message (a status, an edit).

        Raises:
            ValueError, KeyError, TypeError, AttributeError: the body has not the documented form.
        """

    @abstractmethod
    def calls(self, person: str, part: Part) -> Sequence[Call]:
        """Return the requests that send a part to a person. They are stored: no secret may be in them."""

    def challenge(self, delivery: Delivery) -> str | None:
        """Return what to answer to a GET that verifies the address, or None when it may not be answered."""
        return None

    def document(self, person: str, url: str) -> Call | None:
        """Return the request that sends a file by its address, or None where the private link is enough."""
        return None

    def seen(self, message_id: str) -> Call | None:
        """Return the request that tells that a message was seen, or None where there is no need."""
        return None

    def url(self, path: str) -> str:
        """Return the address of a request, made when it is sent."""
        return f"{self.service}{path}"

    def headers(self, raw: bytes) -> Mapping[str, str]:
        """Return the headers of a request with this body: who is calling. Never stored, never logged."""
        return {}
