"""Polarity of a question, its numbers, and what is remembered of a conversation."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.assistant import Assistant
from bot.answers.mentions import Kind
from bot.answers.question import Memory, Question
from bot.text.dates import PartialDate


def question(assistant: Assistant, text: str, *, chosen: bool = False) -> Question:
    values = tuple((m.kind, m.value) for m in assistant.mentions(text))
    return Question(text, "blocs", values, assistant.vocabulary, chosen=chosen)


CLOSED = [
    "Est-ce que c'est possible en apprentissage ?",
    "est ce que je peux passer un bloc",
    "Peut-on avoir le titre sans diplôme ?",
    "on peut avoir le titre avec un seul bloc",
    "Faut-il tous les blocs ?",
    "il faut le bac ?",
    "Y a-t-il un oral ?",
    "ya un écrit",
    "c'est possible en candidat libre ?",
    "Est-ce l'AFPA qui délivre le titre ?",
    "Le titre est valable jusqu'en 2030 ?",
    "4 blocs ?",
    "Dois-je valider les quatre blocs ?",
    "deux blocs suffisent ?",
]
OPEN = [
    "Combien y a-t-il de blocs ?",
    "Qui délivre le titre ?",
    "Comment est évalué le bloc 2 ?",
    "Quels sont les prérequis ?",
    "c koi un ACI ?",
    "Quand est-ce que ça finit ?",
    "Pourquoi faut-il tous les blocs ?",
    "les blocs",
    "parle moi du jury",
    "",
]


@pytest.mark.parametrize("text", CLOSED)
def test_closed_questions(assistant: Assistant, text: str) -> None:
    assert question(assistant, text).closed


@pytest.mark.parametrize("text", OPEN)
def test_open_questions_call_for_no_yes(assistant: Assistant, text: str) -> None:
    asked = question(assistant, text)
    assert not asked.closed
    assert (asked.yes, asked.no) == ("", "")


@pytest.mark.parametrize("text", ["Est-ce possible ?", "Faut-il tous les blocs ?", "Y a-t-il 4 blocs ?"])
def test_yes_and_no(assistant: Assistant, text: str) -> None:
    asked = question(assistant, text)
    assert (asked.yes, asked.no) == ("Oui, ", "Non, ")


@pytest.mark.parametrize(
    "text",
    ["Ce n'est pas possible en VAE ?", "Il n'y a pas d'oral ?", "c'est pas un niveau 4 ?", "on peut pas le passer ?"],
)
def test_a_negative_question_is_contradicted_by_si(assistant: Assistant, text: str) -> None:
    asked = question(assistant, text)
    assert asked.negative
    assert (asked.yes, asked.no) == ("Si, ", "Non, ")


def test_a_button_is_not_french(assistant: Assistant) -> None:
    asked = question(assistant, "/level est-ce que 4 ?", chosen=True)
    assert asked.folded == ""
    assert not asked.closed
    assert not asked.negative
    assert asked.numbers == ()


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("51 personnes en 2024 ?", (51,)),
        ("60 % ou 66 % ?", (60, 66)),
        ("RNCP41402", ()),
        ("le 27/10/2030", ()),
        ("aucun", ()),
    ],
)
def test_numbers(assistant: Assistant, text: str, numbers: tuple[int, ...]) -> None:
    assert question(assistant, text).numbers == numbers


def test_day(assistant: Assistant) -> None:
    assert question(assistant, "C'est le 27 octobre 2030 ?").day == PartialDate(10, 27, 2030)
    assert question(assistant, "C'est en 2030 ?").day is None


@pytest.mark.parametrize(
    ("text", "exclusive", "obligation"),
    [
        ("uniquement à l'oral ?", True, False),
        ("il n'y a que le dossier ?", True, False),
        ("faut-il le bloc 4 ?", False, True),
        ("un diplôme est obligatoire ?", False, True),
        ("il y a un oral ?", False, False),
    ],
)
def test_turns_of_phrase(assistant: Assistant, text: str, exclusive: bool, obligation: bool) -> None:
    asked = question(assistant, text)
    assert (asked.exclusive, asked.obligation) == (exclusive, obligation)


def test_values_are_distinct_and_in_order(assistant: Assistant) -> None:
    asked = question(assistant, "le bloc 3, le bloc 1 et encore le bloc 3")
    assert asked.all(Kind.BLOC) == ["3", "1"]
    assert asked.first(Kind.BLOC) == "3"
    assert asked.first(Kind.YEAR) is None


def test_another_topic_keeps_the_rest(assistant: Assistant) -> None:
    asked = question(assistant, "le bloc 3")
    assert asked.with_topic("assessment").topic == "assessment"
    assert asked.with_topic("assessment").values == asked.values


MEMORIES = st.builds(
    Memory,
    topic=st.none() | st.text(),
    values=st.lists(st.tuples(st.sampled_from([str(kind) for kind in Kind]), st.text())).map(tuple),
    page=st.integers(min_value=0),
    next_page=st.none() | st.integers(),
)


@given(memory=MEMORIES)
def test_a_memory_survives_json(memory: Memory) -> None:
    assert Memory.from_dict(json.loads(json.dumps(memory.as_dict()))) == memory


@pytest.mark.parametrize(
    "stored", [None, "bloc 2", 3, [], {}, {"values": 3}, {"values": ["ab", 2]}, {"values": [["a", "b", "c"]]}]
)
def test_an_older_memory_is_forgotten(stored: object) -> None:
    assert Memory.from_dict(stored) in (Memory(), Memory(values=(("a", "b"),)))
