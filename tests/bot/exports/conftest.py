"""Booklets of the real questionnaire: a full one, an empty one, and one with anybody's text."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from bot.positioning.attempt import Answer, Attempt, PathKind
from bot.positioning.booklet import Booklet
from bot.positioning.guide import load_guide

DAY = date(2026, 11, 26)
NASTY = "# Titre $x$ *gras* [lien](javascript:1) #pagebreak() \\ <script>alert(1)</script> {{ 7*7 }} é « œ » 🙂 \x07 \u202e abc"
GUIDE = load_guide(365)
SCOPE = GUIDE.speech.whole(PathKind.FULL)


def made(story: str = NASTY, answered: int = 36, earlier: bool = True) -> Booklet:
    begun = datetime(2026, 11, 26, tzinfo=UTC)
    attempt = Attempt("a" * 32, "KM4R-7TXP", PathKind.FULL, SCOPE, GUIDE.questionnaire.version, begun)
    for i, item in enumerate(SCOPE[:answered]):
        level = ("0", "1", "2", "3", "unknown")[i % 5]
        attempt = attempt.with_answer(item, Answer(level, story if i % 3 == 1 else ""))
    before = {item: Answer("1") for item in SCOPE}
    first = Attempt("b" * 32, "KM4R-7TXZ", PathKind.FULL, SCOPE, "v", datetime(2026, 3, 1, tzinfo=UTC), before)
    return GUIDE.results.booklet(attempt, DAY, first if earlier else None)


@pytest.fixture(scope="session")
def booklet() -> Booklet:
    return made()


@pytest.fixture(scope="session")
def empty_booklet() -> Booklet:
    return made(answered=0, earlier=False)


@pytest.fixture(scope="session")
def with_story() -> Callable[[str], Booklet]:
    return made
