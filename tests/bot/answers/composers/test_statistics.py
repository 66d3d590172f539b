"""Yearly figures, and the small computations that people ask for."""

from collections.abc import Callable

import pytest

from bot.answers.assistant import Reply
from referential.model import Fiche, State, YearStatistics

Tell = Callable[..., str]
TOPIC = "statistics"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Combien de certifiés en 2024 ?", "en 2024 : **51**"),
        ("Combien de certifiés en 2023 ?", "en 2023 : **45**"),
        ("Combien de certifiés en 2022 ?", "en 2022 : **26**"),
        ("Combien de personnes par la VAE en 2024 ?", "en 2024 : **1**"),
        ("Combien de personnes par la VAE en 2023 ?", "en 2023 : **3**"),
        ("Taux d'insertion global en 2024 ?", "en 2024 : **60 %**"),
        ("Taux d'insertion en 2022", "en 2022 : **88 %**"),
        ("Combien ont trouvé un travail 6 mois après en 2023 ?", "en 2023 : **66 %**"),
        ("Taux d'insertion dans le métier visé en 2024 ?", "en 2024 : **54 %**"),
        ("Taux d'insertion dans le métier à 6 mois en 2022", "en 2022 : **76 %**"),
    ],
)
def test_one_figure(tell: Tell, text: str, expected: str) -> None:
    assert expected in tell(text, TOPIC)


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Combien de certifiés par an ?", ["2024 : **51**", "2023 : **45**", "2022 : **26**"]),
        ("Combien par la VAE ?", ["2024 : **1**", "2023 : **3**", "2022 : **1**"]),
        ("Les taux d'insertion ?", ["2024 : **60 %**", "2023 : **66 %**", "2022 : **88 %**"]),
        ("Les taux dans le métier visé ?", ["2024 : **54 %**", "2023 : **66 %**", "2022 : **76 %**"]),
    ],
)
def test_one_figure_of_every_year(tell: Tell, text: str, figures: list[str]) -> None:
    reply = tell(text, TOPIC)
    assert all(f"- {figure}" in reply for figure in figures)


def test_all_figures(tell: Tell) -> None:
    reply = tell("quels chiffres ?", TOPIC)
    assert "**2024** : 51 personnes certifiées, dont 1 par la VAE." in reply
    assert "Insertion globale à 6 mois : 88 % ; dans le métier à 6 mois : 76 %" in reply
    assert reply.count("dans le métier à 2 ans : non donné") == 3


def test_all_figures_of_one_year(tell: Tell) -> None:
    reply = tell("et en 2023 ?", TOPIC)
    assert "**2023** : 45" in reply
    assert "2022" not in reply


@pytest.mark.parametrize(
    "text", ["Insertion dans le métier à 2 ans ?", "Taux d'insertion à deux ans en 2022 ?", "le métier à 24 mois"]
)
def test_the_empty_column_is_said_empty(tell: Tell, text: str) -> None:
    reply = tell(text, TOPIC)
    assert "ne donne pas ce chiffre" in reply
    assert "2 ans" in reply
    assert "%**" not in reply


@pytest.mark.parametrize(
    "text", ["Combien de certifiés en 2019 ?", "et en 2025", "la meilleure année entre 2010 et 2012"]
)
def test_a_year_without_figures(tell: Tell, text: str) -> None:
    reply = tell(text, TOPIC)
    assert "ne donne pas de chiffres pour" in reply
    assert "2022, 2023 et 2024" in reply
    assert "**" not in reply


