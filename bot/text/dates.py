"""Dates and lengths of time, said in French."""

from datetime import date

_MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def french_date(day: date) -> str:
    """Return « 27 octobre 2030 » (« 1er » for the first of a month)."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {_MONTHS[day.month - 1]} {day.year}"


def whole_months(start: date, end: date) -> int:
    """Return the number of whole months from start to end (negative when end comes first)."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        months -= 1
    elif months < 0 and end.day > start.day:
        months += 1
    return months


def time_left(start: date, end: date) -> str:
    """Return « 3 ans et 11 mois », « 5 mois », « moins d'un mois » from start to a later end."""
    years, months = divmod(max(whole_months(start, end), 0), 12)
    parts = []
    if years:
        parts.append(f"{years} an{'s' if years > 1 else ''}")
    if months:
        parts.append(f"{months} mois")
    return " et ".join(parts) if parts else "moins d'un mois"
