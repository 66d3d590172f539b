"""Dates and lengths of time, said in French."""

import re
from dataclasses import dataclass
from datetime import date

from bot.text.folding import fold
from referential.french_dates import MONTHS


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


_FOLDED_MONTHS = [fold(month) for month in MONTHS]
_SAID = re.compile(rf"(?:(\d{{1,2}})(?:er)?\s+)?({'|'.join(_FOLDED_MONTHS)})(?:\s+(\d{{4}}))?(?![a-z])")
_IN_FIGURES = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)")


def partial_date(folded: str) -> PartialDate | None:
    """Return the first date of a folded text, or None."""
    if match := _IN_FIGURES.search(folded):
        return PartialDate(month=int(match[2]), day=int(match[1]), year=int(match[3]))
    if match := _SAID.search(folded):
        month = _FOLDED_MONTHS.index(match[2]) + 1
        return PartialDate(
            month=month, day=int(match[1]) if match[1] else None, year=int(match[3]) if match[3] else None
        )
    return None
