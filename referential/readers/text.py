"""Read a fiche from the text copied from its France compétences page.

The copy keeps headings, lines and the cells of tables, but loses empty cells and some line breaks.
The headings are those of every page of the site; what belongs to one title alone is in its manifest.
Nothing is dropped in silence: a line that fits nowhere is an error, as is a missing heading.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from referential.model import (
    AccessRoute,
    Acquisition,
    Acronym,
    Bloc,
    Certifier,
    Coded,
    Competency,
    Correspondence,
    Fact,
    Fiche,
    Frozen,
    LegalText,
    Level,
    Route,
    Sectors,
    Source,
    State,
    Structure,
    YearStatistics,
)
from referential.yaml_files import DataError, Problem, french_message

T = TypeVar("T")


class Manifest(Frozen):
    """What the copied text does not say of itself, written by hand beside it."""

    code: str
    title: str
    abbreviation: str | None = None
    publisher: str
    licence: str
    retrieved: date
    two_competencies_in_one_line: tuple[str, ...] = ()
    """Starts of the second competency, in lines where the copy runs two together."""
    lines_run_together_in_cells: tuple[str, ...] = ()
    """Starts of the lines, from the second on, that the copy runs together in cells of tables."""


def read_text(text: str, manifest: Manifest, file: Path | None = None) -> Fiche:
    """Read a fiche.

    Args:
        text: the copied page.
        manifest: what stands beside it.
        file: where the text comes from, for the errors and for ``Fiche.source``.

    Raises:
        DataError: the text is not a whole fiche; every fault has its line.
    """
    path = file or Path(f"{manifest.code}.txt")
    page = _page(text, manifest, str(path))
    facts: dict[str, Fact[Any]] = {}
    faults: list[_FaultError] = []
    for name, read in _FIELDS.items():
        try:
            facts[name] = read(page)
        except _FaultError as fault:
            faults.append(fault)
    faults += _faults(page, facts)
    if faults:
        # Two fields read from one table meet the same fault.
        raise _error(fault.problem(str(path)) for fault in faults)
    source = Source(
        file=path.name,
        publisher=manifest.publisher,
        licence=manifest.licence,
        retrieved=manifest.retrieved,
        sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
    )
    try:
        named = {"code": manifest.code, "title": manifest.title, "abbreviation": manifest.abbreviation}
        return Fiche.model_validate(named | {"source": source} | facts)
    except ValidationError as error:
        raise DataError([Problem(french_message(e), str(path), 1) for e in error.errors()]) from None


# --- Sections -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Heading:
    """A heading of the page: a line, two lines, or the first cell of a table."""

    key: str
    lines: tuple[str, ...]
    table: bool = False
    """Whether it is a table without a title: its first row is then part of the section."""
    prose: bool = False
    """Whether free text stands under it, in which a line may end with a colon."""


_HEADINGS = (
    _Heading("essentials", ("L'essentiel",)),
    _Heading("level", ("Nomenclature", "du niveau de qualification")),
    _Heading("nsf", ("Code(s) NSF",)),
    _Heading("formacodes", ("Formacode(s)",)),
    _Heading("expiry_summary", ("Date d'échéance", "de l'enregistrement")),
    _Heading("certifiers", ("Nom légal",), table=True),
    _Heading("objectives", ("Objectifs et contexte de la certification",), prose=True),
    _Heading("activities", ("Activités visées",), prose=True),
    _Heading("competencies", ("Compétences attestées",), prose=True),
    _Heading("assessment", ("Modalités d'évaluation",)),
    _Heading(
        "acquisition",
        (
            (
                "Description des modalités d'acquisition de la certification par capitalisation "
                "des blocs de compétences et/ou par correspondance"
            ),
        ),
    ),
    _Heading("sectors", ("Secteurs d'activités",), prose=True),
    _Heading("jobs", ("Type d'emplois accessibles",), prose=True),
    _Heading("rome", ("Code(s) ROME",)),
    _Heading("regulations", ("Références juridiques des règlementations d'activité",)),
    _Heading("entry_prerequisites", ("Le cas échéant, prérequis à l'entrée en formation",)),
    _Heading("validation_prerequisites", ("Le cas échéant, prérequis à la validation de la certification",)),
    _Heading("bloc_prerequisites", ("Prérequis distincts pour les blocs de compétences",)),
    _Heading("access_routes", ("Voie d'accès à la certification",), table=True),
    _Heading("territories", ("Oui",), table=True),
    _Heading(
        "correspondences",
        ("Certifications professionnelles enregistrées au RNCP en correspondance partielle",),
    ),
    _Heading("legal_texts", ("Référence au(x) texte(s) règlementaire(s) instaurant la certification",)),
    _Heading("last_journal_date", ("Date du dernier Journal Officiel ou Bulletin Officiel",)),
    _Heading("dates", ("Date de décision",), table=True),
    _Heading("statistics", ("Statistiques",)),
    _Heading("description_link", ("Lien internet vers le descriptif de la certification",)),
    _Heading("training_organisations", ("Liste des organismes préparant à la certification",)),
    _Heading("previous_fiches", ("Certification(s) antérieure(s)",)),
    _Heading("framework_document", ("Référentiel d'activité, de compétences et d'évaluation",)),
)
_WITH_TABLE = {"correspondences", "legal_texts", "statistics", "previous_fiches"}
"""Headings that have a table under them."""
_SITE_MISSPELLINGS = {"échant": "échéant", "disctincts": "distincts", "Pré-requis": "Prérequis"}
"""The site misspells some of its headings; the fiche keeps them so, and both spellings are recognised."""

_BLOC_HEADING = re.compile(r"(RNCP\d+BC(\d{1,2})) - (\S.*)")
_COMPETENCY_COLUMN = "Liste de compétences"
_WHOLE_FICHE = "Ensemble de la fiche"
"""Section of what no heading announces: acronyms, which are found all over."""


@dataclass(frozen=True)
class _Line:
    number: int
    text: str


@dataclass(frozen=True)
class _Section:
    """A heading, as the source spells it, and the lines under it."""

    heading: str
    number: int
    lines: tuple[_Line, ...]


@dataclass(frozen=True)
class _Page:
    """A text cut into sections."""

    sections: Mapping[str, _Section]
    blocs: tuple[_Section, ...]
    manifest: Manifest

    def __getitem__(self, key: str) -> _Section:
        return self.sections[key]


class _FaultError(Exception):
    """One thing wrong in the text."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line

    def problem(self, file: str) -> Problem:
        """Return it placed in its file."""
        return Problem(str(self), file, self.line)


