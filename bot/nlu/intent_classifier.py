"""Linear intent classifier over sentence vectors, mentions, character n-grams and words.

Rasa's ``LogisticRegressionClassifier`` rebuilds sparse matrices token by token for each message;
this one reads the sentence features as they are and counts n-grams itself, once.
"""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Text, Tuple

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

_CHARACTERS = {"analyzer": "char_wb", "ngram_range": (2, 5), "min_df": 2}
_WORDS = {"token_pattern": r"[a-z0-9]+", "ngram_range": (1, 2)}


def _vectorizer(kind: Dict[Text, Any]) -> TfidfVectorizer:
    return TfidfVectorizer(preprocessor=fold, sublinear_tf=True, dtype=np.float32, **kind)


@dataclass(frozen=True)
class FittedTerms:
    """What a fitted vectorizer knows."""

    analyze: Callable[[Text], List[Text]]
    columns: Dict[Text, int]
    idf: np.ndarray

    @classmethod
    def of(cls, kind: Dict[Text, Any], terms: List[Text], idf: np.ndarray) -> "FittedTerms":
        """Put together the terms of a kind of vectorizer, in the order of their columns, with their weights."""
        columns = {term: i for i, term in enumerate(terms)}
        return cls(_vectorizer(kind).build_analyzer(), columns, idf.astype(np.float32))

    def count(self, text: Text) -> Tuple[np.ndarray, np.ndarray]:
        """Return what the vectorizer would, as columns and values: its checks take four times as long."""
        counts = Counter(column for term in self.analyze(text) if (column := self.columns.get(term)) is not None)
        columns = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
        values = np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts))) + 1
        values *= self.idf[columns]
        norm = float(np.linalg.norm(values))
        return columns, values / norm if norm else values


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
        self._terms: List[Tuple[FittedTerms, float]] = []
        self._intents: List[Text] = []
        # One row a feature, so that the rows of the n-grams of a message lie together in memory.
        self._coefficients = np.zeros((0, 0), dtype=np.float32)
        self._intercepts = np.zeros(0, dtype=np.float32)

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

    def _dense(self, message: Message) -> np.ndarray:
        by_origin = {f.origin: f.features for f in message.features if f.attribute == TEXT and not f.is_sparse()}
        weights: Dict[Text, float] = self._config["weights"]
        mentions = message.get(MENTIONS) or ()
        named = {str(m.kind) for m in mentions} | {f"{m.kind}:{m.value}" for m in mentions if m.kind is Kind.ROUTE}
        nameable = np.array([name in named for name in _NAMEABLE], dtype=np.float32)
        parts = [by_origin[origin][0] * weight for origin, weight in weights.items()]
        return np.hstack([*parts, nameable * self._config["mention_weight"]]).astype(np.float32)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the intent examples, and write what was learnt to the model archive."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT)]
        texts = [e.get(TEXT) for e in examples]
        characters, words = _vectorizer(_CHARACTERS), _vectorizer(_WORDS)
        features = hstack(
            [
                csr_matrix(np.vstack([self._dense(e) for e in examples])),
                characters.fit_transform(texts) * self._config["character_weight"],
                words.fit_transform(texts) * self._config["word_weight"],
            ]
        ).tocsr()
        model = LinearSVC(C=self._config["inverse_regularisation"], class_weight="balanced", random_state=0)
        model.fit(features, [e.get(INTENT) for e in examples])
        described = {
            "intents": [str(name) for name in model.classes_],
            "characters": sorted(characters.vocabulary_, key=characters.vocabulary_.__getitem__),
            "words": sorted(words.vocabulary_, key=words.vocabulary_.__getitem__),
        }
        # Arrays and JSON: nothing that runs code when it is read.
        with self._model_storage.write_to(self._resource) as folder:
            (folder / "described.json").write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")
            np.savez(
                folder / "arrays.npz",
                coefficients=np.ascontiguousarray(model.coef_.T, dtype=np.float32),
                intercepts=model.intercept_.astype(np.float32),
                characters=characters.idf_,
                words=words.idf_,
            )
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
            described = json.loads((folder / "described.json").read_text(encoding="utf-8"))
            with np.load(folder / "arrays.npz") as arrays:
                component._coefficients = arrays["coefficients"]
                component._intercepts = arrays["intercepts"]
                component._terms = [
                    (
                        FittedTerms.of(_CHARACTERS, described["characters"], arrays["characters"]),
                        component._config["character_weight"],
                    ),
                    (FittedTerms.of(_WORDS, described["words"], arrays["words"]), component._config["word_weight"]),
                ]
        component._intents = described["intents"]
        return component

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
        dense = self._dense(message)
        start = dense.size
        scores = dense @ self._coefficients[:start] + self._intercepts
        for terms, weight in self._terms:
            columns, values = terms.count(message.get(TEXT))
            scores = scores + (values * np.float32(weight)) @ self._coefficients[start + columns]
            start += len(terms.columns)
        exponentials: np.ndarray = np.exp((scores - scores.max()) / self._config["temperature"])
        return exponentials / exponentials.sum()
