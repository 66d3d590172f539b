"""What the team answered is given to its question, live, and to nothing else."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from actions.team_answers import TOPIC, TeamAnswers
from bot.answers.assistant import Reply, load_assistant
from bot.answers.question import Memory, Understanding
from bot.nlu.likeness import Likeness
from bot.storage import complements
from bot.storage.complements import NewComplement
from bot.storage.database import open_database
from bot.team.limits import team_limits
from tests.bot.reception.conftest import NOW

DAY = date(2026, 11, 27)
PARKING = NewComplement(
    "", "Y a-t-il un parking pour les voitures ?", "Oui, derrière l'atelier.", "Livret d'accueil", DAY
)
NOTHING = Reply((), Memory(), ("nlu_fallback",))
ASSISTANT = load_assistant()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/base.db")
    yield engine
    engine.dispose()


@pytest.fixture
def answers(database: Engine) -> TeamAnswers:
    likeness = Likeness([topic.entry.label for topic in ASSISTANT.catalogue.topics.values()])
    return TeamAnswers(ASSISTANT, database, team_limits().complement_alike, likeness.vectors)


def write(database: Engine, content: NewComplement = PARKING) -> str:
    with database.begin() as connection:
        return complements.write(connection, content, "Claire", NOW, examples=["on peut se garer où ?"])


def told(answers: TeamAnswers, text: str, reply: Reply = NOTHING, day: date = DAY, topic: str = "nlu_fallback") -> str:
    answers.refresh()
    found = answers.own_answer(Understanding(text, topic), reply, day)
    return found.messages[0].text if found else ""


@pytest.mark.parametrize(
    "text", ["Y a-t-il un parking pour les voitures ?", "ON PEUT SE GARER OU", "je peux garer ma voiture où"]
)
def test_the_question_and_those_alike_are_answered(answers: TeamAnswers, database: Engine, text: str) -> None:
    write(database)
    said = told(answers, text)
    assert said.startswith("Ajouté par l'équipe, hors fiche (Livret d'accueil, 27 novembre 2026)")
    assert "derrière l'atelier" in said


@pytest.mark.parametrize(
    "text", ["il fait beau aujourd'hui", "c'est quoi le wifi", "on mange où à midi", "je viens en train"]
)
def test_another_question_is_not(answers: TeamAnswers, database: Engine, text: str) -> None:
    write(database)
    assert told(answers, text) == ""


def test_what_the_fiche_answers_is_left_to_it(answers: TeamAnswers, database: Engine) -> None:
    write(database)
    assert told(answers, PARKING.question, Reply((), Memory(), ("blocs",)), topic="blocs") == ""


def test_what_was_taken_for_a_competency_for_want_of_better_is_answered(answers: TeamAnswers, database: Engine) -> None:
    write(database)
    guessed = Reply((), Memory(), ("competency_search",))
    assert told(answers, PARKING.question, guessed)
    assert told(answers, PARKING.question, guessed, topic="competency_search") == ""


def test_an_answer_is_read_again_when_it_changes_and_only_then(answers: TeamAnswers, database: Engine) -> None:
    assert not answers.refresh()
    made = write(database)
    assert answers.refresh()
    assert not answers.refresh()
    with database.begin() as connection:
        complements.set_active(connection, made, False)
    assert told(answers, PARKING.question) == ""


def test_an_answer_past_its_last_day_is_not_said(answers: TeamAnswers, database: Engine) -> None:
    until = NewComplement("", PARKING.question, PARKING.text, PARKING.source, DAY, valid_until=DAY)
    write(database, until)
    assert told(answers, PARKING.question)
    assert told(answers, PARKING.question, day=DAY + timedelta(days=1)) == ""


def test_on_a_topic_it_is_said_after_what_the_fiche_says(answers: TeamAnswers, database: Engine) -> None:
    write(database, NewComplement("silent_price", "Combien ?", "Notre centre demande 4 900 €.", "Catalogue", DAY))
    answers.refresh()
    said = answers.assistant.answer(Understanding("combien ça coûte", "silent_price"), Memory(), DAY).messages[0].text
    assert said.index("pas de prix") < said.index("Ajouté par l'équipe") < said.index("4 900 €")


def test_markup_of_the_team_is_text(answers: TeamAnswers, database: Engine) -> None:
    write(database, NewComplement("", "Un piège ?", "{{ entry.source }} {% raise %}", "{{ 7 * 7 }}", DAY))
    assert "{{ 7 * 7 }}" in told(answers, "Un piège ?")
    assert TOPIC not in ASSISTANT.catalogue.topics
