"""The questionnaire as data: complete, tied to the fiche, written for people."""

import re
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from referential.library import POSITIONING_FOLDER, load_fiche
from referential.positioning import Item, load_questionnaire, wording_mark
from referential.yaml_files import DataError

QUESTIONNAIRE = load_questionnaire()
ITEMS = list(QUESTIONNAIRE.items.values())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copied = tmp_path / "positionnement"
    shutil.copytree(POSITIONING_FOLDER, copied)
    return copied


def change(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_every_competency_has_its_question_and_its_theme() -> None:
    assert len(QUESTIONNAIRE.competency_items) == 39
    assert 10 <= len(QUESTIONNAIRE.theme_items) <= 14
    assert all(QUESTIONNAIRE.theme_of(item.id) for item in QUESTIONNAIRE.competency_items)


def test_a_changed_fiche_names_what_must_be_written_again() -> None:
    fiche = load_fiche()
    blocs = list(fiche.blocs.require())
    first = blocs[2]
    competencies = list(first.competencies)
    competencies[1] = competencies[1].model_copy(update={"wording": "Élaborer des devis et des factures."})
    blocs[2] = first.model_copy(update={"competencies": tuple(competencies)})
    changed = fiche.model_copy(update={"blocs": fiche.blocs.model_copy(update={"value": tuple(blocs)})})
    with pytest.raises(DataError) as raised:
        load_questionnaire(changed)
    said = [str(problem) for problem in raised.value.problems]
    assert len(said) == 2, "la compétence et son thème"
    assert re.search(r"bloc_3\.yml:\d+: BC03-C02 : la fiche dit autre chose", said[0])
    assert wording_mark("Élaborer des devis et des factures.") in said[0]
    assert "themes.yml" in said[1]


@pytest.mark.parametrize(
    ("file", "before", "after", "expected"),
    [
        ("bloc_4.yml", "  BC04-C03:", "  BC04-C99:", "BC04-C99 : cette compétence n'est pas dans la fiche"),
        ("bloc_4.yml", "  BC04-C03:", "  BC04-C99:", "BC04-C03 : la question manque"),
        ("bloc_1.yml", "bloc: RNCP41402BC01", "bloc: RNCP1BC01", "bloc RNCP41402BC01 attendu"),
        ("themes.yml", "[BC01-C01]", "[BC01-C02]", "est déjà dans le thème"),
        ("themes.yml", "[BC01-C01]", "[BC01-C02]", "BC01-C01 : cette compétence n'est dans aucun thème"),
        ("themes.yml", "[BC01-C01]", "[BC77-C01]", "compétences d'un même bloc de la fiche attendues"),
        ("scale.yml", 'label: "Pas encore"', 'label: "Pas encore du tout, vraiment pas"', "24"),
        ("scale.yml", 'key: "1"', 'key: "3"', "niveaux 0, 1, 2…"),
    ],
)
def test_a_fault_is_told_with_its_file(folder: Path, file: str, before: str, after: str, expected: str) -> None:
    change(folder / file, before, after)
    with pytest.raises(DataError) as raised:
        load_questionnaire(folder=folder)
    assert any(expected in str(problem) and file in str(problem) for problem in raised.value.problems), str(
        raised.value
    )


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_a_question_is_written_for_people(item: Item) -> None:
    text = item.text
    assert text.question.endswith("?") and "vous" in text.question.lower()
    said = " ".join((text.name, text.question, text.help, text.example.text, *text.stories))
    assert not re.search(r"\b(?:SIAE|MER|RNCP)\b", said), "sigle non expliqué"
    for sentence in re.split(r"(?<=[.?!:])\s", f"{text.help} {text.example.text}"):
        assert len(sentence.split()) <= 30, sentence
    assert "etc" not in said.lower()
    assert not re.search(r"jury|promet|garanti", said.lower())


def test_neighbours_do_not_look_alike() -> None:
    trades = [item.text.example.trade for item in QUESTIONNAIRE.competency_items]
    assert [t for t, after in pairwise(trades) if t == after] == []
    assert len({item.text.name for item in ITEMS}) == len(ITEMS)
    assert len({item.text.question for item in ITEMS}) == len(ITEMS)
    assert len(set(trades)) >= 12
