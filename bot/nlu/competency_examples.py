"""Rasa importer: the everyday phrasings of the competencies as training examples, read where they live.

They stay in ``referential/competency_phrasings.yml``, by competency, and are not copied into ``data/nlu``.
"""

from typing import Any, Dict, Iterator, List, Optional, Text

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.answers.competencies import load_phrasings, wording_clauses
from referential.library import COMPETENCY_PHRASINGS_FILE, load_fiche

COMPETENCY = "competency"
"""Property of a training example: identifier of the competency that it speaks of."""

_SEARCH = "competency_search"


class CompetencyExamples(TrainingDataImporter):
    """Phrasings, with their intent and their competency; scenes and official wordings, with their competency only."""

    def __init__(
        self,
        config_file: Optional[Text] = None,
        domain_path: Optional[Text] = None,
        training_data_paths: Optional[List[Text] | Text] = None,
        **kwargs: Any,
    ) -> None:
        """Take Rasa's arguments, and need none."""

    def get_nlu_data(self, language: Optional[Text] = "en") -> TrainingData:
        """Return the examples."""
        return TrainingData(list(self._examples()))

    @staticmethod
    def _examples() -> Iterator[Message]:
        fiche = load_fiche()
        asking = load_phrasings(fiche, COMPETENCY_PHRASINGS_FILE, scenes=False)
        for competency, phrasings in load_phrasings(fiche, COMPETENCY_PHRASINGS_FILE).items():
            for phrasing in phrasings:
                intent = {INTENT: _SEARCH} if phrasing in asking[competency] else {}
                yield Message({TEXT: phrasing, COMPETENCY: competency, **intent})
        for bloc in fiche.blocs.value or ():
            for known in bloc.competencies:
                for clause in wording_clauses(known.wording):
                    yield Message({TEXT: clause, COMPETENCY: known.id})

    def get_domain(self) -> Domain:
        """Return an empty domain."""
        return Domain.empty()

    def get_stories(self, exclusion_percentage: Optional[int] = None) -> StoryGraph:
        """Return no story."""
        return StoryGraph([])

    def get_conversation_tests(self) -> StoryGraph:
        """Return no story."""
        return StoryGraph([])

    def get_config(self) -> Dict[Text, Any]:
        """Return no configuration."""
        return {}

    def get_config_file_for_auto_config(self) -> Optional[Text]:
        """Return no file."""
        return None
