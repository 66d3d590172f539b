"""The words of the reception, read from ``accueil/dialogue.yml`` and checked at load."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from bot.answers.catalogue import compiled
from bot.positioning.texts import LABEL_LENGTH, Labels, templates_parse
from bot.reception.sessions import InfoSession
from bot.team.limits import team_limits
from bot.text.dates import PARIS, said_hour
from bot.text.folding import words
from referential.library import RECEPTION_FOLDER
from referential.model import Frozen
from referential.yaml_files import load_model


class ReceptionLimits(Frozen):
    """Numbers of the dialogue; what each is for stands beside it in the file."""

    listed: int = Field(ge=1, le=9)
    first_name: int = Field(ge=1, le=40)
    text: int = Field(ge=100, le=2000)


Templates = Annotated[dict[str, str], AfterValidator(templates_parse)]


class ReceptionFile(Frozen):
    """Shape of ``dialogue.yml``."""

    limits: ReceptionLimits
    wishes: dict[str, tuple[str, ...]]
    labels: Labels
    says: Templates
    told: Templates


@dataclass(frozen=True)
class ReceptionTexts:
    """The words, ready to be said."""

    data: ReceptionFile
    always: Mapping[str, Any]
    """Values that every text may use."""

    def say(self, name: str, **values: Any) -> str:
        """Render a text."""
        return self._rendered(self.data.says[name], values)

    def told(self, name: str, **values: Any) -> str:
        """Render what a conversation gets without having asked."""
        return self._rendered(self.data.told[name], values)

    def _rendered(self, text: str, values: Mapping[str, Any]) -> str:
        return compiled(text).render({**self.always, "say_session": self.say_session, **values}).strip()

    def say_session(self, session: InfoSession) -> str:
        """Return a session in one line."""
        return compiled(self.data.says["session"]).render(session=session).strip()

    def wish(self, text: str) -> str:
        """Return what somebody wants of a session: ``leave``, ``mine``, ``enrol``, or ``list``."""
        folded = f" {' '.join(words(text))}"
        return next((wish for wish, roots in self.data.wishes.items() if any(f" {r}" in folded for r in roots)), "list")


def label_of(session: InfoSession) -> str:
    """Return the words of the button of a session: « 2/12 14 h, Lyon »."""
    there = session.starts_at.astimezone(PARIS)
    label = f"{there.day}/{there.month} {said_hour(there)}, {session.place.split(',', maxsplit=1)[0] or 'visio'}"
    return label if len(label) <= LABEL_LENGTH else f"{label[: LABEL_LENGTH - 1]}…"


@lru_cache(maxsize=1)
def load_reception_texts(folder: Path = RECEPTION_FOLDER) -> ReceptionTexts:
    """Read the words, once; the durations that they say are those of the team's limits.

    Raises:
        DataError: a file is wrong; the message gives file and line.
    """
    limits = team_limits()
    always = {
        "enrolment_days": limits.enrolment_days,
        "request_days": limits.request_days,
        "group": limits.group,
    }
    return ReceptionTexts(load_model(folder / "dialogue.yml", ReceptionFile), always)
