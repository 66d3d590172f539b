"""Messages that say the same are put together."""

import numpy as np

from bot.answers.assistant import load_assistant
from bot.nlu.likeness import Likeness
from bot.team.likeness import grouped, in_order
from bot.team.limits import team_limits

SAME = [
    ["on mange où à midi", "il y a une cantine pour le repas ?", "faut il amener son repas du midi"],
    ["où est ce que je peux garer ma voiture", "ya un parking pour les voitures", "on peut se garer devant ?"],
    ["est ce que l'ordinateur est prêté", "faut venir avec son ordinateur ?", "vous pretez un ordi"],
]


def likeness() -> Likeness:
    return Likeness([topic.entry.label for topic in load_assistant().catalogue.topics.values()])


def test_groups_are_those_of_the_meaning() -> None:
    texts = [text for group in SAME for text in group]
    groups = grouped(likeness().vectors(texts), team_limits().alike / 100)
    found = [sorted(texts[n] for n in group.members) for group in groups]
    assert [len(group) for group in found] == [3, 3, 3]
    assert found == [sorted(group) for group in SAME]


def test_an_answer_is_given_to_its_question_and_to_no_other() -> None:
    made, least = likeness(), team_limits().complement_alike / 100
    question = made.vectors(["Peut-on garer sa voiture sur place ?"])[0]
    near = made.vectors(["ya une place pour garer la voiture", "je peux garer ma voiture sur place"]) @ question
    far = (
        made.vectors(["on mange où à midi", "c'est quoi le wifi", "quelle heure est-il", "je viens en train"])
        @ question
    )
    assert near.min() >= least
    assert far.max() < least


def test_groups_come_in_order_of_what_came_most() -> None:
    vectors = np.eye(3, dtype=np.float32)[[0, 1, 1, 2]]
    groups = in_order(grouped(vectors, 0.9), [3, 2, 2, 1])
    assert [group.members for group in groups] == [(1, 2), (0,), (3,)]
