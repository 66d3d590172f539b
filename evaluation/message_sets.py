"""The labelled messages that the assistant is measured on, apart from those that it learns from.

Each folder holds one file a register for the questions that the fiche answers, and one file for each other
measure: out of scope, silent topics, several questions, competencies, mentions.
"""

from pathlib import Path
from typing import TypeVar

from pydantic import Field

from bot.settings import ROOT
from referential.model import Frozen
from referential.yaml_files import load_model

HELD_OUT = ROOT / "tests" / "understanding" / "held_out"
"""Never read while tuning."""
TUNING = ROOT / "evaluation" / "tuning"
"""What thresholds, temperatures and features are chosen on."""

REGISTERS = ("standard", "familier", "sms", "phonetique", "dicte", "fragments", "apprenant", "indirect")
OUT_OF_SCOPE = ("out_of_scope_far", "out_of_scope_near", "silent")


class Labelled(Frozen):
    """A message and the topics that answer it."""

    text: str = Field(min_length=1)
    register_name: str = Field(default="", alias="register")
    intents: tuple[str, ...] = Field(min_length=1)


class SeveralQuestions(Frozen):
    """A message and, for each of its questions in order, the topics that answer it."""

    text: str = Field(min_length=1)
    register_name: str = Field(default="", alias="register")
    questions: tuple[tuple[str, ...], ...] = Field(min_length=1)


class Paraphrase(Frozen):
    """A message about one competency, without its words."""

    text: str = Field(min_length=1)
    register_name: str = Field(default="", alias="register")
    competencies: tuple[str, ...] = Field(min_length=1)


class Naming(Frozen):
    """A message and what it names, as (kind, value)."""

    text: str = Field(min_length=1)
    register_name: str = Field(default="", alias="register")
    mentions: tuple[tuple[str, str], ...]


class LabelledFile(Frozen):
    """Shape of a file of labelled messages."""

    register_name: str = Field(default="", alias="register")
    messages: tuple[Labelled, ...]


class SeveralFile(Frozen):
    """Shape of ``several.yml``."""

    messages: tuple[SeveralQuestions, ...]


class ParaphraseFile(Frozen):
    """Shape of ``competency_paraphrases.yml``."""

    messages: tuple[Paraphrase, ...]


class NamingFile(Frozen):
    """Shape of ``mentions.yml``."""

    messages: tuple[Naming, ...]


_Shape = TypeVar("_Shape", bound=Frozen)


def _read(folder: Path, name: str, shape: type[_Shape]) -> _Shape:
    return load_model(folder / f"{name}.yml", shape)


def in_scope(folder: Path) -> dict[str, tuple[Labelled, ...]]:
    """Return the questions that the fiche answers, and small talk, by register."""
    return {name: _read(folder, name, LabelledFile).messages for name in REGISTERS}


def out_of_scope(folder: Path) -> dict[str, tuple[Labelled, ...]]:
    """Return what must not be answered with the facts of the fiche: far, near, and silent topics."""
    return {name: _read(folder, name, LabelledFile).messages for name in OUT_OF_SCOPE}


def several(folder: Path) -> tuple[SeveralQuestions, ...]:
    """Return the messages that hold, or seem to hold, several questions."""
    return _read(folder, "several", SeveralFile).messages


def paraphrases(folder: Path) -> tuple[Paraphrase, ...]:
    """Return the messages about one competency."""
    return _read(folder, "competency_paraphrases", ParaphraseFile).messages


def namings(folder: Path) -> tuple[Naming, ...]:
    """Return the messages that name things."""
    return _read(folder, "mentions", NamingFile).messages


def texts(folder: Path) -> list[str]:
    """Return every message of a folder."""
    found = [m.text for group in (in_scope(folder), out_of_scope(folder)) for kept in group.values() for m in kept]
    found += [m.text for m in several(folder)] + [m.text for m in paraphrases(folder)]
    if (folder / "mentions.yml").exists():
        found += [m.text for m in namings(folder)]
    return found
