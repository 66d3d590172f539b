"""The self-positioning of a group, without anybody in it: nothing under a number of people, averages and no counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean

from referential.positioning import Item, Questionnaire


@dataclass(frozen=True)
class Cell:
    """One competency, for the group."""

    id: str
    name: str
    bloc: int
    band: int | None
    """0 (pas encore) to 4, of the average; None when too few answered."""
    said: str
    """The average in the words of the scale, or that too few answered."""


@dataclass(frozen=True)
class BlocProfile:
    """One bloc."""

    number: int
    title: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class GroupProfile:
    """The picture of a group."""

    people: int
    """Who answered at least a question."""
    enough: bool
    blocs: tuple[BlocProfile, ...]

    @property
    def strongest(self) -> tuple[Cell, ...]:
        """The three competencies with the best average."""
        return tuple(sorted(self._known, key=lambda c: -(c.band or 0))[:3])

    @property
    def weakest(self) -> tuple[Cell, ...]:
        """The three with the lowest."""
        return tuple(sorted(self._known, key=lambda c: c.band or 0)[:3])

    @property
    def _known(self) -> list[Cell]:
        return [cell for bloc in self.blocs for cell in bloc.cells if cell.band is not None]


_BANDS = 4


def group_profile(answers: Iterable[tuple[str, str, str]], questionnaire: Questionnaire, least: int) -> GroupProfile:
    """Return the picture of a group.

    Args:
        answers: (attempt, question, level) of everybody.
        questionnaire: what was asked.
        least: people under which nothing is shown, for the group and for each competency.
    """
    by_attempt: dict[str, dict[str, int]] = {}
    for attempt, question, level in answers:
        if level.isdigit():
            by_attempt.setdefault(attempt, {})[question] = int(level)
    enough = len(by_attempt) >= least
    highest = max(level.rank for level in questionnaire.scale if level.rank is not None)
    blocs: dict[int, list[Cell]] = {}
    titles: dict[int, str] = {}
    for item in questionnaire.competency_items:
        titles[item.bloc.number] = item.bloc.title
        given = [_level(levels, item, questionnaire) for levels in by_attempt.values()] if enough else []
        cell = _cell(item, [level for level in given if level is not None], highest, least, questionnaire)
        blocs.setdefault(item.bloc.number, []).append(cell)
    profiles = tuple(BlocProfile(number, titles[number], tuple(cells)) for number, cells in sorted(blocs.items()))
    return GroupProfile(len(by_attempt), enough, profiles)


def _level(levels: Mapping[str, int], item: Item, questionnaire: Questionnaire) -> int | None:
    """Return the level of a competency: its own answer, else that of its theme."""
    if item.id in levels:
        return levels[item.id]
    theme = questionnaire.theme_of(item.id)
    return levels.get(theme.id) if theme else None


def _cell(item: Item, levels: list[int], highest: int, least: int, questionnaire: Questionnaire) -> Cell:
    if len(levels) < least:
        return Cell(item.id, item.text.name, item.bloc.number, None, "trop peu de réponses")
    mean = fmean(levels)
    nearest = questionnaire.level(str(round(mean)))
    band = min(_BANDS, round(mean / highest * _BANDS))
    return Cell(item.id, item.text.name, item.bloc.number, band, nearest.label if nearest else "")
