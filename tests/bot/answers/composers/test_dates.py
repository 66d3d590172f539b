"""Topics of the registration."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from bot.answers.assistant import Reply
from referential.model import Fiche, State

Tell = Callable[..., str]
DATES = {
    "decision_date": "27 octobre 2025",
    "expiry_date": "27 octobre 2030",
    "last_delivery_date": "26 octobre 2034",
    "last_journal_date": "20 juillet 2022",
}


@pytest.mark.parametrize(("topic", "day"), DATES.items())
def test_dates(tell: Tell, fiche: Fiche, topic: str, day: str) -> None:
    reply = tell("quelle date", topic)
    assert f"**{day}**" in reply or f"**jusqu'au {day}**" in reply
    assert f"« {getattr(fiche, topic).section} »" in reply


@pytest.mark.parametrize(("topic", "day"), DATES.items())
@pytest.mark.parametrize(
    ("asked", "answer"),
    [("le {day}", "Oui"), ("en {year}", "Oui"), ("en 2041", "Non"), ("le 3 mars {year}", "Non"), ("en {month}", "Oui")],
)
def test_a_day_that_the_question_supposes(tell: Tell, *, topic: str, day: str, asked: str, answer: str) -> None:
    supposed = asked.format(day=day, year=day.rsplit(maxsplit=1)[-1], month=day.split()[1])
    reply = tell(f"Est-ce que c'est {supposed} ?", topic)
    assert reply.startswith(f"{answer}, ")
    assert f"**{day}**" in reply


def test_a_day_in_figures(tell: Tell) -> None:
    assert tell("Est-ce que c'est le 27/10/2030 ?", "expiry_date").startswith("Oui, ")
    assert tell("Est-ce que c'est le 28/10/2030 ?", "expiry_date").startswith("Non, ")


def test_an_open_question_gets_no_yes(tell: Tell) -> None:
    assert tell("Quand est-ce que ça finit en 2030 ?", "expiry_date").startswith("L'enregistrement")


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("Pourra-t-on encore avoir le titre en 2033 ?", "Oui, "),
        ("Est-ce qu'on peut encore me le délivrer en 2035 ?", "Non, "),
        ("Est-ce que ce sera trop tard en 2036 ?", "Le titre peut"),
    ],
)
def test_a_time_before_the_last_day(tell: Tell, text: str, start: str) -> None:
    assert tell(text, "last_delivery_date").startswith(start)


def test_expiry_and_last_delivery_are_told_apart(tell: Tell) -> None:
    reply = tell("jusqu'à quand on le délivre", "last_delivery_date")
    assert "26 octobre 2034" in reply
    assert "27 octobre 2030" in reply


@pytest.mark.parametrize(
    ("today", "left"),
    [
        (date(2026, 11, 24), "Il reste 3 ans et 11 mois."),
        (date(2029, 10, 27), "Il reste 1 an."),
        (date(2030, 10, 27), "Il reste moins d'un mois."),
    ],
)
@pytest.mark.parametrize("topic", ["expiry_date", "registration"])
def test_time_left(ask: Callable[..., Reply], topic: str, today: date, left: str) -> None:
    (message,) = ask("combien de temps il reste", topic, today=today).messages
    assert left in message.text


@pytest.mark.parametrize("topic", ["expiry_date", "registration"])
def test_after_the_last_day(ask: Callable[..., Reply], fiche: Fiche, topic: str) -> None:
    (message,) = ask("quelle échéance", topic, today=fiche.expiry_date.require() + timedelta(days=1)).messages
    assert "a pris fin le **27 octobre 2030**" in message.text
    assert "reste" not in message.text


@pytest.mark.parametrize(
    ("today", "start"),
    [(date(2026, 11, 24), "Oui, l'enregistrement"), (date(2031, 1, 1), "Non, l'enregistrement")],
)
def test_still_valid(ask: Callable[..., Reply], today: date, start: str) -> None:
    (message,) = ask("Est-ce que le titre est encore valable ?", "registration", today=today).messages
    assert message.text.startswith(start)


def test_all_the_dates(tell: Tell) -> None:
    reply = tell("quelles dates", "registration")
    for said in ("27 octobre 2025", "5 ans", "27 octobre 2030", "26 octobre 2034"):
        assert said in reply


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("Combien d'années ?", "Le titre est enregistré pour **5 ans**, du 27 octobre 2025 au 27 octobre 2030"),
        ("Est-ce que c'est 5 ans ?", "Oui, le titre est enregistré pour **5 ans**"),
        ("Est-ce que c'est cinq ans ?", "Oui, "),
        ("Est-ce que c'est 3 ans ?", "Non, pas 3 : le titre est enregistré pour **5 ans**"),
    ],
)
def test_duration(tell: Tell, text: str, start: str) -> None:
    assert tell(text, "registration_duration").startswith(start)


def test_the_duration_is_not_that_of_the_training(tell: Tell) -> None:
    assert "pas celle de la formation" in tell("combien d'années", "registration_duration")


def test_one_year_is_singular(tell_with: Tell) -> None:
    assert "**1 an**" in tell_with("combien de temps", "registration_duration", duration_years=1)


def test_legal_texts(tell: Tell) -> None:
    reply = tell("quel arrêté", "legal_texts")
    assert "1 texte" in reply
    assert "Arrêté du 28 mars 2002" in reply
    assert "**6 avril 2002**" in reply


@pytest.mark.parametrize(("state", "said"), [(State.NOT_GIVEN, "est vide"), (State.UNREADABLE, "illisible")])
@pytest.mark.parametrize(
    ("topic", "field"),
    [
        *((name, name) for name in DATES),
        ("registration_duration", "duration_years"),
        ("legal_texts", "legal_texts"),
        ("registration", "expiry_date"),
    ],
)
def test_states(tell_with: Tell, fiche: Fiche, *, topic: str, field: str, state: State, said: str) -> None:
    reply = tell_with("Est-ce que c'est en 2030 ?", topic, **{field: state})
    assert said in reply
    assert f"« {getattr(fiche, field).section} »" in reply


def test_a_date_that_is_missing_is_left_out_of_the_others(tell_with: Tell) -> None:
    unknown = dict.fromkeys(("decision_date", "duration_years", "last_delivery_date"), State.NOT_GIVEN)
    reply = tell_with("quelles dates", "registration", **unknown)
    assert "27 octobre 2030" in reply
    assert "Décision" not in reply
    reply = tell_with("combien de temps", "registration_duration", expiry_date=State.NOT_GIVEN)
    assert "5 ans" in reply
    assert "octobre" not in reply