def _error(problems: Iterable[Problem]) -> DataError:
    """Return the error that holds those problems, each once, in the order of the lines."""
    ordered: list[Problem] = sorted(dict.fromkeys(problems), key=lambda p: p.line)
    return DataError(ordered)


def _page(text: str, manifest: Manifest, file: str) -> _Page:
    """Cut the text into its sections.

    Raises:
        DataError: a heading is missing, unknown or doubled, or a line comes before any heading.
    """
    numbered = enumerate(text.removeprefix("\ufeff").split("\n"), start=1)
    lines = [_Line(number, line.strip()) for number, line in numbered if line.strip()]
    found: dict[str, _Section] = {}
    blocs: list[_Section] = []
    problems: list[Problem] = []
    starts = list(_starts(lines))
    first = starts[0][0] if starts else len(lines)
    problems += [
        Problem(f"ligne avant toute rubrique : « {_cut(line.text)} »", file, line.number) for line in lines[:first]
    ]
    ends = [*(start for start, _, _ in starts[1:]), len(lines)]
    for (start, key, length), end in zip(starts, ends, strict=False):
        heading = next((h for h in _HEADINGS if h.key == key), None)
        body = lines[start + (0 if heading and heading.table else length) : end]
        title = " ".join(line.text for line in lines[start : start + length])
        section = _Section(_trimmed(title), lines[start].number, tuple(body))
        if heading is None or key is None:
            blocs.append(section)
        elif key in found:
            message = f"rubrique en double : « {section.heading} » (déjà ligne {found[key].number})"
            problems.append(Problem(message, file, section.number))
        else:
            found[key] = section
        problems += [fault.problem(file) for fault in _strangers(heading, body)]
    problems += _missing(found, file)
    if problems:
        raise _error(problems)
    return _Page(found, tuple(blocs), manifest)


def _strangers(heading: _Heading | None, body: Sequence[_Line]) -> Iterator[_FaultError]:
    """Yield the lines that belong to something the page is not known to have."""
    holds_table = heading is None or heading.table or heading.key in _WITH_TABLE
    for line, following in zip(body, [*body[1:], None], strict=False):
        if line.text.startswith("|"):
            if not holds_table:
                yield _FaultError(line.number, f"tableau inattendu : « {_cut(line.text)} »")
        elif line.text.endswith(":") and not (heading and heading.prose and following):
            # In prose it may introduce a list, but not if nothing comes after.
            yield _FaultError(line.number, f"rubrique inconnue : « {_cut(line.text)} »")


def _starts(lines: Sequence[_Line]) -> Iterator[tuple[int, str | None, int]]:
    """Yield where each section starts, its key (None for a bloc) and the number of lines of its heading."""
    for index, line in enumerate(lines):
        following = lines[index + 1].text if index + 1 < len(lines) else ""
        if _BLOC_HEADING.fullmatch(line.text) and _plain(_first_cell(following)) == _COMPETENCY_COLUMN:
            yield index, None, 1
            continue
        for heading in _HEADINGS:
            if heading.table:
                if _plain(_first_cell(line.text)) == heading.lines[0]:
                    yield index, heading.key, 1
            elif [_plain(said.text) for said in lines[index : index + len(heading.lines)]] == list(heading.lines):
                yield index, heading.key, len(heading.lines)


def _missing(found: Mapping[str, _Section], file: str) -> Iterator[Problem]:
    """Yield the headings that the text lacks, each placed at the one that should come just before."""
    before = 1
    for heading in _HEADINGS:
        if heading.key in found:
            before = found[heading.key].number
        else:
            kind = "tableau absent" if heading.table else "rubrique absente"
            yield Problem(f"{kind} : « {' '.join(heading.lines)} » (attendu après cette ligne)", file, before)


def _plain(text: str) -> str:
    """Return a heading as the table above spells it."""
    plain = _trimmed(" ".join(text.replace("’", "'").split()))
    for misspelt, spelt in _SITE_MISSPELLINGS.items():
        plain = plain.replace(misspelt, spelt)
    return plain


def _trimmed(heading: str) -> str:
    heading = _first_cell(heading) or heading
    return heading.rstrip().removesuffix(":").rstrip()


def _first_cell(line: str) -> str:
    return line[1:].split("|", maxsplit=1)[0].strip() if line.startswith("|") else ""


