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
        "beyond": _beyond(scene, said.value),
        "expiry": scene.fiche.expiry_date,
        "last_delivery": scene.fiche.last_delivery_date,
    }
    right = _supposed_rightly(scene, said.value)
    if right is not None and scene.question.closed:
        return Composed("checked", values | {"right": right}, (said.section,))
    return Composed("stated", values, (said.section,))


def _beyond(scene: Scene, day: date) -> bool:
    """Whether the question looks past the day: « si je passe en 2036, c'est trop tard ? »."""
    year = scene.question.first(Kind.YEAR)
    return scene.question.says(scene.question.vocabulary.data.too_late) or (year is not None and int(year) > day.year)


def _supposed_rightly(scene: Scene, day: date) -> bool | None:
    """Whether the date that a question supposes is the right one; None when it supposes none."""
    question = scene.question
    said = question.vocabulary.data
    if question.says(said.too_late):
        return None
    if question.day is not None:
        return question.day.fits(day)
    year = question.first(Kind.YEAR)
    if year is None:
        return None
    # « Pourra-t-on encore l'avoir en 2033 ? » asks for a time before the day, « ça finit en 2033 ? » for the day.
    if question.says(said.still):
        return int(year) <= day.year
    return int(year) == day.year


def duration(scene: Scene) -> Composed:
    """Say for how many years the title is registered."""
    said = scene.fiche.duration_years
    if (missing := absent(said)) or said.value is None:
        return missing or Composed("not_given")
    supposed = scene.question.first(Kind.COUNT)
    values = {
        "years": said.value,
        "supposed": supposed,
        "start": scene.fiche.decision_date,
        "end": scene.fiche.expiry_date,
    }
    if supposed is not None and scene.question.closed:
        return Composed("confirmed" if int(supposed) == said.value else "corrected", values, (said.section,))
    return Composed("stated", values, (said.section,))


def legal_texts(scene: Scene) -> Composed:
    """Say the legal texts that found the title."""
    said = scene.fiche.legal_texts
    day = said.value[0].published if said.value else None
    return absent(said) or Composed("stated", {"texts": said.value}, (said.section,), day=day)
