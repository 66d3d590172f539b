"""Enumerations, plurals and pages."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.lists import enumeration, pages, plural


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([], ""),
        (["un dossier"], "un dossier"),
        (["un dossier", "une soutenance"], "un dossier et une soutenance"),
        (["a", "b", "c"], "a, b et c"),
    ],
)
def test_enumeration(items: list[str], said: str) -> None:
    assert enumeration(items) == said


def test_enumeration_with_another_conjunction() -> None:
    assert enumeration(["a", "b", "c"], "ou") == "a, b ou c"


@pytest.mark.parametrize(
    ("count", "singular", "several", "said"),
    [
        (0, "bloc", None, "0 bloc"),
        (1, "bloc", None, "1 bloc"),
        (2, "bloc", None, "2 blocs"),
        (-3, "bloc", None, "-3 blocs"),
        (51, "personne certifiée", "personnes certifiées", "51 personnes certifiées"),
        (1, "personne certifiée", "personnes certifiées", "1 personne certifiée"),
    ],
)
def test_plural(count: int, singular: str, several: str | None, said: str) -> None:
    assert plural(count, singular, several) == said


@given(st.lists(st.text(min_size=1, max_size=40)), st.integers(1, 100))
def test_pages_hold_every_item_once_in_order(items: list[str], budget: int) -> None:
    cut = pages(items, budget)
    assert [item for page in cut for item in page] == items
    assert all(cut)


@given(st.lists(st.text(min_size=1, max_size=40)), st.integers(1, 100))
def test_a_page_goes_over_the_budget_for_one_long_item_only(items: list[str], budget: int) -> None:
    for page in pages(items, budget):
        assert len(page) == 1 or sum(map(len, page)) <= budget


@given(st.lists(st.text(min_size=1, max_size=40)), st.integers(1, 100))
def test_a_page_is_not_cut_short(items: list[str], budget: int) -> None:
    cut = pages(items, budget)
    for page, following in pairwise(cut):
        room = budget - sum(len(item) + 3 for item in page)
        assert len(following[0]) > room
