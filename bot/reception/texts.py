"""The words of the reception, read from ``accueil/dialogue.yml`` and checked at load."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import TemplateSyntaxError
from pydantic import Field, field_validator

from bot.answers.catalogue import compiled
from bot.positioning.texts import LABEL_LENGTH
from bot.reception.sessions import InfoSession
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


class ReceptionFile(Frozen):
    """Shape of ``dialogue.yml``."""

    limits: ReceptionLimits
    wishes: dict[str, tuple[str, ...]]
    labels: dict[str, str]
    says: dict[str, str]
    told: dict[str, str]

    @field_validator("labels")
    @classmethod
    def _labels_fit(cls, labels: dict[str, str]) -> dict[str, str]:
        for name, label in labels.items():
            if len(label) > LABEL_LENGTH and "{{" not in label:
                raise ValueError(f"bouton « {name} » : {LABEL_LENGTH} caractères au plus, et non {len(label)}")
        return labels

    @field_validator("says", "told")
    @classmethod
    def _templates_parse(cls, says: dict[str, str]) -> dict[str, str]:
        for name, text in says.items():
            try:
                compiled(text)
            except TemplateSyntaxError as error:
                raise ValueError(f"gabarit « {name} », ligne {error.lineno} : {error.message}") from None
        return says


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


@lru_cache(maxsize=4)
def load_reception_texts(days: int, request_days: int, group: int, folder: Path = RECEPTION_FOLDER) -> ReceptionTexts:
    """Read the words.

    Args:
        days: how long an enrolment is kept after its session.
        request_days: how long a request is kept after its last message.
        group: people from whom the picture of a group is shown.
        folder: where the file is.

    Raises:
        DataError: the file is wrong; the message gives file and line.
    """
    always = {"enrolment_days": days, "request_days": request_days, "group": group}
    return ReceptionTexts(load_model(folder / "dialogue.yml", ReceptionFile), always)
