"""The calendar file of an enrolment: a date, a place, nobody's name."""

from datetime import UTC, datetime, timedelta

from bot.reception.sessions import InfoSession
from bot.text.dates import PARIS

_REMINDER = timedelta(hours=2)
"""Before the session, the calendar rings."""


def calendar_file(session: InfoSession, domain: str, now: datetime) -> bytes:
    """Return the ``.ics`` file of a session, which replaces an earlier one of it.

    Args:
        session: what takes place.
        domain: name of the server, for the identifier of the event.
        now: when the file is made.
    """
    # Imported here: the server starts without it.
    from icalendar import Alarm, Calendar, Event, vText

    event = Event()
    event.add("uid", f"{session.id}@{domain}")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("sequence", session.sequence)
    event.add("summary", session.title)
    event.add("dtstart", session.starts_at.astimezone(PARIS))
    event.add("dtend", session.ends_at.astimezone(PARIS))
    event.add("status", "CANCELLED" if session.cancelled else "CONFIRMED")
    if session.place:
        event["location"] = vText(session.place)
    if session.video_url:
        event.add("url", session.video_url)
    if session.note:
        event.add("description", session.note)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", session.title)
    alarm.add("trigger", -_REMINDER)
    event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//Assistant ETAIE//reunions//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if session.cancelled else "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written
