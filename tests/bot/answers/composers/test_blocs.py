"""Topics of the blocs."""

from collections.abc import Callable

import pytest

from bot.answers.assistant import Reply
from bot.answers.mentions import Kind
from bot.messages import Choice
from referential.model import Acquisition, Bloc, Fiche, State

Tell = Callable[..., str]
TITLES = {
    1: "Encadrer des salariés en insertion",
    2: "Former des salariés en situation de production",
    3: "Organiser et faire le suivi du processus de production",
    4: "Participer à la construction des parcours d'insertion des salariés",
}
SIZES = {1: 9, 2: 15, 3: 9, 4: 6}
DOSSIER = "Production d’un dossier appuyé sur l’expérience professionnelle"
REQUIRED = "« L'obtention de la certification est subordonnée à la validation des 4 blocs de compétences. »"


def test_the_list_of_blocs(ask: Callable[..., Reply]) -> None:
    (message,) = ask("Quels sont les blocs ?", "blocs").messages
    assert "**4 blocs**" in message.text
    for number, title in TITLES.items():
        assert f"- Bloc {number} (RNCP41402BC0{number}) : **{title}**" in message.text
        assert Choice(f"Bloc {number} : {title}", "bloc_detail", ((Kind.BLOC, str(number)),)) in message.choices


@pytest.mark.parametrize(
    ("text", "topic", "start"),
    [
        ("Est-ce qu'il y a 4 blocs ?", "blocs", "Oui, le titre compte bien **4 blocs**"),
        ("Il n'y a pas quatre blocs ?", "blocs", "Si, le titre compte bien **4 blocs**"),
        ("Est-ce qu'il y a 5 blocs ?", "blocs", "Non, il n'y a pas 5 blocs : le titre compte **4 blocs**"),
        ("les 6 blocs", "blocs", "Non, il n'y a pas 6 blocs"),
        ("Est-ce qu'il y a un bloc 5 ?", "blocs", "Non, il n'y a pas de bloc 5"),
        ("Que contient le bloc 7 ?", "bloc_detail", "Il n'y a pas de bloc 7"),
        ("Comment est évalué le bloc 12 ?", "assessment", "Il n'y a pas de bloc 12"),
        ("Combien de compétences dans le bloc 6 ?", "competencies", "Il n'y a pas de bloc 6"),
        ("Comment s'appelle le bloc 3 ?", "blocs", "Le bloc 3 (RNCP41402BC03) s'appelle **Organiser"),
        ("Quel bloc compte le plus de compétences ?", "blocs", "C'est le **bloc 2 – Former"),
        ("Quel bloc a le moins de compétences ?", "competencies", "C'est le **bloc 4 – Participer"),
        ("Quel bloc compte le plus de compétences ?", "bloc_detail", "C'est le **bloc 2 – Former"),
        ("Combien de compétences ?", "competencies", "Le titre compte **39 compétences**, dans 4 blocs"),
        ("Est-ce qu'il y a 39 compétences ?", "competencies", "Le titre compte **39 compétences**"),
        ("Est-ce qu'il y a 40 compétences ?", "competencies", "Non, le titre compte **39 compétences**, pas 40"),
    ],
)
def test_counts_and_false_premises(tell: Tell, text: str, topic: str, start: str) -> None:
    assert tell(text, topic).startswith(start)


def test_known_and_unknown_blocs_together(tell: Tell) -> None:
    reply = tell("les blocs 2 et 9", "bloc_detail")
    assert "RNCP41402BC02" in reply


@pytest.mark.parametrize(("number", "size"), SIZES.items())
def test_the_overview_of_a_bloc(ask: Callable[..., Reply], number: int, size: int) -> None:
    (message,) = ask(f"Que contient le bloc {number} ?", "bloc_detail").messages
    assert f"**Bloc {number} – {TITLES[number]}** (RNCP41402BC0{number}) : **{size} compétences**" in message.text
    assert message.text.count("\n- ") == size
    assert f"« RNCP41402BC0{number} - {TITLES[number]} »" in message.text
    assert message.choices[0].values == ((Kind.BLOC, str(number)), (Kind.PAGE, "1"))
    assert Choice("Comment ce bloc est évalué", "assessment", ((Kind.BLOC, str(number)),)) in message.choices


def test_the_competencies_of_a_bloc_are_its_contents(tell: Tell) -> None:
    assert tell("les compétences du bloc 3", "competencies") == tell("le bloc 3", "bloc_detail")


def test_competencies_are_counted_by_bloc(tell: Tell) -> None:
    reply = tell("combien de compétences", "competencies")
    assert all(f"- Bloc {number} – {TITLES[number]} : **{size}**" in reply for number, size in SIZES.items())


