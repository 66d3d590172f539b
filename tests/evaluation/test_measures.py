"""The figures, on small cases counted by hand."""

import pytest

from evaluation.measures import (
    Outcome,
    all_answered,
    calibration_error,
    confusions,
    refused,
    reliability,
    wrongly_refused,
)
from evaluation.report import drops

THEMES = {"blocs": "blocs", "jury": "access", "silent_price": "silent", "off_topic": "social", "nlu_fallback": "social"}


def outcome(expected: str, *topics: str, sure: float = 0.9) -> Outcome:
    return Outcome("texte", "sms", (expected,), topics, sure, topics[0], 1.0)


def test_right_is_one_topic_and_the_expected_one() -> None:
    assert outcome("blocs", "blocs").right
    assert not outcome("blocs", "jury").right
    assert not outcome("blocs", "blocs", "jury").right


def test_what_is_refused() -> None:
    assert refused(outcome("off_topic", "silent_price"), THEMES)
    assert not refused(outcome("off_topic", "blocs"), THEMES)
    assert wrongly_refused(outcome("blocs", "nlu_fallback"), THEMES)
    assert wrongly_refused(outcome("blocs", "silent_price"), THEMES)
    assert not wrongly_refused(outcome("blocs", "jury"), THEMES)


def test_calibration_error_is_the_gap_between_said_and_true() -> None:
    always_sure = [outcome("blocs", "blocs", sure=0.95), outcome("blocs", "jury", sure=0.95)]
    assert calibration_error(reliability(always_sure)) == pytest.approx(45.0)
    assert calibration_error(reliability([outcome("blocs", "blocs", sure=1.0)])) == 0.0


def test_confusions_come_the_most_frequent_first() -> None:
    read = [outcome("blocs", "jury"), outcome("jury", "blocs"), outcome("jury", "blocs"), outcome("jury", "jury")]
    assert [(expected, answered, len(which)) for expected, answered, which in confusions(read)] == [
        ("jury", "blocs", 2),
        ("blocs", "jury", 1),
    ]


@pytest.mark.parametrize(
    ("questions", "topics", "answered"),
    [
        ([["blocs"], ["jury"]], ["blocs", "jury"], True),
        ([["blocs"], ["jury"]], ["jury", "blocs"], False),
        ([["blocs"], ["jury"]], ["blocs"], False),
        ([["blocs"]], ["blocs", "jury"], False),
        ([["statistics"], ["statistics"]], ["statistics"], True),
    ],
)
def test_each_question_has_its_answer(questions: list[list[str]], topics: list[str], answered: bool) -> None:
    assert all_answered(questions, topics) is answered


def test_a_drop_of_more_than_a_point_is_told() -> None:
    before = {"accuracy": {"sms": 95.0}, "wrongly_refused": 1.0, "calibration_error": 1.0}
    assert drops({"accuracy": {"sms": 94.1}, "wrongly_refused": 1.9, "calibration_error": 9.0}, before) == []
    assert len(drops({"accuracy": {"sms": 92.9}, "wrongly_refused": 2.1}, before)) == 2
