"""Topics of the title, of its nomenclatures and of its certifier."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.answers.assistant import Reply
from referential.model import Certifier, Coded, Fiche, State

Tell = Callable[..., str]


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        (
            "title_overview",
            ["ETAIE", "niveau 4", "FEDERATION DES ACTEURS DE LA SOLIDARITE", "4 blocs", "agent de maîtrise"],
        ),
        ("title_code", ["RNCP41402", "Encadrant technique d'activités d'insertion par l'économique", "ETAIE"]),
        ("level", ["niveau 4", "« Nomenclature du niveau de qualification »"]),
        ("nsf", ["Code NSF", "**332** (Travail social)"]),
        ("formacode", ["Formacode", "**15061** (Accompagnement vers emploi)"]),
        ("rome", ["Code ROME", "**K1203** – Encadrement technique en insertion professionnelle"]),
        (
            "objectives",
            ["Circulaire DGEFP 99-17 du 26 mars 1999", "Sa mission consiste", "le plus couramment employé."],
        ),
        ("activities", ["10 activités", "- Manage l’équipe", "- Accueille et intègre des nouveaux salariés"]),
        ("previous_fiche", ["**RNCP36697** – Encadrant technique d’activités"]),
        ("certifier", ["**FEDERATION DES ACTEURS DE LA SOLIDARITE**", "C'est le certificateur.", "« Nom légal »"]),
        ("certifier_siret", ["308 401 090 00011", "« Siret »"]),
        ("certifier_website", ["ni site internet ni nom commercial", "cases sont vides"]),
        ("training_organisations", ["aucun nom d'organisme", "vide", "FEDERATION DES ACTEURS DE LA SOLIDARITE"]),
        ("framework_document", ["ni lien ni document", "sont vides"]),
    ],
)
def test_facts(tell: Tell, topic: str, expected: list[str]) -> None:
    reply = tell("dites-moi", topic)
    for words in expected:
        assert words in reply


def test_every_activity_is_said(tell: Tell, fiche: Fiche) -> None:
    reply = tell("que fait un encadrant", "activities")
    assert all(f"- {activity}\n" in reply for activity in fiche.activities.require())


@pytest.mark.parametrize(
    ("text", "topic", "start"),
    [
        ("Est-ce que c'est un niveau 4 ?", "level", "Oui, le titre est bien de **niveau 4**"),
        ("C'est pas un niveau 4 ?", "level", "Si, le titre est bien de **niveau 4**"),
        ("Est-ce que c'est un niveau 5 ?", "level", "Non, ce n'est pas un niveau 5 : le titre est de **niveau 4**"),
        ("c'est un nivo quatre ?", "level", "Oui, "),
        ("Quel niveau, le 5 ou le 4 ?", "level", "Le titre est de **niveau 4**"),
        ("C'est un niveau bac ?", "level", "Le titre est de **niveau 4**"),
        ("C'est bien la fiche 41402 ?", "title_code", "Oui, "),
        ("C'est bien le RNCP41403 ?", "title_code", "Non, la fiche du titre porte le numéro **RNCP41402**"),
        ("C'est quoi le code RNCP41402 ?", "title_code", "La fiche du titre porte"),
        ("L'ancienne fiche, c'est bien le RNCP36697 ?", "previous_fiche", "Oui, cette fiche remplace"),
        ("Est-ce que l'ancienne fiche est le RNCP12345 ?", "previous_fiche", "Non, cette fiche remplace **RNCP36697**"),
        (
            "Est-ce que c'est la Fédération des acteurs de la solidarité ?",
            "certifier",
            "Oui, le titre est bien délivré",
        ),
        ("Est-ce que c'est l'AFPA ?", "certifier", "Non, le titre est délivré par **FEDERATION"),
        ("Est-ce que c'est le ministère du Travail qui certifie ?", "certifier", "Non, le titre est délivré par"),
        ("Est-ce que c'est la fédération des entreprises d'insertion ?", "certifier", "Non, le titre est délivré par"),
        ("Est-ce l'AFPA qui délivre le titre ?", "certifier", "Non, le titre est délivré par"),
        ("Qui délivre le titre ?", "certifier", "Le titre est délivré par"),
    ],
)
def test_polarity_and_false_premises(tell: Tell, text: str, topic: str, start: str) -> None:
    assert tell(text, topic).startswith(start)


def test_the_level_is_compared_with_no_diploma(tell: Tell) -> None:
    assert "ne le compare à aucun diplôme" in tell("est-ce que c'est le niveau du bac ?", "level")


CODES = (Coded(code="332", label="Travail social"), Coded(code="413", label="Autre chose"))


@pytest.mark.parametrize(
    ("topic", "field", "said"),
    [("nsf", "nsf", "Codes NSF"), ("formacode", "formacodes", "Formacodes"), ("rome", "rome", "Codes ROME")],
)
def test_several_codes(tell_with: Tell, topic: str, field: str, said: str) -> None:
    reply = tell_with("dites-moi", topic, **{field: CODES})
    assert reply.startswith(said)
    assert "332" in reply
    assert "413" in reply


def certifier(fiche: Fiche, **changes: Any) -> Certifier:
    """Return the certifier of the fiche with another name, or facts with another value or state."""
    known = fiche.certifiers.require()[0]
    update = {"legal_name": changes.pop("legal_name", known.legal_name)}
    for name, value in changes.items():
        given = {"state": value, "value": None} if isinstance(value, State) else {"state": State.STATED, "value": value}
        update[name] = getattr(known, name).model_copy(update=given)
    return known.model_copy(update=update)


def test_several_certifiers(tell_with: Tell, fiche: Fiche) -> None:
    two = (certifier(fiche), certifier(fiche, legal_name="LES AUTRES", siret="12345678900012"))
    reply = tell_with("qui délivre", "certifier", certifiers=two)
    assert "FEDERATION DES ACTEURS DE LA SOLIDARITE et LES AUTRES" in reply
    assert "les certificateurs" in reply
    reply = tell_with("siret", "certifier_siret", certifiers=two)
    assert "308 401 090 00011" in reply
    assert "123 456 789 00012" in reply


def test_a_web_site_without_a_trade_name(tell_with: Tell, fiche: Fiche) -> None:
    reply = tell_with("quel site", "certifier_website", certifiers=(certifier(fiche, website="https://exemple.fr"),))
    assert "site internet https://exemple.fr" in reply
    assert "Nom commercial : non donné" in reply


@pytest.mark.parametrize(("state", "said"), [(State.NOT_GIVEN, "vide"), (State.UNREADABLE, "illisible")])
def test_a_siret_that_is_not_given(tell_with: Tell, fiche: Fiche, state: State, said: str) -> None:
    reply = tell_with("siret", "certifier_siret", certifiers=(certifier(fiche, siret=state),))
    assert said in reply
    assert "« Siret »" in reply


def test_an_overview_without_facts_still_names_the_title(tell_with: Tell) -> None:
    unknown = dict.fromkeys(("level", "certifiers", "blocs", "objectives"), State.NOT_GIVEN)
    reply = tell_with("c'est quoi", "title_overview", **unknown, abbreviation=None)
    assert reply == "Le titre s'appelle **Encadrant technique d'activités d'insertion par l'économique**."


@pytest.mark.parametrize(("state", "said"), [(State.NOT_GIVEN, "est vide"), (State.UNREADABLE, "illisible")])
@pytest.mark.parametrize(
    ("topic", "field"),
    [
        ("level", "level"),
        ("nsf", "nsf"),
        ("formacode", "formacodes"),
        ("objectives", "objectives"),
        ("activities", "activities"),
        ("previous_fiche", "previous_fiches"),
        ("certifier", "certifiers"),
    ],
)
def test_states(tell_with: Tell, fiche: Fiche, *, topic: str, field: str, state: State, said: str) -> None:
    reply = tell_with("dites-moi", topic, **{field: state})
    assert said in reply
    assert f"« {getattr(fiche, field).section} »" in reply


def test_the_source_is_cited(ask: Callable[..., Reply]) -> None:
    (message,) = ask("quel niveau", "level").messages
    assert message.text.endswith("(Fiche RNCP41402, rubrique « Nomenclature du niveau de qualification »)")
