"""What a composer is given and gives back."""

from datetime import date

import pytest

from bot.answers.assistant import Assistant
from bot.answers.composers.scene import Scene, absent
from bot.answers.mentions import Kind
from bot.answers.question import Question
from bot.messages import Choice
from referential.model import Fact, State


@pytest.fixture
def scene(assistant: Assistant) -> Scene:
    return Scene(
        question=Question("dites-moi", "blocs", (), assistant.vocabulary),
        topic=assistant.catalogue.topics["blocs"],
        fiche=assistant.fiche,
        complements=assistant.complements,
        competencies=assistant.competencies,
        today=date(2026, 11, 24),
        limits=assistant.catalogue.common.limits,
    )


@pytest.mark.parametrize("state", [State.NOT_GIVEN, State.UNREADABLE, State.STATED_NO])
def test_an_absent_fact_is_said_by_its_state_with_its_section(state: State) -> None:
    composed = absent(Fact[str](section="Une rubrique", state=state))
    assert composed is not None
    assert composed.variant == str(state)
    assert composed.sections == ("Une rubrique",)
    assert composed.values == {"section": "Une rubrique"}


def test_a_stated_fact_is_not_absent() -> None:
    assert absent(Fact[str](section="Une rubrique", state=State.STATED, value="dit")) is None


def test_the_button_of_a_bloc(scene: Scene) -> None:
    bloc = scene.blocs[1]
    title = "Bloc 2 : Former des salariés en situation de production"
    assert scene.bloc_choice(bloc) == Choice(title, "bloc_detail", ((Kind.BLOC, "2"),))
    assert scene.bloc_choice(bloc, "assessment").topic == "assessment"
