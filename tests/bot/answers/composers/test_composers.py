"""Every text of every topic is said by some question, and no composer asks for a text that does not exist."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.answers.assistant import Assistant, Reply, load_assistant
from bot.answers.composers import COMPOSERS, composer_of
from bot.answers.composers.social import plain, silent
from bot.answers.composers.title import fact
from bot.answers.mentions import Kind
from bot.answers.question import Memory, Understanding
from referential.model import AccessRoute, Fiche, Route, State

Said = tuple[str, str]
"""A topic and one of its texts."""
TOPICS = load_assistant().catalogue.topics
LATER = date(2035, 1, 1)


def routes_with(fiche: Fiche, key: Route, field: str, value: object) -> tuple[AccessRoute, ...]:
    """Return the ways of access, one of them with another value (or state) of a fact."""
    changed = []
    for route in fiche.access_routes.require():
        known = getattr(route, field)
        update = (
            {"state": value, "value": None} if isinstance(value, State) else {"state": State.STATED, "value": value}
        )
        if route.key is key:
            route = route.model_copy(update={field: known.model_copy(update=update)})  # noqa: PLW2901
        changed.append(route)
    return tuple(changed)


CASES: dict[Said, str] = {
    ("title_code", "stated"): "quel numéro",
    ("title_code", "checked"): "est-ce que c'est la fiche 41402 ?",
    ("level", "stated"): "quel niveau",
    ("level", "confirmed"): "est-ce que c'est un niveau 4 ?",
    ("level", "corrected"): "est-ce que c'est un niveau 5 ?",
    ("level", "without_school_level"): "c'est un niveau bac ?",
    ("previous_fiche", "stated"): "quelle ancienne fiche",
    ("previous_fiche", "checked"): "est-ce que l'ancienne fiche est le RNCP36697 ?",
    ("framework_document", "not_given"): "où lire le référentiel",
    ("certifier", "stated"): "qui délivre le titre",
    ("certifier", "confirmed"): "est-ce que c'est la fédération des acteurs de la solidarité ?",
    ("certifier", "corrected"): "est-ce que c'est l'afpa ?",
    ("certifier_website", "empty"): "quel site",
    ("training_organisations", "not_given"): "quels centres",
    ("blocs", "stated"): "quels blocs",
    ("blocs", "confirmed"): "est-ce qu'il y a 4 blocs ?",
    ("blocs", "corrected"): "est-ce qu'il y a 6 blocs ?",
    ("blocs", "named"): "comment s'appelle le bloc 2",
    ("blocs", "no_such_bloc"): "est-ce qu'il y a un bloc 5 ?",
    ("blocs", "fullest"): "quel bloc compte le plus de compétences",
    ("bloc_detail", "overview"): "que contient le bloc 2",
    ("bloc_detail", "several"): "que contiennent les blocs 1 et 3",
    ("bloc_detail", "which"): "que contient ce bloc-là",
    ("competencies", "stated"): "quelles compétences",
    ("competencies", "corrected"): "est-ce qu'il y a 12 compétences ?",
    ("competency_search", "found"): "est-ce qu'on apprend à faire des devis ?",
    ("competency_search", "near"): "qui on embauche",
    ("competency_search", "nothing"): "le tricot du pingouin",
    ("assessment", "overall"): "comment on est évalué",
    ("assessment", "of_bloc"): "comment est évalué le bloc 2",
    ("assessment", "of_blocs"): "comment sont évalués les blocs 1 et 2",
    ("assessment", "cited"): "est-ce qu'il y a une soutenance ?",
    ("assessment", "not_only"): "est-ce que c'est uniquement à l'oral ?",
    ("assessment", "not_cited"): "est-ce qu'il y a un QCM ?",
    ("all_blocs_required", "stated"): "faut-il tous les blocs ?",
    ("all_blocs_required", "corrected"): "est-ce que 2 blocs suffisent ?",
    ("partial_blocs", "stated"): "est-ce que 3 blocs suffisent ?",
    ("partial_blocs", "enough"): "est-ce que 4 blocs suffisent ?",
    ("partial_blocs", "one_by_one"): "peut-on les passer en plusieurs fois ?",
    ("prerequisites", "silent"): "quels prérequis",
    ("prerequisites_entry", "not_given"): "pour entrer",
    ("prerequisites_validation", "not_given"): "pour valider",
    ("prerequisites_blocs", "stated_no"): "selon les blocs ?",
    ("access_route", "open"): "la VAE, c'est possible ?",
    ("access_route", "closed"): "l'apprentissage, c'est possible ?",
    ("access_route", "several"): "en alternance, c'est possible ?",
    ("jury", "same"): "qui est dans le jury",
    ("jury", "none"): "le jury en apprentissage",
    ("jury_date", "same"): "de quand date le jury",
    ("jury_date", "none"): "de quand date le jury en apprentissage",
    ("overseas", "unreadable"): "et en Polynésie ?",
    ("sectors", "stated"): "où travaille-t-on",
    ("sectors", "cited"): "est-ce qu'on travaille en régie de quartier ?",
    ("sectors", "not_cited"): "est-ce qu'on travaille en EHPAD ?",
    ("jobs", "stated"): "quels emplois",
    ("jobs", "cited"): "est-ce qu'on devient chef d'équipe ?",
    ("regulations", "not_given"): "métier réglementé ?",
    ("acronym", "spelt_out"): "que veut dire ACI",
    ("acronym", "used"): "que veut dire MES",
    ("acronym", "used_with_glossary"): "que veut dire SIAE",
    ("acronym", "glossary"): "que veut dire CPF",
    ("acronym", "unknown"): "que veut dire XYZ",
    ("acronym", "which"): "que veut dire ce sigle",
    ("registration", "running"): "est-ce encore valable ?",
    ("decision_date", "stated"): "quelle date",
    ("decision_date", "checked"): "est-ce que c'est en 2025 ?",
    ("registration_duration", "stated"): "combien de temps",
    ("registration_duration", "confirmed"): "est-ce que c'est 5 ans ?",
    ("registration_duration", "corrected"): "est-ce que c'est 3 ans ?",
    ("expiry_date", "stated"): "quelle date",
    ("expiry_date", "checked"): "est-ce que c'est en 2030 ?",
    ("last_delivery_date", "stated"): "quelle date",
    ("last_delivery_date", "checked"): "est-ce que c'est en 2034 ?",
    ("last_journal_date", "stated"): "quelle date",
    ("last_journal_date", "checked"): "est-ce que c'est en 2022 ?",
    ("correspondences", "stated"): "quelles équivalences",
    ("correspondences", "is_partial"): "est-ce que l'équivalence est partielle ?",
    ("correspondences", "not_whole"): "est-ce que ça donne tout le titre ?",
    ("correspondences", "unknown_code"): "une équivalence avec le RNCP12345",
    ("correspondences", "previous"): "une équivalence avec le RNCP36697",
    ("correspondences", "bloc_outside"): "une équivalence pour le bloc 4",
    ("statistics", "rows"): "quels chiffres",
    ("statistics", "measure"): "combien de certifiés",
    ("statistics", "checked"): "est-ce que 51 personnes l'ont eu en 2024 ?",
    ("statistics", "measure_not_given"): "quel taux d'insertion dans le métier à 2 ans",
    ("statistics", "no_such_year"): "combien de certifiés en 2019",
    ("statistics", "best"): "quelle est la meilleure année",
    ("statistics", "worst"): "quelle est la pire année",
    ("statistics", "total"): "combien de certifiés au total",
    ("statistics", "mean"): "combien de certifiés en moyenne",
    ("statistics", "difference"): "quelle évolution",
    ("other_title", "stated"): "et le métier d'éducateur",
    ("other_title", "unknown_code"): "et le RNCP37674",
    ("distress", "suicide"): "je pense au suicide",
    ("distress", "emergency"): "un collègue fait un malaise",
    ("distress", "housing"): "je n'ai plus de logement",
    ("distress", "violence"): "on m'a menacée",
    ("distress", "unclear"): "ça ne va pas du tout",
    ("nlu_fallback", "stated"): "blabla",
    ("nlu_fallback", "no_words"): "?!",
    ("privacy", "nothing_kept"): "et mes données ?",
}
"""A question for each text that the real fiche calls for, beyond the topics that have one text only."""

ALTERED: dict[Said, tuple[str, Callable[[Fiche], dict[str, Any]]]] = {
    ("framework_document", "stated"): ("où lire", lambda _: {"description_link": "https://exemple.fr"}),
    ("certifier_website", "stated"): (
        "quel site",
        lambda fiche: {
            "certifiers": tuple(
                certifier.model_copy(
                    update={"website": certifier.website.model_copy(update={"state": State.STATED, "value": "a.fr"})}
                )
                for certifier in fiche.certifiers.require()
            )
        },
    ),
    ("training_organisations", "stated"): ("quels centres", lambda _: {"training_organisations": ("Centre du Port",)}),
    ("all_blocs_required", "in_words"): (
        "faut-il tous les blocs ?",
        lambda fiche: {"acquisition": fiche.acquisition.require().model_copy(update={"blocs_required": None})},
    ),
    ("prerequisites", "stated"): ("quels prérequis", lambda _: {"entry_prerequisites": "Savoir lire"}),
    ("prerequisites_entry", "stated"): ("quels prérequis", lambda _: {"entry_prerequisites": "Savoir lire"}),
    ("prerequisites_validation", "stated"): ("quels prérequis", lambda _: {"validation_prerequisites": "Un dossier"}),
    ("prerequisites_blocs", "stated"): ("quels prérequis", lambda _: {"bloc_prerequisites": "Le bloc 1 d'abord"}),
    ("access_route", "unknown_route"): (
        "la VAE ?",
        lambda fiche: {"access_routes": routes_with(fiche, Route.VAE, "open", State.UNREADABLE)},
    ),
    ("vae", "not_given"): (
        "la VAE ?",
        lambda fiche: {"access_routes": tuple(r for r in fiche.access_routes.require() if r.key is not Route.VAE)},
    ),
    ("jury", "by_route"): (
        "quel jury",
        lambda fiche: {"access_routes": routes_with(fiche, Route.VAE, "jury", ("Un président",))},
    ),
    ("jury_date", "by_route"): (
        "de quand date le jury",
        lambda fiche: {"access_routes": routes_with(fiche, Route.VAE, "last_modified", date(2026, 1, 2))},
    ),
    ("overseas", "stated"): ("et en Polynésie ?", lambda _: {"french_polynesia": True}),
    ("regulations", "stated"): ("métier réglementé ?", lambda _: {"regulations": "Loi du 1er mai"}),
}
"""A question, and what to change in the real fiche, for each text that it does not call for."""

OTHERWISE: set[Said] = {("bloc_detail", "full_page"), ("registration", "over"), ("privacy", "kept_for_review")}
"""Texts said by a button, on another day or with another setting."""

PLAIN = [name for name, topic in TOPICS.items() if set(topic.templates) == {"stated"}]
"""Topics that have one text only."""


@pytest.mark.parametrize(
    ("said", "text"), CASES.items(), ids=lambda value: "-".join(value) if isinstance(value, tuple) else ""
)
def test_a_question_calls_for_each_text(ask: Callable[..., Reply], rendered: list[Said], said: Said, text: str) -> None:
    ask(text, said[0])
    assert rendered == [said]


@pytest.mark.parametrize("said", ALTERED, ids="-".join)
def test_another_fiche_calls_for_each_other_text(
    assistant_with: Callable[..., Assistant],
    ask_of: Callable[[Assistant], Callable[..., Reply]],
    fiche: Fiche,
    rendered: list[Said],
    said: Said,
) -> None:
    text, changes = ALTERED[said]
    ask_of(assistant_with(**changes(fiche)))(text, said[0])
    assert rendered == [said]


@pytest.mark.parametrize("topic", PLAIN)
def test_a_plain_topic_says_its_text(ask: Callable[..., Reply], rendered: list[Said], topic: str) -> None:
    ask("dites-moi", topic)
    assert rendered == [(topic, "stated")]


def test_a_page_is_said_by_a_button(assistant: Assistant, rendered: list[Said]) -> None:
    mentions = assistant.mentions("le bloc 2")
    pressed = Understanding("/bloc_detail", "bloc_detail", (), mentions, chosen=True)
    reply = assistant.answer(pressed, Memory(), LATER)
    (button,) = [
        choice for message in reply.messages for choice in message.choices if (Kind.PAGE, "1") in choice.values
    ]
    assert button.topic == "bloc_detail"
    assistant.answer(Understanding("la suite", "show_more", (), ()), reply.memory, LATER)
    assert rendered == [("bloc_detail", "overview"), ("bloc_detail", "full_page")]


def test_the_registration_ends_one_day(ask: Callable[..., Reply], rendered: list[Said]) -> None:
    ask("encore valable ?", "registration", today=LATER)
    assert rendered == [("registration", "over")]


def test_what_is_kept_is_said(
    assistant: Assistant, ask_of: Callable[[Assistant], Callable[..., Reply]], rendered: list[Said]
) -> None:
    ask_of(replace(assistant, review_days=17))("et mes données ?", "privacy")
    assert rendered == [("privacy", "kept_for_review")]


def test_every_text_is_called_for_by_a_test() -> None:
    written = {(name, variant) for name, topic in TOPICS.items() for variant in topic.templates}
    tested = CASES.keys() | ALTERED.keys() | OTHERWISE | {(name, "stated") for name in PLAIN}
    assert tested == written


def test_each_topic_has_its_composer() -> None:
    assert composer_of("level", "title") is COMPOSERS["level"]
    assert composer_of("silent_price", "silent") is silent
    assert composer_of("greet", "social") is plain
    assert composer_of("objectives", "title") is fact