def _cut(text: str, length: int = 80) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


# --- Tables ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Row:
    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class _Table:
    columns: tuple[str, ...]
    """As the source spells them."""
    rows: tuple[_Row, ...]


def _rows(lines: Sequence[_Line]) -> list[_Row]:
    """Put back together rows that the copy breaks over several lines. A cell may hold several lines."""
    groups: list[list[_Line]] = []
    for line in lines:
        if line.text.startswith("|"):
            groups.append([line])
        elif groups:
            groups[-1].append(line)
        else:
            raise _FaultError(line.number, f"ligne hors du tableau : « {_cut(line.text)} »")
    rows = []
    for group in groups:
        text = "\n".join(line.text for line in group)
        if len(text) < 2 or not text.endswith("|"):
            raise _FaultError(group[-1].number, f"ligne de tableau non fermée par « | » : « {_cut(group[-1].text)} »")
        rows.append(_Row(group[0].number, tuple(cell.strip() for cell in text[1:-1].split("|"))))
    return rows


def _table(section: _Section, columns: tuple[str, ...], whole_rows: bool = True) -> _Table:
    """Read a table and check its columns.

    Args:
        section: where it stands.
        columns: expected heads.
        whole_rows: whether each row must have as many cells as there are columns.
    """
    rows = _rows(section.lines)
    if not rows:
        return _Table((), ())
    if tuple(_plain(cell) for cell in rows[0].cells) != columns:
        raise _FaultError(rows[0].number, f"tableau abîmé : en-têtes attendus « {' | '.join(columns)} »")
    if len(rows) < 2 or not _is_rule(rows[1], len(columns)):
        raise _FaultError(rows[0].number, "tableau abîmé : la ligne de tirets manque sous les en-têtes")
    for row in rows[2:]:
        if whole_rows and len(row.cells) != len(columns):
            message = f"tableau abîmé : {len(columns)} cases attendues, {len(row.cells)} trouvées"
            raise _FaultError(row.number, message)
    return _Table(rows[0].cells, tuple(rows[2:]))


def _is_rule(row: _Row, width: int) -> bool:
    return len(row.cells) == width and all(re.fullmatch("-{2,}", cell) for cell in row.cells)


def _without_empty_end(cells: Sequence[str]) -> list[str]:
    kept = list(cells)
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _cell_lines(cell: str, manifest: Manifest) -> tuple[str, ...]:
    """Return the lines of a cell, cut where the manifest says that a line break was lost."""
    starts = "|".join(re.escape(start) for start in manifest.lines_run_together_in_cells)
    cuts = rf"\n|\s+(?={starts})" if starts else r"\n"
    return tuple(" ".join(part.split()) for part in re.split(cuts, cell) if part.strip())


# --- Values ---------------------------------------------------------------------------------------


def _stated(section: str, value: T) -> Fact[T]:
    return Fact(section=section, state=State.STATED, value=value)


def _not_given(section: str) -> Fact[Any]:
    return Fact(section=section, state=State.NOT_GIVEN)


def _stated_no(section: str) -> Fact[Any]:
    return Fact(section=section, state=State.STATED_NO)


def _unreadable(section: str) -> Fact[Any]:
    return Fact(section=section, state=State.UNREADABLE)


def _nothing(text: str) -> bool:
    return text in ("", "-")


def _text(section: _Section) -> str:
    return "\n".join(line.text for line in section.lines)


def _items(section: _Section) -> Fact[tuple[str, ...]]:
    """Return one item a line."""
    if _nothing(_text(section)):
        return _not_given(section.heading)
    return _stated(section.heading, tuple(line.text for line in section.lines))


def _free_text(section: _Section) -> Fact[str]:
    text = _text(section)
    return _not_given(section.heading) if _nothing(text) else _stated(section.heading, text)


def _only_line(section: _Section) -> _Line | None:
    """Return the one line of a section that holds a single value, None when nothing is given."""
    if _nothing(_text(section)):
        return None
    if len(section.lines) > 1:
        extra = section.lines[1]
        raise _FaultError(extra.number, f"ligne inattendue sous « {section.heading} » : « {_cut(extra.text)} »")
    return section.lines[0]


def _date(text: str, line: int) -> date:
    match = re.fullmatch(r"(\d{2})([-/])(\d{2})\2(\d{4})", text, re.ASCII)
    try:
        if match:
            return date(int(match[4]), int(match[3]), int(match[1]))
    except ValueError:
        pass
    raise _FaultError(line, f"date incorrecte : « {_cut(text)} » (JJ-MM-AAAA ou JJ/MM/AAAA attendu)")


def _number(text: str, line: int) -> int:
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise _FaultError(line, f"nombre attendu, et non « {_cut(text)} »")
    return int(text)


def _cell(section: str, row: _Row, rank: int, convert: Callable[[str, int], T]) -> Fact[T]:
    cell = row.cells[rank]
    return _not_given(section) if _nothing(cell) else _stated(section, convert(cell, row.number))


def _coded(text: str, line: int, pattern: str, expected: str) -> Coded:
    match = re.fullmatch(pattern, text)
    if not match:
        raise _FaultError(line, f"« {expected} » attendu, et non « {_cut(text)} »")
    return Coded(code=match[1], label=match[2])


def _coded_lines(section: _Section, pattern: str, expected: str) -> Fact[tuple[Coded, ...]]:
    if _nothing(_text(section)):
        return _not_given(section.heading)
    coded = tuple(_coded(line.text, line.number, pattern, expected) for line in section.lines)
    return _stated(section.heading, coded)


