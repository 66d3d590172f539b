"""A question as the dialogue understood it, and what is remembered from one to the next."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

from bot.answers.mentions import Kind, Mention
from bot.answers.vocabulary import Vocabulary
from bot.text.dates import PartialDate, partial_date
from bot.text.folding import fold

_KINDS = frozenset(str(kind) for kind in Kind)


@dataclass(frozen=True)
class Understanding:
    """What the NLU made of a message."""

    text: str
    topic: str
    """Most likely intent, ``nlu_fallback`` when none is likely enough."""
    ranking: Sequence[tuple[str, float]] = ()
    """Intents with their probability, the best first."""
    mentions: tuple[Mention, ...] = ()
    chosen: bool = False
    """Whether it comes from a button, in which case the text is a payload and not French."""
    competencies: Sequence[tuple[str, float]] = ()
    """Competencies that it may speak of, with their probability, the best first."""
    acts: Sequence[tuple[str, float]] = ()
    """What it may do in the self-positioning (a level, « revenir »…), with their probability, the best first."""
    parts: tuple["Understanding", ...] = ()
    """The parts of a message that may hold several questions, each understood alone."""

    @property
    def confidence(self) -> float:
        """Probability of the likeliest intent."""
        return self.ranking[0][1] if self.ranking else 0.0


@dataclass(frozen=True)
class Memory:
    """What is kept of a conversation between two messages: no text of the candidate."""

    topic: str | None = None
    values: tuple[tuple[str, str], ...] = ()
    """Mentions that the last answer used, as (kind, value)."""
    page: int = 0
    """Page that was read."""
    next_page: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return a JSON-ready form, for the Rasa slot."""
        values = [list(pair) for pair in self.values]
        return {"topic": self.topic, "values": values, "page": self.page, "next_page": self.next_page}

    @classmethod
    def from_dict(cls, stored: object) -> Self:
        """Read :meth:`as_dict` back; anything else gives an empty memory (an older format, say)."""
        if not isinstance(stored, dict):
            return cls()
        try:
            pairs = ((str(kind), str(value)) for kind, value in stored.get("values") or ())
            values = tuple(pair for pair in pairs if pair[0] in _KINDS)
            return cls(stored.get("topic"), values, int(stored.get("page") or 0), stored.get("next_page"))
        except (TypeError, ValueError):
            return cls()


@dataclass(frozen=True)
class Question:
    """One question to answer: a topic and the mentions that narrow it."""

    text: str
    topic: str
    values: tuple[tuple[Kind, str], ...]
    vocabulary: Vocabulary
    ranking: Sequence[tuple[str, float]] = ()
    chosen: bool = False
    page: int = 0
    """Page of a long content; 0 is its overview."""
    competencies: Sequence[tuple[str, float]] = ()
    """Competencies that it may speak of, with their probability."""

    @cached_property
    def folded(self) -> str:
        """The text without accents or case; empty for a button."""
        return "" if self.chosen else fold(self.text)

    def all(self, kind: Kind) -> list[str]:
        """Return the distinct values mentioned of a kind, in order."""
        return list(dict.fromkeys(value for k, value in self.values if k is kind))

    def first(self, kind: Kind) -> str | None:
        """Return the first value mentioned of a kind."""
        return next(iter(self.all(kind)), None)

    @cached_property
    def closed(self) -> bool:
        """Whether the question calls for a yes or a no."""
        if not self.folded:
            return False
        opening = self.vocabulary.open_question.search(self.folded)
        closing = self.vocabulary.closed_question.search(self.folded)
        if closing:
            return opening is None or closing.start() < opening.start()
        return "?" in self.text and opening is None

    @cached_property
    def negative(self) -> bool:
        """Whether it is asked in the negative: « ce n'est pas possible en apprentissage ? »."""
        return bool(self.vocabulary.negation.search(self.folded))

    @property
    def yes(self) -> str:
        """« Oui, » or « Si, » before an answer that confirms; nothing when no yes was called for."""
        return ("Si, " if self.negative else "Oui, ") if self.closed else ""

    @property
    def no(self) -> str:
        """« Non, » before an answer that denies; nothing when none was called for."""
        return "Non, " if self.closed else ""

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """Numbers in digits that the text supposes, years and codes left out."""
        return tuple(int(n) for n in re.findall(r"(?<![\d.,/-])\d{1,3}(?![\d/-])", self.folded))

    @cached_property
    def codes(self) -> frozenset[str]:
        """Codes that the text supposes, without their spaces: « K1203 », a SIRET."""
        joined = re.sub(r"(?<=\d)\s+(?=\d)", "", self.folded)
        return frozenset(re.findall(r"(?<![a-z0-9])[a-z]?\d{2,14}(?!\d)", joined))

    @cached_property
    def day(self) -> PartialDate | None:
        """The day that the text supposes: « le 1er mars 2031 »."""
        return partial_date(self.folded)

    def says(self, marks: Sequence[str]) -> bool:
        """Whether the text holds any of these strings."""
        return any(mark in self.folded for mark in marks)

    @property
    def exclusive(self) -> bool:
        """Whether it asks « uniquement… ? »."""
        return bool(self.vocabulary.exclusive.search(self.folded))

    @property
    def obligation(self) -> bool:
        """Whether it asks « faut-il… ? »."""
        return bool(self.vocabulary.obligation.search(self.folded))

    def with_topic(self, topic: str) -> "Question":
        """Return the same question asked of another topic."""
        return replace(self, topic=topic)
