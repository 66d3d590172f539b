"""A message brought twice by its channel: it answers one question, and its reply is said again."""

from actions.positioning import Positioning
from bot.answers.question import Understanding
from bot.positioning.attempt import Answer
from bot.storage import positionings
from tests.bot.positioning.conftest import LINK, Candidate, act, written


def brought(candidate: Candidate, said: str | Understanding, message_id: str) -> str:
    """Bring a message with its identifier, return the texts of the reply."""
    understanding = written(said) if isinstance(said, str) else said
    positioning = Positioning(candidate.guide, candidate.database, lambda _: LINK)
    messages = positioning.turn(candidate.sender, understanding, candidate.now, message_id).messages
    candidate.shown = messages
    return "\n".join(message.text for message in messages)


def test_a_number_brought_twice_answers_one_question(candidate: Candidate) -> None:
    candidate.begins()
    first = candidate.attempt.scope[0]
    assert "Question 2 sur 13" in brought(candidate, "1", "m1")
    assert "Question 2 sur 13" in brought(candidate, "1", "m1")
    assert dict(candidate.attempt.answers) == {first: Answer("0")}
    assert "Question 3 sur 13" in brought(candidate, "1", "m2"), "un autre message, les mêmes mots"
    assert len(candidate.attempt.answers) == 2


def test_a_story_brought_twice_is_one_story(candidate: Candidate) -> None:
    candidate.begins(stories=True)
    candidate.says(act(f"answer:{candidate.attempt.scope[0]}:3"))
    story = "nous avons refait le planning un matin de pluie avec toute l'équipe"
    assert "Question 2 sur 13" in brought(candidate, story, "m1")
    assert "Question 2 sur 13" in brought(candidate, story, "m1")
    stage = candidate.stage
    assert stage is not None and stage.story == "", "ce n'est pas aussi l'exemple de la question suivante"


def test_the_code_and_the_results_are_said_again(candidate: Candidate) -> None:
    candidate.says(act("agree"))
    begun = brought(candidate, act("path:quick"), "m1")
    assert candidate.attempt.code in begun
    assert brought(candidate, act("path:quick"), "m1") == begun, "le même questionnaire, et non un second"
    candidate.says(act("no_stories"))
    for item in candidate.attempt.scope[:-1]:
        candidate.says(act(f"answer:{item}:1"))
    results = brought(candidate, "2", "m2")
    again = brought(candidate, "2", "m2")
    assert LINK[0] in again and again in results


def test_what_changes_nothing_is_said_again_in_full(candidate: Candidate) -> None:
    candidate.begins()
    assert brought(candidate, act("why"), "m1") == brought(candidate, act("why"), "m1")


def test_a_message_brought_twice_after_the_answers_were_erased(candidate: Candidate) -> None:
    candidate.begins()
    brought(candidate, "1", "m1")
    with candidate.database.begin() as connection:
        positionings.erase(connection, candidate.attempt.id)
    assert "ont été effacées" in brought(candidate, "1", "m1")