def test_several_blocs_are_not_read_at_once(ask: Callable[..., Reply]) -> None:
    (message,) = ask("Que contiennent les blocs 1 et 4 ?", "bloc_detail").messages
    assert "9 compétences" in message.text
    assert "6 compétences" in message.text
    assert [choice.values for choice in message.choices[:2]] == [((Kind.BLOC, "1"),), ((Kind.BLOC, "4"),)]


@pytest.mark.parametrize(
    ("text", "code", "quoted"),
    [
        (
            "Dans quel bloc on fait des devis ?",
            "RNCP41402BC03",
            "« Élaborer des devis ou chiffrer des études de prix. »",
        ),
        ("Est-ce qu'on apprend à recruter ?", "RNCP41402BC01", "« Définir des critères de recrutement"),
        ("l'ergonomie des postes", "RNCP41402BC02", "« Adapter l’ergonomie des postes de travail"),
        ("le secret partagé", "RNCP41402BC04", "« Gérer la transmission des informations"),
    ],
)
def test_where_a_competency_is(tell: Tell, text: str, code: str, quoted: str) -> None:
    reply = tell(text, "competency_search")
    assert code in reply
    assert quoted in reply


def test_words_that_the_fiche_does_not_use_are_said_so(tell: Tell) -> None:
    assert tell("qui on embauche", "competency_search").startswith("La fiche ne cite pas ces mots-là")
    assert tell("le tricot du pingouin", "competency_search").startswith("Je ne trouve pas cela")


def test_a_competency_is_confirmed(tell: Tell) -> None:
    assert tell("Est-ce qu'on apprend à faire des devis ?", "competency_search").startswith("Oui, c’est dans")
    assert tell("Dans quel bloc sont les devis ?", "competency_search").startswith("C’est dans")


def test_near_competencies_are_offered(ask: Callable[..., Reply], choose: Callable[..., Reply], fiche: Fiche) -> None:
    (message,) = ask("recruter", "competency_search").messages
    others = [choice for choice in message.choices if choice.topic == "competency_search"]
    assert others
    for choice in others:
        ((_, competency_id),) = choice.values
        found = fiche.competency(competency_id)
        assert found is not None
        assert found[1].wording in choose(choice).messages[0].text


def test_a_button_to_a_competency_that_is_no_more(choose: Callable[..., Reply]) -> None:
    reply = choose(Choice("", "competency_search", ((Kind.COMPETENCY, "BC09-C01"),)))
    assert reply.messages[0].text.startswith("Je ne trouve pas cela")


def test_overall_assessment(ask: Callable[..., Reply]) -> None:
    (message,) = ask("Comment se passe l'examen ?", "assessment").messages
    assert "- Production de dossiers appuyés sur l’expérience professionnelle\n- Soutenances orales" in message.text
    assert "chacun des 4 blocs" in message.text
    assert [choice.topic for choice in message.choices[:4]] == ["assessment"] * 4


@pytest.mark.parametrize("number", TITLES)
def test_assessment_of_a_bloc(tell: Tell, number: int) -> None:
    reply = tell(f"Comment est évalué le bloc {number} ?", "assessment")
    assert f"RNCP41402BC0{number}" in reply
    assert f"- {DOSSIER}\n- Soutenance orale" in reply


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("Est-ce qu'il y a un oral ?", "Oui, la fiche cite : oral"),
        ("Est-ce qu'il y a un dossier ?", "Oui, la fiche cite : dossier"),
        ("Il n'y a pas de soutenance ?", "Si, la fiche cite : soutenance"),
        ("Est-ce que c'est uniquement à l'oral ?", "Non, pas uniquement : oral"),
        ("Est-ce qu'il y a seulement un dossier ?", "Non, pas uniquement : dossier"),
        ("Est-ce qu'il y a un QCM ?", "La fiche ne cite pas : questionnaire à choix multiples"),
        ("Est-ce qu'il y a un écrit ?", "La fiche ne cite pas : épreuve écrite"),
        ("Est-ce qu'il y a des maths ?", "La fiche ne cite pas : épreuve de mathématiques"),
        ("Le bloc 2, est-ce qu'il y a un oral ?", "Oui, la fiche cite : oral. Pour le bloc 2 (RNCP41402BC02)"),
        ("Comment se passe l'oral ?", "Le titre est évalué ainsi"),
    ],
)
def test_a_form_of_assessment(tell: Tell, text: str, start: str) -> None:
    assert tell(text, "assessment").startswith(start)


