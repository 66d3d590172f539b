"""Where a message may be cut into questions."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.parts import asks, candidate_parts, says_something


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("combien de blocs et c'est quoi le jury ?", ["combien de blocs", "c'est quoi le jury ?"]),
        ("C'est quel niveau ? Et le code RNCP ?", ["C'est quel niveau ?", "Et le code RNCP ?"]),
        ("c koi le jury cb de blocs", ["c koi le jury", "cb de blocs"]),
        ("code nsf, site web certificateur", ["code nsf", "site web certificateur"]),
        ("quel est le niveau et pour la VAE ?", ["quel est le niveau", "et pour la VAE ?"]),
        (
            "alors est-ce que la v a e c'est possible et combien d'années il faut",
            ["alors est-ce que la v a e c'est possible", "combien d'années il faut"],
        ),
        # the word that asks comes last
        ("le bloc 4 c koi et on le passe coment", ["le bloc 4 c koi", "et on le passe coment"]),
        ("c'est combien, c'est où et ça commence quand ?", ["c'est combien", "c'est où", "ça commence quand ?"]),
        ("jury / certificateur", ["jury", "certificateur"]),
        (
            "je voudrais savoir ce que fait un encadrant, si la formation se suit à distance, et s'il y a un stage",
            ["je voudrais savoir ce que fait un encadrant", "si la formation se suit à distance", "s'il y a un stage"],
        ),
        (
            "Je souhaite connaître la composition du jury et la durée de l'oral.",
            ["Je souhaite connaître la composition du jury", "et la durée de l'oral."],
        ),
    ],
)
def test_several_questions_are_cut(text: str, parts: list[str]) -> None:
    assert candidate_parts(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour",
        "Quels sont les blocs de compétences ?",
        "je voudrais savoir comment est évalué le bloc 2",
        "le bloc 1, ça parle de quoi ?",
        "qu'est-ce que ça veut dire AAVA",
        "est-ce un écrit, un oral ou un dossier ?",
        "apré le titre je peu fair kel metié",
        "faut s'y prendre comment pour s'inscrire",
    ],
)
def test_one_question_is_left_whole(text: str) -> None:
    assert candidate_parts(text) == [text]


def test_what_says_nothing_goes_with_what_follows() -> None:
    assert candidate_parts("Voilà. Je voudrais savoir. Combien de blocs ?") == [
        "Voilà. Je voudrais savoir. Combien de blocs ?"
    ]


@given(st.text(max_size=200))
def test_nothing_that_is_said_is_lost(text: str) -> None:
    parts = candidate_parts(text)
    assert parts
    assert len(parts) <= 5
    said = re.findall(r"\w{6,}", text)
    kept = " ".join(parts)
    assert all(word in kept for word in said if word.isascii() and word.isalpha() and says_something(word))


def test_asking() -> None:
    assert asks("cb de blocs")
    assert asks("je voudrais savoir les conditions")
    assert asks("si on peut le faire par la VAE")
    assert not asks("bonjour")
    assert not says_something("est-ce que ça se trouve ?")
    assert says_something("c'est où ?")
    assert says_something("et le 4 ?")
