"""No fact is written in the code or in the texts.

The real fiche is altered: every string, number, date and code becomes another. The same questions are asked of
both fiches. No value of the real one may be heard from the altered one, and wherever a value is heard from the
real one, its counterpart must be heard from the other.
"""

import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from ruamel.yaml import YAML

from bot.answers.assistant import Assistant, load_assistant
from bot.answers.catalogue import load_catalogue
from bot.answers.mentions import Kind, Mention
from bot.answers.question import Memory, Understanding
from bot.text.folding import fold
from referential.french_dates import french_date
from referential.library import ANSWERS_FOLDER
from referential.model import Bloc, Coded, Competency, Fact, Fiche, Source, State, Structure

TODAY = date(2026, 11, 24)

ORDINARY = {"rncp", "rome", "siret", "site internet", "nom commercial", "journal officiel", "bulletin officiel"}
"""Values of the fiche that are French words too: the texts may say them of themselves."""

# --- Altering a fiche -------------------------------------------------------------------------------------

_NEXT = dict(zip("aeiouybcdfghjklmnpqrstvwxz", "eiouyacdfghjklmnpqrstvwxzb", strict=True))
_ACCENTED = dict(zip("àâéèêëîïôùûç", "éèîïíìôöûÿýđ", strict=True))
_NEXT |= _ACCENTED | {k.upper(): v.upper() for k, v in (_NEXT | _ACCENTED).items()}
_TOKEN = re.compile(r"RNCP(?=\d)|BC(?=\d)|(?<=-)C(?=\d\d)|[^\W\d_]+|\d+")


def another_number(number: int) -> int:
    """Return another number; the order of numbers is kept, not their differences."""
    if number < 10:
        return number + 4
    return number * 27 // 25 + 4 if number < 1000 else number + 7


def another_text(text: str) -> str:
    """Return another text: letters and figures change, small words and the shape of codes stay."""

    def another(match: re.Match[str]) -> str:
        token = match[0]
        if token.isdigit() and len(token) > 3:
            return "".join(str((int(figure) + 3) % 10) for figure in token)
        if token.isdigit():
            return str(another_number(int(token))).zfill(len(token))
        shape = token in ("RNCP", "BC", "C") and text[match.end() : match.end() + 1].isdigit()
        if shape or (token.islower() and len(token) <= 3):
            return token
        return "".join(_NEXT.get(letter, letter) for letter in token)

    return _TOKEN.sub(another, text)


_GROWING = (str, Coded, Bloc, Competency, Structure)
"""What a list may hold one more of, without a code that must be one of a few."""


def altered(value: Any, *, grown: bool) -> Any:
    """Return another value of the same shape; when ``grown``, lists get one more item (counts change too)."""
    if isinstance(value, bool | Enum | None):
        return value
    if isinstance(value, BaseModel):
        return type(value).model_validate({name: altered(item, grown=grown) for name, item in value})
    if isinstance(value, tuple):
        items = [altered(item, grown=grown) for item in value]
        if grown and items and isinstance(value[0], _GROWING):
            items.append(altered(items[-1], grown=grown))
        return tuple(items)
    if isinstance(value, str):
        return another_text(value)
    if isinstance(value, int):
        return another_number(value)
    assert isinstance(value, date), f"no other value is known for {value!r}"
    return value + timedelta(days=1111)


def altered_fiche(fiche: Fiche, *, grown: bool) -> Fiche:
    """Return a fiche of the same shape and states, with other values."""
    other = altered(fiche, grown=grown)
    assert isinstance(other, Fiche)
    return other


def leaves(value: Any, other: Any) -> Iterator[tuple[Any, Any]]:
    """Return the values of a fiche with their counterparts."""
    if isinstance(value, Source):
        return
    if isinstance(value, BaseModel):
        for name, item in value:
            if name != "format":
                yield from leaves(item, getattr(other, name))
    elif isinstance(value, tuple):
        for item, counterpart in zip(value, other, strict=False):
            yield from leaves(item, counterpart)
    elif value is not None and not isinstance(value, bool | Enum):
        yield value, other


