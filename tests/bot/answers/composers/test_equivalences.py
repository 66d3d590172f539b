"""Correspondences with other titles."""

from collections.abc import Callable

import pytest

from referential.model import Fiche, State

Tell = Callable[..., str]
TOPIC = "correspondences"
OTHER = "**RNCP39099 – Moniteur d'atelier en milieu de travail protégé**"


@pytest.mark.parametrize(
    "text",
    [
        "Quelles équivalences ?",
        "J'ai le moniteur d'atelier, ça me donne quoi ?",
        "Et le RNCP39099",
        "le bloc 2 a une équivalence",
    ],
)
def test_the_correspondence(tell: Tell, text: str) -> None:
    reply = tell(text, TOPIC)
    assert "1 correspondance, **partielle**" in reply
    assert OTHER in reply
    ours, theirs = (reply.index(said) for said in ("correspondent à", "Ses blocs"))
    assert theirs < reply.index("RNCP39099BC02") < reply.index("RNCP39099BC03") < ours
    assert ours < reply.index("RNCP41402BC01") < reply.index("RNCP41402BC03")
    assert reply.count("**ET**") == 3
    assert "BC04" not in reply
    assert "aucune autre équivalence" in reply


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("Est-ce que l'équivalence est partielle ?", "Oui, elle est **partielle**"),
        ("Est-ce que ça donne tout le titre ?", "Non, elle est **partielle**"),
        ("L'équivalence est-elle totale ?", "Non, elle est **partielle**"),
        ("Est-ce que le bloc 4 a une équivalence ?", "Non, la fiche ne donne aucune correspondance pour le bloc 4"),
        ("Une équivalence pour le bloc 4", "La fiche ne donne aucune correspondance pour le bloc 4"),
        ("Une équivalence avec le RNCP37674 ?", "La fiche ne cite pas RNCP37674"),
        ("Une équivalence avec le RNCP36697 ?", "**RNCP36697** – Encadrant technique d’activités"),
        ("Une équivalence avec le RNCP39099 ou le RNCP37674 ?", "La fiche cite 1 correspondance"),
    ],
)
def test_polarity_and_false_premises(tell: Tell, text: str, start: str) -> None:
    assert tell(text, TOPIC).startswith(start)


def test_an_unknown_code_is_told_what_is_known(tell: Tell) -> None:
    assert OTHER in tell("Une équivalence avec le RNCP37674 ?", TOPIC)


def test_several_correspondences(tell_with: Tell, fiche: Fiche) -> None:
    (known,) = fiche.correspondences.require()
    other = known.model_copy(
        update={"other": known.other.model_copy(update={"code": "RNCP11111"}), "blocs_operator": "OU"}
    )
    reply = tell_with("Quelles équivalences ?", TOPIC, correspondences=(known, other))
    assert "2 correspondances, **partielles**" in reply
    assert "RNCP39099" in reply
    assert "RNCP11111" in reply
    assert "**OU**" in reply
    reply = tell_with("Une équivalence avec le RNCP11111 ?", TOPIC, correspondences=(known, other))
    assert "RNCP39099 –" not in reply
    reply = tell_with("Une équivalence avec le RNCP12345 ?", TOPIC, correspondences=(known, other))
    assert "La seule correspondance" not in reply


@pytest.mark.parametrize(("state", "said"), [(State.NOT_GIVEN, "est vide"), (State.UNREADABLE, "illisible")])
@pytest.mark.parametrize("text", ["Quelles équivalences ?", "Et le RNCP37674 ?", "Et le bloc 4 ?"])
def test_states(tell_with: Tell, text: str, state: State, said: str) -> None:
    assert said in tell_with(text, TOPIC, correspondences=state)
