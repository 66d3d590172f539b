"""The questionnaire as a candidate lives it, message by message."""

from dataclasses import replace

import pytest

from bot.answers.question import Understanding
from bot.positioning.codes import new_code
from bot.positioning.guide import Guide
from bot.positioning.reading import TOPIC
from tests.bot.positioning.conftest import Candidate, act, written

START = written("je veux me positionner", topic=TOPIC)


# --- Beginning --------------------------------------------------------------------------------------


def test_it_says_how_long_what_is_kept_and_why_before_anything(candidate: Candidate) -> None:
    said = candidate.says(START) or ""
    assert "13 questions" in said and "39 questions" in said and "minutes" in said
    assert "Ce que je garde" in said and "365 jours" in said and "Pourquoi" in said
    assert "ni un examen, ni une promesse" in said


def test_nothing_is_stored_before_consent(candidate: Candidate) -> None:
    candidate.says(START)
    stage = candidate.stage
    assert stage is not None and not stage.attempt_id
    assert "je ne garde rien" in candidate.presses("Non merci")
    assert candidate.stage is None


@pytest.mark.parametrize("yes", ["oui", "D'accord", "ok !", "vas-y", "1"])
def test_consent_may_be_written(candidate: Candidate, yes: str) -> None:
    candidate.says(START)
    assert "Quel parcours" in (candidate.says(yes) or "")


def test_a_question_before_consent_is_for_the_assistant(candidate: Candidate) -> None:
    candidate.says(START)
    assert candidate.says(written("c'est quoi le jury ?", ("question", 0.9), topic="jury", confidence=0.95)) is None
    assert "d'accord pour que je garde" in candidate.shown[0].text


@pytest.mark.parametrize(
    ("chosen", "count"), [("Parcours court", 13), ("Parcours complet", 39), ("1", 13), ("2", 39), ("le court", 13)]
)
def test_paths(candidate: Candidate, chosen: str, count: int) -> None:
    candidate.says(START)
    candidate.says("oui")
    said = candidate.says(chosen) or ""
    assert f"{count} questions" in said and f"Question 1 sur {count}" in said
    assert candidate.attempt.code in said


def test_one_bloc(candidate: Candidate) -> None:
    candidate.says(START)
    candidate.says("oui")
    candidate.presses("Un seul bloc")
    said = candidate.presses("Bloc 4")
    assert "6 questions" in said
    assert all(item.startswith("BC04") for item in candidate.attempt.scope)


def test_who_holds_a_corresponding_title_begins_with_what_is_left(candidate: Candidate) -> None:
    candidate.says(START)
    candidate.says("oui")
    told = candidate.presses("J'ai déjà un titre")
    assert "RNCP39099BC02" in told and "RNCP39099BC03" in told and "partielle" in told
    said = candidate.presses("RNCP39099")
    assert "correspondance partielle" in said and "la fiche n'en dit pas plus" in said
    assert candidate.attempt.scope[0].startswith("BC04")
    candidate.says(act("no_stories"))
    done = candidate.answers_all("2")
    assert "correspondance" in done, "la suite proposée parle de la correspondance"
    assert "Aller plus loin" in candidate.titles


# --- Answering --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ("1", "0"),
        ("4.", "3"),
        ("la 2", "1"),
        ("avec de l'aide", "1"),
        ("Sans aide, d’habitude", "2"),
        ("je ne sais pas", "unknown"),
    ],
)
def test_a_number_or_the_words_of_a_level(candidate: Candidate, said: str, level: str) -> None:
    candidate.begins()
    first = candidate.attempt.scope[0]
    candidate.says(said)
    assert candidate.attempt.answers[first].level == level


def test_a_sure_sentence_is_noted_and_said_back(candidate: Candidate) -> None:
    candidate.begins()
    said = candidate.says(written("je l'ai fait deux fois avec mon chef", ("level_1", 0.93))) or ""
    assert "Noté : **Avec de l'aide**" in said


