"""What the candidate leaves with, before any format: a page, a PDF, a DOCX, a table."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Entry:
    """One competency of the booklet."""

    id: str
    """``BC01-C03``."""
    name: str
    """What it is about, in a few plain words."""
    wording: str
    """Official wording, verbatim."""
    level: str | None
    """Key of the level, ``unknown``, or None when it was not answered."""
    level_label: str
    """« Avec de l'aide », « Sans réponse »…"""
    level_said: str
    """« vous le faites avec de l'aide »."""
    estimated: bool
    """Whether the level is that of its theme (quick path), and not its own."""
    story: str
    """The candidate's own example; empty when there is none."""
    prompts: tuple[str, ...]
    """« Racontez une fois où… »."""
    documents: tuple[str, ...]
    """Documents that may prove it."""
    change: str = ""
    """Since an earlier attempt: « Avec de l'aide → Sans aide, d'habitude »; empty when nothing changed."""


@dataclass(frozen=True)
class BlocResult:
    """One bloc of the booklet."""

    number: int
    code: str
    title: str
    state: str
    """In words: « solide », « en bonne voie », « à construire », « trop peu de réponses »."""
    counts: tuple[tuple[str, int], ...]
    """(level label, number of competencies), in the order of the scale, « Sans réponse » last."""
    entries: tuple[Entry, ...]

    @property
    def summary(self) -> str:
        """The counts in words, zeros left out: the text equivalent of the picture."""
        return ", ".join(f"{label} : {count}" for label, count in self.counts if count)


@dataclass(frozen=True)
class Step:
    """One next step."""

    title: str
    text: str
    reason: str
    """Why it is proposed: what the candidate answered, and the rule."""


@dataclass(frozen=True)
class Booklet:
    """Everything that the candidate leaves with."""

    title: str
    """« Mon positionnement – ETAIE »."""
    fiche_code: str
    fiche_title: str
    made_on: date
    path: str
    """« parcours complet », « parcours court »…"""
    answered: int
    total: int
    """Questions of the path."""
    blocs: tuple[BlocResult, ...]
    strengths: tuple[str, ...]
    """Names of competencies or themes, the strongest first."""
    gaps: tuple[str, ...]
    steps: tuple[Step, ...]
    notices: tuple[str, ...]
    """What must always be said: indicative, no certification, source."""
    changes: tuple[str, ...] = ()
    """What changed in the fiche or the questions since it was answered."""
    compared_with: date | None = None
    """Day of the earlier attempt that levels are compared with."""
    scale: tuple[tuple[str, str], ...] = field(default=())
    """(label, description) of each level, in order."""
