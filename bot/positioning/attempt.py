"""What a candidate has answered: an attempt at the questionnaire, whole or in progress."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

Content = Mapping[str, Mapping[str, str]]
"""What was asked, by question: name, question, official wordings and their mark. Kept with each version."""


class PathKind(StrEnum):
    """How the questionnaire is gone through."""

    QUICK = "quick"
    """One question a theme."""
    FULL = "full"
    """One question a competency."""
    BLOC = "bloc"
    """The competencies of one bloc."""
    LEFT = "left"
    """The competencies that a correspondence leaves, then the others."""


@dataclass(frozen=True)
class Answer:
    """What was answered to one question."""

    level: str | None
    """Key of a level of the scale; None when the question was left out."""
    story: str = ""
    """The candidate's own example."""


@dataclass(frozen=True)
class Attempt:
    """One attempt, as it is stored."""

    id: str
    code: str
    """Short code by which it is resumed elsewhere."""
    path: PathKind
    scope: tuple[str, ...]
    """Questions to ask, in order."""
    version: str
    """Version of the questionnaire that it was begun with."""
    started_at: datetime
    answers: Mapping[str, Answer] = field(default_factory=dict)
    previous: str | None = None
    """Identifier of an earlier attempt of the same person."""

    def answered(self, item: str) -> bool:
        """Whether a question got a level, « je ne sais pas » included."""
        answer = self.answers.get(item)
        return answer is not None and answer.level is not None

    @property
    def done(self) -> tuple[str, ...]:
        """Questions of the scope that were answered or left out, in order."""
        return tuple(item for item in self.scope if item in self.answers)

    @property
    def left_out(self) -> tuple[str, ...]:
        """Questions of the scope that were left out, in order."""
        return tuple(item for item in self.scope if item in self.answers and not self.answered(item))

    @property
    def next_item(self) -> str | None:
        """First question that was neither answered nor left out."""
        return next((item for item in self.scope if item not in self.answers), None)

    def rank(self, item: str) -> int:
        """Return the place of a question, from 1."""
        return self.scope.index(item) + 1

    def with_answer(self, item: str, answer: Answer) -> Self:
        """Return the attempt with one answer set."""
        return replace(self, answers={**self.answers, item: answer})

    def with_scope(self, items: Sequence[str]) -> Self:
        """Return the attempt with questions added at the end of its scope."""
        return replace(self, scope=tuple(dict.fromkeys((*self.scope, *items))))
