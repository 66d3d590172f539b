"""Linear intent classifier over sentence vectors, character n-grams and words.

Rasa's ``LogisticRegressionClassifier`` rebuilds sparse matrices token by token for each message;
this one reads the sentence features as they are and counts n-grams itself, once.
"""

import json
from typing import Any, Dict, List, Text

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from bot.answers.mentions import Kind
from bot.nlu.mentions import MENTIONS
from bot.text.folding import fold
from referential.model import Route

RANKING_LENGTH = 25
"""Intents kept in the ranking: enough for a follow-up to look for one of the theme in hand."""

_NAMEABLE = (*(str(kind) for kind in Kind), *(f"{Kind.ROUTE}:{route}" for route in Route))
"""What a message may name, as features: « ROUTE » tells ``access_route`` from ``prerequisites``."""


def _terms(vectorizer: TfidfVectorizer) -> List[Text]:
    """Return the terms of a fitted vectorizer, in the order of their columns."""
    return sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent, RasaIntentClassifier):
    """Linear support vectors, one against all; a temperature turns margins into probabilities."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Return the defaults: weight of each family of features, inverse of the regularisation, temperature."""
        return {
            "weights": {"SentenceEncoder": 2.0, "SpacyFrench": 0.7},
            "character_weight": 1.5,
            "word_weight": 0.7,
            "mention_weight": 0.7,
            "inverse_regularisation": 0.3,
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
        self._characters = TfidfVectorizer(
            preprocessor=fold, analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True, dtype=np.float32
        )
        self._words = TfidfVectorizer(
            preprocessor=fold, token_pattern=r"[a-z0-9]+", ngram_range=(1, 2), sublinear_tf=True, dtype=np.float32
        )
        self._coefficients = np.zeros((0, 0), dtype=np.float32)
        self._intercepts = np.zeros(0, dtype=np.float32)
        self._intents: List[Text] = []

    @classmethod
    def create(
        cls, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> "IntentClassifier":
        """Create an untrained component (see the parent class)."""
        return cls(config, model_storage, resource)

    def _dense(self, messages: List[Message]) -> np.ndarray:
        weights: Dict[Text, float] = self._config["weights"]
        rows = []
        for message in messages:
            by_origin = {f.origin: f.features for f in message.features if f.attribute == TEXT and not f.is_sparse()}
            vectors = [by_origin[origin][0] * weight for origin, weight in weights.items()]
            rows.append(np.hstack([*vectors, self._named(message) * self._config["mention_weight"]]))
        return np.vstack(rows).astype(np.float32)

    def _named(self, message: Message) -> np.ndarray:
        """Return which kinds of things, and which ways of access, a message names."""
        named = {str(m.kind) for m in message.get(MENTIONS) or ()}
        named |= {f"{m.kind}:{m.value}" for m in message.get(MENTIONS) or () if m.kind is Kind.ROUTE}
        return np.array([name in named for name in _NAMEABLE], dtype=np.float32)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the intent examples."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT)]
        texts = [e.get(TEXT) for e in examples]
        features = hstack(
            [
                csr_matrix(self._dense(examples)),
                self._characters.fit_transform(texts) * self._config["character_weight"],
                self._words.fit_transform(texts) * self._config["word_weight"],
            ]
        ).tocsr()
        model = LinearSVC(C=self._config["inverse_regularisation"], class_weight="balanced", random_state=0)
        model.fit(features, [e.get(INTENT) for e in examples])
        self._coefficients = model.coef_.astype(np.float32)
        self._intercepts = model.intercept_.astype(np.float32)
        self._intents = [str(name) for name in model.classes_]
        self.persist()
        return self._resource

    def persist(self) -> None:
        """Write the trained parts to the model archive: arrays and JSON, nothing that runs code when read."""
        with self._model_storage.write_to(self._resource) as folder:
            described = {
                "intents": self._intents,
                "characters": _terms(self._characters),
                "words": _terms(self._words),
            }
            (folder / "described.json").write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")
            np.savez(
                folder / "arrays.npz",
                coefficients=self._coefficients,
                intercepts=self._intercepts,
                characters=self._characters.idf_,
                words=self._words.idf_,
            )

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
            described = json.loads((folder / "described.json").read_text(encoding="utf-8"))
            component._intents = described["intents"]
            with np.load(folder / "arrays.npz") as arrays:
                component._coefficients = arrays["coefficients"]
                component._intercepts = arrays["intercepts"]
                for name in ("characters", "words"):
                    vectorizer: TfidfVectorizer = getattr(component, f"_{name}")
                    vectorizer.vocabulary = {term: i for i, term in enumerate(described[name])}
                    vectorizer.idf_ = arrays[name]
        return component

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Classify the training examples, for the components that come after."""
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Rank the intents of messages."""
        for message in messages:
            if not self._intents or not message.get(TEXT) or not message.features:
                message.set("intent", {"name": None, "confidence": 0.0}, add_to_output=True)
                message.set("intent_ranking", [], add_to_output=True)
                continue
            probabilities = self._probabilities(message)
            order = np.argsort(-probabilities)[:RANKING_LENGTH]
            ranking = [{"name": self._intents[i], "confidence": float(probabilities[i])} for i in order]
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def _probabilities(self, message: Message) -> np.ndarray:
        dense = self._dense([message])[0]
        scores = self._coefficients[:, : dense.size] @ dense + self._intercepts
        start = dense.size
        for vectorizer, weight in ((self._characters, "character_weight"), (self._words, "word_weight")):
            row = vectorizer.transform([message.get(TEXT)])
            scores = scores + self._coefficients[:, start + row.indices] @ (row.data * self._config[weight])
            start += row.shape[1]
        exponentials: np.ndarray = np.exp((scores - scores.max()) / self._config["temperature"])
        return exponentials / exponentials.sum()