def test_an_unsure_sentence_is_confirmed_and_not_guessed(candidate: Candidate) -> None:
    candidate.begins()
    said = candidate.says(written("ça m'arrive quand mon chef est là", ("level_1", 0.5))) or ""
    assert "Si je comprends bien" in said and "Avec de l'aide" in said
    assert not candidate.attempt.answers
    assert "Noté : **Avec de l'aide**" in (candidate.says("oui") or "")


def test_a_refused_guess_lists_the_levels(candidate: Candidate) -> None:
    candidate.begins()
    candidate.says(written("plus ou moins", ("level_1", 0.5)))
    assert "De quoi êtes-vous le plus proche" in (candidate.says("non") or "")
    assert "Noté : **Pas encore**" in candidate.presses("Pas encore")


def test_a_vague_answer_is_not_guessed(candidate: Candidate) -> None:
    candidate.begins()
    said = candidate.says(written("ça dépend", ("vague", 0.8))) or ""
    assert "De quoi êtes-vous le plus proche" in said
    assert not candidate.attempt.answers


def test_a_question_in_the_middle_is_answered_then_the_questionnaire_goes_on(candidate: Candidate) -> None:
    candidate.begins()
    candidate.says("2")
    asked = candidate.stage
    assert candidate.says(written("et la vae ?", ("question", 0.9), topic="vae", confidence=0.97)) is None
    assert "On reprend le questionnaire" in candidate.shown[0].text
    assert "Question 2 sur 13" in candidate.shown[0].text
    assert candidate.stage == asked
    candidate.presses("Avec de l'aide")
    assert len(candidate.attempt.answers) == 2


def test_distress_is_never_an_answer(candidate: Candidate) -> None:
    candidate.begins()
    assert candidate.says(Understanding("j'ai plus envie de vivre", "distress", acts=[("level_0", 0.9)])) is None


def test_gibberish_gets_the_levels(candidate: Candidate) -> None:
    candidate.begins()
    assert "Je n'ai pas compris" in (candidate.says(written("zxcv", ("level_2", 0.1))) or "")
    assert not candidate.attempt.answers


# --- Examples ---------------------------------------------------------------------------------------


def test_an_example_is_asked_kept_and_found_in_the_booklet(candidate: Candidate, guide: Guide) -> None:
    candidate.begins(stories=True)
    assert "Racontez" in candidate.presses("Avec de l'aide")
    told = "on a accueilli Samir, j'ai préparé son casier et son parrain"
    assert "Votre exemple est gardé" in (candidate.says(written(told, ("story", 0.9))) or "")
    first = candidate.attempt.scope[0]
    assert candidate.attempt.answers[first].story == told
    booklet = guide.results.booklet(candidate.attempt, candidate.now.date())
    assert told in [entry.story for bloc in booklet.blocs for entry in bloc.entries]


def test_no_example_is_asked_of_who_has_not_done_it(candidate: Candidate) -> None:
    candidate.begins(stories=True)
    assert "Racontez" not in candidate.presses("Pas encore")
    assert "Racontez" not in candidate.presses("Je ne sais pas")


def test_examples_may_be_refused_once_for_all(candidate: Candidate) -> None:
    candidate.begins(stories=True)
    candidate.presses("Avec de l'aide")
    assert "je ne demande plus" in candidate.presses("Ne plus demander")
    assert "Racontez" not in candidate.presses("Avec de l'aide")


@pytest.mark.parametrize("no", ["non", "passer", "1"])
def test_an_example_may_be_left_out(candidate: Candidate, no: str) -> None:
    candidate.begins(stories=True)
    candidate.presses("Avec de l'aide")
    assert "Question 2 sur 13" in (candidate.says(no) or "")
    assert not any(answer.story for answer in candidate.attempt.answers.values())


def test_an_example_told_before_the_level_is_kept(candidate: Candidate) -> None:
    candidate.begins(stories=True)
    told = "un matin le camion est tombé en panne, j'ai changé le planning de toute l'équipe"
    assert "je le garde" in (candidate.says(written(told, ("story", 0.9))) or "")
    candidate.presses("Même dans l'imprévu")
    first = candidate.attempt.scope[0]
    assert candidate.attempt.answers[first].story == told
    assert candidate.attempt.answers[first].level == "3"


