"""The self-positioning questionnaire: questions, scale, themes, texts and rules, read from ``positionnement/*.yml``.

Every question is tied to the official wording of its competency: when the fiche changes a wording, the check
names the question that must be written again.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from referential.library import POSITIONING_FOLDER, load_fiche
from referential.model import Bloc, Fiche, Frozen
from referential.yaml_files import DataError, Located, Problem, load_located, load_model

UNKNOWN_LEVEL = "unknown"
"""Key of « je ne sais pas », which is no level."""


def wording_mark(*wordings: str) -> str:
    """Return the mark of official wordings: it changes when a word of them does, spaces apart."""
    joined = "\n".join(" ".join(wording.split()) for wording in wordings)
    return hashlib.sha256(joined.encode()).hexdigest()[:12]


class Level(Frozen):
    """One step of the scale, worded by autonomy."""

    key: str = Field(pattern=r"^(\d|unknown)$")
    """``0`` to ``3``, or ``unknown``."""
    label: str = Field(max_length=24)
    """Short words of the button: they fit a row of a WhatsApp list."""
    description: str = Field(max_length=72)
    said: str
    """As the second person is told: « vous le faites avec de l'aide »."""

    @property
    def rank(self) -> int | None:
        """Height of the step; None for « je ne sais pas »."""
        return None if self.key == UNKNOWN_LEVEL else int(self.key)


class ScaleFile(Frozen):
    """Shape of ``scale.yml``."""

    levels: tuple[Level, ...]

    @model_validator(mode="after")
    def _from_zero_upwards(self) -> Self:
        keys = [level.key for level in self.levels]
        if keys != [*map(str, range(len(keys) - 1)), UNKNOWN_LEVEL]:
            raise ValueError(f"échelle : niveaux 0, 1, 2… puis « unknown » attendus, et non {keys}")
        return self


class Example(Frozen):
    """A scene of work."""

    trade: str = Field(min_length=3, max_length=40)
    """Completes « Exemple, … » : « en espaces verts », « dans une cuisine »."""
    text: str = Field(min_length=30, max_length=260)


class QuestionText(Frozen):
    """What is asked of one competency, or of one theme."""

    name: str = Field(min_length=5, max_length=40)
    """What it is about, in a few words: title of a row, of a chapter."""
    wording_mark: str = Field(pattern=r"^[0-9a-f]{12}$")
    """Mark of the official wordings that the question was written from."""
    question: str = Field(min_length=30, max_length=220)
    example: Example
    help: str = Field(min_length=40, max_length=320)
    stories: tuple[str, ...] = Field(min_length=1, max_length=3)
    """« Racontez une fois où… »."""
    documents: tuple[str, ...] = Field(min_length=2, max_length=5)
    """Documents that may prove it."""

    @model_validator(mode="after")
    def _stories_begin_alike(self) -> Self:
        for story in self.stories:
            if not story.startswith("Racontez ") or len(story) > 200:
                raise ValueError(f"récit : « Racontez … » attendu, en 200 caractères au plus : {story!r}")
        if any(len(document) > 70 for document in self.documents):
            raise ValueError("document : 70 caractères au plus")
        return self


class ThemeText(QuestionText):
    """A question of the quick path: it stands for several competencies."""

    competencies: tuple[str, ...] = Field(min_length=1)


class BlocFile(Frozen):
    """Shape of ``bloc_N.yml``."""

    bloc: str
    """Code of the bloc."""
    questions: dict[str, QuestionText]


class ThemesFile(Frozen):
    """Shape of ``themes.yml``."""

    themes: dict[str, ThemeText]


@dataclass(frozen=True)
class Item:
    """One question of the questionnaire, ready to be asked."""

    id: str
    """Competency (``BC01-C03``) or theme (``T04``)."""
    text: QuestionText
    bloc: Bloc
    competencies: tuple[str, ...]
    """The competencies that it is about: one, or those of the theme."""
    wordings: tuple[str, ...]
    """Their official wordings."""

    @property
    def is_theme(self) -> bool:
        """Whether it belongs to the quick path."""
        return isinstance(self.text, ThemeText)


