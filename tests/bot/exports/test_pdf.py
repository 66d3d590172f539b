"""The PDF read back: tagged, titled, in French, and never broken by what people write."""

import io
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pikepdf
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.exports.pdf import drawable, pdf
from bot.positioning.booklet import Booklet
from tests.bot.exports.conftest import NASTY


def opened(booklet: Booklet) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf(booklet)))


def elements(node: Any) -> Iterator[Any]:
    """Return the elements of a structure tree, in reading order."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from elements(child)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from elements(node.K)


def test_it_is_tagged_titled_and_in_french(booklet: Booklet) -> None:
    with opened(booklet) as document:
        root = document.Root
        assert bool(root.MarkInfo.Marked)
        assert str(root.Lang).lower().startswith("fr")
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        with document.open_metadata() as metadata:
            assert metadata["dc:title"] == booklet.title
            assert str(metadata["pdfuaid:part"]) == "1"


def test_its_structure_can_be_followed(booklet: Booklet) -> None:
    with opened(booklet) as document:
        kinds = [str(node.S) for node in elements(document.Root.StructTreeRoot.K)]
        figures = [node for node in elements(document.Root.StructTreeRoot.K) if node.S == "/Figure"]
        headings = [int(kind[2:]) for kind in kinds if kind.startswith("/H") and kind[2:].isdigit()]
        assert headings[0] == 1 and headings.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(headings))
        assert headings.count(3) >= 39, "une section par compétence"
        assert figures and all("Bloc 1" in str(node.Alt) for node in figures)
        assert "/TH" in kinds and "/L" in kinds


def test_the_same_booklet_gives_the_same_file(booklet: Booklet) -> None:
    assert pdf(booklet) == pdf(booklet)


def test_an_empty_booklet_is_a_document_too(empty_booklet: Booklet) -> None:
    with opened(empty_booklet) as document:
        assert len(document.pages) > 3


def test_what_cannot_be_drawn_is_shown_as_a_box() -> None:
    assert drawable("é œ « » 🙂\x07") == "é œ « » □"
    assert "#pagebreak()" in drawable(NASTY)


def test_markup_of_a_story_is_only_text(with_story: Callable[[str], Booklet]) -> None:
    plain, marked = with_story("mot " * 20), with_story("#pagebreak() " * 20)
    with opened(plain) as first, opened(marked) as second:
        assert abs(len(first.pages) - len(second.pages)) <= 2


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.text(max_size=200))
def test_no_text_breaks_it(story: str, with_story: Callable[[str], Booklet]) -> None:
    assert pdf(with_story(story)).startswith(b"%PDF")