def with_assessment(fiche: Fiche, number: int, **update: object) -> tuple[Bloc, ...]:
    """Return the blocs of the fiche, one of them assessed otherwise."""
    return tuple(
        bloc.model_copy(update={"assessment": bloc.assessment.model_copy(update=update)})
        if bloc.number == number
        else bloc
        for bloc in fiche.blocs.require()
    )


def test_blocs_assessed_in_different_ways(tell_with: Tell, fiche: Fiche) -> None:
    blocs = with_assessment(fiche, 2, value=("Mise en situation",))
    assert "Pour chacun" not in tell_with("Comment on est évalué ?", "assessment", blocs=blocs)
    assert "- Mise en situation" in tell_with("Le bloc 2 ?", "assessment", blocs=blocs)
    reply = tell_with("Les blocs 1 et 2 ?", "assessment", blocs=blocs)
    assert f"Bloc 1 (RNCP41402BC01) :\n- {DOSSIER}" in reply
    assert "Bloc 2 (RNCP41402BC02) :\n- Mise en situation" in reply


def test_one_bloc_whose_assessment_is_not_given(tell_with: Tell, fiche: Fiche) -> None:
    blocs = with_assessment(fiche, 2, state=State.NOT_GIVEN, value=None)
    assert "est vide" in tell_with("Le bloc 2 ?", "assessment", blocs=blocs)
    assert f"- {DOSSIER}" in tell_with("Les blocs 1 et 2 ?", "assessment", blocs=blocs)
    # The order in which blocs are named must not hide what is known of one of them.
    assert f"- {DOSSIER}" in tell_with("Les blocs 2 et 3 ?", "assessment", blocs=blocs)


@pytest.mark.parametrize(
    ("text", "topic", "start"),
    [
        ("Faut-il tous les blocs ?", "all_blocs_required", "Oui, il faut valider **les 4 blocs**"),
        ("Faut-il le bloc 4 ?", "all_blocs_required", "Oui, il faut valider **les 4 blocs**"),
        ("Est-ce que 2 blocs suffisent ?", "all_blocs_required", "Non, 2 blocs ne suffisent pas"),
        ("Est-ce qu'un bloc suffit ?", "partial_blocs", "Non, une partie des blocs ne suffit pas"),
        ("Est-ce que trois blocs suffisent ?", "partial_blocs", "Non, une partie des blocs ne suffit pas"),
        ("Est-ce qu'avec les 4 blocs j'ai le titre ?", "partial_blocs", "Oui, avec **les 4 blocs**"),
        ("Est-ce que les blocs 1 et 2 suffisent ?", "partial_blocs", "Non, une partie des blocs ne suffit pas"),
        ("Peut-on les passer en plusieurs fois ?", "partial_blocs", "La fiche ne dit pas si un bloc"),
        ("Le titre en plusieurs fois, un bloc suffit ?", "partial_blocs", "Non, une partie"),
    ],
)
def test_how_many_blocs(tell: Tell, text: str, topic: str, start: str) -> None:
    assert tell(text, topic).startswith(start)


@pytest.mark.parametrize("topic", ["all_blocs_required", "partial_blocs"])
def test_the_fiche_is_quoted(tell: Tell, topic: str) -> None:
    assert REQUIRED in tell("combien de blocs il faut", topic)


@pytest.mark.parametrize("topic", ["all_blocs_required", "partial_blocs"])
@pytest.mark.parametrize("text", ["Faut-il tous les blocs ?", "Est-ce que 2 blocs suffisent ?", "en plusieurs fois"])
def test_a_fiche_that_gives_no_number(tell_with: Tell, topic: str, text: str) -> None:
    acquisition = Acquisition(text="Il faut les blocs du tronc commun.")
    reply = tell_with(text, topic, acquisition=acquisition)
    assert reply.startswith("La fiche dit : « Il faut les blocs du tronc commun. »")


@pytest.mark.parametrize(("state", "said"), [(State.NOT_GIVEN, "est vide"), (State.UNREADABLE, "illisible")])
@pytest.mark.parametrize(
    ("topic", "field"),
    [
        ("blocs", "blocs"),
        ("bloc_detail", "blocs"),
        ("competencies", "blocs"),
        ("competency_search", "blocs"),
        ("assessment", "assessment"),
        ("all_blocs_required", "acquisition"),
        ("partial_blocs", "acquisition"),
    ],
)
def test_states(tell_with: Tell, fiche: Fiche, *, topic: str, field: str, state: State, said: str) -> None:
    reply = tell_with("Est-ce que 2 blocs suffisent ?", topic, **{field: state})
    assert said in reply
    assert f"« {getattr(fiche, field).section} »" in reply