# --- Fields ---------------------------------------------------------------------------------------


def _level(page: _Page) -> Fact[Level]:
    section = page["level"]
    line = _only_line(section)
    if line is None:
        return _not_given(section.heading)
    match = re.fullmatch(r"Niveau ([1-8])", line.text)
    if not match:
        raise _FaultError(line.number, f"« Niveau » et un chiffre de 1 à 8 attendus, et non « {_cut(line.text)} »")
    return _stated(section.heading, Level(number=int(match[1]), label=line.text))


def _nomenclature(key: str) -> Callable[[_Page], Fact[tuple[Coded, ...]]]:
    return lambda page: _coded_lines(page[key], r"([0-9A-Za-z]+) : (\S.*)", "code : intitulé")


def _rome(page: _Page) -> Fact[tuple[Coded, ...]]:
    return _coded_lines(page["rome"], r"- ([A-Z]\d{4}) - (\S.*)", "- A1234 - intitulé")


def _certifiers(page: _Page) -> Fact[tuple[Certifier, ...]]:
    table = _table(page["certifiers"], ("Nom légal", "Siret", "Nom commercial", "Site internet"))
    certifiers = []
    for row in table.rows:
        if _nothing(row.cells[0]):
            raise _FaultError(row.number, "certificateur sans nom légal")
        _, siret, trade_name, website = table.columns
        certifiers.append(
            Certifier(
                legal_name=row.cells[0],
                siret=_cell(siret, row, 1, _siret),
                trade_name=_cell(trade_name, row, 2, _as_it_is),
                website=_cell(website, row, 3, _as_it_is),
            )
        )
    heading = table.columns[0]
    return _stated(heading, tuple(certifiers)) if certifiers else _not_given(heading)


def _as_it_is(text: str, _line: int) -> str:
    return text


def _siret(text: str, line: int) -> str:
    if not re.fullmatch(r"\d{14}", text, re.ASCII):
        raise _FaultError(line, f"SIRET de 14 chiffres attendu, et non « {_cut(text)} »")
    return text


def _prose(key: str) -> Callable[[_Page], Fact[str]]:
    return lambda page: _free_text(page[key])


def _list(key: str) -> Callable[[_Page], Fact[tuple[str, ...]]]:
    return lambda page: _items(page[key])


def _blocs(page: _Page) -> Fact[tuple[Bloc, ...]]:
    if not page.blocs:
        return _not_given(_COMPETENCY_COLUMN)
    blocs: dict[int, Bloc] = {}
    heading = _COMPETENCY_COLUMN
    for section in page.blocs:
        match = _BLOC_HEADING.fullmatch(section.heading)
        if match is None or int(match[2]) in blocs:
            raise _FaultError(section.number, f"bloc en double : « {_cut(section.heading)} »")
        table = _bloc_table(section)
        heading = table.columns[0]
        cell, assessment = table.rows[0].cells
        number = int(match[2])
        blocs[number] = Bloc(
            code=match[1],
            number=number,
            title=match[3],
            competencies=_competencies(page, number, cell, table.rows[0].number),
            assessment=_not_given(table.columns[1])
            if _nothing(assessment)
            else _stated(table.columns[1], _cell_lines(assessment, page.manifest)),
        )
    return _stated(heading, tuple(blocs[number] for number in sorted(blocs)))


def _bloc_table(section: _Section) -> _Table:
    table = _table(section, (_COMPETENCY_COLUMN, "Modalités d'évaluation"))
    if len(table.rows) != 1:
        raise _FaultError(section.number, "tableau abîmé : une seule ligne attendue (compétences, évaluation)")
    return table


def _competencies(page: _Page, number: int, cell: str, line: int) -> tuple[Competency, ...]:
    wordings = [w for attested in _consumed(page, cell, line) for w in _two(attested, page.manifest)]
    return tuple(Competency(id=f"BC{number:02d}-C{rank:02d}", wording=w) for rank, w in enumerate(wordings, start=1))


def _consumed(page: _Page, cell: str, line: int) -> Iterator[str]:
    """Yield the attested lines that make up a cell, which runs them on; they must make it up entirely."""
    attested = sorted((said.text for said in page["competencies"].lines), key=len, reverse=True)
    rest = " ".join(cell.split())
    while not _nothing(rest):
        # The longest first, in case one line is the beginning of another.
        taken = next((t for t in attested if f"{rest} ".startswith(f"{' '.join(t.split())} ")), None)
        if taken is None:
            raise _FaultError(line, f"ce bloc contient ce qui n'est pas une compétence attestée : « {_cut(rest)} »")
        yield taken
        rest = rest[len(" ".join(taken.split())) :].strip()


def _two(attested: str, manifest: Manifest) -> list[str]:
    """Cut a line in two where the manifest says that it holds two competencies."""
    for start in manifest.two_competencies_in_one_line:
        before, found, after = attested.partition(f" {start}")
        if found:
            return [before.strip(), f"{start}{after}"]
    return [attested]


def _acquisition(page: _Page) -> Fact[Acquisition]:
    section = page["acquisition"]
    text = _text(section)
    if _nothing(text):
        return _not_given(section.heading)
    # « 2 blocs sur les 4 blocs » says no single number: better none than the wrong one.
    numbers = set(re.findall(r"\b(\d{1,2}) blocs\b", text, re.ASCII))
    required = int(numbers.pop()) if len(numbers) == 1 else None
    return _stated(section.heading, Acquisition(text=text, blocs_required=required))


