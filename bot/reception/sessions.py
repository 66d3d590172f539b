"""Information sessions and enrolments, as the dialogue and the console know them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


class EnrolmentState(StrEnum):
    """Whether somebody has a seat."""

    ENROLLED = "enrolled"
    WAITING = "waiting"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class InfoSession:
    """One information session."""

    id: str
    code: str
    """Short code by which people join it: in the QR code, or typed."""
    title: str
    starts_at: datetime
    minutes: int
    place: str
    video_url: str
    seats: int
    public: bool
    """Whether the assistant announces it; else only those who have its code know of it."""
    cancelled: bool
    note: str
    owner_id: str | None
    sequence: int = 0
    """How many times it changed: a calendar replaces what it had."""
    taken: int = 0
    """Seats taken."""
    waiting: int = 0
    demo: bool = False

    @property
    def ends_at(self) -> datetime:
        """When it ends."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def free(self) -> int:
        """Seats left."""
        return max(0, self.seats - self.taken)

    @property
    def where(self) -> str:
        """The place, or that it is by video."""
        return self.place or "en visioconférence"


@dataclass(frozen=True)
class Enrolment:
    """Somebody's seat, or place in the waiting list."""

    id: str
    session: InfoSession
    rank: int
    code: str
    sender_id: str
    first_name: str
    contact: str
    state: EnrolmentState
    place_in_line: int = 0
    """From 1, for those who wait."""
    present: bool | None = None
    reminder: str = ""
    """``sent``, ``by_hand`` (the team must), or nothing yet."""

    @property
    def who(self) -> str:
        """How to name the person."""
        return self.first_name or self.code


class Desk(Protocol):
    """What the dialogue needs from outside: the sessions, and what is done of them at once."""

    def upcoming(self) -> list[InfoSession]:
        """Return the sessions that are announced, the next first."""

    def session(self, code: str) -> InfoSession | None:
        """Return the session of a code that may still be joined or enrolled in."""

    def enrol(self, code: str, first_name: str, contact: str) -> Enrolment | None:
        """Enrol this conversation, or put it in the waiting list; None when the session is gone."""

    def enrolments(self) -> list[Enrolment]:
        """Return the enrolments of this conversation in sessions to come."""

    def enrolment(self, code: str) -> Enrolment | None:
        """Return the enrolment of a code in a session to come."""

    def cancel(self, enrolment: Enrolment) -> None:
        """Cancel an enrolment: the first who waits gets the seat."""

    def is_open(self, session: InfoSession) -> bool:
        """Whether a session welcomes people now: it is about to begin, or has not been over for long."""

    def join(self, code: str) -> InfoSession | None:
        """Count this conversation among those present; None when the session is not open."""

    def calendar(self, enrolment: Enrolment) -> str:
        """Return the address of the calendar file of an enrolment."""

    def has_team(self) -> bool:
        """Whether somebody may answer."""

    def reachable(self) -> bool:
        """Whether this conversation's channel can bring an answer later."""

    def has_request(self) -> bool:
        """Whether this conversation waits for somebody."""

    def ask(self, first_name: str, contact: str, text: str) -> None:
        """Keep a request to be answered by somebody."""

    def hand_over(self, text: str) -> bool:
        """Give somebody of the team a message of this conversation; False when nobody has it any more."""

    def drop_request(self) -> None:
        """Close the request of this conversation."""
