"""The search of a competency by its words."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.answers.assistant import Assistant, load_assistant
from bot.answers.competencies import load_phrasings
from bot.nlu.competency_examples import CompetencyExamples
from referential.library import COMPETENCY_PHRASINGS_FILE, load_fiche
from referential.model import Competency, Fiche
from referential.yaml_files import DataError

COMPETENCIES = [competency for bloc in load_fiche().blocs.require() for competency in bloc.competencies]
Write = Callable[[dict[str, Any]], Path]


@pytest.mark.parametrize("competency", COMPETENCIES, ids=lambda competency: competency.id)
def test_an_official_wording_finds_itself(assistant: Assistant, competency: Competency) -> None:
    assert assistant.competencies.search(competency.wording)[0] == competency.id


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("faire un devis", "BC03-C02"),
        ("est-ce qu'on apprend à faire des plannings ?", "BC03-C07"),
        ("recruter les salariés", "BC01-C01"),
        ("le secret partagé", "BC04-C03"),
        ("adapter l'ergonomie d'un poste", "BC02-C11"),
        ("gérer les absences maladie", "BC03-C05"),
        ("DONNER LES CONSIGNES", "BC01-C07"),
    ],
)
def test_everyday_words_find_the_competency(assistant: Assistant, text: str, expected: str) -> None:
    assert assistant.competencies.search(text)[0] == expected


@pytest.mark.parametrize("text", ["", "?", "le tricot du pingouin", "dans quel bloc est cette compétence ?", "bonjour"])
def test_nothing_near_is_found_for_other_words(assistant: Assistant, text: str) -> None:
    assert assistant.competencies.search(text) == []


def test_scenes_are_learnt_by_meaning_and_are_not_questions_of_their_own() -> None:
    fiche = load_fiche()
    all_said = load_phrasings(fiche, COMPETENCY_PHRASINGS_FILE)
    asking = load_phrasings(fiche, COMPETENCY_PHRASINGS_FILE, scenes=False)
    assert all(set(asking[competency]) < set(all_said[competency]) for competency in all_said)
    examples = CompetencyExamples().get_nlu_data()
    assert len(examples.intent_examples) == sum(len(phrasings) for phrasings in asking.values())


@given(text=st.text(max_size=60) | st.sampled_from([competency.wording for competency in COMPETENCIES]))
def test_search_gives_at_most_three_of_the_best(assistant: Assistant, text: str) -> None:
    found = assistant.competencies.search(text)
    ranked = assistant.competencies.scores(text)
    assert len(ranked) == len(COMPETENCIES)
    assert [score for _, score in ranked] == sorted((score for _, score in ranked), reverse=True)
    assert found == [competency for competency, _ in ranked[: len(found)]]
    assert len(found) <= 3


def test_shared_words_are_those_that_tell(assistant: Assistant) -> None:
    wording = "Élaborer des devis ou chiffrer des études de prix."
    assert assistant.competencies.shares_words("on fait le devis ?", wording)
    assert assistant.competencies.shares_words("CHIFFRAGE ou chiffrer", wording)
    assert not assistant.competencies.shares_words("des tarifs ou de la facture", wording)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write phrasings: the real ones, some of which are changed."""

    def write_file(changes: dict[str, Any]) -> Path:
        yaml = YAML(typ="safe", pure=True)
        content = yaml.load(COMPETENCY_PHRASINGS_FILE.read_text(encoding="utf-8"))
        content["competencies"] |= changes
        path = tmp_path / "phrasings.yml"
        with path.open("w", encoding="utf-8") as file:
            yaml.dump(content, file)
        return path

    return write_file


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"BC09-C01": {"official_start": "Voler", "phrasings": ["voler"]}},
            "BC09-C01 : compétence absente de la fiche",
        ),
        (
            {"BC01-C01": {"official_start": "Voler des critères", "phrasings": ["recruter"]}},
            "BC01-C01 : la fiche ne commence pas par « Voler des critères »",
        ),
        ({"BC01-C01": {"official_start": "Définir", "phrasings": []}}, "phrasings"),
        ({"BC01-C01": {"official_start": "Définir", "phrasings": ["a"], "bloc": 1}}, "bloc"),
    ],
)
def test_wrong_phrasings_are_refused(write: Write, changes: dict[str, Any], expected: str) -> None:
    path = write(changes)
    with pytest.raises(DataError) as error:
        load_assistant(phrasings=path)
    assert str(path) in str(error.value)
    assert expected in str(error.value)


def test_phrasings_of_another_fiche_are_left_out(fiche: Fiche) -> None:
    other = load_assistant(fiche=fiche.model_copy(update={"code": "RNCP74735"}))
    assert other.competencies.search("faire un devis")[0] == "BC03-C02"
    assert other.competencies.lengths < load_assistant().competencies.lengths
