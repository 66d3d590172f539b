"""Topics of work: sectors, jobs, acronyms."""

from collections.abc import Callable

import pytest

from referential.model import Acronym, Fact, Fiche, Sectors, State

Tell = Callable[..., str]


def test_sectors(tell: Tell, fiche: Fiche) -> None:
    reply = tell("Où travaille un ETAIE ?", "sectors")
    assert "Insertion par l’Activité Économique (IAE)" in reply
    for structure in fiche.sectors.require().structures:
        assert f"- {structure.name}" in reply
    assert "- Ateliers et Chantiers d'Insertion (ACI)" in reply


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("Est-ce qu'on peut travailler en régie de quartier ?", "Oui, la fiche cite « **Régies de Quartier** »"),
        ("On peut travailler en ACI ?", "Oui, la fiche cite « **Ateliers et Chantiers d'Insertion** (ACI) »"),
        ("On ne peut pas travailler en EI ?", "Si, la fiche cite « **Entreprises d’Insertion** (EI) »"),
        ("en association intermédiaire", "La fiche cite « **Associations Intermédiaires"),
        ("On peut travailler en ESAT ?", "La fiche ne cite pas"),
        ("On peut travailler en EHPAD ?", "La fiche ne cite pas"),
        ("On peut travailler en EHPAD ou en AAVA ?", "Oui, la fiche cite « **Ateliers d’Adaptation"),
        (
            "On peut travailler en EI et en ACI ?",
            "Oui, la fiche cite « **Entreprises d’Insertion** (EI) » et « **Ateliers",
        ),
        ("Où travaille-t-on ?", "L'encadrant technique"),
    ],
)
def test_a_structure_that_the_question_names(tell: Tell, text: str, start: str) -> None:
    assert tell(text, "sectors").startswith(start)


def test_a_structure_that_the_fiche_does_not_name_is_not_denied(tell: Tell) -> None:
    reply = tell("On peut travailler en EHPAD ?", "sectors")
    assert not reply.startswith(("Oui", "Non"))
    assert "- Régies de Quartier" in reply


def test_sectors_without_structures(tell_with: Tell) -> None:
    assert tell_with("Où ?", "sectors", sectors=Sectors(text="Partout : en ville.")).startswith("Partout : en ville.")


def test_jobs(tell: Tell, fiche: Fiche) -> None:
    reply = tell("Quels emplois ?", "jobs")
    assert "7 emplois" in reply
    assert all(f"- {job}\n" in reply for job in fiche.jobs.require())


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("Est-ce que je peux devenir chef d'équipe ?", "Oui, la fiche cite : « **Chef d'équipe en structure"),
        ("Est-ce qu'on peut être animateur technique ?", "Oui, la fiche cite : « **Animateur technique d'insertion**"),
        ("Est-ce que je peux devenir boulanger ?", "La fiche cite 7 emplois"),
        ("Est-ce que je peux devenir encadrant ?", "La fiche cite 7 emplois"),
        ("Quel métier de chef d'équipe ?", "La fiche cite 7 emplois"),
    ],
)
def test_a_job_that_the_question_names(tell: Tell, text: str, start: str) -> None:
    assert tell(text, "jobs").startswith(start)


def test_regulations_are_empty(tell: Tell) -> None:
    reply = tell("Est-ce un métier réglementé ?", "regulations")
    assert "vide" in reply
    assert not reply.startswith(("Oui", "Non"))


@pytest.mark.parametrize(
    ("acronym", "expansion"),
    [
        ("ETAIE", "Encadrant Technique d'Activités d'Insertion par l'Économique"),
        ("ACI", "Ateliers et Chantiers d'Insertion"),
        ("EI", "Entreprises d’Insertion"),
        ("AI", "Associations Intermédiaires"),
        ("AAVA", "Ateliers d’Adaptation à la Vie Active"),
        ("IAE", "Insertion par l’Activité Économique"),
        ("CIP", "Conseiller en Insertion Professionnelle"),
        ("JO", "Journal Officiel"),
        ("BO", "Bulletin Officiel"),
    ],
)
def test_an_acronym_that_the_fiche_spells_out(tell: Tell, acronym: str, expansion: str) -> None:
    reply = tell(f"Que veut dire {acronym} ?", "acronym")
    assert reply.startswith(f"**{acronym}** veut dire **{expansion}**.")
    assert "hors fiche" not in reply


def test_the_title_is_not_the_acronym_asked_for(tell: Tell) -> None:
    assert tell("Dans l'ETAIE, c'est quoi un CIP ?", "acronym").startswith("**CIP**")


def test_several_acronyms(tell: Tell) -> None:
    reply = tell("EI et ACI ?", "acronym")
    assert "**EI** veut dire" in reply
    assert "**ACI** veut dire" in reply


@pytest.mark.parametrize("acronym", ["MES", "MER", "DGEFP"])
def test_an_acronym_that_the_fiche_only_uses_is_quoted(tell: Tell, fiche: Fiche, acronym: str) -> None:
    quote = next(a.quote for a in fiche.acronyms.require() if a.acronym == acronym)
    reply = tell(f"Que veut dire {acronym} ?", "acronym")
    assert f"ne développe pas le sigle **{acronym}**" in reply
    assert f"« {quote} »" in reply


@pytest.mark.parametrize("acronym", ["SIAE", "VAE", "RNCP", "ROME", "NSF", "CPF"])
def test_the_glossary_is_told_apart_from_the_fiche(tell: Tell, acronym: str) -> None:
    reply = tell(f"Que veut dire {acronym} ?", "acronym")
    assert "Ajouté par l'équipe, hors fiche" in reply
    assert reply.startswith("La fiche ")
    assert "veut dire" not in reply


def test_an_acronym_that_nobody_knows(tell: Tell) -> None:
    assert "je ne sais pas ce qu'il veut dire" in tell("Que veut dire XYZ ?", "acronym")


def test_a_fiche_that_spells_out_what_the_glossary_says_comes_first(tell_with: Tell, fiche: Fiche) -> None:
    expansion = Fact[str](section="Statistiques", state=State.STATED, value="Valorisation des atouts")
    acronyms = (Acronym(acronym="VAE", expansion=expansion, quote="VAE"),)
    reply = tell_with("Que veut dire VAE ?", "acronym", acronyms=acronyms)
    assert reply.startswith("**VAE** veut dire **Valorisation des atouts**.")


@pytest.mark.parametrize(("state", "said"), [(State.NOT_GIVEN, "est vide"), (State.UNREADABLE, "illisible")])
@pytest.mark.parametrize("field", ["sectors", "jobs", "rome"])
def test_states(tell_with: Tell, fiche: Fiche, field: str, state: State, said: str) -> None:
    reply = tell_with("Est-ce qu'on travaille en ACI ?", field, **{field: state})
    assert said in reply
    assert f"« {getattr(fiche, field).section} »" in reply
