"""The words of the questionnaire, read from ``positionnement/dialogue.yml`` and checked at load."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, TypeVar

from jinja2 import TemplateSyntaxError
from pydantic import AfterValidator, Field

from bot.answers.catalogue import compiled
from bot.text.folding import words
from referential.library import POSITIONING_FOLDER
from referential.model import Frozen
from referential.yaml_files import load_model

LABEL_LENGTH = 24
"""Characters of a button: what a row of a WhatsApp list holds."""


class Limits(Frozen):
    """Numbers of the dialogue; what each is for stands beside it in the file."""

    batch: int = Field(ge=1)
    seconds_quick: int
    seconds_full: int
    story_from_level: int
    story_length: int
    sure: int
    maybe: int
    command: int
    apart: int
    question: int
    command_words: int
    wrong_codes: int
    listed: int
    named: int
    link_days: int


class BookletTexts(Frozen):
    """What the booklet says beside the candidate's answers."""

    title: str
    unanswered: str
    unanswered_said: str
    left_out: str
    notices: tuple[str, ...]
    changed: str
    removed: str
    added: str


SaidT = TypeVar("SaidT", bound=Mapping[str, str | tuple[str, ...]])


def labels_fit(labels: dict[str, str]) -> dict[str, str]:
    """Return the words of buttons, each short enough for any channel.

    Raises:
        ValueError: one is too long.
    """
    for name, label in labels.items():
        if len(label) > LABEL_LENGTH and "{{" not in label:
            raise ValueError(f"bouton « {name} » : {LABEL_LENGTH} caractères au plus, et non {len(label)}")
    return labels


def templates_parse(says: SaidT) -> SaidT:
    """Return texts, all of them templates that can be rendered.

    Raises:
        ValueError: one is not a template.
    """
    for name, texts in says.items():
        for text in (texts,) if isinstance(texts, str) else texts:
            try:
                compiled(text)
            except TemplateSyntaxError as error:
                raise ValueError(f"gabarit « {name} », ligne {error.lineno} : {error.message}") from None
    return says


Labels = Annotated[dict[str, str], AfterValidator(labels_fit)]


class DialogueFile(Frozen):
    """Shape of ``dialogue.yml``."""

    limits: Limits
    yes_words: frozenset[str]
    no_words: frozenset[str]
    path_words: dict[str, tuple[str, ...]]
    """Roots of folded words by which a path is named, by its act."""
    labels: Labels
    says: Annotated[dict[str, str | tuple[str, ...]], AfterValidator(templates_parse)]
    paths: dict[str, str]
    booklet: BookletTexts


@dataclass(frozen=True)
class Texts:
    """The words, ready to be said."""

    data: DialogueFile
    always: Mapping[str, Any]
    """Values that every text may use: the fiche, the number of days that answers are kept."""

    def say(self, name: str, turn: int = 0, **values: Any) -> str:
        """Render a text; one of its versions in turn when it has several.

        Raises:
            KeyError: there is no such text.
        """
        texts = self.data.says[name]
        text = texts if isinstance(texts, str) else texts[turn % len(texts)]
        return self.render(text, **values)

    def label(self, name: str, **values: Any) -> str:
        """Render the words of a button."""
        return self.render(self.data.labels[name], **values)

    def render(self, template: str, **values: Any) -> str:
        """Render any template of the data files."""
        return compiled(template).render({**self.always, **values}).strip()

    @cached_property
    def _yes(self) -> frozenset[str]:
        return frozenset(" ".join(words(said)) for said in self.data.yes_words)

    @cached_property
    def _no(self) -> frozenset[str]:
        return frozenset(" ".join(words(said)) for said in self.data.no_words)

    def is_yes(self, text: str) -> bool:
        """Whether a text says yes and nothing else, case, accents and punctuation apart."""
        return " ".join(words(text)) in self._yes

    def is_no(self, text: str) -> bool:
        """Whether a text says no and nothing else."""
        return " ".join(words(text)) in self._no


def load_texts(always: Mapping[str, Any], folder: Path = POSITIONING_FOLDER) -> Texts:
    """Read the words.

    Raises:
        DataError: the file is wrong; the message gives file and line.
    """
    return Texts(load_model(folder / "dialogue.yml", DialogueFile), always)