def _sectors(page: _Page) -> Fact[Sectors]:
    section = page["sectors"]
    text = _text(section)
    if _nothing(text):
        return _not_given(section.heading)
    return _stated(section.heading, Sectors(text=text, structures=tuple(_structures(text))))


_ARTICLE = r"(?:(?:les|des|le|la|un|une|du|de)\s+|[ld]['’])"
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def _structures(text: str) -> Iterator[Structure]:
    """Yield the employers named: those listed after a colon, and those said as « au sein de … (SIGLE) »."""
    for sentence in _SENTENCE_END.split(text):
        _, colon, listed = sentence.partition(" : ")
        if colon:
            parts = re.split(r"[,;](?![^(]*\))", listed.rstrip(". "))
            # A last « et » separates two employers only before an article: « Ateliers et Chantiers » is one.
            last = re.split(rf"\s+(?:et|ou)\s+(?={_ARTICLE})", parts[-1])
            yield from (_structure(part) for part in [*parts[:-1], *last] if part.strip())
        else:
            for match in re.finditer(r"au sein (?:de |du |des |d['’])([^,;:()]+\([A-Z]{2,6}\))", sentence):
                yield _structure(match[1])


def _structure(said: str) -> Structure:
    named = re.sub(rf"^{_ARTICLE}", "", said.strip())
    acronym = re.search(r"\(([A-Z]{2,6})\)", named)
    if acronym is None:
        return Structure(name=named)
    name = " ".join((named[: acronym.start()] + named[acronym.end() :]).split())
    return Structure(name=name, acronym=acronym[1])


def _jobs(page: _Page) -> Fact[tuple[str, ...]]:
    section = page["jobs"]
    text = _text(section)
    if _nothing(text):
        return _not_given(section.heading)
    jobs = (" ".join(job.split()) for job in re.split(r"[;\n]", text.rstrip(". \n")))
    return _stated(section.heading, tuple(job for job in jobs if job))


def _bloc_prerequisites(page: _Page) -> Fact[str]:
    section = page["bloc_prerequisites"]
    return _stated_no(section.heading) if _text(section) == "Non" else _free_text(section)


_ROUTES = {
    "Après un parcours de formation sous statut d'élève ou d'étudiant": Route.STUDENT,
    "En contrat d'apprentissage": Route.APPRENTICESHIP,
    "Après un parcours de formation continue": Route.CONTINUING_TRAINING,
    "En contrat de professionnalisation": Route.PROFESSIONALISATION,
    "Par candidature individuelle": Route.INDIVIDUAL,
    "Par expérience": Route.VAE,
}
_ROUTE_COLUMNS = (
    "Voie d'accès à la certification",
    "Oui",
    "Non",
    "Composition des jurys",
    "Date de dernière modification",
)


def _access_routes(page: _Page) -> Fact[tuple[AccessRoute, ...]]:
    section = page["access_routes"]
    table = _table(section, _ROUTE_COLUMNS, whole_rows=False)
    routes: dict[Route, AccessRoute] = {}
    for row in table.rows:
        route = _access_route(row, table.columns, page.manifest)
        if route.key in routes:
            raise _FaultError(row.number, f"voie d'accès en double : « {route.label} »")
        routes[route.key] = route
    absent = [label for label, key in _ROUTES.items() if key not in routes]
    if absent:
        raise _FaultError(section.number, f"voie d'accès absente du tableau : « {' », « '.join(absent)} »")
    return _stated(table.columns[0], tuple(routes.values()))


def _access_route(row: _Row, columns: tuple[str, ...], manifest: Manifest) -> AccessRoute:
    """Read one way of access.

    The copy loses the empty one of the cells « Oui » and « Non »: the same « X » stands for both.
    The page asks for a jury where, and only where, the way is open, so the jury tells.
    """
    cells = _without_empty_end(row.cells)
    label = " ".join(row.cells[0].split())
    key = _ROUTES.get(_plain(label))
    if key is None:
        raise _FaultError(row.number, f"voie d'accès inconnue : « {_cut(label)} »")
    if len(cells) != 4 or cells[1] != "X":
        raise _FaultError(row.number, f"tableau abîmé : voie, « X », jury et date attendus pour « {_cut(label)} »")
    jury, modified = cells[2], cells[3]
    heading, _, _, jury_heading, modified_heading = columns
    return AccessRoute(
        key=key,
        label=label,
        open=_stated_no(heading) if _nothing(jury) else _stated(heading, True),
        jury=_not_given(jury_heading) if _nothing(jury) else _stated(jury_heading, _cell_lines(jury, manifest)),
        last_modified=_not_given(modified_heading)
        if _nothing(modified)
        else _stated(modified_heading, _date(modified, row.number)),
    )


_TERRITORIES = {"new_caledonia": "Nouvelle Calédonie", "french_polynesia": "Polynésie française"}


def _territory(field: str) -> Callable[[_Page], Fact[bool]]:
    return lambda page: _territories(page)[field]


