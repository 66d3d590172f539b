"""Several turns: follow-ups, what is remembered, other titles, and what to say when nothing was understood."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.assistant import Assistant, Reply, load_assistant
from bot.answers.mentions import Kind
from bot.answers.question import Memory, Understanding
from referential.library import ANSWERS_FOLDER
from referential.yaml_files import DataError

Ask = Callable[..., Reply]
Turn = tuple[str, str]
Converse = Callable[[list[Turn]], Reply]
TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def converse(ask: Ask) -> Converse:
    """Ask turn after turn, the memory going through JSON as in Rasa's slot; give the last reply."""

    def talk(turns: list[Turn]) -> Reply:
        reply = Reply((), Memory(), ())
        for text, topic in turns:
            memory = Memory.from_dict(json.loads(json.dumps(reply.memory.as_dict())))
            reply = ask(text, topic, memory)
        return reply

    return talk


def words_of(reply: Reply) -> str:
    return "\n".join(message.text for message in reply.messages)


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ([("Comment est évalué le bloc 1 ?", "assessment"), ("et le bloc 3 ?", "follow_up")], "RNCP41402BC03"),
        ([("Comment est évalué le bloc 1 ?", "assessment"), ("et le 4 ?", "follow_up")], "RNCP41402BC04"),
        ([("Comment est évalué le bloc 1 ?", "assessment"), ("le bloc 2", "bloc_detail")], "RNCP41402BC02) est évalué"),
        ([("Que contient le bloc 2 ?", "bloc_detail"), ("et le bloc 9 ?", "follow_up")], "pas de bloc 9"),
        ([("Combien de certifiés en 2024 ?", "statistics"), ("et en 2023 ?", "follow_up")], "en 2023 : **45**"),
        ([("Combien de certifiés en 2024 ?", "statistics"), ("et l'année d'avant ?", "follow_up")], "**45**"),
        ([("Combien de certifiés en 2022 ?", "statistics"), ("et l'année suivante ?", "follow_up")], "**45**"),
        ([("Combien de certifiés en 2023 ?", "statistics"), ("et par la VAE ?", "follow_up")], "en 2023 : **3**"),
        ([("Combien de certifiés en 2024 ?", "statistics"), ("et en 2010 ?", "follow_up")], "2022, 2023 et 2024"),
        ([("La VAE, c'est possible ?", "vae"), ("et en apprentissage ?", "follow_up")], "apprentissage** » n'est pas"),
        ([("Le jury ?", "jury"), ("et par la VAE ?", "vae")], "voie « Par expérience »"),
        ([("On peut travailler en ACI ?", "sectors"), ("et en EHPAD ?", "follow_up")], "ne cite pas"),
        ([("On peut travailler en EHPAD ?", "sectors"), ("et en EI ?", "follow_up")], "« **Entreprises d’Insertion**"),
        ([("Que veut dire ACI ?", "acronym"), ("et AAVA ?", "follow_up")], "**AAVA** veut dire"),
        ([("2 blocs suffisent ?", "partial_blocs"), ("et 4 ?", "follow_up")], "avec **les 4 blocs** validés"),
        ([("faire un devis", "competency_search"), ("et recruter ?", "follow_up")], "RNCP41402BC01"),
        # The topic before has no use for what is named: the mention leads somewhere of its own.
        ([("Quel niveau ?", "level"), ("et le bloc 3 ?", "follow_up")], "RNCP41402BC03"),
        ([("Quel niveau ?", "level"), ("et en 2023 ?", "follow_up")], "**2023**"),
        ([("Quel niveau ?", "level"), ("et en alternance ?", "follow_up")], "Cela dépend de la voie"),
        ([("Bonjour", "greet"), ("le bloc 2", "follow_up")], "RNCP41402BC02"),
        # Small talk is not what we were talking about.
        (
            [("Comment est évalué le bloc 1 ?", "assessment"), ("merci", "thanks"), ("et le 2 ?", "follow_up")],
            "BC02) est",
        ),
        ([("Quel niveau ?", "level"), ("et alors ?", "follow_up")], "De quoi parlez-vous"),
        ([("et alors ?", "follow_up")], "De quoi parlez-vous"),
    ],
)
def test_follow_ups(converse: Converse, turns: list[Turn], expected: str) -> None:
    assert expected in words_of(converse(turns))


def test_a_follow_up_of_the_same_theme_goes_to_the_likeliest_topic(ask: Ask) -> None:
    memory = ask("Quelle échéance ?", "expiry_date").memory
    ranking = (("level", 0.4), ("expiry_date", 0.3), ("decision_date", 0.2))
    assert ask("et sinon la décision ?", "follow_up", memory, ranking=ranking).memory.topic == "decision_date"


@pytest.mark.parametrize(("sure", "topic"), [(0.2, "assessment"), (0.99, "bloc_detail")])
def test_a_message_is_read_in_the_light_of_the_last_topic_when_it_is_unsure(ask: Ask, sure: float, topic: str) -> None:
    memory = ask("Comment est évalué le bloc 1 ?", "assessment").memory
    reply = ask("parlons maintenant du bloc 3", "bloc_detail", memory, ranking=(("bloc_detail", sure),))
    assert reply.memory.topic == topic


