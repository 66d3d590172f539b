"""Topics of the registration: decision, length, expiry, last delivery, legal texts."""

from datetime import date

from bot.answers.composers.scene import Composed, Scene, absent
from bot.answers.mentions import Kind
from bot.text.dates import time_left
from referential.model import Fact


def registration(scene: Scene) -> Composed:
    """Say all the dates, and whether the registration runs today."""
    fiche = scene.fiche
    facts = {
        "decision": fiche.decision_date,
        "duration": fiche.duration_years,
        "expiry": fiche.expiry_date,
        "last_delivery": fiche.last_delivery_date,
    }
    end = fiche.expiry_date.value
    if end is None:
        return absent(fiche.expiry_date) or Composed("not_given")
    variant = "running" if scene.today <= end else "over"
    return Composed(variant, facts | {"left": time_left(scene.today, end)}, tuple(f.section for f in facts.values()))  # type: ignore[attr-defined]


def one_date(scene: Scene) -> Composed:
    """Say one date of the fiche; confirm or correct the year that a closed question supposes."""
    said: Fact[date] = getattr(scene.fiche, scene.topic.entry.fact or "")
    if (missing := absent(said)) or said.value is None:
        return missing or Composed("not_given")
    values = {
        "day": said.value,
        "left": time_left(scene.today, said.value),
        "past": said.value < scene.today,
        "supposed": None,
    }
    year = scene.question.first(Kind.YEAR)
    if year is not None and scene.question.closed:
        values["supposed"] = year
        values["right"] = int(year) == said.value.year
        return Composed("checked", values, (said.section,))
    return Composed("stated", values, (said.section,))


def duration(scene: Scene) -> Composed:
    """Say for how many years the title is registered."""
    said = scene.fiche.duration_years
    if (missing := absent(said)) or said.value is None:
        return missing or Composed("not_given")
    supposed = scene.question.first(Kind.COUNT)
    values = {"years": said.value, "supposed": supposed, "start": scene.fiche.decision_date, "end": scene.fiche.expiry_date}
    if supposed is not None and scene.question.closed:
        return Composed("confirmed" if int(supposed) == said.value else "corrected", values, (said.section,))
    return Composed("stated", values, (said.section,))


def legal_texts(scene: Scene) -> Composed:
    """Say the legal texts that found the title."""
    said = scene.fiche.legal_texts
    return absent(said) or Composed("stated", {"texts": said.value}, (said.section,))
