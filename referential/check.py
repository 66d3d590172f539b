"""Check a generated fiche: its shape, completeness and consistency, and that its source still says it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from referential.diff import diff
from referential.model import Fact, Fiche, Route
from referential.readers import read_source
from referential.yaml_files import DataError, Located, Problem, load_located

_ESSENTIAL = ("level", "certifiers", "competencies", "blocs", "acquisition", "access_routes", "expiry_date")
"""What the assistant cannot do without: left empty, it is the copy that is suspect."""


def check(fiche_path: Path) -> list[Problem]:
    """Return all that is wrong with a fiche, in the order of its lines; nothing when all is well."""
    try:
        located = load_located(fiche_path, Fiche)
    except DataError as error:
        return list(error.problems)
    rules = (_complete, _blocs, _competencies, _acquisition, _correspondences, _dates, _statistics)
    problems = [problem for rule in rules for problem in rule(located)]
    problems += _up_to_date(located, fiche_path)
    return sorted(problems, key=lambda p: (p.file != str(fiche_path), p.file, p.line))


def source_of(fiche: Fiche, fiche_path: Path) -> Path:
    """Return where the source of a fiche is: in ``sources``, next to the folder of the fiche."""
    return fiche_path.resolve().parent.parent / "sources" / fiche.source.file


def _complete(located: Located[Fiche]) -> Iterator[Problem]:
    for field in _ESSENTIAL:
        fact: Fact[object] = getattr(located.model, field)
        if not fact.stated or fact.value == ():
            yield located.problem(f"{field} : « {fact.section} » est vide, l'assistant ne peut s'en passer", field)
    routes = [route.key for route in located.model.access_routes.value or ()]
    for key in Route:
        if routes and routes.count(key) != 1:
            said = "manque" if key not in routes else "est en double"
            yield located.problem(f"access_routes : la voie « {key} » {said}", "access_routes", "value")


def _blocs(located: Located[Fiche]) -> Iterator[Problem]:
    fiche = located.model
    seen: set[int] = set()
    for rank, bloc in enumerate(fiche.blocs.value or ()):
        place = ("blocs", "value", rank)
        expected = f"{fiche.code}BC{bloc.number:02d}"
        if bloc.code != expected:
            yield located.problem(
                f"bloc {bloc.number} : code « {bloc.code} » au lieu de « {expected} »", *place, "code"
            )
        if bloc.number in seen:
            yield located.problem(f"bloc {bloc.number} : numéro en double", *place, "number")
        if not bloc.competencies:
            yield located.problem(f"bloc {bloc.number} : aucune compétence", *place)
        seen.add(bloc.number)


def _competencies(located: Located[Fiche]) -> Iterator[Problem]:
    attested = [_spaced(line) for line in located.model.competencies.value or ()]
    seen: set[str] = set()
    for rank, bloc in enumerate(located.model.blocs.value or ()):
        for order, competency in enumerate(bloc.competencies):
            place = ("blocs", "value", rank, "competencies", order)
            expected = f"BC{bloc.number:02d}-C{order + 1:02d}"
            if competency.id in seen:
                yield located.problem(f"compétence {competency.id} : identifiant en double", *place, "id")
            elif competency.id != expected:
                message = f"compétence {competency.id} : « {expected} » attendu à cette place"
                yield located.problem(message, *place, "id")
            if not any(_spaced(competency.wording) in line for line in attested):
                message = f"compétence {competency.id} : libellé absent des compétences attestées"
                yield located.problem(message, *place, "wording")
            seen.add(competency.id)


def _acquisition(located: Located[Fiche]) -> Iterator[Problem]:
    acquisition = located.model.acquisition.value
    count = len(located.model.blocs.value or ())
    if acquisition and acquisition.blocs_required is not None and not 1 <= acquisition.blocs_required <= count:
        message = f"{acquisition.blocs_required} blocs exigés, mais la fiche en a {count}"
        yield located.problem(message, "acquisition", "value", "blocs_required")


def _correspondences(located: Located[Fiche]) -> Iterator[Problem]:
    own = {bloc.code for bloc in located.model.blocs.value or ()}
    for rank, correspondence in enumerate(located.model.correspondences.value or ()):
        place = ("correspondences", "value", rank)
        for order, bloc in enumerate(correspondence.blocs):
            if bloc.code not in own:
                message = f"correspondance : le bloc « {bloc.code} » n'est pas dans la fiche"
                yield located.problem(message, *place, "blocs", order, "code")
        for order, bloc in enumerate(correspondence.other_blocs):
            if not bloc.code.startswith(f"{correspondence.other.code}BC"):
                message = f"correspondance : le bloc « {bloc.code} » n'est pas de « {correspondence.other.code} »"
                yield located.problem(message, *place, "other_blocs", order, "code")


def _dates(located: Located[Fiche]) -> Iterator[Problem]:
    fiche = located.model
    decision, expiry, delivery = (
        fiche.decision_date.value,
        fiche.expiry_date.value,
        fiche.last_delivery_date.value,
    )
    if decision and expiry and decision > expiry:
        yield located.problem("l'échéance est avant la décision", "expiry_date", "value")
    if expiry and delivery and expiry > delivery:
        yield located.problem("la dernière délivrance est avant l'échéance", "last_delivery_date", "value")
    years = fiche.duration_years.value
    if decision and expiry and years is not None and _years_later(decision, years) != expiry:
        message = f"la décision plus {years} an(s) ne donne pas la date d'échéance"
        yield located.problem(message, "duration_years", "value")


def _years_later(day: date, years: int) -> date | None:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        # The 29th of February, or a year that no calendar has.
        return day.replace(year=day.year + years, day=28) if 1 <= day.year + years <= date.max.year else None


def _statistics(located: Located[Fiche]) -> Iterator[Problem]:
    rows = located.model.statistics.value or ()
    years = [row.year for row in rows]
    if years != sorted(set(years), reverse=True):
        yield located.problem(
            "statistiques : années en double ou pas de la plus récente à la plus ancienne", "statistics"
        )
    for rank, row in enumerate(rows):
        certified, by_vae = row.certified.value, row.certified_vae.value
        if certified is not None and by_vae is not None and by_vae > certified:
            message = f"statistiques {row.year} : plus de certifiés par la VAE que de certifiés"
            yield located.problem(message, "statistics", "value", rank, "certified_vae")
        for field in ("insertion_6m", "insertion_job_6m", "insertion_job_2y"):
            rate: Fact[int] = getattr(row, field)
            if rate.value is not None and rate.value > 100:
                message = f"statistiques {row.year} : taux de {rate.value} %"
                yield located.problem(message, "statistics", "value", rank, field)


def _up_to_date(located: Located[Fiche], fiche_path: Path) -> Iterator[Problem]:
    """Yield how the fiche differs from what its source gives when it is read again."""
    fiche = located.model
    source = source_of(fiche, fiche_path)
    if not source.is_file():
        yield located.problem(f"source introuvable : {source}", "source", "file")
        return
    try:
        read_again = read_source(source)
    except DataError as error:
        yield from error.problems
        return
    if read_again == fiche:
        return
    what = (
        "la source a changé depuis l'import" if read_again.source.sha256 != fiche.source.sha256 else "modifié à la main"
    )
    yield located.problem(f"pas à jour ({what}) : relancez « etaie referential import »", "source", "sha256")
    for change in diff(fiche, read_again):
        yield located.problem(f"pas à jour, la source donne : {change}", "source", "sha256")


def _spaced(text: str) -> str:
    return " ".join(text.split())
