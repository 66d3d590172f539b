"""Rasa entities: what a message names, resolved to the fiche by ``bot.answers.mentions``."""

from dataclasses import replace
from typing import Any, Dict, List, Text, Tuple

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.answers.competencies import load_bloc_words
from bot.answers.mentions import Mention, MentionFinder
from bot.answers.vocabulary import load_vocabulary
from bot.nlu.plain_french import plain_text
from bot.nlu.question_parts import with_parts
from referential.complements import load_complements
from referential.library import COMPETENCY_PHRASINGS_FILE, COMPLEMENTS_FILE, VOCABULARY_FILE, load_fiche

MENTIONS = "mentions"
"""Property of a Rasa message that holds its mentions, for the components that come after."""


# A featurizer too: Rasa shows training examples to featurizers, not to extractors that do not learn.
@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR],
    is_trainable=False,
)
class MentionExtractor(GraphComponent, EntityExtractorMixin):
    """Adds one entity for each mention."""

    def __init__(self, config: Dict[Text, Any]) -> None:
        """Read the fiche and the vocabulary."""
        glossary = tuple(entry.acronym for entry in load_complements(COMPLEMENTS_FILE).glossary)
        fiche = load_fiche()
        bloc_words = load_bloc_words(fiche, COMPETENCY_PHRASINGS_FILE)
        self._finder = MentionFinder(fiche, load_vocabulary(VOCABULARY_FILE), glossary, bloc_words)

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "MentionExtractor":
        """Create the component (see the parent class)."""
        return cls(config)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Note what the training examples name, for the classifier; they keep their own annotations."""
        for example in training_data.training_examples:
            example.set(MENTIONS, self._named(example))
        return training_data

    def _named(self, message: Message) -> Tuple[Mention, ...]:
        """Return what a message names, as it was typed and in plain French; the latter has no place in the text."""
        typed = self._finder.find(message.get(TEXT) or "")
        known = {(m.kind, m.value) for m in typed}
        plain = self._finder.find(plain_text(message))
        return (*typed, *(replace(m, start=0, end=0) for m in plain if (m.kind, m.value) not in known))

    def process(self, messages: List[Message]) -> List[Message]:
        """Find the mentions of messages."""
        for message in with_parts(messages):
            mentions = self._named(message)
            message.set(MENTIONS, mentions)
            found = [
                {"entity": str(m.kind), "value": m.value, "start": m.start, "end": m.end, "confidence_entity": 1.0}
                for m in mentions
            ]
            entities = [*message.get(ENTITIES, []), *self.add_extractor_name(found)]
            message.set(ENTITIES, entities, add_to_output=True)
        return messages
