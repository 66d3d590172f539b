"""The reception enrols, cancels, welcomes and hands over."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from bot.reception.sessions import EnrolmentState, InfoSession
from bot.reception.stage import At, Stage
from bot.storage import callbacks, info_sessions, reception
from bot.storage.callbacks import State
from tests.bot.reception.conftest import NOW, Candidate, Letters, session


def kept(database: Engine, session_id: str) -> list[tuple[str, str, EnrolmentState]]:
    with database.connect() as connection:
        return [(e.first_name, e.contact, e.state) for e in info_sessions.enrolments(connection, session_id)]


# --- Announcing -----------------------------------------------------------------------------------


def test_without_a_session_the_assistant_says_that_it_knows_none(candidate: Candidate) -> None:
    assert candidate.asks("c'est quand la prochaine réunion") is None


def test_the_next_sessions_are_announced_in_order(candidate: Candidate, database: Engine) -> None:
    with database.begin() as connection:
        info_sessions.add(connection, session(20, title="La seconde"))
        info_sessions.add(connection, session(2, title="La première"))
    told = candidate.asks("quand est la prochaine réunion ?") or ""
    assert told.index("La première") < told.index("La seconde")
    assert "dimanche 29 novembre 2026" in told
    assert "de 10 h à 11 h 30" in told
    assert "ne viennent pas de la fiche" in told
    assert all(len(title) <= 24 for title in candidate.buttons)


@pytest.mark.parametrize("changed", [{"public": False}, {"cancelled": True}, {"days": -1}])
def test_what_is_not_public_is_not_announced(
    candidate: Candidate, database: Engine, changed: dict[str, object]
) -> None:
    with database.begin() as connection:
        info_sessions.add(connection, session(**changed))  # type: ignore[arg-type]
    assert candidate.asks("prochaines réunions") is None


# --- Enrolling ------------------------------------------------------------------------------------


def test_enrolling_with_a_first_name_and_a_contact(
    candidate: Candidate, database: Engine, planned: InfoSession
) -> None:
    told = candidate.enrols("je m'appelle nadia", "06 12 34 56 78")
    assert "vous avez une place" in told
    assert "INS-" in told
    assert "/agenda/INS-" in told
    assert kept(database, planned.id) == [("Nadia", "06 12 34 56 78", EnrolmentState.ENROLLED)]


def test_nothing_is_kept_before_the_consent(candidate: Candidate, database: Engine, planned: InfoSession) -> None:
    assert "il me faut votre accord" in (candidate.asks("je veux m'inscrire") or "")
    assert "Rien n'est gardé" in (candidate.presses("Non merci") or "")
    assert kept(database, planned.id) == []
    with database.connect() as connection:
        assert reception.read(connection, candidate.sender) == Stage()


def test_a_code_is_enough(candidate: Candidate, database: Engine, planned: InfoSession) -> None:
    candidate.asks("je veux m'inscrire")
    candidate.presses("Oui, sans")
    assert kept(database, planned.id) == [("", "", EnrolmentState.ENROLLED)]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("nadia", "Nadia"),
        ("Moi c'est Karim", "Karim"),
        ("JEAN-LUC", "Jean-Luc"),
        ("je mapelle léa", "Léa"),
        ("McCoy", "McCoy"),
    ],
)
def test_first_names_as_they_are_typed(
    candidate: Candidate, database: Engine, planned: InfoSession, typed: str, name: str
) -> None:
    candidate.enrols(typed)
    assert kept(database, planned.id)[0][0] == name


@pytest.mark.parametrize("typed", ["06 12 34 56 78", "x@y.fr", "a" * 60, "<b>Léa</b>", "12"])
def test_what_is_no_first_name_is_asked_again(candidate: Candidate, planned: InfoSession, typed: str) -> None:
    candidate.asks("je veux m'inscrire")
    candidate.presses("Oui, avec")
    assert "seulement votre prénom" in (candidate.says(typed) or "")


@pytest.mark.parametrize("typed", ["appelez moi", "06 12", "nadia arobase exemple", "…"])
def test_what_is_no_contact_is_asked_again(candidate: Candidate, planned: InfoSession, typed: str) -> None:
    candidate.asks("je veux m'inscrire")
    candidate.presses("Oui, avec")
    candidate.says("Nadia")
    assert "pas reconnu un numéro" in (candidate.says(typed) or "")
    assert "Pas de contact" in candidate.buttons


def test_a_question_in_the_middle_is_left_to_the_assistant_and_the_dialogue_goes_on(
    candidate: Candidate, planned: InfoSession
) -> None:
    candidate.asks("je veux m'inscrire")
    candidate.presses("Oui, avec")
    told = candidate.says("c'est quoi les blocs de compétences ?", "blocs") or ""
    assert "Revenons à votre demande" in told
    assert "prénom" in told
    candidate.says("Nadia")
    assert "vous avez une place" in (candidate.says("nadia@exemple.fr") or "")


def test_once_a_conversation(candidate: Candidate, database: Engine, planned: InfoSession) -> None:
    candidate.enrols()
    assert "Vous avez déjà une place" in (candidate.asks("je veux m'inscrire à la réunion") or "")
    assert len(kept(database, planned.id)) == 1


def test_a_message_brought_again_is_not_the_next_answer(candidate: Candidate, planned: InfoSession) -> None:
    candidate.asks("je veux m'inscrire")
    candidate.presses("Oui, avec")
    first = candidate.says("Nadia")
    assert candidate.again("Nadia") == first


# --- The waiting list and cancelling --------------------------------------------------------------


def test_a_full_session_has_a_waiting_list_that_moves_up(
    database: Engine, letters: Letters, planned: InfoSession
) -> None:
    people = [Candidate(database, letters, f"web:{n}") for n in range(5)]
    told = [person.enrols(f"Prénom{'abcde'[n]}") for n, person in enumerate(people)]
    assert ["vous avez une place" in text for text in told] == [True, True, True, False, False]
    assert "au rang 1" in told[3]
    assert "au rang 2" in told[4]
    people[0].asks("je ne peux plus venir à la réunion")
    assert "C'est annulé" in (people[0].presses("Oui, j'annule") or "")
    assert letters.sent == [("web:3", letters.sent[0][1])]
    assert "une place s'est libérée" in letters.sent[0][1]
    states = [state for _, _, state in kept(database, planned.id)]
    assert states == [EnrolmentState.CANCELLED, *[EnrolmentState.ENROLLED] * 3, EnrolmentState.WAITING]
    assert kept(database, planned.id)[0][:2] == ("", "")


def test_who_cannot_be_written_to_is_left_to_the_team(database: Engine, letters: Letters) -> None:
    with database.begin() as connection:
        planned = info_sessions.add(connection, session(seats=1))
    first, second = Candidate(database, letters, "web:1"), Candidate(database, letters, "rest-2")
    first.enrols()
    second.enrols("Karim", "0612345678")
    first.asks("j'annule ma place")
    first.presses("Oui")
    with database.connect() as connection:
        assert [e.first_name for e in info_sessions.by_hand(connection, planned.id)] == ["Karim"]


def test_cancelling_from_another_device_by_the_code(
    candidate: Candidate, database: Engine, letters: Letters, planned: InfoSession
) -> None:
    code = candidate.enrols().split("INS-")[1][:6]
    elsewhere = Candidate(database, letters, "web:autre")
    assert "vous avez une place" in (elsewhere.says(f"mon code est ins {code.lower()}") or "")
    elsewhere.presses("Annuler ma place")
    assert "C'est annulé" in (elsewhere.presses("Oui") or "")


@pytest.mark.parametrize("code", ["INS-ZZZZZ9", "INS-A2B3C4"])
def test_a_wrong_code_is_said_so(candidate: Candidate, planned: InfoSession, code: str) -> None:
    assert "Je ne connais pas ce code" in (candidate.says(code) or "")


def test_keeping_ones_seat(candidate: Candidate, database: Engine, planned: InfoSession) -> None:
    candidate.enrols()
    candidate.asks("j'annule")
    assert "je garde votre place" in (candidate.says("non", "deny") or "")
    assert kept(database, planned.id)[0][2] is EnrolmentState.ENROLLED


# --- In the room ----------------------------------------------------------------------------------


def test_joining_a_session_that_takes_place(candidate: Candidate, database: Engine) -> None:
    with database.begin() as connection:
        now = info_sessions.add(connection, session(0))
    told = candidate.says(f"Réunion {now.code}") or ""
    assert "image du groupe" in told
    with database.connect() as connection:
        assert info_sessions.members(connection, now.id) == 0
    candidate.presses("D'accord, je participe")
    with database.connect() as connection:
        assert info_sessions.members(connection, now.id) == 1


def test_joining_marks_who_is_enrolled_as_present(candidate: Candidate, database: Engine) -> None:
    with database.begin() as connection:
        soon = info_sessions.add(connection, session(0.02))
    candidate.enrols()
    candidate.says(f"réunion {soon.code}")
    candidate.presses("D'accord, je participe")
    with database.connect() as connection:
        assert [e.present for e in info_sessions.enrolments(connection, soon.id)] == [True]


def test_too_early_the_code_enrols_even_by_invitation(candidate: Candidate, database: Engine) -> None:
    with database.begin() as connection:
        private = info_sessions.add(connection, session(5, public=False))
    assert "il me faut votre accord" in (candidate.says(f"réunion {private.code}") or "")


def test_an_hour_is_no_code(candidate: Candidate, planned: InfoSession) -> None:
    assert candidate.says("la réunion 14h30 c'est bon ?", "blocs") is None


# --- The team -------------------------------------------------------------------------------------


def test_without_a_team_the_assistant_answers_alone(candidate: Candidate) -> None:
    assert candidate.wants_somebody() is None


@pytest.mark.usefixtures("team")
def test_a_request_is_kept_with_consent(candidate: Candidate, database: Engine) -> None:
    assert "Êtes-vous d'accord" in (candidate.wants_somebody() or "")
    candidate.presses("Oui, transmettre")
    assert "C'est transmis" in (candidate.says("Je suis en arrêt, je peux venir ?") or "")
    with database.connect() as connection:
        request = callbacks.open_of(connection, candidate.sender)
        assert request is not None
        assert [said.text for said in callbacks.said(connection, request.id)] == ["Je suis en arrêt, je peux venir ?"]


@pytest.mark.usefixtures("team")
def test_who_cannot_be_written_to_leaves_a_contact(database: Engine, letters: Letters) -> None:
    person = Candidate(database, letters, "rest-1")
    person.wants_somebody()
    assert "Comment vous joindre" in (person.presses("Oui, transmettre") or "")
    assert "pas reconnu" in (person.says("bah appelez moi") or "")
    person.says("06 12 34 56 78")
    person.says("Je voudrais des nouvelles de mon dossier")
    with database.connect() as connection:
        request = callbacks.open_of(connection, "rest-1")
        assert request is not None
        assert request.contact == "06 12 34 56 78"


@pytest.mark.usefixtures("team")
def test_the_assistant_is_silent_while_somebody_has_the_conversation(candidate: Candidate, database: Engine) -> None:
    candidate.wants_somebody()
    candidate.presses("Oui, transmettre")
    candidate.says("Bonjour")
    with database.begin() as connection:
        request = callbacks.open_of(connection, candidate.sender)
        assert request is not None
        callbacks.take(
            connection, request.id, connection.exec_driver_sql("SELECT id FROM staff_account").scalar_one(), NOW
        )
        reception.write(connection, candidate.sender, Stage(At.WITH_TEAM), NOW)
    assert candidate.says("Vous êtes là ?", "greet") == ""
    assert candidate.says("c'est quoi la VAE ?", "vae") == ""
    with database.begin() as connection:
        texts = [said.text for said in callbacks.said(connection, request.id)]
        assert texts == ["Bonjour", "Vous êtes là ?", "c'est quoi la VAE ?"]
        callbacks.close(connection, request.id, NOW)
    assert candidate.says("c'est quoi la VAE ?", "vae") is None


@pytest.mark.usefixtures("team")
def test_a_request_is_given_up(candidate: Candidate, database: Engine) -> None:
    candidate.wants_somebody()
    candidate.presses("Oui, transmettre")
    candidate.says("Bonjour")
    candidate.presses("Annuler ma demande")
    with database.connect() as connection:
        assert callbacks.open_of(connection, candidate.sender) is None
        assert [r.state for r in callbacks.listed(connection, closed=True)] == [State.CLOSED]


@pytest.mark.usefixtures("team")
@pytest.mark.parametrize("topic", ["distress"])
def test_danger_is_never_kept_from_the_assistant(candidate: Candidate, planned: InfoSession, topic: str) -> None:
    candidate.asks("je veux m'inscrire")
    candidate.presses("Oui, avec")
    assert candidate.says("j'en peux plus je veux en finir", topic) is None


def test_a_session_is_announced_beside_an_answer_on_dates(candidate: Candidate, planned: InfoSession) -> None:
    beside = candidate._reception.beside(candidate.sender, ("silent_session_dates",), NOW)
    assert "réunion d'information" in beside[0].text
    assert candidate._reception.beside(candidate.sender, ("blocs",), NOW) == ()
    assert candidate._reception.beside(candidate.sender, ("silent_session_dates",), NOW + timedelta(days=9)) == ()
