"""Typed facts of an RNCP fiche.

Nothing here is true of one title alone: every French professional title that
France compétences publishes fits these classes. A value is always wrapped in a
:class:`Fact`, which says in which of four states the fiche leaves it and under
which heading it stands.
"""

from datetime import date
from enum import StrEnum
from typing import Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

T = TypeVar("T")


class Frozen(BaseModel):
    """Base of every fact: immutable, and refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class State(StrEnum):
    """What the fiche says of a value. The four are never mixed."""

    STATED = "stated"
    """The fiche gives the value."""
    STATED_NO = "stated_no"
    """The fiche answers « non »."""
    NOT_GIVEN = "not_given"
    """The heading is there and nothing stands under it."""
    UNREADABLE = "unreadable"
    """Something stood there, but our copy of the source lost it."""


class Fact(Frozen, Generic[T]):
    """One value of the fiche, with its state and its heading."""

    section: str
    """Heading of the fiche, as it spells it."""
    state: State
    value: T | None = None
    """Present when, and only when, the state is ``stated``."""

    @model_validator(mode="after")
    def _value_goes_with_state(self) -> Self:
        if (self.state is State.STATED) != (self.value is not None):
            raise ValueError(f"état « {self.state} » et valeur {self.value!r} ne vont pas ensemble")
        return self

    @property
    def stated(self) -> bool:
        """Whether the fiche gives the value."""
        return self.state is State.STATED

    def require(self) -> T:
        """Return the value.

        Raises:
            ValueError: the fiche does not state it.
        """
        if self.value is None:
            raise ValueError(f"« {self.section} » : valeur non donnée ({self.state})")
        return self.value


class Coded(Frozen):
    """A code of a public nomenclature with its label (NSF, Formacode, ROME, fiche)."""

    code: str
    label: str


class Level(Frozen):
    """Level in the French framework of qualifications."""

    number: int = Field(ge=1, le=8)
    label: str


class Certifier(Frozen):
    """A body that delivers the title."""

    legal_name: str
    siret: Fact[str]
    trade_name: Fact[str]
    website: Fact[str]


class Competency(Frozen):
    """One competency, in its official wording."""

    id: str = Field(pattern=r"^BC\d{2}-C\d{2}$")
    """Bloc and rank within the bloc, e.g. ``BC02-C05``: stable as long as the fiche is."""
    wording: str
    """Verbatim."""


class Bloc(Frozen):
    """A bloc de compétences."""

    code: str
    """Full code, e.g. ``RNCP41402BC02``."""
    number: int
    title: str
    competencies: tuple[Competency, ...]
    assessment: Fact[tuple[str, ...]]


class Acquisition(Frozen):
    """How the blocs add up to the title."""

    text: str
    blocs_required: int | None = None
    """Number of blocs that must be validated; None where the text gives no number."""


class Structure(Frozen):
    """A kind of employer that the fiche names."""

    name: str
    acronym: str | None = None


class Sectors(Frozen):
    """Sectors of activity."""

    text: str
    structures: tuple[Structure, ...] = ()


class Route(StrEnum):
    """The six ways of access that every fiche lists (SI_JURY_* in the XML export)."""

    STUDENT = "student"
    APPRENTICESHIP = "apprenticeship"
    CONTINUING_TRAINING = "continuing_training"
    PROFESSIONALISATION = "professionalisation"
    INDIVIDUAL = "individual"
    VAE = "vae"


class AccessRoute(Frozen):
    """One way of access to the title."""

    key: Route
    label: str
    """As the fiche words it, e.g. « En contrat d'apprentissage »."""
    open: Fact[bool]
    """``stated`` (True) when open, ``stated_no`` when closed."""
    jury: Fact[tuple[str, ...]]
    """Members of the jury."""
    last_modified: Fact[date]


class Correspondence(Frozen):
    """Blocs recognised as partly equivalent to blocs of another title."""

    blocs: tuple[Coded, ...]
    """Blocs of this title."""
    blocs_operator: str
    """How they combine: « ET » or « OU »."""
    other: Coded
    """The other title."""
    other_blocs: tuple[Coded, ...]
    other_blocs_operator: str


class LegalText(Frozen):
    """A legal text that founds the title."""

    published: date
    """Date of the Journal officiel or Bulletin officiel."""
    reference: str


class YearStatistics(Frozen):
    """Figures of one promotion."""

    year: int
    certified: Fact[int]
    """People who obtained the title that year."""
    certified_vae: Fact[int]
    """Those among them who came by the VAE."""
    insertion_6m: Fact[int]
    """Overall employment rate six months later, in %."""
    insertion_job_6m: Fact[int]
    """Employment rate in the aimed job six months later, in %."""
    insertion_job_2y: Fact[int]
    """Employment rate in the aimed job two years later, in %."""


class Acronym(Frozen):
    """An acronym that the fiche uses."""

    acronym: str
    expansion: Fact[str]
    """``not_given`` when the fiche uses it without ever spelling it out."""
    quote: str
    """A passage of the fiche where it stands."""


class Source(Frozen):
    """Where the fiche was read."""

    file: str
    publisher: str
    licence: str
    retrieved: date
    sha256: str


class Fiche(Frozen):
    """A whole fiche of the RNCP."""

    format: int = 1
    code: str = Field(pattern=r"^RNCP\d+$")
    title: str
    abbreviation: str | None
    source: Source
    level: Fact[Level]
    nsf: Fact[tuple[Coded, ...]]
    formacodes: Fact[tuple[Coded, ...]]
    certifiers: Fact[tuple[Certifier, ...]]
    objectives: Fact[str]
    activities: Fact[tuple[str, ...]]
    competencies: Fact[tuple[str, ...]]
    """Lines of « Compétences attestées », verbatim (a line may hold two competencies)."""
    assessment: Fact[tuple[str, ...]]
    blocs: Fact[tuple[Bloc, ...]]
    acquisition: Fact[Acquisition]
    sectors: Fact[Sectors]
    jobs: Fact[tuple[str, ...]]
    rome: Fact[tuple[Coded, ...]]
    regulations: Fact[str]
    entry_prerequisites: Fact[str]
    validation_prerequisites: Fact[str]
    bloc_prerequisites: Fact[str]
    """``stated_no``: the blocs have no prerequisites of their own."""
    access_routes: Fact[tuple[AccessRoute, ...]]
    new_caledonia: Fact[bool]
    french_polynesia: Fact[bool]
    correspondences: Fact[tuple[Correspondence, ...]]
    legal_texts: Fact[tuple[LegalText, ...]]
    last_journal_date: Fact[date]
    decision_date: Fact[date]
    duration_years: Fact[int]
    expiry_date: Fact[date]
    last_delivery_date: Fact[date]
    statistics: Fact[tuple[YearStatistics, ...]]
    """Most recent year first."""
    description_link: Fact[str]
    training_organisations: Fact[tuple[str, ...]]
    previous_fiches: Fact[tuple[Coded, ...]]
    framework_document: Fact[str]
    acronyms: Fact[tuple[Acronym, ...]]

    def bloc(self, number: int) -> Bloc | None:
        """Return the bloc of that number, or None."""
        return next((b for b in self.blocs.value or () if b.number == number), None)

    def competency(self, competency_id: str) -> tuple[Bloc, Competency] | None:
        """Return the competency of that id with its bloc, or None."""
        for bloc in self.blocs.value or ():
            for competency in bloc.competencies:
                if competency.id == competency_id:
                    return bloc, competency
        return None

    def route(self, key: Route) -> AccessRoute | None:
        """Return that way of access, or None."""
        return next((r for r in self.access_routes.value or () if r.key is key), None)