def test_more_is_shown_page_after_page(converse: Converse) -> None:
    turns = [("Que contient le bloc 2 ?", "bloc_detail")]
    pages = []
    while converse(turns).memory.next_page:
        turns.append(("la suite", "show_more"))
        pages.append(words_of(converse(turns)))
    assert len(pages) > 1
    assert all(f"({rank} sur {len(pages)})" in page for rank, page in enumerate(pages, 1))


def test_there_is_nothing_more_before_the_first_question(converse: Converse) -> None:
    assert "pas de suite" in words_of(converse([("la suite", "show_more")]))
    assert "encore rien dit" in words_of(converse([("répète", "repeat")]))


@pytest.mark.parametrize(
    "turn",
    [
        ("Comment sont évalués les blocs 1 et 2 ?", "assessment"),
        ("Combien de certifiés en 2023 ?", "statistics"),
        ("le jury en VAE", "jury"),
        ("Que contient le bloc 4 ?", "bloc_detail"),
        ("quel prix", "silent_price"),
        ("dans quel bloc on apprend à faire un devis", "competency_search"),
    ],
)
def test_repeat_says_the_same_again(converse: Converse, turn: Turn) -> None:
    assert words_of(converse([turn, ("répète", "repeat")])) == words_of(converse([turn]))


def test_repeat_says_the_same_page_again(converse: Converse) -> None:
    turns = [("Que contient le bloc 2 ?", "bloc_detail"), ("la suite", "show_more"), ("la suite", "show_more")]
    assert words_of(converse([*turns, ("répète", "repeat")])) == words_of(converse(turns))


@pytest.mark.parametrize(
    ("text", "topic", "expected"),
    [
        ("Le RNCP37674, c'est quel niveau ?", "level", "other_title"),
        ("C'est quoi le RNCP37674 ?", "title_overview", "other_title"),
        ("Que contient le RNCP12345 ?", "bloc_detail", "other_title"),
        ("Le RNCP39099, c'est quel niveau ?", "level", "correspondences"),
        ("j'ai le moniteur d'atelier, quel niveau ?", "level", "correspondences"),
        ("La fiche 36697, elle contient quoi ?", "title_overview", "previous_fiche"),
        ("RNCP37674 ou RNCP39099 ?", "level", "correspondences"),
        ("Le RNCP41402, c'est quel niveau ?", "level", "level"),
        ("Une équivalence avec le RNCP37674 ?", "correspondences", "correspondences"),
        ("C'est bien la fiche 41403 ?", "title_code", "title_code"),
    ],
)
def test_another_title_is_not_answered_with_the_facts_of_this_one(
    ask: Ask, text: str, topic: str, expected: str
) -> None:
    assert ask(text, topic).memory.topic == expected


def test_the_facts_of_this_title_are_not_given_for_another(ask: Ask) -> None:
    reply = words_of(ask("Le RNCP37674, c'est quel niveau ?", "level"))
    assert "RNCP37674" in reply
    assert "niveau 4" not in reply


def test_a_button_is_answered_as_it_is(ask: Ask, assistant: Assistant) -> None:
    memory = ask("Comment est évalué le bloc 1 ?", "assessment").memory
    pressed = Understanding('/bloc_detail{"bloc": "3"}', "bloc_detail", (), assistant.mentions("bloc 3"), chosen=True)
    assert assistant.answer(pressed, memory, TODAY).memory.topic == "bloc_detail"


def test_memory_keeps_values_and_no_words(ask: Ask) -> None:
    memory = ask("Je m'appelle Zoé Martin, combien de certifiés en 2023 ?", "statistics").memory
    assert memory.topic == "statistics"
    assert set(memory.values) == {("year", "2023"), ("measure", "certified")}
    assert "Zo" not in json.dumps(memory.as_dict())


def test_memory_keeps_a_value_once(ask: Ask) -> None:
    memory = ask("Une équivalence avec le RNCP39099 ?", "correspondences").memory
    assert memory.values == (("certification", "RNCP39099"),)


@pytest.mark.parametrize("topic", ["thanks", "greet", "help", "affirm", "deny", "goodbye", "insult"])
def test_small_talk_leaves_the_memory_as_it_was(ask: Ask, topic: str) -> None:
    memory = ask("Comment est évalué le bloc 1 ?", "assessment").memory
    assert ask("voilà", topic, memory).memory == memory


@pytest.mark.parametrize(
    "stored",
    [
        {"topic": "a_topic_that_is_no_more", "values": [["bloc", "1"]], "next_page": 2},
        {"topic": None, "values": [["bloc", "1"]], "next_page": 2},
        {"topic": "bloc_detail", "values": [["a_kind_that_is_no_more", "1"]], "next_page": 2},
        {"topic": "bloc_detail", "values": [["bloc", "99"]], "next_page": 99},
        {"topic": "bloc_detail"},
    ],
)
@pytest.mark.parametrize("turn", [("la suite", "show_more"), ("répète", "repeat"), ("et le 2 ?", "follow_up")])
def test_a_memory_of_an_older_version_does_not_break_anything(ask: Ask, stored: object, turn: Turn) -> None:
    assert words_of(ask(*turn, Memory.from_dict(stored)))


