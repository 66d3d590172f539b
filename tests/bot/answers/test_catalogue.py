"""The answers as data: filters of the templates, and faults found at load."""

import shutil
from pathlib import Path

import pytest

from bot.answers.assistant import Assistant
from bot.answers.catalogue import Catalogue, load_catalogue
from bot.answers.composers import COMPOSERS
from referential.library import ANSWERS_FOLDER
from referential.model import Fiche
from referential.yaml_files import DataError

TOPIC = '  {name}:\n    label: "Un sujet"\n    says: {{stated: "{text}"}}\n'


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """A copy of the real answers."""
    return Path(shutil.copytree(ANSWERS_FOLDER, tmp_path / "answers"))


def add(folder: Path, lines: str, file: str = "dates.yml") -> Path:
    path = folder / file
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n") + "\n" + lines, encoding="utf-8")
    return path


def problems(folder: Path) -> str:
    with pytest.raises(DataError) as error:
        load_catalogue(folder)
    return str(error.value)


def test_the_real_answers_are_in_order(assistant: Assistant) -> None:
    catalogue = load_catalogue(ANSWERS_FOLDER)
    assert catalogue.topics.keys() == assistant.catalogue.topics.keys()
    assert {topic.theme for topic in catalogue.topics.values()} == {p.stem for p in ANSWERS_FOLDER.glob("[!_]*.yml")}


def test_every_composer_has_a_topic(assistant: Assistant) -> None:
    assert COMPOSERS.keys() <= assistant.catalogue.topics.keys()


def test_every_fact_named_is_a_field_of_the_fiche(assistant: Assistant) -> None:
    named = {topic.entry.fact for topic in assistant.catalogue.topics.values()} - {None}
    assert named <= set(Fiche.model_fields)


def test_labels_of_buttons_are_distinct(assistant: Assistant) -> None:
    labels = [topic.entry.label for topic in assistant.catalogue.topics.values()]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (TOPIC.format(name="odd", text="x") + '    colour: "bleu"\n', "colour"),
        (TOPIC.format(name="odd", text="{{ day"), "gabarit « stated », ligne 1"),
        (TOPIC.format(name="odd", text="{% if day %}"), "gabarit « stated »"),
        (TOPIC.format(name="odd", text="{{ day | nofilter }}"), "nofilter"),
        ('  odd:\n    label: "Un sujet"\n', "says"),
        ('  odd:\n    label: "Un sujet"\n    says: {}\n', "says"),
        ('  odd:\n    says: {stated: "x"}\n', "label"),
        (f'  odd:\n    label: "{"long " * 9}"\n    says: {{stated: "x"}}\n', "label"),
        (TOPIC.format(name="odd", text="x") + "    takes: [colour]\n", "takes"),
        (TOPIC.format(name="blocs", text="x"), "blocs : sujet déjà décrit"),
        (TOPIC.format(name="odd", text="x") + "    next: [nowhere]\n", "odd : suite inconnue « nowhere »"),
    ],
)
def test_a_wrong_topic_is_refused(answers: Path, lines: str, expected: str) -> None:
    path = add(answers, lines)
    said = problems(answers)
    assert expected in said
    assert str(path) in said


def test_a_faulty_template_is_placed_at_its_line(answers: Path) -> None:
    path = add(answers, TOPIC.format(name="odd", text="{{ day"))
    line = path.read_text(encoding="utf-8").splitlines().index('    says: {stated: "{{ day"}') + 1
    assert problems(answers).startswith(f"{path}:{line}: ")


def test_a_topic_described_twice_in_two_themes_is_refused(answers: Path) -> None:
    first, second = (add(answers, TOPIC.format(name="odd", text="x"), file) for file in ("dates.yml", "jobs.yml"))
    said = problems(answers)
    assert str(second) in said
    assert f"odd : sujet déjà décrit dans {first.name}" in said


def test_the_theme_is_the_name_of_the_file(answers: Path) -> None:
    path = (answers / "dates.yml").rename(answers / "days.yml")
    assert f"{path}:1: theme : « dates » n'est pas le nom du fichier" in problems(answers)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("menu: [", "menu: [nowhere, ", "menu : sujet inconnu « nowhere »"),
        ("show_next:", "show_nothing:", "show_n"),
        ("limits:", "limits: {}\nmore:", "more"),
        ('show_next: "', 'show_next: "{{ day', "show_next"),
    ],
)
def test_wrong_common_texts_are_refused(answers: Path, old: str, new: str, expected: str) -> None:
    path = answers / "_common.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    said = problems(answers)
    assert expected in said
    assert str(path) in said


def test_a_file_that_is_not_yaml_is_refused(answers: Path) -> None:
    path = answers / "dates.yml"
    path.write_text("theme: [dates", encoding="utf-8")
    assert str(path) in problems(answers)


def test_an_absent_folder_is_refused(tmp_path: Path) -> None:
    assert "_common.yml" in problems(tmp_path)


def test_a_variant_that_does_not_exist_is_named(assistant: Assistant) -> None:
    with pytest.raises(KeyError, match="sujet level : il n'y a pas de texte « sideways »"):
        assistant.catalogue.topics["level"].say("sideways", {})


@pytest.fixture(scope="module")
def catalogue(assistant: Assistant) -> Catalogue:
    return assistant.catalogue


@pytest.mark.parametrize(
    ("template", "value", "said"),
    [
        ("{{ v | spaced }}", "12345678900012", "123 456 789 00012"),
        ("{{ v | spaced }}", "123", "123"),
        ("{{ v | sentences }}", "Un. Deux. Trois.", "Un."),
        ("{{ v | sentences(2) }}", "Un. Deux. Trois.", "Un. Deux."),
        ("{{ v | sentences }}", "Une seule", "Une seule"),
        ("{{ v | upper_first }}", "écrire à M. Petit", "Écrire à M. Petit"),
        ("{{ v | lower_first }}", "Niveau 4", "niveau 4"),
        ("{{ v | lower_first }}", "ETAIE, un titre", "ETAIE, un titre"),
        ("{{ v | bullets }}", ["a", "b"], "- a\n- b"),
        ("{{ v | enumeration }}", ["a", "b"], "a et b"),
        ("{{ v | plural('bloc') }}", 4, "4 blocs"),
    ],
)
def test_filters(catalogue: Catalogue, template: str, value: object, said: str) -> None:
    assert catalogue.render(template, {"v": value}) == said


def test_a_template_does_not_escape_its_values(catalogue: Catalogue) -> None:
    assert catalogue.render("{{ v }}", {"v": "l'été & <b>"}) == "l'été & <b>"


@pytest.mark.parametrize("template", ["{{ absent }}", "{{ v.absent }}", "{{ v.__class__.__mro__ }}"])
def test_a_template_cannot_say_what_it_was_not_given(catalogue: Catalogue, template: str) -> None:
    with pytest.raises(Exception, match=r"undefined|has no attribute|unsafe"):
        catalogue.render(template, {"v": "x"})