def test_the_known_year_of_two_is_answered(tell: Tell) -> None:
    assert "**51**" in tell("Combien de certifiés en 2019 et 2024 ?", TOPIC)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("Est-ce que 51 personnes ont eu le titre en 2024 ?", "Oui, en 2024 la fiche donne **51**"),
        ("Est-ce que 60 personnes ont eu le titre en 2024 ?", "Non, en 2024 la fiche donne **51**"),
        ("Est-ce que le taux d'insertion à 6 mois est de 66 % en 2023 ?", "Oui, en 2023 la fiche donne **66**"),
        ("Est-ce que le taux d'insertion est de 90 % en 2023 ?", "Non, en 2023 la fiche donne **66**"),
        ("Est-ce que 3 personnes l'ont eu par la VAE en 2023 ?", "Oui, en 2023 la fiche donne **3**"),
    ],
)
def test_a_figure_that_the_question_supposes(tell: Tell, text: str, start: str) -> None:
    assert tell(text, TOPIC).startswith(start)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("La meilleure année ?", "**2024** : le plus grand nombre de personnes certifiées, **51**"),
        ("La pire année ?", "**2022** : le plus petit nombre de personnes certifiées, **26**"),
        ("Le meilleur taux d'insertion ?", "**2022** : le meilleur taux d'insertion global à 6 mois, **88 %**"),
        ("La pire année pour l'insertion dans le métier ?", "**2024** : le taux d'insertion dans le métier visé"),
        ("L'année record par la VAE ?", "**2023** : le plus de personnes certifiées par la VAE, **3**"),
        ("La pire année par la VAE ?", "**2024 et 2022**"),
        ("Combien de certifiés au total ?", "**122**"),
        ("Le total par la VAE ?", "**5**"),
        ("Le total des certifiés en 2022 et 2023 ?", "**71**"),
        ("Combien de certifiés en moyenne ?", "**40,7**"),
        ("Le taux d'insertion moyen, en moyenne ?", "**71,3 %**"),
        ("Le total des taux d'insertion ?", "**71,3 %**"),
        ("La moyenne des certifiés en 2022 et 2024 ?", "**38,5**"),
        ("La différence de certifiés entre 2022 et 2024 ?", "**25 de plus**"),
        ("L'évolution du taux d'insertion ?", "**28 points de moins**"),
        ("Les certifiés, c'est plus qu'en 2023 ?", "De 2022 à 2023"),
        ("Certifiés 2023 et 2024", "**6 de plus**"),
        ("De combien a baissé l'insertion dans le métier entre 2022 et 2023 ? l'écart ?", "**10 points de moins**"),
    ],
)
def test_small_computations(tell: Tell, text: str, expected: str) -> None:
    assert expected in tell(text, TOPIC)


def test_a_computation_shows_its_figures(tell: Tell) -> None:
    assert "51 en 2024 + 45 en 2023 + 26 en 2022" in tell("Combien au total ?", TOPIC)
    assert "La fiche ne donne pas cette moyenne" in tell("En moyenne ?", TOPIC)
    assert "26 en 2022, 51 en 2024" in tell("Quelle évolution ?", TOPIC)


def test_a_rate_is_never_added_up(tell: Tell) -> None:
    assert "214" not in tell("Le total des taux d'insertion ?", TOPIC)


@pytest.mark.parametrize("comparison", ["le meilleur", "le pire", "le total", "en moyenne", "la différence"])
def test_nothing_is_computed_from_an_empty_column(tell: Tell, comparison: str) -> None:
    reply = tell(f"{comparison} taux d'insertion dans le métier à 2 ans", TOPIC)
    assert "ne donne pas ce chiffre" in reply


def test_the_other_years_are_offered(ask: Callable[..., Reply]) -> None:
    (message,) = ask("Combien de certifiés en 2023 ?", TOPIC).messages
    assert [choice.title for choice in message.choices][:2] == ["Chiffres 2024", "Chiffres 2022"]


def with_unknown(fiche: Fiche, field: str, *years: int) -> tuple[YearStatistics, ...]:
    """Return the figures of the fiche, one of them lost for some years."""
    lost = {"state": State.NOT_GIVEN, "value": None}
    return tuple(
        row.model_copy(update={field: getattr(row, field).model_copy(update=lost)}) if row.year in years else row
        for row in fiche.statistics.require()
    )


def test_a_figure_that_one_year_lacks(tell_with: Tell, fiche: Fiche) -> None:
    rows = with_unknown(fiche, "certified", 2023)
    assert "ne donne pas ce chiffre" in tell_with("Combien de certifiés en 2023 ?", TOPIC, statistics=rows)
    assert "2023 : non donné" in tell_with("Combien de certifiés ?", TOPIC, statistics=rows)
    assert "**77**" in tell_with("Combien de certifiés au total ?", TOPIC, statistics=rows)
    assert "nombre de certifiés non donné" in tell_with("En 2023 ?", TOPIC, statistics=rows)


def test_a_figure_of_one_year_only_is_not_compared(tell_with: Tell, fiche: Fiche) -> None:
    rows = with_unknown(fiche, "certified", 2022, 2023)
    reply = tell_with("Quelle évolution du nombre de certifiés ?", TOPIC, statistics=rows)
    assert "51" in reply
    assert "de plus" not in reply


def test_equal_figures_have_no_difference(tell: Tell) -> None:
    reply = tell("La différence par la VAE entre 2022 et 2024 ?", TOPIC)
    assert "1 en 2022, 1 en 2024" in reply
    assert "de plus" not in reply
    assert "de moins" not in reply


@pytest.mark.parametrize(("state", "said"), [(State.NOT_GIVEN, "est vide"), (State.UNREADABLE, "illisible")])
def test_states(tell_with: Tell, state: State, said: str) -> None:
    reply = tell_with("Combien de certifiés en 2024 ?", TOPIC, statistics=state)
    assert said in reply
    assert "51" not in reply
