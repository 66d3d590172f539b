"""Changes from one fiche to another, in French."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referential.diff import diff
from referential.library import load_fiche
from referential.model import Fiche

FICHE = load_fiche()
TWO_YEARS = "Taux d'insertion dans le métier visé à 2 ans (en %)"
ROME = "Encadrement technique en insertion professionnelle"
LAST_JOB = "Accompagnateur technique d'insertion professionnelle"


def changed(changes: Mapping[tuple[str | int, ...], Any], fiche: Fiche = FICHE) -> Fiche:
    """Return the fiche with values changed at some places; None takes an item away."""
    data = fiche.model_dump(mode="json")
    for place, value in changes.items():
        node: Any = data
        for part in place[:-1]:
            node = node[part]
        if value is None and isinstance(node, list):
            node.pop(int(place[-1]))
        else:
            node[place[-1]] = value
    return Fiche.model_validate(data)


def test_nothing_changed() -> None:
    assert diff(FICHE, load_fiche()) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {("expiry_date", "value"): "2031-10-27"},
            ["Date d'échéance de l'enregistrement : 27 octobre 2030 devient 27 octobre 2031"],
        ),
        ({("last_journal_date", "value"): "2022-08-01"}, None),
        ({("duration_years", "value"): 3}, ["Durée de l'enregistrement en années : 5 devient 3"]),
        (
            {("title",): "Encadrant"},
            [
                f"Intitulé : « {FICHE.title} » devient « Encadrant »",
            ],
        ),
        ({("abbreviation",): None}, ["Sigle du titre : « ETAIE » devient rien"]),
        (
            {("level", "value"): {"number": 5, "label": "Niveau 5"}},
            [
                "Nomenclature du niveau de qualification, numéro : 4 devient 5",
                "Nomenclature du niveau de qualification, intitulé : « Niveau 4 » devient « Niveau 5 »",
            ],
        ),
        (
            {("statistics", "value", 0, "certified", "value"): 52},
            ["Statistiques 2024, Nombre de certifiés : 51 devient 52"],
        ),
        ({("statistics", "value", 2): None}, ["Statistiques 2022 : retirées"]),
        (
            {
                ("statistics", "value", 0, "insertion_job_2y"): {
                    "section": TWO_YEARS,
                    "state": "stated",
                    "value": 70,
                }
            },
            [
                f"Statistiques 2024, {TWO_YEARS} : n'était pas donné, est maintenant 70",
            ],
        ),
        (
            {("rome", "value"): [{"code": "K1204", "label": "Autre"}]},
            [
                "Code(s) ROME : K1203 est retiré : « Encadrement technique en insertion professionnelle »",
                "Code(s) ROME : K1204 est ajouté : « Autre »",
            ],
        ),
        (
            {("rome", "value", 0, "label"): "Autre"},
            [
                f"Code(s) ROME, K1203, intitulé : « {ROME} » devient « Autre »",
            ],
        ),
        (
            {("jobs", "value", 6): None},
            [
                f"Type d'emplois accessibles : « {LAST_JOB} » est retiré",
            ],
        ),
        (
            {
                ("access_routes", "value", 1, "open"): {
                    "section": "Voie d’accès à la certification",
                    "state": "stated",
                    "value": True,
                }
            },
            ["Voie « En contrat d’apprentissage », ouverture : était « non », est maintenant oui"],
        ),
        (
            {("bloc_prerequisites", "state"): "not_given"},
            ["Pré-requis disctincts pour les blocs de compétences : était « non », n'est plus donné"],
        ),
        (
            {("new_caledonia", "state"): "stated", ("new_caledonia", "value"): True},
            ["Inscrite au cadre de la Nouvelle Calédonie : était illisible, est maintenant oui"],
        ),
        (
            {("french_polynesia", "state"): "stated_no"},
            ["Inscrite au cadre de la Polynésie française : était illisible, est maintenant « non »"],
        ),
        (
            {("jobs", "state"): "unreadable", ("jobs", "value"): None},
            None,
        ),
        (
            {("blocs", "value", 1, "title"): "Former"},
            ["Bloc 2, intitulé : « Former des salariés en situation de production » devient « Former »"],
        ),
        (
            {("correspondences", "value", 0): None},
            ["Correspondance avec RNCP39099 : retirée : « Moniteur d'atelier en milieu de travail protégé »"],
        ),
        (
            {("correspondences", "value", 0, "blocs", 0): None},
            [
                (
                    "Correspondance avec RNCP39099, blocs concernés : "
                    "RNCP41402BC01 est retiré : « Encadrer des salariés en insertion »"
                )
            ],
        ),
        (
            {("sectors", "value", "structures", 2): None},
            ["Secteurs d’activités, structures : la structure « Régies de Quartier » est retirée"],
        ),
        (
            {("regulations", "section"): "Réglementation"},
            [
                f"Rubrique « {FICHE.regulations.section} » : s'appelle maintenant « Réglementation »",
            ],
        ),
        (
            {("acronyms", "value", 3, "expansion", "section"): "Ailleurs"},
            [("Sigle SIAE, signification, rubrique « Compétences attestées » : s'appelle maintenant « Ailleurs »")],
        ),
        (
            {("source", "retrieved"): "2027-01-01"},
            ["Source, date de la copie : 23 novembre 2026 devient 1er janvier 2027"],
        ),
        ({("source", "sha256"): "0"}, []),
    ],
)
def test_each_change_has_its_sentence(changes: dict[tuple[str | int, ...], Any], expected: list[str] | None) -> None:
    said = diff(FICHE, changed(changes))
    if expected is None:
        assert len(said) == 1
    else:
        assert said == expected


def test_a_day_that_comes_first_in_its_month() -> None:
    (said,) = diff(FICHE, changed({("last_journal_date", "value"): "2022-08-01"}))
    assert said.endswith(": 20 juillet 2022 devient 1er août 2022")


def test_a_year_is_added() -> None:
    newest = FICHE.statistics.require()[0].model_dump(mode="json") | {"year": 2025}
    rows = [newest, *FICHE.model_dump(mode="json")["statistics"]["value"]]
    assert diff(FICHE, changed({("statistics", "value"): rows})) == ["Statistiques 2025 : ajoutées"]


def test_a_competency_is_added_at_the_end() -> None:
    place = ("blocs", "value", 3, "competencies")
    known = FICHE.model_dump(mode="json")["blocs"]["value"][3]["competencies"]
    new = changed({place: [*known, {"id": "BC04-C07", "wording": "Danser"}]})
    assert diff(FICHE, new) == ["Bloc 4 : la compétence BC04-C07 est ajoutée : « Danser »"]
    assert diff(new, FICHE) == ["Bloc 4 : la compétence BC04-C07 est retirée : « Danser »"]


def test_a_competency_added_at_the_top_shifts_the_identifiers_of_the_others() -> None:
    known = FICHE.model_dump(mode="json")["blocs"]["value"][3]["competencies"]
    wordings = ["Danser", *(c["wording"] for c in known)]
    listed = [{"id": f"BC04-C{rank:02d}", "wording": wording} for rank, wording in enumerate(wordings, start=1)]
    said = diff(FICHE, changed({("blocs", "value", 3, "competencies"): listed}))
    assert said[0] == "Bloc 4, compétence BC04-C01, identifiant : « BC04-C01 » devient « BC04-C02 »"
    assert said[-1] == "Bloc 4 : la compétence BC04-C01 est ajoutée : « Danser »"
    assert len(said) == 7


def test_a_competency_reworded_keeps_its_identifier() -> None:
    said = diff(FICHE, changed({("blocs", "value", 0, "competencies", 0, "wording"): "Recruter"}))
    (only,) = said
    assert only.startswith("Bloc 1, compétence BC01-C01, libellé : « Définir des critères de recrutement")
    assert only.endswith("le projet d'insertion. » devient « Recruter »")


def test_an_order_that_changes_is_said() -> None:
    jobs = list(FICHE.jobs.require())
    new = changed({("jobs", "value"): [jobs[1], jobs[0], *jobs[2:]]})
    assert diff(FICHE, new) == ["Type d'emplois accessibles : l'ordre change"]


def test_a_list_lost_altogether_is_said_with_its_values() -> None:
    (said,) = diff(FICHE, changed({("jobs", "state"): "not_given", ("jobs", "value"): None}))
    assert said.startswith(
        "Type d'emplois accessibles : était « Encadrant technique » ; « Encadrant technique d’insertion »"
    )
    assert said.endswith("n'est plus donné")


@settings(max_examples=60, deadline=None)
@given(st.dates(), st.integers(0, 10**6), st.lists(st.text(min_size=1), max_size=5), st.booleans())
def test_two_fiches_that_differ_never_go_unsaid(day: date, count: int, jobs: list[str], given_jobs: bool) -> None:
    new = changed(
        {
            ("expiry_date", "value"): day.isoformat(),
            ("statistics", "value", 1, "certified", "value"): count,
            ("jobs", "state"): "stated" if given_jobs else "not_given",
            ("jobs", "value"): jobs if given_jobs else None,
        }
    )
    for one, other in ((FICHE, new), (new, FICHE)):
        assert bool(diff(one, other)) == (one != other)
