"""Message components read plain French: what people typed, with ``bot.text.spelling`` applied."""

import importlib
import json
import re
from pathlib import Path
from typing import Any, Dict, List, Text

import marisa_trie
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.lookups import Lookups
from spacy.strings import StringStore

from bot.nlu.question_parts import with_parts
from bot.text.folding import fold
from bot.text.spelling import Spelling, load_spelling
from referential.library import SPELLING_FILE

PLAIN = "plain"
"""Property of a Rasa message that holds its text in plain French."""


def plain_text(message: Message) -> Text:
    """Return the text of a message in plain French, or as it was typed when nothing rewrote it."""
    return str(message.get(PLAIN) or message.get(TEXT) or "")


def french_words(model: Text) -> List[Text]:
    """Return the folded words that spaCy's French lemmatizer knows: forms and lemmas, 270,000 of them."""
    package = importlib.import_module(model)
    data = next(Path(package.__path__[0]).glob(f"{model}-*"))
    strings = StringStore().from_disk(data / "vocab" / "strings.json")
    tables = Lookups().from_disk(data / "lemmatizer" / "lookups")
    found = set()
    for form, lemmas in tables.get_table("lemma_lookup").items():
        found.update(lemmas)
        if form in strings:
            found.add(strings[form])
    for lemmas in tables.get_table("lemma_index").values():
        found.update(lemmas)
    for exceptions in tables.get_table("lemma_exc").values():
        found.update(exceptions)
    return sorted({folded for word in found if re.fullmatch("[a-z]+", folded := fold(word))})


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class PlainFrench(GraphComponent):
    """Adds to a message its text in plain French; the text itself does not change."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Return the defaults: the spaCy model whose lemmas make the lexicon."""
        return {"model": "fr_core_news_md"}

    @staticmethod
    def required_packages() -> List[Text]:
        """Return the packages that Rasa checks before training."""
        return ["spacy", "marisa_trie"]

    def __init__(self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource) -> None:
        """Create an untrained component."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._spelling: Spelling | None = None

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "PlainFrench":
        """Create an untrained component (see the parent class)."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn which words are usual here, and write them with the lexicon to the model archive."""
        lexicon = marisa_trie.Trie(french_words(self._config["model"]))
        texts = [e.get(TEXT) for e in training_data.training_examples if e.get(TEXT)]
        self._spelling = load_spelling(SPELLING_FILE, lexicon, texts)
        with self._model_storage.write_to(self._resource) as folder:
            lexicon.save(str(folder / "lexicon.marisa"))
            learnt = {
                "phrases": self._spelling.phrases,
                "variants": self._spelling.variants,
                "usual": self._spelling.usual,
                "by_sound": self._spelling.by_sound,
            }
            (folder / "learnt.json").write_text(json.dumps(learnt, ensure_ascii=False), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "PlainFrench":
        """Read a trained component from the model archive."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            lexicon = marisa_trie.Trie()
            lexicon.load(str(folder / "lexicon.marisa"))
            learnt = json.loads((folder / "learnt.json").read_text(encoding="utf-8"))
        component._spelling = Spelling(lexicon=lexicon, **learnt)
        return component

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Rewrite the training examples."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Rewrite messages."""
        for message in with_parts(messages):
            text = message.get(TEXT)
            if text and self._spelling is not None:
                message.set(PLAIN, self._spelling.plain(text))
        return messages
