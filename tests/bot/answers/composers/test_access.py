"""Topics of access."""

from collections.abc import Callable
from datetime import date

import pytest

from referential.model import AccessRoute, Fiche, Route, State

Tell = Callable[..., str]
MEMBERS = "- Un représentant de l’organisme certificateur\n- Un professionnel extérieur à l’organisme certificateur"
SILENT = "Cela ne veut pas dire qu'il n'y en a pas"


@pytest.mark.parametrize("topic", ["prerequisites", "prerequisites_entry", "prerequisites_validation"])
@pytest.mark.parametrize("text", ["Quels prérequis ?", "Faut-il le bac ?", "est-ce que je peux entrer sans diplôme ?"])
def test_empty_prerequisites_are_neither_a_yes_nor_a_no(tell: Tell, topic: str, text: str) -> None:
    reply = tell(text, topic)
    assert "vide" in reply
    assert SILENT in reply
    assert not reply.startswith(("Oui", "Non", "Si"))


def test_the_one_thing_that_is_stated_of_prerequisites(tell: Tell) -> None:
    assert "les blocs n'ont **pas** de prérequis distincts" in tell("Quels prérequis ?", "prerequisites")
    assert tell("Il y en a selon les blocs ?", "prerequisites_blocs").startswith("Non, les blocs n'ont pas")


def test_prerequisites_that_another_fiche_states(tell_with: Tell) -> None:
    reply = tell_with("Quels prérequis ?", "prerequisites", entry_prerequisites="Savoir lire")
    assert "- Pour entrer en formation : Savoir lire" in reply
    assert "- Pour valider le titre : non donné" in reply
    assert "- Distincts selon les blocs : non" in reply
    reply = tell_with("Y a-t-il des prérequis ?", "prerequisites_blocs", bloc_prerequisites="Le bloc 1 d'abord")
    assert reply.startswith("Oui, il y a des prérequis distincts pour les blocs : Le bloc 1 d'abord")
    assert "Prérequis distincts pour les blocs : Le bloc 1" in tell_with(
        "Quels prérequis ?", "prerequisites", bloc_prerequisites="Le bloc 1 d'abord"
    )


def test_the_list_of_routes(tell: Tell) -> None:
    before, after = tell("Par quelles voies ?", "access_routes").split("La fiche répond « non » pour :")
    assert "3 voies" in before
    for label in ("Après un parcours de formation continue", "En contrat de professionnalisation", "Par expérience"):
        assert f"- {label}\n" in before
    for label in ("sous statut d’élève ou d’étudiant", "En contrat d’apprentissage", "Par candidature individuelle"):
        assert label in after


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("Est-ce possible en apprentissage ?", "Non, la voie « **En contrat d’apprentissage** » n'est pas ouverte"),
        ("En étudiant ?", "Non, la voie « **Après un parcours de formation sous statut d’élève"),
        ("Candidat libre ?", "Non, la voie « **Par candidature individuelle** »"),
        ("Est-ce possible en formation continue ?", "Oui, la voie « **Après un parcours de formation continue** »"),
        ("Je peux le passer en contrat pro ?", "Oui, la voie « **En contrat de professionnalisation** »"),
        ("C'est pas possible en contrat pro ?", "Si, la voie"),
        ("Par la VAE ?", "Oui, la voie « **Par expérience** » est ouverte"),
        ("En alternance ?", "Cela dépend de la voie"),
    ],
)
@pytest.mark.parametrize("topic", ["access_route", "access_routes"])
def test_one_route(tell: Tell, topic: str, text: str, start: str) -> None:
    assert tell(text, topic).startswith(start)


def test_alternance_is_two_routes(tell: Tell) -> None:
    reply = tell("En alternance ?", "access_route")
    assert "- En contrat d’apprentissage : **non**" in reply
    assert "- En contrat de professionnalisation : **oui**" in reply


def test_an_open_route_gives_its_jury_and_a_closed_one_none(tell: Tell) -> None:
    assert MEMBERS in tell("En contrat pro ?", "access_route")
    assert "jury" not in tell("En apprentissage ?", "access_route").lower()


@pytest.mark.parametrize("text", ["La VAE, c'est possible ?", "Comment faire valider mon expérience", "VAE"])
def test_vae(tell: Tell, text: str) -> None:
    reply = tell(text, "vae")
    assert reply.startswith("Oui, la voie « **Par expérience** » est ouverte")
    assert MEMBERS in reply


