"""« Il y en a bien trois ? »: what a closed question supposes is confirmed or denied first."""

import pytest

from tests.bot.answers.test_assistant import Ask


@pytest.mark.parametrize(
    ("text", "topic", "start"),
    [
        ("Le code NSF est-il bien 332 ?", "nsf", "Oui, code NSF"),
        ("C'est le NSF 230 ?", "nsf", "Non, code NSF"),
        ("Le code ROME c'est bien K1203 ?", "rome", "Oui,"),
        ("Le ROME est le K1201 ?", "rome", "Non,"),
        ("Le SIRET est-il le 308 401 090 00011 ?", "certifier_siret", "Oui,"),
        ("Le SIRET est-il le 12345678900011 ?", "certifier_siret", "Non,"),
        ("Les jurys ont été modifiés le 28 octobre 2025 ?", "jury_date", "Oui,"),
        ("Les jurys ont été modifiés le 28 mars 2025 ?", "jury_date", "Non,"),
        ("Le texte date du 6 avril 2002 ?", "legal_texts", "Oui,"),
        ("Il y a bien trois voies ?", "access_routes", "Oui,"),
        ("Est-ce qu'il y a 6 voies ?", "access_routes", "Non,"),
        ("Est-ce que le jury compte 2 personnes ?", "jury", "Oui,"),
        ("Il y a 5 personnes dans le jury ?", "jury", "Non,"),
        ("Il y a bien 10 activités ?", "activities", "Oui,"),
        ("Il y a 12 emplois ?", "jobs", "Non,"),
        ("Le nombre de certifiés a augmenté entre 2022 et 2023 ?", "statistics", "Oui, de 2022 à 2023"),
        ("Le taux d'insertion a-t-il baissé ?", "statistics", "Oui, de 2022 à 2024"),
        ("Est-ce que le taux d'insertion progresse ?", "statistics", "Non, de 2022 à 2024"),
        ("De combien le taux d'insertion a-t-il baissé ?", "statistics", "De 2022 à 2024"),
        ("Combien y a-t-il de voies ?", "access_routes", "On peut"),
        ("Quel est le code NSF ?", "nsf", "Code NSF"),
    ],
)
def test_the_verdict_comes_first(ask: Ask, text: str, topic: str, start: str) -> None:
    (message,) = ask(text, topic).messages
    assert message.text.replace("**", "").startswith(start), message.text