def test_a_question_while_an_example_is_expected_is_no_example(candidate: Candidate) -> None:
    candidate.begins(stories=True)
    candidate.presses("Avec de l'aide")
    assert candidate.says(written("c'est quoi la VAE ?", ("question", 0.9), topic="vae", confidence=0.9)) is None
    assert "Racontez" in candidate.shown[0].text


def test_an_example_is_cut_to_its_length(candidate: Candidate, guide: Guide) -> None:
    candidate.begins(stories=True)
    candidate.presses("Avec de l'aide")
    candidate.says(written("mot " * 2000, ("story", 0.9)))
    assert len(candidate.attempt.answers[candidate.attempt.scope[0]].story) == guide.limits.story_length


def test_an_example_may_be_added_later(candidate: Candidate) -> None:
    candidate.begins()
    candidate.answers_all("2")
    assert "Racontez" in (candidate.says(written("ajouter un exemple", ("add_story", 0.95))) or "")
    candidate.says(written("j'ai refait le planning quand deux personnes manquaient", ("story", 0.9)))
    assert [answer.story for answer in candidate.attempt.answers.values() if answer.story]


# --- At any moment ----------------------------------------------------------------------------------


def test_back_asks_the_question_before_again(candidate: Candidate) -> None:
    candidate.begins()
    candidate.presses("Pas encore")
    said = candidate.presses("Question d'avant")
    assert "Question 1 sur 13" in said and "Votre réponse pour l'instant : **Pas encore**" in said
    assert "Corrigé : **Avec de l'aide** (avant : Pas encore)" in candidate.presses("Avec de l'aide")
    assert "Question 2 sur 13" in candidate.shown[-1].text


def test_back_at_the_first_question(candidate: Candidate) -> None:
    candidate.begins()
    assert "rien avant" in (candidate.says(written("retour", ("back", 0.9))) or "")


def test_skip_and_come_back_at_the_end(candidate: Candidate) -> None:
    candidate.begins()
    candidate.presses("Passer")
    candidate.answers_all("2")
    said = candidate.presses("Questions passées")
    assert "Question 1 sur 13" in said
    candidate.presses("Avec de l'aide")
    assert not candidate.attempt.left_out


@pytest.mark.parametrize("words", ["je veux corriger la 2", "la réponse 2 est fausse"])
def test_change_by_its_number(candidate: Candidate, words: str) -> None:
    candidate.begins()
    for _ in range(4):
        candidate.presses("Pas encore")
    assert "Question 2 sur 13" in (candidate.says(written(words, ("change", 0.9))) or "")
    assert "Corrigé" in candidate.presses("Même dans l'imprévu")
    assert "Question 5 sur 13" in candidate.shown[-1].text


def test_change_without_a_number_shows_answers(candidate: Candidate) -> None:
    candidate.begins()
    candidate.answers_all("1")
    said = candidate.presses("Corriger une réponse")
    assert said.count("\n- ") == 6
    assert "- 7. " in candidate.presses("Réponses d'avant")
    assert "Question 3 sur 13" in (candidate.says("3") or "")


def test_change_of_what_does_not_exist(candidate: Candidate) -> None:
    candidate.begins()
    candidate.presses("Pas encore")
    assert "Il n'y a pas de question 99" in (candidate.says(written("corriger la 99", ("change", 0.9))) or "")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("why", "bloc 1"), ("example", "Exemple, "), ("help", "Vous"), ("official", "Texte officiel de la fiche")],
)
def test_what_may_be_asked_of_a_question(candidate: Candidate, name: str, expected: str) -> None:
    candidate.begins()
    asked = candidate.stage
    assert expected in (candidate.says(written("…", (name, 0.9))) or "")
    assert candidate.stage == asked
    assert "Avec de l'aide" in candidate.titles, "on peut répondre tout de suite"


