"""One question or several, decided on what the parts mean."""

from dataclasses import replace
from datetime import date

from bot.answers.assistant import Assistant
from bot.answers.mentions import Kind, Mention
from bot.answers.question import Memory, Understanding
from bot.answers.several import questions_asked

DAY = date(2026, 11, 24)


def understood(
    text: str, topic: str, sure: float, *parts: Understanding, bloc: str = "", heard: tuple[tuple[str, float], ...] = ()
) -> Understanding:
    mentions = (Mention(Kind.BLOC, bloc, 0, len(text)),) if bloc else ()
    return Understanding(text, topic, [(topic, sure), *heard], mentions, parts=parts)


def topics(assistant: Assistant, message: Understanding) -> list[str]:
    return [asked.topic for asked in questions_asked(message, assistant.catalogue.common.limits)]


def test_two_clear_questions_are_two(assistant: Assistant) -> None:
    message = understood(
        "combien de blocs et qui est dans le jury", "jury", 0.6,
        understood("combien de blocs", "blocs", 0.95), understood("qui est dans le jury", "jury", 0.9),
        heard=(("blocs", 0.3),),
    )  # fmt: skip
    assert topics(assistant, message) == ["blocs", "jury"]
    reply = assistant.answer(message, Memory(), DAY)
    assert reply.topics == ("blocs", "jury")
    assert len(reply.messages) == 2
    assert reply.memory.topic == "jury"
    assert sum(len(m.choices) for m in reply.messages) <= assistant.catalogue.common.limits.choices


def test_a_greeting_is_not_a_question(assistant: Assistant) -> None:
    message = understood(
        "bonjour, combien de blocs", "blocs", 0.9,
        understood("bonjour", "greet", 1.0), understood("combien de blocs", "blocs", 1.0),
    )  # fmt: skip
    assert topics(assistant, message) == ["blocs"]


def test_a_story_with_one_question_is_read_whole(assistant: Assistant) -> None:
    message = understood(
        "je suis peintre. mon chef râle. comment ça marche la vae", "vae", 0.8,
        understood("je suis peintre.", "personal_data", 0.9), understood("comment ça marche la vae", "help", 0.5),
    )  # fmt: skip
    assert questions_asked(message, assistant.catalogue.common.limits) == (message,)


def test_a_doubtful_part_of_a_clear_message_is_not_a_question(assistant: Assistant) -> None:
    message = understood(
        "toutes les compétences qu'il faut avoir", "competencies", 0.99,
        understood("toutes les compétences", "competencies", 0.98), understood("faut avoir", "prerequisites", 0.7),
    )  # fmt: skip
    assert topics(assistant, message) == ["competencies"]


def test_a_part_that_is_not_heard_in_the_whole_message_must_be_clearer(assistant: Assistant) -> None:
    def message(sure: float) -> Understanding:
        return understood(
            "quels sont le nombre et les noms des blocs ?", "blocs", 1.0,
            understood("quels sont le nombre", "silent_training_duration", sure),
            understood("et les noms des blocs ?", "blocs", 1.0),
        )  # fmt: skip

    assert topics(assistant, message(0.97)) == ["blocs"]
    assert topics(assistant, message(0.999)) == ["silent_training_duration", "blocs"]


def test_what_a_story_tells_is_not_a_question(assistant: Assistant) -> None:
    told = "j'ai le trac, je n'ai pas ouvert un cahier depuis le lycée."
    wanted = "je voudrais savoir ce que contient le deuxième bloc du titre, celui dont parle la formatrice"
    message = understood(
        f"{told} {wanted}", "bloc_detail", 0.9,
        understood(told, "prerequisites", 1.0), understood(wanted, "bloc_detail", 1.0), heard=(("prerequisites", 0.1),),
    )  # fmt: skip
    assert questions_asked(message, assistant.catalogue.common.limits) == (message,)


def test_an_unclear_story_is_read_with_its_clearest_part(assistant: Assistant) -> None:
    message = understood(
        "mon mémoire porte sur les métiers. il me faut l'arrêté de création", "nlu_fallback", 0.5,
        understood("mon mémoire porte sur les métiers.", "rome", 0.4),
        understood("il me faut l'arrêté de création", "legal_texts", 1.0),
    )  # fmt: skip
    message = replace(message, ranking=[("rome", 0.5), ("legal_texts", 0.4)])
    assert topics(assistant, message) == ["legal_texts"]


def test_a_short_tail_is_named_by_the_whole_message(assistant: Assistant) -> None:
    tail = replace(
        understood("et la durée de l'oral", "follow_up", 0.9),
        ranking=[("follow_up", 0.9), ("silent_exam_details", 0.1)],
    )
    message = understood(
        "je voudrais connaître le jury et la durée de l'oral", "jury", 0.6,
        understood("je voudrais connaître le jury", "jury", 1.0), tail,
        heard=(("silent_exam_details", 0.4),),
    )  # fmt: skip
    assert topics(assistant, message) == ["jury", "silent_exam_details"]


def test_another_title_covers_the_whole_message(assistant: Assistant) -> None:
    message = understood(
        "le bpjeps c'est quoi, c'est quel niveau", "other_title", 0.9,
        understood("le bpjeps c'est quoi", "other_title", 0.97), understood("c'est quel niveau", "level", 1.0),
    )  # fmt: skip
    assert topics(assistant, message) == ["other_title"]


def test_an_elliptical_question_is_read_after_the_one_before(assistant: Assistant) -> None:
    message = understood(
        "que contient le bloc 3 ? et le 4 ?", "bloc_detail", 0.9,
        understood("que contient le bloc 3 ?", "bloc_detail", 1.0, bloc="3"),
        understood("et le 4 ?", "follow_up", 1.0), bloc="3",
    )  # fmt: skip
    reply = assistant.answer(message, Memory(), DAY)
    assert reply.topics == ("bloc_detail", "bloc_detail")
    assert "BC03" in reply.messages[0].text
    assert "BC04" in reply.messages[1].text


def test_danger_comes_before_any_question(assistant: Assistant) -> None:
    message = understood(
        "j'ai envie de mourir et combien de blocs", "blocs", 0.9,
        understood("j'ai envie de mourir", "distress", 0.9), understood("combien de blocs", "blocs", 1.0),
    )  # fmt: skip
    assert assistant.answer(message, Memory(), DAY).topics == ("distress",)
