"""YAML files: faults in French with their line, and what is written reads back."""

from datetime import date
from enum import StrEnum
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from referential.model import Fact, Frozen
from referential.yaml_files import DataError, Problem, dump_model, load_located, load_model


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Item(Frozen):
    name: str = Field(pattern=r"^[a-z]+$")
    size: int = Field(default=1, ge=1, le=8)
    day: date | None = None
    colour: Colour = Colour.RED


class Box(Frozen):
    title: str = Field(min_length=2)
    items: tuple[Item, ...] = Field(min_length=1)
    words: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    sure: bool = False


class Texts(Frozen):
    texts: tuple[str, ...]
    by_name: dict[str, str]
    nothing: str | None = None


def written(folder: Path, text: str) -> Path:
    path = folder / "box.yml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str) -> list[str]:
    """Return the faults of a file, without the path before them."""
    path = written(folder, text)
    with pytest.raises(DataError) as raised:
        load_model(path, Box)
    return [str(problem).removeprefix(f"{path}:") for problem in raised.value.problems]


def test_a_good_file_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, "title: Été\nitems:\n  - name: a\n    day: 2030-10-27\n    colour: blue\n")
    box = load_model(path, Box)
    assert box == Box(title="Été", items=(Item(name="a", day=date(2030, 10, 27), colour=Colour.BLUE),))


def test_all_faults_are_said_at_once_in_french_with_their_line(tmp_path: Path) -> None:
    text = (
        "title: A\n"
        "items:\n"
        "  - size: 9\n"
        "    color: red\n"
        "  - name: A1\n"
        "    size: beaucoup\n"
        "    day: demain\n"
        "    colour: vert\n"
        "words:\n"
        "  a: b\n"
        "sure: peut-être\n"
    )
    assert faults(tmp_path, text) == [
        "1: title : texte trop court (au moins 2 caractère(s)), et non « A »",
        "3: items[0].name : clé manquante",
        "3: items[0].size : nombre d'au plus 8 attendu, et non « 9 »",
        "4: items[0].color : clé inconnue",
        "5: items[1].name : forme attendue : ^[a-z]+$, et non « A1 »",
        "6: items[1].size : nombre entier attendu, et non « beaucoup »",
        "7: items[1].day : date attendue (AAAA-MM-JJ), et non « demain »",
        "8: items[1].colour : une de ces valeurs attendue : 'red' ou 'blue', et non « vert »",
        "10: words.a : liste attendue, et non « b »",
        "11: sure : « true » ou « false » attendu, et non « peut-être »",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title: Un\ntitle: Deux\nitems: [{name: a}]\n", ["2: title : clé déjà présente ligne 1"]),
        ("title: Un\nitems:\n  - name: a\n    name: b\n", ["4: items[0].name : clé déjà présente ligne 3"]),
        (
            "title: un: deux\n",
            ["1: YAML incorrect : deux-points de trop (texte à mettre entre guillemets ?)"],
        ),
        ("title: Un\nitems: [\n", ["3: YAML incorrect : "]),
        ("\ttitle: Un\n", ["1: YAML incorrect : tabulation interdite : mettre des espaces"]),
        ("title: *rien\n", ["1: YAML incorrect : renvoi (*) vers une ancre qui n'existe pas"]),
        ("title: !machin x\n", ["1: YAML incorrect : étiquette (!) inconnue"]),
        ("title: Un\nitems: [{name: a, day: 2030-02-31}]\n", ["2: valeur impossible : « 2030-02-31 »"]),
        ("title: Un\nitems: []\n", ["2: items : liste trop courte (0 au lieu d'au moins 1)"]),
        ("title:\nitems: [{name: a}]\n", ["1: title : texte attendu, et non rien"]),
        ("- a\n- b\n", ["1: clés et valeurs attendues"]),
        ("items: &a\n  - *a\n", ["1: renvoi (*) vers un bloc qui le contient"]),
        ("? [a, b]\n: c\n", ["1: une clé doit être un mot simple"]),
    ],
)
def test_each_fault_has_its_words(tmp_path: Path, text: str, expected: list[str]) -> None:
    found = faults(tmp_path, text)
    assert len(found) == len(expected)
    for said, start in zip(found, expected, strict=True):
        assert said.startswith(start)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    empty, latin = tmp_path / "vide.yml", tmp_path / "latin.yml"
    empty.write_text("# rien\n", encoding="utf-8")
    latin.write_bytes("title: a\nb: été\n".encode("latin-1"))
    for path, expected in (
        (tmp_path / "absent.yml", "absent.yml: fichier introuvable"),
        (empty, "vide.yml: le fichier est vide"),
        (latin, "latin.yml:2: caractère illisible : le fichier n'est pas en UTF-8"),
    ):
        with pytest.raises(DataError) as raised:
            load_model(path, Box)
        assert str(raised.value).endswith(expected)


def test_a_message_of_the_model_is_said_as_it_is(tmp_path: Path) -> None:
    path = written(tmp_path, "section: Niveau\nstate: stated\n")
    with pytest.raises(DataError, match="état « stated » et valeur None ne vont pas ensemble"):
        load_model(path, Fact[str])


def test_a_later_check_can_place_its_problem(tmp_path: Path) -> None:
    located = load_located(written(tmp_path, "title: Un\nitems:\n  - name: a\n  - name: b\n"), Box)
    assert located.problem("non", "items", 1, "name").line == 4
    assert located.problem("non", "items", 1, "size").line == 4
    assert located.problem("non", "absent").line == 1


def test_a_plain_sentence_is_a_problem_too() -> None:
    error = DataError(["a.yml: faux", Problem("faux", "b.yml", 3)])
    assert str(error) == "a.yml: faux\nb.yml:3: faux"


def test_the_written_file_says_where_it_comes_from(tmp_path: Path) -> None:
    path = tmp_path / "out.yml"
    long = "Un texte assez long pour avoir ses propres lignes, avec des accents et : des deux-points. " * 2
    dump_model(
        Texts(texts=(long.strip(), "a\nb"), by_name={"z": "1", "a": "oui"}),
        path,
        command="faire",
        source="s.txt",
    )
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# Fichier généré")
    assert "# Source : s.txt\n# Commande : faire\n" in text
    assert ">-" in text
    assert "|-" in text
    assert "nothing" not in text
    assert text.index("  z:") < text.index("  a:")


@given(st.lists(st.text(max_size=300), max_size=5), st.dictionaries(st.text(max_size=9), st.text(), max_size=4))
def test_what_is_written_reads_back(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], named: dict[str, str]
) -> None:
    _round_trip(tmp_path_factory, Texts(texts=tuple(texts), by_name=named))


@given(
    st.lists(
        st.sampled_from(["mot", "été", ":", "-", "#", "«", "'", '"', "% ", "a" * 50, "fin.", "\n", "|", ">", "\\"]),
        min_size=20,
    )
)
def test_long_sentences_read_back(tmp_path_factory: pytest.TempPathFactory, parts: list[str]) -> None:
    _round_trip(tmp_path_factory, Texts(texts=(" ".join(parts), "".join(parts)), by_name={}))


def _round_trip(factory: pytest.TempPathFactory, model: Texts) -> None:
    path = factory.mktemp("yaml") / "texts.yml"
    dump_model(model, path, command="c", source="s")
    assert load_model(path, Texts) == model
