"""What a message names, with the real fiche and the real vocabulary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.assistant import Assistant
from bot.answers.mentions import Kind


def named(assistant: Assistant, kind: Kind, text: str) -> list[str]:
    return list(dict.fromkeys(m.value for m in assistant.mentions(text) if m.kind is kind))


@pytest.mark.parametrize(
    ("text", "blocs"),
    [
        ("Que contient le bloc 2 ?", ["2"]),
        ("bloc n°3", ["3"]),
        ("le bloc numéro trois", ["3"]),
        ("bloc de compétences 2", ["2"]),
        ("Bloc2", ["2"]),
        ("bloc 01", ["1"]),
        ("c koi le bloque 2", ["2"]),
        ("blok 1", ["1"]),
        ("le BC03", ["3"]),
        ("bc 04", ["4"]),
        ("RNCP41402BC02", ["2"]),
        ("le deuxième bloc", ["2"]),
        ("le 2e bloc", ["2"]),
        ("le dernier bloc", ["4"]),
        ("les blocs 1 et 3", ["1", "3"]),
        ("blocs 1, 2 et 4", ["1", "2", "4"]),
        ("le premier bloc et le bloc 3", ["1", "3"]),
        ("le bloc 12", ["12"]),
        ("le bloc encadrer", ["1"]),
        ("le bloc former des salariés", ["2"]),
        ("le bloc sur le processus de production", ["3"]),
        ("deux blocs", []),
        ("les 4 blocs", []),
        ("il faut combien de blocs ?", []),
        ("passer un bloc", []),
        ("passer les blocs un par un", []),
        ("RNCP39099BC02", []),
    ],
)
def test_blocs(assistant: Assistant, text: str, blocs: list[str]) -> None:
    assert named(assistant, Kind.BLOC, text) == blocs


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("deux blocs", ["2"]),
        ("les 4 blocs", ["4"]),
        ("40 compétences", ["40"]),
        ("c'est 5 ans ?", ["5"]),
        ("trois voies", ["3"]),
        ("le bloc 2", []),
        ("le deuxième bloc", []),
        ("six mois", []),
    ],
)
def test_counts_are_not_blocs(assistant: Assistant, text: str, counts: list[str]) -> None:
    assert named(assistant, Kind.COUNT, text) == counts


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("en 2023", ["2023"]),
        ("de 2022 à 2024", ["2022", "2024"]),
        ("et en 2019 ?", ["2019"]),
        ("le 27/10/2030", ["2030"]),
        ("RNCP41402", []),
        ("120234", []),
        ("en 1850", []),
    ],
)
def test_years(assistant: Assistant, text: str, years: list[str]) -> None:
    assert named(assistant, Kind.YEAR, text) == years


@pytest.mark.parametrize(
    ("text", "routes"),
    [
        ("en apprentissage", ["apprenticeship"]),
        ("apprenti", ["apprenticeship"]),
        ("formation continue", ["continuing_training"]),
        ("en contrat de professionnalisation", ["professionalisation"]),
        ("contrat pro", ["professionalisation"]),
        ("en candidat libre", ["individual"]),
        ("par la VAE", ["vae"]),
        ("grâce à mon expérience", ["vae"]),
        ("je suis étudiante", ["student"]),
        ("en alternance", ["apprenticeship", "professionalisation"]),
        ("j'ai de l'expérience", []),
        ("un apprenant", []),
    ],
)
def test_routes(assistant: Assistant, text: str, routes: list[str]) -> None:
    assert named(assistant, Kind.ROUTE, text) == routes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("le RNCP39099", ["RNCP39099"]),
        ("la fiche 39099", ["RNCP39099"]),
        ("39099", ["RNCP39099"]),
        ("rncp n° 36697", ["RNCP36697"]),
        ("RNCP12345", ["RNCP12345"]),
        ("j'ai le moniteur d'atelier", ["RNCP39099"]),
        ("moniteur éducateur", []),
        ("RNCP41402", []),
        ("la fiche 41402", []),
        ("12345", []),
    ],
)
def test_certifications(assistant: Assistant, text: str, codes: list[str]) -> None:
    assert named(assistant, Kind.CERTIFICATION, text) == codes


@pytest.mark.parametrize("text", ["RNCP39099", "la fiche 36697", "rncp 39099 bc 02"])
def test_a_code_is_mentioned_once(assistant: Assistant, text: str) -> None:
    assert len([m for m in assistant.mentions(text) if m.kind is Kind.CERTIFICATION]) == 1


@pytest.mark.parametrize(
    ("text", "levels"), [("niveau 4", ["4"]), ("nivo 5", ["5"]), ("niveau quatre", ["4"]), ("niveau bac", [])]
)
def test_levels(assistant: Assistant, text: str, levels: list[str]) -> None:
    assert named(assistant, Kind.LEVEL, text) == levels


@pytest.mark.parametrize(
    ("text", "acronyms"),
    [
        ("que veut dire ACI ?", ["ACI"]),
        ("c'est quoi une siae", ["SIAE"]),
        ("le CPF", ["CPF"]),
        ("et XYZ ?", ["XYZ"]),
        ("en EI ou en AI", ["EI", "AI"]),
        ("j'ai un bo chantier", []),
        ("xyz", []),
    ],
)
def test_acronyms(assistant: Assistant, text: str, acronyms: list[str]) -> None:
    assert named(assistant, Kind.ACRONYM, text) == acronyms


@pytest.mark.parametrize(
    ("text", "rank"),
    [
        ("en entreprise d’insertion", 0),
        ("une EI", 0),
        ("dans un aci", 1),
        ("les ateliers et chantiers d'insertion", 1),
        ("régie de quartier", 2),
        ("une association intermédiaire", 4),
        ("un AAVA", 5),
    ],
)
def test_structures_by_their_name_in_the_fiche(assistant: Assistant, text: str, rank: int) -> None:
    assert assistant.fiche.sectors.value is not None
    assert named(assistant, Kind.STRUCTURE, text) == [assistant.fiche.sectors.value.structures[rank].name]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.OTHER_STRUCTURE, "en EHPAD", "ehpad"),
        (Kind.OTHER_STRUCTURE, "les hôpitaux", "hopitaux"),
        (Kind.OTHER_TITLE, "un CAP cuisine", "cap"),
        (Kind.OTHER_TITLE, "éducateur spécialisé", "educateur specialise"),
        (Kind.MEASURE, "combien de certifiés", "certified"),
        (Kind.MEASURE, "par la VAE", "certified_vae"),
        (Kind.MEASURE, "taux d'insertion", "insertion_6m"),
        (Kind.MEASURE, "dans le métier visé", "insertion_job_6m"),
        (Kind.MEASURE, "au bout de deux ans", "insertion_job_2y"),
        (Kind.COMPARISON, "la meilleure année", "best"),
        (Kind.COMPARISON, "la pire", "worst"),
        (Kind.COMPARISON, "au total", "total"),
        (Kind.COMPARISON, "en moyenne", "mean"),
        (Kind.COMPARISON, "l'évolution", "difference"),
    ],
)
def test_other_kinds(assistant: Assistant, kind: Kind, text: str, value: str) -> None:
    assert value in named(assistant, kind, text)


@pytest.mark.parametrize("text", ["", "?", "bonjour", "je ne sais pas quoi faire", "merci beaucoup"])
def test_nothing_is_named(assistant: Assistant, text: str) -> None:
    assert assistant.mentions(text) == ()


@pytest.mark.parametrize(
    "text", ["l’œuvre du bloc 3 en 2023", "🙂 e\u0301tudiant, RNCP39099 et le bloc 2", "½ bloc 1 ACI"]
)
def test_offsets_point_into_the_text(assistant: Assistant, text: str) -> None:
    said = {Kind.BLOC: "bloc", Kind.YEAR: "2023", Kind.CERTIFICATION: "RNCP", Kind.ACRONYM: "ACI"}
    mentions = [m for m in assistant.mentions(text) if m.kind in said]
    assert len({m.kind for m in mentions}) >= 2
    for mention in mentions:
        assert text[mention.start : mention.end].startswith(said[mention.kind]) or mention.kind is Kind.CERTIFICATION


@given(text=st.text(max_size=80))
def test_any_text_is_read(assistant: Assistant, text: str) -> None:
    mentions = assistant.mentions(text)
    assert list(mentions) == sorted(mentions, key=lambda m: (m.start, m.kind))
    assert all(0 <= m.start <= m.end <= len(text) for m in mentions)


@given(
    words=st.lists(
        st.sampled_from(
            ["bloc", "blocs", "2", "et", "trois", "deuxième", "VAE", "2023", "bc", "RNCP", "41402", "39099", "ans"]
        )
    )
)
def test_any_sequence_of_known_words_is_read(assistant: Assistant, words: list[str]) -> None:
    for mention in assistant.mentions(" ".join(words)):
        if mention.kind in (Kind.BLOC, Kind.COUNT, Kind.YEAR, Kind.LEVEL):
            assert mention.value.isdigit()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("et le 4 ?", 4),
        ("le troisième", 3),
        ("et un autre, le deux", 2),
        ("le un", 1),
        ("le 2 et le 3", None),
        ("rien", None),
    ],
)
def test_bare_number(assistant: Assistant, text: str, number: int | None) -> None:
    assert assistant.finder.bare_number(text) == number


@pytest.mark.parametrize(
    ("text", "elliptical"),
    [
        ("et le bloc 3 ?", True),
        ("et en 2023 ?", True),
        ("et par la VAE ?", True),
        ("bloc 2", True),
        ("en ACI ?", True),
        ("et pour l'apprentissage, alors ?", True),
        ("que contient le bloc 3 ?", False),
        ("combien de blocs", False),
        ("et alors ?", False),
        ("4 blocs", False),
        ("", False),
    ],
)
def test_elliptical(assistant: Assistant, text: str, elliptical: bool) -> None:
    assert assistant.finder.is_elliptical(text, assistant.mentions(text)) is elliptical
