"""The page and the picture, read as a browser and a screen reader do."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from bot.exports import FORMATS
from bot.exports.page import page
from bot.exports.picture import picture
from bot.positioning.booklet import Booklet
from tests.bot.exports.conftest import NASTY, made

LINKS = {name: f"/positionnement/jeton/{name}" for name in FORMATS}
SVG = "{http://www.w3.org/2000/svg}"


def read(booklet: Booklet) -> html.HtmlElement:
    return html.fromstring(page(booklet, LINKS, date(2026, 12, 3)))


def test_headings_are_in_order(booklet: Booklet) -> None:
    levels = [int(node.tag[1]) for node in read(booklet).iter("h1", "h2", "h3", "h4")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_it_runs_nothing_and_calls_nobody(booklet: Booklet) -> None:
    document = read(booklet)
    assert not list(document.iter("script", "link", "iframe", "img"))
    assert not [a for node in document.iter() for a in node.attrib if a.startswith("on")]
    assert all(a.get("href", "").startswith(("/positionnement/", "#")) for a in document.iter("a"))


def test_what_people_wrote_is_text(booklet: Booklet) -> None:
    stories = read(booklet).find_class("story")
    assert stories and all("<script>alert(1)</script>" in story.text_content() for story in stories)
    assert "49" not in {word for story in stories for word in story.text_content().split()}


def test_the_table_says_what_the_picture_shows(booklet: Booklet) -> None:
    document = read(booklet)
    assert document.find(".//caption") is not None
    assert all(th.get("scope") for th in document.iter("th"))
    cells = [[td.text_content() for td in tr.iter("td")] for tr in document.iter("tr")][1:]
    assert cells == [[*(str(n) for _, n in bloc.counts), bloc.state] for bloc in booklet.blocs]


def test_every_file_is_offered_with_what_it_is_for(booklet: Booklet) -> None:
    links = [a.get("href") for a in read(booklet).iter("a") if a.get("download") is not None]
    assert links == [LINKS[name] for name in FORMATS if name != "profil.svg"]


@pytest.mark.parametrize("answered", [0, 1, 39])
def test_the_picture_tells_its_own_text(answered: int) -> None:
    booklet = made(answered=answered)
    root = etree.fromstring(picture(booklet).encode())
    assert root.get("role") == "img"
    told = root.findtext(f"{SVG}desc") or ""
    assert all(bloc.summary in told for bloc in booklet.blocs)
    # A number on each segment: nothing is told by a colour alone.
    numbers = [t.text for t in root.iter(f"{SVG}text") if (t.text or "").isdigit()]
    assert numbers == [str(n) for bloc in booklet.blocs for _, n in bloc.counts if n]


@settings(max_examples=25, deadline=None)
@given(story=st.text(max_size=200))
def test_no_text_breaks_it(story: str) -> None:
    read(made(story + NASTY))