def test_progress(candidate: Candidate) -> None:
    candidate.begins()
    candidate.presses("Pas encore")
    said = candidate.says(written("j'en suis où", ("progress", 0.9))) or ""
    assert "1 question sur 13" in said and "Il en reste 12" in said and candidate.attempt.code in said


def test_pause_then_other_things_then_resume(candidate: Candidate) -> None:
    candidate.begins()
    candidate.presses("Pas encore")
    assert candidate.attempt.code in candidate.presses("Faire une pause")
    assert candidate.says(written("c'est quoi le jury ?", ("question", 0.9), topic="jury", confidence=0.9)) is None
    assert candidate.shown == ()
    said = candidate.says(written("reprendre", ("resume", 0.97))) or ""
    assert "Content de vous retrouver" in said and "Question 2 sur 13" in said


def test_encouragement_by_batches_and_at_the_end_of_a_bloc(candidate: Candidate) -> None:
    candidate.begins("Parcours complet")
    said = [candidate.presses("Pas encore") for _ in range(10)]
    assert "environ 26 minutes" in said[4]
    assert "minutes" not in said[3]
    assert "Le bloc 1" in said[8] and "terminé" in said[8]


def test_an_old_button_corrects_its_own_question(candidate: Candidate) -> None:
    candidate.begins()
    first = candidate.attempt.scope[0]
    candidate.presses("Pas encore")
    candidate.presses("Pas encore")
    candidate.says(act(f"answer:{first}:3"))
    assert candidate.attempt.answers[first].level == "3"
    assert len(candidate.attempt.answers) == 2


@pytest.mark.parametrize("value", ["answer:BC99-C99:2", "answer:T01:9", "answer", "x:y:z", "", "change:zz", "bloc:77"])
def test_a_button_that_makes_no_sense_changes_nothing(candidate: Candidate, value: str) -> None:
    candidate.begins()
    before = candidate.attempt
    assert candidate.says(act(value)) is not None
    assert candidate.attempt == before


# --- Elsewhere --------------------------------------------------------------------------------------


def test_resumed_on_another_device_by_its_code(candidate: Candidate, guide: Guide) -> None:
    candidate.begins()
    candidate.presses("Pas encore")
    phone = Candidate(guide, candidate.database, sender="téléphone")
    code = candidate.attempt.code.lower().replace("-", " ")
    said = phone.says(f"bonjour mon code c'est {code}") or ""
    assert "Content de vous retrouver" in said and "Question 2 sur 13" in said
    phone.presses("Avec de l'aide")
    assert candidate.attempt == phone.attempt


def test_two_devices_answer_the_same_question(candidate: Candidate, guide: Guide) -> None:
    candidate.begins()
    phone = Candidate(guide, candidate.database, sender="téléphone")
    phone.says(candidate.attempt.code)
    phone.presses("Même dans l'imprévu")
    candidate.presses("Pas encore")
    first = candidate.attempt.scope[0]
    assert candidate.attempt.answers[first].level == "0", "la dernière réponse compte"
    assert len(candidate.attempt.answers) == 1


def test_erased_on_one_device_is_told_on_the_other(candidate: Candidate, guide: Guide) -> None:
    candidate.begins()
    phone = Candidate(guide, candidate.database, sender="téléphone")
    phone.says(candidate.attempt.code)
    phone.says(act("erase"))
    phone.presses("Oui, tout effacer")
    assert "ont été effacées" in (candidate.says("2") or "")


def test_a_wrong_code_opens_nothing_and_few_are_tried(candidate: Candidate) -> None:
    candidate.says(START)
    candidate.presses("J'ai un code")
    for _ in range(5):
        assert "Je ne connais pas ce code" in (candidate.says(new_code()) or "")
    assert "Trop de codes faux" in (candidate.says(new_code()) or "")


def test_another_attempt_is_compared_with_the_first(candidate: Candidate) -> None:
    candidate.begins()
    candidate.answers_all("1")
    candidate.presses("Recommencer")
    candidate.presses("Parcours court")
    candidate.says(act("no_stories"))
    said = candidate.answers_all("2")
    assert "39 compétences en progrès, 0 sans changement" in said


