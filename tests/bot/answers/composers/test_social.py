"""Silent topics, small talk and help lines."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from bot.answers.assistant import Assistant, Reply, load_assistant
from referential.complements import Complement, Complements
from referential.model import State

Tell = Callable[..., str]
TOPICS = load_assistant().catalogue.topics.values()
SILENT = [topic.name for topic in TOPICS if topic.theme == "silent"]
CERTIFIER = "FEDERATION DES ACTEURS DE LA SOLIDARITE"


@pytest.mark.parametrize("topic", SILENT)
@pytest.mark.parametrize("text", ["dites-moi", "est-ce que c'est possible ?", "combien en 2024 ?"])
def test_a_silent_topic_says_so_and_whom_to_ask(tell: Tell, topic: str, text: str) -> None:
    reply = tell(text, topic)
    assert reply.startswith("La fiche ne d")
    assert f"demandez au certificateur : {CERTIFIER}, ou à l'organisme de formation" in reply
    assert "Ajouté par l'équipe" not in reply
    assert not any(character.isdigit() for character in reply)


@pytest.mark.parametrize("topic", SILENT)
def test_a_silent_topic_leads_to_something_that_the_fiche_says(ask: Callable[..., Reply], topic: str) -> None:
    (message,) = ask("dites-moi", topic).messages
    assert any(choice.topic not in SILENT for choice in message.choices)


def test_a_silent_topic_without_certifier(tell_with: Tell) -> None:
    reply = tell_with("quel prix", "silent_price", certifiers=State.NOT_GIVEN)
    assert "demandez au certificateur, ou à l'organisme de formation" in reply


@pytest.fixture(scope="module")
def complemented(assistant: Assistant) -> Assistant:
    """An assistant to which the team has added a price."""
    entries = (
        Complement(
            topic="silent_price",
            text="Notre centre propose la formation à 4 900 €.",
            source="Catalogue 2027",
            source_date=date(2026, 11, 1),
            link="https://exemple.fr/prix",
            valid_until=date(2027, 8, 31),
        ),
        Complement(topic="silent_price", text="Une aide existe.", source="Région", source_date=date(2026, 10, 2)),
    )
    return replace(assistant, complements=Complements(entries=entries, glossary=assistant.complements.glossary))


def told(reply: Reply) -> str:
    return reply.messages[0].text


def test_what_the_team_adds_comes_with_its_source(
    complemented: Assistant, ask_of: Callable[[Assistant], Callable[..., Reply]]
) -> None:
    reply = told(ask_of(complemented)("quel prix", "silent_price"))
    assert reply.startswith("La fiche ne donne **pas de prix**")
    added = "Ajouté par l'équipe, hors fiche (Catalogue 2027, 1er novembre 2026) : Notre centre propose"
    assert added in reply
    assert "4 900 €. https://exemple.fr/prix" in reply
    assert "(Région, 2 octobre 2026) : Une aide existe." in reply
    assert "Pour le savoir" not in reply


def test_what_the_team_added_ends(complemented: Assistant, ask_of: Callable[[Assistant], Callable[..., Reply]]) -> None:
    ask = ask_of(complemented)
    assert "4 900" in told(ask("quel prix", "silent_price", today=date(2027, 8, 31)))
    after = told(ask("quel prix", "silent_price", today=date(2027, 9, 1)))
    assert "4 900" not in after
    assert "Une aide existe" in after


def test_what_the_team_adds_on_one_topic_is_not_said_of_another(
    complemented: Assistant, ask_of: Callable[[Assistant], Callable[..., Reply]]
) -> None:
    assert "4 900" not in told(ask_of(complemented)("quelle durée", "silent_training_duration"))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("je pense au suicide", ["3114", "112"]),
        ("j'ai envie d'en finir", ["3114", "112"]),
        ("un collègue fait un malaise", ["15", "112"]),
        ("je suis expulsé demain", ["115"]),
        ("on m'a menacée", ["17", "3919", "114"]),
        ("ça ne va pas du tout", ["3114", "15", "112", "115"]),
    ],
)
def test_help_lines(tell: Tell, text: str, numbers: list[str]) -> None:
    reply = tell(text, "distress")
    assert all(number in reply for number in numbers)
    assert "Fiche RNCP" not in reply


def test_help_lines_offer_nothing_else(ask: Callable[..., Reply]) -> None:
    assert ask("je pense au suicide", "distress").messages[0].choices == ()


@pytest.mark.parametrize(
    ("topic", "expected"),
    [
        ("greet", "Bonjour"),
        ("help", "4 blocs"),
        ("bot_challenge", "Je suis un robot"),
        ("human_handoff", CERTIFIER),
        ("privacy", "aucune donnée personnelle"),
        ("personal_data", "gardez ces informations pour vous"),
        ("off_topic", "seulement sur le titre ETAIE"),
        ("other_title", "Je ne connais que le titre ETAIE"),
        ("self_positioning", "je veux me positionner"),
    ],
)
def test_small_talk(tell: Tell, topic: str, expected: str) -> None:
    assert expected in tell("dites-moi", topic)


@pytest.mark.parametrize(("days", "said"), [(1, "1 jour"), (17, "17 jours"), (90, "90 jours")])
def test_what_is_kept_for_review_is_said_with_the_number_of_days(
    assistant: Assistant, ask_of: Callable[[Assistant], Callable[..., Reply]], days: int, said: str
) -> None:
    reply = told(ask_of(replace(assistant, review_days=days))("et mes données ?", "privacy"))
    assert f"il est supprimé après {said}" in reply
    assert "n'est pas gardé" not in reply


def test_nothing_kept_is_said(tell: Tell) -> None:
    reply = tell("et mes données ?", "privacy")
    assert "même un message que je ne comprends pas n'est pas gardé" in reply
    assert "copie" not in reply


def test_personal_words_are_not_said_back(tell: Tell) -> None:
    reply = tell("Je m'appelle Zoé Martin, 06 12 34 56 78", "personal_data")
    assert "Zoé" not in reply
    assert "06" not in reply


@pytest.mark.parametrize("topic", ["greet", "bot_challenge", "off_topic", "other_title"])
def test_a_title_without_abbreviation_is_named_in_full(tell_with: Tell, topic: str) -> None:
    reply = tell_with("dites-moi", topic, abbreviation=None)
    assert "Encadrant technique d'activités d'insertion par l'économique" in reply
    assert "None" not in reply


def test_another_title_by_its_code(tell: Tell) -> None:
    reply = tell("Et le RNCP37674 ?", "other_title")
    assert "RNCP37674" in reply
    assert "RNCP41402" in reply
