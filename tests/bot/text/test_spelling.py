"""Plain French behind what people type."""

from pathlib import Path

import pytest

from bot.text.spelling import Spelling, load_spelling, sound
from referential.library import SPELLING_FILE
from referential.yaml_files import DataError

LEXICON = frozenset(
    [
        "besoin",
        "diplome",
        "titre",
        "formation",
        "insertion",
        "encadrement",
        "travail",
        "prix",
        "matin",
        "mais",
        "combien",
    ]
)
TEXTS = ["il y a besoin d'un diplôme", "un besoin de diplôme", "l'insertion et la formation", "insertion, formation"]


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    return load_spelling(SPELLING_FILE, LEXICON, TEXTS)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("esque ya bezoin dun diplome", "est-ce que il y a besoin dun diplôme"),
        ("slt cb de blok", "salut combien de bloc"),
        ("c koi le titre", "c'est quoi le titre"),
        ("jpeu avoir le titre", "je peux avoir le titre"),
        ("le e.t.a.i.e", "le etaie"),
        ("la v a e", "la vae"),
        ("air n c p 41402", "rncp 41402"),
        ("dinsertion", "d'insertion"),
        ("la formassion", "la formation"),
        ("lé prix", "les prix"),
    ],
)
def test_what_people_type_becomes_french(spelling: Spelling, typed: str, plain: str) -> None:
    assert spelling.plain(typed) == plain


@pytest.mark.parametrize("text", ["faut-il un diplôme ?", "le matin, mais combien ?", "", "2030", "xyzzy"])
def test_french_and_the_unknown_stay(spelling: Spelling, text: str) -> None:
    assert spelling.plain(text) == text


def test_an_accent_typed_by_somebody_is_kept(spelling: Spelling) -> None:
    assert spelling.word("prîx") == "prîx"


@pytest.mark.parametrize(
    ("typed", "meant"), [("bezoin", "besoin"), ("encadreman", "encadrement"), ("kalifikasion", "qualification")]
)
def test_same_sound(typed: str, meant: str) -> None:
    assert sound(typed) == sound(meant)


def test_different_sounds() -> None:
    assert sound("jury") != sound("bloc")


def test_a_broken_expression_is_refused_with_its_file(tmp_path: Path) -> None:
    path = tmp_path / "spelling.yml"
    path.write_text("phrases: {etaie: '(e'}\nwords: {}\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"spelling\.yml.*etaie"):
        load_spelling(path, LEXICON, TEXTS)


def test_a_variant_has_one_meaning(tmp_path: Path) -> None:
    path = tmp_path / "spelling.yml"
    path.write_text("phrases: {}\nwords: {quoi: [koi], qui: [koi]}\n", encoding="utf-8")
    with pytest.raises(DataError, match="deux fois"):
        load_spelling(path, LEXICON, TEXTS)
