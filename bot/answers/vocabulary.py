"""The words of people, read from ``referential/vocabulary.yml`` and compiled once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import Field

from referential.library import OTHER_TITLES_FILE
from referential.model import Frozen, Route
from referential.yaml_files import load_model


class RouteGroup(Frozen):
    """A word that covers several ways of access."""

    words: tuple[str, ...]
    routes: tuple[Route, ...]


class AssessmentForm(Frozen):
    """A form of assessment that people ask about."""

    said: str
    root: str
    name: str


class VocabularyData(Frozen):
    """Shape of ``vocabulary.yml``."""

    routes: dict[Route, tuple[str, ...]]
    route_groups: dict[str, RouteGroup]
    measures: dict[str, tuple[str, ...]]
    comparisons: dict[str, tuple[str, ...]]
    other_structures: tuple[str, ...]
    assessment_forms: tuple[AssessmentForm, ...]
    cardinals: dict[int, tuple[str, ...]] = Field(min_length=1)
    ordinals: dict[int, tuple[str, ...]] = Field(min_length=1)
    counted: tuple[str, ...]
    other_bodies: tuple[str, ...]
    exclusive: tuple[str, ...]
    obligation: tuple[str, ...]
    distress: dict[str, tuple[str, ...]]
    danger: tuple[str, ...]
    open_question_words: tuple[str, ...]
    closed_question_marks: tuple[str, ...]
    negations: tuple[str, ...]
    linking_words: frozenset[str]
    empty_words: frozenset[str]
    one_by_one: tuple[str, ...]
    the_title: tuple[str, ...]
    school_levels: tuple[str, ...]
    common_job_words: frozenset[str]
    whole: tuple[str, ...]
    still: tuple[str, ...]
    too_late: tuple[str, ...]
    rising: tuple[str, ...]
    falling: tuple[str, ...]
    previous_year: tuple[str, ...]
    next_year: tuple[str, ...]


class OtherTitlesFile(Frozen):
    """Shape of ``other_titles.yml``."""

    owned_by: tuple[str, ...]
    asked_by: tuple[str, ...]
    diplomas: tuple[str, ...]
    trades: tuple[str, ...]


def alternatives(patterns: Sequence[str]) -> re.Pattern[str]:
    """Compile patterns into one that matches any of them as whole words of a folded text."""
    return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(patterns)})(?![a-z0-9])")


@dataclass(frozen=True)
class Vocabulary:
    """Compiled patterns, all meant for folded text."""

    data: VocabularyData
    others: OtherTitlesFile

    @cached_property
    def routes(self) -> Mapping[Route, re.Pattern[str]]:
        """One pattern for each way of access."""
        return {route: alternatives(said) for route, said in self.data.routes.items()}

    @cached_property
    def route_groups(self) -> Mapping[re.Pattern[str], tuple[Route, ...]]:
        """Words that stand for several ways of access."""
        return {alternatives(group.words): group.routes for group in self.data.route_groups.values()}

    @cached_property
    def measures(self) -> Mapping[str, re.Pattern[str]]:
        """One pattern for each yearly figure, the narrower ones first."""
        return {name: alternatives(said) for name, said in self.data.measures.items()}

    @cached_property
    def comparisons(self) -> Mapping[str, re.Pattern[str]]:
        """One pattern for each small computation."""
        return {name: alternatives(said) for name, said in self.data.comparisons.items()}

    @cached_property
    def other_structures(self) -> re.Pattern[str]:
        """Employers that people ask about beyond those of the fiche."""
        return alternatives(self.data.other_structures)

    @cached_property
    def assessment_forms(self) -> Sequence[tuple[re.Pattern[str], AssessmentForm]]:
        """Forms of assessment with the pattern that names each."""
        return [(alternatives([form.said]), form) for form in self.data.assessment_forms]

    @cached_property
    def cardinals(self) -> Mapping[str, int]:
        """Numbers in letters."""
        return {word: number for number, said in self.data.cardinals.items() for word in said}

    @cached_property
    def ordinals(self) -> Mapping[str, int]:
        """Ranks in letters."""
        return {word: number for number, said in self.data.ordinals.items() for word in said}

    @cached_property
    def other_titles(self) -> re.Pattern[str]:
        """A diploma by its name, or a profession that a question is about."""
        asked = "|".join(self.others.asked_by)
        linked = rf"(?:(?:{asked})(?:\s+|\s*')(?:(?:de|du|des|d|un|une|l|le|la|pour|en|chez)(?:\s+|\s*')){{0,2}})+"
        return re.compile(
            rf"(?<![a-z0-9])(?:(?:{'|'.join(self.others.diplomas)})|{linked}(?:{'|'.join(self.others.trades)}))(?![a-z0-9])"
        )

    @cached_property
    def owned_title(self) -> re.Pattern[str]:
        """What comes before a diploma that the person has, and does not ask about; searched at the end of a text."""
        return re.compile(
            rf"(?<![a-z0-9])(?:{'|'.join(self.others.owned_by)})(?:\s+(?:un|une|le|la|mon|ma|pas|de|d'|deja|l'|eu|bien|seulement|juste))*\s*['’]?$"
        )

    @cached_property
    def other_bodies(self) -> re.Pattern[str]:
        """Bodies that people take for the certifier."""
        return alternatives(self.data.other_bodies)

    @cached_property
    def exclusive(self) -> re.Pattern[str]:
        """« uniquement » and the like."""
        return re.compile("|".join(self.data.exclusive))

    @cached_property
    def obligation(self) -> re.Pattern[str]:
        """« faut », « obligatoire » and the like."""
        return alternatives(self.data.obligation)

    @cached_property
    def distress(self) -> Mapping[str, re.Pattern[str]]:
        """One pattern for each kind of distress."""
        return {name: alternatives(said) for name, said in self.data.distress.items()}

    @cached_property
    def danger(self) -> re.Pattern[str]:
        """Words that call for help lines, whatever else the message says."""
        return alternatives(self.data.danger)

    @cached_property
    def open_question(self) -> re.Pattern[str]:
        """Interrogative words."""
        return alternatives(self.data.open_question_words)

    @cached_property
    def closed_question(self) -> re.Pattern[str]:
        """Turns of phrase that call for a yes or a no; each says itself where it ends."""
        return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(self.data.closed_question_marks)})")

    @cached_property
    def negation(self) -> re.Pattern[str]:
        """Turns of phrase by which a closed question is asked in the negative."""
        return alternatives(self.data.negations)


def load_vocabulary(path: Path, other_titles: Path = OTHER_TITLES_FILE) -> Vocabulary:
    """Read and check the words of people and the names of other titles.

    Raises:
        DataError: a file is wrong; the message gives file and line.
    """
    return Vocabulary(load_model(path, VocabularyData), load_model(other_titles, OtherTitlesFile))
