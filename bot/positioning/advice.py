"""The rules of the results, read from ``positionnement/advice.yml``: state of a bloc, next steps and their reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import TemplateSyntaxError
from pydantic import Field, field_validator, model_validator

from bot.answers.catalogue import compiled
from referential.library import POSITIONING_FOLDER
from referential.model import Frozen
from referential.positioning import UNKNOWN_LEVEL
from referential.yaml_files import load_model

MEASURES = (
    "answered_share", "levelled_share", "solid_share", "reached_share",
    "growing_share", "none_share", "unknown", "stories",
    "measured_blocs", "solid_blocs", "unsolid_blocs", "open_vae", "holder", "quick",
)  # fmt: skip
"""What a rule may look at; each is told in the file."""


class Rule(Frozen):
    """A condition on measures; one without bounds always holds."""

    at_least: dict[str, int] = Field(default={}, alias="from")
    below: dict[str, int] = Field(default={})

    @model_validator(mode="after")
    def _measures_exist(self) -> "Rule":
        if unknown := [name for name in (*self.at_least, *self.below) if name not in MEASURES]:
            raise ValueError(f"mesure inconnue : {', '.join(unknown)} ; possibles : {', '.join(MEASURES)}")
        return self

    @property
    def bounds(self) -> dict[str, int]:
        """The bound of each measure: what a reason tells of the rule."""
        return {**self.below, **self.at_least}

    def holds(self, measures: Mapping[str, int]) -> bool:
        """Whether every bound is kept; a measure that is not given is 0."""
        return all(measures.get(name, 0) >= bound for name, bound in self.at_least.items()) and all(
            measures.get(name, 0) < bound for name, bound in self.below.items()
        )


class BlocRule(Rule):
    """A state of a bloc."""

    state: str


class StepRule(Rule):
    """A next step."""

    id: str = Field(pattern=r"^[a-z_]+$")
    title: str
    text: str
    reason: str

    @field_validator("text", "reason")
    @classmethod
    def _template_parses(cls, text: str) -> str:
        try:
            compiled(text)
        except TemplateSyntaxError as error:
            raise ValueError(f"gabarit, ligne {error.lineno} : {error.message}") from None
        return text


class LevelGroups(Frozen):
    """Keys of the levels that count as each group."""

    solid: tuple[str, ...]
    growing: tuple[str, ...]
    none: tuple[str, ...]


class Advice(Frozen):
    """Shape of ``advice.yml``."""

    levels: LevelGroups
    blocs: tuple[BlocRule, ...]
    solid_state: str
    unmeasured_states: tuple[str, ...]
    most: int
    steps: tuple[StepRule, ...]

    @model_validator(mode="after")
    def _states_exist(self) -> "Advice":
        states = [rule.state for rule in self.blocs]
        named = (self.solid_state, *self.unmeasured_states)
        if unknown := [state for state in named if state not in states]:
            raise ValueError(f"état de bloc inconnu : {', '.join(unknown)}")
        if not self.blocs or self.blocs[-1].at_least or self.blocs[-1].below:
            raise ValueError("blocs : le dernier état ne doit pas avoir de condition")
        return self

    def bloc_state(self, measures: Mapping[str, int]) -> str:
        """Return the state of a bloc."""
        return next(rule.state for rule in self.blocs if rule.holds(measures))

    @property
    def solid_rule(self) -> BlocRule:
        """The rule of a solid bloc."""
        return next(rule for rule in self.blocs if rule.state == self.solid_state)

    def next_steps(self, measures: Mapping[str, int]) -> tuple[StepRule, ...]:
        """Return the steps whose rule holds, in order, no more than the file allows."""
        return tuple(step for step in self.steps if step.holds(measures))[: self.most]


@dataclass(frozen=True)
class Tally:
    """How many competencies are in each group."""

    total: int
    solid: int
    growing: int
    none: int
    unknown: int

    @property
    def levelled(self) -> int:
        """Competencies that have a level."""
        return self.solid + self.growing + self.none

    def shares(self) -> dict[str, int]:
        """Return the measures of the tally, in percent."""
        answered = self.levelled + self.unknown
        return {
            "answered_share": percent(answered, self.total),
            "levelled_share": percent(self.levelled, self.total),
            "solid_share": percent(self.solid, self.levelled),
            "reached_share": percent(self.solid + self.growing, self.levelled),
            "growing_share": percent(self.growing, self.levelled),
            "none_share": percent(self.none, self.levelled),
        }


def percent(part: int, whole: int) -> int:
    """Return a share rounded down, so that a threshold is reached and not nearly so; 0 of nothing."""
    return 100 * part // whole if whole else 0


def tally(levels: Sequence[str | None], groups: LevelGroups) -> Tally:
    """Count levels by group; None is a competency without an answer."""
    solid, growing, none = (
        sum(level in group for level in levels) for group in (groups.solid, groups.growing, groups.none)
    )
    return Tally(len(levels), solid, growing, none, sum(level == UNKNOWN_LEVEL for level in levels))


def load_advice(folder: Path = POSITIONING_FOLDER) -> Advice:
    """Read the rules.

    Raises:
        DataError: the file is wrong; the message gives file and line.
    """
    return load_model(folder / "advice.yml", Advice)
