"""The calendar file is read back by the library that wrote it, and says nobody's name."""

from dataclasses import replace
from datetime import datetime

import pytest
from icalendar import Calendar

from bot.reception.calendar import calendar_file
from bot.text.dates import PARIS
from tests.bot.reception.conftest import NOW, session

MADE = replace(session(), id="abc", sequence=2)


def event(content: bytes) -> Calendar:
    return next(iter(Calendar.from_ical(content).walk("VEVENT")))


def test_the_hour_is_that_of_paris_with_its_time_zone() -> None:
    made = calendar_file(MADE, "etaie.exemple.fr", NOW)
    found = event(made)
    assert found["dtstart"].dt == datetime(2026, 12, 2, 10, 0, tzinfo=PARIS)
    assert b"BEGIN:VTIMEZONE" in made
    assert b"DTSTART;TZID=Europe/Paris:20261202T100000" in made
    assert found["uid"] == "abc@etaie.exemple.fr"
    assert found["sequence"] == 2
    assert found["location"] == MADE.place


@pytest.mark.parametrize("title", ["Titre\r\nATTENDEE:x", "Réunion ; avec, des « signes »"])
def test_a_title_is_a_title_whatever_it_holds(title: str) -> None:
    content = calendar_file(replace(MADE, title=title), "x", NOW)
    assert b"\nATTENDEE" not in content
    assert str(event(content)["summary"]).split() == title.split()


def test_a_cancelled_session_takes_itself_away() -> None:
    content = calendar_file(replace(MADE, cancelled=True), "x", NOW)
    assert b"METHOD:CANCEL" in content
    assert event(content)["status"] == "CANCELLED"
