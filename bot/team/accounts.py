"""Accounts of the team, and what each role may do."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person of the team does."""

    ANIMATEUR = "animateur"
    """Runs sessions: sees its own, and nobody else's."""
    RESPONSABLE = "responsable"
    """Sees all sessions; publishes the answers of the team."""
    ADMINISTRATEUR = "administrateur"
    """Makes the accounts too, and reads the journal."""


@dataclass(frozen=True)
class Account:
    """Somebody of the team."""

    id: str
    email: str
    name: str
    role: Role
    active: bool = True
    must_change: bool = False
    """Whether the password was made by somebody else."""
    one_time_codes: bool = False
    """Whether a code of the telephone is asked for after the password."""

    @property
    def sees_all(self) -> bool:
        """Whether the sessions of others are open to it."""
        return self.role is not Role.ANIMATEUR

    @property
    def publishes(self) -> bool:
        """Whether it may give the assistant an answer."""
        return self.role is not Role.ANIMATEUR

    @property
    def administers(self) -> bool:
        """Whether it makes accounts and reads the journal."""
        return self.role is Role.ADMINISTRATEUR

    def may_open(self, owner_id: str | None) -> bool:
        """Whether a session of somebody is open to it."""
        return self.sees_all or owner_id == self.id