def said_forms(value: Any) -> list[str]:
    """Return the ways in which an answer may say a value; none for what is too short to be recognised."""
    if isinstance(value, date):
        return [fold(french_date(value))]
    if isinstance(value, str) and (len(value) >= 4 or value.isdigit()):
        spaced = f"{value[:3]} {value[3:6]} {value[6:9]} {value[9:]}" if re.fullmatch(r"\d{14}", value) else value
        return list(dict.fromkeys([fold(value), fold(spaced)]))
    return []


def is_said(form: str, reply: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(form)}(?!\w)", reply) is not None


# --- Asking everything ------------------------------------------------------------------------------------

ROUTE_WORDS = {
    "student": "étudiant",
    "apprenticeship": "apprentissage",
    "continuing_training": "formation continue",
    "professionalisation": "contrat pro",
    "individual": "candidat libre",
    "vae": "VAE",
}
MEASURE_WORDS = {
    "certified": "combien de certifiés",
    "certified_vae": "combien de certifiés par la VAE",
    "insertion_6m": "taux d'insertion global",
    "insertion_job_6m": "taux d'insertion dans le métier à 6 mois",
    "insertion_job_2y": "taux d'insertion dans le métier à 2 ans",
}
COMPARISON_WORDS = ["", "meilleur", "pire", "total", "en moyenne", "différence"]
DATE_TOPICS = ["expiry_date", "decision_date", "last_delivery_date", "last_journal_date"]
Asked = tuple[str, str, tuple[tuple[Kind, str], ...]]
"""Text, topic, values of the button when it is one."""


def questions(fiche: Fiche, like: Fiche, topics: Iterable[str]) -> Iterator[Asked]:
    """Return questions on what a fiche holds, as many as another of the same shape would give."""
    for topic in topics:
        yield "dites-moi", topic, ()
        yield "est-ce que c'est cela ?", topic, ()
    yield from _about_the_title(fiche)
    yield from _about_blocs(fiche, like)
    yield from _about_access(fiche)
    yield from _about_work(fiche)
    yield from _about_dates(fiche)
    yield from _about_equivalences(fiche)
    yield from _about_figures(fiche)
    for text in ("envie de mourir", "je dors dehors", "on me frappe", "un malaise"):
        yield text, "distress", ()


def _about_the_title(fiche: Fiche) -> Iterator[Asked]:
    number = fiche.level.require().number
    yield f"est-ce que c'est un niveau {number} ?", "level", ()
    yield "est-ce que c'est un niveau 2 ?", "level", ()
    yield "c'est un niveau bac ?", "level", ()
    yield f"est-ce que c'est la fiche {fiche.code} ?", "title_code", ()
    yield "est-ce que c'est la fiche 12345 ?", "title_code", ()
    yield f"est-ce que l'ancienne fiche est {fiche.previous_fiches.require()[0].code} ?", "previous_fiche", ()
    yield "est-ce que l'ancienne fiche est RNCP12345 ?", "previous_fiche", ()
    yield f"est-ce que c'est {fiche.certifiers.require()[0].legal_name} ?", "certifier", ()
    yield "est-ce que c'est l'afpa ?", "certifier", ()


