"""How the assistant does: people, topics, understanding, satisfaction, questionnaires; figures and nobody's words."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from bot.channels.console.desk import HOME, MemberVisit, Visit
from bot.exports import session_files
from bot.exports.session_files import Row
from bot.storage import quality as kept
from bot.storage.quality import Funnel, Quality

router = APIRouter(prefix=HOME, include_in_schema=False)

_DAYS = 30
_LONGEST = 400
_SHARES = (1, 25, 50, 75, 100)
"""How far a questionnaire went, in % of its questions."""
_PATHS = {"quick": "parcours court", "full": "parcours complet", "bloc": "un seul bloc", "holder": "correspondance"}
_TOPICS = 15


@dataclass(frozen=True)
class Bar:
    """A bar of a chart."""

    label: str
    value: int
    length: int
    """Of 1,000."""


def period(first: str, last: str, today: date) -> tuple[date, date]:
    """Return the days asked for; the last month when they are not days, or too many."""
    try:
        begins, ends = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return today - timedelta(days=_DAYS - 1), today
    if begins > ends:
        begins, ends = ends, begins
    return max(begins, ends - timedelta(days=_LONGEST)), ends


def asked_days(
    du: Annotated[str, Query(max_length=10)] = "", au: Annotated[str, Query(max_length=10)] = ""
) -> tuple[date, date]:
    """Return the days of a request."""
    return period(du, au, datetime.now(UTC).date())


Days = Annotated[tuple[date, date], Depends(asked_days)]


def _labels(visit: Visit) -> dict[str, str]:
    return {topic.name: topic.label for topic in visit.console.topics} | _OTHERS


@router.get("/qualite")
def page(visit: MemberVisit, days: Days) -> Response:
    """Show the figures of a period."""
    (first, last), labels = days, _labels(visit)
    with visit.console.database.connect() as connection:
        figures = kept.quality(connection, first, last, _NOT_QUESTIONS)
        funnel = funnel_of(kept.attempts(connection, first, last))
    return visit.page(
        "quality",
        first=first,
        last=last,
        figures=figures,
        funnel=funnel,
        topics=bars([(labels.get(t, t), n) for t, n in figures.topics[:_TOPICS]]),
        by_day=bars([(f"{d:%d/%m}", m) for d, _, m in figures.by_day]),
        helped=[(labels.get(t, t), yes, no) for t, yes, no in figures.helped],
        understood=share(figures.understood, figures.messages),
        satisfied=satisfied(figures),
        paths=[(_PATHS.get(path, path), begun, done) for path, begun, done in funnel.by_path],
    )


@router.get("/qualite/sujets.csv")
def topics_file(visit: MemberVisit, days: Days) -> Response:
    """Return the topics asked as a table."""
    (first, last), labels = days, _labels(visit)
    with visit.console.database.connect() as connection:
        figures = kept.quality(connection, first, last, _NOT_QUESTIONS)
    rows: list[Row] = [[labels.get(topic, topic), times] for topic, times in figures.topics]
    content = session_files.csv_file(("Sujet", "Questions"), rows)
    return visit.file(content, "text/csv; charset=utf-8", f"sujets-{first}-{last}.csv")


_OTHERS = {
    "self_positioning": "Questionnaire",
    "team_answer": "Réponse de l'équipe",
    "nlu_fallback": "Non compris",
    "human_handoff": "Parler à une personne",
    "off_topic": "Hors sujet",
    "other_title": "Un autre titre",
    "distress": "Détresse",
    "privacy": "Données personnelles",
}
_NOT_QUESTIONS = (
    "greet", "thanks", "goodbye", "affirm", "deny", "show_more", "repeat", "follow_up", "help", "nlu_fallback",
)  # fmt: skip


def bars(values: list[tuple[str, int]]) -> list[Bar]:
    """Return the bars of a chart, the longest of 1,000."""
    highest = max((value for _, value in values), default=0)
    return [Bar(label, value, round(1000 * value / highest) if highest else 0) for label, value in values]


def share(part: int, whole: int) -> str:
    """Return « 92 % », or « – » when there is nothing."""
    return f"{round(100 * part / whole)} %" if whole else "–"


def satisfied(figures: Quality) -> str:
    """Return the share of answers that helped, among those judged."""
    yes, no = sum(y for _, y, _ in figures.helped), sum(n for _, _, n in figures.helped)
    return share(yes, yes + no)


def funnel_of(attempts: list[tuple[str, int, int]]) -> Funnel:
    """Return how far questionnaires went.

    Args:
        attempts: (path, questions, answers) of each.
    """
    reached = dict.fromkeys(_SHARES, 0)
    by_path: dict[str, list[int]] = {}
    for path, total, answered in attempts:
        counted = by_path.setdefault(path, [0, 0])
        counted[0] += 1
        counted[1] += answered >= total
        for asked in _SHARES:
            reached[asked] += answered >= max(1, round(total * asked / 100))
    paths = tuple((path, begun, done) for path, (begun, done) in sorted(by_path.items()))
    return Funnel(len(attempts), tuple(reached.items()), paths)
