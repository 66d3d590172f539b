"""What a message may do in the self-positioning: a level, a request, an example, or a question for the assistant."""

from typing import Any, Dict, List, Optional, Text

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.intent_classifier import dense_features
from bot.nlu.linear_text import LinearText, probabilities
from bot.nlu.plain_french import plain_text
from bot.nlu.positioning_examples import ACT

RANKING = "act_ranking"
"""Property of a parsed message: acts with their probability, the best first."""
_RANKED = 3
_QUESTION = "question"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class AnswerReader(GraphComponent):
    """A linear model over the sentence vectors and the words; some intent examples stand for questions."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Return the defaults; what each was chosen on is in docs/decisions/0009-positionnement.md."""
        return {
            "vectors": {"SentenceEncoder": 1.5, "SpacyFrench": 0.7},
            "terms": {"characters": 1.5, "words": 1.0},
            "inverse_regularisation": 0.6,
            "temperature": 0.2,
            # One intent example in so many is a question; those of these topics are not.
            "questions": 25,
            "not_questions": [
                "affirm", "deny", "show_more", "repeat", "follow_up", "self_positioning", "thanks", "greet",
                "goodbye", "insult", "personal_data",
            ],
        }  # fmt: skip

    @staticmethod
    def required_packages() -> List[Text]:
        """Return the packages that Rasa checks before training."""
        return ["sklearn"]

    def __init__(self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource) -> None:
        """Create an untrained reader."""
        self._config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self._model: Optional[LinearText] = None

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "AnswerReader":
        """Create an untrained component (see the parent class)."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the answers, and from some of the questions."""
        answers = [e for e in training_data.training_examples if e.get(TEXT) and e.get(ACT)]
        asked = [
            e
            for e in training_data.intent_examples
            if e.get(TEXT) and e.get(INTENT) not in self._config["not_questions"]
        ][:: self._config["questions"]]
        examples = [*answers, *asked]
        model = LinearText.fit(
            np.vstack([dense_features(e, self._config["vectors"]) for e in examples]),
            [plain_text(e) for e in examples],
            [e.get(ACT) or _QUESTION for e in examples],
            self._config["terms"],
            self._config["inverse_regularisation"],
        )
        with self._model_storage.write_to(self._resource) as folder:
            model.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "AnswerReader":
        """Read a trained component from the model archive."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._model = LinearText.load(folder)
        return component

    def process(self, messages: List[Message]) -> List[Message]:
        """Rank the acts of messages; what holds no known word does nothing."""
        for message in messages:
            if self._model is None or not message.features or not self._model.knows(plain_text(message)):
                continue
            scores = self._model.scores(dense_features(message, self._config["vectors"]), plain_text(message))
            likely = probabilities(scores, self._config["temperature"])
            best = np.argsort(-likely)[:_RANKED]
            ranking = [{"name": self._model.labels[i], "confidence": float(likely[i])} for i in best]
            message.set(RANKING, ranking, add_to_output=True)
        return messages
