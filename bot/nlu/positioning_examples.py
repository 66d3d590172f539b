"""Rasa importer: what people answer in the self-positioning, as training examples, read where it lives.

The sentences stay in ``referential/positionnement/understanding.yml``, by act, and carry no intent.
"""

from typing import Iterator, List, Optional, Text

from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.competency_examples import CompetencyExamples
from bot.positioning.reading import UnderstandingFile
from referential.library import POSITIONING_FOLDER
from referential.yaml_files import load_model

ACT = "act"
"""Property of a training example: what it does in the self-positioning."""


class PositioningExamples(CompetencyExamples):
    """Answers and requests, labelled with their act."""

    def get_nlu_data(self, language: Optional[Text] = "en") -> TrainingData:
        """Return the examples."""
        examples: List[Message] = list(self._answers())
        return TrainingData(examples)

    @staticmethod
    def _answers() -> Iterator[Message]:
        for act, sentences in load_model(POSITIONING_FOLDER / "understanding.yml", UnderstandingFile).acts.items():
            for sentence in sentences:
                yield Message({TEXT: sentence, ACT: act})