def _territories(page: _Page) -> dict[str, Fact[bool]]:
    """Read the two territories.

    The copy loses which of « Oui » and « Non » is empty, and nothing else tells: the « X » is unreadable.
    """
    section = page["territories"]
    found: dict[str, Fact[bool]] = {}
    for row in _table(section, ("Oui", "Non", ""), whole_rows=False).rows:
        cells = _without_empty_end(row.cells)
        label = cells[0] if cells else ""
        field = next((f for f, name in _TERRITORIES.items() if label.endswith(name)), None)
        if field is None or field in found or cells[1:] not in ([], ["X"]):
            raise _FaultError(row.number, f"territoire inattendu : « {_cut(label)} »")
        found[field] = _unreadable(label) if cells[1:] else _not_given(label)
    absent = [name for field, name in _TERRITORIES.items() if field not in found]
    if absent:
        raise _FaultError(section.number, f"territoire absent du tableau : « {' », « '.join(absent)} »")
    return found


_CORRESPONDENCE_COLUMNS = (
    "Bloc(s) de compétences concernés",
    "Code et intitulé de la certification professionnelle reconnue en correspondance partielle",
    "Bloc(s) de compétences en correspondance partielle",
)
_OPERATORS = ("ET", "OU")


def _correspondences(page: _Page) -> Fact[tuple[Correspondence, ...]]:
    section = page["correspondences"]
    if _nothing(_text(section)):
        return _not_given(section.heading)
    found = []
    for row in _table(section, _CORRESPONDENCE_COLUMNS).rows:
        own, other, theirs = (" ".join(cell.split()) for cell in row.cells)
        blocs, operator = _combined(own, row.number)
        other_blocs, other_operator = _combined(theirs, row.number)
        found.append(
            Correspondence(
                blocs=blocs,
                blocs_operator=operator,
                other=_coded(other, row.number, r"((?:RNCP|RS)\d+) - (\S.*)", "RNCP12345 - intitulé"),
                other_blocs=other_blocs,
                other_blocs_operator=other_operator,
            )
        )
    return _stated(section.heading, tuple(found)) if found else _not_given(section.heading)


def _combined(cell: str, line: int) -> tuple[tuple[Coded, ...], str]:
    """Return the blocs of a cell and the word that combines them (« ET » for a bloc alone)."""
    if _nothing(cell):
        return (), _OPERATORS[0]
    # An operator stands before a code: a « ET » inside a title is left alone.
    parts = re.split(rf"\s({'|'.join(_OPERATORS)})\s(?=R(?:NCP|S)\d+BC)", cell)
    operators = set(parts[1::2])
    if len(operators) > 1:
        raise _FaultError(line, "« ET » et « OU » mêlés dans une même case : à lire à la main")
    pattern, expected = r"((?:RNCP|RS)\d+BC\d+) - (\S.*)", "RNCP12345BC01 - intitulé"
    return tuple(_coded(p, line, pattern, expected) for p in parts[::2]), "".join(operators) or _OPERATORS[0]


def _legal_texts(page: _Page) -> Fact[tuple[LegalText, ...]]:
    section = page["legal_texts"]
    if _nothing(_text(section)):
        return _not_given(section.heading)
    texts = tuple(
        LegalText(published=_date(row.cells[0], row.number), reference=" ".join(row.cells[1].split()))
        for row in _table(section, ("Date du JO/BO", "Référence au JO/BO")).rows
    )
    return _stated(section.heading, texts) if texts else _not_given(section.heading)


def _last_journal_date(page: _Page) -> Fact[date]:
    section = page["last_journal_date"]
    line = _only_line(section)
    return _not_given(section.heading) if line is None else _stated(section.heading, _date(line.text, line.number))


_DATES = {
    "decision_date": "Date de décision",
    "duration_years": "Durée de l'enregistrement en années",
    "expiry_date": "Date d'échéance de l'enregistrement",
    "last_delivery_date": "Date de dernière délivrance possible de la certification",
}


def _registration(field: str, convert: Callable[[str, int], T]) -> Callable[[_Page], Fact[T]]:
    def read(page: _Page) -> Fact[T]:
        row = _registration_rows(page)[field]
        return _cell(row.cells[0], row, 1, convert)

    return read


def _registration_rows(page: _Page) -> dict[str, _Row]:
    section = page["dates"]
    first, *others = _rows(section.lines)
    if not others or not _is_rule(others[0], 2):
        raise _FaultError(first.number, "tableau abîmé : la ligne de tirets manque sous la première")
    found: dict[str, _Row] = {}
    for row in [first, *others[1:]]:
        field = next((f for f, name in _DATES.items() if _plain(row.cells[0]) == name), None)
        if field is None or field in found or len(row.cells) != 2:
            raise _FaultError(row.number, f"ligne inattendue dans le tableau des dates : « {_cut(row.cells[0])} »")
        found[field] = row
    absent = [name for field, name in _DATES.items() if field not in found]
    if absent:
        raise _FaultError(section.number, f"absent du tableau des dates : « {' », « '.join(absent)} »")
    return found


_STATISTICS = {
    "certified": "Nombre de certifiés",
    "certified_vae": "Nombre de certifiés à la suite d'un parcours vae",
    "insertion_6m": "Taux d'insertion global à 6 mois (en %)",
    "insertion_job_6m": "Taux d'insertion dans le métier visé à 6 mois (en %)",
    "insertion_job_2y": "Taux d'insertion dans le métier visé à 2 ans (en %)",
}


