"""Intent classifier of the Rasa pipeline: a linear model over sentence vectors, mentions, n-grams and words."""

from typing import Any, Dict, List, Optional, Text

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.answers.mentions import Kind
from bot.nlu.linear_text import Floats, LinearText, probabilities
from bot.nlu.mentions import MENTIONS
from bot.nlu.plain_french import plain_text
from bot.nlu.question_parts import PARTS
from referential.model import Route

RANKING_LENGTH = 25
"""Intents kept in the ranking: enough for a follow-up to look for one of the theme in hand."""

_NAMEABLE = (*(str(kind) for kind in Kind), *(f"{Kind.ROUTE}:{route}" for route in Route))
"""What a message may name, as features: « ROUTE » tells ``access_route`` from ``prerequisites``."""


def dense_features(message: Message, weights: Dict[Text, float]) -> Floats:
    """Return the sentence vectors of a message, one after the other, each times its weight."""
    by_origin = {f.origin: f.features for f in message.features if f.attribute == TEXT and not f.is_sparse()}
    return np.hstack([by_origin[origin][0] * weight for origin, weight in weights.items()]).astype(np.float32)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent, RasaIntentClassifier):
    """Linear support vectors, one against all; a temperature turns margins into probabilities."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Return the defaults; what each was chosen on is in docs/decisions/0003-comprendre.md."""
        return {
            "vectors": {"SentenceEncoder": 2.0, "SpacyFrench": 0.7},
            "terms": {"characters": 1.5, "words": 0.7},
            "mentions": 0.7,
            "inverse_regularisation": 0.6,
            "temperature": 0.25,
        }

    @staticmethod
    def required_packages() -> List[Text]:
        """Return the packages that Rasa checks before training."""
        return ["sklearn"]

    def __init__(self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource) -> None:
        """Create an untrained classifier."""
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
    ) -> "IntentClassifier":
        """Create an untrained component (see the parent class)."""
        return cls(config, model_storage, resource)

    def _dense(self, message: Message) -> Floats:
        mentions = message.get(MENTIONS) or ()
        named = {str(m.kind) for m in mentions} | {f"{m.kind}:{m.value}" for m in mentions if m.kind is Kind.ROUTE}
        nameable = np.array([name in named for name in _NAMEABLE], dtype=np.float32)
        return np.hstack([dense_features(message, self._config["vectors"]), nameable * self._config["mentions"]])

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the intent examples, and write what was learnt to the model archive."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT)]
        model = LinearText.fit(
            np.vstack([self._dense(e) for e in examples]),
            [plain_text(e) for e in examples],
            [e.get(INTENT) for e in examples],
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
    ) -> "IntentClassifier":
        """Read a trained component from the model archive."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._model = LinearText.load(folder)
        return component

    def process(self, messages: List[Message]) -> List[Message]:
        """Rank the intents of messages and of their parts."""
        for message in messages:
            for one in (message, *(message.get(PARTS) or ())):
                self._rank(one)
        return messages

    def _rank(self, message: Message) -> None:
        if self._model is None or not message.get(TEXT) or not message.features:
            message.set("intent", {"name": None, "confidence": 0.0}, add_to_output=True)
            message.set("intent_ranking", [], add_to_output=True)
            return
        scores = self._model.scores(self._dense(message), plain_text(message))
        likely = probabilities(scores, self._config["temperature"])
        if not self._model.knows(plain_text(message)):
            likely = np.full_like(likely, 1 / likely.size)
        order = np.argsort(-likely)[:RANKING_LENGTH]
        ranking = [{"name": self._model.labels[i], "confidence": float(likely[i])} for i in order]
        message.set("intent", ranking[0], add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)
