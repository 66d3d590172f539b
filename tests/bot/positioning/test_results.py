"""Results: levels, states of blocs, next steps and their reasons, changes since."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.positioning.advice import Advice, load_advice, percent, tally
from bot.positioning.attempt import Answer, Attempt, PathKind
from bot.positioning.booklet import Booklet
from bot.positioning.guide import Guide
from bot.positioning.results import content_of
from referential.library import POSITIONING_FOLDER
from referential.yaml_files import DataError

BEGUN = datetime(2026, 11, 26, tzinfo=UTC)


def answered(guide: Guide, path: PathKind, *levels: str | None, stories: int = 0) -> Attempt:
    """Answer the questions of a path, the levels in turn."""
    scope = guide.speech.whole(path)
    attempt = Attempt("a" * 32, "KM4R-7TXP", path, scope, guide.questionnaire.version, BEGUN)
    for i, item in enumerate(scope):
        level = levels[i % len(levels)]
        if level is not None:
            attempt = attempt.with_answer(item, Answer(level, "récit" if i < stories else ""))
    return attempt


def booklet(guide: Guide, attempt: Attempt) -> Booklet:
    return guide.results.booklet(attempt, BEGUN.date())


def steps(guide: Guide, attempt: Attempt) -> list[str]:
    titles = {rule.title: rule.id for rule in guide.results.advice.steps}
    return [titles[step.title] for step in booklet(guide, attempt).steps]


@pytest.mark.parametrize(
    ("levels", "state"),
    [
        (("2",), "solide"),
        (("3", "2"), "solide"),
        (("1",), "en bonne voie"),
        (("0", "1"), "en bonne voie"),
        (("0",), "à construire"),
        (("unknown",), "trop peu de réponses"),
        ((None,), "pas encore abordé"),
    ],
)
def test_the_state_of_a_bloc(guide: Guide, levels: tuple[str | None, ...], state: str) -> None:
    found = booklet(guide, answered(guide, PathKind.FULL, *levels)).blocs
    assert found[3].state == state


def test_a_competency_of_the_quick_path_has_the_level_of_its_theme(guide: Guide) -> None:
    made = booklet(guide, answered(guide, PathKind.QUICK, "2"))
    entries = [entry for bloc in made.blocs for entry in bloc.entries]
    assert len(entries) == 39
    assert all(entry.level == "2" and entry.estimated for entry in entries)


def test_an_answer_of_its_own_counts_before_its_theme(guide: Guide) -> None:
    attempt = answered(guide, PathKind.QUICK, "0").with_answer("BC02-C05", Answer("3"))
    (entry,) = [e for bloc in booklet(guide, attempt).blocs for e in bloc.entries if e.id == "BC02-C05"]
    assert entry.level == "3" and not entry.estimated


def test_strengths_and_gaps_in_words(guide: Guide) -> None:
    made = booklet(guide, answered(guide, PathKind.FULL, "0", "3", "2", "1"))
    names = {item.id: item.text.name for item in guide.questionnaire.competency_items}
    assert made.strengths[0] == names["BC01-C02"], "le niveau le plus haut d'abord"
    assert made.gaps[0] == names["BC01-C01"], "le plus bas d'abord"
    assert not set(made.strengths) & set(made.gaps)


@pytest.mark.parametrize(
    ("path", "levels", "stories", "expected", "never"),
    [
        (PathKind.FULL, ("2",), 3, ["vae", "write"], ["training", "observe", "full"]),
        (PathKind.FULL, ("0",), 0, ["training", "observe", "tell"], ["vae", "by_bloc"]),
        (PathKind.FULL, ("1",), 0, ["training", "practise"], ["vae", "observe"]),
        (PathKind.FULL, ("unknown",), 0, ["talk"], ["vae", "observe"]),
        (PathKind.QUICK, ("2",), 1, ["vae", "full"], ["correspondence"]),
        (PathKind.LEFT, ("2",), 0, ["correspondence"], ["full"]),
    ],
)
def test_next_steps(
    guide: Guide, path: PathKind, levels: tuple[str, ...], stories: int, expected: list[str], never: list[str]
) -> None:
    found = steps(guide, answered(guide, path, *levels, stories=stories))
    assert [step for step in expected if step not in found] == []
    assert [step for step in never if step in found] == []
    assert len(found) <= guide.results.advice.most


def test_every_step_tells_its_reason_and_promises_nothing(guide: Guide) -> None:
    for levels in (("2",), ("0",), ("1",), ("unknown",), ("0", "3")):
        for path in (PathKind.QUICK, PathKind.FULL, PathKind.LEFT):
            made = booklet(guide, answered(guide, path, *levels))
            assert made.steps and all(step.reason.startswith("Pourquoi : ") for step in made.steps)
            assert any("pas une certification" in notice for notice in made.notices)


def test_the_numbers_of_a_reason_are_those_of_its_rule(guide: Guide) -> None:
    advice = guide.results.advice
    rules = tuple(
        r.model_copy(update={"below": {"solid_share": 73}}) if r.id == "training" else r for r in advice.steps
    )
    other = replace(guide.results, advice=advice.model_copy(update={"steps": rules}))
    made = other.booklet(answered(guide, PathKind.FULL, "0"), BEGUN.date())
    assert any("moins de 73 %" in step.reason for step in made.steps)


def test_a_threshold_is_reached_and_not_nearly_so() -> None:
    assert percent(2, 3) == 66
    assert percent(0, 0) == 0
    assert tally(["2", "unknown", None, "0"], load_advice().levels).shares()["answered_share"] == 75


def test_a_wrong_rule_is_told_with_its_line(tmp_path: Path) -> None:
    text = (POSITIONING_FOLDER / "advice.yml").read_text(encoding="utf-8")
    (tmp_path / "advice.yml").write_text(text.replace("{holder: 1}", "{titulaire: 1}"), encoding="utf-8")
    with pytest.raises(DataError, match=r"advice\.yml:\d+: .*mesure inconnue : titulaire"):
        load_advice(tmp_path)


def test_the_last_state_of_a_bloc_always_holds() -> None:
    data = load_advice().model_dump(by_alias=True)
    data["blocs"] = data["blocs"][:-1]
    with pytest.raises(ValueError, match="le dernier état"):
        Advice.model_validate(data)


# --- Versions ---------------------------------------------------------------------------------------


def test_nothing_is_said_to_have_changed_when_nothing_did(guide: Guide) -> None:
    attempt = answered(guide, PathKind.FULL, "2")
    assert guide.results.changes(attempt, content_of(guide.questionnaire)) == ()


def test_what_changed_since_is_said_and_old_answers_stay_readable(guide: Guide) -> None:
    attempt = answered(guide, PathKind.BLOC, "2").with_answer("BC01-C01", Answer("2"))
    attempt = attempt.with_answer("BC09-C01", Answer("1"))
    content = {item: dict(asked) for item, asked in content_of(guide.questionnaire).items()}
    content["BC01-C01"]["mark"] = "une autre"
    content["BC09-C01"] = {"name": "Une ancienne compétence", "question": "?", "wordings": "?", "mark": "?"}
    del content["BC04-C06"]
    said = " ".join(guide.results.changes(attempt, content))
    assert "Choisir qui embaucher : la question ou le texte officiel a changé" in said
    assert "Une ancienne compétence : cette question n'existe plus ; votre réponse était « Avec de l'aide »" in said
    assert "question nouvelle" in said
    made = guide.results.booklet(attempt, BEGUN.date(), content=content)
    assert made.changes and made.blocs[0].entries[0].level == "2"


def test_the_version_follows_what_is_asked(guide: Guide) -> None:
    questionnaire = guide.questionnaire
    first = questionnaire.items["BC01-C01"]
    renamed = replace(
        first, text=first.text.model_copy(update={"question": "Savez-vous faire tout autre chose que cela ?"})
    )
    assert replace(questionnaire, items={**questionnaire.items, "BC01-C01": renamed}).version != questionnaire.version
    assert replace(questionnaire, items=dict(questionnaire.items)).version == questionnaire.version
