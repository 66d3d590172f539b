"""What the team adds beside the fiche, always with its source and date."""

from datetime import date
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from referential.library import COMPLEMENTS_FILE
from referential.model import Frozen
from referential.yaml_files import load_model


class Complement(Frozen):
    """One thing that the fiche does not say and that the team does."""

    topic: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    """Name of the topic, e.g. ``silent_price``."""
    text: str = Field(min_length=1)
    """Shown to people as it is."""
    source: str = Field(min_length=1)
    source_date: date
    link: str | None = Field(default=None, pattern=r"^https?://\S+$")
    valid_until: date | None = None
    """Last day on which it may be shown."""

    def valid_on(self, day: date) -> bool:
        """Whether it may still be shown on a day."""
        return self.valid_until is None or day <= self.valid_until


class GlossaryEntry(Frozen):
    """An acronym that the fiche does not spell out."""

    acronym: str = Field(pattern=r"^[A-Z]{2,6}$")
    expansion: str = Field(min_length=1)
    source: str = Field(min_length=1)
    source_date: date


class Complements(Frozen):
    """Shape of ``complements.yml``."""

    entries: tuple[Complement, ...]
    glossary: tuple[GlossaryEntry, ...]

    @model_validator(mode="after")
    def _one_expansion_each(self) -> Self:
        seen: set[str] = set()
        for entry in self.glossary:
            if entry.acronym in seen:
                raise ValueError(f"glossaire : le sigle {entry.acronym} est expliqué deux fois")
            seen.add(entry.acronym)
        return self

    def for_topic(self, topic: str, today: date) -> tuple[Complement, ...]:
        """Return what is added on a topic, what has expired left out."""
        return tuple(entry for entry in self.entries if entry.topic == topic and entry.valid_on(today))

    def expansion(self, acronym: str) -> GlossaryEntry | None:
        """Return what an acronym stands for, whatever its case."""
        return next((entry for entry in self.glossary if entry.acronym == acronym.upper()), None)


def load_complements(path: Path = COMPLEMENTS_FILE) -> Complements:
    """Read the complements.

    Raises:
        DataError: the file is absent or wrong.
    """
    return load_model(path, Complements)
