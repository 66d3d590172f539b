"""The picture of a group shows nobody."""

import pytest

from bot.positioning.guide import load_guide
from bot.team.group_profile import group_profile
from referential.positioning import Questionnaire

LEAST = 5


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    return load_guide(365).questionnaire


def answers(people: int, item: str, level: str = "2") -> list[tuple[str, str, str]]:
    return [(f"essai-{n}", item, level) for n in range(people)]


def test_nothing_is_shown_of_a_small_group(questionnaire: Questionnaire) -> None:
    profile = group_profile(answers(LEAST - 1, "BC01-C01"), questionnaire, LEAST)
    assert not profile.enough
    assert {cell.band for bloc in profile.blocs for cell in bloc.cells} == {None}


def test_a_group_of_five_is_shown_where_five_answered(questionnaire: Questionnaire) -> None:
    given = answers(LEAST, "BC01-C01", "3") + answers(LEAST - 1, "BC01-C02", "0")
    profile = group_profile(given, questionnaire, LEAST)
    cells = {cell.id: cell for bloc in profile.blocs for cell in bloc.cells}
    assert profile.enough
    assert profile.people == LEAST
    assert (cells["BC01-C01"].band, cells["BC01-C01"].said) == (4, "Même dans l'imprévu")
    assert cells["BC01-C02"].band is None
    assert cells["BC01-C02"].said == "trop peu de réponses"


def test_many_answers_of_one_person_are_one_person(questionnaire: Questionnaire) -> None:
    given = [("essai", item.id, "2") for item in questionnaire.competency_items]
    assert group_profile(given, questionnaire, LEAST).people == 1


def test_the_answer_to_a_theme_stands_for_its_competencies(questionnaire: Questionnaire) -> None:
    theme = questionnaire.theme_items[0]
    profile = group_profile(answers(LEAST, theme.id, "1"), questionnaire, LEAST)
    known = {cell.id for bloc in profile.blocs for cell in bloc.cells if cell.band is not None}
    assert known == set(theme.competencies)


def test_what_is_not_known_is_no_level(questionnaire: Questionnaire) -> None:
    profile = group_profile(answers(9, "BC01-C01", "unknown"), questionnaire, LEAST)
    assert profile.people == 0


def test_every_competency_has_its_cell(questionnaire: Questionnaire) -> None:
    profile = group_profile([], questionnaire, LEAST)
    assert [len(bloc.cells) for bloc in profile.blocs] == [9, 15, 9, 6]
