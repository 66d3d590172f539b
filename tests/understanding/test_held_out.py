"""The messages that measure understanding are not those that it was learnt from, and are many enough."""

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist
from ruamel.yaml import YAML
from snowballstemmer import stemmer

from bot.answers.assistant import load_assistant
from bot.answers.competencies import load_phrasings
from bot.text.folding import words
from evaluation import message_sets
from referential.library import COMPETENCY_PHRASINGS_FILE, load_fiche
from tests.conftest import ROOT

LEAST_DISTANCE = 3
"""Edits between a held-out message and any training sentence, case, accents and punctuation left out."""


GRAMMAR = frozenset(
    words("""
    afin ainsi alors apres assez aucun aucune aura aurai autre autres avait avant avez avons bonjour celle celles celui
    cent chacun chaque comme contre dedans depuis dessous dessus deux dehors elle elles encore enfin ensuite entre
    etait etre eux faudra fera font hors ici jamais juste lors meme memes moins notre parce pendant peu plus plusieurs
    pouvoir presque puis quand quatre quel quelque rien saura saurai savent sans selon sera seront seule seulement
    sous sont souvent suis surtout tant telle tels tout toute toutes toujours tous trois trop vers voila vont voudrais
    veulent vouloir dans pour leur leurs cette chez deja pourquoi jusqu apprendra appris veux fais jour jours
    """)
)
"""Words of grammar, beside the empty words of the vocabulary."""


def plain(text: str) -> str:
    return " ".join(words(text))


def training_sentences() -> list[str]:
    found = []
    for path in (ROOT / "data" / "nlu").glob("*.yml"):
        for entry in YAML(typ="safe").load(path)["nlu"]:
            found += [plain(line[2:]) for line in entry["examples"].splitlines() if line.startswith("- ")]
    for phrasings in load_phrasings(load_fiche(), COMPETENCY_PHRASINGS_FILE).values():
        found += [plain(phrasing) for phrasing in phrasings]
    return sorted(set(found))


def test_no_neighbour_among_the_training_sentences() -> None:
    held_out = [plain(text) for text in message_sets.texts(message_sets.HELD_OUT)]
    known = training_sentences()
    assert len(known) > 10_000, "les phrases d'entraînement n'ont pas été lues"
    distances = cdist(
        held_out, known, scorer=Levenshtein.distance, score_cutoff=LEAST_DISTANCE, dtype=np.uint16, workers=-1
    )
    near = [(held_out[i], known[j]) for i, j in zip(*np.nonzero(distances < LEAST_DISTANCE), strict=True)]
    assert near == []


def test_the_tuning_messages_are_others() -> None:
    tuning = {plain(text) for text in message_sets.texts(message_sets.TUNING)}
    assert tuning.isdisjoint(plain(text) for text in message_sets.texts(message_sets.HELD_OUT))


def test_there_are_enough() -> None:
    questions = message_sets.in_scope(message_sets.HELD_OUT)
    assert sum(len(messages) for messages in questions.values()) >= 400
    assert all(len(messages) >= 50 for messages in questions.values())
    assert sum(len(m) for m in message_sets.out_of_scope(message_sets.HELD_OUT).values()) >= 200
    assert len(message_sets.paraphrases(message_sets.HELD_OUT)) >= 150


def test_labels_exist() -> None:
    topics = set(load_assistant().catalogue.topics)
    groups = message_sets.in_scope(message_sets.HELD_OUT) | message_sets.out_of_scope(message_sets.HELD_OUT)
    assert {intent for messages in groups.values() for m in messages for intent in m.intents} <= topics
    assert {t for m in message_sets.several(message_sets.HELD_OUT) for q in m.questions for t in q} <= topics


def test_a_paraphrase_shares_no_word_with_what_it_means() -> None:
    fiche, phrasings = load_fiche(), load_phrasings(load_fiche(), COMPETENCY_PHRASINGS_FILE)
    empty = load_assistant().vocabulary.data.empty_words | GRAMMAR
    stem = stemmer("french").stemWord

    def telling(text: str) -> set[str]:
        return {stem(word) for word in words(text) if len(word) > 3 and word not in empty}

    shared = []
    for message in message_sets.paraphrases(message_sets.HELD_OUT):
        for competency_id in message.competencies:
            found = fiche.competency(competency_id)
            assert found is not None
            known = telling(" ".join((found[1].wording, *phrasings[competency_id])))
            shared += [(message.text, word) for word in telling(message.text) & known]
    assert shared == []
