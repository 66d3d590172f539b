"""What a composer is given, and what it gives back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.answers.catalogue import Limits, Topic
from bot.answers.competencies import CompetencyIndex
from bot.answers.mentions import Kind
from bot.answers.question import Question
from bot.messages import Choice
from referential.complements import Complements
from referential.model import Bloc, Fact, Fiche, State


@dataclass(frozen=True)
class Scene:
    """Everything that an answer may draw on."""

    question: Question
    topic: Topic
    fiche: Fiche
    complements: Complements
    competencies: CompetencyIndex
    today: date
    limits: Limits
    """Lengths, from ``_common.yml``."""
    review_days: int | None = None
    """Days during which a message that was not understood is kept, None when none is."""

    @property
    def blocs(self) -> tuple[Bloc, ...]:
        """The blocs of the title."""
        return self.fiche.blocs.value or ()

    def bloc_choice(self, bloc: Bloc, topic: str = "bloc_detail") -> Choice:
        """Return a button that leads to one bloc."""
        return Choice(f"Bloc {bloc.number} : {bloc.title}", topic, ((Kind.BLOC, str(bloc.number)),))


@dataclass(frozen=True)
class Composed:
    """The choice of what to say: which text of the topic, with which values, from which sections."""

    variant: str
    values: Mapping[str, Any] = field(default_factory=dict)
    sections: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    next_page: int | None = None
    topic: str | None = None
    """Another topic whose texts say it better."""
    keep: tuple[tuple[Kind, str], ...] = ()
    """What the answer settled and the question did not name: the competency that was found."""
    count: int | None = None
    """How many things the answer lists: checked against « il y en a bien trois ? »."""
    day: date | None = None
    """The date that it says, checked likewise."""
    gap: int | None = None
    """The change that it says, checked against « ça a augmenté ? »."""
    codes: tuple[str, ...] = ()
    """The codes that it says, checked likewise."""
    complement_of: str | None = None
    """Topic whose complement, if any, is to be added."""


Composer = Callable[[Scene], Composed]


def absent(fact: Fact[Any]) -> Composed | None:
    """Return how to say that a fact is not stated, or None when it is."""
    if fact.state is State.STATED:
        return None
    return Composed(str(fact.state), {"section": fact.section}, (fact.section,))
