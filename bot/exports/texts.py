"""The words of the booklet, read from ``positionnement/booklet.yml``."""

from functools import lru_cache

from referential.library import POSITIONING_FOLDER
from referential.model import Frozen
from referential.yaml_files import load_model


class Columns(Frozen):
    """Headers of the table."""

    bloc: str
    code: str
    name: str
    wording: str
    level: str
    estimated: str
    story: str
    change: str


class BookletWords(Frozen):
    """Shape of ``booklet.yml``; braces are for ``str.format``."""

    lang: str
    made_on: str
    path: str
    skip: str
    picture_title: str
    picture_bar: str
    table_caption: str
    table_bloc: str
    table_state: str
    scale_title: str
    strengths: str
    gaps: str
    none_yet: str
    steps: str
    changes: str
    compared: str
    bloc: str
    bloc_state: str
    official: str
    level: str
    estimated: str
    change: str
    story: str
    no_story: str
    write_here: str
    documents: str
    files: str
    file_names: dict[str, str]
    private: str
    source: str
    columns: Columns
    yes: str
    no: str


@lru_cache(maxsize=1)
def booklet_words() -> BookletWords:
    """Return the words, read once.

    Raises:
        DataError: the file is wrong; the message gives file and line.
    """
    return load_model(POSITIONING_FOLDER / "booklet.yml", BookletWords)