def _statistics(page: _Page) -> Fact[tuple[YearStatistics, ...]]:
    section = page["statistics"]
    if _nothing(_text(section)):
        return _not_given(section.heading)
    table = _table(section, ("Année d'obtention de la certification", *_STATISTICS.values()))
    years: dict[int, YearStatistics] = {}
    for row in table.rows:
        year = _number(row.cells[0], row.number)
        if year in years:
            raise _FaultError(row.number, f"année en double : {year}")
        figures = {
            field: _cell(table.columns[rank], row, rank, _number) for rank, field in enumerate(_STATISTICS, start=1)
        }
        years[year] = YearStatistics(year=year, **figures)
    recent_first = tuple(years[year] for year in sorted(years, reverse=True))
    return _stated(section.heading, recent_first) if recent_first else _not_given(section.heading)


def _description_link(page: _Page) -> Fact[str]:
    section = page["description_link"]
    line = _only_line(section)
    if line is None:
        return _not_given(section.heading)
    if not re.fullmatch(r"https?://\S+", line.text):
        raise _FaultError(line.number, f"adresse internet attendue, et non « {_cut(line.text)} »")
    return _stated(section.heading, line.text)


def _previous_fiches(page: _Page) -> Fact[tuple[Coded, ...]]:
    section = page["previous_fiches"]
    if _nothing(_text(section)):
        return _not_given(section.heading)
    previous = []
    for row in _table(section, ("Code de la fiche", "Intitulé de la certification remplacée")).rows:
        if not re.fullmatch(r"(?:RNCP|RS)\d+", row.cells[0], re.ASCII):
            raise _FaultError(row.number, f"code de fiche attendu, et non « {_cut(row.cells[0])} »")
        previous.append(Coded(code=row.cells[0], label=" ".join(row.cells[1].split())))
    return _stated(section.heading, tuple(previous)) if previous else _not_given(section.heading)


# --- Acronyms -------------------------------------------------------------------------------------

_CAPITALS = "A-ZÀ-ÖØ-Þ"
_SMALL = "a-zß-öø-ÿœ"
_ACRONYM = re.compile(rf"(?<![{_CAPITALS}{_SMALL}0-9])[A-Z]{{2,6}}(?![{_CAPITALS}{_SMALL}0-9])")
_LOWER_CASE_ACRONYMS = {"vae": "VAE"}
"""Acronyms that the headings of the site write in small letters."""
_WORD = rf"[{_CAPITALS}][{_SMALL}]+"
_LINK = r"(?:(?:de|du|des|la|le|les|à|au|aux|en|et|par|pour)\s+|[dl]['’])"
_NAME = re.compile(rf"(?<![{_CAPITALS}{_SMALL}]){_WORD}(?:\s+{_LINK}*{_WORD})+")
"""A run of capitalised words, joined by small ones: « Ateliers d'Adaptation à la Vie Active »."""
_QUOTE_LENGTH = 200


@dataclass(frozen=True)
class _Passage:
    """A heading, a line or a cell, with the heading it stands under."""

    section: str
    text: str


def _acronyms(page: _Page) -> Fact[tuple[Acronym, ...]]:
    passages = list(_passages(page))
    first_use: dict[str, tuple[_Passage, int]] = {}
    for passage in passages:
        for written, start in _acronyms_of(passage.text):
            first_use.setdefault(written, (passage, start))
    acronyms = tuple(
        Acronym(
            acronym=acronym,
            expansion=_expansion(acronym, passages) or _not_given(passage.section),
            quote=_quote(passage.text, start),
        )
        for acronym, (passage, start) in first_use.items()
    )
    return _stated(_WHOLE_FICHE, acronyms) if acronyms else _not_given(_WHOLE_FICHE)


def _passages(page: _Page) -> Iterator[_Passage]:
    """Yield all that the page says, in order; the cells of blocs only repeat attested competencies."""
    sections = sorted([*page.sections.values(), *page.blocs], key=lambda s: s.number)
    for section in sections:
        yield _Passage(section.heading, section.heading)
        for line in section.lines if section not in page.blocs else ():
            for cell in line.text.split("|"):
                if cell.strip():
                    yield _Passage(section.heading, cell.strip())


def _acronyms_of(text: str) -> Iterator[tuple[str, int]]:
    for match in _ACRONYM.finditer(text):
        around = text[: match.start()].split(" ")[-2:-1] + text[match.end() :].split(" ")[1:2]
        # Words of a name all in capitals are not acronyms, nor is the word that combines two blocs.
        in_capitals = any(re.fullmatch(rf"[{_CAPITALS}]{{2,}}", word) for word in around)
        if not in_capitals and match[0] not in _OPERATORS:
            yield match[0], match.start()
    for written, acronym in _LOWER_CASE_ACRONYMS.items():
        for match in re.finditer(rf"(?<!\w){written}(?!\w)", text):
            yield acronym, match.start()


def _expansion(acronym: str, passages: Sequence[_Passage]) -> Fact[str] | None:
    """Find the words that an acronym stands for.

    First those just before « (SIGLE) », then any name with its initials.
    """
    for passage in passages:
        for match in re.finditer(rf"\s*\({acronym}\)", passage.text):
            names = [n for n in _NAME.finditer(passage.text[: match.start()]) if n.end() == match.start()]
            if names and (spelt := _with_initials(names[0][0], acronym)):
                return _stated(passage.section, spelt)
    for passage in passages:
        for name in _NAME.finditer(passage.text):
            if _initials(name[0]) == acronym:
                return _stated(passage.section, name[0])
    return None


def _with_initials(name: str, acronym: str) -> str | None:
    """Return the end of a name whose capitalised words have those initials."""
    words = list(re.finditer(_WORD, name))
    if len(words) < len(acronym):
        return None
    end = name[words[-len(acronym)].start() :]
    return end if _initials(end) == acronym else None


