"""Where the data files are, in one place."""

from pathlib import Path

from referential.model import Fiche
from referential.yaml_files import load_model

FOLDER = Path(__file__).resolve().parent
SOURCES_FOLDER = FOLDER / "sources"
"""Texts of the fiches as published, each with its manifest."""
FICHES_FOLDER = FOLDER / "fiches"
"""Fiches generated from the sources."""
ANSWERS_FOLDER = FOLDER / "answers"
COMPLEMENTS_FILE = FOLDER / "complements.yml"
VOCABULARY_FILE = FOLDER / "vocabulary.yml"
OTHER_TITLES_FILE = FOLDER / "other_titles.yml"
SPELLING_FILE = FOLDER / "spelling.yml"
COMPETENCY_PHRASINGS_FILE = FOLDER / "competency_phrasings.yml"
POSITIONING_FOLDER = FOLDER / "positionnement"
"""The self-positioning questionnaire."""
TEAM_FOLDER = FOLDER / "equipe"
"""The numbers of the team's console."""
RECEPTION_FOLDER = FOLDER / "accueil"
"""What the assistant says of information sessions and of the people who may answer."""
DEFAULT_FICHE_FILE = FICHES_FOLDER / "RNCP41402.yml"
"""The fiche that the assistant answers from."""


def load_fiche(path: Path = DEFAULT_FICHE_FILE) -> Fiche:
    """Read a generated fiche.

    Raises:
        DataError: the file is absent or wrong.
    """
    return load_model(path, Fiche)
