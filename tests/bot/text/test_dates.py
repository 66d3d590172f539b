"""Dates said in French, and read in what people write."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.dates import PartialDate, partial_date, time_left, whole_months
from bot.text.folding import fold
from referential.french_dates import french_date

DAYS = st.dates(date(1950, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2030, 10, 27), "27 octobre 2030"),
        (date(2026, 8, 1), "1er août 2026"),
        (date(2024, 2, 29), "29 février 2024"),
        (date(1999, 12, 31), "31 décembre 1999"),
    ],
)
def test_french_date(day: date, said: str) -> None:
    assert french_date(day) == said


@given(DAYS)
def test_a_date_that_is_said_is_read_back(day: date) -> None:
    assert partial_date(fold(french_date(day))) == PartialDate(day.month, day.day, day.year)


@pytest.mark.parametrize("form", ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"])
@given(day=DAYS)
def test_a_date_in_figures_is_read(form: str, day: date) -> None:
    read = partial_date(f"fini le {day.strftime(form)} ?")
    assert read is not None
    assert read.fits(day)
    assert not read.fits(day + timedelta(days=1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("en octobre", PartialDate(10)),
        ("le 1er mai", PartialDate(5, 1)),
        ("fin août 2031", PartialDate(8, None, 2031)),
        ("le 28 décembre", PartialDate(12, 28)),
        ("c'est le 3 mars 2027 ou le 4 avril", PartialDate(3, 3, 2027)),
        ("en 2030", None),
        ("les marsouins", None),
        ("le RNCP41402", None),
        ("", None),
    ],
)
def test_a_date_as_people_say_it(text: str, expected: PartialDate | None) -> None:
    assert partial_date(fold(text)) == expected


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        (PartialDate(10), True),
        (PartialDate(10, 27), True),
        (PartialDate(10, 27, 2030), True),
        (PartialDate(10, None, 2030), True),
        (PartialDate(9), False),
        (PartialDate(10, 28), False),
        (PartialDate(10, 27, 2031), False),
    ],
)
def test_what_was_left_out_fits_anything(said: PartialDate, fits: bool) -> None:
    assert said.fits(date(2030, 10, 27)) is fits


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2026, 11, 24), date(2030, 10, 27), 47),
        (date(2026, 1, 31), date(2026, 2, 28), 0),
        (date(2026, 1, 15), date(2026, 2, 15), 1),
        (date(2026, 1, 15), date(2026, 1, 15), 0),
        (date(2026, 3, 15), date(2026, 1, 20), -1),
        (date(2026, 3, 15), date(2025, 3, 15), -12),
    ],
)
def test_whole_months(start: date, end: date, months: int) -> None:
    assert whole_months(start, end) == months


@given(DAYS, DAYS)
def test_whole_months_run_both_ways(start: date, end: date) -> None:
    assert whole_months(start, end) == -whole_months(end, start)


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (date(2026, 11, 24), date(2030, 10, 27), "3 ans et 11 mois"),
        (date(2026, 11, 24), date(2027, 11, 24), "1 an"),
        (date(2026, 11, 24), date(2029, 1, 3), "2 ans et 1 mois"),
        (date(2026, 11, 24), date(2027, 4, 30), "5 mois"),
        (date(2026, 11, 24), date(2026, 12, 1), "moins d'un mois"),
        (date(2026, 11, 24), date(2026, 11, 24), "moins d'un mois"),
    ],
)
def test_time_left(start: date, end: date, said: str) -> None:
    assert time_left(start, end) == said