def _initials(name: str) -> str:
    return "".join(unicodedata.normalize("NFD", word[0])[0] for word in re.findall(_WORD, name))


def _quote(text: str, position: int) -> str:
    """Return the sentence that stands at a position, cut around it when it is long."""
    ends = [match.end() for match in re.finditer(r"[.!?;]\s+", text)]
    start = max((e for e in ends if e <= position), default=0)
    end = min((e for e in ends if e > position), default=len(text))
    sentence = text[start:end].strip()
    if len(sentence) <= _QUOTE_LENGTH:
        return sentence
    middle = position - start
    left = max(0, min(middle - _QUOTE_LENGTH // 2, len(sentence) - _QUOTE_LENGTH))
    part = sentence[left : left + _QUOTE_LENGTH - 2]
    if left > 0:
        part = f"…{part.partition(' ')[2]}"
    if left + _QUOTE_LENGTH - 2 < len(sentence):
        part = f"{part.rpartition(' ')[0]}…"
    return part


# --- Checks on the whole --------------------------------------------------------------------------


def _faults(page: _Page, facts: Mapping[str, Fact[Any]]) -> Iterator[_FaultError]:
    """Yield what no single section shows."""
    for line in page["essentials"].lines:
        yield _FaultError(line.number, f"ligne inattendue sous « L'essentiel » : « {_cut(line.text)} »")
    if "blocs" in facts:
        yield from _unused_competencies(page)
        yield from _unused_cuts(page, facts)
    if "expiry_date" in facts:
        yield from _two_expiries(page, facts["expiry_date"])


def _unused_competencies(page: _Page) -> Iterator[_FaultError]:
    """Yield the attested competencies that no bloc holds."""
    rows = [_bloc_table(section).rows[0] for section in page.blocs]
    held = {attested for row in rows for attested in _consumed(page, row.cells[0], row.number)}
    for line in page["competencies"].lines:
        if page.blocs and line.text not in held:
            yield _FaultError(line.number, f"compétence attestée qui n'est dans aucun bloc : « {_cut(line.text)} »")


def _unused_cuts(page: _Page, facts: Mapping[str, Fact[Any]]) -> Iterator[_FaultError]:
    """Yield the cuts of the manifest that the text does not have: the text has changed under it."""
    blocs: tuple[Bloc, ...] = facts["blocs"].value or ()
    routes: tuple[AccessRoute, ...] = facts["access_routes"].value or () if "access_routes" in facts else ()
    wordings = [competency.wording for bloc in blocs for competency in bloc.competencies]
    cells = [line for fact in (*(b.assessment for b in blocs), *(r.jury for r in routes)) for line in fact.value or ()]
    for start in page.manifest.two_competencies_in_one_line:
        if not any(wording.startswith(start) for wording in wordings):
            message = f"la notice coupe une compétence avant « {start} » : introuvable à l'intérieur d'une ligne"
            yield _FaultError(page["competencies"].number, message)
    for start in page.manifest.lines_run_together_in_cells if "access_routes" in facts else ():
        if not any(line.startswith(start) for line in cells):
            message = f"la notice coupe une case avant « {start} » : introuvable dans les cases des tableaux"
            yield _FaultError(page["access_routes"].number, message)


def _two_expiries(page: _Page, stated: Fact[date]) -> Iterator[_FaultError]:
    """Yield a fault when the head of the page and the table of dates do not agree."""
    try:
        section = page["expiry_summary"]
        line = _only_line(section)
        if line is None:
            if stated.stated:
                yield _FaultError(section.number, "date d'échéance absente ici, mais donnée par le tableau des dates")
        elif _date(line.text, line.number) != stated.value:
            yield _FaultError(line.number, f"« {line.text} » n'est pas la date d'échéance du tableau des dates")
    except _FaultError as fault:
        yield fault


_FIELDS: Mapping[str, Callable[[_Page], Fact[Any]]] = {
    "level": _level,
    "nsf": _nomenclature("nsf"),
    "formacodes": _nomenclature("formacodes"),
    "certifiers": _certifiers,
    "objectives": _prose("objectives"),
    "activities": _list("activities"),
    "competencies": _list("competencies"),
    "assessment": _list("assessment"),
    "blocs": _blocs,
    "acquisition": _acquisition,
    "sectors": _sectors,
    "jobs": _jobs,
    "rome": _rome,
    "regulations": _prose("regulations"),
    "entry_prerequisites": _prose("entry_prerequisites"),
    "validation_prerequisites": _prose("validation_prerequisites"),
    "bloc_prerequisites": _bloc_prerequisites,
    "access_routes": _access_routes,
    "new_caledonia": _territory("new_caledonia"),
    "french_polynesia": _territory("french_polynesia"),
    "correspondences": _correspondences,
    "legal_texts": _legal_texts,
    "last_journal_date": _last_journal_date,
    "decision_date": _registration("decision_date", _date),
    "duration_years": _registration("duration_years", _number),
    "expiry_date": _registration("expiry_date", _date),
    "last_delivery_date": _registration("last_delivery_date", _date),
    "statistics": _statistics,
    "description_link": _description_link,
    "training_organisations": _list("training_organisations"),
    "previous_fiches": _previous_fiches,
    "framework_document": _prose("framework_document"),
    "acronyms": _acronyms,
}