def test_going_further_keeps_what_was_answered(candidate: Candidate) -> None:
    candidate.begins()
    candidate.answers_all("1")
    assert "Question 14 sur 52" in candidate.presses("Aller plus loin")
    assert len(candidate.attempt.answers) == 13


# --- Rights -----------------------------------------------------------------------------------------


def test_erasing_is_confirmed_said_and_real(candidate: Candidate) -> None:
    candidate.begins()
    candidate.presses("Pas encore")
    code = candidate.attempt.code
    assert "1 réponse" in (candidate.says(written("efface tout", ("delete", 0.9))) or "")
    assert "je garde tout" in candidate.presses("Non, garder")
    candidate.says(act("erase"))
    said = candidate.presses("Oui, tout effacer")
    assert "C'est effacé : 1 réponse" in said and code in said
    assert candidate.stage is None
    candidate.says(code)
    assert "Je ne connais pas ce code" in candidate.shown[0].text


def test_erasing_needs_its_question(candidate: Candidate) -> None:
    candidate.begins()
    candidate.presses("Pas encore")
    candidate.says(act("erase_yes"))
    assert candidate.attempt.answers


def test_shared_only_by_an_act_frozen_and_withdrawn(candidate: Candidate) -> None:
    from bot.storage import positionings

    candidate.begins()
    candidate.answers_all("1")
    with candidate.database.connect() as connection:
        assert positionings.shared_copies(connection) == []
    assert "copie datée" in candidate.presses("Transmettre à l'équipe")
    assert "C'est transmis" in candidate.presses("Oui, transmettre")
    candidate.says(act(f"answer:{candidate.attempt.scope[0]}:3"))
    with candidate.database.connect() as connection:
        (copy,) = positionings.shared_copies(connection)
    labels = {entry["level_label"] for bloc in copy["booklet"]["blocs"] for entry in bloc["entries"]}
    assert labels == {"Avec de l'aide"}, "la copie ne suit pas les corrections"
    assert "C'est retiré" in (candidate.says(written("retire mon envoi", ("withdraw", 0.95))) or "")
    with candidate.database.connect() as connection:
        assert positionings.shared_copies(connection) == []


# --- Words ------------------------------------------------------------------------------------------


def test_no_reply_is_a_wall_of_text(candidate: Candidate) -> None:
    lengths = [len(m.text) for m in (candidate.says(START), candidate.shown)[1]]
    candidate.says("oui")
    candidate.presses("Parcours complet")
    for _ in range(39):
        lengths += [len(message.text) for message in candidate.shown]
        assert len(candidate.choices) <= 10, "une liste WhatsApp tient dix lignes"
        assert all(len(title) <= 24 for title in candidate.titles)
        stage = candidate.stage
        assert stage is not None
        candidate.says(act(f"answer:{stage.item}:0"))
    lengths += [len(message.text) for message in candidate.shown]
    assert max(lengths) <= 1600


def test_resuming_after_the_questions_changed_says_what_changed(candidate: Candidate, guide: Guide) -> None:
    candidate.begins("Parcours complet")
    candidate.presses("Pas encore")
    items = dict(guide.questionnaire.items)
    first = items["BC01-C01"]
    text = first.text.model_copy(update={"question": "Savez-vous choisir autrement les personnes à embaucher ?"})
    items["BC01-C01"] = replace(first, text=text)
    del items["BC01-C02"]
    questionnaire = replace(guide.questionnaire, items=items)
    results = replace(guide.results, questionnaire=questionnaire)
    later = Guide(replace(guide.speech, questionnaire=questionnaire, results=results))
    candidate.guide = later
    said = candidate.says(candidate.attempt.code) or ""
    assert "des questions ont changé" in said and "Choisir qui embaucher" in said
    assert "Question" in said and "sur 38" in said, "la question qui n'existe plus n'est pas posée"
    assert candidate.attempt.answers["BC01-C01"].level == "0"