def _about_blocs(fiche: Fiche, like: Fiche) -> Iterator[Asked]:
    blocs = fiche.blocs.require()
    pairs = list(zip(blocs, like.blocs.require(), strict=False))
    required = fiche.acquisition.require().blocs_required
    yield f"est-ce qu'il y a {len(blocs)} blocs ?", "blocs", ()
    yield "est-ce qu'il y a 90 blocs ?", "blocs", ()
    yield "quel bloc compte le plus de compétences ?", "blocs", ()
    yield "quel bloc compte le moins de compétences ?", "competencies", ()
    yield f"est-ce qu'il y a {sum(len(b.competencies) for b in blocs)} compétences ?", "competencies", ()
    yield "est-ce qu'il y a 99 compétences ?", "competencies", ()
    for topic in ("blocs", "bloc_detail", "competencies", "assessment", "correspondences", "partial_blocs"):
        yield "le bloc 90", topic, ()
        yield f"les blocs {blocs[0].number} et {blocs[2].number}", topic, ()
        for bloc, _ in pairs:
            yield f"est-ce que le bloc {bloc.number} ?", topic, ()
            yield f"le bloc {bloc.number}", topic, ()
            yield f"le bloc {bloc.title}", topic, ()
    for bloc, model in pairs:
        for page in range(1, 9):
            yield "", "bloc_detail", ((Kind.BLOC, str(bloc.number)), (Kind.PAGE, str(page)))
        for competency in bloc.competencies[: len(model.competencies)]:
            yield competency.wording, "competency_search", ()
            yield "", "competency_search", ((Kind.COMPETENCY, competency.id),)
    yield "le tricot du pingouin", "competency_search", ()
    for text in ("est-ce qu'il y a un QCM ?", "est-ce qu'il y a une soutenance ?", "uniquement à l'oral ?"):
        yield text, "assessment", ()
    for topic in ("all_blocs_required", "partial_blocs"):
        for count in (1, 2, required):
            yield f"est-ce que {count} blocs suffisent ?", topic, ()
        yield "peut-on les passer en plusieurs fois ?", topic, ()


def _about_access(fiche: Fiche) -> Iterator[Asked]:
    for topic in ("access_routes", "access_route", "vae", "jury", "jury_date"):
        for route in fiche.access_routes.require():
            yield f"{ROUTE_WORDS[route.key]} ?", topic, ()
            yield f"est-ce possible en {ROUTE_WORDS[route.key]} ?", topic, ()
        yield "en alternance ?", topic, ()
    yield "la Nouvelle-Calédonie ?", "overseas", ()
    yield "la Polynésie ?", "overseas", ()


def _about_work(fiche: Fiche) -> Iterator[Asked]:
    for structure in fiche.sectors.require().structures[:6]:
        yield f"est-ce qu'on travaille en {structure.name} ?", "sectors", ()
        if structure.acronym:
            yield f"est-ce qu'on travaille en {structure.acronym} ?", "sectors", ()
    yield "est-ce qu'on travaille en EHPAD ?", "sectors", ()
    for job in fiche.jobs.require()[:7]:
        yield f"est-ce que je serai {job} ?", "jobs", ()
    for acronym in fiche.acronyms.require():
        yield f"que veut dire {acronym.acronym} ?", "acronym", ()
    yield "que veut dire QQQ ?", "acronym", ()


def _about_dates(fiche: Fiche) -> Iterator[Asked]:
    for topic in DATE_TOPICS:
        day: date = getattr(fiche, topic).require()
        for said in (f"{day.year}", french_date(day), f"{day.year + 3}", f"{day:%d/%m/%Y}"):
            yield f"est-ce que c'est {said} ?", topic, ()
    yield f"est-ce que c'est {fiche.duration_years.value} ans ?", "registration_duration", ()
    yield "est-ce que c'est 30 ans ?", "registration_duration", ()


def _about_equivalences(fiche: Fiche) -> Iterator[Asked]:
    other = fiche.correspondences.require()[0].other
    for named in (other.code, other.label, fiche.previous_fiches.require()[0].code, "RNCP12345"):
        for topic in ("correspondences", "other_title", "title_overview", "level"):
            yield f"j'ai le {named}", topic, ()
    yield "est-ce une équivalence partielle ?", "correspondences", ()
    yield "est-ce que ça donne tout le titre ?", "correspondences", ()


def _about_figures(fiche: Fiche) -> Iterator[Asked]:
    rows = fiche.statistics.require()
    years = ["", *(f"en {row.year}" for row in rows), f"entre {rows[0].year} et {rows[1].year}", "en 1999"]
    for measure in MEASURE_WORDS.values():
        for year in years:
            for comparison in COMPARISON_WORDS:
                yield f"{comparison} {measure} {year}", "statistics", ()
    for row in rows:
        yield f"est-ce que {row.certified.value} personnes ont eu le titre en {row.year} ?", "statistics", ()
        yield f"est-ce que 777 personnes ont eu le titre en {row.year} ?", "statistics", ()