def test_the_jury(tell: Tell) -> None:
    reply = tell("Qui est dans le jury ?", "jury")
    assert reply.startswith("Le jury compte 2 personnes")
    assert MEMBERS in reply
    assert "le même pour chaque voie ouverte" in reply


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Le jury en VAE ?", "(voie « Par expérience »)"),
        ("Le jury en apprentissage ?", "pas de jury pour la voie « En contrat d’apprentissage »"),
        ("Le jury en apprentissage ?", "répond « non » pour cette voie"),
        ("Le jury en alternance ?", "\n(voie « En contrat de professionnalisation »)\n"),
        ("Le jury en alternance ?", "Voie « En contrat d’apprentissage » : la fiche répond « non »"),
    ],
)
def test_the_jury_of_a_route(tell: Tell, text: str, expected: str) -> None:
    assert expected in tell(text, "jury")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("De quand date le jury ?", "**28 octobre 2025**"),
        ("Et en VAE ?", "**28 octobre 2025**"),
        ("Et en candidat libre ?", "voie « Par candidature individuelle »"),
        ("Et en candidat libre ?", "non donné"),
    ],
)
def test_the_date_of_the_juries(tell: Tell, text: str, expected: str) -> None:
    assert expected in tell(text, "jury_date")


def with_route(fiche: Fiche, key: Route, **changes: object) -> tuple[AccessRoute, ...]:
    """Return the ways of access, one of them with facts of another value, or of a state without value."""

    def changed(route: AccessRoute) -> AccessRoute:
        update = {}
        for name, value in changes.items():
            given = (
                {"state": value, "value": None} if isinstance(value, State) else {"state": State.STATED, "value": value}
            )
            update[name] = getattr(route, name).model_copy(update=given)
        return route.model_copy(update=update)

    return tuple(changed(route) if route.key is key else route for route in fiche.access_routes.require())


def test_juries_that_differ(tell_with: Tell, fiche: Fiche) -> None:
    routes = with_route(fiche, Route.VAE, jury=("Un président", "Une élue"), last_modified=date(2026, 1, 1))
    reply = tell_with("Qui est dans le jury ?", "jury", access_routes=routes)
    assert "- Par expérience : Un président et Une élue" in reply
    assert "- En contrat de professionnalisation : Un représentant" in reply
    reply = tell_with("De quand date-t-il ?", "jury_date", access_routes=routes)
    assert "- Par expérience : 1er janvier 2026" in reply
    assert "- En contrat de professionnalisation : 28 octobre 2025" in reply


def test_a_route_that_cannot_be_read(tell_with: Tell, fiche: Fiche) -> None:
    routes = with_route(fiche, Route.VAE, open=State.UNREADABLE)
    assert "illisible" in tell_with("VAE ?", "access_route", access_routes=routes)
    reply = tell_with("Quelles voies ?", "access_routes", access_routes=routes)
    assert "2 voies" in reply
    assert "Par expérience" in reply.split("La fiche répond « non » pour :")[1]


def test_a_fiche_without_vae(tell_with: Tell, fiche: Fiche) -> None:
    routes = tuple(route for route in fiche.access_routes.require() if route.key is not Route.VAE)
    assert "ne dit rien de la validation" in tell_with("La VAE ?", "vae", access_routes=routes)


def test_all_routes_closed(tell_with: Tell, fiche: Fiche) -> None:
    closed = with_route(fiche, Route.VAE, open=State.STATED_NO)
    for key in (Route.CONTINUING_TRAINING, Route.PROFESSIONALISATION):
        closed = with_route(
            fiche.model_copy(update={"access_routes": fiche.access_routes.model_copy(update={"value": closed})}),
            key,
            open=State.STATED_NO,
        )
    reply = tell_with("Quelles voies ?", "access_routes", access_routes=closed)
    assert reply.startswith("La fiche répond « non » pour :")
    assert "On peut" not in reply


@pytest.mark.parametrize(
    ("text", "named", "left_out"),
    [
        ("En Nouvelle-Calédonie ?", ["Nouvelle Calédonie"], ["Polynésie"]),
        ("en polynesie", ["Polynésie française"], ["Calédonie"]),
        ("En Nouvelle-Calédonie et en Polynésie ?", ["Nouvelle Calédonie", "Polynésie française"], []),
        ("outre-mer ?", ["Nouvelle Calédonie", "Polynésie française"], []),
    ],
)
def test_overseas_cells_that_cannot_be_read(tell: Tell, text: str, named: list[str], left_out: list[str]) -> None:
    reply = tell(text, "overseas")
    assert "illisible" in reply
    assert not reply.startswith(("Oui", "Non"))
    assert all(name in reply for name in named)
    assert not any(name in reply for name in left_out)


def test_overseas_cells_one_of_which_is_read(tell_with: Tell) -> None:
    reply = tell_with("outre-mer ?", "overseas", new_caledonia=True)
    assert "Nouvelle Calédonie : **oui**" in reply
    assert "Polynésie française : **illisible" in reply


@pytest.mark.parametrize(("state", "said"), [(State.NOT_GIVEN, "vide"), (State.UNREADABLE, "illisible")])
@pytest.mark.parametrize("topic", ["access_routes", "access_route", "jury", "jury_date"])
def test_states(tell_with: Tell, topic: str, state: State, said: str) -> None:
    reply = tell_with("En VAE ?", topic, access_routes=state)
    assert said in reply
    assert "« Voie d’accès à la certification »" in reply
