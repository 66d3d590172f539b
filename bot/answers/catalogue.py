"""The answers as data: one entry a topic, read from ``referential/answers/*.yml`` and checked at load."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment
from pydantic import Field, field_validator

from bot.answers.competencies import SearchLimits
from bot.answers.mentions import Kind
from bot.text.dates import said_day, said_hour
from bot.text.lists import enumeration, plural
from referential.french_dates import french_date
from referential.model import Fiche, Frozen, State
from referential.yaml_files import DataError, load_model


@lru_cache(maxsize=1024)
def compiled(template: str) -> Template:
    """Compile a template of the data files, with the filters that they use; once a template.

    Raises:
        TemplateSyntaxError: it is not a template.
    """
    return _environment.from_string(template)


class TopicEntry(Frozen):
    """What can be said of one topic."""

    label: str = Field(max_length=40)
    """Words of the button that leads to it."""
    fact: str | None = None
    """Field of the fiche, for the topics that say one fact as it is."""
    takes: tuple[Kind, ...] = ()
    """Mentions that change the answer: what a follow-up may replace."""
    next: tuple[str, ...] = ()
    """Topics offered after the answer."""
    says: dict[str, str] = Field(min_length=1)
    """Templates by variant; the code picks the variant, the words are here."""

    @field_validator("fact")
    @classmethod
    def _fact_exists(cls, fact: str | None) -> str | None:
        if fact is not None and fact not in Fiche.model_fields:
            raise ValueError(f"la fiche n'a pas de champ « {fact} »")
        return fact

    @field_validator("says")
    @classmethod
    def _templates_parse(cls, says: dict[str, str]) -> dict[str, str]:
        for variant, text in says.items():
            try:
                compiled(text)
            except TemplateSyntaxError as error:
                raise ValueError(f"gabarit « {variant} », ligne {error.lineno} : {error.message}") from None
        return says


class ThemeFile(Frozen):
    """Shape of one file of answers."""

    theme: str
    topics: dict[str, TopicEntry]


class Limits(Frozen):
    """Lengths in characters, numbers of things, and confidences in percent."""

    reply: int
    page: int
    overview: int
    choice: int
    choices: int
    suggestions: int
    sure: int
    questions: int
    heard: float
    part: int
    part_likeliest: int
    part_unheard: float
    part_unmarked: float
    part_unmarked_unheard: float
    story: int
    part_in_story: int
    agreed: int
    named_after: int
    search: SearchLimits


class CommonTexts(Frozen):
    """Shape of ``_common.yml``: sentences shared by all topics."""

    source: str
    complement: str
    whom: str
    not_given: str
    unreadable: str
    said_no: str
    absent: dict[State, str]
    show_next: str
    show_full: str
    menu: tuple[str, ...]
    """Topics offered when nothing else fits."""
    limits: Limits

    @field_validator("source", "complement", "whom", "not_given", "unreadable", "said_no", "show_next", "show_full")
    @classmethod
    def _template_parses(cls, text: str) -> str:
        try:
            compiled(text)
        except TemplateSyntaxError as error:
            raise ValueError(f"gabarit, ligne {error.lineno} : {error.message}") from None
        return text


def _spaced(digits: str) -> str:
    """Return a SIRET as it is read aloud: « 123 456 789 00012 »."""
    return f"{digits[:3]} {digits[3:6]} {digits[6:9]} {digits[9:]}" if len(digits) == 14 else digits


def _first_sentences(text: str, count: int = 1) -> str:
    sentences = text.replace(". ", ".\n").split("\n")
    return " ".join(sentences[:count])


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


_environment = SandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)
_environment.filters |= {
    "date": french_date,
    "day": said_day,
    "hour": said_hour,
    "enumeration": enumeration,
    "plural": plural,
    "spaced": _spaced,
    "sentences": _first_sentences,
    "upper_first": _upper_first,
    "lower_first": _lower_first,
    "bullets": lambda items: "\n".join(f"- {item}" for item in items),
}


@dataclass(frozen=True)
class Topic:
    """A topic ready to be said."""

    name: str
    theme: str
    entry: TopicEntry
    templates: Mapping[str, Template]

    def say(self, variant: str, values: Mapping[str, Any]) -> str:
        """Render a variant.

        Raises:
            KeyError: the topic has no such variant (the message names both).
        """
        if variant not in self.templates:
            raise KeyError(f"sujet {self.name} : il n'y a pas de texte « {variant} »")
        return self.templates[variant].render(values).strip()


@dataclass(frozen=True)
class Catalogue:
    """All topics, with the texts they share."""

    topics: Mapping[str, Topic]
    common: CommonTexts

    def render(self, template: str, values: Mapping[str, Any]) -> str:
        """Render a shared text."""
        return compiled(template).render(values).strip()


def load_catalogue(folder: Path) -> Catalogue:
    """Read every answer file.

    Raises:
        DataError: with each fault's file and line, or the topic named twice, or a topic that leads nowhere.
    """
    topics: dict[str, Topic] = {}
    problems: list[str] = []
    common = load_model(folder / "_common.yml", CommonTexts)
    for path in sorted(folder.glob("[!_]*.yml")):
        theme = load_model(path, ThemeFile)
        if theme.theme != path.stem:
            problems.append(f"{path}:1: theme : « {theme.theme} » n'est pas le nom du fichier")
        for name, entry in theme.topics.items():
            if name in topics:
                problems.append(f"{path}: {name} : sujet déjà décrit dans {topics[name].theme}.yml")
            templates = {variant: _environment.from_string(text) for variant, text in entry.says.items()}
            topics[name] = Topic(name, theme.theme, entry, templates)
    for topic in topics.values():
        problems += [
            f"{folder / topic.theme}.yml: {topic.name} : suite inconnue « {n} »"
            for n in topic.entry.next
            if n not in topics
        ]
    problems += [f"{folder / '_common.yml'}: menu : sujet inconnu « {n} »" for n in common.menu if n not in topics]
    if problems:
        raise DataError(problems)
    return Catalogue(topics, common)