def test_nothing_understood_offers_the_nearest_topics(ask: Ask) -> None:
    ranking = (("thanks", 0.3), ("jury", 0.2), ("unknown", 0.2), ("level", 0.1), ("nsf", 0.1), ("rome", 0.1))
    (message,) = ask("blabla bli", "nlu_fallback", ranking=ranking).messages
    assert "pas compris" in message.text
    assert [choice.topic for choice in message.choices] == ["jury", "level", "nsf"]


def test_nothing_understood_and_nothing_near_offers_the_menu(ask: Ask, assistant: Assistant) -> None:
    common = assistant.catalogue.common
    (message,) = ask("blabla bli", "nlu_fallback").messages
    assert tuple(choice.topic for choice in message.choices) == common.menu[: common.limits.suggestions]


@pytest.mark.parametrize("text", ["", "?!", "🙂🙂", "   "])
def test_a_message_without_words_is_told_so(ask: Ask, text: str) -> None:
    ranking = (("jury", 0.9),)
    (message,) = ask(text, "nlu_fallback", ranking=ranking).messages
    assert "pas trouvé de mots" in message.text
    assert "jury" not in [choice.topic for choice in message.choices]


def test_an_intent_without_topic_is_not_understood(ask: Ask) -> None:
    assert "pas compris" in words_of(ask("bonjour à vous", "an_intent_of_tomorrow"))


def test_not_understood_leaves_the_memory_as_it_was(ask: Ask) -> None:
    memory = ask("Comment est évalué le bloc 1 ?", "assessment").memory
    assert ask("blabla", "nlu_fallback", memory).memory == memory


@pytest.mark.parametrize(
    ("text", "topic", "chosen", "expected"),
    [
        ("le tampon bleu", "nlu_fallback", False, True),
        ("blocs ? le tampon bleu", "nlu_fallback", False, True),
        ("le tampon bleu", "off_topic", False, False),
        ("quels blocs", "blocs", False, False),
        ("j'ai envie de mourir", "nlu_fallback", False, False),
        ("/nlu_fallback", "nlu_fallback", True, False),
        # Buttons of another conversation, which are read as text.
        ('bloc_detail{"bloc": "2"}#AAAAAAAAAAAA', "nlu_fallback", False, False),
        ("jury_date#AAAAAAAAAAAA", "nlu_fallback", False, False),
        ("greet", "nlu_fallback", False, False),
    ],
)
def test_only_what_was_written_and_not_understood_is_to_review(
    assistant: Assistant, text: str, topic: str, chosen: bool, expected: bool
) -> None:
    understanding = Understanding(text, topic, (), (), chosen=chosen)
    reply = assistant.answer(understanding, Memory(), TODAY)
    assert assistant.is_to_review(understanding, reply) is expected


@pytest.mark.parametrize("topic", ["level", "nlu_fallback", "off_topic", "follow_up"])
@pytest.mark.parametrize("text", ["j'ai envie de mourir", "je vais me tuer", "mon mari me frappe"])
def test_danger_comes_before_everything(ask: Ask, text: str, topic: str) -> None:
    reply = words_of(ask(text, topic))
    assert "3114" in reply or "3919" in reply
    assert "112" in reply


def test_danger_that_is_only_likely_is_heard_too(ask: Ask) -> None:
    reply = ask("je tiens plus", "nlu_fallback", ranking=(("distress", 0.3), ("off_topic", 0.2)))
    assert "3114" in words_of(reply)


@given(
    text=st.text(max_size=60)
    | st.lists(
        st.sampled_from(["et", "le", "bloc", "2", "3", "en", "2023", "VAE", "par", "ACI", "EHPAD", "avant"])
    ).map(" ".join),
    topic=st.sampled_from([*sorted(load_assistant().catalogue.topics), "unknown"]),
    before=st.sampled_from([*sorted(load_assistant().catalogue.topics), None]),
    values=st.lists(
        st.tuples(st.sampled_from([str(kind) for kind in Kind]), st.sampled_from(["1", "2", "2023", "vae", "9"]))
    ),
    page=st.none() | st.integers(0, 9),
)
def test_any_message_after_any_other_gets_an_answer(
    ask: Ask, *, text: str, topic: str, before: str | None, values: list[tuple[str, str]], page: int | None
) -> None:
    reply = ask(text, topic, Memory(before, tuple(values), page or 0, page))
    assert words_of(reply).strip()


def test_a_wrong_data_file_is_refused_at_load(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"complements\.yml"):
        load_assistant(complements=tmp_path / "complements.yml")
    with pytest.raises(DataError, match=r"vocabulary\.yml"):
        load_assistant(vocabulary=tmp_path / "vocabulary.yml")
    assert load_assistant(answers=ANSWERS_FOLDER).catalogue.topics