@pytest.fixture(scope="module")
def no_complement(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Complements are not facts of the fiche: here there are none."""
    path = tmp_path_factory.mktemp("complements") / "complements.yml"
    path.write_text("entries: []\nglossary: []\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def build(no_complement: Path) -> Callable[..., Assistant]:
    def load(fiche: Fiche, answers: Path = ANSWERS_FOLDER) -> Assistant:
        return load_assistant(fiche=fiche, answers=answers, complements=no_complement)

    return load


def told(assistant: Assistant, asked: Asked) -> str:
    """Return the reply to a question, with the buttons that name something of the fiche."""
    text, topic, values = asked
    mentions = tuple(Mention(kind, value, 0, 0) for kind, value in values) or assistant.mentions(text)
    understanding = Understanding(text, topic, (), mentions, chosen=bool(values))
    reply = assistant.answer(understanding, Memory(), TODAY)
    labels = {topic.entry.label for topic in assistant.catalogue.topics.values()}
    titles = [choice.title for message in reply.messages for choice in message.choices if choice.title not in labels]
    return "\n".join([*(message.text for message in reply.messages), *titles])


def interview(real: Assistant, other: Assistant, only: str | None = None) -> list[tuple[Asked, str, str]]:
    """Ask both assistants the same questions; return each with the two replies, folded."""
    ours = questions(real.fiche, real.fiche, real.catalogue.topics)
    theirs = questions(other.fiche, real.fiche, real.catalogue.topics)
    pairs = [(a, b) for a, b in zip(ours, theirs, strict=True) if only in (None, a[1])]
    assert all(a[1] == b[1] for a, b in pairs)
    return [(a, fold(told(real, a)), fold(told(other, b))) for a, b in pairs]


# --- What must not be heard, what must --------------------------------------------------------------------


def leaks(real: Fiche, other: Fiche, interviewed: list[tuple[Asked, str, str]]) -> list[str]:
    """Return the values of the real fiche that are heard from the other one."""
    own = {form for _, value in leaves(real, other) for form in said_forms(value)}
    foreign = {form for value, _ in leaves(real, other) for form in said_forms(value)} - own - ORDINARY
    figures = {str(value) for value, _ in leaves(real.statistics, other.statistics) if isinstance(value, int)}
    found = []
    for (text, topic, _), _, reply in interviewed:
        found += [f"{topic}, « {text} » : « {form} »" for form in sorted(foreign) if is_said(form, reply)]
        if topic == "statistics":
            heard = figures & set(re.findall(r"(?<![\d,])\d+(?![\d]|,\d)", reply)) - set(re.findall(r"\d+", text))
            found += [f"{topic}, « {text} » : {figure}" for figure in sorted(heard)]
    return found


def counts_kept(interviewed: list[tuple[Asked, str, str]]) -> list[str]:
    """Return the counts that are heard from both fiches though they differ."""
    found = []
    counted = re.compile(r"\b\d+ (?:bloc|competence|emploi|activite|personne|an|point)(?=s?\b)|\*\*\d+\*\*")
    for (text, topic, _), ours, theirs in interviewed:
        both = set(counted.findall(ours)) & set(counted.findall(theirs)) - set(counted.findall(fold(text)))
        found += [f"{topic}, « {text} » : « {count} »" for count in sorted(both - {"2 an"}) if topic != "distress"]
    return found


def silences(real: Fiche, other: Fiche, interviewed: list[tuple[Asked, str, str]]) -> list[str]:
    """Return the values heard from the real fiche whose counterpart is not heard from the other."""
    pairs = {
        (ours, theirs)
        for value, counterpart in leaves(real, other)
        for ours, theirs in zip(said_forms(value), said_forms(counterpart), strict=False)
        if ours not in ORDINARY
    }
    found = []
    for (text, topic, _), ours, theirs in interviewed:
        for value, counterpart in sorted(pairs):
            if topic == "competency_search" and text and not is_said(value, fold(text)):
                # What else is near depends on the everyday phrasings, which go with the real fiche.
                continue
            if is_said(value, ours) and not is_said(counterpart, theirs):
                found.append(f"{topic}, « {text} » : « {value} » mais pas « {counterpart} »")
    return found


@pytest.fixture(scope="module")
def real(build: Callable[..., Assistant], fiche: Fiche) -> Assistant:
    return build(fiche)


@pytest.fixture(scope="module")
def other(build: Callable[..., Assistant], fiche: Fiche) -> Assistant:
    """An assistant on the altered fiche."""
    return build(altered_fiche(fiche, grown=False))


@pytest.fixture(scope="module")
def grown(build: Callable[..., Assistant], fiche: Fiche) -> Assistant:
    """An assistant on an altered fiche whose lists are longer."""
    return build(altered_fiche(fiche, grown=True))


@pytest.fixture(scope="module")
def interviewed(real: Assistant, other: Assistant) -> list[tuple[Asked, str, str]]:
    return interview(real, other)


def test_every_value_is_altered(fiche: Fiche) -> None:
    for value, counterpart in leaves(fiche, altered_fiche(fiche, grown=False)):
        assert value != counterpart
        assert type(value) is type(counterpart)


def test_no_fact_of_the_real_fiche_is_heard_from_another(
    real: Assistant, other: Assistant, interviewed: list[tuple[Asked, str, str]]
) -> None:
    assert leaks(real.fiche, other.fiche, interviewed) == []


def test_every_fact_that_is_heard_comes_from_the_fiche(
    real: Assistant, other: Assistant, interviewed: list[tuple[Asked, str, str]]
) -> None:
    assert silences(real.fiche, other.fiche, interviewed) == []


def test_counts_come_from_the_fiche(real: Assistant, grown: Assistant) -> None:
    interviewed = interview(real, grown)
    assert counts_kept(interviewed) == []
    assert leaks(real.fiche, grown.fiche, interviewed) == []


def test_the_questions_make_every_fact_heard(
    real: Assistant, other: Assistant, interviewed: list[tuple[Asked, str, str]]
) -> None:
    fiche = real.fiche
    replies = "\n".join(ours for _, ours, _ in interviewed)
    wordings = {c.wording for bloc in fiche.blocs.require() for c in bloc.competencies}
    never_said = {
        *(c.id for bloc in fiche.blocs.require() for c in bloc.competencies),
        *(line for line in fiche.competencies.require() if line not in wordings),
        *(acronym.quote for acronym in fiche.acronyms.require()),
        fiche.sectors.require().text,
    }
    for value, _ in leaves(fiche, other.fiche):
        forms = said_forms(value)
        if forms and value not in never_said:
            assert any(is_said(form, replies) for form in forms), value


def hard_coded(folder: Path, topic: str, literal: str) -> Path:
    """Return a copy of the answers in which every text of a topic says a literal too."""
    copy = Path(shutil.copytree(ANSWERS_FOLDER, folder / "answers"))
    (path,) = [p for p in copy.glob("[!_]*.yml") if re.search(rf"^  {topic}:$", p.read_text(encoding="utf-8"), re.M)]
    yaml = YAML(typ="safe", pure=True)
    content = yaml.load(path.read_text(encoding="utf-8"))
    says = content["topics"][topic]["says"]
    content["topics"][topic]["says"] = {variant: f"{text} {literal}" for variant, text in says.items()}
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(content, file)
    return copy


@pytest.mark.parametrize(
    ("topic", "literal"),
    [
        ("decision_date", "C'était le 27 octobre 2025."),
        ("level", "C'est un niveau 4."),
        ("certifier", "La Fédération des acteurs de la solidarité le délivre."),
        ("certifier_siret", "Le numéro est 308 401 090 00011."),
        ("rome", "Le code est K1203."),
        ("nsf", "Le code est 332."),
        ("correspondences", "Le RNCP39099 compte pour un bloc."),
        ("jobs", "On devient surtout chef d’équipe en structure d’insertion."),
        ("bloc_detail", "Après vient le bloc « Former des salariés en situation de production »."),
        ("statistics", "Il y en a eu 51."),
        ("title_overview", "On le trouve en Régies de quartier."),
        ("silent_price", "Demandez à la Fédération des Acteurs de la Solidarité."),
        ("expiry_date", "(Rubrique « Date de décision »)"),
    ],
)
def test_a_fact_written_in_a_text_is_found_out(
    build: Callable[..., Assistant], fiche: Fiche, tmp_path: Path, topic: str, literal: str
) -> None:
    other = build(altered_fiche(fiche, grown=False), hard_coded(tmp_path, topic, literal))
    assert leaks(fiche, other.fiche, interview(other, other, only=topic))


@pytest.mark.parametrize(
    ("topic", "literal"),
    [
        ("blocs", "Il y a 4 blocs."),
        ("competencies", "Il y a 39 compétences."),
        ("jobs", "La fiche cite 7 emplois."),
        ("registration_duration", "C'est 5 ans."),
        ("jury", "Le jury compte 2 personnes."),
    ],
)
def test_a_count_written_in_a_text_is_found_out(
    build: Callable[..., Assistant], fiche: Fiche, tmp_path: Path, topic: str, literal: str
) -> None:
    answers = hard_coded(tmp_path, topic, literal)
    interviewed = interview(build(fiche, answers), build(altered_fiche(fiche, grown=True), answers), only=topic)
    assert counts_kept(interviewed)


# --- Other states -----------------------------------------------------------------------------------------

SAYS_NOTHING = re.compile(
    r"la fiche ne (?:le )?(?:dit|donne|cite|permet)|\bvides?\b|non donne|n'emploie pas|ne developpe pas"
)
"""Ways of saying that the fiche does not say."""
UNREADABLE = re.compile(r"illisible")
EMPTY = re.compile(r"\bvides?\b|non donne")
ALWAYS_KNOWN = {"title_overview", "title_code"}
"""Topics that have something to say whatever the facts: the title has a name and a code."""
ABOUT_FACTS = sorted(
    topic.name
    for topic in load_catalogue(ANSWERS_FOLDER).topics.values()
    if topic.theme not in ("silent", "social") and topic.name not in ALWAYS_KNOWN
)
GIVEN: dict[str, Any] = {
    "regulations": "Loi des encadrants",
    "entry_prerequisites": "Savoir lire un plan",
    "validation_prerequisites": "Un livret complet",
    "bloc_prerequisites": "Le premier bloc avant le dernier",
    "new_caledonia": True,
    "french_polynesia": True,
    "description_link": "https://exemple.fr/descriptif",
    "training_organisations": ("Centre du Port", "École de la Halle"),
    "framework_document": "https://exemple.fr/referentiel.pdf",
}
"""What the real fiche leaves empty, as another might fill it."""


def emptied(fiche: Fiche, state: State) -> Fiche:
    """Return a fiche whose facts have all lost their value (its code changes: phrasings go with the real one)."""
    lost = {"state": state, "value": None}
    facts = {name: fact.model_copy(update=lost) for name, fact in fiche if isinstance(fact, Fact)}
    return fiche.model_copy(update=facts | {"code": "RNCP74735"})


def emptied_inside(fiche: Fiche, state: State) -> Fiche:
    """Return a fiche whose lists stand, with parts that have lost their values."""

    def part(value: Any) -> Any:
        if isinstance(value, Fact):
            return value.model_copy(update={"state": state, "value": None})
        if isinstance(value, tuple):
            return tuple(map(part, value))
        if isinstance(value, BaseModel):
            return value.model_copy(update={name: part(item) for name, item in value})
        return value

    facts = {n: fact.model_copy(update={"value": part(fact.value)}) for n, fact in fiche if isinstance(fact, Fact)}
    return fiche.model_copy(update=facts)


@pytest.fixture(scope="module")
def of_empty_headings(build: Callable[..., Assistant], fiche: Fiche) -> Assistant:
    return build(emptied(fiche, State.NOT_GIVEN))


@pytest.fixture(scope="module")
def of_unreadable_cells(build: Callable[..., Assistant], fiche: Fiche) -> Assistant:
    return build(emptied(fiche, State.UNREADABLE))


def breakages(assistant: Assistant, fiche: Fiche) -> set[tuple[str, str]]:
    """Ask everything that the real fiche lets one ask; return the topics that break, with their error."""
    found = set()
    for asked in questions(fiche, fiche, assistant.catalogue.topics):
        try:
            assert told(assistant, asked).strip()
        except Exception as error:
            found.add((asked[1], repr(error)))
    return found


@pytest.mark.parametrize("state", [State.NOT_GIVEN, State.UNREADABLE, State.STATED_NO])
def test_nothing_breaks_when_nothing_is_known(build: Callable[..., Assistant], fiche: Fiche, state: State) -> None:
    assert breakages(build(emptied(fiche, state)), fiche) == set()


@pytest.mark.parametrize("state", [State.NOT_GIVEN, State.UNREADABLE, State.STATED_NO])
def test_nothing_breaks_when_parts_are_unknown(build: Callable[..., Assistant], fiche: Fiche, state: State) -> None:
    assert breakages(build(emptied_inside(fiche, state)), fiche) == set()


@pytest.mark.parametrize("topic", ABOUT_FACTS)
def test_an_empty_heading_is_said_empty(of_empty_headings: Assistant, topic: str) -> None:
    reply = fold(told(of_empty_headings, ("dites-moi", topic, ())))
    assert SAYS_NOTHING.search(reply)
    assert not UNREADABLE.search(reply)
    assert ": ." not in reply


@pytest.mark.parametrize("topic", ABOUT_FACTS)
def test_an_unreadable_cell_is_not_said_empty(of_unreadable_cells: Assistant, topic: str) -> None:
    reply = fold(told(of_unreadable_cells, ("dites-moi", topic, ())))
    assert UNREADABLE.search(reply)
    assert not EMPTY.search(reply)


ABOUT_PARTS = [
    ("dites-moi", "certifier_siret"),
    ("dites-moi", "certifier_website"),
    ("le bloc {bloc}", "assessment"),
    ("par la VAE", "access_route"),
    ("par la VAE", "jury"),
    ("par la VAE", "jury_date"),
    ("combien de certifiés en {year}", "statistics"),
    ("en {year}", "statistics"),
]


@pytest.mark.parametrize(("text", "topic"), ABOUT_PARTS)
@pytest.mark.parametrize("state", [State.NOT_GIVEN, State.UNREADABLE])
def test_the_states_of_parts_are_not_mixed(
    assistant_with: Callable[..., Assistant], fiche: Fiche, text: str, topic: str, state: State
) -> None:
    parts = emptied_inside(fiche, state)
    assistant = assistant_with(**{name: fact.value for name, fact in parts if isinstance(fact, Fact) and fact.stated})
    named = {"bloc": fiche.blocs.require()[0].number, "year": fiche.statistics.require()[0].year}
    reply = fold(told(assistant, (text.format(**named), topic, ())))
    if state is State.UNREADABLE:
        assert UNREADABLE.search(reply)
        assert not EMPTY.search(reply)
    else:
        assert SAYS_NOTHING.search(reply)
        assert not UNREADABLE.search(reply)


@pytest.mark.parametrize(
    ("topic", "fields"),
    [
        ("regulations", ["regulations"]),
        ("prerequisites", ["entry_prerequisites", "validation_prerequisites", "bloc_prerequisites"]),
        ("prerequisites_entry", ["entry_prerequisites"]),
        ("prerequisites_validation", ["validation_prerequisites"]),
        ("prerequisites_blocs", ["bloc_prerequisites"]),
        ("framework_document", ["description_link", "framework_document"]),
        ("training_organisations", ["training_organisations"]),
    ],
)
def test_what_another_fiche_gives_is_said(tell_with: Callable[..., str], topic: str, fields: list[str]) -> None:
    reply = tell_with("dites-moi", topic, **GIVEN)
    assert not SAYS_NOTHING.search(fold(reply))
    for field in fields:
        given = GIVEN[field]
        for value in given if isinstance(given, tuple) else (given,):
            assert value in reply


@pytest.mark.parametrize(("state", "said"), [(True, "oui"), (State.STATED_NO, "non")])
def test_overseas_when_the_cells_can_be_read(tell_with: Callable[..., str], state: Any, said: str) -> None:
    reply = tell_with("et outre-mer ?", "overseas", new_caledonia=state, french_polynesia=state)
    assert reply.count(f"**{said}**") == 2
