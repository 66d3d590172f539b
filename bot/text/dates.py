"""Dates and lengths of time, said in French."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.text.folding import fold, words
from referential.french_dates import MONTHS, french_date

PARIS = ZoneInfo("Europe/Paris")
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def said_day(moment: datetime | date) -> str:
    """Return « mardi 1er décembre 2026 », in Paris."""
    day = moment.astimezone(PARIS).date() if isinstance(moment, datetime) else moment
    return f"{_DAYS[day.weekday()]} {french_date(day)}"


def said_hour(moment: datetime) -> str:
    """Return « 14 h 30 », in Paris."""
    there = moment.astimezone(PARIS)
    return f"{there.hour} h {there.minute:02d}" if there.minute else f"{there.hour} h"


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


@dataclass(frozen=True)
class PartialDate:
    """A date as people say it, the year often left out."""

    month: int
    day: int | None = None
    year: int | None = None

    def fits(self, other: date) -> bool:
        """Whether a full date agrees with all that was said."""
        return self.month == other.month and self.day in (None, other.day) and self.year in (None, other.year)

    @property
    def iso(self) -> str:
        """What is known of it, in the manner of ISO 8601: « 2030-11-27 », « 2030-11 », « --11-27 »."""
        year = str(self.year) if self.year else "-"
        return f"{year}-{self.month:02d}" + (f"-{self.day:02d}" if self.day else "")


_FOLDED_MONTHS = [fold(month) for month in MONTHS]
_SAID = re.compile(rf"(?:(\d{{1,2}})(?:er)?\s+)?({'|'.join(_FOLDED_MONTHS)})(?:\s+(\d{{4}}))?(?![a-z])")
_IN_FIGURES = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)")


def partial_dates(folded: str) -> Iterator[tuple[PartialDate, int, int]]:
    """Yield the dates of a folded text, each with where it starts and ends."""
    for match in _IN_FIGURES.finditer(folded):
        if 1 <= int(match[1]) <= 31 and 1 <= int(match[2]) <= 12:
            yield PartialDate(int(match[2]), int(match[1]), int(match[3])), match.start(), match.end()
    for match in _SAID.finditer(folded):
        month = _FOLDED_MONTHS.index(match[2]) + 1
        day, year = (int(said) if said else None for said in (match[1], match[3]))
        yield PartialDate(month, day, year), match.start(), match.end()


def partial_date(folded: str) -> PartialDate | None:
    """Return a date of a folded text, those in figures first, or None."""
    return next((found for found, _, _ in partial_dates(folded)), None)


_TENS = {"dix": 10, "vingt": 20, "trente": 30}
_UNITS = {
    word: i
    for i, word in enumerate(
        words("zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize")
    )
}
_YEAR_IN_LETTERS = re.compile(
    rf"(?<![a-z])deux[ -]mil(?:le|les)?[ -]({'|'.join(_TENS)})?(?:[ -]et)?[ -]?({'|'.join(_UNITS)})?(?![a-z])"
)
_SHORT_YEAR = re.compile(
    r"(?<![a-z0-9])(?:en|annee|l'an|pour|depuis|de)\s+'?([12]\d)(?!\d|\s*(?:ans|mois|h|heures|%|blocs|personnes))"
)


def years(folded: str) -> Iterator[tuple[int, int, int]]:
    """Yield the years of a folded text, in figures, in letters (« deux mille vingt-deux ») or short (« en 22 »)."""
    for match in re.finditer(r"(?<!\d)(19[5-9]\d|20[0-9]\d)(?!\d)", folded):
        yield int(match[1]), match.start(), match.end()
    for match in _YEAR_IN_LETTERS.finditer(folded):
        if match[1] or match[2]:
            yield 2000 + _TENS.get(match[1] or "", 0) + _UNITS.get(match[2] or "", 0), match.start(), match.end()
    for match in _SHORT_YEAR.finditer(folded):
        yield 2000 + int(match[1]), match.start(), match.end()
