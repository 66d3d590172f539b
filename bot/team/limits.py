"""The numbers of the console, read from ``referential/equipe/limits.yml``."""

from functools import lru_cache

from pydantic import Field

from referential.library import TEAM_FOLDER
from referential.model import Frozen
from referential.yaml_files import load_model


class TeamLimits(Frozen):
    """Shape of ``limits.yml``; what each number is for stands beside it in the file."""

    password_length: int = Field(ge=8)
    failures: int = Field(ge=3)
    lock_minutes: int = Field(ge=1)
    logins_a_minute: int = Field(ge=5)
    idle_minutes: int = Field(ge=5)
    session_hours: int = Field(ge=1)
    group: int = Field(ge=3)
    enrolment_days: int = Field(ge=1)
    request_days: int = Field(ge=1)
    measure_days: int = Field(ge=1)
    journal_days: int = Field(ge=30)
    reminder_hours: int = Field(ge=1)
    open_minutes: int = Field(ge=0)
    alike: int = Field(ge=1, le=100)
    complement_alike: int = Field(ge=1, le=100)


@lru_cache(maxsize=1)
def team_limits() -> TeamLimits:
    """Return the numbers, read once.

    Raises:
        DataError: the file is wrong; the message gives file and line.
    """
    return load_model(TEAM_FOLDER / "limits.yml", TeamLimits)
