"""Cut a message into the parts that may each be a question; the components after it read the parts too."""

from typing import Any, Dict, Iterator, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.text.parts import candidate_parts

PARTS = "parts"
"""Property of a Rasa message that holds its parts, each a message; absent when there is one part only."""


def with_parts(messages: List[Message]) -> Iterator[Message]:
    """Yield messages, each followed by its parts."""
    for message in messages:
        yield message
        yield from message.get(PARTS) or ()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class QuestionParts(GraphComponent):
    """Adds to a message its parts; training examples hold one question each and are left whole."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "QuestionParts":
        """Create the component (see the parent class)."""
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the training examples as they are."""
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Cut messages."""
        for message in messages:
            parts = candidate_parts(message.get(TEXT) or "")
            if len(parts) > 1:
                message.set(PARTS, [Message({TEXT: part}) for part in parts])
        return messages


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class PartsOutput(GraphComponent):
    """Puts what was understood of the parts in the parsed message; comes last."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "PartsOutput":
        """Create the component (see the parent class)."""
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Describe the parts as Rasa describes a message."""
        for message in messages:
            if parts := message.get(PARTS):
                described = [part.as_dict(only_output_properties=True) for part in parts]
                message.set("question_parts", described, add_to_output=True)
        return messages