@dataclass(frozen=True)
class Questionnaire:
    """All that can be asked, in the order of the fiche."""

    fiche: Fiche
    scale: tuple[Level, ...]
    items: Mapping[str, Item]

    @property
    def competency_items(self) -> tuple[Item, ...]:
        """The questions of the full path."""
        return tuple(item for item in self.items.values() if not item.is_theme)

    @property
    def theme_items(self) -> tuple[Item, ...]:
        """The questions of the quick path."""
        return tuple(item for item in self.items.values() if item.is_theme)

    def level(self, key: str) -> Level | None:
        """Return a level by its key, or None."""
        return next((level for level in self.scale if level.key == key), None)

    def theme_of(self, competency_id: str) -> Item | None:
        """Return the theme that stands for a competency, or None."""
        return next((item for item in self.theme_items if competency_id in item.competencies), None)

    @property
    def version(self) -> str:
        """Mark of everything that is asked: it changes with a wording, a question or a level."""
        parts = [f"{i.id}\t{i.text.name}\t{i.text.question}\t{wording_mark(*i.wordings)}" for i in self.items.values()]
        parts += [f"{level.key}\t{level.label}" for level in self.scale]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def load_questionnaire(fiche: Fiche | None = None, folder: Path = POSITIONING_FOLDER) -> Questionnaire:
    """Read the questionnaire of a fiche.

    Raises:
        DataError: with the file and line of each fault: a competency without a question, a question whose official
            wording changed, a competency that belongs to two themes or to none.
    """
    known = fiche or load_fiche()
    problems: list[Problem] = []
    items: dict[str, Item] = {}
    for bloc in known.blocs.value or ():
        located = load_located(folder / f"bloc_{bloc.number}.yml", BlocFile)
        items |= _bloc_items(bloc, located, problems)
    themes = load_located(folder / "themes.yml", ThemesFile)
    items |= _theme_items(known, themes, problems)
    if problems:
        raise DataError(problems)
    scale = load_model(folder / "scale.yml", ScaleFile).levels
    return Questionnaire(known, scale, items)


def _bloc_items(bloc: Bloc, located: Located[BlocFile], problems: list[Problem]) -> dict[str, Item]:
    asked = located.model.questions
    official = {c.id: c.wording for c in bloc.competencies}
    if located.model.bloc != bloc.code:
        problems.append(located.problem(f"bloc {bloc.code} attendu, et non {located.model.bloc}", "bloc"))
    problems += [
        located.problem(f"{key} : cette compétence n'est pas dans la fiche", "questions", key)
        for key in asked
        if key not in official
    ]
    items = {}
    for key, wording in official.items():
        if key not in asked:
            problems.append(located.problem(f"{key} : la question manque (« {wording[:60]}… »)", "questions"))
            continue
        problems += _outdated(located, asked[key], (wording,), "questions", key)
        items[key] = Item(key, asked[key], bloc, (key,), (wording,))
    return items


def _theme_items(fiche: Fiche, located: Located[ThemesFile], problems: list[Problem]) -> dict[str, Item]:
    items = {}
    held: dict[str, str] = {}
    for key, theme in located.model.themes.items():
        found = [fiche.competency(c) for c in theme.competencies]
        pairs = [pair for pair in found if pair is not None]
        blocs = {bloc.code for bloc, _ in pairs}
        if len(pairs) != len(theme.competencies) or len(blocs) != 1:
            problems.append(located.problem(f"{key} : compétences d'un même bloc de la fiche attendues", "themes", key))
            continue
        for competency in theme.competencies:
            if competency in held:
                message = f"{key} : {competency} est déjà dans le thème {held[competency]}"
                problems.append(located.problem(message, "themes", key))
            held[competency] = key
        wordings = tuple(competency.wording for _, competency in pairs)
        problems += _outdated(located, theme, wordings, "themes", key)
        items[key] = Item(key, theme, pairs[0][0], theme.competencies, wordings)
    missing = [c.id for bloc in fiche.blocs.value or () for c in bloc.competencies if c.id not in held]
    problems += [located.problem(f"{c} : cette compétence n'est dans aucun thème", "themes") for c in missing]
    return items


def _outdated(
    located: Located[BlocFile] | Located[ThemesFile],
    text: QuestionText,
    wordings: tuple[str, ...],
    group: str,
    key: str,
) -> list[Problem]:
    mark = wording_mark(*wordings)
    if mark == text.wording_mark:
        return []
    message = (
        f"{key} : la fiche dit autre chose que lorsque la question a été écrite. Relisez la question, "
        f"puis mettez wording_mark: {mark}. Texte de la fiche : « {' / '.join(wordings)} »"
    )
    return [located.problem(message, group, key, "wording_mark")]
