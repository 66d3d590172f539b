"""The text reader: each section of the real fiche by its exact value, and what it refuses."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referential.library import SOURCES_FOLDER, load_fiche
from referential.model import Coded, Fact, Fiche, Route, State, Structure
from referential.readers import manifest_path, read_source
from referential.readers.text import Manifest, read_text
from referential.yaml_files import DataError, load_model

SOURCE = SOURCES_FOLDER / "RNCP41402.txt"
TEXT = SOURCE.read_bytes().decode("utf-8")
MANIFEST = load_model(manifest_path(SOURCE), Manifest)


@pytest.fixture(scope="module")
def fiche() -> Fiche:
    return read_text(TEXT, MANIFEST, SOURCE)


def faults(text: str, manifest: Manifest = MANIFEST) -> list[str]:
    """Return the faults of a text, each as « ligne: message »."""
    with pytest.raises(DataError) as raised:
        read_text(text, manifest, Path("fiche.txt"))
    found = [str(problem) for problem in raised.value.problems]
    assert all(fault.startswith("fiche.txt:") for fault in found)
    return [fault.removeprefix("fiche.txt:") for fault in found]


def changed(old: str, new: str, count: int = 1) -> str:
    """Return the real text with a passage changed, which must be there."""
    assert old in TEXT
    return TEXT.replace(old, new, count)


def line_of(passage: str) -> int:
    return TEXT[: TEXT.index(passage)].count("\n") + 1


def value_and_section(fact: Fact[Any]) -> tuple[object, str]:
    assert fact.state is State.STATED
    return fact.value, fact.section


# --- What the real fiche says ---------------------------------------------------------------------


def test_the_generated_fiche_is_what_its_source_gives(fiche: Fiche) -> None:
    assert load_fiche() == fiche


def test_identity_comes_from_the_manifest(fiche: Fiche) -> None:
    assert (fiche.code, fiche.abbreviation) == ("RNCP41402", "ETAIE")
    assert fiche.title == "Encadrant technique d'activités d'insertion par l'économique"
    assert (fiche.source.file, fiche.source.publisher) == ("RNCP41402.txt", "France compétences")
    assert fiche.source.licence == "Licence Ouverte 2.0 (Etalab)"
    assert fiche.source.retrieved == date(2026, 11, 23)
    assert fiche.source.sha256 == hashlib.sha256(SOURCE.read_bytes()).hexdigest()


def test_nomenclatures(fiche: Fiche) -> None:
    level, section = value_and_section(fiche.level)
    assert (level.number, level.label) == (4, "Niveau 4")  # type: ignore[attr-defined]
    assert section == "Nomenclature du niveau de qualification"
    assert value_and_section(fiche.nsf) == ((Coded(code="332", label="Travail social"),), "Code(s) NSF")
    formacodes = (Coded(code="15061", label="Accompagnement vers emploi"),)
    assert value_and_section(fiche.formacodes) == (formacodes, "Formacode(s)")
    rome = (Coded(code="K1203", label="Encadrement technique en insertion professionnelle"),)
    assert value_and_section(fiche.rome) == (rome, "Code(s) ROME")


def test_certifier(fiche: Fiche) -> None:
    (certifier,) = fiche.certifiers.require()
    assert certifier.legal_name == "FEDERATION DES ACTEURS DE LA SOLIDARITE"
    assert value_and_section(certifier.siret) == ("30840109000011", "Siret")
    assert (certifier.trade_name.state, certifier.trade_name.section) == (State.NOT_GIVEN, "Nom commercial")
    assert (certifier.website.state, certifier.website.section) == (State.NOT_GIVEN, "Site internet")


def test_objectives_and_activities(fiche: Fiche) -> None:
    text, section = value_and_section(fiche.objectives)
    assert section == "Objectifs et contexte de la certification"
    assert str(text).startswith("L’Encadrant Technique d'Activités d'Insertion par l'Économique (ETAIE) est un agent")
    assert str(text).endswith('Pour ce métier, le terme "encadrant technique" est le plus couramment employé.')
    activities = fiche.activities.require()
    assert len(activities) == 10
    assert activities[0] == "Accueille et intègre des nouveaux salariés dans l’équipe"
    assert activities[9] == "Contribue au développement d’une offre de service aux entreprises/employeurs"


def test_attested_lines_and_global_assessment(fiche: Fiche) -> None:
    assert len(fiche.competencies.require()) == 37
    expected = ("Production de dossiers appuyés sur l’expérience professionnelle", "Soutenances orales")
    assert value_and_section(fiche.assessment) == (expected, "Modalités d'évaluation")


def test_blocs(fiche: Fiche) -> None:
    blocs = fiche.blocs.require()
    assert fiche.blocs.section == "Liste de compétences"
    assert [(b.code, b.number, b.title) for b in blocs] == [
        ("RNCP41402BC01", 1, "Encadrer des salariés en insertion"),
        ("RNCP41402BC02", 2, "Former des salariés en situation de production"),
        ("RNCP41402BC03", 3, "Organiser et faire le suivi du processus de production"),
        ("RNCP41402BC04", 4, "Participer à la construction des parcours d'insertion des salariés"),
    ]
    assert [len(b.competencies) for b in blocs] == [9, 15, 9, 6]
    for bloc in blocs:
        lines = ("Production d’un dossier appuyé sur l’expérience professionnelle", "Soutenance orale")
        assert value_and_section(bloc.assessment) == (lines, "Modalités d'évaluation")
        assert [c.id for c in bloc.competencies] == [
            f"BC{bloc.number:02d}-C{rank:02d}" for rank in range(1, len(bloc.competencies) + 1)
        ]


@pytest.mark.parametrize(
    ("competency_id", "start", "end"),
    [
        ("BC01-C01", "Définir des critères de recrutement", "le projet d'insertion."),
        ("BC02-C04", "Décomposer les activités", "un parcours prévisionnel de formation"),
        ("BC02-C05", "Faciliter l’engagement de l’apprenant, réguler", "de réflexion et d’apprentissage"),
        ("BC02-C15", "Formaliser et réinvestir", "de chaque salarié."),
        ("BC03-C01", "Élaborer une vision globale", "à la réalisation de la production)"),
        ("BC03-C02", "Élaborer des devis ou chiffrer des études de prix.", "études de prix."),
        ("BC03-C09", "S’appuie sur la relation partenariale", "(MES/MER)"),
        ("BC04-C06", "Participer, en appui et coopération au CIP", "dans le parcours"),
    ],
)
def test_competencies_are_verbatim(fiche: Fiche, competency_id: str, start: str, end: str) -> None:
    found = fiche.competency(competency_id)
    assert found is not None
    wording = found[1].wording
    assert wording.startswith(start)
    assert wording.endswith(end)
    assert wording in TEXT


def test_acquisition(fiche: Fiche) -> None:
    acquisition = fiche.acquisition.require()
    assert acquisition.text == (
        "L'obtention de la certification est subordonnée à la validation des 4 blocs de compétences."
    )
    assert acquisition.blocs_required == 4
    assert fiche.acquisition.section.startswith("Description des modalités d'acquisition")
    assert fiche.acquisition.section.endswith("par correspondance")


def test_sectors(fiche: Fiche) -> None:
    assert fiche.sectors.section == "Secteurs d’activités"
    assert fiche.sectors.require().structures == (
        Structure(name="Entreprises d’Insertion", acronym="EI"),
        Structure(name="Ateliers et Chantiers d'Insertion", acronym="ACI"),
        Structure(name="Régies de Quartier"),
        Structure(name="associations gérant des chantiers d’insertion"),
        Structure(name="Associations Intermédiaires gérant des chantiers d’insertion", acronym="AI"),
        Structure(name="Ateliers d’Adaptation à la Vie Active", acronym="AAVA"),
    )


def test_jobs(fiche: Fiche) -> None:
    assert fiche.jobs.require() == (
        "Encadrant technique",
        "Encadrant technique d’insertion",
        "Encadrant technique pédagogique et social",
        "Encadrant de chantier d’insertion",
        "Chef d'équipe en structure d'insertion",
        "Animateur technique d'insertion",
        "Accompagnateur technique d'insertion professionnelle",
    )


def test_empty_headings_are_not_given_and_no_is_a_no(fiche: Fiche) -> None:
    assert {
        fact.section: fact.state
        for fact in (
            fiche.regulations,
            fiche.entry_prerequisites,
            fiche.validation_prerequisites,
            fiche.bloc_prerequisites,
            fiche.description_link,
            fiche.training_organisations,
            fiche.framework_document,
        )
    } == {
        "Références juridiques des règlementations d’activité": State.NOT_GIVEN,
        "Le cas échant, prérequis à l’entrée en formation": State.NOT_GIVEN,
        "Le cas échant, prérequis à la validation de la certification": State.NOT_GIVEN,
        "Pré-requis disctincts pour les blocs de compétences": State.STATED_NO,
        "Lien internet vers le descriptif de la certification": State.NOT_GIVEN,
        "Liste des organismes préparant à la certification": State.NOT_GIVEN,
        "Référentiel d'activité, de compétences et d'évaluation": State.NOT_GIVEN,
    }


def test_access_routes(fiche: Fiche) -> None:
    routes = fiche.access_routes.require()
    assert fiche.access_routes.section == "Voie d’accès à la certification"
    assert [(r.key, r.open.state) for r in routes] == [
        (Route.STUDENT, State.STATED_NO),
        (Route.APPRENTICESHIP, State.STATED_NO),
        (Route.CONTINUING_TRAINING, State.STATED),
        (Route.PROFESSIONALISATION, State.STATED),
        (Route.INDIVIDUAL, State.STATED_NO),
        (Route.VAE, State.STATED),
    ]
    vae, student = routes[5], routes[0]
    assert vae.label == "Par expérience"
    assert vae.open.value is True
    members = (
        "Un représentant de l’organisme certificateur",
        "Un professionnel extérieur à l’organisme certificateur",
    )
    assert value_and_section(vae.jury) == (members, "Composition des jurys")
    assert value_and_section(vae.last_modified) == (date(2025, 10, 28), "Date de dernière modification")
    assert (student.jury.state, student.last_modified.state) == (State.NOT_GIVEN, State.NOT_GIVEN)


def test_territories_are_unreadable(fiche: Fiche) -> None:
    assert fiche.new_caledonia.state is State.UNREADABLE
    assert fiche.new_caledonia.section == "Inscrite au cadre de la Nouvelle Calédonie"
    assert fiche.french_polynesia.state is State.UNREADABLE
    assert fiche.french_polynesia.section == "Inscrite au cadre de la Polynésie française"


def test_correspondences(fiche: Fiche) -> None:
    (correspondence,) = fiche.correspondences.require()
    assert [bloc.code for bloc in correspondence.blocs] == ["RNCP41402BC01", "RNCP41402BC02", "RNCP41402BC03"]
    assert correspondence.blocs[1].label == "Former des salariés en situation de production"
    assert (correspondence.blocs_operator, correspondence.other_blocs_operator) == ("ET", "ET")
    assert correspondence.other.code == "RNCP39099"
    assert correspondence.other.label == "Moniteur d'atelier en milieu de travail protégé"
    assert [bloc.code for bloc in correspondence.other_blocs] == ["RNCP39099BC02", "RNCP39099BC03"]
    assert correspondence.other_blocs[1].label.endswith("professionnelle en milieu de travail protégé")


def test_dates_and_legal_text(fiche: Fiche) -> None:
    (text,) = fiche.legal_texts.require()
    assert text.published == date(2002, 4, 6)
    assert text.reference.startswith("Arrêté du 28 mars 2002")
    assert text.reference.endswith("l’enseignement technologique.")
    assert value_and_section(fiche.last_journal_date) == (
        date(2022, 7, 20),
        "Date du dernier Journal Officiel ou Bulletin Officiel",
    )
    assert value_and_section(fiche.decision_date) == (date(2025, 10, 27), "Date de décision")
    assert value_and_section(fiche.duration_years) == (5, "Durée de l'enregistrement en années")
    assert value_and_section(fiche.expiry_date) == (date(2030, 10, 27), "Date d'échéance de l'enregistrement")
    assert fiche.last_delivery_date.require() == date(2034, 10, 26)


def test_statistics(fiche: Fiche) -> None:
    rows = fiche.statistics.require()
    assert [
        (r.year, r.certified.value, r.certified_vae.value, r.insertion_6m.value, r.insertion_job_6m.value) for r in rows
    ] == [(2024, 51, 1, 60, 54), (2023, 45, 3, 66, 66), (2022, 26, 1, 88, 76)]
    assert {r.insertion_job_2y.state for r in rows} == {State.NOT_GIVEN}
    assert rows[0].certified_vae.section == "Nombre de certifiés à la suite d’un parcours vae"
    assert rows[0].insertion_job_2y.section == "Taux d'insertion dans le métier visé à 2 ans (en %)"


def test_previous_fiche(fiche: Fiche) -> None:
    (previous,) = fiche.previous_fiches.require()
    assert previous == Coded(code="RNCP36697", label="Encadrant technique d’activités d'insertion par l'économique")


def test_acronyms(fiche: Fiche) -> None:
    acronyms = fiche.acronyms.require()
    assert {a.acronym: a.expansion.value for a in acronyms} == {
        "NSF": None,
        "ETAIE": "Encadrant Technique d'Activités d'Insertion par l'Économique",
        "DGEFP": None,
        "SIAE": None,
        "MES": None,
        "MER": None,
        "CIP": "Conseiller en Insertion Professionnelle",
        "IAE": "Insertion par l’Activité Économique",
        "EI": "Entreprises d’Insertion",
        "ACI": "Ateliers et Chantiers d'Insertion",
        "AI": "Associations Intermédiaires",
        "AAVA": "Ateliers d’Adaptation à la Vie Active",
        "ROME": None,
        "RNCP": None,
        "JO": "Journal Officiel",
        "BO": "Bulletin Officiel",
        "VAE": None,
    }
    for acronym in acronyms:
        assert len(acronym.quote) <= 200
        assert acronym.acronym in acronym.quote or acronym.acronym == "VAE"
        assert acronym.quote.strip("…") in TEXT


# --- What is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    [line for line in TEXT.splitlines() if line.endswith(" :")]
    + ["Code(s) NSF", "Formacode(s)", "L'essentiel", "de l’enregistrement"],
)
def test_a_missing_heading_is_an_error(heading: str) -> None:
    assert any(
        "rubrique absente" in fault
        for fault in faults(changed(f"{heading}\n" if heading + "\n" in TEXT else heading, ""))
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "Formacode(s)\n",
            "Formacode(s)\nFormacode(s)\n",
            "8: rubrique en double : « Formacode(s) » (déjà ligne 7)",
        ),
        ("L'essentiel\n", "Bonjour\nL'essentiel\n", "1: ligne avant toute rubrique : « Bonjour »"),
        ("L'essentiel\n", "L'essentiel\nBonjour\n", "2: ligne inattendue sous « L'essentiel » : « Bonjour »"),
        ("Niveau 4\n", "Niveau 4\nBonjour\n", "5: ligne inattendue sous « Nomenclature du niveau"),
        ("Niveau 4\n", "Niveau 9\n", "4: « Niveau » et un chiffre de 1 à 8 attendus, et non « Niveau 9 »"),
        ("332 : Travail social", "332 Travail social", "6: « code : intitulé » attendu"),
        ("20-07-2022\n", "20-07-2022\nBonjour\n", "138: ligne inattendue sous « Date du dernier Journal"),
        ("20-07-2022\n", "31-02-2022\n", "137: date incorrecte : « 31-02-2022 »"),
        ("06/04/2002", "06/04-2002", "134: date incorrecte : « 06/04-2002 »"),
        (
            "27-10-2030\n| Nom",
            "| Nom",
            "9: date d'échéance absente ici, mais donnée par le tableau des dates",
        ),
        ("27-10-2025 |\n|---|---|\n", "27-10-2025 |\n", "138: tableau abîmé : la ligne de tirets manque"),
        ("Soutenances orales\n", "Soutenances orales\n| a | b |\n", "69: tableau inattendu : « | a | b | »"),
        ("Manage l’équipe\n", "Manage l’équipe\n| a | b |\n", "21: tableau inattendu : « | a | b | »"),
        (
            "Code(s) ROME :",
            "Rubrique nouvelle :\nCode(s) ROME :",
            "99: rubrique inconnue : « Rubrique nouvelle : »",
        ),
        (
            "27-10-2030\n| Nom",
            "28-10-2030\n| Nom",
            "11: « 28-10-2030 » n'est pas la date d'échéance du tableau",
        ),
        (
            "| Date de décision | 27-10-2025 |",
            "| Date de décision | bientôt |",
            "138: date incorrecte : « bientôt »",
        ),
        (
            "Lien internet vers",
            "Rubrique nouvelle :\nLien internet vers",
            "149: rubrique inconnue : « Rubrique nouvelle : »",
        ),
        (
            "descriptif de la certification :\n",
            "descriptif de la certification :\nen bas\n",
            "150: adresse internet attendue",
        ),
        (
            "| 2022 | 26 | 1 | 88 | 76 | - |",
            "| 2022 | 26 | 1 | 88 | 76 |",
            "148: tableau abîmé : 6 cases attendues, 5 trouvées",
        ),
        (
            "| 2022 | 26 | 1 | 88 | 76 | - |",
            "| 2022 | 26 | 1 | 88 | 76 | - |\nBonjour",
            "149: ligne de tableau non fermée",
        ),
        ("| 2022 | 26 |", "| 2023 | 26 |", "148: année en double : 2023"),
        ("| 2022 | 26 |", "| 2022 | beaucoup |", "148: nombre attendu, et non « beaucoup »"),
        ("| Nombre de certifiés |", "| Certifiés |", "144: tableau abîmé : en-têtes attendus"),
        ("|---|---|---|---|---|---|\n", "", "144: tableau abîmé : la ligne de tirets manque"),
        ("30840109000011", "3084", "14: SIRET de 14 chiffres attendu"),
        ("| Par expérience | X |", "| Par magie | X |", "117: voie d'accès inconnue : « Par magie »"),
        (
            "| Par candidature individuelle | X | - | - | |\n",
            "",
            "106: voie d'accès absente du tableau : « Par candidature",
        ),
        (
            "| En contrat d’apprentissage | X | - | - | |",
            "| En contrat d’apprentissage | - | - | |",
            "109: tableau abîmé : voie, « X »",
        ),
        (
            "| Inscrite au cadre de la Polynésie française | X |\n",
            "",
            "120: territoire absent du tableau : « Polynésie française »",
        ),
        ("Nouvelle Calédonie | X |", "Nouvelle Calédonie | oui |", "122: territoire inattendu"),
        (
            "salariés en insertion ET RNCP41402BC02",
            "salariés en insertion OU RNCP41402BC02",
            "127: « ET » et « OU » mêlés",
        ),
        ("| RNCP36697 |", "| 36697 |", "154: code de fiche attendu, et non « 36697 »"),
        ("- K1203 - ", "K1203 : ", "100: « - A1234 - intitulé » attendu"),
        (
            "| Durée de l'enregistrement en années | 5 |\n",
            "",
            "138: absent du tableau des dates : « Durée de l'enregistrement",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_its_line(old: str, new: str, expected: str) -> None:
    found = faults(changed(old, new))
    assert any(fault.startswith(expected) for fault in found), found


def test_a_competency_in_no_bloc_is_refused() -> None:
    text = changed("Compétences attestées :\n", "Compétences attestées :\nSavoir danser.\n")
    assert faults(text) == ["29: compétence attestée qui n'est dans aucun bloc : « Savoir danser. »"]


def test_a_bloc_with_more_than_the_attested_lines_is_refused() -> None:
    text = changed("opérer les ajustements. |", "opérer les ajustements. Savoir danser. |")
    assert faults(text) == ["72: ce bloc contient ce qui n'est pas une compétence attestée : « Savoir danser. »"]


def test_a_competency_that_begins_another_is_not_taken_for_it() -> None:
    text = changed("Compétences attestées :\n", "Compétences attestées :\nAnimer\nAnimer un groupe\n")
    text = text.replace("opérer les ajustements. |", "opérer les ajustements. Animer Animer un groupe |")
    bloc = read_text(text, MANIFEST).bloc(1)
    assert bloc is not None
    assert [competency.wording for competency in bloc.competencies[9:]] == ["Animer", "Animer un groupe"]


def test_a_line_that_introduces_a_list_is_no_heading() -> None:
    text = changed("Manage l’équipe\n", "Manage, à savoir :\nManage l’équipe\n")
    assert "Manage, à savoir :" in read_text(text, MANIFEST).activities.require()


def test_an_attested_line_is_not_cut_in_the_middle_of_a_word() -> None:
    text = changed("d'insertion. Définir une procédure", "d'insertion.Définir une procédure")
    assert faults(text)[0].startswith("72: ce bloc contient ce qui n'est pas une compétence attestée")


def test_a_bloc_without_its_table_is_refused() -> None:
    text = changed("RNCP41402BC02 - Former des salariés en situation de production\n| Liste", "| Liste")
    assert faults(text)


def test_cuts_that_the_text_does_not_have_are_refused() -> None:
    wrong = MANIFEST.model_copy(
        update={"two_competencies_in_one_line": ("Danser",), "lines_run_together_in_cells": ("Chanter",)}
    )
    found = faults(TEXT, wrong)
    assert found[0].startswith("28: la notice coupe une compétence avant « Danser » : introuvable")
    assert found[1].startswith("106: la notice coupe une case avant « Chanter » : introuvable")


def test_every_fault_is_said_at_once() -> None:
    text = TEXT.replace("Niveau 4", "Niveau A").replace("20-07-2022", "hier").replace("| RNCP36697 |", "| X |")
    assert [fault.split(":")[0] for fault in faults(text)] == ["4", "137", "154"]


def test_structural_faults_are_said_together() -> None:
    text = TEXT.replace("Code(s) NSF\n", "").replace("Statistiques :\n", "")
    found = faults(text)
    assert any("« Code(s) NSF »" in fault for fault in found)
    assert any("« Statistiques »" in fault for fault in found)


# --- Other fiches ---------------------------------------------------------------------------------


def test_headings_are_recognised_once_the_site_spells_them_right() -> None:
    text = TEXT.replace("échant", "échéant").replace("Pré-requis disctincts", "Prérequis distincts")
    fiche = read_text(text, MANIFEST)
    assert fiche.bloc_prerequisites.section == "Prérequis distincts pour les blocs de compétences"


def test_what_this_fiche_leaves_empty_is_read_when_it_is_given() -> None:
    text = TEXT
    for heading, body in (
        ("Références juridiques des règlementations d’activité :", "Code du travail"),
        ("Le cas échant, prérequis à l’entrée en formation :", "Avoir un métier"),
        ("Lien internet vers le descriptif de la certification :", "https://exemple.fr/titre"),
        ("Liste des organismes préparant à la certification :", "Centre A\nCentre B"),
    ):
        text = text.replace(f"{heading}\n", f"{heading}\n{body}\n")
    text = text.replace("| - | - |\nObjectifs", "| FAS | https://exemple.fr |\nObjectifs").replace(
        "| 76 | - |", "| 76 | 70 |"
    )
    fiche = read_text(text, MANIFEST)
    assert fiche.regulations.value == "Code du travail"
    assert fiche.entry_prerequisites.value == "Avoir un métier"
    assert fiche.description_link.value == "https://exemple.fr/titre"
    assert fiche.training_organisations.value == ("Centre A", "Centre B")
    assert fiche.certifiers.require()[0].website.value == "https://exemple.fr"
    assert fiche.statistics.require()[2].insertion_job_2y.value == 70


def test_dashes_are_not_given() -> None:
    text = TEXT.replace(
        "Code(s) ROME :\n- K1203 - Encadrement technique en insertion professionnelle", "Code(s) ROME :\n-"
    )
    text = text.replace("20-07-2022", "-").replace("| 2022 | 26 |", "| 2022 | - |")
    fiche = read_text(text, MANIFEST)
    assert fiche.rome.state is State.NOT_GIVEN
    assert fiche.last_journal_date.state is State.NOT_GIVEN
    assert fiche.statistics.require()[2].certified.state is State.NOT_GIVEN


def test_no_number_of_blocs_rather_than_the_wrong_one() -> None:
    text = changed("à la validation des 4 blocs de compétences", "à la validation de 2 blocs parmi les 4 blocs")
    assert read_text(text, MANIFEST).acquisition.require().blocs_required is None


def test_line_ends_of_windows_and_a_byte_order_mark_change_nothing(fiche: Fiche) -> None:
    read = read_text("\ufeff" + TEXT.replace("\n", "\r\n"), MANIFEST, SOURCE)
    assert read.model_copy(update={"source": fiche.source}) == fiche


def test_a_kind_of_source_without_reader_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"aucun lecteur pour « \.xml »"):
        read_source(tmp_path / "fiche.xml")


def test_a_source_without_manifest_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    with pytest.raises(DataError, match=r"a\.source\.yml: fichier introuvable"):
        read_source(tmp_path / "a.txt")


# --- Any text -------------------------------------------------------------------------------------

_LINES = TEXT.split("\n")
_BITS = st.sampled_from(
    [
        "",
        "|",
        "| ",
        "-",
        "X",
        "\n",
        " :",
        "RNCP1BC01 - a",
        "ET",
        "(AI)",
        "٣",
        "\u0000",
        "27-10-2030",
        "|---|---|",
        "Non",
    ]
)


@st.composite
def _mutations(draw: st.DrawFn) -> str:
    lines = list(_LINES)
    for _ in range(draw(st.integers(1, 4))):
        rank = draw(st.integers(0, len(lines) - 1))
        what = draw(st.sampled_from(["drop", "double", "swap", "insert", "cut"]))
        if what == "drop":
            del lines[rank]
        elif what == "double":
            lines.insert(rank, lines[rank])
        elif what == "swap":
            other = draw(st.integers(0, len(lines) - 1))
            lines[rank], lines[other] = lines[other], lines[rank]
        else:
            place = draw(st.integers(0, len(lines[rank])))
            kept = place if what == "insert" else min(place + draw(st.integers(1, 30)), len(lines[rank]))
            lines[rank] = lines[rank][:place] + draw(_BITS | st.text(max_size=8)) + lines[rank][kept:]
    return "\n".join(lines)


@settings(max_examples=150, deadline=None)
@given(_mutations())
def test_a_damaged_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    try:
        read_text(text, MANIFEST)
    except DataError as error:
        assert all(problem.file and problem.line for problem in error.problems)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_refused_with_its_own_error(text: str) -> None:
    with pytest.raises(DataError):
        read_text(text, MANIFEST)
